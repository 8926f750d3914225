/* complaint_test.c - how a complaint ends: by its task, by hand, by an event; and what
 * does not end it. proves: S16 */
#include "../../src/store/sql.h"
#include "task_stage.h"

#define MONDAY "2026-11-23T10:05:00+08:00"
#define ABOVE "roles: { manager: 王经理, general-manager: 赵总 }\n"
#define PHONE "+8619912345678"

/* A service notice a day: what is blocked shows. */
static const char daily[] =
    "playbook: p\ncategory: service\nstatus: live\nstart: { on: visit }\n"
    "re_entry: after 1h\nsteps:\n  - { id: a, send: s }\n";

static json_t *said;

static void
keep(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	json_decref(said);
	said = json_loads(json, 0, NULL);
}

static int
hand(struct stage *s, const char *body)
{
	s->answer = 0;
	engine_hand(s->engine, "undo-block", body, strlen(body), keep, s);
	stage_run(s, 5);
	return s->answer;
}

static int
blocked(struct stage *s)
{
	return stage_number(s, "SELECT count(*) FROM customer WHERE blocked_at > 0");
}

/* How many letters a visit of now brings him. */
static guint
served(struct stage *s, const char *id)
{
	guint before = s->letters->len;

	assert_int_equal(stage_event(s, id, "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	return s->letters->len - before;
}

static struct stage *
complained(struct task_row *t)
{
	struct stage *s = stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ABOVE, "config/policy.yaml", MEALS,
	    "config/playbooks/p.yaml", daily, NULL);

	task_customer(s, "C1", PHONE, "李娜");
	assert_int_equal(served(s, "v1"), 1);
	assert_int_equal(stage_event(s, "x1", "C1", "complaint"), 201);
	assert_int_equal(stage_event(s, "x2", "C1", "complaint"), 201);
	task_only(s, "C1", t);
	assert_int_equal(blocked(s), 1);
	stage_run(s, MS_HOUR);
	assert_int_equal(served(s, "v2"), 0);
	return s;
}

static void
nothing_is_open(struct stage *s)
{
	assert_int_equal(blocked(s), 0);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM task WHERE state < 3"), 0);
	stage_run(s, 23 * MS_HOUR);
	assert_int_equal(served(s, "after"), 1);
}

static void
settled_by_its_task_it_is_over(void **state)
{
	struct task_row t;
	struct stage *s = complained(&t);

	(void)state;
	assert_int_equal(task_report(s, t.id, "settled", "", ""), 200);
	assert_int_equal(task_report(s, t.id, "settled", "", ""), 200);
	/* both that were told, by one event that says by whom */
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM event WHERE type = 'complaint_closed'"
		      " AND data LIKE '%王经理%'"),
	    1);
	/* that he complained is not forgotten: launches are stopped by it */
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM customer WHERE complained_at > 0"), 1);
	nothing_is_open(s);
	/* the next one is another */
	assert_int_equal(stage_event(s, "x3", "C1", "complaint"), 201);
	assert_int_equal(blocked(s), 1);
	task_only(s, "C1", &t);
	stage_free(s);
}

static void
what_does_not_settle_it_keeps_it_open(void **state)
{
	static const struct {
		const char *outcome;
		int status;
		const char *assignee;
		enum task_state now;
		ms_t due; /* from then */
	} rows[] = {
		{ "open", 200, "王经理", TASK_OPEN, 24 * MS_HOUR },
		{ "escalate", 200, "赵总", TASK_ESCALATED, 2 * MS_HOUR },
		{ "complaint", 200, "王经理", TASK_OPEN, 24 * MS_HOUR },
		{ "opt_out", 200, "王经理", TASK_OPEN, 24 * MS_HOUR },
		{ "none", 200, "王经理", TASK_OPEN, MS_HOUR },
		/* what says nothing of it is not taken for its end */
		{ "", 422, "王经理", TASK_OPEN, MS_HOUR },
		{ "done", 422, "王经理", TASK_OPEN, MS_HOUR },
		{ "reached", 422, "王经理", TASK_OPEN, MS_HOUR },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct task_row t;
		struct stage *s = complained(&t);
		ms_t off;

		print_message("\"%s\"\n", rows[i].outcome);
		assert_int_equal(
		    task_report(s, t.id, rows[i].outcome, "", ""), rows[i].status);
		task_only(s, "C1", &t);
		assert_int_equal(t.state, rows[i].now);
		assert_string_equal(t.assignee, rows[i].assignee);
		off = t.due_at - sim_true(s->sim) - rows[i].due;
		assert_in_range(off + MS_MINUTE, 0, 2 * MS_MINUTE);
		assert_int_equal(blocked(s), 1);
		/* nobody did anything: it is told, and stays */
		stage_run(s, 2 * MS_DAY);
		assert_true(
		    stage_number(s, "SELECT count(*) FROM alarm WHERE kind = 'task_late'") > 0);
		task_only(s, "C1", &t);
		assert_int_equal(task_report(s, t.id, "settled", "", ""), 200);
		nothing_is_open(s);
		stage_free(s);
	}
}

