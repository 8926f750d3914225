/* mistake_test.c - what can be done after a mistake (S23): recall, one correction, undo. */
#include "hand_stage.h"
#include "store/event.h"
#include "store/optout.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define TWO_STEPS                                                                      \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { list: \"tag:x\" " \
	"}\n"                                                                          \
	"steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: a }\n"            \
	"  - { id: two, at: day 2 10:00, send: b }\n"                                  \
	"  - { id: three, after: 3d, send: b }\n"
#define SORRY "templates/sms/sorry.liquid"
#define SORRY_TEXT STAGE_TEMPLATE("service") "sorry {{ customer.id }}\n"
#define WHO "\"by\":\"李明\",\"reason\":\"价格写错了\""

static void
s23_a_recall_tells_who_got_it_and_ends_the_rest(void **state)
{
	struct stage *s = hand_stage(START, CARE, TWO_STEPS, NULL);
	const json_t *first;

	(void)state;
	hand_people(s, 4);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 4);
	assert_int_equal(hand(s, "recall", "{\"playbook\":\"care\"}"), 422);
	assert_int_equal(hand(s, "recall", "{\"playbook\":\"care\",\"dry\":true}"), 200);
	assert_int_equal(hand_count("sent"), 4);
	assert_int_equal(hand_count("cancelled"), 4);
	assert_string_equal(hand_launch(s, "care"), "done");

	assert_int_equal(hand(s, "recall", "{\"playbook\":\"care\"," WHO "}"), 200);
	assert_int_equal(hand_count("sent"), 4);
	assert_int_equal(hand_count("cancelled"), 4);
	first = json_array_get(json_object_get(hand_said, "got"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "customer")), "C1");
	assert_string_equal(json_string_value(json_object_get(first, "step")), "one");
	assert_null(strstr(json_string_value(json_object_get(first, "to")), "19900000"));
	assert_string_equal(hand_launch(s, "care"), "held");
	for (int i = 1; i <= 4; i++) {
		char ext[8];
		struct run r;

		g_snprintf(ext, sizeof(ext), "C%d", i);
		stage_expect(s, ext, 1, MSG_SUPPRESSED, REASON_EXITED);
		stage_last_run(s, ext, &r);
		assert_int_equal(r.state, RUN_LEFT);
		assert_string_equal(r.why, "recall");
	}
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, 10 * MS_DAY);
	assert_int_equal(s->letters->len, 4);
	stage_free(s);
}

static void
s23_addresses_are_told_in_full_only_when_asked_for(void **state)
{
	struct stage *s = hand_stage(START, CARE, TWO_STEPS, NULL);
	const json_t *first;

	(void)state;
	hand_people(s, 1);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(
	    hand(s, "recall", "{\"playbook\":\"care\",\"dry\":true,\"full\":true}"), 200);
	first = json_array_get(json_object_get(hand_said, "got"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(first, "to")), "+8619900000001");
	stage_free(s);
}

/* A step recalled lets its runs go on to the next. */
static void
s23_one_step_is_recalled(void **state)
{
	struct stage *s = hand_stage(START, CARE, TWO_STEPS, NULL);

	(void)state;
	hand_people(s, 3);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(
	    hand(s, "recall", "{\"playbook\":\"care\",\"step\":\"two\"," WHO "}"), 200);
	assert_int_equal(hand_count("sent"), 0);
	assert_int_equal(hand_count("cancelled"), 3);
	assert_int_equal(hand_count("left"), 0);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, 6 * MS_DAY);
	assert_int_equal(s->letters->len, 6);
	assert_int_equal(stage_touch(s, "C1", 2, &(struct message){ 0 }), 3);
	stage_free(s);
}

static int
sorry(struct stage *s)
{
	int n = 0;

	for (guint i = 0; i < s->letters->len; i++)
		n += strstr(((struct letter *)s->letters->pdata[i])->text, "sorry") !=
		     NULL;
	return n;
}

