/* stock.h - keys that a service gives out beforehand, one a message (provider.h, struct provider_keys).
 * Loop thread.
 *
 * They are fetched many at a time, lent to T2, which keeps one with each message it begins, and
 * what it left comes back. While there is none messages wait for the first; where none can be
 * had after some tries they go without. */
#ifndef ENGINE_STOCK_H
#define ENGINE_STOCK_H

#include "engine_impl.h"

struct stock *stock_new(struct engine *en);
void stock_free(struct stock *s);

/* May the account's messages begin? false: its keys are being fetched, or will be; *ready is
 * lowered to the boot instant at which asking again is worth while. */
bool stock_ready(struct engine *en, const struct account *acc, ms_t boot, ms_t *ready);
/* How many may begin now: as many as there are keys; any number without. */
int stock_room(struct engine *en, const struct account *acc);
/* At most *n, struct given *; NULL: the service gives none. *n is lowered to what there was: an
 * account of the same owner may have had the others. */
GPtrArray *stock_lend(struct engine *en, const struct account *acc, int *n);
/* The first n of those lent come back; the others are used, and freed with the array. */
void stock_back(struct engine *en, const struct account *acc, GPtrArray *lent, int n);

#endif
