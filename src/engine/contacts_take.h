/* contacts_take.h - what the service tells of contacts, written down: pages, single ones, comings and goings. Store thread. */
#ifndef ENGINE_CONTACTS_TAKE_H
#define ENGINE_CONTACTS_TAKE_H

#include "desk.h"
#include "provider/provider.h"
#include "store/contact.h"
#include "store/msg.h"

/* A page of a member's, asked for at `asked_at`. cursor "": his list ends here; who was not on
 * it is his no more. The place reached goes with it, so that a crash goes on from there. */
int contacts_page(struct work *w, struct roster *r, const struct contact_told *rows,
    int n, const char *cursor, ms_t asked_at, struct err *e);
/* All who have one contact. */
int contacts_one(struct work *w, const struct account *acc, int64_t contact,
    const struct contact_told *rows, int n, ms_t asked_at, struct err *e);

/* A callback: RECEIPT_CONTACT. */
int contacts_event(
    struct work *w, const struct account *acc, const struct receipt *r, struct err *e);
/* The service says that whom a message is for is no contact of its sender's; left: the customer
 * ended it, else the next list decides. 1: another member has him, 0: none, CONTACTS_UNKNOWN:
 * nothing is known of who has him, -1. */
#define CONTACTS_UNKNOWN 2
int contacts_refused(struct work *w, const struct message *m, bool left, struct err *e);
/* Has the member a message waits for lost its customer? 1, 0, -1. */
int contacts_parted(struct work *w, const struct message *m, struct err *e);

#endif
