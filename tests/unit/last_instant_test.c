/* last_instant_test.c - a person's word that comes while a call is connecting, or while its
 * outcome is not known: what the simulator's towns showed, each in small. */
#include "hand_stage.h"
#include "store/launch.h"
#include "store/optout.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define MARKETING "playbook: care\ncategory: marketing\nstatus: live\n"
#define ONE                                \
	MARKETING "start: { on: visit }\n" \
		  "steps:\n  - { id: one, after: 1m, send: a }\n"
#define RECALL "{\"playbook\":\"care\",\"by\":\"x\",\"reason\":\"y\"%s}"

static struct stage *
visited_at(const char *start, const char *playbook)
{
	struct stage *s = stage_new(start, CARE, playbook, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	return s;
}

static struct stage *
visited(const char *playbook)
{
	return visited_at(START, playbook);
}

/* Written down as on its way, and nothing on the wire yet. */
static struct stage *
connecting(const char *playbook)
{
	struct stage *s = visited(playbook);
	struct message m;

	do {
		stage_run(s, 1);
		stage_touch(s, "C1", 0, &m);
	} while (m.state == MSG_DUE);
	assert_int_equal(m.state, MSG_SENDING);
	assert_int_equal(s->calls, 0);
	return s;
}

static void
recall(struct stage *s, const char *step)
{
	char *body = g_strdup_printf(RECALL, step);

	assert_int_equal(hand(s, "recall", body), 200);
	g_free(body);
}

/* ---- while it connects ---- */

static void
a_hold_stops_what_is_connecting(void **state)
{
	struct stage *s = connecting(ONE);

	(void)state;
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"x\"}"), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 0);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

static void
a_pause_stops_what_is_connecting(void **state)
{
	struct stage *s = connecting(ONE);

	(void)state;
	stage_put(s, CARE,
	    "playbook: care\ncategory: marketing\nstatus: paused\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, after: 1m, send: a }\n");
	assert_int_equal(hand_reload(s), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 0);
	stage_free(s);
}

/* One step alone: its run goes on, but that text never leaves. */
static void
a_recall_ends_what_is_connecting(void **state)
{
	static const char *const steps[] = { "", ",\"step\":\"one\"" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct stage *s = connecting(ONE);

		recall(s, steps[i]);
		stage_run(s, MS_HOUR);
		assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
		stage_run(s, MS_DAY);
		assert_int_equal(s->calls, 0);
		stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_EXITED);
		stage_free(s);
	}
}

static void
an_erased_one_is_no_failure(void **state)
{
	struct stage *s = connecting(ONE);

	(void)state;
	engine_erase(s->engine, "C1", stage_answer, s);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->answer, 200);
	assert_int_equal(s->calls, 0);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM alarm"), 0);
	assert_int_equal(stage_number(s, "SELECT state FROM msg"), MSG_SUPPRESSED);
	assert_int_equal(stage_number(s, "SELECT reason FROM msg"), REASON_ERASED);
	stage_free(s);
}

/* Merged while it was on its way: the stop word comes from the number, not from A's. */
static void
a_stop_word_counts_at_its_number(void **state)
{
	static const char *const words[] = { "退订", "我要投诉" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		struct stage *s = connecting(ONE);
		struct err e = { 0 };

		engine_merge(s->engine, "C2", "C1", false, stage_answer, s);
		stage_run(s, 1);
		assert_int_equal(
		    stage_receipt(s, RECEIPT_REPLY, "k", -1, "+8619900000001", words[i]),
		    200);
		stage_run(s, MS_HOUR);
		assert_int_equal(s->calls, 0);
		/* A complaint blocks the person. */
		assert_int_equal(
		    optout_has(s->store,
			customer_hash(s->store, CHANNEL_SMS, "+8619900000001"),
			CHANNEL_SMS, &e),
		    i == 0);
		stage_free(s);
	}
}

/* ---- what lies at the service ---- */

