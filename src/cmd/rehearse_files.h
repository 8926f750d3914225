/* rehearse_files.h - what a rehearsal takes in beside its customers: vehicles, orders and
 * so on, through the daemon's own import. */
#ifndef CMD_REHEARSE_FILES_H
#define CMD_REHEARSE_FILES_H

#include <stdbool.h>

#include "base/clock.h"
#include "sim/town.h"

/* In the order in which they are taken in; each may be NULL. */
struct rehearse_files {
	const char *staff, *vehicles, *orders, *appointments, *sends;
};

/* The town has just started, at `now`. Rows that cannot be used are told of on stderr
 * unless quiet. */
int rehearse_files_take(
    const struct rehearse_files *f, struct town *t, ms_t now, bool quiet, struct err *e);

#endif
