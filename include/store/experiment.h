/* experiment.h - A/B tests as they run: who was drawn into which arm, and what was
 * decided. */
#ifndef STORE_EXPERIMENT_H
#define STORE_EXPERIMENT_H

#include "core/experiment.h"
#include "store/store.h"

/* One version of an experiment at one step. */
struct experiment_row {
	int64_t id;
	int playbook;
	const char *step, *version, *name; /* version: of the experiment */
	int64_t pinned; /* the version of the playbook whose `decide` holds */
	ms_t started_at;
	ms_t decide_at;  /* 0: nothing is to be decided (any more) */
	ms_t decided_at; /* 0: not */
	int verdict;     /* enum verdict_ab */
	const char *arm; /* what later arrivals get; "" for stop */
	double p;
	int metric; /* enum metric */
};
/* 1 found, 0 not, -1 err. */
int experiment_find(struct store *s, int playbook, const char *step, const char *version,
    struct experiment_row *out, struct err *e);
/* Inserts with the arms of x; id is filled. */
int experiment_add(
    struct store *s, struct experiment_row *t, const struct experiment *x, struct err *e);
int experiment_save(struct store *s, const struct experiment_row *t, struct err *e);
/* The first one whose decide_at has come: 1/0/-1; and when the next will. */
int experiment_due(struct store *s, ms_t now, struct experiment_row *out, struct err *e);
int experiment_next(struct store *s, ms_t *at, struct err *e);
/* Oldest first; playbook 0: all. */
int experiment_each(struct store *s, int playbook,
    void (*each)(void *arg, const struct experiment_row *t), void *arg, struct err *e);

/* A customer's first run counts; 1 written, 0 he was drawn before, -1 err. */
int experiment_draw(struct store *s, int64_t experiment, int64_t customer, int64_t run,
    int arm, ms_t at, struct err *e);
/* Drawn before `until`, and how many of them had met the goal, or clicked in person, by
 * then. */
int experiment_count(struct store *s, const struct experiment_row *t, ms_t until,
    struct share *arms, int n, struct err *e);
/* What was counted when it was decided, in the order of the arms. */
int experiment_tally(
    struct store *s, int64_t experiment, int arm, struct share counted, struct err *e);
int experiment_arms(struct store *s, int64_t experiment,
    void (*each)(void *arg, const char *name, int weight, struct share counted),
    void *arg, struct err *e);

/* The share held out of everything, as it changed: written when it differs from the last;
 * the report `control` tells it. */
int control_share_note(struct store *s, ms_t at, int per_10000, struct err *e);
/* Customers who have entered since then, and how many of them met a goal: playbook 0 by
 * the house's group, else by the playbook's own. held[0]: treated, held[1]: held out. */
int control_count(struct store *s, int playbook, ms_t since, struct share held[2],
    struct err *e);

#endif
