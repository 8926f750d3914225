/* inbound_reply.c - what people say: whose words they are, and what follows from them. */
#include <string.h>

#include "core/reply.h"
#include "inbound.h"
#include "intake.h"
#include "plan.h"
#include "refusal.h"
#include "store/msg.h"
#include "store/run.h"
#include "tasks.h"

#define PEOPLE_MAX 16

struct spoken {
	const char *account; /* it came through; "": told by staff */
	struct reply_meaning mean;
};

static struct refusal
refusal_of(const struct work *w, const struct receipt *r, const struct spoken *said)
{
	return (struct refusal){ .src = "reply",
		.origin = said->account,
		.at = r->at != 0 ? r->at : w->now,
		.heard = w->now };
}

static int
wrong_person(struct work *w, struct person *p, int channel, struct err *e)
{
	if (customer_invalidate(w->store, p->row.c.id, channel, e) != 0)
		return -1;
	return tasks_ask_own(w, p, TASK_WRONG_PERSON, e);
}

/* A number alone answers a question we asked. */
static bool
is_number(const char *text)
{
	bool any = false;

	if (reply_is_negative(text))
		return false;
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!g_unichar_isspace(c) && !g_unichar_ispunct(c) &&
		    !g_unichar_isdigit(c))
			return false;
		any |= g_unichar_isdigit(c);
	}
	return any;
}

/* What he said meets his runs if it is an answer (`plain`), and is told as an event. */
static int
take_in(struct work *w, struct person *p, const char *type, const char *text, int64_t run,
    bool plain, bool opt_in, bool hold, struct err *e)
{
	const struct heard *got = w->answer;
	int understood =
	    plain ? plan_reply(w, p, *text == '\0' ? NULL : text, run, e) : 0;
	bool is_free = plain && !opt_in && understood == 0 && !is_number(got->text) &&
		       !reply_is_courtesy(w->arena, w->cat->policy, got->text);
	char *data;

	if (understood < 0)
		return -1;
	/* What no rule understands, a person must read: that is a conversation. What staff
	 * tell of, they have read. */
	if (is_free && strcmp(type, "reply") == 0 &&
	    tasks_ask_own(w, p, TASK_ANSWER, e) != 0)
		return -1;
	/* The words themselves stay sealed. */
	data = arena_printf(w->arena, "{\"channel\":\"%s\",\"free\":%s",
	    channel_name(got->channel), is_free || hold ? "true" : "false");
	if (got->score >= 0)
		data = arena_printf(w->arena, "%s,\"score\":%d,\"scale\":%d,\"value\":%d",
		    data, got->score, got->scale, got->score);
	return intake_own(w, p, type, arena_printf(w->arena, "%s}", data), e);
}

static int
answer_of(struct work *w, struct person *p, const char *type, const struct message *m,
    const struct receipt *r, const struct spoken *said, struct err *e)
{
	const struct reply_meaning *mean = &said->mean;
	const struct refusal no = refusal_of(w, r, said);
	bool refused = mean->opt_out || mean->complaint;
	bool plain = !refused && !mean->wrong_person;
	struct message last = { 0 };
	struct ended ended = { 0 };
	int channel = (int)r->channel;
	ms_t at = r->at != 0 ? r->at : w->now;
	struct reply_score read;
	struct heard got;
	int scale, rc;

	if (mean->complaint && intake_complaint(w, p, "reply", e) != 0)
		return -1;
	if (mean->opt_out && intake_opt_out(w, p, channel, &no, &ended, e) != 0)
		return -1;
	if (mean->wrong_person && wrong_person(w, p, channel, e) != 0)
		return -1;
	/* Whoever answers a complaint or looks for the right person reads it anyway. */
	if (mean->doubtful && !mean->complaint && !mean->wrong_person &&
	    tasks_ask_own(w, p, TASK_ANSWER, e) != 0)
		return -1;
	/* heed() has lifted what was refused from the number it came from, and no other. */
	if (mean->opt_in && *r->from == '\0' && *p->row.c.address[channel] != '\0' &&
	    refusal_lift(w, said->account,
		customer_hash(w->store, channel, p->row.c.address[channel]), channel, at,
		e) != 0)
		return -1;
	if (m != NULL && m->customer == p->row.c.id)
		last = *m;
	else if (msg_last_to(w->store, p->row.c.id,
		     strcmp(type, "answered") == 0 ? -1 : channel, &last, e) < 0)
		return -1;
	if (plan_score(w, last.run, r->text, &read, &scale, e) != 0)
		return -1;
	got = (struct heard){ .at = at,
		.channel = channel,
		.score = plain ? read.score : -1,
		.scale = scale,
		.text = r->text,
		.comment = read.comment };
	w->answer = &got;
	rc = take_in(w, p, type, r->text, last.run, plain, mean->opt_in,
	    plain && mean->perhaps_wrong, e);
	w->answer = NULL;
	if (rc != 0 || (refused && plan_refused(w, p, e) != 0))
		return -1;
	return intake_go_on(w, p, &ended, e);
}

