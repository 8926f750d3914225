/* report.h - what reports compute from: everything they need of the database, in memory.
 *
 * report_read.c fills it page by page, report_fold.c puts it together; a report
 * (report_NAME.c) is a pure function from it to a sheet. Private to store/. */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include <glib.h>

#include "core/experiment.h"
#include "core/message.h"
#include "store/reports.h"

struct called;
struct walk;

/* What an event means, by the rules. */
enum {
	MARK_ANSWER = 1,
	MARK_TRIAL = 2,
	MARK_RETURN = 4,
	MARK_EXTRA = 8,
	MARK_REFERRAL = 16,
	MARK_RATING = 32,
	MARK_ORDER = 64,
	MARK_LOST = 128
};
struct happened {
	struct man *man;
	ms_t at;
	int mark;
	float score;   /* RATING: share of the scale */
	bool nps;      /* it asked whether he would recommend */
	double amount; /* yuan; 0: not told */
};

/* A customer. Strings are interned: equal ones are the same pointer. */
struct man {
	int64_t id;
	const char *ext, *store, *advisor, *tier, *stage, *cause, *priority;
	int visits;
	double spend;                    /* of 12 months, as imported or told */
	int64_t first_visit, last_visit; /* days; 0: unknown */
	const char *was; /* why he stayed away when he last went; told by an event */
	double memory;   /* of us, 0 to 1; -1: not known */
	bool erased;
	struct touch *touches; /* by the instant of sending */
	struct walk *walks;    /* by entry */
	struct happened *happened;
	int n_touches, n_walks, n_happened;
};

/* A touch: one row of msg. */
struct touch {
	struct man *man;
	struct walk *walk;
	int64_t id, run;
	const char *step, *variant;
	ms_t planned_at, at;                     /* at: handed over; 0: not */
	ms_t opened_at, clicked_at, answered_at; /* by people; 0: not */
	float cost;
	int playbook;
	unsigned char state, reason, channel, category;
	bool links; /* it has a link to follow */
};

/* A run. */
struct walk {
	struct man *man;
	int64_t id, customer;
	int playbook, state;
	bool control; /* held out; */
	bool house;   /* as one of those held out of everything */
	ms_t entered_at, goal_at, ended_at;
	const char *offer, *variant, *priority; /* the last: as he was taken in */
	/* report_fold.c: */
	struct called *calls; /* in order */
	int n_calls;
	struct touch *first; /* handed over first, and the first that reached him */
	struct touch *reach;
	bool reached, answered, tried, recalled;
	bool stay_known; /* he stayed, or the time to stay is over */
	int returns;     /* within the stay, after coming back */
	int extras, referrals;
	double paid, extras_paid, referrals_paid; /* within the horizon, as told */
	double spent; /* within the horizon of his entry, back or not */
	double cost, offers;
	int64_t away_since; /* last visit before entry, day; 0: unknown */
};

/* A benefit given to a run, and a milestone a run has met. */
struct given {
	int64_t run;
	const char *name;
	double redeemed; /* yuan; 0: not */
};
struct milestone {
	int64_t run;
	bool answered, tried;
};

/* A call that was asked for. */
struct called {
	struct man *man;
	int64_t run;
	const char *by; /* who made it, else who was to */
	ms_t at;        /* when it was made, else asked for */
	bool made, late, reached, booked;
};

/* An A/B test, its arms as counted. */
struct arm {
	const char *name;
	int weight;
	struct share counted;
};
struct tested {
	int64_t id;
	int playbook, verdict, metric;
	const char *step, *name, *winner;
	ms_t started_at, decided_at; /* 0: not */
	struct arm arms[ARMS_MAX];
	int n_arms;
};

/* So much of everybody was held out of everything from then on. */
struct held_share {
	ms_t at;
	int per_10000;
};

struct reports {
	struct reports_ask ask;
	GStringChunk *words;
	GHashTable *men;       /* id -> struct man * */
	GHashTable *playbooks; /* number -> name */
	GHashTable *runs;      /* id -> struct walk * */
	GHashTable *hits;      /* msg -> struct hits * */
	GHashTable *linked;    /* msg with links -> itself */
	GPtrArray *man;        /* by id */
	GArray *touches, *walks, *happened;
	GArray *given, *milestones, *called, *tested, *shares;
	guint weighed;                 /* customers whose priority was asked */
	int source;                    /* of report_read.c's table */
	unsigned reads;                /* READ_* */
	int64_t cursor, cursor_second; /* in it */
	GString *cursor_word;
	int64_t rows, total; /* read, and to be read: 0 before that is known */
	GHashTable *groups;
	GPtrArray *group;
};

