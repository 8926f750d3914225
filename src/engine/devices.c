/* devices.c - a customer's telephones: whom a push goes to, and which of them are gone. */
#include "devices.h"

#include <string.h>

#include "compose.h"
#include "limits.h"
#include "refusal.h"
#include "store/customer.h"
#include "store/device.h"
#include "store/optout.h"

const char *const *
devices_of(struct work *w, struct person *p, const struct account *acc, int category)
{
	struct device *d = arena_array(w->arena, struct device, DEVICES_MAX);
	const char **out = arena_array(w->arena, const char *, DEVICES_MAX + 2);
	const char *first = p->row.c.address[CHANNEL_PUSH];
	struct err e = { 0 };
	int n = device_list(w->store, p->row.c.id, d, &e), kept = 1;

	out[0] = first;
	for (int i = 0; i < n; i++)
		if (strcmp(d[i].token, first) != 0 &&
		    !limits_device(w, p, acc, category, &d[i]) &&
		    (category != CATEGORY_MARKETING ||
			optout_has(w->store, d[i].h, CHANNEL_PUSH, &e) == 0))
			out[kept++] = d[i].token;
	out[kept] = NULL;
	return kept == 1 ? NULL : out;
}

/* What it went to, as it was frozen. 1, 0 it is not known any more, -1. */
static int
sent_to(struct work *w, const struct message *m, struct composed *c, struct err *e)
{
	size_t len;
	char *body;
	int rc = msg_body(w->store, m->id, &body, &len, e);

	return rc == 1 ? compose_thaw(w->arena, body, len, c) == 0 : rc;
}

int
devices_many(struct work *w, const struct message *m, struct err *e)
{
	struct composed c;
	int rc = m->channel == CHANNEL_PUSH ? sent_to(w, m, &c, e) : 0;

	return rc == 1 ? c.devices != NULL : rc;
}

/* The next one becomes his push address; who wanted no marketing still wants none. */
static int
succeed(struct work *w, struct person *p, const char *next, struct err *e)
{
	const char *address[CHANNELS];
	int64_t old =
	    customer_hash(w->store, CHANNEL_PUSH, p->row.c.address[CHANNEL_PUSH]);
	int stopped = optout_has(w->store, old, CHANNEL_PUSH, e);

	memcpy(address, p->row.c.address, sizeof(address));
	address[CHANNEL_PUSH] = next;
	if (stopped < 0 || customer_set_addresses(w->store, &p->row, address, e) != 0)
		return -1;
	return stopped == 1 ? refusal_own(w, customer_hash(w->store, CHANNEL_PUSH, next),
				  CHANNEL_PUSH, "device", e)
			    : 0;
}

int
devices_lose(struct work *w, int64_t customer, const char *const *tokens, struct err *e)
{
	struct device *d = arena_array(w->arena, struct device, DEVICES_MAX);
	struct person p;
	const char *first;
	int n;

	if (person_load(w, customer, &p, e) != 1 ||
	    customer_open(w->store, &p.row, e) != 0)
		return -1;
	for (const char *const *t = tokens; *t != NULL; t++)
		if (device_drop(w->store, p.row.c.id,
			customer_hash(w->store, CHANNEL_PUSH, *t), e) != 0)
			return -1;
	first = p.row.c.address[CHANNEL_PUSH];
	if ((n = device_list(w->store, p.row.c.id, d, e)) < 0)
		return -1;
	if (!g_strv_contains(tokens, first))
		return *first != '\0';
	if (n == 0)
		return customer_invalidate(w->store, p.row.c.id, CHANNEL_PUSH, e);
	return succeed(w, &p, d[0].token, e) != 0 ? -1 : 1;
}

int
devices_gone(struct work *w, const struct message *m, const char *token, struct err *e)
{
	const char *one[] = { token, NULL };
	struct composed c;
	int rc;

	if (m->channel != CHANNEL_PUSH)
		return customer_invalidate(w->store, m->customer, m->channel, e);
	if (*token != '\0')
		return devices_lose(w, m->customer, one, e);
	if ((rc = sent_to(w, m, &c, e)) < 0)
		return -1;
	if (rc == 0)
		return customer_invalidate(w->store, m->customer, m->channel, e);
	one[0] = c.to;
	return devices_lose(w, m->customer, c.devices != NULL ? c.devices : one, e);
}
