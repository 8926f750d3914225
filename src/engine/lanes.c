#include "lanes.h"

#include "store/msg.h"

static int
channel_budget(const struct work *w, const struct budget *budgets, int channel)
{
	int n = 0;

	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (w->cat->config->accounts[i].channels & BIT(channel) && budgets[i].usable)
			n += budgets[i].left;
	return n;
}

static bool
open_lane(const struct work *w, const struct lane *l)
{
	return !l->paused && l->next <= w->now;
}

/* A channel nobody serves still has to tell its messages so. */
static bool
served(const struct work *w, int channel)
{
	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (w->cat->config->accounts[i].channels & BIT(channel))
			return true;
	return false;
}

static int
lane_due(struct work *w, struct lane *l, struct budget *budgets, int share,
    struct batch *batches, GPtrArray *out, int *taken, struct err *e)
{
	struct message *m;
	int room = served(w, l->channel) ? channel_budget(w, budgets, l->channel) : share;
	int want = MIN(share, room), n;

	*taken = 0;
	if (want <= 0)
		return 0;
	m = arena_array(w->arena, struct message, want);
	n = msg_due(w->store, l->playbook, l->channel, w->now, m, want, e);
	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		/* The run of an earlier one may have ended this one. */
		if (i > 0 && m[i].customer == m[i - 1].customer && msg_get(w->store, m[i].id, &m[i], e) != 1)
			return -1;
		if (m[i].state == MSG_DUE && begin_one(w, &m[i], budgets, batches, out, e) != 0)
			return -1;
	}
	*taken = n;
	return n < want ? msg_next_due(w->store, l->playbook, l->channel, &l->next, e) : 0;
}

int
lanes_begin(struct work *w, struct budget *budgets, int max, GPtrArray *out, struct err *e)
{
	struct desk *d = w->desk;
	struct batch *batches =
	    arena_array(w->arena, struct batch, MAX(1, w->cat->config->n_accounts));
	int open = 0, got, before;

	for (guint i = 0; i < d->lanes->len; i++)
		open += open_lane(w, &g_array_index(d->lanes, struct lane, i));
	if (open == 0)
		return 0;
	d->turn++;
	/* Every open lane gets its share first; what is left goes round again. */
	do {
		before = max;
		for (guint k = 0; k < d->lanes->len && max > 0; k++) {
			guint i = (guint)((d->turn + k) % d->lanes->len);
			struct lane *l = &g_array_index(d->lanes, struct lane, i);

			if (!open_lane(w, l))
				continue;
			if (lane_due(w, l, budgets, MIN(max, MAX(1, before / open)), batches, out, &got,
				e) != 0)
				return -1;
			max -= got;
		}
	} while (max > 0 && max < before);
	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (intent_close(w, &batches[i], out, e) != 0)
			return -1;
	return 0;
}
