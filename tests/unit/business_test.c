/* Working time: deadlines of tasks and the hours when calls succeed (S15, 3.6).
 * proves: S15 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "core/business.h"

static struct date holidays[] = { { 2026, 10, 1 } };
static struct date workdays[] = { { 2026, 10, 10 } }; /* a Saturday */
static struct closure closures[] = { { .from = { 2026, 2, 16 }, .to = { 2026, 2, 22 } } };
static struct calendar calendar = { .closures = closures,
	.n_closures = 1,
	.holidays = holidays,
	.n_holidays = 1,
	.workdays = workdays,
	.n_workdays = 1 };
/* Monday to Saturday, 9 to 18. */
static const struct policy policy = { .calendars = &calendar,
	.n_calendars = 1,
	.tasks = { .hours = { { 600, 690 }, { 900, 990 } },
	    .n_hours = 2,
	    .from = 540,
	    .to = 1080,
	    .weekdays = 63 } };

static ms_t
at(const char *text)
{
	char full[40];
	ms_t out;

	g_snprintf(full, sizeof(full), "%.10sT%s:00+08:00", text, text + 11);
	assert_int_equal(clock_parse(full, &out), 0);
	return out;
}

static void
expect(const char *name, ms_t got, const char *want)
{
	char a[CLOCK_TEXT], b[CLOCK_TEXT];

	if (got != at(want))
		fail_msg("%s: %s, not %s", name, clock_format(got, 480, a),
		    clock_format(at(want), 480, b));
}

static void
deadlines_count_working_time(void **state)
{
	static const struct {
		const char *name, *from;
		ms_t span;
		const char *want;
	} rows[] = {
		{ "within a day", "2026-11-23 10:00", 2 * MS_HOUR, "2026-11-23 12:00" },
		{ "over the evening", "2026-11-23 17:00", 2 * MS_HOUR,
		    "2026-11-24 10:00" },
		{ "to the minute of closing", "2026-11-23 16:00", 2 * MS_HOUR,
		    "2026-11-23 18:00" },
		{ "asked at night", "2026-11-23 23:00", MS_HOUR, "2026-11-24 10:00" },
		{ "asked before opening", "2026-11-23 07:00", MS_HOUR,
		    "2026-11-23 10:00" },
		{ "a day is a working day", "2026-11-23 15:00", MS_DAY,
		    "2026-11-24 15:00" },
		{ "48 h over a Sunday", "2026-11-27 15:00", 48 * MS_HOUR,
		    "2026-11-30 15:00" },
		{ "48 h from a Sunday", "2026-11-29 15:00", 48 * MS_HOUR,
		    "2026-12-02 09:00" },
		{ "days and hours", "2026-11-23 17:00", MS_DAY + 2 * MS_HOUR,
		    "2026-11-25 10:00" },
		{ "over a closure", "2026-02-14 17:00", 2 * MS_HOUR, "2026-02-23 10:00" },
		{ "a holiday counts as Sunday", "2026-09-30 17:00", 2 * MS_HOUR,
		    "2026-10-02 10:00" },
		{ "more than a day of hours", "2026-11-23 10:00", 20 * MS_HOUR,
		    "2026-11-25 12:00" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		expect(rows[i].name,
		    business_after(&policy, NULL, zone_get("Asia/Shanghai"),
			at(rows[i].from), rows[i].span),
		    rows[i].want);
}

static void
calls_are_best_on_workdays_at_ten_and_three(void **state)
{
	static const struct {
		const char *name, *from, *want;
	} rows[] = {
		{ "before ten", "2026-11-23 08:10", "2026-11-23 10:00" },
		{ "within", "2026-11-23 10:40", "2026-11-23 10:40" },
		{ "after the first", "2026-11-23 11:30", "2026-11-23 15:00" },
		{ "in the evening", "2026-11-23 16:30", "2026-11-24 10:00" },
		{ "on Saturday", "2026-11-28 10:10", "2026-11-30 10:00" },
		{ "a Saturday that is worked", "2026-10-10 09:00", "2026-10-10 10:00" },
		{ "a holiday", "2026-10-01 10:00", "2026-10-02 10:00" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		expect(rows[i].name,
		    business_best(&policy, zone_get("Asia/Shanghai"), at(rows[i].from)),
		    rows[i].want);
}

static void
without_time_there_is_no_deadline(void **state)
{
	struct policy never = policy;

	(void)state;
	never.tasks.weekdays = 0;
	never.tasks.n_hours = 0;
	assert_true(business_after(&never, NULL, zone_get("Asia/Shanghai"),
			at("2026-11-23 10:00"), MS_HOUR) == MS_NEVER);
	assert_true(business_best(&never, zone_get("Asia/Shanghai"),
			at("2026-11-23 10:00")) == MS_NEVER);
}

/* Its own hours, closed on Mondays and on a day of its own. */
static void
a_store_has_hours_of_its_own(void **state)
{
	struct date shut = { 2026, 11, 25 };
	const struct shop shop = { .has_hours = true,
		.hours = { { 0, 0 }, { 600, 1200 }, { 600, 1200 }, { 600, 1200 },
		    { 600, 1200 }, { 600, 1200 }, { 600, 720 } },
		.closed = &shut,
		.n_closed = 1 };
	const struct zone *z = zone_get("Asia/Shanghai");

	(void)state;
	expect("in the evening",
	    business_after(&policy, &shop, z, at("2026-11-24 19:00"), MS_HOUR),
	    "2026-11-24 20:00");
	expect("over its closed day",
	    business_after(&policy, &shop, z, at("2026-11-24 19:00"), 2 * MS_HOUR),
	    "2026-11-26 11:00");
	expect("over Sunday and Monday",
	    business_after(&policy, &shop, z, at("2026-11-28 19:00"), 4 * MS_HOUR),
	    "2026-12-01 11:00");
	expect("a day later, as far as that day goes",
	    business_after(&policy, &shop, z, at("2026-11-28 15:00"), MS_DAY),
	    "2026-11-29 12:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines_count_working_time),
		cmocka_unit_test(calls_are_best_on_workdays_at_ten_and_three),
		cmocka_unit_test(a_store_has_hours_of_its_own),
		cmocka_unit_test(without_time_there_is_no_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
