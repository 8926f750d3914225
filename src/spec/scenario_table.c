/* scenario_table.c - rows of customers and the like, written as YAML, to be imported as
 * CSV. */
#include <string.h>

#include "scenario_read.h"
#include "spec/table.h"

#define ROWS_MAX 5000

/* The columns of all rows, in the order in which they first come. */
static void
columns_find(struct scenario_reading *rd, const struct yaml *y, struct scenario_table *t)
{
	t->columns = arena_array(rd->arena, const char *, TABLE_COLUMNS_MAX);
	for (int i = 0; i < y->n; i++)
		for (int k = 0; y->items[i]->kind == YAML_MAP && k < y->items[i]->n;
		     k++) {
			const struct yaml *key = y->items[i]->keys[k];
			int c = 0;

			while (c < t->n_columns && strcmp(t->columns[c], key->text) != 0)
				c++;
			if (c == TABLE_COLUMNS_MAX)
				report_add(rd->report, SEV_ERROR, key->at, "limit", "",
				    "a table has at most %d columns", TABLE_COLUMNS_MAX);
			else if (c == t->n_columns)
				t->columns[t->n_columns++] = key->text;
		}
}

/* A list stands for tags: joined as a cell would be. */
static const char *
cell_text(struct scenario_reading *rd, const struct yaml *y)
{
	const char **words;
	char *joined;
	const char *kept;
	int n;

	if (y->kind == YAML_SCALAR && y->len == 0)
		return "";
	if (!yaml_strings(rd->arena, y, &words, &n, rd->report))
		return "";
	joined = g_strjoinv(";", (char **)words);
	kept = arena_strdup(rd->arena, joined);
	g_free(joined);
	return kept;
}

static void
rows_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_table *t)
{
	columns_find(rd, y, t);
	t->n_rows = y->n;
	t->cells = arena_array(
	    rd->arena, struct scenario_cell, (size_t)y->n * (size_t)t->n_columns);
	for (int i = 0; i < y->n; i++) {
		const struct yaml *row = y->items[i];

		if (row->kind != YAML_MAP)
			report_add(rd->report, SEV_ERROR, row->at, "type",
			    "write { id: C1, ... } with the columns of the import",
			    "a row is a mapping");
		for (int c = 0; c < t->n_columns; c++) {
			struct scenario_cell *cell = &t->cells[i * t->n_columns + c];
			const struct yaml *v = yaml_get(row, t->columns[c]);

			cell->at = v == NULL ? row->at : v->at;
			cell->text = v == NULL ? "" : cell_text(rd, v);
		}
	}
}

static void
table_read(struct scenario_reading *rd, const struct yaml *y, struct scenario_table *t)
{
	if (y->kind == YAML_SCALAR) {
		if (yaml_str(y, &t->file, rd->report))
			t->file = scenario_path(rd, t->file);
	} else if (y->kind == YAML_LIST && y->n <= ROWS_MAX) {
		rows_read(rd, y, t);
	} else {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write rows, - { id: C1, ... }, or the name of a file",
		    "a list of at most %d rows is expected here", ROWS_MAX);
	}
}

void
scenario_tables_read(struct scenario_reading *rd, const struct yaml *y,
    struct scenario_table **out, int *n)
{
	if (y->kind != YAML_MAP) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write customers: and its rows below", "a mapping is expected here");
		return;
	}
	*out = arena_array(rd->arena, struct scenario_table, y->n);
	for (*n = 0; *n < y->n; (*n)++) {
		struct scenario_table *t = &(*out)[*n];

		t->what = y->keys[*n]->text;
		t->at = y->keys[*n]->at;
		table_read(rd, yaml_get(y, t->what), t);
	}
}

char *
scenario_csv(const struct scenario_table *t)
{
	GString *out = g_string_new(NULL);

	for (int i = -1; i < t->n_rows; i++) {
		for (int c = 0; c < t->n_columns; c++) {
			const char *s =
			    i < 0 ? t->columns[c] : t->cells[i * t->n_columns + c].text;

			if (c > 0)
				g_string_append_c(out, ',');
			table_write_field(out, s, strlen(s));
		}
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}
