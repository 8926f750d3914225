/* quiet.c - all rules become absolute intervals; every answer is read off those. */
#include "core/quiet.h"

#include <stddef.h>
#include <string.h>

#define DAY_MINUTES 1440
#define SEARCH_DAYS 400
#define SUNDAY 6

ms_t
quiet_lead(enum channel channel)
{
	return channel == CHANNEL_SMS ? 10 * MS_MINUTE : MS_MINUTE;
}

/* One quiet interval [from, to). */
struct span {
	ms_t from, to;
	const char *rule;
	struct pos at;
};

/* What is known about [from, to) after looking at the spans around it. */
struct look {
	ms_t from, to;
	int touching;    /* how many spans touch it */
	ms_t start, end; /* of those together */
	ms_t coming; /* start of the first span at or after `to`; MS_NEVER: none seen */
	struct span why; /* the touching span to name */
};

/* Dates compare as numbers. */
static int
packed(struct date d)
{
	return (d.year * 16 + d.month) * 32 + d.day;
}

/* The span to name is the one that holds at the start of the look and holds longest,
 * else the one that begins first. */
static int
names_better(const struct look *l, const struct span *s)
{
	bool holds = s->from <= l->from, held = l->why.from <= l->from;

	if (l->touching == 0 || holds != held)
		return l->touching == 0 || holds;
	return holds ? s->to > l->why.to : s->from < l->why.from;
}

static void
see(struct look *l, const struct span *s)
{
	if (s->from >= s->to || s->to <= l->from)
		return;
	if (s->from >= l->to) {
		if (s->from < l->coming)
			l->coming = s->from;
		return;
	}
	if (names_better(l, s))
		l->why = *s;
	if (l->touching == 0 || s->from < l->start)
		l->start = s->from;
	if (l->touching == 0 || s->to > l->end)
		l->end = s->to;
	l->touching++;
}

/* [from, to) of the wall clock on a local day; to <= from is the next day's. */
static void
see_window(struct look *l, const struct zone *z, int64_t day, int from, int to,
    const char *rule, struct pos at)
{
	struct span s = { .rule = rule, .at = at };
	ms_t other;

	zone_instants(z, day, from, &s.from, &other);
	zone_instants(z, to <= from ? day + 1 : day, to, &other, &s.to);
	see(l, &s);
}

static bool
lists(const struct date *dates, int n, int wanted)
{
	int i;

	for (i = 0; i < n; i++) {
		if (packed(dates[i]) == wanted)
			return true;
	}
	return false;
}

/* The weekday that windows go by: see the header for holidays and workdays. */
static unsigned
weekday_bit(const struct policy *p, int64_t day)
{
	int wanted = packed(date_from_days(day)), i;

	for (i = 0; i < p->n_calendars; i++) {
		const struct calendar *c = &p->calendars[i];

		if (lists(c->holidays, c->n_holidays, wanted))
			return BIT(SUNDAY);
		if (lists(c->workdays, c->n_workdays, wanted))
			return BIT(0);
	}
	return BIT(date_weekday(day));
}

static bool
window_applies(const struct quiet_window *w, enum channel channel, enum category category)
{
	return (w->channels & BIT(channel)) != 0 && (w->categories & BIT(category)) != 0;
}

static void
see_house(struct look *l, const struct quiet_query *q, int64_t day)
{
	const struct policy *p = q->policy;
	unsigned weekday = 0; /* looked up when a window asks */
	int i;

	for (i = 0; i < p->n_quiet; i++) {
		const struct quiet_window *w = &p->quiet[i];

		if (!window_applies(w, q->channel, q->category))
			continue;
		if (w->weekdays != 127) {
			if (weekday == 0)
				weekday = weekday_bit(p, day);
			if ((w->weekdays & weekday) == 0)
				continue;
		}
		see_window(l, q->zone, day, w->from, w->to, w->id, w->at);
	}
}

static bool
always_open(const struct quiet_query *q)
{
	return q->open_from < 0 || q->open_from == q->open_to ||
	       (q->open_from == 0 && q->open_to == DAY_MINUTES);
}

/* Everything that begins on this local day, closures aside. */
static void
see_day(struct look *l, const struct quiet_query *q, int64_t day)
{
	const struct pos nowhere = { 0 };

	if (!q->urgent)
		see_house(l, q, day);
	if (!always_open(q))
		see_window(
		    l, q->zone, day, q->open_to, q->open_from, "provider", nowhere);
}

static bool
closure_applies(const struct closure *c, const struct quiet_query *q)
{
	if (c->allow_greeting && q->greeting)
		return false;
	if (c->allow_service && q->category == CATEGORY_SERVICE)
		return false;
	return !(c->allow_transactional && q->category == CATEGORY_TRANSACTIONAL);
}

static void
closure_span(const struct closure *c, const struct zone *z, struct span *out)
{
	ms_t other;

	*out = (struct span){ .rule = "closure", .at = c->at };
	zone_instants(z, date_days(c->from), 0, &out->from, &other);
	zone_instants(z, date_days(c->to), DAY_MINUTES, &other, &out->to);
}

/* Closures that are not over on local day `first`. One that begins long after `last`
 * does not matter when something closer is coming. */
