/* inbound_test.c - receipts and replies: early, twice, late, of another attempt, of
 * nobody. */
#include "stage.h"
#include "store/event.h"
#include "store/optout.h"

#include "../../src/store/sql.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define VISIT "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
#define ONE VISIT "steps:\n  - { id: one, after: 1m, send: a }\n"
#define PHONE "+8619900000001"

static struct stage *
one_sent(void)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	stage_customer(s, "C1", "high", PHONE, "device-1");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	return s;
}

static int64_t
open_rows(struct stage *s)
{
	struct err e = { 0 };
	int64_t n;

	assert_int_equal(inbox_count_open(s->store, &n, &e), 0);
	return n;
}

/* ---- receipts ---- */

static const struct order_row {
	const char *name;
	enum receipt_kind told[4];
	int n;
	enum msg_state state;
} orders[] = {
	{ "delivered", { RECEIPT_DELIVERED }, 1, MSG_DELIVERED },
	{ "sent says nothing new", { RECEIPT_SENT }, 1, MSG_ACCEPTED },
	{ "delivered, then sent", { RECEIPT_DELIVERED, RECEIPT_SENT }, 2, MSG_DELIVERED },
	{ "failed after delivered", { RECEIPT_DELIVERED, RECEIPT_FAILED }, 2,
	    MSG_DELIVERED },
	{ "delivered after failed", { RECEIPT_FAILED, RECEIPT_DELIVERED }, 2,
	    MSG_DELIVERED },
	{ "failed", { RECEIPT_FAILED }, 1, MSG_UNDELIVERED },
	{ "failed twice", { RECEIPT_FAILED, RECEIPT_FAILED }, 2, MSG_UNDELIVERED },
};

static void
w5_w15_case_t11_any_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		struct stage *s = one_sent();

		print_message("%s\n", orders[i].name);
		for (int k = 0; k < orders[i].n; k++) {
			char key[8];

			g_snprintf(key, sizeof(key), "k%d", k);
			assert_int_equal(
			    stage_receipt(s, orders[i].told[k], key, 0, "", ""), 200);
			assert_int_equal(
			    stage_receipt(s, orders[i].told[k], key, 0, "", ""), 200);
		}
		stage_expect(s, "C1", 0, orders[i].state, REASON_NONE);
		assert_int_equal(open_rows(s), 0);
		/* A forged "failed" never sends again. */
		stage_run(s, 2 * MS_DAY);
		assert_int_equal(s->calls, 1);
		stage_free(s);
	}
}

/* Told before our own record, by the reference the gateway was given. */
static void
case_t11_before_our_own_record(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	(void)state;
	stage_customer(s, "C1", "high", PHONE, "");
	stage_event(s, "v1", "C1", "visit");
	s->say = SAY_SILENCE;
	stage_run(s, 61 * MS_SECOND);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "C1", 0, MSG_SENDING, REASON_NONE);
	assert_int_equal(stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", ""), 200);
	stage_expect(s, "C1", 0, MSG_SENDING, REASON_NONE);
	assert_int_equal(open_rows(s), 1);
	stage_run(s, 30 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	assert_int_equal(open_rows(s), 0);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

/* W6: kept open for seven days, then closed. */
static void
w6_of_nobody(void **state)
{
	struct stage *s = one_sent();
	struct receipt r = { .kind = RECEIPT_DELIVERED,
		.key = "k1",
		.ref = "",
		.provider_id = "zzz",
		.from = "",
		.text = "",
		.perr = "",
		.raw = "" };

	(void)state;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(open_rows(s), 1);
	stage_run(s, 8 * MS_DAY);
	assert_int_equal(open_rows(s), 0);
	stage_free(s);
}

/* A receipt of the first attempt says nothing about the second. */
static void
of_another_attempt(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: one, after: 1m, send: [a, p] }\n", NULL);

	(void)state;
	stage_customer(s, "C1", "high", PHONE, "device-1");
	stage_event(s, "v1", "C1", "visit");
	s->say = SAY_BAD_ADDRESS;
	while (s->letters->len == 0)
		stage_run(s, 5);
	s->say = SAY_TAKEN;
	stage_run(s, MS_MINUTE);
	assert_true(s->letters->len >= 2);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_string_equal(
	    ((struct letter *)s->letters->pdata[s->letters->len - 1])->channel, "push");
	assert_int_equal(stage_receipt(s, RECEIPT_FAILED, "k1", 0, "", ""), 200);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_DELIVERED, "k2", (int)s->letters->len - 1, "", ""),
	    200);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	stage_free(s);
}

