/* lifecycle.h - config/lifecycle.yaml as plain data: signs, warnings, stages, tiers,
 * values.
 *
 * Parsed by spec/lifecycle_read; frozen with the catalog. Without a file nobody is
 * judged: no rules, no tiers, no values. */
#ifndef CORE_LIFECYCLE_H
#define CORE_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/expr.h"

enum life_stage {
	STAGE_NONE,
	STAGE_SATISFIED,
	STAGE_DOUBTING,
	STAGE_TRYING,
	STAGE_OVERDUE,
	STAGE_DORMANT,
	STAGE_LOST,
	STAGE_RETURNED,
	STAGE_GIVEN_UP,
	STAGES
};
extern const char *const stage_names[];   /* "none", "satisfied" …, NULL-terminated */
extern const char *const dormant_types[]; /* passive … */
extern const char *const lost_causes[];   /* convenience … */
int stage_find(const char *name);         /* what is no stage is STAGE_NONE */

/* When a rule is looked at: at these events, or NULL: whenever anything changes. */
struct moment {
	const char *const *on;
	const struct cond *when; /* NULL: always */
};

/* One sign of the way to leaving. Raised by an event it counts for the window; without
 * events it counts as long as it holds. */
struct sign {
	const char *id;
	uint32_t key;
	struct pos at;
	struct moment moment;
	unsigned of; /* bit set of enum life_stage */
};

struct warning {
	const char *id;
	uint32_t key;
	struct pos at;
	struct moment moment;
	unsigned from; /* stages it is given in */
	ms_t due;
};

struct stage_rule {
	const char *id;
	uint32_t key;
	struct pos at;
	struct moment moment;
	enum life_stage to;
	unsigned from;
};

/* Lists of which the first that holds counts. */
struct choice {
	const char *is; /* a word, or NULL */
	double number;
	const struct cond *when; /* NULL: always */
	struct pos at;
};

struct term {
	const struct expr *of;
	double times;
};

struct talk {
	const char *id;
	struct pos at;
	const char *const *open, *const *close;
	const struct cond *where;
	ms_t hold;
};

struct lifecycle {
	const char *file;
	int window, cycle;   /* days */
	double scale;        /* of a rating that tells none */
	int growing, mature; /* visits from which */
	struct sign *signs;
	int n_signs;
	struct warning *warnings;
	int n_warnings;
	struct stage_rule *rules;
	int n_rules;
	struct choice *types, *causes; /* dormant, lost */
	int n_types, n_causes;
	struct duration { /* from so many days away; rising */
		const char *name;
		int days;
	} * durations;
	int n_durations;
	const char *const *give_up; /* reasons, NULL-terminated; NULL: none needed */
	int give_up_warn; /* per 10000 of the sleepers of a month; 0: no warning */
	struct { /* value tiers by 12-month spend, the highest first; 0: as imported only
		  */
		const char *name;
		double from;
		struct pos at;
	} * tiers;
	int n_tiers;
	struct overlay {
		const char *tier; /* NULL: none */
		struct pos at;
		unsigned stages;
		unsigned causes; /* of lost customers, bit set of index + 1 */
	} at_risk, weak_tie;
	struct talk *talks;
	int n_talks;
	struct term *clv;
	int n_clv;
	struct choice *success, *potential, *priority;
	int n_success, n_potential, n_priority;
};

void lifecycle_default(struct lifecycle *lc);
/* True when the moment names this event; a moment without events: always false. */
bool moment_on(const struct moment *m, const char *type);

#endif
