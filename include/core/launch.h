/* launch.h - how a campaign is let out: a countdown, then stages, stopped by limits. Pure. */
#ifndef CORE_LAUNCH_H
#define CORE_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/words.h"

#define RAMP_STAGES_MAX 16

/* How many may be in: so many, or so many of 10,000 by a stable draw. */
struct ramp_stage {
	int count; /* 0: by share */
	int share;
};

/* Of 10,000 sent; RAMP_UNSAID: as the policy says. */
#define RAMP_UNSAID (-1)
struct ramp_limits {
	int complaints, opt_outs, errors;
};

struct ramp {
	bool said; /* else the policy's */
	struct ramp_stage stages[RAMP_STAGES_MAX];
	int n;     /* 0: all at once */
	ms_t hold; /* a stage's time; 0: not said */
	struct ramp_limits stop_at;
	struct pos at;
};

struct launch_rules { /* of the policy */
	ms_t countdown;
	struct ramp ramp;
	bool test_send; /* a marketing text must have been sent to one's own people */
	int confirm;    /* so many due within the hour want a word more; 0: never */
	struct pos at;
};

/* What one other person may agree to; above it wants two. 0: no bound. */
struct approval_rules {
	int64_t audience;
	double cost; /* yuan */
	int64_t due; /* within the hour; without `publish: approved` too */
	ms_t lapse;
};

/* Money, in hundredths of a fen; 0: no limit. Store figures are each store's own. */
struct budget_rule {
	int64_t limit;
	struct pos at;
};
enum budget_kind {
	BUDGET_DAY, /* of the playbook */
	BUDGET_TOTAL,
	BUDGET_HOUSE_DAY,
	BUDGET_HOUSE_MONTH,
	BUDGET_STORE_DAY,
	BUDGET_STORE_MONTH,
	BUDGETS /* how many */
};
const char *budget_name(int kind);

/* What a ramp goes by: the playbook's, completed by the policy's. n 0: none. */
struct playbook;
void
ramp_of(const struct launch_rules *rules, const struct playbook *p, struct ramp *out);

struct ramp_count {
	int64_t sent, complaints, opt_outs, errors;
	int64_t waiting; /* due within the day, not begun */
	ms_t first;      /* of the stage's own; 0: none yet */
};
/* Over a limit: true and the sentence. One complaint is enough; of the others it takes
 * two, since one of twenty proves nothing. */
bool
ramp_over(const struct ramp_limits *l, const struct ramp_count *c, char *why, size_t n);

/* May he be in at this stage? place: how many are; draw: his, below 10,000. */
bool ramp_admits(const struct ramp *r, int stage, int64_t place, int draw);
/* Nobody else may: what comes after him need not be looked at. */
bool ramp_full(const struct ramp *r, int stage, int64_t place);

enum launch_state {
	LAUNCH_DONE,      /* nothing is held back */
	LAUNCH_COUNTDOWN, /* nobody yet: it can be stopped unseen */
	LAUNCH_RAMP,      /* by stages */
	LAUNCH_UNTESTED,  /* waits for a test send */
	LAUNCH_HELD,      /* by a person */
	LAUNCH_STOPPED,   /* by a limit */
	LAUNCH_STATES     /* how many */
};
const char *launch_state_name(int state);
bool launch_stands(int state); /* held or stopped: nothing of it goes */

#endif
