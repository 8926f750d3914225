/* What people ask of offers: the list, a yes or no, an offer by hand. Loop thread, and
 * the jobs it starts. */
#include <string.h>

#include <jansson.h>

#include "answer.h"
#include "base/log.h"
#include "core/gate.h"
#include "engine_impl.h"
#include "grant.h"
#include "page.h"

struct asked {
	engine_answer *cb;
	void *arg;
	struct arena *arena;
	const char *ext, *name, *verb, *by;
	int64_t id; /* of the list: before which */
	struct page page;
	int level, state; /* enum approval; enum offer_state, -1: any */
	int status;
	json_t *answer;
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

	json_decref(a->answer);
	arena_free(a->arena);
	g_free(a);
}

static void
answer(struct task *t, const struct err *e)
{
	struct asked *a = t->data;

	if (e != NULL)
		answer_failed(a->cb, a->arg);
	else
		answer_json(a->cb, a->arg, a->status, a->answer);
}

static int
say(struct asked *a, int status, const char *what)
{
	json_decref(a->answer); /* of a first try */
	a->status = status;
	a->answer = json_pack("{ss}", status < 300 ? "state" : "error", what);
	return 0;
}

/* ---- the list ---- */

struct listing {
	struct work *w;
	const struct zone *zone;
	json_t *offers, *quotas;
	const struct offer *offer;
};

static json_t *
when(const struct listing *l, ms_t at)
{
	char buf[CLOCK_TEXT];

	return at == 0
		   ? json_null()
		   : json_string(clock_format(at, zone_offset(l->zone, at) / 60, buf));
}

static void
note_grant(void *arg, const struct grant *g, const char *ext)
{
	const struct listing *l = arg;
	bool over = g->state <= OFFER_GRANTED && g->expires_at <= l->w->now;

	json_array_append_new(l->offers,
	    json_pack("{sI ss ss ss sf ss ss ss so so so so}", "id", g->id, "offer",
		g->name, "customer", ext, "state",
		fsm_name(&offer_fsm, over ? OFFER_EXPIRED : g->state), "value", g->value,
		"store", g->store, "author", g->author, "by", g->by, "asked",
		when(l, g->asked_at), "granted", when(l, g->granted_at), "expires",
		when(l, g->expires_at), "ended", when(l, g->ended_at)));
}

static void
note_used(void *arg, const char *store, int used)
{
	const struct listing *l = arg;
	json_t *j = json_pack("{ss ss ss si}", "offer", l->offer->name, "approval",
	    approval_names[l->offer->approval], "store", store, "used", used);

	if (l->offer->quota >= 0) {
		json_object_set_new(j, "quota", json_integer(l->offer->quota));
		json_object_set_new(
		    j, "left", json_integer(MAX(0, l->offer->quota - used)));
	}
	json_array_append_new(l->quotas, j);
}

static int
quotas(struct listing *l, struct err *e)
{
	ms_t start, end;
	int month = gate_period(CAP_MONTH, l->zone, l->w->now, &start, &end);

	for (int i = 0; i < l->w->cat->offers->n; i++) {
		size_t before = json_array_size(l->quotas);

		l->offer = &l->w->cat->offers->items[i];
		if (offer_quota_each(
			l->w->store, l->offer->name, month, note_used, l, e) != 0)
			return -1;
		if (json_array_size(l->quotas) == before)
			note_used(l, "", 0);
	}
	return 0;
}

static int
list_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	struct listing l = { w, t->cat->config->entity.zone, json_array(), json_array(),
		NULL };

	json_decref(a->answer);
	a->status = 200;
	a->answer = json_pack("{so so}", "offers", l.offers, "quotas", l.quotas);
	if (offer_each(w->store, a->state, a->id, a->page.limit + 1, note_grant, &l, e) !=
	    0)
		return -1;
	page_end(a->answer, l.offers, &a->page, "id");
	return quotas(&l, e);
}

