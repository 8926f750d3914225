/* stats_test.c - tests, intervals and sizes against published figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>

#include <glib.h>

#include <cmocka.h>

#include "core/stats.h"

static int bad;

static void
near(const char *name, double got, double want, double within)
{
	if (got == want || fabs(got - want) <= within)
		return;
	print_error("%s: %.7g, not %.7g\n", name, got, want);
	bad++;
}

/* Tables of Abramowitz and Stegun (26.5) and of Student's t as printed in any textbook.
 */
static void
test_quantiles(void **state)
{
	static const struct {
		const char *name;
		double df, p, x; /* df 0: normal */
	} rows[] = {
		{ "normal 97.5 %", 0, 0.975, 1.95996 },
		{ "normal 99.5 %", 0, 0.995, 2.57583 },
		{ "normal 80 %", 0, 0.8, 0.84162 },
		{ "normal half", 0, 0.5, 0 },
		{ "normal 2.5 %", 0, 0.025, -1.95996 },
		{ "t of 1", 1, 0.975, 12.7062 },
		{ "t of 2", 2, 0.975, 4.30265 },
		{ "t of 5", 5, 0.975, 2.57058 },
		{ "t of 10", 10, 0.975, 2.22814 },
		{ "t of 30", 30, 0.975, 2.04227 },
		{ "t of 120", 120, 0.975, 1.97993 },
		{ "t of 10, 90 %", 10, 0.95, 1.81246 },
		{ "t of a million", 1e6, 0.975, 1.95997 },
		{ "t of 10, below", 10, 0.025, -2.22814 },
	};

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		near(rows[i].name,
		    rows[i].df > 0 ? stats_student_quantile(rows[i].p, rows[i].df)
				   : stats_normal_quantile(rows[i].p),
		    rows[i].x, 6e-5);
	assert_int_equal(bad, 0);
}

/* Two tables of the textbooks: the Physicians' Health Study (Agresti, Categorical Data
 * Analysis: X2 = 25.01), and Newcombe's first
 * example by the determinant: 150 (56 x 32 - 14 x 48)^2 / (70 x 80 x 104 x 46). */
static void
test_two_shares(void **state)
{
	static const struct {
		const char *name;
		struct share a, b;
		double square, p, within;
	} rows[] = {
		{ "aspirin and infarction", { 11034, 189 }, { 11037, 104 }, 25.0139,
		    5.692e-7, 1e-9 },
		{ "the other way round", { 11037, 104 }, { 11034, 189 }, 25.0139,
		    5.692e-7, 1e-9 },
		{ "Newcombe (a)", { 70, 56 }, { 80, 48 }, 7.0234, 0.00804, 5e-5 },
		{ "equal shares", { 50, 10 }, { 100, 20 }, 0, 1, 0 },
		{ "nobody in an arm", { 0, 0 }, { 100, 20 }, 0, 1, 0 },
		{ "none in both", { 50, 0 }, { 100, 0 }, 0, 1, 0 },
		{ "all in both", { 50, 50 }, { 100, 100 }, 0, 1, 0 },
	};

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stats_test t = stats_test_shares(rows[i].a, rows[i].b);

		near(rows[i].name, t.z * t.z, rows[i].square, 1e-3);
		near(rows[i].name, t.p, rows[i].p, rows[i].within);
		if (t.z * t.difference < 0) {
			print_error("%s: wrong side\n", rows[i].name);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* Rows of p and what R's p.adjust(p, "holm") makes of them. */
static void
test_holm(void **state)
{
	static const struct {
		const char *name;
		int n;
		double p[5], adjusted[5];
	} rows[] = {
		{ "five", 5, { .01, .02, .03, .04, .05 }, { .05, .08, .09, .09, .09 } },
		{ "unsorted", 4, { .01, .04, .03, .005 }, { .03, .06, .06, .02 } },
		{ "one is itself", 1, { .04 }, { .04 } },
		{ "never above 1", 3, { .9, .8, .5 }, { 1, 1, 1 } },
		{ "ties", 2, { .03, .03 }, { .06, .06 } },
		{ "none", 0, { 0 }, { 0 } },
	};

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		double p[5];

		for (int k = 0; k < 5; k++)
			p[k] = rows[i].p[k];
		stats_holm(p, rows[i].n, p);
		for (int k = 0; k < rows[i].n; k++)
			near(rows[i].name, p[k], rows[i].adjusted[k], 1e-12);
	}
	assert_int_equal(bad, 0);
}

/* Newcombe 1998a, table I (method 3) and 1998b, table II (method 10). */
static void
test_newcombe(void **state)
{
	static const struct {
		const char *name;
		struct share a, b;
		double low, high;
	} rows[] = {
		{ "(a) 56/70 - 48/80", { 70, 56 }, { 80, 48 }, 0.0524, 0.3339 },
		{ "(b) 9/10 - 3/10", { 10, 9 }, { 10, 3 }, 0.1705, 0.8090 },
		{ "(c) 6/7 - 2/7", { 7, 6 }, { 7, 2 }, 0.0582, 0.8062 },
		{ "(d) 5/56 - 0/29", { 56, 5 }, { 29, 0 }, -0.0381, 0.1926 },
		{ "(e) 0/10 - 0/20", { 10, 0 }, { 20, 0 }, -0.1611, 0.2775 },
		{ "(f) 0/10 - 0/10", { 10, 0 }, { 10, 0 }, -0.2775, 0.2775 },
		{ "(g) 10/10 - 0/20", { 10, 10 }, { 20, 0 }, 0.6791, 1 },
		{ "(h) 10/10 - 0/10", { 10, 10 }, { 10, 0 }, 0.6075, 1 },
		{ "nobody in an arm", { 0, 0 }, { 20, 0 }, -0.1611, 1 },
		{ "one share 81/263", { 263, 81 }, { -1, 0 }, 0.2553, 0.3662 },
		{ "one share 15/148", { 148, 15 }, { -1, 0 }, 0.0624, 0.1605 },
		{ "one share 0/20", { 20, 0 }, { -1, 0 }, 0, 0.1611 },
		{ "one share 1/29", { 29, 1 }, { -1, 0 }, 0.0061, 0.1718 },
		{ "no share", { 0, 0 }, { -1, 0 }, 0, 1 },
	};

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct interval x =
		    rows[i].b.n < 0
			? stats_share_interval(rows[i].a, 0.95)
			: stats_difference_interval(rows[i].a, rows[i].b, 0.95);

		near(rows[i].name, x.low, rows[i].low, 5.1e-5);
		near(rows[i].name, x.high, rows[i].high, 5.1e-5);
	}
	assert_int_equal(bad, 0);
}

