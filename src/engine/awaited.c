#include "awaited.h"

#include <string.h>

#include "contacts_take.h"
#include "core/quiet.h"
#include "core/reason.h"
#include "intake.h"
#include "outcome.h"
#include "plan.h"
#include "slots.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/optout.h"
#include "store/run.h"

/* perr while it is on its way out, and of one that goes another way. */
#define UNCONFIRMED "unconfirmed"
#define WITHDRAWING "withdrawing"
#define WITHDRAWN "withdrawn"

#define ROOM (2 * MS_HOUR)
#define LOOK (5 * MS_MINUTE)
#define LEAD (5 * MS_MINUTE) /* withdrawn so long before a quiet window */
#define HURRY (30 * MS_SECOND)
#define EXCHANGE (15 * MS_SECOND)
#define REMIND_EVERY 24 /* looks: two hours */
#define REMINDERS 3
#define TRIES 10
#define GIVE_UP (7 * MS_DAY) /* longer than the longest that may be waited for */

static ms_t
confirm_of(const struct account *acc)
{
	const struct provider *p = acc == NULL ? NULL : provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (p != NULL)
		p->capabilities(acc, &caps);
	return caps.confirm;
}

bool
awaited_too_late(const struct work *w, const struct message *m, struct verdict *v)
{
	if (confirm_of(v->account) == 0 || v->open_until - w->now >= ROOM ||
	    v->open_until >= m->expires_at)
		return false;
	v->reason = REASON_RATE_LIMITED;
	v->rule = "confirm";
	v->at = v->account->at;
	v->next = v->open_until + 1;
	g_strlcpy(v->detail, "a quiet window begins before a person could confirm it",
	    sizeof(v->detail));
	return true;
}

void
awaited_narrow(struct work *w, const struct message *m, struct step *s)
{
	const struct template **kept =
	    arena_array(w->arena, const struct template *, s->n_sends);
	const char **names = arena_array(w->arena, const char *, s->n_sends);
	int n = 0;

	if (strcmp(m->perr, UNCONFIRMED) != 0)
		return;
	for (int i = 0; i < s->n_sends; i++)
		if ((int)s->templates[i]->channel != m->channel) {
			kept[n] = s->templates[i];
			names[n++] = s->sends[i];
		}
	if (n == 0)
		return;
	s->templates = kept;
	s->sends = names;
	s->n_sends = n;
}

static int
save(struct work *w, struct message *m, ms_t look, struct err *e)
{
	m->settle_at = look;
	if (look != 0)
		desk_settle(w->desk, look);
	return msg_save(w->store, m, e);
}

static int
move(struct work *w, struct message *m, enum msg_state to, struct err *e)
{
	m->state = fsm_move(&message_fsm, m->state, to);
	if (save(w, m, to == MSG_AWAITING ? w->now + LOOK : 0, e) != 0)
		return -1;
	plan_tell(w, m, "", (struct pos){ 0 }, "", 0);
	return 0;
}

int
awaited_begin(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	m->provider_id = a->provider_id;
	m->perr = "";
	m->settle_n = 0;
	/* Kept, so that a search for another message does not take it for its own. */
	if (ref_add(w->store, m->account, m->provider_id, m->id, e) != 0)
		return -1;
	return move(w, m, MSG_AWAITING, e);
}

/* ---- is it still wanted? ---- */

/* Until when somebody may press send; 0: no longer. */
static int
open_until(struct work *w, const struct message *m, const struct account *acc,
    ms_t *until, struct err *e)
{
	struct quiet_query q = { .policy = w->cat->policy,
		.channel = (enum channel)m->channel,
		.category = (enum category)m->category };
	struct quiet_answer a;
	struct person p;
	struct run r;
	int out = optout_has(w->store, m->address, m->channel, e),
	    parted = contacts_parted(w, m, e);

	*until = 0;
	if (out < 0 || parted < 0 || person_load(w, m->customer, &p, e) != 1 ||
	    run_get(w->store, m->run, &r, e) != 1)
		return -1;
	if ((out == 1 && m->category == CATEGORY_MARKETING) || parted == 1 || p.row.blocked_at != 0 ||
	    p.row.erased_at != 0 || r.state == RUN_LEFT || r.goal_at != 0 ||
	    live_stands(desk_live(w->desk, m->playbook)))
		return 0;
	q.zone = p.zone;
	account_hours(acc, q.category, &q.open_from, &q.open_to);
	quiet_ask(&q, w->now, EXCHANGE + quiet_lead(q.channel), &a);
	if (a.quiet)
		return 0;
	*until = MIN(m->begun_at + confirm_of(acc), m->expires_at);
	if (a.until != MS_NEVER)
		*until = MIN(*until, a.until - LEAD);
	return 0;
}

