/* Everything about one customer, with one reason for each message and non-message:
 * `reachd why`. Reads on a snapshot; the desk is not touched. */
#include <string.h>

#include <jansson.h>

#include "answer.h"
#include "compose.h"
#include "core/gate.h"
#include "core/reason.h"
#include "engine_impl.h"
#include "experiments.h"
#include "outlet.h"
#include "profile.h"
#include "slots.h"
#include "store/optout.h"
#include "ties.h"
#include "why_draft.h"
#include "why_launch.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/subject.h"
#include "store/version.h"
#include "why_nearest.h"

#define RUNS_MAX 64
#define STEPS_MAX 256
#define CARS_MAX 512

struct why {
	engine_answer *cb;
	void *arg;
	char *ext;
	json_t *json; /* NULL: no such customer */
	GHashTable *names; /* playbook number -> name */
	struct work *w;
	const struct zone *zone;
};

static void
why_free(gpointer p)
{
	struct why *y = p;

	g_free(y->ext);
	json_decref(y->json);
	g_hash_table_unref(y->names);
	g_free(y);
}

static json_t *
when(const struct why *y, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == 0 || at == MS_NEVER ?
	    json_null() :
	    json_string(clock_format(at, zone_offset(y->zone, at) / 60, buf));
}

static void
note_name(void *arg, int number, const char *name)
{
	g_hash_table_insert(arg, GINT_TO_POINTER(number), g_strdup(name));
}

/* ---- one touch ---- */

struct verdicts {
	const struct why *y;
	json_t *list;
	json_t *touch; /* whose they are */
};

static void
note_verdict(void *arg, const struct decision *d)
{
	struct verdicts *v = arg;

	if (d->reason == REASON_NONE && strcmp(d->rule, COMPOSE_EXPORT) == 0) {
		json_object_set_new(v->touch, COMPOSE_EXPORT, json_string(d->detail));
		return;
	}
	json_t *j = json_pack("{so ss ss ss ss ss si ss so}", "at", when(v->y, d->at), "reason",
	    reason_name(d->reason), "sentence", reason_sentence(d->reason), "sentence_zh",
	    reason_sentence_zh(d->reason), "rule", d->rule, "file", d->file, "line", d->line,
	    "detail", d->detail, "next", when(v->y, d->next));

	answer_twin(j, "detail_zh", d->detail);
	json_array_append_new(v->list, j);
}

static void
say(json_t *j, const char *en, const char *zh)
{
	json_object_set_new(j, "sentence", json_string(en));
	json_object_set_new(j, "sentence_zh", json_string(zh));
}

static void
waiting(const struct why *y, const struct message *m, json_t *j)
{
	const char *name = g_hash_table_lookup(y->names, GINT_TO_POINTER(m->playbook));
	const struct version *v = name == NULL ? NULL : catalog_playbook(y->w->cat, name);

	if (v != NULL && why_held(y->w, v, j))
		return;
	if (v == NULL ? !why_correction(y->w, m->playbook) :
			v->playbook->status == PLAYBOOK_PAUSED)
		say(j, reason_sentence(REASON_PAUSED), reason_sentence_zh(REASON_PAUSED));
	else if (m->due_at <= y->w->now) {
		say(j, reason_sentence(REASON_RATE_LIMITED),
		    reason_sentence_zh(REASON_RATE_LIMITED));
		json_object_set_new(j, "at_the_wire", json_true());
	}
	else if (m->due_at == m->planned_at)
		say(j, "Its time has not come.", "还没到时间。");
	else
		say(j, "It waits for the instant it was moved to.", "已改期，等到那个时间再发。");
}

/* The other cars it speaks of; and of one that went inside another, which. */
static int
carries(const struct why *y, const struct message *m, json_t *j, struct err *e)
{
	int64_t *runs = arena_array(y->w->arena, int64_t, CARS_MAX);
	json_t *cars = json_array();
	int64_t lead;
	int n = m->begun_at == 0 ? 0 : merged_runs(y->w->store, m->id, runs, CARS_MAX, e), rc = 0;

	for (int i = 0; i < n; i++) {
		struct run r;

		if (run_get(y->w->store, runs[i], &r, e) == 1)
			json_array_append_new(cars, json_string(r.subject));
	}
	if (n > 0)
		json_object_set(j, "carries", cars);
	json_decref(cars);
	if (m->reason == REASON_MERGED && (rc = merged_lead(y->w->store, m->id, &lead, e)) == 1)
		json_object_set_new(j, "went_with", json_integer(lead));
	return n < 0 || rc < 0 ? -1 : 0;
}

