#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "xlsx.h"

struct xlsx_source {
	struct table_source base;
	const char *path;
	zip_t *zip;
	struct xlsx_book book;
	int64_t left, left_at_sheet; /* bytes that may still be unpacked */
	struct sheet_part {
		struct xlsx_part x;
		struct xlsx_source *s;
		struct batch *batch;
		int64_t row; /* of the open one */
		int column;  /* of the open or last cell, from 1 */
		int filled;  /* columns of this row given to the batch */
		char type;   /* of the cell's value: n number, s shared, b, e, or text */
		bool is_date, in_row, in_value;
		int phonetic;
		GString *value;
	} sheet;
};

/* "AB12" -> 28; 0: no column. */
static int
xlsx_column(const char *ref)
{
	int n = 0;

	for (; g_ascii_isalpha(*ref) && n < 20000; ref++)
		n = n * 26 + g_ascii_toupper(*ref) - 'A' + 1;
	return n;
}

static void
xlsx_on_cell(struct sheet_part *p, const char **attrs)
{
	const char *ref = xlsx_part_attr(attrs, "r"), *type = xlsx_part_attr(attrs, "t");
	const char *style = xlsx_part_attr(attrs, "s");
	int column = ref != NULL ? xlsx_column(ref) : 0;

	p->column = column > p->filled ? column : p->column + 1;
	p->is_date =
	    style != NULL && xlsx_book_is_date(&p->s->book, strtoul(style, NULL, 10));
	p->type = 'n';
	if (type != NULL)
		p->type = strcmp(type, "s") == 0 || strcmp(type, "b") == 0 ||
				  strcmp(type, "e") == 0 || strcmp(type, "n") == 0
			      ? type[0]
			      : 't';
	g_string_truncate(p->value, 0);
}

static void
xlsx_on_start(void *arg, const char *name, const char **attrs)
{
	struct sheet_part *p = arg;

	name = xlsx_part_local(name);
	if (strcmp(name, "row") == 0) {
		const char *r = xlsx_part_attr(attrs, "r");
		int64_t row = r != NULL ? g_ascii_strtoll(r, NULL, 10) : 0;

		p->row = row > p->row ? row : p->row + 1;
		p->column = p->filled = 0;
		p->in_row = true;
	} else if (strcmp(name, "c") == 0 && p->in_row) {
		xlsx_on_cell(p, attrs);
	} else if (strcmp(name, "rPh") == 0) {
		p->phonetic++;
	} else {
		p->in_value = p->in_row && p->phonetic == 0 &&
			      (strcmp(name, "v") == 0 || strcmp(name, "t") == 0);
	}
}

static void
xlsx_on_text(void *arg, const char *text, int len)
{
	struct sheet_part *p = arg;

	if (!p->in_value)
		return;
	g_string_append_len(p->value, text, len);
	if (p->value->len > TABLE_FIELD_MAX)
		xlsx_part_stop(&p->x,
		    "a cell in row %" G_GINT64_FORMAT
		    " is longer than the %d bytes that are read",
		    p->row, TABLE_FIELD_MAX);
}

/* A number as people see it: no exponent, no noise behind the 15th digit; a date
 * as 2024-03-05, with the time when it has one. */
static void
xlsx_number(struct sheet_part *p)
{
	char *end;
	double v = g_ascii_strtod(p->value->str, &end);
	int64_t days;

	if (p->value->len == 0 || *end != '\0' || !isfinite(v))
		return; /* not a number after all: kept as text */
	if (p->is_date && table_serial_days(v, p->s->book.dates_1904, &days) == 0) {
		struct date d = date_from_days(days);
		int second = (int)((v - floor(v)) * 86400 + 0.5);

		g_string_printf(p->value, "%04d-%02d-%02d", d.year, d.month, d.day);
		if (second > 0 && second < 86400)
			g_string_append_printf(p->value, " %02d:%02d:%02d", second / 3600,
			    second / 60 % 60, second % 60);
	} else if (floor(v) == v && fabs(v) < 1e15) {
		g_string_printf(p->value, "%.0f", v + 0.0);
	} else {
		char buf[G_ASCII_DTOSTR_BUF_SIZE];

		g_string_assign(p->value, g_ascii_formatd(buf, sizeof buf, "%.15g", v));
	}
}

