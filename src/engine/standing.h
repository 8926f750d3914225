/* standing.h - what a customer has had, holds and will have: the gate's facts. Store thread. */
#ifndef ENGINE_STANDING_H
#define ENGINE_STANDING_H

#include "core/gate.h"
#include "desk.h"

/* Only the channels of the step are looked up. p's addresses are open. */
int standing_load(struct work *w, struct person *p, const struct playbook *pb,
    const struct step *s, const struct message *m, struct standing *st, struct err *e);

#endif