bool report_by(const struct reports *r, enum dim dim); /* are rows told apart by it */
/* report_read.c */
int report_read(struct reports *r, struct store *s, struct err *e); /* 1/0/-1 */
/* report_fold.c */
void report_fold(struct reports *r);
bool report_sent(const struct touch *t);
bool report_in(const struct reports *r, ms_t at); /* the period */
const char *report_playbook(const struct reports *r, int number);
int report_number(const struct reports *r, const char *playbook); /* 0: none */
/* Is it one of the list? */
bool report_listed(const char *const *list, const char *name);
/* Where he stood when he entered: the day of his last visit before; 0: unknown. */
int64_t report_away_since(struct reports *r, const struct man *m, const struct walk *w);
int64_t report_day(const struct reports *r, ms_t at);
void report_day_text(const struct reports *r, ms_t at, char out[16]);
const struct campaign *report_campaign(const struct reports *r, int playbook);

/* ---- report_group.c: rows that are told apart by what was asked ---- */

#define GROUP_COUNTS 24
#define GROUP_MONEYS 8
struct group {
	const char *key[DIMS_ASKED];
	int64_t n[GROUP_COUNTS];
	double money[GROUP_MONEYS];
	struct sums sums[2];
};
/* The group of a touch, a run, a customer; NULLs for what it is not. */
struct group *report_group(
    struct reports *r, const struct man *m, const struct walk *w, const struct touch *t);
/* Sorted; calls row() for each after its dimensions are in a new row of the sheet. */
void report_columns(const struct reports *r, struct sheet *s);
void report_rows(struct reports *r, struct sheet *s,
    void (*row)(struct reports *r, struct sheet *s, const struct group *g));

/* ---- the reports, one a file ---- */

/* What it looks at; the rest is not read. What a dimension needs besides is added. */
enum {
	READ_MEN = 1,
	READ_PROFILES = 2, /* how well he remembers, why he stays away */
	READ_RUNS = 4,     /* and their offers and milestones */
	READ_TOUCHES = 8,
	READ_CLICKS = 16,
	READ_CALLS = 32,
	READ_TESTS = 64,
	READ_EVENTS = 128, /* and orders */
	READ_SHARES = 256, /* what the house held out, and since when */
	READ_WAY = READ_MEN | READ_RUNS | READ_TOUCHES | READ_CLICKS | READ_EVENTS
};

struct report_kind {
	struct reports_line line;
	void (*sheet)(struct reports *r, struct sheet *s);
	unsigned reads;
};
void report_ab(struct reports *r, struct sheet *s);
void report_advisors(struct reports *r, struct sheet *s);
void report_balance(struct reports *r, struct sheet *s);
void report_budgets(struct reports *r, struct sheet *s);
void report_campaigns(struct reports *r, struct sheet *s);
void report_channels(struct reports *r, struct sheet *s);
void report_control(struct reports *r, struct sheet *s);
void report_dashboard(struct reports *r, struct sheet *s);
void report_defence(struct reports *r, struct sheet *s);
void report_depth(struct reports *r, struct sheet *s);
void report_economics(struct reports *r, struct sheet *s);
void report_expected(struct reports *r, struct sheet *s);
void report_funnel(struct reports *r, struct sheet *s);
void report_hours(struct reports *r, struct sheet *s);
void report_payback(struct reports *r, struct sheet *s);
void report_presence(struct reports *r, struct sheet *s);
void report_ratings(struct reports *r, struct sheet *s);
void report_silence(struct reports *r, struct sheet *s);
void report_timeliness(struct reports *r, struct sheet *s);
void report_worth(struct reports *r, struct sheet *s);

/* report_money.c: what a campaign, or a run, cost and brought. */
struct earned {
	int64_t targeted, reached, recalled, extras, referrals;
	double messages, offers; /* measured */
	double income;
	int64_t told, assumed; /* customers whose income was told, and was not */
};
void report_earn(struct earned *x, const struct walk *w, const struct worth *worth);
double report_cost(const struct cost_item *c, const struct earned *x);

#endif
