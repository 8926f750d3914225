/* What becomes of tasks because time passes. */
#include <string.h>

#include "assign.h"
#include "awaited.h"
#include "base/check.h"
#include "base/log.h"
#include "core/quiet.h"
#include "plan.h"
#include "slots.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"
#include "tasks.h"

/* As the gate counts before it offers. */
#define EXCHANGE (15 * MS_SECOND)

static int
sleep_again(struct work *w, struct task_row *t, ms_t at, struct err *e)
{
	t->next_at = at == MS_NEVER ? 0 : at;
	if (t->next_at != 0)
		desk_people(w->desk, t->next_at);
	return task_save(w->store, t, e);
}

/* ---- the deadline ---- */

static int
escalate(struct work *w, struct task_row *t, struct err *e)
{
	struct customer_row row;

	if (customer_get(w->store, t->customer, &row, e) != 1 ||
	    task_higher(w, &row.c, t, &t->role, &t->assignee, e) != 0)
		return -1;
	t->level = 1;
	w->desk->asked = true;
	t->due_at = tasks_deadline(w, t->kind, t->store, w->now, t->span);
	if (t->state == TASK_OPEN)
		t->state = fsm_move(&task_fsm, t->state, TASK_ESCALATED);
	log_info("task_late", "id=%" G_GINT64_FORMAT " to=%s", t->id, t->role);
	/* A call has its quiet windows before its new deadline: looked at at once. */
	return sleep_again(w, t, t->msg != 0 ? w->now + 1 : tasks_late_at(w, t), e);
}

static int
lapse_call(struct work *w, struct task_row *t, struct err *e)
{
	struct message m;

	if (msg_get(w->store, t->msg, &m, e) != 1)
		return -1;
	if (m.state != MSG_AWAITING && m.state != MSG_DUE)
		return sleep_again(w, t, MS_NEVER, e);
	if (tasks_is_draft(t)) {
		t->state = fsm_move(&task_fsm, t->state, TASK_LAPSED);
		t->done_at = w->now;
		w->desk->asked = true;
		m.reason = 0;
		return sleep_again(w, t, MS_NEVER, e) != 0 ? -1
							   : awaited_lapse(w, &m, e);
	}
	if (slots_give(w, &m, e) != 0)
		return -1;
	m.state = fsm_move(&message_fsm, m.state, MSG_LAPSED);
	m.reason = 0;
	if (msg_save(w->store, &m, e) != 0 || tasks_close(w, &m, e) != 0 ||
	    trail_add(w->store, m.run, w->now, "nobody called in time", e) != 0)
		return -1;
	plan_tell(w, &m, "", (struct pos){ 0 }, "", 0);
	return plan_settled(w, &m, e);
}

/* Nobody did it, and nobody is left to be asked. */
static int
lapse(struct work *w, struct task_row *t, struct err *e)
{
	bool complaint = strcmp(t->kind, TASK_COMPLAINT) == 0;

	if (t->msg != 0)
		return lapse_call(w, t, e);
	if (alarm_add(w->store, w->now, "task_late", 0, t->customer,
		complaint
		    ? "nobody has answered a complaint in time: see `reachd task list`"
		    : arena_printf(w->arena,
			  "a task was not done in time: see `reachd task show "
			  "%" G_GINT64_FORMAT "`",
			  t->id),
		e) != 0)
		return -1;
	/* A complaint stays on the list until somebody has answered it. */
	if (!complaint) {
		w->desk->asked = true;
		t->state = fsm_move(&task_fsm, t->state, TASK_LAPSED);
		t->done_at = w->now;
	}
	return sleep_again(w, t, MS_NEVER, e);
}

/* ---- quiet windows ---- */

static int
quiet_now(struct work *w, const struct message *m, struct quiet_answer *a, struct err *e)
{
	struct quiet_query q = { .policy = w->cat->policy,
		.channel = (enum channel)m->channel,
		.category = (enum category)m->category,
		.open_from = -1,
		.open_to = -1 };
	const struct version *v;
	const struct step *s;
	struct person p;

	if (desk_version(w, m->version, &v, e) != 0 ||
	    person_load(w, m->customer, &p, e) != 1)
		return -1;
	s = playbook_step(v->playbook, m->step);
	CHECK(s != NULL);
	q.zone = p.zone;
	for (int i = 0; i < s->n_sends; i++)
		if (strcmp(s->sends[i], m->template_) == 0) {
			q.urgent = s->templates[i]->urgent;
			q.greeting = s->templates[i]->greeting;
		}
	quiet_ask(&q, w->now, EXCHANGE + quiet_lead(q.channel), a);
	return 0;
}

/* Off the list before a quiet window begins, and while the playbook is paused; the gate
 * offers it again after. */
static int
keep_quiet(struct work *w, struct task_row *t, struct err *e)
{
	struct quiet_answer a;
	struct message m;
	ms_t until;

	if (msg_get(w->store, t->msg, &m, e) != 1)
		return -1;
	if (m.state != MSG_AWAITING)
		return sleep_again(w, t, tasks_late_at(w, t), e);
	if (quiet_now(w, &m, &a, e) != 0)
		return -1;
	until = a.until == MS_NEVER ? MS_NEVER
				    : a.until - EXCHANGE -
					  quiet_lead((enum channel)m.channel) -
					  tasks_lead(t);
	/* The gate finds it quiet from the next millisecond on. */
	if (a.quiet || until <= w->now || live_stands(desk_live(w->desk, m.playbook)))
		return tasks_wait(w, t, &m, w->now + 1, e);
	return sleep_again(w, t, MIN(until, tasks_late_at(w, t)), e);
}

static int
one(struct work *w, struct task_row *t, struct err *e)
{
	if (tasks_late_at(w, t) <= w->now)
		return t->level == 0 && *t->late_to != '\0' ? escalate(w, t, e)
							    : lapse(w, t, e);
	return t->msg != 0 ? keep_quiet(w, t, e)
			   : sleep_again(w, t, tasks_late_at(w, t), e);
}

/* One that cannot be handled must not stand before all others. */
static int
try_one(struct work *w, struct task_row *t, struct err *e)
{
	struct err own = { 0 };

	if (store_mark(w->store, e) != 0)
		return -1;
	if (one(w, t, &own) == 0)
		return store_unmark(w->store, e);
	if (plan_undo(w, NULL, "task", t->id, &own, e) != 0 ||
	    task_get(w->store, t->id, t, e) != 1)
		return -1;
	return sleep_again(w, t, w->now + MS_HOUR, e);
}

int
tasks_clock(struct work *w, int max, struct err *e)
{
	struct task_row *due = arena_array(w->arena, struct task_row, max);
	int n = task_due(w->store, w->now, due, max, e);

	for (int i = 0; i < n; i++) {
		/* What became of an earlier one may have ended this one. */
		if (task_get(w->store, due[i].id, &due[i], e) != 1)
			return -1;
		if (task_is_live(due[i].state) && try_one(w, &due[i], e) != 0)
			return -1;
	}
	return n < 0 ? -1 : task_next(w->store, &w->desk->next_people, e);
}
