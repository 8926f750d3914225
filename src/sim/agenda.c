#include "sim/agenda.h"

#include <glib.h>

#include "base/check.h"

struct agenda_entry {
	ms_t at;
	uint64_t seq;
	agenda_fn *fn;
	void *arg;
	int life;
	bool wall;
	guint pos;
	struct agenda_entry *free;
};

struct agenda {
	GPtrArray *heap;
	struct agenda_entry *free;
	uint64_t seq;
	ms_t now;
};

struct agenda *
agenda_new(void)
{
	struct agenda *a = g_new0(struct agenda, 1);

	a->heap = g_ptr_array_new();
	return a;
}

void
agenda_free(struct agenda *a)
{
	if (a == NULL)
		return;
	for (guint i = 0; i < a->heap->len; i++)
		g_free(a->heap->pdata[i]);
	while (a->free != NULL) {
		struct agenda_entry *e = a->free;

		a->free = e->free;
		g_free(e);
	}
	g_ptr_array_unref(a->heap);
	g_free(a);
}

ms_t
agenda_now(const struct agenda *a)
{
	return a->now;
}

static bool
before(const struct agenda_entry *a, const struct agenda_entry *b)
{
	return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

static void
put(struct agenda *a, guint i, struct agenda_entry *e)
{
	a->heap->pdata[i] = e;
	e->pos = i;
}

static void
up(struct agenda *a, struct agenda_entry *e)
{
	guint i = e->pos;

	for (; i > 0; i = (i - 1) / 2) {
		struct agenda_entry *over = a->heap->pdata[(i - 1) / 2];

		if (!before(e, over))
			break;
		put(a, i, over);
	}
	put(a, i, e);
}

static void
down(struct agenda *a, struct agenda_entry *e)
{
	guint i = e->pos, n = a->heap->len;

	for (guint c; (c = 2 * i + 1) < n; i = c) {
		if (c + 1 < n && before(a->heap->pdata[c + 1], a->heap->pdata[c]))
			c++;
		if (!before(a->heap->pdata[c], e))
			break;
		put(a, i, a->heap->pdata[c]);
	}
	put(a, i, e);
}

static void
place(struct agenda *a, struct agenda_entry *e)
{
	up(a, e);
	down(a, e);
}

struct agenda_entry *
agenda_at(struct agenda *a, ms_t at, int life, agenda_fn *fn, void *arg)
{
	struct agenda_entry *e = a->free;

	if (e != NULL)
		a->free = e->free;
	else
		e = g_new(struct agenda_entry, 1);
	*e = (struct agenda_entry){ .at = MAX(at, a->now),
		.seq = a->seq++,
		.fn = fn,
		.arg = arg,
		.life = life,
		.pos = a->heap->len };
	g_ptr_array_add(a->heap, e);
	up(a, e);
	return e;
}

static void
take_off(struct agenda *a, struct agenda_entry *e)
{
	struct agenda_entry *last = a->heap->pdata[a->heap->len - 1];
	guint pos = e->pos;

	g_ptr_array_set_size(a->heap, (gint)a->heap->len - 1);
	if (last != e) {
		put(a, pos, last);
		place(a, last);
	}
	e->free = a->free;
	a->free = e;
}

void
agenda_cancel(struct agenda *a, struct agenda_entry *e)
{
	take_off(a, e);
}

void
agenda_move(struct agenda *a, struct agenda_entry *e, ms_t at)
{
	e->at = MAX(at, a->now);
	e->seq = a->seq++;
	place(a, e);
}

void
agenda_tie(struct agenda_entry *e, bool wall)
{
	e->wall = wall;
}

/* Everything back into order after many keys have changed. */
static void
sort_again(struct agenda *a)
{
	GPtrArray *old = a->heap;

	a->heap = g_ptr_array_sized_new(old->len + 1);
	for (guint i = 0; i < old->len; i++) {
		struct agenda_entry *e = old->pdata[i];

		e->pos = a->heap->len;
		g_ptr_array_add(a->heap, e);
		up(a, e);
	}
	g_ptr_array_unref(old);
}

void
agenda_shift(struct agenda *a, ms_t by)
{
	for (guint i = 0; i < a->heap->len; i++) {
		struct agenda_entry *e = a->heap->pdata[i];

		if (e->wall)
			e->at = MAX(e->at + by, a->now);
	}
	sort_again(a);
}

void
agenda_drop(struct agenda *a, int life)
{
	guint kept = 0;

	for (guint i = 0; i < a->heap->len; i++) {
		struct agenda_entry *e = a->heap->pdata[i];

		if (e->life == life) {
			e->free = a->free;
			a->free = e;
		} else
			a->heap->pdata[kept++] = e;
	}
	g_ptr_array_set_size(a->heap, (gint)kept);
	sort_again(a);
}

ms_t
agenda_next(const struct agenda *a)
{
	return a->heap->len == 0 ? MS_NEVER
				 : ((struct agenda_entry *)a->heap->pdata[0])->at;
}

bool
agenda_step(struct agenda *a)
{
	struct agenda_entry *e;
	agenda_fn *fn;
	void *arg;

	if (a->heap->len == 0)
		return false;
	e = a->heap->pdata[0];
	fn = e->fn;
	arg = e->arg;
	CHECK(e->at >= a->now);
	a->now = e->at;
	take_off(a, e);
	fn(arg);
	return true;
}

void
agenda_wait(struct agenda *a, ms_t until)
{
	CHECK(until <= agenda_next(a));
	a->now = MAX(a->now, until);
}
