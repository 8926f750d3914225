#include "core/every.h"

#include <glib.h>

const char *const period_names[] = { "week", "month", "quarter", "year", NULL };

/* 1970-01-01 was a Thursday. */
#define MONDAY_AHEAD 3
#define YEAR 366

static int64_t
period_of(enum period unit, const struct local *l)
{
	int month = l->date.year * 12 + l->date.month - 1;

	switch (unit) {
	case PERIOD_WEEK:
		return (l->day + MONDAY_AHEAD) / 7;
	case PERIOD_MONTH:
		return month;
	case PERIOD_QUARTER:
		return month / 3;
	default:
		return l->date.year;
	}
}

/* The first day of a period. */
static int64_t
begins(enum period unit, int64_t period)
{
	static const int months[] = { 0, 1, 3, 12 };
	int64_t month;

	if (unit == PERIOD_FEAST)
		return period;
	if (unit == PERIOD_WEEK)
		return period * 7 - MONDAY_AHEAD;
	month = period * months[unit];
	return date_days((struct date){ (int)(month / 12), (int)(month % 12) + 1, 1 });
}

int64_t
every_after(const struct every *e, int64_t period)
{
	return e->unit == PERIOD_FEAST ? feast_from(e->feast, period + 1) : period + 1;
}

ms_t
every_at(const struct every *e, const struct zone *z, int64_t period)
{
	int64_t next = every_after(e, period), from, to, day;

	if (period < 0 || next < 0)
		return MS_NEVER;
	from = begins(e->unit, period);
	to = begins(e->unit, next);
	day = e->day > 0 ? from + e->day - 1 : to + e->day;
	return zone_instant(z, CLAMP(day, from, to - 1), e->minute);
}

/* Feasts are not a row of numbers: from one that is past for sure. */
static int64_t
last_feast(const struct every *e, const struct zone *z, ms_t at, int64_t today)
{
	int64_t period = feast_from(e->feast, today - 2 * YEAR), next;

	for (;;) {
		next = every_after(e, period);
		if (every_at(e, z, next) > at)
			return period;
		period = next;
	}
}

int64_t
every_last(const struct every *e, const struct zone *z, ms_t at)
{
	struct local l;
	int64_t period;

	zone_local(z, at, &l);
	if (e->unit == PERIOD_FEAST)
		return last_feast(e, z, at, l.day);
	period = period_of(e->unit, &l);
	return every_at(e, z, period) <= at ? period : period - 1;
}
