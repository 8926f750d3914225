/* effects.h - before a launch: how small a difference could be seen in the A/B tests and
 * control groups of a set, with the people who would come (S22). */
#ifndef CMD_EFFECTS_H
#define CMD_EFFECTS_H

#include <stdio.h>

#include "spec/catalog.h"
#include "store/store.h"

/* Looks at what has happened in a rehearsal's database. Each finding is given as one JSON
 * object and as one line of text; weak ones, "direction only", are marked. */
int effects_each(struct store *s, const struct catalog *cat,
    void (*each)(void *arg, struct pos at, const char *json, const char *text, bool weak),
    void *arg, struct err *e);

#endif
