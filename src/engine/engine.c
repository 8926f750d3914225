/* Start, stop, freeze: the engine as a whole. Loop thread. */
#include <string.h>

#include "access.h"
#include "contacts.h"
#include "counting.h"
#include "base/log.h"
#include "engine_impl.h"
#include "notices.h"
#include "outlet.h"
#include "pocket.h"
#include "publish.h"
#include "stock.h"
#include "pulls.h"
#include "recover.h"

/* More than most calls take. */
#define STOP_WAIT (20 * MS_SECOND)

static void
due_fire(struct timer *t)
{
	dispatch_look((struct engine *)((char *)t - offsetof(struct engine, due_timer)));
}

static void
token_fire(struct timer *t)
{
	dispatch_look((struct engine *)((char *)t - offsetof(struct engine, token_timer)));
}

struct engine *
engine_new(const struct engine_options *o)
{
	struct engine *en = g_new0(struct engine, 1);

	en->options = *o;
	en->world = o->world;
	en->catalog = o->catalog;
	en->desk = desk_new(o->world, o->rehearsal);
	en->desk->portion = o->portion;
	if (o->draw_key != NULL)
		en->desk->draw = crypt_new(o->draw_key);
	en->stops = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	en->frozen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	en->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	en->due_timer.fire = due_fire;
	en->token_timer.fire = token_fire;
	en->mend_timer.fire = task_mend;
	en->pocket = pocket_new(en);
	en->stock = stock_new(en);
	en->pulls = pulls_new(en);
	en->contacts = contacts_new(en);
	en->keyring = access_keys_new();
	en->notices = notices_new(en);
	outlet_catalog(en);
	return en;
}

struct starting {
	void (*ready)(void *arg, const struct err *e);
	void *arg;
};

static void
nobody_waits(void *arg, int status, const char *json)
{
	(void)arg;
	(void)status;
	(void)json;
}

static void
recovered(struct engine *en, void *arg, const struct err *e)
{
	struct starting *s = arg;

	if (en->stopping) { /* told to stop before it had begun */
		g_free(s);
		return;
	}
	if (e == NULL) {
		en->started = true;
		en->started_at = en->world->boot(en->world);
		en->began_at = en->world->now(en->world);
		clockwork_start(en);
		log_info("started", "epoch=%" G_GINT64_FORMAT " playbooks=%d", en->epoch,
		    en->catalog->n_versions);
	}
	s->ready(s->arg, e);
	g_free(s);
	if (e == NULL && !en->stopping) {
		if (en->changed_before)
			engine_reload_next(en, nobody_waits, NULL);
		import_resume(en);
		nightly_start(en);
		pulls_look(en);
		contacts_look(en);
		notices_look(en);
		dispatch_look(en);
		clockwork_look(en);
	}
}

void
engine_start(struct engine *en, void (*ready)(void *arg, const struct err *e), void *arg)
{
	struct starting *s = g_new0(struct starting, 1);

	s->ready = ready;
	s->arg = arg;
	recover_start(en, recovered, s);
}

/* A mail server may think for ten minutes: nobody waits that long for a stop. What it
 * has read is unknown to the next life. */
static void
waited_enough(struct timer *t)
{
	struct engine *en =
	    (struct engine *)((char *)t - offsetof(struct engine, stop_timer));
	void (*told)(void *arg) = en->stopped;

	log_warn("stopped_waiting", "calls=%d", en->in_flight);
	en->stopped = NULL;
	if (told != NULL)
		told(en->stopped_arg);
}

void
engine_stop(struct engine *en, void (*stopped)(void *arg), void *arg)
{
	en->stopping = true;
	clockwork_stop(en);
	nightly_cancel(en);
	pulls_stop(en);
	contacts_stop(en);
	notices_stop(en);
	en->world->timer_cancel(en->world, &en->due_timer);
	en->world->timer_cancel(en->world, &en->token_timer);
	en->world->timer_cancel(en->world, &en->mend_timer);
	if (dispatch_idle(en)) {
		stopped(arg);
		return;
	}
	en->stopped = stopped;
	en->stopped_arg = arg;
	en->stop_timer.fire = waited_enough;
	en->world->timer_set_boot(
	    en->world, &en->stop_timer, en->world->boot(en->world) + STOP_WAIT);
}

void
engine_free(struct engine *en)
{
	if (en == NULL)
		return;
	nightly_stop(en);
	counting_free(en);
	flight_close(en->flight);
	desk_free(en->desk);
	catalog_unref(en->catalog);
	catalog_unref(en->census);
	publish_forget(en);
	g_ptr_array_unref(en->outlets);
	pulls_free(en->pulls);
	contacts_free(en->contacts);
	notices_free(en->notices);
	pocket_free(en->pocket);
	stock_free(en->stock);
	g_hash_table_unref(en->stops);
	g_hash_table_unref(en->frozen);
	g_hash_table_unref(en->keys);
	g_ptr_array_unref(en->keyring);
	json_decref(en->refused);
	g_free(en);
}

struct world *
engine_world(struct engine *en)
{
	return en->world;
}

const struct catalog *
engine_catalog(struct engine *en)
{
	return en->catalog;
}

void
engine_freeze(struct engine *en, const char *cause)
{
	if (g_hash_table_add(en->frozen, g_strdup(cause)))
		log_error("frozen", "cause=%s effect=\"nothing is sent until it is gone\"", cause);
}

void
engine_thaw(struct engine *en, const char *cause)
{
	if (!g_hash_table_remove(en->frozen, cause))
		return;
	log_info("thawed", "cause=%s", cause);
	dispatch_look(en);
	clockwork_look(en);
}

bool
engine_frozen_for(const struct engine *en, const char *cause)
{
	return g_hash_table_contains(en->frozen, cause);
}

bool
engine_is_frozen(const struct engine *en)
{
	return g_hash_table_size(en->frozen) > 0;
}
