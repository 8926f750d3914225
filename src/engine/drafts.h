/* drafts.h - texts by WeCom that the advisor sends by hand (kind: personal): whose turn, and
 * what he says became of one. Store thread.
 *
 * A draft is a message that the gate let go, its slots taken, on the list of the customer's
 * advisor: AWAITING like a call. It is given only where he has two hours before the next quiet
 * window, in working time, and taken back before the window begins. What he really sent, and
 * whether he did, only he knows. (dealership S17, semantics B-WC1) */
#ifndef ENGINE_DRAFTS_H
#define ENGINE_DRAFTS_H

#include "tasks_report.h"

/* Is it the turn of this draft, and whose? As tasks_turn(); sender.h says whose. */
int drafts_turn(struct work *w, struct person *p, const struct step *s,
    const struct message *m, ms_t open_until, struct tasks_turn *turn, struct err *e);
/* By when he must have sent it: what is left of its use after that is another channel's. */
ms_t drafts_due(const struct work *w, const struct person *p, const struct step *s,
    const struct message *m);
/* What he says, of a live task. */
int drafts_done(struct report_of *d, struct message *m, struct err *e);

#endif
