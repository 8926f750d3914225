/* turns.h - accounts that only answer: who has written to them, and what went to him since. Store thread.
 *
 * The account's service says how long after a customer's message and how many times it takes
 * an answer (capabilities.reply_within, reply_most); what an answer takes is a slot of the
 * message, given back when it was certainly not taken. */
#ifndef ENGINE_TURNS_H
#define ENGINE_TURNS_H

#include "desk.h"
#include "provider/provider.h"

/* All 0 for an account that sends to anybody. */
int turns_get(struct work *w, const struct account *acc, int channel, const char *address,
    struct turn *out, struct err *e);
/* May the account send to him now, as far as that goes? If not it is passed over where
 * another serves the channel. */
bool turns_open(struct work *w, const struct account *acc, enum channel channel,
    const struct customer *c);
/* 1 taken and noted in m, or not needed; 0 it may not, -1. m->account, address and begun_at
 * are set. */
int turns_take(struct work *w, struct message *m, struct err *e);
int turns_give(struct work *w, struct message *m, struct err *e);
/* Whoever writes, a customer or not yet, may be answered by the account he wrote to. */
int turns_heard(
    struct work *w, const struct account *acc, const struct receipt *r, struct err *e);

#endif
