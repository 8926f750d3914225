/* customer.c - `reachd customer`: two rows that are one person, made one; and back; and an
 * answer that only staff have seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"

static const char help[] =
    "usage: reachd customer merge A B [--dry-run] [--config DIR | --socket PATH]\n"
    "       reachd customer unmerge B [--dry-run]\n"
    "       reachd customer answered A [--channel wecom] [--text WORDS]\n\n"
    "merge: B turns out to be A. His vehicles, orders and touches become A's, consent is "
    "the\n"
    "stricter of both, and his id and numbers lead to A from then on. unmerge takes "
    "them\n"
    "apart again; what has changed since stays A's.\n\n"
    "answered: staff saw an answer that reachd cannot see, as one in a chat. It ends "
    "what\n"
    "waits for a reply, meets the rules of the last message if his words are told, and\n"
    "counts as an answer.\n\n"
    "      --dry-run   says what would become of it, and changes nothing\n";

static int
ask(const struct client *c, const char *path, const char *body)
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
	json_t *j;
	int code;

	if (client_ask(c, &q, &ans, &e) != 0)
		return options_fail("customer", &e);
	code = client_exit(ans.status);
	if (code == 0) {
		j = json_loads(ans.body->str, 0, NULL);
		if (json_is_true(json_object_get(j, "dry_run")))
			puts("dry run: nothing was changed");
		fputs(json_string_value(json_object_get(j, "report")), stdout);
		json_decref(j);
	} else {
		text = client_error(ans.body->str);
		fprintf(stderr, "reachd customer: %s\n", text);
		g_free(text);
	}
	client_answer_fini(&ans);
	return code;
}

static char *
path_of(const char *who, const char *verb, const char *with, bool dry)
{
	char *a = g_uri_escape_string(who, NULL, FALSE);
	char *b = with == NULL ? NULL : g_uri_escape_string(with, NULL, FALSE);
	char *path = g_strdup_printf("/v1/customers/%s/%s%s%s%s", a, verb,
	    b != NULL || dry ? "?" : "", dry ? "dry_run=1&" : "",
	    b != NULL ? "with=" : "");
	char *whole = g_strconcat(path, b, NULL);

	g_free(path);
	g_free(b);
	g_free(a);
	return whole;
}

static int
answered(const struct client *c, const char *who, const char *channel, const char *text)
{
	json_t *j = json_pack("{ss ss}", "channel", channel == NULL ? "wecom" : channel,
	    "text", text == NULL ? "" : text);
	char *body = j == NULL ? NULL : json_dumps(j, JSON_COMPACT), *path;
	int code;

	if (body == NULL)
		return options_usage("customer", "the words are not UTF-8");
	path = path_of(who, "answered", NULL, false);
	code = ask(c, path, body);
	g_free(path);
	free(body);
	json_decref(j);
	return code;
}

int
cmd_customer(int argc, char **argv)
{
	struct client c = { 0 };
	const char *channel = NULL, *text = NULL;
	bool dry = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "dry-run", 0, NULL, &dry }, { "channel", 0, &channel, NULL },
		{ "text", 0, &text, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 2, 3 };
	int words = options_read(argc, argv, &o), code;
	char *path;

	if (words < 0)
		return -1 - words;
	if (strcmp(argv[1], "answered") == 0 && words == 2 && !dry)
		return answered(&c, argv[2], channel, text);
	if (channel != NULL || text != NULL ||
	    (strcmp(argv[1], "merge") == 0
		    ? words != 3
		    : strcmp(argv[1], "unmerge") != 0 || words != 2))
		return options_usage(
		    "customer", "write merge A B, unmerge B, or answered A");
	path = path_of(argv[2], argv[1], words == 3 ? argv[3] : NULL, dry);
	code = ask(&c, path, "");
	g_free(path);
	return code;
}
