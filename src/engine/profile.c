/* profile.c - a customer's profile: read, folded, saved. */
#include "profile.h"
#include "sleepers.h"

#include <string.h>

#include "core/gate.h"
#include "core/stage.h"
#include "intake.h"
#include "outcome.h"
#include "plan.h"
#include "provider/provider.h"
#include "store/signal.h"

#define SENT_MAX 64
/* What is not settled by then counts as it stands. */
#define SETTLED_AFTER (72 * MS_HOUR)

/* ---- messages since the last look ---- */

static bool
asks_for_answer(const struct playbook *pb)
{
	if (pb->n_replies > 0)
		return true;
	for (int i = 0; i < pb->n_steps; i++)
		for (int k = 0; k < pb->steps[i].n_wait_for; k++)
			if (strcmp(pb->steps[i].wait_for[k], "reply") == 0)
				return true;
	return false;
}

/* It asked, and the account would have told the answer. */
static bool
asked(struct work *w, const struct sent *m)
{
	const struct account *acc = outcome_account(w, m->account);
	const struct version *v;
	struct capabilities caps = { 0 };
	struct err e = { 0 };

	/* The versions are the writer's: a reader goes without. */
	if (acc == NULL || store_read_only(w->store) ||
	    desk_version(w, m->version, &v, &e) != 0 || !asks_for_answer(v->playbook))
		return false;
	provider_find(acc->type)->capabilities(acc, &caps);
	return caps.replies;
}

static bool
settled(const struct work *w, const struct sent *m)
{
	return w->now - m->at >= SETTLED_AFTER ||
	       (m->state != MSG_DUE && m->state != MSG_SENDING &&
		   m->state != MSG_UNKNOWN && m->state != MSG_AWAITING);
}

static int
month_of(const struct person *p, ms_t at)
{
	ms_t start, end;

	return gate_period(CAP_MONTH, p->house, at, &start, &end);
}

static void
fetch(struct view *v)
{
	struct person *p = v->arg;
	struct work *w = p->work;
	struct sent *m = arena_array(w->arena, struct sent, SENT_MAX);
	struct err e = { 0 };
	int n, ready;

	do {
		n = signal_sent(w->store, p->row.c.id, v->p->touched, SENT_MAX, m, &e);
		for (ready = 0; ready < n && settled(w, &m[ready]);)
			ready++;
		/* Those of one instant together, or none. */
		while (ready > 0 && ready < n && m[ready - 1].at == m[ready].at)
			ready--;
		for (int i = 0; i < ready; i++) {
			profile_touch(v->p, &v->policy->presence, m[i].at,
			    month_of(p, m[i].at), m[i].channel,
			    m[i].state == MSG_ACCEPTED || m[i].state == MSG_DELIVERED,
			    asked(w, &m[i]));
			v->p->touched = m[i].at;
		}
	} while (n == SENT_MAX && ready == n);
}

/* ---- read and saved ---- */

static void
set_days(struct person *p, struct view *v)
{
	struct local l;
	ms_t start, end;

	v->now = p->work->now;
	zone_local(p->zone, v->now, &l);
	v->today = (int)l.day;
	v->month = gate_period(CAP_MONTH, p->house, v->now, &start, &end);
	zone_local(p->house, start, &l);
	v->month_start = (int)l.day;
	zone_local(p->house, end, &l);
	v->next_month = (int)l.day;
}

struct view *
profile_view(struct person *p)
{
	const struct customer *c = &p->row.c;
	struct work *w = p->work;
	struct err e = { 0 };
	const void *fold = "";
	struct view *v = p->view;
	size_t len = 0;
	ms_t last = c->last_visit_at;

	if (v != NULL)
		return v;
	p->view = v = arena_new_of(w->arena, struct view);
	v->p = arena_new_of(w->arena, struct profile);
	v->lc = w->cat->lifecycle;
	v->policy = w->cat->policy;
	v->c = c;
	v->zone = p->zone;
	v->scope = person_scope(p);
	v->fetch = fetch;
	v->arg = p;
	set_days(p, v);
	signal_get(w->store, c->id, &fold, &len, &p->look, &e);
	profile_unpack(fold, len, v->p);
	if (last == 0 && c->last_visit.year != 0)
		last = zone_instant(p->zone, date_days(c->last_visit), 12 * 60);
	profile_seed(
	    v->p, &v->policy->presence, c, MIN(last, v->now), v->today, v->month);
	return v;
}

static int
save(struct work *w, struct person *p, bool looked, struct err *e)
{
	uint8_t packed[PROFILE_PACKED];
	size_t n = profile_pack(profile_view(p)->p, packed);

	return signal_put(w->store, p->row.c.id, packed, n, p->look, looked, e);
}

