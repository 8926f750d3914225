/* check_people.h - `reachd check --customers`: what a set could prove with these customers. */
#ifndef CMD_CHECK_PEOPLE_H
#define CMD_CHECK_PEOPLE_H

#include "base/err.h"
#include "base/report.h"

/* Plays the set's coming weeks, drafts too, with customers who never react, until every
 * A/B test is decided; what would be too small to prove anything is a warning at its
 * place, the rest goes to `told`, a line each. */
int check_people(const char *const *paths, const char *customers, struct report *r,
    GString *told, struct err *e);

#endif