/* Outside the caps (low: one a month, and that is used), once, not to who said no. */
static void
s23_one_correction_to_those_who_got_it(void **state)
{
	static const char order[] =
	    "{\"playbook\":\"care\",\"template\":\"sorry\"," WHO "}";
	struct stage *s =
	    hand_stage(START, CARE, TWO_STEPS, SORRY, SORRY_TEXT, "config/policy.yaml",
		"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"
		"tiers:\n  high: { cap: 1 }\nmin_gap: 24h\nlaunch: { countdown: off, "
		"ramp: off }\n"
		"service: { per_day: 1, per_month: 0 }\n",
		NULL);

	(void)state;
	hand_people(s, 4);
	stage_customer(s, "late", "high", "+8619900000099", "");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 4);
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k", 0,
			     ((struct letter *)s->letters->pdata[0])->to, "TD"),
	    200);
	stage_run(s, 12 * MS_HOUR);
	assert_int_equal(hand(s, "recall", "{\"playbook\":\"care\"," WHO "}"), 200);
	assert_int_equal(
	    hand(s, "correct", "{\"playbook\":\"care\",\"template\":\"sorry\"}"), 422);
	assert_int_equal(
	    hand(s, "correct", "{\"playbook\":\"care\",\"template\":\"sorr\"," WHO "}"),
	    404);
	assert_int_equal(hand(s, "correct", order), 200);
	assert_int_equal(hand_count("added"), 4);
	stage_run(s, MS_HOUR);
	assert_int_equal(sorry(s), 0); /* it is night */
	assert_int_equal(hand(s, "correct", order), 200);
	assert_int_equal(hand_count("added"), 0);
	assert_int_equal(hand_count("known"), 4);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_DAY);
	assert_int_equal(sorry(s), 3);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM msg WHERE step = 'correction' AND"
			   " state = 12 AND slots = 0"),
	    1);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM run WHERE entry = 'correction'"), 4);
	assert_int_equal(hand(s, "correct", order), 200);
	stage_run(s, MS_DAY);
	assert_int_equal(sorry(s), 3);
	stage_free(s);
}

static int
asked_by(struct stage *s, const char *name, enum staff_role role, const char *order, const char *more)
{
	const struct engine_who who = { name, (int)role, role_rights((int)role), NULL, "" };
	char *body = g_strdup_printf(
	    "{\"playbook\":\"care\",\"template\":\"sorry\",\"reason\":\"y\",\"by\":\"%s\"%s}", name, more);

	s->answer = 0;
	engine_hand_by(s->engine, &who, order, body, strlen(body), hand_answer, s);
	stage_run(s, 5);
	g_free(body);
	return s->answer;
}

#define ASK(name, role, more) asked_by(s, name, role, "correct", more)
#define AGREE(name, role) asked_by(s, name, role, "correct-agree", "")

static int
decide(struct stage *s, const char *order, const char *name, enum staff_role role)
{
	return asked_by(s, name, role, order, "");
}

