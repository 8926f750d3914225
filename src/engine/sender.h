/* sender.h - which member of staff writes to a customer in WeCom: the one rule for mass sends, drafts and cards.
 *
 * It is his advisor (of the car at hand, else his own), or who stands in for him today, if that
 * member has the customer as a contact; else the one of those at work who became a contact of
 * his last. Reads only. */
#ifndef ENGINE_SENDER_H
#define ENGINE_SENDER_H

#include "core/subject.h"
#include "desk.h"

enum sender_how {
	SENDER_UNKNOWN, /* nothing is known of who has him: his address came from a file */
	SENDER_NOBODY,  /* nobody at work has him as a contact */
	SENDER_ADVISOR, /* his advisor, or who stands in for him */
	SENDER_LAST     /* his last contact */
};
/* The customer's addresses must be open (customer_open). *out is filled for the last two; its
 * userid there is out->wecom. -1: err. */
int sender_of(struct work *w, struct person *p, struct staff *out, enum sender_how *how,
    struct err *e);

/* Who sends what goes by the account, into text->sender. 0; 1 nobody can (*detail); -1. */
struct account;
struct composed;
int sender_set(struct work *w, struct person *p, const struct account *acc,
    struct composed *text, const char **detail);

#endif
