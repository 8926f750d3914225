#include "outcome.h"

#include <string.h>

#include "awaited.h"
#include "base/log.h"
#include "core/reason.h"
#include "contacts_take.h"
#include "devices.h"
#include "intake.h"
#include "outlet.h"
#include "plan.h"
#include "refusal.h"
#include "slots.h"
#include "spam.h"
#include "store/event.h"
#include "store/msg.h"
#include "store/turn.h"
#include "withdrawn.h"

/* From intent to the end of its exchange, on the boot clock: G + H + 10 s. */
#define DEADLINE (30 * MS_SECOND)
#define NO_RECEIPT_AFTER (72 * MS_HOUR)
/* A query that does not find us counts twice, a minute apart. */
#define ABSENT_APART MS_MINUTE

static const struct {
	enum outcome outcome;
	const char *name;
} names[] = {
	{ OUTCOME_NOT_WRITTEN, "not_written" },
	{ OUTCOME_ACCEPTED, "accepted" },
	{ OUTCOME_REJECTED, "rejected" },
	{ OUTCOME_REFUSED_RETRY, "refused_retry" },
	{ OUTCOME_UNKNOWN, "unknown" },
};

const struct account *
outcome_account(const struct work *w, const char *name)
{
	return config_account(w->cat->config, name);
}

static enum settle
class_of(const struct work *w, const char *account, struct capabilities *caps)
{
	const struct account *acc = outcome_account(w, account);

	memset(caps, 0, sizeof(*caps));
	if (acc == NULL)
		return SETTLE_NONE;
	provider_find(acc->type)->capabilities(acc, caps);
	return caps->settle;
}

static void
move(struct message *m, enum msg_state to)
{
	m->state = fsm_move(&message_fsm, m->state, to);
}

static int
save_and_tell(struct work *w, struct message *m, struct err *e)
{
	if (msg_save(w->store, m, e) != 0)
		return -1;
	plan_tell(w, m, "", (struct pos){ 0 }, "", 0);
	return 0;
}

static const struct step *
step_of(struct work *w, const struct message *m, struct err *e)
{
	const struct version *v;

	if (desk_version(w, m->version, &v, e) != 0)
		return NULL;
	return playbook_step(v->playbook, m->step);
}

bool
outcome_can_ask(const struct account *acc)
{
	const struct provider *p = acc == NULL ? NULL : provider_find(acc->type);
	struct capabilities caps = { 0 };

	if (p == NULL || p->query == NULL)
		return false;
	p->capabilities(acc, &caps);
	return caps.tells;
}

const char *
outcome_ref(struct work *w, enum match match, const char *provider_id, int64_t address)
{
	return match == MATCH_ID_ADDRESS
		   ? arena_printf(w->arena, "%s %" G_GINT64_FORMAT, provider_id, address)
		   : provider_id;
}

/* When one that was taken at `from` is asked about if no receipt has come; 0: never. */
static ms_t
look_at(const struct work *w, const char *account, ms_t from)
{
	struct capabilities caps;

	class_of(w, account, &caps);
	if (!caps.receipts)
		return 0;
	return from + (outcome_can_ask(outcome_account(w, account)) ? MS_HOUR : NO_RECEIPT_AFTER);
}

ms_t
outcome_deadline(const struct work *w, const char *account)
{
	ms_t look = look_at(w, account, w->now);

	return look != 0 ? look : desk_after(w, DEADLINE);
}

/* How the receipt will find it, and who else is to know. */
static int
note_accepted(struct work *w, const struct message *m, const struct answer *a,
    const struct capabilities *caps, struct err *e)
{
	if (spam_sent(w, m, e) != 0 || refusal_kept(w, m, e) != 0)
		return -1;
	if (m->settle_at != 0)
		desk_settle(w->desk, m->settle_at);
	if ((caps->settle == SETTLE_RECEIPT || caps->match != MATCH_REF) &&
	    *a->provider_id != '\0' &&
	    ref_add(w->store, m->account,
		outcome_ref(w, caps->match, a->provider_id, m->address), m->id, e) != 0)
		return -1;
	plan_tell(w, m, "", (struct pos){ 0 }, "", 0);
	return 0;
}

static int
accepted(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	bool moved_on = m->state == MSG_PRESUMED;
	struct capabilities caps;

	class_of(w, m->account, &caps);
	if ((m->state == MSG_SENDING || m->state == MSG_UNKNOWN) && caps.confirm > 0)
		return awaited_begin(w, m, a, e);
	move(m, MSG_ACCEPTED);
	m->reason = REASON_NONE;
	m->provider_id = a->provider_id;
	m->perr = "";
	m->settle_at = look_at(w, m->account, w->now);
	if (msg_save(w->store, m, e) != 0 || note_accepted(w, m, a, &caps, e) != 0)
		return -1;
	return moved_on ? 0 : plan_settled(w, m, e);
}

