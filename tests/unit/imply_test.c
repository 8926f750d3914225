/* When one condition follows from another: yes is proved, no is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "core/imply.h"
#include "spec/liquid.h"

static const struct row {
	const char *name, *given, *then;
	bool follows;
} rows[] = {
	{ "the same", "customer.tier == \"low\"", "customer.tier == \"low\"", true },
	{ "another value", "customer.tier == \"low\"", "customer.tier == \"mid\"",
	    false },
	{ "not that value", "customer.tier == \"low\"", "customer.tier != \"mid\"",
	    true },
	{ "not this value", "customer.tier == \"low\"", "customer.tier != \"low\"",
	    false },
	{ "a tighter bound below", "signals.x >= 200", "signals.x >= 180", true },
	{ "a looser one", "signals.x >= 100", "signals.x >= 180", false },
	{ "above is at least", "signals.x > 180", "signals.x >= 180", true },
	{ "at least is not above", "signals.x >= 180", "signals.x > 180", false },
	{ "a tighter bound above", "signals.x < 10", "signals.x <= 10", true },
	{ "above is not below", "signals.x > 10", "signals.x < 20", false },
	{ "a number within", "signals.x == 5", "signals.x < 10", true },
	{ "another path", "signals.x >= 200", "signals.y >= 180", false },
	{ "one of two", "signals.x >= 200 and customer.tier == \"low\"", "signals.x >= 1",
	    true },
	{ "both of two", "signals.x >= 200",
	    "signals.x >= 1 and customer.tier == \"low\"", false },
	{ "either", "signals.x >= 200", "signals.x >= 1 or customer.tier == \"low\"",
	    true },
	{ "from either nothing", "signals.x >= 200 or customer.tier == \"low\"",
	    "signals.x >= 1", false },
	{ "contains the same", "customer.tags contains \"a\"",
	    "customer.tags contains \"a\"", true },
	{ "contains another", "customer.tags contains \"a\"",
	    "customer.tags contains \"b\"", false },
	{ "words are no numbers", "customer.x == \"5\"", "customer.x < 10", false },
};

static void
what_follows(void **state)
{
	struct arena *a = arena_new();
	struct report *r = report_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cond given = { .kind = COND_EXPR }, then = given;
		const struct cond *all[] = { NULL, &given };

		given.expr = liquid_condition(a, rows[i].given, (struct pos){ 0 }, r);
		then.expr = liquid_condition(a, rows[i].then, (struct pos){ 0 }, r);
		assert_int_equal(r->errors, 0);
		if (implies(all, 2, &then) != rows[i].follows)
			fail_msg("%s", rows[i].name);
		assert_true(implies(all, 2, NULL));
	}
	report_free(r);
	arena_free(a);
}

static void
lists_of_clauses(void **state)
{
	struct arena *a = arena_new();
	struct report *r = report_new();
	struct cond x = { .kind = COND_EXPR }, y = x, z = x;
	const struct cond *two[] = { &x, &y }, *turned[] = { &y, &x };
	struct cond both = { .kind = COND_ALL, .parts = two, .n_parts = 2 },
		    other = { .kind = COND_ALL, .parts = turned, .n_parts = 2 },
		    any = { .kind = COND_ANY, .parts = two, .n_parts = 2 },
		    none = { .kind = COND_NONE, .parts = two, .n_parts = 2 };
	const struct cond *given[1];

	(void)state;
	x.expr = liquid_condition(a, "signals.x >= 2", (struct pos){ 0 }, r);
	y.expr = liquid_condition(a, "customer.tier == \"low\"", (struct pos){ 0 }, r);
	z.expr = liquid_condition(a, "signals.x >= 1", (struct pos){ 0 }, r);
	given[0] = &both;
	assert_true(implies(given, 1, &other));
	assert_true(implies(given, 1, &z));
	assert_true(implies(given, 1, &any));
	assert_false(implies(given, 1, &none));
	given[0] = &any;
	assert_false(implies(given, 1, &z));
	assert_true(implies(given, 1, &any));
	given[0] = &none;
	assert_true(implies(given, 1, &none));
	assert_false(implies(given, 1, &both));
	report_free(r);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_follows),
		cmocka_unit_test(lists_of_clauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
