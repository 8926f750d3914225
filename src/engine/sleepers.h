/* sleepers.h - how the sleep of customers ends, month by month. Store thread. */
#ifndef ENGINE_SLEEPERS_H
#define ENGINE_SLEEPERS_H

#include "desk.h"

/* A stage has changed: counts who was dormant or lost and came back, was lost or given
 * up; an alarm once a month when the share given up is above give_up_warn. */
int sleepers_count(struct work *w, int from, int to, struct err *e);

#endif
