/* report_read.c - customers, runs, touches and what happened, read page by page by id. */
#include <string.h>

#include <jansson.h>

#include "core/call.h"
#include "core/lifecycle.h"
#include "core/message.h"
#include "core/offer.h"
#include "core/profile.h"
#include "core/run.h"
#include "core/task.h"
#include "report.h"
#include "sql.h"

#define PAGE 50000

struct hits {
	ms_t opened_at, clicked_at;
};

static const char *
word(struct reports *r, struct sql *q, int i)
{
	return g_string_chunk_insert_const(r->words, sql_col_text(q, i));
}

/* A text member of a JSON object, "" without. */
static const char *
member(struct reports *r, const json_t *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j, key));

	return g_string_chunk_insert_const(r->words, text != NULL ? text : "");
}

static void
playbook(struct reports *r, struct sql *q)
{
	g_hash_table_insert(
	    r->playbooks, GINT_TO_POINTER((int)sql_col(q, 0)), (void *)word(r, q, 1));
}

static void
customer(struct reports *r, struct sql *q)
{
	struct man *m = g_new0(struct man, 1);
	const char *attrs = sql_col_text(q, 10);
	json_t *j = strcmp(attrs, "{}") == 0 ? NULL : json_loads(attrs, 0, NULL);

	m->id = sql_col(q, 0);
	m->ext = word(r, q, 1);
	m->tier = word(r, q, 2);
	m->stage = word(r, q, 3);
	m->store = word(r, q, 4);
	m->advisor = word(r, q, 5);
	m->first_visit = sql_col(q, 6);
	m->last_visit = sql_col(q, 7);
	m->visits = (int)sql_col(q, 8);
	m->spend = (double)sql_col(q, 9) / 100;
	m->erased = sql_col(q, 11) != 0;
	m->cause = member(r, j, "lost_cause");
	m->memory = -1;
	m->was = "";
	m->priority = "";
	json_decref(j);
	g_ptr_array_add(r->man, m);
	g_hash_table_insert(r->men, &m->id, m);
}

static bool
asked_by(const struct reports *r, enum dim dim)
{
	for (int i = 0; i < r->ask.n_by; i++)
		if (r->ask.by[i] == dim)
			return true;
	return false;
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

	if (r->ask.priority == NULL || !asked_by(r, DIM_PRIORITY) || r->weighed == end)
		return false;
	for (; r->weighed < end; r->weighed++)
		priority(r, r->man->pdata[r->weighed], s);
	return true;
}

/* What the profile concludes, where nobody has told it. */
static void
profile(struct reports *r, struct sql *q)
{
	int64_t id = sql_col(q, 0);
	struct man *m = g_hash_table_lookup(r->men, &id);
	struct profile p;
	size_t len;
	const void *fold = sql_col_blob(q, 1, &len);

	if (m == NULL)
		return;
	profile_unpack(fold, len, &p);
	if (p.presence.at != 0)
		m->memory = presence_now(&r->ask.policy->presence, &p.presence, r->ask.now);
	if (*m->cause == '\0' && p.lost_cause > 0)
		m->cause = lost_causes[p.lost_cause - 1];
	else if (*m->cause == '\0' && p.dormant_type > 0)
		m->cause = dormant_types[p.dormant_type - 1];
}

static void
run(struct reports *r, struct sql *q)
{
	struct walk w = { .id = sql_col(q, 0), .customer = sql_col(q, 1) };

	w.playbook = (int)sql_col(q, 2);
	w.state = (int)sql_col(q, 3);
	w.control = sql_col(q, 4) != CONTROL_NONE;
	w.house = sql_col(q, 4) == CONTROL_HOUSE;
	w.entered_at = sql_col(q, 5);
	w.goal_at = sql_col(q, 6);
	w.ended_at = sql_col(q, 7);
	w.offer = w.variant = "";
	w.priority = word(r, q, 8);
	w.man = g_hash_table_lookup(r->men, &w.customer);
	if (w.man != NULL && w.entered_at <= r->ask.now)
		g_array_append_val(r->walks, w);
}

static void
link_(struct reports *r, struct sql *q)
{
	int64_t *id = g_new(int64_t, 1);

	*id = sql_col(q, 0);
	g_hash_table_add(r->linked, id);
}

