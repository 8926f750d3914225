/* What comes in from the web: events, receipts, hits, unsubscribes. Loop thread, and
 * the jobs it starts. */
#include <string.h>

#include <jansson.h>

#include "contacts.h"
#include "core/hit.h"
#include "engine_impl.h"
#include "inbound.h"
#include "intake.h"
#include "ref.h"
#include "spec/event.h"
#include "store/msg.h"

#define PARKED_FOR MS_DAY
#define LINK_LIFE (400 * MS_DAY)

/* A request with its answer, from call to callback. */
struct asked {
	engine_answer *cb;
	void *arg;
	int status;
	char *answer;
	struct arena *arena;
	/* event */
	char *key, *body;
	size_t len;
	bool doubted; /* the clock is */
	/* receipts */
	const struct account *acc;
	struct receipt *receipts;
	int n;
	/* hit, unsubscribe */
	char *code, *ref, *agent;
	bool head;
	int64_t msg;
};

static struct asked *
asked_new(engine_answer *cb, void *arg)
{
	struct asked *a = g_new0(struct asked, 1);

	a->cb = cb;
	a->arg = arg;
	a->arena = arena_new();
	return a;
}

static void
asked_free(gpointer p)
{
	struct asked *a = p;

	g_free(a->answer);
	arena_free(a->arena);
	g_free(a);
}

static int
say(struct asked *a, int status, const char *text)
{
	a->status = status;
	g_free(a->answer);
	a->answer = g_strdup(text);
	return 0;
}

static char *
error_json(const char *text)
{
	json_t *j = json_pack("{ss}", "error", text);
	char *out = json_dumps(j, JSON_COMPACT), *copy = g_strdup(out);

	free(out);
	json_decref(j);
	return copy;
}

static int
say_error(struct asked *a, int status, const char *text)
{
	char *json = error_json(text);

	say(a, status, json);
	g_free(json);
	return 0;
}

static void
answer(struct task *t, const struct err *e)
{
	struct asked *a = t->data;

	if (e != NULL)
		say_error(a, 503, "the database cannot take it now: try again");
	a->cb(a->arg, a->status, a->answer);
}

/* ---- events ---- */

/* What is judged by the clock must not be refused, or kept for a day, by a wrong one. */
static const char doubt[] = "the clock of this machine is wrong now: send it again later";

static int
event_body(struct work *w, struct asked *a, struct err *e)
{
	struct event_in in;
	struct err bad = { 0 };
	int64_t customer;
	int status, rc;

	if (event_read(w->arena, a->body, a->len, w->now, &in, &bad) != 0 ||
	    event_scale_check(&in, w->cat->lifecycle->scale, &bad) != 0)
		return a->doubted ? say_error(a, 503, doubt) : say_error(a, 400, bad.text);
	rc = customer_find(w->store, in.customer, &customer, e);
	if (rc < 0)
		return -1;
	if (rc == 0 && a->doubted)
		return say_error(a, 503, doubt);
	if (rc == 0) {
		if (parked_add(w->store, in.customer, w->now + PARKED_FOR,
			arena_strndup(w->arena, a->body, a->len), e) != 0)
			return -1;
		return say(a, 202, "{\"status\":\"parked\",\"until\":\"the customer is imported, at most 24 h\"}");
	}
	if ((rc = intake_take(w, &in, customer, e)) < 0)
		return -1;
	status = rc == 1 ? 201 : 200;
	return say(a, status, status == 201 ? "{\"status\":\"new\"}" : "{\"status\":\"seen\"}");
}

static int
event_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	uint8_t sha[32];
	char *stored;
	bool same;
	int status, rc;

	crypt_sha256(a->body, a->len, sha);
	rc = idempotency_get(w->store, a->key, sha, &same, &status, &stored, e);
	if (rc < 0)
		return -1;
	if (rc == 1 && !same)
		return say_error(a, 422, "this Idempotency-Key was used with another body: make a new key");
	if (rc == 1)
		return say(a, status == 201 ? 200 : status, stored);
	if (event_body(w, a, e) != 0)
		return -1;
	/* What was refused may be mended and sent again under the same key. */
	return a->status >= 400 ? 0 :
				  idempotency_put(w->store, a->key, sha, w->now, a->status, a->answer, e);
}

static void
event_done(struct task *t, const struct err *e)
{
	struct asked *a = t->data;

	g_hash_table_remove(t->en->keys, a->key);
	t->en->count.events++;
	answer(t, e);
}

void
engine_event(struct engine *en, const char *key, const char *body, size_t len, engine_answer *cb,
    void *arg)
{
	struct asked *a = asked_new(cb, arg);
	struct task *t;

	a->key = arena_strdup(a->arena, key);
	a->body = arena_strndup(a->arena, body, len);
	a->len = len;
	a->doubted = engine_frozen_for(en, "clock");
	if (!g_hash_table_add(en->keys, g_strdup(key))) {
		cb(arg, 409, "{\"error\":\"a request with this Idempotency-Key is under way\"}");
		asked_free(a);
		return;
	}
	t = task_new(en, event_run, event_done, a, asked_free);
	task_start_repeatable(t);
}

/* ---- receipts ---- */

