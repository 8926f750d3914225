/* accounts.c - the providers' names, settings and checks, handed down to the catalog. */
#include "accounts.h"

#include <string.h>

#include "provider/provider.h"
#include "spec/catalog.h"
#include "spec/schema.h"
#include "spec/single.h"

#define TYPES_MAX 64

static const struct provider_setting none[] = { { NULL, NULL, 0 } };

static const struct provider_setting *
find(const struct provider_setting *s, const char *name)
{
	for (; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static void
unknown(const struct provider_setting *known, const struct setting *s, struct report *r)
{
	GPtrArray *names = schema_names(&schema_provider);
	const struct yaml key = { .text = s->name, .at = s->at };

	g_ptr_array_set_size(names, (gint)names->len - 1);
	for (; known->name != NULL; known++)
		g_ptr_array_add(names, (char *)(uintptr_t)known->name);
	g_ptr_array_add(names, NULL);
	yaml_unknown_key(&key, (const char *const *)names->pdata, r);
	g_ptr_array_unref(names);
}

static void
check_setting(const struct provider_setting *known, const struct setting *s, struct report *r)
{
	const struct provider_setting *rule = find(known, s->name);

	if (rule == NULL) {
		unknown(known, s, r);
	} else if ((rule->flags & SETTING_SECRET) != 0 && s->credential == NULL) {
		char *hint = g_strdup_printf(
		    "write %s: { credential: NAME } and keep it in a file of that name",
		    s->name);

		report_add(r, SEV_ERROR, s->at, "secret", hint,
		    "a secret is written into this file");
		g_free(hint);
	}
}

static bool
written(const struct account *acc, const char *name)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			return true;
	return false;
}

static void
check_missing(const struct provider *p, const struct provider_setting *known,
    const struct account *acc, struct report *r)
{
	for (; known->name != NULL; known++) {
		char *hint;

		if ((known->flags & SETTING_NEEDED) == 0 || written(acc, known->name))
			continue;
		hint = g_strdup_printf((known->flags & SETTING_SECRET) != 0
					   ? "write %s: { credential: NAME }, %s"
					   : "write %s: %s",
		    known->name, known->help);
		report_add(r, SEV_ERROR, acc->at, "missing", hint,
		    "a provider of type %s needs %s", p->name, known->name);
		g_free(hint);
	}
}

/* Mail servers speak another language than web servers. */
static void
check_scheme(const struct provider *p, const struct account *acc, struct report *r)
{
	bool mail = acc->url != NULL && g_str_has_prefix(acc->url, "smtp");

	if (acc->url == NULL || *acc->url == '\0' || mail == p->submits)
		return;
	report_add(r, SEV_ERROR, acc->at, "url",
	    p->submits ? "write url: smtp://HOST:587, or smtps://HOST:465" :
			 "write url: https://HOST/PATH, or type: smtp",
	    "a provider of type %s is not reached by %s", p->name,
	    mail ? "smtp" : "http");
}

static void
check_channels(const struct provider *p, const struct account *acc, struct report *r)
{
	struct capabilities caps = { 0 };
	GString *names = g_string_new(NULL);
	char *hint;
	int wrong = -1;

	p->capabilities(acc, &caps);
	for (int i = 0; i < CHANNELS; i++) {
		if ((acc->channels & ~caps.channels & (1U << i)) != 0)
			wrong = i;
		if ((caps.channels & (1U << i)) != 0)
			g_string_append_printf(
			    names, "%s%s", names->len > 0 ? ", " : "", channel_name(i));
	}
	hint = g_strdup_printf("write channels: [%s], or some of them", names->str);
	if (wrong >= 0)
		report_add(r, SEV_ERROR, acc->at, "provider", hint,
		    "a provider of type %s does not carry %s", p->name, channel_name(wrong));
	g_free(hint);
	g_string_free(names, TRUE);
}

/* So many of the service's own windows lie in this one; what they hold is the most. */
static void
check_numbers(const struct provider *p, const struct account *acc, struct report *r)
{
	struct capabilities caps = { 0 };
	char window[CLOCK_TEXT], own[CLOCK_TEXT];

	p->capabilities(acc, &caps);
	for (int i = 0; i < acc->n_per_number; i++) {
		const struct number_limit *l = &acc->per_number[i];

		for (int k = 0; k < caps.n_per_number; k++) {
			const struct number_limit *c = &caps.per_number[k];
			ms_t windows = (l->window + c->window - 1) / c->window;

			if (l->max > c->max * windows)
				report_add(r, SEV_ERROR, l->at, "per_number",
				    "write less, or leave it out: a setting only lowers it",
				    "%d in %s to one number is more than type %s is given: "
				    "%d in %s",
				    l->max, clock_duration_format(l->window, window),
				    p->name, c->max,
				    clock_duration_format(c->window, own));
		}
	}
}

/* Keys of `type: http` that another service would leave unread. */
static void
check_unused(const struct account *acc, struct report *r)
{
	const struct {
		const char *key;
		bool written;
	} keys[] = {
		{ "headers", acc->n_headers > 0 },
		{ "body", acc->body != NULL },
		{ "success", acc->success.at.file != NULL },
		{ "refused", acc->n_refused > 0 },
		{ "throttled", acc->n_throttled > 0 },
		{ "query", acc->query.url != NULL },
		{ "idempotency_header", acc->idempotency_header != NULL },
		{ "idempotency_key", acc->idempotency_key != NULL },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].written)
			report_add(r, SEV_ERROR, acc->at, "provider", "delete it",
			    "a provider of type %s does not read \"%s\"", acc->type,
			    keys[i].key);
}

