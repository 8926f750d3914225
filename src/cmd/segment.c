/* segment.c - `reachd segment`: how many customers a named segment holds. */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "cmd/cmd.h"
#include "show.h"

static const char help[] =
    "usage: reachd segment list|NAME [--json] [--config DIR | --socket PATH]\n\n"
    "Counts the customers of the segments in config/segments.yaml, as they are now.\n\n"
    "  --json   with file, line and condition\n";

static void
print(const json_t *j)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(2);
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(j, "segments"), i, one)
	    show_table_row(t, (const char *[]){ show_text(one, "name", keep),
				  show_text(one, "customers", keep) });
	if (json_array_size(json_object_get(j, "segments")) == 0)
		puts("no segments are defined: write them into config/segments.yaml");
	show_table_print(t, "", stdout);
	printf("of %s customers\n", show_text(j, "customers", keep));
	g_string_chunk_free(keep);
}

int
cmd_segment(int argc, char **argv)
{
	struct client c = { 0 };
	bool as_json = false;
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "json", 0, NULL, &as_json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	bool all = strcmp(argv[1], "list") == 0;
	char *name = g_uri_escape_string(argv[1], NULL, FALSE);
	char *path = g_strconcat("/v1/segments", all ? "" : "/", all ? "" : name, NULL);
	code = client_show(&c, argv[0], path, as_json, print);
	g_free(path);
	g_free(name);
	return code;
}