/* A webhook's token is good once, also where its event was listed before; for a day. */
static void
w3_a_token_is_good_once(void **state)
{
	struct stage *s = one_sent();
	static const struct {
		const char *key, *once;
		enum receipt_kind kind;
		enum msg_state state;
	} rows[] = {
		{ "e1", NULL, RECEIPT_SENT, MSG_ACCEPTED },
		{ "e1", "t1", RECEIPT_SENT, MSG_ACCEPTED },
		{ "e2", "t1", RECEIPT_DELIVERED, MSG_ACCEPTED },
		{ "e2", "t2", RECEIPT_DELIVERED, MSG_DELIVERED },
	};
	const struct account *acc = &s->catalog->config->accounts[0];
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct receipt r = { .kind = rows[i].kind,
			.key = rows[i].key,
			.once = rows[i].once,
			.ref = ((struct letter *)s->letters->pdata[0])->ref,
			.provider_id = "",
			.from = "",
			.text = "",
			.perr = "",
			.raw = "" };

		engine_receipts(s->engine, acc, &r, 1, stage_answer, s);
		stage_run(s, MS_SECOND);
		assert_int_equal(s->answer, 200);
		stage_expect(s, "C1", 0, rows[i].state, REASON_NONE);
	}
	assert_int_equal(inbox_once(s->store, acc->name, "t1", 1, &e), 0);
	stage_run(s, 26 * MS_HOUR);
	assert_int_equal(inbox_once(s->store, acc->name, "t1", 1, &e), 1);
	stage_free(s);
}

/* By another account, and longer ago than what he had. */
static void
had_many_before(struct stage *s, int n)
{
	struct sql *q = sql_get(s->store,
	    "WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < "
	    "?1) "
	    "INSERT INTO msg(customer, run, version, playbook, step, occ, channel, "
	    "category,"
	    " priority, planned_at, due_at, expires_at, state, reason, account, address, "
	    "begun_at) SELECT customer, run, version, playbook, 'a' || k.n, 0, channel, "
	    "category, priority, planned_at, due_at, expires_at, state, reason, 'elder', "
	    "address, begun_at - k.n FROM msg, k");
	struct err e = { 0 };

	sql_int(q, 1, n);
	if (n > 0)
		assert_int_equal(sql_run(q, &e), 0);
	else
		sql_end(q);
}

