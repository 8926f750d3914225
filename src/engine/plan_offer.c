/* offer: a benefit is granted, or somebody is asked for it. */
#include "core/journey.h"
#include "grant.h"
#include "plan_actions.h"
#include "plan_step.h"

int
plan_offer(struct stand *at, int *target, struct err *e)
{
	ms_t until = journey_until(at->s, at->p->zone, at->w->now);
	enum granting got;

	if (grant_to_run(at->w, at->p, at->r, at->s->name, until, &got, e) != 0)
		return -1;
	if (got == GRANT_ASKED)
		return plan_sleep(at->w, at->r, WAIT_OFFER, until, e) != 0 ? -1 : 0;
	if (got == GRANT_NONE)
		*target = at->s->none_left;
	return 1;
}

/* An action does not wait for a yes, and goes on without. */
int
plan_act_offer(struct act *act, const struct action *a, struct err *e)
{
	enum granting got;

	return grant_to_run(
	    act->w, act->p, act->r, a->name, act->w->now + GRANT_YES_WITHIN, &got, e);
}
