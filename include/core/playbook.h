/* playbook.h - a campaign as plain data: who enters, what happens, when it ends.
 *
 * Parsed by spec/playbook from config/playbooks/NAME.yaml into the arena of its
 * version; frozen. Targets of goto and branches are step indexes, or one of the
 * STEP_ constants below. (docs/marketer.md) */
#ifndef CORE_PLAYBOOK_H
#define CORE_PLAYBOOK_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/expected.h"
#include "core/every.h"
#include "core/experiment.h"
#include "core/expr.h"
#include "core/launch.h"
#include "core/subject.h"
#include "core/words.h"

#define STEP_NEXT (-1) /* the reserved id `next` */
#define STEP_END (-2)  /* the reserved id `stop` */

struct template;

/* ---- what people are asked to do: call: and the action task: ---- */
struct task_spec {
	struct pos at;
	const char *to;          /* "advisor", or a role */
	const char *script;      /* name of a phone template; "": none */
	struct pos script_at;
	const struct template *template_; /* that script */
	ms_t due;                /* working time; whole days are working days */
	const char *late_to;     /* who gets it when nobody did it; "": nobody */
	ms_t late_after;         /* so long after it was due */
};

/* ---- actions: what `do:`, `then:` and replies may do ---- */
enum action_kind {
	ACTION_SET,            /* name, value: a customer attribute */
	ACTION_TAG_ADD,        /* name */
	ACTION_TAG_REMOVE,     /* name */
	ACTION_STAGE,          /* name */
	ACTION_STOP_MARKETING, /* opt-out from marketing on every channel */
	ACTION_EVENT,          /* name, value */
	ACTION_GOTO,           /* target */
	ACTION_STOP,           /* the run leaves */
	ACTION_OFFER,          /* name: granted if there is one left */
	ACTION_ENTER,          /* name: of another playbook */
	ACTION_TASK,           /* task */
	ACTION_KINDS           /* how many */
};
struct action {
	enum action_kind kind;
	struct pos at;
	const char *name;
	struct value value;
	int target;
	const struct task_spec *task;
};
struct actions {
	struct action *items;
	int n;
};

/* ---- timing of a step ---- */
enum timing_kind {
	TIMING_NOW,   /* as soon as the step before has ended */
	TIMING_DAY,   /* at: day N [HH:MM], day 1 = the day of entry */
	TIMING_AFTER, /* after: 3d [at HH:MM] | 2h, from the end of the step before */
	TIMING_BEFORE /* before: PATH 3d [at HH:MM] | 2h, a date in scope */
};
struct timing {
	enum timing_kind kind;
	int days;    /* DAY: N >= 1. AFTER, BEFORE: calendar days, or 0 when delay is used */
	int minute;  /* of the day; -1: the policy's send_time (DAY, a date BEFORE) or same
		      * time (AFTER, an instant BEFORE) */
	ms_t delay;  /* AFTER, BEFORE in hours or minutes: elapsed time */
	const struct expr *path; /* BEFORE: the date */
	bool yearly;             /* BEFORE: a birthday comes round every year */
};

/* What can be told of a message once it has been sent. */
enum fact { FACT_DELIVERED, FACT_UNDELIVERED, FACT_CLICK, FACTS };
extern const char *const fact_names[]; /* NULL-terminated */

enum on_past { PAST_SKIP, PAST_NOW, PAST_EXIT };
enum on_quiet { QUIET_DEFER, QUIET_DROP, QUIET_EARLIER };
enum on_cap { CAP_SKIP, CAP_RETRY, CAP_EXIT, CAP_FALLBACK };
enum on_unknown { UNKNOWN_PRESUME, UNKNOWN_PARK };

enum step_verb {
	STEP_SEND,
	STEP_WAIT,
	STEP_BRANCH,
	STEP_DO,
	STEP_GOTO,
	STEP_STOP,
	STEP_SPLIT,
	STEP_OFFER,
	STEP_ENTER,
	STEP_CALL,
	STEP_REPEAT,
	STEP_VERBS /* how many */
};

struct step {
	const char *id;
	int index;
	struct pos at;
	enum step_verb verb;
	struct timing timing;
	enum on_past on_past;
	enum on_quiet on_quiet;
	enum on_cap on_cap;
	enum channel fallback; /* on_cap: {fallback: CHANNEL} */
	enum on_unknown on_unknown;
	ms_t expires;          /* after due; default 24 h */
	bool expires_said;     /* written: before: does not wait for its date then */
	/* SEND: candidates in order; the first reachable channel wins */
	const char **sends;
	struct pos *sends_at;  /* where each is named */
	const struct template **templates; /* same length */
	int n_sends;
	bool personal; /* kind: the advisor sends what goes by wecom by hand */
	/* REPEAT: sends again and again */
	ms_t every; /* elapsed when given in hours or minutes, else 0 */
	int every_days;
	int times;
	bool each; /* round k sends sends[k - 1] and nothing else */
	/* WAIT: a plain wait uses timing (AFTER) alone. wait for: names of events, "reply",
	 * or facts about the message before, as bits; without a goto or stop both lead to
	 * the next step */
	const char **wait_for;
	int n_wait_for;
	unsigned facts;
	ms_t up_to;     /* elapsed when given in hours or minutes, else 0 */
	int up_to_days; /* calendar days */
	struct actions then, otherwise;
	/* BRANCH: first that holds; none: the next step */
	struct branch {
		const struct cond *when;
		int target;
		struct pos at;
	} *branches;
	int n_branches;
	/* DO */
	struct actions actions;
	/* GOTO */
	int target;
	/* SPLIT: the candidates of all arms, one after the other */
	const struct experiment *split;
	const char *arm; /* narrowed to it; NULL: not */
	/* OFFER (up_to: a yes), ENTER */
	const char *name;
	struct pos name_at;
	int none_left; /* OFFER: a target */
	/* CALL: sends[0] is the script */
	struct task_spec task;
	struct outcome_rule {
		const char *name;
		struct actions then;
		struct pos at;
	} *outcomes;
	int n_outcomes;
	int tries;        /* calls at most when nobody answers */
	ms_t tries_every; /* at least so long between two */
};

