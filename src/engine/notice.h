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
	bool face;    /* not a new card: what one shows is replaced (notice_face.h) */
};
/* Writes that it goes. */
int
notice_next(struct work *w, const struct account *acc, struct notice *out, struct err *e);
/* code: what replaces the card that was taken; "" nothing does. */
int notice_outcome(struct work *w, int64_t card, const struct answer *a, const char *code,
    struct err *e);
/* A button pressed on a card: the task is done, as if told by hand. 0: it is no card of
 * ours, or not pressed by whoever was given it. */
int notice_done(struct work *w, const struct receipt *r, struct err *e);

/* ---- for notice_face.c ---- */

#define NOTICE_CROWDED (10 * MS_SECOND)
/* How many calls about him may go now. */
int notice_room(struct work *w, const char *who, int *out, struct err *e);
/* The request of an ask, as it is kept. */
int notice_pack(struct work *w, const struct account *acc, const char *who,
    const struct ask *ask, const char **out, struct err *e);

#endif
