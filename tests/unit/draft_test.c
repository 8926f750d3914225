/* Texts by WeCom that the advisor sends by hand: given, taken back, done by what he says.
 * proves: B-WC1, S17 */
#include "task_stage.h"

#include "store/contact.h"
#include "store/subject.h"

#define MONDAY "2026-11-23T14:00:00+08:00"
#define ROWS "tasks: { drafts: 2 }\n"
#define TEXT                        \
	STAGE_TEMPLATE("marketing") \
	"{{ customer.name }}，您的车该回来看看了，回复TD退订\n"
#define STEPS(send, more)                                                         \
	CALL("steps:\n  - { id: care, send: " send ", kind: personal" more " }\n" \
	     "  - { id: after, do: { tag: { add: on } } }\n")

static struct err e;
static json_t *said;

static int64_t
customer(struct stage *s, const char *ext, const char *wecom)
{
	struct customer c = { .ext = ext,
		.name = "张伟",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = "李娜",
		.tz = "",
		.address = { "+8619912345678", wecom, "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
	bool created;
	int64_t id;

	if (strcmp(ext, "C1") != 0)
		c.address[CHANNEL_SMS] = "";
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	return id;
}

static int64_t
visit(struct stage *s, const char *ext, const char *wecom)
{
	int64_t id = customer(s, ext, wecom);
	char *event = g_strconcat("v-", ext, NULL);

	assert_int_equal(stage_event(s, event, ext, "visit"), 201);
	stage_run(s, 5 * MS_SECOND);
	g_free(event);
	return id;
}

static struct stage *
begin(const char *start, const char *playbook)
{
	struct stage *s = stage_new(start, "config/policy.yaml", MEALS ROWS,
	    "templates/wecom/w.liquid", TEXT, "config/playbooks/p.yaml", playbook, NULL);

	visit(s, "C1", "wmA");
	return s;
}

static int64_t
id_of(struct stage *s, const char *ext)
{
	struct task_row t;

	assert_true(task_nth(s, ext, 0, &t));
	return t.id;
}

static int
used(struct stage *s, const char *ext)
{
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	return stage_used(s, id, 202611);
}

static void
heard(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	json_decref(said);
	said = json_loads(json, 0, NULL);
}

static int
events(struct stage *s, const char *ext, const char *type)
{
	json_t *list, *one;
	size_t i;
	int n = 0;

	engine_task(s->engine, id_of(s, ext), heard, s);
	stage_run(s, 5);
	list = json_object_get(json_object_get(said, "story"), "events");
	json_array_foreach(list, i, one) n +=
	    strcmp(json_string_value(json_object_get(one, "type")), type) == 0;
	return n;
}

/* ---- given ---- */

static const struct {
	const char *name, *start;
	bool given;
	const char *when; /* else: given by then, and not twenty minutes before */
} hours[] = {
	{ "two hours are left before the night", "2026-11-23T14:00:00+08:00", true, "" },
	{ "a meal comes within two hours", "2026-11-23T10:00:00+08:00", false,
	    "2026-11-23T13:45:00+08:00" },
	{ "exactly two hours before the meal", "2026-11-23T09:28:00+08:00", true, "" },
	{ "before working hours", "2026-11-23T08:10:00+08:00", false,
	    "2026-11-23T09:01:00+08:00" },
	{ "after working hours", "2026-11-23T18:30:00+08:00", false,
	    "2026-11-24T09:01:00+08:00" },
};

static void
s17_it_is_given_in_open_windows_of_two_hours(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hours); i++) {
		struct stage *s = begin(hours[i].start, STEPS("w", ""));
		struct task_row t;

		print_message("  %s\n", hours[i].name);
		assert_int_equal(task_nth(s, "C1", 0, &t), hours[i].given);
		assert_int_equal(used(s, "C1"), hours[i].given);
		if (!hours[i].given) {
			stage_expect(s, "C1", 0, MSG_DUE, REASON_RATE_LIMITED);
			stage_run(s,
			    stage_at(hours[i].when) - 20 * MS_MINUTE - sim_true(s->sim));
			assert_false(task_nth(s, "C1", 0, &t));
			task_until(s, hours[i].when);
		}
		stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
		task_expect(s, "C1", 0, TASK_OPEN);
		assert_int_equal(used(s, "C1"), 1);
		assert_int_equal(s->letters->len, 0);
		stage_free(s);
	}
}