void
engine_offers(struct engine *en, const char *state, const struct engine_page *page,
    engine_answer *cb, void *arg)
{
	struct asked *a;
	int found = *state == '\0' ? -1 : fsm_find(&offer_fsm, state);

	if (*state != '\0' && found < 0) {
		cb(arg, 404,
		    "{\"error\":\"offers are asked, granted, redeemed, expired or "
		    "refused\"}");
		return;
	}
	a = asked_new(cb, arg);
	a->state = found;
	a->page = page_of(page, ENGINE_PAGE);
	if (!page_number(&a->page, &a->id)) {
		page_refuse(cb, arg);
		asked_free(a);
		return;
	}
	task_start_read(task_new(en, list_run, answer, a, asked_free));
}

/* ---- by hand ---- */

static int
level_of(const char *name)
{
	for (int i = 0; i < APPROVALS; i++)
		if (strcmp(approval_names[i], *name == '\0' ? "none" : name) == 0)
			return i;
	return -1;
}

/* NULL with the request answered when nobody can be held to it. */
static struct asked *
signed_by(const char *by, const char *level, engine_answer *cb, void *arg)
{
	struct asked *a;

	if (*by == '\0') {
		cb(arg, 400, "{\"error\":\"/by: name the person\"}");
		return NULL;
	}
	if (level_of(level) < 0) {
		cb(arg, 400, "{\"error\":\"/level: none, manager or general-manager\"}");
		return NULL;
	}
	a = asked_new(cb, arg);
	a->by = arena_strdup(a->arena, by);
	a->level = level_of(level);
	return a;
}

static int
answer_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	struct person_says who = { a->by, (enum approval)a->level };
	const char *what = "";
	int status =
	    strcmp(a->verb, "redeem") == 0
		? grant_redeem_by_hand(w, a->id, &who, &what, e)
		: grant_answer(w, a->id, strcmp(a->verb, "approve") == 0, &who, &what, e);

	if (status < 0)
		return -1;
	if (status == 200)
		log_info("offer", "id=%" G_GINT64_FORMAT " state=%s", a->id, what);
	return say(a, status, what);
}

void
engine_offer_answer(struct engine *en, int64_t id, const char *verb, const char *by,
    const char *level, engine_answer *cb, void *arg)
{
	struct asked *a;

	if (strcmp(verb, "approve") != 0 && strcmp(verb, "refuse") != 0 &&
	    strcmp(verb, "redeem") != 0) {
		cb(arg, 404, "{\"error\":\"an offer is approved, refused or redeemed\"}");
		return;
	}
	if ((a = signed_by(by, level, cb, arg)) == NULL)
		return;
	a->id = id;
	a->verb = arena_strdup(a->arena, verb);
	task_start(task_new(en, answer_run, answer, a, asked_free));
}

static int
ask_run(struct task *t, struct work *w, struct err *e)
{
	struct asked *a = t->data;
	struct person_says who = { a->by, (enum approval)a->level };
	const char *what = "";
	struct person p;
	int64_t id, customer;
	int rc = customer_find(w->store, a->ext, &customer, e), status;

	if (rc < 0)
		return -1;
	if (rc == 0)
		return say(a, 404, "there is no customer of that id");
	if (person_load(w, customer, &p, e) != 1)
		return -1;
	if ((status = grant_ask(w, &p, a->name, &who, &id, &what, e)) < 0)
		return -1;
	say(a, status, what);
	if (status == 201)
		json_object_set_new(a->answer, "id", json_integer(id));
	return 0;
}

void
engine_offer_ask(struct engine *en, const char *ext, const char *name, const char *by,
    const char *level, engine_answer *cb, void *arg)
{
	struct asked *a = signed_by(by, level, cb, arg);

	if (a == NULL)
		return;
	a->ext = arena_strdup(a->arena, ext);
	a->name = arena_strdup(a->arena, name);
	task_start(task_new(en, ask_run, answer, a, asked_free));
}
