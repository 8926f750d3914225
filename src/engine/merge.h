/* merge.h - several cars, one message: touches of one step for several vehicles of a
 * customer that are due within three days go out as the first of them; where the playbook
 * has a digest and so many cars are due, touches of all its steps. Store thread. */
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H

#include "desk.h"

#define MERGE_MAX 500

struct merge {
	struct message
	    *with;   /* planned touches that m would take along; from the arena */
	int n, cars; /* cars the text speaks of, m's own too; 0: it is about none */
	bool digest; /* the playbook's digest is to be sent, not the step's text */
};

/* Finds them and tells p the vehicles its text speaks of: m's own, those it took along
 * before (an attempt that was not taken) and those it would take now. */
int merge_find(struct work *w, struct person *p, const struct version *v,
    const struct run *r, const struct message *m, struct merge *out, struct err *e);
/* m has begun: the others end as `merged`, and their runs go on as if they had gone. */
int merge_close(struct work *w, const struct message *m, struct merge *with,
    struct pos at, struct err *e);
/* What an answer to m leads to (a step, STEP_NEXT, STEP_END), it leads to for all the cars
 * that m spoke of. */
int merge_answered(
    struct work *w, struct person *p, const struct run *r, int target, struct err *e);

#endif
