/* split: which arm of an A/B test a run gets, and the touch it sends there. */
#include <string.h>

#include "base/check.h"
#include "plan_step.h"
#include "store/experiment.h"
#include "store/run.h"
#include "winner.h"

static int
begin(const struct stand *at, const struct experiment *x, struct experiment_row *row,
    struct err *e)
{
	*row = (struct experiment_row){ .playbook = at->r->playbook,
		.step = at->s->id,
		.version = x->version,
		.name = x->name,
		.pinned = at->r->version,
		.started_at = at->w->now,
		.metric = (int)x->decide.metric,
		.arm = "" };
	if (x->decide.given) {
		row->decide_at = at->w->now + x->decide.after;
		desk_wake(at->w->desk, row->decide_at);
	}
	return experiment_add(at->w->store, row, x, e);
}

/* A decision that was written into the playbook while the experiment was running. */
static int
ask_for_decision(const struct stand *at, const struct experiment *x,
    struct experiment_row *row, struct err *e)
{
	if (row->decide_at != 0 || row->decided_at != 0 || !x->decide.given)
		return 0;
	row->pinned = at->r->version;
	row->metric = (int)x->decide.metric;
	row->decide_at = MAX(row->started_at + x->decide.after, at->w->now);
	desk_wake(at->w->desk, row->decide_at);
	return experiment_save(at->w->store, row, e);
}

/* Who comes after the decision gets what it says, who comes before is drawn: by his id
 * alone, so that it is the same arm after a restart, and in a rehearsal. */
static int
draw(const struct stand *at, int *arm, struct err *e)
{
	const struct experiment *x = at->s->split;
	struct work *w = at->w;
	struct experiment_row row;
	const char *use = arena_printf(
	    w->arena, "split:%s:%s:%s", at->v->playbook->name, at->s->id, x->version);
	int rc =
	    experiment_find(w->store, at->r->playbook, at->s->id, x->version, &row, e);

	*arm = experiment_arm(x, desk_draw(w, use, at->p->row.c.ext));
	if (rc < 0)
		return -1;
	/* The control group is in no arm: it is sent nothing. */
	if (rc == 0 && at->r->control != CONTROL_NONE)
		return 0;
	if (rc == 0 ? begin(at, x, &row, e) != 0 : ask_for_decision(at, x, &row, e) != 0)
		return -1;
	if (row.decided_at == 0 && row.decide_at != 0 && row.decide_at <= w->now &&
	    winner_one(w, &row, e) != 0)
		return -1;
	if (row.decided_at != 0) {
		*arm = *row.arm == '\0' ? ARM_STOP : experiment_arm_named(x, row.arm);
		CHECK(*arm != ARM_BEST);
		return 0;
	}
	if (at->r->control != CONTROL_NONE)
		return 0;
	return experiment_draw(
		   w->store, row.id, at->r->customer, at->r->id, *arm, w->now, e) < 0
		   ? -1
		   : 0;
}

int
plan_split(struct stand *at, int *target, struct err *e)
{
	struct stand here = *at;
	struct step narrow = *at->s;
	int arm;

	if (draw(at, &arm, e) != 0)
		return -1;
	if (arm == ARM_STOP) {
		*target = STEP_END;
		return trail_add(at->w->store, at->r->id, at->w->now,
			   "the experiment has ended without a winner", e) != 0
			   ? -1
			   : 1;
	}
	step_narrow(&narrow, at->s->split->arms[arm].name);
	here.s = &narrow;
	return plan_send(&here, target, e);
}
