/* render.c - `reachd render`: the text a template makes of given data.
 *
 * With front matter it is rendered as a message is: by its channel, without space
 * around it, a mail inside its layout. Without, it is Liquid and comes out byte
 * for byte. Names that a live message has of its own are there unless the data has
 * them: entity from the configuration, message.unsubscribe as a stand-in. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "check_registered.h"
#include "cmd/cmd.h"
#include "core/segment.h"
#include "core/value.h"
#include "input.h"
#include "options.h"
#include "provider/provider.h"
#include "spec/liquid.h"
#include "spec/single.h"

static const char help[] =
    "usage: reachd render -t FILE -d DATA.json [--lenient] [--partials DIR] [--json]\n"
    "       reachd render -t FILE -d DATA.json --account NAME\n\n"
    "Prints the text that a template makes of the data, and nothing else.\n\n"
    "  -t, --template FILE  a template, or Liquid alone\n"
    "  -d, --data FILE      a JSON object: its keys are the names the template uses,\n"
    "                       as in {\"customer\": {\"name\": \"...\"}}; - is standard "
    "input\n"
    "  --lenient            what is not defined prints nothing, as in Shopify; without\n"
    "                       it, it is an error\n"
    "  --partials DIR       where {% render 'NAME' %} and layouts are looked for; "
    "without\n"
    "                       it, `partials` beside or above the template\n"
    "  -c, --config DIR     whose entity is named; without it, `config` beside "
    "`templates`\n"
    "  --signature S        counted with the text in --json\n"
    "  --account NAME       beside it, what the gateway makes of it: asks the daemon for "
    "the\n"
    "                       text registered there, and tells where they part; --socket, "
    "--token\n"
    "  --tz ZONE            for printed times; without it, that of this machine\n"
    "  --json               {\"channel\", \"subject\", \"text\", \"html\", "
    "\"characters\",\n"
    "                       \"units\", \"encoding\", \"segments\"}\n";

struct render {
	const char *template_, *data, *partials, *config, *signature, *tz;
	bool lenient, json;

	struct arena *arena;
	struct report *report;
	GHashTable
	    *known; /* name -> struct liquid *, also of partials that are not there */
	struct template *t;
	bool bare;
	struct scope scope, own;
	struct value_map *names; /* own: message, content */
	const struct zone *zone;
	char *found; /* the directory of partials when none is given */
	const char *subject, *text, *html;
	struct client client;
	const char *account;
	const struct config *cfg;
	struct registered_there there; /* of the account */
};

static const struct liquid *
find_partial(void *arg, const char *name)
{
	struct render *rd = arg;
	const char *dir = rd->partials != NULL ? rd->partials : rd->found;
	void *l = NULL;

	if (dir == NULL || g_hash_table_lookup_extended(rd->known, name, NULL, &l))
		return l;
	l = (void *)(uintptr_t)single_partial(rd->arena, dir, name, rd->report);
	g_hash_table_insert(rd->known, arena_strdup(rd->arena, name), l);
	return l;
}

static char *
parent_of(const char *dir)
{
	if (strcmp(dir, ".") == 0)
		return g_strdup("..");
	return g_str_has_suffix(dir, "..") ? g_build_filename(dir, "..", NULL)
					   : g_path_get_dirname(dir);
}

/* templates/partials, wherever below templates/ the file lies. */
static char *
partials_of(const char *file)
{
	char *dir = g_path_get_dirname(file), *found = NULL;

	for (int up = 0; up < 4 && found == NULL; up++) {
		char *try = strcmp(dir, ".") == 0
				? g_strdup("partials")
				: g_build_filename(dir, "partials", NULL);
		char *above = parent_of(dir);

		if (g_file_test(try, G_FILE_TEST_IS_DIR))
			found = g_strdup(try);
		g_free(try);
		g_free(dir);
		dir = above;
	}
	g_free(dir);
	return found;
}

static int
make(struct render *rd, const struct liquid *l, enum liquid_escape escape,
    const char **out, struct err *e)
{
	const struct liquid_env env = {
		.scope = &rd->scope,
		.lenient = rd->lenient,
		.escape = escape,
		.now = g_get_real_time() / 1000,
		.zone = rd->zone,
		.partial = find_partial,
		.partial_arg = rd,
		.arena = rd->arena,
	};
	GString *s = g_string_new("");
	int rc = liquid_render(l, &env, s, e);

	if (rc == 0 && rd->report->errors > 0)
		rc = report_first(rd->report, e); /* of a partial */
	if (!rd->bare)
		g_strstrip(s->str);
	*out = rd->bare ? arena_strndup(rd->arena, s->str, s->len)
			: arena_strdup(rd->arena, s->str);
	g_string_free(s, TRUE);
	return rc;
}