static void
check(const struct account *acc, struct report *r)
{
	const struct provider *p = provider_find(acc->type);
	const struct provider_setting *known;

	if (p == NULL)
		return;
	if (strcmp(p->name, "http") != 0)
		check_unused(acc, r);
	known = p->settings != NULL ? p->settings : none;
	for (int i = 0; i < acc->n_settings; i++)
		check_setting(known, &acc->settings[i], r);
	check_missing(p, known, acc, r);
	check_channels(p, acc, r);
	check_scheme(p, acc, r);
	check_numbers(p, acc, r);
	if (p->check != NULL)
		p->check(acc, r);
}

static void
secrets(const struct account *acc, struct report *r)
{
	const struct provider *p = provider_find(acc->type);

	if (p != NULL && p->secrets != NULL)
		p->secrets(acc, r);
}

/* A gateway that sends by code cannot send what has none. */
static void
check_code(const struct account *acc, const struct template *t, struct report *r)
{
	char *hint;

	if (template_registered(t, acc->name, acc->type) != NULL)
		return;
	hint = g_strdup_printf("write providers: { %s: { template_code: ..., params: ... } }, "
			       "or let another account carry it",
	    acc->type);
	report_add(r, SEV_ERROR, t->at, "registered", hint,
	    "\"%s\" sends registered texts only, and this one has no code there", acc->name);
	g_free(hint);
}

static void
lint(const struct account *acc, const struct template *t, const char *text, struct report *r)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (p == NULL)
		return;
	p->capabilities(acc, &caps);
	if (caps.registered)
		check_code(acc, t, r);
	if (p->lint != NULL)
		p->lint(acc, t, text, r);
}

/* As if the customer had written just now: only the text is judged. */
static const char *
refuses(const struct account *acc, const struct template *t, const char *text,
    const char *const *values, struct arena *a)
{
	const struct provider *p = provider_find(acc->type);
	const struct registered *g = template_registered(t, acc->name, acc->type);
	struct coded coded = { .code = "" };
	struct parcel parcel = { .to = "",
		.ref = "",
		.call = "",
		.channel = t->channel,
		.category = t->category,
		.subject = "",
		.text = text,
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.provider_id = "",
		.turn = { .heard_at = 1 },
		.begun_at = 1 };

	if (p == NULL || p->refuses == NULL || t->channel == CHANNEL_EMAIL)
		return NULL;
	if (g != NULL) {
		const char **names = arena_array(a, const char *, g->n_params + 1);

		for (int i = 0; i < g->n_params; i++)
			names[i] = g->params[i].name;
		coded = (struct coded){ g->code, names, values, g->n_params };
		parcel.coded = &coded;
	}
	return p->refuses(acc, &parcel, a);
}

static ms_t
longest(const struct account *acc)
{
	struct capabilities caps = { 0 };

	provider_find(acc->type)->capabilities(acc, &caps);
	return caps.longest;
}

static ms_t
answers(const struct account *acc)
{
	struct capabilities caps = { 0 };

	provider_find(acc->type)->capabilities(acc, &caps);
	return caps.reply_within;
}

static enum region
region(const struct account *acc)
{
	struct capabilities caps = { 0 };

	provider_find(acc->type)->capabilities(acc, &caps);
	return caps.region;
}

static bool
hours(const struct account *acc, int *from, int *to)
{
	struct capabilities caps = { 0 };

	provider_find(acc->type)->capabilities(acc, &caps);
	if (caps.selling_from == caps.selling_to)
		return false;
	*from = caps.selling_from;
	*to = caps.selling_to;
	return true;
}

static bool
approves(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (p != NULL)
		p->capabilities(acc, &caps);
	return caps.registered;
}

static bool
bare(const struct account *acc)
{
	struct capabilities caps = { 0 };

	provider_find(acc->type)->capabilities(acc, &caps);
	return caps.bare;
}

void
accounts_register(void)
{
	static const char *types[TYPES_MAX + 1];
	const struct provider *const *all = provider_all();
	int i;

	for (i = 0; i < TYPES_MAX && all[i] != NULL; i++)
		types[i] = all[i]->name;
	catalog_set_accounts(&(struct account_rules){ .types = types,
	    .check = check,
	    .secrets = secrets,
	    .longest = longest,
	    .lint = lint,
	    .refuses = refuses,
	    .answers = answers,
	    .region = region,
	    .hours = hours,
	    .approves = approves,
	    .bare = bare });
}

struct config *
accounts_config(struct arena *a, const char *dir, bool by_secrets)
{
	char *path = g_build_filename(dir == NULL ? "config" : dir, "reachd.yaml", NULL);
	struct report *r = report_new(), *secrets = report_new();
	struct config *cfg;

	accounts_register();
	cfg = single_config_anyway(a, path, r, secrets);
	if (cfg == NULL)
		report_print(r, stderr);
	else if (by_secrets && secrets->errors > 0) /* where, and why; the checks say whose it is */
		report_print(secrets, stderr);
	report_free(secrets);
	report_free(r);
	g_free(path);
	return cfg;
}