bool
awaited_another(const struct message *m, const struct step *s)
{
	for (int i = 0; i < s->n_sends; i++)
		if ((int)s->templates[i]->channel != m->channel)
			return true;
	return false;
}

void
awaited_pass(struct work *w, struct message *m, struct step *s)
{
	m->perr = UNCONFIRMED;
	awaited_narrow(w, m, s);
}

int
awaited_lapse(struct work *w, struct message *m, struct err *e)
{
	const struct version *v;
	struct step arm;
	const struct step *s;
	bool another = false;

	if (desk_version(w, m->version, &v, e) != 0 || slots_give(w, m, e) != 0)
		return -1;
	s = playbook_step(v->playbook, m->step);
	if (s != NULL) {
		arm = *s;
		step_narrow(&arm, m->variant);
		another = !s->each && awaited_another(m, &arm);
	}
	m->perr = UNCONFIRMED;
	if (move(w, m, MSG_LAPSED, e) != 0 ||
	    trail_add(w->store, m->run, w->now, "nobody pressed send in time", e) != 0)
		return -1;
	if (!another)
		return plan_settled(w, m, e);
	m->state = fsm_move(&message_fsm, m->state, MSG_DUE);
	m->due_at = w->now;
	desk_due(w->desk, m->playbook, m->channel, m->due_at);
	return msg_save(w->store, m, e);
}

static enum wish
wish_of(const struct message *m)
{
	/* What cannot be withdrawn may have been sent: asked by turns. */
	if (strcmp(m->perr, WITHDRAWING) == 0)
		return m->settle_n % 2 == 1 ? WISH_WITHDRAW : WISH_TOLD;
	return *m->perr == '\0' && m->settle_n % REMIND_EVERY == 0 &&
		       m->settle_n / REMIND_EVERY <= REMINDERS
		   ? WISH_REMIND
		   : WISH_TOLD;
}

int
awaited_look(struct work *w, struct message *m, GPtrArray *out, struct err *e)
{
	const struct account *acc = outcome_account(w, m->account);
	ms_t until = 0, next = w->now + LOOK;
	struct intent *it;

	if (w->now - m->begun_at > GIVE_UP)
		return awaited_lapse(w, m, e);
	if (confirm_of(acc) == 0)
		return save(w, m, w->now + MS_HOUR, e);
	if (*m->perr == '\0') {
		if (open_until(w, m, acc, &until, e) != 0)
			return -1;
		if (w->now >= until) {
			m->perr = WITHDRAWING;
			m->settle_n = 0;
		}
	}
	m->settle_n++;
	if (*m->perr == '\0')
		next = MIN(next, until);
	else if (m->settle_n <= TRIES)
		next = desk_after(w, HURRY);
	if (m->settle_n == TRIES && strcmp(m->perr, WITHDRAWING) == 0 &&
	    alarm_add(w->store, w->now, "not_withdrawn", m->id, m->customer,
		"a message that waits for a member of staff cannot be withdrawn: ask him "
		"not "
		"to send it",
		e) != 0)
		return -1;
	if (save(w, m, next, e) != 0)
		return -1;
	it = intent_query(w, m, acc, wish_of(m), e);
	if (it == NULL)
		return -1;
	g_ptr_array_add(out, it);
	return 0;
}

/* ---- what the service says ---- */

static int
ended(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	bool sent = a->told == TOLD_DELIVERED;
	int has = CONTACTS_UNKNOWN;

	m->perr = sent ? "" : a->perr;
	if (move(w, m, sent ? MSG_DELIVERED : MSG_UNDELIVERED, e) != 0)
		return -1;
	if (a->bad_address &&
	    customer_invalidate(w->store, m->customer, m->channel, e) != 0)
		return -1;
	/* No friend of this member's any more; where it is known who has him, the others are. */
	if (a->opted_out && (has = contacts_refused(w, m, true, e)) < 0)
		return -1;
	if (a->opted_out && has == CONTACTS_UNKNOWN &&
	    intake_stop(w, m, w->now, "provider", e) != 0)
		return -1;
	return plan_settled(w, m, e) != 0
		   ? -1
		   : plan_told(w, m, sent ? FACT_DELIVERED : FACT_UNDELIVERED, e);
}

int
awaited_told(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	if (a->outcome != OUTCOME_ACCEPTED)
		return 0;
	switch (a->told) {
	case TOLD_DELIVERED:
	case TOLD_FAILED:
		return ended(w, m, a, e);
	case TOLD_WITHDRAWN:
		/* It may have been sent just before: asked once more. */
		m->perr = WITHDRAWN;
		return save(w, m, desk_after(w, MS_SECOND), e);
	case TOLD_NOTHING:
		break;
	}
	return strcmp(m->perr, WITHDRAWN) == 0 ? awaited_lapse(w, m, e) : 0;
}
