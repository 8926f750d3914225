/* merge.h - several cars, one message: touches of one step for several vehicles of a
 * customer that are due within three days go out as the first of them. Store thread. */
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H

#include "desk.h"

#define MERGE_MAX 16

struct merge {
	struct message with[MERGE_MAX]; /* planned touches that m would take along */
	int n;
};

/* Finds them and tells p the vehicles its text speaks of: m's own, those it took along
 * before (an attempt that was not taken) and those it would take now. */
int merge_find(struct work *w, struct person *p, const struct playbook *pb,
    const struct run *r, const struct message *m, struct merge *out, struct err *e);
/* m has begun: the others end as `merged`, and their runs go on as if they had gone. */
int merge_close(struct work *w, const struct message *m, struct merge *with,
    struct pos at, struct err *e);

#endif
