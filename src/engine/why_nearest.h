/* why_nearest.h - the playbooks that did not take a customer in, the nearest first. */
#ifndef ENGINE_WHY_NEAREST_H
#define ENGINE_WHY_NEAREST_H

#include <jansson.h>

#include "desk.h"

/* Of those whose start is a condition that does not hold for him; p may be about another
 * subject afterwards. New reference. */
json_t *why_nearest(struct work *w, struct person *p);

#endif
