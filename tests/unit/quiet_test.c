/* quiet_test.c - quiet hours: named cases, one table for each rule.
 * proves: 3.1 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "quiet_test.h"

/* Quiet or not, the rule, and the next free instant. */
struct row {
	const char *name, *zone, *now;
	const char *rule; /* NULL: not quiet */
	const char *next; /* NULL: now */
	ms_t span;
};

static void
run_rows(const struct quiet_query *base, const struct row *rows, size_t n)
{
	struct quiet_answer a;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		struct quiet_query q = *base;

		q.zone = zone_get(r->zone);
		quiet_ask(&q, at(r->now), r->span, &a);
		if (a.quiet != (r->rule != NULL))
			fail_msg("%s: %s", r->name, a.quiet ? "quiet" : "not quiet");
		if (r->rule != NULL && strcmp(a.rule, r->rule) != 0)
			fail_msg("%s: rule is %s", r->name, a.rule);
		assert_instant(
		    r->name, "next", a.next, at(r->next == NULL ? r->now : r->next));
	}
}

static void
case_t2_night_window(void **state)
{
	struct quiet_window windows[] = { WINDOW("night", 22 * 60, 8 * 60, ALL_DAYS) };
	const struct policy p = { .quiet = windows, .n_quiet = 1 };
	const struct quiet_query q = query(&p, "Asia/Shanghai");
	const char *sh = "Asia/Shanghai", *ny = "America/New_York";
	const char *d2 = "2026-11-22T08:00:00+08:00", *d3 = "2026-11-23T08:00:00+08:00";
	const struct row rows[] = {
		{ "21:59:59", sh, "2026-11-22T21:59:59+08:00", NULL, NULL, 0 },
		{ "22:00:00", sh, "2026-11-22T22:00:00+08:00", "night", d3, 0 },
		{ "23:59:59", sh, "2026-11-22T23:59:59+08:00", "night", d3, 0 },
		{ "00:00:00", sh, "2026-11-22T00:00:00+08:00", "night", d2, 0 },
		{ "00:30", sh, "2026-11-22T00:30:00+08:00", "night", d2, 0 },
		{ "07:59:59", sh, "2026-11-22T07:59:59+08:00", "night", d2, 0 },
		{ "08:00:00", sh, "2026-11-22T08:00:00+08:00", NULL, NULL, 0 },
		{ "span ends at the window", sh, "2026-11-22T21:50:00+08:00", NULL, NULL,
		    10 * MS_MINUTE },
		{ "span runs into the window", sh, "2026-11-22T21:50:01+08:00", "night",
		    d3, 10 * MS_MINUTE },
		{ "spring forward, one hour less", ny, "2026-03-07T22:00:00-05:00",
		    "night", "2026-03-08T08:00:00-04:00", 0 },
		{ "autumn, one hour more", ny, "2026-10-31T22:00:00-04:00", "night",
		    "2026-11-01T08:00:00-05:00", 0 },
	};
	struct quiet_answer a;

	(void)state;
	run_rows(&q, rows, sizeof(rows) / sizeof(rows[0]));
	quiet_ask(&q, at("2026-11-22T12:00:00+08:00"), MS_MINUTE, &a);
	assert_instant("noon", "until", a.until, at("2026-11-22T22:00:00+08:00"));
	quiet_ask(&q, at("2026-11-22T23:00:00+08:00"), MS_MINUTE, &a);
	assert_instant("23:00", "earlier", a.earlier, at("2026-11-22T21:59:00+08:00"));
}

/* Monday 06:00 in Shanghai is still Sunday in UTC. */
static void
case_t3_weekday_is_local(void **state)
{
	struct quiet_window windows[] = { WINDOW("monday", 5 * 60, 7 * 60, BIT(0)) };
	const struct policy p = { .quiet = windows, .n_quiet = 1 };
	const struct quiet_query q = query(&p, "Asia/Shanghai");
	const char *sh = "Asia/Shanghai";
	const struct row rows[] = {
		{ "Sunday", sh, "2026-11-22T06:00:00+08:00", NULL, NULL, 0 },
		{ "Monday", sh, "2026-11-23T06:00:00+08:00", "monday",
		    "2026-11-23T07:00:00+08:00", 0 },
		{ "Tuesday", sh, "2026-11-24T06:00:00+08:00", NULL, NULL, 0 },
	};
	struct quiet_answer a;

	(void)state;
	run_rows(&q, rows, 3);
	quiet_ask(&q, at("2026-11-24T06:00:00+08:00"), 0, &a);
	assert_instant("Tuesday", "until", a.until, at("2026-11-30T05:00:00+08:00"));
}

