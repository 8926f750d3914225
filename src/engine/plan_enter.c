/* Who enters a playbook: starts, re-entry, limits, the control group. */
#include <string.h>

#include "core/journey.h"
#include "core/reason.h"
#include "launch.h"
#include "pace.h"
#include "plan_actions.h"
#include "profile.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/run.h"

/* 1: may enter as far as earlier runs go, 0: not, -1. *leave: the run he leaves for it. */
static int
earlier_runs(struct work *w, const struct live *live, const struct playbook *pb,
    struct person *p, bool by_event, int64_t *leave, struct err *e)
{
	struct run_entry last;
	int rc = person_entry(p, live->family, &last, e);

	*leave = 0;
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	if (last.state <= RUN_WATCHING) {
		if (by_event && pb->again == AGAIN_RESTART)
			*leave = last.id;
		return by_event && pb->again != AGAIN_IGNORE;
	}
	if (pb->count_entry_on_send && last.first_sent_at == 0)
		return 1;
	return pb->re_entry != MS_NEVER && w->now - last.entered_at >= pb->re_entry;
}

int
plan_may_enter(struct work *w, const struct live *live, const struct playbook *pb,
    struct person *p, struct err *e)
{
	int64_t leave;

	return earlier_runs(w, live, pb, p, false, &leave, e);
}

/* ---- places ---- */

/* The share of whoever says this of himself; NULL: none, he does not enter. */
static const struct quota_share *
quota_of(struct person *p, const struct quota *q)
{
	struct value v = expr_value(q->by, person_scope(p));
	char text[24];

	if (v.type == VALUE_INT) {
		g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, v.i);
		v = value_str(text);
	}
	for (int i = 0; i < q->n; i++)
		if (value_equal(v, value_str(q->shares[i].name)))
			return &q->shares[i];
	return NULL;
}

static int
slice(int limit, int per_10000)
{
	return (int)((int64_t)limit * per_10000 / 10000);
}

/* Where a place is counted, taken until the entry has failed. */
struct place {
	char scope[160];
	int period;
};

/* Of a share or, NULL, of all: how many places there are, and where they are counted. */
static int
places(const struct work *w, const struct live *live, const struct playbook *pb,
    const struct quota_share *share, struct place *at)
{
	int limit = pb->start.limit;

	at->period = pb->start.limit_per_day ? (int)desk_today(w) : 0;
	g_snprintf(at->scope, sizeof(at->scope), "entry:%d", live->number);
	if (share != NULL) {
		g_snprintf(at->scope, sizeof(at->scope), "entry:%d:%s", live->number,
		    share->name);
		limit = slice(limit, share->to) - slice(limit, share->from);
	}
	return (int)desk_portion(w, limit, at->scope, at->period);
}

/* 1: a place among today's entries, 0: none left, -1. */
static int
take_place(struct work *w, struct person *p, const struct live *live,
    const struct playbook *pb, struct place *at, struct err *e)
{
	const struct quota_share *share = NULL;
	int limit;

	if (pb->start.limit == 0)
		return 1;
	if (pb->start.quota.by != NULL && (share = quota_of(p, &pb->start.quota)) == NULL)
		return 0;
	limit = places(w, live, pb, share, at);
	return cap_take(w->store, at->scope, at->period, limit, e);
}

int
plan_full(
    struct work *w, const struct live *live, const struct playbook *pb, struct err *e)
{
	const struct quota *q = &pb->start.quota;
	int n = q->by == NULL ? 1 : q->n;

	for (int i = 0; i < n; i++) {
		struct place at;
		int limit = places(
		    w, live, pb, q->by == NULL ? NULL : &q->shares[i], &at);
		int used;

		if (cap_used(w->store, at.scope, at.period, &used, e) != 0)
			return -1;
		if (used < limit)
			return 0;
	}
	return 1;
}

