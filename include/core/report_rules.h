/* report_rules.h - what reports measure by: targets, what events mean, money, campaigns.
 *
 * Parsed by spec/report_rules_read.c from `reports:` of config/policy.yaml; frozen with
 * the catalog. Lists are NULL-terminated, never NULL. Money is in yuan. */
#ifndef CORE_REPORT_RULES_H
#define CORE_REPORT_RULES_H

#include "base/clock.h"
#include "base/err.h"
#include "core/words.h"

/* What a cost is multiplied by; the last two are measured and have no price. */
enum cost_per {
	COST_TARGETED,
	COST_REACHED,
	COST_RECALLED,
	COST_ONCE,
	COST_MESSAGES, /* what the messages cost */
	COST_OFFERS,   /* the worth of what was redeemed */
	COST_PERS
};

struct cost_item {
	const char *name;
	struct pos at;
	enum cost_per per;
	double yuan;
	int times;
};

/* Where no event tells an amount. */
struct worth {
	double recalled, extra, referral;
};

/* Playbooks that are judged together, with what they cost and bring. */
struct campaign {
	const char *name;
	struct pos at;
	const char *const *playbooks;
	struct cost_item *costs;
	int n_costs;
	struct worth worth;
};

enum depth { DEPTH_PROMOTION, DEPTH_REMINDER, DEPTH_COMPANIONSHIP, DEPTHS };
#define LINES 3                         /* of defence */

struct report_rules {
	/* Every playbook named here, for the check. */
	struct report_named {
		const char *name;
		struct pos at;
		const struct report_named *next;
	} * named;
	struct {
		double reach, response, trial, recall, retained;
	} targets;
	struct { /* events that mean it; an answer may also be a `click` */
		const char *const *answers,
		    *const *trials, *const *returns, *const *extras, *const *referrals;
	} marks;
	ms_t attribution; /* an event counts for a run so long after its entry */
	ms_t stay;        /* who comes again so soon after coming back has stayed */
	ms_t horizon;     /* income counts so long after coming back */
	double margin;    /* of income */
	struct {
		double yearly; /* income */
		int years;
	} lifetime;
	struct {
		double cost; /* of winning a customer */
		int visits;  /* that pay it back */
	} acquisition;
	struct { /* an example to set beside the house's own figures */
		double lost, yearly, saved;
	} silence;
	struct { /* yuan of commission */
		double each, best; /* a customer won back; most of the month */
	} commission;
	unsigned observable;              /* channels where an answer can be seen */
	const char *const *depth[DEPTHS]; /* playbooks */
	const char *const *lines[LINES];  /* playbooks */
	double first_lines;               /* share of effort the first two should have */
	struct campaign *campaigns;
	int n_campaigns;
};

#endif
