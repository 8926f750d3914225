/* records.c - rows of a kind out of a table, cell by cell as its fields say. */
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "spec/columns.h"
#include "core/phone.h"
#include "fields.h"
#include "record.h"

struct records {
	const struct record_kind *kind;
	const struct zone *zone;
	struct columns_field *fields;
	struct columns cols;
	char *attribute[TABLE_COLUMNS_MAX]; /* the heading as a JSON string */
	GString *attrs;
	bool *told; /* by field: there is a column for it */
	/* The row at hand: */
	bool *left_out; /* by field: its cell cannot be used */
	struct arena *arena;
	void *row;
	struct row_fault *fault;
};

#define FIELD(r, f, type) (*(type *)(void *)((char *)(r)->row + (f)->offset))
/* The row is taken without this cell, which says nothing. */
#define leave_out(r, column, ...)                       \
	((r)->left_out[(r)->cols.field[column]] = true, \
	    judge(r, ROW_NOTED, column, __VA_ARGS__))
#define judge(r, verdict, column, ...)                \
	rows_judge((r)->fault, verdict, (column) + 1, \
	    table_heading((r)->cols.table, column), __VA_ARGS__)

void
records_close(struct records *r)
{
	if (r == NULL)
		return;
	for (int i = 0; i < table_columns(r->cols.table); i++)
		free(r->attribute[i]);
	table_close(r->cols.table);
	g_string_free(r->attrs, TRUE);
	g_free(r->fields);
	g_free(r->told);
	g_free(r->left_out);
	g_free(r);
}

/* One of the fields the kind needs is a column. */
static bool
has_needed(const struct records *r)
{
	char **needed = g_strsplit(r->kind->needs, "|", -1);
	bool found = false;

	for (int i = 0; i < table_columns(r->cols.table); i++)
		found |=
		    r->cols.field[i] >= 0 && g_strv_contains((const char *const *)needed,
						 r->kind->fields[r->cols.field[i]].name);
	g_strfreev(needed);
	return found;
}

/* "id" and the ways a file may call it, or a mapping. */
static void
lacks(const struct record_kind *k, const char *path, struct err *e)
{
	char **needed = g_strsplit(k->needs, "|", -1),
	     *names = g_strjoinv(" or ", needed);
	GString *known = g_string_new(NULL);

	for (int i = 0; i < k->n_fields; i++) {
		char **headings = g_strsplit(k->fields[i].headings, "|", -1);

		for (int n = 0, h = 0;
		     headings[h] != NULL && n < 3 &&
		     g_strv_contains((const char *const *)needed, k->fields[i].name);
		     h++)
			if (!g_ascii_isalpha(headings[h][0])) {
				g_string_append_printf(known, "%s%s",
				    known->len > 0 ? ", " : "", headings[h]);
				n++;
			}
		g_strfreev(headings);
	}
	err_at(e, (struct pos){ path, 1, 1 },
	    "a file of %s needs a column %s: head one so (%s do as well), or say which "
	    "it is "
	    "with --map: HEADING = %s",
	    k->what, names, known->str, needed[0]);
	g_string_free(known, TRUE);
	g_free(names);
	g_strfreev(needed);
}

struct records *
records_open(const struct record_kind *k, const char *path, enum table_encoding encoding,
    const char *const *mapping, const struct zone *zone, struct err *e)
{
	struct table *t = table_open(path, encoding, e);
	struct records *r;

	if (t == NULL)
		return NULL;
	r = g_new0(struct records, 1);
	r->kind = k;
	r->zone = zone;
	r->attrs = g_string_new(NULL);
	r->fields = g_new0(struct columns_field, k->n_fields);
	r->told = g_new0(bool, k->n_fields);
	r->left_out = g_new0(bool, k->n_fields);
	for (int i = 0; i < k->n_fields; i++)
		r->fields[i] =
		    (struct columns_field){ k->fields[i].name, k->fields[i].headings };
	r->cols = (struct columns){ .table = t, .fields = r->fields, .attributes = true };
	if (columns_map(&r->cols, path, k->n_fields, mapping, e) != 0) {
		records_close(r);
		return NULL;
	}
	if (!has_needed(r)) {
		lacks(k, path, e);
		records_close(r);
		return NULL;
	}
	for (int i = 0; i < table_columns(t); i++)
		if (r->cols.field[i] >= 0)
			r->told[r->cols.field[i]] = true;
		else if (r->cols.field[i] == COLUMNS_ATTRIBUTE) {
			json_t *name = json_string(table_heading(t, i));

			r->attribute[i] =
			    json_dumps(name, JSON_ENCODE_ANY | JSON_COMPACT);
			json_decref(name);
		}
	return r;
}