/* The house's group first: who is in it is held out of everything but what he must be told. */
static enum control
held_out(struct work *w, const struct playbook *pb, const struct person *p)
{
	int share = pb->category == CATEGORY_TRANSACTIONAL ? 0 : w->cat->policy->control;
	char use[128];

	if (share > 0 && journey_held_out(desk_draw(w, "control", p->row.c.ext), share))
		return CONTROL_HOUSE;
	if (pb->control == 0)
		return CONTROL_NONE;
	g_snprintf(use, sizeof(use), "control:%s", pb->name);
	return journey_held_out(desk_draw(w, use, p->row.c.ext), pb->control) ? CONTROL_PLAYBOOK :
										CONTROL_NONE;
}

static const char *
entered(enum control c)
{
	return c == CONTROL_NONE ? "entered" :
	    c == CONTROL_HOUSE	 ? "entered, held out as control of the house" :
				   "entered, held out as control";
}

static bool
is_active(const struct playbook *pb, const struct zone *house, ms_t now)
{
	struct local l;

	zone_local(house, now, &l);
	return (pb->active_from.year == 0 || l.day >= date_days(pb->active_from)) &&
	    now < plan_campaign_end(pb, house);
}

static int
give_back(struct work *w, const struct place *at, struct err *e)
{
	return *at->scope == '\0' ? 0 : cap_give(w->store, at->scope, at->period, e);
}

/* As far as the playbook alone decides. */
static bool
is_for(struct work *w, struct person *p, const struct playbook *pb)
{
	if (pb->subject != SUBJECT_NONE && *person_subject_ext(p) == '\0')
		return false; /* about nothing: it would not know what to say */
	return person_of_stores(p, pb) &&
	       is_active(pb, w->cat->config->entity.zone, w->now);
}

/* 1: a place, and hours for his call; else as plan_enter(), and nothing is held. */
static int
make_room(struct work *w, struct person *p, const struct live *live,
    const struct playbook *pb, const char *entry, const struct event *ev,
    struct place *at, struct err *e)
{
	struct pace_room full;
	int rc = take_place(w, p, live, pb, at, e);

	/* A share that is used up, or none at all, keeps nobody else out. */
	if (rc != 1)
		return rc < 0 ? -1
			      : pb->start.quota.by != NULL ? PLAN_NO_SHARE : PLAN_NO_PLACE;
	if (held_out(w, pb, p) != CONTROL_NONE)
		return 1; /* nobody calls him */
	if ((rc = pace_admits(w, p, pb, &full, e)) != 0)
		return rc;
	if (give_back(w, at, e) != 0 || pace_wait(w, p, live, pb, entry, ev, &full, e) != 0)
		return -1;
	return PLAN_NO_HOURS;
}

static int
begin(struct work *w, struct person *p, const struct live *live, const struct version *v,
    const char *entry, const struct event *ev, const struct place *at, struct err *e)
{
	const struct playbook *pb = v->playbook;
	struct run r = {
		.customer = p->row.c.id,
		.version = live->version,
		.playbook = live->number,
		.state = RUN_RUNNING,
		.control = held_out(w, pb, p),
		.step = pb->n_steps > 0 ? pb->steps[0].id : "",
		.wait = WAIT_STEP,
		.entered_at = w->now,
		.step_at = w->now,
		.why = "",
		.entry = entry,
		.event = ev == NULL ? 0 : ev->id,
		.subject = person_subject_ext(p),
		.priority = score_priority(profile_view(p)),
	};
	int rc = run_add(w->store, &r, e);

	if (rc == 0 && give_back(w, at, e) != 0)
		return -1;
	if (rc != 1)
		return rc;
	/* Who is let in by an answer brings it along. */
	if (launch_let_in(w, live, e) != 0 || plan_hear(w, r.id, e) != 0)
		return -1;
	if (way_has_calls(pb) && pace_over(w, p, live, entry, e) != 0)
		return -1;
	if (trail_add(w->store, r.id, w->now, entered(r.control), e) != 0)
		return -1;
	return plan_go(w, p, &r, v, 0, e) != 0 ? -1 : 1;
}

/* Who is led into a playbook enters his store's form of it. 1: *live is what he enters, 0: he
 * was led there already, or it is not in force; -1. */
static int
of_his_store(struct work *w, struct person *p, const struct live **live, const char *entry,
    struct err *e)
{
	const struct version *v;
	const char *name;
	int rc;

