/* grant.h - offers: given while the quota lasts, agreed to, used, over. Store thread. */
#ifndef ENGINE_GRANT_H
#define ENGINE_GRANT_H

#include "desk.h"
#include "store/event.h"
#include "store/offer.h"

/* Who is asked by hand, or by an action, has so long to agree. */
#define GRANT_YES_WITHIN (7 * MS_DAY)

enum granting {
	GRANT_DONE,  /* he has it */
	GRANT_ASKED, /* somebody must agree first */
	GRANT_NONE,  /* none left, or not in the catalogue; the trail says which */
	GRANT_HELD   /* control group: nothing is given */
};
/* For a run; until: how long somebody may take to agree. */
int grant_to_run(struct work *w, struct person *p, const struct run *r, const char *name,
    ms_t until, enum granting *out, struct err *e);

/* What a text of the control group would have called the offer; nothing is written. */
void grant_as_if(struct work *w, struct person *p, const char *name);

/* An event uses up what it redeems: of each offer the one that ends first. */
int grant_redeem(struct work *w, struct person *p, const struct event *ev, struct err *e);

/* A run that is sent elsewhere, or leaves, no longer waits for a yes. */
int grant_withdraw(struct work *w, const struct run *r, struct err *e);

/* What was granted or asked for and is over ends. */
int grant_over(struct work *w, struct err *e);

/* ---- by hand: an HTTP-like status, and *say what is wrong; -1 ---- */

struct person_says {
	const char *by;      /* who */
	enum approval level; /* what he may agree to */
};
int grant_ask(struct work *w, struct person *p, const char *name,
    const struct person_says *who, int64_t *id, const char **say, struct err *e);
int grant_answer(struct work *w, int64_t id, bool yes, const struct person_says *who,
    const char **say, struct err *e);
int grant_redeem_by_hand(struct work *w, int64_t id, const struct person_says *who,
    const char **say, struct err *e);

#endif