/* The first of so many that wait. */
static const json_t *
waiting(struct stage *s, size_t n)
{
	const json_t *list;

	engine_corrections(s->engine, NULL, hand_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	list = json_object_get(hand_said, "corrections");
	assert_int_equal(json_array_size(list), n);
	return json_array_get(list, 0);
}

/* Whoever only looks at the status never learned that one waited, nor what to do. */
static void
told_of(struct stage *s, size_t n)
{
	const json_t *list;

	engine_status(s->engine, hand_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	list = json_object_get(hand_said, "corrections");
	assert_int_equal(json_array_size(list), n);
	if (n > 0)
		assert_string_equal(json_string_value(json_object_get(
					json_array_get(list, 0), "decide")),
		    "reachd correct care --template sorry");
}

/* Where publications wait for a second person corrections do. */
static void
s23_a_correction_needs_a_second_person(void **state)
{
	struct stage *s = hand_stage(START, CARE, TWO_STEPS, SORRY,
	    STAGE_TEMPLATE("marketing") "sorry 拒收请回复R\n", NULL);
	const json_t *one;

	(void)state;
	hand_people(s, 3);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 3);
	/* he answers, so he is in a conversation: he above all must hear what is right */
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k", 0,
			     ((struct letter *)s->letters->pdata[0])->to, "真的吗"),
	    200);
	assert_int_equal(AGREE("王经理", ROLE_MANAGER), 404);
	((struct config *)(uintptr_t)s->catalog->config)->publish_approved = true;
	assert_int_equal(ASK("李明", ROLE_MARKETER, ""), 202);
	assert_int_equal(ASK("李明", ROLE_MARKETER, ""), 202);
	stage_run(s, MS_HOUR);
	assert_int_equal(sorry(s), 0);
	assert_int_equal(
	    json_integer_value(json_object_get(waiting(s, 1), "customers")), 3);
	told_of(s, 1);
	assert_int_equal(AGREE("李明", ROLE_MARKETER), 403);
	assert_int_equal(AGREE("小周", ROLE_VIEWER), 403);
	assert_int_equal(AGREE("", ROLE_ADMIN), 403);
	assert_int_equal(AGREE("王经理", ROLE_MANAGER), 200);
	assert_int_equal(hand_count("added"), 3);
	stage_run(s, MS_DAY);
	assert_int_equal(sorry(s), 3);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM audit WHERE act = 'agree-correction'"), 1);
	/* the same again adds nobody; to others it is another question */
	assert_int_equal(ASK("李明", ROLE_MARKETER, ""), 200);
	assert_int_equal(ASK("李明", ROLE_MARKETER, ",\"step\":\"two\""), 202);
	/* it is listed until somebody says yes or no */
	stage_run(s, 3 * MS_HOUR);
	one = waiting(s, 1);
	assert_string_equal(json_string_value(json_object_get(one, "by")), "李明");
	assert_string_equal(json_string_value(json_object_get(one, "step")), "two");
	assert_in_range(json_integer_value(json_object_get(one, "age")), 10800, 10810);
	assert_int_equal(json_integer_value(json_object_get(one, "customers")), 0);
	assert_int_equal(decide(s, "correct-refuse", "赵静", ROLE_VIEWER), 403);
	assert_int_equal(decide(s, "correct-refuse", "王经理", ROLE_MANAGER), 200);
	waiting(s, 0);
	told_of(s, 0);
	assert_int_equal(decide(s, "correct-agree", "王经理", ROLE_MANAGER), 404);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM audit WHERE act = "
					"'refuse-correction'"),
	    1);
	stage_free(s);
}

static int
typed(struct stage *s, const char *order, const char *by)
{
	const struct engine_who who = { "root", ROLE_ADMIN, role_rights(ROLE_ADMIN), NULL,
		"" };
	char *body = g_strdup_printf("{\"playbook\":\"care\",\"template\":\"sorry\","
				     "\"reason\":\"y\",\"by\":\"%s\"}",
	    by);

	s->answer = 0;
	engine_hand_by(s->engine, &who, order, body, strlen(body), hand_answer, s);
	stage_run(s, 5);
	g_free(body);
	return s->answer;
}

/* An admin who typed it for somebody could not take it back: "who asks may not agree". */
static void
a_correction_is_taken_back_by_who_typed_it(void **state)
{
	struct stage *s = hand_stage(START, CARE, TWO_STEPS, SORRY,
	    STAGE_TEMPLATE("marketing") "sorry 拒收请回复R\n", NULL);

	(void)state;
	hand_people(s, 3);
	stage_run(s, 2 * MS_HOUR);
	((struct config *)(uintptr_t)s->catalog->config)->publish_approved = true;
	assert_int_equal(typed(s, "correct", "陈静"), 202);
	assert_int_equal(typed(s, "correct-agree", "赵总"), 403);
	assert_int_equal(typed(s, "correct-refuse", "赵总"), 200);
	waiting(s, 0);
	stage_free(s);
}

static void
customer(struct stage *s, const char *ext, struct customer_row *row)
{
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, row, &e), 1);
}

static void
s23_an_event_is_undone(void **state)
{
	struct stage *s = hand_stage(START, CARE,
	    "playbook: care\ncategory: service\nstatus: live\nstart: { on: visit }\n"
	    "re_entry: after 1h\n"
	    "steps:\n  - { id: one, after: 1d, send: s }\n",
	    NULL);
	struct customer_row row;
	struct run r;

	(void)state;
	hand_people(s, 1);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 3 * MS_DAY);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(stage_event(s, "v2", "C1", "visit"), 201);
	customer(s, "C1", &row);
	assert_int_equal(row.c.visits, 2);
	assert_int_equal(row.c.last_visit.day, 13);

	assert_int_equal(hand(s, "undo-event", "{\"id\":\"v2\"}"), 422);
	assert_int_equal(hand(s, "undo-event", "{\"id\":\"v2\"," WHO "}"), 200);
	assert_int_equal(hand_count("left"), 1);
	customer(s, "C1", &row);
	assert_int_equal(row.c.visits, 1);
	assert_int_equal(row.c.last_visit.day, 10);
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.why, "undone");
	stage_run(s, 3 * MS_DAY);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(hand(s, "undo-event", "{\"id\":\"v2\"," WHO "}"), 409);
	assert_int_equal(hand(s, "undo-event", "{\"id\":\"v3\"," WHO "}"), 404);
	/* sent again it is no news */
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM event WHERE type = 'undone'"), 1);
	stage_free(s);
}

