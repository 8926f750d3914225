/* Pauses of playbooks: people are frozen where they stand, and time that counts from what
 * they did stands still. */
#include "base/log.h"
#include "desk.h"
#include "intake.h"
#include "store/version.h"

ms_t
desk_held(const struct desk *d, int playbook, ms_t from, ms_t to)
{
	ms_t held = 0;

	for (guint i = 0; i < d->pauses->len; i++) {
		const struct pause *p = &g_array_index(d->pauses, struct pause, i);
		ms_t a = MAX(from, p->at), b = MIN(to, p->until == 0 ? to : p->until);

		if (p->playbook == playbook && b > a)
			held += b - a;
	}
	return held;
}

static void
note(void *arg, const struct pause *p)
{
	g_array_append_val((GArray *)arg, *p);
}

static bool
is_open(const struct desk *d, int playbook)
{
	for (guint i = 0; i < d->pauses->len; i++) {
		const struct pause *p = &g_array_index(d->pauses, struct pause, i);

		if (p->playbook == playbook && p->until == 0)
			return true;
	}
	return false;
}

static int
look(struct work *w, const struct live *l, struct err *e)
{
	bool open = is_open(w->desk, l->number), frozen = live_stands(l);

	if (frozen == open)
		return 0;
	log_info(frozen ? "paused" : "resumed", "playbook=%s", l->name);
	if (frozen) {
		int64_t key = intake_stand_key(l->number);

		g_array_append_val(w->stops, key);
		return pause_begin(w->store, l->number, w->now, e);
	}
	return pause_end(w->store, l->number, w->now, e);
}

int
desk_pauses(struct work *w, struct err *e)
{
	struct desk *d = w->desk;

	g_array_set_size(d->pauses, 0);
	if (pause_each(w->store, note, d->pauses, e) != 0)
		return -1;
	for (guint i = 0; i < d->lives->len; i++)
		if (look(w, &g_array_index(d->lives, struct live, i), e) != 0)
			return -1;
	g_array_set_size(d->pauses, 0);
	return pause_each(w->store, note, d->pauses, e);
}
