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
	ms_t due;   /* when the step has its time; not in the future unless ahead */
	ms_t until; /* the date it comes before; MS_NEVER: none */
};

/* Fills due and until; false: the date it comes before is not known. */
bool plan_when(struct stand *at);

/* Its time lies after the end of the campaign; then the steps are done. 0 or -1. */
bool plan_is_over(const struct stand *at);
int plan_over(struct stand *at, struct err *e);

/* The times of a touch planned now, out of quiet windows; true: it is past. */
struct quiet_answer;
bool plan_times(const struct stand *at, struct message *m, struct quiet_answer *quiet);
/* Tells that a quiet window has moved it. */
int plan_moved(
    struct work *w, struct message *m, const struct quiet_answer *quiet, struct err *e);

/* 1: the run goes on at *target, which is STEP_NEXT on entry; 0: it waits (saved) or has
 * ended; -1. */
typedef int plan_verb_run(struct stand *at, int *target, struct err *e);

struct plan_verb {
	plan_verb_run *run;
	bool ahead; /* plans something for `due`; the others are run when it has come */
};
extern const struct plan_verb plan_steps[STEP_VERBS];

plan_verb_run plan_send, plan_repeat, plan_wait, plan_split, plan_offer, plan_call;

/* T1: 1 planned, the run waits for it (saved); 0 its time is past; -1. */
int plan_touch(const struct stand *at, struct err *e);
/* Nothing has come, and it may be too late now. */
int plan_wait_woken(struct work *w, struct person *p, struct run *r,
    const struct version *v, const struct step *s, struct err *e);

/* The run of a message after which nothing comes: 1 it has ended; 0 it is not that simple, nothing
 * is written; -1. */
int plan_finish(struct work *w, const struct message *m, struct err *e);

/* A round's message has come to its end; as plan_verb_run. */
int plan_repeat_again(struct stand *at, const struct message *m, struct err *e);
/* Plans the round after r->round anew, which was planned already. 0 or -1. */
int plan_repeat_on(struct stand *at, struct err *e);

/* A call has come to its end: as a verb, for the step it belongs to. */
int plan_called(
    const struct stand *at, const struct message *m, int *target, struct err *e);

/* The run sleeps until then. */
int plan_sleep(struct work *w, struct run *r, enum run_wait wait, ms_t at, struct err *e);

#endif
