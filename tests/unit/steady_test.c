/* steady_test.c - a wall clock's story, second by second: when it is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/engine/steady.h"

#define T0 INT64_C(1795312800000) /* 2026-11-22T02:00:00Z */
#define SEEN (T0 - MS_HOUR)
#define YEAR (365 * MS_DAY)

/* After `after` seconds in step the wall is moved by `move`. */
struct scene {
	int after;
	ms_t move;
	bool vouched;
	enum steady_fault fault; /* right after the move */
};

static const struct {
	const char *name;
	ms_t mark, start;
	struct scene scenes[5];
} rows[] = {
	{ "first start", 0, T0,
	    { { 0, 0, false, STEADY_OK }, { 1, 0, false, STEADY_OK } } },
	{ "restart", SEEN, T0, { { 0, 0, false, STEADY_OK } } },
	{ "G8 1970", 0, 5 * MS_SECOND,
	    { { 0, 0, false, STEADY_UNSET }, { 3600, 0, true, STEADY_UNSET },
		{ 1, T0, false, STEADY_JUMPED }, { 59, 0, false, STEADY_JUMPED },
		{ 1, 0, false, STEADY_OK } } },
	{ "ids of 1970 are no mark", 100 * MS_SECOND, T0,
	    { { 0, 0, false, STEADY_OK } } },
	{ "1970 with a mark", SEEN, 0, { { 0, 0, false, STEADY_UNSET } } },
	{ "two seconds behind the mark is slack", T0 + 2 * MS_SECOND, T0,
	    { { 0, 0, false, STEADY_OK } } },
	{ "three seconds behind, until it is past the mark for a minute",
	    T0 + 3 * MS_SECOND, T0,
	    { { 0, 0, false, STEADY_BEHIND }, { 2, 0, false, STEADY_JUMPED },
		{ 57, 0, false, STEADY_JUMPED }, { 1, 0, false, STEADY_OK } } },
	{ "a day behind and set right", T0 + MS_DAY, T0,
	    { { 0, 0, false, STEADY_BEHIND }, { 600, 0, false, STEADY_BEHIND },
		{ 1, MS_DAY, false, STEADY_JUMPED }, { 60, 0, false, STEADY_OK } } },
	{ "a day behind and right: vouched for", T0 + MS_DAY, T0,
	    { { 0, 0, true, STEADY_BEHIND }, { 59, 0, true, STEADY_BEHIND },
		{ 1, 0, true, STEADY_OK }, { 100, 0, false, STEADY_OK } } },
	{ "400 days asleep", T0 - 400 * MS_DAY, T0, { { 0, 0, false, STEADY_OK } } },
	{ "two years asleep", T0 - 2 * YEAR, T0,
	    { { 0, 0, false, STEADY_AHEAD }, { 3600, 0, false, STEADY_AHEAD },
		{ 1, 0, true, STEADY_OK } } },
	{ "slewed", SEEN, T0,
	    { { 1, 1900, false, STEADY_OK }, { 1, -1900, false, STEADY_OK } } },
	{ "an hour ahead while it runs: nobody can tell", SEEN, T0,
	    { { 10, MS_HOUR, false, STEADY_JUMPED },
		{ 3600, 0, false, STEADY_JUMPED } } },
	{ "an hour ahead, and vouched for", SEEN, T0,
	    { { 10, MS_HOUR, true, STEADY_JUMPED }, { 59, 0, true, STEADY_JUMPED },
		{ 1, 0, true, STEADY_OK } } },
	{ "two jumps: the minute begins anew", SEEN, T0,
	    { { 10, MS_HOUR, true, STEADY_JUMPED }, { 59, MS_HOUR, true, STEADY_JUMPED },
		{ 59, 0, true, STEADY_JUMPED }, { 1, 0, true, STEADY_OK } } },
	{ "an hour back while it runs", SEEN, T0,
	    { { 10, -MS_HOUR, false, STEADY_BEHIND },
		{ 3599, 0, false, STEADY_JUMPED } } },
	{ "an hour back, and vouched for", SEEN, T0,
	    { { 10, -MS_HOUR, true, STEADY_BEHIND }, { 60, 0, true, STEADY_OK } } },
	{ "there and back", SEEN, T0,
	    { { 10, MS_HOUR, false, STEADY_JUMPED },
		{ 5, -MS_HOUR, false, STEADY_JUMPED }, { 60, 0, false, STEADY_OK } } },
};

static void
stories(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct steady s = { .mark = rows[i].mark };
		ms_t wall = rows[i].start, boot = MS_MINUTE;

		for (size_t k = 0; k < G_N_ELEMENTS(rows[i].scenes); k++) {
			const struct scene *sc = &rows[i].scenes[k];

			if (k > 0 && sc->after == 0)
				break;
			/* the last of the seconds is the one that moves */
			for (int n = 1; n < sc->after; n++)
				steady_look(&s, wall += MS_SECOND, boot += MS_SECOND,
				    sc->vouched);
			if (sc->after > 0) {
				boot += MS_SECOND;
				wall += MS_SECOND + sc->move;
			}
			if (steady_look(&s, wall, boot, sc->vouched) != sc->fault)
				fail_msg("%s, scene %zu: %s, not %s", rows[i].name, k,
				    steady_why(s.fault), steady_why(sc->fault));
			assert_true(s.fault != STEADY_OK || s.mark == wall);
		}
	}
}

/* What is doubted leaves no trace in what is believed. */
static void
mark_stays(void **state)
{
	struct steady s = { .mark = SEEN };

	(void)state;
	steady_look(&s, T0, 1000, false);
	steady_look(&s, T0 + YEAR, 2000, false);
	assert_int_equal(s.fault, STEADY_JUMPED);
	assert_int_equal(s.mark, T0);
	steady_look(&s, T0 + 2000, 3000, false);
	assert_int_equal(s.mark, T0);
}

/* A loop that hung, a machine that slept: both clocks went on. */
static void
pauses(void **state)
{
	struct steady s = { .mark = SEEN };

	(void)state;
	steady_look(&s, T0, 1000, false);
	assert_int_equal(steady_look(&s, T0 + MS_DAY, 1000 + MS_DAY, false), STEADY_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories),
		cmocka_unit_test(mark_stays),
		cmocka_unit_test(pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
