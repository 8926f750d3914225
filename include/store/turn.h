/* turn.h - who has written to an account that only answers, and what went to him since.
 *
 * By the account and the keyed hash of the address: two customers behind one address have
 * one turn, and it goes with the address when customers are merged. The instants of what went
 * are kept, not their number alone, so that a word of his that is heard of late does not
 * forget what was sent after it, and what was not taken is given back only where it
 * counted. */
#ifndef STORE_TURN_H
#define STORE_TURN_H

#include "store/store.h"

/* He wrote then; older news than what is known change nothing. */
int turn_heard(struct store *s, const char *account, int64_t h, ms_t at, struct err *e);
/* *at 0: never, or the service says that it does not count. */
int turn_get(
    struct store *s, const char *account, int64_t h, ms_t *at, int *sent, struct err *e);
/* One more goes out now: 1 counted, 0 it may not (he last wrote at `since` or before, or so
 * many went since), -1. */
int turn_take(struct store *s, const char *account, int64_t h, ms_t since, int most,
    ms_t now, struct err *e);
/* What began then was not taken; may be repeated. */
int
turn_give(struct store *s, const char *account, int64_t h, ms_t begun_at, struct err *e);
/* The service said so of what began then: nothing more before he has written again. */
int
turn_shut(struct store *s, const char *account, int64_t h, ms_t begun_at, struct err *e);
int turn_purge(struct store *s, ms_t before, struct err *e);

#endif
