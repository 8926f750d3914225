/* signal.h - the signals: what conditions and texts may ask of a profile.
 *
 * One table: name, type, what it comes from, how it is read, when time alone may change
 * it. The check, the console and `reachd help signals` read the same. Pure; one thread.
 */
#ifndef CORE_SIGNAL_H
#define CORE_SIGNAL_H

#include "core/expr.h"
#include "core/lifecycle.h"
#include "core/policy.h"
#include "core/profile.h"

/* A profile as it is looked at: now, by these rules. */
struct view {
	struct profile *p;
	const struct lifecycle *lc;
	const struct policy *policy;
	const struct customer *c;
	const struct zone *zone;   /* the customer's */
	const struct scope *scope; /* where conditions of the lifecycle find names */
	ms_t now;
	int today, month; /* of the customer; yyyymm of the entity */
	int month_start;  /* first day of the entity's month */
	int next_month;   /* and of the next */
	/* Folds in the messages since; NULL: they are in. Called once. */
	void (*fetch)(struct view *v);
	void *arg;
	int told_day; /* the last visit on file, once it was asked for */
	int depth; /* values that ask for values */
};

/* Folds in what was sent since, once. */
void view_fetch(struct view *v);

enum signal_type { SIGNAL_NUMBER, SIGNAL_SHARE, SIGNAL_BOOL, SIGNAL_TEXT };

#define DAY_NEVER INT32_MAX

struct signal {
	const char *name;
	enum signal_type type;
	const char *from; /* what changes it */
	struct value (*read)(struct view *v);
	/* The first day after today on which it may pass `than` by time alone (NAN:
	 * change at all); NULL: never. May be too early, never too late. */
	int (*next)(struct view *v, double than);
	const char *help;
};

const struct signal *signal_find(const char *name, size_t len); /* NULL: none */
const struct signal *signal_at(int i);                          /* NULL at the end */
const char *const *signal_names(void); /* sorted, NULL-terminated */
const char *signal_type_name(enum signal_type t);

/* ---- what other files ask too ---- */

int signal_last_day(struct view *v); /* 0: never here */
int64_t
signal_spend_12m(struct view *v, int day); /* the 365 days before the end of `day` */
/* Signs of a stage that count today, their names in out (may be NULL), at most max. */
int signal_signs(struct view *v, unsigned of, const char **out, int max);

/* value: clv, success, potential, score; priority word or NULL. */
double score_clv(struct view *v);
double score_success(struct view *v);
double score_potential(struct view *v);
const char *score_priority(struct view *v);

/* ---- the customer's place: attributes that are computed ---- */

const char *stage_lifecycle(struct view *v);    /* prospect, new, growing, mature */
const char *stage_dormant_type(struct view *v); /* "" : not told */
const char *stage_lost_cause(struct view *v);
const char *stage_duration(struct view *v);
/* The value tier in force this month, with its overlay. */
const char *stage_tier(struct view *v);
/* The conversation that is open: its name and until when at most; NULL: none. */
const char *stage_talk(struct view *v, ms_t *until, struct pos *at);

/* ---- when time alone may change the truth ---- */

/* The first day on which a condition that is false may be true, or one that is true may
 * be false; today when it is so already, DAY_NEVER: only events can tell. */
int foresee_true(struct view *v, const struct cond *c);
int foresee_false(struct view *v, const struct cond *c);

#endif
