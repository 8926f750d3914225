/* Tables: what a file is, its rows across chunks, and every way to refuse it.
 * proves: S3 */
#include "table_rows.h"

/* ---- CSV that is read ---- */

static void
test_reads(void **state)
{
	static const struct {
		const char *name, *bytes, *rows;
	} cases[] = {
		{ "plain", "id,name\n1,a\n2,b\n", "2/2:1,a|3/3:2,b|" },
		{ "C11 line ends mixed", "id,name\r\n1,a\r2,b\n3,c\r\n",
		    "2/2:1,a|3/3:2,b|4/4:3,c|" },
		{ "blank lines count as rows", "\n\nid,x\r\n\r\n1,a\n", "5/5:1,a|" },
		{ "rows of empty cells are blank", "id,x\n,\n1,a\n,,,\n", "3/3:1,a|" },
		{ "line feeds in a field", "id,x\n1,\"a\nb\nc\"\n2,d\n",
		    "2/2:1,a\nb\nc|3/5:2,d|" },
		{ "no line feed at the end", "id,x\n1,a", "2/2:1,a|" },
		{ "only a heading", "id,x\n", "" },
		{ "doubled quotes", "id,x\n1,\"a \"\"b\"\" c\"\n", "2/2:1,a \"b\" c|" },
		{ "stray quote", "id,x\n1,a\"b\n", "2/2:1,a\"b|" },
		{ "spaces around", "id , x\n 1 ,  a\n", "2/2:1,a|" },
		{ "too few and too many", "id,x\n1\n1,2,3\n", "2/2:1|3/3:1,2,3|" },
		{ "tab", "id\tx\n1\ta,b\n", "2/2:1,a,b|" },
		{ "semicolon", "id;x;y\n1;a;b\n", "2/2:1,a,b|" },
		{ "byte order mark", "\xef\xbb\xbfid,x\n1,é\n", "2/2:1,é|" },
		{ "UTF-8", "id,姓名\n1,王芳\n", "2/2:1,王芳|" },
		{ "GB18030", "id,\xd0\xd5\xc3\xfb\n1,\xcd\xf5\xb7\xbc\n", "2/2:1,王芳|" },
		{ "GB18030 with four bytes", "id,\xd0\xd5\n1,\x95\x32\x82\x36\n",
		    "2/2:1,𠀀|" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *path = file_of(cases[i].bytes, -1),
		     *rows = rows_of(path, TABLE_DETECT, true);

		if (strcmp(rows, cases[i].rows) != 0) {
			fail_msg("%s: got \"%s\", not \"%s\"", cases[i].name, rows,
			    cases[i].rows);
		}
		g_free(rows);
		g_free(path);
	}
}

/* ---- CSV that is refused ---- */

static void
test_refuses(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t len; /* 0: a C string */
		const char *fault;
	} cases[] = {
		{ "C2 unclosed quote", "id,x\n1,a\n2,\"b\n3,c\n", 0,
		    "3: a quote opened in this line" },
		{ "C2 its line after a long field", "id,x\n\"1\n2\",a\n2,\"b", 0,
		    "4: a quote opened" },
		{ "C4 double heading", "id,Phone,phone\n", 0,
		    "1: columns 2 and 3 are both called" },
		{ "C4 empty heading", "id,,x\n1,2,3\n", 0, "1: column 2 has no heading" },
		{ "C10 NUL", "id,x\n1,a\n2,b\0c\n", 15, "3: this line holds a NUL byte" },
		{ "C13 gzip", "\x1f\x8b\x08\x00", 4,
		    "1: not a table: it is packed with gzip" },
		{ "UTF-16", "\xff\xfei\0d\0", 6, "1: not a table: it is UTF-16" },
		{ "old Excel", "\xd0\xcf\x11\xe0\xa1\xb1", 0,
		    "1: not a table: it is an old Excel" },
		{ "empty", "", 0, "1: the file is empty" },
		{ "nothing but line ends", "\n\r\n", 0, "1: there is no heading" },
		{ "zip but no workbook", "PK\3\4xxxxxxxxxxxxxxxx", 0,
		    "1: the workbook is damaged" },
		{ "neither UTF-8 nor GB18030", "id,x\n1,a\n2,\xff\xff\n", 0,
		    "3: this line holds bytes" },
		{ "cut in a character", "id,\xd0\xd5\xc3\xfb\n1,\xcd\xf5\xb7", 0,
		    "2: this line holds" },
		{ "C1 ambiguous", "id,x\n1,Jos\xc3\xa9 138\n", 0,
		    "1: the encoding is ambiguous: the same cell reads \"José ***\" as "
		    "UTF-8 and "
		    "\"Jos茅 ***\" as GB18030" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		gssize len = cases[i].len > 0 ? (gssize)cases[i].len : -1;
		char *path = file_of(cases[i].bytes, len),
		     *rows = rows_of(path, TABLE_DETECT, false);

		if (!g_str_has_prefix(rows, cases[i].fault))
			fail_msg("%s: \"%s\"", cases[i].name, rows);
		g_free(rows);
		g_free(path);
	}
}

static void
assert_refused(GString *bytes, const char *fault)
{
	char *path = file_of(bytes->str, (gssize)bytes->len);
	char *rows = rows_of(path, TABLE_DETECT, false);

	if (!g_str_has_prefix(rows, fault))
		fail_msg("\"%.200s\" does not begin \"%s\"", rows, fault);
	g_free(rows);
	g_free(path);
	g_string_free(bytes, TRUE);
}

static GString *
repeated(const char *before, const char *what, int times)
{
	GString *s = g_string_new(before);

	for (int i = 0; i < times; i++)
		g_string_append(s, what);
	return s;
}

static void
test_limits(void **state)
{
	struct err e = { .kind = ERR_NONE };

	(void)state;
	assert_refused(repeated("id,x\n1,", "y", 10 << 20),
	    "2: a field of this line is longer than the 8192 bytes");
	assert_refused(repeated("id,x\n1,", "y", 8193), "2: a field of this line");
	assert_refused(
	    repeated("id,x\n1,\"", "y\n", 100000), "2: a quote opened in this line");
	assert_refused(repeated("id", ",x", 64), "1: the heading has 65 columns");
	assert_refused(
	    repeated("id\n", "1\n", 1000001), "1000002: more than 1000000 rows");
	assert_null(table_open(dir, TABLE_DETECT, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_null(table_open("/nonexistent/-", TABLE_DETECT, &e));
	assert_int_equal(e.kind, ERR_NOTFOUND);
	/* Exactly at the limits. */
	GString *s = repeated("id,x\n1,", "y", 8192);
	char *path = file_of(s->str, (gssize)s->len),
	     *rows = rows_of(path, TABLE_DETECT, false);

	assert_int_equal(strlen(rows), 8192 + 3);
	g_free(rows);
	g_free(path);
	g_string_free(s, TRUE);
}

/* A file of Chinese UTF-8 with one broken character must not become GB18030. */
static void
test_broken_utf8(void **state)
{
	GString *s = repeated("id,x\n", "1,王芳\n", 40);

	(void)state;
	g_string_append(s, "2,\xe7\x8e\n");
	g_string_append(s, "3,王芳\n");
	assert_refused(s, "42: the file is UTF-8 but this line holds a broken character");
}

/* What the caller answers to an ambiguous file. */
static void
test_encoding_told(void **state)
{
	char *path = file_of("id,x\n1,Jos\xc3\xa9\n", -1), *rows;

	(void)state;
	rows = rows_of(path, TABLE_UTF8, false);
	assert_string_equal(rows, "1,José|");
	g_free(rows);
	rows = rows_of(path, TABLE_GB18030, false);
	assert_string_equal(rows, "1,Jos茅|");
	g_free(rows);
	g_free(path);
	path = file_of("id,\xd0\xd5\xc3\xfb\n", -1);
	rows = rows_of(path, TABLE_UTF8, false);
	assert_true(
	    g_str_has_prefix(rows, "1: this line holds bytes that are not UTF-8"));
	g_free(rows);
	g_free(path);
}

/* ---- chunks ---- */

static void
check_pass(struct table *t, int n)
{
	struct err e = { .kind = ERR_NONE };
	struct table_row row;

	for (int i = 0; i < n; i++) {
		char want[64];

		assert_int_equal(table_next(t, &row, &e), 1);
		g_snprintf(want, sizeof want, "王小明，第%d位", i * 7919);
		assert_int_equal(row.n, 3);
		assert_int_equal(row.row, i + 2);
		assert_string_equal(row.cells[1].p, want);
		assert_int_equal(row.cells[1].len, strlen(want));
		g_snprintf(want, sizeof want, "%d \"号\"\n%d", i, i);
		assert_string_equal(row.cells[2].p, want);
	}
	assert_int_equal(table_next(t, &row, &e), 0);
	assert_int_equal(table_next(t, &row, &e), 0);
}

/* Characters, quotes and rows that cross the ends of chunks, in both encodings,
 * and the second pass. */
static void
test_chunks(void **state)
{
	static const char *const charsets[] = { "UTF-8", "GB18030" };
	GString *s = g_string_new("id,姓名,备注\n");

	(void)state;
	for (int i = 0; i < 20000; i++)
		g_string_append_printf(
		    s, "%d,王小明，第%d位,\"%d \"\"号\"\"\n%d\"\r\n", i, i * 7919, i, i);
	for (int k = 0; k < 2; k++) {
		gsize len;
		char *bytes = g_convert(
		    s->str, (gssize)s->len, charsets[k], "UTF-8", NULL, &len, NULL);
		char *path = file_of(bytes, (gssize)len);
		struct err e = { .kind = ERR_NONE };
		struct table *t = table_open(path, TABLE_DETECT, &e);

		assert_non_null(t);
		assert_int_equal(table_encoding(t), k == 0 ? TABLE_UTF8 : TABLE_GB18030);
		check_pass(t, 20000);
		assert_int_equal(table_rewind(t, &e), 0);
		check_pass(t, 20000);
		table_close(t);
		g_free(path);
		g_free(bytes);
	}
	g_string_free(s, TRUE);
}

static void
test_changed_file(void **state)
{
	char *path = file_of("id,x\n1,a\n", -1);
	struct err e = { .kind = ERR_NONE };
	struct table *t = table_open(path, TABLE_DETECT, &e);
	struct table_row row;
	FILE *f = fopen(path, "a");

	(void)state;
	assert_non_null(t);
	fputs("2,b\n", f);
	fclose(f);
	assert_int_equal(table_rewind(t, &e), 0);
	while (table_next(t, &row, &e) > 0)
		continue;
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, "changed while it was read"));
	table_close(t);
	g_free(path);
}

/* ---- writing ---- */

static void
test_write(void **state)
{
	static const struct {
		const char *value;
		size_t len;
		const char *written;
	} cases[] = {
		{ "王芳", 0, "王芳" },
		{ "", 0, "" },
		{ "a,b", 0, "\"a,b\"" },
		{ "a \"b\"", 0, "\"a \"\"b\"\"\"" },
		{ "a\nb", 0, "\"a\nb\"" },
		{ " a", 0, "\" a\"" },
		{ "=HYPERLINK(\"x\")", 0, "\"'=HYPERLINK(\"\"x\"\")\"" },
		{ "+8615400000001", 0, "\"'+8615400000001\"" },
		{ "-1", 0, "\"'-1\"" },
		{ "@x", 0, "\"'@x\"" },
		{ "\tx", 0, "\"'\tx\"" },
		{ "\rx", 0, "\"'\rx\"" },
		{ "\0x", 2, "\"'\0x\"" },
		{ "a=b", 0, "a=b" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GString *out = g_string_new("x,");
		size_t len = cases[i].len > 0 ? cases[i].len : strlen(cases[i].value);
		size_t want = cases[i].len > 0 ? 5 : strlen(cases[i].written);

		table_write_field(out, cases[i].value, len);
		assert_int_equal(out->len, want + 2);
		assert_memory_equal(out->str + 2, cases[i].written, want);
		g_string_free(out, TRUE);
	}
	assert_string_equal(table_write_undo("'=1"), "=1");
	assert_string_equal(table_write_undo("'a"), "'a");
	assert_string_equal(table_write_undo("'"), "'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_broken_utf8),
		cmocka_unit_test(test_encoding_told),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_changed_file),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests_name("table", tests, setup, teardown);
}
