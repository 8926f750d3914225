#include "inbound.h"

#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "base/log.h"
#include "contacts_take.h"
#include "devices.h"
#include "intake.h"
#include "notice.h"
#include "outcome.h"
#include "plan.h"
#include "provider/quote.h"
#include "ref.h"
#include "spam.h"
#include "store/launch.h"
#include "store/msg.h"
#include "store/turn.h"
#include "turns.h"

#define OPEN_FOR (7 * MS_DAY)
#define PEOPLE_MAX 16
#define ANSWERED_WITHIN (180 * MS_DAY)
#define HAD_MAX 1024 /* more than anybody has in that time */
#define REPORTED_WITHIN (5 * MS_DAY) /* so long mail servers try */

/* applied: done; open: look again later; else a closing verdict. */
enum effect { EFFECT_APPLIED, EFFECT_OPEN, EFFECT_UNMATCHED, EFFECT_CONFLICT, EFFECT_FAILED };
static const char *const verdicts[] = { "applied", "open", "unmatched", "conflict" };

static enum effect
move(struct work *w, struct message *m, enum msg_state to, struct err *e)
{
	m->state = fsm_move(&message_fsm, m->state, to);
	m->settle_at = 0;
	if (msg_save(w->store, m, e) != 0)
		return EFFECT_FAILED;
	plan_tell(w, m, "", (struct pos){ 0 }, "", 0);
	return EFFECT_APPLIED;
}

/* A receipt proves that the message was taken. */
static enum effect
prove_taken(struct work *w, struct message *m, const struct receipt *r, struct err *e)
{
	struct answer a = { .outcome = OUTCOME_ACCEPTED };

	g_strlcpy(a.provider_id, r->provider_id, sizeof(a.provider_id));
	if (outcome_apply(w, m->id, m->token, &a, false, e) != 0 || msg_get(w->store, m->id, m, e) != 1)
		return EFFECT_FAILED;
	return EFFECT_APPLIED;
}

/* Nobody is there, or he has told his carrier to let nothing through: never again. */
static int
not_reached(struct work *w, const struct message *m, const struct receipt *r, struct err *e)
{
	if (r->bad_address && devices_gone(w, m, r->from != NULL ? r->from : "", e) < 0)
		return -1;
	if (r->opted_out && intake_stop(w, m, r->at != 0 ? r->at : w->now, "provider", e) != 0)
		return -1;
	return 0;
}

/* His mailbox refused our domain. Forwarded by him it may fail where it did not go: that is told
 * of another address. */
static void
distrusted(struct work *w, const struct message *m, const struct receipt *r)
{
	const struct account_news d = { .account = g_intern_string(m->account),
		.code = g_intern_string(r->perr),
		.begun_at = m->begun_at };

	if (*r->from == '\0' ||
	    customer_hash(w->store, (int)r->channel, r->from) == m->address)
		g_array_append_val(w->news, d);
}

/* By rank: none < accepted < delivered; failed only below delivered. */
static enum effect
status(struct work *w, struct message *m, int n, const struct receipt *r, struct err *e)
{
	enum msg_state to = r->kind == RECEIPT_DELIVERED ? MSG_DELIVERED : MSG_UNDELIVERED;
	int many;

	/* What it tells of an earlier attempt says nothing about the one that counts. */
	if (n != 0 && n != m->n)
		return inbound_address(w, m->account, r, e) < 0 ? EFFECT_FAILED : EFFECT_CONFLICT;
	if (m->state == MSG_SENDING || m->state == MSG_DUE)
		return EFFECT_OPEN;
	if (r->shut && turn_shut(w->store, m->account, m->address, m->begun_at, e) != 0)
		return EFFECT_FAILED;
	if ((m->state == MSG_UNKNOWN || m->state == MSG_PRESUMED || m->state == MSG_PARKED) &&
	    prove_taken(w, m, r, e) != EFFECT_APPLIED)
		return EFFECT_FAILED;
	if (r->kind == RECEIPT_SENT || m->state == (int)to)
		return EFFECT_APPLIED;
	if (r->distrusted)
		distrusted(w, m, r);
	/* One of his devices did not get it: the others may. */
	if (to == MSG_UNDELIVERED && r->from != NULL && *r->from != '\0' &&
	    (many = devices_many(w, m, e)) != 0)
		return many < 0 || not_reached(w, m, r, e) < 0 ? EFFECT_FAILED
								: EFFECT_APPLIED;
	if (!fsm_may(&message_fsm, m->state, to)) {
		log_info("receipt_conflict", "msg=%" G_GINT64_FORMAT " has=%s told=%s", m->id,
		    fsm_name(&message_fsm, m->state), fsm_name(&message_fsm, to));
		return EFFECT_CONFLICT;
	}
	if (to == MSG_UNDELIVERED)
		m->perr = r->perr;
	if (move(w, m, to, e) != EFFECT_APPLIED || not_reached(w, m, r, e) != 0 ||
	    plan_told(w, m, to == MSG_DELIVERED ? FACT_DELIVERED : FACT_UNDELIVERED, e) != 0)
		return EFFECT_FAILED;
	return EFFECT_APPLIED;
}

