/* begin.h - T2 for one message: through the gate, and if it may go an intent on disk. Store thread.
 *
 * Everything happens inside one transaction: gate, slots, frozen body, SENDING.
 * Only after its commit may a socket be used. (ARCHITECTURE.md, Delivery) */
#ifndef ENGINE_BEGIN_H
#define ENGINE_BEGIN_H

#include "desk.h"
#include "intent.h"

/* How many messages an account may begin now; by index in config->accounts. */
struct budget {
	int left;    /* messages */
	bool usable; /* not frozen, not backing off */
	bool frozen; /* its messages go by the next channel of their step */
};

/* m is DUE and its instant has come. It goes into the batch of its account, or is
 * held, or ends. A message that cannot be handled at all ends with an alarm. */
int begin_one(struct work *w, struct message *m, struct budget *budgets, struct batch *batches,
    GPtrArray *out, struct err *e);

#endif
