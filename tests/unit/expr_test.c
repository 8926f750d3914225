/* expr_test.c - values, paths, comparisons, groups of conditions, and their mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>

#include "base/report.h"
#include "core/expr.h"
#include "spec/liquid.h"

static const char data[] =
    "{\"n\": 5, \"f\": 1.5, \"s\": \"apple\", \"no\": null, \"yes\": true, \"off\": "
    "false,"
    " \"list\": [1, \"b\", null], \"m\": {\"k\": \"v\", \"size\": 7}, \"zh\": \"北京市\","
    " \"deep\": {\"list\": [{\"x\": 1}, {\"x\": 2}]}, \"key\": \"k\", \"i\": 1, \"e\": "
    "\"\"}";

struct bench {
	struct arena *a;
	struct report *r;
	struct value all;
	struct scope scope;
};

static void
bench_open(struct bench *b)
{
	json_t *j = json_loads(data, 0, NULL);

	assert_non_null(j);
	b->a = arena_new();
	b->r = report_new();
	b->all = value_from_json(b->a, j);
	b->scope = scope_of_map(b->all.map, NULL);
	json_decref(j);
}

static void
bench_close(struct bench *b)
{
	report_free(b->r);
	arena_free(b->a);
}

static const struct expr *
parse(struct bench *b, const char *text)
{
	const struct expr *e =
	    liquid_condition(b->a, text, (struct pos){ "t", 1, 1 }, b->r);

	if (e == NULL)
		fail_msg("%s is refused", text);
	return e;
}

static char *
as_json(struct value v)
{
	json_t *j = value_to_json(v);
	char *text = json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT);

	json_decref(j);
	return text;
}

static void
test_paths(void **state)
{
	static const struct {
		const char *path, *value;
	} rows[] = {
		{ "n", "5" },
		{ "f", "1.5" },
		{ "m.k", "\"v\"" },
		{ "m['k']", "\"v\"" },
		{ "m[key]", "\"v\"" },
		{ "m.nope", "null" },
		{ "nope.a.b", "null" },
		{ "no", "null" },
		{ "list[0]", "1" },
		{ "list[-1]", "null" },
		{ "list[-2]", "\"b\"" },
		{ "list[i]", "\"b\"" },
		{ "list[3]", "null" },
		{ "list[-4]", "null" },
		{ "list.first", "1" },
		{ "list.last", "null" },
		{ "list.size", "3" },
		{ "list['size']", "null" },
		{ "m.size", "7" },
		{ "deep.size", "1" },
		{ "deep.list[1].x", "2" },
		{ "zh.size", "3" },
		{ "zh.first", "\"北\"" },
		{ "zh.last", "\"市\"" },
		{ "zh[1]", "\"京\"" },
		{ "zh[-3]", "\"北\"" },
		{ "zh[3]", "null" },
		{ "e.first", "null" },
		{ "n.size", "null" },
		{ "[key]", "null" },
		{ "['n']", "5" },
		{ "(1..3)", "\"1..3\"" },
		{ "(i..n)", "\"1..5\"" },
		{ "(f..'4')", "\"1..4\"" },
		{ "'text'", "\"text\"" },
		{ "-3", "-3" },
		{ "1.25", "1.25" },
		{ "nil", "null" },
		{ "true", "true" },
		{ "n == 5", "true" },
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *got = as_json(expr_value(parse(&b, rows[i].path), &b.scope));

		if (strcmp(got, rows[i].value) != 0)
			fail_msg(
			    "%s: wanted %s, got %s", rows[i].path, rows[i].value, got);
		free(got);
	}
	bench_close(&b);
}

static void
test_truth(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{ "n", true },
		{ "e", true },
		{ "0", true },
		{ "no", false },
		{ "off", false },
		{ "nope", false },
		{ "n == 5.0", true },
		{ "n == '5'", false },
		{ "n != 6", true },
		{ "n <> 6", true },
		{ "n > 4", true },
		{ "n >= 5", true },
		{ "n < 5", false },
		{ "n <= 5", true },
		{ "n > f", true },
		{ "s < 'banana'", true },
		{ "s > n", false },
		{ "s < n", false },
		{ "no != 'x'", true },
		{ "no < 1", false },
		{ "no >= 1", false },
		{ "no == nil", true },
		{ "nope == nil", true },
		{ "no == blank", true },
		{ "no == empty", false },
		{ "e == empty", true },
		{ "e == blank", true },
		{ "s contains 'ppl'", true },
		{ "s contains 'x'", false },
		{ "list contains 'b'", true },
		{ "list contains nil", false },
		{ "m contains 'k'", true },
		{ "m contains 'v'", false },
		{ "n contains 5", false },
		{ "s contains nope", false },
		{ "(1..3) contains n", false },
		{ "(1..9) contains n", true },
		{ "yes == true", true },
		/* right-associative, of one rank */
		{ "yes or off and off", true },
		{ "yes and off and off or yes", false },
		{ "off and yes or yes", false },
		{ "off or yes and n", true },
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (expr_true(parse(&b, rows[i].text), &b.scope) != rows[i].want)
			fail_msg("%s is not %s", rows[i].text,
			    rows[i].want ? "true" : "false");
	bench_close(&b);
}

