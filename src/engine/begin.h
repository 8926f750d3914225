/* begin.h - T2: due messages go through the gate and become intents on disk. Store thread.
 *
 * Everything happens inside one transaction: gate, slots, frozen body, SENDING.
 * Only after its commit may a socket be used. (ARCHITECTURE.md, Delivery) */
#ifndef ENGINE_BEGIN_H
#define ENGINE_BEGIN_H

#include "desk.h"
#include "provider/provider.h"

/* How many messages an account may begin now; by index in config->accounts. */
struct budget {
	int left;      /* messages */
	bool usable;   /* not frozen, not backing off */
};

#define PARCELS_MAX 100

/* One request to come: what the loop needs and nothing else. */
struct intent {
	struct arena *arena; /* owns everything below, and the intent itself */
	const struct account *account;
	const struct provider *provider;
	struct provider_request request;
	struct parcel *parcels;
	int64_t *stop_keys;  /* one a parcel */
	int n;
	int64_t token;
	ms_t open_until;     /* wall: the first byte must leave before */
	ms_t month_start, month_end;
	bool settling;       /* the same key again, not a new attempt */
	bool query;          /* only asks */
};
void intent_free(struct intent *it); /* NULL is fine */

/* Fills out with struct intent *, at most `max` messages in all; 0 or -1. */
int begin_due(struct work *w, struct budget *budgets, int max, GPtrArray *out, struct err *e);

/* The request of messages already SENDING or UNKNOWN under one token, again, byte
 * for byte: for settling. NULL with err. */
struct intent *begin_again(struct work *w, const struct message *m, const struct account *acc,
    struct err *e);


/* The standing of a customer, from the store; only the channels of the step. */
struct standing;
struct step;
struct playbook;
int begin_standing(struct work *w, struct person *p, const struct playbook *pb,
    const struct step *s, const struct message *m, struct standing *st, struct err *e);

#endif
