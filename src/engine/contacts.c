#include "contacts.h"

#include <string.h>

#include "base/log.h"
#include "contacts_take.h"
#include "engine/engine.h"
#include "errand.h"
#include "outlet.h"
#include "pocket.h"
#include "store/customer.h"

#define NIGHT (3 * 60) /* minutes of the house's day */
#define AGAIN MS_HOUR  /* a start reads nobody who was read so lately */
#define PACE 100       /* ms between two calls: far below what the service allows */
#define IDLE (10 * MS_MINUTE)
#define FAILED_PAUSE_MAX (10 * MS_MINUTE)

/* One account, by name: it outlives catalogs. */
struct reading {
	struct engine *en;
	char *account;
	ms_t next; /* boot */
	int failures;
	bool busy;
	bool woken; /* while it was busy */
	/* the call under way */
	struct errand errand;
	struct contact_query
	    query; /* member "" and external "": nothing is to be asked */
	int64_t contact;
	struct roster roster;
	ms_t asked_at, due;
	struct contact_told *rows;
	int n;
	const char *cursor;
};

struct contacts {
	struct engine *en;
	GHashTable *all; /* name -> struct reading * */
	struct timer timer;
};

static void
reading_free(gpointer p)
{
	struct reading *r = p;

	if (r->busy)
		errand_drop(&r->errand);
	g_free(r->account);
	g_free(r);
}

static void
fire(struct timer *t)
{
	contacts_look(
	    ((struct contacts *)((char *)t - offsetof(struct contacts, timer)))->en);
}

struct contacts *
contacts_new(struct engine *en)
{
	struct contacts *c = g_new0(struct contacts, 1);

	c->en = en;
	c->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, reading_free);
	c->timer.fire = fire;
	return c;
}

void
contacts_free(struct contacts *c)
{
	if (c == NULL)
		return;
	g_hash_table_destroy(c->all);
	g_free(c);
}

void
contacts_stop(struct engine *en)
{
	en->world->timer_cancel(en->world, &en->contacts->timer);
}

ms_t
contacts_due(const struct engine *en)
{
	const struct zone *house = en->catalog->config->entity.zone;
	ms_t now = en->world->now(en->world), night;
	struct local l;

	zone_local(house, now, &l);
	night = zone_instant(house, l.day, NIGHT);
	if (night > now)
		night = zone_instant(house, l.day - 1, NIGHT);
	return MAX(night, en->began_at - AGAIN);
}

/* ---- the end of one ---- */

static void
over(struct reading *r, ms_t pause)
{
	struct engine *en = r->en;

	r->busy = false;
	r->next = en->world->boot(en->world) + (r->woken && r->failures == 0 ? 0 : pause);
	r->woken = false;
	errand_close(&r->errand);
	contacts_look(en);
}

static void
failed(struct reading *r, const char *why, ms_t pause)
{
	if (r->failures++ == 0)
		log_warn("contacts_not_read", "account=%s error=\"%s\"", r->account, why);
	over(r, MAX(pause, MIN(MS_SECOND << MIN(r->failures, 10), FAILED_PAUSE_MAX)));
}

static int
take_run(struct task *t, struct work *w, struct err *e)
{
	struct reading *r = t->data;
	struct roster place = r->roster;

	if (r->contact != 0)
		return contacts_one(
		    w, r->errand.acc, r->contact, r->rows, r->n, r->asked_at, e);
	return contacts_page(w, &place, r->rows, r->n, r->cursor, r->asked_at, e);
}

static void
taken(struct task *t, const struct err *e)
{
	struct reading *r = t->data;

	if (e != NULL) {
		failed(r, "its contacts cannot be stored", 0);
		return;
	}
	r->failures = 0;
	over(r, PACE);
}

/* This member, or this contact, cannot be asked about: the next one. A place in a list that
 * is refused is lost: from its start again. */
static int
pass_run(struct task *t, struct work *w, struct err *e)
{
	struct reading *r = t->data;
	struct roster place = r->roster;

	if (r->contact != 0)
		return follow_answered(w->store, r->contact, e);
	if (*place.cursor == '\0') {
		place.read_at = w->now;
		place.perr = r->cursor;
	}
	place.begun_at = 0;
	place.cursor = "";
	return roster_put(w->store, &place, e);
}

/* ---- the call ---- */

static void
refused(struct reading *r, const struct answer *why)
{
	struct engine *en = r->en;

	if (why->stale_token)
		pocket_stale(en, r->errand.acc, r->errand.http.req.url);
	if (why->outcome != OUTCOME_REJECTED) {
		failed(r, why->perr, why->retry_after);
		return;
	}
	log_info("contacts_passed", "account=%s code=%s", r->account, why->perr);
	r->cursor = arena_strdup(r->errand.arena, why->perr);
	task_start(task_new(en, pass_run, taken, r, NULL));
}

