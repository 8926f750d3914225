/* town.h - one simulated dealer whole: world, gateways, people, database and the daemon
 * between.
 *
 * A rehearsal is a town where nothing breaks, on a database in memory; the
 * simulator's towns keep theirs on a simulated disk and lose the daemon now and
 * then. Owned by one thread. */
#ifndef SIM_TOWN_H
#define SIM_TOWN_H

#include "core/customer.h"
#include "engine/engine.h"
#include "sim/crowd.h"
#include "sim/sim.h"
#include "sim/vendor.h"

struct town;

struct town_options {
	uint64_t seed;
	ms_t start;
	struct catalog *catalog; /* one reference is taken over */
	struct catalog *(*load)(void *arg, struct report *r); /* for reloads */
	void *load_arg;
	bool rehearsal; /* instant, unbreakable */
	bool silent;    /* people never react */
	/* How they react to a message of that playbook; NULL, or giving NULL: as in the
	 * field. */
	const struct habits_rates *(*rates)(void *arg, const char *playbook, int channel);
	const uint8_t *draw_key; /* the engine's; borrowed */
	struct house_part portion; /* likewise */
	struct engine_watch watch;
	/* For checkers; NULL ones are skipped. */
	void (*started)(void *arg); /* a call was begun */
	void (*came)(void *arg, const struct vendor_letter *l);
	void (*took)(
	    void *arg, const struct vendor_letter *l, const struct vendor_taken *t);
	void (*misused)(void *arg, const struct vendor_letter *l);
	void (*acked)(void *arg, const struct crowd_ack *a);
	void (*settles)(void *arg, const char *customer); /* staff.h */
	void (*rose)(void *arg, struct store *s); /* a daemon started on this database */
	void *arg;
};

struct town *town_new(const struct town_options *o, struct err *e);
void town_free(struct town *t);

/* Customers, before the daemon starts: next() 1 a row, 0 the end, -1. */
int town_settle(struct town *t, int (*next)(void *arg, struct customer *c, struct err *e),
    void *arg, struct err *e);
/* Starts the daemon; what becomes of it shows when the world turns. */
int town_start(struct town *t, struct err *e);
int town_run(struct town *t, ms_t until, struct err *e);

/* kill -9, or the power goes too. It rises again after `down`. */
void town_kill(struct town *t, bool power, ms_t down);
/* From now on the disk dies within the next transaction, at a drawn operation. */
void town_wound(struct town *t, bool power, ms_t down);

struct sim *town_sim(struct town *t);
struct vendor *town_vendor(struct town *t);
struct crowd *town_crowd(struct town *t);
struct engine *town_engine(struct town *t); /* NULL: down, or not ready yet */
struct store *town_store(struct town *t);   /* NULL: down. Between events only */
int town_deaths(const struct town *t);

#endif
