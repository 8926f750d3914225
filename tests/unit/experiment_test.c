/* experiment_test.c - who falls into which arm, and when an arm has won. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>

#include <glib.h>

#include <cmocka.h>

#include "core/experiment.h"

static struct split_arm two[] = { { .name = "a", .weight = 50 },
	{ .name = "b", .weight = 50 } };
static struct split_arm three[] = { { .name = "a", .weight = 1 }, { .name = "b", .weight = 1 },
	{ .name = "c", .weight = 2 } };

static struct experiment
split(struct split_arm *arms, int n)
{
	return (struct experiment){ .name = "x",
		.arms = arms,
		.n_arms = n,
		.decide = { .given = true, .min = 200, .confidence = 0.95 } };
}

static void
test_weights(void **state)
{
	struct experiment x = split(three, 3);
	int n[3] = { 0 };

	(void)state;
	for (uint64_t h = 0; h < 4000; h++)
		n[experiment_arm(&x, h * UINT64_C(0x9e3779b97f4a7c15) >> 7)]++;
	assert_in_range(n[0], 900, 1100);
	assert_in_range(n[1], 900, 1100);
	assert_in_range(n[2], 1850, 2150);
	assert_int_equal(experiment_arm(&x, 0), 0);
	assert_int_equal(experiment_arm(&x, UINT64_MAX / 4 * 4 + 1), 1);
	assert_int_equal(experiment_arm(&x, 3), 2);
	assert_int_equal(experiment_arm_named(&x, "c"), 2);
	assert_int_equal(experiment_arm_named(&x, "d"), -1);
}

/* Domain 4.3: what is told of A/B tests. min is 200, confidence 95 %. */
static void
test_decisions(void **state)
{
	static const struct {
		const char *name;
		int n_arms;
		struct share arms[3];
		int otherwise;
		double usual, rise;
		enum verdict_ab verdict;
		int arm;
	} rows[] = {
		{ "a clear winner", 2, { { 500, 40 }, { 500, 75 } }, 0, 0, 0, AB_WINNER,
		    1 },
		{ "the first arm wins as well", 2, { { 500, 75 }, { 500, 40 } }, 1, 0, 0,
		    AB_WINNER, 0 },
		{ "4.3 no difference: none, the default", 2, { { 500, 50 }, { 500, 55 } },
		    0, 0, 0, AB_NONE, 0 },
		{ "none, but best is asked for", 2, { { 500, 50 }, { 500, 55 } },
		    ARM_BEST, 0, 0, AB_NONE, 1 },
		{ "none, and stop", 2, { { 500, 50 }, { 500, 55 } }, ARM_STOP, 0, 0,
		    AB_NONE, ARM_STOP },
		{ "S22 too few: a direction, whatever the difference", 2,
		    { { 500, 10 }, { 199, 150 } }, 0, 0, 0, AB_DIRECTION, 0 },
		{ "S22 enough by min, too few for the rise that matters", 2,
		    { { 250, 25 }, { 250, 30 } }, 0, 0.10, 0.05, AB_DIRECTION, 0 },
		{ "S22 enough for the rise that matters: none", 2,
		    { { 700, 70 }, { 700, 75 } }, 0, 0.10, 0.05, AB_NONE, 0 },
		{ "too few for the rise, yet significant", 2,
		    { { 250, 25 }, { 250, 60 } }, 0, 0.10, 0.05, AB_WINNER, 1 },
		{ "nobody came", 2, { { 0, 0 }, { 0, 0 } }, 1, 0, 0, AB_DIRECTION, 1 },
		{ "none hit", 2, { { 300, 0 }, { 300, 0 } }, 1, 0, 0, AB_NONE, 1 },
		/* p of (0,1) alone is 0.030; of three comparisons it no longer counts */
		{ "three arms: Holm takes it back", 3,
		    { { 500, 50 }, { 500, 72 }, { 500, 60 } }, 0, 0, 0, AB_NONE, 0 },
		{ "three arms: better than only one of them", 3,
		    { { 500, 20 }, { 500, 70 }, { 500, 75 } }, 0, 0, 0, AB_NONE, 0 },
		{ "three arms: better than both", 3,
		    { { 500, 40 }, { 500, 45 }, { 500, 90 } }, 0, 0, 0, AB_WINNER, 2 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct experiment x =
		    split(rows[i].n_arms == 2 ? two : three, rows[i].n_arms);
		struct finding f;

		x.decide.otherwise = rows[i].otherwise;
		x.decide.usual = rows[i].usual;
		x.decide.rise = rows[i].rise;
		experiment_decide(&x, rows[i].arms, &f);
		if (f.verdict != rows[i].verdict || f.arm != rows[i].arm)
			fail_msg("%s: %s, arm %d, p %g", rows[i].name,
			    experiment_verdict_name((int)f.verdict), f.arm, f.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_decisions),
	};

	return cmocka_run_group_tests_name("experiment", tests, NULL, NULL);
}
