#include "grant.h"

#include <string.h>

#include "core/gate.h"
#include "grant_impl.h"
#include "profile.h"
#include "store/run.h"

#define OVER_MAX 64
#define STANDING_MAX 32

/* ---- the parts of giving ---- */

int
grant_note(struct work *w, int64_t run, const char *name, const char *what, struct err *e)
{
	if (run == 0)
		return 0;
	return trail_add(
	    w->store, run, w->now, arena_printf(w->arena, "offer %s: %s", name, what), e);
}

/* Whose quota it is. */
static const char *
quota_of(const struct offer *o, const char *store)
{
	return o->per_store ? store : "";
}

static int
month_of(const struct work *w)
{
	ms_t start, end;

	return gate_period(CAP_MONTH, w->cat->config->entity.zone, w->now, &start, &end);
}

/* How many there are this month, for this part of the house; below 0: no end of them. */
static int
quota(const struct work *w, const struct offer *o)
{
	return o->quota < 0 ? o->quota
			    : (int)desk_portion(w, o->quota, o->name, month_of(w));
}

/* The end of its last day, as the customer's calendar has it. */
static ms_t
ends(const struct work *w, const struct person *p, const struct offer *o)
{
	struct local l;

	zone_local(p->zone, w->now, &l);
	return zone_instant(p->zone, l.day + o->valid_days, 24 * 60 - 1);
}

/* Takes its place in the quota, and fills what it is from now on. 1/0/-1. */
int
grant_give(struct work *w, struct person *p, const struct offer *o, struct grant *g,
    struct err *e)
{
	int rc = offer_quota_take(
	    w->store, o->name, quota_of(o, g->store), month_of(w), quota(w, o), e);

	if (rc != 1)
		return rc;
	p->offer_known = false;
	g->state = OFFER_GRANTED;
	g->value = o->value;
	g->granted_at = w->now;
	g->expires_at = ends(w, p, o);
	return 1;
}

void
grant_as_if(struct work *w, struct person *p, const char *name)
{
	const struct offer *o = offer_named(w->cat->offers, name);
	struct grant *g;

	if (person_offer(p, name) || o == NULL)
		return;
	g = arena_new_of(w->arena, struct grant);
	*g = (struct grant){ .name = o->name,
		.state = OFFER_GRANTED,
		.value = o->value,
		.expires_at = ends(w, p, o) };
	p->granted = g;
}

bool
grant_refuses(struct work *w, struct person *p)
{
	const char *weak = w->cat->lifecycle->weak_tie.tier;

	return weak != NULL && strcmp(stage_tier(profile_view(p)), weak) == 0;
}

static int
none_left(struct work *w, const struct offer *o, int64_t run, struct err *e)
{
	return grant_note(w, run, o->name,
	    arena_printf(w->arena, "none left, the quota is %d a month", quota(w, o)), e);
}

int
grant_ask_row(
    struct work *w, const struct offer *o, struct grant *g, ms_t until, struct err *e)
{
	int used, rc;

	if (offer_quota_used(
		w->store, o->name, quota_of(o, g->store), month_of(w), &used, e) != 0)
		return -1;
	if (o->quota >= 0 && used >= quota(w, o))
		return none_left(w, o, g->run, e);
	g->state = OFFER_ASKED;
	g->value = o->value;
	g->expires_at = until;
	rc = offer_add(w->store, g, e);
	if (rc < 0)
		return -1;
	return grant_note(w, g->run, o->name, "asked for", e) != 0 ? -1 : rc;
}

/* ---- for a run ---- */

