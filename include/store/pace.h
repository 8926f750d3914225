/* pace.h - calls that are foreseen, and who waits to enter until there are hours for his. */
#ifndef STORE_PACE_H
#define STORE_PACE_H

#include "store/store.h"

/* A call that a run will come to; until it is on a list. */
struct booking {
	int64_t run;
	const char *step, *who; /* who "": whoever takes it */
	int64_t day;            /* the house's local day */
	int priority;           /* of its playbook */
};
int booking_add(struct store *s, const struct booking *b, struct err *e);
/* Of one step; step NULL: all of the run's. */
int booking_drop(struct store *s, int64_t run, const char *step, struct err *e);
/* How many of a person's lie in [from, to] and are at least so important. */
int booking_count(struct store *s, const char *who, int64_t from, int64_t to,
    int priority, int *n, struct err *e);

/* Who would enter, had the day of his call room. */
struct waiting {
	int playbook;
	int64_t customer, event; /* event 0: none brought him */
	const char *subject,
	    *entry; /* what a day's look lets in again has no entry, "" */
	int priority;
	ms_t at;      /* since when */
	int64_t day;  /* he was last tried on */
	int64_t full; /* the day without room */
	const char *who;
};
/* Written again he keeps his place. */
int waiting_add(struct store *s, const struct waiting *w, struct err *e);
int waiting_drop(struct store *s, const struct waiting *w, struct err *e);
/* Those not tried on this day: the most important first, then the longest waiting; at
 * most max, returns how many or -1. */
int
waiting_some(struct store *s, int64_t day, struct waiting *out, int max, struct err *e);
int waiting_count(struct store *s, int playbook, int64_t *n, ms_t *since, struct err *e);
/* 1 with what he waits for, 0, -1. */
int waiting_get(
    struct store *s, int playbook, int64_t customer, struct waiting *out, struct err *e);

#endif
