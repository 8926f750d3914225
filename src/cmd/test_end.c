/* test_end.c - the state at the end of a scenario: sums, customers, alarms. */
#include <string.h>

#include "core/message.h"
#include "store/balance.h"
#include "store/customer.h"
#include "store/event.h"
#include "store/task.h"
#include "test.h"

/* ---- the sums ---- */

static void
same_number(struct test *t, const struct scenario_fact *f, int64_t is)
{
	char text[32];

	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, is);
	if (!g_strv_contains(f->values, text))
		test_fail(t, f->at, "%s is %s, expected %s", f->name, text, f->values[0]);
}

static int64_t
column_of(const struct balance *b, const char *name)
{
	for (int c = 0; c < COLUMNS; c++)
		if (strcmp(column_name(c), name) == 0)
			return b->columns[c];
	return strcmp(name, "goals") == 0 ? b->goals : b->touches;
}

static int64_t
runs_of(const struct balance *b, const char *name)
{
	const struct {
		const char *name;
		int64_t n;
	} all[] = { { "running", b->running }, { "watching", b->watching },
		{ "finished", b->finished }, { "left", b->left },
		{ "control", b->control } };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].n;
	return b->runs;
}

static int
judge_balance(struct test *t, struct err *e)
{
	const struct scenario *s = t->s;
	struct balance b;

	if (balance_get(town_store(t->town), 0, sim_true(town_sim(t->town)), &b, e) != 0)
		return -1;
	if (!balance_ok(&b))
		test_fail(t, s->at, "the books do not balance: please report it");
	for (int i = 0; i < s->balance.n; i++)
		same_number(
		    t, &s->balance.facts[i], column_of(&b, s->balance.facts[i].name));
	for (int i = 0; i < s->balance_runs.n; i++)
		same_number(t, &s->balance_runs.facts[i],
		    runs_of(&b, s->balance_runs.facts[i].name));
	return 0;
}

/* ---- customers ---- */

/* What is known of one, as the engine and the store tell it. */
struct known {
	int64_t id;
	const struct customer *c;
	const json_t *why;
	char *why_text;
};

static void
is_word(struct test *t, const struct scenario_fact *f, const char *is)
{
	if (!g_strv_contains(f->values, is))
		test_fail(
		    t, f->at, "%s is \"%s\", expected \"%s\"", f->name, is, f->values[0]);
}

static bool
listed(const char *list, const char *word)
{
	char **words = g_strsplit(list, ";", -1);
	bool yes = g_strv_contains((const char *const *)words, word);

	g_strfreev(words);
	return yes;
}

static void
stage(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	is_word(t, f, k->c->stage);
}

static void
tier(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	is_word(t, f, k->c->tier);
}

static void
tags(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	for (int i = 0; f->values[i] != NULL; i++)
		if (!listed(k->c->tags, f->values[i]))
			test_fail(t, f->at,
			    "the tag \"%s\" is not there, there is \"%s\"", f->values[i],
			    k->c->tags);
}

static void
lacks(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	for (int i = 0; f->values[i] != NULL; i++)
		if (listed(k->c->tags, f->values[i]))
			test_fail(t, f->at, "the tag \"%s\" is there", f->values[i]);
}

/* NAME=VALUE */
static void
attrs(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	json_t *all = json_loads(k->c->attrs, 0, NULL);
	char scratch[32];

	for (int i = 0; f->values[i] != NULL; i++) {
		char **pair = g_strsplit(f->values[i], "=", 2);
		const char *is = test_member(all, pair[0], scratch);

		if (pair[1] == NULL || strcmp(is, pair[1]) != 0)
			test_fail(t, f->at, "%s is \"%s\", expected %s", pair[0], is,
			    f->values[i]);
		g_strfreev(pair);
	}
	json_decref(all);
}

static void
opted_out(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	const json_t *list = json_object_get(k->why, "opted_out"), *one;
	size_t i, n = g_strv_length((char **)f->values);

	if (json_array_size(list) != n)
		test_fail(t, f->at, "opted out on %zu channels, expected %zu",
		    json_array_size(list), n);
	json_array_foreach(
	    list, i, one) if (!g_strv_contains(f->values, json_string_value(one)))
	    test_fail(t, f->at, "opted out of %s", json_string_value(one));
}

static void
blocked(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	is_word(t, f,
	    json_is_true(json_object_get(k->why, "complaint_block")) ? "true" : "false");
}

static void
messages(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	char scratch[32];
	int64_t n = 0;

	for (guint i = 0; i < t->told->len; i++) {
		const struct test_line *l = t->told->pdata[i];

		n += !l->nonmessage &&
		     strcmp(test_member(l->json, "customer", scratch), k->c->ext) == 0;
	}
	same_number(t, f, n);
}

