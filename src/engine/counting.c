/* counting.c - a report is read page by page, each a read of its own, so that none keeps
 * the log from being emptied for long; then it is put together, without the database.
 *
 *	waiting ──► reading ──► putting together ──► counted: kept for whoever has a ticket
 */
#include "counting.h"

#include <malloc.h>
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "engine_impl.h"
#include "weigh.h"

#define WAITING_MAX 8 /* questions of which none is answered yet */
#define KEPT_FOR MS_MINUTE

struct waiter {
	struct timer timer; /* its patience; first, so that it is the waiter */
	struct counting *of;
	engine_answer *cb;
	void *arg;
	struct waiter *next;
};

struct counting {
	struct engine *en;
	struct counting *next;
	char *words; /* what was asked */
	int64_t ticket;
	struct catalog *cat; /* what the report's rules are borrowed from */
	struct reports *reports;
	struct weighing weighing;
	struct waiter *waiters;
	bool under_way, all; /* all: everything is read */
	int64_t rows;
	double share;
	char *answer; /* NULL: not yet */
	int status;
	ms_t counted; /* boot; 0: not */
};

static void look(struct engine *en);

static void
counting_drop(struct counting *c)
{
	struct counting **at = &c->en->counting;

	CHECK(c->waiters == NULL);
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	reports_free(c->reports);
	catalog_unref(c->cat);
	free(c->answer);
	g_free(c->words);
	g_free(c);
}

/* ---- who waits ---- */

static int
ahead_of(const struct counting *c)
{
	int n = 0;

	for (const struct counting *x = c->en->counting; x != c; x = x->next)
		n += x->counted == 0;
	return n;
}

static void
waiter_drop(struct waiter *w)
{
	struct waiter **at = &w->of->waiters;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	w->of->en->world->timer_cancel(w->of->en->world, &w->timer);
	g_free(w);
}

static void
tell_progress(struct timer *t)
{
	struct waiter *w = (struct waiter *)t;
	struct counting *c = w->of;
	engine_answer *cb = w->cb;
	void *arg = w->arg;
	json_t *j = json_pack("{sI sf sI si}", "ticket", (json_int_t)c->ticket, "share",
	    c->share, "rows", (json_int_t)c->rows, "ahead", ahead_of(c));
	char *text = json_dumps(j, JSON_COMPACT);

	waiter_drop(w);
	cb(arg, 202, text);
	free(text);
	json_decref(j);
}

static void
wait_for(struct counting *c, int seconds, engine_answer *cb, void *arg)
{
	struct world *world = c->en->world;
	struct waiter *w = g_new0(struct waiter, 1);

	w->timer.fire = tell_progress;
	w->of = c;
	w->cb = cb;
	w->arg = arg;
	w->next = c->waiters;
	c->waiters = w;
	if (seconds > 0)
		world->timer_set_boot(
		    world, &w->timer, world->boot(world) + seconds * MS_SECOND);
}

static void
tell_all(struct counting *c)
{
	while (c->waiters != NULL) {
		struct waiter *w = c->waiters;
		engine_answer *cb = w->cb;
		void *arg = w->arg;

		waiter_drop(w);
		cb(arg, c->status, c->answer);
	}
}

/* ---- counting ---- */

static int
page_run(struct task *t, struct work *w, struct err *e)
{
	struct counting *c = t->data;
	int rc;

	c->weighing.work = w;
	rc = reports_page(c->reports, w->store, e);
	c->all = rc == 0;
	return rc < 0 ? -1 : 0;
}

/* In a read that reads nothing, and so holds no snapshot. */
static int
sheet_run(struct task *t, struct work *w, struct err *e)
{
	struct counting *c = t->data;
	struct sheet *s = reports_sheet(c->reports);
	json_t *j = sheet_to_json(s);

	(void)w;
	(void)e;
	c->answer = json_dumps(j, JSON_COMPACT);
	c->status = 200;
	json_decref(j);
	sheet_free(s);
	/* Here, since it takes a while; and what was a few hundred megabytes goes back. */
	reports_free(c->reports);
	c->reports = NULL;
	malloc_trim(0);
	return 0;
}

