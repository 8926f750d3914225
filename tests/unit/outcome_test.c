/* outcome_test.c - what becomes of a message once it may have left: answers, silence,
 * crashes. */
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define ONE                                                                         \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a }\n"
#define PARK                                                                        \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a, on_unknown: park }\n"
#define CARE "config/playbooks/care.yaml"
#define CONFIG "config/reachd.yaml"

static int64_t
visit(struct stage *s)
{
	int64_t id = stage_customer(s, "C1", "high", "+8619900000001", "");

	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	return id;
}

/* ---- the table of outcomes ---- */

static const struct row {
	const char *name, *settle;
	enum say say;
	int status;
	enum msg_state state;
	int calls, used; /* after 30 s */
} rows[] = {
	{ "accepted with an id", "idempotency_key", SAY_TAKEN, 0, MSG_ACCEPTED, 1, 1 },
	{ "refused for good gives the slot back", "idempotency_key", SAY_REFUSED, 0,
	    MSG_REJECTED, 1, 0 },
	{ "later: waits, holds nothing", "idempotency_key", SAY_STATUS, 429, MSG_DUE, -1,
	    0 },
	{ "cut, key: asked again", "idempotency_key", SAY_CUT, 0, MSG_UNKNOWN, -1, 1 },
	{ "garbage, key: asked again", "idempotency_key", SAY_GARBAGE, 0, MSG_UNKNOWN, -1,
	    1 },
	{ "500, key: asked again", "idempotency_key", SAY_STATUS, 500, MSG_UNKNOWN, -1,
	    1 },
	{ "cut, nothing to ask: presumed", "none", SAY_CUT, 0, MSG_PRESUMED, 1, 1 },
	{ "500, nothing to ask: presumed", "none", SAY_STATUS, 500, MSG_PRESUMED, 1, 1 },
	{ "silence, nothing to ask: presumed", "none", SAY_SILENCE, 0, MSG_PRESUMED, 1,
	    1 },
	{ "garbage, receipts only: presumed", "receipt", SAY_GARBAGE, 0, MSG_PRESUMED, 1,
	    1 },
	{ "3xx: never followed; the account stops, the message waits", "none", SAY_STATUS, 302,
	    MSG_DUE, 1, 0 },
};

static char *
accounts(const char *settle)
{
	return g_strdup_printf(
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\nproviders:\n"
	    "  - { name: sms, type: sandbox, channels: [sms, push, wecom], url: "
	    "\"http://127.0.0.1:1\", internal: true, settle: %s }\n",
	    settle);
}

static void
outcomes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *config = accounts(rows[i].settle);
		struct stage *s = stage_new(START, CARE, ONE, CONFIG, config, NULL);
		int64_t id = visit(s);
		struct message m;

		print_message("%s\n", rows[i].name);
		s->say = rows[i].say;
		s->status = rows[i].status;
		stage_run(s, 90 * MS_SECOND);
		stage_touch(s, "C1", 0, &m);
		assert_string_equal(fsm_name(&message_fsm, m.state),
		    fsm_name(&message_fsm, (int)rows[i].state));
		if (rows[i].calls > 0)
			assert_int_equal(s->calls, rows[i].calls);
		else
			assert_true(s->calls > 1);
		assert_int_equal(stage_used(s, id, MONTH), rows[i].used);
		stage_free(s);
		g_free(config);
	}
}

/* ---- settling ---- */

static void
same_key_again_until_it_is_told(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	(void)state;
	visit(s);
	s->say = SAY_CUT;
	stage_run(s, 70 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_UNKNOWN, REASON_NONE);
	s->say = SAY_TAKEN;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_true(s->letters->len >= 2);
	for (guint i = 1; i < s->letters->len; i++) {
		const struct letter *a = s->letters->pdata[0], *b = s->letters->pdata[i];

		assert_string_equal(a->ref, b->ref);
		assert_string_equal(a->text, b->text);
	}
	stage_free(s);
}