static int
make_mail(struct render *rd, struct err *e)
{
	const struct template *t = rd->t;
	const struct liquid *layout;

	if (t->subject != NULL &&
	    make(rd, t->subject, LIQUID_HEADER, &rd->subject, e) != 0)
		return -1;
	if (make(rd, t->body, LIQUID_HTML, &rd->html, e) != 0)
		return -1;
	if (t->layout != NULL) {
		value_map_set(rd->arena, rd->names, "content", value_str(rd->html));
		layout = find_partial(rd, t->layout);
		if (layout == NULL)
			return err_at(e, t->at,
			    "there is no partial \"%s\"; name its directory with "
			    "--partials",
			    t->layout);
		if (make(rd, layout, LIQUID_HTML, &rd->html, e) != 0)
			return -1;
	}
	rd->text = rd->html;
	return t->text != NULL ? make(rd, t->text, LIQUID_PLAIN, &rd->text, e) : 0;
}

static int
read_data(struct render *rd, struct value_map **out, struct err *e)
{
	GString *text = input_file(rd->data, INPUT_FILE_MAX, e);
	json_error_t je;
	json_t *j;
	struct value v;

	if (text == NULL)
		return -1;
	j = json_loadb(text->str, text->len, 0, &je);
	g_string_free(text, TRUE);
	if (!json_is_object(j)) {
		json_decref(j);
		return err_at(e,
		    (struct pos){ rd->data, j == NULL ? je.line : 1,
			j == NULL ? MAX(je.column, 1) : 1 },
		    "%s",
		    j == NULL
			? je.text
			: "the data must be a JSON object, as in {\"customer\": {}}");
	}
	v = value_from_json(rd->arena, j);
	json_decref(j);
	*out = (struct value_map *)(uintptr_t)v.map;
	return 0;
}

/* The entity of the configuration beside the templates, when there is one. */
static void
add_entity(struct render *rd)
{
	struct report *r = report_new();
	char *templates =
	    rd->found == NULL ? g_strdup(".") : g_path_get_dirname(rd->found);
	char *above = parent_of(templates);
	char *file = rd->config != NULL
			 ? g_build_filename(rd->config, "reachd.yaml", NULL)
			 : g_build_filename(above, "config", "reachd.yaml", NULL);
	const struct config *cfg = single_config(rd->arena, file, r);
	struct value_map *entity = value_map_new(rd->arena);

	if (cfg != NULL) {
		value_map_set(rd->arena, entity, "name", value_str(cfg->entity.name));
		value_map_set(rd->arena, entity, "phone", value_str(cfg->entity.phone));
		value_map_set(rd->arena, rd->names, "entity", value_map(entity));
		rd->cfg = cfg;
	}
	g_free(file);
	g_free(above);
	g_free(templates);
	report_free(r);
}

static void
own_names(struct render *rd)
{
	struct value_map *message = value_map_new(rd->arena);

	value_map_set(
	    rd->arena, message, "unsubscribe", value_str("https://example.com/u/REF"));
	value_map_set(rd->arena, rd->names, "message", value_map(message));
	add_entity(rd);
}

/* What the gateway will send: its own text, filled in, behind its signature. */
static int
make_registered(struct render *rd, struct err *e)
{
	const struct account *acc = check_registered_account(rd->cfg, rd->account);
	const struct registered *g;
	const char **names, **values, *sig;

	g = template_registered(rd->t, acc->name, acc->type);
	if (g == NULL)
		return err_at(e, rd->t->at, "the text has no code at \"%s\"", acc->name);
	names = arena_array(rd->arena, const char *, g->n_params + 1);
	values = arena_array(rd->arena, const char *, g->n_params + 1);
	for (int i = 0; i < g->n_params; i++) {
		names[i] = g->params[i].name;
		if (make(rd, g->params[i].value, LIQUID_PLAIN, &values[i], e) != 0)
			return -1;
	}
	sig = *rd->signature != '\0'   ? rd->signature
	      : acc->signature != NULL ? acc->signature
				       : rd->cfg->entity.name;
	return check_registered_find(&rd->client, rd->arena, acc, sig,
	    &(struct coded){ g->code, names, values, g->n_params }, rd->text, &rd->there,
	    e);
}

/* The account is there, carries the template, and sends registered texts. */
static int
check_account(const struct render *rd, struct err *e)
{
	const struct account *acc = check_registered_account(rd->cfg, rd->account);
	const struct provider *p = acc == NULL ? NULL : provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (acc == NULL)
		return err_set(e, ERR_INPUT, "there is no account \"%s\" in %s",
		    rd->account,
		    rd->cfg == NULL ? "reachd.yaml: name it with --config"
				    : rd->cfg->file);
	if (p != NULL)
		p->capabilities(acc, &caps);
	if ((acc->channels & 1U << rd->t->channel) == 0)
		return err_at(e, rd->t->at, "\"%s\" does not carry %s", acc->name,
		    channel_name((int)rd->t->channel));
	if (!caps.registered)
		return err_set(e, ERR_INPUT,
		    "\"%s\" (%s) sends any text as it is written: leave --account out",
		    acc->name, acc->type);
	return 0;
}

