/* reports.h - reports as queries: a table of them, what is asked, and the sheet that answers.
 *
 * reports_new() takes what is asked; reports_page() is called again and again, each time
 * inside a read of its own, until it returns 0: a long read would keep the log from being
 * emptied. Then reports_sheet() computes, without the database. What is counted lies
 * before the instant of the question, so that pages fit together. One thread at a time. */
#ifndef STORE_REPORTS_H
#define STORE_REPORTS_H

#include "base/zone.h"
#include "core/expected.h"
#include "core/lifecycle.h"
#include "core/policy.h"
#include "core/report_rules.h"
#include "core/sheet.h"
#include "store/store.h"

/* What rows may be told apart by; names are those of --by. */
enum dim {
	DIM_PLAYBOOK,
	DIM_CAMPAIGN,
	DIM_STEP,
	DIM_VARIANT,
	DIM_CHANNEL,
	DIM_REASON,
	DIM_CATEGORY,
	DIM_PRIORITY,
	DIM_DURATION,
	DIM_CAUSE,
	DIM_OFFER,
	DIM_STORE,
	DIM_ADVISOR,
	DIM_TIER,
	DIM_STAGE,
	DIM_MONTH,
	DIM_DAY,
	DIM_HOUR,
	DIM_CUSTOMER,
	DIMS
};
#define DIMS_ASKED 4
const char *reports_dim_name(int dim);
int reports_dim_find(const char *name); /* -1: none */

/* One line of the table. */
struct reports_line {
	const char *name, *title, *title_zh;
	const char *help, *help_zh; /* what it counts, and how */
	unsigned dims;              /* bit set: it can be asked by these */
	enum dim by[2];             /* unless asked otherwise */
	int n_by;
	const char *next, *next_zh;   /* what to do with it; "": that is plain */
	const char *empty, *empty_zh; /* what is missing when it has no row */
};
const struct reports_line *reports_at(int i);              /* NULL at the end */

struct reports_ask {
	const struct reports_line *line;
	enum dim by[DIMS_ASKED];
	int n_by;
	ms_t from, to; /* [from, to); 0 and MS_NEVER: all time */
	ms_t now;
	const struct zone *zone;          /* the entity's: days and months are its */
	const struct policy *policy;      /* borrowed until reports_free() */
	const struct report_rules *rules; /* likewise */
	const struct lifecycle *lifecycle; /* likewise; NULL: no table of durations */
	const char *const *inviting; /* playbooks that ask for an answer; NULL: none */
	/* signals.priority of a customer as of `now`, asked inside a page where rows are told
	 * apart by it; "": none. NULL: nobody has one. */
	const char *(*priority)(void *arg, struct store *s, int64_t customer);
	/* The two budgets of a playbook (core/launch.h); NULL: there is none of that name. */
	const struct budget_rule *(*budgets)(void *arg, const char *playbook);
	void *arg;
	const struct expected *expected; /* the last has no name; NULL: nothing is */
};
/* From words: `by` is a list with commas, "none" or "" (as the report is made for);
 * dates "2026-11-22" or "", `to` is included. ERR_NOTFOUND for a report or a dimension
 * there is not, ERR_INPUT for the rest. */
int reports_ask_read(struct reports_ask *out, const char *name, const char *by,
    const char *from, const char *to, const struct zone *zone, struct err *e);

struct reports *reports_new(const struct reports_ask *ask);
void reports_free(struct reports *r);                                /* NULL is fine */
int reports_page(struct reports *r, struct store *s, struct err *e); /* 1 more, 0, -1 */
/* Between two pages: rows read, and which share of all that is. */
void reports_progress(const struct reports *r, int64_t *rows, double *share);
struct sheet *reports_sheet(struct reports *r);
/* The instant of the newest touch or event; 0: there is none. */
int reports_newest(struct store *s, ms_t *at, struct err *e);
/* Pages and all, for who holds the database alone. NULL with err. */
struct sheet *
reports_at_once(const struct reports_ask *ask, struct store *s, struct err *e);

#endif
