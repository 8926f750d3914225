/* zone_test.c - names that are zones and names that are not; offsets and wall times,
 * compared with the C library's. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/zone.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_names(void **state)
{
	static const char *const good[] = { "Asia/Shanghai", "America/New_York", "UTC",
		"Etc/UTC", "America/Argentina/Ushuaia", "America/Port-au-Prince",
		"Asia/Urumqi" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		const struct zone *z = zone_get(good[i]);

		if (z == NULL)
			fail_msg("%s was refused", good[i]);
		assert_string_equal(zone_name(z), good[i]);
		assert_ptr_equal(zone_get(good[i]), z);
	}
}

static void
test_refused_names(void **state)
{
	static const struct {
		const char *name, *suggestion;
	} rows[] = {
		{ "Asia/Beijing", "Asia/Shanghai" },
		{ "GMT+8", "Asia/Shanghai" },
		{ "UTC+8", "Asia/Shanghai" },
		{ "UTC+08:00", "Asia/Shanghai" },
		{ "+08:00", "Asia/Shanghai" },
		{ "8", "Asia/Shanghai" },
		{ "CST", "Asia/Shanghai" },
		{ "PRC", "Asia/Shanghai" },
		{ "posixrules", "Asia/Shanghai" },
		{ "localtime", "Asia/Shanghai" },
		{ "Etc/GMT+8", "Asia/Shanghai" },
		{ "Etc/GMT-8", "Asia/Shanghai" },
		{ "right/Asia/Shanghai", "Asia/Shanghai" },
		{ "posix/Asia/Shanghai", "Asia/Shanghai" },
		{ "asia/shanghai", "Asia/Shanghai" },
		{ "Asia/Shanhgai", "Asia/Shanghai" },
		{ "shanghai", "Asia/Shanghai" },
		{ "America/NewYork", "America/New_York" },
		{ "EST", "America/New_York" },
		{ "GMT", "UTC" },
		{ "Foo/Bar", NULL },
		{ "GMT-8", NULL },
		{ "", NULL },
		{ "Asia", NULL },
		{ "Asia/", NULL },
		{ "/usr/share/zoneinfo/Asia/Shanghai", NULL },
		{ "../zoneinfo/Asia/Shanghai", NULL },
		{ "Asia/../Asia/Shanghai", NULL },
		{ "zone.tab", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const char *s = zone_suggest(rows[i].name);

		if (zone_get(rows[i].name) != NULL)
			fail_msg("\"%s\" was taken", rows[i].name);
		if (rows[i].suggestion != NULL &&
		    (s == NULL || strcmp(s, rows[i].suggestion) != 0))
			fail_msg("\"%s\": suggests %s", rows[i].name,
			    s == NULL ? "nothing" : s);
		if (s != NULL && zone_get(s) == NULL)
			fail_msg(
			    "\"%s\": suggests %s, which is refused too", rows[i].name, s);
	}
}

static const char *const zones[] = { "America/New_York", "Australia/Lord_Howe",
	"Europe/London", "Asia/Shanghai", "Pacific/Apia", "America/Santiago",
	"America/Sao_Paulo", "Asia/Beirut", "America/Havana", "America/St_Johns",
	"Asia/Kathmandu", "Africa/Casablanca", "UTC" };

static void
set_zone(const char *name)
{
	if (name != NULL)
		setenv("TZ", name, 1);
	else
		unsetenv("TZ");
	tzset();
}

/* Every third hour from 1930 to 2060, at odd seconds. */
static void
test_offsets(void **state)
{
	struct local local;
	struct tm tm;
	size_t i;
	time_t s;

	(void)state;
	for (i = 0; i < COUNT(zones); i++) {
		const struct zone *z = zone_get(zones[i]);

		set_zone(zones[i]);
		for (s = -1262304000; s < 2840140800; s += 10807) {
			localtime_r(&s, &tm);
			if (zone_offset(z, s * MS_SECOND + 999) != tm.tm_gmtoff)
				fail_msg("%s at %lld", zones[i], (long long)s);
			zone_local(z, s * MS_SECOND, &local);
			if (local.date.year != tm.tm_year + 1900 ||
			    local.date.month != tm.tm_mon + 1 ||
			    local.date.day != tm.tm_mday ||
			    local.minute != tm.tm_hour * 60 + tm.tm_min ||
			    local.weekday != (tm.tm_wday + 6) % 7 ||
			    local.offset != tm.tm_gmtoff ||
			    local.day != date_days(local.date))
				fail_msg(
				    "%s at %lld: local time", zones[i], (long long)s);
		}
	}
	set_zone(NULL);
}

/* Outside 1900 to 2200 the offset at the edge goes on. */
static void
test_far_away(void **state)
{
	const struct zone *z = zone_get("Asia/Shanghai");
	const int edge = 29143; /* 08:05:43 by the sun */
	struct local local;
	ms_t first, last;

	(void)state;
	assert_int_equal(zone_offset(z, MS_NEVER), 28800);
	assert_int_equal(zone_offset(z, INT64_MIN), edge);
	zone_instants(z, -100000, 600, &first, &last);
	assert_int_equal(first, -100000 * MS_DAY + 600 * MS_MINUTE - edge * MS_SECOND);
	assert_int_equal(last, first);
	zone_local(z, first, &local);
	assert_true(local.day == -100000 && local.minute == 600);
	zone_instants(z, 100000, 600, &first, &last);
	assert_int_equal(first, 100000 * MS_DAY + 120 * MS_MINUTE);
	assert_int_equal(last, first);
}

