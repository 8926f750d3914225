#include "plan_step.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "core/journey.h"
#include "core/reason.h"
#include "grant.h"
#include "pace.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/pace.h"
#include "store/run.h"
#include "store/signal.h"
#include "store/version.h"
#include "tasks.h"

/* A run that makes so many moves without waiting is a cycle the check missed. */
#define MOVES_MAX 1000
#define RUNS_FEW 16
#define RUNS_FLEET (RUNS_FEW * RUNS_FEW * RUNS_FEW)

int
plan_undo(struct work *w, struct person *p, const char *what, int64_t id, const struct err *own,
    struct err *e)
{
	if (store_back(w->store, own, e) != 0)
		return -1;
	log_error("undone", "what=%s id=%" G_GINT64_FORMAT " error=\"%s\"", what, id, own->text);
	return p == NULL ? 0 : person_again(p, e);
}

/* ---- ends ---- */

/* Now the playbook may let him in again: the next sweep looks. Before its time is over, he
 * has a day to be looked at on. */
static int
look_after(struct work *w, const struct run *r, struct err *e)
{
	const struct live *live = desk_live(w->desk, r->playbook);
	const struct version *v;
	const struct playbook *pb;

	if (live == NULL || live->version == 0)
		return 0;
	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	pb = v->playbook;
	if (pb->start.kind != START_WHEN ||
	    ((pb->re_entry == MS_NEVER || w->now - r->entered_at < pb->re_entry) &&
		!(pb->count_entry_on_send && r->first_sent_at == 0)))
		return 0;
	return signal_look(w->store, r->customer, e);
}

static int
end_run(struct work *w, struct run *r, enum run_state state, const char *why, struct err *e)
{
	r->state = (enum run_state)fsm_move(&run_fsm, r->state, state);
	r->why = why;
	r->ended_at = w->now;
	r->wake_at = 0;
	if (booking_drop(w->store, r->id, NULL, e) != 0)
		return -1;
	return look_after(w, r, e) != 0 ? -1 : run_save(w->store, r, e);
}

static int
cancel_planned(struct work *w, const struct run *r, int reason, const char *why, struct err *e)
{
	struct message m[64];
	int n;

	if (tasks_recall(w, r->customer, r->id, -1, e) != 0)
		return -1;
	n = msg_planned(w->store, r->customer, m, (int)G_N_ELEMENTS(m), e);
	for (int i = 0; i < n; i++)
		if (m[i].run == r->id &&
		    plan_suppress(w, &m[i], reason, why, (struct pos){ 0 }, "", e) != 0)
			return -1;
	/* One of many: its own touch may stand further down. */
	if (n == (int)G_N_ELEMENTS(m) &&
	    msg_of_occ(w->store, r->id, r->occ, &m[0], e) == 1 && m[0].state == MSG_DUE)
		return plan_suppress(w, &m[0], reason, why, (struct pos){ 0 }, "", e);
	return n < 0 ? -1 : 0;
}

int
plan_runs(struct work *w, int64_t customer, bool live, struct run **out, struct err *e)
{
	int max = RUNS_FEW, n;

	/* Whoever speaks for a fleet has more than anybody else. */
	do {
		*out = arena_array(w->arena, struct run, max);
		n = run_of_customer(w->store, customer, live, *out, max, e);
	} while (n == max && (max *= RUNS_FEW) <= RUNS_FLEET);
	return n;
}

int
plan_leave(struct work *w, struct run *r, const char *why, int reason, struct err *e)
{
	if (cancel_planned(w, r, reason, why, e) != 0 || grant_withdraw(w, r, e) != 0)
		return -1;
	return end_run(w, r, reason == REASON_GOAL_MET ? RUN_FINISHED : RUN_LEFT, why, e);
}

int
plan_leave_all(struct work *w, int64_t customer, const char *why, int *n, struct err *e)
{
	struct run *r;

	*n = plan_runs(w, customer, true, &r, e);
	for (int i = 0; i < *n; i++)
		if (plan_leave(w, &r[i], why, REASON_EXITED, e) != 0)
			return -1;
	return *n < 0 ? -1 : 0;
}

