/* yaml_test.c - the YAML reader: limits, refusals and places (rows by their numbers). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "spec/yaml.h"

struct row {
	const char *name, *text;
	size_t len;       /* 0: strlen */
	const char *want; /* "line:col: text", one a line; NULL: accepted */
};

#define BYTES(s) s, sizeof(s) - 1

static const struct row rows[] = {
	{ "Y2 laughs", "a: &a [x]\nb: [*a, *a]\n", 0,
	    "1:4: anchors are not allowed\n2:5: aliases are not allowed\n"
	    "2:9: aliases are not allowed\n" },
	{ "Y3 merge", "a:\n  <<: { b: c }\n", 0, "2:3: merge keys are not allowed\n" },
	{ "Y4 tag", "a: !!python/object x\nb: !include y\n", 0,
	    "1:4: tags are not allowed\n2:4: tags are not allowed\n" },
	{ "Y4 tag on a map", "a: !x { b: c }\n", 0, "1:4: tags are not allowed\n" },
	{ "Y5 duplicate", "wait: 1d\nb: 1\nwait: 2d\n", 0,
	    "3:1: \"wait\" is written twice, first on line 1\n" },
	{ "Y7 two documents", "a: b\n---\nc: d\n", 0,
	    "2:1: two documents in one file\n" },
	{ "Y7 end marker", "a: b\n...\n", 0, NULL },
	{ "Y8 empty", "", 0, "1:1: the file is empty\n" },
	{ "Y8 comments", "# a\n  # b\n", 0, "1:1: the file is empty\n" },
	{ "Y8 marker", "---\n", 0, "1:1: the file is empty\n" },
	{ "Y9 NUL", BYTES("a: b\0c\n"), "1:5: a NUL byte (U+0000)\n" },
	{ "Y9 control", "a: b\x1b[1m\n", 0, "1:5: a control character (U+001B)\n" },
	{ "Y9 C1 control", "a: 中\xc2\x9b\n", 0, "1:5: a control character (U+009B)\n" },
	{ "Y9 invalid UTF-8", "a: 中\xff\n", 0, "1:5: this is not UTF-8 text\n" },
	{ "Y9 cut UTF-8", "a: \xe4\xb8", 0, "1:4: this is not UTF-8 text\n" },
	{ "Y9 BOM",
	    "\xef\xbb\xbf"
	    "a: b\n",
	    0, NULL },
	{ "Y9 BOM inside",
	    "a: \xef\xbb\xbf"
	    "b\n",
	    0, "1:4: a byte order mark inside the text (U+FEFF)\n" },
	{ "Y9 UTF-16",
	    BYTES("\xff\xfe"
		  "a\0:\0"),
	    "1:1: the file is UTF-16\n" },
	{ "Y9 bidi",
	    "a: \xe2\x80\xae"
	    "b\n",
	    0,
	    "1:4: a character that turns the direction of the text around (U+202E)\n" },
	{ "Y9 escaped NUL", "a: \"x\\0y\"\n", 0, "1:4: the value holds a NUL (\\0)\n" },
	{ "Y9 lone CR", "a: b\rc: d\n", 0,
	    "1:5: a carriage return that ends no line (U+000D)\n" },
	{ "Y9 CRLF", "a: b\r\nc: d\r\n", 0, NULL },
	{ "Y10 tab", "a:\n\tb: c\n", 0, "2:1: a tab is used for indentation\n" },
	{ "Y10 tab after spaces", "a:\n  b: c\n  \td: e\n", 0,
	    "3:3: a tab is used for indentation\n" },
	{ "Y10 tab in brackets", "a: [\n\tb,\n  c]\n", 0,
	    "2:1: a tab is used for indentation\n" },
	{ "Y10 tab in a block", "a: |\n  x\n  \ty\n", 0, NULL },
	{ "key missing", "\"\": a\n", 0, "1:1: a key is missing\n" },
	{ "key is a list", "? [a]\n: b\n", 0, "1:3: a key must be a word\n" },
	{ "directive", "%YAML 1.1\n---\na: b\n", 0,
	    "1:1: \"%\" directives are not allowed\n" },
	{ "quote", "a: b\nc: \"d\ne: f\n", 0,
	    "2:4: the quote that opens here is never closed\n" },
	{ "brace", "a: { b: c\nd: e\n", 0, "2:2: a \",\" or \"}\" is missing\n" },
	{ "bracket at the end", "a: [b, c\n", 0, "1:4: a \",\" or \"]\" is missing\n" },
	{ "colon in a value", "标题: 甲: 乙\n", 0,
	    "1:6: a second \":\" in one value, or wrong indentation\n" },
};

