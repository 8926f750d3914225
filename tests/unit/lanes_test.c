/* lanes_test.c - the pace of sending: shares, rates, full disks, and the way to stop. */
#include "../../src/store/sql.h"
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define OTHER "config/playbooks/other.yaml"
#define PLAYBOOK(name, event, send)                                                  \
	"playbook: " name "\ncategory: marketing\nstatus: live\nstart: { on: " event \
	" }\n"                                                                       \
	"steps:\n  - { id: one, after: 1m, send: " send " }\n"
#define RATED(rate)                                                                        \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: sms, type: sandbox, channels: [sms, push, wecom], "       \
	"url: "                                                                            \
	"\"http://127.0.0.1:1\", internal: true, rate: " rate                              \
	"/s, settle: idempotency_key }\n"

static void
people(struct stage *s, int n, const char *event)
{
	for (int i = 0; i < n; i++) {
		char ext[16], phone[24], id[40];

		g_snprintf(ext, sizeof(ext), "%.1s%d", event, i);
		g_snprintf(
		    phone, sizeof(phone), "+86199%.1s%07d", *event == 'v' ? "0" : "1", i);
		g_snprintf(id, sizeof(id), "%s-%d", event, i);
		stage_customer(s, ext, "high", phone, "");
		assert_int_equal(stage_event(s, id, ext, event), 201);
	}
}

static int
sent_with(const struct stage *s, const char *word, guint from)
{
	int n = 0;

	for (guint i = from; i < s->letters->len; i++)
		n += strstr(((struct letter *)s->letters->pdata[i])->text, word) != NULL;
	return n;
}

/* Two campaigns at one account: each gets about half, though one has far more to say. */
static void
case_t15_fair_shares(void **state)
{
	struct stage *s = stage_new(START, CARE, PLAYBOOK("care", "visit", "a"), OTHER,
	    PLAYBOOK("other", "booking", "b"), "config/reachd.yaml", RATED("1"),
	    "config/playbooks/x1.yaml", PLAYBOOK("x1", "never1", "a"),
	    "config/playbooks/x2.yaml", PLAYBOOK("x2", "never2", "a"),
	    "config/playbooks/x3.yaml", PLAYBOOK("x3", "never3", "a"), NULL);
	int a, b;

	(void)state;
	people(s, 40, "visit");
	people(s, 20, "booking");
	stage_run(s, 20 * MS_SECOND + MS_MINUTE);
	a = sent_with(s, "one", 0);
	b = sent_with(s, "two", 0);
	assert_true(a + b >= 15);
	assert_true(b >= (a + b) / 3);
	stage_free(s);
}

/* Never more than the rate allows, and a restart gives no second bucket. */
static void
case_t18_a_restart_in_the_middle_of_a_second(void **state)
{
	struct stage *s = stage_new(START, CARE, PLAYBOOK("care", "visit", "a"),
	    "config/reachd.yaml", RATED("5"), NULL);
	ms_t from;

	(void)state;
	people(s, 60, "visit");
	stage_run(s, MS_MINUTE - 60 * 5 + MS_SECOND);
	for (int i = 0; i < 4; i++) {
		stage_fall(s, false);
		stage_rise(s);
		stage_run(s, 700);
	}
	stage_run(s, 5 * MS_SECOND);
	for (guint i = 0; i < s->letters->len; i++) {
		int n = 0;

		from = ((struct letter *)s->letters->pdata[i])->at;
		for (guint k = i; k < s->letters->len; k++)
			n += ((struct letter *)s->letters->pdata[k])->at <
			     from + MS_SECOND;
		assert_in_range(n, 1, 10); /* a second's worth saved, and a second's */
	}
	assert_true(s->letters->len > 10);
	stage_free(s);
}

/* No room on the disk when messages are due: nothing leaves, and when there is room
 * again everything does, once. */
static void
a_full_disk(void **state)
{
	struct stage *s = stage_new(START, CARE, PLAYBOOK("care", "visit", "a"), NULL);
	struct err e = { 0 };

	(void)state;
	people(s, 30, "visit");
	assert_int_equal(sql_script(s->store, "PRAGMA max_page_count=1", &e), 0);
	stage_run(s, 3 * MS_MINUTE);
	assert_true(s->letters->len < 30);
	assert_int_equal(sql_script(s->store, "PRAGMA max_page_count=1000000", &e), 0);
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(s->letters->len, 30);
	for (int i = 0; i < 30; i++) {
		char ext[16];

		g_snprintf(ext, sizeof(ext), "v%d", i);
		stage_expect(s, ext, 0, MSG_ACCEPTED, REASON_NONE);
	}
	stage_free(s);
}

/* Of one call, an answer that cannot be written down takes no other with it, and is found
 * again by the next life. */
