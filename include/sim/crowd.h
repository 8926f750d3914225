/* crowd.h - the people behind the addresses: what they and the gateways tell the daemon
 * later.
 *
 * Each message taken becomes one person's plan by habits.h; what comes of it is
 * posted through the provider's own hook(), or fetched, or told as an event. A post
 * is repeated until it is acknowledged, as gateways do; only receipts may be lost.
 * Habits depend on the seed and the message alone. True time, ms. */
#ifndef SIM_CROWD_H
#define SIM_CROWD_H

#include "engine/engine.h"
#include "sim/habits.h"
#include "sim/sim.h"
#include "sim/vendor.h"

enum crowd_kind { CROWD_RECEIPT, CROWD_REPLY, CROWD_STOP, CROWD_HIT, CROWD_EVENT };

/* Something the daemon has acknowledged. */
struct crowd_ack {
	enum crowd_kind kind;
	const char *account, *key; /* key: the provider's event id, or the event's id */
	const char *to;            /* the address it came from; of an event: whose it is */
	int channel;
	const char *text; /* a reply's words */
	bool complaint;   /* STOP: a complaint, not an opt-out */
	ms_t said;        /* when it was said */
};

struct crowd_faults {
	double lost, doubled, late, early; /* lost: receipts only */
};

struct crowd_options {
	uint64_t seed;
	struct sim *sim;
	bool instant; /* nothing is lost on the way, so nothing is posted twice */
	bool silent;  /* people never react; gateways say nothing */
	struct engine *(*engine)(void *arg); /* NULL: the daemon is down */
	void (*acked)(void *arg, const struct crowd_ack *a);
	/* How people react to this message; NULL, or giving NULL: as in the field. */
	const struct habits_rates *(*rates)(void *arg, int64_t msg, int channel);
	void *arg;
};

struct crowd;

struct crowd *crowd_new(const struct crowd_options *o);
void crowd_free(struct crowd *c);
struct crowd_faults *crowd_faults(struct crowd *c);
/* A gateway took this message. */
void crowd_receive(
    struct crowd *c, const struct vendor_letter *l, const struct vendor_taken *t);
/* Something said out of the blue: a reply from an address, not tied to a message. */
void crowd_say(struct crowd *c, const char *account, int channel, const char *from,
    const char *text);
/* An event as a dealer's system tells it. */
void crowd_event(struct crowd *c, const char *id, const char *customer, const char *type,
    ms_t at, const char *data);
/* Posts not acknowledged yet. */
int crowd_waiting(const struct crowd *c);

#endif
