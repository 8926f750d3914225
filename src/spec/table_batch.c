#include <string.h>

#include "table_private.h"

void
table_batch_init(struct batch *b)
{
	*b = (struct batch){ .blank = true };
	b->text = g_string_new(NULL);
	b->cells = g_array_new(FALSE, FALSE, sizeof(struct batch_cell));
	b->rows = g_array_new(FALSE, FALSE, sizeof(struct batch_row));
}

void
table_batch_fini(struct batch *b)
{
	g_string_free(b->text, TRUE);
	g_array_free(b->cells, TRUE);
	g_array_free(b->rows, TRUE);
}

void
table_batch_clear(struct batch *b)
{
	g_string_truncate(b->text, 0);
	g_array_set_size(b->cells, 0);
	g_array_set_size(b->rows, 0);
	b->next = 0;
	b->open = (struct batch_row){ 0 };
	b->blank = true;
	b->count = 0;
}

void
table_batch_compact(struct batch *b)
{
	struct batch_cell *cells = (struct batch_cell *)(void *)b->cells->data;
	guint first = b->open.first, n = (guint)b->open.kept;
	uint32_t from = n > 0 ? cells[first].at : (uint32_t)b->text->len;

	for (guint i = 0; i < n; i++) {
		cells[i] = cells[first + i];
		cells[i].at -= from;
	}
	g_array_set_size(b->cells, n);
	g_string_erase(b->text, 0, from);
	g_array_set_size(b->rows, 0);
	b->open.first = 0;
	b->next = 0;
}

void
table_batch_cell(struct batch *b, const char *p, size_t len)
{
	b->open.n++;
	if (len > 0)
		b->blank = false;
	if (b->open.kept > TABLE_COLUMNS_MAX)
		return;
	struct batch_cell c = { (uint32_t)b->text->len, (uint32_t)len };

	g_string_append_len(b->text, p, (gssize)len);
	g_string_append_c(b->text, '\0');
	g_array_append_val(b->cells, c);
	b->open.kept++;
}

void
table_batch_end(struct batch *b, int64_t row, int64_t line)
{
	if (!b->blank) {
		b->open.row = row;
		b->open.line = line;
		g_array_append_val(b->rows, b->open);
		b->count++;
	}
	b->open = (struct batch_row){ .first = b->cells->len };
	b->blank = true;
}
