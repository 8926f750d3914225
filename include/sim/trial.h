/* trial.h - one seed: a town, its weather and a referee, from the first day to rest.
 *
 * The same seed and sizes give the same trace. Sets are catalogs loaded once by the
 * caller; the first is in force at the beginning, reloads go from one to another. A
 * trial changes how their accounts settle and lets no tier be computed, so sets belong
 * to one trial at a time. */
#ifndef SIM_TRIAL_H
#define SIM_TRIAL_H

#include <stdbool.h>
#include <stdio.h>

#include "spec/catalog.h"

struct trial_options {
	uint64_t seed;
	int customers, days;
	bool faults;
	struct catalog *const *sets;
	int n_sets;
	FILE *log;           /* where the daemon's log goes; NULL: nowhere */
	const char *program; /* for the line that tells how to run it again */
};

struct trial {
	char foul[480];    /* "" when the promises held */
	char weather[160]; /* which faults were on */
	uint64_t trace;
	int64_t touches, sent, unknown, runs, goals;
	int taken, deaths, reloads, orders;
};

/* 0 the promises held, 1 not. */
int trial_run(const struct trial_options *o, struct trial *out);
/* A failing trial in two lines: what, and how to see it again. */
void trial_print(const struct trial_options *o, const struct trial *t, FILE *out);

#endif
