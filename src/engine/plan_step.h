/* plan_step.h - what a run does at a step: one function and one line of the table in
 * plan_step.c a verb. Store thread. */
#ifndef ENGINE_PLAN_STEP_H
#define ENGINE_PLAN_STEP_H

#include "plan.h"

/* A run at a step. */
struct stand {
	struct work *w;
	struct person *p;
	struct run *r; /* r->step is s->id already */
	const struct version *v;
	const struct step *s;
	ms_t due; /* when the step has its time; not in the future unless ahead */
};

/* 1: the run goes on at *target, which is STEP_NEXT on entry; 0: it waits (saved) or has
 * ended; -1. */
typedef int plan_verb_run(const struct stand *at, int *target, struct err *e);

struct plan_verb {
	plan_verb_run *run;
	bool ahead; /* plans something for `due`; the others are run when it has come */
};
extern const struct plan_verb plan_steps[STEP_VERBS];

plan_verb_run plan_send, plan_split, plan_offer, plan_call;

/* A call has come to its end: as a verb, for the step it belongs to. */
int plan_called(
    const struct stand *at, const struct message *m, int *target, struct err *e);

/* The run sleeps until then. */
int plan_sleep(struct work *w, struct run *r, enum run_wait wait, ms_t at, struct err *e);

#endif
