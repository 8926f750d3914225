/* scenario.h - a story with its expected end: a few customers, what happens to them, what
 * must come of it.
 *
 * Read from YAML with the manners of every file people write. Days are counted from
 * `from`: day 1 is that date. Times under `when` are the dealer's, those under `expect`
 * the customer's own. Everything lives in the arena. Pure; any thread. */
#ifndef SPEC_SCENARIO_H
#define SPEC_SCENARIO_H

#include "base/arena.h"
#include "spec/catalog.h"

/* A day, and a minute of it or a span of minutes. */
struct scenario_time {
	struct pos at;         /* file NULL: not said */
	int64_t day;           /* date_days() */
	int minute, minute_to; /* -1: any time of that day */
};

/* Rows as of a table to import: `given:` and the event `import:`. */
struct scenario_cell {
	struct pos at;
	const char *text; /* "" where a row does not have the column */
};
struct scenario_table {
	struct pos at;
	const char *what; /* customers, optouts ...: as for `reachd import` */
	const char *file; /* instead of rows; NULL: rows */
	const char **columns;
	int n_columns, n_rows;
	struct scenario_cell *cells; /* n_rows x n_columns */
};
/* The rows as CSV; owned by the caller. */
char *scenario_csv(const struct scenario_table *t);

/* Which files are in force. */
struct scenario_set {
	const char *config, *templates; /* directories; templates NULL: beside config */
	const char **playbooks;         /* of config: names; NULL: every one */
	struct catalog_file *files;
	int n_files;
};

enum scenario_verb {
	SCENARIO_EVENT,
	SCENARIO_REPLY,
	SCENARIO_RECEIPT,
	SCENARIO_CLICK,
	SCENARIO_UNSUBSCRIBE,
	SCENARIO_TASK,
	SCENARIO_IMPORT,
	SCENARIO_RELOAD,
	SCENARIO_GATEWAY,
	SCENARIO_DAYS,
	SCENARIO_VERBS
};

/* What happens. Strings are "" where not said. */
struct scenario_act {
	struct pos at;
	struct scenario_time when; /* DAYS has none */
	enum scenario_verb verb;
	const char *customer, *type, *id, *vehicle, *data; /* data: JSON */
	const char *text, *step, *code;
	const char *outcome, *cause, *observed; /* TASK */
	int channel; /* -1: not said */
	int kind;    /* RECEIPT: enum scenario_receipt; GATEWAY: enum scenario_gateway */
	int link, days;
	bool historic, refused, parked;
	struct scenario_set *set;
	struct scenario_table *table;
};

enum scenario_receipt {
	SCENARIO_SENT,
	SCENARIO_DELIVERED,
	SCENARIO_FAILED,
	SCENARIO_OPENED
};

enum scenario_gateway {
	GATEWAY_TAKES,
	GATEWAY_REFUSES_ADDRESS,
	GATEWAY_REFUSES,
	GATEWAY_THROTTLES,
	GATEWAY_SILENT
};

/* One expected fact: the name of a member of a line that `rehearse --json` prints, and
 * its value. text_has and detail_has look inside. */
struct scenario_fact {
	struct pos at;
	const char *name;
	const char **values; /* NULL-terminated; one unless it is a list */
};
struct scenario_facts {
	struct pos at;
	struct scenario_fact *facts;
	int n;
};

/* A line of the timeline. */
struct scenario_row {
	struct scenario_time when;
	struct scenario_facts is;
	bool not, nonmessage; /* nonmessage: it names a reason, so no message is meant */
};

struct scenario_customer {
	const char *id;
	struct scenario_facts is; /* stage, tier, tags ... */
	bool has_runs;
	struct scenario_facts *runs; /* in order of entry */
	int n_runs;
};

struct scenario {
	const char *file, *name;
	struct pos at;
	const char **proves;
	int n_proves;
	int64_t first_day, seed;
	int from_minute;
	int days;    /* how long it plays; 0: until the day after the last thing said */
	bool lively; /* people react as people do */
	struct scenario_set set;
	struct scenario_table *given;
	int n_given;
	struct scenario_act *acts;
	int n_acts;
	/* expect */
	bool has_timeline;
	const char **only_customers, **only_playbooks; /* NULL: all */
	struct scenario_row *rows;
	int n_rows;
	struct scenario_facts balance, balance_runs;
	struct scenario_customer *customers;
	int n_customers;
	const char **alarms; /* NULL: not said */
	struct pos alarms_at;
};

/* config: the directory for scenarios that name none; NULL: the nearest folder `config`
 * above the file. NULL with diags when the file has mistakes. */
struct scenario *
scenario_load(struct arena *a, const char *file, const char *config, struct report *r);
/* The set as one catalog, checked dry; NULL with diags. */
struct catalog *scenario_catalog(const struct scenario_set *set, struct report *r);

#endif
