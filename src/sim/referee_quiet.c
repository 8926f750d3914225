/* referee_quiet.c - quiet hours minute by minute, the slow way. */
#include <string.h>

#include "referee_impl.h"

static bool
listed(const struct date *days, int n, struct date d)
{
	for (int i = 0; i < n; i++)
		if (memcmp(&days[i], &d, sizeof(d)) == 0)
			return true;
	return false;
}

/* Monday is 0. A holiday is as good as a Sunday, a day made up for is a Monday. */
static int
weekday_of(const struct policy *p, int64_t day)
{
	struct date d = date_from_days(day);

	for (int i = 0; i < p->n_calendars; i++)
		if (listed(p->calendars[i].holidays, p->calendars[i].n_holidays, d))
			return 6;
	for (int i = 0; i < p->n_calendars; i++)
		if (listed(p->calendars[i].workdays, p->calendars[i].n_workdays, d))
			return 0;
	return (int)((day + 3) % 7);
}

static bool
on_day(const struct policy *p, const struct quiet_window *w, int64_t day)
{
	return w->weekdays == 127 || w->weekdays >> weekday_of(p, day) & 1;
}

static bool
in_window(const struct policy *p, const struct quiet_window *w, int64_t day, int minute)
{
	if (w->from < w->to)
		return minute >= w->from && minute < w->to && on_day(p, w, day);
	return (minute >= w->from && on_day(p, w, day)) ||
	       (minute < w->to && on_day(p, w, day - 1));
}

static bool
closed(const struct closure *c, int64_t day, int category, bool greeting)
{
	if (day < date_days(c->from) || day > date_days(c->to))
		return false;
	if (greeting && c->allow_greeting)
		return false;
	return category == CATEGORY_MARKETING ||
	       (category == CATEGORY_SERVICE && !c->allow_service) ||
	       (category == CATEGORY_TRANSACTIONAL && !c->allow_transactional);
}

static const char *
minute_quiet(const struct policy *p, const struct account *acc, const struct local *l,
    int channel, int category, bool urgent, bool greeting)
{
	for (int i = 0; !urgent && i < p->n_quiet; i++) {
		const struct quiet_window *w = &p->quiet[i];

		if (w->channels >> channel & 1 && w->categories >> category & 1 &&
		    in_window(p, w, l->day, l->minute))
			return w->id;
	}
	for (int i = 0; i < p->n_calendars; i++)
		for (int k = 0; k < p->calendars[i].n_closures; k++)
			if (closed(
				&p->calendars[i].closures[k], l->day, category, greeting))
				return "closure";
	if (acc != NULL && acc->quiet_from >= 0 &&
	    (l->minute < acc->quiet_from || l->minute >= acc->quiet_to))
		return "provider";
	return NULL;
}

const char *
referee_quiet(const struct policy *p, const struct account *acc, const struct zone *z,
    int channel, int category, bool urgent, bool greeting, ms_t at)
{
	ms_t lead = channel == CHANNEL_SMS ? 10 * MS_MINUTE : MS_MINUTE;

	for (ms_t t = at; t <= at + lead; t += 15 * MS_SECOND) {
		const char *rule;
		struct local l;

		zone_local(z, t, &l);
		rule = minute_quiet(p, acc, &l, channel, category, urgent, greeting);
		if (rule != NULL)
			return rule;
	}
	return NULL;
}
