/* policy.h - the house's rules as plain data: quiet windows, tiers, limits, keywords, costs.
 *
 * Parsed by spec/policy from config/policy.yaml and config/calendars; frozen
 * with the catalog. Every rule keeps its place for explanations. */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/presence.h"
#include "core/launch.h"
#include "core/words.h"

struct report_rules;

#define BIT(n) (1U << (n))

/* Half-open [from, to) in minutes of the customer's day; crosses midnight when
 * to <= from. A crossing window belongs to the weekday it starts on. */
struct quiet_window {
	const char *id;
	struct pos at;
	int from, to;
	unsigned weekdays;   /* bit 0 = Monday; 127: every day */
	unsigned channels;   /* bit set of enum channel */
	unsigned categories; /* bit set of enum category */
};

/* A closure: from the first local instant of `from` to the end of `to`. */
struct closure {
	struct date from, to;
	const char *name;
	bool allow_service, allow_transactional, allow_greeting;
	struct pos at;
};

struct calendar {
	const char *name, *source;
	int covers; /* year */
	struct closure *closures;
	int n_closures;
	struct date *holidays, *workdays;
	int n_holidays, n_workdays;
	struct pos at;
};

enum cap_period { CAP_MONTH, CAP_YEAR };

struct tier {
	const char *name;
	struct pos at;
	int floor;  /* touches a month below which a customer is being forgotten; 0: none */
	int cap;    /* -1: no cap; 0: never */
	enum cap_period period;
	ms_t min_gap; /* 0: the policy's */
	enum channel channels[CHANNELS]; /* order of preference */
	int n_channels;
	unsigned never; /* channels this tier must not get: reason not_reachable */
};

/* At most max submissions in any window of this length. */
struct limit {
	struct pos at;
	ms_t window;
	int max;
	unsigned categories;
};

/* How people are asked to do things. (domain 3.6, dealership S15) */
#define TASK_HOURS_MAX 8
struct task_rules {
	struct pos at;
	int per_day;         /* calls offered to one person a day; 0: no end */
	int drafts;          /* texts to be sent by hand given to one person a day; 0: no end */
	ms_t each;           /* a call takes so long, notes included */
	struct {
		int from, to; /* minutes of the customer's day */
	} hours[TASK_HOURS_MAX]; /* of workdays, when calls succeed: offered then first */
	int n_hours;
	int from, to;        /* business hours, in which deadlines count */
	unsigned weekdays;   /* bit 0 = Monday */
	ms_t complaint;      /* by the wall clock, for whoever is on call */
	ms_t answer;         /* for what an answer asks of people */
	const char *on_call; /* role that complaints go to */
	const char *script;  /* of complaints no playbook asks about; "": none */
	struct pos script_at;
};

/* How many marketing pushes a vendor's service delivers to a telephone a day. */
struct vendor_daily {
	const char *vendor;
	int most; /* -1: any number */
};

enum keyword_kind { KEYWORD_OPT_OUT, KEYWORD_OPT_IN, KEYWORD_COMPLAINT, KEYWORD_WRONG_PERSON, KEYWORD_COURTESY, KEYWORDS };

struct policy {
	const char *file;
	struct quiet_window *quiet;
	int n_quiet;
	struct calendar *calendars;
	int n_calendars;
	struct tier *tiers;
	int n_tiers;
	const struct tier *default_tier; /* for customers with no or an unknown tier: the lowest cap */
	struct limit *limits;
	int n_limits;
	ms_t min_gap; /* between marketing submissions to one customer; 0: none */
	struct pos min_gap_at;
	int service_per_day, service_per_month; /* default 1 and 6 */
	struct pos service_at;
	int send_time; /* minutes of the day for `at: day N` */
	ms_t lookahead; /* default 7 d */
	const char **keywords[KEYWORDS]; /* NULL-terminated, as written */
	double costs[CHANNELS]; /* yuan a message; SMS: a segment */
	int max_segments; /* default 2 */
	ms_t stale_after; /* visits not heard of for so long are old news; MS_NEVER: never */
	struct pos stale_at;
	struct presence_rule presence; /* the forgetting curve */
	int control;      /* per 10,000 held out of everything but transactional playbooks */
	struct pos control_at;
	struct task_rules tasks;
	struct launch_rules launch;
	struct approval_rules approvals; /* of publications */
	struct budget_rule budgets[BUDGETS]; /* from BUDGET_HOUSE_DAY on */
	struct vendor_daily *vendors; /* push: vendor_daily: */
	int n_vendors;
	struct pos vendors_at;
	bool stop_all;    /* an opt-out stops every channel, not only its own */
	const struct report_rules *reports; /* what reports measure by; never NULL once read */
};

/* The year that no calendar covers though it should by now: the next one from December on;
 * 0: none, or the house keeps no calendars. */
int policy_year_missing(const struct policy *p, struct date today);

/* What a vendor delivers of marketing a day, -1 any number. Of one that is not known ("") the
 * strictest of all. */
int policy_vendor_daily(const struct policy *p, const char *vendor);

/* The tier of that name, else default_tier (NULL when the policy has no tiers). */
const struct tier *policy_tier(const struct policy *p, const char *name);

#endif
