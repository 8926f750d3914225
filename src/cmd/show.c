#include "show.h"

#include <string.h>

#include "base/text.h"
#include "words.h"

struct show_table {
	int columns, *width;
	GPtrArray *cells; /* char *, owned */
};

const char *
show_text(const json_t *object, const char *key, GStringChunk *keep)
{
	const json_t *v = json_object_get(object, key);
	char buf[64];

	if (json_is_string(v)) {
		char *clean = show_clean(json_string_value(v));
		const char *kept = g_string_chunk_insert(keep, clean);

		g_free(clean);
		return kept;
	}
	if (json_is_boolean(v))
		return json_is_true(v) ? SAY("yes", "是") : SAY("no", "否");
	if (json_is_integer(v))
		g_snprintf(
		    buf, sizeof(buf), "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_real(v))
		g_snprintf(buf, sizeof(buf), "%.6g", json_real_value(v));
	else
		return "";
	return g_string_chunk_insert(keep, buf);
}

json_int_t
show_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

const char *
show_span(json_int_t seconds, GStringChunk *keep)
{
	char buf[64];
	int s = (int)(seconds % 60), m = (int)(seconds / 60 % 60),
	    h = (int)(seconds / 3600 % 24);
	int d = (int)(seconds / 86400);

	if (d > 0)
		g_snprintf(buf, sizeof(buf), SAY("%d d %d h", "%d 天 %d 小时"), d, h);
	else if (h > 0)
		g_snprintf(buf, sizeof(buf), SAY("%d h %d min", "%d 小时 %d 分"), h, m);
	else if (m > 0)
		g_snprintf(buf, sizeof(buf), SAY("%d min", "%d 分钟"), m);
	else
		g_snprintf(buf, sizeof(buf), SAY("%d s", "%d 秒"), s);
	return g_string_chunk_insert(keep, buf);
}

const char *
show_time(const char *instant, GStringChunk *keep)
{
	char buf[17];

	if (strlen(instant) < 16 || instant[10] != 'T')
		return instant;
	g_strlcpy(buf, instant, sizeof(buf));
	buf[10] = ' ';
	return g_string_chunk_insert(keep, buf);
}

char *
show_clean(const char *text)
{
	char *s = g_utf8_make_valid(text, -1);

	return text_clean(s, true);
}

struct show_table *
show_table_new(int columns)
{
	struct show_table *t = g_new0(struct show_table, 1);

	t->columns = columns;
	t->width = g_new0(int, (gsize)columns);
	t->cells = g_ptr_array_new_with_free_func(g_free);
	return t;
}

void
show_table_row(struct show_table *t, const char *const *cells)
{
	for (int i = 0; i < t->columns; i++) {
		t->width[i] = MAX(t->width[i], text_width(cells[i], strlen(cells[i])));
		g_ptr_array_add(t->cells, g_strdup(cells[i]));
	}
}

void
show_table_print(struct show_table *t, const char *indent, FILE *out)
{
	int pad = 0; /* spaces owed to the next cell that says something */

	for (guint k = 0; k < t->cells->len; k++) {
		const char *cell = t->cells->pdata[k];
		int i = (int)k % t->columns;

		if (i == 0) {
			fputs(k == 0 ? "" : "\n", out);
			pad = (int)strlen(indent);
		}
		if (*cell != '\0') {
			fprintf(out, "%*s%s", pad, "", cell);
			pad = 0;
		}
		pad += t->width[i] - text_width(cell, strlen(cell)) + 2;
	}
	if (t->cells->len > 0)
		fputc('\n', out);
	g_ptr_array_unref(t->cells);
	g_free(t->width);
	g_free(t);
}
