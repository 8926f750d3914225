/* launch_test.c - how a campaign is let out: countdown, stages, limits, a person's word
 * (S22); budgets; what is asked back before it is published. */
#include "hand_stage.h"
#include "store/event.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define POLICY "config/policy.yaml"
#define RULES(launch)                                                    \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"    \
	"tiers:\n  high: { cap: 3 }\n  low: { cap: 1 }\nmin_gap: none\n" \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n"     \
	"service: { per_day: 100, per_month: 1000 }\nlaunch: " launch "\n"
#define LIST(more)                                                 \
	"playbook: care\ncategory: marketing\nstatus: live\n" more \
	"start: { list: \"tag:x\", once: true }\n"                 \
	"steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: a }\n"
#define LIST_AT(at)                                                 \
	"playbook: care\ncategory: marketing\nstatus: live\n"       \
	"start: { list: { tag: x }, at: \"" at "\", once: true }\n" \
	"steps:\n  - { id: one, send: a }\n"
#define VISITS(more)                                               \
	"playbook: care\ncategory: marketing\nstatus: live\n" more \
	"start: { on: visit }\nsteps:\n  - { id: one, after: 1m, send: a }\n"

static int
entered(struct stage *s)
{
	return stage_number(s, "SELECT count(*) FROM run");
}

static void
s22_a_first_publication_counts_down(void **state)
{
	struct stage *s =
	    hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE, LIST(""), NULL);

	(void)state;
	hand_people(s, 5);
	assert_string_equal(hand_launch(s, "care"), "countdown");
	stage_run(s, 8 * MS_MINUTE);
	assert_int_equal(entered(s), 0);
	stage_run(s, 4 * MS_MINUTE);
	assert_int_equal(entered(s), 5);
	assert_int_equal(s->letters->len, 5);
	assert_string_equal(hand_launch(s, "care"), "done");
	stage_free(s);
}

static void
s22_a_countdown_is_stopped_before_anyone_is_touched(void **state)
{
	struct stage *s =
	    hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE, LIST(""), NULL);

	(void)state;
	hand_people(s, 5);
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"李明\"}"), 200);
	stage_run(s, MS_DAY);
	assert_int_equal(entered(s), 0);
	assert_string_equal(hand_launch(s, "care"), "held");
	/* a mended text waits too */
	stage_put(s, CARE, LIST("title: y\n"));
	assert_int_equal(hand_reload(s), 200);
	stage_run(s, MS_HOUR);
	assert_int_equal(entered(s), 0);
	assert_string_equal(hand_launch(s, "care"), "held");
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, MS_MINUTE);
	assert_int_equal(entered(s), 5);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 409);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"cart\"}"), 404);
	stage_free(s);
}

static void
s22_go_ends_the_countdown(void **state)
{
	struct stage *s =
	    hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE, LIST(""), NULL);

	(void)state;
	hand_people(s, 2);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, MS_MINUTE);
	assert_int_equal(entered(s), 2);
	stage_free(s);
}

/* Whom an event brings meanwhile is not lost. */
static void
s22_events_in_the_countdown_are_offered_again(void **state)
{
	struct stage *s = hand_stage(START, POLICY, RULES("{}"), CARE, VISITS(""), NULL);

	(void)state;
	hand_people(s, 2);
	assert_int_equal(stage_event(s, "e1", "C1", "visit"), 201);
	stage_run(s, MS_MINUTE);
	assert_int_equal(entered(s), 0);
	stage_run(s, 12 * MS_MINUTE);
	assert_int_equal(entered(s), 1);
	assert_int_equal(s->letters->len, 1);
	/* a new version of what has been out does not count down */
	stage_put(s, CARE, VISITS("title: y\n"));
	assert_int_equal(hand_reload(s), 200);
	assert_string_equal(hand_launch(s, "care"), "done");
	stage_free(s);
}

