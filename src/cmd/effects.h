/* effects.h - before a launch: how small a difference could be seen in the A/B tests and
 * control groups of a set, with the people who would come (S22). */
#ifndef CMD_EFFECTS_H
#define CMD_EFFECTS_H

#include <glib.h>

#include "core/experiment.h"
#include "spec/catalog.h"
#include "store/store.h"

/* What was counted of one of them: arms of a test; or 0 treated and 1 held out. */
struct effect {
	bool control;
	char playbook[128]; /* "" the control group of the house */
	char step[128], version[EXPERIMENT_VERSION];
	struct share shares[ARMS_MAX];
};
/* A finding as one JSON object and as one line of text; weak: "direction only". */
typedef void
effects_one(void *arg, struct pos at, const char *json, const char *text, bool weak);

GArray *effects_new(void); /* of struct effect */
/* Looks at what has happened in a rehearsal's database. */
int effects_count(struct store *s, const struct catalog *cat, GArray *out, struct err *e);
/* Another part of the house was counted too. */
void effects_add(GArray *sum, const struct effect *one);
void
effects_tell(const GArray *all, const struct catalog *cat, effects_one *each, void *arg);
/* Counts and tells. */
int effects_each(struct store *s, const struct catalog *cat, effects_one *each, void *arg,
    struct err *e);

#endif