const struct columns *
records_columns(const struct records *r)
{
	return &r->cols;
}

/* ---- cells ---- */

static const char *
quoted(struct records *r, const char *s)
{
	return text_cut(arena_strdup(r->arena, s), 24);
}

static void
date_cell(struct records *r, int column, const struct record_field *f, const char *s)
{
	enum field_date got;
	struct date d;
	ms_t at = 0;
	int minute = 0;

	if (f->cell == CELL_MOMENT)
		got = fields_moment(s, table_dates_1904(r->cols.table), &d, &minute, &at);
	else
		got = fields_date(s, table_dates_1904(r->cols.table), &d);
	if (got == DATE_DEFAULT)
		leave_out(r, column, "1900-01-01 stands for an unknown date");
	if (got == DATE_BAD && f->cell == CELL_DATE && r->kind->keeps)
		leave_out(r, column, "\"%s\" is not a date; write it as 2024-03-05",
		    quoted(r, s));
	else if (got == DATE_BAD)
		judge(r, ROW_REFUSED, column,
		    "\"%s\" is not a date; write it as 2024-03-05%s", quoted(r, s),
		    f->cell == CELL_MOMENT ? " 10:30" : "");
	if (got != DATE_READ)
		return;
	if (f->cell == CELL_DATE)
		FIELD(r, f, struct date) = d;
	else
		FIELD(r, f, ms_t) =
		    at != 0 ? at : zone_instant(r->zone, date_days(d), minute);
}

static void
number_cell(struct records *r, int column, const struct record_field *f, const char *s)
{
	const double max = 1e9;
	char *plain = arena_strdup(r->arena, s);
	double n = 0;

	if (f->cell == CELL_MONEY) {
		if (fields_number(s, &n) != 0 || n > max)
			judge(r, ROW_REFUSED, column,
			    "\"%s\" is not a number from 0 to %.0f", quoted(r, s), max);
		FIELD(r, f, double) = n;
		return;
	}
	for (size_t i = 0; i < 3; i++) { /* "12000 km", "6个月" */
		static const char *const units[] = { "公里", "km", "个月" };
		size_t len = strlen(plain), unit = strlen(units[i]);

		if (len > unit && g_ascii_strcasecmp(plain + len - unit, units[i]) == 0)
			plain[len - unit] = '\0';
	}
	if (fields_count(g_strchomp(plain), 9999999, &FIELD(r, f, int)) != 0)
		leave_out(r, column, "\"%s\" is not a whole number", quoted(r, s));
}

static void
word_cell(struct records *r, int column, const struct record_field *f, const char *s)
{
	static const struct fields_word flags[] = {
		{ "1|y|yes|true|是|已|有|已售|已卖|已过户", "1" },
		{ "0|n|no|false|否|未|在用|在保", "0" },
		{ NULL, NULL },
	};
	const char *word;

	if (f->cell == CELL_FLAG) {
		word = fields_word(flags, s);
		if (word == NULL)
			leave_out(r, column, "\"%s\" is neither yes nor no",
			    quoted(r, s));
		FIELD(r, f, int) = word != NULL && *word == '1';
		return;
	}
	word = fields_word((const struct fields_word *)(const void *)f->words, s);
	if (word == NULL)
		judge(r, ROW_NOTED, column, "\"%s\" is not known; \"%s\" is taken",
		    quoted(r, s), f->words[0].word);
	else
		FIELD(r, f, const char *) = word;
}

static void
phone_cell(struct records *r, int column, const struct record_field *f, const char *s)
{
	char number[20], masked[64];

	if (phone_normalise(s, number) == PHONE_BAD)
		judge(r, ROW_NOTED, column, "\"%s\" is not a phone number",
		    text_mask(s, masked, sizeof masked));
	else
		FIELD(r, f, const char *) = arena_strdup(r->arena, number);
}