/* Listed without saying to which account: it counts for the one that wrote to him last. */
static void
an_answer_counts_for_who_wrote_last(void **state)
{
	static const struct {
		const char *name, *from, *account;
		int rows, before;
	} rows[] = {
		{ "who had a message by it", PHONE, NULL, 1, 0 },
		{ "and hundreds by another before", PHONE, NULL, 1, 300 },
		{ "by another account", PHONE, "other", 0, 0 },
		{ "who had none", "+8619900000009", NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = one_sent();
		struct account acc = s->catalog->config->accounts[0];
		struct message m;
		char name[32];
		struct receipt r = { .kind = RECEIPT_REPLY,
			.key = "r1",
			.ref = "",
			.provider_id = "SM1",
			.from = rows[i].from,
			.channel = CHANNEL_SMS,
			.text = "TD",
			.perr = "",
			.answers = true,
			.raw = "" };

		print_message("%s\n", rows[i].name);
		stage_touch(s, "C1", 0, &m);
		g_strlcpy(name, m.account, sizeof(name));
		acc.name = rows[i].account != NULL ? rows[i].account : name;
		had_many_before(s, rows[i].before);
		for (int k = 0; k < 2; k++) {
			engine_receipts(s->engine, &acc, &r, 1, stage_answer, s);
			stage_run(s, MS_SECOND);
			assert_int_equal(s->answer, 200);
		}
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM inbox"), rows[i].rows);
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM optout"), rows[i].rows);
		stage_free(s);
	}
}

/* One that is broken is kept, and the others of its call count. */
static void
a_broken_element(void **state)
{
	struct stage *s = one_sent();
	struct receipt r[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		r[i] = (struct receipt){ .kind = RECEIPT_DELIVERED,
			.key = i == 0   ? "a"
			       : i == 1 ? "b"
					: "c",
			.ref = ((struct letter *)s->letters->pdata[0])->ref,
			.provider_id = "",
			.from = "",
			.text = "",
			.perr = "",
			.raw = "{",
			.broken = i < 2 };
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], r, 3, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	stage_free(s);
}

/* ---- replies ---- */

static int
opted_out(struct stage *s, const char *phone)
{
	struct err e = { 0 };

	return optout_has(
	    s->store, customer_hash(s->store, CHANNEL_SMS, phone), CHANNEL_SMS, &e);
}

/* Acceptance 7: three messages are queued, held overnight; a stop word, and none leaves.
 */
static void
case_t14_a_stop_word_in_the_night(void **state)
{
	static const char *const words[] = { "退订", "ＴＤ", "退订!!", "STOP PLEASE",
		"别发了" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		struct stage *s = stage_new(START, CARE,
		    "playbook: care\ncategory: marketing\nstatus: live\nagain: parallel\n"
		    "start: { on: visit }\nsteps:\n  - { id: one, after: 13h, send: a "
		    "}\n",
		    NULL);

		stage_customer(s, "C1", "high", PHONE, "");
		stage_event(s, "v1", "C1", "visit");
		stage_event(s, "v2", "C1", "visit");
		stage_event(s, "v3", "C1", "visit");
		stage_run(s, 15 * MS_HOUR);
		assert_int_equal(
		    stage_receipt(s, RECEIPT_REPLY, "k1", -1, PHONE, words[i]), 200);
		stage_run(s, 2 * MS_DAY);
		assert_int_equal(s->calls, 0);
		for (int k = 0; k < 3; k++)
			stage_expect(s, "C1", k, MSG_SUPPRESSED, REASON_SUPPRESSED);
		stage_free(s);
	}
}

/* W12: the spellings of no; what may be a talk asks a person, too. */
static void
w12_spellings(void **state)
{
	static const struct {
		const char *text;
		int tasks;
	} rows[] = { { "ＴＤ", 0 }, { "t d", 0 }, { "退订", 0 }, { "TD。", 0 },
		{ "退订!!", 0 }, { "别发了", 1 } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = one_sent();

		assert_int_equal(
		    stage_receipt(s, RECEIPT_REPLY, "k1", 0, PHONE, rows[i].text), 200);
		stage_run(s, MS_SECOND);
		if (opted_out(s, PHONE) != 1 ||
		    stage_number(s, "SELECT count(*) FROM task") != rows[i].tasks)
			fail_msg("W12 %s: %d tasks", rows[i].text,
			    (int)stage_number(s, "SELECT count(*) FROM task"));
		stage_free(s);
	}
}

/* From an address nobody has: kept all the same; who is imported with it stays opted out.
 */
static void
a_strangers_stop_word(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);

	(void)state;
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k1", -1, PHONE, "退订"), 200);
	assert_int_equal(opted_out(s, PHONE), 1);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k2", -1, "+8619900000002", "你好"), 200);
	assert_int_equal(opted_out(s, "+8619900000002"), 0);
	stage_customer(s, "C1", "high", PHONE, "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_SUPPRESSED);
	stage_free(s);
}

/* The provider knows its word for a refusal; we need not. */
static void
a_refusal_the_provider_knows(void **state)
{
	struct stage *s = one_sent();
	struct receipt r = { .kind = RECEIPT_REPLY,
		.key = "k",
		.ref = "",
		.provider_id = "",
		.from = PHONE,
		.channel = CHANNEL_SMS,
		.text = "arret",
		.perr = "",
		.raw = "",
		.opted_out = true,
		.at = stage_at(START) };

	(void)state;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 10);
	assert_int_equal(opted_out(s, PHONE), 1);
	stage_free(s);
}

static int
reply_at(struct stage *s, const char *key, const char *text, ms_t at)
{
	struct receipt r = { .kind = RECEIPT_REPLY,
		.key = key,
		.ref = "",
		.provider_id = "",
		.from = PHONE,
		.channel = CHANNEL_SMS,
		.text = text,
		.perr = "",
		.raw = "",
		.at = at };

	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 10);
	return s->answer;
}

/* By event time, in whatever order they come; at the same second the stop word wins. */
static void
w14_stop_and_start(void **state)
{
	struct stage *s = one_sent();
	ms_t t = stage_at(START);

	(void)state;
	reply_at(s, "a", "TD", t);
	reply_at(s, "b", "START", t);
	assert_int_equal(opted_out(s, PHONE), 1);
	reply_at(s, "c", "START", t + MS_SECOND);
	assert_int_equal(opted_out(s, PHONE), 0);
	reply_at(s, "d", "TD", t + 3 * MS_SECOND);
	reply_at(s, "e", "START", t + 2 * MS_SECOND);
	assert_int_equal(opted_out(s, PHONE), 1);
	stage_free(s);
}

