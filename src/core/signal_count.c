/* signal_count.c - signals that count what happened, in all or within days. */
#include "signal_read.h"

#define YEAR 365

/* The day on which the oldest of them leaves the days counted. */
static int
leaves(const struct view *v, enum tally which, int days)
{
	const struct counted *c = &v->p->tally[which];
	int n = profile_counted(c, v->today, days);

	return n == 0 ? DAY_NEVER : c->day[n - 1] + days;
}

#define WITHIN(name, which, days)                                                       \
	struct value read_##name(struct view *v)                                        \
	{                                                                               \
		return value_int(profile_counted(&v->p->tally[which], v->today, days)); \
	}                                                                               \
	int next_##name##_next(struct view *v, double than)                             \
	{                                                                               \
		(void)than;                                                             \
		return leaves(v, which, days);                                          \
	}
WITHIN(asks_prices, TALLY_ASKS_PRICES, v->lc->window)
WITHIN(compares, TALLY_COMPARES, v->lc->window)
WITHIN(competitor_seen, TALLY_COMPETITOR, v->lc->window)
WITHIN(complaints, TALLY_COMPLAINT, v->lc->window)
WITHIN(decides_slowly, TALLY_DECIDES_SLOWLY, v->lc->window)
WITHIN(distant, TALLY_DISTANT, v->lc->window)
WITHIN(haggles, TALLY_HAGGLES, v->lc->window)
WITHIN(hesitates, TALLY_HESITATES, v->lc->window)
WITHIN(no_shows, TALLY_NO_SHOW, v->lc->window)
WITHIN(refused_calls, TALLY_CALL_REFUSED, v->lc->window)
WITHIN(reschedules, TALLY_RESCHEDULE, v->lc->window)
WITHIN(attended, TALLY_ATTENDED, YEAR)
WITHIN(bookings, TALLY_BOOKING, YEAR)
WITHIN(invited, TALLY_INVITED, YEAR)

#define IN_ALL(name, which)                                 \
	struct value read_##name(struct view *v)            \
	{                                                   \
		return value_int(v->p->tally[which].total); \
	}
IN_ALL(complaints_total, TALLY_COMPLAINT)
IN_ALL(referrals, TALLY_REFERRAL)
IN_ALL(second_cars, TALLY_SECOND_CAR)
IN_ALL(warranty_sales, TALLY_WARRANTY)

struct value
read_complaints_open(struct view *v)
{
	return value_int(v->p->complaints_open);
}

struct value
read_missed_events(struct view *v)
{
	const struct counted *asked = &v->p->tally[TALLY_INVITED];
	int came = v->p->tally[TALLY_ATTENDED].day[0], n = 0;

	/* An event attended on the day of the invitation follows it. */
	while (n < TALLY_DAYS && asked->day[n] > came)
		n++;
	return value_int(n);
}
