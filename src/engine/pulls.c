#include "pulls.h"

#include <string.h>

#include "base/log.h"
#include "engine/engine.h"
#include "errand.h"
#include "outlet.h"
#include "pocket.h"
#include "store/store.h"

#define FAILED_PAUSE_MAX (10 * MS_MINUTE)
#define TICKET_LIFE (10 * MS_MINUTE)

/* One account, by name: it outlives catalogs. */
struct pull {
	struct engine *en;
	char *account;
	char *cursor;   /* NULL: not read from the database yet */
	char *ticket;   /* of the last news; "" none */
	ms_t ticket_at; /* boot */
	bool news;      /* there are some that no answer holds yet */
	ms_t next;      /* boot */
	int failures;
	bool busy;
	/* the call under way */
	struct errand errand;
	char *reached; /* by the rows on their way into the inbox */
	bool more;
};

struct pulls {
	struct engine *en;
	GHashTable *all; /* name -> struct pull * */
	struct timer timer;
};

static void
pull_free(gpointer p)
{
	struct pull *u = p;

	if (u->busy) {
		errand_drop(&u->errand);
		g_free(u->reached);
	}
	g_free(u->account);
	g_free(u->cursor);
	g_free(u->ticket);
	g_free(u);
}

static void
fire(struct timer *t)
{
	pulls_look(((struct pulls *)((char *)t - offsetof(struct pulls, timer)))->en);
}

struct pulls *
pulls_new(struct engine *en)
{
	struct pulls *p = g_new0(struct pulls, 1);

	p->en = en;
	p->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, pull_free);
	p->timer.fire = fire;
	return p;
}

void
pulls_free(struct pulls *p)
{
	if (p == NULL)
		return;
	g_hash_table_destroy(p->all);
	g_free(p);
}

void
pulls_stop(struct engine *en)
{
	en->world->timer_cancel(en->world, &en->pulls->timer);
}

/* ---- the end of one ---- */

/* News show that the service is there, whatever was last heard of it. */
static ms_t
soon(const struct pull *u)
{
	return u->failures == 0 ? 0 : MS_SECOND;
}

static void
over(struct pull *u, ms_t pause)
{
	struct engine *en = u->en;

	g_free(u->reached);
	u->reached = NULL;
	u->busy = false;
	u->next = en->world->boot(en->world) + (u->news ? soon(u) : pause);
	errand_close(&u->errand);
	pulls_look(en);
}

static void
failed(struct pull *u, const char *why)
{
	if (u->failures++ == 0)
		log_warn("pull_failed", "account=%s error=\"%s\"", u->account, why);
	over(u, MIN(MS_SECOND << MIN(u->failures, 10), FAILED_PAUSE_MAX));
}

static ms_t
pace(const struct pull *u)
{
	struct capabilities caps = { 0 };

	provider_find(u->errand.acc->type)->capabilities(u->errand.acc, &caps);
	return u->more ? 0 : MAX(caps.pull, MS_SECOND);
}

/* ---- the place reached ---- */

static char *
meta_key(const struct pull *u)
{
	return g_strconcat("pull:", u->account, NULL);
}

static int
keep_run(struct task *t, struct work *w, struct err *e)
{
	struct pull *u = t->data;
	char *key = meta_key(u);
	int rc = store_meta_set(w->store, key, u->reached, e);

	g_free(key);
	return rc;
}

static void
kept(struct task *t, const struct err *e)
{
	struct pull *u = t->data;

	if (e != NULL) {
		failed(u, "the place reached cannot be stored");
		return;
	}
	u->failures = 0;
	g_free(u->cursor);
	u->cursor = g_strdup(u->reached);
	over(u, pace(u));
}

static void
taken(void *arg, int status, const char *json)
{
	struct pull *u = arg;

	(void)json;
	if (status < 200 || status > 299)
		failed(u, "the rows cannot be stored");
	else
		task_start(task_new(u->en, keep_run, kept, u, NULL));
}

/* ---- the call ---- */

static void
drop_ticket(struct pull *u)
{
	g_free(u->ticket);
	u->ticket = NULL;
}

static const char *
ticket_of(struct pull *u)
{
	if (u->ticket != NULL &&
	    u->en->world->boot(u->en->world) - u->ticket_at > TICKET_LIFE)
		drop_ticket(u);
	return u->ticket != NULL ? u->ticket : "";
}