static struct cond
leaf(struct bench *b, const char *text)
{
	return (struct cond){ .kind = COND_EXPR, .text = text, .expr = parse(b, text) };
}

static void
test_groups(void **state)
{
	struct bench b;
	struct cond yes, no, other, all, any, none, mixed, nothing;

	(void)state;
	bench_open(&b);
	yes = leaf(&b, "n == 5");
	no = leaf(&b, "n == 6");
	other = leaf(&b, "s == 'pear'");

	const struct cond *parts[] = { &yes, &no, &other }, *good[] = { &yes, &yes };
	all = (struct cond){ .kind = COND_ALL, .parts = parts, .n_parts = 3 };
	any = (struct cond){ .kind = COND_ANY, .parts = parts, .n_parts = 3 };
	none = (struct cond){ .kind = COND_NONE, .parts = parts, .n_parts = 3 };
	assert_false(cond_true(&all, &b.scope));
	assert_ptr_equal(cond_decider(&all, &b.scope), &no);
	assert_true(cond_true(&any, &b.scope));
	assert_ptr_equal(cond_decider(&any, &b.scope), &any);
	assert_false(cond_true(&none, &b.scope));
	assert_ptr_equal(cond_decider(&none, &b.scope), &yes);
	assert_ptr_equal(cond_decider(&yes, &b.scope), &yes);

	const struct cond *nested[] = { &any, &all };
	mixed = (struct cond){ .kind = COND_ALL, .parts = nested, .n_parts = 2 };
	assert_false(cond_true(&mixed, &b.scope));
	assert_ptr_equal(cond_decider(&mixed, &b.scope), &no);

	mixed = (struct cond){ .kind = COND_ALL, .parts = good, .n_parts = 2 };
	assert_true(cond_true(&mixed, &b.scope));
	assert_ptr_equal(cond_decider(&mixed, &b.scope), &mixed);

	nothing = (struct cond){ .kind = COND_ALL };
	assert_true(cond_true(&nothing, &b.scope));
	nothing.kind = COND_ANY;
	assert_false(cond_true(&nothing, &b.scope));
	nothing.kind = COND_NONE;
	assert_true(cond_true(&nothing, &b.scope));
	bench_close(&b);
}

static void
test_scopes(void **state)
{
	struct bench b;
	struct value_map *inner_map;
	struct scope inner;
	struct value v;

	(void)state;
	bench_open(&b);
	inner_map = value_map_new(b.a);
	value_map_set(b.a, inner_map, "n", value_int(1));
	inner = scope_of_map(inner_map, &b.scope);
	assert_true(scope_get(&inner, "n", 1, &v));
	assert_int_equal(v.i, 1);
	assert_true(scope_get(&inner, "s", 1, &v));
	assert_false(scope_get(&inner, "nope", 4, &v));
	assert_false(scope_get(NULL, "n", 1, &v));
	bench_close(&b);
}

static bool
answer(const struct value_map *m, const char *key, size_t len, struct value *out)
{
	if (len != 5 || memcmp(key, "asked", 5) != 0)
		return false;
	*out = value_str(m->arg);
	return true;
}

static void
test_maps(void **state)
{
	struct bench b;
	struct value_map *m, live = { .get = answer, .arg = "yes" };
	struct value v;
	char keys[40][16];

	(void)state;
	bench_open(&b);
	m = value_map_new(b.a);
	for (int i = 0; i < 40; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		value_map_set(b.a, m, keys[i], value_int(i));
	}
	value_map_set(b.a, m, "k7", value_int(70));
	assert_int_equal(m->n, 40);
	assert_true(value_map_get(m, "k7", 2, &v));
	assert_int_equal(v.i, 70);
	assert_true(value_map_get(m, "k39", 3, &v));
	assert_false(value_map_get(m, "k", 1, &v));
	assert_false(value_map_get(m, "k399", 4, &v));
	value_map_set(b.a, m, "live", value_map(&live));
	b.scope = scope_of_map(m, NULL);
	assert_true(
	    expr_true(parse(&b, "live.asked == 'yes' and live.other == nil"), &b.scope));
	assert_false(value_is_empty(value_map(&live)));
	bench_close(&b);
}

