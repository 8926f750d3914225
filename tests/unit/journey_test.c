/* journey_test.c - when a step is due, how long a wait is, when a touch has lost its use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "core/journey.h"

static ms_t
at(const char *text)
{
	ms_t t;

	assert_int_equal(clock_parse(text, &t), 0);
	return t;
}

#define DAY(n, min)                                          \
	{                                                    \
		.kind = TIMING_DAY, .days = n, .minute = min \
	}
#define AFTER_DAYS(n, min)                                     \
	{                                                      \
		.kind = TIMING_AFTER, .days = n, .minute = min \
	}
#define AFTER(ms)                                               \
	{                                                       \
		.kind = TIMING_AFTER, .minute = -1, .delay = ms \
	}

static const struct row {
	const char *name, *zone;
	struct timing timing;
	const char *entered, *before, *now, *due;
} rows[] = {
	{ "now", "Asia/Shanghai", { .kind = TIMING_NOW }, "2026-03-10T09:00:00+08:00",
	    "2026-03-10T09:00:00+08:00", "2026-03-10T09:30:00+08:00",
	    "2026-03-10T09:30:00+08:00" },
	{ "day 1, at the hour of the house", "Asia/Shanghai", DAY(1, -1),
	    "2026-03-10T09:00:00+08:00", "2026-03-10T09:00:00+08:00",
	    "2026-03-10T09:00:00+08:00", "2026-03-10T10:00:00+08:00" },
	{ "day 1, past: now", "Asia/Shanghai", DAY(1, -1), "2026-03-10T11:00:00+08:00",
	    "2026-03-10T11:00:00+08:00", "2026-03-10T11:00:00+08:00",
	    "2026-03-10T11:00:00+08:00" },
	{ "day 3", "Asia/Shanghai", DAY(3, 570), "2026-03-10T23:59:00+08:00",
	    "2026-03-10T23:59:00+08:00", "2026-03-10T23:59:00+08:00",
	    "2026-03-12T09:30:00+08:00" },
	{ "day 3, past: stays past", "Asia/Shanghai", DAY(3, 570),
	    "2026-03-10T09:00:00+08:00", "2026-03-20T09:00:00+08:00",
	    "2026-03-20T09:00:00+08:00", "2026-03-12T09:30:00+08:00" },
	{ "the customer's day, not the house's", "America/New_York", DAY(2, 600),
	    "2026-03-10T09:00:00+08:00", "2026-03-10T09:00:00+08:00",
	    "2026-03-10T09:00:00+08:00", "2026-03-10T10:00:00-04:00" },
	{ "day 2 over the lost hour", "America/New_York", DAY(2, 600),
	    "2026-03-07T12:00:00-05:00", "2026-03-07T12:00:00-05:00",
	    "2026-03-07T12:00:00-05:00", "2026-03-08T10:00:00-04:00" },
	{ "an hour that does not exist", "America/New_York", DAY(2, 150),
	    "2026-03-07T12:00:00-05:00", "2026-03-07T12:00:00-05:00",
	    "2026-03-07T12:00:00-05:00", "2026-03-08T03:00:00-04:00" },
	{ "an hour that comes twice: the first", "America/New_York", DAY(2, 90),
	    "2026-10-31T12:00:00-04:00", "2026-10-31T12:00:00-04:00",
	    "2026-10-31T12:00:00-04:00", "2026-11-01T01:30:00-04:00" },
	{ "one day later is the same hour", "America/New_York", AFTER_DAYS(1, -1),
	    "2026-03-01T12:00:00-05:00", "2026-03-07T12:00:00-05:00",
	    "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00" },
	{ "24 hours later is not", "America/New_York", AFTER(MS_DAY),
	    "2026-03-01T12:00:00-05:00", "2026-03-07T12:00:00-05:00",
	    "2026-03-07T12:00:00-05:00", "2026-03-08T13:00:00-04:00" },
	{ "in autumn", "America/New_York", AFTER(MS_DAY), "2026-03-01T12:00:00-05:00",
	    "2026-10-31T12:00:00-04:00", "2026-10-31T12:00:00-04:00",
	    "2026-11-01T11:00:00-05:00" },
	{ "half an hour of summer", "Australia/Lord_Howe", AFTER_DAYS(1, -1),
	    "2026-04-01T12:00:00+11:00", "2026-04-04T12:00:00+11:00",
	    "2026-04-04T12:00:00+11:00", "2026-04-05T12:00:00+10:30" },
	{ "three days later at 18:00", "Asia/Shanghai", AFTER_DAYS(3, 1080),
	    "2026-03-01T12:00:00+08:00", "2026-03-07T19:00:00+08:00",
	    "2026-03-07T19:00:00+08:00", "2026-03-10T18:00:00+08:00" },
	{ "counted from the step before, not from now", "Asia/Shanghai",
	    AFTER(2 * MS_HOUR), "2026-03-01T12:00:00+08:00", "2026-03-07T12:00:00+08:00",
	    "2026-03-07T13:00:00+08:00", "2026-03-07T14:00:00+08:00" },
};

static void
case_t4_due(void **state)
{
	const struct policy p = { .send_time = 600 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		const struct step s = { .timing = r->timing };
		ms_t got = journey_due(
		    &s, &p, zone_get(r->zone), at(r->entered), at(r->before), at(r->now));

		if (got != at(r->due))
			fail_msg("%s: off by %lld min", r->name,
			    (long long)(got - at(r->due)) / MS_MINUTE);
	}
}

static void
until(void **state)
{
	const struct zone *ny = zone_get("America/New_York");
	const struct step hours = { .up_to = MS_DAY }, days = { .up_to_days = 1 };
	ms_t now = at("2026-03-07T12:00:00-05:00");

	(void)state;
	assert_true(journey_until(&hours, ny, now) == at("2026-03-08T13:00:00-04:00"));
	assert_true(journey_until(&days, ny, now) == at("2026-03-08T12:00:00-04:00"));
}

/* A closure consumes nothing, also one that the extension reaches. */
static void
expires(void **state)
{
	struct closure closed[] = {
		{ .from = { 2026, 3, 11 }, .to = { 2026, 3, 12 }, .name = "a" },
		{ .from = { 2026, 3, 13 }, .to = { 2026, 3, 13 }, .name = "b" },
	};
	struct calendar cal = { .name = "c", .covers = 2026, .closures = closed };
	struct policy p = { .calendars = &cal, .n_calendars = 1 };
	const struct step s = { .expires = MS_DAY };
	const struct zone *z = zone_get("Asia/Shanghai");
	ms_t when = at("2026-03-10T12:00:00+08:00");

	(void)state;
	assert_true(
	    journey_expires(&s, &p, z, false, when) == at("2026-03-11T12:00:00+08:00"));
	cal.n_closures = 1;
	assert_true(
	    journey_expires(&s, &p, z, false, when) == at("2026-03-13T12:00:00+08:00"));
	cal.n_closures = 2;
	assert_true(
	    journey_expires(&s, &p, z, false, when) == at("2026-03-14T12:00:00+08:00"));
	assert_true(
	    journey_expires(&s, &p, z, true, when) == at("2026-03-11T00:00:00+08:00"));
}

static void
targets(void **state)
{
	const struct playbook p = { .n_steps = 5 };

	(void)state;
	assert_int_equal(journey_target(&p, 2, STEP_NEXT), 3);
	assert_int_equal(journey_target(&p, 4, STEP_NEXT), 5);
	assert_int_equal(journey_target(&p, 2, STEP_END), 5);
	assert_int_equal(journey_target(&p, 2, 0), 0);
	assert_false(journey_held_out(1000, 1000));
	assert_true(journey_held_out(10999, 1000));
	assert_false(journey_held_out(0, 0));
	assert_true(journey_held_out(9999, 10000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_t4_due),
		cmocka_unit_test(until),
		cmocka_unit_test(expires),
		cmocka_unit_test(targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
