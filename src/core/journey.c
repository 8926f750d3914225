#include "core/journey.h"

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
	case TIMING_NOW:
		break;
	}
	return now;
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
