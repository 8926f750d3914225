/* table_rows.h - a file of a test's own, and the rows a table of it has. */
#ifndef TESTS_TABLE_ROWS_H
#define TESTS_TABLE_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "spec/table.h"

static char *dir;

static inline char *
file_of(const char *bytes, gssize len)
{
	char *path = g_build_filename(dir, "t.csv", NULL);

	assert_true(g_file_set_contents(path, bytes, len, NULL));
	return path;
}

/* "a,b|c" for the rows of a file, "row:" before them when numbers are asked for. */
static inline char *
rows_of(const char *path, enum table_encoding want, bool numbers)
{
	struct err e = { .kind = ERR_NONE };
	struct table *t = table_open(path, want, &e);
	GString *out = g_string_new(NULL);
	struct table_row row;
	int got = 0;

	while (t != NULL && (got = table_next(t, &row, &e)) > 0) {
		if (numbers)
			g_string_append_printf(
			    out, "%d/%d:", (int)row.row, (int)row.line);
		for (int i = 0; i < row.n && i < TABLE_COLUMNS_MAX; i++)
			g_string_append_printf(
			    out, "%s%s", i > 0 ? "," : "", row.cells[i].p);
		g_string_append_c(out, '|');
	}
	if (t == NULL || got < 0) {
		assert_int_not_equal(e.kind, ERR_NONE);
		g_string_printf(out, "%d: %s", e.at.line, e.text);
	}
	table_close(t);
	return g_string_free(out, FALSE);
}

static inline int
setup(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("reachd-table-XXXXXX", NULL);
	return dir == NULL;
}

static inline int
teardown(void **state)
{
	static const char *const names[] = { "t.csv", "x.csv" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *path = g_build_filename(dir, names[i], NULL);

		g_unlink(path);
		g_free(path);
	}
	g_rmdir(dir);
	g_free(dir);
	return 0;
}

#endif
