/* notice.h - which card goes next to which member of staff, and what became of it. Store thread.
 *
 * A task is told once to whoever it was given to, and again on another day it is offered.
 * Its bytes are kept as they go: a card whose answer was lost is sent again word for word
 * while the service drops doubles, then presumed. To one person at most 25 go a minute and
 * 800 an hour; what would be more goes as one card about all of it. (semantics B-WC6) */
#ifndef ENGINE_NOTICE_H
#define ENGINE_NOTICE_H

#include "desk.h"
#include "provider/provider.h"

/* The account that tells staff; NULL: none. */
const struct account *notice_account(const struct config *cfg);

struct notice {
	int64_t card; /* 0: nothing is to go now */
	const char *to,
	    *request; /* from the scratch arena; JSON: method, url, headers, body */
	ms_t next;    /* when to look again */
};
/* Writes that it goes. */
int
notice_next(struct work *w, const struct account *acc, struct notice *out, struct err *e);
int notice_outcome(struct work *w, int64_t card, const struct answer *a, struct err *e);
/* A button pressed on a card: the task is done, as if told by hand. 0: it is no card of
 * ours, or pressed by nobody of the staff. */
int notice_done(struct work *w, const struct receipt *r, struct err *e);

#endif
