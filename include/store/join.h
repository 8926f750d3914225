/* join.h - two rows that are one customer: B goes into A, and may come out again.
 *
 * B's row stays, with his number and his past messages; his id and addresses lead to A
 * from then on. What was his besides - vehicles, appointments, orders, events, offers,
 * open tasks, arms of experiments, slots - becomes A's and is written down, so that it can
 * go back; A's profile is kept as it was. */
#ifndef STORE_JOIN_H
#define STORE_JOIN_H

#include <stdbool.h>

#include "store/store.h"

struct join {
	int64_t a, b;
	ms_t at;
	const char *moved;  /* JSON: what went over */
	const char *before; /* image of A */
	const char *fold;   /* A's profile before, packed; as base64 */
	int64_t after;      /* keyed hash of A's image then */
};
struct join_counts {
	int vehicles, appointments, orders, events, offers, tasks, arms, touches;
	int devices, contacts;
	int companies, driven; /* spoken to for, and cars of others */
};

/* The customer a merged id or row leads to: 1 it was merged, 0 not, -1. */
int join_of(struct store *s, const char *ext, int64_t *b, int64_t *a, struct err *e);
int join_any(struct store *s, struct err *e); /* 1 there are some, 0, -1 */
/* Fills j->fold, before anything changes. */
int join_keep(struct store *s, struct join *j, struct err *e);
/* Moves what is B's and writes it down; out->moved is filled. touches: B's slots of the
 * period that count for A now. */
int join_move(struct store *s, struct join *j, struct join_counts *n, struct err *e);
int join_add(struct store *s, const struct join *j, struct err *e);
int join_get(struct store *s, int64_t b, struct join *out, struct err *e); /* 1/0/-1 */
/* Moves back what is still A's, puts back A's profile, and forgets the merge. */
int
join_undo(struct store *s, const struct join *j, struct join_counts *n, struct err *e);

#endif
