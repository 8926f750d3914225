#include "core/sheet.h"

#include <math.h>
#include <string.h>

#include "base/check.h"

static const char *const types[] = { "text", "integer", "share", "number", "money",
	"date", "interval", "range" };

const char *
sheet_type_name(int type)
{
	CHECK(type >= 0 && type < SHEET_TYPES);
	return types[type];
}

int
sheet_type_find(const char *name)
{
	for (int i = 0; i < SHEET_TYPES; i++)
		if (strcmp(types[i], name) == 0)
			return i;
	return -1;
}

struct sheet *
sheet_new(const char *name, const char *title, const char *title_zh)
{
	struct arena *a = arena_new();
	struct sheet *s = arena_new_of(a, struct sheet);

	s->arena = a;
	s->name = arena_strdup(a, name);
	s->title = arena_strdup(a, title);
	s->title_zh = arena_strdup(a, title_zh);
	return s;
}

void
sheet_free(struct sheet *s)
{
	if (s != NULL)
		arena_free(s->arena);
}

/* Room for one more; what was outgrown goes with the arena. */
static void *
grow(struct arena *a, void *old, int n, int *room, size_t size)
{
	void *wide;

	if (n < *room)
		return old;
	*room = *room == 0 ? 16 : 2 * *room;
	wide = arena_alloc(a, (size_t)*room * size);
	if (n > 0)
		memcpy(wide, old, (size_t)n * size);
	return wide;
}

void
sheet_column(struct sheet *s, const char *name, const char *title, const char *title_zh,
    enum sheet_type type)
{
	CHECK(s->n_rows == 0 && sheet_find(s, name) < 0);
	s->columns = grow(s->arena, s->columns, s->n_columns, &s->room_columns,
	    sizeof(struct sheet_column));
	s->columns[s->n_columns++] = (struct sheet_column){
		.name = arena_strdup(s->arena, name),
		.title = arena_strdup(s->arena, title),
		.title_zh = arena_strdup(s->arena, title_zh),
		.type = type,
		.target = NAN,
	};
}

void
sheet_target(struct sheet *s, double share)
{
	CHECK(s->n_columns > 0);
	s->columns[s->n_columns - 1].target = share;
}

void
sheet_row(struct sheet *s)
{
	CHECK(s->n_columns > 0);
	s->cells = grow(s->arena, s->cells, s->n_rows, &s->room_rows,
	    sizeof(struct sheet_cell) * (size_t)s->n_columns);
	memset(s->cells + (size_t)s->n_rows * (size_t)s->n_columns, 0,
	    sizeof(struct sheet_cell) * (size_t)s->n_columns);
	s->n_rows++;
}

int
sheet_find(const struct sheet *s, const char *column)
{
	for (int i = 0; i < s->n_columns; i++)
		if (strcmp(s->columns[i].name, column) == 0)
			return i;
	return -1;
}

const struct sheet_cell *
sheet_cell(const struct sheet *s, int row, int column)
{
	CHECK(row >= 0 && row < s->n_rows && column >= 0 && column < s->n_columns);
	return &s->cells[(size_t)row * (size_t)s->n_columns + (size_t)column];
}

static struct sheet_cell *
last(struct sheet *s, const char *column)
{
	int i = sheet_find(s, column);
	struct sheet_cell *c;

	CHECK(i >= 0 && s->n_rows > 0);
	c = &s->cells[(size_t)(s->n_rows - 1) * (size_t)s->n_columns + (size_t)i];
	c->known = true;
	return c;
}

void
sheet_text(struct sheet *s, const char *column, const char *text)
{
	last(s, column)->text = arena_strdup(s->arena, text);
}

void
sheet_int(struct sheet *s, const char *column, int64_t n)
{
	last(s, column)->number = (double)n;
}

void
sheet_number(struct sheet *s, const char *column, double number)
{
	last(s, column)->number = number;
}

void
sheet_share(struct sheet *s, const char *column, int64_t hits, int64_t n)
{
	sheet_ratio(s, column, (double)hits, (double)n);
}

void
sheet_ratio(struct sheet *s, const char *column, double a, double b)
{
	if (b != 0)
		last(s, column)->number = a / b;
	else
		CHECK(sheet_find(s, column) >= 0);
}

void
sheet_between(struct sheet *s, const char *column, struct interval between)
{
	last(s, column)->between = between;
}

void
sheet_date(struct sheet *s, const char *column, int64_t day)
{
	struct date d = date_from_days(day);

	last(s, column)->text =
	    arena_printf(s->arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

void
sheet_note(struct sheet *s, const char *en, const char *zh)
{
	s->notes = grow(
	    s->arena, s->notes, s->n_notes, &s->room_notes, sizeof(struct sheet_note));
	s->notes[s->n_notes++] =
	    (struct sheet_note){ arena_strdup(s->arena, en), arena_strdup(s->arena, zh) };
}

void
sheet_words(struct sheet *s, const char *column, const char *en, const char *zh)
{
	sheet_text(s, column, en);
	for (int i = 0; i < s->n_words; i++)
		if (strcmp(s->words[i].en, en) == 0)
			return;
	s->words = grow(
	    s->arena, s->words, s->n_words, &s->room_words, sizeof(struct sheet_note));
	s->words[s->n_words++] =
	    (struct sheet_note){ arena_strdup(s->arena, en), arena_strdup(s->arena, zh) };
}

const char *
sheet_said(const struct sheet *s, const struct sheet_cell *c, enum sheet_language l)
{
	for (int i = 0; l == SHEET_ZH && i < s->n_words; i++)
		if (strcmp(s->words[i].en, c->text) == 0)
			return s->words[i].zh;
	return c->text;
}

const char *
sheet_heading(const struct sheet_column *c, enum sheet_language l)
{
	return l == SHEET_ZH ? c->title_zh : c->title;
}