static void
it_is_not_withdrawn(void **state)
{
	struct task_row t;
	struct stage *s = complained(&t);

	(void)state;
	engine_task_withdraw(s->engine, t.id, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 409);
	task_only(s, "C1", &t);
	stage_free(s);
}

/* Other systems tell complaints one by one, and their ends. */
static void
the_last_event_that_closes_one_ends_the_block(void **state)
{
	struct task_row t;
	struct stage *s = complained(&t);

	(void)state;
	assert_int_equal(stage_event(s, "c1", "C1", "complaint_closed"), 201);
	assert_int_equal(blocked(s), 1);
	task_only(s, "C1", &t);
	assert_int_equal(stage_event(s, "c2", "C1", "complaint_closed"), 201);
	nothing_is_open(s);
	/* told late by whoever had the task: not of the one that has come since */
	assert_int_equal(stage_event(s, "x3", "C1", "complaint"), 201);
	assert_int_equal(task_report(s, t.id, "settled", "", ""), 200);
	assert_int_equal(blocked(s), 1);
	stage_free(s);
}

static void
a_person_lifts_the_block_with_a_reason(void **state)
{
	struct task_row t;
	struct stage *s = complained(&t);

	(void)state;
	assert_int_equal(hand(s, "{\"customer\":\"C1\",\"by\":\"王经理\"}"), 422);
	assert_int_equal(hand(s, "{\"customer\":\"C9\",\"by\":\"王经理\","
				 "\"reason\":\"谈妥\"}"),
	    404);
	assert_int_equal(blocked(s), 1);
	assert_int_equal(hand(s, "{\"customer\":\"C1\",\"by\":\"王经理\","
				 "\"reason\":\"当面谈妥，退了工时费\"}"),
	    200);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM event WHERE type = 'complaint_closed'"
		      " AND data LIKE '%退了工时费%'"),
	    1);
	/* who did it stays on record, of whom does not */
	assert_int_equal(stage_number(s, "SELECT count(*) FROM audit WHERE act = 'unblock' AND"
				   " who = '王经理' AND about LIKE 'customer:%'"
				   " AND about NOT LIKE '%C1%'"),
	    1);
	assert_int_equal(hand(s, "{\"customer\":\"C1\",\"by\":\"王经理\","
				 "\"reason\":\"谈妥\"}"),
	    409);
	nothing_is_open(s);
	stage_free(s);
}

/* What no playbook asks about is answered by the script the policy names. */
static void
the_house_says_how_it_is_answered(void **state)
{
	static const char script[] =
	    "---\ntitle: 投诉回电\ncategory: transactional\n"
	    "outcomes: { settled: 好了, open: 没好 }\n---\n{% render 'story' %}\n";
	static const char story[] =
	    "{{ customer.name }}，{{ signals.complaints_open }} 件\n";
	struct stage *s = stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ABOVE, "config/policy.yaml",
	    MEALS "tasks: { script: sorry }\n", "config/playbooks/p.yaml", daily,
	    "templates/phone/sorry.liquid", script, "templates/partials/story.liquid",
	    story, NULL);
	const json_t *first;
	struct task_row t;

	(void)state;
	task_customer(s, "C1", PHONE, "李娜");
	assert_int_equal(served(s, "v1"), 1);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, PHONE, "我要投诉"), 200);
	task_only(s, "C1", &t);
	engine_task(s->engine, t.id, keep, s);
	stage_run(s, 5);
	assert_string_equal(
	    json_string_value(json_object_get(said, "script")), "张伟，1 件");
	assert_string_equal(
	    json_string_value(json_object_get(said, "title")), "投诉回电");
	first = json_array_get(json_object_get(said, "outcomes"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "title")), "好了");
	assert_int_equal(task_report(s, t.id, "settled", "", ""), 200);
	assert_int_equal(blocked(s), 0);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settled_by_its_task_it_is_over),
		cmocka_unit_test(what_does_not_settle_it_keeps_it_open),
		cmocka_unit_test(it_is_not_withdrawn),
		cmocka_unit_test(the_last_event_that_closes_one_ends_the_block),
		cmocka_unit_test(the_house_says_how_it_is_answered),
		cmocka_unit_test(a_person_lifts_the_block_with_a_reason),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	json_decref(said);
	return failed;
}
