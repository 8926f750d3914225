/* spam.h - mail that people call spam: counted by account, and its marketing stops above a rate
 * (B-EM2). Store thread. */
#ifndef ENGINE_SPAM_H
#define ENGINE_SPAM_H

#include "core/gate.h"
#include "desk.h"

/* The message was taken; he called it spam. Of other channels: nothing. */
int spam_sent(struct work *w, const struct message *m, struct err *e);
int spam_complained(struct work *w, const struct message *m, struct err *e);
/* Counts anew for every mail account: a pause ends by itself. */
int spam_clock(struct work *w, struct err *e);
/* Does marketing by the account stand still? Then *v says why, and when to ask again. */
bool spam_halts(struct work *w, const struct account *acc, const struct template *t,
    struct verdict *v);

#endif
