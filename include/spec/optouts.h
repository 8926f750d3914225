/* optouts.h - opt-outs out of a table: our own list, or the old vendor's blacklist.
 *
 * A row names a customer's id, or addresses: in a column of their channel (phone,
 * email, wecom, push), or in `address`, whose kind then shows in itself or is told by
 * `channel`. Without a channel a row stops every channel the address serves - a
 * number: SMS and calls - or, with only a customer, all of them. Read like
 * customers.h: a file fault is an error, a row fault is in the fault. */
#ifndef SPEC_OPTOUTS_H
#define SPEC_OPTOUTS_H

#include "base/arena.h"
#include "core/customer.h"
#include "spec/rows.h"
#include "spec/columns.h"

struct optouts;

struct optout {
	const char *customer; /* the dealer's id, or "" */
	const char
	    *address[CHANNELS]; /* canonical, or ""; a mobile stands for sms and phone */
	unsigned channels;      /* that stop: bit set of enum channel, never 0 */
	struct date date;       /* since when; year 0: unknown */
	ms_t at; /* the instant, when the row has one with its offset; else 0 */
};

struct optouts *optouts_open(const char *path, enum table_encoding encoding,
    const char *const *mapping, struct err *e);
void optouts_close(struct optouts *r); /* NULL is fine */
/* The next row: 1, 0 at the end, -1. fault->verdict tells whether out is to be used. */
int optouts_next(struct optouts *r, struct arena *a, struct optout *out,
    struct row_fault *fault, struct err *e);
const struct columns_field *optouts_fields(int *n); /* what a column may be */
const struct columns *optouts_columns(const struct optouts *r);

#endif
