/* migrate.h - runs of older versions taken over by the newest, step by step mapped. */
#ifndef ENGINE_MIGRATE_H
#define ENGINE_MIGRATE_H

#include <jansson.h>

#include "desk.h"

/* The step of the new version that an old step becomes: as the map says, else the one of
 * the same name; NULL: none. */
const struct step *
migrate_step(const struct playbook *to, const json_t *map, const char *step);

/* A portion of the migration that is open, if one is. Store thread. */
int migrate_portion(struct work *w, bool *worked, struct err *e);

#endif
