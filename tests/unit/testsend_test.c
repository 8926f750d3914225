/* testsend_test.c - texts to one's own people (S22), and publications that are asked back
 * (Y26, Y27). */
#include "hand_stage.h"
#include "store/event.h"
#include "store/subject.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define POLICY "config/policy.yaml"
#define RULES(launch)                                                 \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n" \
	"tiers:\n  high: { cap: 3 }\nmin_gap: none\nlaunch: " launch "\n"
#define VISITS(text)                                                                \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: " text " }\n"

static int
testsend(struct stage *s, const char *body)
{
	s->answer = 0;
	engine_testsend(s->engine, body, strlen(body), hand_answer, s);
	stage_run(s, MS_SECOND);
	return s->answer;
}

static void
staff(struct stage *s)
{
	struct staff f = { .ext = "S1",
		.name = "李明",
		.store = "",
		.role = "advisor",
		.wecom = "liming",
		.phone = "+8619900000777",
		.deputy = "",
		.successor = "",
		.attrs = "{}" };

	stage_staff(s, &f);
}

static const struct letter *
last(const struct stage *s)
{
	return s->letters->pdata[s->letters->len - 1];
}

static void
s22_a_test_send_goes_through_the_gateway_and_is_no_touch(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISITS("a"), NULL);

	(void)state;
	hand_people(s, 1);
	staff(s);
	assert_int_equal(
	    testsend(s, "{\"what\":\"a\",\"to\":\"李明\",\"customer\":\"C1\"}"), 200);
	assert_int_equal(s->letters->len, 1);
	assert_string_equal(last(s)->to, "+8619900000777");
	assert_string_equal(last(s)->text, "【示例】【测试】one C1 拒收请回复R");
	assert_int_equal(stage_number(s, "SELECT count(*) FROM msg"), 0);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM cap"), 0);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM testsend WHERE outcome = 'accepted'"
			   " AND recipient NOT LIKE '%00000777'"),
	    1);
	/* its receipt is nobody's */
	assert_int_equal(stage_receipt(s, RECEIPT_DELIVERED, "k", 0, "", ""), 200);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM inbox WHERE done_at IS NULL"), 0);
	stage_free(s);
}

static const struct try_row {
	const char *name, *body;
	int status;
	enum say say;
} tries[] = {
	{ "an address", "{\"what\":\"b\",\"to\":\"19900000778\"}", 200, SAY_TAKEN },
	{ "a playbook tells its texts", "{\"what\":\"care\",\"to\":\"S1\"}", 200,
	    SAY_TAKEN },
	{ "nobody", "{\"what\":\"b\",\"to\":\"王五\"}", 422, SAY_TAKEN },
	{ "no text of that name", "{\"what\":\"z\",\"to\":\"S1\"}", 404, SAY_TAKEN },
	{ "an unknown customer", "{\"what\":\"b\",\"to\":\"S1\",\"customer\":\"C9\"}",
	    404, SAY_TAKEN },
	{ "push has no address of staff", "{\"what\":\"p\",\"to\":\"S1\"}", 422,
	    SAY_TAKEN },
	{ "the gateway refuses", "{\"what\":\"b\",\"to\":\"S1\"}", 422, SAY_REFUSED },
	{ "no answer", "{\"what\":\"b\",\"to\":\"S1\"}", 422, SAY_CUT },
};

static void
s22_what_a_test_send_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(tries); i++) {
		struct stage *s = hand_stage(START, CARE, VISITS("a"), NULL);
		int status;

		staff(s);
		s->say = tries[i].say;
		status = testsend(s, tries[i].body);
		if (status != tries[i].status)
			fail_msg("%s: %d", tries[i].name, status);
		stage_free(s);
	}
}

/* Without a customer a text is filled in for nobody: what it asks of him is unknown. */
static void
s22_a_test_send_for_nobody_asks_all_there_is(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISITS("a"), "templates/sms/b.liquid",
	    STAGE_TEMPLATE("marketing")
	    "{{ customer.salutation | default: '您' }}{{ customer.kind | default: '' }}"
	    "{{ customer.contact_name | default: '' }}"
	    "{{ customer.household | default: '' }}好，回复TD退订\n",
	    NULL);

	(void)state;
	staff(s);
	assert_int_equal(testsend(s, "{\"what\":\"b\",\"to\":\"S1\"}"), 200);
	assert_non_null(strstr(last(s)->text, "好，"));
	stage_free(s);
}

