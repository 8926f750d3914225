/* limits.h - what services allow one address in a while, counted before they would refuse it.
 *
 * Counted from what is remembered of messages, whoever they went to. Store thread. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

#include "core/gate.h"
#include "desk.h"
#include "store/msg.h"

/* Has this telephone had all the marketing that its vendor delivers in a day? (B-PU1) */
struct device;
bool limits_device(struct work *w, struct person *p, const struct account *acc,
    int category, const struct device *d);
/* Has this address had all that the service, and the account, allow it? v says of what, where
 * that is written and when there is room again. Test sends count. number->since is not read. */
bool limits_number(struct work *w, const struct account *acc,
    const struct handed_query *number, struct verdict *v);
/* gate.full of a message to him; but: as of a handed_query. */
bool limits_full(struct work *w, struct person *p, const struct account *acc,
    const struct template *t, int64_t but, struct verdict *v);

#endif
