/* timers.c - wall and boot timers: two 4-ary heaps over one uv_timer.
 *
 * A wall clock may jump, so while a wall timer waits the clocks are looked at
 * every second at least. timer->impl holds the place in its heap, so that
 * neither setting nor cancelling allocates or searches. */
#include "loop_impl.h"

#include <glib.h>

#include "base/check.h"

#define WALL_CHECK MS_SECOND

/* (index + 1) << 1 | clock; NULL: not set. */
static void
place(struct timer_heap *h, size_t i, int clock, struct timer_entry entry)
{
	h->entries[i] = entry;
	entry.timer->impl = (void *)(((uintptr_t)i + 1) << 1 | (uintptr_t)clock);
}

static bool
before(const struct timer_entry *a, const struct timer_entry *b)
{
	return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

static void
sift_up(struct timer_heap *h, size_t i, int clock, struct timer_entry entry)
{
	while (i > 0 && before(&entry, &h->entries[(i - 1) / 4])) {
		place(h, i, clock, h->entries[(i - 1) / 4]);
		i = (i - 1) / 4;
	}
	place(h, i, clock, entry);
}

static void
sift_down(struct timer_heap *h, size_t i, int clock, struct timer_entry entry)
{
	for (;;) {
		size_t least = i;
		const struct timer_entry *e = &entry;

		for (size_t c = 4 * i + 1; c < h->n && c <= 4 * i + 4; c++)
			if (before(&h->entries[c], e)) {
				least = c;
				e = &h->entries[c];
			}
		if (least == i)
			break;
		place(h, i, clock, *e);
		i = least;
	}
	place(h, i, clock, entry);
}

static void
heap_remove(struct timer_heap *h, size_t i, int clock)
{
	struct timer_entry last = h->entries[--h->n];

	h->entries[i].timer->impl = NULL;
	if (i == h->n)
		return;
	if (i > 0 && before(&last, &h->entries[(i - 1) / 4]))
		sift_up(h, i, clock, last);
	else
		sift_down(h, i, clock, last);
}

/* Boot ms from `now` to `at`; never less than what is left. */
static uint64_t
wait_for(ms_t now, ms_t at, double speed)
{
	double left;

	if (at <= now)
		return 0;
	left = ((double)at - (double)now) / speed;
	return left >= 1e15 ? (uint64_t)1e15 : (uint64_t)left + (speed != 1 ? 1 : 0);
}

static void tick(uv_timer_t *t);

static void
arm(struct loop *l)
{
	const struct timer_heap *wall = &l->timers.heaps[TIMER_WALL];
	const struct timer_heap *boot = &l->timers.heaps[TIMER_BOOT];
	uint64_t wait = UINT64_MAX;

	if (l->closing)
		return;
	if (wall->n > 0) {
		wait = wait_for(
		    l->world.now(&l->world), wall->entries[0].at, l->world.speed);
		wait = MIN(wait, (uint64_t)WALL_CHECK);
	}
	if (boot->n > 0)
		wait = MIN(wait, wait_for(loop_boot(), boot->entries[0].at, 1));
	if (wait == UINT64_MAX) {
		uv_timer_stop(&l->timers.tick);
		return;
	}
	uv_update_time(&l->uv);
	uv_timer_start(&l->timers.tick, tick, wait, 0);
}

static void
fire_due(struct loop *l, int clock, ms_t now)
{
	struct timer_heap *h = &l->timers.heaps[clock];
	size_t budget = h->n; /* one that sets itself to now does not hold the loop */

	while (budget-- > 0 && h->n > 0 && h->entries[0].at <= now) {
		struct timer *t = h->entries[0].timer;
		uint64_t start = uv_hrtime();

		heap_remove(h, 0, clock);
		t->fire(t);
		loop_measure(l, "timer", start);
	}
}

static void
tick(uv_timer_t *t)
{
	struct loop *l = t->data;

	fire_due(l, TIMER_BOOT, loop_boot());
	fire_due(l, TIMER_WALL, l->world.now(&l->world));
	arm(l);
}

static void
cancel(struct loop *l, struct timer *t)
{
	uintptr_t where = (uintptr_t)t->impl;

	if (where != 0)
		heap_remove(&l->timers.heaps[where & 1], (size_t)(where >> 1) - 1,
		    (int)(where & 1));
}

static void
set(struct loop *l, struct timer *t, int clock, ms_t at)
{
	struct timer_heap *h = &l->timers.heaps[clock];
	struct timer_entry entry = { at, l->timers.seq++, t };

	cancel(l, t);
	if (h->n == h->size) {
		h->size = h->size == 0 ? 64 : 2 * h->size;
		h->entries = g_renew(struct timer_entry, h->entries, h->size);
	}
	sift_up(h, h->n++, clock, entry);
	if (h->entries[0].timer == t)
		arm(l);
}

void
timers_set_wall(struct world *w, struct timer *t, ms_t at)
{
	set(loop_of(w), t, TIMER_WALL, at);
}

void
timers_set_boot(struct world *w, struct timer *t, ms_t at)
{
	set(loop_of(w), t, TIMER_BOOT, at);
}

void
timers_cancel(struct world *w, struct timer *t)
{
	cancel(loop_of(w), t);
}

void
timers_init(struct loop *l)
{
	CHECK(uv_timer_init(&l->uv, &l->timers.tick) == 0);
	l->timers.tick.data = l;
}

void
timers_fini(struct loop *l)
{
	uv_close((uv_handle_t *)&l->timers.tick, NULL);
	for (int i = 0; i < 2; i++) {
		struct timer_heap *h = &l->timers.heaps[i];

		while (h->n > 0)
			heap_remove(h, h->n - 1, i);
		g_free(h->entries);
	}
}
