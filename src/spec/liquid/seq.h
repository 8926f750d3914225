/* seq.h - what a loop goes over: a list, a range, a map's pairs, or one text. */
#ifndef SPEC_LIQUID_SEQ_H
#define SPEC_LIQUID_SEQ_H

#include "base/arena.h"
#include "core/value.h"

struct seq {
	struct value of;
	int64_t from, n; /* the part that is gone over */
	bool reversed;
};

/* Nothing to go over is n == 0. */
struct seq seq_of(struct value v);
/* Keeps at most limit members from offset on; limit < 0: all. */
void seq_cut(struct seq *s, int64_t offset, int64_t limit);
/* Member i of the part. A map's pair is made in the arena. */
struct value seq_item(const struct seq *s, int64_t i, struct arena *a);

#endif
