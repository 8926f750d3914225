/* split_test.c - A/B tests on the engine: who is drawn, what is sent, what is decided,
 * and what later arrivals get.
 *
 * proves: 4.3, S24 */
#include "../../src/store/sql.h"
#include "stage.h"
#include "store/event.h"
#include "store/experiment.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define GOAL "goal: { on: booking, window: 60d }\n"
#define SPLIT(weights, decide)                                                   \
	HEAD "start: { on: visit }\n" GOAL                                       \
	     "steps:\n  - id: one\n    split:\n      name: words\n      arms:\n" \
	     "        plain: { weight: " weights ", send: a }\n"                 \
	     "        named: { weight: 50, send: b }\n" decide
#define DECIDE(how) "      decide: { metric: goal, at: 7d, min: 20" how " }\n"
#define PEOPLE 80

static void
people(struct stage *s, int from, int to)
{
	for (int i = from; i < to; i++) {
		char *ext = g_strdup_printf("P%d", i),
		     *to_number = g_strdup_printf("+8619900%06d", i);

		stage_customer(s, ext, "high", to_number, "");
		g_free(ext);
		g_free(to_number);
	}
}

static void
all_do(struct stage *s, const char *what, int from, int to)
{
	for (int i = from; i < to; i++) {
		char *ext = g_strdup_printf("P%d", i),
		     *id = g_strdup_printf("%s%d", what, i);

		assert_int_equal(stage_event(s, id, ext, what), 201);
		g_free(ext);
		g_free(id);
	}
}

static const char *
variant(struct stage *s, int i)
{
	char *ext = g_strdup_printf("P%d", i);
	struct message m;

	stage_touch(s, ext, 0, &m);
	g_free(ext);
	return g_intern_string(m.variant);
}

static void
only(void *arg, const struct experiment_row *row)
{
	*(struct experiment_row *)arg = *row;
	((struct experiment_row *)arg)->arm = g_intern_string(row->arm);
}

static struct experiment_row
experiment(struct stage *s)
{
	struct experiment_row row = { 0 };
	struct err e = { 0 };

	assert_int_equal(experiment_each(s->store, 0, only, &row, &e), 0);
	return row;
}

static void
note_arm(void *arg, const char *name, int weight, struct share counted)
{
	g_string_append_printf(
	    arg, "%s %d %d/%d;", name, weight, (int)counted.hits, (int)counted.n);
}

/* ---- drawing ---- */

static void
same_arm(struct stage *s, const char *const *before)
{
	for (int i = 0; i < PEOPLE; i++)
		assert_ptr_equal(variant(s, i), before[i]);
}

/* HMAC(key, playbook, step, version of the experiment; customer), nothing else. */
static void
by_formula(struct stage *s, const char *const *arm)
{
	struct crypt *key = crypt_new(s->key);
	char *use = g_strdup_printf("split:care:one:%s", experiment(s).version);

	for (int i = 0; i < PEOPLE; i++) {
		char *ext = g_strdup_printf("P%d", i);
		uint64_t h = (uint64_t)crypt_hmac64(key, use, ext, strlen(ext));

		assert_string_equal(arm[i], h % 100 < 50 ? "plain" : "named");
		g_free(ext);
	}
	g_free(use);
	crypt_free(key);
}

/* The text is the arm's, both arms get people, and a second run, a restart or another
 * database with the same key change nothing. */
static void
case_t19_the_same_arm_always(void **state)
{
	struct stage *s = stage_new(START, CARE, SPLIT("50", ""), NULL), *again;
	const char *arm[PEOPLE];
	int plain = 0;

	(void)state;
	people(s, 0, PEOPLE);
	all_do(s, "visit", 0, PEOPLE);
	stage_run(s, MS_MINUTE);
	for (int i = 0; i < PEOPLE; i++) {
		arm[i] = variant(s, i);
		plain += strcmp(arm[i], "plain") == 0;
	}
	assert_in_range(plain, 25, 55);
	assert_int_equal((int)s->letters->len, PEOPLE);
	for (guint i = 0; i < s->letters->len; i++) {
		const struct letter *l = s->letters->pdata[i];
		int who = atoi(l->to + strlen("+8619900"));

		assert_non_null(
		    strstr(l->text, strcmp(arm[who], "plain") == 0 ? "one" : "two"));
	}
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	same_arm(s, arm);
	by_formula(s, arm);
	stage_free(s);
	/* Another town: ids of rows and the order of arrival differ. */
	again = stage_new("2026-06-01T10:00:00+08:00", CARE, SPLIT("50", ""), NULL);
	people(again, 0, PEOPLE);
	for (int i = PEOPLE - 1; i >= 0; i--)
		all_do(again, "visit", i, i + 1);
	stage_run(again, MS_MINUTE);
	same_arm(again, arm);
	stage_free(again);
}

