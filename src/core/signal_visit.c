/* signal_visit.c - signals of visits, orders and money. */
#include <math.h>

#include "signal_read.h"

#define YEAR 365
#define HALF 180
/* No car is serviced more often or less. */
#define CYCLE_MIN 30
#define CYCLE_MAX 730

static struct value
yuan(int64_t fen)
{
	return value_float((double)fen / 100);
}

/* ---- days ---- */

int
signal_last_day(struct view *v)
{
	int told, seen;

	if (v->told_day == 0 && v->c->last_visit.year != 0)
		v->told_day = (int)date_days(v->c->last_visit);
	told = v->told_day;
	seen = v->p->n_notes == 0 ? 0 : v->p->note[v->p->n_notes - 1].day;

	return told > seen ? told : seen;
}

/* His own mean; 0: not known. */
static double
own_interval(struct view *v)
{
	const struct profile *p = v->p;
	const struct customer *c = v->c;
	double days = 0;

	if (p->n_notes >= 2)
		days = (double)(p->note[p->n_notes - 1].day - p->note[0].day) /
		       (p->n_notes - 1);
	else if (c->visits >= 2 && c->first_visit.year != 0 && c->last_visit.year != 0)
		days = (double)(date_days(c->last_visit) - date_days(c->first_visit)) /
		       (c->visits - 1);
	return days <= 0 ? 0 : fmin(fmax(days, CYCLE_MIN), CYCLE_MAX);
}

/* Days between visits: his own mean, else what the import tells, else the cycle. */
static double
interval_of(struct view *v)
{
	double own = own_interval(v);

	return own > 0 ? own : v->lc->cycle;
}

int
next_count(struct view *v, double anchor, double than)
{
	int day;

	if (isnan(than) || fabs(than) > 1e6)
		return v->today + 1;
	day = (int)floor(anchor + than);
	/* `=` holds on that day, `>` from the next on */
	for (int i = -1; i <= 1; i++)
		if (day + i > v->today)
			return day + i;
	return DAY_NEVER;
}

struct value
read_days_since_visit(struct view *v)
{
	int last = signal_last_day(v);

	return last == 0 ? VALUE_NONE : value_int(v->today - last);
}

int
next_days_since_visit_next(struct view *v, double than)
{
	int last = signal_last_day(v);

	return last == 0 ? DAY_NEVER : next_count(v, last, than);
}

struct value
read_days_overdue(struct view *v)
{
	int last = signal_last_day(v);

	return last == 0 ? VALUE_NONE
			 : value_int(v->today - (int)lround(last + interval_of(v)));
}

int
next_days_overdue_next(struct view *v, double than)
{
	int last = signal_last_day(v);

	return last == 0 ? DAY_NEVER
			 : next_count(v, round(last + interval_of(v)), than);
}

struct value
read_cycles_missed(struct view *v)
{
	int last = signal_last_day(v);

	return last == 0 ? VALUE_NONE
			 : value_float((v->today - last) / interval_of(v));
}

int
next_cycles_missed_next(struct view *v, double than)
{
	int last = signal_last_day(v);

	return last == 0 ? DAY_NEVER : next_count(v, last, than * interval_of(v));
}

struct value
read_visit_interval(struct view *v)
{
	double own = own_interval(v);

	return own == 0 ? VALUE_NONE : value_float(own);
}

/* The last interval in means of those before; needs three visits. */
static double
last_stretch(const struct profile *p)
{
	int n = p->n_notes;
	double mean;

	if (n < 3)
		return 0;
	mean = (double)(p->note[n - 2].day - p->note[0].day) / (n - 2);
	return (p->note[n - 1].day - p->note[n - 2].day) / fmax(mean, CYCLE_MIN);
}

struct value
read_stretch(struct view *v)
{
	double own = own_interval(v);

	if (own == 0)
		return VALUE_NONE;
	return value_float(
	    fmax(last_stretch(v->p), (v->today - signal_last_day(v)) / own));
}

int
next_stretch_next(struct view *v, double than)
{
	double own = own_interval(v);

	return own == 0 ? DAY_NEVER : next_count(v, signal_last_day(v), than * own);
}

static int
visits_in(const struct view *v, int days)
{
	int n = 0;

	for (int i = v->p->n_notes - 1; i >= 0 && v->p->note[i].day > v->today - days;
	     i--)
		n += v->p->note[i].visits;
	return n;
}

/* The day on which the oldest visit within `days` leaves them. */
static int
visit_leaves(const struct view *v, int days)
{
	for (int i = 0; i < v->p->n_notes; i++)
		if (v->p->note[i].day > v->today - days)
			return v->p->note[i].day + days;
	return DAY_NEVER;
}

struct value
read_visits_12m(struct view *v)
{
	return value_int(visits_in(v, YEAR));
}

int
next_visits_12m_next(struct view *v, double than)
{
	(void)than;
	return visit_leaves(v, YEAR);
}