struct fixture {
	struct arena *arena;
	struct report *report;
};

static int
setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);

	f->arena = arena_new();
	f->report = report_new();
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_free(f->arena);
	report_free(f->report);
	g_free(f);
	return 0;
}

static char *
found(const struct report *r)
{
	GString *out = g_string_new(NULL);
	guint i;

	for (i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		g_string_append_printf(
		    out, "%d:%d: %s\n", d->at.line, d->at.col, d->text);
	}
	return g_string_free(out, FALSE);
}

static void
refusals(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct arena *a = arena_new();
		struct report *r = report_new();
		char *got;

		yaml_parse(a, "f.yaml", row->text,
		    row->len > 0 ? row->len : strlen(row->text), r);
		got = found(r);
		if (strcmp(got, row->want == NULL ? "" : row->want) != 0)
			fail_msg("%s: got\n%swant\n%s", row->name, got,
			    row->want == NULL ? "" : row->want);
		g_free(got);
		report_free(r);
		arena_free(a);
	}
}

static struct yaml *
parse(struct fixture *f, const char *text, size_t len)
{
	return yaml_parse(f->arena, "f.yaml", text, len, f->report);
}

static void
assert_only(const struct fixture *f, const char *want)
{
	char *got = found(f->report);

	assert_string_equal(got, want);
	g_free(got);
}

/* Y1: libyaml alone takes seconds. The best of five, for a loaded machine. */
static void
y1_depth_is_refused_at_once(void **state)
{
	char *text = g_strnfill(64 << 10, '[');
	gint64 best = G_MAXINT64;
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		struct arena *a = arena_new();
		struct report *r = report_new();
		gint64 start = g_get_monotonic_time();

		assert_null(yaml_parse(a, "f.yaml", text, 64 << 10, r));
		best = MIN(best, g_get_monotonic_time() - start);
		assert_int_equal(r->errors, 1);
		assert_string_equal(((struct diag *)r->diags->pdata[0])->text,
		    "nested too deeply (depth>32)");
		report_free(r);
		arena_free(a);
	}
	assert_true(best < 10000);
	g_free(text);
}

static void
depth_of_32_is_fine(void **state)
{
	char *open = g_strnfill(32, '['), *close = g_strnfill(32, ']');
	char *text = g_strconcat(open, close, NULL);

	assert_non_null(parse(*state, text, strlen(text)));
	assert_only(*state, "");
	g_free(text);
	g_free(close);
	g_free(open);
}

static void
sizes_are_limited(void **state)
{
	struct fixture *f = *state;
	char *big = g_strnfill(YAML_SIZE_MAX + 1, '#');
	char *scalar = g_strnfill(YAML_SCALAR_MAX + 1, 'x');
	GString *many = g_string_new("[");
	int i;

	for (i = 0; i < YAML_EVENTS_MAX; i++)
		g_string_append(many, "a,");
	g_string_append(many, "a]");
	assert_null(parse(f, big, YAML_SIZE_MAX + 1));
	assert_null(parse(f, scalar, YAML_SCALAR_MAX + 1));
	assert_null(parse(f, many->str, many->len));
	assert_only(f, "1:1: the file is larger than 256 KiB\n"
		       "1:1: a value is longer than 16 KiB\n"
		       "1:39996: more than 20,000 parts in one file\n");
	g_string_free(many, TRUE);
	g_free(scalar);
	g_free(big);
}

/* Columns count characters, and text_at is where Liquid inside a value starts. */
static void
places(void **state)
{
	struct fixture *f = *state;
	static const char text[] =
	    "标题: 中文\n引号: \"内\"\n块: |\n\n    第一行\n单: '内'\n";
	const struct yaml *y = parse(f, text, sizeof(text) - 1), *v;

	v = yaml_get(y, "标题");
	assert_int_equal(v->at.line, 1);
	assert_int_equal(v->at.col, 5);
	v = yaml_get(y, "引号");
	assert_int_equal(v->at.col, 5);
	assert_int_equal(v->text_at.col, 6);
	assert_true(v->quoted);
	v = yaml_get(y, "块");
	assert_true(v->block);
	assert_int_equal(v->at.line, 3);
	assert_int_equal(v->text_at.line, 4);
	assert_int_equal(yaml_key_at(y, "单").line, 6);
	assert_int_equal(yaml_key_at(y, "无").line, 1);
	assert_null(yaml_get(y, "无"));
	assert_null(yaml_get(v, "无"));
	assert_true(y->read[0]);
	assert_false(y->read[3]);
}