static int
work(struct render *rd, struct err *e)
{
	struct value_map *data = NULL;

	if (read_data(rd, &data, e) != 0)
		return -1;
	rd->t = single_template(rd->arena, rd->template_, &rd->bare, rd->report);
	if (rd->t == NULL)
		return report_first(rd->report, e);
	rd->names = value_map_new(rd->arena);
	if (!rd->bare)
		own_names(rd);
	rd->own = scope_of_map(rd->names, NULL);
	rd->scope = scope_of_map(data, &rd->own);
	if (rd->account != NULL && check_account(rd, e) != 0)
		return -1;
	if (rd->t->channel == CHANNEL_EMAIL && !rd->bare)
		return make_mail(rd, e);
	if (make(rd, rd->t->body, LIQUID_PLAIN, &rd->text, e) != 0)
		return -1;
	return rd->account == NULL ? 0 : make_registered(rd, e);
}

static void
print_registered(const struct render *rd)
{
	const struct registered_there *g = &rd->there;

	printf("\n\n%s at \"%s\" (%s):\n%s\n", g->code, rd->account, g->status, g->text);
	if (g->missing != NULL)
		printf(
		    "text and params do not both have the variable \"%s\"\n", g->missing);
	else if (!g->same)
		printf("they part at character %d: a message like this is not sent\n",
		    g->character);
	else
		puts("they read the same");
}

static json_t *
registered_json(const struct registered_there *g)
{
	json_t *j = json_pack("{ss ss ss sb}", "code", g->code, "status", g->status,
	    "text", g->text, "same", g->same);

	if (!g->same && g->missing == NULL)
		json_object_set_new(j, "character", json_integer(g->character));
	if (g->missing != NULL)
		json_object_set_new(j, "missing", json_string(g->missing));
	return j;
}

static void
print(const struct render *rd)
{
	json_t *j = json_object();
	struct segments s;

	if (!rd->json) {
		fwrite(rd->text, 1, strlen(rd->text), stdout);
		if (rd->account != NULL)
			print_registered(rd);
		else if (isatty(STDOUT_FILENO) && !g_str_has_suffix(rd->text, "\n"))
			putchar('\n'); /* for the prompt; a file gets the bytes alone */
		json_decref(j);
		return;
	}
	segment_count(SEGMENT_CHINA, rd->signature, rd->text, &s);
	if (rd->t->channel != CHANNEL_SMS)
		s.segments = 1;
	json_object_set_new(j, "channel", json_string(channel_name((int)rd->t->channel)));
	json_object_set_new(j, "subject", json_string(rd->subject));
	json_object_set_new(j, "text", json_string(rd->text));
	json_object_set_new(j, "html", json_string(rd->html));
	json_object_set_new(j, "characters", json_integer(s.characters));
	json_object_set_new(j, "units", json_integer(s.units));
	json_object_set_new(j, "encoding", json_string(s.encoding));
	json_object_set_new(j, "segments", json_integer(s.segments));
	if (rd->account != NULL)
		json_object_set_new(j, "registered", registered_json(&rd->there));
	json_dumpf(j, stdout, 0);
	putchar('\n');
	json_decref(j);
}

static const struct zone *
machine_zone(void)
{
	GTimeZone *local = g_time_zone_new_local();
	const struct zone *z = zone_get(g_time_zone_get_identifier(local));

	g_time_zone_unref(local);
	return z != NULL ? z : zone_get("UTC");
}

/* Mistakes of a template come with the line and a caret. */
static int
finish(struct render *rd, const char *verb, int rc, const struct err *e)
{
	int code = 0;

	if (rc == 0)
		print(rd);
	else if (rd->report->errors > 0)
		report_print(rd->report, stderr);
	else
		code = options_fail(verb, e);
	if (rc != 0 && code == 0)
		code = 1;
	g_hash_table_unref(rd->known);
	g_free(rd->found);
	report_free(rd->report);
	arena_free(rd->arena);
	return code;
}

int
cmd_render(int argc, char **argv)
{
	struct render rd = { .signature = "", .subject = "", .text = "", .html = "" };
	const struct options_spec specs[] = { { "template", 't', &rd.template_, NULL },
		{ "data", 'd', &rd.data, NULL }, { "partials", 0, &rd.partials, NULL },
		{ "config", 'c', &rd.config, NULL }, { "account", 0, &rd.account, NULL },
		{ "socket", 0, &rd.client.socket, NULL },
		{ "token", 0, &rd.client.token, NULL },
		{ "signature", 0, &rd.signature, NULL }, { "tz", 0, &rd.tz, NULL },
		{ "lenient", 0, NULL, &rd.lenient }, { "json", 0, NULL, &rd.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	struct err e = { 0 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (rd.template_ == NULL || rd.data == NULL)
		return options_usage(argv[0], "-t FILE and -d DATA.json are needed");
	rd.zone = rd.tz != NULL ? zone_get(rd.tz) : machine_zone();
	if (rd.zone == NULL)
		return options_usage(argv[0],
		    "\"%.60s\" is no time zone; write a name such as "
		    "Asia/Shanghai",
		    rd.tz);
	rd.client.config = rd.config;
	rd.arena = arena_new();
	rd.report = report_new();
	rd.known = g_hash_table_new(g_str_hash, g_str_equal);
	rd.found = partials_of(rd.template_);
	return finish(&rd, argv[0], work(&rd, &e), &e);
}