static int
touch(const struct why *y, const struct message *m, json_t *out, struct err *e)
{
	struct verdicts v = { y, json_array(), NULL };
	json_t *j = json_pack("{ss si so so ss ss ss so}", "step", m->step, "occurrence", m->occ,
	    "planned", when(y, m->planned_at), "at",
	    when(y, m->begun_at != 0 ? m->begun_at : m->due_at), "channel", channel_name(m->channel),
	    "state", fsm_name(&message_fsm, m->state), "reason", reason_name(m->reason), "verdicts",
	    v.list);
	json_t *last;
	char *body;
	size_t len;
	int rc;

	json_array_append_new(out, j);
	v.touch = j;
	json_object_set_new(j, "id", json_integer(m->id));
	if (decision_each(y->w->store, m->id, note_verdict, &v, e) != 0)
		return -1;
	/* the latest verdict speaks for the touch */
	last = json_array_get(v.list, json_array_size(v.list) - 1);
	if (m->state == MSG_SUPPRESSED && last != NULL)
		json_object_update_missing(j, last);
	else if (m->state == MSG_DUE)
		waiting(y, m, j);
	if (m->state == MSG_DUE && last != NULL && m->due_at > y->w->now)
		json_object_update_missing(j, last);
	if (carries(y, m, j, e) != 0 || why_draft(y->w, m, j, e) != 0)
		return -1;
	if (*m->variant != '\0')
		json_object_set_new(j, "variant", json_string(m->variant));
	if (*m->template_ != '\0')
		json_object_set_new(j, "template", json_string(m->template_));
	if (*m->account != '\0')
		json_object_set_new(j, "provider", json_string(m->account));
	if (*m->perr != '\0')
		json_object_set_new(j, "code", json_string(m->perr));
	rc = msg_body(y->w->store, m->id, &body, &len, e);
	if (rc == 1) {
		struct composed c;

		if (compose_thaw(y->w->arena, body, len, &c) == 0)
			json_object_set_new(j, "text", json_string(c.text));
	}
	return rc < 0 ? -1 : 0;
}

/* ---- one run ---- */

static void
note_trail(void *arg, ms_t at, const char *what)
{
	struct verdicts *v = arg;

	json_array_append_new(v->list, json_pack("{so ss}", "at", when(v->y, at), "what", what));
}

static void
note_mark(void *arg, ms_t at, const char *name)
{
	struct verdicts *v = arg;

	json_array_append_new(v->list, json_pack("{so ss}", "at", when(v->y, at), "name", name));
}

static int
run(const struct why *y, const struct run *r, json_t *out, struct err *e)
{
	struct message *m = arena_array(y->w->arena, struct message, STEPS_MAX);
	struct verdicts trail = { y, json_array(), NULL }, marks = { y, json_array(), NULL };
	const char *name = g_hash_table_lookup(y->names, GINT_TO_POINTER(r->playbook));
	json_t *steps = json_array();
	json_t *j = json_pack("{ss ss sb so ss so so so}", "playbook", name == NULL ? "" : name, "state",
	    fsm_name(&run_fsm, r->state), "control", (int)r->control, "entered",
	    when(y, r->entered_at), "why", r->why, "goal", when(y, r->goal_at), "steps", steps, "trail",
	    trail.list);
	char *bundle;
	bool tests = false;
	int n, playbook, number, rc;

	json_array_append_new(out, j);
	if (*r->subject != '\0')
		json_object_set_new(j, "subject", json_string(r->subject));
	rc = version_get(y->w->store, r->version, &playbook, &number, &bundle, e);
	if (rc == 1)
		json_object_set_new(j, "version", json_integer(number));
	if (rc < 0 || trail_each(y->w->store, r->id, note_trail, &trail, e) != 0 ||
	    mark_each(y->w->store, r->id, note_mark, &marks, e) != 0)
		return -1;
	json_object_set(j, "marks", marks.list);
	json_decref(marks.list);
	n = msg_of_run(y->w->store, r->id, m, STEPS_MAX, e);
	for (int i = 0; i < n; i++) {
		if (touch(y, &m[i], steps, e) != 0)
			return -1;
		tests = tests || *m[i].variant != '\0';
	}
	if (n < 0 || !tests)
		return n < 0 ? -1 : 0;
	json_object_set_new(j, "experiments", json_array());
	return experiments_json(
	    y->w, r->playbook, y->zone, json_object_get(j, "experiments"), e);
}

/* ---- the customer ---- */

