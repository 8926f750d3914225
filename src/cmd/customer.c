/* customer.c - `reachd customer`: two rows that are one person, made one; and back; who
 * belongs with whom; and an answer that only staff have seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"
#include "show.h"
#include "words.h"

static const char help[] =
    "usage: reachd customer merge A B [--dry-run] [--lang en|zh] [--config DIR | --socket "
    "PATH]\n"
    "       reachd customer unmerge B [--dry-run] [--lang en|zh]\n"
    "       reachd customer show A [--lang en|zh] [--json]\n"
    "       reachd customer set A [--kind company|person] [--contact ID] [--contact-name "
    "NAME]\n"
    "                             [--household WORD] [--vehicle PLATE --driver ID]\n"
    "       reachd customer answered A [--channel wecom] [--text WORDS]\n\n"
    "merge: B turns out to be A. His vehicles, orders and touches become A's, consent is "
    "the\n"
    "stricter of both, and his id and numbers lead to A from then on. unmerge takes "
    "them\n"
    "apart again; what has changed since stays A's.\n"
    "set: a company's contact person (a customer, or a name: then the company's own "
    "number is\n"
    "his), a household (the same word for all of it), who drives one of his cars; - "
    "takes it\n"
    "away. show says what is known of it.\n"
    "answered: staff saw an answer that reachd cannot see, as one in a chat. It ends "
    "what\n"
    "waits for a reply, meets the rules of the last message if his words are told, and\n"
    "counts as an answer.\n\n"
    "      --dry-run   says what would become of it, and changes nothing\n"
    "      --json      show: as one JSON object\n";

struct options_of_customer {
	const char *kind, *contact, *contact_name, *household, *vehicle, *driver, *lang;
	const char *channel, *text;
	bool dry, json;
};

/* 0 and *out (a new reference), or the exit code after the error was printed. */
static int
post(const struct client *c, const char *path, const char *body, json_t **out)
{
	static const char *const json[] = { "Content-Type: application/json", NULL };
	const struct client_ask q = { .method = "POST",
		.path = path,
		.headers = *body == '\0' ? NULL : json,
		.body = body,
		.len = strlen(body) };
	struct client_answer ans;
	struct err e = { 0 };
	char *text;
	int code;

	if (client_ask(c, &q, &ans, &e) != 0)
		return options_fail("customer", &e);
	code = client_exit(ans.status);
	if (code == 0) {
		*out = json_loads(ans.body->str, 0, NULL);
	} else {
		text = client_error(ans.body->str);
		fprintf(stderr, "reachd customer: %s\n", text);
		g_free(text);
	}
	client_answer_fini(&ans);
	return code;
}

static int
merge(const struct client *c, const char *lead, const char *with,
    const struct options_of_customer *o)
{
	char *a = g_uri_escape_string(lead, NULL, FALSE),
	     *b = with == NULL ? NULL : g_uri_escape_string(with, NULL, FALSE);
	char *path = b != NULL ? g_strdup_printf("/v1/customers/%s/merge?with=%s%s", a, b,
				     o->dry ? "&dry_run=1" : "")
			       : g_strdup_printf("/v1/customers/%s/unmerge%s", a,
				     o->dry ? "?dry_run=1" : "");
	json_t *j = NULL;
	int code = post(c, path, "", &j);

	if (json_is_true(json_object_get(j, "dry_run")))
		puts(SAY("dry run: nothing was changed", "试算：什么都没有改动"));
	if (code == 0)
		words_print(json_string_value(json_object_get(j, "report")));
	json_decref(j);
	g_free(path);
	g_free(b);
	g_free(a);
	return code;
}

static bool
has_none(const json_t *j)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)j, key,
	    v) if (json_array_size(v) > 0 ||
		   (json_is_string(v) && *json_string_value(v) != '\0')) return false;
	return true;
}

static void
print(const json_t *j)
{
	show_ties(j, true);
	if (has_none(j))
		puts(SAY(
		    "no contact, household or vehicle is known; `reachd why` tells what "
		    "he was sent",
		    "没有联系人、家庭和车辆资料；给他发过什么见 reachd why"));
}

static int
set(const struct client *c, const char *path, const struct options_of_customer *o)
{
	const char *const fields[][2] = { { "kind", o->kind }, { "contact", o->contact },
		{ "contact_name", o->contact_name }, { "household", o->household },
		{ "vehicle", o->vehicle }, { "driver", o->driver } };
	json_t *body = json_object(), *j = NULL;
	char *text;
	int code;

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (fields[i][1] != NULL)
			json_object_set_new(
			    body, fields[i][0], json_string(fields[i][1]));
	if (json_object_size(body) == 0) {
		json_decref(body);
		return options_usage(
		    "customer", "say what to set: --kind, --contact, --driver ...");
	}
	text = json_dumps(body, JSON_COMPACT);
	if ((code = post(c, path, text, &j)) == 0)
		print(j);
	json_decref(j);
	json_decref(body);
	free(text);
	return code;
}

static int
ties(const struct client *c, char **argv, const struct options_of_customer *o)
{
	char *a = g_uri_escape_string(argv[2], NULL, FALSE);
	char *path = g_strdup_printf("/v1/customers/%s/ties", a);
	int code = strcmp(argv[1], "set") == 0
		       ? set(c, path, o)
		       : client_show(c, "customer", path, o->json, print);

	g_free(path);
	g_free(a);
	return code;
}

static int
answered(const struct client *c, const char *who, const struct options_of_customer *o)
{
	json_t *j = json_pack("{ss ss*}", "channel",
		   o->channel == NULL ? "wecom" : o->channel, "text", o->text),
	       *said = NULL;
	char *body = j == NULL ? NULL : json_dumps(j, JSON_COMPACT), *a, *path;
	int code;

	if (body == NULL)
		return options_usage("customer", "the words are not UTF-8");
	a = g_uri_escape_string(who, NULL, FALSE);
	path = g_strdup_printf("/v1/customers/%s/answered", a);
	if ((code = post(c, path, body, &said)) == 0)
		words_print(json_string_value(json_object_get(said, "report")));
	json_decref(said);
	json_decref(j);
	free(body);
	g_free(path);
	g_free(a);
	return code;
}

int
cmd_customer(int argc, char **argv)
{
	struct client c = { 0 };
	struct options_of_customer own = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "dry-run", 0, NULL, &own.dry }, { "json", 0, NULL, &own.json },
		{ "kind", 0, &own.kind, NULL }, { "contact", 0, &own.contact, NULL },
		{ "contact-name", 0, &own.contact_name, NULL },
		{ "household", 0, &own.household, NULL },
		{ "vehicle", 0, &own.vehicle, NULL }, { "driver", 0, &own.driver, NULL },
		{ "lang", 0, &own.lang, NULL }, { "channel", 0, &own.channel, NULL },
		{ "text", 0, &own.text, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 2, 3 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (words_language("customer", own.lang) != 0)
		return 2;
	if (words == 2 && strcmp(argv[1], "answered") == 0 && !own.dry)
		return answered(&c, argv[2], &own);
	if (own.channel != NULL || own.text != NULL)
		return options_usage(
		    "customer", "--channel and --text go with answered A");
	if (strcmp(argv[1], "merge") == 0 ? words == 3
					  : strcmp(argv[1], "unmerge") == 0 && words == 2)
		return merge(&c, argv[2], words == 3 ? argv[3] : NULL, &own);
	if (words == 2 && (strcmp(argv[1], "show") == 0 || strcmp(argv[1], "set") == 0))
		return ties(&c, argv, &own);
	return options_usage(
	    "customer", "write merge A B, unmerge B, show A, set A, or answered A");
}