	if (desk_version(w, (*live)->version, &v, e) != 0)
		return -1;
	if ((name = person_form(p, v->playbook)) == NULL)
		return 1;
	if ((*live = desk_live_named(w->desk, name)) == NULL || (*live)->version == 0)
		return 0;
	rc = run_entered(w->store, p->row.c.id, (*live)->number, NULL, entry, e);
	return rc < 0 ? -1 : rc == 0;
}

/* A list lets in once: it did so already where a store's form has come, or gone, since. */
static int
by_another_form(struct work *w, struct person *p, const struct live *live, const char *entry,
    struct err *e)
{
	struct desk *d = w->desk;
	int rc = 0;

	for (guint i = 0; d->has_forms && i < d->lives->len && rc == 0; i++) {
		const struct live *other = &g_array_index(d->lives, struct live, i);

		if (other->family == live->family && other->number != live->number)
			rc = run_entered(w->store, p->row.c.id, other->number,
			    person_subject_ext(p), entry, e);
	}
	return rc;
}

static int
enter(struct work *w, struct person *p, const struct live *live, const char *entry,
    const struct event *ev, struct err *e)
{
	struct place at = { "", 0 };
	const struct version *v;
	struct run earlier;
	int64_t leave;
	int rc;

	if (p->row.erased_at != 0)
		return 0;
	if (*entry == 'r' && (rc = of_his_store(w, p, &live, entry, e)) != 1)
		return rc;
	if ((rc = launch_admit(w, live, p, entry, ev, e)) != 1)
		return rc;
	if (live->status != PLAYBOOK_LIVE)
		return 0;
	if (desk_version(w, live->version, &v, e) != 0)
		return -1;
	if (!is_for(w, p, v->playbook))
		return 0;
	if ((rc = earlier_runs(
		 w, live, v->playbook, p, ev != NULL || *entry == 'r', &leave, e)) != 1)
		return rc;
	if ((rc = by_another_form(w, p, live, entry, e)) != 0)
		return MIN(rc, 0);
	/* Room first: without it an earlier run is not left for a new one. */
	if ((rc = make_room(w, p, live, v->playbook, entry, ev, &at, e)) != 1)
		return rc;
	if (leave != 0 && (run_get(w->store, leave, &earlier, e) != 1 ||
			      plan_leave(w, &earlier, "restart", REASON_EXITED, e) != 0))
		return -1;
	return begin(w, p, live, v, entry, ev, &at, e);
}

int
plan_enter(struct work *w, struct person *p, const struct live *live, const char *entry,
    const struct event *ev, struct err *e)
{
	struct err own = { 0 };
	int rc;

	if (store_mark(w->store, e) != 0)
		return -1;
	rc = enter(w, p, live, entry, ev, &own);
	if (rc < 0)
		return plan_undo(w, p, "entry", p->row.c.id, &own, e);
	return store_unmark(w->store, e) != 0 ? -1 : rc;
}

/* Enters for each subject of his that the condition holds for; one without: for himself. */
static int
start_when(struct work *w, struct person *p, const struct live *live, const struct playbook *pb,
    const char *entry, struct err *e)
{
	static const char *const himself[] = { "", NULL };
	const char *const *about =
	    pb->subject == SUBJECT_NONE ? himself : person_subjects_kept(p, pb->subject);

	for (; *about != NULL; about++) {
		person_subject(p, pb->subject, *about);
		if (cond_true(pb->start.when, person_scope(p)) &&
		    plan_enter(w, p, live, entry, NULL, e) < 0)
			return -1;
	}
	person_subject(p, SUBJECT_NONE, "");
	return 0;
}

int
plan_start_when(struct work *w, struct person *p, const char *entry, struct err *e)
{
	struct desk *d = w->desk;

	for (guint i = 0; i < d->lives->len; i++) {
		const struct live *live = &g_array_index(d->lives, struct live, i);
		const struct version *v;

		if (live->status != PLAYBOOK_LIVE)
			continue;
		if (desk_version(w, live->version, &v, e) != 0)
			return -1;
		/* Who came yesterday must not be missed today: old news let nobody in. */
		if (v->playbook->start.kind == START_WHEN &&
		    !(v->playbook->reads_visits && person_stale(p)) &&
		    start_when(w, p, live, v->playbook, entry, e) != 0)
			return -1;
	}
	return 0;
}

