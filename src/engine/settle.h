/* settle.h - messages whose outcome is open, looked at again when it is their time. Store thread. */
#ifndef ENGINE_SETTLE_H
#define ENGINE_SETTLE_H

#include "intent.h"

/* Fills out with the calls to repeat and the queries to ask; at most max messages. */
int settle_due(struct work *w, int max, GPtrArray *out, struct err *e);

#endif
