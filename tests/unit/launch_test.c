/* launch_test.c - how a campaign is let out: countdown, stages, limits, a person's word
 * (S22); budgets; what is asked back before it is published. */
#include "hand_stage.h"
#include "store/event.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define POLICY "config/policy.yaml"
#define RULES(launch)                                                                    \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"                    \
	"tiers:\n  high: { cap: 3 }\n  low: { cap: 1 }\nmin_gap: none\n"                 \
	"limits: [{ window: 1m, max: 1000, category: marketing }]\n"                     \
	"service: { per_day: 100, per_month: 1000 }\nlaunch: " launch "\n"
#define LIST(more)                                                                       \
	"playbook: care\ncategory: marketing\nstatus: live\n" more                       \
	"start: { list: \"tag:x\", once: true }\n"                                       \
	"steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: a }\n"
#define VISITS(more)                                                                     \
	"playbook: care\ncategory: marketing\nstatus: live\n" more                       \
	"start: { on: visit }\nsteps:\n  - { id: one, after: 1m, send: a }\n"

static int
entered(struct stage *s)
{
	return hand_number(s, "SELECT count(*) FROM run");
}

static void
s22_a_first_publication_counts_down(void **state)
{
	struct stage *s = hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE, LIST(""), NULL);

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
	struct stage *s = hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE, LIST(""), NULL);

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
	struct stage *s = hand_stage(START, POLICY, RULES("{ ramp: off }"), CARE, LIST(""), NULL);

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
	struct stage *s = hand_stage(START, POLICY, RULES("{ countdown: off }"), CARE, LIST(""),
	    NULL);
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
		struct stage *s = hand_stage(START, POLICY, RULES("{ countdown: off }"), CARE,
		    text, NULL);

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
		assert_int_equal(hand_number(s, "SELECT count(*) FROM alarm WHERE kind = 'launch'"),
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