static void
answered(struct http_call *http)
{
	struct reading *r =
	    (struct reading *)((char *)http - offsetof(struct reading, errand));
	const struct provider *p = provider_find(r->errand.acc->type);
	struct answer why = { .outcome = OUTCOME_UNKNOWN };

	if (http->end != HTTP_ANSWERED) {
		failed(r, pocket_why(http), 0);
		return;
	}
	r->n = 0;
	r->cursor = "";
	if (p->contacts_answer(r->errand.acc, &r->query, http->status, http->body,
		http->body_len, r->errand.arena, &r->rows, &r->n, &r->cursor,
		&why) != 0) {
		refused(r, &why);
		return;
	}
	pocket_good(r->en, r->errand.acc);
	task_start(task_new(r->en, take_run, taken, r, NULL));
}

static void
ask(struct reading *r)
{
	struct errand *er = &r->errand;
	struct err e = { 0 };

	if (provider_find(er->acc->type)
		->contacts(er->acc, &r->query, er->arena, &er->request, &e) != 0)
		failed(r, e.text, 0);
	else
		errand_go(er, answered);
}

/* ---- what is to be asked ---- */

/* First whom a callback told of, then the member whose turn it is. */
static int
pick_run(struct task *t, struct work *w, struct err *e)
{
	struct reading *r = t->data;
	struct contact_row c;
	struct roster place;
	int rc;

	r->contact = 0;
	r->query = (struct contact_query){ "", "", "" };
	r->asked_at = w->now;
	if ((rc = follow_asked(w->store, r->account, &r->contact, e)) < 0)
		return -1;
	if (rc == 1) {
		if (contact_get(w->store, r->contact, &c, e) != 1)
			return -1;
		r->query.external = arena_strdup(r->errand.arena, c.external);
		return 0;
	}
	r->contact = 0;
	rc = roster_next(w->store, r->account, r->due, desk_today(w), &place, e);
	if (rc != 1)
		return rc;
	r->roster = (struct roster){ .account = r->account,
		.member = arena_strdup(r->errand.arena, place.member),
		.cursor = arena_strdup(r->errand.arena, place.cursor),
		.perr = "",
		.begun_at = place.begun_at,
		.read_at = place.read_at };
	r->query.member = r->roster.member;
	r->query.cursor = r->roster.cursor;
	return 0;
}

static void
picked(struct task *t, const struct err *e)
{
	struct reading *r = t->data;

	if (e != NULL)
		failed(r, "the database cannot be read", 0);
	else if (t->en->stopping ||
		 (*r->query.member == '\0' && *r->query.external == '\0'))
		over(r, IDLE);
	else
		ask(r);
}

static struct reading *
reading_of(struct engine *en, const struct account *acc)
{
	struct reading *r = g_hash_table_lookup(en->contacts->all, acc->name);

	if (r != NULL)
		return r;
	r = g_new0(struct reading, 1);
	r->en = en;
	r->account = g_strdup(acc->name);
	g_hash_table_insert(en->contacts->all, r->account, r);
	return r;
}

/* When it is worth looking again, on the boot clock. */
static ms_t
look(struct engine *en, const struct account *acc, ms_t boot)
{
	struct reading *r = reading_of(en, acc);
	const struct outlet *o = outlet_of(en, acc);
	ms_t ready = MS_NEVER;

	if (r->busy)
		return MS_NEVER;
	if (boot < r->next)
		return r->next;
	if (o == NULL || o->frozen)
		return boot + MS_MINUTE;
	if (!pocket_ready(en, acc, boot, &ready))
		return MIN(ready, boot + MS_SECOND);
	r->busy = true;
	errand_open(&r->errand, en, acc);
	r->due = contacts_due(en);
	task_start_read(task_new(en, pick_run, picked, r, NULL));
	return MS_NEVER;
}

static bool
has_contacts(const struct account *acc)
{
	const struct provider *p = provider_find(acc->type);

	return p != NULL && p->contacts != NULL;
}

void
contacts_look(struct engine *en)
{
	const struct config *cfg = en->catalog->config;
	ms_t boot = en->world->boot(en->world), next = MS_NEVER;

	if (!en->started || en->stopping || en->options.rehearsal)
		return;
	for (int i = 0; i < cfg->n_accounts; i++)
		if (has_contacts(&cfg->accounts[i]))
			next = MIN(next, look(en, &cfg->accounts[i], boot));
	if (next != MS_NEVER)
		en->world->timer_set_boot(en->world, &en->contacts->timer, next);
}

void
contacts_wake(struct engine *en)
{
	GHashTableIter it;
	gpointer r;

	g_hash_table_iter_init(&it, en->contacts->all);
	while (g_hash_table_iter_next(&it, NULL, &r)) {
		struct reading *one = r;

		if (one->busy)
			one->woken = true;
		else if (one->failures == 0)
			one->next = 0;
	}
	contacts_look(en);
}
