/* people_view.h - tasks as staff read them: on a snapshot, without the desk. */
#ifndef ENGINE_PEOPLE_VIEW_H
#define ENGINE_PEOPLE_VIEW_H

#include <jansson.h>

#include "desk.h"
#include "store/task.h"

/* Adds script, outcomes and the customer's story. 0 or -1. */
int people_story(struct work *w, const struct task_row *t, struct person *p, json_t *out,
    struct err *e);

/* The outcomes alone. 0 or -1. */
int people_outcomes(
    struct work *w, const struct task_row *t, json_t *out, struct err *e);

json_t *people_time(const struct work *w, ms_t at); /* null: none */

#endif