static void
why_has(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	for (int i = 0; f->values[i] != NULL; i++)
		if (strstr(k->why_text, f->values[i]) == NULL)
			test_fail(t, f->at, "`reachd why %s --json` does not say \"%s\"",
			    k->c->ext, f->values[i]);
}

/* Kinds of the live ones, each as often as it is expected. */
static void
tasks(struct test *t, const struct scenario_fact *f, const struct known *k)
{
	struct task_row all[16];
	struct err e = { 0 };
	int n = task_of_customer(town_store(t->town), k->id, all, 16, &e), i;
	int want = (int)g_strv_length((char **)f->values);

	for (i = 0; i < MIN(n, want); i++)
		if (strcmp(all[i].kind, f->values[i]) != 0)
			break;
	if (n != want || i < n)
		test_fail(t, f->at, "%d tasks are to be done, the first: %s; expected %d", n,
		    n > 0 ? all[i < n ? i : 0].kind : "none", want);
}

static const struct {
	const char *name;
	void (*judge)(struct test *, const struct scenario_fact *, const struct known *);
} facts[] = {
	{ "stage", stage },
	{ "tier", tier },
	{ "tags", tags },
	{ "lacks", lacks },
	{ "attrs", attrs },
	{ "opted_out", opted_out },
	{ "blocked", blocked },
	{ "tasks", tasks },
	{ "messages", messages },
	{ "why_has", why_has },
};

static void
judge_run(struct test *t, const struct scenario_facts *want, const json_t *run)
{
	char scratch[32];

	for (int i = 0; i < want->n; i++) {
		const struct scenario_fact *f = &want->facts[i];
		const char *is = test_member(run, f->name, scratch);

		if (strcmp(f->name, "goal") == 0)
			is = *is == '\0' ? "false" : "true";
		is_word(t, f, is);
	}
}

/* The engine tells the newest first. */
static void
judge_runs(struct test *t, const struct scenario_customer *c, const json_t *runs)
{
	size_t n = json_array_size(runs);

	if (n != (size_t)c->n_runs)
		test_fail(
		    t, c->is.at, "%s has %zu runs, expected %d", c->id, n, c->n_runs);
	for (int i = 0; i < c->n_runs && (size_t)i < n; i++)
		judge_run(t, &c->runs[i], json_array_get(runs, n - 1 - (size_t)i));
}

static int
judge_customer(struct test *t, const struct scenario_customer *c, struct err *e)
{
	struct store *s = town_store(t->town);
	struct customer_row row;
	struct known k;
	int64_t id;

	engine_why(town_engine(t->town), c->id, test_answered, t);
	if (test_wait(t, e) != 0)
		return -1;
	if (t->answer.status != 200) {
		test_fail(t, c->is.at, "there is no customer \"%s\"", c->id);
		return 0;
	}
	if (customer_find(s, c->id, &id, e) != 1 || customer_get(s, id, &row, e) != 1)
		return -1;
	k = (struct known){ id, &row.c, t->answer.json,
		json_dumps(t->answer.json, JSON_COMPACT) };
	for (int i = 0; i < c->is.n; i++)
		for (size_t n = 0; n < G_N_ELEMENTS(facts); n++)
			if (strcmp(facts[n].name, c->is.facts[i].name) == 0)
				facts[n].judge(t, &c->is.facts[i], &k);
	if (c->has_runs)
		judge_runs(t, c, json_object_get(k.why, "runs"));
	free(k.why_text);
	return 0;
}

/* ---- alarms ---- */

static void
note_alarm(void *arg, ms_t at, const char *kind, const char *ext, const char *text)
{
	(void)at;
	(void)ext;
	(void)text;
	g_hash_table_add(arg, g_strdup(kind));
}

static int
judge_alarms(struct test *t, struct err *e)
{
	GHashTable *kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int rc = alarm_each(town_store(t->town), 1000, note_alarm, kinds, e);

	for (int i = 0; rc == 0 && t->s->alarms[i] != NULL; i++)
		if (!g_hash_table_contains(kinds, t->s->alarms[i]))
			test_fail(t, t->s->alarms_at, "there is no alarm \"%s\"",
			    t->s->alarms[i]);
	g_hash_table_unref(kinds);
	return rc;
}

int
test_end(struct test *t, struct err *e)
{
	if (judge_balance(t, e) != 0)
		return -1;
	for (int i = 0; i < t->s->n_customers; i++)
		if (judge_customer(t, &t->s->customers[i], e) != 0)
			return -1;
	return t->s->alarms != NULL ? judge_alarms(t, e) : 0;
}