/* 20, then a tenth by draw, then all, two hours each. */
static void
s22_a_list_is_let_out_by_stages(void **state)
{
	struct stage *s =
	    hand_stage(START, POLICY, RULES("{ countdown: off }"), CARE, LIST(""), NULL);
	int second;

	(void)state;
	hand_people(s, 900);
	stage_run(s, MS_HOUR);
	assert_int_equal(entered(s), 20);
	assert_string_equal(hand_launch(s, "care"), "ramp");
	stage_run(s, 70 * MS_MINUTE);
	second = entered(s);
	assert_in_range(second, 80, 130);
	stage_run(s, 2 * MS_HOUR + 10 * MS_MINUTE);
	assert_int_equal(entered(s), 900);
	assert_int_equal(s->letters->len, 900);
	stage_run(s, MS_DAY + MS_HOUR);
	assert_string_equal(hand_launch(s, "care"), "done");
	stage_free(s);
}

/* A stage of the evening has not had its time before its messages have gone. */
static void
s22_the_night_is_no_time_of_a_stage(void **state)
{
	struct stage *s = hand_stage("2026-03-10T21:58:00+08:00", POLICY,
	    RULES("{ countdown: off }"), CARE, LIST("ramp: [2, 100%]\n"), NULL);

	(void)state;
	hand_people(s, 6);
	stage_run(s, 9 * MS_HOUR);
	assert_int_equal(entered(s), 2);
	stage_run(s, 90 * MS_MINUTE);
	assert_int_equal(s->letters->len, 2);
	assert_int_equal(entered(s), 2);
	stage_run(s, 3 * MS_HOUR);
	assert_int_equal(entered(s), 6);
	stage_free(s);
}

static const struct stop_row {
	const char *name, *ramp;
	int refused, stops, complaints;
	const char *state;
} stops[] = {
	{ "one opt-out of ten proves nothing", "[10, 100%]", 0, 1, 0, "ramp" },
	{ "two opt-outs of ten", "[10, 100%]", 0, 2, 0, "stopped" },
	{ "two opt-outs under a limit of its own",
	    "{ stages: [10, 100%], stop_at: { opt_outs: 50% } }", 0, 2, 0, "ramp" },
	{ "one complaint of ten", "[10, 100%]", 0, 0, 1, "stopped" },
	{ "a gateway that refuses", "[10, 100%]", 1, 0, 0, "stopped" },
};

static void
s22_a_limit_stops_the_ramp(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(stops); i++) {
		const struct stop_row *row = &stops[i];
		char *text = g_strdup_printf(LIST("ramp: %s\n"), row->ramp);
		struct stage *s = hand_stage(
		    START, POLICY, RULES("{ countdown: off }"), CARE, text, NULL);

		s->say = row->refused ? SAY_REFUSED : SAY_TAKEN;
		hand_people(s, 40);
		stage_run(s, 20 * MS_MINUTE);
		assert_int_equal(entered(s), 10);
		for (int k = 0; k < row->stops + row->complaints; k++) {
			char key[8];

			g_snprintf(key, sizeof(key), "k%d", k);
			assert_int_equal(stage_receipt(s, RECEIPT_REPLY, key, k,
					     ((struct letter *)s->letters->pdata[k])->to,
					     row->stops ? "TD" : "投诉"),
			    200);
		}
		stage_run(s, 10 * MS_MINUTE);
		if (strcmp(hand_launch(s, "care"), row->state) != 0)
			fail_msg("%s: %s", row->name, hand_launch(s, "care"));
		stage_run(s, 6 * MS_HOUR);
		assert_int_equal(entered(s), strcmp(row->state, "ramp") == 0 ? 40 : 10);
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM alarm WHERE kind = 'launch'"),
		    strcmp(row->state, "stopped") == 0);
		stage_free(s);
		g_free(text);
	}
}

