/* held_test.c - what waits for the end of a pause or of a frozen account: by another
 * channel where one serves, else until it ends or the message has lost its use. */
#include "../../src/store/sql.h"
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define LIVE "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
#define PAUSED \
	"playbook: care\ncategory: marketing\nstatus: paused\nstart: { on: visit }\n"
#define ONE(send) "steps:\n  - { id: one, after: 1m, send: " send " }\n"

static void
set(struct stage *s, const char *path, const char *text)
{
	stage_put(s, path, text);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	/* the set of the next life too */
	catalog_unref(s->catalog);
	s->catalog = catalog_ref((struct catalog *)(uintptr_t)engine_catalog(s->engine));
}

static void
visit(struct stage *s, const char *ext, int i, const char *push)
{
	char phone[24];

	g_snprintf(phone, sizeof(phone), "+86199%08d", i);
	stage_customer(s, ext, "high", phone, push);
	assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
}

static const struct letter *
letter(const struct stage *s, guint i)
{
	assert_in_range(i, 0, s->letters->len - 1);
	return s->letters->pdata[i];
}

/* One message takes the sms account out of service: it says that its money is gone. */
static void
freeze_sms(struct stage *s)
{
	visit(s, "F0", 99, "");
	s->say = SAY_BALANCE;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "F0", 0, MSG_DUE, REASON_FROZEN);
	s->say = SAY_TAKEN;
	assert_int_equal(s->letters->len, 1);
}

static void
frozen_goes_by_the_next(void **state)
{
	struct stage *s = stage_new(START, CARE, LIVE ONE("[a, p]"), NULL);

	(void)state;
	freeze_sms(s);
	visit(s, "C1", 1, "device-1");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 2);
	assert_string_equal(letter(s, 1)->channel, "push");
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* Who has no other address waits; given another chance, it goes at once. */
static void
frozen_and_no_other_way(void **state)
{
	(void)state;
	for (int restart = 0; restart < 2; restart++) {
		struct stage *s = stage_new(START, CARE, LIVE ONE("[a, p]"), NULL);

		freeze_sms(s);
		visit(s, "C1", 1, "");
		stage_run(s, 65 * MS_SECOND);
		stage_expect(s, "C1", 0, MSG_DUE, REASON_FROZEN);
		stage_run(s, MS_HOUR);
		stage_expect(s, "C1", 0, MSG_DUE, REASON_FROZEN);
		assert_int_equal(s->letters->len, 1);
		if (restart) {
			stage_fall(s, false);
			stage_rise(s);
			stage_run(s, 2 * MS_SECOND);
		} else {
			set(s, CARE, LIVE ONE("[a, p]"));
		}
		stage_run(s, 2 * MS_SECOND);
		stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
		/* His and the one that met the freeze. */
		assert_int_equal(s->letters->len, 3);
		stage_free(s);
	}
}

/* Nothing at all can go: it is said so, and in a day it is of no use. */
static void
frozen_for_good(void **state)
{
	struct stage *s = stage_new(START, CARE, LIVE ONE("a"), NULL);

	(void)state;
	freeze_sms(s);
	visit(s, "C1", 1, "device-1");
	stage_run(s, 65 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_FROZEN);
	stage_run(s, 2 * MS_DAY);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_EXPIRED);
	stage_free(s);
}