static void
copy_receipt(struct arena *a, const struct receipt *in, struct receipt *out)
{
	*out = *in;
	out->key = arena_strdup(a, in->key);
	out->ref = arena_strdup(a, in->ref);
	out->provider_id = arena_strdup(a, in->provider_id);
	out->from = arena_strdup(a, in->from);
	out->text = arena_strdup(a, in->text);
	out->perr = arena_strdup(a, in->perr);
	out->raw = arena_strdup(a, in->raw);
}

static int
receipts_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;

	for (int i = 0; i < a->n; i++)
		if (inbound_receipt(w, a->acc, &a->receipts[i], e) != 0)
			return -1;
	return say(a, 200, "");
}

static void
receipts_done(struct task *t, const struct err *e)
{
	struct asked *a = t->data;

	t->en->count.receipts += a->n;
	for (int i = 0; e == NULL && i < a->n; i++)
		if (a->receipts[i].kind == RECEIPT_CONTACT) {
			contacts_wake(t->en);
			break;
		}
	answer(t, e);
}

void
engine_receipts(struct engine *en, const struct account *acc, const struct receipt *r, int n,
    engine_answer *cb, void *arg)
{
	struct asked *a = asked_new(cb, arg);

	a->acc = acc; /* of the current catalog, which the task holds */
	a->n = n;
	a->receipts = arena_array(a->arena, struct receipt, MAX(n, 1));
	for (int i = 0; i < n; i++)
		copy_receipt(a->arena, &r[i], &a->receipts[i]);
	task_start_repeatable(task_new(en, receipts_run, receipts_done, a, asked_free));
}

static int
open_run(struct task *t, struct work *w, struct err *e)
{
	bool open;

	(void)t;
	return inbound_open_rows(w, &open, e);
}

static void
open_done(struct task *t, const struct err *e)
{
	(void)e;
	t->en->inbox_busy = false;
}

void
requests_look(struct engine *en)
{
	if (!en->started || !en->inbox_open || en->inbox_busy)
		return;
	en->inbox_busy = true;
	task_start_repeatable(task_new(en, open_run, open_done, NULL, NULL));
}

/* ---- hits ---- */

static int
hit_of(struct work *w, struct asked *a, int kind, struct err *e)
{
	struct message m;
	const char *bot;
	int codes = 0;
	int rc = msg_get(w->store, a->msg, &m, e);

	if (rc != 1)
		return rc;
	if (hit_codes_since(w->store, a->msg, w->now - 5 * MS_SECOND, &codes, e) != 0)
		return -1;
	bot = hit_verdict(&(struct hit_facts){ .head = a->head, .agent = a->agent,
	    .since_sent = m.begun_at == 0 ? MS_NEVER : w->now - m.begun_at, .codes = codes });
	if (hit_add(w->store, a->msg, a->code == NULL ? "" : a->code, kind, w->now, bot, e) != 0)
		return -1;
	return *bot == '\0' && kind == HIT_CLICK ? inbound_click(w, &m, e) : 0;
}

/* The answer needs only a look at a snapshot: a link works while the writer is busy. */
static int
link_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	char *target;
	ms_t at;
	int rc = link_get(w->store, a->code, &a->msg, &target, &at, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return say(a, 404, "");
	return w->now - at > LINK_LIFE ? say(a, 410, "") : say(a, 302, target);
}

static int
pixel_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	int n;

	(void)e;
	return ref_parse(store_crypt(w->store), a->ref, &a->msg, &n) == 0 ? say(a, 200, "") :
									    say(a, 404, "");
}

static int
hit_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;

	return hit_of(w, a, a->code == NULL ? HIT_OPEN : HIT_CLICK, e);
}

static void
looked_up(struct task *t, const struct err *e)
{
	struct asked *a = t->data;

	t->en->count.hits++;
	answer(t, e);
	if (e != NULL || a->status == 404 || a->status == 410) {
		asked_free(a);
		return;
	}
	task_start_repeatable(task_new(t->en, hit_run, NULL, a, asked_free));
}

void
engine_hit(struct engine *en, const struct engine_hit *hit, engine_answer *cb, void *arg)
{
	struct asked *a = asked_new(cb, arg);

	a->code = arena_strdup(a->arena, hit->code);
	a->ref = arena_strdup(a->arena, hit->ref);
	a->agent = arena_strdup(a->arena, hit->agent);
	a->head = hit->head;
	task_start_read(task_new(en, hit->code != NULL ? link_run : pixel_run, looked_up, a, NULL));
}

/* ---- unsubscribe ---- */

static int
unsubscribe_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	struct message m;
	int n, rc;

	if (ref_parse(store_crypt(w->store), a->ref, &a->msg, &n) != 0)
		return say(a, 404, "");
	rc = msg_get(w->store, a->msg, &m, e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return say(a, 404, "");
	if (intake_stop(w, &m, w->now, "link", e) != 0)
		return -1;
	return say(a, 200, "");
}

void
engine_unsubscribe(struct engine *en, const char *ref, engine_answer *cb, void *arg)
{
	struct asked *a = asked_new(cb, arg);

	a->ref = arena_strdup(a->arena, ref);
	task_start_repeatable(task_new(en, unsubscribe_run, answer, a, asked_free));
}
