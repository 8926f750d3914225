/* grant_impl.h - the parts of giving, shared by grant.c and grant_hand.c. */
#ifndef ENGINE_GRANT_IMPL_H
#define ENGINE_GRANT_IMPL_H

#include "grant.h"

/* A weak tie is given nothing. */
#define GRANT_WEAK_TIE "not given, a weak tie gets no offers"
bool grant_refuses(struct work *w, struct person *p);
/* A line of the run's trail; run 0: nowhere. */
int grant_note(
    struct work *w, int64_t run, const char *name, const char *what, struct err *e);
/* Takes its place in the quota, and fills what it is from now on. 1/0/-1. */
int grant_give(struct work *w, struct person *p, const struct offer *o, struct grant *g,
    struct err *e);
/* Written down until somebody agrees, at most until then: 1, 0 none left, -1. */
int grant_ask_row(
    struct work *w, const struct offer *o, struct grant *g, ms_t until, struct err *e);
int grant_finish(struct work *w, struct grant *g, enum offer_state state, struct err *e);

#endif
