/* corrections.h - corrections that wait for a second person, for the status. */
#ifndef ENGINE_CORRECTIONS_H
#define ENGINE_CORRECTIONS_H

#include <jansson.h>

#include "desk.h"

/* Appends {"playbook", "template", "at", "decide"} of each; names nobody. Reads only. */
int corrections_status(struct work *w, json_t *list, struct err *e);

#endif
