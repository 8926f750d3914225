/* plan_test.c - runs on the engine: entry, waits, exits, goals, and one that
 * fails alone. */
#include "stage.h"
#include "store/version.h"

#define START "2026-03-10T10:00:00+08:00"
#define MONTH 202603
#define CARE "config/playbooks/care.yaml"
#define OTHER "config/playbooks/other.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define VISIT HEAD "start: { on: visit }\n"

static struct stage *
open_with(const char *playbook)
{
	struct stage *s = stage_new(START, CARE, playbook, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "device-1");
	return s;
}

/* ---- entry ---- */

static int
runs(struct stage *s, const char *ext, bool live)
{
	struct run r[64];
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	return run_of_customer(s->store, id, live, r, 64, &e);
}

static const struct entry_row {
	const char *name, *keys;
	int live, all; /* after two visits ten minutes apart, one message sent between */
} entries[] = {
	{ "never again by default, while it lives", "", 1, 1 },
	{ "restart", "again: restart\n", 1, 2 },
	{ "parallel", "again: parallel\n", 2, 2 },
	{ "a limit keeps the run there is", "again: restart\n", 1, 1 },
};

static void
entering(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
		bool limit = i == 3;
		char *text =
		    g_strdup_printf(HEAD "start: { on: visit%s }\n%s"
					 "steps:\n  - { id: one, after: 1h, send: a }\n",
			limit ? ", limit: 1/day" : "", entries[i].keys);
		struct stage *s = open_with(text);

		print_message("%s\n", entries[i].name);
		stage_event(s, "v1", "C1", "visit");
		stage_run(s, 10 * MS_MINUTE);
		stage_event(s, "v2", "C1", "visit");
		assert_int_equal(runs(s, "C1", true), entries[i].live);
		assert_int_equal(runs(s, "C1", false), entries[i].all);
		assert_int_equal(stage_event(s, "v2", "C1", "visit"), 200);
		assert_int_equal(runs(s, "C1", false), entries[i].all);
		stage_free(s);
		g_free(text);
	}
}

static void
entering_again_later(void **state)
{
	struct stage *s = open_with(
	    VISIT "re_entry: after 2d\nsteps:\n  - { id: one, after: 1m, send: a }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_DAY);
	stage_event(s, "v2", "C1", "visit");
	assert_int_equal(runs(s, "C1", false), 1);
	stage_run(s, MS_DAY);
	stage_event(s, "v3", "C1", "visit");
	assert_int_equal(runs(s, "C1", false), 2);
	stage_free(s);
}

static void
limit_per_day(void **state)
{
	struct stage *s = open_with(HEAD "start: { on: visit, limit: 2/day }\nsteps:\n  "
					 "- { id: one, after: 1m, send: a }\n");
	static const char *const who[] = { "C1", "C2", "C3" };

	(void)state;
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_customer(s, "C3", "high", "+8619900000003", "");
	for (int i = 0; i < 3; i++) {
		stage_event(s, who[i], who[i], "visit");
		assert_int_equal(runs(s, who[i], false), i < 2);
	}
	stage_run(s, MS_DAY);
	stage_event(s, "again", "C3", "visit");
	assert_int_equal(runs(s, "C3", false), 1);
	stage_free(s);
}

static void
all_held_out(void **state)
{
	struct stage *s = open_with(
	    VISIT "control: 99%\nsteps:\n  - { id: one, after: 1m, send: a }\n");
	struct run r;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_CONTROL);
	stage_last_run(s, "C1", &r);
	assert_true(r.control);
	assert_int_equal(r.state, RUN_FINISHED);
	assert_int_equal(s->calls, 0);
	stage_free(s);
}

/* A higher priority keeps the last slot; one of the control group keeps none. */
static void
the_last_slot(void **state)
{
	(void)state;
	for (int control = 0; control < 2; control++) {
		struct stage *s = stage_new(START, CARE,
		    "playbook: care\ncategory: marketing\nstatus: live\npriority: "
		    "10\nstart: { on: visit }\n"
		    "steps:\n  - { id: one, after: 5m, send: a }\n",
		    OTHER,
		    control ? "playbook: other\ncategory: marketing\nstatus: "
			      "live\npriority: 90\ncontrol: 99%\n"
			      "start: { on: visit }\nsteps:\n  - { id: two, at: day 3, "
			      "send: b }\n"
			    : "playbook: other\ncategory: marketing\nstatus: "
			      "live\npriority: 90\n"
			      "start: { on: visit }\nsteps:\n  - { id: two, at: day 3, "
			      "send: b }\n",
		    NULL);
		int64_t id = stage_customer(s, "C1", "low", "+8619900000001", "");

		stage_event(s, "v1", "C1", "visit");
		stage_run(s, MS_HOUR);
		assert_int_equal(s->calls, control);
		assert_int_equal(stage_used(s, id, MONTH), control);
		stage_free(s);
	}
}

