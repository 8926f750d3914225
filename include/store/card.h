/* card.h - cards to members of staff: what they were told of, and how far each card has come.
 *
 *   SENDING ─► TAKEN | REFUSED
 *      │ ▲
 *      │ └──── WAITING (certainly not taken; later) ─► WITHDRAWN (nobody needs it any more)
 *      └─────► UNKNOWN ─► TAKEN | REFUSED | PRESUMED (the same bytes again, while that is safe) */
#ifndef STORE_CARD_H
#define STORE_CARD_H

#include "store/task.h"

enum card_state {
	CARD_SENDING,
	CARD_WAITING,
	CARD_UNKNOWN,
	CARD_TAKEN,
	CARD_REFUSED,
	CARD_PRESUMED,
	CARD_WITHDRAWN
};

/* What stands in place of its buttons. */
enum card_face {
	FACE_AS_SENT,
	FACE_DONE,
	FACE_BACK, /* taken back */
	FACE_LATER /* put off: it comes back as another card */
};

struct card {
	int64_t id;
	const char *who; /* as the service calls him */
	const char *account;
	enum card_state state;
	ms_t at;      /* of the first attempt that may have been taken */
	ms_t next_at; /* 0: it is over */
	int tries;
	const char *perr;
	const char *request; /* "" once it is over */
};

int card_add(struct store *s, const struct card *c, struct err *e);
/* Writes what changes. Over: what was to be sent is forgotten. */
int card_save(struct store *s, const struct card *c, struct err *e);
int card_get(struct store *s, int64_t id, struct card *out, struct err *e); /* 1/0/-1 */
/* The one whose next_at has come: 1, 0, -1. */
int card_due(struct store *s, ms_t now, struct card *out, struct err *e);
int card_next(struct store *s, ms_t *at, struct err *e); /* MS_NEVER: none */
/* Who had how many since then, replaced ones counted twice. */
int card_count(struct store *s, const char *who, ms_t since, int *n, struct err *e);
int card_refused(struct store *s, const char *who, ms_t since, int *n, struct err *e);

/* Open tasks that nobody was told of since they were given to their person or offered
 * anew, by id; how many or -1. */
int
card_untold(struct store *s, int64_t after, struct task_row *out, int max, struct err *e);
int card_told(struct store *s, const struct task_row *t, int64_t card, struct err *e);
/* The tasks of which cards tell what no longer holds are told anew when they are offered. */
int card_gone(struct store *s, int64_t task, struct err *e);

/* ---- what a card shows after it was sent ---- */

/* Its buttons can be replaced by this code, once; sealed. */
int card_set_code(struct store *s, int64_t id, const char *code, ms_t at, struct err *e);
struct card_stale {
	int64_t id;
	const char *who, *account, *code;
	enum card_face face; /* what it should say */
};
/* Cards whose buttons ask for what is no longer asked, with a code newer than `since`; how
 * many or -1. Older codes are forgotten. */
int card_stale(
    struct store *s, ms_t since, struct card_stale *out, int max, struct err *e);
/* It is on its way: not asked for again. */
int card_face(
    struct store *s, int64_t id, enum card_face face, ms_t at, struct err *e);
/* again: it was certainly not taken. Else its code is used up. */
int card_faced(struct store *s, int64_t id, bool again, struct err *e);

/* Tasks of a card, how many or -1. */
int card_tasks(struct store *s, int64_t card, int64_t *ids, int max, struct err *e);

#endif
