/* What whoever does a task should know: script, outcomes, the customer's story. */
#include <string.h>

#include "compose.h"
#include "core/call.h"
#include "core/draft.h"
#include "core/gate.h"
#include "people_view.h"
#include "provider/provider.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/offer.h"
#include "store/run.h"
#include "store/version.h"
#include "tasks_report.h"
#include "tasks_done.h"

#define EVENTS_SHOWN 10
#define RUNS_SHOWN 8
#define WORDS_SHOWN 3

/* ---- the script ---- */

static void
outcomes(const struct task_row *t, const struct template *script, json_t *out)
{
	json_t *list = json_array();

	json_object_set_new(out, "outcomes", list);
	for (const struct draft_word *d = draft_words; tasks_is_draft(t) && d->name != NULL;
	     d++)
		json_array_append_new(list, json_pack("{ss ss ss}", "name", d->name,
						"title", d->zh, "cause", ""));
	if (tasks_is_draft(t))
		return;

	for (int i = 0; script != NULL && i < script->n_outcomes; i++)
		json_array_append_new(list,
		    json_pack("{ss ss ss}", "name", script->outcomes[i].name, "title",
			script->outcomes[i].title, "cause", script->outcomes[i].cause));
	for (const struct call_word *c = call_words; c->name != NULL; c++)
		if (task_takes(t, script, c))
			json_array_append_new(
			    list, json_pack("{ss ss ss}", "name", c->name, "title", c->zh,
				      "cause", ""));
	if (task_takes_done(t, script))
		json_array_append_new(list, json_pack("{ss ss ss}", "name", "done",
						"title", "已完成", "cause", ""));
}

/* As it was frozen when the call was offered, else made now. */
static int
script_text(struct work *w, const struct task_row *t, struct person *p,
    const struct version *v, const struct template *script, const char **text,
    struct err *e)
{
	struct message m = { .id = t->id };
	struct composed c;
	const char *detail;
	struct pos at;
	char *body;
	size_t len;
	int rc = t->msg == 0 ? 0 : msg_body(w->store, t->msg, &body, &len, e);

	if (rc < 0)
		return -1;
	person_run(p, t->run);
	if (rc == 1 && compose_thaw(w->arena, body, len, &c) == 0)
		*text = c.text;
	else if (compose(w, p, v, &m, script, &tasks_people, &c, &detail, &at) == 0)
		*text = c.text;
	else
		*text =
		    arena_printf(w->arena, "(the script cannot be shown: %s)", detail);
	return 0;
}

/* The set that is in force mostly has it; an older text is read, and then *read is it. */
static const struct version *
version_of(struct work *w, int64_t id, struct version **read, struct err *e)
{
	int playbook, number;
	char hash[65], *bundle;

	*read = NULL;
	if (version_hash(w->store, id, hash, e) != 1)
		return NULL;
	for (int i = 0; i < w->cat->n_versions; i++)
		if (strcmp(w->cat->versions[i]->hash, hash) == 0)
			return w->cat->versions[i];
	if (version_get(w->store, id, &playbook, &number, &bundle, e) == 1)
		*read = version_load(bundle, strlen(bundle), e);
	return *read;
}

static int
script(struct work *w, const struct task_row *t, struct person *p, json_t *out,
    struct err *e)
{
	const struct template *which = NULL;
	const struct version *v;
	struct version *read = NULL, house;
	const char *text = "";
	int rc = 0;

	if (t->version != 0) {
		if ((v = version_of(w, t->version, &read, e)) == NULL)
			return -1;
		which = tasks_script(v, t);
	} else {
		which = tasks_house_script(w, t, &house);
		v = &house;
	}
	if (which != NULL)
		rc = script_text(w, t, p, v, which, &text, e);
	if (rc >= 0) {
		json_object_set_new(out, "script", json_string(text));
		json_object_set_new(
		    out, "title", json_string(which == NULL ? "" : which->title));
		outcomes(t, which, out);
	}
	version_free(read);
	return rc < 0 ? -1 : 0;
}

int
people_outcomes(struct work *w, const struct task_row *t, json_t *out, struct err *e)
{
	const struct version *v = NULL;
	struct version *read = NULL, house;

	if (t->version != 0 && (v = version_of(w, t->version, &read, e)) == NULL)
		return -1;
	outcomes(t, v == NULL ? tasks_house_script(w, t, &house) : tasks_script(v, t), out);
	version_free(read);
	return 0;
}

/* ---- what the customer did and said ---- */

struct events {
	const struct work *w;
	struct {
		ms_t at;
		json_t *j;
	} last[EVENTS_SHOWN]; /* the newest first, by when they happened */
	int n;
	GArray *replies; /* ms_t */
};

static void
keep_event(struct events *n, ms_t at, json_t *j)
{
	int i = n->n;

	/* Of one instant what was told later comes first. */
	while (i > 0 && n->last[i - 1].at <= at)
		i--;
	if (i == EVENTS_SHOWN) {
		json_decref(j);
		return;
	}
	if (n->n == EVENTS_SHOWN)
		json_decref(n->last[--n->n].j);
	memmove(&n->last[i + 1], &n->last[i], (size_t)(n->n - i) * sizeof(n->last[0]));
	n->last[i].at = at;
	n->last[i].j = j;
	n->n++;
}

static void
note_event(void *arg, const struct event *ev)
{
	struct events *n = arg;
	json_t *data = json_loads(ev->data, 0, NULL);

	keep_event(n, ev->at,
	    json_pack("{so ss so*}", "at", people_time(n->w, ev->at), "type", ev->type,
		"data", data));
	if (strcmp(ev->type, "reply") == 0)
		g_array_append_val(n->replies, ev->recv_at);
}