static void
s17_the_task_carries_the_text_and_three_buttons(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));

	(void)state;
	engine_task(s->engine, id_of(s, "C1"), heard, s);
	stage_run(s, 5);
	assert_string_equal(json_string_value(json_object_get(said, "kind")), "draft");
	assert_string_equal(json_string_value(json_object_get(said, "to")), "李娜");
	assert_non_null(strstr(json_string_value(json_object_get(said, "script")),
	    "张伟，您的车该回来看看了"));
	assert_int_equal(json_array_size(json_object_get(said, "outcomes")), 3);
	stage_free(s);
}

static void
so_many_a_day_and_the_rest_tomorrow(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));
	struct task_row t;

	(void)state;
	visit(s, "C2", "wmB");
	visit(s, "C3", "wmC");
	task_expect(s, "C2", 0, TASK_OPEN);
	assert_false(task_nth(s, "C3", 0, &t));
	/* What is carried over counts on the new day. */
	assert_int_equal(task_report(s, id_of(s, "C1"), "sent", "", ""), 200);
	stage_run(s, MS_HOUR);
	assert_false(task_nth(s, "C3", 0, &t));
	task_until(s, "2026-11-24T09:01:00+08:00");
	task_expect(s, "C3", 0, TASK_OPEN);
	stage_free(s);
}

static void
who_is_no_contact_gets_it_another_way(void **state)
{
	struct stage *s = begin("2026-11-23T14:00:00+08:00", STEPS("[w, a]", ""));

	(void)state;
	visit(s, "C2", "");
	stage_expect(s, "C2", 0, MSG_SUPPRESSED, REASON_NO_ADDRESS);
	task_expect(s, "C1", 0, TASK_OPEN);
	stage_free(s);
}

/* ---- what he says ---- */

static const struct {
	const char *name, *outcome;
	int status;
	enum msg_state msg;
	enum task_state task;
	int used;
	const char *tags;
} ends[] = {
	{ "sent", "sent", 200, MSG_DELIVERED, TASK_DONE, 1, "on" },
	{ "done means sent", "", 200, MSG_DELIVERED, TASK_DONE, 1, "on" },
	{ "unfit: silence, and on", "unfit", 200, MSG_LAPSED, TASK_DONE, 0, "on" },
	{ "later", "later", 200, MSG_DUE, TASK_WAITING, 0, "" },
	{ "a word of calls", "reached", 422, MSG_AWAITING, TASK_OPEN, 1, "" },
};

static void
s17_done_by_what_he_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		struct stage *s = begin(MONDAY, STEPS("[w, a]", ""));

		print_message("  %s\n", ends[i].name);
		assert_int_equal(task_report(s, id_of(s, "C1"), ends[i].outcome, "", ""),
		    ends[i].status);
		stage_expect(s, "C1", 0, ends[i].msg, REASON_NONE);
		task_expect(s, "C1", 0, ends[i].task);
		assert_int_equal(used(s, "C1"), ends[i].used);
		task_tags(s, "C1", ends[i].tags);
		/* By no other channel. */
		assert_int_equal(s->letters->len, 0);
		stage_free(s);
	}
}

static void
twice_is_once_and_another_word_is_refused(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));
	int64_t id = id_of(s, "C1");

	(void)state;
	assert_int_equal(task_report(s, id, "sent", "", "changed"), 200);
	assert_int_equal(task_report(s, id, "sent", "", ""), 200);
	assert_int_equal(task_report(s, id, "unfit", "", ""), 409);
	assert_int_equal(used(s, "C1"), 1);
	assert_int_equal(events(s, "C1", "draft_sent"), 1);
	assert_int_equal(events(s, "C1", "observation"), 1);
	stage_free(s);
}

static void
later_comes_back_once_in_another_hour(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));
	int64_t id = id_of(s, "C1");

	(void)state;
	assert_int_equal(task_report(s, id, "later", "", ""), 200);
	assert_int_equal(task_report(s, id, "later", "", ""), 200);
	stage_run(s, MS_HOUR);
	task_expect(s, "C1", 0, TASK_WAITING);
	stage_run(s, 62 * MS_MINUTE);
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_int_equal(used(s, "C1"), 1);
	stage_free(s);
}

static const struct {
	const char *outcome, *sentence;
} stories[] = {
	{ "", "is to send it by hand" },
	{ "sent", "What was really sent is not known" },
	{ "unfit", "found it unfit" },
};

