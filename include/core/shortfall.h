/* shortfall.h - what keeps a condition from holding, and by how much: for `reachd why`.
 *
 * Of an any: the part that is nearest. Pure; any thread. */
#ifndef CORE_SHORTFALL_H
#define CORE_SHORTFALL_H

#include "core/expr.h"

#define SHORTFALLS 8 /* told at most of one condition */

/* One comparison that must come out otherwise. */
struct lack {
	const struct expr *expr;
	const struct cond *cond; /* where it stands */
	bool unwanted;           /* it holds and must not */
	struct value have, want; /* nil, when the comparison has no two sides */
	bool measured;           /* both are numbers in an order: by says how far */
	double by;
};

struct shortfall {
	int n; /* 0: it holds */
	double far; /* their shares of what is wanted, summed; one that cannot be measured is 1 */
	struct lack lacks[SHORTFALLS]; /* the first of n */
};

void shortfall_of(const struct cond *c, const struct scope *s, struct shortfall *out);
/* Fewer lacks are nearer, then a smaller share. */
bool shortfall_nearer(const struct shortfall *a, const struct shortfall *b);

/* "signals.days_since_visit is 168, not >= 180: 12 days short". */
#define SHORTFALL_TEXT 320
void shortfall_say(const struct lack *l, bool zh, char out[SHORTFALL_TEXT]);

#endif
