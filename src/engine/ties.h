/* ties.h - who belongs with a customer, as people are shown it. */
#ifndef ENGINE_TIES_H
#define ENGINE_TIES_H

#include <jansson.h>

#include "desk.h"

/* His kind, contact, household, cars and drivers, and who shares a number with him; a new
 * reference, NULL on an error. His addresses must be open. */
json_t *ties_json(struct work *w, struct person *p, struct err *e);

#endif
