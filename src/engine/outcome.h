/* outcome.h - T3: what became of a request, written down once. Store thread. */
#ifndef ENGINE_OUTCOME_H
#define ENGINE_OUTCOME_H

#include "intent.h"

/* Applies an answer to the message, if it still carries this token. Repeating it
 * changes nothing. settling: the answer of a repeated call. */
int outcome_apply(struct work *w, int64_t msg, int64_t token, const struct answer *a,
    bool settling, struct err *e);
/* The same for one that was taken and stands as T2 wrote it, here as T2 left it in memory: it need
 * not be read again. 1; 0: it is not that simple, nothing is written; -1. */
int outcome_accepted(struct work *w, const struct message *begun, const struct answer *a,
    struct err *e);
/* The answer of a query by our reference. */
int outcome_query(struct work *w, int64_t msg, int64_t token, const struct answer *a,
    struct err *e);
/* What may have arrived and cannot be known: PRESUMED or PARKED. */
int outcome_presume(struct work *w, struct message *m, struct err *e);

const struct account *outcome_account(const struct work *w, const char *name); /* NULL: gone */

/* Does a query tell what became of a message? NULL: the account is gone. */
bool outcome_can_ask(const struct account *acc);
/* How the account settles this message: capabilities.settle, NONE for one that went without
 * its key. */
int outcome_class(struct work *w, const struct message *m, struct capabilities *caps, struct err *e);
/* What T2 writes as settle_at: where it can be, what will hold once the message is taken, so
 * that T3 can leave it and its index as they are. */
ms_t outcome_deadline(const struct work *w, const char *account);
/* The name under which a receipt will look for a message of this address. */
const char *outcome_ref(
    struct work *w, enum match match, const char *provider_id, int64_t address);

#endif
