/* publication.h - sets of files: what is in force, what waits for somebody's yes. */
#ifndef STORE_PUBLICATION_H
#define STORE_PUBLICATION_H

#include "store/store.h"

enum publication_state {
	PUBLICATION_WAITS,
	PUBLICATION_IN_FORCE,
	PUBLICATION_OVER, /* another took its place */
	PUBLICATION_REFUSED,
	PUBLICATION_WITHDRAWN, /* the files were changed again */
	PUBLICATION_LAPSED
};

struct publication {
	int64_t id;
	const char *hash;
	int state;
	const char *authors;         /* JSON list of names */
	ms_t at, since;              /* put forward; in this state */
	int needs;                   /* so many others must agree */
	int64_t confirmed;           /* so many due messages are meant, says the author */
	int64_t audience, due, cost; /* cost: hundredths of a fen */
	const char *content;         /* NULL: not read, or gone */
};
/* The one that waits or is in force: 1/0/-1. */
int publication_now(struct store *s, enum publication_state state,
    struct publication *out, struct err *e);
/* The newest of that hash, without content: 1/0/-1. */
int
publication_of(struct store *s, const char *hash, struct publication *out, struct err *e);
/* Its content goes with it when it is neither any more. */
int publication_end(
    struct store *s, int64_t id, enum publication_state state, ms_t now, struct err *e);
int
publication_add(struct store *s, struct publication *p, struct err *e); /* id filled */
int
publication_begin(struct store *s, int64_t id, ms_t now, struct err *e); /* in force */
int publication_count(
    struct store *s, int64_t id, const struct publication *figures, struct err *e);
/* How many agreed; least: the smallest audience any of them saw. */
int
publication_agreed(struct store *s, int64_t id, int *n, int64_t *least, struct err *e);
/* Newest first, without content. */
int publication_each(struct store *s, int64_t before, int max,
    void (*each)(void *arg, const struct publication *p), void *arg, struct err *e);

#endif
