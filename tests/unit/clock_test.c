/* clock_test.c - instants, durations, times of day and dates as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

#define REFUSED INT64_MIN
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		ms_t at;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T08:00:00+08:00", 0 },
		{ "2026-11-22T10:30:00+08:00", 1795314600000 },
		{ "2026-11-22T02:30:00z", 1795314600000 },
		{ "2026-11-21t21:30:00-05:00", 1795314600000 },
		{ "2026-11-22T10:30:00.5+08:00", 1795314600500 },
		{ "2026-11-22T10:30:00.123999+08:00", 1795314600123 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "2024-02-29T00:00:00Z", 1709164800000 },
		{ "2026-11-22T13:15:00+10:45", 1795314600000 },
		{ "0000-01-01T00:00:00Z", -62167219200000 },
		{ "9999-12-31T23:59:59Z", 253402300799000 },
		{ "2026-02-29T00:00:00Z", REFUSED },
		{ "2026-13-01T00:00:00Z", REFUSED },
		{ "2026-11-22T24:00:00Z", REFUSED },
		{ "2026-11-22T10:60:00Z", REFUSED },
		{ "2026-11-22T10:30:60Z", REFUSED },
		{ "2026-11-22T10:30:00", REFUSED },
		{ "2026-11-22 10:30:00Z", REFUSED },
		{ "2026-11-22T10:30Z", REFUSED },
		{ "2026-11-22T10:30:00.Z", REFUSED },
		{ "2026-11-22T10:30:00+0800", REFUSED },
		{ "2026-11-22T10:30:00+24:00", REFUSED },
		{ "2026-11-22T10:30:00+08:60", REFUSED },
		{ "2026-11-22T10:30:00Z ", REFUSED },
		{ " 2026-11-22T10:30:00Z", REFUSED },
		{ "2026-11-22T10:30:00+08:00x", REFUSED },
		{ "2026-11-22T1a:30:00Z", REFUSED },
		{ "20261122T103000Z", REFUSED },
		{ "+2026-11-22T10:30:00Z", REFUSED },
		{ "", REFUSED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		ms_t at = REFUSED;

		if (clock_parse(rows[i].text, &at) != (rows[i].at == REFUSED ? -1 : 0) ||
		    at != rows[i].at)
			fail_msg("\"%s\": %lld", rows[i].text, (long long)at);
	}
}

static void
test_format(void **state)
{
	static const struct {
		ms_t at;
		int offset;
		const char *text;
	} rows[] = {
		{ 0, 0, "1970-01-01T00:00:00+00:00" },
		{ 1795314600999, 480, "2026-11-22T10:30:00+08:00" },
		{ 1795314600000, -300, "2026-11-21T21:30:00-05:00" },
		{ 1795314600000, -210, "2026-11-21T23:00:00-03:30" },
		{ -1, 0, "1969-12-31T23:59:59+00:00" },
		{ -1000, 60, "1970-01-01T00:59:59+01:00" },
	};
	char buf[CLOCK_TEXT];
	ms_t back;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		assert_string_equal(
		    clock_format(rows[i].at, rows[i].offset, buf), rows[i].text);
		assert_int_equal(clock_parse(buf, &back), 0);
		assert_true(back <= rows[i].at && rows[i].at - back < 1000);
	}
	clock_format(INT64_MAX, 0, buf); /* anything fits */
	clock_format(INT64_MIN, -1439, buf);
}

