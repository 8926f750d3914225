#include "plan.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "core/journey.h"
#include "core/quiet.h"
#include "core/reason.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"

/* A run that makes so many moves without waiting is a cycle the check missed. */
#define MOVES_MAX 1000
/* Releases after a quiet window are spread over this long. */
#define SPREAD (5 * MS_MINUTE)

void
plan_tell(struct work *w, const struct message *m, const char *rule, struct pos at,
    const char *detail, ms_t next)
{
	struct engine_touch *t;
	struct customer_row row;
	struct err e = { 0 };

	if (w->touches == NULL)
		return;
	t = g_new0(struct engine_touch, 1);
	t->at = w->now;
	t->msg = m->id;
	t->run = m->run;
	t->customer = customer_get(w->store, m->customer, &row, &e) == 1 ?
	    g_intern_string(row.c.ext) : "";
	t->playbook = desk_live(w->desk, m->playbook)->name;
	t->step = g_intern_string(m->step);
	t->template_ = g_intern_string(m->template_);
	t->occ = m->occ;
	t->channel = m->channel;
	t->state = m->state;
	t->reason = m->reason;
	t->segments = m->segments;
	t->cost = m->cost;
	t->rule = g_intern_string(rule);
	t->file = g_intern_string(at.file == NULL ? "" : at.file);
	t->line = at.line;
	t->detail = g_intern_string(detail);
	t->text = "";
	t->next = next;
	g_ptr_array_add(w->touches, t);
}

int
plan_suppress(struct work *w, struct message *m, int reason, const char *rule, struct pos at,
    const char *detail, struct err *e)
{
	struct decision d = { .msg = m->id, .at = w->now, .reason = reason, .rule = rule,
		.file = at.file == NULL ? "" : at.file, .line = at.line, .detail = detail };

	m->state = fsm_move(&message_fsm, m->state, MSG_SUPPRESSED);
	m->reason = reason;
	m->settle_at = 0;
	if (decision_add(w->store, &d, e) != 0 || msg_save(w->store, m, e) != 0)
		return -1;
	plan_tell(w, m, rule, at, detail, 0);
	return 0;
}

int
plan_undo(struct work *w, struct person *p, const char *what, int64_t id, const struct err *own,
    struct err *e)
{
	const struct event *ev = p == NULL ? NULL : p->event;
	bool open = p != NULL && p->row.sealed == NULL;

	store_back(w->store);
	if (own->kind == ERR_IO || own->kind == ERR_FULL || own->kind == ERR_BUSY) {
		*e = *own;
		return -1;
	}
	log_error("undone", "what=%s id=%" G_GINT64_FORMAT " error=\"%s\"", what, id, own->text);
	if (p == NULL)
		return 0;
	if (person_load(w, p->row.c.id, p, e) != 1 ||
	    (open && customer_open(w->store, &p->row, e) != 0))
		return -1;
	person_event(p, ev);
	return 0;
}

/* ---- ends ---- */

static int
end_run(struct work *w, struct run *r, enum run_state state, const char *why, struct err *e)
{
	r->state = (enum run_state)fsm_move(&run_fsm, r->state, state);
	r->why = why;
	r->ended_at = w->now;
	r->wake_at = 0;
	if (trail_add(w->store, r->id, w->now, why, e) != 0)
		return -1;
	return run_save(w->store, r, e);
}

static int
cancel_planned(struct work *w, const struct run *r, int reason, const char *why, struct err *e)
{
	struct message m[64];
	int n = msg_planned(w->store, r->customer, m, (int)G_N_ELEMENTS(m), e);

	for (int i = 0; i < n; i++)
		if (m[i].run == r->id &&
		    plan_suppress(w, &m[i], reason, why, (struct pos){ 0 }, "", e) != 0)
			return -1;
	return n < 0 ? -1 : 0;
}

int
plan_leave(struct work *w, struct run *r, const char *why, int reason, struct err *e)
{
	if (cancel_planned(w, r, reason, why, e) != 0)
		return -1;
	return end_run(w, r, reason == REASON_GOAL_MET ? RUN_FINISHED : RUN_LEFT, why, e);
}

int
plan_redirect(struct work *w, struct person *p, struct run *r, const struct version *v, int target,
    struct err *e)
{
	const struct step *s = playbook_step(v->playbook, r->step);

