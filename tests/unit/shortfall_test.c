/* shortfall_test.c - what keeps a condition from holding, and by how much.
 * proves: S27 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>

#include "base/report.h"
#include "core/shortfall.h"
#include "spec/liquid.h"

struct bench {
	struct arena *a;
	struct report *r;
	struct value all;
	struct scope scope;
};

static void
bench_open(struct bench *b)
{
	json_t *j = json_loads("{\"days_away\": 168, \"visits\": 2, \"share\": 0.4, \"stage\": "
			       "\"new\", \"tags\": [\"vip\"], \"off\": false}",
	    0, NULL);

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

static const struct cond *
line(struct bench *b, const char *text)
{
	struct cond *c = arena_new_of(b->a, struct cond);

	*c = (struct cond){ .kind = COND_EXPR,
		.text = text,
		.at = { "t", 1, 1 },
		.expr = liquid_condition(b->a, text, (struct pos){ "t", 1, 1 }, b->r) };
	assert_non_null(c->expr);
	return c;
}

static const struct cond *
group(struct bench *b, enum cond_kind kind, const struct cond *x, const struct cond *y)
{
	const struct cond **parts = arena_array(b->a, const struct cond *, 2);
	struct cond *c = arena_new_of(b->a, struct cond);

	parts[0] = x;
	parts[1] = y;
	*c = (struct cond){ .kind = kind, .text = "", .parts = parts, .n_parts = 2 };
	return c;
}

static void
one_line_says_what_is_missing(void **state)
{
	static const struct {
		const char *text;
		int n;
		const char *en, *zh;
	} rows[] = {
		{ "days_away >= 100", 0, NULL, NULL },
		{ "days_away >= 180", 1, "days_away is 168, must be at least 180: 12 days short",
		    "days_away 是 168，应不小于 180，还差 12 天" },
		{ "visits < 2", 1, "visits is 2, must be less than 2",
		    "visits 是 2，应小于 2" },
		{ "share <= 0.25", 1, "share is 0.4, must be at most 0.25: 0.15 too many", NULL },
		{ "stage == 'dormant'", 1, "stage is \"new\", must be \"dormant\"",
		    "stage 是 \"new\"，应为 \"dormant\"" },
		{ "stage != 'new'", 1, "stage is \"new\", must not be \"new\"", NULL },
		{ "nobody != nil", 1, "nobody is not known", "nobody 还不知道" },
		{ "nobody >= 3", 1, "nobody is unknown, must be at least 3",
		    "nobody 还不知道，应不小于 3" },
		{ "tags contains 'cool'", 1, "tags must contain \"cool\"", NULL },
		{ "off", 1, "off does not hold", "off 不成立" },
		/* and: all that fails; or: the nearer */
		{ "days_away >= 180 and visits >= 3", 2,
		    "days_away is 168, must be at least 180: 12 days short", NULL },
		{ "visits >= 9 or days_away >= 180", 1,
		    "days_away is 168, must be at least 180: 12 days short", NULL },
		{ "days_away >= 180 and visits >= 2", 1,
		    "days_away is 168, must be at least 180: 12 days short", NULL },
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char text[SHORTFALL_TEXT];
		struct shortfall s;

		shortfall_of(line(&b, rows[i].text), &b.scope, &s);
		if (s.n != rows[i].n)
			fail_msg("%s: %d are missing, not %d", rows[i].text, s.n, rows[i].n);
		for (int zh = 0; zh < 2 && s.n > 0; zh++) {
			const char *want = zh ? rows[i].zh : rows[i].en;

			shortfall_say(&s.lacks[0], zh, text);
			if (want != NULL && strcmp(text, want) != 0)
				fail_msg("%s: said \"%s\"", rows[i].text, text);
		}
	}
	bench_close(&b);
}

static void
groups_take_the_nearest_way(void **state)
{
	struct bench b;
	struct shortfall s, t;
	char text[SHORTFALL_TEXT];

	(void)state;
	bench_open(&b);
	const struct cond *close = line(&b, "days_away >= 180"), *far = line(&b, "visits >= 20"),
			  *vip = line(&b, "tags contains 'vip'"), *fresh = line(&b, "stage == 'new'");

	shortfall_of(group(&b, COND_ALL, close, far), &b.scope, &s);
	assert_int_equal(s.n, 2);
	shortfall_of(group(&b, COND_ANY, far, close), &b.scope, &t);
	assert_int_equal(t.n, 1);
	assert_ptr_equal(t.lacks[0].cond, close);
	assert_true(t.lacks[0].by == 12);
	assert_true(shortfall_nearer(&t, &s));
	/* none: each that holds is one too many */
	shortfall_of(group(&b, COND_NONE, vip, fresh), &b.scope, &s);
	assert_int_equal(s.n, 2);
	shortfall_say(&s.lacks[0], false, text);
	assert_string_equal(text, "tags must not contain \"vip\"");
	/* none of an all: one of it is enough */
	shortfall_of(
	    group(&b, COND_NONE, group(&b, COND_ALL, vip, fresh), far), &b.scope, &s);
	assert_int_equal(s.n, 1);
	shortfall_of(group(&b, COND_ALL, vip, fresh), &b.scope, &s);
	assert_int_equal(s.n, 0);
	bench_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_says_what_is_missing),
		cmocka_unit_test(groups_take_the_nearest_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
