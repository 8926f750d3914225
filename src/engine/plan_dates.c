/* before: a date that moves takes what is planned along. */
#include <string.h>

#include "core/quiet.h"
#include "core/reason.h"
#include "plan_step.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/tie.h"
#include "store/version.h"

/* The same touch at other times. */
static int
move(const struct stand *at, struct message *m, struct err *e)
{
	struct work *w = at->w;
	struct quiet_answer quiet = { 0 };
	ms_t was = m->planned_at;
	bool past = plan_times(at, m, &quiet);

	if (past) {
		m->planned_at = m->due_at = was;
		return plan_suppress(w, m, REASON_PAST, at->s->id, at->s->at,
			   "its date has moved into the past", e) != 0
			   ? -1
			   : plan_settled(w, m, e);
	}
	m->reason = m->due_at != m->planned_at ? REASON_QUIET : REASON_NONE;
	if (msg_move(w->store, m, e) != 0 ||
	    trail_add(w->store, m->run, w->now,
		arena_printf(w->arena, "step %s planned anew", at->s->id), e) != 0)
		return -1;
	if (m->reason == REASON_QUIET && plan_moved(w, m, &quiet, e) != 0)
		return -1;
	desk_due(w->desk, m->playbook, m->channel, m->due_at);
	return 0;
}

int
plan_still(struct work *w, struct person *p, struct run *r, const struct version *v,
    struct message *m, struct err *e)
{
	struct stand at = { w, p, r, v, playbook_step(v->playbook, m->step),
		.until = MS_NEVER };

	if (at.s->timing.kind != TIMING_BEFORE)
		return 1;
	if (!plan_when(&at)) {
		if (plan_suppress(w, m, REASON_PAST, at.s->id, at.s->at,
			"its date is not known any more", e) != 0)
			return -1;
		return plan_settled(w, m, e) != 0 ? -1 : 0;
	}
	/* on_past: now has made its own time. */
	if (at.due == m->planned_at || (at.due < w->now && m->planned_at <= w->now))
		return 1;
	return move(&at, m, e) != 0 ? -1 : 0;
}

static int
look(struct work *w, struct person *p, struct run *r, struct err *e)
{
	const struct version *v;
	const struct step *s;
	struct message m;
	int rc;

	/* An earlier one's messages may have moved this one. */
	if (run_get(w->store, r->id, r, e) != 1 ||
	    desk_version(w, r->version, &v, e) != 0)
		return -1;
	person_subject(p, v->playbook->subject, r->subject);
	s = r->state == RUN_RUNNING ? playbook_step(v->playbook, r->step) : NULL;
	if (s == NULL || s->timing.kind != TIMING_BEFORE)
		return 0;
	if (r->wait == WAIT_STEP && r->wake_at > 0)
		return plan_go(w, p, r, v, s->index, e);
	if (r->wait != WAIT_MESSAGE)
		return 0;
	rc = msg_of_occ(w->store, r->id, r->occ, &m, e);
	if (rc <= 0 || m.state != MSG_DUE)
		return rc < 0 ? -1 : 0;
	return plan_still(w, p, r, v, &m, e) < 0 ? -1 : 0;
}

int
plan_dates(struct work *w, struct person *p, struct err *e)
{
	struct about *about = p->about;
	struct value vehicles = p->vehicles;
	struct run *r;
	int n;

	if (!(w->desk->needs & VERSION_DATES))
		return 0;
	n = plan_runs(w, p->row.c.id, true, &r, e);
	for (int i = 0; i < n; i++) {
		struct err own = { 0 };
		int rc;

		if (store_mark(w->store, e) != 0)
			return -1;
		rc = look(w, p, &r[i], &own) == 0
			 ? store_unmark(w->store, e)
			 : plan_undo(w, p, "run", r[i].id, &own, e);
		if (rc != 0)
			return -1;
	}
	p->about = about;
	p->vehicles = vehicles;
	return n < 0 ? -1 : 0;
}

int
plan_dates_of(struct work *w, int64_t customer, struct err *e)
{
	struct person p;
	int64_t contact;
	int rc;

	if (!(w->desk->needs & VERSION_DATES) || customer == 0)
		return 0;
	rc = person_load(w, customer, &p, e);
	if (rc != 1 || plan_dates(w, &p, e) != 0)
		return rc == 0 ? 0 : -1;
	if (*p.row.c.contact == '\0')
		return 0;
	/* A company's cars are its contact's to hear of. */
	rc = tie_contact_of(w->store, p.row.c.id, &contact, e);
	if (rc == 1)
		rc = person_load(w, contact, &p, e);
	return rc == 1 ? plan_dates(w, &p, e) : rc;
}
