/* quiet_reference_test.c - quiet hours against a slow reference: a table of every minute
 * around ten years of clock changes, read off the C library's own clock.
 * proves: 3.1 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "quiet_test.h"

/* wall[i] is the local time of minute i, in minutes since 1970-01-01
 * 00:00 local; quiet[i] says whether it is quiet, run[i] how many minutes from i on are
 * free; all cover MINUTES from `start`. */
#define MINUTES (9 * 1440)

struct table {
	int64_t start; /* minutes since the epoch */
	int64_t wall[MINUTES];
	unsigned char quiet[MINUTES];
	int run[MINUTES + 1];
};

static void
fill_wall(struct table *t, int64_t start)
{
	struct tm tm;
	int i;

	t->start = start;
	for (i = 0; i < MINUTES; i++) {
		time_t s = (time_t)((start + i) * 60);

		localtime_r(&s, &tm);
		t->wall[i] = start + i + tm.tm_gmtoff / 60;
	}
}

/* The minute at which a wall time begins (late: for the last time); after a gap when
 * it does not exist. */
static int
find_wall(const struct table *t, int64_t wall, int late)
{
	/* No zone was ever moved by more than a day and a bit at once. */
	int64_t guess = wall - t->wall[0];
	int from = guess < 1601 ? 1 : (int)guess - 1600, i, found = -1;
	int to = guess + 1600 > MINUTES ? MINUTES : (int)guess + 1600;

	for (i = from; i < to && (found < 0 || late); i++) {
		if (t->wall[i] == wall)
			found = i;
	}
	for (i = from; i < to && found < 0; i++) {
		if (t->wall[i - 1] < wall && t->wall[i] > wall)
			found = i;
	}
	return found;
}

static void
mark_day(struct table *t, int64_t day, int from, int to)
{
	int a = find_wall(t, day * 1440 + from, 0);
	int b = find_wall(t, (to <= from ? day + 1 : day) * 1440 + to, 1);

	for (; a >= 0 && a < b; a++)
		t->quiet[a] = 1;
}

static int
weekday_of(int64_t day)
{
	return (int)((day + 3) % 7);
}

static void
fill_quiet(struct table *t, const struct quiet_query *q)
{
	int64_t first = t->wall[0] / 1440 + 1, last = t->wall[MINUTES - 1] / 1440 - 1,
		day;
	int i;

	memset(t->quiet, 0, sizeof(t->quiet));
	for (day = first; day < last; day++) {
		for (i = 0; i < q->policy->n_quiet; i++) {
			const struct quiet_window *w = &q->policy->quiet[i];

			if ((w->weekdays >> weekday_of(day) & 1) != 0)
				mark_day(t, day, w->from, w->to);
		}
		if (q->open_from >= 0)
			mark_day(t, day, q->open_to, q->open_from);
	}
	t->run[MINUTES] = 0;
	for (i = MINUTES - 1; i >= 0; i--)
		t->run[i] = t->quiet[i] ? 0 : t->run[i + 1] + 1;
}

/* Read as a clock on the wall is read: no interval, no date arithmetic. */
static int
wall_says_quiet(const struct quiet_window *w, int64_t wall)
{
	int minute = (int)(wall % 1440), today = weekday_of(wall / 1440);
	int yesterday = (today + 6) % 7;

	if (w->from < w->to)
		return minute >= w->from && minute < w->to && (w->weekdays >> today & 1);
	return (minute >= w->from && (w->weekdays >> today & 1)) ||
	       (minute < w->to && (w->weekdays >> yesterday & 1));
}

static int
first_free(const struct table *t, int i, int span)
{
	while (i < MINUTES && t->run[i] < span)
		i++;
	return i < MINUTES ? i : -1;
}

static int
last_free(const struct table *t, int i, int span)
{
	while (i >= 0 && t->run[i] < span)
		i--;
	return i;
}

static ms_t
minute_at(const struct table *t, int i)
{
	return (t->start + i) * MS_MINUTE;
}

