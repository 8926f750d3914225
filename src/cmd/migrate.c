/* migrate.c - `reachd migrate`: runs of older versions taken over by the newest. */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "cmd/cmd.h"
#include "show.h"

static const char help[] =
    "usage: reachd migrate PLAYBOOK [--map OLD=NEW,...] [--dry-run | --yes] [--json]\n"
    "                      [--config DIR | --socket PATH]\n\n"
    "Moves the running runs of older versions of a playbook to the newest. A step "
    "becomes\n"
    "the step of the same id, or the one that --map names; while one that runs stand at\n"
    "has no counterpart, nothing is moved. What is planned is withdrawn and planned anew "
    "by\n"
    "the new version's rules; what is on its way is heard of first.\n\n"
    "Without --yes nothing is moved: it says how many runs stand where and where they "
    "would\n"
    "go. What the new steps then do, `reachd rehearse` shows.\n\n"
    "  --map      OLD=NEW, several with commas: steps of older versions and of the newest\n"
    "  --dry-run  only shows, and says no more\n"
    "  --yes      moves them\n"
    "  --json     the same as JSON\n";

/* {"playbook", "map", "dry_run"}, or NULL: the map is no map. */
static char *
request(const char *playbook, const char *map, bool dry)
{
	json_t *j = json_object(), *steps = json_object();
	char **pairs = g_strsplit(map == NULL ? "" : map, ",", -1), *text = NULL;
	bool fine = true;

	for (int i = 0; pairs[i] != NULL && pairs[0][0] != '\0'; i++) {
		char *to = strchr(pairs[i], '=');

		if (to == NULL || to == pairs[i] || to[1] == '\0') {
			fine = false;
			break;
		}
		*to = '\0';
		json_object_set_new(steps, pairs[i], json_string(to + 1));
	}
	g_strfreev(pairs);
	json_object_set_new(j, "playbook", json_string(playbook));
	json_object_set_new(j, "map", steps);
	json_object_set_new(j, "dry_run", json_boolean(dry));
	if (fine)
		text = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	return text;
}

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(3);
	const json_t *one;
	size_t i;

	if (json_object_get(j, "runs") != NULL)
		printf("%s runs of older versions\n", show_text(j, "runs", keep));
	json_array_foreach(json_object_get(j, "steps"), i, one)
	{
		const char *to = show_text(one, "to", keep);
		char *arrow = g_strconcat("-> ", *to == '\0' ? "nothing" : to, NULL);

		show_table_row(t, (const char *[]){ show_text(one, "runs", keep),
				      show_text(one, "step", keep), arrow });
		g_free(arrow);
	}
	show_table_print(t, "  ", stdout);
	g_string_chunk_free(keep);
}

/* Asks until it is done. */
static int
follow(const struct client *c, const char *verb, const char *playbook)
{
	char *name = g_uri_escape_string(playbook, NULL, FALSE);
	char *path = g_strconcat("/v1/migrate/", name, NULL);
	int code;
	json_t *j;

	for (;;) {
		bool done;

		if ((code = client_get(c, verb, path, &j)) != 0)
			break;
		done =
		    g_strcmp0(json_string_value(json_object_get(j, "status")), "done") == 0;
		if (done)
			printf("moved %d, stayed %d\n", (int)show_int(j, "moved"),
			    (int)show_int(j, "stayed"));
		code = done && show_int(j, "stayed") > 0;
		json_decref(j);
		if (done)
			break;
		g_usleep(100000);
	}
	g_free(path);
	g_free(name);
	return code;
}

int
cmd_migrate(int argc, char **argv)
{
	struct client c = { 0 };
	const char *map = NULL;
	bool dry = false, yes = false, as_json = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c), { "map", 0, &map, NULL },
		{ "dry-run", 'n', NULL, &dry },
		{ "yes", 'y', NULL, &yes }, { "json", 0, NULL, &as_json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	struct client_ask ask = {
		.method = "POST", .path = "/v1/migrate", .headers = headers
	};
	struct client_answer ans;
	struct err e = { 0 };
	int words = options_read(argc, argv, &o), code;
	char *body;
	json_t *j;

	if (words < 0)
		return -1 - words;
	if (dry && yes)
		return options_usage(argv[0], "--dry-run or --yes, not both");
	body = request(argv[1], map, !yes);
	if (body == NULL)
		return options_usage(argv[0], "--map takes OLD=NEW, several with commas");
	ask.body = body;
	ask.len = strlen(body);
	code = client_ask(&c, &ask, &ans, &e) != 0 ? options_fail(argv[0], &e) : 0;
	free(body);
	if (code != 0)
		return code;
	code = client_exit(ans.status);
	j = json_loads(ans.body->str, 0, NULL);
	if (as_json && j != NULL) {
		json_dumpf(j, stdout, JSON_COMPACT);
		putchar('\n');
	} else if (j != NULL) {
		print(j);
	}
	if (code != 0) {
		char *error = client_error(ans.body->str);

		fprintf(stderr, "reachd migrate: %s\n", error);
		g_free(error);
	} else if (!yes && !dry) {
		fputs("nothing was moved: the same again with --yes moves them\n", stderr);
	} else if (yes) {
		code = follow(&c, argv[0], argv[1]);
	}
	json_decref(j);
	client_answer_fini(&ans);
	return code;
}
