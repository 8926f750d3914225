#include "core/way.h"

#include <string.h>

#include <glib.h>

#include "core/business.h"
#include "core/call.h"
#include "core/journey.h"
#include "core/template.h"

/* A playbook has at most 200 steps, and its cycles wait. */
#define MOVES_MAX 400
/* Nobody plans his calls further ahead. */
#define HORIZON (400 * MS_DAY)

bool
way_has_calls(const struct playbook *p)
{
	for (int i = 0; i < p->n_steps; i++)
		if (p->steps[i].verb == STEP_CALL)
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
branch(const struct way *w, const struct step *s)
{
	for (int i = 0; i < s->n_branches; i++)
		if (cond_true(s->branches[i].when, w->scope))
			return s->branches[i].target;
	return STEP_NEXT;
}

/* When the step has its time; false: its date is not known, it is passed by. */
static bool
arrive(struct way *w, const struct step *s)
{
	ms_t due, until;

	if (s->timing.kind != TIMING_BEFORE)
		due = journey_due(s, w->policy, w->zone, w->entered, w->at, w->at);
	else if (w->scope == NULL ||
		 !journey_before(&s->timing, w->policy, w->zone,
		     expr_value(s->timing.path, w->scope), w->at, &due, &until))
		return false;
	w->at = MAX(w->at, due);
	return true;
}

/* What time the step takes of him, and where it leads. */
static int
pass(struct way *w, const struct step *s)
{
	switch (s->verb) {
	case STEP_WAIT:
		if (s->n_wait_for == 0)
			return STEP_NEXT;
		w->at = journey_until(s, w->zone, w->at);
		return leads(&s->otherwise);
	case STEP_REPEAT:
		for (int i = 1; i < s->times; i++)
			w->at = journey_again(s, w->zone, w->at);
		return STEP_NEXT;
	case STEP_BRANCH:
		return branch(w, s);
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
day_of(const struct way *w, const struct step *s)
{
	ms_t best = business_best(w->policy, w->zone, w->at);
	struct local l;

	zone_local(w->house, best < w->at + s->expires ? best : w->at, &l);
	return l.day;
}

static bool
has(const struct way_call *all, int n, const struct step *s)
{
	for (int i = 0; i < n; i++)
		if (all[i].s == s)
			return true;
	return false;
}

/* The step a run stands at has its time when the run says so. */
static bool
stand(struct way *w)
{
	bool waits = w->until > w->at;

	w->at = MAX(w->at, w->until);
	w->until = 0;
	return waits;
}

/* Step by step, until `each` says that it is enough. */
static void
walk(struct way *w, bool (*each)(void *arg, const struct way *w, const struct step *s),
    void *arg)
{
	const struct playbook *p = w->playbook;
	ms_t from = w->at;

	for (int moves = 0; w->step < p->n_steps && moves < MOVES_MAX; moves++) {
		const struct step *s = &p->steps[w->step];
		int target = STEP_NEXT;

		if (stand(w)) {
			target = leads(&s->otherwise);
		} else if (arrive(w, s)) {
			if (w->at - from > HORIZON ||
			    (s->verb == STEP_BRANCH && w->scope == NULL) ||
			    !each(arg, w, s))
				return;
			target = pass(w, s);
		}
		w->step = journey_target(p, w->step, target);
	}
}

struct calls {
	struct way_call *out;
	int n;
};

static bool
note_call(void *arg, const struct way *w, const struct step *s)
{
	struct calls *c = arg;

	if (s->verb == STEP_CALL && !has(c->out, c->n, s))
		c->out[c->n++] = (struct way_call){ s, day_of(w, s) };
	return c->n < WAY_CALLS;
}

int
way_calls(struct way *w, struct way_call out[WAY_CALLS])
{
	struct calls c = { out, 0 };

	walk(w, note_call, &c);
	return c.n;
}

struct touches {
	ms_t until;
	int n;
};

static bool
note_touch(void *arg, const struct way *w, const struct step *s)
{
	struct touches *t = arg;

	if (w->at > t->until)
		return false;
	t->n += s->n_sends > 0 && s->templates[0] != NULL &&
		s->templates[0]->category == CATEGORY_MARKETING;
	return true;
}

int
way_touches(struct way *w, ms_t until)
{
	struct touches t = { until, 0 };

	walk(w, note_touch, &t);
	return t.n;
}
