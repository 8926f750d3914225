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
    "confirm` (default 5000): --confirm N says that N are meant.\n";

/* The mistakes as `reachd check` prints them, then what that means. */
static void
refused(const char *body)
{
	json_t *j = json_loads(body, 0, NULL);
	const char *report = json_string_value(json_object_get(j, "report"));
	char *error = client_error(body);

	if (report != NULL)
		fputs(report, stderr);
	fprintf(stderr, "reachd reload: %s\n", error);
	g_free(error);
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
		puts("reloaded");
	else
		refused(ans.body->str);
	client_answer_fini(&ans);
	g_free(path);
	return code;
}
