/* wait: for an event, an answer, or what becomes of the message before. */
#include <string.h>

#include "base/check.h"
#include "core/journey.h"
#include "plan_step.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/version.h"

/* ---- what is known of the run's last message ---- */

static bool
only_facts(const struct step *s)
{
	return s->n_wait_for == __builtin_popcount(s->facts);
}

static int
known(struct work *w, const struct run *r, unsigned *facts, struct err *e)
{
	struct message m;
	int rc = r->occ == 0 ? 0 : msg_of_occ(w->store, r->id, r->occ, &m, e);

	*facts = 0;
	if (rc <= 0)
		return rc;
	switch (m.state) {
	case MSG_DELIVERED:
		*facts = BIT(FACT_DELIVERED);
		break;
	case MSG_UNDELIVERED:
	case MSG_REJECTED:
	case MSG_LAPSED:
	case MSG_SUPPRESSED:
		*facts = BIT(FACT_UNDELIVERED);
		break;
	default:
		break;
	}
	if ((rc = hit_clicked(w->store, m.id, e)) == 1)
		*facts |= BIT(FACT_CLICK);
	return rc < 0 ? -1 : 0;
}

/* Which way they lead: the step's then, its else, or NULL: it waits on. */
static const struct actions *
way(const struct step *s, unsigned facts)
{
	if (s->facts & facts)
		return &s->then;
	/* What was not delivered is not clicked either. */
	return facts & BIT(FACT_UNDELIVERED) && only_facts(s) ? &s->otherwise : NULL;
}

static int
note(struct work *w, const struct run *r, unsigned facts, const struct actions *to,
    const struct step *s, struct err *e)
{
	char text[64];

	for (int i = 0; i < FACTS; i++)
		if (to == &s->then && s->facts & facts & BIT(i)) {
			g_snprintf(text, sizeof(text), "%s came", fact_names[i]);
			return trail_add(w->store, r->id, w->now, text, e);
		}
	return trail_add(w->store, r->id, w->now,
	    "the message was not delivered, nothing can come", e);
}

/* ---- the step ---- */

int
plan_wait(struct stand *at, int *target, struct err *e)
{
	const struct step *s = at->s;
	const struct actions *to = NULL;
	unsigned facts = 0;

	if (s->n_wait_for == 0)
		return 1;
	if (s->facts != 0 && known(at->w, at->r, &facts, e) != 0)
		return -1;
	if ((to = way(s, facts)) != NULL)
		return note(at->w, at->r, facts, to, s, e) != 0
			   ? -1
			   : plan_act(at->w, at->p, at->r, to, target, e);
	return plan_sleep(at->w, at->r, WAIT_FOR,
		   journey_until(s, at->p->zone, at->w->now), e) != 0
		   ? -1
		   : 0;
}

/* The wait is over: what it leads to, and on. */
static int
over(struct work *w, struct person *p, struct run *r, const struct version *v,
    const struct step *s, const struct actions *to, struct err *e)
{
	int target = STEP_NEXT, rc;

	r->wake_at = 0;
	if ((rc = plan_act(w, p, r, to, &target, e)) != 1)
		return rc;
	r->step_at = w->now;
	return plan_go(w, p, r, v, journey_target(v->playbook, s->index, target), e);
}

int
plan_wait_woken(struct work *w, struct person *p, struct run *r, const struct version *v,
    const struct step *s, struct err *e)
{
	/* A pause does not count: nobody could have been asked in it. */
	ms_t held = desk_held(w->desk, r->playbook, r->step_at, w->now),
	     until = held == 0 ? 0 : journey_until(s, p->zone, r->step_at + held);

	if (until > w->now)
		return plan_sleep(w, r, WAIT_FOR, until, e);
	if (trail_add(w->store, r->id, w->now, "nothing came in time", e) != 0)
		return -1;
	return over(w, p, r, v, s, &s->otherwise, e);
}

bool
plan_waits_for(const struct step *s, const char *what)
{
	for (int i = 0; i < s->n_wait_for; i++)
		if (strcmp(s->wait_for[i], what) == 0)
			return true;
	return false;
}

int
plan_wait_end(struct work *w, struct person *p, struct run *r, const struct version *v,
    const char *what, struct err *e)
{
	const struct step *s;
	char text[160];

	if (r->state != RUN_RUNNING || r->wait != WAIT_FOR)
		return 0;
	s = playbook_step(v->playbook, r->step);
	CHECK(s != NULL);
	if (!plan_waits_for(s, what))
		return 0;
	g_snprintf(text, sizeof(text), "%s came", what);
	if (trail_add(w->store, r->id, w->now, text, e) != 0)
		return -1;
	return over(w, p, r, v, s, &s->then, e);
}

static int
told(struct work *w, const struct message *m, enum fact fact, struct err *e)
{
	const struct actions *to;
	const struct version *v;
	const struct step *s;
	struct person p;
	struct run r;

	if (run_get(w->store, m->run, &r, e) != 1)
		return -1;
	/* Only of the step before: an older message's news is old. */
	if (r.state != RUN_RUNNING || r.wait != WAIT_FOR || r.occ != m->occ)
		return 0;
	if (desk_version(w, r.version, &v, e) != 0 ||
	    person_load(w, r.customer, &p, e) != 1)
		return -1;
	person_subject(&p, v->playbook->subject, r.subject);
	s = playbook_step(v->playbook, r.step);
	CHECK(s != NULL);
	if ((to = way(s, BIT(fact))) == NULL)
		return 0;
	return note(w, &r, BIT(fact), to, s, e) != 0 ? -1 : over(w, &p, &r, v, s, to, e);
}

int
plan_told(struct work *w, const struct message *m, enum fact fact, struct err *e)
{
	struct err own = { 0 };

	if (!(w->desk->needs & VERSION_NEWS))
		return 0;
	if (store_mark(w->store, e) != 0)
		return -1;
	if (told(w, m, fact, &own) == 0)
		return store_unmark(w->store, e);
	return plan_undo(w, NULL, "run", m->run, &own, e);
}