int
outcome_accepted(
    struct work *w, const struct message *begun, const struct answer *a, struct err *e)
{
	struct message m = *begun;
	struct capabilities caps;
	int rc;

	class_of(w, m.account, &caps);
	if (a->outcome != OUTCOME_ACCEPTED || caps.confirm > 0 ||
	    m.settle_at != look_at(w, m.account, m.begun_at))
		return 0;
	m.provider_id = a->provider_id;
	if ((rc = msg_accept(w->store, &m, e)) != 1)
		return rc;
	move(&m, MSG_ACCEPTED);
	return note_accepted(w, &m, a, &caps, e) != 0 || plan_settled(w, &m, e) != 0 ? -1 : 1;
}

/* Back to the queue: nothing was taken, so nothing is held. What was recalled meanwhile
 * ends here. */
static int
due_again(struct work *w, struct message *m, ms_t at, struct err *e)
{
	if (slots_give(w, m, e) != 0)
		return -1;
	move(m, MSG_DUE);
	m->due_at = at;
	m->settle_at = 0;
	if (m->reason == REASON_EXITED)
		return msg_save(w->store, m, e) != 0 ||
			       plan_suppress(w, m, REASON_EXITED, "recall", (struct pos){ 0 },
				   "recalled while it was on its way", e) != 0
			   ? -1
			   : plan_settled(w, m, e);
	desk_due(w->desk, m->playbook, m->channel, at);
	return msg_save(w->store, m, e);
}

/* 1: he can be reached by the channel all the same, by another device or member of staff. */
static int
nobody_there(struct work *w, const struct message *m, struct err *e)
{
	int rc = contacts_refused(w, m, false, e);

	return rc != CONTACTS_UNKNOWN ? rc : devices_gone(w, m, "", e);
}

static int
rejected(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	const struct step *s = step_of(w, m, e);
	char text[320];
	int other = 0;

	if (s == NULL || slots_give(w, m, e) != 0)
		return -1;
	move(m, MSG_REJECTED);
	m->perr = a->perr;
	m->settle_at = 0;
	if (save_and_tell(w, m, e) != 0)
		return -1;
	if (a->bad_address && (other = nobody_there(w, m, e)) < 0)
		return -1;
	if (a->opted_out && intake_stop(w, m, w->now, "provider", e) != 0)
		return -1;
	/* The gate now passes this channel over; the step may name another. */
	if ((a->bad_address || a->opted_out) && (s->n_sends > 1 || other == 1))
		return due_again(w, m, w->now, e);
	if (!a->bad_address && !a->opted_out) {
		g_snprintf(text, sizeof(text), "provider %s refused a message of step %s: code %s",
		    m->account, m->step, a->perr);
		if (alarm_add(w->store, w->now, "rejected", m->id, m->customer, text, e) != 0)
			return -1;
	}
	return plan_settled(w, m, e);
}

/* The text or its signature was refused, not the message: the gate finds another way or lets
 * it wait. */
static int
off_the_books(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	if (withdrawn_note(w, m, a, e) != 0)
		return -1;
	m->perr = a->perr;
	return due_again(w, m, desk_after(w, MS_SECOND), e);
}

/* Does another account carry this channel, too? Then the gate sees which one can be used now;
 * the one that asks for patience is left alone meanwhile. */
static bool
another_carries(const struct work *w, const struct message *m)
{
	const struct config *cfg = w->cat->config;

	for (int i = 0; i < cfg->n_accounts; i++)
		if ((cfg->accounts[i].channels & BIT(m->channel)) != 0 &&
		    strcmp(cfg->accounts[i].name, m->account) != 0)
			return true;
	return false;
}

static ms_t
back_off(int n)
{
	return MIN(MS_SECOND << MIN(n, 9), 10 * MS_MINUTE);
}

int
outcome_presume(struct work *w, struct message *m, struct err *e)
{
	const struct step *s = step_of(w, m, e);

	if (s == NULL)
		return -1;
	m->settle_at = 0;
	move(m, s->on_unknown == UNKNOWN_PARK ? MSG_PARKED : MSG_PRESUMED);
	m->reason = REASON_NONE;
	if (save_and_tell(w, m, e) != 0)
		return -1;
	if (m->state == MSG_PARKED)
		return alarm_add(w->store, w->now, "parked", m->id, m->customer,
		    "a message may or may not have arrived: decide with `reachd settle`", e);
	return plan_settled(w, m, e);
}

int
outcome_class(struct work *w, const struct message *m, struct capabilities *caps, struct err *e)
{
	const struct account *acc = outcome_account(w, m->account);
	struct composed c = { 0 };
	char *body;
	size_t len;
	int rc;

	class_of(w, m->account, caps);
	if (!caps->given)
		return 0;
	if ((rc = msg_body(w->store, m->id, &body, &len, e)) < 0)
		return -1;
	if (rc == 1 && compose_thaw(w->arena, body, len, &c) != 0)
		return err_set(e, ERR_INTERNAL, "a frozen body cannot be read");
	/* Given by this very owner: the account may be another's by now. */
	if (c.key == NULL || !provider_find(acc->type)->keys->fits(acc, c.key))
		caps->settle = SETTLE_NONE;
	return 0;
}