static void
s23_tags_and_stages_are_undone(void **state)
{
	struct stage *s = hand_stage(START, CARE,
	    "playbook: care\ncategory: service\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: one, do: { stage: lost, tag: { add: gone } } }\n",
	    NULL);
	struct customer_row row;

	(void)state;
	hand_people(s, 1);
	assert_int_equal(hand(s, "undo-stage", "{\"customer\":\"C1\"," WHO "}"), 409);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	customer(s, "C1", &row);
	assert_string_equal(row.c.stage, "lost");
	assert_string_equal(row.c.tags, "gone;x");
	assert_int_equal(hand(s, "undo-stage", "{\"customer\":\"C1\"," WHO "}"), 200);
	assert_int_equal(
	    hand(s, "undo-tag", "{\"customer\":\"C1\",\"tag\":\"gone\"," WHO "}"), 200);
	customer(s, "C1", &row);
	assert_string_equal(row.c.stage, "new");
	assert_string_equal(row.c.tags, "x");
	assert_int_equal(
	    hand(s, "undo-tag", "{\"customer\":\"C1\",\"tag\":\"gone\"," WHO "}"), 409);
	assert_int_equal(
	    hand(s, "undo-tag",
		"{\"customer\":\"C1\",\"tag\":\"gone\",\"put_back\":true," WHO "}"),
	    200);
	customer(s, "C1", &row);
	assert_string_equal(row.c.tags, "gone;x");
	assert_int_equal(hand(s, "undo-stage", "{\"customer\":\"C1\"," WHO "}"), 409);
	stage_free(s);
}

static void
s23_an_opt_out_is_lifted_only_with_a_proof(void **state)
{
	struct stage *s = hand_stage(START, CARE, TWO_STEPS, NULL);

	(void)state;
	hand_people(s, 2);
	stage_run(s, 2 * MS_HOUR);
	for (int i = 0; i < 2; i++)
		assert_int_equal(stage_receipt(s, RECEIPT_REPLY, i == 0 ? "a" : "b", i,
				     ((struct letter *)s->letters->pdata[i])->to,
				     i == 0 ? "TD" : "投诉"),
		    200);
	assert_int_equal(
	    hand(s, "undo-optout", "{\"customer\":\"C1\",\"by\":\"李明\"}"), 422);
	assert_int_equal(hand(s, "undo-optout",
			     "{\"customer\":\"C1\",\"by\":\"李明\",\"proof\":\"签字\"}"),
	    200);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM optout"), 0);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM event WHERE type = 'optout_lifted'"
			   " AND data LIKE '%签字%'"),
	    1);
	assert_int_equal(hand(s, "undo-optout",
			     "{\"customer\":\"C1\",\"by\":\"李明\",\"proof\":\"签字\"}"),
	    409);
	/* a complaint is not lifted */
	assert_int_equal(hand(s, "undo-optout",
			     "{\"customer\":\"C2\",\"by\":\"李明\",\"proof\":\"签字\"}"),
	    409);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s23_a_recall_tells_who_got_it_and_ends_the_rest),
		cmocka_unit_test(s23_addresses_are_told_in_full_only_when_asked_for),
		cmocka_unit_test(s23_one_step_is_recalled),
		cmocka_unit_test(s23_one_correction_to_those_who_got_it),
		cmocka_unit_test(s23_a_correction_needs_a_second_person),
		cmocka_unit_test(a_correction_is_taken_back_by_who_typed_it),
		cmocka_unit_test(s23_an_event_is_undone),
		cmocka_unit_test(s23_tags_and_stages_are_undone),
		cmocka_unit_test(s23_an_opt_out_is_lifted_only_with_a_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
