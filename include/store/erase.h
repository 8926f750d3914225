/* erase.h - everything told about one customer, gone; what is left is a number. */
#ifndef STORE_ERASE_H
#define STORE_ERASE_H

#include "store/store.h"

struct erase_counts {
	int texts, links, events, vehicles, tasks, images;
	int other; /* rows that only mention him */
};

/* The rows of this number that went into another by merging; at most max. */
int erase_twins(struct store *s, int64_t customer, int64_t *ids, int max, struct err *e);
/* Replies that came from this address: the words themselves. */
int erase_replies(
    struct store *s, int kind, const char *address, int *n, struct err *e);
/* All of one row. Counts of messages, arms and offers stay; so do opt-outs. Adds to n. */
int erase_customer(
    struct store *s, int64_t customer, ms_t at, struct erase_counts *n, struct err *e);

#endif