static void
s17_why_pretends_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(stories); i++) {
		struct stage *s = begin(MONDAY, STEPS("w", ""));
		const json_t *run, *step;

		if (*stories[i].outcome != '\0')
			assert_int_equal(
			    task_report(s, id_of(s, "C1"), stories[i].outcome, "", ""),
			    200);
		engine_why(s->engine, "C1", heard, s);
		stage_run(s, 5);
		run = json_array_get(json_object_get(said, "runs"), 0);
		step = json_array_get(json_object_get(run, "steps"), 0);
		assert_non_null(
		    strstr(json_string_value(json_object_get(step, "sentence")),
			stories[i].sentence));
		assert_string_equal(
		    json_string_value(json_object_get(step, "by_hand")), "李娜");
		stage_free(s);
	}
}

/* ---- taken back ---- */

static void
s17_it_is_taken_back_before_a_quiet_window(void **state)
{
	struct stage *s = begin("2026-11-23T09:10:00+08:00", STEPS("w", ""));

	(void)state;
	task_until(s, "2026-11-23T11:22:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	task_until(s, "2026-11-23T11:25:00+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_RATE_LIMITED);
	assert_int_equal(used(s, "C1"), 0);
	task_until(s, "2026-11-23T13:45:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_int_equal(used(s, "C1"), 1);
	stage_free(s);
}

static void
what_he_sent_although_it_was_taken_back_counts(void **state)
{
	struct stage *s = begin("2026-11-23T09:10:00+08:00", STEPS("w", ""));

	(void)state;
	task_until(s, "2026-11-23T12:00:00+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	assert_int_equal(task_report(s, id_of(s, "C1"), "sent", "", ""), 200);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	task_expect(s, "C1", 0, TASK_DONE);
	assert_int_equal(used(s, "C1"), 1);
	stage_free(s);
}

static void
nobody_sent_it_and_the_next_channel_has_its_time(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("[w, a]", ", due: 2h"));

	(void)state;
	task_until(s, "2026-11-23T16:02:00+08:00");
	task_expect(s, "C1", 0, TASK_LAPSED);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(used(s, "C1"), 1);
	/* What he says now is kept, and changes nothing. */
	assert_int_equal(task_report(s, id_of(s, "C1"), "sent", "", ""), 200);
	assert_int_equal(task_report(s, id_of(s, "C1"), "later", "", ""), 409);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(events(s, "C1", "draft_sent"), 1);
	stage_free(s);
}

/* The next channel's service refused it, too. */
static void
once_it_was_taken_back_for_good_it_is_no_draft_again(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("[w, a]", ", due: 2h"));

	(void)state;
	s->say = SAY_BAD_ADDRESS;
	task_until(s, "2026-11-23T16:30:00+08:00");
	assert_int_equal(s->letters->len, 1);
	task_expect(s, "C1", 0, TASK_LAPSED);
	assert_int_equal(used(s, "C1"), 0);
	task_tags(s, "C1", "on");
	stage_free(s);
}

static void
of_its_use_two_hours_are_left_to_the_next_channel(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("[w, a]", ", expires: 5h"));

	(void)state;
	task_until(s, "2026-11-23T16:55:00+08:00");
	task_expect(s, "C1", 0, TASK_OPEN);
	task_until(s, "2026-11-23T17:02:00+08:00");
	task_expect(s, "C1", 0, TASK_LAPSED);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

static void
too_late_for_a_person_it_goes_another_way_at_once(void **state)
{
	/* The meal is over at 13:30, its use at 13:00. */
	struct stage *s =
	    begin("2026-11-23T10:30:00+08:00", STEPS("[w, a]", ", expires: 150m"));

	(void)state;
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->letters->len, 1);
	stage_free(s);
}

static void
nobody_sent_it_and_nothing_else_is_left(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ", due: 2h"));

	(void)state;
	task_until(s, "2026-11-23T16:02:00+08:00");
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	task_expect(s, "C1", 0, TASK_LAPSED);
	assert_int_equal(used(s, "C1"), 0);
	task_tags(s, "C1", "on");
	stage_free(s);
}

static void
an_opt_out_takes_it_back(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));

	(void)state;
	assert_int_equal(task_report(s, id_of(s, "C1"), "later", "", ""), 200);
	stage_run(s, 122 * MS_MINUTE);
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_int_equal(stage_event(s, "x1", "C1", "complaint"), 201);
	stage_run(s, MS_SECOND);
	task_expect(s, "C1", 0, TASK_WITHDRAWN);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_COMPLAINT_BLOCK);
	assert_int_equal(used(s, "C1"), 0);
	stage_free(s);
}

static void
by_hand_it_is_withdrawn_too(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));

	(void)state;
	engine_task_withdraw(s->engine, id_of(s, "C1"), stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	task_expect(s, "C1", 0, TASK_WITHDRAWN);
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	assert_int_equal(used(s, "C1"), 0);
	stage_free(s);
}

