/* Live runs meet what customers do: goals, exits, waits, replies. */
#include <limits.h>
#include <string.h>

#include "core/reason.h"
#include "core/reply.h"
#include "merge.h"
#include "plan.h"
#include "store/event.h"
#include "store/run.h"

static int
meets_goal(struct person *p, const struct playbook *pb, const struct run *r, const struct event *ev)
{
	if (pb->goal.on == NULL || strcmp(pb->goal.on, ev->type) != 0)
		return 0;
	if (pb->goal.from != GOAL_FROM_ENTRY && r->first_sent_at == 0)
		return 0;
	/* The entry event is not its own goal. */
	if (ev->id == r->event || ev->at < r->entered_at || ev->at > plan_goal_until(pb, r))
		return 0;
	return pb->goal.where == NULL || cond_true(pb->goal.where, person_scope(p));
}

static const struct exit_rule *
meets_exit(struct person *p, const struct playbook *pb, const struct event *ev)
{
	for (int i = 0; i < pb->n_exits; i++) {
		const struct exit_rule *x = &pb->exits[i];

		if (x->on == NULL ? cond_true(x->when, person_scope(p)) :
				    strcmp(x->on, ev->type) == 0 &&
			    (x->when == NULL || cond_true(x->when, person_scope(p))))
			return x;
	}
	return NULL;
}

/* Milestones are noted once, the first time. */
static int
meet_marks(struct work *w, struct person *p, const struct playbook *pb, const struct run *r,
    const struct event *ev, struct err *e)
{
	for (int i = 0; i < pb->n_marks; i++) {
		const struct milestone *k = &pb->marks[i];

		if (strcmp(k->on, ev->type) != 0 || ev->id == r->event || ev->at < r->entered_at ||
		    (k->where != NULL && !cond_true(k->where, person_scope(p))))
			continue;
		if (mark_add(w->store, r->id, k->name, ev->at, e) != 0)
			return -1;
	}
	return 0;
}

/* What an event is about that happened to somebody else. */
struct about_what {
	const char *vehicle; /* NULL: it names none */
	int64_t owner;
};

static bool
is_about(struct person *p, const struct run *r, const struct about_what *a)
{
	if (*r->subject == '\0')
		return false;
	return a->vehicle != NULL ? strcmp(r->subject, a->vehicle) == 0
				  : person_subject_owner(p) == a->owner;
}

static int
meet_event(struct work *w, struct person *p, struct run *r, const struct event *ev,
    const struct about_what *about, struct err *e)
{
	const struct exit_rule *x;
	const struct version *v;
	int target = STEP_NEXT;

	/* What happened to an earlier run may have ended this one. */
	if (run_get(w->store, r->id, r, e) != 1)
		return -1;
	if (r->state > RUN_WATCHING || r->goal_at != 0)
		return 0;
	if (desk_version(w, r->version, &v, e) != 0)
		return -1;
	person_subject(p, v->playbook->subject, r->subject);
	if (about != NULL && !is_about(p, r, about))
		return 0;
	/* What happened to one car says nothing about the other. */
	if (!person_event_concerns(p, v->playbook->subject, r->subject))
		return 0;
	if (meet_marks(w, p, v->playbook, r, ev, e) != 0)
		return -1;
	if (meets_goal(p, v->playbook, r, ev)) {
		r->goal_at = ev->at;
		/* It leaves first: what the actions cause must not meet it again. */
		return plan_leave(w, r, "goal", REASON_GOAL_MET, e) != 0 ? -1 :
		    plan_actions(w, p, r, &v->playbook->goal.then, &target, e);
	}
	if ((x = meets_exit(p, v->playbook, ev)) != NULL) {
		return plan_leave(w, r, "exit", REASON_EXITED, e) != 0 ? -1 :
		    plan_actions(w, p, r, &x->then, &target, e);
	}
	/* An answer and a click have met the waits already, in plan_reply() and plan_told(). */
	if (strcmp(ev->source, "reachd") == 0 &&
	    (strcmp(ev->type, "reply") == 0 || strcmp(ev->type, "click") == 0))
		return 0;
	return plan_wait_end(w, p, r, v, ev->type, e);
}

static int
meet_all(struct work *w, struct person *p, const struct event *ev,
    const struct about_what *about, struct err *e)
{
	struct run *r;
	int n = plan_runs(w, p->row.c.id, true, &r, e);

	for (int i = 0; i < n; i++) {
		struct err own = { 0 };
		int rc;

		if (store_mark(w->store, e) != 0)
			return -1;
		rc = meet_event(w, p, &r[i], ev, about, &own) == 0 ?
		    store_unmark(w->store, e) :
		    plan_undo(w, p, "run", r[i].id, &own, e);
		if (rc != 0)
			return -1;
	}
	person_subject(p, SUBJECT_NONE, "");
	return n < 0 ? -1 : 0;
}