/* A text that waits there (a telephone is off, a queue is long) must not come out at night. */
static void
its_validity_ends_before_the_quiet(void **state)
{
	static const struct {
		const char *name, *step, *expires;
		bool again;
	} rows[] = {
		{ "a quiet window comes", "after: 1m, send: a", "2026-03-10T22:00:00+08:00",
		    false },
		{ "it loses its use before", "after: 1m, send: a, expires: 1h",
		    "2026-03-10T20:01:00+08:00", false },
		{ "the same once more under its key", "after: 1m, send: a",
		    "2026-03-10T22:00:00+08:00", true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *playbook = g_strdup_printf(MARKETING
		    "start: { on: visit }\nsteps:\n  - { id: one, %s }\n",
		    rows[i].step);
		struct stage *s =
		    stage_new("2026-03-10T19:00:00+08:00", CARE, playbook, NULL);
		const struct letter *l;

		stage_customer(s, "C1", "high", "+8619900000001", "");
		s->say = rows[i].again ? SAY_SILENCE : SAY_TAKEN;
		assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
		stage_run(s, 3 * MS_MINUTE);
		assert_true(s->letters->len > rows[i].again);
		for (guint k = 0; k < s->letters->len; k++) {
			l = s->letters->pdata[k];
			if (l->expires / MS_MINUTE !=
			    stage_at(rows[i].expires) / MS_MINUTE)
				fail_msg("%s", rows[i].name);
		}
		stage_free(s);
		g_free(playbook);
	}
}

/* ---- while nobody knows ---- */

static void
a_key_is_not_used_while_it_stands(void **state)
{
	struct stage *s = visited(ONE);
	int calls;

	(void)state;
	s->say = SAY_CUT;
	stage_run(s, 70 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_UNKNOWN, REASON_NONE);
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"x\"}"), 200);
	stage_run(s, MS_SECOND);
	calls = s->calls;
	s->say = SAY_TAKEN;
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, calls);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, 20 * MS_MINUTE);
	assert_int_equal(s->calls, calls + 1);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* The same bytes tell the service of an evening that is over. */
static void
a_key_is_not_used_after_its_validity(void **state)
{
	struct stage *s = visited_at("2026-03-10T20:00:00+08:00", ONE);
	int calls;

	(void)state;
	s->say = SAY_CUT;
	stage_run(s, 70 * MS_SECOND);
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"x\"}"), 200);
	stage_run(s, MS_SECOND);
	calls = s->calls;
	s->say = SAY_TAKEN;
	stage_run(s, stage_at("2026-03-11T08:30:00+08:00") - sim_true(s->sim));
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, 20 * MS_MINUTE);
	assert_int_equal(s->calls, calls);
	stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
	stage_free(s);
}

static void
a_key_is_not_used_after_a_recall(void **state)
{
	struct stage *s = visited(ONE);
	int calls;

	(void)state;
	s->say = SAY_CUT;
	stage_run(s, 70 * MS_SECOND);
	recall(s, "");
	stage_run(s, MS_SECOND);
	calls = s->calls;
	s->say = SAY_TAKEN;
	stage_run(s, MS_HOUR);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, calls);
	stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
	stage_free(s);
}

/* ---- one who is two ---- */

static void
a_touch_given_back_is_given_back_to_both(void **state)
{
	struct stage *s = visited(ONE);

	(void)state;
	s->say = SAY_SILENCE;
	stage_run(s, 61 * MS_SECOND);
	engine_merge(s->engine, "C2", "C1", false, stage_answer, s);
	stage_run(s, 20);
	assert_int_equal(s->answer, 200);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM reservation"), 2);
	stage_free(s);

	s = connecting(ONE);
	engine_merge(s->engine, "C2", "C1", false, stage_answer, s);
	stage_run(s, 1);
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"x\"}"), 200);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->calls, 0);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM reservation"), 0);
	stage_free(s);
}

