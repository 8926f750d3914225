/* money_test.c - budgets of money (S22): refused as `on_cap` says, given back, shown. */
#include "hand_stage.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define RULES(budgets)                                                                  \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"                   \
	"tiers:\n  high: { cap: 3 }\nmin_gap: none\ncosts: { sms: 0.05, push: 0.01 }\n" \
	"launch: { countdown: off, ramp: off }\n" budgets
#define LIST(more, on_cap)                                                    \
	"playbook: care\ncategory: marketing\nstatus: live\n" more            \
	"start: { list: \"tag:x\" }\n"                                        \
	"steps:\n  - { id: one, at: day 1 09:00, on_past: now, send: " on_cap \
	", expires: 72h }\n"

static const struct budget_row {
	const char *name, *policy, *playbook;
	guint day1, day2; /* letters by the end of the day, of ten people */
	enum say say;
} budgets[] = {
	{ "none", RULES(""), LIST("", "b"), 10, 10, SAY_TAKEN },
	{ "a day's ends the rest", RULES(""), LIST("budget: { day: 0.20 }\n", "b"), 4, 4,
	    SAY_TAKEN },
	{ "a day's, tried again on the next", RULES(""),
	    LIST("budget: { day: 0.20 }\n", "b, on_cap: retry"), 4, 8, SAY_TAKEN },
	{ "a total", RULES(""),
	    LIST("budget: { total: 0.35, day: 0.20 }\n", "b, on_cap: retry"), 4, 7,
	    SAY_TAKEN },
	{ "of the house", RULES("budgets: { day: 0.10 }\n"), LIST("", "b"), 2, 2,
	    SAY_TAKEN },
	{ "a month of the house", RULES("budgets: { month: 0.15 }\n"),
	    LIST("", "b, on_cap: retry"), 3, 3, SAY_TAKEN },
	{ "a store's is none of who has no store",
	    RULES("budgets: { store_day: 0.05 }\n"), LIST("", "b"), 10, 10, SAY_TAKEN },
	{ "a cheaper channel", RULES(""),
	    LIST("budget: { day: 0.10 }\n", "[b, p], on_cap: { fallback: push }"), 2, 2,
	    SAY_TAKEN },
	/* One is on its way when the others are asked about. */
	{ "what is refused is given back", RULES(""),
	    LIST("budget: { total: 0.05 }\n", "b, on_cap: retry"), 1, 2, SAY_REFUSED },
};

static void
s22_a_budget_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(budgets); i++) {
		const struct budget_row *row = &budgets[i];
		struct stage *s = hand_stage(
		    START, "config/policy.yaml", row->policy, CARE, row->playbook, NULL);

		s->say = row->say;
		hand_people(s, 10);
		stage_run(s, 6 * MS_HOUR);
		if (s->letters->len != row->day1)
			fail_msg("%s: %u on the first day", row->name, s->letters->len);
		stage_run(s, MS_DAY);
		if (s->letters->len != row->day2)
			fail_msg("%s: %u on the second day", row->name, s->letters->len);
		stage_free(s);
	}
}

static void
s22_a_budget_says_why(void **state)
{
	struct stage *s = hand_stage(START, "config/policy.yaml", RULES(""), CARE,
	    LIST("budget: { day: 0.05 }\n", "b"), NULL);
	const json_t *list;

	(void)state;
	hand_people(s, 2);
	stage_run(s, MS_HOUR);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM decision WHERE rule = 'budget' AND"
			   " line = 4 AND detail LIKE 'budget.day: 0.05 of 0.05%'"),
	    1);
	assert_string_equal(hand_launch(s, "care"), "done");
	list = json_object_get(
	    json_array_get(json_object_get(hand_said, "playbooks"), 0), "budgets");
	assert_float_equal(
	    json_real_value(json_object_get(json_array_get(list, 0), "used")), 0.05,
	    1e-9);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s22_a_budget_ends),
		cmocka_unit_test(s22_a_budget_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
