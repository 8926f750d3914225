/* contacts.h - contacts of the staff asked for, where a service has such (WeCom). Loop thread.
 *
 * Every member of staff with an id there: each night, at the start, and those of whom a
 * callback told something at once. One call at a time and account; each page is written with
 * the place it reached, so that a crash goes on from there. */
#ifndef ENGINE_CONTACTS_H
#define ENGINE_CONTACTS_H

#include "engine_impl.h"

struct contacts *contacts_new(struct engine *en);
void contacts_free(struct contacts *c);
/* The catalog is new, or the engine has started. */
void contacts_look(struct engine *en);
/* Something is to be asked now: a callback came, or the staff has changed. */
void contacts_wake(struct engine *en);
void contacts_stop(struct engine *en);
/* An instant: members read before it are to be read. */
ms_t contacts_due(const struct engine *en);

/* ---- contacts_tell.c ---- */

/* How far the accounts are with it, for the status. `out` an array. */
int contacts_status(struct work *w, ms_t due, json_t *out, struct err *e);

#endif