int
inbound_answered(
    struct work *w, struct person *p, int channel, const char *text, struct err *e)
{
	const struct receipt r = { .kind = RECEIPT_REPLY,
		.channel = (enum channel)channel,
		.from = "",
		.text = text,
		.at = w->now };
	struct spoken said = { .account = "" };

	if (customer_open(w->store, &p->row, e) != 0)
		return -1;
	reply_classify(w->arena, w->cat->policy, text, &said.mean);
	return answer_of(w, p, "answered", NULL, &r, &said, e);
}

/* Whom a reply comes from: everybody at the address, else its message's customer. */
static int
senders(struct work *w, const struct message *m, const struct receipt *r, int64_t *ids,
    struct err *e)
{
	int n = 0;

	if (*r->from != '\0')
		n = customer_of_address(w->store,
		    customer_hash(w->store, (int)r->channel, r->from), ids, PEOPLE_MAX,
		    e);
	if (n == 0 && m != NULL)
		ids[n++] = m->customer;
	return n;
}

/* A stop word counts also from an address nobody has: it may be imported tomorrow. Where
 * thousands come at once, they are told of as one. */
static int
stranger(
    struct work *w, const struct receipt *r, const struct spoken *said, struct err *e)
{
	const struct refusal no = refusal_of(w, r, said);
	int flood;

	if ((said->mean.opt_out || said->mean.complaint) && *r->from != '\0' &&
	    refusal_add(w, customer_hash(w->store, (int)r->channel, r->from),
		(int)r->channel, &no, e) != 0)
		return -1;
	if ((flood = refusal_flood(w, said->account, e)) != 0)
		return flood < 0 ? -1 : 0;
	return alarm_add(w->store, w->now, "reply", 0, 0,
	    "an answer came from an address no customer has", e);
}

/* A word counts for the very number it came from, whichever its customer is known by: he may
 * have been merged into somebody with another. */
static int
heed(struct work *w, const struct receipt *r, const struct spoken *said, struct err *e)
{
	const struct reply_meaning *mean = &said->mean;
	const struct refusal no = refusal_of(w, r, said);
	int channel = (int)r->channel;
	int64_t h, key;

	if (*r->from == '\0')
		return 0;
	h = customer_hash(w->store, channel, r->from);
	if (mean->opt_in)
		return refusal_lift(w, said->account, h, channel, no.at, e);
	if (!mean->opt_out && !mean->complaint)
		return 0;
	key = intake_stop_key(h, channel);
	g_array_append_val(w->stops, key);
	if (mean->complaint) {
		key ^= STOP_ALL;
		g_array_append_val(w->stops, key);
	}
	return mean->opt_out ? refusal_add(w, h, channel, &no, e) : 0;
}

int
inbound_reply(struct work *w, const struct account *acc, const struct message *m,
    const struct receipt *r, struct err *e)
{
	struct spoken said = { .account = acc->name };
	int64_t ids[PEOPLE_MAX];
	int n = senders(w, m, r, ids, e);

	if (n < 0)
		return -1;
	reply_classify(w->arena, w->cat->policy, r->text, &said.mean);
	/* In words that the provider knows for a refusal, and we may not. */
	if (r->opted_out) {
		said.mean.opt_out = true;
		said.mean.opt_in = false;
	}
	if (n == 0)
		return stranger(w, r, &said, e);
	if (heed(w, r, &said, e) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		struct person p;

		if (person_load(w, ids[i], &p, e) != 1 ||
		    customer_open(w->store, &p.row, e) != 0 ||
		    answer_of(w, &p, "reply", m, r, &said, e) != 0)
			return -1;
	}
	return 0;
}
