/* outlet.h - one account as the sender sees it: tokens, free connections, back-off, freezes. Loop thread. */
#ifndef ENGINE_OUTLET_H
#define ENGINE_OUTLET_H

#include "engine_impl.h"

/* Most messages one T2 takes, and most calls of an account that they go in. */
#define OUTLET_MAX 1024
#define OUTLET_CALLS 256

/* The catalog has changed: an outlet for each account, what is known of it kept. */
void outlet_catalog(struct engine *en);
struct outlet *outlet_of(struct engine *en, const struct account *acc); /* NULL: gone */
/* What account i may begin now; false: nothing, and *ready is lowered to the boot
 * instant at which it may be worth asking again. */
bool outlet_budget(struct engine *en, int i, ms_t boot, struct budget *b, ms_t *ready);
/* A single call more, beside T2: true takes its token. */
bool outlet_may(struct engine *en, const struct account *acc);
/* A person must look: nothing goes through it until the configuration is read again. */
void outlet_freeze(struct engine *en, const struct account *acc, const char *code);
/* What a job has learned (struct account_news). Where mailboxes refuse the domain the account is
 * frozen, unless it was set right since that mail went. */
void outlet_news(struct engine *en, const GArray *list);
/* Not now, says it of the account as a whole. Any thread. */
bool outlet_asks_for_patience(const struct answer *a);
/* How things stand with the accounts of a channel, "first: unreachable (why); second: frozen
 * (why)"; NULL: one at least can be used, or there is none. g_free. */
char *outlet_out_of_reach(const struct engine *en, int channel);
/* One more answer of a first try, and its HTTP status: has the account met so many in a row
 * that nobody knows that it must stop? */
bool outlet_doubts(struct outlet *o, int status, const struct answer *a);
/* What a finished call says about its account as a whole. */
void outlet_learn(struct outlet *o, const struct call *c);

#endif