static void
test_float_text(void **state)
{
	static const struct {
		double f;
		const char *text;
	} rows[] = {
		{ 1, "1.0" },
		{ -1.5, "-1.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 100, "100.0" },
		{ 1e15, "1000000000000000.0" },
		{ 1e16, "1.0e+16" },
		{ 123456789.125, "123456789.125" },
		{ 0.0001, "0.0001" },
		{ 0.00001, "1.0e-05" },
		{ 1.5e300, "1.5e+300" },
		{ 0, "0.0" },
	};
	char buf[VALUE_FLOAT_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(value_float_text(rows[i].f, buf), strlen(rows[i].text));
		assert_string_equal(buf, rows[i].text);
	}
}

static void
test_json(void **state)
{
	struct bench b;
	json_t *before = json_loads(data, 0, NULL), *after;

	(void)state;
	bench_open(&b);
	after = value_to_json(b.all);
	assert_true(json_equal(before, after));
	assert_string_equal(b.all.map->pairs[0].key, "n"); /* order is kept */
	json_decref(before);
	json_decref(after);
	bench_close(&b);
}

static void
test_times(void **state)
{
	bool comparable;

	(void)state;
	assert_true(value_equal(value_time(5), value_time(5)));
	assert_false(value_equal(value_time(5), value_int(5)));
	assert_true(value_compare(value_time(5), value_time(6), &comparable) < 0);
	assert_true(comparable);
	value_compare(value_time(5), value_str("2026-11-22"), &comparable);
	assert_false(comparable);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *text, *mistake; /* NULL: fine */
	} rows[] = {
		{ "customer.stage == \"dormant\"", NULL },
		{ "signals.days_since_visit >= 180 and tags contains 'vip' or x", NULL },
		{ "a[b.c][0] != nil", NULL },
		{ "n == (1..5)", NULL },
		{ "", "1:1 expected a value to test, found the end of the condition" },
		{ "a = 1", "1:3 expected a comparison (== != < > <= >= contains), "
			   "\"and\", \"or\" or the "
			   "end, found \"=\" (to compare, write ==)" },
		{ "a ==",
		    "1:5 expected a value after \"==\", found the end of the condition" },
		{ "a == 1 &&  b",
		    "1:8 expected \"and\", \"or\" or the end, found \"&\" (write and)" },
		{ "a == 1 b", "1:8 expected \"and\", \"or\" or the end, found \"b\"" },
		{ "a and",
		    "1:6 expected a value to test, found the end of the condition" },
		{ "not a",
		    "1:1 Liquid has no \"not\" (use unless, or compare with == false)" },
		{ "(a or b) and c",
		    "1:4 expected \"..\" in a range (parentheses are for ranges only, "
		    "such as (1..5); a condition cannot be grouped with them)" },
		{ "a == “x”", "1:6 expected a value after \"==\", found \"“\" "
			      "(use straight quotes: \"text\")" },
		{ "a == 'x", "1:6 the quote ' is never closed" },
		{ "a | upcase == 'X'",
		    "1:3 expected a comparison (== != < > <= >= contains), \"and\", "
		    "\"or\" or the end, found \"|\" (filters go into {{ }}, echo and "
		    "assign; "
		    "for a choice write or)" },
		{ "a.",
		    "1:3 expected a name after \".\", found the end of the condition" },
		{ "a[1", "1:4 expected \"]\", found the end of the condition" },
		{ "a ＞ 1", "1:3 expected a comparison (== != < > <= >= contains), "
			    "\"and\", \"or\" or "
			    "the end, found \"＞\" (write the half-width >)" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct arena *a = arena_new();
		struct report *r = report_new();
		struct expr *e =
		    liquid_condition(a, rows[i].text, (struct pos){ "p", 1, 1 }, r);
		const struct diag *d;
		char *got;

		if (rows[i].mistake == NULL) {
			assert_non_null(e);
			assert_int_equal(r->errors, 0);
		} else {
			assert_null(e);
			assert_int_equal(r->errors, 1);
			d = r->diags->pdata[0];
			got = g_strdup_printf("%d:%d %s%s%s%s", d->at.line, d->at.col,
			    d->text, *d->hint ? " (" : "", d->hint, *d->hint ? ")" : "");
			assert_string_equal(got, rows[i].mistake);
			g_free(got);
		}
		report_free(r);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_truth),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_float_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