static void
s22_a_test_send_keeps_quiet_unless_told(void **state)
{
	struct stage *s =
	    hand_stage("2026-03-10T23:00:00+08:00", CARE, VISITS("a"), NULL);

	(void)state;
	staff(s);
	assert_int_equal(testsend(s, "{\"what\":\"b\",\"to\":\"S1\"}"), 409);
	assert_int_equal(testsend(s, "{\"what\":\"b\",\"to\":\"S1\",\"now\":true}"), 200);
	assert_int_equal(s->letters->len, 1);
	stage_free(s);
}

/* The version before stays in force until the new text has been tried. */
static void
s22_a_marketing_text_waits_for_its_test_send(void **state)
{
	struct stage *s = hand_stage(START, POLICY,
	    RULES("{ countdown: off, ramp: off, test_send: required }"), CARE,
	    VISITS("b"), NULL);

	(void)state;
	hand_people(s, 3);
	staff(s);
	assert_string_equal(hand_launch(s, "care"), "untested");
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 409);
	assert_int_equal(stage_event(s, "e1", "C1", "visit"), 201);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 0);
	assert_int_equal(testsend(s, "{\"what\":\"b\",\"to\":\"S1\"}"), 200);
	assert_string_equal(hand_launch(s, "care"), "done");
	assert_int_equal(stage_event(s, "e2", "C2", "visit"), 201);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 2);

	stage_put(s, CARE, VISITS("a"));
	assert_int_equal(hand_reload(s), 200);
	assert_string_equal(hand_launch(s, "care"), "untested");
	assert_int_equal(stage_event(s, "e3", "C3", "visit"), 201);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 3);
	assert_string_equal(last(s)->text, "【示例】two 拒收请回复R");
	stage_free(s);
}

static void
kept(void *arg, int status, const char *json)
{
	(void)json;
	*(int *)arg = status;
}

static void
s22_y26_thousands_due_are_asked_back(void **state)
{
	static const char list[] =
	    "playbook: big\ncategory: marketing\nstatus: live\nstart: { list: \"tag:x\" "
	    "}\n"
	    "steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: b }\n";
	struct stage *s = hand_stage(START, POLICY,
	    RULES("{ countdown: off, ramp: off, confirm: 100 }"), CARE, VISITS("a"),
	    NULL);
	int status = 0;

	(void)state;
	hand_people(s, 120);
	stage_put(s, "config/playbooks/big.yaml", list);
	assert_int_equal(hand_reload(s), 409);
	assert_int_equal(hand_count("confirm"), 120);
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 0);
	engine_reload_by(s->engine, NULL, "", 119, kept, &status);
	stage_run(s, MS_SECOND);
	assert_int_equal(status, 409);
	engine_reload_by(s->engine, NULL, "", 120, kept, &status);
	stage_run(s, MS_HOUR);
	assert_int_equal(status, 200);
	assert_int_equal(s->letters->len, 120);
	stage_free(s);
}

/* A list by segment was taken for an empty one. */
static void
s22_y26_the_people_of_a_segment_are_counted(void **state)
{
	static const char list[] =
	    "playbook: big\ncategory: marketing\nstatus: live\n"
	    "start: { list: { segment: tagged } }\n"
	    "steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: b }\n";
	struct stage *s = hand_stage(START, POLICY,
	    RULES("{ countdown: off, ramp: off, confirm: 100 }"), CARE, VISITS("a"),
	    "config/segments.yaml", "tagged: customer.tags contains \"x\"\n",
	    NULL);

	(void)state;
	hand_people(s, 120);
	stage_put(s, "config/playbooks/big.yaml", list);
	assert_int_equal(hand_reload(s), 409);
	assert_int_equal(hand_count("confirm"), 120);
	stage_free(s);
}

static void
s22_y27_one_publication_at_a_time(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISITS("a"), NULL);
	int first = 0, second = 0;

	(void)state;
	engine_reload(s->engine, kept, &first);
	engine_reload(s->engine, kept, &second);
	stage_run(s, MS_SECOND);
	assert_int_equal(first, 200);
	assert_int_equal(second, 409);
	assert_int_equal(hand_reload(s), 200);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    s22_a_test_send_goes_through_the_gateway_and_is_no_touch),
		cmocka_unit_test(s22_what_a_test_send_is_told),
		cmocka_unit_test(s22_a_test_send_for_nobody_asks_all_there_is),
		cmocka_unit_test(s22_a_test_send_keeps_quiet_unless_told),
		cmocka_unit_test(s22_a_marketing_text_waits_for_its_test_send),
		cmocka_unit_test(s22_y26_thousands_due_are_asked_back),
		cmocka_unit_test(s22_y26_the_people_of_a_segment_are_counted),
		cmocka_unit_test(s22_y27_one_publication_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
