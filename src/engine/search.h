/* search.h - a lost answer settled by looking through what the service took at the time (class Q where it
 * keeps no reference of ours). Store thread; the steps of one look follow each other at once.
 *
 *	list, page by page ─► each record that is no other message's, asked about ─► ours | others'
 *
 * Exactly one of ours: it was taken. None: it is absent, see outcome_query(). Two, or one that
 * cannot be asked about: it stays open, and is looked for again. */
#ifndef ENGINE_SEARCH_H
#define ENGINE_SEARCH_H

#include "intent.h"

/* Where a look stands; lives in its intent's arena. */
struct search {
	struct search_at at;
	const char *next;        /* cursor of the page after this one */
	struct search_row *rows; /* of this page, still to be asked about */
	int n, calls;
	const char *ours; /* found so far, "" none */
	bool doubt;
};

/* The first step; NULL with e->kind ERR_NONE: nothing is left to look by. */
struct intent *search_begin(
    struct work *w, const struct message *m, const struct account *acc, struct err *e);
/* T3 of a step. *next: the step that follows, NULL: it is over. */
int search_told(struct work *w, const struct intent *it, const struct search_found *found,
    struct intent **next, struct err *e);

#endif