/* Student's sleep data as R's manual prints it: -3.3654832 to 0.2054832. */
static void
test_means(void **state)
{
	static const double first[] = { .7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2 };
	static const double second[] = { 1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4 };
	struct sums a = { .n = 10 }, b = { .n = 10 },
		    one = { .n = 1, .sum = 5, .squares = 25 };
	struct sums same = { .n = 4, .sum = 8, .squares = 16 };
	struct interval x;

	(void)state;
	bad = 0;
	for (int i = 0; i < 10; i++) {
		a.sum += first[i];
		a.squares += first[i] * first[i];
		b.sum += second[i];
		b.squares += second[i] * second[i];
	}
	x = stats_means_interval(a, b, 0.95);
	near("sleep low", x.low, -3.3654832, 1e-6);
	near("sleep high", x.high, 0.2054832, 1e-6);
	x = stats_means_interval(a, one, 0.95);
	near("one alone says nothing", x.low, -INFINITY, 0);
	near("one alone says nothing", x.high, INFINITY, 0);
	x = stats_means_interval(same, same, 0.95);
	near("no spread at all", x.high - x.low, 0, 1e-12);
	assert_int_equal(bad, 0);
}

/* Sizes as R's manual of power.prop.test gives them, and S22's question. */
static void
test_size(void **state)
{
	double rise;

	(void)state;
	bad = 0;
	near("50 % and 75 %, power 90", stats_needed(0.5, 0.75, 0.95, 0.9), 76.7, 0.05);
	near("60 % and 70 %, Fleiss", ceil(stats_needed(0.6, 0.7, 0.95, 0.8)), 356, 0);
	near("equal", stats_needed(0.3, 0.3, 0.95, 0.8), INFINITY, 0);
	near("50 each from 50 %, power 90", stats_smallest_rise(0.5, 50, 50, 0.95, 0.9),
	    0.3026, 5e-5);
	rise = stats_smallest_rise(0.12, 1000, 1000, 0.95, STATS_POWER);
	near("S22 the size and the rise agree",
	    stats_needed(0.12, 0.12 + rise, 0.95, STATS_POWER), 1000, 1e-6);
	near("S22 90 and 10 % see less than halves",
	    stats_smallest_rise(0.12, 1800, 200, 0.95, STATS_POWER) > rise * 1.5, 1, 0);
	near("S22 three people see nothing", stats_smallest_rise(0.9, 3, 3, 0.95, 0.8),
	    INFINITY, 0);
	near("nobody", stats_smallest_rise(0.1, 0, 100, 0.95, 0.8), INFINITY, 0);
	near("all already", stats_smallest_rise(1, 100, 100, 0.95, 0.8), INFINITY, 0);
	assert_int_equal(bad, 0);
}