static int
tier_line(const struct why *y, struct person *p, struct err *e)
{
	const struct tier *t = gate_tier(y->w->cat->policy, &p->row.c);
	char scope[SLOT_TEXT];
	json_t *channels = json_array();
	ms_t start, end;
	int used, period = gate_period(t->period, p->house, y->w->now, &start, &end);

	if (cap_used(y->w->store, slots_customer(p->row.c.id, scope), period, &used, e) != 0)
		return -1;
	for (int i = 0; i < t->n_channels; i++)
		json_array_append_new(channels, json_string(channel_name((int)t->channels[i])));
	json_object_set_new(y->json, "tier",
	    json_pack("{ss si si si ss so}", "name", t->name, "used", used, "cap", t->cap, "floor",
		t->floor, "period", t->period == CAP_YEAR ? "year" : "month", "prefers", channels));
	return 0;
}

static int
opt_outs(const struct why *y, struct person *p, struct err *e)
{
	json_t *list = json_array();

	json_object_set_new(y->json, "opted_out", list);
	for (int c = 0; c < CHANNELS; c++) {
		int rc;

		if (*p->row.c.address[c] == '\0')
			continue;
		rc = optout_has(y->w->store,
		    customer_hash(y->w->store, c, p->row.c.address[c]), c, e);
		if (rc < 0)
			return -1;
		if (rc == 1)
			json_array_append_new(list, json_string(channel_name(c)));
	}
	return 0;
}

static int
why_run(struct task *t, struct work *w, struct err *e)
{
	struct why *y = t->data;
	struct run *r = arena_array(w->arena, struct run, RUNS_MAX);
	json_t *runs = json_array(), *ties;
	struct person p;
	int64_t id;
	int rc = customer_find(w->store, y->ext, &id, e), n;

	y->w = w;
	if (rc == 1)
		rc = person_load(w, id, &p, e);
	if (rc != 1 || customer_open(w->store, &p.row, e) != 0 ||
	    playbook_each(w->store, note_name, y->names, e) != 0) {
		json_decref(runs);
		return rc == 0 ? 0 : -1;
	}
	y->zone = p.zone;
	y->json = json_pack("{ss ss ss sb so}", "customer", p.row.c.ext, "stage", p.row.c.stage, "tz",
	    zone_name(p.zone), "complaint_block", p.row.blocked_at != 0, "runs", runs);
	if (profile_tier(&p, e) != 0)
		return -1;
	json_object_set_new(y->json, "profile", profile_json(&p));
	n = run_of_customer(w->store, id, false, r, RUNS_MAX, e);
	for (int i = 0; i < n; i++)
		if (run(y, &r[i], runs, e) != 0)
			return -1;
	if (n < 0 || tier_line(y, &p, e) != 0 || opt_outs(y, &p, e) != 0)
		return -1;
	if (why_waits(w, &p, y->json, e) != 0 || why_by_hand(w, &p, y->zone, y->json, e) != 0)
		return -1;
	if ((ties = ties_json(w, &p, e)) == NULL)
		return -1;
	json_object_set_new(y->json, "ties", ties);
	json_object_set_new(y->json, "nearest", why_nearest(w, &p));
	return 0;
}

/* Which accounts can be used is known to the loop alone. */
static void
tell_reach(const struct engine *en, json_t *step)
{
	const char *channel = json_string_value(json_object_get(step, "channel"));
	char *how;

	if (!json_is_true(json_object_get(step, "at_the_wire")))
		return;
	json_object_del(step, "at_the_wire");
	how = outlet_out_of_reach(en, channel_find(channel));
	if (how == NULL)
		return;
	say(step, "No provider of this channel can be reached; it goes as soon as one can.",
	    "这个渠道的服务商都连不上；一恢复就发。");
	json_object_set_new(step, "detail", json_string(how));
	g_free(how);
}

static void
tell_reach_of_all(const struct engine *en, const struct why *y)
{
	json_t *run, *step;
	size_t i, k;

	json_array_foreach(json_object_get(y->json, "runs"), i, run)
		json_array_foreach(json_object_get(run, "steps"), k, step)
			tell_reach(en, step);
}

static void
why_done(struct task *t, const struct err *e)
{
	struct why *y = t->data;

	if (e == NULL && y->json != NULL)
		tell_reach_of_all(t->en, y);

	if (e != NULL)
		answer_failed(y->cb, y->arg);
	else if (y->json == NULL)
		answer_error(y->cb, y->arg, 404, "there is no customer of that id");
	else
		answer_json(y->cb, y->arg, 200, y->json);
}

void
engine_why(struct engine *en, const char *ext, engine_answer *cb, void *arg)
{
	struct why *y = g_new0(struct why, 1);

	y->cb = cb;
	y->arg = arg;
	y->ext = g_strdup(ext);
	y->names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	task_start_read(task_new(en, why_run, why_done, y, why_free));
}
