#include "notices.h"

#include <string.h>

#include "base/log.h"
#include "notice.h"
#include "notice_face.h"
#include "outlet.h"
#include "pocket.h"

/* From the commit to the first byte. */
#define GUARD_SPAN (5 * MS_SECOND)
#define STOPPED_FOR MS_MINUTE

struct notices {
	struct engine *en;
	struct timer timer;
	bool busy;
	ms_t next; /* wall: the store said so; MS_NEVER: nothing is foreseen */
	ms_t rest; /* boot: the service could not be reached */
	int failures;
	/* the card under way */
	struct catalog *cat;
	const struct account *acc;
	struct arena *arena;
	int64_t card;
	const char *to;
	char *request;
	bool face;        /* a card that was sent is replaced */
	const char *code; /* what replaces the one that was taken */
	ms_t begun;       /* boot */
	struct http_call http;
	struct answer answer;
};

static void
fire(struct timer *t)
{
	notices_look(
	    ((struct notices *)((char *)t - offsetof(struct notices, timer)))->en);
}

struct notices *
notices_new(struct engine *en)
{
	struct notices *n = g_new0(struct notices, 1);

	n->en = en;
	n->timer.fire = fire;
	en->asked = true;
	return n;
}

void
notices_free(struct notices *n)
{
	if (n->busy) {
		catalog_unref(n->cat);
		arena_free(n->arena);
	}
	g_free(n);
}

void
notices_stop(struct engine *en)
{
	en->world->timer_cancel(en->world, &en->notices->timer);
}

/* ---- the end of one ---- */

static void
over(struct notices *n)
{
	struct engine *en = n->en;

	catalog_unref(n->cat);
	arena_free(n->arena);
	n->busy = false;
	dispatch_call_over(en);
	notices_look(en);
}

static int
record_run(struct task *t, struct work *w, struct err *e)
{
	struct notices *n = t->data;

	return n->face ? notice_face_outcome(w, n->card, &n->answer, e)
		       : notice_outcome(w, n->card, &n->answer, n->code, e);
}

/* Not written down: the card is looked at again when its answer is late. */
static void
recorded(struct task *t, const struct err *e)
{
	struct notices *n = t->data;

	(void)e;
	n->next = 0;
	over(n);
}

static void
learn(struct notices *n)
{
	struct engine *en = n->en;
	const struct answer *a = &n->answer;

	if (n->http.end == HTTP_NOT_WRITTEN && !n->http.refused) {
		n->rest = en->world->boot(en->world) +
			  MIN(MS_SECOND << MIN(n->failures, 6), STOPPED_FOR);
		if (n->failures++ == 0)
			log_warn(*n->http.req.url == '\0' ? "token_awaited"
							  : "provider_unreachable",
			    "account=%s error=\"%s\"", n->acc->name,
			    pocket_why(&n->http));
	} else if (n->http.end == HTTP_ANSWERED) {
		n->failures = 0;
	}
	if (a->freeze || (a->stale_token && pocket_stale(en, n->acc, n->http.req.url)))
		outlet_freeze(en, n->acc, a->perr);
	if (a->outcome == OUTCOME_ACCEPTED)
		pocket_good(en, n->acc);
	if (a->outcome == OUTCOME_REFUSED_RETRY && !a->stale_token)
		n->rest = en->world->boot(en->world) + MAX(a->retry_after, MS_SECOND);
}

static void
answered(struct http_call *http)
{
	struct notices *n =
	    (struct notices *)((char *)http - offsetof(struct notices, http));
	const struct provider_reply r = { http->status, http->body, http->body_len,
		http->head };
	const struct ask ask = { .code = n->face ? "" : NULL };
	const struct parcel p = { .to = n->to, .ask = &ask };
	const struct provider *provider = provider_find(n->acc->type);

	n->answer = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	if (http->end == HTTP_ANSWERED)
		provider->answer(n->acc, &p, 1, &r, &n->answer);
	else if (http->end == HTTP_NOT_WRITTEN)
		n->answer.outcome = OUTCOME_NOT_WRITTEN;
	n->code = http->end == HTTP_ANSWERED && provider->card_code != NULL
		      ? provider->card_code(http->body, http->body_len, n->arena)
		      : "";
	learn(n);
	log_info("staff_told", "account=%s outcome=%d code=%s", n->acc->name,
	    (int)n->answer.outcome, n->answer.perr);
	task_start(task_new(n->en, record_run, recorded, n, NULL));
}