/* Compares one instant; the table's outer three days are only there to look into. */
static void
compare(
    const struct table *t, const struct quiet_query *q, int i, int span, const char *name)
{
	ms_t now = minute_at(t, i);
	struct quiet_answer a;
	int want, k;

	quiet_ask(q, now, span * MS_MINUTE, &a);
	want = first_free(t, i, span);
	if (a.quiet != (want != i))
		fail_msg(
		    "%s at %s: %s", name, text_of(now), a.quiet ? "quiet" : "not quiet");
	if (want >= 0)
		assert_instant(name, "next", a.next, minute_at(t, want));
	if (a.quiet) {
		want = last_free(t, i, span);
		if (want >= 0 && i - want < 2 * 1440)
			assert_instant(name, "earlier", a.earlier, minute_at(t, want));
		return;
	}
	k = i + t->run[i];
	if (k < MINUTES - 2 * 1440)
		assert_instant(name, "until", a.until, minute_at(t, k));
	for (k = 0; k < q->policy->n_quiet; k++) {
		if (wall_says_quiet(&q->policy->quiet[k], t->wall[i]))
			fail_msg("%s at %s: the clock on the wall says quiet", name,
			    text_of(now));
	}
}

static void
compare_days(struct table *t, const struct quiet_query *q, const char *name)
{
	static unsigned seed = 1;
	int i;

	fill_quiet(t, q);
	for (i = 3 * 1440; i < 6 * 1440; i += 1 + (int)(seed >> 16) % 23) {
		seed = seed * 1103515245U + 12345;
		compare(t, q, i, 1, name);
		compare(t, q, i, 1 + (int)(seed >> 20) % 90, name);
	}
}

static long
offset_at(time_t s)
{
	struct tm tm;

	localtime_r(&s, &tm);
	return tm.tm_gmtoff;
}

static void
test_reference(void **state)
{
	static const char *const names[] = { "America/New_York", "Australia/Lord_Howe",
		"Europe/London", "Asia/Shanghai", "Pacific/Apia", "America/Santiago",
		"America/Sao_Paulo", "Asia/Beirut", "America/Havana", "America/St_Johns",
		"Africa/Casablanca", "Asia/Tehran" };
	struct quiet_window usual[] = { WINDOW("night", 22 * 60, 8 * 60, ALL_DAYS),
		WINDOW("lunch", 690, 810, ALL_DAYS),
		WINDOW("dinner", 1050, 1140, ALL_DAYS) };
	struct quiet_window edges[] = { WINDOW("a", 0, 90, ALL_DAYS),
		WINDOW("b", 75, 165, BIT(6)), WINDOW("c", 1410, 0, 31),
		WINDOW("d", 150, 155, ALL_DAYS),
		WINDOW("e", 1380, 1440, BIT(5) | BIT(6)) };
	struct quiet_window weekend[] = { WINDOW("weekend", 120, 120, BIT(5) | BIT(6)) };
	const struct policy policies[] = { { .quiet = usual, .n_quiet = 3 },
		{ .quiet = edges, .n_quiet = 5 }, { .quiet = weekend, .n_quiet = 1 },
		{ .n_quiet = 0 } };
	struct table *t = malloc(sizeof(*t));
	const time_t day = 86400, begin = 13149 * day,
		     end = begin + 3652 * day; /* 2006-2015 */
	size_t i, k, days = 0;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		time_t s;

		setenv("TZ", names[i], 1);
		tzset();
		for (s = begin; s < end; s += day) {
			/* Days of change, and one ordinary day a year. */
			if (offset_at(s) == offset_at(s + day) &&
			    (s - begin) / day % 365 != 200)
				continue;
			days++;
			fill_wall(t, (s - 4 * day) / 60);
			for (k = 0; k < 4; k++) {
				struct quiet_query q = query(&policies[k], names[i]);

				if (k == 3) {
					q.open_from = (int)(days % 24) * 60;
					q.open_to = (q.open_from + 11 * 60) % 1440;
				}
				compare_days(t, &q, names[i]);
			}
		}
	}
	unsetenv("TZ");
	tzset();
	assert_true(days > 280);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_reference) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
