/* lanes.h - which due messages go next, fairly between playbooks. Store thread. */
#ifndef ENGINE_LANES_H
#define ENGINE_LANES_H

#include "begin.h"

/* T2 for at most `max` messages; fills out with struct intent *. 0 or -1. */
int lanes_begin(struct work *w, struct budget *budgets, int max, GPtrArray *out, struct err *e);

#endif