/* What a person has seen stops it no second time. */
static void
s22_a_person_lets_it_go_on(void **state)
{
	struct stage *s = hand_stage(START, POLICY, RULES("{ countdown: off }"), CARE,
	    LIST("ramp: [10, 100%]\n"), NULL);

	(void)state;
	s->say = SAY_REFUSED;
	hand_people(s, 40);
	stage_run(s, 20 * MS_MINUTE);
	assert_string_equal(hand_launch(s, "care"), "stopped");
	s->say = SAY_TAKEN;
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, 3 * MS_HOUR);
	assert_int_equal(entered(s), 10);
	assert_int_equal(hand(s, "go", "{\"playbook\":\"care\"}"), 200);
	stage_run(s, 5 * MS_HOUR);
	assert_int_equal(entered(s), 40);
	stage_free(s);
}

static const struct forecast_row {
	const char *name, *start, *rate;
	int people;
	const char *finish;
	int spill;
	const char *list; /* NULL: LIST("") */
} forecasts[] = {
	{ "in an hour", "2026-03-10T09:00:00+08:00", "1/min", 60,
	    "2026-03-10T10:00:00+08:00", 0, NULL },
	{ "into the next day", "2026-03-10T20:49:45+08:00", "1/min", 100,
	    "2026-03-11T08:40:00+08:00", 40, NULL },
	{ "without a rate", "2026-03-10T09:00:00+08:00", NULL, 60,
	    "2026-03-10T09:00:00+08:00", 0, NULL },
	{ "it is night", "2026-03-10T23:00:00+08:00", "1/min", 30,
	    "2026-03-11T08:30:00+08:00", 0, NULL },
	/* it was said to be out before its list began */
	{ "a list of next week", "2026-03-10T09:00:00+08:00", "1/min", 30,
	    "2026-03-17T10:30:00+08:00", 0, LIST_AT("2026-03-17 10:00") },
};

static void
s22_it_is_told_when_all_will_be_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(forecasts); i++) {
		const struct forecast_row *row = &forecasts[i];
		char *accounts =
		    g_strdup_printf("entity: { name: 示例, tz: Asia/Shanghai }\n"
				    "providers:\n  - { name: sms, type: sandbox, "
				    "channels: [sms], url: \"http://127.0.0.1:1\", "
				    "internal: true%s%s }\n",
			row->rate == NULL ? "" : ", rate: ",
			row->rate == NULL ? "" : row->rate);
		struct stage *s = hand_stage(row->start, POLICY, RULES("{ ramp: off }"),
		    CARE, row->list != NULL ? row->list : LIST(""), "config/reachd.yaml",
		    accounts, NULL);
		ms_t finish;

		hand_people(s, row->people);
		assert_int_equal(hand(s, "forecast", "{\"playbook\":\"care\"}"), 200);
		assert_int_equal(hand_count("to_come"), row->people);
		finish =
		    stage_at(json_string_value(json_object_get(hand_said, "finish")));
		if (ABS(finish - stage_at(row->finish)) > MS_MINUTE)
			fail_msg("%s: %s", row->name,
			    json_string_value(json_object_get(hand_said, "finish")));
		assert_in_range(
		    hand_count("spill"), MAX(row->spill - 1, 0), row->spill + 1);
		stage_free(s);
		g_free(accounts);
	}
}

/* ---- a store's form: each is for its own people ---- */

static const struct forms_row {
	const char *name, *start;
} of_forms[] = {
	{ "by tag", "{ list: \"tag:x\", once: true }" },
	{ "from a file", "{ list: all.csv, once: true }" },
	{ "by a condition", "{ when: customer.tags contains \"x\" }" },
};

static void
in_stores(struct stage *s)
{
	static const char *const stores[] = { "west", "east", "west", "", "west" };

	for (size_t i = 0; i < G_N_ELEMENTS(stores); i++) {
		char ext[16], phone[24];
		struct customer c = stage_person(ext);

		g_snprintf(ext, sizeof(ext), "C%d", (int)i + 1);
		g_snprintf(phone, sizeof(phone), "+86199%08d", (int)i + 1);
		c.address[CHANNEL_SMS] = phone;
		c.tags = "x";
		c.store = stores[i];
		stage_keep(s, &c);
	}
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
}