/* The daemon was down longer than the key lives: it is not used, not even once. */
static void
a_key_that_may_be_forgotten_is_not_used(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	(void)state;
	visit(s);
	s->say = SAY_SILENCE;
	stage_run(s, 61 * MS_SECOND);
	assert_int_equal(s->calls, 1);
	stage_fall(s, true);
	stage_run(s, 30 * MS_HOUR);
	s->say = SAY_TAKEN;
	stage_rise(s);
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

static void
reload(struct stage *s, const char *path, const char *text)
{
	stage_put(s, path, text);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
}

static void
an_account_that_can_no_longer_tell_is_not_asked(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);
	char *none = accounts("none");
	int calls;

	(void)state;
	visit(s);
	s->say = SAY_CUT;
	stage_run(s, 70 * MS_SECOND);
	calls = s->calls;
	reload(s, CONFIG, none);
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
	assert_int_equal(s->calls, calls);
	g_free(none);
	stage_free(s);
}

static void
an_account_that_is_gone(void **state)
{
	static const char other[] =
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\nproviders:\n"
	    "  - { name: new, type: sandbox, channels: [sms, push, wecom], url: "
	    "\"http://127.0.0.1:1\", internal: true, settle: none }\n";
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	(void)state;
	visit(s);
	s->say = SAY_SILENCE;
	stage_run(s, 61 * MS_SECOND); /* on the wire */
	stage_expect(s, "C1", 0, MSG_SENDING, REASON_NONE);
	reload(s, CONFIG, other);
	stage_run(s, MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

static void
found_by_query(void **state)
{
	char *config = accounts("query, window: 1m, lag: 10s");
	struct stage *s = stage_new(START, CARE, ONE, CONFIG, config, NULL);

	(void)state;
	visit(s);
	s->say = SAY_CUT;
	s->found = true;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->calls, 1);
	assert_int_equal(s->queries, 1);
	g_free(config);
	stage_free(s);
}

/* Absent counts after the window and the lag, and twice, a minute apart. */
static void
absent_by_query(void **state)
{
	char *config = accounts("query, window: 5m, lag: 10s");
	struct stage *s = stage_new(START, CARE, ONE, CONFIG, config, NULL);
	struct message m;
	int64_t id;

	(void)state;
	id = visit(s);
	s->say = SAY_CUT;
	stage_run(s, 6 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_UNKNOWN, REASON_NONE);
	assert_int_equal(s->calls, 1);
	s->say = SAY_TAKEN;
	do { /* the first time it counts */
		stage_run(s, MS_SECOND);
		stage_touch(s, "C1", 0, &m);
	} while (m.state == MSG_UNKNOWN && strcmp(m.perr, "absent") != 0);
	stage_expect(s, "C1", 0, MSG_UNKNOWN, REASON_NONE);
	stage_run(s, 30 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->calls, 2);
	assert_string_not_equal(((struct letter *)s->letters->pdata[0])->ref,
	    ((struct letter *)s->letters->pdata[1])->ref);
	assert_true(((struct letter *)s->letters->pdata[1])->at -
			((struct letter *)s->letters->pdata[0])->at >
		    5 * MS_MINUTE + 30 * MS_SECOND + MS_MINUTE);
	assert_int_equal(stage_used(s, id, MONTH), 1);
	g_free(config);
	stage_free(s);
}

static void
parked_for_a_person(void **state)
{
	char *config = accounts("none");
	struct stage *s = stage_new(START, CARE, PARK, CONFIG, config, NULL);

	(void)state;
	visit(s);
	s->say = SAY_CUT;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_PARKED, REASON_NONE);
	stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", "");
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	g_free(config);
	stage_free(s);
}

/* Of a lost batch each is settled alone: who has opted out since is asked about no more,
 * and nobody else's message travels again in his stead. */
static void
a_lost_batch(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);
	guint first;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	s->say = SAY_CUT;
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, 61 * MS_SECOND);
	first = s->letters->len;
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", -1, "+8619900000002", "TD"), 200);
	stage_run(s, 3 * MS_MINUTE); /* the stop set has forgotten */
	for (guint i = first; i < s->letters->len; i++)
		assert_string_equal(
		    ((struct letter *)s->letters->pdata[i])->to, "+8619900000001");
	assert_true(s->letters->len > first);
	stage_expect(s, "C2", 0, MSG_PRESUMED, REASON_NONE);
	stage_free(s);
}

/* ---- crashes ---- */

/* c4, c5: after T2, nothing on the wire. */
static void
case_t1_killed_before_the_wire(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);
	struct message m;
	int64_t id;

	(void)state;
	id = visit(s);
	for (int i = 0; i < 100000; i++) {
		stage_run(s, 1);
		stage_touch(s, "C1", 0, &m);
		if (m.state == MSG_SENDING)
			break;
	}
	assert_int_equal(m.state, MSG_SENDING);
	assert_int_equal(s->calls, 0);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_touch(s, "C1", 0, &m);
	assert_int_equal(m.n, 2);
	assert_int_equal(s->calls, 1);
	assert_int_equal(stage_used(s, id, MONTH), 1);
	stage_free(s);
}