static void
answered(struct http_call *http)
{
	struct pull *u = (struct pull *)((char *)http - offsetof(struct pull, errand));
	const struct provider *p = provider_find(u->errand.acc->type);
	struct answer why = { .outcome = OUTCOME_UNKNOWN };
	struct receipt *rows = NULL;
	const char *cursor = u->cursor;
	int n = 0;

	if (http->end != HTTP_ANSWERED) {
		failed(u, pocket_why(http));
		return;
	}
	u->more = false;
	if (p->pull_answer(u->errand.acc, http->status, http->body, http->body_len,
		u->errand.arena, &rows, &n, &cursor, &u->more, &why) != 0) {
		if (why.stale_token)
			pocket_stale(u->en, u->errand.acc, http->req.url);
		if (why.freeze)
			outlet_freeze(u->en, u->errand.acc, why.perr);
		/* It may be the ticket that was refused; what is only put off keeps it. */
		if (http->status == 200 && why.outcome != OUTCOME_REFUSED_RETRY)
			drop_ticket(u);
		failed(u, why.perr);
		return;
	}
	if (!u->more && !u->news)
		drop_ticket(u);
	u->reached = g_strdup(cursor);
	if (n > 0)
		engine_receipts(u->en, u->errand.acc, rows, n, taken, u);
	else
		taken(u, 200, "");
}

static void
start(struct pull *u, const struct account *acc)
{
	struct engine *en = u->en;
	struct errand *er = &u->errand;
	struct err e = { 0 };

	u->busy = true;
	u->news = false;
	errand_open(er, en, acc);
	if (provider_find(acc->type)->pull(acc, en->catalog->config, u->cursor,
		ticket_of(u), en->world->now(en->world), er->arena, &er->request,
		&e) != 0)
		failed(u, e.text);
	else
		errand_go(er, answered);
}

/* ---- where it was, at the start ---- */

static int
read_run(struct task *t, struct work *w, struct err *e)
{
	struct pull *u = t->data;
	char *key = meta_key(u), cursor[2048] = "";
	int rc = store_meta_get(w->store, key, cursor, sizeof(cursor), e);

	g_free(key);
	g_free(u->reached);
	u->reached = g_strdup(cursor);
	return rc;
}

static void
have_read(struct task *t, const struct err *e)
{
	struct pull *u = t->data;

	u->busy = false;
	if (e == NULL) {
		u->cursor = u->reached;
		u->reached = NULL;
	} else {
		u->next = u->en->world->boot(u->en->world) + MS_SECOND;
	}
	pulls_look(u->en);
}

static struct pull *
pull_of(struct engine *en, const struct account *acc)
{
	struct pull *u = g_hash_table_lookup(en->pulls->all, acc->name);

	if (u != NULL)
		return u;
	u = g_new0(struct pull, 1);
	u->en = en;
	u->account = g_strdup(acc->name);
	g_hash_table_insert(en->pulls->all, u->account, u);
	return u;
}

void
engine_news(struct engine *en, const struct account *acc, const char *ticket)
{
	struct pull *u = pull_of(en, acc);
	ms_t boot = en->world->boot(en->world);

	g_free(u->ticket);
	u->ticket = g_strdup(ticket);
	u->ticket_at = boot;
	u->news = true;
	if (!u->busy)
		u->next = MIN(u->next, boot + soon(u));
	pulls_look(en);
}

/* What the account needs next; returns when it is worth looking again, on the boot clock. */
static ms_t
look(struct engine *en, const struct account *acc, ms_t boot)
{
	struct pull *u = pull_of(en, acc);
	const struct outlet *o = outlet_of(en, acc);
	ms_t ready = MS_NEVER;

	if (u->busy)
		return MS_NEVER;
	if (boot < u->next)
		return u->next;
	if (o == NULL || o->frozen)
		return boot + MS_MINUTE;
	if (u->cursor == NULL) {
		u->busy = true;
		task_start(task_new(en, read_run, have_read, u, NULL));
		return MS_NEVER;
	}
	if (!pocket_ready(en, acc, boot, &ready))
		return MIN(ready, boot + MS_SECOND);
	start(u, acc);
	return MS_NEVER;
}

void
pulls_look(struct engine *en)
{
	const struct config *cfg = en->catalog->config;
	ms_t boot = en->world->boot(en->world), next = MS_NEVER;

	if (!en->started || en->stopping)
		return;
	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct provider *p = provider_find(cfg->accounts[i].type);
		struct capabilities caps = { 0 };

		if (p == NULL || p->pull == NULL)
			continue;
		p->capabilities(&cfg->accounts[i], &caps);
		if (caps.pull > 0)
			next = MIN(next, look(en, &cfg->accounts[i], boot));
	}
	if (next != MS_NEVER)
		en->world->timer_set_boot(en->world, &en->pulls->timer, next);
}