struct words {
	const struct work *w;
	const struct customer *c;
	json_t *list;
};

static void
note_words(void *arg, const struct inbox *in)
{
	struct words *n = arg;
	json_t *raw = json_loads(in->raw, 0, NULL);
	const char *from = json_string_value(json_object_get(raw, "from")),
		   *text = json_string_value(json_object_get(raw, "text"));
	bool his = false;

	for (int i = 0; i < CHANNELS && from != NULL && *from != '\0'; i++)
		his |= strcmp(n->c->address[i], from) == 0;
	if (in->kind == RECEIPT_REPLY && his)
		json_array_append_new(
		    n->list, json_pack("{so ss}", "at", people_time(n->w, in->recv_at),
				 "text", text == NULL ? "" : text));
	json_decref(raw);
}

static int
history(struct work *w, struct person *p, json_t *out, struct err *e)
{
	struct events n = { .w = w, .replies = g_array_new(FALSE, FALSE, sizeof(ms_t)) };
	struct words words = { w, &p->row.c, json_array() };
	json_t *list = json_array();
	guint from;
	int rc = event_of_customer(w->store, p->row.c.id, note_event, &n, e);

	for (int i = 0; i < n.n; i++)
		json_array_append_new(list, n.last[i].j);
	from = n.replies->len > WORDS_SHOWN ? n.replies->len - WORDS_SHOWN : 0;
	for (guint i = from; rc == 0 && i < n.replies->len; i++)
		rc = inbox_at(
		    w->store, g_array_index(n.replies, ms_t, i), note_words, &words, e);
	json_object_set_new(out, "events", list);
	json_object_set_new(out, "last_words", words.list);
	g_array_unref(n.replies);
	return rc;
}

/* What the run that asks was answered last. */
static int
answer(struct work *w, const struct task_row *t, json_t *out, struct err *e)
{
	struct heard h;
	int rc = t->run == 0 ? 0 : heard_get(w->store, t->run, &h, e);

	if (rc != 1)
		return rc;
	json_object_set_new(out, "answer",
	    json_pack("{so ss ss so*}", "at", people_time(w, h.at), "text", h.text,
		"comment", h.comment, "score",
		h.score < 0 ? NULL : json_integer(h.score)));
	return 0;
}

static int
runs(struct work *w, struct person *p, json_t *out, struct err *e)
{
	struct run *r = arena_array(w->arena, struct run, RUNS_SHOWN);
	json_t *list = json_array();
	int n = run_of_customer(w->store, p->row.c.id, false, r, RUNS_SHOWN, e);

	json_object_set_new(out, "runs", list);
	for (int i = 0; i < n; i++) {
		char name[128];

		if (playbook_name(w->store, r[i].playbook, name, sizeof(name), e) < 0)
			return -1;
		json_array_append_new(list,
		    json_pack("{ss ss ss so ss}", "playbook", name, "state",
			fsm_name(&run_fsm, r[i].state), "step", r[i].step, "entered",
			people_time(w, r[i].entered_at), "why", r[i].why));
	}
	return n < 0 ? -1 : 0;
}

static json_t *
day(struct date d)
{
	char buf[16];

	if (d.year == 0)
		return json_null();
	g_snprintf(buf, sizeof(buf), "%04d-%02d-%02d", d.year, d.month, d.day);
	return json_string(buf);
}

/* ---- what may still be given today ---- */

static int
offers(struct work *w, const struct person *p, json_t *out, struct err *e)
{
	json_t *list = json_array();
	ms_t start, end;
	int month = gate_period(CAP_MONTH, p->house, w->now, &start, &end), used;

	json_object_set_new(out, "offers", list);
	for (int i = 0; i < w->cat->offers->n; i++) {
		const struct offer *o = &w->cat->offers->items[i];
		json_t *left = NULL;

		if (offer_quota_used(w->store, o->name, o->per_store ? p->row.c.store : "",
			month, &used, e) != 0)
			return -1;
		if (o->quota >= 0 && used >= o->quota)
			continue;
		if (o->quota >= 0)
			left = json_integer(o->quota - used);
		json_array_append_new(list,
		    json_pack("{ss ss sf si ss so*}", "offer", o->name, "title", o->title, "value",
			o->value, "valid_days", o->valid_days, "approval",
			approval_names[o->approval], "left", left));
	}
	return 0;
}

int
people_story(struct work *w, const struct task_row *t, struct person *p, json_t *out,
    struct err *e)
{
	const struct customer *c = &p->row.c;
	json_t *attrs = json_loads(c->attrs, 0, NULL), *who;
	char *note;
	int rc;

	who = json_pack("{ss ss ss si so so so* so* ss}", "tier", c->tier, "stage",
	    c->stage, "tags", c->tags, "visits", c->visits, "first_visit",
	    day(c->first_visit), "last_visit", day(c->last_visit), "birthday",
	    c->birthday.year == 0 ? NULL : day(c->birthday), "attributes", attrs, "store",
	    c->store);
	json_object_set_new(out, "story", who);
	if (script(w, t, p, out, e) != 0 || offers(w, p, out, e) != 0 || history(w, p, who, e) != 0 ||
	    runs(w, p, who, e) != 0 || answer(w, t, out, e) != 0 || (rc = task_note(w->store, t->id, &note, e)) < 0)
		return -1;
	if (rc == 1)
		json_object_set_new(out, "note", json_string(note));
	if (*t->outcome != '\0')
		json_object_set_new(out, "outcome", json_string(t->outcome));
	if (*t->done_by != '\0')
		json_object_set_new(out, "done_by", json_string(t->done_by));
	return 0;
}