static void
who_was_erased_has_no_draft_and_nothing_is_written_of_him(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));
	int64_t id = id_of(s, "C1");
	struct task_row t;

	(void)state;
	engine_erase(s->engine, "C1", heard, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(task_get(s->store, id, &t, &e), 1);
	assert_int_equal(t.state, TASK_WITHDRAWN);
	assert_int_equal(task_report(s, id, "sent", "", ""), 409);
	stage_free(s);
}

static void
after_a_death_it_stands_as_it_stood(void **state)
{
	struct stage *s = begin(MONDAY, STEPS("w", ""));

	(void)state;
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_int_equal(used(s, "C1"), 1);
	stage_free(s);
}

/* ---- whose contact he is ---- */

static void
contact(struct stage *s, const char *member, const char *name, bool gone)
{
	const struct staff f = { .ext = member,
		.name = name,
		.store = "",
		.role = "advisor",
		.wecom = member,
		.phone = "",
		.deputy = "",
		.successor = "",
		.left_on = gone ? (struct date){ 2026, 11, 1 } : (struct date){ 0 },
		.attrs = "{}" };
	struct contact_row c = { .h = customer_hash(s->store, CHANNEL_WECOM, "wmA"),
		.external = "wmA",
		.name = "x" };
	const struct follow is = { .member = member,
		.account = "",
		.since = 1,
		.ended = FOLLOW_IS,
		.remark = "",
		.state = "",
		.mobiles = "" };
	struct follow follow = is;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(staff_put(s->store, &f, &e), 0);
	assert_int_equal(contact_put(s->store, &c, 1, &e), 0);
	follow.contact = c.id;
	assert_int_equal(follow_put(s->store, &follow, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

/* A draft on the list of somebody who is no contact of his cannot be sent. */
static void
who_has_him_sends_it(void **state)
{
	struct stage *s = stage_new(MONDAY, "config/policy.yaml", MEALS ROWS,
	    "templates/wecom/w.liquid", TEXT, "config/playbooks/p.yaml", STEPS("w", ""),
	    NULL);
	struct task_row t;

	(void)state;
	contact(s, "LiuYang", "刘洋", false);
	visit(s, "C1", "wmA");
	assert_true(task_nth(s, "C1", 0, &t));
	assert_string_equal(t.assignee, "刘洋");
	stage_free(s);
}

static void
nobody_has_him_any_more(void **state)
{
	struct stage *s = stage_new(MONDAY, "config/policy.yaml", MEALS ROWS,
	    "templates/wecom/w.liquid", TEXT, "config/playbooks/p.yaml",
	    STEPS("[w, a]", ""), NULL);
	struct task_row t;

	(void)state;
	contact(s, "LiuYang", "刘洋", true);
	visit(s, "C1", "wmA");
	assert_false(task_nth(s, "C1", 0, &t));
	stage_run(s, 60 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s17_it_is_given_in_open_windows_of_two_hours),
		cmocka_unit_test(s17_the_task_carries_the_text_and_three_buttons),
		cmocka_unit_test(so_many_a_day_and_the_rest_tomorrow),
		cmocka_unit_test(who_is_no_contact_gets_it_another_way),
		cmocka_unit_test(who_has_him_sends_it),
		cmocka_unit_test(nobody_has_him_any_more),
		cmocka_unit_test(s17_done_by_what_he_says),
		cmocka_unit_test(twice_is_once_and_another_word_is_refused),
		cmocka_unit_test(later_comes_back_once_in_another_hour),
		cmocka_unit_test(s17_why_pretends_nothing),
		cmocka_unit_test(s17_it_is_taken_back_before_a_quiet_window),
		cmocka_unit_test(what_he_sent_although_it_was_taken_back_counts),
		cmocka_unit_test(nobody_sent_it_and_the_next_channel_has_its_time),
		cmocka_unit_test(once_it_was_taken_back_for_good_it_is_no_draft_again),
		cmocka_unit_test(of_its_use_two_hours_are_left_to_the_next_channel),
		cmocka_unit_test(too_late_for_a_person_it_goes_another_way_at_once),
		cmocka_unit_test(nobody_sent_it_and_nothing_else_is_left),
		cmocka_unit_test(an_opt_out_takes_it_back),
		cmocka_unit_test(by_hand_it_is_withdrawn_too),
		cmocka_unit_test(
		    who_was_erased_has_no_draft_and_nothing_is_written_of_him),
		cmocka_unit_test(after_a_death_it_stands_as_it_stood),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	json_decref(said);
	return rc;
}
