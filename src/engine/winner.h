/* winner.h - A/B tests whose time has come are decided, once. Store thread. */
#ifndef ENGINE_WINNER_H
#define ENGINE_WINNER_H

#include "desk.h"
#include "store/experiment.h"

/* Counts as of its decide_at, writes what was found and fills *row. */
int winner_one(struct work *w, struct experiment_row *row, struct err *e);
/* All that are due; then *next is when the next one will be. */
int winner_due(struct work *w, ms_t *next, struct err *e);

#endif
