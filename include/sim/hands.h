/* hands.h - what people of the house do by hand in a simulated town: they hold, recall,
 * correct, undo, migrate, merge, erase, hand out offers and take leave.
 *
 * Drawn from the seed, a few a town, each kind on with a chance of one half, most of them
 * at the worst moment: while a call is connecting. What was answered is told to the
 * referee. After hands_heal() everything that was held is let go. True time, ms. */
#ifndef SIM_HANDS_H
#define SIM_HANDS_H

#include "sim/referee.h"
#include "sim/town.h"

struct hands;

struct hands_options {
	uint64_t seed;
	struct town *town;
	struct referee *referee;
	ms_t start, heal;
	GPtrArray *people; /* char *: customers' ids; whose data is erased is taken out */
};

struct hands *hands_new(const struct hands_options *o);
void hands_free(struct hands *h); /* NULL is fine */
/* A call is connecting. */
void hands_started(struct hands *h);
void hands_heal(struct hands *h);
/* How many orders were carried out. */
int hands_done(const struct hands *h);

#endif
