/* scenario_read.h - the parts of a scenario, read one by one. */
#ifndef SPEC_SCENARIO_READ_H
#define SPEC_SCENARIO_READ_H

#include "spec/scenario.h"
#include "spec/yaml.h"

struct scenario_reading {
	struct arena *arena;
	struct report *report;
	struct scenario *scenario;
	const char *text; /* of the file */
	const char *dir;
};

/* "day 3", "day 3 10:30", "day 3 10:00-11:00", "2026-11-22 10:30". */
bool scenario_time_read(struct scenario_reading *rd, const struct yaml *y, bool span,
    struct scenario_time *out);
/* The same of a mapping's `at:` or `day:`. */
bool scenario_when_time(struct scenario_reading *rd, const struct yaml *y, bool span,
    struct scenario_time *out);
/* A path beside the scenario. */
const char *scenario_path(struct scenario_reading *rd, const char *path);

/* All of it but where the configuration is by default. */
void scenario_root_read(struct scenario_reading *rd, const struct yaml *root);
/* config, templates, playbooks, policy, files: those that `y` has. */
void scenario_set_read(
    struct scenario_reading *rd, const struct yaml *y, struct scenario_set *out);
/* { customers: [{...}], optouts: FILE } */
void scenario_tables_read(struct scenario_reading *rd, const struct yaml *y,
    struct scenario_table **out, int *n);
void scenario_when_read(struct scenario_reading *rd, const struct yaml *y);
void scenario_expect_read(struct scenario_reading *rd, const struct yaml *y);

#endif
