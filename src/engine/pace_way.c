/* The way of a customer who never reacts, as far as it can be seen today. */
#include <string.h>

#include "core/business.h"
#include "core/call.h"
#include "core/journey.h"
#include "pace.h"

/* A playbook has at most 200 steps, and its cycles wait. */
#define MOVES_MAX 400
/* Nobody plans his calls further ahead. */
#define HORIZON (400 * MS_DAY)

bool
pace_calls(const struct playbook *pb)
{
	for (int i = 0; i < pb->n_steps; i++)
		if (pb->steps[i].verb == STEP_CALL)
			return true;
	return false;
}

/* Where a list of actions leads: its last word. */
static int
leads(const struct actions *a)
{
	int target = STEP_NEXT;

	for (int i = 0; i < a->n; i++) {
		if (a->items[i].kind == ACTION_GOTO)
			target = a->items[i].target;
		else if (a->items[i].kind == ACTION_STOP)
			target = STEP_END;
	}
	return target;
}

static int
uncalled(const struct step *s)
{
	for (int i = 0; i < s->n_outcomes; i++)
		if (strcmp(s->outcomes[i].name, CALL_NONE) == 0)
			return leads(&s->outcomes[i].then);
	return STEP_NEXT;
}

static int
branch(struct person *p, const struct step *s)
{
	for (int i = 0; i < s->n_branches; i++)
		if (cond_true(s->branches[i].when, person_scope(p)))
			return s->branches[i].target;
	return STEP_NEXT;
}

/* One who walks. */
struct walker {
	struct work *w;
	struct person *p;
	ms_t entered, at;
};

/* When the step has its time; false: its date is not known, it is passed by. */
static bool
arrive(struct walker *k, const struct step *s)
{
	const struct policy *policy = k->w->cat->policy;
	ms_t due, until;

	if (s->timing.kind != TIMING_BEFORE)
		due = journey_due(s, policy, k->p->zone, k->entered, k->at, k->at);
	else if (!journey_before(&s->timing, policy, k->p->zone,
		     expr_value(s->timing.path, person_scope(k->p)), k->at, &due, &until))
		return false;
	k->at = MAX(k->at, due);
	return true;
}

/* What time the step takes of him, and where it leads. */
static int
pass(struct walker *k, const struct step *s)
{
	switch (s->verb) {
	case STEP_WAIT:
		if (s->n_wait_for == 0)
			return STEP_NEXT;
		k->at = journey_until(s, k->p->zone, k->at);
		return leads(&s->otherwise);
	case STEP_REPEAT:
		for (int i = 1; i < s->times; i++)
			k->at = journey_again(s, k->p->zone, k->at);
		return STEP_NEXT;
	case STEP_BRANCH:
		return branch(k->p, s);
	case STEP_DO:
		return leads(&s->actions);
	case STEP_GOTO:
		return s->target;
	case STEP_STOP:
		return STEP_END;
	case STEP_CALL:
		return uncalled(s);
	default:
		return STEP_NEXT;
	}
}

/* Calls are offered in the hours in which people answer, while they are of use. */
static int64_t
day_of(const struct walker *k, const struct step *s)
{
	ms_t best = business_best(k->w->cat->policy, k->p->zone, k->at);
	struct local l;

	zone_local(k->p->house, best < k->at + s->expires ? best : k->at, &l);
	return l.day;
}

static bool
has(const struct pace_call *all, int n, const struct step *s)
{
	for (int i = 0; i < n; i++)
		if (all[i].s == s)
			return true;
	return false;
}

int
pace_way(struct work *w, struct person *p, const struct playbook *pb, const struct run *r,
    ms_t at, struct pace_call out[PACE_CALLS])
{
	struct walker k = { w, p, r == NULL ? at : r->entered_at, at };
	const struct step *s = r == NULL ? NULL : playbook_step(pb, r->step);
	int i = s == NULL ? 0 : s->index, n = 0, moves = 0;
	bool first = s != NULL;

	if (r != NULL && s == NULL)
		return 0; /* no step is left */
	for (; i < pb->n_steps && n < PACE_CALLS && moves < MOVES_MAX; moves++) {
		bool known;
		int target;

		s = &pb->steps[i];
		/* It is sooner than that for a run that has come so far. */
		if (first && r->wait == WAIT_FOR && r->wake_at > k.at) {
			k.at = r->wake_at;
			target = leads(&s->otherwise);
		} else {
			known = arrive(&k, s);
			if (k.at - at > HORIZON)
				break;
			if (known && s->verb == STEP_CALL && !has(out, n, s))
				out[n++] = (struct pace_call){ s, day_of(&k, s) };
			target = known ? pass(&k, s) : STEP_NEXT;
		}
		first = false;
		i = journey_target(pb, i, target);
	}
	return n;
}