static void
hit(struct reports *r, struct sql *q)
{
	int64_t msg = sql_col(q, 1), *key;
	ms_t at = sql_col(q, 3);
	struct hits *h = g_hash_table_lookup(r->hits, &msg);

	if (h == NULL) {
		h = g_new0(struct hits, 1);
		key = g_new(int64_t, 1);
		*key = msg;
		g_hash_table_insert(r->hits, key, h);
	}
	if (sql_col(q, 2) == 1 && (h->clicked_at == 0 || at < h->clicked_at))
		h->clicked_at = at;
	if (h->opened_at == 0 || at < h->opened_at)
		h->opened_at = at;
}

static void
touch(struct reports *r, struct sql *q)
{
	struct touch t = { .id = sql_col(q, 0), .run = sql_col(q, 2) };
	int64_t man = sql_col(q, 1);
	const struct hits *h = g_hash_table_lookup(r->hits, &t.id);

	t.man = g_hash_table_lookup(r->men, &man);
	t.playbook = (int)sql_col(q, 3);
	t.step = word(r, q, 4);
	t.channel = (unsigned char)sql_col(q, 5);
	t.category = (unsigned char)sql_col(q, 6);
	t.planned_at = sql_col(q, 7);
	t.at = sql_col(q, 8);
	t.state = (unsigned char)sql_col(q, 9);
	t.reason = (unsigned char)sql_col(q, 10);
	t.cost = (float)((double)sql_col(q, 11) / 10000);
	t.variant = word(r, q, 12);
	t.links = g_hash_table_contains(r->linked, &t.id);
	if (h != NULL) {
		t.opened_at = h->opened_at;
		t.clicked_at = h->clicked_at;
	}
	if (t.man != NULL)
		g_array_append_val(r->touches, t);
}

/* ---- events ---- */

static double
number_of(const json_t *j, const char *key, double otherwise)
{
	const json_t *v = json_object_get(j, key);

	return json_is_number(v) ? json_number_value(v) : otherwise;
}

static int
marks(const struct report_rules *rules, const char *type)
{
	int mark = 0;

	mark |= report_listed(rules->marks.answers, type) ? MARK_ANSWER : 0;
	mark |= report_listed(rules->marks.trials, type) ? MARK_TRIAL : 0;
	mark |= report_listed(rules->marks.returns, type) ? MARK_RETURN : 0;
	mark |= report_listed(rules->marks.extras, type) ? MARK_EXTRA : 0;
	mark |= report_listed(rules->marks.referrals, type) ? MARK_REFERRAL : 0;
	mark |= strcmp(type, "rating") == 0 ? MARK_RATING : 0;
	return mark;
}

static void
rating(const json_t *j, struct happened *h)
{
	const char *question = json_string_value(json_object_get(j, "question"));
	double scale, score = number_of(j, "score", number_of(j, "value", -1));

	h->nps = question != NULL && strcmp(question, "nps") == 0;
	scale = number_of(j, "scale", 10);
	if (scale <= 0 || score < 0 || score > scale)
		h->mark &= ~MARK_RATING;
	else
		h->score = (float)(score / scale);
}

static void
event(struct reports *r, struct sql *q)
{
	const char *type = sql_col_text(q, 2);
	int64_t man = sql_col(q, 1);
	struct happened h = { .at = sql_col(q, 3), .mark = marks(r->ask.rules, type) };
	bool moved = strcmp(type, "stage_changed") == 0;
	json_t *j;

	h.man = g_hash_table_lookup(r->men, &man);
	if (h.man == NULL || (h.mark == 0 && !moved) || h.at > r->ask.now)
		return;
	j = json_loads(sql_col_text(q, 4), 0, NULL);
	h.amount = number_of(j, "amount", 0);
	if (h.mark & MARK_RATING)
		rating(j, &h);
	if (moved && strcmp(member(r, j, "to"), "lost") == 0)
		h.mark |= MARK_LOST;
	if (moved && *member(r, j, "cause") != '\0')
		h.man->was = member(r, j, "cause");
	json_decref(j);
	if (h.mark != 0)
		g_array_append_val(r->happened, h);
}

static void
order(struct reports *r, struct sql *q)
{
	int64_t man = sql_col(q, 1);
	struct happened h = { .at = sql_col(q, 2), .mark = MARK_ORDER };

	h.man = g_hash_table_lookup(r->men, &man);
	h.amount = (double)sql_col(q, 3) / 100;
	if (h.man != NULL && h.at <= r->ask.now)
		g_array_append_val(r->happened, h);
}

