/* test_import.c - tables of a scenario, taken in as `reachd import` takes files. */
#include <glib/gstdio.h>
#include <string.h>

#include "spec/customers.h"
#include "test.h"

/* The place of a cell, for a row as a spreadsheet counts and a heading. */
static struct pos
place(const struct scenario_table *table, const struct row_fault *f)
{
	int64_t row = f->row - 2;

	for (int c = 0; row >= 0 && row < table->n_rows && c < table->n_columns; c++)
		if (strcmp(table->columns[c], f->heading) == 0)
			return table->cells[row * table->n_columns + c].at;
	return row >= 0 && row < table->n_rows && table->n_columns > 0
		   ? table->cells[row * table->n_columns].at
		   : table->at;
}

/* Customers are judged here too, so that what is wrong is told of its own place. */
static void
judge_customers(struct test *t, const struct scenario_table *table, const char *path)
{
	struct err e = { 0 };
	struct arena *a = arena_new();
	struct customers *rows = customers_open(path, TABLE_UTF8, NULL, &e);
	struct row_fault f;
	struct customer c;
	int rc = rows == NULL ? -1 : 1;

	while (rc == 1 && (rc = customers_next(rows, a, &c, &f, &e)) == 1)
		if (f.verdict != ROW_GOOD)
			report_add(t->report, SEV_ERROR, place(table, &f), "row", "",
			    "%s%s%s", f.heading, *f.heading != '\0' ? ": " : "",
			    f.reason);
	if (rc < 0)
		report_add(t->report, SEV_ERROR, table->at, "table", "", "%s", e.text);
	customers_close(rows);
	arena_free(a);
}

/* The engine removes what it has read: it gets a file of its own. */
static char *
file_make(struct test *t, const struct scenario_table *table, struct err *e)
{
	char *path = g_strdup_printf("%s/%s-%d.csv", t->dir, table->what, t->keys++);
	char *text = NULL;
	gsize len = 0;
	GError *why = NULL;

	if (table->file != NULL)
		g_file_get_contents(table->file, &text, &len, &why);
	else
		text = scenario_csv(table);
	if (text != NULL && g_file_set_contents(path, text,
				table->file != NULL ? (gssize)len : -1, &why)) {
		g_free(text);
		return path;
	}
	err_at(e, table->at, "%s", why->message);
	g_error_free(why);
	g_free(text);
	g_free(path);
	return NULL;
}

int
test_import(struct test *t, const struct scenario_table *table, bool given, struct err *e)
{
	const struct import_how how = { .history = given };
	const char *error;
	char *path;
	int rc;

	if (table->file == NULL && table->n_rows == 0)
		return 0;
	path = file_make(t, table, e);
	if (path == NULL)
		return -1;
	if (strcmp(table->what, "customers") == 0 && table->file == NULL)
		judge_customers(t, table, path);
	engine_import(
	    town_engine(t->town), table->what, path, &how, NULL, test_answered, t);
	rc = test_wait(t, e);
	g_free(path);
	if (rc != 0)
		return -1;
	error = json_string_value(json_object_get(t->answer.json, "error"));
	if (t->answer.status != 200)
		test_fail(t, table->at, "import %s: %s", table->what,
		    error != NULL ? error : "refused");
	else if (strcmp(table->what, "customers") != 0 &&
		 json_integer_value(json_object_get(t->answer.json, "imported")) !=
		     json_integer_value(json_object_get(t->answer.json, "rows")))
		test_fail(t, table->at, "import %s: %s", table->what,
		    json_string_value(json_object_get(t->answer.json, "report")));
	return 0;
}
