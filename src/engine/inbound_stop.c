/* inbound_stop.c - what is told of an address, whether or not a message of ours is known: he
 * wants no more, he complains, nobody is there. Others may send by the same account; what they
 * learn of an address is true for us, too. */
#include "devices.h"
#include "inbound.h"
#include "intake.h"
#include "refusal.h"
#include "store/msg.h"

#define PEOPLE_MAX 16

static struct refusal
refusal_of(const struct work *w, const char *account, const struct receipt *r)
{
	return (struct refusal){ .src = "provider",
		.origin = account,
		.at = r->at != 0 ? r->at : w->now,
		.heard = w->now };
}

static bool
is_refusal(const struct receipt *r)
{
	return r->kind == RECEIPT_COMPLAINT || r->kind == RECEIPT_UNSUBSCRIBE ||
	       r->opted_out;
}

/* The address itself, whoever has it today or will tomorrow. */
static int
refuse_address(struct work *w, const struct refusal *no, const struct receipt *r, int64_t h,
    struct err *e)
{
	int64_t key = intake_stop_key(h, (int)r->channel);

	g_array_append_val(w->stops, key);
	if (r->kind == RECEIPT_COMPLAINT) {
		key ^= STOP_ALL;
		g_array_append_val(w->stops, key);
	}
	return refusal_add(w, h, (int)r->channel, no, e);
}

static int
lost(struct work *w, const struct person *p, const struct receipt *r, int64_t h,
    struct err *e)
{
	const char *const tokens[] = { r->from, NULL };
	int channel = (int)r->channel;

	if (channel == CHANNEL_PUSH)
		return devices_lose(w, p->row.c.id, tokens, e) < 0 ? -1 : 0;
	/* His telephone may have a number that he gets no messages at. */
	if (customer_hash(w->store, channel, p->row.c.address[channel]) != h)
		return 0;
	return customer_invalidate(w->store, p->row.c.id, channel, e);
}

static int
one(struct work *w, int64_t id, const struct refusal *no, const struct receipt *r, int64_t h,
    struct err *e)
{
	struct ended ended = { 0 };
	struct person p;

	if (person_load(w, id, &p, e) != 1 || customer_open(w->store, &p.row, e) != 0)
		return -1;
	if (r->kind == RECEIPT_COMPLAINT)
		return intake_complaint(w, &p, "provider", e);
	if (is_refusal(r))
		return intake_opt_out(w, &p, (int)r->channel, no, &ended, e) != 0
			   ? -1
			   : intake_go_on(w, &p, &ended, e);
	return lost(w, &p, r, h, e);
}

int
inbound_address(
    struct work *w, const char *account, const struct receipt *r, struct err *e)
{
	const struct refusal no = refusal_of(w, account, r);
	int64_t ids[PEOPLE_MAX], h;
	int n;

	if (*r->from == '\0' || (!is_refusal(r) && !r->bad_address))
		return 0;
	h = customer_hash(w->store, (int)r->channel, r->from);
	n = customer_of_address(w->store, h, ids, PEOPLE_MAX, e);
	if (n < 0 || (is_refusal(r) && refuse_address(w, &no, r, h, e) != 0))
		return -1;
	for (int i = 0; i < n; i++)
		if (one(w, ids[i], &no, r, h, e) != 0)
			return -1;
	return n;
}
