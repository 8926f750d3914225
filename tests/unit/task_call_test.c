/* Phone tasks: a call is a touch (semantics: caps), offered and withdrawn (S17),
 * retried at better hours (3.6), late (S15), and what comes of it leads on (6.3).
 * proves: 3.6, 5.8, S15 */
#include "store/optout.h"
#include "task_stage.h"

#define MONDAY "2026-11-23T10:05:00+08:00"
#define STEP                                                                     \
	"steps:\n  - { id: call, call: ask, to: advisor, due: 48h, outcomes: { " \
	"reached: yes, refused: "                                                \
	"no, none: nobody } }\n" ENDS

static struct stage *
begin(const char *start, const char *policy, const char *steps)
{
	struct stage *s = stage_new(start, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ROLES, "config/policy.yaml", policy,
	    "templates/phone/ask.liquid", ASK, "config/playbooks/p.yaml", steps, NULL);

	task_customer(s, "C1", "+8619912345678", "李娜");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	return s;
}

static int
used(struct stage *s)
{
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	return stage_used(s, id, 202611);
}

static int64_t
task_id(struct stage *s)
{
	struct task_row t;

	assert_true(task_nth(s, "C1", 0, &t));
	return t.id;
}

static void
a_call_that_reaches_keeps_its_slot_and_leads_on(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));
	struct task_row t;

	(void)state;
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_true(task_nth(s, "C1", 0, &t));
	assert_string_equal(t.assignee, "李娜");
	assert_true(t.due_at - t.created_at > 47 * MS_HOUR);
	assert_int_equal(used(s), 1);
	assert_int_equal(task_report(s, t.id, "reached", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	task_expect(s, "C1", 0, TASK_DONE);
	assert_int_equal(used(s), 1);
	task_tags(s, "C1", "yes");
	/* told twice, told otherwise, told of what is not there */
	assert_int_equal(task_report(s, t.id, "reached", "", ""), 200);
	assert_int_equal(task_report(s, t.id, "refused", "", ""), 409);
	assert_int_equal(task_report(s, t.id, "sung", "", ""), 422);
	assert_int_equal(task_report(s, 7, "reached", "", ""), 404);
	stage_free(s);
}

static void
a_call_nobody_makes_lapses_and_gives_its_slot_back(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));

	(void)state;
	stage_run(s, 3 * MS_DAY);
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	task_expect(s, "C1", 0, TASK_LAPSED);
	assert_int_equal(used(s), 0);
	task_tags(s, "C1", "nobody");
	/* what the customer said later still counts, the run has gone on */
	assert_int_equal(task_report(s, task_id(s), "opt_out", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	stage_free(s);
}

static void
withdrawn_before_a_quiet_window_and_offered_after(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));

	(void)state;
	task_until(s, "2026-11-23T11:28:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	task_until(s, "2026-11-23T11:29:30+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_QUIET);
	assert_int_equal(used(s), 0);
	task_until(s, "2026-11-23T13:29:00+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	task_until(s, "2026-11-23T13:36:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	assert_int_equal(used(s), 1);
	stage_free(s);
}

static void
a_call_made_while_it_is_off_the_list_counts(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));

	(void)state;
	task_until(s, "2026-11-23T11:45:00+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	assert_int_equal(task_report(s, task_id(s), "reached", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	assert_int_equal(used(s), 1);
	task_tags(s, "C1", "yes");
	stage_free(s);
}

