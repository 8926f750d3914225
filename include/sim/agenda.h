/* agenda.h - what is going to happen: a heap of events by time, then by the order set.
 *
 * An entry is the agenda's; its handle is valid until it has happened or was
 * taken off. Entries of a life (of a simulated process) can be dropped all at
 * once. An entry may be tied to the wall clock: agenda_shift() moves all those
 * when the wall clock steps. Times are ms on the agenda's own clock. */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>

#include "base/clock.h"

struct agenda;
struct agenda_entry;

typedef void agenda_fn(void *arg);

struct agenda *agenda_new(void);
void agenda_free(struct agenda *a);

ms_t agenda_now(const struct agenda *a);
/* life 0: the world's own, never dropped. An instant that is past counts as now. */
struct agenda_entry *
agenda_at(struct agenda *a, ms_t at, int life, agenda_fn *fn, void *arg);
void agenda_cancel(struct agenda *a, struct agenda_entry *e);
void agenda_move(struct agenda *a, struct agenda_entry *e, ms_t at);
void agenda_tie(struct agenda_entry *e, bool wall);
void agenda_shift(struct agenda *a, ms_t by);
void agenda_drop(struct agenda *a, int life);

/* The next instant, MS_NEVER when nothing is left. */
ms_t agenda_next(const struct agenda *a);
/* Goes to the next entry and lets it happen. The handle is void before fn runs.
 * false: nothing left. */
bool agenda_step(struct agenda *a);
/* Moves the clock without anything happening; not past the next entry. */
void agenda_wait(struct agenda *a, ms_t until);

#endif