/* ---- the rest ---- */

static enum effect
stop(struct work *w, const struct message *m, const struct receipt *r, struct err *e)
{
	struct person p;

	if (r->kind == RECEIPT_UNSUBSCRIBE)
		return intake_stop(w, m, r->at != 0 ? r->at : w->now, "provider", e) == 0 ?
		    EFFECT_APPLIED :
		    EFFECT_FAILED;
	if (person_load(w, m->customer, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0 ||
	    /* Told twice it is one complaint. */
	    (p.row.blocked_at == 0 && spam_complained(w, m, e) != 0) ||
	    intake_complaint(w, &p, "provider", e) != 0)
		return EFFECT_FAILED;
	return EFFECT_APPLIED;
}

int
inbound_told(struct work *w, int64_t msg, const struct answer *a, struct err *e)
{
	struct receipt r = { .kind = a->told == TOLD_DELIVERED ? RECEIPT_DELIVERED : RECEIPT_FAILED,
		.provider_id = a->provider_id, .perr = a->perr, .bad_address = a->bad_address,
		.opted_out = a->opted_out, .ref = "", .from = "" };
	struct message m;
	int rc;

	if (a->told == TOLD_NOTHING || a->told == TOLD_WITHDRAWN || (rc = msg_get(w->store, msg, &m, e)) == 0)
		return 0;
	return rc == 1 && status(w, &m, 0, &r, e) != EFFECT_FAILED ? 0 : -1;
}

int
inbound_click(struct work *w, const struct message *m, struct err *e)
{
	struct person p;

	if (plan_told(w, m, FACT_CLICK, e) != 0 || person_load(w, m->customer, &p, e) != 1)
		return -1;
	return intake_own(w, &p, "click", "{}", e);
}

static enum effect
hit(struct work *w, const struct message *m, const struct receipt *r, struct err *e)
{
	bool click = r->kind == RECEIPT_CLICK;

	if (hit_add(w->store, m->id, "", click ? HIT_CLICK : HIT_OPEN,
		r->at != 0 ? r->at : w->now, "", e) != 0 ||
	    (click && inbound_click(w, m, e) != 0))
		return EFFECT_FAILED;
	return EFFECT_APPLIED;
}

/* What the account's provider calls the message: 1, 0, -1. */
static int
by_name(struct work *w, const struct account *acc, const struct receipt *r, int64_t *id, struct err *e)
{
	const struct provider *p = acc->type != NULL ? provider_find(acc->type) : NULL;
	struct capabilities caps = { 0 };

	if (*r->provider_id == '\0')
		return 0;
	if (p != NULL)
		p->capabilities(acc, &caps);
	return ref_find(w->store, acc->name,
	    outcome_ref(w, caps.match, r->provider_id,
		caps.match == MATCH_ID_ADDRESS
		    ? customer_hash(w->store, (int)r->channel, r->from)
		    : 0),
	    id, e);
}

/* A receipt that names a call, not a message: its address tells which of them. 1, 0, -1. */
static int
of_call(struct work *w, int64_t token, const struct receipt *r, int64_t *id, struct err *e)
{
	int64_t address = customer_hash(w->store, (int)r->channel, r->from), ids[PARCELS_MAX];
	int n = request_members(w->store, token, ids, PARCELS_MAX, e), people;
	struct message m;

	for (int i = 0; i < n; i++)
		if (msg_get(w->store, ids[i], &m, e) == 1 && m.address == address) {
			*id = m.id;
			return 1;
		}
	if (n != 0)
		return n < 0 ? -1 : 0;
	people = customer_of_address(w->store, address, ids, PEOPLE_MAX, e);
	for (int i = 0; i < people; i++) {
		int rc = msg_last_to(w->store, ids[i], (int)r->channel, &m, e);

		if (rc < 0)
			return -1;
		if (rc == 1 && m.token == token) {
			*id = m.id;
			return 1;
		}
	}
	return people < 0 ? -1 : 0;
}

/* A report of a mail of ours that it does not name: the only one that went to him in the days
 * that bounces take. 1, 0, -1. */
static int
by_recipient(struct work *w, const struct account *acc, const struct receipt *r, int64_t *id,
    struct err *e)
{
	const struct handed_query ask = { .channel = (int)r->channel,
		.address = customer_hash(w->store, (int)r->channel, r->from),
		.since = w->now - REPORTED_WITHIN };
	struct handed had[2];
	int64_t people[2];
	struct message m;
	int n = msg_handed(w->store, &ask, had, 2, e), rc;

	if (n != 1 || strcmp(had[0].account, acc->name) != 0)
		return n < 0 ? -1 : 0;
	if ((n = customer_of_address(w->store, ask.address, people, 2, e)) != 1)
		return n < 0 ? -1 : 0;
	rc = msg_last_to(w->store, people[0], (int)r->channel, &m, e);
	if (rc != 1 || m.address != ask.address || m.begun_at < ask.since)
		return rc < 0 ? -1 : 0;
	*id = m.id;
	return 1;
}

/* Which message a receipt is about, and of which attempt, 0: not told. Where the call's answer
 * is known what the provider calls it finds it at once; else its members are gone through.
 * 1, 0, -1. */
static int
find(struct work *w, const struct account *acc, const struct receipt *r, int64_t *id, int *n,
    struct err *e)
{
	int rc;

	if (r->our_mail)
		return by_recipient(w, acc, r, id, e);
	if (*r->ref == '\0' || ref_names_call(r->ref)) {
		rc = by_name(w, acc, r, id, e);
		if (rc != 0 || *r->ref == '\0')
			return rc;
	}
	if (ref_parse(store_crypt(w->store), r->ref, id, n) != 0) {
		*n = 0;
		return by_name(w, acc, r, id, e);
	}
	return *n == 0 ? of_call(w, *id, r, id, e) : 1;
}

/* Names nothing, and nothing can be found out. A person may see to it that more comes back. */
static enum effect
nameless(struct work *w, const struct account *acc, struct err *e)
{
	int64_t key = crypt_hmac64(
	    store_crypt(w->store), "alarm.report", acc->name, strlen(acc->name));

	if (alarm_drop(w->store, "report", key, e) != 0 ||
	    alarm_add(w->store, w->now, "report", key, 0,
		arena_printf(w->arena,
		    "a bounce or complaint came to %s that does not say of which mail: have "
		    "the mail server keep the whole address it came to (bounce+...), or send "
		    "the headers of the mail back",
		    acc->name),
		e) != 0)
		return EFFECT_FAILED;
	return EFFECT_UNMATCHED;
}

/* No message of ours, or not yet: what it says of the address counts at once. It stays open
 * for its message unless all is said. */
static enum effect
unnamed(struct work *w, const struct account *acc, const struct receipt *r, bool first,
    struct err *e)
{
	bool stop = r->kind == RECEIPT_COMPLAINT || r->kind == RECEIPT_UNSUBSCRIBE;
	bool named = *r->ref != '\0' || *r->provider_id != '\0';

	if (!named && *r->from == '\0' && r->kind == RECEIPT_FAILED)
		return nameless(w, acc, e);
	int people = first ? inbound_address(w, acc->name, r, e) : 0;

	if (people < 0)
		return EFFECT_FAILED;
	if (*r->from != '\0' &&
	    (stop ? people > 0 || !named : !named && (r->bad_address || r->opted_out)))
		return EFFECT_APPLIED;
	return EFFECT_OPEN;
}

/* first: it has just come in. */
static enum effect
apply(struct work *w, const struct account *acc, const struct receipt *r, bool first,
    struct err *e)
{
	struct message m, *found = NULL;
	int64_t id;
	int n = 0, rc = 0;

	if (r->kind == RECEIPT_DONE) {
		rc = notice_done(w, r, e);
		return rc < 0 ? EFFECT_FAILED : rc == 0 ? EFFECT_UNMATCHED : EFFECT_APPLIED;
	}
	if (r->kind == RECEIPT_CONTACT)
		return contacts_event(w, acc, r, e) != 0 ? EFFECT_FAILED : EFFECT_APPLIED;
	rc = find(w, acc, r, &id, &n, e);
	if (rc == 1)
		rc = msg_get(w->store, id, &m, e);
	/* A test send is no touch: that it arrived is seen on the telephone. */
	if (rc == 0 && *r->ref != '\0' && r->kind != RECEIPT_REPLY &&
	    ref_parse(store_crypt(w->store), r->ref, &id, &n) == 0 &&
	    (rc = testsend_known(w->store, id, e)) == 1)
		return EFFECT_APPLIED;
	if (rc < 0)
		return EFFECT_FAILED;
	if (rc == 1)
		found = &m;
	if (found == NULL && r->kind != RECEIPT_REPLY)
		return unnamed(w, acc, r, first, e);
	switch (r->kind) {
	case RECEIPT_REPLY:
		if (turns_heard(w, acc, r, e) != 0)
			return EFFECT_FAILED;
		return inbound_reply(w, acc, found, r, e) != 0 ? EFFECT_FAILED
							       : EFFECT_APPLIED;
	case RECEIPT_COMPLAINT:
	case RECEIPT_UNSUBSCRIBE:
		return stop(w, found, r, e);
	case RECEIPT_OPEN:
	case RECEIPT_CLICK:
		return hit(w, found, r, e);
	default:
		return status(w, found, n, r, e);
	}
}

/* ---- the inbox ---- */

static char *
pack(struct work *w, const struct receipt *r)
{
	GString *s = g_string_sized_new(256);
	char *copy;

	g_string_append(s, "{\"ref\":");
	quote_json(s, r->ref);
	quote_json_int(s, "channel", r->channel);
	quote_json_int(s, "at", r->at);
	quote_json_member(s, "id", r->provider_id);
	quote_json_member(s, "from", r->from);
	quote_json_member(s, "text", r->text);
	quote_json_member(s, "perr", r->perr);
	if (r->code != NULL)
		quote_json_member(s, "code", r->code);
	quote_json_member(s, "raw", r->broken ? r->raw : "");
	g_string_append(s, r->bad_address ? ",\"bad\":true" : "");
	g_string_append(s, r->shut ? ",\"shut\":true" : "");
	g_string_append(s, r->our_mail ? ",\"ours\":true" : "");
	g_string_append(s, r->distrusted ? ",\"distrusted\":true" : "");
	g_string_append(s, r->opted_out ? ",\"out\":true}" : "}");
	copy = arena_strndup(w->arena, s->str, s->len);
	g_string_free(s, TRUE);
	return copy;
}

static int
unpack(struct work *w, const struct inbox *in, struct receipt *r)
{
	json_t *j = json_read_text(in->raw);
	const char *ref, *id = "", *from = "", *text = "", *perr = "";
	json_int_t at;
	int channel, rc;

	memset(r, 0, sizeof(*r));
	rc = json_unpack(j, "{ss s?s s?s si s?s s?s sI}", "ref", &ref, "id", &id, "from",
	    &from, "channel", &channel, "text", &text, "perr", &perr, "at", &at);
	if (rc == 0) {
		r->kind = (enum receipt_kind)in->kind;
		r->key = in->evkey;
		r->ref = arena_strdup(w->arena, ref);
		r->provider_id = arena_strdup(w->arena, id);
		r->from = arena_strdup(w->arena, from);
		r->channel = (enum channel)channel;
		r->text = arena_strdup(w->arena, text);
		r->perr = arena_strdup(w->arena, perr);
		r->at = at;
		r->bad_address = json_is_true(json_object_get(j, "bad"));
		r->opted_out = json_is_true(json_object_get(j, "out"));
		r->shut = json_is_true(json_object_get(j, "shut"));
		r->our_mail = json_is_true(json_object_get(j, "ours"));
		r->distrusted = json_is_true(json_object_get(j, "distrusted"));
		if (json_is_string(json_object_get(j, "code")))
			r->code = arena_strdup(
			    w->arena, json_string_value(json_object_get(j, "code")));
		r->raw = "";
	}
	json_decref(j);
	return rc;
}

/* Was he last written to by this account, on the channel he answers on? 1, 0, -1. */
static int
answers_us(struct work *w, const struct account *acc, const struct receipt *r, struct err *e)
{
	const struct handed_query ask = { .channel = (int)r->channel,
		.address = customer_hash(w->store, (int)r->channel, r->from),
		.since = w->now - ANSWERED_WITHIN };
	struct handed *had = arena_array(w->arena, struct handed, HAD_MAX),
		      last = { .account = "" };
	int n = msg_handed(w->store, &ask, had, HAD_MAX, e);

	for (int i = 0; i < n; i++)
		if (had[i].at >= last.at)
			last = had[i];
	return n < 0 ? -1 : strcmp(last.account, acc->name) == 0;
}

int
inbound_receipt(struct work *w, const struct account *acc, const struct receipt *r, struct err *e)
{
	struct inbox in = { .account = acc->name, .evkey = r->key, .recv_at = w->now,
		.kind = r->broken ? -1 : (int)r->kind, .verdict = r->broken ? "broken" : "applied" };
	enum effect fx;
	int rc;

	if (r->answers && (rc = answers_us(w, acc, r, e)) != 1)
		return rc;
	if (r->once != NULL &&
	    (rc = inbox_once(w->store, acc->name, r->once, w->now, e)) != 1)
		return rc;
	in.raw = pack(w, r);
	/* Written as done: most are. One that must wait is opened again below. */
	rc = inbox_add(w->store, &in, true, e);
	if (rc != 1 || r->broken)
		return rc < 0 ? -1 : 0;
	fx = apply(w, acc, r, true, e);
	if (fx == EFFECT_FAILED)
		return -1;
	if (fx == EFFECT_APPLIED)
		return 0;
	if (fx == EFFECT_OPEN) {
		w->desk->inbox_open = true;
		return inbox_reopen(w->store, in.id, e);
	}
	return inbox_close(w->store, in.id, w->now, verdicts[fx], e);
}

int
inbound_open_rows(struct work *w, bool *open, struct err *e)
{
	int64_t cursor = 0;
	struct inbox in;
	int rc;

	*open = false;
	while ((rc = inbox_next(w->store, &cursor, &in, e)) == 1) {
		const struct account *acc = outcome_account(w, in.account);
		struct account gone = { .name = in.account };
		enum effect fx = EFFECT_UNMATCHED;
		struct receipt r;

		if (unpack(w, &in, &r) == 0)
			fx = apply(w, acc != NULL ? acc : &gone, &r, false, e);
		if (fx == EFFECT_FAILED)
			return -1;
		if (fx == EFFECT_OPEN) {
			if (w->now - in.recv_at < OPEN_FOR) {
				*open = true;
				continue;
			}
			fx = EFFECT_UNMATCHED;
		}
		if (inbox_close(w->store, in.id, w->now, verdicts[fx], e) != 0)
			return -1;
	}
	w->desk->inbox_open = *open;
	return rc;
}