/* A complaint, whoever tells of it, ends what is queued and what is about to leave. */
static void
complaints(void **state)
{
	(void)state;
	for (int by_event = 0; by_event < 2; by_event++) {
		struct stage *s = stage_new(START, CARE,
		    "playbook: care\ncategory: service\nstatus: live\nstart: { on: visit "
		    "}\n"
		    "steps:\n  - { id: one, after: 1h, send: s }\n",
		    NULL);

		stage_customer(s, "C1", "high", PHONE, "");
		stage_event(s, "v1", "C1", "visit");
		if (by_event)
			stage_event(s, "c1", "C1", "complaint");
		else
			stage_receipt(s, RECEIPT_REPLY, "k1", -1, PHONE, "再发就投诉");
		stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_COMPLAINT_BLOCK);
		stage_run(s, MS_DAY);
		assert_int_equal(s->calls, 0);
		stage_free(s);
	}
}

/* Told about before the customer was: taken up with the import, history starting nothing.
 */
static void
parked_events(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);
	static const char rows[] =
	    "id,phone,consent\nC8,+86 199 0000 0008,yes\nC9,+86 199 0000 0009,yes\n";
	static const char old[] =
	    "{\"id\":\"h1\",\"customer\":\"C9\",\"type\":\"visit\",\"at\":"
	    "\"2024-01-01T00:00:00+08:00\",\"historic\":true}";
	static const char visit[] =
	    "{\"id\":\"v1\",\"customer\":\"C8\",\"type\":\"visit\",\"at\":\"" START "\"}";
	char *file = g_build_filename(s->dir, "in.csv", NULL);

	(void)state;
	stage_put(s, "in.csv", rows);
	for (int i = 0; i < 2; i++) { /* told twice, under two keys */
		engine_event(
		    s->engine, i == 0 ? "a" : "b", visit, strlen(visit), stage_answer, s);
		stage_run(s, 10);
		assert_int_equal(s->answer, 202);
	}
	engine_event(s->engine, "other-key", old, strlen(old), stage_answer, s);
	stage_run(s, 10);
	assert_int_equal(s->answer, 202);
	engine_import(s->engine, "customers", file, NULL, NULL, stage_answer, s);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(stage_touch(s, "C8", 0, NULL), 1);
	assert_int_equal(stage_touch(s, "C9", 0, NULL), 0);
	engine_event(s->engine, "c", visit, strlen(visit), stage_answer, s);
	stage_run(s, 10);
	assert_int_equal(s->answer, 200);
	assert_int_equal(stage_touch(s, "C8", 0, NULL), 1);
	g_free(file);
	stage_free(s);
}

static void
idempotency_keys(void **state)
{
	struct stage *s = stage_new(START, CARE, ONE, NULL);
	static const char one[] =
	    "{\"id\":\"v1\",\"customer\":\"C1\",\"type\":\"visit\",\"at\":\"" START "\"}";
	static const char two[] =
	    "{\"id\":\"v2\",\"customer\":\"C1\",\"type\":\"visit\",\"at\":\"" START "\"}";

	(void)state;
	stage_customer(s, "C1", "high", PHONE, "");
	engine_event(s->engine, "k", one, strlen(one), stage_answer, s);
	engine_event(s->engine, "k", one, strlen(one), stage_answer, s);
	assert_int_equal(s->answer, 409);
	stage_run(s, 10);
	assert_int_equal(s->answer, 201);
	engine_event(s->engine, "k", one, strlen(one), stage_answer, s);
	stage_run(s, 10);
	assert_int_equal(s->answer, 200);
	engine_event(s->engine, "k", two, strlen(two), stage_answer, s);
	stage_run(s, 10);
	assert_int_equal(s->answer, 422);
	stage_run(s, 8 * MS_DAY);
	engine_event(s->engine, "k", two, strlen(two), stage_answer, s);
	stage_run(s, 10);
	assert_int_equal(
	    s->answer, 400); /* its instant is more than 7 days away by now */
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(w5_w15_case_t11_any_order),
		cmocka_unit_test(case_t11_before_our_own_record),
		cmocka_unit_test(w6_of_nobody),
		cmocka_unit_test(of_another_attempt),
		cmocka_unit_test(w3_a_token_is_good_once),
		cmocka_unit_test(an_answer_counts_for_who_wrote_last),
		cmocka_unit_test(a_broken_element),
		cmocka_unit_test(case_t14_a_stop_word_in_the_night),
		cmocka_unit_test(w12_spellings),
		cmocka_unit_test(a_strangers_stop_word),
		cmocka_unit_test(a_refusal_the_provider_knows),
		cmocka_unit_test(w14_stop_and_start),
		cmocka_unit_test(complaints),
		cmocka_unit_test(parked_events),
		cmocka_unit_test(idempotency_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