int
profile_save(struct work *w, struct person *p, struct err *e)
{
	return save(w, p, false, e);
}

int
profile_save_look(struct work *w, struct person *p, struct err *e)
{
	return save(w, p, true, e);
}

/* ---- events ---- */

static struct happening
happening_of(const struct work *w, const struct person *p, const struct event *ev)
{
	struct happening h = {
		.type = ev->type, .at = ev->at, .month = month_of(p, ev->at)
	};
	struct value data;
	struct local l;

	zone_local(p->zone, ev->at, &l);
	h.day = (int)l.day;
	h.data = p->event_value.type == VALUE_MAP &&
			 value_map_get(p->event_value.map, "data", 4, &data) &&
			 data.type == VALUE_MAP
		     ? data.map
		     : value_map_new(w->arena);
	return h;
}

int
profile_take(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	struct view *v = profile_view(p);
	struct happening h = happening_of(w, p, ev);
	bool changed;

	/* An answer belongs to the touch before it, a visit comes after what led to it.
	 */
	if (profile_meets(ev->type))
		view_fetch(v);
	changed = profile_fold(v->p, v->lc, &v->policy->presence, &h);
	changed |= stage_note(v, ev->type);
	p->moved |= changed || stage_listens(v->lc, ev->type);
	return changed ? profile_save(w, p, e) : 0;
}

int
profile_history(struct work *w, struct person *p, const struct event *ev, struct err *e)
{
	struct view *v = profile_view(p);
	struct happening h;

	person_event(p, ev);
	h = happening_of(w, p, ev);
	if (!profile_fold(v->p, v->lc, &v->policy->presence, &h)) {
		person_event(p, NULL);
		return 0;
	}
	/* Signs as they were seen on that day, unless it is too long ago to count. */
	if (h.day > v->today - v->lc->window && h.day <= v->today) {
		v->today = h.day;
		v->now = ev->at;
		stage_note(v, ev->type);
		set_days(p, v);
	}
	person_event(p, NULL);
	p->look.day = 0;
	return profile_save(w, p, e);
}

int
profile_untell(struct work *w, const char *source, const char *evid, struct err *e)
{
	struct event ev;
	struct person p;
	struct happening h;
	int rc = event_find(w->store, source, evid, &ev, e);

	if (rc == 1)
		rc = person_load(w, ev.customer, &p, e);
	if (rc != 1)
		return rc;
	person_event(&p, &ev);
	h = happening_of(w, &p, &ev);
	if (!profile_unfold(profile_view(&p)->p, w->cat->lifecycle, &h))
		return 0;
	p.look.day = 0;
	return profile_save(w, &p, e);
}

/* ---- what is told ---- */

static int
place_of(const char *const *words, struct value v)
{
	for (int i = 0; words[i] != NULL; i++)
		if (value_equal(v, value_str(words[i])))
			return i + 1;
	return 0;
}

int
profile_told(
    struct work *w, struct person *p, const char *name, struct value value, struct err *e)
{
	struct view *v = profile_view(p);
	int type = strcmp(name, "dormant_type") == 0 ? place_of(dormant_types, value) : 0;
	int cause = strcmp(name, "lost_cause") == 0 ? place_of(lost_causes, value) : 0;

	p->look.day = 0;
	p->moved = true;
	if (type == 0 && cause == 0)
		return 0;
	if (type != 0)
		v->p->dormant_type = type;
	else
		v->p->lost_cause = cause;
	return profile_save(w, p, e);
}

/* Why he stays away, as it is known now: when he is back it is forgotten. */
static const char *
cause_of(struct view *v)
{
	const char *cause = stage_lost_cause(v);

	return *cause != '\0' ? cause : stage_dormant_type(v);
}

int
profile_stage(struct work *w, struct person *p, const char *name, struct err *e)
{
	const char *from = p->row.c.stage;
	int to = stage_find(name);

	if (strcmp(from, name) == 0)
		return 0;
	if (to == STAGE_GIVEN_UP &&
	    !stage_may_give_up(w->cat->lifecycle, person_scope(p)))
		return alarm_add(w->store, w->now, "give_up", 0, p->row.c.id,
		    "a customer was to be given up without a reason: set give_up_reason, "
		    "or a tag, "
		    "to one of give_up in lifecycle.yaml first",
		    e);
	if (customer_set_stage(w->store, p->row.c.id, name, e) != 0)
		return -1;
	p->row.c.stage = name;
	p->look.day = 0;
	p->moved = true;
	stage_set(profile_view(p), (enum life_stage)to, STAGE_BY_HAND);
	if (profile_save(w, p, e) != 0 || sleepers_count(w, stage_find(from), to, e) != 0)
		return -1;
	return intake_own(w, p, "stage_changed",
	    arena_printf(w->arena,
		"{\"from\":\"%s\",\"to\":\"%s\",\"by\":\"hand\",\"cause\":\"%s\","
		"\"evidence\":[]}",
		from, name, cause_of(profile_view(p))),
	    e);
}