/* ---- offers, milestones, calls, A/B tests ---- */

static void
offer(struct reports *r, struct sql *q)
{
	struct given g = { .run = sql_col(q, 1), .name = word(r, q, 2) };

	if (sql_col(q, 3) == OFFER_REDEEMED)
		g.redeemed = (double)sql_col(q, 4) / 100;
	if (sql_col(q, 3) != OFFER_ASKED && sql_col(q, 3) != OFFER_REFUSED)
		g_array_append_val(r->given, g);
}

static void
mark(struct reports *r, struct sql *q)
{
	struct milestone m = { sql_col(q, 0), sql_col(q, 1) != 0, sql_col(q, 2) != 0 };

	g_array_append_val(r->milestones, m);
}

static void
task(struct reports *r, struct sql *q)
{
	struct called c = { .run = sql_col(q, 2) };
	int64_t man = sql_col(q, 1);
	const char *outcome = sql_col_text(q, 6);

	c.man = g_hash_table_lookup(r->men, &man);
	c.made = sql_col(q, 4) == TASK_DONE;
	c.by = word(r, q, c.made && *sql_col_text(q, 7) != '\0' ? 7 : 3);
	c.late = sql_col(q, 5) > 0 || sql_col(q, 4) == TASK_LAPSED;
	c.at = sql_col(q, c.made ? 8 : 9);
	c.reached = c.made && call_reached(outcome);
	c.booked = c.made && strcmp(outcome, "booked") == 0;
	if (c.man != NULL && sql_col(q, 4) != TASK_WITHDRAWN)
		g_array_append_val(r->called, c);
}

static void
experiment(struct reports *r, struct sql *q)
{
	struct tested t = { .id = sql_col(q, 0), .playbook = (int)sql_col(q, 1) };

	t.step = word(r, q, 2);
	t.name = word(r, q, 3);
	t.started_at = sql_col(q, 4);
	t.decided_at = sql_col(q, 5);
	t.verdict = (int)sql_col(q, 6);
	t.winner = word(r, q, 7);
	t.metric = (int)sql_col(q, 8);
	g_array_append_val(r->tested, t);
}

static struct tested *
tested_of(struct reports *r, int64_t id)
{
	for (guint i = 0; i < r->tested->len; i++)
		if (g_array_index(r->tested, struct tested, i).id == id)
			return &g_array_index(r->tested, struct tested, i);
	return NULL;
}

/* What was counted when it was decided stands. */
static void
arm(struct reports *r, struct sql *q)
{
	struct tested *t = tested_of(r, sql_col(q, 0));
	int n = (int)sql_col(q, 1);

	if (t == NULL || n < 0 || n >= ARMS_MAX)
		return;
	t->n_arms = MAX(t->n_arms, n + 1);
	t->arms[n] = (struct arm){ word(r, q, 2), (int)sql_col(q, 3),
		{ sql_col(q, 4), sql_col(q, 5) } };
}

static void
drawn(struct reports *r, struct sql *q)
{
	struct tested *t = tested_of(r, sql_col(q, 0));
	int n = (int)sql_col(q, 1);

	if (t != NULL && t->decided_at == 0 && n >= 0 && n < t->n_arms)
		t->arms[n].counted = (struct share){ sql_col(q, 2),
			sql_col(q, t->metric == METRIC_GOAL ? 3 : 4) };
}

/* In order: what is looked up comes before who looks. The first column is the id that
 * pages go by. A table without an id of its own is read in one. */