/* The daily look at profiles passes over the row that only leads elsewhere. */
static void
a_twin_enters_nothing_more(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    MARKETING
	    "start: { when: signals.days_since_visit >= 5 }\nre_entry: after 1d\n"
	    "steps:\n  - { id: one, at: day 1, send: a }\n",
	    NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_fall(s, false); /* a life that knows them */
	stage_rise(s);
	stage_run(s, MS_SECOND);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, MS_HOUR);
	engine_merge(s->engine, "C2", "C1", false, stage_answer, s);
	stage_run(s, 12 * MS_DAY);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM run r JOIN customer c ON c.id ="
			   " r.customer WHERE c.ext = 'C1'"),
	    0);
	assert_true(s->letters->len > 0);
	for (guint i = 0; i < s->letters->len; i++)
		assert_string_equal(
		    ((struct letter *)s->letters->pdata[i])->to, "+8619900000002");
	stage_free(s);
}

static void
a_complaint_outlives_the_separation(void **state)
{
	struct stage *s = visited(ONE);

	(void)state;
	engine_merge(s->engine, "C2", "C1", false, stage_answer, s);
	stage_run(s, MS_HOUR);
	stage_receipt(s, RECEIPT_REPLY, "k", -1, "+8619900000001", "我要投诉");
	stage_run(s, MS_MINUTE);
	engine_unmerge(s->engine, "C1", false, stage_answer, s);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->answer, 200);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM customer WHERE blocked_at > 0"), 2);
	stage_free(s);
}

/* ---- a text put back ---- */

static void
an_older_text_that_is_put_back_stays_held(void **state)
{
	struct stage *s = visited(ONE);

	(void)state;
	stage_put(s, CARE, ONE "# newer\ntitle: x\n");
	assert_int_equal(hand_reload(s), 200);
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"x\"}"), 200);
	stage_put(s, CARE, ONE);
	assert_int_equal(hand_reload(s), 200);
	assert_string_equal(hand_launch(s, "care"), "held");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 0);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

/* A word by hand let one go that the set in force does not have. */
static void
a_hold_lifted_where_the_file_is_gone(void **state)
{
	struct stage *s = visited(ONE);
	char *path = g_build_filename(s->dir, CARE, NULL);

	(void)state;
	stage_put(s, "config/playbooks/other.yaml",
	    "playbook: other\ncategory: service\nstatus: live\nstart: { on: other }\n"
	    "steps: [ { id: one, send: s } ]\n");
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"x\"}"), 200);
	assert_int_equal(g_unlink(path), 0);
	assert_int_equal(hand_reload(s), 200);
	hand(s, "go", "{\"playbook\":\"care\"}");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 0);
	stage_put(s, CARE, ONE);
	assert_int_equal(hand_reload(s), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 1);
	g_free(path);
	stage_free(s);
}

/* Nothing was left to ask by, and the settler failed on it every hour. */
static void
one_erased_under_way_is_presumed(void **state)
{
	struct stage *s;

	(void)state;
	s = stage_new(START, "config/reachd.yaml", STAGE_ACCOUNTS("query"), CARE, ONE, NULL);
	stage_customer(s, "C1", "high", "+8619900000001", "");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	s->say = SAY_SILENCE;
	stage_run(s, 61 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_SENDING, REASON_NONE);
	engine_erase(s->engine, "C1", stage_answer, s);
	stage_run(s, MS_DAY);
	assert_int_equal(stage_number(s, "SELECT state FROM msg"), MSG_PRESUMED);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hold_stops_what_is_connecting),
		cmocka_unit_test(a_pause_stops_what_is_connecting),
		cmocka_unit_test(a_recall_ends_what_is_connecting),
		cmocka_unit_test(an_erased_one_is_no_failure),
		cmocka_unit_test(its_validity_ends_before_the_quiet),
		cmocka_unit_test(a_stop_word_counts_at_its_number),
		cmocka_unit_test(a_key_is_not_used_while_it_stands),
		cmocka_unit_test(a_key_is_not_used_after_its_validity),
		cmocka_unit_test(a_key_is_not_used_after_a_recall),
		cmocka_unit_test(a_touch_given_back_is_given_back_to_both),
		cmocka_unit_test(a_twin_enters_nothing_more),
		cmocka_unit_test(a_complaint_outlives_the_separation),
		cmocka_unit_test(an_older_text_that_is_put_back_stays_held),
		cmocka_unit_test(a_hold_lifted_where_the_file_is_gone),
		cmocka_unit_test(one_erased_under_way_is_presumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