int
plan_event(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	return meet_all(w, p, ev, NULL, e);
}

int
plan_event_about(struct work *w, struct person *p, const struct event *ev,
    const char *vehicle, int64_t owner, struct err *e)
{
	const struct about_what about = { vehicle, owner };

	return meet_all(w, p, ev, &about, e);
}

/* It asked, and takes any answer: that is no conversation a person must lead. */
static bool
waits_for_reply(const struct run *r, const struct playbook *pb)
{
	const struct step *s = playbook_step(pb, r->step);

	return r->state == RUN_RUNNING && r->wait == WAIT_FOR && s != NULL && plan_waits_for(s, "reply");
}

/* The rules of the run whose message was answered; the others only stop waiting. */
static int
meet_reply(struct work *w, struct person *p, struct run *r, const char *text, bool asked,
    bool *understood, struct err *e)
{
	const struct reply_rule *rule;
	const struct version *v;
	struct reply_score score;
	int target = INT_MIN;
	bool waits;

	if (run_get(w->store, r->id, r, e) != 1)
		return -1;
	if (r->state > RUN_WATCHING)
		return 0;
	if (desk_version(w, r->version, &v, e) != 0)
		return -1;
	person_subject(p, v->playbook->subject, r->subject);
	rule = text == NULL ? NULL :
	    reply_match(w->arena, v->playbook, text, asked, &score);
	waits = waits_for_reply(r, v->playbook);
	*understood |= rule != NULL || waits;
	if ((rule != NULL || waits || (asked && v->playbook->n_replies > 0)) &&
	    plan_hear(w, r->id, e) != 0)
		return -1;
	if (rule == NULL)
		return plan_wait_end(w, p, r, v, "reply", e);
	/* The run stands where it stood: an action of the rule may move or end it. */
	if (trail_add(w->store, r->id, w->now, "reply understood", e) != 0 ||
	    plan_actions(w, p, r, &rule->then, &target, e) != 0 ||
	    run_get(w->store, r->id, r, e) != 1)
		return -1;
	/* `stop` ends the steps; who then comes still meets the goal. */
	if (r->state != RUN_RUNNING)
		return 0;
	if (target == INT_MIN)
		return plan_wait_end(w, p, r, v, "reply", e);
	if (plan_redirect(w, p, r, v, target, e) != 0)
		return -1;
	return v->playbook->subject == SUBJECT_VEHICLE ? merge_answered(w, p, r, target, e) : 0;
}

int
plan_refused(struct work *w, struct person *p, struct err *e)
{
	const struct version *v;
	struct run *r;
	int n = plan_runs(w, p->row.c.id, true, &r, e);

	for (int i = 0; i < n; i++) {
		if (desk_version(w, r[i].version, &v, e) != 0)
			return -1;
		if (waits_for_reply(&r[i], v->playbook) &&
		    plan_leave(w, &r[i], "refused", REASON_EXITED, e) != 0)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

int
plan_hear(struct work *w, int64_t run, struct err *e)
{
	return w->answer == NULL ? 0 : heard_put(w->store, run, w->answer, e);
}

int
plan_score(struct work *w, int64_t run, const char *text, struct reply_score *out, int *scale,
    struct err *e)
{
	const struct version *v;
	struct run r;
	int rc = run == 0 ? 0 : run_get(w->store, run, &r, e);

	*out = (struct reply_score){ .score = -1, .comment = text };
	*scale = -1;
	if (rc <= 0)
		return rc;
	if (desk_version(w, r.version, &v, e) != 0)
		return -1;
	*scale = reply_scale(v->playbook);
	reply_match(w->arena, v->playbook, text, true, out);
	return 0;
}

int
plan_reply(struct work *w, struct person *p, const char *text, int64_t run, struct err *e)
{
	struct run *r;
	int n = plan_runs(w, p->row.c.id, true, &r, e);
	bool understood = false;

	for (int i = 0; i < n; i++) {
		const char *its = run == 0 || run == r[i].id ? text : NULL;
		struct err own = { 0 };
		int rc;

		if (r[i].control)
			continue;
		if (store_mark(w->store, e) != 0)
			return -1;
		rc = meet_reply(w, p, &r[i], its, run == r[i].id, &understood, &own) == 0 ?
		    store_unmark(w->store, e) :
		    plan_undo(w, p, "run", r[i].id, &own, e);
		if (rc != 0)
			return -1;
	}
	person_subject(p, SUBJECT_NONE, "");
	return n < 0 ? -1 : understood;
}
