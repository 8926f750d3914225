/* inbound.h - receipts and replies turned into moves, once and in any order. Store thread. */
#ifndef ENGINE_INBOUND_H
#define ENGINE_INBOUND_H

#include "desk.h"
#include "provider/provider.h"

/* Takes one receipt in: 0, or -1. Seen before: nothing happens. A receipt whose
 * message is not settled yet stays open in the inbox. */
int inbound_receipt(struct work *w, const struct account *acc, const struct receipt *r,
    struct err *e);

/* What a query has learnt of a message beside that it was taken. */
int inbound_told(struct work *w, int64_t msg, const struct answer *a, struct err *e);

/* A person has clicked in a message: the runs that wait for it hear of it, and it is an
 * event of his. */
int inbound_click(struct work *w, const struct message *m, struct err *e);

/* Staff tell of an answer reachd does not see, as one in a chat: it weighs as much as a
 * reply, and is the event `answered`, for somebody is talking with him. text "": that he
 * answered is all that is known. */
int inbound_answered(
    struct work *w, struct person *p, int channel, const char *text, struct err *e);

/* Open rows again: matched, or closed as unmatched after seven days. *open tells
 * whether any are left. */
int inbound_open_rows(struct work *w, bool *open, struct err *e);

/* A reply: the stop words, complaints and answers in it; m: the message it answers, or NULL. */
int inbound_reply(struct work *w, const struct account *acc, const struct message *m,
    const struct receipt *r, struct err *e);

/* A refusal, a complaint or a bad address that no message of ours is known for: for whom the
 * address belongs to, and a refusal for the address itself. account: which told of it. How many
 * people that are, or -1. */
int inbound_address(
    struct work *w, const char *account, const struct receipt *r, struct err *e);

#endif