/* ---- waits ---- */

#define WAITS(then)                                                                     \
	VISIT "steps:\n  - { id: one, after: 1m, send: a }\n"                           \
	      "  - { id: listen, wait: { for: [reply, booking], up_to: 2d, then: " then \
	      ", else: no } }\n"                                                        \
	      "  - { id: yes, after: 1m, send: b }\n  - { id: end, stop: true }\n"      \
	      "  - { id: no, do: { tag: { add: silent } } }\n"

static void
wait_for_a_reply(void **state)
{
	struct stage *s = open_with(WAITS("yes"));

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619900000001", "好的");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 2);
	assert_non_null(strstr(((struct letter *)s->letters->pdata[1])->text, "two"));
	stage_free(s);
}

static void
wait_for_an_event_and_for_nothing(void **state)
{
	struct stage *s = open_with(WAITS("yes"));
	struct customer_row row;
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, MS_HOUR);
	stage_event(s, "b1", "C1", "booking");
	stage_run(s, 2 * MS_DAY + MS_HOUR);
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 2);
	assert_int_equal(stage_touch(s, "C2", 0, NULL), 1);
	assert_int_equal(customer_get(s->store, 2, &row, &e), 1);
	assert_string_equal(row.c.tags, "silent");
	stage_free(s);
}

/* One answer ends one wait: it is not heard again by the wait it leads to. */
static void
one_reply_one_wait(void **state)
{
	struct stage *s = open_with(VISIT "steps:\n  - { id: one, after: 1m, send: a }\n"
					  "  - { id: first, wait: { for: [reply], up_to: "
					  "2d, then: second, else: stop } }\n"
					  "  - { id: second, wait: { for: [reply], "
					  "up_to: 2d, then: yes, else: stop } }\n"
					  "  - { id: yes, after: 1m, send: b }\n");
	struct run r;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619900000001", "好的");
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.step, "second");
	stage_receipt(s, RECEIPT_REPLY, "k2", 0, "+8619900000001", "好的");
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.step, "yes");
	stage_free(s);
}

#define RULES(name, prio, word, send)                                                    \
	"playbook: " name "\ncategory: marketing\nstatus: live\npriority: " prio         \
	"\nstart: { on: visit }\nsteps:\n  - { id: one, after: " send " }\n"             \
	"  - { id: listen, wait: { for: [booking], up_to: 9d, then: stop, else: stop } " \
	"}\n"                                                                            \
	"  - { id: more, after: 1m, send: b }\n"                                         \
	"replies:\n  - { is: [\"1\"], then: [ { goto: " word " } ] }\n"

/* The rules of the playbook whose message is answered, and of no other. */
static void
whose_reply(void **state)
{
	struct stage *s =
	    stage_new(START, CARE, RULES("care", "50", "more", "1m, send: a"), OTHER,
		RULES("other", "40", "stop", "10m, send: b"), NULL);
	struct run r[4];
	struct err e = { 0 };
	int care;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 2);
	stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619900000001", "1");
	assert_int_equal(run_of_customer(s->store, 1, false, r, 4, &e), 2);
	assert_int_equal(playbook_number(s->store, "care", &care, &e), 0);
	for (int i = 0; i < 2; i++)
		assert_string_equal(r[i].step, care == r[i].playbook ? "more" : "listen");
	/* Without a reference: the newest message to that address. */
	stage_run(s, MS_HOUR);
	stage_receipt(s, RECEIPT_REPLY, "k2", -1, "+8619900000001", "1");
	assert_int_equal(run_of_customer(s->store, 1, true, r, 4, &e), 1);
	assert_string_equal(r[0].step, "listen");
	stage_free(s);
}

/* ---- ends ---- */