static void
test_named_instants(void **state)
{
	static const struct {
		const char *name, *zone, *date;
		int minute;
		const char *first, *last;
	} rows[] = {
		{ "ordinary", "Asia/Shanghai", "2026-11-22", 630,
		    "2026-11-22T10:30:00+08:00", "2026-11-22T10:30:00+08:00" },
		{ "the midnight that ends a day", "Asia/Shanghai", "2026-11-22", 1440,
		    "2026-11-23T00:00:00+08:00", "2026-11-23T00:00:00+08:00" },
		{ "02:30 does not exist", "America/New_York", "2026-03-08", 150,
		    "2026-03-08T03:00:00-04:00", "2026-03-08T03:00:00-04:00" },
		{ "02:00 is where the gap begins", "America/New_York", "2026-03-08", 120,
		    "2026-03-08T03:00:00-04:00", "2026-03-08T03:00:00-04:00" },
		{ "03:00 is just behind it", "America/New_York", "2026-03-08", 180,
		    "2026-03-08T03:00:00-04:00", "2026-03-08T03:00:00-04:00" },
		{ "01:30 twice", "America/New_York", "2026-11-01", 90,
		    "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00" },
		{ "01:00 twice", "America/New_York", "2026-11-01", 60,
		    "2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00" },
		{ "02:00 once", "America/New_York", "2026-11-01", 120,
		    "2026-11-01T02:00:00-05:00", "2026-11-01T02:00:00-05:00" },
		{ "half an hour's gap", "Australia/Lord_Howe", "2026-10-04", 135,
		    "2026-10-04T02:30:00+11:00", "2026-10-04T02:30:00+11:00" },
		{ "half an hour twice", "Australia/Lord_Howe", "2026-04-05", 105,
		    "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30" },
		{ "a day that starts at 01:00", "America/Sao_Paulo", "2018-11-04", 0,
		    "2018-11-04T01:00:00-02:00", "2018-11-04T01:00:00-02:00" },
		{ "the end of the day before it", "America/Sao_Paulo", "2018-11-03", 1440,
		    "2018-11-04T01:00:00-02:00", "2018-11-04T01:00:00-02:00" },
		{ "Beirut's midnight gap", "Asia/Beirut", "2024-03-31", 30,
		    "2024-03-31T01:00:00+03:00", "2024-03-31T01:00:00+03:00" },
		{ "an evening twice", "America/Sao_Paulo", "2018-02-17", 1410,
		    "2018-02-17T23:30:00-02:00", "2018-02-17T23:30:00-03:00" },
		{ "a midnight twice", "America/Havana", "2026-11-01", 0,
		    "2026-11-01T00:00:00-04:00", "2026-11-01T00:00:00-05:00" },
		{ "a day that was left out", "Pacific/Apia", "2011-12-30", 720,
		    "2011-12-31T00:00:00+14:00", "2011-12-31T00:00:00+14:00" },
	};
	ms_t first, last, want_first, want_last;
	struct date d;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const struct zone *z = zone_get(rows[i].zone);

		assert_int_equal(date_parse(rows[i].date, &d), 0);
		assert_int_equal(clock_parse(rows[i].first, &want_first), 0);
		assert_int_equal(clock_parse(rows[i].last, &want_last), 0);
		zone_instants(z, date_days(d), rows[i].minute, &first, &last);
		if (first != want_first || last != want_last)
			fail_msg("%s: %lld %lld", rows[i].name,
			    (long long)(first - want_first),
			    (long long)(last - want_last));
		assert_int_equal(zone_instant(z, date_days(d), rows[i].minute), first);
	}
}

/* Going through every wall time there and back: both instants read that wall time, and
 * no instant outside them does; a time in a gap gives the end of the gap. */
static void
test_there_and_back(void **state)
{
	struct local a, b, before;
	ms_t first, last;
	int64_t day;
	size_t i;
	int minute;

	(void)state;
	for (i = 0; i < COUNT(zones); i++) {
		const struct zone *z = zone_get(zones[i]);

		for (day = 14600; day < 22000; day++) {
			minute = (int)(day * 37 % 1440);
			zone_instants(z, day, minute, &first, &last);
			zone_local(z, first, &a);
			zone_local(z, last, &b);
			zone_local(z, first - 1, &before);
			if (a.day == day && a.minute == minute)
				assert_true(
				    b.day == day && b.minute == minute && first <= last);
			else
				assert_true(
				    first == last &&
				    a.day * 1440 + a.minute > day * 1440 + minute &&
				    before.day * 1440 + before.minute <
					day * 1440 + minute);
		}
	}
}

static void *
use_zones(void *arg)
{
	struct local local;
	size_t i;

	for (i = 0; i < 20000; i++) {
		const struct zone *z = zone_get(zones[i % COUNT(zones)]);

		zone_local(z, (ms_t)(i * 86400123), &local);
	}
	*(const char **)arg = zone_suggest("Asia/Beijng");
	return NULL;
}

/* For the thread sanitizer to look at. */
static void
test_threads(void **state)
{
	const char *suggestions[4];
	pthread_t threads[4];
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, use_zones, &suggestions[i]), 0);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (i = 1; i < 4; i++)
		assert_ptr_equal(suggestions[i], suggestions[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads), /* first: the tables are still empty */
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused_names),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_far_away),
		cmocka_unit_test(test_named_instants),
		cmocka_unit_test(test_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
