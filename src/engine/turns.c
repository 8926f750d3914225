#include "turns.h"

#include "outcome.h"
#include "store/turn.h"

static struct capabilities
capabilities_of(const struct account *acc)
{
	const struct provider *p =
	    acc != NULL && acc->type != NULL ? provider_find(acc->type) : NULL;
	struct capabilities caps = { 0 };

	if (p != NULL) /* people are no provider */
		p->capabilities(acc, &caps);
	return caps;
}

int
turns_get(struct work *w, const struct account *acc, int channel, const char *address,
    struct turn *out, struct err *e)
{
	*out = (struct turn){ 0 };
	return capabilities_of(acc).reply_most == 0
		   ? 0
		   : turn_get(w->store, acc->name,
			 customer_hash(w->store, channel, address), &out->heard_at,
			 &out->sent, e);
}

bool
turns_open(struct work *w, const struct account *acc, enum channel channel,
    const struct customer *c)
{
	struct capabilities caps = capabilities_of(acc);
	struct err e = { 0 };
	struct turn t;

	return caps.reply_most == 0 ||
	       (turns_get(w, acc, (int)channel, c->address[channel], &t, &e) == 0 &&
		   w->now - t.heard_at < caps.reply_within && t.sent < caps.reply_most);
}

int
turns_take(struct work *w, struct message *m, struct err *e)
{
	struct capabilities caps = capabilities_of(outcome_account(w, m->account));
	int rc;

	if (caps.reply_most == 0)
		return 1;
	rc = turn_take(w->store, m->account, m->address, m->begun_at - caps.reply_within,
	    caps.reply_most, m->begun_at, e);
	if (rc == 1)
		m->slots |= SLOT_TURN;
	return rc;
}

int
turns_give(struct work *w, struct message *m, struct err *e)
{
	return m->slots & SLOT_TURN
		   ? turn_give(w->store, m->account, m->address, m->begun_at, e)
		   : 0;
}

int
turns_heard(
    struct work *w, const struct account *acc, const struct receipt *r, struct err *e)
{
	if (capabilities_of(acc).reply_most == 0 || *r->from == '\0')
		return 0;
	return turn_heard(w->store, acc->name,
	    customer_hash(w->store, (int)r->channel, r->from),
	    r->at != 0 ? MIN(r->at, w->now) : w->now, e);
}
