#include "core/business.h"

#include <glib.h>

#define SEARCH_DAYS 400
#define SATURDAY 5
#define SUNDAY 6

static bool
lists(const struct date *dates, int n, int64_t day)
{
	for (int i = 0; i < n; i++)
		if (date_days(dates[i]) == day)
			return true;
	return false;
}

int
business_weekday(const struct policy *p, int64_t day)
{
	int weekday = date_weekday(day);

	for (int i = 0; i < p->n_calendars; i++) {
		const struct calendar *c = &p->calendars[i];

		for (int k = 0; k < c->n_closures; k++)
			if (day >= date_days(c->closures[k].from) &&
			    day <= date_days(c->closures[k].to))
				return -1;
	}
	for (int i = 0; i < p->n_calendars; i++) {
		const struct calendar *c = &p->calendars[i];

		if (lists(c->holidays, c->n_holidays, day))
			return SUNDAY;
		if (lists(c->workdays, c->n_workdays, day))
			return 0;
	}
	return weekday;
}

static bool
works(const struct policy *p, int64_t day)
{
	int weekday = business_weekday(p, day);

	return weekday >= 0 && p->tasks.weekdays & BIT(weekday);
}

/* The first working instant from (*day, *minute) on; false: none. */
static bool
opening(const struct policy *p, int64_t *day, int *minute)
{
	if (*minute < p->tasks.from)
		*minute = p->tasks.from;
	for (int n = 0; n < SEARCH_DAYS; n++, ++*day, *minute = p->tasks.from)
		if (*minute < p->tasks.to && works(p, *day))
			return true;
	return false;
}

ms_t
business_after(const struct policy *p, const struct zone *z, ms_t from, ms_t span)
{
	int64_t days = span / MS_DAY, left = (span % MS_DAY) / MS_MINUTE;
	struct local l;
	int64_t day;
	int minute;

	zone_local(z, from, &l);
	day = l.day;
	minute = l.minute;
	if (!opening(p, &day, &minute))
		return MS_NEVER;
	for (; days > 0; days--) {
		int at = minute;

		day++;
		minute = 0;
		if (!opening(p, &day, &minute))
			return MS_NEVER;
		minute = at;
	}
	while (minute + left > p->tasks.to) {
		left -= p->tasks.to - minute;
		day++;
		minute = 0;
		if (!opening(p, &day, &minute))
			return MS_NEVER;
	}
	return zone_instant(z, day, minute + (int)left);
}

ms_t
business_best(const struct policy *p, const struct zone *z, ms_t at)
{
	const struct task_rules *t = &p->tasks;
	struct local l;

	zone_local(z, at, &l);
	for (int64_t day = l.day; day < l.day + SEARCH_DAYS; day++) {
		int weekday = business_weekday(p, day);
		ms_t best = MS_NEVER;

		if (weekday < 0 || weekday >= SATURDAY)
			continue;
		for (int i = 0; i < t->n_hours; i++) {
			ms_t to = zone_instant(z, day, t->hours[i].to);

			if (to > at)
				best = MIN(best,
				    MAX(at, zone_instant(z, day, t->hours[i].from)));
		}
		if (best != MS_NEVER)
			return best;
	}
	return MS_NEVER;
}
