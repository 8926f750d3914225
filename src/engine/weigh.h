/* weigh.h - what a report asks of the rules: priorities as conditions see them. */
#ifndef ENGINE_WEIGH_H
#define ENGINE_WEIGH_H

#include "desk.h"
#include "store/reports.h"

struct weighing {
	const struct catalog *cat;
	struct work *work; /* of the page that is being read */
};
/* Completes what was asked by a catalog, which outlives the report, and the instant. */
void weigh_ask(
    struct reports_ask *ask, const struct catalog *cat, struct weighing *w, ms_t now);

#endif