int
grant_to_run(struct work *w, struct person *p, const struct run *r, const char *name,
    ms_t until, enum granting *out, struct err *e)
{
	const struct offer *o = offer_named(w->cat->offers, name);
	struct grant g;
	int rc = offer_of_run(w->store, r->id, name, &g, e);

	*out = GRANT_NONE;
	if (rc < 0)
		return -1;
	if (rc == 1) {
		if (g.state == OFFER_GRANTED || g.state == OFFER_REDEEMED)
			*out = GRANT_DONE;
		else if (g.state == OFFER_ASKED)
			*out = GRANT_ASKED;
		return 0;
	}
	if (o == NULL)
		return grant_note(w, r->id, name, "not in the catalogue", e);
	if (r->control != CONTROL_NONE) {
		*out = GRANT_HELD;
		return grant_note(w, r->id, name, "not given, held out as control", e);
	}
	if (grant_refuses(w, p))
		return grant_note(w, r->id, name, GRANT_WEAK_TIE, e);
	g = (struct grant){ .name = o->name,
		.customer = p->row.c.id,
		.run = r->id,
		.store = person_store(p),
		.author = arena_printf(
		    w->arena, "playbook %s", desk_live(w->desk, r->playbook)->name),
		.by = "",
		.asked_at = w->now };
	if (o->approval != APPROVAL_NONE) {
		if ((rc = grant_ask_row(w, o, &g, until, e)) == 1)
			*out = GRANT_ASKED;
		return rc < 0 ? -1 : 0;
	}
	if ((rc = grant_give(w, p, o, &g, e)) == 0)
		return none_left(w, o, r->id, e);
	*out = GRANT_DONE;
	return rc < 0 || offer_add(w->store, &g, e) != 1
		   ? -1
		   : grant_note(w, r->id, name, "granted", e);
}

/* ---- how it ends ---- */

int
grant_finish(struct work *w, struct grant *g, enum offer_state state, struct err *e)
{
	g->state = fsm_move(&offer_fsm, g->state, (int)state);
	g->ended_at = w->now;
	if (offer_save(w->store, g, e) != 0)
		return -1;
	return grant_note(w, g->run, g->name, fsm_name(&offer_fsm, g->state), e);
}

/* `offer` in the event's data names the one that is meant. */
static bool
is_meant(struct person *p, const struct offer *o)
{
	struct value v;

	if (p->event_value.type != VALUE_MAP ||
	    !value_map_get(p->event_value.map, "offer", strlen("offer"), &v) ||
	    v.type != VALUE_STR)
		return true;
	return v.s.len == strlen(o->name) && memcmp(v.s.p, o->name, v.s.len) == 0;
}

int
grant_redeem(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	for (int i = 0; i < w->cat->offers->n; i++) {
		const struct offer *o = &w->cat->offers->items[i];
		struct grant *g, *first = NULL;
		int n;

		if (strcmp(o->redeemed_by, ev->type) != 0 || !is_meant(p, o))
			continue;
		g = arena_array(w->arena, struct grant, STANDING_MAX);
		n = offer_standing(
		    w->store, p->row.c.id, o->name, w->now, g, STANDING_MAX, e);
		for (int k = 0; k < n; k++)
			if (g[k].granted_at <= ev->at &&
			    (first == NULL || g[k].expires_at <= first->expires_at))
				first = &g[k];
		if (n < 0)
			return -1;
		if (first == NULL)
			continue;
		first->event = ev->id;
		p->offer_known = false;
		if (grant_finish(w, first, OFFER_REDEEMED, e) != 0)
			return -1;
	}
	return 0;
}

int
grant_withdraw(struct work *w, const struct run *r, struct err *e)
{
	const struct version *v;
	const struct step *s;
	struct grant g;
	int rc;

	if (r->state != RUN_RUNNING || r->wait != WAIT_OFFER)
		return 0;
	if (desk_version(w, r->version, &v, e) != 0)
		return -1;
	s = playbook_step(v->playbook, r->step);
	if (s == NULL || s->verb != STEP_OFFER)
		return 0;
	rc = offer_of_run(w->store, r->id, s->name, &g, e);
	if (rc != 1 || g.state != OFFER_ASKED)
		return rc < 0 ? -1 : 0;
	return grant_finish(w, &g, OFFER_EXPIRED, e);
}

int
grant_over(struct work *w, struct err *e)
{
	struct grant g[OVER_MAX];
	int n;

	do {
		n = offer_over(w->store, w->now, g, OVER_MAX, e);
		for (int i = 0; i < n; i++)
			if (grant_finish(w, &g[i], OFFER_EXPIRED, e) != 0)
				return -1;
	} while (n == OVER_MAX);
	return n < 0 ? -1 : 0;
}
