/* experiments.h - A/B tests as people are told of them. On a snapshot. */
#ifndef ENGINE_EXPERIMENTS_H
#define ENGINE_EXPERIMENTS_H

#include <jansson.h>

#include "desk.h"

/* Those of a playbook (0: all), oldest first, appended to a list: name, step, version,
 * since, the arms with people and hits, and what was decided and when. Undecided ones are
 * counted as of now. */
int experiments_json(struct work *w, int playbook, const struct zone *z, json_t *out,
    struct err *e);

#endif
