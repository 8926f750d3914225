/* experiment.h - an A/B test: the arms of a split, who falls into which, which of them
 * won. Pure.
 *
 * A winner is named once. Every pair of arms is compared (stats.h), with Holm's
 * correction above two; the winner is better than each other arm. Enough people and no
 * winner is "none"; too few, by `min` or for the rise that matters, is "direction".
 * (docs/marketer.md) */
#ifndef CORE_EXPERIMENT_H
#define CORE_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/stats.h"

#define ARMS_MAX 10
#define ARM_BEST (-1)         /* decide.else: the arm that looks best */
#define ARM_STOP (-2)         /* decide.else: the run's steps end */
#define EXPERIMENT_VERSION 13 /* its text, with the NUL */

enum metric { METRIC_GOAL, METRIC_CLICK, METRICS };
extern const char *const metric_names[]; /* NULL-terminated */

struct split_arm {
	const char *name;
	struct pos at;
	int weight;
	int first, n; /* its candidates in the step's `sends` */
};

struct experiment {
	const char *name;
	struct pos at;
	struct split_arm *arms; /* 2 to ARMS_MAX */
	int n_arms;
	/* Of name, arms and weights: changing any of them draws anew. */
	char version[EXPERIMENT_VERSION];
	struct decide_rule {
		bool given;
		struct pos at;
		enum metric metric;
		ms_t after; /* the first arrival */
		int min;    /* people an arm */
		double confidence;
		int otherwise; /* an arm, ARM_BEST or ARM_STOP */
		double usual;  /* the share expected without a change; 0: not said */
		double rise;   /* in points, that would matter; 0: not said */
		struct pos rise_at;
	} decide;
};

/* The arm of a customer, by the hash of what he is drawn by. */
int experiment_arm(const struct experiment *x, uint64_t hash);
int experiment_arm_named(const struct experiment *x, const char *name); /* -1: none */

enum verdict_ab { AB_OPEN, AB_WINNER, AB_NONE, AB_DIRECTION };
const char *experiment_verdict_name(int verdict); /* open | winner | none | direction */

struct finding {
	enum verdict_ab verdict;
	int arm;  /* what later arrivals get: an arm, or ARM_STOP */
	int best; /* the highest share */
	double p; /* the largest of the best arm's comparisons, corrected */
};
/* arms[i]: who was drawn into arm i and how many of them did what is measured. */
void experiment_decide(
    const struct experiment *x, const struct share *arms, struct finding *out);

#endif
