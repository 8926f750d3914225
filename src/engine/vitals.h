/* vitals.h - once a second: is the clock to be believed, is there room on the disk.
 *
 * What is wrong becomes a freeze ("clock", "disk") and goes away by itself.
 * Loop thread. */
#ifndef ENGINE_VITALS_H
#define ENGINE_VITALS_H

#include "base/err.h"
#include "desk.h"

struct engine;

/* In the job that reads who we are: the latest instant this database has seen. */
int vitals_read(struct work *w, ms_t *mark, struct err *e);
/* Looked at once a second, and before anything is begun or leaves: within a second a
 * clock that jumped could wake a whole night's messages. */
void vitals_clock(struct engine *en);
void vitals_start(struct engine *en);
void vitals_stop(struct engine *en);
/* A job found no room, whatever the file system says of itself. */
void vitals_full(struct engine *en);

#endif