int
plan_redirect(struct work *w, struct person *p, struct run *r, const struct version *v, int target,
    struct err *e)
{
	const struct step *s = playbook_step(v->playbook, r->step);

	CHECK(s != NULL);
	if (cancel_planned(w, r, REASON_EXITED, "goto", e) != 0 || grant_withdraw(w, r, e) != 0)
		return -1;
	r->step_at = w->now;
	r->round = 0;
	r->wake_at = 0;
	return plan_go(w, p, r, v, journey_target(v->playbook, s->index, target), e);
}

ms_t
plan_campaign_end(const struct playbook *p, const struct zone *house)
{
	return p->active_to.year == 0 ? MS_NEVER :
					zone_instant(house, date_days(p->active_to), 1440);
}

ms_t
plan_goal_until(const struct playbook *p, const struct run *r)
{
	ms_t from = r->entered_at;

	if (p->goal.from != GOAL_FROM_ENTRY && r->first_sent_at != 0)
		from = r->first_sent_at;
	return from + p->goal.window;
}

static int
steps_done(struct work *w, struct run *r, const struct playbook *p, struct err *e)
{
	ms_t until;

	r->step = "";
	if (p->goal.on == NULL || (until = plan_goal_until(p, r)) <= w->now)
		return end_run(w, r, RUN_FINISHED, "steps", e);
	r->state = (enum run_state)fsm_move(&run_fsm, r->state, RUN_WATCHING);
	r->wait = WAIT_STEP;
	r->wake_at = until;
	desk_wake(w->desk, until);
	return run_save(w->store, r, e);
}

/* ---- moving ---- */

int
plan_sleep(struct work *w, struct run *r, enum run_wait wait, ms_t at, struct err *e)
{
	r->wait = wait;
	r->wake_at = at;
	desk_wake(w->desk, at);
	return run_save(w->store, r, e);
}

/* A run of a playbook that is paused stands where it is, until the playbook goes on. */
static int
stand(struct work *w, struct run *r, enum run_wait wait, struct err *e)
{
	if (playbook_hold(w->store, r->playbook, e) != 0)
		return -1;
	return plan_sleep(w, r, wait, MS_NEVER, e);
}

/* The first exit rule without an event that holds, or NULL. */
static const struct exit_rule *
standing_exit(struct person *p, const struct playbook *pb)
{
	for (int i = 0; i < pb->n_exits; i++)
		if (pb->exits[i].on == NULL && cond_true(pb->exits[i].when, person_scope(p)))
			return &pb->exits[i];
	return NULL;
}

int
plan_left(struct work *w, struct person *p, struct run *r, const struct playbook *pb,
    struct err *e)
{
	const struct exit_rule *exit = standing_exit(p, pb);
	int target = STEP_NEXT;

	if (exit == NULL)
		return 0;
	return plan_leave(w, r, "exit", REASON_EXITED, e) != 0 ||
		       plan_actions(w, p, r, &exit->then, &target, e) != 0
		   ? -1
		   : 1;
}

bool
plan_when(struct stand *at)
{
	const struct step *s = at->s;
	const struct run *r = at->r;
	ms_t held;

	at->until = MS_NEVER;
	if (s->timing.kind == TIMING_BEFORE)
		return person_subject_stands(at->p) && journey_before(&s->timing, at->w->cat->policy, at->p->zone,
		    expr_value(s->timing.path, person_scope(at->p)), r->step_at, &at->due, &at->until);
	held = desk_held(at->w->desk, r->playbook, r->step_at, at->w->now);
	at->due = journey_due(
	    s, at->w->cat->policy, at->p->zone, r->entered_at, r->step_at + held, at->w->now);
	return true;
}

bool
plan_is_over(const struct stand *at)
{
	return MAX(at->due, at->w->now) >=
	    plan_campaign_end(at->v->playbook, at->w->cat->config->entity.zone);
}

int
plan_over(struct stand *at, struct err *e)
{
	if (trail_add(at->w->store, at->r->id, at->w->now, "the campaign is over", e) != 0)
		return -1;
	return steps_done(at->w, at->r, at->v->playbook, e);
}

