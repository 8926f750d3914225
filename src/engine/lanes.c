#include "lanes.h"

#include <string.h>

#include "store/msg.h"

/* How many of a channel's messages may be asked about: what its accounts take now. Where
 * none serves or all are frozen, what the others take, for a step may name them; when there
 * are none at all, any number. */
static int
channel_room(const struct work *w, const struct budget *budgets, int channel, int share)
{
	int own = 0, others = 0;
	bool alive = false, any = false;

	/* Calls go to people, not through accounts. */
	if (channel == CHANNEL_PHONE)
		return share;
	for (int i = 0; i < w->cat->config->n_accounts; i++) {
		bool its = w->cat->config->accounts[i].channels & BIT(channel);

		any |= !budgets[i].frozen;
		alive |= its && !budgets[i].frozen;
		*(its ? &own : &others) += budgets[i].usable ? budgets[i].left : 0;
	}
	return alive ? own : any ? others : share;
}

static bool
open_lane(const struct work *w, const struct lane *l)
{
	return l->next <= w->now;
}

/* Those of a lane that are due, as many as their channel has room for: how many, -1. */
static int
begin_due(struct work *w, const struct lane *l, struct message *m, int n,
    struct budget *budgets, struct batch *batches, GPtrArray *out, struct err *e)
{
	GHashTable *met = g_hash_table_new(NULL, NULL); /* customers */
	int i, rc = 0;

	for (i = 0; i < n && rc == 0 && channel_room(w, budgets, l->channel, 1) > 0; i++) {
		/* What became of an earlier one of his may have ended this one. */
		if (!g_hash_table_add(met, GSIZE_TO_POINTER((gsize)m[i].customer)) &&
		    msg_get(w->store, m[i].id, &m[i], e) != 1)
			rc = -1;
		else if (m[i].state == MSG_DUE)
			rc = begin_one(w, &m[i], budgets, batches, out, e);
	}
	g_hash_table_unref(met);
	return rc == 0 ? i : -1;
}

static int
lane_due(struct work *w, struct lane *l, struct budget *budgets, int share, int sharing,
    struct batch *batches, GPtrArray *out, int *taken, struct err *e)
{
	struct message *m;
	int room = channel_room(w, budgets, l->channel, share);
	int want = MIN(share, (room + sharing - 1) / sharing), n;

	*taken = 0;
	if (want <= 0)
		return 0;
	m = arena_array(w->arena, struct message, want);
	n = msg_due(w->store, l->playbook, l->channel, w->now, m, want, e);
	if (n < 0 || (*taken = begin_due(w, l, m, n, budgets, batches, out, e)) < 0)
		return -1;
	return *taken == n && n < want
		   ? msg_next_due(w->store, l->playbook, l->channel, &l->next, e)
		   : 0;
}

/* The open lanes, and how many of them share each channel's budget. */
static int
open_lanes(const struct work *w, struct lane **open, int sharing[CHANNELS])
{
	int n = 0;

	memset(sharing, 0, CHANNELS * sizeof(int));
	for (guint i = 0; i < w->desk->lanes->len; i++) {
		struct lane *l = &g_array_index(w->desk->lanes, struct lane, i);

		if (!open_lane(w, l))
			continue;
		open[n++] = l;
		sharing[l->channel]++;
	}
	return n;
}

/* Every open lane gets its share of the room and of its channel's budget; what one
 * leaves goes to those after it. Another one begins each time. */
static int
one_round(struct work *w, struct lane **open, struct budget *budgets, int *max,
    struct batch *batches, GPtrArray *out, struct err *e)
{
	int sharing[CHANNELS], n = open_lanes(w, open, sharing);

	for (int k = 0; k < n && *max > 0; k++) {
		struct lane *l = open[(w->desk->turn + (uint64_t)k) % (uint64_t)n];
		int share = MAX(1, *max / (n - k)), got;

		if (lane_due(w, l, budgets, share, sharing[l->channel]--, batches, out, &got, e) != 0)
			return -1;
		*max -= got;
	}
	return 0;
}

int
lanes_begin(struct work *w, struct budget *budgets, int max, GPtrArray *out, struct err *e)
{
	struct batch *batches =
	    arena_array(w->arena, struct batch, MAX(1, w->cat->config->n_accounts));
	struct lane **open = arena_array(w->arena, struct lane *, MAX(1, w->desk->lanes->len));
	int before;

	w->desk->turn++;
	do {
		before = max;
		if (one_round(w, open, budgets, &max, batches, out, e) != 0)
			return -1;
	} while (max > 0 && max < before);
	for (int i = 0; i < w->cat->config->n_accounts; i++)
		if (intent_close(w, &batches[i], out, e) != 0)
			return -1;
	return 0;
}