/* c7: taken, no reply; killed or without power. Nobody to ask: never again. */
static void
case_t1_killed_on_the_wire(void **state)
{
	char *config = accounts("none");

	(void)state;
	for (int power = 0; power < 2; power++) {
		struct stage *s = stage_new(START, CARE, ONE, CONFIG, config, NULL);

		visit(s);
		s->say = SAY_SILENCE;
		stage_run(s, 65 * MS_SECOND);
		assert_int_equal(s->calls, 1);
		stage_expect(s, "C1", 0, MSG_SENDING, REASON_NONE);
		stage_fall(s, power != 0);
		s->say = SAY_TAKEN;
		stage_rise(s);
		stage_run(s, MS_HOUR);
		stage_expect(s, "C1", 0, MSG_PRESUMED, REASON_NONE);
		assert_int_equal(s->calls, 1);
		stage_free(s);
	}
	g_free(config);
}

/* A flight log of another life says nothing about this database (an older copy). */
static void
an_older_copy_of_the_database(void **state)
{
	char *config = accounts("none"), *db, *copy, *cmd;
	struct stage *s = stage_new(START, CARE, ONE, CONFIG, config, NULL);

	(void)state;
	visit(s);
	s->say = SAY_SILENCE;
	stage_run(s, 65 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_SENDING, REASON_NONE);
	stage_fall(s, false);
	db = g_build_filename(s->dir, "reachd.db", NULL);
	copy = g_build_filename(s->dir, "copy.db", NULL);
	cmd = g_strdup_printf("cp '%s' '%s'", db, copy);
	assert_int_equal(system(cmd), 0);
	stage_rise(s); /* a whole life that settles it and empties the log */
	stage_run(s, MS_MINUTE);
	stage_fall(s, false);
	g_free(cmd);
	cmd = g_strdup_printf("rm -f '%s'-wal '%s'-shm; cp '%s' '%s'", db, db, copy, db);
	assert_int_equal(system(cmd), 0);
	s->say = SAY_TAKEN;
	stage_rise(s);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->calls, 1);
	g_free(cmd);
	g_free(db);
	g_free(copy);
	g_free(config);
	stage_free(s);
}

/* ---- the guard ---- */

/* c14: the opt-out comes between the intent and the wire. */
static void
stopped_at_the_last_instant(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);
	struct message m;
	int64_t id;

	(void)state;
	id = visit(s);
	do {
		stage_run(s, 1);
		stage_touch(s, "C1", 0, &m);
	} while (m.state == MSG_DUE);
	assert_int_equal(s->calls, 0);
	stage_receipt(s, RECEIPT_REPLY, "k1", -1, "+8619900000001", "退订");
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->calls, 0);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_SUPPRESSED);
	assert_int_equal(stage_used(s, id, MONTH), 0);
	stage_free(s);
}

/* Somebody who has just opted out of marketing is still told that his car is ready, at
 * once and with one call. */
static void
service_goes_on_after_an_opt_out(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: service\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, after: 1m, send: s }\n",
	    NULL);

	(void)state;
	visit(s);
	stage_run(s, 55 * MS_SECOND);
	stage_receipt(s, RECEIPT_REPLY, "k1", -1, "+8619900000001", "退订");
	stage_run(s, 10 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes),
		cmocka_unit_test(same_key_again_until_it_is_told),
		cmocka_unit_test(a_key_that_may_be_forgotten_is_not_used),
		cmocka_unit_test(an_account_that_can_no_longer_tell_is_not_asked),
		cmocka_unit_test(an_account_that_is_gone),
		cmocka_unit_test(found_by_query),
		cmocka_unit_test(absent_by_query),
		cmocka_unit_test(parked_for_a_person),
		cmocka_unit_test(a_lost_batch),
		cmocka_unit_test(case_t1_killed_before_the_wire),
		cmocka_unit_test(case_t1_killed_on_the_wire),
		cmocka_unit_test(an_older_copy_of_the_database),
		cmocka_unit_test(stopped_at_the_last_instant),
		cmocka_unit_test(service_goes_on_after_an_opt_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