static void
an_answer_that_cannot_be_written(void **state)
{
	struct stage *s = stage_new(START, CARE, PLAYBOOK("care", "visit", "a"), NULL);
	struct message m;
	struct err e = { 0 };
	char *trap;

	(void)state;
	people(s, 2, "visit");
	while (s->letters->len == 0)
		stage_run(s, 1);
	stage_touch(s, "v0", 0, &m);
	trap =
	    g_strdup_printf("CREATE TEMP TRIGGER trap BEFORE UPDATE ON msg WHEN old.id = "
			    "%" G_GINT64_FORMAT " BEGIN SELECT RAISE(ABORT, 'trap'); END",
		m.id);
	assert_int_equal(sql_script(s->store, trap, &e), 0);
	stage_run(s, 2 * MS_SECOND);
	stage_expect(s, "v0", 0, MSG_SENDING, REASON_NONE);
	stage_expect(s, "v1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_MINUTE);
	stage_expect(s, "v0", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->letters->len, 2);
	g_free(trap);
	stage_free(s);
}

static void
noted(void *arg)
{
	*(bool *)arg = true;
}

/* Stopping comes to an end whatever is under way: nothing, a T2 without effect, a call.
 */
static void
stopping(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct stage *s =
		    stage_new(START, CARE, PLAYBOOK("care", "visit", "a"), NULL);
		bool over = false;

		people(s, 1, "visit");
		if (i == 1) /* the T2 that asks about it will find that it must not go */
			assert_int_equal(
			    stage_receipt(s, RECEIPT_COMPLAINT, "k", -1, "", ""), 200);
		if (i > 0)
			stage_run(s, MS_MINUTE - 15);
		if (i == 2)
			while (s->letters->len == 0)
				stage_run(s, 1);
		engine_stop(s->engine, noted, &over);
		stage_run(s, MS_MINUTE);
		assert_true(over);
		stage_free(s);
	}
}

/* In a list each enters once, in portions, also when the list changes half-way. */
static void
lists(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { list: \"tag:x\" "
	    "}\n"
	    "steps:\n  - { id: one, after: 1m, send: a }\n",
	    NULL);
	struct customer c = { .ext = "T1",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { "+8619900000001", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "x",
		.attrs = "{}" };
	struct err e = { 0 };
	bool created;
	int64_t id;

	(void)state;
	store_begin(s->store, &e);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	store_commit(s->store, &e);
	stage_put(s, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { list: \"tag:x\" "
	    "}\n"
	    "steps:\n  - { id: one, after: 2m, send: a }\n");
	for (int i = 0; i < 3; i++) {
		engine_reload(s->engine, stage_answer, s);
		stage_run(s, MS_HOUR);
		assert_int_equal(s->answer, 200);
		assert_int_equal(s->letters->len, 1);
		stage_put(s, CARE,
		    i == 0 ? "playbook: care\ncategory: marketing\nstatus: live\nstart: "
			     "{ list: \"tag:x\" }\n"
			     "steps:\n  - { id: one, after: 3m, send: a }\n"
			   : "playbook: care\ncategory: marketing\nstatus: live\nstart: "
			     "{ list: \"tag:x\" }\n"
			     "steps:\n  - { id: one, after: 4m, send: a }\n");
	}
	stage_free(s);
}

/* A gateway out of service for half an hour: what is not known is asked at its pace. */
static void
settling_keeps_the_pace(void **state)
{
	struct stage *s = stage_new(START, CARE, PLAYBOOK("care", "visit", "a"),
	    "config/reachd.yaml", RATED("5"), NULL);

	(void)state;
	people(s, 40, "visit");
	s->say = SAY_CUT;
	stage_run(s, 3 * MS_MINUTE);
	for (guint i = 0; i < s->letters->len; i++) {
		ms_t from = ((struct letter *)s->letters->pdata[i])->at;
		int n = 0;

		for (guint k = i; k < s->letters->len; k++)
			n += ((struct letter *)s->letters->pdata[k])->at <
			     from + MS_SECOND;
		assert_in_range(n, 1, 12);
	}
	s->say = SAY_TAKEN;
	stage_run(s, 2 * MS_HOUR);
	for (int i = 0; i < 40; i++) {
		char ext[16];

		g_snprintf(ext, sizeof(ext), "v%d", i);
		stage_expect(s, ext, 0, MSG_ACCEPTED, REASON_NONE);
	}
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_t15_fair_shares),
		cmocka_unit_test(case_t18_a_restart_in_the_middle_of_a_second),
		cmocka_unit_test(a_full_disk),
		cmocka_unit_test(an_answer_that_cannot_be_written),
		cmocka_unit_test(stopping),
		cmocka_unit_test(lists),
		cmocka_unit_test(settling_keeps_the_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
