/* signal.h - the profile of each customer, packed, and the day it wants to be looked at.
 */
#ifndef STORE_SIGNAL_H
#define STORE_SIGNAL_H

#include <stdbool.h>

#include "store/customer.h"
#include "store/store.h"

/* 1/0/-1; *fold lives in the scratch arena. */
int signal_get(struct store *s, int64_t customer, const void **fold, size_t *len,
    int64_t *look, struct err *e);
/* looked: look is the day there is to be; else one asked for earlier stays. */
int signal_put(struct store *s, int64_t customer, const void *fold, size_t len,
    int64_t look, bool looked, struct err *e);
/* Something on file changed: the next sweep looks at him. */
int signal_look(struct store *s, int64_t customer, struct err *e);
/* The same, if the statement before changed anything. */
int signal_look_changed(struct store *s, int64_t customer, struct err *e);
/* Customers to be looked at on `day`, or who were sent something since: at most max rows
 * of the `span` ids above *cursor, which moves to the last id seen. all: everybody. tz
 * NULL: all zones. out has room for max; returns how many or -1. */
int signal_due(struct store *s, int64_t *cursor, int64_t span, int max, const char *tz,
    int64_t day, ms_t since, bool all, struct customer_row *out, struct err *e);

/* Messages that were sent to a customer after an instant, oldest first. */
struct sent {
	ms_t at;
	int channel, state;
	int64_t version;
	const char *account;
};
int signal_sent(struct store *s, int64_t customer, ms_t after, int max, struct sent *out,
    struct err *e);

/* A tier told by an import waits for the month: those that wait take effect; ids above
 * `after`, to `to`. */
int signal_tiers(struct store *s, int64_t after, int64_t to, struct err *e);

#endif