static void
test_durations(void **state)
{
	static const struct {
		const char *text;
		ms_t d;
		const char *back;
	} rows[] = {
		{ "90m", 90 * MS_MINUTE, "1h30m" },
		{ "2h", 2 * MS_HOUR, "2h" },
		{ "3d", 3 * MS_DAY, "3d" },
		{ "1h30m", 90 * MS_MINUTE, "1h30m" },
		{ "1d2h3m4s", MS_DAY + 2 * MS_HOUR + 3 * MS_MINUTE + 4 * MS_SECOND,
		    "1d2h3m4s" },
		{ "0d1s", MS_SECOND, "1s" },
		{ "24h", MS_DAY, "1d" },
		{ "0", REFUSED, NULL },
		{ "0m", REFUSED, NULL },
		{ "", REFUSED, NULL },
		{ "3", REFUSED, NULL },
		{ "d", REFUSED, NULL },
		{ "3 d", REFUSED, NULL },
		{ "-3d", REFUSED, NULL },
		{ "1.5h", REFUSED, NULL },
		{ "30m1h", REFUSED, NULL },
		{ "1h1h", REFUSED, NULL },
		{ "3w", REFUSED, NULL },
		{ "3D", REFUSED, NULL },
		{ "99999999999999d", REFUSED, NULL },
		{ "99999999999999999999s", REFUSED, NULL },
		{ "106751991167d8h", REFUSED, NULL },
	};
	char buf[CLOCK_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		ms_t d = REFUSED;

		if (clock_duration(rows[i].text, &d) != (rows[i].d == REFUSED ? -1 : 0) ||
		    d != rows[i].d)
			fail_msg("\"%s\": %lld", rows[i].text, (long long)d);
		if (rows[i].back != NULL)
			assert_string_equal(clock_duration_format(d, buf), rows[i].back);
	}
	assert_string_equal(clock_duration_format(0, buf), "0s");
	assert_string_equal(clock_duration_format(-90 * MS_SECOND, buf), "-1m30s");
	assert_string_equal(clock_duration_format(1250, buf), "1s250ms");
	assert_string_equal(
	    clock_duration_format(INT64_MIN, buf), "-106751991167d7h12m55s808ms");
}

static void
test_minutes(void **state)
{
	static const struct {
		const char *text;
		int minutes;
	} rows[] = { { "00:00", 0 }, { "08:30", 510 }, { "23:59", 1439 },
		{ "24:00", 1440 }, { "24:01", -1 }, { "25:00", -1 }, { "12:60", -1 },
		{ "8:30", -1 }, { "0830", -1 }, { "08:3", -1 }, { "08:30:00", -1 },
		{ "08.30", -1 }, { "-1:30", -1 }, { "", -1 } };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		if (clock_minutes(rows[i].text) != rows[i].minutes)
			fail_msg("\"%s\": %d", rows[i].text, clock_minutes(rows[i].text));
	}
}

/* Every day of eight centuries, counted on by hand. */
static void
test_dates(void **state)
{
	struct date d = { 1600, 1, 1 }, back;
	int64_t day = date_days(d), first = day;
	int weekday = 5; /* a Saturday */

	(void)state;
	assert_int_equal(date_days((struct date){ 1970, 1, 1 }), 0);
	assert_int_equal(first, -135140);
	for (; d.year < 2400; day++, weekday = (weekday + 1) % 7) {
		assert_int_equal(date_days(d), day);
		assert_int_equal(date_weekday(day), weekday);
		back = date_from_days(day);
		assert_true(
		    back.year == d.year && back.month == d.month && back.day == d.day);
		d.day++;
		if (date_valid(d))
			continue;
		assert_true(d.day >= 29);
		d.day = 1;
		if (++d.month == 13) {
			d.month = 1;
			d.year++;
		}
		assert_true(date_valid(d));
	}
	assert_int_equal(day - first, 2 * 146097);
}

static void
test_date_text(void **state)
{
	static const char *const bad[] = { "2026-02-29", "1900-02-29", "2026-00-01",
		"2026-01-00", "2026-04-31", "2026-1-01", "26-01-01", "2026/01/01",
		"2026-01-01 ", "20260101", "" };
	struct date d;
	size_t i;

	(void)state;
	assert_int_equal(date_parse("2024-02-29", &d), 0);
	assert_true(d.year == 2024 && d.month == 2 && d.day == 29);
	assert_int_equal(date_parse("2000-02-29", &d), 0);
	for (i = 0; i < COUNT(bad); i++) {
		if (date_parse(bad[i], &d) == 0)
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_minutes),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_date_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