static void
refuse(struct counting *c, const char *why)
{
	json_t *j = json_pack("{ss}", "error", why);

	c->answer = json_dumps(j, JSON_COMPACT);
	c->status = 503;
	json_decref(j);
}

/* Whoever asked with a ticket is between two questions: his answer is kept. */
static void
finish(struct counting *c)
{
	c->counted = c->en->world->boot(c->en->world);
	c->under_way = false;
	reports_free(c->reports);
	c->reports = NULL;
	tell_all(c);
}

static void
next(struct task *t, const struct err *e)
{
	struct counting *c = t->data;
	struct engine *en = t->en;

	if (e != NULL)
		refuse(c, "the database cannot answer now: try again");
	else if (c->answer == NULL && en->stopping)
		refuse(c, "reachd is stopping");
	if (c->answer == NULL) {
		reports_progress(c->reports, &c->rows, &c->share);
		task_start_slow(
		    task_new(en, c->all ? sheet_run : page_run, next, c, NULL));
		return;
	}
	finish(c);
	look(en);
}

/* The oldest that is not counted; one at a time, since each holds all it reads. */
static void
look(struct engine *en)
{
	for (struct counting *c = en->counting; c != NULL; c = c->next) {
		if (c->counted != 0)
			continue;
		if (c->under_way)
			return;
		if (!en->stopping) {
			c->under_way = true;
			task_start_slow(task_new(en, page_run, next, c, NULL));
			return;
		}
		refuse(c, "reachd is stopping");
		finish(c);
	}
}

/* ---- asked ---- */

/* What was kept long enough, and how many are to be counted. */
static int
tidy(struct engine *en)
{
	ms_t boot = en->world->boot(en->world);
	int n = 0;

	for (struct counting *c = en->counting, *after; c != NULL; c = after) {
		after = c->next;
		n += c->counted == 0;
		if (c->counted != 0 && boot - c->counted > KEPT_FOR)
			counting_drop(c);
	}
	return n;
}

static struct counting *
begin(struct engine *en, char *words, const struct reports_ask *asked)
{
	struct counting *c = g_new0(struct counting, 1), **at = &en->counting;
	struct reports_ask ask = *asked;

	c->en = en;
	c->words = words;
	c->ticket = ++en->tickets;
	c->cat = catalog_ref(en->catalog);
	weigh_ask(&ask, c->cat, &c->weighing, en->world->now(en->world));
	c->reports = reports_new(&ask);
	while (*at != NULL)
		at = &(*at)->next;
	*at = c;
	return c;
}

void
counting_ask(struct engine *en, const struct engine_sheet *q,
    const struct reports_ask *ask, engine_answer *cb, void *arg)
{
	int n = tidy(en);
	char *words = g_strdup_printf("%s\n%s\n%s\n%s", q->name, q->by, q->from, q->to);
	struct counting *c = en->counting;

	/* By the rules of today: after a reload it is another question. */
	while (c != NULL &&
	       (c->counted != 0 || c->cat != en->catalog || strcmp(c->words, words) != 0))
		c = c->next;
	if (c != NULL) {
		g_free(words);
	} else if (n >= WAITING_MAX) {
		g_free(words);
		cb(arg, 503,
		    "{\"error\":\"other reports are being counted: try again in a "
		    "minute\"}");
		return;
	} else {
		c = begin(en, words, ask);
	}
	wait_for(c, q->wait, cb, arg);
	look(en);
}

void
counting_again(
    struct engine *en, const struct engine_sheet *q, engine_answer *cb, void *arg)
{
	struct counting *c;

	tidy(en);
	for (c = en->counting; c != NULL && c->ticket != q->ticket;)
		c = c->next;
	if (c == NULL) {
		cb(arg, 404,
		    "{\"error\":\"that count is not kept any more: ask again\"}");
	} else if (c->counted == 0) {
		wait_for(c, q->wait, cb, arg);
	} else {
		cb(arg, c->status, c->answer);
	}
}

void
counting_free(struct engine *en)
{
	while (en->counting != NULL) {
		while (en->counting->waiters != NULL)
			waiter_drop(en->counting->waiters);
		counting_drop(en->counting);
	}
}