	CHECK(s != NULL);
	if (cancel_planned(w, r, REASON_EXITED, "goto", e) != 0)
		return -1;
	r->step_at = w->now;
	r->wake_at = 0;
	return plan_go(w, p, r, v, journey_target(v->playbook, s->index, target), e);
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

/* ---- touches: T1 ---- */

/* The last open instant itself would be missed by the milliseconds that work takes: some
 * minutes before it, where that is open too. */
static ms_t
just_before(const struct quiet_query *q, ms_t span, ms_t last, int64_t id, ms_t now)
{
	ms_t at = last - MS_MINUTE - plan_spread(0, id, MS_NEVER);
	struct quiet_answer a;

	if (at < now)
		return last;
	quiet_ask(q, at, span, &a);
	return a.quiet ? last : at;
}

static ms_t
out_of_quiet(struct work *w, const struct person *p, const struct step *s, const struct template *t,
    const struct message *m, struct quiet_answer *a)
{
	const struct quiet_query q = {
		.policy = w->cat->policy,
		.zone = p->zone,
		.channel = t->channel,
		.category = t->category,
		.urgent = t->urgent,
		.greeting = t->greeting,
		.open_from = -1,
		.open_to = -1,
	};

	ms_t span = 15 * MS_SECOND + quiet_lead(t->channel);

	quiet_ask(&q, m->due_at, span, a);
	if (!a->quiet || s->on_quiet == QUIET_DROP)
		return m->due_at;
	if (s->on_quiet == QUIET_EARLIER && a->earlier >= w->now)
		return just_before(&q, span, a->earlier, m->id, w->now);
	if (a->next >= m->expires_at)
		return m->due_at;
	return plan_spread(a->next, m->id, m->expires_at);
}

ms_t
plan_spread(ms_t at, int64_t id, ms_t before)
{
	ms_t jitter = (ms_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 33) % SPREAD;

	return at + jitter < before ? at + jitter : at;
}

static void
new_touch(struct work *w, const struct run *r, const struct playbook *p, const struct step *s,
    ms_t due, ms_t expires, struct message *m)
{
	const struct template *t = s->templates[0];

	*m = (struct message){
		.id = store_next_id(w->store, w->now),
		.customer = r->customer,
		.run = r->id,
		.version = r->version,
		.playbook = r->playbook,
		.step = s->id,
		.occ = r->occ,
		.state = MSG_DUE,
		.channel = (int)t->channel,
		.category = (int)t->category,
		.priority = p->priority,
		.planned_at = due,
		.due_at = due,
		.expires_at = expires,
		.account = "",
		.template_ = "",
		.provider_id = "",
		.perr = "",
	};
}

/* 1: planned, the run waits for it; 0: its time is past, go on; -1. */
static int
touch(struct work *w, struct person *p, struct run *r, const struct version *v,
    const struct step *s, ms_t due, struct err *e)
{
	const struct template *t = s->templates[0];
	ms_t expires = journey_expires(s, w->cat->policy, p->zone, t->greeting, due);
	bool past = w->now >= expires;
	struct quiet_answer quiet = { 0 };
	struct message m;
	int rc;

	if (past && s->on_past == PAST_NOW) {
		due = w->now;
		expires = journey_expires(s, w->cat->policy, p->zone, t->greeting, due);
		past = false;
	}
	r->occ++;
	new_touch(w, r, v->playbook, s, due, expires, &m);
	if (!past)
		m.due_at = out_of_quiet(w, p, s, t, &m, &quiet);
	if (m.due_at != m.planned_at)
		m.reason = REASON_QUIET;
	if ((rc = msg_add(w->store, &m, e)) != 1)
		return rc < 0 ? -1 : err_set(e, ERR_INTERNAL, "a step would be planned twice");
	if (past) {
		if (plan_suppress(w, &m, REASON_PAST, s->id, s->at, "", e) != 0)
			return -1;
		return 0;
	}
	if (m.due_at != m.planned_at) {
		struct decision d = { .msg = m.id, .at = w->now, .reason = REASON_QUIET,
			.rule = quiet.rule, .file = quiet.at.file == NULL ? "" : quiet.at.file,
			.line = quiet.at.line, .detail = "", .next = m.due_at };

		if (decision_add(w->store, &d, e) != 0)
			return -1;
		plan_tell(w, &m, quiet.rule, quiet.at, "", m.due_at);
	}
	desk_due(w->desk, m.playbook, m.channel, m.due_at);
	return 1;
}

/* ---- moving ---- */

static int
sleep_until(struct work *w, struct run *r, enum run_wait wait, ms_t at, struct err *e)
{
	r->wait = wait;
	r->wake_at = at;
	desk_wake(w->desk, at);
	return run_save(w->store, r, e);
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

static int
branch(struct person *p, const struct step *s)
{
	for (int i = 0; i < s->n_branches; i++)
		if (cond_true(s->branches[i].when, person_scope(p)))
			return s->branches[i].target;
	return STEP_NEXT;
}

/* One step that has its time: 1 go on at *next, 0 the run waits, -1. */
static int
do_step(struct work *w, struct person *p, struct run *r, const struct version *v,
    const struct step *s, ms_t due, int *next, struct err *e)
{
	int target = STEP_NEXT, rc;

	switch (s->verb) {
	case STEP_SEND:
		rc = touch(w, p, r, v, s, due, e);
		if (rc == 0 && s->on_past == PAST_EXIT)
			return plan_leave(w, r, "past", REASON_EXITED, e) != 0 ? -1 : 0;
		if (rc != 0) {
			r->wait = WAIT_MESSAGE;
			r->wake_at = 0;
			return rc < 0 || run_save(w->store, r, e) != 0 ? -1 : 0;
		}
		break;
	case STEP_WAIT:
		if (s->n_wait_for > 0)
			return sleep_until(w, r, WAIT_FOR, journey_until(s, p->zone, w->now), e) != 0 ?
			    -1 : 0;
		break;
	case STEP_BRANCH:
		target = branch(p, s);
		break;
	case STEP_DO:
		if ((rc = plan_act(w, p, r, &s->actions, &target, e)) != 1)
			return rc;
		break;
	case STEP_GOTO:
		target = s->target;
		break;
	case STEP_STOP:
		target = STEP_END;
		break;
	}
	*next = journey_target(v->playbook, s->index, target);
	return 1;
}

int
plan_go(struct work *w, struct person *p, struct run *r, const struct version *v, int at,
    struct err *e)
{
	const struct playbook *pb = v->playbook;

	for (int moves = 0; moves < MOVES_MAX; moves++) {
		const struct exit_rule *exit;
		const struct step *s;
		int target = STEP_NEXT, rc;
		ms_t due;

		if (at >= pb->n_steps)
			return steps_done(w, r, pb, e);
		if ((exit = standing_exit(p, pb)) != NULL)
			return plan_leave(w, r, "exit", REASON_EXITED, e) != 0 ? -1 :
			    plan_actions(w, p, &exit->then, &target, e);
		s = &pb->steps[at];
		r->step = s->id;
		due = journey_due(s, w->cat->policy, p->zone, r->entered_at, r->step_at, w->now);
		/* A touch is planned ahead; every other step waits for its time. */
		if (s->verb != STEP_SEND && due > w->now)
			return sleep_until(w, r, WAIT_STEP, due, e);
		rc = do_step(w, p, r, v, s, due, &at, e);
		if (rc <= 0)
			return rc;
		r->step_at = w->now;
	}
	return err_set(e, ERR_INTERNAL, "playbook %s: a run goes in circles at step %s", pb->name,
	    r->step);
}

static int
settled(struct work *w, const struct message *m, struct err *e)
{
	const struct version *v;
	const struct step *s;
	struct person p;
	struct run r;
	bool sent = message_column(m->state, m->reason, 1) == COLUMN_SENT;

	if (run_get(w->store, m->run, &r, e) != 1)
		return -1;
	if (sent && r.first_sent_at == 0) {
		r.first_sent_at = m->begun_at;
		if (run_save(w->store, &r, e) != 0)
			return -1;
	}
	if (r.state != RUN_RUNNING || r.wait != WAIT_MESSAGE || r.occ != m->occ ||
	    strcmp(r.step, m->step) != 0)
		return 0;
	if (desk_version(w, r.version, &v, e) != 0 || person_load(w, r.customer, &p, e) != 1)
		return -1;
	person_subject(&p, v->playbook->subject, r.subject);
	s = playbook_step(v->playbook, m->step);
	CHECK(s != NULL);
	r.step_at = w->now;
	return plan_go(w, &p, &r, v, s->index + 1, e);
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
	int rc = msg_of_step(w->store, r->id, r->step, r->occ, &m, e);

	r->wake_at = 0;
	if (rc < 0 || run_save(w->store, r, e) != 0)
		return -1;
	return rc == 0 || m.state == MSG_DUE || message_column(m.state, m.reason, 1) == COLUMN_UNKNOWN ?
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
	struct live *live;
	struct person p;
	struct run r;
	int at;

	if (run_get(w->store, id, &r, e) != 1)
		return -1;
	if (r.state == RUN_WATCHING)
		return end_run(w, &r, RUN_FINISHED, "steps", e);
	live = desk_live(w->desk, r.playbook);
	if (live->status == PLAYBOOK_PAUSED || live->status == PLAYBOOK_DRAFT)
		/* Frozen where it stands; asked again until the playbook goes on. */
		return sleep_until(w, &r, r.wait, w->now + 10 * MS_MINUTE, e);
	if (r.wait == WAIT_MESSAGE)
		return go_on(w, &r, e);
	if (desk_version(w, r.version, &v, e) != 0 || person_load(w, r.customer, &p, e) != 1)
		return -1;
	person_subject(&p, v->playbook->subject, r.subject);
	s = playbook_step(v->playbook, r.step);
	CHECK(s != NULL && r.state == RUN_RUNNING);
	at = s->index;
	if (r.wait == WAIT_FOR) {
		at = journey_target(v->playbook, s->index, s->otherwise);
		r.step_at = w->now;
		if (trail_add(w->store, r.id, w->now, "nothing came in time", e) != 0)
			return -1;
	}
	return plan_go(w, &p, &r, v, at, e);
}