/* A step before a date that is past or not known: 1 it is passed by, 0 the run has left, -1. */
static int
pass_by(struct stand *at, const char *why, struct err *e)
{
	const char *text = arena_printf(at->w->arena, "step %s passed by: %s", at->s->id, why);

	if (trail_add(at->w->store, at->r->id, at->w->now, text, e) != 0)
		return -1;
	if (at->s->on_past == PAST_EXIT)
		return plan_leave(at->w, at->r, "past", REASON_EXITED, e) != 0 ? -1 : 0;
	return 1;
}

static bool
is_past(const struct stand *at)
{
	return at->s->timing.kind == TIMING_BEFORE && !plan_steps[at->s->verb].ahead &&
	    at->w->now >= MIN(at->due + at->s->expires, at->until) && at->s->on_past != PAST_NOW;
}

/* One step of a run on its way, as plan_verb_run. */
static int
take_step(struct stand *at, bool known, int *target, struct err *e)
{
	if (!known)
		return pass_by(at, "its date is not known", e);
	if (is_past(at))
		return pass_by(at, "its time is past", e);
	/* A touch is planned ahead; every other step waits for its time. */
	if (!plan_steps[at->s->verb].ahead && at->due > at->w->now)
		return plan_sleep(at->w, at->r, WAIT_STEP, at->due, e) != 0 ? -1 : 0;
	return plan_steps[at->s->verb].run(at, target, e);
}

static int
go(struct work *w, struct person *p, struct run *r, const struct version *v, int at,
    struct err *e)
{
	const struct playbook *pb = v->playbook;
	bool stands = live_stands(desk_live(w->desk, r->playbook));

	for (int moves = 0; moves < MOVES_MAX; moves++) {
		const struct step *s;
		int target = STEP_NEXT, rc;

		if (at >= pb->n_steps)
			return steps_done(w, r, pb, e);
		if (stands) {
			r->step = pb->steps[at].id;
			return stand(w, r, WAIT_STEP, e);
		}
		if ((rc = plan_left(w, p, r, pb, e)) != 0)
			return rc < 0 ? -1 : 0;
		s = &pb->steps[at];
		r->step = s->id;
		/* What an action of the step before set off was about other runs. */
		person_run(p, r->id);
		struct stand stand = { w, p, r, v, s, .until = MS_NEVER };
		bool known = plan_when(&stand);

		if (known && plan_is_over(&stand))
			return plan_over(&stand, e);
		rc = take_step(&stand, known, &target, e);
		if (rc <= 0)
			return rc;
		at = journey_target(pb, at, target);
		r->step_at = w->now;
		r->round = 0;
	}
	return err_set(e, ERR_INTERNAL, "playbook %s: a run goes in circles at step %s", pb->name,
	    r->step);
}

int
plan_go(struct work *w, struct person *p, struct run *r, const struct version *v, int at,
    struct err *e)
{
	if (go(w, p, r, v, at, e) != 0)
		return -1;
	return way_has_calls(v->playbook) ? pace_book(w, p, r->id, v, e) : 0;
}

