/* report_take.c - a row of the database as what reports compute from. */
#include <string.h>

#include <jansson.h>

#include "core/call.h"
#include "core/lifecycle.h"
#include "core/message.h"
#include "core/offer.h"
#include "core/profile.h"
#include "core/run.h"
#include "core/task.h"
#include "report_take.h"

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

void
report_take_playbook(struct reports *r, struct sql *q)
{
	g_hash_table_insert(
	    r->playbooks, GINT_TO_POINTER((int)sql_col(q, 0)), (void *)word(r, q, 1));
}

void
report_take_customer(struct reports *r, struct sql *q)
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

/* What the profile concludes, where nobody has told it. */
void
report_take_profile(struct reports *r, struct sql *q)
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
		m->memory =
		    presence_now(&r->ask.policy->presence, &p.presence, r->ask.now);
	if (*m->cause == '\0' && p.lost_cause > 0)
		m->cause = lost_causes[p.lost_cause - 1];
	else if (*m->cause == '\0' && p.dormant_type > 0)
		m->cause = dormant_types[p.dormant_type - 1];
}

void
report_take_run(struct reports *r, struct sql *q)
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

void
report_take_link(struct reports *r, struct sql *q)
{
	int64_t *id = g_new(int64_t, 1);

	*id = sql_col(q, 1);
	g_hash_table_add(r->linked, id);
}

void
report_take_hit(struct reports *r, struct sql *q)
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

void
report_take_touch(struct reports *r, struct sql *q)
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

/* As the profile takes it: without a scale of its own it is on the house's. */
static void
rating(const struct reports *r, const json_t *j, struct happened *h)
{
	const char *question = json_string_value(json_object_get(j, "question"));
	double scale, score = number_of(j, "score", number_of(j, "value", -1));

	h->nps = question != NULL && strcmp(question, "nps") == 0;
	scale = h->nps || r->ask.lifecycle == NULL ? 10 : r->ask.lifecycle->scale;
	scale = number_of(j, "scale", scale);
	if (scale <= 0 || score < 0 || score > scale)
		h->mark &= ~MARK_RATING;
	else
		h->score = (float)(score / scale);
}

void
report_take_event(struct reports *r, struct sql *q)
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
		rating(r, j, &h);
	if (moved && strcmp(member(r, j, "to"), "lost") == 0)
		h.mark |= MARK_LOST;
	if (moved && *member(r, j, "cause") != '\0')
		h.man->was = member(r, j, "cause");
	json_decref(j);
	if (h.mark != 0)
		g_array_append_val(r->happened, h);
}

void
report_take_order(struct reports *r, struct sql *q)
{
	int64_t man = sql_col(q, 1);
	struct happened h = { .at = sql_col(q, 2), .mark = MARK_ORDER };

	h.man = g_hash_table_lookup(r->men, &man);
	h.amount = (double)sql_col(q, 3) / 100;
	if (h.man != NULL && h.at <= r->ask.now)
		g_array_append_val(r->happened, h);
}

/* ---- offers, milestones, calls, A/B tests ---- */

void
report_take_offer(struct reports *r, struct sql *q)
{
	struct given g = { .run = sql_col(q, 1), .name = word(r, q, 2) };

	if (sql_col(q, 3) == OFFER_REDEEMED)
		g.redeemed = (double)sql_col(q, 4) / 100;
	if (sql_col(q, 3) != OFFER_ASKED && sql_col(q, 3) != OFFER_REFUSED)
		g_array_append_val(r->given, g);
}

void
report_take_mark(struct reports *r, struct sql *q)
{
	struct milestone m = { sql_col(q, 0), sql_col(q, 1) != 0, sql_col(q, 2) != 0 };

	g_array_append_val(r->milestones, m);
}

void
report_take_task(struct reports *r, struct sql *q)
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

void
report_take_experiment(struct reports *r, struct sql *q)
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
void
report_take_arm(struct reports *r, struct sql *q)
{
	struct tested *t = tested_of(r, sql_col(q, 0));
	int n = (int)sql_col(q, 1);

	if (t == NULL || n < 0 || n >= ARMS_MAX)
		return;
	t->n_arms = MAX(t->n_arms, n + 1);
	t->arms[n] = (struct arm){ word(r, q, 2), (int)sql_col(q, 3),
		{ sql_col(q, 4), sql_col(q, 5) } };
}

void
report_take_drawn(struct reports *r, struct sql *q)
{
	struct tested *t = tested_of(r, sql_col(q, 0));
	int n = (int)sql_col(q, 2);

	if (t == NULL || t->decided_at != 0 || n < 0 || n >= t->n_arms)
		return;
	t->arms[n].counted.n++;
	t->arms[n].counted.hits += sql_col(q, t->metric == METRIC_GOAL ? 3 : 4);
}

void
report_take_share(struct reports *r, struct sql *q)
{
	struct held_share h = { sql_col(q, 0), (int)sql_col(q, 1) };

	g_array_append_val(r->shares, h);
}
