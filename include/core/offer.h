/* offer.h - a benefit with a quota: what it is, who must say yes, and how it ends.
 *
 *	asked ──► granted ──► redeemed
 *	  │           └─────► expired
 *	  ├──► refused
 *	  └──► expired (nobody said yes in time)
 *
 * Offers are the catalogue's (config/offers.yaml), frozen with it; what was granted is
 *the store's and keeps its own value and dates. */
#ifndef CORE_OFFER_H
#define CORE_OFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fsm.h"

enum offer_state {
	OFFER_ASKED,
	OFFER_GRANTED,
	OFFER_REDEEMED,
	OFFER_EXPIRED,
	OFFER_REFUSED,
	OFFER_STATES
};
extern const struct fsm offer_fsm;

/* Who must agree, and who agrees: a higher level may do what a lower one may. */
enum approval { APPROVAL_NONE, APPROVAL_MANAGER, APPROVAL_GENERAL_MANAGER, APPROVALS };
extern const char *const approval_names[]; /* NULL-terminated */

struct offer {
	const char *name, *title;
	struct pos at;
	double value;   /* yuan */
	int valid_days; /* calendar days after the day it was granted */
	int quota;      /* a month; -1: none */
	bool per_store; /* the quota is each store's */
	enum approval approval;
	const char *redeemed_by; /* event; "": by hand only */
};

struct offers { /* a set's catalogue */
	const char *file;
	struct offer *items;
	int n;
};

const struct offer *
offer_named(const struct offers *o, const char *name); /* NULL: none */

#endif