static const struct {
	const char *sql;
	void (*take)(struct reports *r, struct sql *q);
} sources[] = {
	{ "SELECT id, name FROM playbook WHERE id > ?1 ORDER BY id LIMIT ?2", playbook },
	{ "SELECT id, ext, tier, stage, store, advisor, first_visit, last_visit, visits, "
	  "spend,"
	  " attrs, erased_at FROM customer WHERE id > ?1 ORDER BY id LIMIT ?2",
	    customer },
	{ "SELECT customer, fold FROM signal WHERE customer > ?1 ORDER BY customer LIMIT ?2",
	    profile },
	{ "SELECT id, customer, playbook, state, control, entered_at, goal_at, ended_at,"
	  " priority FROM run"
	  " WHERE id > ?1 ORDER BY id LIMIT ?2",
	    run },
	{ "SELECT msg FROM link WHERE msg > ?1 GROUP BY msg ORDER BY msg LIMIT ?2",
	    link_ },
	{ "SELECT id, msg, kind, at FROM hit WHERE id > ?1 AND bot = '' ORDER BY id "
	  "LIMIT ?2",
	    hit },
	{ "SELECT id, customer, run, playbook, step, channel, category, planned_at, "
	  "begun_at,"
	  " state, reason, cost, variant FROM msg WHERE id > ?1 ORDER BY id LIMIT ?2",
	    touch },
	{ "SELECT id, run, name, state, value FROM offer WHERE id > ?1 AND run IS NOT "
	  "NULL"
	  " ORDER BY id LIMIT ?2",
	    offer },
	{ "SELECT run, max(name = 'answered'), max(name = 'tried') FROM mark WHERE run > "
	  "?1"
	  " GROUP BY run ORDER BY run LIMIT ?2",
	    mark },
	{ "SELECT id, customer, run, assignee, state, level, outcome, done_by, done_at,"
	  " created_at FROM task WHERE id > ?1 AND kind = 'call' ORDER BY id LIMIT ?2",
	    task },
	{ "SELECT id, playbook, step, name, started_at, decided_at, verdict, arm, metric"
	  " FROM experiment WHERE id > ?1 ORDER BY id LIMIT ?2",
	    experiment },
	{ "SELECT experiment, n, name, weight, people, hits FROM experiment_arm"
	  " WHERE experiment > ?1 ORDER BY experiment, n LIMIT ?2 * 10",
	    arm },
	{ "SELECT d.experiment, d.arm, count(*), sum(r.goal_at > 0), sum(EXISTS(SELECT 1 "
	  "FROM"
	  " msg m JOIN hit h ON h.msg = m.id WHERE m.run = d.run AND m.step = x.step AND"
	  " h.kind = 1 AND h.bot = '')) FROM drawn d JOIN run r ON r.id = d.run"
	  " JOIN experiment x ON x.id = d.experiment WHERE d.experiment > ?1"
	  " GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ?2 * 10",
	    drawn },
	{ "SELECT id, customer, type, at, data FROM event WHERE id > ?1 ORDER BY id "
	  "LIMIT ?2",
	    event },
	{ "SELECT id, customer, at, amount FROM repair WHERE id > ?1 ORDER BY id LIMIT "
	  "?2",
	    order },
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

/* The rows of what is large, for who waits. */
static int
measure(struct reports *r, struct store *s, struct err *e)
{
	struct sql *q = sql_get(s,
	    "SELECT 1 + (SELECT count(*) FROM customer) + (SELECT count(*) FROM signal)"
	    " + (SELECT count(*) FROM run) + (SELECT count(*) FROM hit)"
	    " + (SELECT count(*) FROM msg) + (SELECT count(*) FROM task)"
	    " + (SELECT count(*) FROM event) + (SELECT count(*) FROM repair)");

	if (sql_step(q, e) != 1)
		return -1;
	r->total = sql_col(q, 0);
	sql_end(q);
	return 0;
}

void
reports_progress(const struct reports *r, int64_t *rows, double *share)
{
	*rows = r->rows;
	*share = r->total > 0 ? MIN(1, (double)r->rows / (double)r->total) : 0;
}

static int
page(struct reports *r, struct store *s, struct err *e)
{
	struct sql *q = sql_get(s, sources[r->source].sql);
	int rc, n = 0;

	sql_int(q, 1, r->cursor);
	sql_int(q, 2, PAGE);
	while ((rc = sql_step(q, e)) == 1) {
		r->cursor = sql_col(q, 0);
		sources[r->source].take(r, q);
		n++;
	}
	r->rows += n;
	if (rc == 0 && n < PAGE) {
		r->source++;
		r->cursor = 0;
	}
	return rc;
}

int
report_read(struct reports *r, struct store *s, struct err *e)
{
	if (r->total == 0)
		return measure(r, s, e) != 0 ? -1 : 1;
	if (r->source > 0 && sources[r->source - 1].take == customer && priorities(r, s))
		return 1;
	if (r->source < (int)G_N_ELEMENTS(sources) && page(r, s, e) < 0)
		return -1;
	return r->source < (int)G_N_ELEMENTS(sources);
}