static void
case_t4_dst_edges(void **state)
{
	struct quiet_window windows[] = {
		WINDOW("gap", 2 * 60 + 30, 4 * 60, ALL_DAYS),
		WINDOW("twice", 60 + 30, 60 + 45, ALL_DAYS),
		WINDOW("inside", 2 * 60 + 10, 2 * 60 + 20, ALL_DAYS),
	};
	const struct policy p = { .quiet = windows, .n_quiet = 3 };
	const struct quiet_query q = query(&p, "America/New_York");
	const char *ny = "America/New_York";
	const struct row rows[] = {
		{ "02:30 does not exist: from 03:00 on", ny, "2026-03-08T03:00:00-04:00",
		    "gap", "2026-03-08T04:00:00-04:00", 0 },
		{ "before the gap", ny, "2026-03-08T01:59:59-05:00", NULL, NULL, 0 },
		{ "01:30 the first time", ny, "2026-11-01T01:30:00-04:00", "twice",
		    "2026-11-01T01:45:00-05:00", 0 },
		{ "between its two ends", ny, "2026-11-01T01:50:00-04:00", "twice",
		    "2026-11-01T01:45:00-05:00", 0 },
		{ "after the second end", ny, "2026-11-01T01:45:00-05:00", NULL, NULL,
		    0 },
	};

	(void)state;
	run_rows(&q, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
test_provider_hours(void **state)
{
	struct quiet_window windows[] = { WINDOW("night", 22 * 60, 8 * 60, ALL_DAYS) };
	const struct policy p = { .quiet = windows, .n_quiet = 1 };
	struct quiet_query q = query(&p, "Asia/Shanghai");
	const char *sh = "Asia/Shanghai";
	const struct row eight_to_twenty[] = {
		{ "20:30", sh, "2026-11-22T20:30:00+08:00", "provider",
		    "2026-11-23T08:00:00+08:00", 0 },
		{ "19:59", sh, "2026-11-22T19:59:00+08:00", NULL, NULL, 0 },
	};
	const struct row over_midnight[] = {
		{ "open at 21:00", sh, "2026-11-22T21:00:00+08:00", NULL, NULL, 0 },
		{ "open but night", sh, "2026-11-22T23:00:00+08:00", "night",
		    "2026-11-23T20:00:00+08:00", 0 },
		{ "closed at noon", sh, "2026-11-22T12:00:00+08:00", "provider",
		    "2026-11-22T20:00:00+08:00", 0 },
	};

	(void)state;
	q.open_from = 8 * 60;
	q.open_to = 20 * 60;
	run_rows(&q, eight_to_twenty, 2);
	q.open_from = 20 * 60;
	q.open_to = 2 * 60;
	run_rows(&q, over_midnight, 3);
	q.open_from = 0;
	q.open_to = 24 * 60;
	run_rows(&q, over_midnight, 1);
}

static void
test_urgent(void **state)
{
	struct quiet_window windows[] = { WINDOW("night", 22 * 60, 8 * 60, ALL_DAYS) };
	const struct policy p = { .quiet = windows, .n_quiet = 1 };
	struct quiet_query q = query(&p, "Asia/Shanghai");
	struct quiet_answer a;

	(void)state;
	q.urgent = true;
	quiet_ask(&q, at("2026-11-22T23:00:00+08:00"), 0, &a);
	assert_false(a.quiet);
	assert_instant("urgent", "until", a.until, MS_NEVER);
	q.open_from = 8 * 60;
	q.open_to = 20 * 60;
	quiet_ask(&q, at("2026-11-22T23:00:00+08:00"), 0, &a);
	assert_true(a.quiet);
	assert_string_equal(a.rule, "provider");
}

static struct closure festival[] = { { .from = { 2026, 2, 15 },
    .to = { 2026, 2, 23 },
    .name = "春节",
    .allow_greeting = true,
    .allow_transactional = true,
    .at = { "calendar.yaml", 7, 3 } } };
static struct date holidays[] = { { 2026, 10, 1 } };
static struct date workdays[] = { { 2026, 10, 10 } }; /* a Saturday */
static struct calendar calendars[] = { { .name = "china",
    .closures = festival,
    .n_closures = 1,
    .holidays = holidays,
    .n_holidays = 1,
    .workdays = workdays,
    .n_workdays = 1 } };

static void
test_closures(void **state)
{
	struct quiet_window windows[] = { WINDOW("night", 22 * 60, 8 * 60, ALL_DAYS) };
	const struct policy p = {
		.quiet = windows, .n_quiet = 1, .calendars = calendars, .n_calendars = 1
	};
	struct quiet_query q = query(&p, "Asia/Shanghai");
	const char *sh = "Asia/Shanghai", *end = "2026-02-24T08:00:00+08:00";
	const struct row closed[] = {
		{ "the day before", sh, "2026-02-14T20:00:00+08:00", NULL, NULL, 0 },
		{ "the first day", sh, "2026-02-15T12:00:00+08:00", "closure", end, 0 },
		{ "the last evening", sh, "2026-02-23T21:00:00+08:00", "closure", end,
		    0 },
		{ "the night into it", sh, "2026-02-14T22:30:00+08:00", "night", end, 0 },
		{ "the morning after", sh, "2026-02-24T08:00:00+08:00", NULL, NULL, 0 },
	};
	struct quiet_answer a;

	(void)state;
	run_rows(&q, closed, sizeof(closed) / sizeof(closed[0]));
	quiet_ask(&q, at("2026-02-15T12:00:00+08:00"), 0, &a);
	assert_int_equal(a.at.line, 7);
	q.greeting = true;
	run_rows(&q, closed + 4, 1);
	quiet_ask(&q, at("2026-02-17T10:00:00+08:00"), 0, &a);
	assert_false(a.quiet);
	q.greeting = false;
	q.category = CATEGORY_SERVICE;
	run_rows(&q, closed + 1, 1);
	q.category = CATEGORY_TRANSACTIONAL;
	quiet_ask(&q, at("2026-02-17T10:00:00+08:00"), 0, &a);
	assert_false(a.quiet);
	/* Urgent is no reason to disturb a festival that does not allow it. */
	q.category = CATEGORY_SERVICE;
	q.urgent = true;
	quiet_ask(&q, at("2026-02-17T10:00:00+08:00"), 0, &a);
	assert_true(a.quiet);
	quiet_ask(&q, at("2026-01-17T10:00:00+08:00"), 0, &a);
	assert_instant(
	    "closure ahead", "until", a.until, at("2026-02-15T00:00:00+08:00"));
}

/* A closure far ahead must not hide a window of one weekday before it. */
static void
test_until_before_closure(void **state)
{
	struct quiet_window windows[] = { WINDOW("sunday", 600, 660, BIT(6)) };
	const struct policy p = {
		.quiet = windows, .n_quiet = 1, .calendars = calendars, .n_calendars = 1
	};
	const struct quiet_query q = query(&p, "Asia/Shanghai");
	struct quiet_answer a;

	(void)state;
	quiet_ask(&q, at("2026-01-19T10:00:00+08:00"), 0, &a);
	assert_instant("Monday", "until", a.until, at("2026-01-25T10:00:00+08:00"));
}

static void
test_quiet_closed(void **state)
{
	static struct closure store[] = { { .from = { 2026, 2, 22 },
	    .to = { 2026, 2, 25 } } };
	struct calendar both[] = { calendars[0],
		{ .name = "store", .closures = store, .n_closures = 1 } };
	const struct policy p = { .calendars = both, .n_calendars = 2 };
	const struct zone *z = zone_get("Asia/Shanghai");
	const struct {
		const char *name, *from, *to;
		ms_t closed;
	} rows[] = {
		{ "before", "2026-02-01T00:00:00+08:00", "2026-02-15T00:00:00+08:00", 0 },
		{ "into it", "2026-02-14T12:00:00+08:00", "2026-02-15T06:00:00+08:00",
		    6 * MS_HOUR },
		{ "inside", "2026-02-16T12:00:00+08:00", "2026-02-17T12:00:00+08:00",
		    MS_DAY },
		{ "two that overlap count once", "2026-02-01T00:00:00+08:00",
		    "2026-03-15T00:00:00+08:00", 11 * MS_DAY },
		{ "after", "2026-02-26T00:00:00+08:00", "2026-03-15T00:00:00+08:00", 0 },
		{ "nothing", "2026-02-16T12:00:00+08:00", "2026-02-16T12:00:00+08:00",
		    0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ms_t got = quiet_closed(&p, z, at(rows[i].from), at(rows[i].to));

		if (got != rows[i].closed)
			fail_msg("%s: %lld h", rows[i].name, (long long)(got / MS_HOUR));
	}
}

static void
test_holidays(void **state)
{
	struct quiet_window windows[] = {
		WINDOW("work", 9 * 60, 10 * 60, 31),
		WINDOW("weekend", 11 * 60, 12 * 60, BIT(5) | BIT(6)),
	};
	const struct policy p = {
		.quiet = windows, .n_quiet = 2, .calendars = calendars, .n_calendars = 1
	};
	const struct quiet_query q = query(&p, "Asia/Shanghai");
	const char *sh = "Asia/Shanghai";
	const struct row rows[] = {
		{ "a Wednesday", sh, "2026-09-30T09:30:00+08:00", "work",
		    "2026-09-30T10:00:00+08:00", 0 },
		{ "a holiday on Thursday", sh, "2026-10-01T09:30:00+08:00", NULL, NULL,
		    0 },
		{ "is a Sunday", sh, "2026-10-01T11:30:00+08:00", "weekend",
		    "2026-10-01T12:00:00+08:00", 0 },
		{ "a Saturday to work", sh, "2026-10-10T09:30:00+08:00", "work",
		    "2026-10-10T10:00:00+08:00", 0 },
		{ "is a Monday", sh, "2026-10-10T11:30:00+08:00", NULL, NULL, 0 },
	};

	(void)state;
	run_rows(&q, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
test_channels_and_categories(void **state)
{
	struct quiet_window windows[] = { WINDOW("sms", 600, 660, ALL_DAYS) };
	const struct policy p = { .quiet = windows, .n_quiet = 1 };
	struct quiet_query q = query(&p, "Asia/Shanghai");
	struct quiet_answer a;
	int channel, category;

	(void)state;
	windows[0].channels = BIT(CHANNEL_SMS);
	windows[0].categories = BIT(CATEGORY_SERVICE);
	for (channel = 0; channel < CHANNELS; channel++) {
		for (category = 0; category < CATEGORIES; category++) {
			q.channel = (enum channel)channel;
			q.category = (enum category)category;
			quiet_ask(&q, at("2026-10-01T10:30:00+08:00"), 0, &a);
			assert_int_equal(a.quiet,
			    channel == CHANNEL_SMS && category == CATEGORY_SERVICE);
		}
	}
}

/* Windows without an open minute: the search ends, and the check can refuse them. */
static void
case_t5_never_open(void **state)
{
	struct quiet_window day[] = { WINDOW("all", 0, 24 * 60, ALL_DAYS) };
	struct quiet_window round[] = { WINDOW("round", 9 * 60, 9 * 60, ALL_DAYS) };
	struct quiet_window halves[] = { WINDOW("a", 0, 12 * 60, ALL_DAYS),
		WINDOW("b", 12 * 60, 0, ALL_DAYS) };
	const struct policy policies[] = { { .quiet = day, .n_quiet = 1 },
		{ .quiet = round, .n_quiet = 1 }, { .quiet = halves, .n_quiet = 2 } };
	struct quiet_answer a;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct quiet_query q = query(&policies[i], "America/New_York");

		quiet_ask(&q, at("2026-10-01T10:30:00+08:00"), MS_MINUTE, &a);
		assert_true(a.quiet);
		assert_instant(policies[i].quiet[0].id, "next", a.next, MS_NEVER);
		assert_instant(policies[i].quiet[0].id, "earlier", a.earlier, 0);
		assert_int_equal(
		    quiet_open_minutes(&policies[i], CHANNEL_SMS, CATEGORY_MARKETING), 0);
	}
}

static void
test_open_minutes(void **state)
{
	struct quiet_window windows[] = {
		WINDOW("night", 22 * 60, 8 * 60, ALL_DAYS),
		WINDOW("lunch", 690, 810, ALL_DAYS),
		WINDOW("dinner", 1050, 1140, ALL_DAYS),
		WINDOW("sunday night", 20 * 60, 9 * 60, BIT(6)),
	};
	const struct policy p = { .quiet = windows, .n_quiet = 4 };
	const struct policy q = { .quiet = windows, .n_quiet = 3 };
	const struct policy none = { .n_quiet = 0 };

	(void)state;
	assert_int_equal(
	    quiet_open_minutes(&q, CHANNEL_SMS, CATEGORY_MARKETING), 14 * 60 - 210);
	/* Sunday loses two hours in the evening, Monday one in the morning. */
	assert_int_equal(
	    quiet_open_minutes(&p, CHANNEL_SMS, CATEGORY_MARKETING), 14 * 60 - 210 - 120);
	assert_int_equal(
	    quiet_open_minutes(&none, CHANNEL_SMS, CATEGORY_MARKETING), 1440);
	assert_int_equal(quiet_lead(CHANNEL_SMS), 600000);
	assert_int_equal(quiet_lead(CHANNEL_PUSH), 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_t2_night_window),
		cmocka_unit_test(case_t3_weekday_is_local),
		cmocka_unit_test(case_t4_dst_edges),
		cmocka_unit_test(test_provider_hours),
		cmocka_unit_test(test_urgent),
		cmocka_unit_test(test_closures),
		cmocka_unit_test(test_until_before_closure),
		cmocka_unit_test(test_quiet_closed),
		cmocka_unit_test(test_holidays),
		cmocka_unit_test(test_channels_and_categories),
		cmocka_unit_test(case_t5_never_open),
		cmocka_unit_test(test_open_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