/* An event starts for the subject it names. */
static int
start_on(struct work *w, struct person *p, const struct live *live, const struct playbook *pb,
    const char *entry, const struct event *ev, bool others, struct err *e)
{
	if (pb->start.kind != START_ON || strcmp(pb->start.on, ev->type) != 0)
		return 0;
	/* What is not about the car was said to whom it happened. */
	if (others && (pb->subject == SUBJECT_NONE || !person_event_names(p, pb->subject)))
		return 0;
	person_subject(p, pb->subject,
	    pb->subject == SUBJECT_NONE ? "" : person_subject_of_event(p, pb->subject));
	if (pb->start.when != NULL && !cond_true(pb->start.when, person_scope(p)))
		return 0;
	return plan_enter(w, p, live, entry, ev, e) < 0 ? -1 : 0;
}

static int
start_all(
    struct work *w, struct person *p, const struct event *ev, bool others, struct err *e)
{
	struct desk *d = w->desk;
	char entry[64];

	g_snprintf(entry, sizeof(entry), "e:%" G_GINT64_FORMAT, ev->id);
	for (guint i = 0; i < d->lives->len; i++) {
		const struct live *live = &g_array_index(d->lives, struct live, i);
		const struct version *v;

		if (live->status != PLAYBOOK_LIVE && !launch_stands(live->launch))
			continue;
		if (desk_version(w, live->version, &v, e) != 0 ||
		    start_on(w, p, live, v->playbook, entry, ev, others, e) != 0)
			return -1;
	}
	person_subject(p, SUBJECT_NONE, "");
	return 0;
}

int
plan_start_on(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	return start_all(w, p, ev, false, e);
}

int
plan_start_about(
    struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	return start_all(w, p, ev, true, e);
}

/* ---- from another playbook ---- */

/* About what the other one is: this run's subject if it is of its kind, else what the
 * event names. Afterwards p is about this run's again. 1, 0 not let in, -1. */
static int
enter_about(struct act *act, const struct live *live, const char *entry, struct err *e)
{
	struct work *w = act->w;
	const struct version *own, *other;
	enum subject kind;
	int rc;

	if (desk_version(w, act->r->version, &own, e) != 0 ||
	    desk_version(w, live->version, &other, e) != 0)
		return -1;
	kind = other->playbook->subject;
	if (kind != own->playbook->subject)
		person_subject(act->p, kind,
		    kind == SUBJECT_NONE ? "" : person_subject_of_event(act->p, kind));
	w->depth++;
	rc = plan_enter(w, act->p, live, entry, act->p->event, e);
	w->depth--;
	person_subject(act->p, own->playbook->subject, act->r->subject);
	return rc > 1 ? 0 : rc;
}

/* One run enters a playbook once, whatever is repeated. */
int
plan_act_enter(struct act *act, const struct action *a, struct err *e)
{
	struct work *w = act->w;
	const struct live *live = desk_live_named(w->desk, a->name);
	const char *entry = arena_printf(w->arena, "r:%" G_GINT64_FORMAT, act->r->id);
	int rc = 0;

	if (act->r->control != CONTROL_NONE)
		return trail_add(w->store, act->r->id, w->now,
		    "entered nothing, held out as control", e);
	if (w->depth >= 8)
		return err_set(e, ERR_INPUT, "playbook %s: playbooks enter each other in a circle",
		    a->name);
	/* A second time it must not even restart what the first has begun. */
	if (live != NULL && live->version != 0 &&
	    (rc = run_entered(w->store, act->r->customer, live->number, NULL, entry, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (live != NULL && live->version != 0 && (rc = enter_about(act, live, entry, e)) < 0)
		return -1;
	return trail_add(w->store, act->r->id, w->now,
	    arena_printf(w->arena, rc == 1 ? "entered %s" : "%s did not let him in", a->name), e);
}