/* Figures of a second implementation that shares no formula with ours: Pearson's chi-square
 * from observed and expected counts in exact fractions; Wilson's bounds as roots of the score
 * equation (p - x)^2 = z^2 x (1 - x) / n; Newcombe's from those; by Python's
 * statistics.NormalDist. */
static void
test_against_another_implementation(void **state)
{
	static const struct {
		struct share a, b;
		double square, p;
		struct interval of_a, difference;
	} rows[] = {
		{ { 1000, 57 }, { 1000, 81 }, 4.483258, 0.034228416,
		    { 0.044253, 0.073137 }, { -0.046513, -0.001728 } },
		{ { 160, 15 }, { 161, 11 }, 0.697022, 0.4037862, { 0.057638, 0.148912 },
		    { -0.036142, 0.088099 } },
		{ { 406, 61 }, { 45, 3 }, 2.323941, 0.12739688, { 0.118777, 0.188273 },
		    { -0.032661, 0.141534 } },
		{ { 52, 20 }, { 95, 15 }, 9.522267, 0.0020299364, { 0.264705, 0.520401 },
		    { 0.078924, 0.375095 } },
		{ { 20, 1 }, { 18, 9 }, 9.893571, 0.0016585716, { 0.008881, 0.236131 },
		    { -0.663683, -0.169617 } },
		{ { 30000, 900 }, { 30000, 1020 }, 7.747934, 0.0053774027,
		    { 0.028129, 0.031991 }, { -0.006821, -0.001183 } },
		{ { 7, 0 }, { 9, 9 }, 16, 6.3342484e-05, { 0, 0.354330 },
		    { -1, -0.536278 } },
		{ { 250, 249 }, { 260, 240 }, 17.166642, 3.4239643e-05,
		    { 0.977694, 0.999294 }, { 0.040651, 0.111960 } },
		{ { 11, 5 }, { 400, 100 }, 2.354851, 0.12489382, { 0.212713, 0.719908 },
		    { -0.041380, 0.472895 } },
		{ { 3, 1 }, { 5, 2 }, 0.035556, 0.85043627, { 0.061492, 0.792340 },
		    { -0.525210, 0.472245 } },
	};

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stats_test t = stats_test_shares(rows[i].a, rows[i].b);
		struct interval w = stats_share_interval(rows[i].a, 0.95);
		struct interval d = stats_difference_interval(rows[i].a, rows[i].b, 0.95);

		near("chi-square", t.z * t.z, rows[i].square, 1e-6);
		near("p", t.p, rows[i].p, 1e-8);
		near("Wilson, low", w.low, rows[i].of_a.low, 1e-6);
		near("Wilson, high", w.high, rows[i].of_a.high, 1e-6);
		near("Newcombe, low", d.low, rows[i].difference.low, 1e-6);
		near("Newcombe, high", d.high, rows[i].difference.high, 1e-6);
	}
	assert_int_equal(bad, 0);
}

/* Where the power of the pooled test is 80 %, by halving on the power itself. */
static void
test_smallest_rise_by_its_definition(void **state)
{
	static const struct {
		double base, n, other, rise;
	} rows[] = {
		{ 0.05, 1000, 1000, 0.030977 },
		{ 0.1, 200, 200, 0.099701 },
		{ 0.02, 5000, 500, 0.021118 },
		{ 0.3, 52, 95, 0.236967 },
		{ 0.112, 450, 3000, 0.049601 },
		{ 0.5, 40, 40, 0.294907 },
		{ 0.01, 100000, 100000, 0.001286 },
	};

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		near("smallest rise",
		    stats_smallest_rise(
			rows[i].base, rows[i].n, rows[i].other, 0.95, STATS_POWER),
		    rows[i].rise, 2e-6);
	assert_int_equal(bad, 0);
}

/* The least alpha at which Holm's steps reject it, tried one by one. */
static void
test_holm_by_its_definition(void **state)
{
	static const struct {
		int n;
		double p[5], adjusted[5];
	} rows[] = {
		{ 5, { .001, .2, .04, .04, .6 }, { .005, .4, .16, .16, .6 } },
		{ 3, { .5, .01, .015 }, { .5, .03, .03 } },
		{ 3, { .02, .02, .02 }, { .06, .06, .06 } },
		{ 4, { .0004, .9, .3, .012 }, { .0016, .9, .6, .036 } },
	};
	double p[5];

	(void)state;
	bad = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		stats_holm(rows[i].p, rows[i].n, p);
		for (int k = 0; k < rows[i].n; k++)
			near("Holm", p[k], rows[i].adjusted[k], 1e-12);
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantiles),
		cmocka_unit_test(test_two_shares),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_against_another_implementation),
		cmocka_unit_test(test_smallest_rise_by_its_definition),
		cmocka_unit_test(test_holm_by_its_definition),
		cmocka_unit_test(test_newcombe),
		cmocka_unit_test(test_means),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
