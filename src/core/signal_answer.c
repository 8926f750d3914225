/* signal_answer.c - signals of touches and of what he says to them. */
#include <math.h>

#include "signal_read.h"

void
view_fetch(struct view *v)
{
	void (*all)(struct view *) = v->fetch;

	v->fetch = NULL;
	if (all != NULL)
		all(v);
}

/* ---- answers: only touches that asked, where an answer can be seen ---- */

#define ASKS_KEPT 16
#define ASKS_LATE 4

static double
rate(unsigned asks, int from, int to)
{
	int n = 0;

	for (int i = from; i < to; i++)
		n += asks >> i & 1;
	return (double)n / (to - from);
}

struct value
read_answer_rate(struct view *v)
{
	view_fetch(v);
	if (v->p->n_asks == 0)
		return VALUE_NONE;
	return value_float(
	    rate(v->p->asks, 0, v->p->n_asks < ASKS_KEPT ? v->p->n_asks : ASKS_KEPT));
}

struct value
read_answer_trend(struct view *v)
{
	int kept;

	view_fetch(v);
	kept = v->p->n_asks < ASKS_KEPT ? v->p->n_asks : ASKS_KEPT;
	if (kept < 2 * ASKS_LATE)
		return VALUE_NONE;
	return value_float(
	    rate(v->p->asks, 0, ASKS_LATE) - rate(v->p->asks, ASKS_LATE, kept));
}

struct value
read_unanswered(struct view *v)
{
	int n = 0;

	view_fetch(v);
	while (n < 32 && n < v->p->n_asks && !(v->p->asks >> n & 1))
		n++;
	return value_int(n);
}

/* ---- touches and presence ---- */

struct value
read_touches(struct view *v)
{
	view_fetch(v);
	return value_int(v->p->touches);
}

static int
this_month(struct view *v)
{
	view_fetch(v);
	return v->p->month == v->month ? v->p->month_touches : 0;
}

struct value
read_touches_this_month(struct view *v)
{
	return value_int(this_month(v));
}

struct value
read_below_floor(struct view *v)
{
	const struct tier *t = policy_tier(v->policy, stage_tier(v));

	return value_bool(t != NULL && this_month(v) < t->floor);
}

int
next_month_next(struct view *v, double than)
{
	(void)than;
	return v->next_month;
}

struct value
read_presence(struct view *v)
{
	view_fetch(v);
	return value_float(presence_now(&v->policy->presence, &v->p->presence, v->now));
}

int
next_presence_next(struct view *v, double than)
{
	double now;
	ms_t at;

	view_fetch(v);
	now = presence_now(&v->policy->presence, &v->p->presence, v->now);
	/* Just there it falls below at once; nothing at all stays nothing. */
	if (isnan(than) || (now > 0 && now == than))
		return v->today + 1;
	at = presence_until(&v->policy->presence, &v->p->presence, v->now, than);
	return at == MS_NEVER || (at - v->now) / MS_DAY > 36500
		   ? DAY_NEVER
		   : v->today + 1 + (int)((at - v->now) / MS_DAY);
}

/* ---- ratings ---- */

static int
kept_scores(const struct profile *p)
{
	return p->n_scores < SCORES ? p->n_scores : SCORES;
}

struct value
read_last_score(struct view *v)
{
	return v->p->n_scores == 0 ? VALUE_NONE
				   : value_float(v->p->score[0].share / 1000.0);
}

struct value
read_score_mean(struct view *v)
{
	const struct profile *p = v->p;

	return p->n_scores == 0 ? VALUE_NONE
				: value_float((double)p->score_sum / p->n_scores / 1000);
}

struct value
read_score_trend(struct view *v)
{
	const struct profile *p = v->p;
	double before = 0;
	int n = kept_scores(p);

	if (n < 2)
		return VALUE_NONE;
	for (int i = 1; i < n; i++)
		before += p->score[i].share;
	return value_float((p->score[0].share - before / (n - 1)) / 1000);
}

struct value
read_score_falls(struct view *v)
{
	int n = 0;

	while (
	    n + 1 < kept_scores(v->p) && v->p->score[n].share < v->p->score[n + 1].share)
		n++;
	return value_int(n);
}

struct value
read_nps(struct view *v)
{
	const struct profile *p = v->p;

	return p->nps_n == 0
		   ? VALUE_NONE
		   : value_float(100.0 * (p->promoters - p->detractors) / p->nps_n);
}
