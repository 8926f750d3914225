/* ways.h - by which account, or through whose hands, a message of a step may go. Store thread. */
#ifndef ENGINE_WAYS_H
#define ENGINE_WAYS_H

#include "begin.h"

/* As the gate asks: the account of a channel, NULL none; *tokens: it may be used now. */
const struct account *ways_account(struct work *w, const struct step *s, struct person *p,
    const struct budget *budgets, enum channel channel, bool *tokens);
/* Channels, as bits, of which every account is frozen. */
unsigned
ways_frozen(const struct work *w, const struct step *s, const struct budget *budgets);

#endif