static void
calls_are_offered_when_they_succeed(void **state)
{
	struct stage *s = begin("2026-11-23T08:30:00+08:00", MEALS, CALL(STEP));

	(void)state;
	stage_expect(s, "C1", 0, MSG_DUE, REASON_RATE_LIMITED);
	assert_int_equal(used(s), 0);
	task_until(s, "2026-11-23T10:01:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	stage_free(s);
	/* on Saturday Monday would be too late */
	s = begin("2026-11-28T09:00:00+08:00", MEALS, CALL(STEP));
	task_expect(s, "C1", 0, TASK_OPEN);
	stage_free(s);
}

static void
nobody_answers_it_is_tried_again_at_a_better_hour(void **state)
{
	struct stage *s = begin(MONDAY, MEALS,
	    CALL("steps:\n  - { id: call, call: ask, tries: { times: 2, every: 2h }, "
		 "outcomes: { reached: yes, refused: no, none: nobody } }\n" ENDS));

	(void)state;
	assert_int_equal(task_report(s, task_id(s), "none", "", ""), 200);
	task_expect(s, "C1", 0, TASK_WAITING);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_NONE);
	assert_int_equal(used(s), 0);
	/* the same report again is no second call */
	assert_int_equal(task_report(s, task_id(s), "none", "", ""), 200);
	task_expect(s, "C1", 0, TASK_WAITING);
	task_until(s, "2026-11-23T14:30:00+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	task_until(s, "2026-11-23T15:01:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_int_equal(used(s), 1);
	assert_int_equal(task_report(s, task_id(s), "none", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_UNDELIVERED, REASON_NONE);
	task_tags(s, "C1", "nobody");
	assert_int_equal(used(s), 1);
	stage_free(s);
}

static void
what_is_late_goes_to_the_manager_then_lapses(void **state)
{
	struct stage *s = begin(MONDAY, MEALS,
	    CALL("steps:\n  - { id: call, call: ask, due: 4h, late: { to: manager, "
		 "after: 2h "
		 "}, outcomes: { reached: yes, refused: no, none: nobody } }\n" ENDS));
	struct task_row t;

	(void)state;
	task_until(s, "2026-11-23T15:00:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	task_until(s, "2026-11-23T16:10:00+08:00");
	task_expect(s, "C1", 0, TASK_ESCALATED);
	assert_true(task_nth(s, "C1", 0, &t));
	assert_string_equal(t.assignee, "王经理");
	/* four more working hours, of which two are left today */
	task_until(s, "2026-11-24T10:30:00+08:00");
	task_expect(s, "C1", 0, TASK_ESCALATED);
	task_until(s, "2026-11-24T11:20:00+08:00");
	task_expect(s, "C1", 0, TASK_LAPSED);
	stage_free(s);
}

static void
the_goal_takes_the_call_off_the_list(void **state)
{
	struct stage *s =
	    begin(MONDAY, MEALS, CALL("goal: { on: order, window: 30d }\n" STEP));

	(void)state;
	assert_int_equal(stage_event(s, "o1", "C1", "order"), 201);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_GOAL_MET);
	task_expect(s, "C1", 0, TASK_WITHDRAWN);
	assert_int_equal(used(s), 0);
	stage_free(s);
}

static void
said_on_the_phone_it_holds(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	(void)state;
	assert_int_equal(
	    task_report(s, task_id(s), "refused", "", "asks_prices,hesitates"), 200);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tags, "cool;no");
	assert_non_null(strstr(row.c.attrs, "\"lost_cause\":\"price\""));
	stage_free(s);

	s = begin(MONDAY, MEALS, CALL(STEP));
	assert_int_equal(task_report(s, task_id(s), "wrong_number", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_UNDELIVERED, REASON_NONE);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_true(row.invalid >> CHANNEL_PHONE & 1);
	assert_true(row.invalid >> CHANNEL_SMS & 1);
	task_tags(s, "C1", "nobody");
	stage_free(s);

	s = begin(MONDAY, MEALS, CALL(STEP));
	assert_int_equal(task_report(s, task_id(s), "opt_out", "", ""), 200);
	assert_int_equal(
	    optout_has(s->store, customer_hash(s->store, CHANNEL_SMS, "+8619912345678"),
		CHANNEL_SMS, &e),
	    1);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	stage_free(s);
}

static void
one_advisor_gets_no_more_than_fits_in_a_day(void **state)
{
	struct stage *s = begin(MONDAY, MEALS "tasks: { per_day: 1 }\n", CALL(STEP));

	(void)state;
	task_customer(s, "C2", "+8619912345679", "李娜");
	task_customer(s, "C3", "+8619912345670", "赵敏");
	assert_int_equal(stage_event(s, "v2", "C2", "visit"), 201);
	assert_int_equal(stage_event(s, "v3", "C3", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	task_expect(s, "C1", 0, TASK_OPEN);
	task_expect(s, "C3", 0, TASK_OPEN);
	/* entry is paced: who finds no room is not in yet */
	assert_int_equal(stage_touch(s, "C2", 0, NULL), 0);
	assert_int_equal(task_report(s, task_id(s), "reached", "", ""), 200);
	task_until(s, "2026-11-24T10:01:00+08:00");
	task_expect(s, "C2", 0, TASK_OPEN);
	stage_free(s);
}

static void
a_restart_changes_nothing(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));

	(void)state;
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	task_expect(s, "C1", 0, TASK_OPEN);
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	assert_int_equal(task_report(s, task_id(s), "reached", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	/* down over noon: off the list before anybody can see it */
	stage_free(s);
	s = begin(MONDAY, MEALS, CALL(STEP));
	stage_fall(s, true);
	stage_run(s, 2 * MS_HOUR);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	task_expect(s, "C1", 0, TASK_WAITING);
	stage_free(s);
}

static void
withdrawn_by_hand(void **state)
{
	struct stage *s = begin(MONDAY, MEALS, CALL(STEP));

	(void)state;
	engine_task_withdraw(s->engine, task_id(s), stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	task_expect(s, "C1", 0, TASK_WITHDRAWN);
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	assert_int_equal(used(s), 0);
	task_tags(s, "C1", "nobody");
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_reaches_keeps_its_slot_and_leads_on),
		cmocka_unit_test(a_call_nobody_makes_lapses_and_gives_its_slot_back),
		cmocka_unit_test(withdrawn_before_a_quiet_window_and_offered_after),
		cmocka_unit_test(a_call_made_while_it_is_off_the_list_counts),
		cmocka_unit_test(calls_are_offered_when_they_succeed),
		cmocka_unit_test(nobody_answers_it_is_tried_again_at_a_better_hour),
		cmocka_unit_test(what_is_late_goes_to_the_manager_then_lapses),
		cmocka_unit_test(the_goal_takes_the_call_off_the_list),
		cmocka_unit_test(said_on_the_phone_it_holds),
		cmocka_unit_test(one_advisor_gets_no_more_than_fits_in_a_day),
		cmocka_unit_test(a_restart_changes_nothing),
		cmocka_unit_test(withdrawn_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
