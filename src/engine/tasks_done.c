#include "tasks_report.h"

#include <string.h>

#include "assign.h"
#include "base/check.h"
#include "core/business.h"
#include "core/draft.h"
#include "core/lifecycle.h"
#include "core/profile.h"
#include "core/reason.h"
#include "drafts.h"
#include "plan.h"
#include "slots.h"
#include "store/msg.h"
#include "store/run.h"

const struct template *
tasks_script(const struct version *v, const struct task_row *t)
{
	const struct playbook *p = v->playbook;
	const struct step *s;

	for (int i = 0; (s = playbook_sender(p, i)) != NULL; i++)
		for (int k = 0; k < s->n_sends; k++)
			if ((tasks_is_draft(t) || s->verb == STEP_CALL) &&
			    strcmp(s->templates[k]->name, t->template_) == 0)
				return s->templates[k];
	for (int i = 0; i < p->n_tasks; i++)
		if (p->tasks[i]->template_ != NULL &&
		    strcmp(p->tasks[i]->script, t->template_) == 0)
			return p->tasks[i]->template_;
	return NULL;
}

const struct template *
tasks_house_script(const struct work *w, const struct task_row *t, struct version *v)
{
	const struct template *found =
	    t->version != 0 || *t->template_ == '\0'
		? NULL
		: g_hash_table_lookup(w->cat->templates, t->template_);

	*v = (struct version){ .bundle = "", .partials = w->cat->partials };
	return found == NULL || found->channel != CHANNEL_PHONE ? NULL : found;
}

/* ---- is it an outcome of this task? ---- */

static bool
is_complaint(const struct task_row *t)
{
	return strcmp(t->kind, TASK_COMPLAINT) == 0;
}

bool
task_takes_done(const struct task_row *t, const struct template *script)
{
	return script == NULL && !is_complaint(t);
}

bool
task_takes(const struct task_row *t, const struct template *script,
    const struct call_word *c)
{
	for (int i = 0; script != NULL && i < script->n_outcomes; i++)
		if (strcmp(script->outcomes[i].name, c->name) == 0)
			return false;
	if (is_complaint(t))
		return c->always || c->of_complaint;
	return !c->of_complaint && (c->always || script == NULL);
}

static const char *
possible(struct report_of *d)
{
	GString *s = g_string_new("the outcome is not one of ");
	const char *text, *comma = "";

	for (int i = 0; d->script != NULL && i < d->script->n_outcomes; i++, comma = ", ")
		g_string_append_printf(s, "%s%s", comma, d->script->outcomes[i].name);
	for (const struct call_word *c = call_words; c->name != NULL; c++) {
		if (!task_takes(&d->t, d->script, c))
			continue;
		g_string_append_printf(s, "%s%s", comma, c->name);
		comma = ", ";
	}
	if (task_takes_done(&d->t, d->script))
		g_string_append(s, ", " TASKS_DONE);
	text = arena_strdup(d->w->arena, s->str);
	g_string_free(s, TRUE);
	return text;
}

/* What is wrong with the words of a report; NULL: nothing. */
static const char *
misnamed(struct report_of *d)
{
	char **seen = g_strsplit(d->r->observed, ",", -1), *all;
	const char *text = NULL;

	for (int i = 0; seen[i] != NULL && text == NULL; i++) {
		g_strstrip(seen[i]);
		if (*seen[i] == '\0' || g_strv_contains(profile_observations, seen[i]) ||
		    (tasks_is_draft(&d->t) && strcmp(seen[i], DRAFT_CHANGED) == 0))
			continue;
		all = g_strjoinv(", ", (char **)(uintptr_t)profile_observations);
		text = arena_printf(d->w->arena, "what was observed must be of: %s", all);
		g_free(all);
	}
	g_strfreev(seen);
	if (text != NULL || *d->r->cause == '\0' ||
	    g_strv_contains(lost_causes, d->r->cause))
		return text;
	all = g_strjoinv(", ", (char **)(uintptr_t)lost_causes);
	text = arena_printf(d->w->arena, "the cause must be one of: %s", all);
	g_free(all);
	return text;
}