static void
xlsx_shared(struct sheet_part *p)
{
	const struct xlsx_book *b = &p->s->book;
	char *end;
	uint64_t i = g_ascii_strtoull(p->value->str, &end, 10);

	if (p->value->len == 0)
		return;
	if (*end != '\0' || i >= b->strings->len) {
		xlsx_part_stop(&p->x,
		    "the workbook is damaged: row %" G_GINT64_FORMAT
		    " uses a text that is not there",
		    p->row);
		return;
	}
	const char *text = b->pool->str + g_array_index(b->strings, uint32_t, i);
	size_t len = strlen(text);

	if (len > TABLE_FIELD_MAX) {
		xlsx_part_stop(&p->x,
		    "a cell in row %" G_GINT64_FORMAT
		    " is longer than the %d bytes that are read",
		    p->row, TABLE_FIELD_MAX);
		return;
	}
	g_string_truncate(p->value, 0);
	g_string_append_len(p->value, text, (gssize)len);
}

static void
xlsx_cell_end(struct sheet_part *p)
{
	if (p->type == 's')
		xlsx_shared(p);
	else if (p->type == 'n')
		xlsx_number(p);
	else if (p->type == 'b')
		g_string_assign(p->value, p->value->str[0] == '1' ? "TRUE" : "FALSE");
	else if (p->type == 'e')
		g_string_truncate(p->value, 0); /* #N/A is no value */
	if (p->value->len == 0)
		return;
	if (p->column > TABLE_COLUMNS_MAX) {
		xlsx_part_stop(&p->x,
		    "row %" G_GINT64_FORMAT " has %d columns and at most %d are read",
		    p->row, p->column, TABLE_COLUMNS_MAX);
		return;
	}
	for (; p->filled < p->column - 1; p->filled++)
		table_batch_cell(p->batch, "", 0);
	table_batch_cell(p->batch, p->value->str, p->value->len);
	p->filled = p->column;
}

static void
xlsx_on_end(void *arg, const char *name)
{
	struct sheet_part *p = arg;

	name = xlsx_part_local(name);
	p->in_value = false;
	if (strcmp(name, "c") == 0 && p->in_row) {
		xlsx_cell_end(p);
	} else if (strcmp(name, "row") == 0) {
		table_batch_end(p->batch, p->row, p->row);
		p->in_row = false;
	} else if (strcmp(name, "rPh") == 0) {
		p->phonetic--;
	}
}

static int
xlsx_feed(struct table_source *base, struct batch *batch, struct err *e)
{
	struct xlsx_source *s = (struct xlsx_source *)base;

	s->sheet.batch = batch;
	return xlsx_part_feed(&s->sheet.x, e);
}

static int
xlsx_rewind(struct table_source *base, struct err *e)
{
	struct xlsx_source *s = (struct xlsx_source *)base;
	GString *value = s->sheet.value;

	xlsx_part_close(&s->sheet.x);
	s->left = s->left_at_sheet;
	s->sheet = (struct sheet_part){ .s = s, .value = value };
	return xlsx_part_open(&s->sheet.x, s->zip, s->path, s->book.sheet, &s->left,
	    xlsx_on_start, xlsx_on_end, xlsx_on_text, e);
}

static void
xlsx_close(struct table_source *base)
{
	struct xlsx_source *s = (struct xlsx_source *)base;

	xlsx_part_close(&s->sheet.x);
	g_string_free(s->sheet.value, TRUE);
	xlsx_book_fini(&s->book);
	zip_discard(s->zip);
	g_free(s);
}

struct table_source *
xlsx_open(const char *path, struct err *e)
{
	int code;
	zip_t *zip = zip_open(path, ZIP_RDONLY, &code);

	if (zip == NULL) {
		zip_error_t why;

		zip_error_init_with_code(&why, code);
		err_at(e, (struct pos){ path, 1, 1 }, "the workbook is damaged: %s",
		    zip_error_strerror(&why));
		zip_error_fini(&why);
		return NULL;
	}
	struct xlsx_source *s = g_new0(struct xlsx_source, 1);

	s->base = (struct table_source){ .feed = xlsx_feed,
		.rewind = xlsx_rewind,
		.close = xlsx_close,
		.encoding = TABLE_XLSX,
		.pads = true };
	s->path = path;
	s->zip = zip;
	s->left = TABLE_FILE_MAX;
	s->sheet.value = g_string_new(NULL);
	if (xlsx_book_read(&s->book, zip, path, &s->left, e) != 0) {
		xlsx_close(&s->base);
		return NULL;
	}
	s->base.dates_1904 = s->book.dates_1904;
	s->left_at_sheet = s->left;
	if (xlsx_rewind(&s->base, e) != 0) {
		xlsx_close(&s->base);
		return NULL;
	}
	return &s->base;
}
