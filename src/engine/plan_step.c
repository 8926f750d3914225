#include "plan_step.h"

static int
branch(struct stand *at, int *target, struct err *e)
{
	const struct step *s = at->s;

	(void)e;
	for (int i = 0; i < s->n_branches; i++)
		if (cond_true(s->branches[i].when, person_step_scope(at->p))) {
			*target = s->branches[i].target;
			break;
		}
	return 1;
}

static int
do_(struct stand *at, int *target, struct err *e)
{
	return plan_act(at->w, at->p, at->r, &at->s->actions, target, e);
}

static int
goto_(struct stand *at, int *target, struct err *e)
{
	(void)e;
	*target = at->s->target;
	return 1;
}

static int
stop(struct stand *at, int *target, struct err *e)
{
	(void)at;
	(void)e;
	*target = STEP_END;
	return 1;
}

/* What the other playbook does at once may move this very run. */
static int
enter(struct stand *at, int *target, struct err *e)
{
	struct action one = { .kind = ACTION_ENTER, .at = at->s->at, .name = at->s->name };

	return plan_act(at->w, at->p, at->r, &(struct actions){ &one, 1 }, target, e);
}

const struct plan_verb plan_steps[STEP_VERBS] = {
	[STEP_SEND] = { plan_send, true },
	[STEP_WAIT] = { plan_wait, false },
	[STEP_BRANCH] = { branch, false },
	[STEP_DO] = { do_, false },
	[STEP_GOTO] = { goto_, false },
	[STEP_STOP] = { stop, false },
	[STEP_SPLIT] = { plan_split, true },
	[STEP_OFFER] = { plan_offer, false },
	[STEP_ENTER] = { enter, false },
	[STEP_CALL] = { plan_call, true },
	[STEP_REPEAT] = { plan_repeat, true },
};