/* A provider that asks for patience is waited for: nobody changes the channel. */
static void
a_short_back_off(void **state)
{
	struct stage *s = stage_new(START, CARE, LIVE ONE("[a, p]"), NULL);

	(void)state;
	visit(s, "C1", 1, "device-1");
	visit(s, "C2", 2, "device-2");
	s->say = SAY_LATER;
	stage_run(s, 3 * MS_MINUTE);
	s->say = SAY_TAKEN;
	visit(s, "C3", 3, "device-3");
	stage_run(s, 20 * MS_MINUTE);
	assert_true(s->letters->len > 3);
	for (guint i = 0; i < s->letters->len; i++)
		assert_string_equal(letter(s, i)->channel, "sms");
	stage_expect(s, "C3", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* Rows of messages and runs written since watch_writes(). */
static void
watch_writes(struct stage *s)
{
	struct err e = { 0 };

	assert_int_equal(sql_script(s->store,
			     "CREATE TEMP TABLE wrote(n);"
			     "CREATE TEMP TRIGGER m AFTER UPDATE ON msg BEGIN INSERT "
			     "INTO wrote VALUES(1); END;"
			     "CREATE TEMP TRIGGER r AFTER UPDATE ON run BEGIN INSERT "
			     "INTO wrote VALUES(1); END",
			     &e),
	    0);
}

static int
writes(struct stage *s)
{
	return stage_number(s, "SELECT count(*) FROM wrote");
}

/* The next channel's pace is kept, and nobody is asked about in vain while it is slow. */
static void
frozen_at_the_pace_of_the_next(void **state)
{
	struct stage *s = stage_new(START, CARE, LIVE ONE("[a, p]"), "config/reachd.yaml",
	    "entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "
	    "http://127.0.0.1:8080\n"
	    "providers:\n"
	    "  - { name: sms, type: sandbox, channels: [sms], url: "
	    "\"http://127.0.0.1:1\","
	    " internal: true, settle: none }\n"
	    "  - { name: push, type: sandbox, channels: [push], url: "
	    "\"http://127.0.0.1:1\","
	    " internal: true, settle: none, rate: 2/s }\n",
	    NULL);
	int held = 0;

	(void)state;
	freeze_sms(s);
	for (int i = 1; i <= 60; i++) {
		char ext[16], push[24];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(push, sizeof(push), "device-%d", i);
		visit(s, ext, i, i % 3 == 0 ? "" : push);
	}
	watch_writes(s);
	stage_run(s, MS_MINUTE + 10 * MS_SECOND);
	assert_in_range(s->letters->len - 1, 15, 24);
	stage_run(s, 20 * MS_SECOND);
	assert_int_equal(s->letters->len, 41);
	for (int i = 1; i <= 60; i++) {
		struct message m;
		char ext[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		stage_touch(s, ext, 0, &m);
		held += m.state == MSG_DUE && m.reason == REASON_FROZEN;
	}
	assert_int_equal(held, 20);
	assert_in_range(writes(s), 60, 60 * 6);
	stage_free(s);
}

/* ---- pauses ---- */

/* Held once, ended on time, and nothing is written for it in between; its run goes on
 * with the playbook and not before. */
static void
paused_past_its_use(void **state)
{
#define STEPS                                                                            \
	"steps:\n  - { id: one, after: 1h, send: a }\n"                                  \
	"  - { id: mark, do: { tag: { add: late } } }\n  - { id: two, at: day 5, send: " \
	"b }\n"
	struct stage *s = stage_new(START, CARE, LIVE STEPS, NULL);
	struct customer_row row;
	struct err e = { 0 };
	struct run r;

	(void)state;
	visit(s, "C1", 1, "");
	set(s, CARE, PAUSED STEPS);
	stage_run(s, 65 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_PAUSED);
	watch_writes(s);
	stage_run(s, 10 * MS_HOUR);
	assert_int_equal(writes(s), 0);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_PAUSED);
	stage_run(s, 15 * MS_HOUR);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_EXPIRED);
	assert_int_equal(customer_get(s->store, 1, &row, &e), 1);
	assert_string_equal(row.c.tags, "");
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.wake_at, MS_NEVER);
	assert_string_equal(r.step, "mark");
	assert_int_equal(r.state, RUN_RUNNING);
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, MS_HOUR);
	set(s, CARE, LIVE STEPS);
	stage_run(s, MS_MINUTE);
	assert_int_equal(customer_get(s->store, 1, &row, &e), 1);
	assert_string_equal(row.c.tags, "late");
	stage_run(s, 5 * MS_DAY);
	stage_expect(s, "C1", 1, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

/* What is still of use goes as soon as the playbook does, also over a crash. */
static void
paused_for_an_hour(void **state)
{
	(void)state;
	for (int crash = 0; crash < 2; crash++) {
		struct stage *s = stage_new(START, CARE, LIVE ONE("a"), NULL);

		visit(s, "C1", 1, "");
		set(s, CARE, PAUSED ONE("a"));
		stage_run(s, MS_HOUR);
		stage_expect(s, "C1", 0, MSG_DUE, REASON_PAUSED);
		if (crash) {
			stage_fall(s, true);
			stage_rise(s);
			stage_run(s, MS_MINUTE);
			stage_expect(s, "C1", 0, MSG_DUE, REASON_PAUSED);
		}
		set(s, CARE, LIVE ONE("a"));
		stage_run(s, 2 * MS_SECOND);
		stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
		assert_int_equal(s->calls, 1);
		stage_free(s);
	}
}

/* What comes during a pause ends the wait for it when the playbook goes on; a wait for
 * nothing goes on where it stood. */
static void
a_wait_over_a_pause(void **state)
{
#define WAITS                                                                            \
	"steps:\n  - { id: listen, wait: { for: [booking], up_to: 2h, then: yes, else: " \
	"no } }\n"                                                                       \
	"  - { id: yes, after: 1m, send: b }\n  - { id: end, stop: true }\n"             \
	"  - { id: no, after: 1m, send: a }\n"
	struct stage *s = stage_new(START, CARE, LIVE WAITS, NULL);

	(void)state;
	visit(s, "C1", 1, "");
	visit(s, "C2", 2, "");
	set(s, CARE, PAUSED WAITS);
	stage_run(s, MS_HOUR);
	stage_event(s, "b1", "C1", "booking");
	stage_run(s, MS_DAY);
	assert_int_equal(
	    stage_touch(s, "C1", 0, NULL) + stage_touch(s, "C2", 0, NULL), 0);
	set(s, CARE, LIVE WAITS);
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 2);
	assert_string_equal(letter(s, 0)->to, "+8619900000001");
	assert_non_null(strstr(letter(s, 0)->text, "two"));
	assert_non_null(strstr(letter(s, 1)->text, "one"));
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frozen_goes_by_the_next),
		cmocka_unit_test(frozen_and_no_other_way),
		cmocka_unit_test(frozen_for_good),
		cmocka_unit_test(a_short_back_off),
		cmocka_unit_test(frozen_at_the_pace_of_the_next),
		cmocka_unit_test(paused_past_its_use),
		cmocka_unit_test(paused_for_an_hour),
		cmocka_unit_test(a_wait_over_a_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