/* Acceptance 5: the goal is met in a deferral; at 08:00 nothing is sent. */
static void
goal_during_the_night(void **state)
{
	struct stage *s = open_with(VISIT "goal: { on: booking, window: 9d }\nsteps:\n  "
					  "- { id: one, after: 13h, send: a }\n");
	struct run r;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 17 * MS_HOUR); /* 03:00 */
	stage_event(s, "b1", "C1", "booking");
	stage_run(s, MS_DAY);
	assert_int_equal(s->calls, 0);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_GOAL_MET);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_FINISHED);
	assert_true(r.goal_at != 0);
	stage_free(s);
}

/* What a run does may end it: it does not rise again. */
static void
a_run_that_ends_itself(void **state)
{
	static const char *const ways[] = {
		VISIT "exits:\n  - on: stage_changed\n"
		      "steps:\n  - { id: set, do: { stage: lost } }\n  - { id: one, "
		      "after: 1m, send: a }\n",
		VISIT "goal: { on: sign, window: 9d }\n"
		      "steps:\n  - { id: set, do: { event: { name: sign } } }\n  - { id: "
		      "one, after: 1m, send: a }\n",
		VISIT "exits:\n  - when: customer.stage == \"lost\"\n"
		      "steps:\n  - { id: set, do: { stage: lost } }\n  - { id: one, "
		      "after: 1m, send: a }\n",
		VISIT "exits:\n  - { on: booking, then: { stage: lost } }\n  - on: "
		      "stage_changed\n"
		      "steps:\n  - { id: wait, wait: { for: [booking], up_to: 9d, then: "
		      "one, else: one } }\n"
		      "  - { id: one, after: 1m, send: a }\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		struct stage *s = open_with(ways[i]);
		struct run r;

		stage_event(s, "v1", "C1", "visit");
		stage_event(s, "b1", "C1", "booking");
		stage_run(s, MS_DAY);
		assert_int_equal(s->calls, 0);
		stage_last_run(s, "C1", &r);
		assert_true(r.state == RUN_LEFT || r.state == RUN_FINISHED);
		assert_int_equal(stage_touch(s, "C1", 0, NULL), 0);
		stage_free(s);
	}
}

/* Playbooks that answer each other in a circle: the event is taken all the same. */
static void
a_circle_is_nobodys_fault_but_its_own(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nagain: parallel\nstart: "
	    "{ on: ping }\n"
	    "steps:\n  - { id: set, do: { event: { name: pong } } }\n  - { id: one, "
	    "after: 1m, send: a }\n",
	    OTHER,
	    "playbook: other\ncategory: marketing\nstatus: live\nagain: parallel\nstart: "
	    "{ on: pong }\n"
	    "steps:\n  - { id: set, do: { event: { name: ping } } }\n",
	    NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	assert_int_equal(stage_event(s, "p1", "C1", "ping"), 201);
	assert_true(runs(s, "C1", false) > 0);
	assert_int_equal(stage_event(s, "q1", "C1", "visit"), 201);
	stage_free(s);
}

/* ---- one that fails ---- */

/* A hole in the text of the first: alarm, and the rest flows. */
static void
case_t21_poison_first(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: one, after: 1m, send: a }\n"
		  "  - { id: two, after: 1m, send: s }\n",
	    "templates/sms/a.liquid",
	    STAGE_TEMPLATE("marketing") "{{ customer.advisor }} 拒收请回复R\n", NULL);
	struct err e = { 0 };
	struct customer c = { .ext = "C2",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "",
		.store = "",
		.advisor = "Li",
		.tz = "",
		.address = { "+8619900000002", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
	bool created;
	int64_t id;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	store_begin(s->store, &e);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	store_commit(s->store, &e);
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "v2", "C2", "visit");
	stage_run(s, 10 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_TEMPLATE_ERROR);
	stage_expect(s, "C1", 1, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C2", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entering),
		cmocka_unit_test(entering_again_later),
		cmocka_unit_test(limit_per_day),
		cmocka_unit_test(all_held_out),
		cmocka_unit_test(the_last_slot),
		cmocka_unit_test(wait_for_a_reply),
		cmocka_unit_test(wait_for_an_event_and_for_nothing),
		cmocka_unit_test(one_reply_one_wait),
		cmocka_unit_test(whose_reply),
		cmocka_unit_test(goal_during_the_night),
		cmocka_unit_test(a_run_that_ends_itself),
		cmocka_unit_test(a_circle_is_nobodys_fault_but_its_own),
		cmocka_unit_test(case_t21_poison_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