/* 1: it was not reported before, 0: answered already. */
static int
is_new(struct report_of *d)
{
	if (*d->t.outcome == '\0')
		return 1;
	return strcmp(d->t.outcome, d->outcome) == 0
		   ? tasks_answer(d, 200, "this was reported before")
		   : tasks_answer(
			 d, 409, "the task is done already, with another outcome");
}

static int
understand_draft(struct report_of *d)
{
	const struct draft_word *word;
	const char *wrong = misnamed(d);

	if (strcmp(d->outcome, TASKS_DONE) == 0)
		d->outcome = draft_words[0].name;
	word = draft_word(d->outcome);
	if (word == NULL)
		return tasks_answer(
		    d, 422, "the outcome of a draft is one of sent, unfit, later");
	if (wrong != NULL)
		return tasks_answer(d, 422, wrong);
	if (word->effect == DRAFT_LATER && !task_is_live(d->t.state))
		return tasks_answer(d, 409, "the task is over already");
	return is_new(d);
}

/* 1: it may be reported, 0: answered already, -1. */
static int
understand(struct report_of *d, struct err *e)
{
	const struct tasks_report *r = d->r;
	struct version house;
	const char *wrong;

	if (d->t.version != 0) {
		if (desk_version(d->w, d->t.version, &d->v, e) != 0)
			return -1;
		d->script = tasks_script(d->v, &d->t);
	} else {
		d->script = tasks_house_script(d->w, &d->t, &house);
	}
	d->outcome = *r->outcome == '\0' ? TASKS_DONE : r->outcome;
	if (tasks_is_draft(&d->t))
		return understand_draft(d);
	d->word = call_word(d->outcome);
	for (int i = 0; d->script != NULL && i < d->script->n_outcomes; i++)
		if (strcmp(d->script->outcomes[i].name, d->outcome) == 0)
			d->own = &d->script->outcomes[i];
	if (d->own == NULL &&
	    !(d->word != NULL && task_takes(&d->t, d->script, d->word)) &&
	    !(task_takes_done(&d->t, d->script) && strcmp(d->outcome, TASKS_DONE) == 0))
		return tasks_answer(d, 422, possible(d));
	if ((wrong = misnamed(d)) != NULL)
		return tasks_answer(d, 422, wrong);
	return is_new(d);
}

/* ---- what follows for the call ---- */

int
tasks_take_back(struct report_of *d, struct message *m, struct err *e)
{
	struct work *w = d->w;
	struct customer_row row;
	int rc;

	if (m->state != MSG_DUE)
		return 0;
	/* The number he was called at may be another's by now. */
	if (customer_get(w->store, m->customer, &row, e) != 1 ||
	    cap_address_held(w->store, m->address, e) != 0)
		return -1;
	m->begun_at = w->now;
	rc = slots_take(w, m, gate_tier(w->cat->policy, &row.c), m->address != 0,
	    d->v->playbook->cap, w->cat->config->entity.zone, e);
	if (rc < 0)
		return -1;
	if (rc == 0 && m->category != CATEGORY_TRANSACTIONAL) {
		/* Above the cap; what has happened counts for the windows. */
		m->slots = SLOT_WINDOW;
		if (reservation_add(
			w->store, m->customer, m->begun_at, m->id, m->category, e) != 0)
			return -1;
	}
	m->n++;
	m->state = fsm_move(&message_fsm, m->state, MSG_SENDING);
	m->settle_at = w->now;
	if (msg_save(w->store, m, e) != 0)
		return -1;
	m->state = fsm_move(&message_fsm, m->state, MSG_AWAITING);
	m->settle_at = 0;
	return msg_save(w->store, m, e);
}

