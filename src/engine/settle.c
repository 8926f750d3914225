#include "settle.h"

#include <string.h>

#include "awaited.h"
#include "base/check.h"
#include "core/quiet.h"
#include "core/reason.h"
#include "outcome.h"
#include "plan.h"
#include "search.h"
#include "store/msg.h"
#include "store/optout.h"

#define GUARD_SPAN (5 * MS_SECOND)

/* G + H: a repeated call must be over before the key may be forgotten. */
static ms_t
call_span(const struct account *acc)
{
	return GUARD_SPAN + account_span(acc);
}

/* How often it is looked whether a playbook that stands goes on. */
#define STAND_LOOK (10 * MS_MINUTE)

static ms_t
interval(int n)
{
	static const ms_t steps[] = { MS_SECOND, 5 * MS_SECOND, 30 * MS_SECOND, 2 * MS_MINUTE,
		10 * MS_MINUTE };

	return steps[MIN(n, (int)G_N_ELEMENTS(steps) - 1)];
}

/* An opt-out, a recall, a quiet window or the message's last use ends the settling: no
 * request may begin. */
static int
may_ask_again(struct work *w, const struct message *m, const struct account *acc, struct err *e)
{
	struct quiet_query q = { .policy = w->cat->policy, .channel = (enum channel)m->channel,
		.category = (enum category)m->category };
	struct quiet_answer a;
	struct customer_row before;
	struct person p;
	int rc = optout_has(w->store, m->address, m->channel, e);

	if (rc < 0 || person_load(w, m->customer, &p, e) != 1)
		return -1;
	if ((rc == 1 && m->category == CATEGORY_MARKETING) || p.row.blocked_at != 0 ||
	    p.row.erased_at != 0 || m->reason == REASON_EXITED ||
	    w->now + call_span(acc) >= m->expires_at)
		return 0;
	q.zone = p.zone;
	account_hours(acc, q.category, &q.open_from, &q.open_to);
	quiet_ask(&q, w->now, call_span(acc) + quiet_lead(q.channel), &a);
	if (a.quiet || p.row.c.id == m->customer)
		return !a.quiet;
	/* Since then he was found to be another; the bytes go to where he was reached before. */
	if (customer_get(w->store, m->customer, &before, e) != 1)
		return -1;
	person_of_row(w, &before, &p);
	q.zone = p.zone;
	quiet_ask(&q, w->now, call_span(acc) + quiet_lead(q.channel), &a);
	return !a.quiet;
}

/* Who was in the call of a key that is the call's, else the message alone: how many, or 0
 * when one of them has gone another way and the bytes cannot be made again. */
static int
members_of(struct work *w, const struct message *m, bool call_key, struct message *out,
    struct err *e)
{
	int64_t ids[PARCELS_MAX];
	int n = call_key ? request_members(w->store, m->token, ids, PARCELS_MAX, e) : 0;

	out[0] = *m;
	for (int i = 0; i < n; i++) {
		if (msg_get(w->store, ids[i], &out[i], e) != 1)
			return -1;
		if (out[i].token != m->token)
			return 0;
	}
	return n < 0 ? -1 : MAX(n, 1);
}

/* 1: every member may be asked about again, 0, -1. */
static int
all_may(struct work *w, const struct message *members, int n, const struct account *acc,
    struct err *e)
{
	int rc = n > 0;

	for (int i = 0; rc == 1 && i < n; i++)
		rc = may_ask_again(w, &members[i], acc, e);
	return rc;
}

/* Nothing of a playbook that stands begins; the key's life goes on. */
static bool
any_stands(const struct work *w, const struct message *members, int n)
{
	for (int i = 0; i < n; i++)
		if (members[i].reason != REASON_EXITED &&
		    live_stands(desk_live(w->desk, members[i].playbook)))
			return true;
	return false;
}

static int
put_off(struct work *w, struct message *m, const struct account *acc, struct err *e)
{
	m->settle_at = desk_after(w, interval(m->settle_n) + call_span(acc));
	m->settle_n++;
	desk_settle(w->desk, m->settle_at);
	return msg_save(w->store, m, e);
}

static int
call_again(struct work *w, struct message *m, const struct account *acc, bool call_key,
    GPtrArray *out, struct err *e)
{
	struct message *members = arena_array(w->arena, struct message, PARCELS_MAX);
	int n = members_of(w, m, call_key, members, e), rc;
	struct intent *it;

	if (n > 0 && any_stands(w, members, n)) {
		m->settle_at = desk_after(w, STAND_LOOK);
		desk_settle(w->desk, m->settle_at);
		return msg_save(w->store, m, e);
	}
	if (n < 0 || (rc = all_may(w, members, n, acc, e)) < 0)
		return -1;
	if (rc == 0)
		return outcome_presume(w, m, e);
	it = intent_again(w, members, n, acc, call_span(acc), e);
	if (it == NULL)
		return e->kind == ERR_NONE ? outcome_presume(w, m, e) : -1;
	for (int i = 0; i < n; i++)
		if (members[i].state == MSG_UNKNOWN && put_off(w, &members[i], acc, e) != 0) {
			intent_free(it);
			return -1;
		}
	g_ptr_array_add(out, it);
	return 0;
}

