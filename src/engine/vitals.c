#include "vitals.h"

#include "base/log.h"
#include "engine_impl.h"
#include "store/store.h"

#define MARK_KEY "clock_mark"
#define MARK_EVERY MS_MINUTE
#define MIB (INT64_C(1) << 20)
/* After a job found no room it is not tried again before. */
#define FULL_PAUSE (2 * MS_SECOND)

/* ---- the clock ---- */

int
vitals_read(struct work *w, ms_t *mark, struct err *e)
{
	ms_t newest = message_id_time(store_newest_id(w->store));
	char text[32];

	if (store_meta_get(w->store, MARK_KEY, text, sizeof(text), e) != 0)
		return -1;
	*mark = g_ascii_strtoll(text, NULL, 10);
	/* Ids tell what came after the mark was written. Far beyond it they are of a
	 * clock that was not believed, or was set right since. */
	if (*mark == 0 || (newest > *mark && newest < *mark + 2 * MARK_EVERY))
		*mark = newest;
	return 0;
}

static int
mark_run(struct task *t, struct work *w, struct err *e)
{
	char text[32];

	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, *(ms_t *)t->data);
	return store_meta_set(w->store, MARK_KEY, text, e);
}

static void
mark_done(struct task *t, const struct err *e)
{
	(void)e;
	t->en->marking = false;
}

static void
write_mark(struct engine *en, ms_t boot)
{
	if (en->marking || (en->marked_at != 0 && boot - en->marked_at < MARK_EVERY))
		return;
	en->marking = true;
	en->marked_at = boot;
	task_start(task_new(en, mark_run, mark_done,
	    g_memdup2(&en->steady.mark, sizeof(en->steady.mark)), g_free));
}

static bool
vouched(struct world *w)
{
	return w->clock_vouched != NULL && w->clock_vouched(w);
}

void
vitals_clock(struct engine *en)
{
	struct world *w = en->world;
	ms_t wall = w->now(w), boot = w->boot(w), before = en->steady.wall;
	enum steady_fault was = en->steady.fault, fault;

	/* A wall made from the boot clock has nothing to disagree with. */
	if (w->speed != 1 || en->options.rehearsal)
		return;
	fault = steady_look(&en->steady, wall, boot, was != STEADY_OK && vouched(w));
	if (fault != was && fault != STEADY_OK)
		log_error("clock_doubted",
		    "why=\"%s\" do=\"%s\" moved_ms=%" G_GINT64_FORMAT, steady_why(fault),
		    steady_advice(fault), before == 0 ? 0 : wall - before);
	if (fault != STEADY_OK)
		engine_freeze(en, "clock");
	else {
		engine_thaw(en, "clock");
		write_mark(en, boot);
	}
}

/* ---- the disk ---- */

/* What must stay free for what comes in: 5 %, but never less than 256 MiB on a
 * disk that has them, nor more than 2 GiB. */
static int64_t
reserve(int64_t size)
{
	return MIN(CLAMP(size / 20, 256 * MIB, 2048 * MIB), size / 4);
}

static void
check_disk(struct engine *en)
{
	struct world *w = en->world;
	int64_t left = INT64_MAX, size = 0, keep;

	if (w->disk_room != NULL && w->disk_room(w, &left, &size) != 0)
		return;
	keep = reserve(size);
	if (left < keep)
		engine_freeze(en, "disk");
	else if (left >= keep + keep / 4 && w->boot(w) >= en->full_until)
		engine_thaw(en, "disk");
	if (left < 2 * keep && !en->disk_low)
		log_error("disk_low",
		    "free_mib=%" G_GINT64_FORMAT " stops_at_mib=%" G_GINT64_FORMAT,
		    left / MIB, keep / MIB);
	else if (en->disk_low && left >= 2 * keep + keep / 4)
		log_info("disk_fine", "free_mib=%" G_GINT64_FORMAT, left / MIB);
	else
		return;
	en->disk_low = !en->disk_low;
}

void
vitals_full(struct engine *en)
{
	en->full_until = en->world->boot(en->world) + FULL_PAUSE;
	engine_freeze(en, "disk");
}

/* ---- once a second ---- */

static void
look(struct timer *t)
{
	struct engine *en =
	    (struct engine *)((char *)t - offsetof(struct engine, second_timer));

	vitals_clock(en);
	check_disk(en);
	en->world->timer_set_boot(en->world, t, en->world->boot(en->world) + MS_SECOND);
}

void
vitals_start(struct engine *en)
{
	en->second_timer.fire = look;
	look(&en->second_timer);
}

void
vitals_stop(struct engine *en)
{
	en->world->timer_cancel(en->world, &en->second_timer);
}