/* 1: nobody answered and it is tried again, 0: not, -1. */
static int
try_again(struct report_of *d, struct message *m, struct err *e)
{
	const struct step *s = playbook_step(d->v->playbook, m->step);
	struct work *w = d->w;
	struct person p;
	ms_t next;

	CHECK(s != NULL);
	d->t.tries++;
	if (strcmp(d->outcome, CALL_NONE) != 0 || d->t.tries >= s->tries)
		return 0;
	if (person_load(w, d->t.customer, &p, e) != 1)
		return -1;
	next = business_best(w->cat->policy, p.zone, w->now + s->tries_every);
	if (next == MS_NEVER)
		next = w->now + s->tries_every;
	if (next >= tasks_last(w, &d->t))
		return 0;
	if (tasks_wait(w, &d->t, m, next, e) != 0 ||
	    trail_add(w->store, m->run, w->now, "called, nobody answered", e) != 0)
		return -1;
	tasks_answer(d, 200, "nobody answered: the call comes back at a better hour");
	return 1;
}

static int
end_call(struct report_of *d, struct message *m, struct err *e)
{
	m->state = fsm_move(&message_fsm, m->state,
	    call_reached(d->outcome) ? MSG_DELIVERED : MSG_UNDELIVERED);
	m->reason = REASON_NONE;
	m->perr = call_reached(d->outcome) ? "" : d->outcome;
	if (msg_save(d->w->store, m, e) != 0)
		return -1;
	plan_tell(d->w, m, "", (struct pos){ 0 }, "", 0);
	return trail_add(d->w->store, m->run, d->w->now,
	    arena_printf(d->w->arena, "called: %s", d->outcome), e);
}

int
tasks_end(struct report_of *d, struct err *e)
{
	struct task_row *t = &d->t;

	t->state = fsm_move(&task_fsm, t->state, TASK_DONE);
	t->outcome = d->outcome;
	t->cause = d->r->cause;
	t->done_by = *d->r->by != '\0' ? d->r->by : t->assignee;
	t->done_at = d->w->now;
	t->next_at = 0;
	d->w->desk->asked = true;
	return task_save(d->w->store, t, e);
}

/* He was spoken to and is not content: by tomorrow somebody speaks to him again, or the
 * general manager does now. */
static int
goes_on(struct report_of *d, struct err *e)
{
	const struct task_rules *rules = &d->w->cat->policy->tasks;
	bool higher = d->word != NULL && d->word->effect == CALL_ESCALATE;
	struct task_row *t = &d->t;
	struct customer_row row;

	t->due_at = d->w->now + (higher ? rules->complaint : rules->answer);
	if (higher) {
		if (customer_get(d->w->store, t->customer, &row, e) != 1 ||
		    task_assignee(d->w, &row.c, ROLE_ABOVE, &t->assignee, e) != 0)
			return -1;
		t->role = ROLE_ABOVE;
		t->level = 1;
		if (t->state == TASK_OPEN)
			t->state = fsm_move(&task_fsm, t->state, TASK_ESCALATED);
	}
	t->next_at = tasks_late_at(d->w, t);
	desk_people(d->w->desk, t->next_at);
	d->w->desk->asked = true;
	tasks_answer(d, 200, "not settled: the complaint stays open and on the list");
	return task_save(d->w->store, t, e) != 0 ? -1 : tasks_follow(d, e);
}

/* A task that is no touch. Whom nobody could reach is still waiting to be answered: it
 * stays on the list, as long as its deadline lets it. */
static int
end_own(struct report_of *d, struct err *e)
{
	if (strcmp(d->outcome, CALL_NONE) == 0) {
		d->t.tries++;
		tasks_answer(d, 200, "nobody answered: the task stays on the list");
		return task_save(d->w->store, &d->t, e);
	}
	if (is_complaint(&d->t) && (d->word == NULL || d->word->effect != CALL_SETTLED))
		return goes_on(d, e);
	return tasks_end(d, e) != 0 ? -1 : tasks_follow(d, e);
}

