/* erase.c - `reachd erase`: a customer is forgotten, on his word. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"

static const char help[] =
    "usage: reachd erase CUSTOMER [--yes] [--config DIR | --socket PATH]\n\n"
    "His runs end, and his profile, texts, links, replies, events, vehicles, notes and "
    "what\n"
    "imports kept of him are deleted. Counts stay, and so does that his addresses get "
    "no\n"
    "marketing: as keyed hashes, nothing else. It cannot be undone.\n"
    "Files in inbox/ and backups are not touched: delete those yourself.\n\n"
    "      --yes   does not ask; needed where nobody can answer\n";

/* 0 yes, 1 no, 2 nobody can be asked. */
static int
ask(const char *who)
{
	char answer[256];

	if (!isatty(STDIN_FILENO))
		return options_usage(
		    "erase", "nobody can be asked here: write --yes if you mean it");
	fprintf(
	    stderr, "Erase all that is known of %s, for good? Write his id again: ", who);
	if (fgets(answer, sizeof(answer), stdin) == NULL)
		return 1;
	g_strchomp(answer);
	if (strcmp(answer, who) == 0)
		return 0;
	fprintf(stderr, "reachd erase: that is not his id; nothing was erased\n");
	return 1;
}

static int
number(const json_t *j, const char *key)
{
	return (int)json_integer_value(json_object_get(j, key));
}

static void
print(const char *who, const json_t *j)
{
	printf("%s is erased, receipt %s: %d runs ended; %d texts, %d links and clicks, "
	       "%d replies, %d events, %d vehicles and orders, %d images of imports "
	       "deleted; "
	       "%d addresses stay closed to marketing\n",
	    who, json_string_value(json_object_get(j, "receipt")), number(j, "runs"),
	    number(j, "texts"), number(j, "links"), number(j, "replies"),
	    number(j, "events"), number(j, "vehicles"), number(j, "images"),
	    number(j, "stopped"));
}

static int
erase(const struct client *c, const char *who)
{
	char *id = g_uri_escape_string(who, NULL, FALSE),
	     *path = g_strdup_printf("/v1/customers/%s/erase", id), *text;
	const struct client_ask q = { .method = "POST", .path = path, .body = "" };
	struct client_answer ans;
	struct err e = { 0 };
	json_t *j;
	int code = client_ask(c, &q, &ans, &e);

	g_free(path);
	g_free(id);
	if (code != 0)
		return options_fail("erase", &e);
	code = client_exit(ans.status);
	if (code == 0) {
		j = json_loads(ans.body->str, 0, NULL);
		print(who, j);
		json_decref(j);
	} else {
		text = client_error(ans.body->str);
		fprintf(stderr, "reachd erase: %s\n", text);
		g_free(text);
	}
	client_answer_fini(&ans);
	return code;
}

int
cmd_erase(int argc, char **argv)
{
	struct client c = { 0 };
	bool yes = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "yes", 0, NULL, &yes } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	code = yes ? 0 : ask(argv[1]);
	return code != 0 ? code : erase(&c, argv[1]);
}
