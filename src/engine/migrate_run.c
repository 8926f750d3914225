/* Moving runs to a newer version of their playbook, a portion at a time. */
#include <string.h>

#include "base/log.h"
#include "core/journey.h"
#include "core/reason.h"
#include "migrate.h"
#include "plan_step.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"

#define PORTION 200

const struct step *
migrate_step(const struct playbook *to, const json_t *map, const char *step)
{
	const char *name = json_string_value(json_object_get(map, step));

	return playbook_step(to, name != NULL ? name : step);
}

/* Does the new step wait for what the run waits for? */
static bool
waits_alike(const struct run *r, const struct step *s)
{
	return (r->wait == WAIT_FOR && s->n_wait_for > 0) ||
	       (r->wait == WAIT_OFFER && s->verb == STEP_OFFER);
}

/* What waits for an answer waits on, what had a time gets the new step's. */
static int
settle_in(struct stand *at, bool planned, struct err *e)
{
	struct run *r = at->r;
	ms_t held = desk_held(at->w->desk, r->playbook, r->step_at, at->w->now);

	if (r->wake_at == MS_NEVER) {
		/* When the playbook goes on it must not take the new step for over. */
		if (!waits_alike(r, at->s))
			r->wait = WAIT_STEP;
		return run_save(at->w->store, r, e);
	}
	if (waits_alike(r, at->s))
		return r->wait == WAIT_OFFER
			   ? run_save(at->w->store, r, e)
			   : plan_sleep(at->w, r, WAIT_FOR,
				 journey_until(at->s, at->p->zone, r->step_at + held), e);
	r->wait = WAIT_STEP;
	r->wake_at = 0;
	if (planned && at->s->verb == STEP_REPEAT && r->round > 1) {
		r->round--;
		return plan_repeat_on(at, e);
	}
	return plan_go(at->w, at->p, r, at->v, at->s->index, e);
}

/* 1 moved, 0 it stays where it is, -1. */
static int
move(struct work *w, int64_t id, const struct migration *g, const struct version *v,
    const json_t *map, struct err *e)
{
	struct stand at = { .w = w, .v = v, .until = MS_NEVER };
	struct message m = { 0 };
	struct person p;
	struct run r;
	bool waits;
	int rc;

	if (run_get(w->store, id, &r, e) != 1)
		return -1;
	at.s = migrate_step(v->playbook, map, r.step);
	if (at.s == NULL)
		return 0;
	if (person_load(w, r.customer, &p, e) != 1)
		return -1;
	person_subject(&p, v->playbook->subject, r.subject);
	at.p = &p;
	at.r = &r;
	waits = r.wait == WAIT_MESSAGE;
	rc = waits ? msg_of_occ(w->store, r.id, r.occ, &m, e) : 0;
	if (rc < 0 ||
	    trail_add(w->store, r.id, w->now,
		arena_printf(w->arena, "moved to a newer version, step %s to %s", r.step,
		    at.s->id),
		e) != 0)
		return -1;
	r.version = g->version;
	r.step = at.s->id;
	/* What is on its way is heard of; then the run goes on from the new step. */
	if (rc == 1 && m.state != MSG_DUE)
		return run_save(w->store, &r, e) != 0 ? -1 : 1;
	if (rc == 1 && plan_suppress(w, &m, REASON_EXITED, "migrate", at.s->at,
			   "planned anew by a newer version", e) != 0)
		return -1;
	return settle_in(&at, rc == 1, e) != 0 ? -1 : 1;
}

/* One that cannot be moved stays whole, and the others go on. */
static int
try_move(struct work *w, int64_t id, struct migration *g, const struct version *v,
    const json_t *map, struct err *e)
{
	struct err own = { 0 };
	int rc;

	if (store_mark(w->store, e) != 0)
		return -1;
	rc = move(w, id, g, v, map, &own);
	if (rc >= 0 ? store_unmark(w->store, e) != 0
		    : plan_undo(w, NULL, "migration", id, &own, e) != 0)
		return -1;
	g->moved += rc == 1;
	g->stayed += rc != 1;
	return 0;
}

static int
ended(struct work *w, struct migration *g, struct err *e)
{
	const struct live *live = desk_live(w->desk, g->playbook);

	g->done_at = w->now;
	log_info("migrated", "playbook=%s moved=%d stayed=%d", live->name, g->moved,
	    g->stayed);
	if (g->stayed == 0)
		return 0;
	return alarm_add(w->store, w->now, "migration", 0, 0,
	    arena_printf(w->arena,
		"%d run%s of %s stayed on an older version: a step had no counterpart",
		g->stayed, g->stayed == 1 ? "" : "s", live->name),
	    e);
}

int
migrate_portion(struct work *w, bool *worked, struct err *e)
{
	const struct version *v;
	struct migration g;
	int64_t ids[PORTION];
	json_t *map;
	int n, rc = migration_open(w->store, &g, e);

	if (rc <= 0)
		return rc;
	*worked = true;
	if (desk_version(w, g.version, &v, e) != 0)
		return -1;
	n = run_behind(w->store, g.playbook, g.version, g.cursor, ids, PORTION, e);
	map = json_loads(g.map, 0, NULL);
	for (int i = 0; i < n && rc >= 0; i++) {
		rc = try_move(w, ids[i], &g, v, map, e);
		g.cursor = ids[i];
	}
	json_decref(map);
	if (n < 0 || rc < 0 || (n == 0 && ended(w, &g, e) != 0))
		return -1;
	return migration_put(w->store, &g, e);
}
