/* sheet_xlsx.c - by libxlsxwriter: a workbook with formats and data bars is no fewer than
 * ten linked parts, and it is made for writing them. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <xlsxwriter.h>

#include "base/check.h"
#include "spec/sheet_write.h"

#define WIDTH_MAX 40.0
#define TITLE_MAX 31 /* characters of a page's name */

struct writing {
	const struct sheet *sheet;
	enum sheet_language language;
	lxw_workbook *book;
	lxw_worksheet *page;
	lxw_format *formats[SHEET_TYPES], *head;
};

static const char *const formats[SHEET_TYPES] = {
	[SHEET_INTEGER] = "#,##0",
	[SHEET_SHARE] = "0.0%",
	[SHEET_NUMBER] = "0.00",
	[SHEET_MONEY] = "#,##0.00",
	[SHEET_INTERVAL] = "0.0%",
	[SHEET_RANGE] = "#,##0.00",
};

static bool
is_pair(enum sheet_type type)
{
	return type == SHEET_INTERVAL || type == SHEET_RANGE;
}

static void
number(struct writing *w, int row, int column, double n, enum sheet_type type)
{
	if (isfinite(n))
		worksheet_write_number(
		    w->page, (lxw_row_t)row, (lxw_col_t)column, n, w->formats[type]);
}

static void
text(struct writing *w, int row, int column, const char *s, lxw_format *f)
{
	worksheet_write_string(w->page, (lxw_row_t)row, (lxw_col_t)column, s, f);
}

static void
cell(struct writing *w, int row, int column, const struct sheet_cell *c,
    enum sheet_type type)
{
	if (type == SHEET_TEXT || type == SHEET_DATE) {
		text(w, row, column, sheet_said(w->sheet, c, w->language), NULL);
	} else if (is_pair(type)) {
		number(w, row, column, c->between.low, type);
		number(w, row, column + 1, c->between.high, type);
	} else {
		number(w, row, column, c->number, type);
	}
}

/* A pair has two, told apart. */
static void
heading(struct writing *w, int column, const struct sheet_column *c, const char *head)
{
	bool zh = w->language == SHEET_ZH;
	char *low = g_strconcat(head, zh ? "下限" : " from", NULL);
	char *high = g_strconcat(head, zh ? "上限" : " to", NULL);

	text(w, 0, column, is_pair(c->type) ? low : head, w->head);
	if (is_pair(c->type))
		text(w, 0, column + 1, high, w->head);
	g_free(high);
	g_free(low);
}

static void
bars(struct writing *w, int column)
{
	lxw_conditional_format bar = { .type = LXW_CONDITIONAL_DATA_BAR,
		.min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
		.max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
		.min_value = 0,
		.max_value = 1,
		.bar_solid = LXW_TRUE };

	if (w->sheet->n_rows > 0)
		worksheet_conditional_format_range(w->page, 1, (lxw_col_t)column,
		    (lxw_row_t)w->sheet->n_rows, (lxw_col_t)column, &bar);
}

/* Columns of a page are one more for each pair. */
static void
fill(struct writing *w)
{
	const struct sheet *s = w->sheet;
	int at = 0;

	for (int i = 0; i < s->n_columns;
	     at += is_pair(s->columns[i].type) ? 2 : 1, i++) {
		const struct sheet_column *c = &s->columns[i];
		const char *head = sheet_heading(c, w->language);
		double width = 4 + 1.6 * (double)g_utf8_strlen(head, -1);

		heading(w, at, c, head);
		worksheet_set_column(w->page, (lxw_col_t)at,
		    (lxw_col_t)(at + is_pair(c->type)), MIN(MAX(width, 10), WIDTH_MAX),
		    NULL);
		for (int r = 0; r < s->n_rows; r++)
			if (sheet_cell(s, r, i)->known)
				cell(w, r + 1, at, sheet_cell(s, r, i), c->type);
		if (c->type == SHEET_SHARE)
			bars(w, at);
	}
	worksheet_freeze_panes(w->page, 1, 0);
}

/* "A/B tests": Excel takes none of these in the name of a page. */
static lxw_worksheet *
page(struct writing *w, const char *title)
{
	char *name = g_utf8_substring(title, 0, MIN(g_utf8_strlen(title, -1), TITLE_MAX));
	lxw_worksheet *p =
	    workbook_add_worksheet(w->book, g_strdelimit(name, "[]:*?/\\", '-'));

	CHECK(p != NULL);
	g_free(name);
	return p;
}

static void
notes(struct writing *w)
{
	const struct sheet *s = w->sheet;
	bool zh = w->language == SHEET_ZH;

	if (s->n_notes == 0)
		return;
	w->page = page(w, zh ? "说明" : "notes");
	for (int i = 0; i < s->n_notes; i++)
		text(w, i, 0, zh ? s->notes[i].zh : s->notes[i].en, NULL);
}

int
sheet_xlsx(const struct sheet *s, enum sheet_language l, const char *path, struct err *e)
{
	struct writing w = { .sheet = s, .language = l };
	lxw_error rc;
	FILE *f = fopen(path, "wbe");

	/* The library would tell it on stderr in its own words. */
	if (f == NULL)
		return err_set(e, ERR_IO, "%s: %s", path, g_strerror(errno));
	fclose(f);
	w.book = workbook_new(path);
	if (w.book == NULL)
		return err_set(e, ERR_IO, "%s: no workbook can be made", path);
	w.head = workbook_add_format(w.book);
	format_set_bold(w.head);
	for (int i = 0; i < SHEET_TYPES; i++) {
		w.formats[i] = workbook_add_format(w.book);
		if (formats[i] != NULL)
			format_set_num_format(w.formats[i], formats[i]);
	}
	w.page = page(&w, l == SHEET_ZH ? s->title_zh : s->title);
	fill(&w);
	notes(&w);
	rc = workbook_close(w.book);
	if (rc != LXW_NO_ERROR)
		return err_set(e, ERR_IO, "%s: %s", path, lxw_strerror(rc));
	return 0;
}
