#include <math.h>
#include <string.h>

#include "spec/sheet_write.h"
#include "spec/table.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static bool
is_pair(const struct sheet_column *c)
{
	return c->type == SHEET_INTERVAL || c->type == SHEET_RANGE;
}

static void
heading(
    const struct sheet_column *c, enum sheet_language l, const char *more, GString *out)
{
	char *text =
	    g_strconcat(l == SHEET_ZH ? sheet_heading(c, l) : c->name, more, NULL);

	table_write_field(out, text, strlen(text));
	g_free(text);
}

/* A number is written as it is: the guard would make a text of one below zero. */
static void
number(double n, const char *format, GString *out)
{
	char buf[G_ASCII_DTOSTR_BUF_SIZE];

	if (isfinite(n))
		g_string_append(out, g_ascii_formatd(buf, sizeof(buf), format, n));
}

static void
cell(const struct sheet *s, const struct sheet_cell *c, enum sheet_type type,
    enum sheet_language l, GString *out)
{
	const char *text;

	switch (type) {
	case SHEET_TEXT:
	case SHEET_DATE:
		text = sheet_said(s, c, l);
		table_write_field(out, text, strlen(text));
		return;
	case SHEET_INTEGER:
		number(c->number, "%.0f", out);
		return;
	case SHEET_MONEY:
		number(c->number, "%.2f", out);
		return;
	case SHEET_INTERVAL:
	case SHEET_RANGE:
		number(c->between.low, "%.6g", out);
		g_string_append_c(out, ',');
		number(c->between.high, "%.6g", out);
		return;
	default:
		number(c->number, "%.6g", out);
	}
}

void
sheet_csv(const struct sheet *s, enum sheet_language l, GString *out)
{
	if (l == SHEET_ZH)
		g_string_append(out, BYTE_ORDER_MARK);
	for (int i = 0; i < s->n_columns; i++) {
		const struct sheet_column *c = &s->columns[i];

		g_string_append(out, i > 0 ? "," : "");
		heading(c, l, !is_pair(c) ? "" : l == SHEET_ZH ? "下限" : "_low", out);
		if (is_pair(c)) {
			g_string_append_c(out, ',');
			heading(c, l, l == SHEET_ZH ? "上限" : "_high", out);
		}
	}
	g_string_append(out, "\r\n");
	for (int r = 0; r < s->n_rows; r++) {
		for (int i = 0; i < s->n_columns; i++) {
			const struct sheet_cell *c = sheet_cell(s, r, i);

			g_string_append(out, i > 0 ? "," : "");
			if (c->known)
				cell(s, c, s->columns[i].type, l, out);
			else if (is_pair(&s->columns[i]))
				g_string_append_c(out, ',');
		}
		g_string_append(out, "\r\n");
	}
}