static int
finish(struct report_of *d, struct err *e)
{
	struct store *s = d->w->store;
	struct message m;
	int rc;

	if (*d->r->note != '\0' && task_set_note(s, d->t.id, d->r->note, e) != 0)
		return -1;
	if (d->t.msg == 0)
		return end_own(d, e);
	if (msg_get(s, d->t.msg, &m, e) != 1)
		return -1;
	if (tasks_is_draft(&d->t))
		return drafts_done(d, &m, e);
	if (d->t.state == TASK_WAITING && d->t.tries > 0 &&
	    strcmp(d->outcome, CALL_NONE) == 0)
		return tasks_answer(d, 200, "this was reported before");
	if (m.state == MSG_AWAITING && (rc = try_again(d, &m, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (tasks_take_back(d, &m, e) != 0 || end_call(d, &m, e) != 0 ||
	    tasks_end(d, e) != 0)
		return -1;
	/* What the customer said first: it may end the run. */
	return tasks_follow(d, e) != 0 ? -1 : plan_settled(d->w, &m, e);
}

int
tasks_done(struct work *w, int64_t id, const struct tasks_report *r,
    struct tasks_answer *out, struct err *e)
{
	struct report_of d = { .w = w, .r = r, .out = out };
	struct person p;
	int rc = task_get(w->store, id, &d.t, e);

	if (rc != 1)
		return rc < 0 ? -1
			      : tasks_answer(&d, 404, "there is no task of that number");
	if (person_load(w, d.t.customer, &p, e) != 1)
		return -1;
	if (p.row.erased_at != 0)
		return tasks_answer(&d, 409, "the customer's data was erased");
	if ((rc = understand(&d, e)) != 1)
		return rc;
	if (task_is_live(d.t.state)) {
		tasks_answer(&d, 200, "done");
		return finish(&d, e);
	}
	/* Too late for the run; what the customer said holds. */
	tasks_answer(&d, 200, "kept for the customer; the task itself was over already");
	d.t.outcome = d.outcome;
	d.t.done_by = r->by;
	return task_save(w->store, &d.t, e) != 0 ? -1 : tasks_follow(&d, e);
}

int
tasks_withdraw(struct work *w, int64_t id, struct tasks_answer *out, struct err *e)
{
	struct task_row t;
	struct message m;
	struct person p;
	int rc = task_get(w->store, id, &t, e);

	*out = (struct tasks_answer){ 404, "there is no task of that number" };
	if (rc != 1)
		return rc;
	*out = (struct tasks_answer){ 409, "the task is over already" };
	if (!task_is_live(t.state))
		return 0;
	/* What it asks for is not over because nobody wants to be asked. */
	*out = (struct tasks_answer){ 409,
		"a complaint is not withdrawn: report `settled`, or lift its block with "
		"`reachd undo block`" };
	if (is_complaint(&t))
		return 0;
	*out = (struct tasks_answer){ 200, "withdrawn" };
	t.state = fsm_move(&task_fsm, t.state, TASK_WITHDRAWN);
	t.next_at = 0;
	t.done_at = w->now;
	w->desk->asked = true;
	if (task_save(w->store, &t, e) != 0)
		return -1;
	if (t.msg == 0)
		return person_load(w, t.customer, &p, e) != 1
			   ? -1
			   : tasks_closed(w, &p, &t, e);
	if (msg_get(w->store, t.msg, &m, e) != 1 || slots_give(w, &m, e) != 0)
		return -1;
	m.state = fsm_move(&message_fsm, m.state, MSG_LAPSED);
	m.reason = REASON_NONE;
	if (msg_save(w->store, &m, e) != 0 ||
	    trail_add(w->store, m.run, w->now,
		tasks_is_draft(&t) ? "the draft was withdrawn" : "the call was withdrawn",
		e) != 0)
		return -1;
	plan_tell(w, &m, "", (struct pos){ 0 }, "", 0);
	return plan_settled(w, &m, e);
}
