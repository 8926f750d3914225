/* customer.c - `reachd customer`: two rows that are one person, made one; and back. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"

static const char help[] =
    "usage: reachd customer merge A B [--dry-run] [--config DIR | --socket PATH]\n"
    "       reachd customer unmerge B [--dry-run]\n\n"
    "merge: B turns out to be A. His vehicles, orders and touches become A's, consent is "
    "the\n"
    "stricter of both, and his id and numbers lead to A from then on. unmerge takes "
    "them\n"
    "apart again; what has changed since stays A's.\n\n"
    "      --dry-run   says what would become of it, and changes nothing\n";

static int
ask(const struct client *c, const char *path)
{
	const struct client_ask q = { .method = "POST", .path = path, .body = "" };
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

int
cmd_customer(int argc, char **argv)
{
	struct client c = { 0 };
	bool dry = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "dry-run", 0, NULL, &dry } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 2, 3 };
	int words = options_read(argc, argv, &o), code;
	char *a, *b = NULL, *path;

	if (words < 0)
		return -1 - words;
	if (strcmp(argv[1], "merge") == 0 ? words != 3
					  : strcmp(argv[1], "unmerge") != 0 || words != 2)
		return options_usage("customer", "write merge A B, or unmerge B");
	a = g_uri_escape_string(argv[2], NULL, FALSE);
	if (words == 3)
		b = g_uri_escape_string(argv[3], NULL, FALSE);
	path = b != NULL ? g_strdup_printf("/v1/customers/%s/merge?with=%s%s", a, b,
			       dry ? "&dry_run=1" : "")
			 : g_strdup_printf(
			       "/v1/customers/%s/unmerge%s", a, dry ? "?dry_run=1" : "");
	code = ask(&c, path);
	g_free(path);
	g_free(b);
	g_free(a);
	return code;
}
