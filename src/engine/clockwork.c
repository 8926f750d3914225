/* What happens because time passes: waits, the sweep, settling. Loop thread. */
#include <string.h>

#include "base/log.h"
#include "engine_impl.h"
#include "grant.h"
#include "missed.h"
#include "outlet.h"
#include "plan.h"
#include "settle.h"
#include "proof.h"
#include "spam.h"
#include "store/batch.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/optout.h"
#include "store/run.h"
#include "store/turn.h"
#include "sweep.h"
#include "tasks.h"
#include "vitals.h"
#include "winner.h"

#define WAKES 64
#define SETTLES 32
#define MINDED 64

/* ---- runs whose wait is over ---- */

/* A run that cannot go on must not stand before all others. */
static int
wake_one(struct work *w, int64_t id, struct err *e)
{
	struct err own = { 0 };
	struct run r;

	if (store_mark(w->store, e) != 0)
		return -1;
	if (plan_wake(w, id, &own) == 0)
		return store_unmark(w->store, e);
	if (store_back(w->store, &own, e) != 0)
		return -1;
	log_error("run_failed", "run=%" G_GINT64_FORMAT " error=\"%s\"", id, own.text);
	if (run_get(w->store, id, &r, e) != 1)
		return -1;
	r.wake_at = w->now + MS_HOUR;
	return run_save(w->store, &r, e);
}

static int
wake_run(struct task *t, struct work *w, struct err *e)
{
	int64_t ids[WAKES];
	int n = run_due(w->store, w->now, ids, WAKES, e);
	ms_t decide;

	(void)t;
	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (wake_one(w, ids[i], e) != 0)
			return -1;
	if (winner_due(w, &decide, e) != 0 ||
	    run_next_wake(w->store, &w->desk->next_wake, e) != 0)
		return -1;
	desk_wake(w->desk, decide);
	return 0;
}

static void
wake_done(struct task *t, const struct err *e)
{
	t->en->waking = false;
	if (e != NULL)
		t->en->next_wake = t->now + MS_MINUTE;
}

/* ---- open outcomes ---- */

static int
settle_run(struct task *t, struct work *w, struct err *e)
{
	g_ptr_array_set_size(t->data, 0);
	return settle_due(w, SETTLES, t->data, e);
}

static void
settle_done(struct task *t, const struct err *e)
{
	GPtrArray *intents = t->data;

	t->en->settling = false;
	for (guint i = 0; i < intents->len; i++) {
		struct intent *it = intents->pdata[i];

		/* What finds no room now is asked again later. */
		if (e != NULL || !outlet_may(t->en, it->account))
			continue;
		dispatch_send(t, it);
		intents->pdata[i] = NULL; /* the call's now */
	}
	if (e != NULL)
		t->en->next_settle = t->now + MS_MINUTE;
}

/* ---- tasks, and who did not come ---- */

static int
people_run(struct task *t, struct work *w, struct err *e)
{
	(void)t;
	if (tasks_clock(w, MINDED, e) != 0)
		return -1;
	return missed_clock(w, MINDED, &w->desk->next_people, e);
}

static void
people_done(struct task *t, const struct err *e)
{
	t->en->minding = false;
	if (e != NULL)
		t->en->next_people = t->now + MS_MINUTE;
}

/* ---- the sweep ---- */

static int
sweep_run(struct task *t, struct work *w, struct err *e)
{
	return sweep_portion(w, t->data, e);
}

static void
sweep_done(struct task *t, const struct err *e)
{
	t->en->sweeping = false;
	t->en->next_sweep = e == NULL ? *(ms_t *)t->data : t->now + MS_MINUTE;
}

void
clockwork_look(struct engine *en)
{
	ms_t now = en->world->now(en->world);

	if (!en->started || en->stopping)
		return;
	vitals_clock(en);
	/* A clock that is wrong would end waits and lives; a full disk takes no plans. */
	if (engine_frozen_for(en, "clock") || engine_frozen_for(en, "disk"))
		return;
	if (en->next_wake > now)
		en->world->timer_set(en->world, &en->wake_timer, en->next_wake);
	else if (!en->waking) {
		en->waking = true;
		task_start_repeatable(task_new(en, wake_run, wake_done, NULL, NULL));
	}
	if (en->next_people > now)
		en->world->timer_set(en->world, &en->people_timer, en->next_people);
	else if (!en->minding) {
		en->minding = true;
		task_start_repeatable(task_new(en, people_run, people_done, NULL, NULL));
	}
	if (en->next_settle > now)
		en->world->timer_set(en->world, &en->settle_timer, en->next_settle);
	else if (!en->settling && !engine_is_frozen(en)) {
		en->settling = true;
		task_start_repeatable(task_new(en, settle_run, settle_done, intent_list(),
		    (GDestroyNotify)g_ptr_array_unref));
	}
	if (en->next_sweep > now)
		en->world->timer_set(en->world, &en->sweep_timer, en->next_sweep);
	else if (!en->sweeping) {
		en->sweeping = true;
		task_start_repeatable(task_new(en, sweep_run, sweep_done, g_new0(ms_t, 1), g_free));
	}
}

/* ---- once an hour: what may be forgotten ---- */

static int
tidy_run(struct task *t, struct work *w, struct err *e)
{
	int gone;

	(void)t;
	if (idempotency_purge(w->store, w->now - 7 * MS_DAY, e) != 0 ||
	    inbox_once_purge(w->store, w->now - MS_DAY, e) != 0 ||
	    batch_purge(w->store, w->now - 30 * MS_DAY, e) != 0 ||
	    request_purge(w->store, w->now - 2 * MS_DAY, e) != 0 ||
	    rush_purge(w->store, w->now - 35 * MS_DAY, e) != 0 ||
	    turn_purge(w->store, w->now - 30 * MS_DAY, e) != 0 ||
	    parked_purge(w->store, w->now, &gone, e) != 0 || grant_over(w, e) != 0 ||
	    spam_clock(w, e) != 0 || proof_clock(w, e) != 0)
		return -1;
	if (gone > 0)
		log_warn("events_dropped",
		    "count=%d reason=\"the customer stayed unknown for 24 h\"", gone);
	return 0;
}

static void
tidy(struct timer *t)
{
	struct engine *en =
	    (struct engine *)((char *)t - offsetof(struct engine, tidy_timer));

	if (!en->stopping && !engine_frozen_for(en, "clock"))
		task_start(task_new(en, tidy_run, NULL, NULL, NULL));
	requests_look(en);
	en->world->timer_set(en->world, t, en->world->now(en->world) + MS_HOUR);
}

#define FIRE(name)                                                                   \
	static void name##_fire(struct timer *t)                                     \
	{                                                                            \
		clockwork_look((struct engine *)((char *)t - offsetof(struct engine, \
								 name##_timer)));    \
	}
FIRE(wake)
FIRE(settle)
FIRE(sweep)
FIRE(people)

void
clockwork_start(struct engine *en)
{
	en->wake_timer.fire = wake_fire;
	en->settle_timer.fire = settle_fire;
	en->sweep_timer.fire = sweep_fire;
	en->people_timer.fire = people_fire;
	en->tidy_timer.fire = tidy;
	en->next_wake = en->next_settle = en->next_sweep = en->next_people = 0;
	if (!en->options.rehearsal)
		vitals_start(en);
	tidy(&en->tidy_timer);
}

void
clockwork_stop(struct engine *en)
{
	struct timer *all[] = { &en->wake_timer, &en->settle_timer, &en->sweep_timer,
		&en->people_timer, &en->tidy_timer };

	vitals_stop(en);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		en->world->timer_cancel(en->world, all[i]);
}
