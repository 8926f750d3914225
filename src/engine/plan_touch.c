/* plan_touch.c - what becomes of a touch is told to whoever watches; one is ended unsent. */
#include "plan.h"
#include "store/msg.h"
#include "tasks.h"

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
	t->variant = g_intern_string(m->variant);
	t->occ = m->occ;
	t->channel = m->channel;
	t->state = m->state;
	t->reason = m->reason;
	t->by_person = tasks_are_of(m);
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
	if (decision_add(w->store, &d, e) != 0 || msg_save(w->store, m, e) != 0 ||
	    (tasks_are_of(m) && tasks_close(w, m, e) != 0))
		return -1;
	plan_tell(w, m, rule, at, detail, 0);
	return 0;
}
