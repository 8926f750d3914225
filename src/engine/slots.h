/* slots.h - what a message holds while it may count: cap slots and its place in the windows. Store thread. */
#ifndef ENGINE_SLOTS_H
#define ENGINE_SLOTS_H

#include "core/gate.h"
#include "desk.h"

#define SLOT_TEXT 64
char *slots_customer(int64_t customer, char *buf);
char *slots_address(int64_t h, char *buf);
char *slots_playbook(int playbook, int64_t customer, char *buf);

/* Does a message to him count for the address by itself? Where it is his alone his own slots say
 * as much, and a random page of the file is not written; cap_address() makes up for it when
 * that changes. */
bool slots_by_address(const struct person *p, const struct standing *st, int channel);
/* 1 taken and noted in m, 0 one was gone (nothing is held), -1. m->begun_at, m->address and
 * m->account are set. */
int slots_take(struct work *w, struct message *m, const struct tier *tier, bool by_address,
    int playbook_cap, const struct zone *house, struct err *e);
/* Gives back exactly what m holds; may be repeated. */
int slots_give(struct work *w, struct message *m, struct err *e);

#endif
