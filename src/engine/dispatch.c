/* The sender: budgets, T2, the wire, T3. Loop thread. */
#include <string.h>

#include "base/check.h"
#include "engine_impl.h"
#include "inbound.h"
#include "intake.h"
#include "lanes.h"
#include "outcome.h"
#include "outlet.h"
#include "read_set.h"
#include "plan.h"
#include "pocket.h"
#include "search.h"
#include "stock.h"
#include "vitals.h"

/* G: longest from intent commit to first byte. */
#define GUARD_SPAN (5 * MS_SECOND)
/* What the guard refused goes through the gate again, not at once: the guard may see
 * what the gate does not. */
#define GUARD_PAUSE 200
/* Opt-outs older than this are seen by every T2 still to come to the wire. */
#define STOP_KEPT MS_MINUTE

/* ---- T3 ---- */

static void
call_free(struct call *c)
{
	drop_set(c->en, c->cat);
	intent_free(c->it);
	intent_free(c->next);
	g_free(c->answers);
	g_free(c);
}

/* What its call said of one that was begun, or tried again. */
static int
tell(struct work *w, const struct call *c, int i, struct err *e)
{
	const struct intent *it = c->it;
	int rc = it->begun == NULL
		     ? 0
		     : outcome_accepted(w, &it->begun[i], &c->answers[i], e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return outcome_apply(
	    w, it->parcels[i].msg, it->token, &c->answers[i], it->settling, e);
}

/* One of a batch that cannot be written down must not undo the others. */
static int
outcome_one(struct work *w, struct call *c, int i, struct err *e)
{
	int64_t msg = c->it->parcels[i].msg;
	struct err own = { 0 };
	int rc;

	if (store_mark(w->store, e) != 0)
		return -1;
	if (!c->it->query)
		rc = tell(w, c, i, &own);
	else if (c->it->search != NULL)
		rc = search_told(w, c->it, &c->found, &c->next, &own);
	else if ((rc = outcome_query(w, msg, c->it->token, &c->answers[i], &own)) == 0)
		rc = inbound_told(w, msg, &c->answers[i], &own);
	return rc == 0 ? store_unmark(w->store, e)
		       : plan_undo(w, NULL, "outcome", msg, &own, e);
}

static int
outcome_run(struct task *t, struct work *w, struct err *e)
{
	struct call *c = t->data;

	intent_free(c->next); /* of a run that was undone */
	c->next = NULL;
	for (int i = 0; i < c->it->n; i++) {
		guint from = w->touches == NULL ? 0 : w->touches->len;

		if (outcome_one(w, c, i, e) != 0)
			return -1;
		/* The run may have gone on to its next touch already. */
		for (guint k = from; w->touches != NULL && k < w->touches->len; k++) {
			struct engine_touch *touch = w->touches->pdata[k];

			if (touch->msg == c->it->parcels[i].msg &&
			    touch->state == MSG_ACCEPTED && *touch->text == '\0')
				touch->text = g_strdup(c->it->parcels[i].text);
		}
	}
	return 0;
}

static void outcome_start(struct call *c);

static void
outcome_again(struct timer *t)
{
	outcome_start((struct call *)((char *)t - offsetof(struct call, again)));
}

static void
tell_stopped(struct engine *en)
{
	void (*told)(void *arg) = en->stopped;

	if (told == NULL || !en->stopping || !dispatch_idle(en))
		return;
	en->stopped = NULL;
	en->world->timer_cancel(en->world, &en->stop_timer);
	told(en->stopped_arg);
}

void
dispatch_call_over(struct engine *en)
{
	en->in_flight--;
	tell_stopped(en);
}

static void
outcome_done(struct task *t, const struct err *e)
{
	struct call *c = t->data;
	struct engine *en = t->en;

	if (e != NULL && !en->stopping) {
		/* Full: what we know must not be lost; try until there is room. */
		c->again.fire = outcome_again;
		en->world->timer_set_boot(
		    en->world, &c->again, en->world->boot(en->world) + MS_SECOND);
		return;
	}
	/* When stopping, the flight log keeps it for the next life. */
	if (c->slot >= 0 && e == NULL)
		flight_give(en->flight, c->slot);
	if (c->next != NULL && e == NULL && !en->stopping) {
		dispatch_send(t, c->next);
		c->next = NULL; /* the next call's now */
	}
	en->in_flight--;
	call_free(c);
	requests_look(en);
	tell_stopped(en);
}

static void
outcome_start(struct call *c)
{
	task_start_repeatable(task_new(c->en, outcome_run, outcome_done, c, NULL));
}

/* ---- the wire ---- */

/* A stop told before T2 was asked for was seen by the gate, which also sees that it was
 * lifted. One told between its run and the answer was not. */
static bool
stopped_since(const struct engine *en, int64_t key, ms_t judged)
{
	const ms_t *at = g_hash_table_lookup(en->stops, &key);

	return at != NULL && *at >= judged;
}

/* Who opted out of marketing may still be told that his car is ready; of a playbook that
 * was paused, held or recalled nothing leaves. */
static bool
stopped(const struct call *c, int i)
{
	const struct intent *it = c->it;

	return stopped_since(c->en, it->stop_keys[i] ^ STOP_ALL, c->judged) ||
	       stopped_since(c->en, intake_stand_key(it->playbooks[i]), c->judged) ||
	       (it->parcels[i].category == CATEGORY_MARKETING &&
		   stopped_since(c->en, it->stop_keys[i], c->judged));
}

static bool
guard(struct http_call *http)
{
	struct call *c = (struct call *)http;
	struct engine *en = c->en;
	struct intent *it = c->it;
	ms_t now = en->world->now(en->world);

	vitals_clock(en);
	if (en->world->boot(en->world) - c->begun > GUARD_SPAN || now >= it->open_until ||
	    engine_is_frozen(en))
		return false;
	if (!it->settling && (now < it->month_start || now >= it->month_end))
		return false;
	for (int i = 0; !it->query && i < it->n; i++)
		if (stopped(c, i))
			return false;
	return c->slot < 0 || it->settling ||
	       flight_written(en->flight, c->slot, it->token) == 0;
}

static void
same_answer(struct call *c, enum outcome outcome, const char *perr)
{
	for (int i = 0; i < c->it->n; i++) {
		c->answers[i].outcome = outcome;
		g_strlcpy(c->answers[i].perr, perr, sizeof(c->answers[i].perr));
	}
}

static void
read_answer(struct call *c)
{
	struct intent *it = c->it;
	struct http_call *h = &c->http;

	switch (h->end) {
	case HTTP_NOT_WRITTEN:
		same_answer(c, OUTCOME_NOT_WRITTEN,
		    h->refused ? "guard" : *h->req.url == '\0' ? "token" : "connect");
		for (int i = 0; (h->refused || *h->req.url == '\0') && i < it->n; i++)
			c->answers[i].retry_after = GUARD_PAUSE;
		return;
	case HTTP_BROKEN:
		same_answer(c, OUTCOME_UNKNOWN, "broken");
		return;
	case HTTP_ANSWERED:
		break;
	}
	if (it->search != NULL) {
		it->provider->search->answer(it->account, it->parcels, &it->search->at,
		    h->status, h->body, h->body_len, it->arena, &c->found, c->answers);
	} else if (it->query) {
		it->provider->query_answer(it->account, it->parcels, h->status, h->body,
		    h->body_len, c->answers);
	} else {
		const struct provider_reply r = { h->status, h->body, h->body_len, h->head };

		it->provider->answer(it->account, it->parcels, it->n, &r, c->answers);
	}
	for (int i = 0; i < it->n; i++)
		if (c->answers[i].outcome == OUTCOME_REFUSED_RETRY &&
		    c->answers[i].retry_after == 0)
			c->answers[i].retry_after = h->retry_after;
}

static void
answered(struct http_call *http)
{
	struct call *c = (struct call *)http;
	struct engine *en = c->en;

	read_answer(c);
	if (c->slot >= 0 && !c->it->settling && http->end == HTTP_ANSWERED)
		flight_answered(en->flight, c->slot, c->it->token, c->answers, c->it->n);
	outlet_learn(outlet_of(en, c->it->account), c);
	outcome_start(c);
	dispatch_look(en);
}

void
dispatch_send(const struct task *t, struct intent *it)
{
	struct engine *en = t->en;
	struct call *c = g_new0(struct call, 1);
	struct outlet *o = outlet_of(en, it->account);

	c->en = en;
	c->cat = catalog_ref(t->cat);
	c->it = it;
	c->begun = en->world->boot(en->world);
	c->judged = t->boot;
	c->slot = en->flight == NULL || it->settling ? -1 : flight_take(en->flight);
	CHECK(en->flight == NULL || it->settling || c->slot >= 0);
	c->answers = g_new0(struct answer, (gsize)it->n);
	g_ptr_array_add(it->request.headers, NULL);
	c->http.req = (struct http_req){
		.method = it->request.method,
		.url = pocket_url(en, it->account, it->arena, it->request.url),
		.headers = (const char *const *)it->request.headers->pdata,
		.body = it->request.body,
		.body_len = it->request.body_len,
		.timeout = account_span(it->account),
		.internal = it->account->internal,
		.envelope = it->request.envelope,
	};
	c->http.guard = guard;
	c->http.done = answered;
	if (o != NULL)
		o->busy++;
	en->in_flight++;
	en->world->http_start(en->world, &c->http);
}

/* ---- T2 ---- */

struct begin_data {
	struct budget *budgets;
	GPtrArray **lent; /* by account: keys; NULL: none */
	int *keys_left;   /* of those */
	int n_accounts;
	GPtrArray *intents;
	int max;
};

static void
begin_data_free(gpointer p)
{
	struct begin_data *d = p;

	g_ptr_array_unref(d->intents);
	for (int i = 0; i < d->n_accounts; i++)
		if (d->lent[i] != NULL)
			g_ptr_array_unref(d->lent[i]);
	g_free(d->lent);
	g_free(d->keys_left);
	g_free(d->budgets);
	g_free(d);
}

static int
begin_run(struct task *t, struct work *w, struct err *e)
{
	struct begin_data *d = t->data;
	size_t size = sizeof(*d->budgets) * (size_t)w->cat->config->n_accounts;
	struct budget *left = arena_alloc(w->arena, MAX(size, 1));

	g_ptr_array_set_size(d->intents, 0);
	memcpy(left, d->budgets, size);
	if (lanes_begin(w, left, d->max, d->intents, e) != 0)
		return -1;
	for (int i = 0; i < d->n_accounts; i++)
		d->keys_left[i] = left[i].n_keys;
	return 0;
}

/* Of a T2 that failed none come back: better too few than one twice. */
static void
keys_back(const struct task *t, struct begin_data *d)
{
	for (int i = 0; i < d->n_accounts; i++)
		if (d->lent[i] != NULL)
			stock_back(t->en, &t->cat->config->accounts[i], d->lent[i],
			    d->keys_left[i]);
}

static void
begin_done(struct task *t, const struct err *e)
{
	struct begin_data *d = t->data;
	struct engine *en = t->en;

	en->beginning = false;
	if (e != NULL) {
		/* Nothing was committed. Full disks empty again; the desk looks in a
		 * second. */
		for (int c = 0; c < CHANNELS; c++)
			en->next_due[c] = MS_NEVER;
		tell_stopped(en);
		return;
	}
	keys_back(t, d);
	for (guint i = 0; i < d->intents->len; i++) {
		struct intent *it = d->intents->pdata[i];
		struct outlet *o = outlet_of(en, it->account);

		en->count.begun += it->n;
		if (o != NULL)
			o->tokens -= it->n;
		dispatch_send(t, it);
		d->intents->pdata[i] = NULL; /* the call's now */
	}
	tell_stopped(en);
}

static void
start_begin(struct engine *en, struct budget *budgets, int max)
{
	const struct config *cfg = en->catalog->config;
	struct begin_data *d = g_new0(struct begin_data, 1);

	d->budgets = budgets;
	d->n_accounts = cfg->n_accounts;
	d->lent = g_new0(GPtrArray *, (gsize)MAX(1, cfg->n_accounts));
	d->keys_left = g_new0(int, (gsize)MAX(1, cfg->n_accounts));
	for (int i = 0; i < cfg->n_accounts; i++) {
		d->lent[i] = stock_lend(en, &cfg->accounts[i], &budgets[i].left);
		if (d->lent[i] == NULL)
			continue;
		budgets[i].keys = (struct given **)d->lent[i]->pdata;
		budgets[i].n_keys = (int)d->lent[i]->len;
	}
	d->intents = intent_list();
	d->max = max;
	en->beginning = true;
	task_start_repeatable(task_new(en, begin_run, begin_done, d, begin_data_free));
}

void
dispatch_look(struct engine *en)
{
	const struct config *cfg = en->catalog->config;
	ms_t now = en->world->now(en->world), boot = en->world->boot(en->world);
	ms_t next = MS_NEVER, ready = MS_NEVER;
	unsigned open = 0, alive = 0;
	struct budget *b;
	int room;

	if (!en->started || en->stopping)
		return;
	vitals_clock(en);
	if (en->beginning || engine_is_frozen(en))
		return;
	room = en->flight == NULL ? FLIGHT_SLOTS : flight_free(en->flight);
	b = g_new0(struct budget, (gsize)MAX(1, cfg->n_accounts));
	for (int i = 0; i < cfg->n_accounts; i++) {
		if (outlet_budget(en, i, boot, &b[i], &ready))
			open |= cfg->accounts[i].channels;
		if (!b[i].frozen)
			alive |= cfg->accounts[i].channels;
	}
	for (int c = 0; c < CHANNELS; c++) {
		/* Where no account serves or all are frozen, messages go another way or
		 * learn that there is none. */
		bool may = c == CHANNEL_PHONE || open & BIT(c) ||
			   (!(alive & BIT(c)) && (open != 0 || alive == 0));

		if (en->next_due[c] > now)
			next = MIN(next, en->next_due[c]);
		else if (may && room > 0) {
			start_begin(en, b, MIN(OUTLET_MAX, room));
			return;
		}
	}
	g_free(b);
	if (next != MS_NEVER)
		en->world->timer_set(en->world, &en->due_timer, next);
	if (ready != MS_NEVER)
		en->world->timer_set_boot(en->world, &en->token_timer, ready);
}

/* ---- the stop set ---- */

static gboolean
stale(gpointer key, gpointer value, gpointer arg)
{
	(void)key;
	return *(ms_t *)value + STOP_KEPT < *(ms_t *)arg;
}

void
dispatch_stop_keys(struct engine *en, const GArray *keys)
{
	ms_t boot = en->world->boot(en->world);

	if (keys->len == 0)
		return;
	g_hash_table_foreach_remove(en->stops, stale, &boot);
	for (guint i = 0; i < keys->len; i++)
		g_hash_table_insert(en->stops,
		    g_memdup2(&g_array_index(keys, int64_t, i), sizeof(int64_t)),
		    g_memdup2(&boot, sizeof(boot)));
}

bool
dispatch_idle(const struct engine *en)
{
	return en->in_flight == 0 && !en->beginning;
}
