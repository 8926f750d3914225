/* reload.c - `reachd reload`: the daemon reads its files again. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"

static const char help[] =
    "usage: reachd reload [--confirm N] [--config DIR | --socket PATH]\n\n"
    "Has the daemon read configuration and templates again. A set with a mistake is\n"
    "refused whole (exit 1, every mistake is listed); the one in force stays.\n"
    "So is one that makes more messages due within the hour than the policy's `launch:\n"
    "confirm` (default 5000): --confirm N says that N are meant. What wants somebody else's\n"
    "yes waits, see `reachd publish --help`.\n";

static void
told(int status, const char *body)
{
	json_t *j = json_loads(body, 0, NULL);

	if (status == 202)
		printf("waits for somebody else's yes: %.12s; `reachd publish show`\n",
		    json_string_value(json_object_get(j, "hash")));
	else
		puts("reloaded");
	json_decref(j);
}

int
cmd_reload(int argc, char **argv)
{
	struct client c = { 0 };
	const char *confirm = NULL;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "confirm", 0, &confirm, NULL } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 0 };
	struct client_ask ask = { .method = "POST", .path = "/v1/reload" };
	struct client_answer ans;
	struct err e = { 0 };
	char *path = NULL;
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	if (confirm != NULL &&
	    (*confirm == '\0' || strspn(confirm, "0123456789") != strlen(confirm)))
		return options_usage(argv[0], "--confirm takes the number that was told");
	if (confirm != NULL)
		ask.path = path = g_strdup_printf("/v1/reload/%s", confirm);
	if (client_ask(&c, &ask, &ans, &e) != 0)
		return options_fail(argv[0], &e);
	code = client_exit(ans.status);
	if (code == 0)
		told(ans.status, ans.body->str);
	else
		client_refused(argv[0], ans.body->str);
	client_answer_fini(&ans);
	g_free(path);
	return code;
}
