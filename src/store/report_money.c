/* report_money.c - what runs cost and brought: told where an event tells it, else assumed. */
#include "report.h"

void
report_earn(struct earned *x, const struct walk *w, const struct worth *worth)
{
	if (w->control)
		return;
	x->targeted++;
	x->reached += w->reached;
	x->messages += w->cost;
	x->offers += w->offers;
	if (!w->recalled)
		return;
	x->recalled++;
	x->extras += w->extras;
	x->referrals += w->referrals;
	x->told += w->paid > 0;
	x->assumed += w->paid <= 0;
	x->income += w->paid > 0 ? w->paid : worth->recalled;
	x->income += w->extras_paid > 0 ? w->extras_paid : w->extras * worth->extra;
	x->income +=
	    w->referrals_paid > 0 ? w->referrals_paid : w->referrals * worth->referral;
}

double
report_cost(const struct cost_item *c, const struct earned *x)
{
	switch (c->per) {
	case COST_TARGETED:
		return c->yuan * c->times * (double)x->targeted;
	case COST_REACHED:
		return c->yuan * c->times * (double)x->reached;
	case COST_RECALLED:
		return c->yuan * c->times * (double)x->recalled;
	case COST_MESSAGES:
		return x->messages;
	case COST_OFFERS:
		return x->offers;
	default:
		return c->yuan * c->times;
	}
}
