/* sweep.h - the daily look at every customer, at 06:00 in his own zone. Store thread.
 *
 * Done in portions, its place kept in the database, so that a crash goes on where
 * it was. Lists (one-time campaigns) start here too. */
#ifndef ENGINE_SWEEP_H
#define ENGINE_SWEEP_H

#include "desk.h"

/* One portion. *next: when to look again; at or before now: there is more. */
int sweep_portion(struct work *w, ms_t *next, struct err *e);

#endif