static int
settled(struct work *w, const struct message *m, struct err *e)
{
	const struct version *v;
	const struct step *s;
	struct person p;
	struct run r;
	bool sent = message_column(m->state, m->reason, 1) == COLUMN_SENT, first;
	int target = STEP_NEXT, rc;

	if ((rc = plan_finish(w, m, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (run_get(w->store, m->run, &r, e) != 1)
		return -1;
	first = sent && r.first_sent_at == 0;
	if (first)
		r.first_sent_at = m->begun_at;
	/* The occurrence tells it: a migration may have given the step another name. */
	if (r.state != RUN_RUNNING || r.wait != WAIT_MESSAGE || r.occ != m->occ)
		return first ? run_save(w->store, &r, e) : 0;
	if (desk_version(w, r.version, &v, e) != 0)
		return -1;
	s = playbook_step(v->playbook, r.step);
	CHECK(s != NULL);
	/* After the last of all nobody need be asked who he is. */
	if (s->verb == STEP_SEND && s->index + 1 == v->playbook->n_steps &&
	    !way_has_calls(v->playbook)) {
		r.step_at = w->now;
		return steps_done(w, &r, v->playbook, e);
	}
	if (person_load(w, r.customer, &p, e) != 1)
		return -1;
	person_subject(&p, v->playbook->subject, r.subject);
	if (s->verb == STEP_REPEAT) {
		/* Between two rounds as between two steps. */
		if (!live_stands(desk_live(w->desk, r.playbook)) &&
		    (rc = plan_left(w, &p, &r, v->playbook, e)) != 0)
			return rc < 0 ? -1 : 0;
		rc = plan_repeat_again(
		    &(struct stand){ w, &p, &r, v, s, .until = MS_NEVER }, m, e);
		if (rc != 1)
			return rc;
	}
	r.step_at = w->now;
	if (s->verb == STEP_CALL) {
		rc = plan_called(
		    &(struct stand){ w, &p, &r, v, s, w->now, MS_NEVER }, m, &target, e);
		if (rc != 1)
			return rc;
	}
	return plan_go(w, &p, &r, v, journey_target(v->playbook, s->index, target), e);
}

/* A run that cannot go on now is looked at again: it must not wait for ever for what has
 * come already. */
static int
look_again(struct work *w, int64_t run, struct err *e)
{
	struct run r;

	if (run_get(w->store, run, &r, e) != 1)
		return -1;
	if (r.state != RUN_RUNNING || r.wait != WAIT_MESSAGE)
		return 0;
	r.wake_at = w->now + MS_HOUR;
	desk_wake(w->desk, r.wake_at);
	return run_save(w->store, &r, e);
}

int
plan_settled(struct work *w, const struct message *m, struct err *e)
{
	struct err own = { 0 };

	if (store_mark(w->store, e) != 0)
		return -1;
	if (settled(w, m, &own) == 0)
		return store_unmark(w->store, e);
	return plan_undo(w, NULL, "run", m->run, &own, e) != 0 ? -1 : look_again(w, m->run, e);
}

/* Woken while it waits for a message: one that had come but could not move it. */
static int
go_on(struct work *w, struct run *r, struct err *e)
{
	struct message m;
	int rc = msg_of_occ(w->store, r->id, r->occ, &m, e);

	r->wake_at = 0;
	if (rc < 0 || run_save(w->store, r, e) != 0)
		return -1;
	return rc == 0 || m.state == MSG_DUE || m.state == MSG_AWAITING || message_column(m.state, m.reason, 1) == COLUMN_UNKNOWN ?
	    0 : settled(w, &m, e);
}

int
plan_exit(struct work *w, const struct message *m, const char *why, struct err *e)
{
	struct run r;

	if (run_get(w->store, m->run, &r, e) != 1)
		return -1;
	return r.state == RUN_RUNNING ? plan_leave(w, &r, why, REASON_EXITED, e) : 0;
}

int
plan_wake(struct work *w, int64_t id, struct err *e)
{
	const struct version *v;
	const struct step *s;
	struct person p;
	struct run r;
	int at;

	if (run_get(w->store, id, &r, e) != 1)
		return -1;
	if (r.state == RUN_WATCHING)
		return end_run(w, &r, RUN_FINISHED, "steps", e);
	if (live_stands(desk_live(w->desk, r.playbook)))
		return stand(w, &r, r.wait, e);
	if (r.wait == WAIT_MESSAGE)
		return go_on(w, &r, e);
	if (desk_version(w, r.version, &v, e) != 0 || person_load(w, r.customer, &p, e) != 1)
		return -1;
	person_subject(&p, v->playbook->subject, r.subject);
	s = playbook_step(v->playbook, r.step);
	CHECK(s != NULL && r.state == RUN_RUNNING);
	if (r.wait == WAIT_FOR)
		return plan_wait_woken(w, &p, &r, v, s, e);
	at = s->index;
	if (r.wait == WAIT_OFFER) {
		at = journey_target(v->playbook, s->index, s->none_left);
		r.step_at = w->now;
		if (grant_over(w, e) != 0)
			return -1;
	}
	return plan_go(w, &p, &r, v, at, e);
}
