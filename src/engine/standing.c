/* What a customer has had, holds and will have: the gate's facts. */
#include "standing.h"

#include <string.h>

#include "profile.h"
#include "slots.h"
#include "store/msg.h"
#include "store/tie.h"

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
		l->items[l->n++] = (struct standing_sent){ at, category, 0 };
}

/* ---- people who share a number ---- */

#define SHARERS 64
#define THEIRS_MAX 64

static int
newest_first(const void *a, const void *b)
{
	const struct standing_sent *x = a, *y = b;

	return x->at > y->at ? -1 : x->at < y->at;
}

/* The same step about the same thing, within the days in which cars go together. A notice
 * about no thing of its own may tell each of something else. */
static bool
is_twin(const struct work *w, const struct message *m, const char *subject,
    const struct tie_sent *s)
{
	if (*subject == '\0' && m->category != CATEGORY_MARKETING)
		return false;
	return s->playbook == m->playbook && strcmp(s->step, m->step) == 0 &&
	       strcmp(s->subject, subject) == 0 && s->at > w->now - 3 * MS_DAY;
}

struct sharing {
	struct work *w;
	const struct message *m;
	const char *subject;
	struct sent_list *sent;
	struct standing *st;
};

static int
add_sharer(const struct sharing *g, int64_t id, enum channel c, int64_t h, struct err *e)
{
	struct tie_sent *all = arena_array(g->w->arena, struct tie_sent, THEIRS_MAX);
	int n = tie_sent(g->w->store, id, h, g->w->now - 32 * MS_DAY, all, THEIRS_MAX, e);

	for (int i = 0; i < n; i++) {
		int was = g->sent->n;

		note_sent(g->sent, all[i].at, all[i].category);
		if (g->sent->n > was)
			g->sent->items[was].only = BIT(c);
		if (g->st->twin[c] == NULL && is_twin(g->w, g->m, g->subject, &all[i]))
			g->st->twin[c] = arena_printf(g->w->arena,
			    "goes with message %" G_GINT64_FORMAT " to the same address",
			    all[i].msg);
	}
	return n < 0 ? -1 : 0;
}

/* What went to his addresses for others: asked only where somebody shares one. */
static int
read_sharers(
    const struct sharing *g, struct person *p, const struct step *s, struct err *e)
{
	unsigned done = 0;

	for (int i = 0; i < s->n_sends; i++) {
		enum channel c = s->templates[i]->channel;
		int64_t ids[SHARERS], h;
		int n;

		if (*p->row.c.address[c] == '\0' || done & BIT(c))
			continue;
		done |= BIT(c);
		h = customer_hash(g->w->store, c, p->row.c.address[c]);
		n = customer_of_address(g->w->store, h, ids, SHARERS, e);
		for (int k = 0; k < n; k++)
			if (ids[k] != p->row.c.id && add_sharer(g, ids[k], c, h, e) != 0)
				return -1;
		if (n < 0)
			return -1;
	}
	if (g->sent->n > 1)
		qsort(g->sent->items, (size_t)g->sent->n, sizeof(*g->sent->items),
		    newest_first);
	return 0;
}

/* The opt-out and the slots of each address that the step could go to. 1; 0: it has none; -1. */
static int
read_addresses(struct work *w, struct person *p, const struct step *s, int period,
    struct standing *st, struct cap_standing *last, struct err *e)
{
	char own[SLOT_TEXT], scope[SLOT_TEXT];
	int n = 0;

	slots_customer(p->row.c.id, own);
	for (int i = 0; i < s->n_sends; i++) {
		enum channel c = s->templates[i]->channel;
		struct cap_query ask = {
			.channel = (int)c, .customer = own, .period = period
		};

		if (*p->row.c.address[c] == '\0')
			continue;
		ask.h = customer_hash(w->store, c, p->row.c.address[c]);
		ask.address = slots_address(ask.h, scope);
		if (cap_standing(w->store, &ask, last, e) != 0)
			return -1;
		st->opted_out[c] = last->opted_out;
		st->address_used[c] = last->address_used;
		n++;
	}
	return n > 0;
}

static int
read_caps(struct work *w, struct person *p, const struct playbook *pb, const struct step *s,
    const struct message *m, const struct tier *tier, struct standing *st, struct err *e)
{
	char scope[SLOT_TEXT];
	ms_t start, end;
	int period = gate_period(tier->period, p->house, w->now, &start, &end);
	int *used = tier->period == CAP_YEAR ? &st->year_used : &st->month_used;
	struct cap_standing last = { 0 };
	int rc = read_addresses(w, p, s, period, st, &last, e);

	if (rc < 0)
		return -1;
	*used = last.customer_used;
	/* Old messages name who he was. */
	if ((rc == 0 || p->row.c.id != m->customer) &&
	    cap_used(w->store, slots_customer(m->customer, scope), period, used, e) != 0)
		return -1;
	if (pb->cap < 0)
		return 0;
	if (tier->period != CAP_MONTH)
		period = gate_period(CAP_MONTH, p->house, w->now, &start, &end);
	return cap_used(w->store, slots_playbook(m->playbook, m->customer, scope), period,
	    &st->playbook_used, e);
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
	if (reservation_since(
		w->store, m->customer, w->now - 32 * MS_DAY, note_sent, &sent, e) != 0)
		return -1;
	if (p->row.c.ties & TIE_NUMBER) {
		const struct sharing g = { w, m, person_subject_ext(p), &sent, st };

		if (read_sharers(&g, p, s, e) != 0)
			return -1;
	}
	st->sent = sent.items;
	st->n_sent = sent.n;
	if (read_caps(w, p, pb, s, m, tier, st, e) != 0)
		return -1;
	return m->category == CATEGORY_MARKETING ? read_plans(w, pb, m, st, e) : 0;
}
