#include "import_lists.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "pages.h"
#include "show.h"

#define NEWEST 20

static int
batches(const struct client *c, const char *limit)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(5);
	json_t *j, *b;
	size_t i;
	int code = pages_get(
	    c, &(struct pages){ "import", "/v1/batches", "batches", limit, NEWEST }, &j);

	json_array_foreach(code == 0 ? json_object_get(j, "batches") : NULL, i, b)
	{
		char *id = g_strdup_printf("%" JSON_INTEGER_FORMAT, show_int(b, "batch"));
		char *counts =
		    g_strdup_printf("%" JSON_INTEGER_FORMAT " rows, %" JSON_INTEGER_FORMAT
				    " new, %" JSON_INTEGER_FORMAT " changed%s%s%s",
			show_int(b, "rows"), show_int(b, "new"), show_int(b, "changed"),
			*show_text(b, "basis", keep) != '\0' ? ", consent " : "",
			show_text(b, "basis", keep),
			*show_text(b, "undone", keep) != '\0' ? ", taken back" : "");

		show_table_row(
		    t, (const char *[]){ id, show_time(show_text(b, "at", keep), keep),
			   show_text(b, "what", keep), show_text(b, "source", keep),
			   counts });
		g_free(counts);
		g_free(id);
	}
	show_table_print(t, "", stdout);
	if (code == 0 && json_array_size(json_object_get(j, "batches")) == 0)
		puts("Nothing has been imported yet.");
	g_string_chunk_free(keep);
	if (code == 0)
		json_decref(j);
	return code;
}

static int
quality(const struct client *c, const char *limit)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	struct show_table *t = show_table_new(4);
	json_t *j, *q;
	size_t i;
	int code = pages_get(
	    c, &(struct pages){ "import", "/v1/quality", "rows", limit, 0 }, &j);

	json_array_foreach(code == 0 ? json_object_get(j, "rows") : NULL, i, q)
	{
		char *row =
		    g_strdup_printf("row %" JSON_INTEGER_FORMAT, show_int(q, "row"));
		char *id = show_clean(show_text(q, "id", keep));
		char *reason = g_strdup_printf("%s%s%s", show_text(q, "column", keep),
		    *show_text(q, "column", keep) != '\0' ? ": " : "",
		    show_text(q, "reason", keep));
		char *clean = show_clean(reason);

		show_table_row(
		    t, (const char *[]){ show_text(q, "what", keep), row, id, clean });
		g_free(clean);
		g_free(reason);
		g_free(id);
		g_free(row);
	}
	show_table_print(t, "", stdout);
	if (code == 0 && json_array_size(json_object_get(j, "rows")) == 0)
		puts("No row was set aside.");
	g_string_chunk_free(keep);
	if (code == 0)
		json_decref(j);
	return code;
}

static int
undo(const struct client *c, const char *batch)
{
	char *path = g_strdup_printf("/v1/batches/%s/undo", batch), *text;
	const struct client_ask ask = { .method = "POST", .path = path, .body = "" };
	struct client_answer ans;
	struct err e = { 0 };
	int rc = client_ask(c, &ask, &ans, &e), code;
	json_t *j;

	g_free(path);
	if (rc != 0)
		return options_fail("import", &e);
	code = client_exit(ans.status);
	if (code == 0) {
		j = json_loads(ans.body->str, 0, NULL);
		printf("%" JSON_INTEGER_FORMAT
		       " put back as they were, %" JSON_INTEGER_FORMAT
		       " left: changed since\n",
		    show_int(j, "restored"), show_int(j, "kept"));
		json_decref(j);
	} else {
		text = client_error(ans.body->str);
		fprintf(stderr, "reachd import undo: %s\n", text);
		g_free(text);
	}
	client_answer_fini(&ans);
	return code;
}

int
import_list(
    const struct client *c, const char *word, const char *arg, const char *limit)
{
	if (strcmp(word, "batches") == 0 && arg == NULL)
		return batches(c, limit);
	if (strcmp(word, "quality") == 0 && arg == NULL)
		return quality(c, limit);
	if (strcmp(word, "undo") != 0)
		return -1;
	if (arg == NULL || arg[strspn(arg, "0123456789")] != '\0')
		return options_usage("import", "undo takes the number of a batch");
	return undo(c, arg);
}
