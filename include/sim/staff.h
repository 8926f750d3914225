/* staff.h - the people who are asked to call, and do it or not.
 *
 * Every half hour they look at the list of tasks, take what is new, and report some
 * time later what came of it, by habits.h. One in twenty is never done. The same seed
 * gives the same reports for the same tasks. True time, ms. */
#ifndef SIM_STAFF_H
#define SIM_STAFF_H

#include "engine/engine.h"
#include "sim/sim.h"

struct staff_options {
	uint64_t seed;
	struct sim *sim;
	struct engine *(*engine)(void *arg); /* NULL: the daemon is down */
	/* A complaint of this customer is about to be reported as settled; may be NULL. */
	void (*settles)(void *arg, const char *customer);
	void *arg;
};

struct staff_room;

struct staff_room *staff_new(const struct staff_options *o); /* begins to look */
void staff_free(struct staff_room *s);

#endif