enum start_kind { START_WHEN, START_ON, START_LIST, START_EVERY, START_ENTER };
enum again { AGAIN_IGNORE, AGAIN_RESTART, AGAIN_PARALLEL };
enum playbook_status { PLAYBOOK_DRAFT, PLAYBOOK_LIVE, PLAYBOOK_PAUSED, PLAYBOOK_ENDED };
enum goal_from { GOAL_FROM_ENTRY, GOAL_FROM_SUBMIT, GOAL_FROM_CLICK };

struct exit_rule { /* one of on / when */
	const char *on;
	const struct cond *when; /* with on: the event's where; alone: tested at every step */
	struct actions then;
	struct pos at;
};

struct milestone { /* a milestone beside the goal, noted once a run */
	const char *name, *on;
	const struct cond *where;
};

/* Divides the limit of entries by what a path says of the customer. */
struct quota {
	const struct expr *by; /* NULL: not divided */
	struct quota_share {
		const char *name;
		int from, to; /* per 10,000 of the limit: a slice, so that all add up */
	} *shares;
	int n;
	struct pos at;
};

enum reply_match { REPLY_IS, REPLY_HAS, REPLY_NUMBER };
struct reply_rule {
	enum reply_match match;
	const char **words; /* NULL-terminated */
	int from, to;       /* NUMBER */
	struct actions then;
	struct pos at;
};

/* A store that has its own form of a playbook: who is its customer enters that one. */
struct store_form {
	const char *store, *playbook;
};

struct playbook {
	const char *name, *title;
	const char *extends; /* it is some stores' form of this one; NULL: of none */
	struct pos at;
	enum category category;
	int priority; /* 0-100 */
	enum playbook_status status;
	enum subject subject; /* what each run is about */
	bool reads_visits;    /* it asks when, how often or for how much somebody came */
	struct {
		enum start_kind kind;
		struct pos at;
		const struct cond *when; /* WHEN, EVERY: entry test; ON: the event's `where` */
		const char *on;
		const char **list;       /* LIST: customer ids, NULL-terminated, sorted; or NULL */
		const char *list_file;   /* its file as written, beside the playbook; or NULL */
		struct pos list_pos;
		const char *tag;         /* LIST by tag */
		const char *segment;     /* LIST by a named segment */
		struct every every;      /* EVERY, in the house's zone */
		bool has_list_at;
		struct date list_date;   /* local date and minute, in the customer's zone */
		int list_minute;
		int limit;               /* entries; 0: none */
		bool limit_per_day;
		struct pos limit_at;
		struct quota quota;
	} start;
	/* Nobody enters and nothing is sent outside, in the house's zone; year 0: open. */
	struct date active_from, active_to; /* both included */
	const char **stores; /* whose customers enter, as config/stores.yaml calls them */
	struct pos *stores_at;
	int n_stores;        /* 0: every store's */
	struct store_form *forms;
	int n_forms;
	const struct cond *while_;
	ms_t re_entry;  /* from the last entry; MS_NEVER: never */
	enum again again;
	bool count_entry_on_send;
	int control;    /* per 10,000 held out */
	int cap;        /* messages of this playbook a customer and month; -1: none */
	struct pos cap_at;
	struct ramp ramp; /* who is let in when */
	struct budget_rule budget[BUDGET_HOUSE_DAY]; /* its own two */
	struct pos steps_at;
	struct {
		const char *on; /* NULL: no goal */
		const struct cond *where;
		ms_t window;
		enum goal_from from;
		struct actions then;
		struct pos at;
	} goal;
	struct expectation expect;
	struct exit_rule *exits;
	int n_exits;
	struct milestone *marks;
	int n_marks;
	struct reply_rule *replies;
	int n_replies;
	struct step *steps;
	int n_steps;
	/* Several cars of one customer in one message, whatever step each is at. */
	struct digest {
		int from;         /* so many cars; 0: no digest */
		struct step step; /* sends: its texts */
		struct pos at;
	} digest;
	struct task_spec **tasks; /* of all actions, wherever they stand */
	int n_tasks;
};

/* What a step sends in one arm of its split; arm "": nothing changes. */
void step_narrow(struct step *s, const char *arm);

/* Is what this step sends by that channel handed to a person, to call or to send? */
bool step_by_person(const struct step *s, enum channel channel);

/* All that sends, the digest last; NULL: there are no more. */
const struct step *playbook_sender(const struct playbook *p, int i);

/* The playbook that is this store's form of it, as its file names the store; NULL: none. */
const char *playbook_form(const struct playbook *p, const char *store);
const struct step *playbook_step(const struct playbook *p, const char *id); /* NULL: none */

#endif
