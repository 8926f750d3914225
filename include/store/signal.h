/* signal.h - the profile of each customer, packed, and the day it wants to be looked at.
 */
#ifndef STORE_SIGNAL_H
#define STORE_SIGNAL_H

#include <stdbool.h>

#include "store/customer.h"
#include "store/store.h"

/* 1/0/-1; *fold lives in the scratch arena. */
int signal_get(struct store *s, int64_t customer, const void **fold, size_t *len,
    struct look *look, struct err *e);
/* looked: so it is to be; else a day asked for earlier stays, and the place. */
int signal_put(struct store *s, int64_t customer, const void *fold, size_t len,
    struct look look, bool looked, struct err *e);
/* Something on file changed: the next sweep looks at him. */
int signal_look(struct store *s, int64_t customer, struct err *e);
/* The same, if the statement before changed anything. */
int signal_look_changed(struct store *s, int64_t customer, struct err *e);
/* Customers to be looked at on `day`, or who were sent something since, or who wait for a
 * place in a playbook that is not `full` (",3,17,"): at most max rows of the `span` ids above
 * *cursor, which moves to the last id seen. all: everybody. tz NULL: all zones. out has room
 * for max; returns how many or -1. */
struct due {
	const char *tz, *full;
	int64_t day;
	ms_t since;
	bool all;
};
int signal_due(struct store *s, const struct due *ask, int64_t *cursor, int64_t span,
    int max, struct customer_row *out, struct err *e);

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
