/* What a customer has had, holds and will have: the gate's facts. */
#include "standing.h"

#include <string.h>

#include "profile.h"
#include "slots.h"
#include "store/msg.h"

#define SENT_MAX 256
#define PLANS_MAX 64

struct sent_list {
	struct arena *arena;
	struct standing_sent *items;
	int n, room;
};

static void
note_sent(void *arg, ms_t at, int category)
{
	struct sent_list *l = arg;

	if (l->n == l->room && l->room < SENT_MAX) {
		struct standing_sent *more;

		l->room = MAX(8, 2 * l->room);
		more = arena_array(l->arena, struct standing_sent, l->room);
		if (l->n > 0)
			memcpy(more, l->items, sizeof(*more) * (size_t)l->n);
		l->items = more;
	}
	if (l->n < l->room)
		l->items[l->n++] = (struct standing_sent){ at, category };
}

static int
read_caps(struct work *w, struct person *p, const struct playbook *pb,
    const struct message *m, const struct tier *tier, struct standing *st, struct err *e)
{
	char scope[SLOT_TEXT];
	ms_t start, end;
	int month = gate_period(CAP_MONTH, p->house, w->now, &start, &end);
	int period = gate_period(tier->period, p->house, w->now, &start, &end);
	int *used = tier->period == CAP_YEAR ? &st->year_used : &st->month_used;

	if (cap_used(w->store, slots_customer(m->customer, scope), period, used, e) != 0)
		return -1;
	return pb->cap < 0
		   ? 0
		   : cap_used(w->store, slots_playbook(m->playbook, m->customer, scope),
			 month, &st->playbook_used, e);
}

/* Planned marketing of strictly higher priority, within the look-ahead. */
static int
read_plans(struct work *w, const struct playbook *pb, const struct message *m,
    struct standing *st, struct err *e)
{
	struct msg_rival all[PLANS_MAX];
	struct standing_plan *plans;
	int n = msg_rivals(w->store, m, pb->priority, w->now + w->cat->policy->lookahead,
	    all, PLANS_MAX, e);

	st->plans = plans = n > 0 ? arena_array(w->arena, struct standing_plan, n) : NULL;
	for (int i = 0; i < n; i++) {
		const struct live *live = desk_live(w->desk, all[i].playbook);

		if (live->status != PLAYBOOK_PAUSED)
			plans[st->n_plans++] = (struct standing_plan){ all[i].due_at,
				live->name, all[i].priority };
	}
	return n < 0 ? -1 : 0;
}

int
standing_load(struct work *w, struct person *p, const struct playbook *pb,
    const struct step *s, const struct message *m, struct standing *st, struct err *e)
{
	struct sent_list sent = { .arena = w->arena };
	const struct tier *tier = gate_tier(w->cat->policy, &p->row.c);

	*st = (struct standing){ .erased = p->row.erased_at != 0,
		.complaint_block = p->row.blocked_at != 0 };
	/* A complaint ends what a conversation would only hold. */
	if (!st->complaint_block)
		st->talk = profile_talk(p, &st->talk_until, &st->talk_at);
	for (int i = 0; i < CHANNELS; i++)
		st->invalid[i] = p->row.invalid >> i & 1;
	for (int i = 0; i < s->n_sends; i++) {
		enum channel c = s->templates[i]->channel;
		char scope[SLOT_TEXT];
		ms_t start, end;
		int64_t h;
		int rc;

		if (*p->row.c.address[c] == '\0')
			continue;
		h = customer_hash(w->store, c, p->row.c.address[c]);
		if ((rc = optout_has(w->store, h, c, e)) < 0)
			return -1;
		st->opted_out[c] = rc == 1;
		if (cap_used(w->store, slots_address(h, scope),
			gate_period(tier->period, p->house, w->now, &start, &end),
			&st->address_used[c], e) != 0)
			return -1;
	}
	if (reservation_since(
		w->store, m->customer, w->now - 32 * MS_DAY, note_sent, &sent, e) != 0)
		return -1;
	st->sent = sent.items;
	st->n_sent = sent.n;
	if (read_caps(w, p, pb, m, tier, st, e) != 0)
		return -1;
	return m->category == CATEGORY_MARKETING ? read_plans(w, pb, m, st, e) : 0;
}