static void
other_weights_draw_anew(void **state)
{
	struct stage *a = stage_new(START, CARE, SPLIT("50", ""), NULL);
	struct stage *b = stage_new(START, CARE, SPLIT("51", ""), NULL);
	int differ = 0;

	(void)state;
	people(a, 0, PEOPLE);
	people(b, 0, PEOPLE);
	all_do(a, "visit", 0, PEOPLE);
	all_do(b, "visit", 0, PEOPLE);
	stage_run(a, MS_MINUTE);
	stage_run(b, MS_MINUTE);
	for (int i = 0; i < PEOPLE; i++)
		differ += variant(a, i) != variant(b, i);
	assert_in_range(differ, 20, 60);
	stage_free(a);
	stage_free(b);
}

/* ---- deciding ---- */

struct story {
	const char *name, *how; /* how: of decide */
	const char *booking;    /* the arm whose people book; NULL: nobody */
	int people;
	enum verdict_ab verdict;
	const char *arm; /* of those who come later; NULL: nothing is sent */
};

static const struct story stories[] = {
	{ "4.3 the better arm wins", "", "named", PEOPLE, AB_WINNER, "named" },
	{ "4.3 nobody wins: the first arm", "", NULL, PEOPLE, AB_NONE, "plain" },
	{ "nobody wins: the arm that else names", ", else: named", NULL, PEOPLE, AB_NONE,
	    "named" },
	{ "nobody wins: stop", ", else: stop", NULL, PEOPLE, AB_NONE, NULL },
	{ "S22 too few: a direction, and best follows it", ", else: best", "named", 12,
	    AB_DIRECTION, "named" },
	{ "S22 too few: a direction, and the default does not", "", "named", 12,
	    AB_DIRECTION, "plain" },
};

static void
tell(const struct story *t)
{
	char *text =
	    g_strdup_printf(SPLIT("50", "      decide: { at: 7d, min: 20%s }\n"), t->how);
	struct stage *s = stage_new(START, CARE, text, NULL);
	struct experiment_row row;
	GString *arms = g_string_new("");
	struct err e = { 0 };

	print_message("%s\n", t->name);
	people(s, 0, PEOPLE + 1);
	all_do(s, "visit", 0, t->people);
	stage_run(s, MS_DAY);
	for (int i = 0; i < t->people; i++)
		if (t->booking != NULL && strcmp(variant(s, i), t->booking) == 0)
			all_do(s, "booking", i, i + 1);
	assert_int_equal(experiment(s).verdict, AB_OPEN);
	stage_run(s, 7 * MS_DAY); /* nobody has to come for it to be decided */
	row = experiment(s);
	if (row.verdict != (int)t->verdict)
		fail_msg("%s: %s", t->name, experiment_verdict_name(row.verdict));
	assert_string_equal(row.arm, t->arm == NULL ? "" : t->arm);
	assert_int_equal(experiment_arms(s->store, row.id, note_arm, arms, &e), 0);
	assert_true(g_str_has_prefix(arms->str, "plain 50 0/"));
	all_do(s, "visit", PEOPLE, PEOPLE + 1);
	if (t->arm == NULL)
		assert_int_equal(stage_touch(s, "P80", 0, NULL), 0);
	else
		assert_string_equal(variant(s, PEOPLE), t->arm);
	stage_run(s, 8 * MS_DAY);
	assert_true(experiment(s).decided_at == row.decided_at); /* once */
	g_string_free(arms, TRUE);
	stage_free(s);
	g_free(text);
}

static void
decided_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(stories); i++)
		tell(&stories[i]);
}

/* A daemon that was down at the instant counts what was true then. */
static void
decided_after_a_fall(void **state)
{
	struct stage *s = stage_new(START, CARE, SPLIT("50", DECIDE("")), NULL);

	(void)state;
	people(s, 0, PEOPLE);
	all_do(s, "visit", 0, PEOPLE);
	stage_run(s, MS_DAY);
	for (int i = 0; i < PEOPLE; i++)
		if (strcmp(variant(s, i), "named") == 0)
			all_do(s, "booking", i, i + 1);
	stage_fall(s, false);
	stage_run(s, 9 * MS_DAY);
	stage_rise(s);
	stage_run(s, MS_MINUTE);
	assert_string_equal(experiment(s).arm, "named");
	stage_free(s);
}

