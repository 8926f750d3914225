/* report_read.c - customers, runs, touches and what happened, read page by page by id. */
#include "core/message.h"
#include "report_take.h"

#define PAGE 50000

/* In order: what is looked up comes before who looks. The first column is the id that
 * pages go by; BY_WORD: a text (?3) instead; BY_PAIR: the first two columns (?1, ?3). A
 * small table without an id of its own is read in one. */
enum { BY_ID, BY_WORD, BY_PAIR };
static const struct {
	const char *sql;
	void (*take)(struct reports *r, struct sql *q);
	unsigned of; /* READ_* */
	int by;
} sources[] = {
	{ "SELECT id, name FROM playbook WHERE id > ?1 ORDER BY id LIMIT ?2",
	    report_take_playbook, 0, BY_ID },
	{ "SELECT id, ext, tier, stage, store, advisor, first_visit, last_visit, visits, "
	  "spend,"
	  " attrs, erased_at FROM customer WHERE id > ?1 ORDER BY id LIMIT ?2",
	    report_take_customer, READ_MEN, BY_ID },
	{ "SELECT customer, fold FROM signal WHERE customer > ?1 ORDER BY customer LIMIT "
	  "?2",
	    report_take_profile, READ_PROFILES, BY_ID },
	{ "SELECT id, customer, playbook, state, control, entered_at, goal_at, ended_at,"
	  " priority FROM run"
	  " WHERE id > ?1 ORDER BY id LIMIT ?2",
	    report_take_run, READ_RUNS, BY_ID },
	{ "SELECT code, msg FROM link WHERE code > ?3 ORDER BY code LIMIT ?2",
	    report_take_link, READ_CLICKS, BY_WORD },
	{ "SELECT id, msg, kind, at FROM hit WHERE id > ?1 AND bot = '' ORDER BY id "
	  "LIMIT ?2",
	    report_take_hit, READ_CLICKS, BY_ID },
	{ "SELECT id, customer, run, playbook, step, channel, category, planned_at, "
	  "begun_at,"
	  " state, reason, cost, variant FROM msg WHERE id > ?1 ORDER BY id LIMIT ?2",
	    report_take_touch, READ_TOUCHES, BY_ID },
	{ "SELECT id, run, name, state, value FROM offer WHERE id > ?1 AND run IS NOT "
	  "NULL"
	  " ORDER BY id LIMIT ?2",
	    report_take_offer, READ_RUNS, BY_ID },
	{ "SELECT run, max(name = 'answered'), max(name = 'tried') FROM mark WHERE run > "
	  "?1"
	  " GROUP BY run ORDER BY run LIMIT ?2",
	    report_take_mark, READ_RUNS, BY_ID },
	{ "SELECT id, customer, run, assignee, state, level, outcome, done_by, done_at,"
	  " created_at FROM task WHERE id > ?1 AND kind = 'call' ORDER BY id LIMIT ?2",
	    report_take_task, READ_CALLS, BY_ID },
	{ "SELECT id, playbook, step, name, started_at, decided_at, verdict, arm, metric"
	  " FROM experiment WHERE id > ?1 ORDER BY id LIMIT ?2",
	    report_take_experiment, READ_TESTS, BY_ID },
	{ "SELECT experiment, n, name, weight, people, hits FROM experiment_arm"
	  " WHERE experiment > ?1 ORDER BY experiment, n LIMIT ?2 * 10",
	    report_take_arm, READ_TESTS, BY_ID },
	{ "SELECT d.experiment, d.customer, d.arm, r.goal_at > 0, x.metric <> 0 AND "
	  "EXISTS("
	  "SELECT 1 FROM msg m JOIN hit h ON h.msg = m.id WHERE m.run = d.run AND"
	  " m.step = x.step AND h.kind = 1 AND h.bot = '') FROM drawn d"
	  " JOIN run r ON r.id = d.run JOIN experiment x ON x.id = d.experiment"
	  " WHERE (d.experiment, d.customer) > (?1, ?3)"
	  " ORDER BY d.experiment, d.customer LIMIT ?2",
	    report_take_drawn, READ_TESTS, BY_PAIR },
	{ "SELECT at, share FROM control_share WHERE at > ?1 ORDER BY at LIMIT ?2",
	    report_take_share, READ_SHARES, BY_ID },
	{ "SELECT id, customer, type, at, data FROM event WHERE id > ?1 ORDER BY id "
	  "LIMIT ?2",
	    report_take_event, READ_EVENTS, BY_ID },
	{ "SELECT id, customer, at, amount FROM repair WHERE id > ?1 ORDER BY id LIMIT "
	  "?2",
	    report_take_order, READ_EVENTS, BY_ID },
};