static int
unknown(struct work *w, struct message *m, const struct answer *a, struct err *e)
{
	struct capabilities caps;

	if (outcome_class(w, m, &caps, e) != 0)
		return -1;

	if (m->state == MSG_SENDING) {
		move(m, MSG_UNKNOWN);
		m->perr = a->perr;
		m->settle_n = 0;
		m->settle_at = desk_after(
		    w, caps.settle == SETTLE_KEY ? MAX(MS_SECOND, caps.lag) : MS_SECOND);
		if (msg_save(w->store, m, e) != 0)
			return -1;
	}
	if (m->state == MSG_PRESUMED || m->state == MSG_PARKED)
		return 0;
	if (a->hopeless) {
		char text[320];

		g_snprintf(text, sizeof(text),
		    "provider %s says that a repeated call was not the same: code %s; tell the "
		    "makers of reachd", m->account, a->perr);
		if (alarm_add(w->store, w->now, "provider", m->id, m->customer, text, e) != 0)
			return -1;
		return outcome_presume(w, m, e);
	}
	if (caps.settle == SETTLE_NONE || (caps.settle == SETTLE_RECEIPT && !caps.finds))
		return outcome_presume(w, m, e);
	desk_settle(w->desk, m->settle_at);
	return 0;
}

static int
find(struct work *w, int64_t msg, int64_t token, struct message *m, struct err *e)
{
	int rc = msg_get(w->store, msg, m, e);

	if (rc != 1)
		return rc;
	return m->token == token &&
	    (m->state == MSG_SENDING || m->state == MSG_UNKNOWN || m->state == MSG_PRESUMED ||
		m->state == MSG_PARKED);
}

int
outcome_apply(struct work *w, int64_t msg, int64_t token, const struct answer *a, bool settling,
    struct err *e)
{
	struct message m;
	int rc = find(w, msg, token, &m, e);

	if (rc != 1)
		return rc;
	log_debug("outcome", "msg=%" G_GINT64_FORMAT " outcome=%s perr=%s", msg,
	    names[a->outcome].name, a->perr);
	if (a->outcome == OUTCOME_ACCEPTED)
		return accepted(w, &m, a, e);
	/* A repeated call proves only what it accepts. */
	if (settling || m.state != MSG_SENDING)
		return unknown(w, &m, a, e);
	switch (a->outcome) {
	case OUTCOME_REJECTED:
		if (a->no_code || a->no_signature)
			return off_the_books(w, &m, a, e);
		if (!a->freeze)
			return rejected(w, &m, a, e);
		/* The account was refused, not the message: it waits, or goes another way. */
		m.perr = a->perr;
		return due_again(w, &m, desk_after(w, MS_SECOND), e);
	case OUTCOME_NOT_WRITTEN:
		if (compose_kept_here(w, &m, e) != 0)
			return -1;
		return due_again(w, &m, desk_after(w, a->retry_after), e);
	case OUTCOME_REFUSED_RETRY:
		m.perr = a->alone ? arena_printf(w->arena, INTENT_ALONE "%s", a->perr) : a->perr;
		if (a->shut &&
		    turn_shut(w->store, m.account, m.address, m.begun_at, e) != 0)
			return -1;
		if (outlet_asks_for_patience(a) && another_carries(w, &m))
			return due_again(w, &m, w->now, e);
		return due_again(w, &m,
		    desk_after(w, MAX(a->retry_after, back_off(m.n))), e);
	default:
		return unknown(w, &m, a, e);
	}
}

int
outcome_query(struct work *w, int64_t msg, int64_t token, const struct answer *a, struct err *e)
{
	struct capabilities caps;
	struct message m;
	int rc;

	memset(&m, 0, sizeof(m));
	rc = find(w, msg, token, &m, e);
	if (rc == 0 && m.state == MSG_AWAITING && m.token == token)
		return awaited_told(w, &m, a, e);
	if (rc != 1 || m.state != MSG_UNKNOWN)
		return rc < 0 ? -1 : 0;
	if (a->outcome == OUTCOME_ACCEPTED)
		return accepted(w, &m, a, e);
	/* "Not found" proves nothing until a late copy can no longer arrive. */
	if (class_of(w, m.account, &caps) != SETTLE_QUERY || a->outcome != OUTCOME_REFUSED_RETRY ||
	    w->now < m.key_at + (ms_t)((double)(30 * MS_SECOND + caps.window + caps.lag) *
					w->desk->speed))
		return 0;
	if (strcmp(m.perr, "absent") == 0)
		return due_again(w, &m, w->now, e);
	m.perr = "absent";
	m.settle_at = desk_after(w, ABSENT_APART);
	desk_settle(w->desk, m.settle_at);
	return msg_save(w->store, &m, e);
}