struct value
read_visits_window(struct view *v)
{
	return value_int(visits_in(v, v->lc->window));
}

int
next_visits_window_next(struct view *v, double than)
{
	(void)than;
	return visit_leaves(v, v->lc->window);
}

/* ---- money ---- */

/* In fen; days [from, to). */
static int64_t
spend_of(struct view *v, int from, int to)
{
	int64_t sum = 0;

	for (int i = 0; i < v->p->n_notes; i++)
		if (v->p->note[i].day >= from && v->p->note[i].day < to)
			sum += profile_amount(&v->p->note[i]);
	return sum;
}

int64_t
signal_spend_12m(struct view *v, int day)
{
	const struct profile *p = v->p;
	int64_t seen = spend_of(v, day - YEAR + 1, day + 1), told = 0;

	/* A month's figure stands on what was known when it began. */
	if (day < v->today && p->base_month == v->month)
		told = p->base_before;
	else if (p->base != 0 && p->base_day > day - YEAR)
		told = p->base + spend_of(v, p->base_day + 1, day + 1);
	return told > seen ? told : seen;
}

struct value
read_spend_12m(struct view *v)
{
	return yuan(signal_spend_12m(v, v->today));
}

struct value
read_spend_total(struct view *v)
{
	int64_t year = signal_spend_12m(v, v->today);

	return yuan(v->p->spend_orders > year ? v->p->spend_orders : year);
}

struct value
read_spend_trend(struct view *v)
{
	int64_t before = spend_of(v, v->today - 2 * HALF + 1, v->today - HALF + 1);
	int64_t now = spend_of(v, v->today - HALF + 1, v->today + 1);

	return before <= 0 ? VALUE_NONE : value_float((double)now / (double)before - 1);
}

/* The first day on which an order crosses a bound of the windows. */
static int
crossed(const struct view *v, int days)
{
	for (int i = 0; i < v->p->n_notes; i++)
		if (v->p->note[i].day + days > v->today)
			return v->p->note[i].day + days;
	return DAY_NEVER;
}

int
next_spend_12m_next(struct view *v, double than)
{
	int told = v->p->base == 0 ? 0 : v->p->base_day + YEAR, seen = crossed(v, YEAR);

	(void)than;
	return told > v->today && told < seen ? told : seen;
}

int
next_spend_trend_next(struct view *v, double than)
{
	int half = crossed(v, HALF), whole = crossed(v, 2 * HALF);

	(void)than;
	return half < whole ? half : whole;
}

struct value
read_last_ticket(struct view *v)
{
	const struct profile *p = v->p;

	return p->n_notes == 0 ? VALUE_NONE
			       : yuan(profile_amount(&p->note[p->n_notes - 1]));
}

/* Mean of the first n notes that cost something; 0: none. */
static double
mean_of(const struct profile *p, int n)
{
	double sum = 0;
	int visits = 0;

	for (int i = 0; i < n; i++)
		if (profile_amount(&p->note[i]) > 0) {
			sum += (double)profile_amount(&p->note[i]);
			visits += p->note[i].visits;
		}
	return visits == 0 ? 0 : sum / visits;
}

struct value
read_ticket_mean(struct view *v)
{
	double mean = mean_of(v->p, v->p->n_notes);

	return mean == 0 ? VALUE_NONE : value_float(mean / 100);
}

struct value
read_ticket_trend(struct view *v)
{
	const struct profile *p = v->p;
	double before = mean_of(p, p->n_notes - 1);
	int64_t last = p->n_notes == 0 ? 0 : profile_amount(&p->note[p->n_notes - 1]);

	/* One visit is no habit. */
	if (p->n_notes < 3 || before == 0 || last == 0)
		return VALUE_NONE;
	return value_float((double)last / before - 1);
}

/* ---- extras ---- */

struct value
read_basics_share(struct view *v)
{
	int basics = 0;

	for (int i = 0; i < v->p->n_notes; i++)
		basics += v->p->note[i].basics;
	return v->p->n_notes == 0 ? VALUE_NONE
				  : value_float((double)basics / v->p->n_notes);
}

struct value
read_basics_streak(struct view *v)
{
	int n = 0;

	while (n < v->p->n_notes && v->p->note[v->p->n_notes - 1 - n].basics)
		n++;
	return value_int(n);
}

struct value
read_extras_share(struct view *v)
{
	int recommended = 0, accepted = 0;

	for (int i = 0; i < v->p->n_notes; i++) {
		recommended += profile_recommended(&v->p->note[i]);
		accepted += profile_accepted(&v->p->note[i]);
	}
	return recommended == 0 ? VALUE_NONE
				: value_float((double)accepted / recommended);
}

struct value
read_refusals(struct view *v)
{
	int n = 0;

	for (int i = v->p->n_notes - 1; i >= 0 && profile_accepted(&v->p->note[i]) == 0;
	     i--)
		n += profile_recommended(&v->p->note[i]);
	return value_int(n);
}