int
reports_newest(struct store *s, ms_t *at, struct err *e)
{
	struct sql *q = sql_get(s, "SELECT max((SELECT ifnull(max(id), 0) FROM msg), "
				   "(SELECT ifnull(max(id), 0) FROM event))");

	if (sql_step(q, e) != 1)
		return -1;
	*at = message_id_time(sql_col(q, 0));
	sql_end(q);
	return 0;
}

/* The rows of what is large and will be read, for who waits. */
static int
measure(struct reports *r, struct store *s, struct err *e)
{
	static const struct {
		const char *sql;
		unsigned of;
	} large[] = {
		{ "SELECT count(*) FROM customer", READ_MEN },
		{ "SELECT count(*) FROM signal", READ_PROFILES },
		{ "SELECT count(*) FROM run", READ_RUNS },
		{ "SELECT count(*) FROM link", READ_CLICKS },
		{ "SELECT count(*) FROM hit", READ_CLICKS },
		{ "SELECT count(*) FROM msg", READ_TOUCHES },
		{ "SELECT count(*) FROM task", READ_CALLS },
		{ "SELECT count(*) FROM drawn", READ_TESTS },
		{ "SELECT count(*) FROM event", READ_EVENTS },
		{ "SELECT count(*) FROM repair", READ_EVENTS },
	};

	r->total = 1;
	for (size_t i = 0; i < G_N_ELEMENTS(large); i++) {
		struct sql *q;

		if (!(r->reads & large[i].of))
			continue;
		q = sql_get(s, large[i].sql);
		if (sql_step(q, e) != 1)
			return -1;
		r->total += sql_col(q, 0);
		sql_end(q);
	}
	return 0;
}

void
reports_progress(const struct reports *r, int64_t *rows, double *share)
{
	*rows = r->rows;
	*share = r->total > 0 ? MIN(1, (double)r->rows / (double)r->total) : 0;
}

/* By the tables of the lifecycle, as conditions see it; for nothing else are they asked. */
static void
priority(struct reports *r, struct man *m, struct store *s)
{
	const char *is = r->ask.priority(r->ask.arg, s, m->id);

	m->priority = g_string_chunk_insert_const(r->words, is);
}

#define WEIGHED_AT_ONCE 2000 /* each takes a few kilobytes until the page ends */

/* True: some were weighed, there may be more. Once all customers are read. */
static bool
priorities(struct reports *r, struct store *s)
{
	guint end = MIN(r->weighed + WEIGHED_AT_ONCE, r->man->len);

	if (r->ask.priority == NULL || !report_by(r, DIM_PRIORITY) || r->weighed == end)
		return false;
	for (; r->weighed < end; r->weighed++)
		priority(r, r->man->pdata[r->weighed], s);
	return true;
}

/* Where the next page begins. */
static void
bind(struct reports *r, struct sql *q, int by)
{
	if (by != BY_WORD)
		sql_int(q, 1, r->cursor);
	sql_int(q, 2, PAGE);
	if (by == BY_WORD)
		sql_text(q, 3, r->cursor_word->str);
	else if (by == BY_PAIR)
		sql_int(q, 3, r->cursor_second);
}

static void
advance(struct reports *r, struct sql *q, int by)
{
	if (by == BY_WORD)
		g_string_assign(r->cursor_word, sql_col_text(q, 0));
	else
		r->cursor = sql_col(q, 0);
	if (by == BY_PAIR)
		r->cursor_second = sql_col(q, 1);
}

static int
page(struct reports *r, struct store *s, struct err *e)
{
	struct sql *q = sql_get(s, sources[r->source].sql);
	int rc, n = 0, by = sources[r->source].by;

	bind(r, q, by);
	while ((rc = sql_step(q, e)) == 1) {
		advance(r, q, by);
		sources[r->source].take(r, q);
		n++;
	}
	r->rows += n;
	if (rc == 0 && n < PAGE) {
		r->source++;
		r->cursor = r->cursor_second = 0;
		g_string_truncate(r->cursor_word, 0);
	}
	return rc;
}

/* What the report does not look at is not read. */
static bool
skip(struct reports *r)
{
	unsigned of = sources[r->source].of;

	if (of == 0 || (of & r->reads) != 0)
		return false;
	r->source++;
	return true;
}

int
report_read(struct reports *r, struct store *s, struct err *e)
{
	const int all = (int)G_N_ELEMENTS(sources);

	if (r->total == 0)
		return measure(r, s, e) != 0 ? -1 : 1;
	if (r->source > 0 && sources[r->source - 1].take == report_take_customer &&
	    priorities(r, s))
		return 1;
	while (r->source < all && skip(r))
		;
	if (r->source < all && page(r, s, e) < 0)
		return -1;
	return r->source < all;
}
