/* report_world.h - a small world for reports: rows written straight into a database, and
 * a policy's `reports:` read as people write it. */
#ifndef TESTS_REPORT_WORLD_H
#define TESTS_REPORT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <math.h>

#include "../../src/spec/read.h"
#include "../../src/store/sql.h"
#include "core/message.h"
#include "core/reason.h"
#include "core/report_rules.h"
#include "store/reports.h"

#define DAY MS_DAY
/* 2026-06-01 10:00 in Shanghai; the question is asked on 2026-11-22. */
#define START ((ms_t)1780279200000)
#define NOW (START + 174 * DAY)

static struct store *db;
static struct arena *keep;
static struct policy policy;
static const char *inviting[8];
static struct expected expected[4];
static int64_t next_id;
static struct err e;

static inline void
do_sql(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	if (sql_script(db, text, &e) != 0)
		fail_msg("%s: %s", text, e.text);
	g_free(text);
}

/* rules: the mapping under `reports:`; "" for what no file states. */
static inline void
world(const char *rules)
{
	static const uint8_t key[CRYPT_KEY];
	struct report *r = report_new();
	char *text = g_strdup_printf("quiet: []\ntiers:\n  high: { floor: 8, cap: 12 }\n"
				     "  low: { floor: 2, cap: 3 }\n%s%s",
	    *rules != '\0' ? "reports:\n" : "", rules);
	struct yaml *y;

	memset(&e, 0, sizeof(e));
	keep = arena_new();
	y = yaml_parse(keep, "policy.yaml", text, strlen(text), r);
	assert_non_null(y);
	memset(&policy, 0, sizeof(policy));
	policy_read(keep, y, &policy, r);
	if (r->errors > 0) {
		report_print(r, stderr);
		fail();
	}
	report_free(r);
	g_free(text);
	db = store_open(
	    &(struct store_options){ .path = ":memory:", .key = key, .create = true },
	    &e);
	assert_non_null(db);
	memset(inviting, 0, sizeof(inviting));
	memset(expected, 0, sizeof(expected));
	next_id = 1;
}

static inline void
world_end(void)
{
	store_close(db);
	arena_free(keep);
}

static inline int
playbook(const char *name)
{
	int64_t id = next_id++;

	do_sql("INSERT INTO playbook(id, name) VALUES(%d, '%s')", (int)id, name);
	return (int)id;
}

struct person_of {
	const char *tier, *stage, *store, *advisor, *attrs;
	int visits;
	int64_t first_visit, last_visit; /* days */
	double spend;
};

static inline int64_t
person(struct person_of p)
{
	int64_t id = next_id++;

#define OR(s, otherwise) ((s) != NULL ? (s) : (otherwise))
	do_sql(
	    "INSERT INTO customer(id, ext, name, gender, tier, stage, store, advisor, tz,"
	    " first_visit, last_visit, visits, spend, consent, tags, attrs) VALUES(%d,"
	    " 'C%d', '', '', '%s', '%s', '%s', '%s', '', %d, %d, %d, %d, 0, '', '%s')",
	    (int)id, (int)id, OR(p.tier, "low"), OR(p.stage, ""), OR(p.store, ""),
	    OR(p.advisor, ""), (int)p.first_visit, (int)p.last_visit, p.visits,
	    (int)lround(p.spend * 100), OR(p.attrs, "{}"));
#undef OR
	return id;
}

/* What the rules say of a customer stands in his attribute `priority`. */
#define WEIGHS                                                                       \
	"ifnull((SELECT json_extract(attrs, '$.priority') FROM customer WHERE id = " \
	"%d), '')"

static inline const char *
weighs(void *arg, struct store *s, int64_t customer)
{
	char *text = g_strdup_printf("SELECT " WEIGHS, (int)customer);
	struct sql *q = sql_get(s, g_intern_string(text));
	const char *is;

	(void)arg;
	g_free(text);
	assert_int_equal(sql_step(q, &e), 1);
	is = arena_strdup(keep, sql_col_text(q, 0));
	sql_end(q);
	return is;
}

static struct duration bands[] = { { "3-6", 90 }, { "6-12", 180 }, { "12-24", 365 },
	{ "over-24", 730 } };
static struct choice ranks[] = { { .is = "A" }, { .is = "B" }, { .is = "C" } };
static const struct lifecycle lives = { .durations = bands,
	.n_durations = 4,
	.priority = ranks,
	.n_priority = 3,
	.scale = 5 };

