/* refusal.h - who wants no more marketing: taken down at once, whoever says so; and when an
 * account brings far more of them than usual, a person is told. Store thread. */
#ifndef ENGINE_REFUSAL_H
#define ENGINE_REFUSAL_H

#include "desk.h"
#include "store/optout.h"

/* A refusal of an address, by the source it came from. */
int refusal_add(
    struct work *w, int64_t h, int channel, const struct refusal *r, struct err *e);
/* One that we take down ourselves, now, by no account. */
int refusal_own(struct work *w, int64_t h, int channel, const char *src, struct err *e);
struct refusal refusal_now(const struct work *w, const char *src);
/* A consent told by an account: lifts what was said before it, unless the account is in
 * a flood: stopping is believed at once, starting is not. 0, -1. */
int refusal_lift(
    struct work *w, const char *account, int64_t h, int channel, ms_t at, struct err *e);
/* A marketing mail was taken: it must have begun before he refused; else a person is told. */
int refusal_kept(struct work *w, const struct message *m, struct err *e);
/* Does an account bring more than it ever did? 1/0/-1. */
int refusal_flood(struct work *w, const char *account, struct err *e);

#endif