/* ---- the call ---- */

static bool
guard(struct http_call *http)
{
	struct notices *n =
	    (struct notices *)((char *)http - offsetof(struct notices, http));

	return n->en->world->boot(n->en->world) - n->begun <= GUARD_SPAN &&
	       !engine_is_frozen(n->en);
}

static const char *
text_of(struct notices *n, const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : arena_strdup(n->arena, s);
}

static void
send_it(struct notices *n)
{
	struct engine *en = n->en;
	json_t *j = json_loads(n->request, 0, NULL);
	const json_t *headers = json_object_get(j, "headers");
	size_t lines = json_array_size(headers);
	const char **all = arena_array(n->arena, const char *, lines + 1);
	const char *body = text_of(n, j, "body");

	for (size_t i = 0; i < lines; i++)
		all[i] =
		    arena_strdup(n->arena, json_string_value(json_array_get(headers, i)));
	memset(&n->http, 0, sizeof(n->http));
	n->http.req = (struct http_req){ .method = text_of(n, j, "method"),
		.url = pocket_url(en, n->acc, n->arena, text_of(n, j, "url")),
		.headers = all,
		.body = body,
		.body_len = strlen(body),
		.internal = n->acc->internal };
	n->http.guard = guard;
	n->http.done = answered;
	json_decref(j);
	en->world->http_start(en->world, &n->http);
}

static int
pick_run(struct task *t, struct work *w, struct err *e)
{
	struct notices *n = t->data;
	struct notice found;

	n->card = 0;
	if (notice_next(w, n->acc, &found, e) != 0)
		return -1;
	n->card = found.card;
	n->next = found.next;
	if (found.card != 0) {
		n->face = found.face;
		n->to = arena_strdup(n->arena, found.to);
		n->request = arena_strdup(n->arena, found.request);
	}
	return 0;
}

static void
picked(struct task *t, const struct err *e)
{
	struct notices *n = t->data;

	n->begun = t->boot;
	if (e != NULL)
		n->rest = t->en->world->boot(t->en->world) + STOPPED_FOR;
	if (e != NULL || n->card == 0)
		over(n);
	else
		send_it(n);
}

static void
look_later(struct engine *en, ms_t boot)
{
	en->world->timer_set_boot(en->world, &en->notices->timer, boot);
}

void
notices_look(struct engine *en)
{
	struct notices *n = en->notices;
	ms_t boot = en->world->boot(en->world), ready = MS_NEVER;
	const struct account *acc = notice_account(en->catalog->config);
	const struct outlet *o = acc == NULL ? NULL : outlet_of(en, acc);

	if (!en->started || en->stopping || n->busy || o == NULL || engine_is_frozen(en))
		return;
	if (!en->asked && en->world->now(en->world) < n->next) {
		if (n->next != MS_NEVER)
			en->world->timer_set(en->world, &n->timer, n->next);
	} else if (boot < n->rest) {
		look_later(en, n->rest);
	} else if (o->frozen) {
		look_later(en, boot + STOPPED_FOR);
	} else if (!pocket_ready(en, acc, boot, &ready)) {
		look_later(en, MIN(ready, boot + MS_SECOND));
	} else if (!outlet_may(en, acc)) {
		look_later(en, boot + MS_SECOND);
	} else {
		n->busy = true;
		n->cat = catalog_ref(en->catalog);
		n->acc = acc;
		n->arena = arena_new();
		en->in_flight++;
		task_start(task_new(en, pick_run, picked, n, NULL));
	}
}
