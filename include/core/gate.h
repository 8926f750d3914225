/* gate.h - the ordered checks before a message leaves. Pure.
 *
 * The first check that says no decides; order, reasons and fates are reason.h's.
 * Run when planned, again inside T2. Whatever the checks need is in struct gate;
 * the text is rendered where template_error stands in the order, by a callback. */
#ifndef CORE_GATE_H
#define CORE_GATE_H

#include <stdbool.h>

#include "core/config.h"
#include "core/customer.h"
#include "core/playbook.h"
#include "core/policy.h"
#include "core/quiet.h"
#include "core/reason.h"
#include "core/run.h"
#include "core/template.h"

/* What the customer has had and will have, from the store. */
struct standing {
	bool erased, complaint_block;
	bool opted_out[CHANNELS]; /* marketing, by this customer's address of the channel */
	bool invalid[CHANNELS];   /* wrong person or refused for good */
	int month_used, year_used; /* tier cap: this period's slots */
	int address_used[CHANNELS]; /* the same by address, whoever it belongs to */
	int playbook_used;        /* this playbook's slots this month */
	const char *talk;         /* the conversation that is open; NULL: none */
	ms_t talk_until;
	struct pos talk_at;
	/* Submissions of the last 32 days and reservations, newest first. */
	const struct standing_sent {
		ms_t at;
		int category;
		unsigned only; /* to another who shares addresses of these channels; 0: to him */
	} *sent;
	int n_sent;
	/* This very touch went to the same address for another who shares it; NULL: not. */
	const char *twin[CHANNELS];
	/* Planned sends of strictly higher priority due within the look-ahead. */
	const struct standing_plan {
		ms_t due;
		const char *playbook;
		int priority;
	} *plans;
	int n_plans;
};

struct verdict;

/* What render() says of a text that will be taken again when a person has seen to it. */
#define RENDER_WAITS 2

struct gate {
	ms_t now;
	bool begin; /* true inside T2: the last look before the wire; false when planning */
	const struct policy *policy;
	const struct config *config;
	const struct playbook *playbook;
	const struct step *step;
	const struct zone *zone;     /* the customer's */
	const struct zone *house;    /* the entity's: months of caps */
	const struct customer *customer;
	const struct standing *standing;
	const struct scope *scope;   /* for `while` */
	bool paused;                 /* the live playbook of that name is paused or gone */
	const char *frozen;          /* cause, or NULL */
	unsigned frozen_channels;    /* bits: every account of the channel is frozen */
	bool run_left, goal_met;
	enum control control;
	bool correction;             /* of what another sent: outside caps and gaps, and of
	                              * conversations; opt-outs hold */
	const char *paused_why;      /* who holds it or what stopped it; NULL: its status */
	bool subject_gone;           /* the car is sold, the appointment cancelled */
	ms_t stale_since;            /* visits of the store were last heard of; 0: no feed */
	ms_t due_at, planned_at, expires_at;
	enum on_cap on_cap;
	/* true while this account may be used; picks the account of a channel. NULL: none. */
	const struct account *(*account)(void *arg, enum channel channel, bool *tokens);
	/* The same without those that would not take the text just rendered, once each. NULL: they
	 * are the last word. */
	const struct account *(*other)(void *arg, enum channel channel, bool *tokens);
	/* Has he the offer that a template promises? NULL: nobody asks. */
	bool (*holds)(void *arg, const char *offer);
	/* Is the account's, or its service's, room for this address used up for now? Then the
	 * rule, its place, the values and when there is room again are in *v. NULL: nobody
	 * counts. */
	bool (*full)(
	    void *arg, const struct account *acc, const struct template *t, struct verdict *v);
	/* Renders candidate i; -1: template_error. 1: provider_rule. 2: provider_rule for now:
	 * it waits where no other account or channel will do. */
	int (*render)(void *arg, const struct template *t, const struct account *acc,
	    const char **detail, struct pos *at);
	void *arg;
};

struct verdict {
	enum reason reason;     /* REASON_NONE: go */
	int candidate;          /* index in step->sends that may go, or that was refused */
	const struct account *account;
	const char *rule;       /* short id of the rule: "dinner", "tier:low", "limits", … */
	struct pos at;          /* its place */
	char detail[160];       /* the values compared: "2 of 2 this month" */
	ms_t next;              /* when it may be asked again; MS_NEVER: when the cause ends */
	ms_t open_until;        /* go: the first byte must leave, and the call end, before this */
	ms_t valid_until;       /* go: what the service keeps it for at most: until it is quiet or
	                         * has lost its use */
};

void gate_ask(const struct gate *g, struct verdict *v);

/* The tier in force for a customer: the overlay of stages is the policy's business. */
const struct tier *gate_tier(const struct policy *p, const struct customer *c);
/* yyyymm or yyyy of an instant in the entity's zone, and the period's end. */
int gate_period(enum cap_period kind, const struct zone *house, ms_t at, ms_t *start, ms_t *end);

#endif
