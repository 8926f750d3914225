/* devices.h - the telephones of a customer: one message to all of them, and those that are gone. Store thread. */
#ifndef ENGINE_DEVICES_H
#define ENGINE_DEVICES_H

#include "desk.h"
#include "provider/provider.h"
#include "store/msg.h"

struct person;

/* Their tokens, his push address first; NULL: there is only that. For marketing without those
 * that want none or whose vendor delivers no more today. */
const char *const *devices_of(struct work *w, struct person *p,
    const struct account *acc, int category);

/* Nobody is at the message's address, or (by push, token not "") at one of its devices. By push
 * only the device goes while another is left: 1; else the channel is closed: 0; -1. */
int
devices_gone(struct work *w, const struct message *m, const char *token, struct err *e);
/* The same of tokens, whatever they were told by. */
int
devices_lose(struct work *w, int64_t customer, const char *const *tokens, struct err *e);
/* Did it go to several devices at once? 1, 0, -1. */
int devices_many(struct work *w, const struct message *m, struct err *e);

#endif