static inline int64_t
run_of(int64_t customer, int book, bool control, ms_t at, ms_t goal)
{
	int64_t id = next_id++;

	do_sql(
	    "INSERT INTO run(id, customer, playbook, version, state, control, step, wait,"
	    " occ, entered_at, step_at, goal_at, entry, priority) SELECT %d, %d, %d, 1, "
	    "2,"
	    " %d, '', 0, 0, %" G_GINT64_FORMAT ", 0, %" G_GINT64_FORMAT ", '%d', " WEIGHS,
	    (int)id, (int)customer, book, control, at, goal, (int)id, (int)customer);
	return id;
}

struct touch_of {
	const char *step;
	int channel, category, state, reason;
	double cost;
};

static inline int64_t
touch_of(int64_t customer, int book, int64_t run, ms_t at, struct touch_of t)
{
	int64_t id = next_id++;
	bool sent = message_column(t.state, t.reason, 1) == COLUMN_SENT;

	do_sql("INSERT INTO msg(id, customer, run, version, playbook, step, occ, channel,"
	       " category, priority, planned_at, due_at, expires_at, state, reason, "
	       "begun_at,"
	       " cost) VALUES(%d, %d, %d, 1, %d, '%s', %d, %d, %d, 50, %" G_GINT64_FORMAT
	       ", 0, 0, %d, %d, %" G_GINT64_FORMAT ", %d)",
	    (int)id, (int)customer, (int)run, book, t.step != NULL ? t.step : "one",
	    (int)id, t.channel, t.category, at, t.state, t.reason, sent ? at : 0,
	    (int)lround(t.cost * 10000));
	return id;
}

static inline void
event_of(int64_t customer, const char *type, ms_t at, const char *data)
{
	int64_t id = next_id++;

	do_sql("INSERT INTO event VALUES(%d, 'test', '%d', %d, '%s', %" G_GINT64_FORMAT
	       ", 0, '%s')",
	    (int)id, (int)id, (int)customer, type, at, data);
}

static inline void
hit_of(int64_t msg, int kind, ms_t at, const char *bot)
{
	do_sql("INSERT INTO hit VALUES(%d, %d, 'x', %d, %" G_GINT64_FORMAT ", '%s')",
	    (int)next_id++, (int)msg, kind, at, bot);
}

/* One playbook has budgets. */
static const char *purse_name = "";
static struct budget_rule purse[BUDGET_HOUSE_DAY];

static inline const struct budget_rule *
purse_of(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, purse_name) == 0 ? purse : NULL;
}

static inline struct sheet *
ask(const char *name, const char *by, const char *from, const char *to)
{
	struct reports_ask q;
	struct sheet *s;

	if (reports_ask_read(&q, name, by, from, to, zone_get("Asia/Shanghai"), &e) != 0)
		fail_msg("%s", e.text);
	q.now = NOW;
	q.policy = &policy;
	q.rules = policy.reports;
	q.inviting = inviting;
	q.lifecycle = &lives;
	q.priority = weighs;
	q.budgets = purse_of;
	q.expected = expected;
	s = reports_at_once(&q, db, &e);
	if (s == NULL)
		fail_msg("%s", e.text);
	return s;
}

/* The row in which the first columns say this. */
static inline int
row_of(const struct sheet *s, const char *a, const char *b)
{
	for (int r = 0; r < s->n_rows; r++) {
		const struct sheet_cell *x = sheet_cell(s, r, 0),
					*y = sheet_cell(s, r, 1);

		if (strcmp(x->known ? x->text : "", a) == 0 &&
		    (b == NULL || strcmp(y->known ? y->text : "", b) == 0))
			return r;
	}
	fail_msg("no row %s %s", a, b != NULL ? b : "");
	return -1;
}

static inline const struct sheet_cell *
cell_of(const struct sheet *s, int row, const char *column)
{
	int i = sheet_find(s, column);

	if (i < 0)
		fail_msg("no column %s", column);
	return sheet_cell(s, row, i);
}

/* Within half a unit of the last digit that is told. */
#define SAYS(s, row, column, value, half)                                        \
	do {                                                                     \
		const struct sheet_cell *c_ = cell_of(s, row, column);           \
		if (!c_->known || fabs(c_->number - (value)) > (half))           \
			fail_msg("%s: %.9g instead of %.9g", column, c_->number, \
			    (double)(value));                                    \
	} while (0)
#define COUNTS(s, row, column, value) SAYS(s, row, column, value, 1e-9)
#define PERCENT(s, row, column, value) SAYS(s, row, column, (value) / 100.0, 0.005)
#define SILENT(s, row, column) assert_false(cell_of(s, row, column)->known)

#endif
