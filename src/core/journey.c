#include "core/journey.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "core/quiet.h"

static ms_t
calendar_days(const struct zone *z, ms_t from, int days, int minute)
{
	struct local l;

	zone_local(z, from, &l);
	return zone_instant(z, l.day + days, minute >= 0 ? minute : l.minute);
}

ms_t
journey_due(const struct step *s, const struct policy *p, const struct zone *z, ms_t entered_at,
    ms_t step_at, ms_t now)
{
	const struct timing *t = &s->timing;
	ms_t at;

	switch (t->kind) {
	case TIMING_DAY:
		at = calendar_days(
		    z, entered_at, t->days - 1, t->minute >= 0 ? t->minute : p->send_time);
		/* Day 1 is the day of entry: when its time is past, the next open instant. */
		return t->days == 1 && at < now ? now : at;
	case TIMING_AFTER:
		if (t->delay > 0)
			return step_at + t->delay;
		return calendar_days(z, step_at, t->days, t->minute);
	case TIMING_BEFORE: /* journey_before */
	case TIMING_NOW:
		break;
	}
	return now;
}

/* A date as people write it, 2026-3-5 or 2026/03/05; the time of day behind it is -1 when
 * there is none. */
static bool
written(const char *text, struct date *d, int *minute)
{
	int n = 0;

	*minute = -1;
	if (sscanf(text, "%4d%*1[-/.]%2d%*1[-/.]%2d%n", &d->year, &d->month, &d->day, &n) != 3 ||
	    n == 0 || !date_valid(*d))
		return false;
	if (text[n] == '\0')
		return true;
	*minute = text[n] == ' ' ? clock_minutes(text + n + 1) : -1;
	return *minute >= 0;
}

/* The instant a value names; *day is its local day and dated says that it has no time of
 * its own. */
static bool
moment(const struct zone *z, struct value v, ms_t *at, int64_t *day, bool *dated)
{
	char text[CLOCK_TEXT];
	struct local l;
	struct date d;
	int minute;

	*dated = false;
	if (v.type == VALUE_TIME) {
		*at = v.time;
	} else if (v.type == VALUE_STR && v.s.len < sizeof(text)) {
		memcpy(text, v.s.p, v.s.len);
		text[v.s.len] = '\0';
		if (clock_parse(text, at) != 0) {
			if (!written(text, &d, &minute))
				return false;
			*at = zone_instant(z, date_days(d), MAX(minute, 0));
			*dated = minute < 0;
		}
	} else {
		return false;
	}
	zone_local(z, *at, &l);
	*day = l.day;
	*dated = *dated || *at == zone_instant(z, l.day, 0);
	return true;
}

/* 29 February is the 28th in other years. */
static int64_t
in_year(struct date d, int year)
{
	d.year = year;
	if (!date_valid(d))
		d.day--;
	return date_days(d);
}

bool
journey_before(const struct timing *t, const struct policy *p, const struct zone *z,
    struct value date, ms_t step_at, ms_t *due, ms_t *until)
{
	bool dated;
	int64_t day;
	ms_t at;

	if (!moment(z, date, &at, &day, &dated))
		return false;
	if (t->yearly) {
		struct date d = date_from_days(day);
		struct local from;

		zone_local(z, step_at, &from);
		day = in_year(d, from.date.year);
		if (day < from.day)
			day = in_year(d, from.date.year + 1);
		dated = true;
		at = zone_instant(z, day, 0);
	}
	*until = dated ? zone_instant(z, day, 1440) : at;
	if (t->delay > 0)
		*due = at - t->delay;
	else if (t->minute >= 0 || dated)
		*due = zone_instant(z, day - t->days, t->minute >= 0 ? t->minute : p->send_time);
	else
		*due = calendar_days(z, at, -t->days, -1);
	return true;
}

ms_t
journey_again(const struct step *s, const struct zone *z, ms_t last)
{
	return s->every_days > 0 ? calendar_days(z, last, s->every_days, -1) : last + s->every;
}

ms_t
journey_until(const struct step *s, const struct zone *z, ms_t now)
{
	if (s->up_to > 0)
		return now + s->up_to;
	return calendar_days(z, now, s->up_to_days, -1);
}

ms_t
journey_expires(const struct step *s, const struct policy *p, const struct zone *z, bool greeting,
    ms_t due)
{
	ms_t closed = 0, more;

	if (greeting)
		return calendar_days(z, due, 0, 1440);
	/* A closure inside the extension extends it again. */
	while ((more = quiet_closed(p, z, due, due + s->expires + closed)) > closed)
		closed = more;
	return due + s->expires + closed;
}

int
journey_target(const struct playbook *p, int from, int target)
{
	if (target == STEP_NEXT)
		return from + 1;
	if (target == STEP_END)
		return p->n_steps;
	return target;
}

bool
journey_held_out(uint64_t hash, int per_10000)
{
	return (int)(hash % 10000) < per_10000;
}
