/* vendor.h - the simulated gateways: they read the sandbox's dialect, keep a ledger, err
 * as told.
 *
 * One vendor serves all accounts; how it settles is the account's `settle` (class I
 * takes a key once for 24 h, Q answers queries and refuses what was signed longer
 * ago than its window, R and N take whatever comes). The ledger is what the
 * checkers hold against the database. True time, ms. */
#ifndef SIM_VENDOR_H
#define SIM_VENDOR_H

#include <glib.h>

#include "core/config.h"
#include "sim/rng.h"
#include "sim/sim.h"

/* One message of one request, as read from its bytes. */
struct vendor_letter {
	const char *account; /* interned */
	const char *key, *ref, *to, *text, *html, *unsubscribe, *customer;
	int channel, category;
	ms_t expires, signed_at;
	int64_t msg;   /* read out of the reference; 0: it is none of ours */
	int n;         /* attempt */
	ms_t left, at; /* first byte left there, came here */
};

/* A line of the ledger. */
struct vendor_taken {
	int64_t msg;
	int n, channel, category;
	ms_t left, at;
	const char *account; /* interned */
	char *ref, *to, *customer;
	uint64_t content;
	int repeats; /* answered again under its key */
	char id[24];
};

/* Chances of one request; at most one of them happens to it. */
struct vendor_faults {
	double error_before, error_after, throttle, silence_before, silence_after,
	    cut_before, cut_after, garbage, slow;
	double refuse_address, refuse; /* of one message */
};

struct vendor_options {
	uint64_t seed;
	bool instant;
	const struct account *(*account)(void *arg, const char *name); /* NULL: gone */
	ms_t (*now)(void *arg);
	/* Each message of each request, before anything is decided. */
	void (*came)(void *arg, const struct vendor_letter *l);
	/* One that is now in the ledger, for the first time. */
	void (*took)(
	    void *arg, const struct vendor_letter *l, const struct vendor_taken *t);
	/* Same key, other bytes: never allowed. */
	void (*misused)(void *arg, const struct vendor_letter *l);
	void *arg;
};

struct vendor;

struct vendor *vendor_new(const struct vendor_options *o);
void vendor_free(struct vendor *v);
struct vendor_faults *vendor_faults(struct vendor *v);
void vendor_arrive(struct vendor *v, const struct sim_request *q, struct sim_reply *r);

guint vendor_count(const struct vendor *v);
const struct vendor_taken *vendor_get(const struct vendor *v, guint i);

#endif