static void
see_closures(struct look *l, const struct quiet_query *q, int64_t first, int64_t last)
{
	const struct policy *p = q->policy;
	int past = packed(date_from_days(first)), far = packed(date_from_days(last + 2)),
	    i, k;
	struct span s;

	for (i = 0; i < p->n_calendars; i++) {
		for (k = 0; k < p->calendars[i].n_closures; k++) {
			const struct closure *c = &p->calendars[i].closures[k];

			if (packed(c->to) < past || !closure_applies(c, q) ||
			    (packed(c->from) > far && l->coming != MS_NEVER))
				continue;
			closure_span(c, q->zone, &s);
			see(l, &s);
		}
	}
}

/* A window begins on the day before at the earliest. One day more on both sides, for
 * where clocks go back over midnight a day is entered twice. */
static void
look_at(struct look *l, const struct quiet_query *q, ms_t from, ms_t to)
{
	struct local a, b;
	int64_t day;

	*l = (struct look){ .from = from, .to = to, .coming = MS_NEVER };
	zone_local(q->zone, from, &a);
	b.day = a.day;
	if (to - from > MS_MINUTE)
		zone_local(q->zone, to, &b);
	for (day = a.day - 1; day <= b.day + 1; day++)
		see_day(l, q, day);
	see_closures(l, q, a.day - 1, b.day);
}

static ms_t
next_free(const struct quiet_query *q, struct look l, ms_t now, ms_t span)
{
	while (l.touching > 0) {
		if (l.end > now + SEARCH_DAYS * MS_DAY)
			return MS_NEVER;
		look_at(&l, q, l.end, l.end + span);
	}
	return l.from;
}

static ms_t
last_free(const struct quiet_query *q, struct look l, ms_t now, ms_t span)
{
	while (l.touching > 0) {
		if (l.start - span < now - 2 * MS_DAY)
			return 0;
		look_at(&l, q, l.start - span, l.start);
	}
	return l.from;
}

static bool
has_windows(const struct quiet_query *q)
{
	int i;

	if (!always_open(q))
		return true;
	for (i = 0; !q->urgent && i < q->policy->n_quiet; i++) {
		if (window_applies(&q->policy->quiet[i], q->channel, q->category))
			return true;
	}
	return false;
}

/* The days that look_at() saw usually hold the next span; windows of some weekdays only
 * may be further off, but not behind a closure that is coming. */
static ms_t
next_start(const struct quiet_query *q, struct look *l)
{
	struct local local;
	int64_t day, last;

	zone_local(q->zone, l->to, &local);
	last = local.day + (has_windows(q) ? SEARCH_DAYS : 0);
	for (day = local.day + 1; day <= last; day++) {
		if (l->coming <= zone_instant(q->zone, day, 0))
			break;
		see_day(l, q, day);
	}
	return l->coming;
}

void
quiet_ask(const struct quiet_query *q, ms_t now, ms_t span, struct quiet_answer *out)
{
	struct look l;

	if (span < 1)
		span = 1;
	look_at(&l, q, now, now + span);
	*out = (struct quiet_answer){ .quiet = l.touching > 0, .rule = "", .next = now };
	if (out->quiet) {
		out->rule = l.why.rule;
		out->at = l.why.at;
		out->next = next_free(q, l, now, span);
		out->earlier = last_free(q, l, now, span);
	} else {
		out->until = next_start(q, &l);
	}
}

/* Marks [from, to) of a week's minutes, round from Sunday to Monday. */
static void
mark(unsigned char *week, int from, int to)
{
	const int all = 7 * DAY_MINUTES;

	for (; from < to; from++)
		week[from % all] = 1;
}

int
quiet_open_minutes(const struct policy *p, enum channel channel, enum category category)
{
	unsigned char week[7 * DAY_MINUTES] = { 0 };
	int fewest = DAY_MINUTES, day, i;

	for (i = 0; i < p->n_quiet; i++) {
		const struct quiet_window *w = &p->quiet[i];
		int length = w->to - w->from + (w->to <= w->from ? DAY_MINUTES : 0);

		if (!window_applies(w, channel, category))
			continue;
		for (day = 0; day < 7; day++) {
			int from = day * DAY_MINUTES + w->from;

			if ((w->weekdays & BIT(day)) != 0)
				mark(week, from, from + length);
		}
	}
	for (day = 0; day < 7; day++) {
		int open = 0;

		for (i = 0; i < DAY_MINUTES; i++)
			open += !week[day * DAY_MINUTES + i];
		if (open < fewest)
			fewest = open;
	}
	return fewest;
}

/* The first closure that ends after t, by its start. */
static bool
next_closure(const struct policy *p, const struct zone *z, ms_t t, struct span *first)
{
	bool found = false;
	struct local local;
	struct span s;
	int i, k, day;

	zone_local(z, t, &local);
	day = packed(date_from_days(local.day - 1));
	for (i = 0; i < p->n_calendars; i++) {
		for (k = 0; k < p->calendars[i].n_closures; k++) {
			const struct closure *c = &p->calendars[i].closures[k];

			if (packed(c->to) < day)
				continue;
			closure_span(c, z, &s);
			if (s.to > t && s.from < s.to &&
			    (!found || s.from < first->from)) {
				*first = s;
				found = true;
			}
		}
	}
	return found;
}

ms_t
quiet_closed(const struct policy *p, const struct zone *z, ms_t from, ms_t to)
{
	ms_t closed = 0, t = from;
	struct span s;

	while (t < to && next_closure(p, z, t, &s) && s.from < to) {
		closed += (s.to < to ? s.to : to) - (s.from > t ? s.from : t);
		t = s.to;
	}
	return closed;
}
