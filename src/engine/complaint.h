/* complaint.h - how a complaint ends: that it is open, its block and its place on the list
 * end together. How one begins: intake.h. Store thread. */
#ifndef ENGINE_COMPLAINT_H
#define ENGINE_COMPLAINT_H

#include <jansson.h>

#include "desk.h"

/* The event complaint_closed is folded in: with the last one of his that was open the
 * block ends, and the task that still asks for it. */
int complaint_closed(struct work *w, struct person *p, struct err *e);
/* All that are open, as somebody says; `how` becomes the event's data and is taken over. */
int complaint_settle(struct work *w, struct person *p, json_t *how, struct err *e);

#endif
