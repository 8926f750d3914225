/* missed.h - who did not come: no sign of him two hours after his appointment. Store
 * thread. */
#ifndef ENGINE_MISSED_H
#define ENGINE_MISSED_H

#include "core/subject.h"
#include "engine_impl.h"

/* The appointment is on file anew (before NULL) or as told again. */
int missed_expect(struct work *w, const struct appointment *before,
    const struct appointment *a, struct err *e);
/* He cancelled or moved, by an event of another system: nobody waits at the old time. */
int missed_event(struct work *w, const struct event *ev, struct err *e);
/* A file told who came: from now on files are waited for. */
int missed_file(struct work *w, struct err *e);
/* At most max of those whose time has come; lowers *next to when to look again. */
int missed_clock(struct work *w, int max, ms_t *next, struct err *e);

#endif
