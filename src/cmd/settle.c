/* settle.c - `reachd settle`: a person decides what nobody else can know. */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "cmd/cmd.h"
#include "pages.h"
#include "show.h"

static const char help[] =
    "usage: reachd settle [MESSAGE sent|lost] [--json] [--config DIR | --socket PATH]\n\n"
    "Steps with `on_unknown: park` put a message whose fate is unknown before a person.\n"
    "Alone it lists them. With a message and a word it settles one: ask the customer or\n"
    "look at the provider's console first.\n\n"
    "  sent     it arrived, or may have: it counts as sent and keeps its slot\n"
    "  lost     it did not: it gives its slot back. It is not sent again\n"
    "  --json   the list, or what became of it, as one JSON object\n";

static void
print(const json_t *j)
{
	const json_t *list = json_object_get(j, "parked"), *one;
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(7);
	size_t i;

	if (json_array_size(list) == 0)
		puts("no message waits for a person");
	else
		show_table_row(t, (const char *[]){ "message", "at", "customer",
				      "playbook", "step", "channel", "provider" });
	json_array_foreach(list, i, one) show_table_row(
	    t, (const char *[]){ show_text(one, "message", keep),
		   show_time(show_text(one, "at", keep), keep),
		   show_text(one, "customer", keep), show_text(one, "playbook", keep),
		   show_text(one, "step", keep), show_text(one, "channel", keep),
		   show_text(one, "provider", keep) });
	show_table_print(t, "", stdout);
	g_string_chunk_free(keep);
}

static int
settle(const struct client *c, char **argv, bool as_json)
{
	char *name = g_uri_escape_string(argv[1], NULL, FALSE);
	char *path = g_strdup_printf("/v1/settle/%s/%s", name, argv[2]);
	const struct client_ask ask = { .method = "POST", .path = path };
	struct client_answer ans;
	struct err e = { 0 };
	int code;

	if (client_ask(c, &ask, &ans, &e) != 0) {
		code = options_fail(argv[0], &e);
	} else {
		code = client_exit(ans.status);
		if (code != 0) {
			char *text = client_error(ans.body->str);

			fprintf(stderr, "reachd settle: %s\n", text);
			g_free(text);
		} else {
			puts(as_json ? ans.body->str : "settled");
		}
		client_answer_fini(&ans);
	}
	g_free(path);
	g_free(name);
	return code;
}

int
cmd_settle(int argc, char **argv)
{
	struct client c = { 0 };
	bool as_json = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &as_json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 0, 2 };
	int words = options_read(argc, argv, &o);

	if (words < 0)
		return -1 - words;
	if (words == 0)
		return pages_show(&c,
		    &(struct pages){ argv[0], "/v1/settle", "parked", NULL, 0 }, as_json,
		    print);
	if (words != 2 || (strcmp(argv[2], "sent") != 0 && strcmp(argv[2], "lost") != 0))
		return options_usage(
		    argv[0], "say what became of the message: sent or lost");
	return settle(&c, argv, as_json);
}
