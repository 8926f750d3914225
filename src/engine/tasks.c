#include "tasks.h"

#include <string.h>

#include "assign.h"
#include "base/log.h"
#include "core/business.h"
#include "core/reason.h"
#include "slots.h"
#include "store/card.h"
#include "store/msg.h"

#define LIVE_MAX 64
#define DRAFT_LEAD (5 * MS_MINUTE)
#define ROLE_MANAGER "manager"

bool
tasks_are_of(const struct message *m)
{
	return strcmp(m->account, tasks_people.name) == 0;
}

bool
tasks_is_draft(const struct task_row *t)
{
	return strcmp(t->kind, TASK_DRAFT) == 0;
}

ms_t
tasks_lead(const struct task_row *t)
{
	return tasks_is_draft(t) ? DRAFT_LEAD : 0;
}

/* ---- deadlines ---- */

ms_t
tasks_deadline(
    const struct work *w, const char *kind, const char *store, ms_t from, ms_t span)
{
	const struct config *cfg = w->cat->config;
	const struct shop *shop = shop_find(&cfg->stores, store);

	/* A complaint does not wait for opening hours. */
	if (strcmp(kind, TASK_COMPLAINT) == 0)
		return from + span;
	return business_after(w->cat->policy, shop,
	    shop != NULL && shop->zone != NULL ? shop->zone : cfg->entity.zone, from,
	    span);
}

ms_t
tasks_late_at(const struct work *w, const struct task_row *t)
{
	if (t->level > 0 || *t->late_to == '\0' || t->late_after == 0)
		return t->due_at;
	return tasks_deadline(w, t->kind, t->store, t->due_at, t->late_after);
}

ms_t
tasks_last(const struct work *w, const struct task_row *t)
{
	ms_t late = tasks_late_at(w, t);

	if (t->level > 0 || *t->late_to == '\0' || late == MS_NEVER)
		return late;
	return tasks_deadline(w, t->kind, t->store, late, t->span);
}

/* ---- asking ---- */

/* A live task that asks the same: 1 with *out, 0, -1. */
static int
asked_already(struct work *w, int64_t customer, const struct tasks_ask *ask,
    struct task_row *out, struct err *e)
{
	struct task_row *all = arena_array(w->arena, struct task_row, LIVE_MAX);
	int n = task_of_customer(w->store, customer, all, LIVE_MAX, e);

	for (int i = 0; i < n; i++) {
		if (all[i].msg != 0 || strcmp(all[i].kind, ask->kind) != 0)
			continue;
		/* A complaint is one, whoever asks that it be answered. */
		if (strcmp(ask->kind, TASK_COMPLAINT) != 0 &&
		    (strcmp(all[i].template_, ask->script) != 0 ||
			all[i].run != ask->run))
			continue;
		*out = all[i];
		return 1;
	}
	return n < 0 ? -1 : 0;
}

/* A playbook says how the complaint that everybody knows of is to be answered. */
static int
adopt(struct work *w, struct task_row *t, const struct tasks_ask *ask, struct err *e)
{
	if (t->version != 0 || *ask->script == '\0' || ask->version == 0)
		return 0;
	t->template_ = ask->script;
	t->version = ask->version;
	t->run = ask->run;
	return task_save(w->store, t, e);
}

int
tasks_ask(struct work *w, struct person *p, const struct tasks_ask *ask, struct err *e)
{
	struct task_row t;
	int rc = asked_already(w, p->row.c.id, ask, &t, e);

	if (rc != 0)
		return rc < 0 ? -1 : adopt(w, &t, ask, e);
	t = (struct task_row){
		.id = store_next_id(w->store, w->now),
		.customer = p->row.c.id,
		.run = ask->run,
		.version = ask->version,
		.kind = ask->kind,
		.template_ = ask->script,
		.role = ask->to,
		.store = p->row.c.store,
		.created_at = w->now,
		.span = ask->due,
		.due_at = tasks_deadline(w, ask->kind, p->row.c.store, w->now, ask->due),
		.late_to = ask->late_to,
		.late_after = ask->late_after,
		.state = TASK_OPEN,
		.outcome = "",
		.cause = "",
		.done_by = "",
	};
	if (task_assignee(w, &p->row.c, ask->to, &t.assignee, e) != 0)
		return -1;
	t.next_at = tasks_late_at(w, &t);
	desk_people(w->desk, t.next_at);
	w->desk->asked = true;
	log_info("task", "id=%" G_GINT64_FORMAT " kind=%s role=%s", t.id, t.kind, t.role);
	return task_add(w->store, &t, e);
}

int
tasks_ask_own(struct work *w, struct person *p, const char *kind, struct err *e)
{
	const struct task_rules *rules = &w->cat->policy->tasks;
	bool complaint = strcmp(kind, TASK_COMPLAINT) == 0;
	const char *to = complaint ? rules->on_call : "advisor";
	const struct tasks_ask ask = {
		.kind = kind,
		.to = to,
		.due = complaint ? rules->complaint : rules->answer,
		.late_to = strcmp(to, ROLE_MANAGER) == 0 ? "" : ROLE_MANAGER,
		.script = complaint ? rules->script : "",
	};

	return tasks_ask(w, p, &ask, e);
}

/* ---- off the lists ---- */

int
tasks_wait(struct work *w, struct task_row *t, struct message *m, ms_t at, struct err *e)
{
	if (m->state == MSG_AWAITING) {
		if (slots_give(w, m, e) != 0)
			return -1;
		m->state = fsm_move(&message_fsm, m->state, MSG_DUE);
	}
	m->due_at = at;
	desk_due(w->desk, m->playbook, m->channel, at);
	if (t->state != TASK_WAITING)
		t->state = fsm_move(&task_fsm, t->state, TASK_WAITING);
	t->next_at = tasks_late_at(w, t);
	desk_people(w->desk, t->next_at);
	w->desk->asked = true;
	/* Who must not send in a quiet window must not be shown that he might. */
	if (tasks_is_draft(t) && card_gone(w->store, t->id, e) != 0)
		return -1;
	return msg_save(w->store, m, e) != 0 || task_save(w->store, t, e) != 0 ? -1 : 0;
}

int
tasks_recall(
    struct work *w, int64_t customer, int64_t run, int channel, struct err *e)
{
	struct task_row *all = arena_array(w->arena, struct task_row, LIVE_MAX);
	int n = task_of_customer(w->store, customer, all, LIVE_MAX, e);

	for (int i = 0; i < n; i++) {
		struct message m;

		if (all[i].msg == 0 || (run != 0 && all[i].run != run))
			continue;
		if (msg_get(w->store, all[i].msg, &m, e) != 1)
			return -1;
		if (channel >= 0 && m.channel != channel)
			continue;
		if (m.state == MSG_AWAITING && tasks_wait(w, &all[i], &m, w->now, e) != 0)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

int
tasks_close(struct work *w, const struct message *m, struct err *e)
{
	bool lapsed = m->state == MSG_LAPSED || m->reason == REASON_EXPIRED;
	struct task_row t;
	int rc = task_of_msg(w->store, m->id, &t, e);

	if (rc != 1 || !task_is_live(t.state))
		return rc < 0 ? -1 : 0;
	t.state = fsm_move(&task_fsm, t.state, lapsed ? TASK_LAPSED : TASK_WITHDRAWN);
	t.next_at = 0;
	t.done_at = w->now;
	w->desk->asked = true;
	return task_save(w->store, &t, e);
}
