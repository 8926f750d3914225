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

/* The weekday that a day counts as, 0 = Monday; -1: the house is closed. */
static int
counts_as(const struct policy *p, int64_t day)
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

/* Whose hours count. */
struct house {
	const struct policy *policy;
	const struct shop *shop;
};

/* The minutes in which that day is worked; false: it is not. */
static bool
worked(const struct house *h, int64_t day, struct shop_hours *out)
{
	const struct task_rules *t = &h->policy->tasks;
	int weekday = counts_as(h->policy, day);

	*out = h->shop != NULL && h->shop->has_hours
		   ? shop_hours_on(h->shop, day)
		   : (struct shop_hours){ t->from, t->to };
	if (h->shop != NULL && shop_hours_on(h->shop, day).to == 0)
		return false;
	if (weekday < 0 || out->to == 0)
		return false;
	return (h->shop != NULL && h->shop->has_hours) ||
	       (t->weekdays & BIT(weekday)) != 0;
}

/* The first working instant from (*day, *minute) on; false: none. */
static bool
opening(const struct house *h, int64_t *day, int *minute, struct shop_hours *hours)
{
	for (int n = 0; n < SEARCH_DAYS; n++, ++*day, *minute = 0) {
		if (!worked(h, *day, hours) || *minute >= hours->to)
			continue;
		*minute = MAX(*minute, hours->from);
		return true;
	}
	return false;
}

ms_t
business_after(const struct policy *p, const struct shop *shop, const struct zone *z,
    ms_t from, ms_t span)
{
	const struct house h = { p, shop };
	int64_t days = span / MS_DAY, left = (span % MS_DAY) / MS_MINUTE;
	struct shop_hours hours;
	struct local l;
	int64_t day;
	int minute;

	zone_local(z, from, &l);
	day = l.day;
	minute = l.minute;
	if (!opening(&h, &day, &minute, &hours))
		return MS_NEVER;
	for (; days > 0; days--) {
		int at = minute, none = 0;

		day++;
		if (!opening(&h, &day, &none, &hours))
			return MS_NEVER;
		/* At the same time of day, as far as that day has it. */
		minute = CLAMP(at, hours.from, hours.to);
	}
	while (minute + left > hours.to) {
		left -= hours.to - minute;
		day++;
		minute = 0;
		if (!opening(&h, &day, &minute, &hours))
			return MS_NEVER;
	}
	return zone_instant(z, day, minute + (int)left);
}

int
business_calls(const struct policy *p, const struct shop *shop, int64_t day)
{
	const struct house h = { p, shop };
	const struct task_rules *t = &p->tasks;
	struct shop_hours hours;

	if (t->per_day == 0)
		return -1;
	if (!worked(&h, day, &hours))
		return 0;
	/* However short the day, one can be made on it: nobody waits for ever. */
	return MIN(t->per_day,
	    MAX(1, (int)((hours.to - hours.from) * MS_MINUTE / t->each)));
}

ms_t
business_best(const struct policy *p, const struct zone *z, ms_t at)
{
	const struct task_rules *t = &p->tasks;
	struct local l;

	zone_local(z, at, &l);
	for (int64_t day = l.day; day < l.day + SEARCH_DAYS; day++) {
		int weekday = counts_as(p, day);
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
