/* staff.c - `reachd staff leave`: who is away, and all that moves to whom. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"
#include "show.h"

static const char help[] =
    "usage: reachd staff leave NAME --from DATE --to DATE [--deputy NAME]\n"
    "                    [--json] [--config DIR | --socket PATH]\n\n"
    "Writes down that a member of staff (by id or name, see `reachd import staff`) is\n"
    "away on those days, both included, and shows what moves to whom meanwhile: the\n"
    "customers who are answered and signed for by another, and the tasks.\n";

struct words {
	struct client c;
	const char *from, *to, *deputy;
	bool json;
};

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(4);
	const json_t *list = json_object_get(j, "tasks"), *one;
	const char *to = show_text(j, "to", keep);
	size_t i;

	printf("%s is away; %s customers and %zu tasks go to %s\n",
	    show_text(j, "name", keep), show_text(j, "customers", keep),
	    json_array_size(list),
	    *to != '\0' ? to : "nobody: name a deputy, or a manager");
	json_array_foreach(list, i, one) show_table_row(
	    t, (const char *[]){ show_text(one, "id", keep), show_text(one, "kind", keep),
		   show_text(one, "customer", keep), show_text(one, "to", keep) });
	show_table_print(t, "  ", stdout);
	g_string_chunk_free(keep);
}

static int
leave(const struct words *w, const char *verb, const char *name)
{
	const char *const headers[] = { "Content-Type: application/json", NULL };
	json_t *j = json_pack("{ss ss ss ss}", "name", name, "from", w->from, "to", w->to,
	    "deputy", w->deputy == NULL ? "" : w->deputy);
	char *body = j == NULL ? NULL : json_dumps(j, JSON_COMPACT);
	struct client_ask ask = { .method = "POST",
		.path = "/v1/staff/leave",
		.headers = headers,
		.body = body };
	struct client_answer ans;
	struct err e = { 0 };
	int code;

	json_decref(j);
	if (body == NULL)
		return options_usage(verb, "the names are not UTF-8");
	ask.len = strlen(body);
	code = client_ask(&w->c, &ask, &ans, &e) != 0 ? options_fail(verb, &e) : -1;
	free(body);
	if (code >= 0)
		return code;
	code = client_exit(ans.status);
	j = json_loadb(ans.body->str, ans.body->len, 0, NULL);
	if (code != 0) {
		char *text = client_error(ans.body->str);

		fprintf(stderr, "reachd %s: %s\n", verb, text);
		g_free(text);
	} else if (w->json) {
		printf("%s\n", ans.body->str);
	} else {
		print(j);
	}
	json_decref(j);
	client_answer_fini(&ans);
	return code;
}

int
cmd_staff(int argc, char **argv)
{
	struct words w = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(w.c),
		{ "from", 0, &w.from, NULL }, { "to", 0, &w.to, NULL },
		{ "deputy", 0, &w.deputy, NULL }, { "json", 0, NULL, &w.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 2, 2 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (strcmp(argv[1], "leave") != 0)
		return options_usage(argv[0], "\"%.40s\" is not leave", argv[1]);
	if (w.from == NULL || w.to == NULL)
		return options_usage(argv[0], "--from and --to are needed");
	return leave(&w, argv[0], argv[2]);
}
