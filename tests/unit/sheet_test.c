/* sheet_test.c - a sheet as JSON and back, on a terminal, as CSV and as xlsx. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>
#include <math.h>

#include "../../src/cmd/report_text.h"
#include "core/sheet.h"
#include "spec/sheet_write.h"
#include "spec/table.h"
#include "store/reports.h"

static struct sheet *
example(void)
{
	struct sheet *s = sheet_new("x", "Example", "示例");

	sheet_column(s, "store", "store", "门店", SHEET_TEXT);
	sheet_column(s, "n", "customers", "客户数", SHEET_INTEGER);
	sheet_column(s, "reach", "reached", "触达率", SHEET_SHARE);
	sheet_target(s, 0.7);
	sheet_column(s, "gain", "gain", "净收益", SHEET_MONEY);
	sheet_column(s, "range", "interval", "区间", SHEET_INTERVAL);
	sheet_row(s);
	sheet_text(s, "store", "=1+1");
	sheet_int(s, "n", 12345);
	sheet_share(s, "reach", 3, 4);
	sheet_number(s, "gain", -1234.5);
	sheet_between(s, "range", (struct interval){ -0.05, INFINITY });
	sheet_row(s);
	sheet_words(s, "store", "all", "合计");
	sheet_share(s, "reach", 1, 0); /* of nobody: unknown */
	sheet_note(s, "A note.", "说明。");
	return s;
}

static struct sheet *
there_and_back(struct sheet *s)
{
	json_t *j = sheet_to_json(s);
	struct sheet *back = sheet_from_json(j);

	assert_non_null(back);
	json_decref(j);
	sheet_free(s);
	return back;
}

static void
terminal(void **state)
{
	struct sheet *s = there_and_back(example());
	GString *out = g_string_new("");

	(void)state;
	report_text(s, SHEET_EN, 100, out);
	assert_string_equal(out->str,
	    "Example\n\n"
	    "store  customers   reached                  gain    interval\n"
	    "=1+1      12,345  75.0 % ✓ ███████▌    -1,234.50  -5.0 % … ∞\n"
	    "all\n\nA note.\n");
	g_string_truncate(out, 0);
	report_text(s, SHEET_ZH, 100, out);
	assert_non_null(strstr(out->str, "门店  客户数    触达率"));
	assert_non_null(strstr(out->str, "\n合计\n"));
	/* Too wide: figures below each other, and the target beside the bar. */
	g_string_truncate(out, 0);
	report_text(s, SHEET_EN, 40, out);
	assert_string_equal(out->str, "Example\n\n"
				      "           =1+1\n"
				      "customers      12,345\n"
				      "reached      75.0 % ✓ ███████▌    > 70 %\n"
				      "gain        -1,234.50\n"
				      "interval   -5.0 % … ∞\n"
				      "\n           all\n\n"
				      "A note.\n");
	g_string_free(out, TRUE);
	sheet_free(s);
}

static void
csv(void **state)
{
	struct sheet *s = there_and_back(example());
	GString *out = g_string_new("");

	(void)state;
	sheet_csv(s, SHEET_EN, out);
	assert_string_equal(out->str, "store,n,reach,gain,range_low,range_high\r\n"
				      "\"'=1+1\",12345,0.75,-1234.50,-0.05,\r\n"
				      "all,,,,,\r\n");
	g_string_truncate(out, 0);
	sheet_csv(s, SHEET_ZH, out);
	assert_memory_equal(out->str, "\xef\xbb\xbf门店,客户数,", 20);
	assert_non_null(strstr(out->str, "区间下限,区间上限\r\n"));
	assert_non_null(strstr(out->str, "\r\n合计,"));
	g_string_free(out, TRUE);
	sheet_free(s);
}

/* Read again by our own reader of what people hand us. */
static void
xlsx(void **state)
{
	struct sheet *s = there_and_back(example());
	struct err e = { 0 };
	char *dir = g_dir_make_tmp("reachd-sheet-XXXXXX", NULL);
	char *path = g_build_filename(dir, "x.xlsx", NULL);
	struct table_row row;
	struct table *t;

	(void)state;
	if (sheet_xlsx(s, SHEET_ZH, path, &e) != 0)
		fail_msg("%s", e.text);
	t = table_open(path, TABLE_DETECT, &e);
	/* An interval is two columns, and our reader wants its headings apart. */
	if (t == NULL)
		fail_msg("%s", e.text);
	assert_string_equal(table_heading(t, 0), "门店");
	assert_int_equal(table_next(t, &row, &e), 1);
	assert_string_equal(row.cells[0].p, "=1+1");
	assert_string_equal(row.cells[1].p, "12345");
	assert_string_equal(row.cells[2].p, "0.75");
	assert_string_equal(row.cells[3].p, "-1234.5");
	assert_int_equal(table_next(t, &row, &e), 1);
	assert_string_equal(row.cells[0].p, "合计");
	table_close(t);
	unlink(path);
	rmdir(dir);
	assert_int_equal(sheet_xlsx(s, SHEET_EN, "/nowhere/x.xlsx", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	g_free(path);
	g_free(dir);
	sheet_free(s);
}

static void
no_sheet(void **state)
{
	static const char *const rows[] = { "{}", "[]", "{\"columns\":[]}",
		"{\"columns\":[{\"name\":\"a\",\"type\":\"colour\"}]}",
		"{\"columns\":[{\"name\":\"a\",\"type\":\"text\"},{\"name\":\"a\",\"type\":\"text\"}]}" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *j = json_loads(rows[i], 0, NULL);

		assert_null(sheet_from_json(j));
		json_decref(j);
	}
}

/* "A/B tests" cannot be the name of a page: writing it ended in a segmentation fault. */
static void
every_report_has_a_page(void **state)
{
	char *dir = g_dir_make_tmp("reachd-sheet-XXXXXX", NULL);
	const struct reports_line *line;

	(void)state;
	for (int i = 0; (line = reports_at(i)) != NULL; i++) {
		for (int zh = 0; zh < 2; zh++) {
			struct sheet *s =
			    sheet_new(line->name, line->title, line->title_zh);
			char *path = g_build_filename(dir, "all.xlsx", NULL);
			struct err e = { 0 };

			sheet_column(s, "n", "n", "n", SHEET_INTEGER);
			if (sheet_xlsx(s, zh ? SHEET_ZH : SHEET_EN, path, &e) != 0)
				fail_msg("%s: %s", line->name, e.text);
			unlink(path);
			g_free(path);
			sheet_free(s);
		}
	}
	rmdir(dir);
	g_free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminal),
		cmocka_unit_test(csv),
		cmocka_unit_test(xlsx),
		cmocka_unit_test(every_report_has_a_page),
		cmocka_unit_test(no_sheet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