static void
nobody_is_counted_for_the_common_playbook_and_for_a_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(of_forms); i++) {
		char *care = g_strdup_printf(
		    "playbook: care\ncategory: marketing\nstatus: live\nstart: %s\n"
		    "steps:\n  - { id: one, at: day 3 09:00, send: a }\n",
		    of_forms[i].start);
		struct stage *s = hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE,
		    care, "config/playbooks/all.csv", "id\nC1\nC2\nC3\nC4\nC5\nC6\n",
		    "config/stores.yaml",
		    "stores: [{ id: west }, { id: east, name: 城东店 }]\n",
		    "config/playbooks/east.yaml",
		    "playbook: east\nextends: care\nstores: 城东店\n", NULL);

		in_stores(s);
		assert_int_equal(hand(s, "forecast", "{\"playbook\":\"care\"}"), 200);
		if (hand_count("to_come") != 4)
			fail_msg("%s: %d", of_forms[i].name, (int)hand_count("to_come"));
		assert_int_equal(hand(s, "forecast", "{\"playbook\":\"east\"}"), 200);
		if (hand_count("to_come") != 1)
			fail_msg("%s: %d", of_forms[i].name, (int)hand_count("to_come"));
		stage_free(s);
		g_free(care);
	}
}

/* From 1 December on next year wants its calendar. */
static void
s18_a_year_without_its_calendar(void **state)
{
	static const char of_2026[] = "source: x\ncovers: 2026\nholidays: [2026-01-01]\n";
	struct stage *s = hand_stage("2026-11-30T09:00:00+08:00", CARE, VISITS(""),
	    "config/calendars/cn-2026.yaml", of_2026, NULL);

	(void)state;
	hand_launch(s, "care");
	assert_int_equal(hand_count("calendar_missing"), 0);
	stage_run(s, MS_DAY);
	hand_launch(s, "care");
	assert_int_equal(hand_count("calendar_missing"), 2027);
	stage_free(s);
}

static void
why(struct stage *s, const char *ext)
{
	engine_why(s->engine, ext, hand_answer, s);
	stage_run(s, 5);
}

static void
s22_why_says_who_waits_for_what(void **state)
{
	struct stage *s = hand_stage(START, POLICY, RULES("{ countdown: off }"), CARE,
	    LIST("ramp: [2, 100%]\n"), NULL);
	const json_t *run;

	(void)state;
	hand_people(s, 4);
	stage_run(s, MS_MINUTE);
	why(s, "C1");
	assert_int_equal(json_array_size(json_object_get(hand_said, "waiting")), 0);
	why(s, "C4");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(hand_said, "waiting"), 0), "sentence")),
	    "Not yet: stage 1 lets in others first.");
	assert_int_equal(hand(s, "hold", "{\"playbook\":\"care\",\"by\":\"李明\"}"), 200);
	why(s, "C4");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(hand_said, "waiting"), 0), "sentence")),
	    "Not yet: held by hand, 李明.");
	why(s, "C1");
	run = json_array_get(json_object_get(hand_said, "runs"), 0);
	assert_non_null(run);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s22_a_first_publication_counts_down),
		cmocka_unit_test(s22_a_countdown_is_stopped_before_anyone_is_touched),
		cmocka_unit_test(s22_go_ends_the_countdown),
		cmocka_unit_test(s22_events_in_the_countdown_are_offered_again),
		cmocka_unit_test(s22_a_list_is_let_out_by_stages),
		cmocka_unit_test(s22_the_night_is_no_time_of_a_stage),
		cmocka_unit_test(s22_a_limit_stops_the_ramp),
		cmocka_unit_test(s22_a_person_lets_it_go_on),
		cmocka_unit_test(s22_it_is_told_when_all_will_be_out),
		cmocka_unit_test(
		    nobody_is_counted_for_the_common_playbook_and_for_a_form),
		cmocka_unit_test(s18_a_year_without_its_calendar),
		cmocka_unit_test(s22_why_says_who_waits_for_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