/* "机油;空调滤芯" as a JSON list, in the order of the file. */
static void
lines_cell(struct records *r, const struct record_field *f, const char *s)
{
	json_t *list = json_array();
	char **parts = g_regex_split_simple("[;,|、；，+]", s, 0, 0), *text;

	for (int i = 0; parts[i] != NULL; i++)
		if (*g_strstrip(parts[i]) != '\0')
			json_array_append_new(list, json_string(parts[i]));
	text = json_dumps(list, JSON_COMPACT);
	FIELD(r, f, const char *) = arena_strdup(r->arena, text);
	free(text);
	json_decref(list);
	g_strfreev(parts);
}

static void
cell(struct records *r, int column, struct table_cell c)
{
	const struct record_field *f;
	const char *s;

	if (r->cols.field[column] == COLUMNS_LEFT_OUT || c.len == 0)
		return;
	f = r->cols.field[column] < 0 ? NULL : &r->kind->fields[r->cols.field[column]];
	s = fields_text(r->arena, c, f != NULL && f->cell == CELL_ID ? 65 : 2000);
	if (fields_blank(s))
		return;
	if (f == NULL) {
		if (r->kind->attrs != (size_t)-1)
			fields_attribute(r->attrs, r->attribute[column], s);
		return;
	}
	switch (f->cell) {
	case CELL_ID:
		if (g_utf8_strlen(s, -1) > 64)
			judge(r, ROW_REFUSED, column, "an id has at most 64 characters");
		/* fall through */
	case CELL_TEXT:
		FIELD(r, f, const char *) = s;
		break;
	case CELL_DATE:
	case CELL_MOMENT:
		date_cell(r, column, f, s);
		break;
	case CELL_COUNT:
	case CELL_MONEY:
		number_cell(r, column, f, s);
		break;
	case CELL_FLAG:
	case CELL_WORD:
		word_cell(r, column, f, s);
		break;
	case CELL_PHONE:
		phone_cell(r, column, f, s);
		break;
	case CELL_LINES:
		lines_cell(r, f, s);
		break;
	}
}

/* The id, where the kind cannot be told apart without one. */
static void
check_id(struct records *r)
{
	const struct record_field *first = &r->kind->fields[0];

	if (strcmp(first->name, "id") == 0 && r->kind->attrs != (size_t)-1 &&
	    *FIELD(r, first, const char *) == '\0')
		rows_judge(r->fault, ROW_REFUSED, 0, "", "it has no id");
}

int
records_next(
    struct records *r, struct arena *a, void *row, struct row_fault *fault, struct err *e)
{
	struct table_row in;
	const char *no;
	int got = table_next(r->cols.table, &in, e),
	    columns = table_columns(r->cols.table);

	if (got <= 0)
		return got;
	*fault = (struct row_fault){ .row = in.row };
	record_clear(r->kind, row);
	r->arena = a;
	r->row = row;
	r->fault = fault;
	if ((no = columns_no_row(&r->cols, &in, 0)) != NULL) {
		rows_judge(fault, ROW_ASIDE, 0, "", "%s", no);
		return 1;
	}
	if (in.n != columns) {
		rows_judge(fault, ROW_REFUSED, 0, "",
		    "it has %d column%s where the heading has %d", in.n,
		    in.n == 1 ? "" : "s", columns);
		return 1;
	}
	g_string_truncate(r->attrs, 0);
	memset(r->left_out, 0, (size_t)r->kind->n_fields * sizeof(bool));
	for (int i = 0; i < columns; i++)
		cell(r, i, in.cells[i]);
	if (r->attrs->len > 0) {
		g_string_append_c(r->attrs, '}');
		*(const char **)(void *)((char *)row + r->kind->attrs) =
		    arena_strndup(a, r->attrs->str, r->attrs->len);
	}
	if (r->kind->finish != NULL)
		r->kind->finish(row, fault);
	check_id(r);
	return 1;
}

void
records_keep(const struct records *r, struct arena *a, void *row, const void *said)
{
	const struct record_kind *k = r->kind;

	for (int i = 1; i < k->n_fields; i++)
		if (!k->fields[i].hidden && (!r->told[i] || r->left_out[i]))
			record_copy(&k->fields[i], row, said);
	if (k->attrs != (size_t)-1) {
		const char *is = *(const char **)(void *)((char *)row + k->attrs),
			   *was = *(const char *const *)(const void *)((const char *)said +
								      k->attrs);

		*(const char **)(void *)((char *)row + k->attrs) =
		    columns_attributes(&r->cols, a, is, was);
	}
}
