/* Offers in people's hands: asked for, agreed to or refused, redeemed at the desk. */
#include <string.h>

#include "core/journey.h"
#include "grant.h"
#include "grant_impl.h"
#include "plan.h"
#include "store/run.h"

static int
answer(const char **say, int status, const char *text)
{
	*say = text;
	return status;
}

int
grant_ask(struct work *w, struct person *p, const char *name,
    const struct person_says *who, int64_t *id, const char **say, struct err *e)
{
	const struct offer *o = offer_named(w->cat->offers, name);
	struct grant g;
	int rc;

	if (o == NULL)
		return answer(say, 404, "there is no offer of that name in offers.yaml");
	if (grant_refuses(w, p))
		return answer(say, 409, GRANT_WEAK_TIE);
	g = (struct grant){ .name = o->name,
		.customer = p->row.c.id,
		.store = person_store(p),
		.author = who->by,
		.by = "",
		.asked_at = w->now };
	if (o->approval > who->level)
		rc = grant_ask_row(w, o, &g, w->now + GRANT_YES_WITHIN, e);
	else if ((rc = grant_give(w, p, o, &g, e)) == 1)
		rc = offer_add(w->store, &g, e);
	if (rc < 0)
		return -1;
	*id = g.id;
	return rc == 1
		   ? answer(say, 201, fsm_name(&offer_fsm, g.state))
		   : answer(say, 409, "none is left: the quota of this month is spent");
}

/* The run that stands at the step which asked goes on. */
static int
run_goes_on(
    struct work *w, struct person *p, const struct grant *g, bool yes, struct err *e)
{
	const struct version *v;
	const struct step *s;
	struct run r;

	if (g->run == 0)
		return 0;
	if (run_get(w->store, g->run, &r, e) != 1)
		return -1;
	if (r.state != RUN_RUNNING || r.wait != WAIT_OFFER)
		return 0;
	if (desk_version(w, r.version, &v, e) != 0)
		return -1;
	s = playbook_step(v->playbook, r.step);
	if (s == NULL || s->verb != STEP_OFFER || strcmp(s->name, g->name) != 0)
		return 0;
	person_subject(p, v->playbook->subject, r.subject);
	r.step_at = w->now;
	r.wake_at = 0;
	return plan_go(w, p, &r, v,
	    journey_target(v->playbook, s->index, yes ? STEP_NEXT : s->none_left), e);
}

/* What speaks against it; 0: nothing. */
static int
may_answer(const struct work *w, const struct grant *g, const struct offer *o,
    const struct person_says *who, bool yes, const char **say)
{
	if (g->state != OFFER_ASKED || g->expires_at <= w->now)
		return answer(say, 409,
		    g->state == OFFER_ASKED
			? "it is too late: it was not agreed to in time"
			: "it is not waiting for an answer (any more)");
	if (o == NULL && yes)
		return answer(say, 409, "the offer is no longer in offers.yaml");
	if (strcmp(g->author, who->by) == 0)
		return answer(say, 403, "who asks may not agree: somebody else must");
	if (o != NULL && who->level < o->approval)
		return answer(say, 403,
		    o->approval == APPROVAL_MANAGER
			? "a manager must answer: somebody whom people: or "
			  "roles: in reachd.yaml makes manager, general-manager or "
			  "admin"
			: "the general manager must answer: somebody whom people: "
			  "or roles: in reachd.yaml makes general-manager or admin");
	return 0;
}

int
grant_answer(struct work *w, int64_t id, bool yes, const struct person_says *who,
    const char **say, struct err *e)
{
	const struct offer *o;
	struct person p;
	struct grant g;
	int rc = offer_get(w->store, id, &g, e), status;

	if (rc <= 0)
		return rc < 0 ? -1 : answer(say, 404, "there is no offer of that number");
	o = offer_named(w->cat->offers, g.name);
	if ((status = may_answer(w, &g, o, who, yes, say)) != 0)
		return status;
	if (person_load(w, g.customer, &p, e) != 1)
		return -1;
	g.by = who->by;
	if (!yes)
		rc = grant_finish(w, &g, OFFER_REFUSED, e) == 0 ? 1 : -1;
	else if ((rc = grant_give(w, &p, o, &g, e)) == 1)
		rc = offer_save(w->store, &g, e) == 0 &&
			     grant_note(w, g.run, g.name, "granted", e) == 0
			 ? 1
			 : -1;
	if (rc == 0)
		return answer(say, 409, "none is left: the quota of this month is spent");
	if (rc < 0 || run_goes_on(w, &p, &g, yes, e) != 0)
		return -1;
	return answer(say, 200, fsm_name(&offer_fsm, g.state));
}

int
grant_redeem_by_hand(struct work *w, int64_t id, const struct person_says *who,
    const char **say, struct err *e)
{
	struct grant g;
	int rc = offer_get(w->store, id, &g, e);

	if (rc <= 0)
		return rc < 0 ? -1 : answer(say, 404, "there is no offer of that number");
	if (g.state != OFFER_GRANTED)
		return answer(say, 409,
		    g.state == OFFER_REDEEMED ? "it has been redeemed already"
					      : "it was not granted, or is over");
	if (g.expires_at <= w->now)
		return answer(say, 409, "it is over");
	g.by = who->by;
	if (grant_finish(w, &g, OFFER_REDEEMED, e) != 0)
		return -1;
	return answer(say, 200, fsm_name(&offer_fsm, g.state));
}
