/* begin.h - T2 for one message: through the gate, and if it may go an intent on disk. Store thread.
 *
 * Everything happens inside one transaction: gate, slots, frozen body, SENDING.
 * Only after its commit may a socket be used. (ARCHITECTURE.md, Delivery) */
#ifndef ENGINE_BEGIN_H
#define ENGINE_BEGIN_H

#include "desk.h"
#include "intent.h"

/* A key that a service gave out (stock.h), at this boot instant. */
struct given {
	ms_t at;
	char *key;
};

/* How many messages an account may begin now; by index in config->accounts. */
struct budget {
	int left;    /* messages */
	int calls;   /* that they may go in */
	bool usable; /* not frozen, not backing off */
	struct given **keys; /* stock.h; NULL: the service gives none */
	int n_keys;          /* the last is used first */
	bool frozen; /* its messages go by the next channel of their step */
};

/* One for a message, kept with it before it goes; used up even if it does not go after all. */
static inline const char *
budget_key(struct budget *b)
{
	return b->n_keys > 0 ? b->keys[--b->n_keys]->key : NULL;
}

/* A call is opened: into the last go as many as it takes. */
static inline void
budget_call(struct budget *b, int takes)
{
	if (--b->calls <= 0)
		b->left = MIN(b->left, b->calls < 0 ? 1 : takes);
}

/* m is DUE and its instant has come. It goes into the batch of its account, or is
 * held, or ends. A message that cannot be handled at all ends with an alarm. */
int begin_one(struct work *w, struct message *m, struct budget *budgets, struct batch *batches,
    GPtrArray *out, struct err *e);

#endif