/* ---- rules ---- */

static char *
names_json(struct work *w, const char *const *names, int n)
{
	char *out = "";

	for (int i = 0; i < n; i++)
		out =
		    arena_printf(w->arena, "%s%s\"%s\"", out, i > 0 ? "," : "", names[i]);
	return arena_printf(w->arena, "[%s]", out);
}

static int
warn(struct work *w, struct person *p, const struct warning *g, struct err *e)
{
	char due[CLOCK_TEXT];
	ms_t at = w->now + g->due;

	clock_format(at, zone_offset(p->zone, at) / 60, due);
	return intake_own(w, p, "warning",
	    arena_printf(w->arena, "{\"warning\":\"%s\",\"stage\":\"%s\",\"due\":\"%s\"}",
		g->id, p->row.c.stage, due),
	    e);
}

/* Somebody else wrote the stage since we last saw it: an import. */
static bool
told_by_import(struct view *v)
{
	int now = stage_find(v->c->stage);

	if (v->p->stage == now)
		return false;
	stage_set(v, (enum life_stage)now, STAGE_BY_IMPORT);
	return true;
}

static int
change(struct work *w, struct person *p, const struct stage_change *c, bool silent,
    struct err *e)
{
	const char *from = p->row.c.stage, *to = stage_names[c->to], *data;

	if (customer_set_stage(w->store, p->row.c.id, to, e) != 0)
		return -1;
	p->row.c.stage = to;
	stage_set(profile_view(p), c->to, STAGE_BY_RULE);
	data = arena_printf(w->arena,
	    "{\"from\":\"%s\",\"to\":\"%s\",\"by\":\"%s\",\"cause\":\"%s\",\"evidence\":%s}",
	    from, to, c->rule->id, cause_of(profile_view(p)),
	    names_json(w, c->evidence, c->n_evidence));
	if (profile_save(w, p, e) != 0)
		return -1;
	if (!silent && sleepers_count(w, stage_find(from), (int)c->to, e) != 0)
		return -1;
	return silent ? 0 : intake_own(w, p, "stage_changed", data, e);
}

#define WARNINGS_MAX 8

struct verdicts {
	bool first; /* he was never judged: in silence */
	const struct warning *warnings[WARNINGS_MAX];
	int n_warnings;
	struct stage_change change;
	bool moves;
};

static int
act(struct work *w, struct person *p, const struct verdicts *d, struct err *e)
{
	for (int i = 0; !d->first && i < d->n_warnings; i++)
		if (warn(w, p, d->warnings[i], e) != 0)
			return -1;
	return d->moves ? change(w, p, &d->change, d->first, e) : 0;
}

int
profile_judge(struct work *w, struct person *p, const char *type, struct err *e)
{
	struct verdicts d = { 0 };
	struct err own = { 0 };
	struct view *v;
	bool told;

	/* An event that told nothing new changes no judgement. A person read again after
	 * an undoing is asked anew. */
	if ((*type != '\0' && p->view != NULL && !p->moved) || p->row.erased_at != 0 ||
	    w->cat->lifecycle->n_rules + w->cat->lifecycle->n_warnings == 0)
		return 0;
	v = profile_view(p);
	d.first = !v->p->judged;
	told = told_by_import(v);
	d.n_warnings = stage_warnings(v, type, d.warnings, WARNINGS_MAX);
	d.moves = stage_judge(v, type, &d.change);
	v->p->judged = true;
	if ((told || d.first || d.n_warnings > 0) && profile_save(w, p, e) != 0)
		return -1;
	if (!d.moves && (d.first || d.n_warnings == 0))
		return 0;
	/* What a stage sets off may fail; that he was judged stands. */
	if (store_mark(w->store, e) != 0)
		return -1;
	if (act(w, p, &d, &own) == 0)
		return store_unmark(w->store, e);
	return plan_undo(w, p, "profile", p->row.c.id, &own, e);
}

/* ---- for the gate ---- */

int
profile_tier(struct person *p, struct err *e)
{
	(void)e;
	p->row.c.tier = stage_tier(profile_view(p));
	return 0;
}

const char *
profile_talk(struct person *p, ms_t *until, struct pos *at)
{
	return stage_talk(profile_view(p), until, at);
}