/* Clicks count when a person made them, and by then. */
static void
clicks_of_people(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    SPLIT("50", "      decide: { metric: click, at: 7d, min: 20 }\n"), NULL);
	struct share arms[2];
	struct experiment_row row;
	struct err e = { 0 };
	int named = 0;

	(void)state;
	people(s, 0, PEOPLE);
	all_do(s, "visit", 0, PEOPLE);
	stage_run(s, MS_HOUR);
	assert_int_equal(store_begin(s->store, &e), 0);
	for (int i = 0; i < PEOPLE; i++) {
		char *ext = g_strdup_printf("P%d", i);
		bool is_named = strcmp(variant(s, i), "named") == 0;
		ms_t now = stage_at(START) + MS_HOUR;
		struct message m;

		stage_touch(s, ext, 0, &m);
		/* plain: a scanner's click and an opening; named: the same, and a person */
		assert_int_equal(
		    hit_add(s->store, m.id, "x", HIT_CLICK, now, "agent", &e), 0);
		assert_int_equal(hit_add(s->store, m.id, "", HIT_OPEN, now, "", &e), 0);
		for (int k = 0; k < 2 && is_named; k++)
			assert_int_equal(
			    hit_add(s->store, m.id, "x", HIT_CLICK, now, "", &e), 0);
		assert_int_equal(
		    hit_add(s->store, m.id, "x", HIT_CLICK, now + 8 * MS_DAY, "", &e), 0);
		named += is_named;
		g_free(ext);
	}
	assert_int_equal(store_commit(s->store, &e), 0);
	stage_run(s, 7 * MS_DAY);
	row = experiment(s);
	assert_string_equal(row.arm, "named");
	assert_int_equal(
	    experiment_count(s->store, &row, stage_at(START) + 7 * MS_DAY, arms, 2, &e),
	    0);
	assert_int_equal((int)arms[0].hits, 0);
	assert_int_equal((int)arms[1].hits, named);
	stage_free(s);
}

/* ---- the control groups ---- */

#define CONTROL_POLICY                                               \
	"quiet: [{ id: night, from: \"22:00\", to: \"08:00\" }]\n"   \
	"tiers:\n  high: { cap: 30 }\nmin_gap: none\n"               \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n" \
	"service: { per_day: 100, per_month: 1000 }\ncontrol: 40%\n"
#define PLAIN(name, category, template, more)                             \
	"playbook: " name "\ncategory: " category "\nstatus: live\n" more \
	"start: { on: visit }\nsteps:\n  - { id: one, send: " template " }\n"

/* S24: one group, whatever the playbook; transactional messages reach it; the counted
 * arms are without it. */
static void
s24_the_house_holds_out_one_group(void **state)
{
	struct stage *s = stage_new(START, "config/policy.yaml", CONTROL_POLICY, CARE,
	    SPLIT("50", DECIDE("")), "config/playbooks/other.yaml",
	    PLAIN("other", "service", "s", "control: 10%\n"),
	    "config/playbooks/order.yaml", PLAIN("order", "transactional", "t", ""),
	    "templates/sms/t.liquid", STAGE_TEMPLATE("transactional") "ready\n", NULL);
	struct share arms[2];
	struct err e = { 0 };
	struct experiment_row row;
	int held = 0;

	(void)state;
	people(s, 0, PEOPLE);
	all_do(s, "visit", 0, PEOPLE);
	stage_run(s, MS_HOUR);
	for (int i = 0; i < PEOPLE; i++) {
		char *ext = g_strdup_printf("P%d", i);
		struct run r[8];
		int64_t id;
		int n, house = 0;

		assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
		n = run_of_customer(s->store, id, false, r, 8, &e);
		assert_int_equal(n, 3);
		for (int k = 0; k < n; k++)
			house += r[k].control == CONTROL_HOUSE;
		assert_true(house == 0 || house == 2); /* order is transactional */
		held += house == 2;
		g_free(ext);
	}
	assert_in_range(held, 20, 44);
	row = experiment(s);
	assert_int_equal(experiment_count(s->store, &row, MS_NEVER, arms, 2, &e), 0);
	assert_int_equal((int)(arms[0].n + arms[1].n), PEOPLE - held);
	stage_free(s);
}

/* S24: what was assigned stays with its run and date; the shares that held are kept. */
static void
s24_old_shares_are_kept(void **state)
{
	struct stage *s = stage_new(
	    START, "config/policy.yaml", CONTROL_POLICY, CARE, SPLIT("50", ""), NULL);
	struct err e = { 0 };
	struct sql *q;
	struct run r;
	int i;

	(void)state;
	people(s, 0, 20);
	all_do(s, "visit", 0, 20);
	for (i = 0; i < 20; i++) {
		char *ext = g_strdup_printf("P%d", i);

		stage_last_run(s, ext, &r);
		g_free(ext);
		if (r.control == CONTROL_HOUSE)
			break;
	}
	assert_in_range(i, 0, 19);
	stage_put(s, "config/policy.yaml", STAGE_POLICY);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->answer, 200);
	assert_int_equal(run_get(s->store, r.id, &r, &e), 1);
	assert_int_equal(r.control, CONTROL_HOUSE);
	q = sql_get(s->store, "SELECT group_concat(share, ';') FROM control_share");
	assert_int_equal(sql_step(q, &e), 1);
	assert_string_equal(sql_col_text(q, 0), "4000;0");
	sql_end(q);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_t19_the_same_arm_always),
		cmocka_unit_test(other_weights_draw_anew),
		cmocka_unit_test(decided_once),
		cmocka_unit_test(decided_after_a_fall),
		cmocka_unit_test(clicks_of_people),
		cmocka_unit_test(s24_the_house_holds_out_one_group),
		cmocka_unit_test(s24_old_shares_are_kept),
	};

	return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