static int
ask(struct work *w, struct message *m, const struct account *acc, GPtrArray *out,
    struct err *e)
{
	struct intent *it;

	if (put_off(w, m, acc, e) != 0)
		return -1;
	it = provider_find(acc->type)->search != NULL
		 ? search_begin(w, m, acc, e)
		 : intent_query(w, m, acc, WISH_TOLD, e);
	/* Of one that was erased while its call was under way nothing is left to ask by. */
	if (it == NULL)
		return e->kind == ERR_NONE ? outcome_presume(w, m, e) : -1;
	g_ptr_array_add(out, it);
	return 0;
}

static int
unknown(struct work *w, struct message *m, GPtrArray *out, struct err *e)
{
	const struct account *acc = outcome_account(w, m->account);
	struct capabilities caps = { 0 };
	ms_t last;

	if (outcome_class(w, m, &caps, e) != 0)
		return -1;
	if (caps.settle == SETTLE_RECEIPT && caps.finds &&
	    w->now <= m->key_at + (ms_t)((double)caps.lag * w->desk->speed))
		return ask(w, m, acc, out, e);
	/* Gone, or no longer able to tell: asking again could send again. */
	if (caps.settle == SETTLE_NONE || caps.settle == SETTLE_RECEIPT)
		return outcome_presume(w, m, e);
	last = caps.settle == SETTLE_QUERY ? 7 * MS_DAY :
					     caps.key_ttl - caps.key_ttl / 10 - call_span(acc) - caps.window;
	/* A key that may be forgotten is never used, not even once; a question harms nobody. */
	if ((caps.settle != SETTLE_QUERY || m->settle_n > 0) &&
	    w->now > m->key_at + (ms_t)((double)last * w->desk->speed))
		return outcome_presume(w, m, e);
	return caps.settle == SETTLE_QUERY ? ask(w, m, acc, out, e)
					   : call_again(w, m, acc, caps.call_key, out, e);
}

#define NO_RECEIPT_AFTER (72 * MS_HOUR)

/* When a message without a receipt is asked about: after an hour, six, a day. */
static ms_t
next_look(ms_t age)
{
	return age < 2 * MS_HOUR ? 6 * MS_HOUR : age < 12 * MS_HOUR ? MS_DAY : NO_RECEIPT_AFTER;
}

/* No receipt has come: where the provider can be asked it is, then it stays unknown. */
static int
no_receipt(struct work *w, struct message *m, GPtrArray *out, struct err *e)
{
	const struct account *acc = outcome_account(w, m->account);
	ms_t age = w->now - m->begun_at;
	struct intent *it;

	if (!outcome_can_ask(acc) || age + MS_MINUTE >= NO_RECEIPT_AFTER) {
		m->state = fsm_move(&message_fsm, m->state, MSG_NO_RECEIPT);
		m->settle_at = 0;
		return msg_save(w->store, m, e);
	}
	m->settle_at = m->begun_at + next_look(age);
	desk_settle(w->desk, m->settle_at);
	if (msg_save(w->store, m, e) != 0 || (it = intent_query(w, m, acc, WISH_TOLD, e)) == NULL)
		return -1;
	g_ptr_array_add(out, it);
	return 0;
}

static int
one(struct work *w, int64_t id, GPtrArray *out, struct err *e)
{
	struct message m;

	if (msg_get(w->store, id, &m, e) != 1)
		return -1;
	/* Asked about a moment ago, with another of its call. */
	if (m.settle_at > w->now)
		return 0;
	switch (m.state) {
	case MSG_ACCEPTED:
		return no_receipt(w, &m, out, e);
	case MSG_SENDING:
		/* Its call is under way in this process: T3 will come. */
		CHECK(m.epoch == w->desk->epoch);
		m.settle_at = desk_after(w, MS_MINUTE);
		desk_settle(w->desk, m.settle_at);
		break;
	case MSG_UNKNOWN:
		return unknown(w, &m, out, e);
	case MSG_AWAITING:
		return awaited_look(w, &m, out, e);
	default:
		m.settle_at = 0;
	}
	return msg_save(w->store, &m, e);
}

/* One that cannot be asked about must not stand before all others. */
static int
try_one(struct work *w, int64_t id, GPtrArray *out, struct err *e)
{
	struct err own = { 0 };
	struct message m;

	if (store_mark(w->store, e) != 0)
		return -1;
	if (one(w, id, out, &own) == 0)
		return store_unmark(w->store, e);
	if (plan_undo(w, NULL, "settling", id, &own, e) != 0 || msg_get(w->store, id, &m, e) != 1)
		return -1;
	m.settle_at = w->now + MS_HOUR;
	return msg_save(w->store, &m, e);
}

int
settle_due(struct work *w, int max, GPtrArray *out, struct err *e)
{
	int64_t *ids = arena_array(w->arena, int64_t, max);
	int n = msg_settling(w->store, w->now, ids, max, e);

	for (int i = 0; i < n; i++)
		if (try_one(w, ids[i], out, e) != 0)
			return -1;
	if (n < 0)
		return -1;
	return msg_next_settle(w->store, &w->desk->next_settle, e);
}