/* Y11, Y12, Y13: everything is text until a schema types it. */
static void
typed_reads(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "time: 22:30\nno: no\non: on\noctal: 0o17\nexp: "
				   "1e3\nbig: 9223372036854775808\n"
				   "max: 9223372036854775807\nzeros: 007\nminus: "
				   "-1h\nzero: 0\nhuge: 99999999999d\n"
				   "day: 3d\nlate: 24:01\ndate: 2026-02-30\nrate: "
				   "0.05\nquoted: \"5\"\nnone: ~\nempty:\n"
				   "list: [a, b]\nint: 3\nsecond: 59s\n";
	const struct yaml *y = parse(f, text, sizeof(text) - 1);
	struct report *r = f->report;
	const char *s, **list;
	struct date date;
	int64_t n = 0;
	double d = 0;
	bool b = false;
	ms_t ms = 0;
	int minutes, count;

	assert_true(yaml_time(yaml_get(y, "time"), &minutes, r));
	assert_int_equal(minutes, 22 * 60 + 30);
	assert_true(yaml_str(yaml_get(y, "on"), &s, r));
	assert_string_equal(s, "on");
	assert_true(yaml_int(yaml_get(y, "max"), INT64_MIN, INT64_MAX, &n, r));
	assert_true(n == INT64_MAX);
	assert_true(yaml_duration(yaml_get(y, "day"), &ms, r));
	assert_true(ms == 3 * MS_DAY);
	assert_true(yaml_number(yaml_get(y, "rate"), 0, 1, &d, r));
	assert_true(yaml_strings(f->arena, yaml_get(y, "list"), &list, &count, r));
	assert_int_equal(count, 2);
	assert_null(list[2]);
	assert_true(yaml_strings(f->arena, yaml_get(y, "day"), &list, &count, r));
	assert_int_equal(count, 1);
	assert_false(yaml_int(NULL, 0, 1, &n, r));
	assert_int_equal(r->errors, 0);

	assert_false(yaml_bool(yaml_get(y, "no"), &b, r));
	assert_false(yaml_bool(yaml_get(y, "on"), &b, r));
	assert_false(yaml_int(yaml_get(y, "octal"), 0, 99, &n, r));
	assert_false(yaml_int(yaml_get(y, "exp"), 0, 9999, &n, r));
	assert_false(yaml_int(yaml_get(y, "big"), INT64_MIN, INT64_MAX, &n, r));
	assert_false(yaml_int(yaml_get(y, "zeros"), 0, 99, &n, r));
	assert_false(yaml_int(yaml_get(y, "quoted"), 0, 99, &n, r));
	assert_false(yaml_duration(yaml_get(y, "minus"), &ms, r));
	assert_false(yaml_duration(yaml_get(y, "zero"), &ms, r));
	assert_false(yaml_duration(yaml_get(y, "huge"), &ms, r));
	assert_false(yaml_time(yaml_get(y, "late"), &minutes, r));
	assert_false(yaml_date(yaml_get(y, "date"), &date, r));
	assert_false(yaml_str(yaml_get(y, "none"), &s, r));
	assert_false(yaml_str(yaml_get(y, "empty"), &s, r));
	assert_false(yaml_str(yaml_get(y, "list"), &s, r));
	assert_false(yaml_int(yaml_get(y, "int"), 4, 9, &n, r));
	assert_false(yaml_duration(yaml_get(y, "second"), &ms, r));
	assert_int_equal(r->errors, 17);
	assert_true(n == INT64_MAX);
}

static void
unknown_keys(void **state)
{
	struct fixture *f = *state;
	static const char *const keys[] = { "on_quiet", "send", NULL };
	const struct yaml *y = parse(f, "on_quite: x\n", 12);

	yaml_unknown_key(y->keys[0], keys, f->report);
	assert_only(f, "1:1: unknown key \"on_quite\"\n");
	assert_string_equal(((struct diag *)f->report->diags->pdata[0])->hint,
	    "did you mean \"on_quiet\"?");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(y1_depth_is_refused_at_once),
		TEST(depth_of_32_is_fine),
		TEST(sizes_are_limited),
		TEST(places),
		TEST(typed_reads),
		TEST(unknown_keys),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
