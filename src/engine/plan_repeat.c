/* repeat: round after round, each planned when the one before has come to its end. */
#include "core/journey.h"
#include "core/reason.h"
#include "plan_step.h"
#include "store/msg.h"
#include "store/run.h"

/* Plans the next round for at->due, or a later one when that is past. */
static int
rounds(struct stand *at, struct err *e)
{
	const struct step *s = at->s;
	struct run *r = at->r;
	const char *text;
	int rc;

	while (r->round < s->times) {
		if (plan_is_over(at))
			return plan_over(at, e);
		r->round++;
		if ((rc = plan_touch(at, e)) != 0)
			return rc < 0 ? -1 : 0;
		if (s->on_past == PAST_EXIT)
			return plan_leave(at->w, r, "past", REASON_EXITED, e) != 0 ? -1
										   : 0;
		at->due = journey_again(s, at->p->zone, at->due);
	}
	text = arena_printf(
	    at->w->arena, "repeat %s is over after %d rounds", s->id, s->times);
	return trail_add(at->w->store, r->id, at->w->now, text, e) != 0 ? -1 : 1;
}

int
plan_repeat(struct stand *at, int *target, struct err *e)
{
	(void)target;
	at->r->round = 0;
	return rounds(at, e);
}

int
plan_repeat_again(struct stand *at, const struct message *m, struct err *e)
{
	at->due = journey_again(at->s, at->p->zone, m->planned_at);
	return rounds(at, e);
}

int
plan_repeat_on(struct stand *at, struct err *e)
{
	struct message before;
	int rc = msg_of_occ(at->w->store, at->r->id, at->r->occ - 1, &before, e);

	if (rc != 1)
		return rc < 0 ? -1 : plan_go(at->w, at->p, at->r, at->v, at->s->index, e);
	rc = plan_repeat_again(at, &before, e);
	if (rc != 1)
		return rc;
	at->r->step_at = at->w->now;
	return plan_go(at->w, at->p, at->r, at->v, at->s->index + 1, e);
}
