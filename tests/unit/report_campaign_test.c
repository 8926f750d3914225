/* report_campaign_test.c - the worked campaigns, to the digit. */
#include "report_world.h"

#define SMS_DELIVERED                                          \
	{                                                      \
		.channel = CHANNEL_SMS, .state = MSG_DELIVERED \
	}
#define SMS_ACCEPTED                                          \
	{                                                     \
		.channel = CHANNEL_SMS, .state = MSG_ACCEPTED \
	}

static const char winback[] =
    "  margin: 45%\n"
    "  lifetime: { yearly: 8000, years: 5 }\n"
    "  campaigns:\n"
    "    - name: win-back\n"
    "      playbooks: [winback-a, winback-b]\n"
    "      costs:\n"
    "        - { name: perks, per: recalled, yuan: 300 }\n"
    "        - { name: visits, per: recalled, yuan: 400 }\n"
    "        - { name: people, per: once, yuan: 3000, times: 12 }\n"
    "        - { name: preparation, per: once, yuan: 5000 }\n"
    "      worth: { recalled: 3000, extra: 5000, referral: 1000 }\n";

/* One of a group: how far the k-th customer came. */
static void
take_in(int book, const char *priority, int k, const int steps[4], int *recalled)
{
	char attrs[64];
	int64_t man, run;
	bool reached = k < steps[0], back = k < steps[3];
	ms_t at = START + k * MS_MINUTE, goal = back ? at + 20 * DAY : 0;

	g_snprintf(attrs, sizeof(attrs), "{\"priority\":\"%s\"}", priority);
	man = person(
	    (struct person_of){ .stage = back ? "returned" : "lost", .attrs = attrs });
	run = run_of(man, book, false, at, goal);
	touch_of(man, book, run, at,
	    reached ? (struct touch_of)SMS_DELIVERED : (struct touch_of)SMS_ACCEPTED);
	if (k < steps[1])
		event_of(man, "reply", at + DAY, "{}");
	if (k < steps[2])
		event_of(man, "trial", at + 10 * DAY, "{}");
	if (!back)
		return;
	event_of(man, "visit", goal, "{}");
	/* Of 35: 32 came again, 18 of them twice, 12 bought extras, 5 brought others. */
	if (*recalled < 32)
		event_of(man, "visit", goal + 40 * DAY, "{}");
	if (*recalled < 18)
		event_of(man, "visit", goal + 80 * DAY, "{}");
	if (*recalled < 12)
		event_of(man, "extra", goal + 40 * DAY, "{}");
	if (*recalled < 5)
		event_of(man, "referral", goal + 50 * DAY, "{}");
	++*recalled;
}

static void
lose_280(void)
{
	static const int a[4] = { 52, 30, 23, 20 }, b[4] = { 95, 35, 22, 15 };
	int book_a = playbook("winback-a"), book_b = playbook("winback-b"), recalled = 0;

	for (int k = 0; k < 68; k++)
		take_in(book_a, "A", k, a, &recalled);
	for (int k = 0; k < 142; k++)
		take_in(book_b, "B", k, b, &recalled);
	for (int k = 0; k < 70; k++) {
		int64_t man = person((struct person_of){
		    .stage = "lost", .attrs = "{\"priority\":\"C\"}" });

		/* Fifteen more a month, over five months. */
		if (k < 60)
			event_of(man, "stage_changed", START + (k / 15) * 31 * DAY,
			    "{\"from\":\"dormant\",\"to\":\"lost\"}");
	}
}

static void
people(const struct sheet *s, int row, const int n[6])
{
	static const char *const columns[6] = { "listed", "targeted", "reached",
		"answered", "tried", "recalled" };

	for (int i = 0; i < 6; i++)
		COUNTS(s, row, columns[i], n[i]);
}

static void
d07_14_worked_campaign(void **state)
{
	struct sheet *s;
	int a, b, all;

	(void)state;
	world(winback);
	lose_280();
	s = ask("campaign", "campaign,priority", "", "");
	a = row_of(s, "win-back", "A");
	b = row_of(s, "win-back", "B");
	all = row_of(s, "win-back", "all");
	people(s, a, (const int[]){ 68, 68, 52, 30, 23, 20 });
	people(s, b, (const int[]){ 142, 142, 95, 35, 22, 15 });
	people(s, row_of(s, "win-back", "C"), (const int[]){ 70, 0, 0, 0, 0, 0 });
	people(s, all, (const int[]){ 280, 210, 147, 65, 45, 35 });
	PERCENT(s, a, "recall", 38);
	PERCENT(s, b, "recall", 16);
	SAYS(s, all, "recall_of_targeted", 0.167, 0.0005);
	COUNTS(s, all, "returned", 32);
	PERCENT(s, all, "retained", 91);
	COUNTS(s, all, "twice", 18);
	PERCENT(s, all, "twice_share", 51);
	COUNTS(s, all, "extras", 12);
	PERCENT(s, all, "extras_share", 34);
	COUNTS(s, all, "referred", 5);
	PERCENT(s, all, "referred_share", 14);
	COUNTS(s, all, "cost", 65500);
	COUNTS(s, all, "income", 170000);
	COUNTS(s, all, "gross", 76500);
	COUNTS(s, all, "net_gain", 11000);
	SAYS(s, all, "net_roi", 0.168, 0.0005);
	COUNTS(s, all, "lifetime_gross", 630000);
	PERCENT(s, all, "lifetime_net_roi", 862);
	SAYS(s, all, "value_to_cost", 2.60, 0.005);
	SILENT(s, a, "cost");
	assert_string_equal(s->notes[1].en, "15 customers more are lost a month.");
	sheet_free(s);
	world_end();
}

static void
d07_14_a_told_amount_goes_before_an_assumed_one(void **state)
{
	struct sheet *s;
	int book, all;
	int64_t man;

	(void)state;
	world(winback);
	book = playbook("winback-a");
	man = person((struct person_of){ .attrs = "{\"priority\":\"A\"}" });
	run_of(man, book, false, START, START + DAY);
	event_of(man, "visit", START + DAY, "{\"amount\":1200}");
	event_of(man, "visit", START + 30 * DAY, "{\"amount\":800}");
	/* The order of a day tells it better than the visit; a year later is too late. */
	do_sql("INSERT INTO repair VALUES(900, 'R1', %d, '', '', '', %" G_GINT64_FORMAT
	       ", 90000, 0, '[]', '[]', '{}')",
	    (int)man, START + 30 * DAY + MS_HOUR);
	event_of(man, "extra", START + 40 * DAY, "{\"amount\":2000}");
	s = ask("campaign", "", "", "");
	all = row_of(s, "win-back", "all");
	COUNTS(s, all, "income", 1200 + 900 + 2000);
	COUNTS(s, all, "cost", 300 + 400 + 36000 + 5000);
	sheet_free(s);
	world_end();
}

static void
d06_06_economics_of_100(void **state)
{
	static const struct {
		const char *item;
		double yuan;
	} rows[] = { { "people", 13000 }, { "perks", 15000 }, { "channels", 3000 },
		{ "ritual", 3500 }, { "sum of costs", 34500 }, { "value", 225000 } };
	struct sheet *s;
	int book;

	(void)state;
	world("  campaigns:\n    - name: dormant\n      playbooks: dormant-21d\n      "
	      "costs:\n"
	      "        - { name: people, per: targeted, yuan: 130 }\n"
	      "        - { name: perks, per: targeted, yuan: 150 }\n"
	      "        - { name: channels, per: messages }\n"
	      "        - { name: ritual, per: recalled, yuan: 100 }\n");
	book = playbook("dormant-21d");
	for (int k = 0; k < 100; k++) {
		int64_t man = person((struct person_of){ 0 }), run;

		run = run_of(man, book, false, START, k < 35 ? START + DAY : 0);
		touch_of(man, book, run, START,
		    (struct touch_of){ .state = MSG_DELIVERED, .cost = 30 });
		if (k < 35)
			event_of(man, "visit", START + DAY,
			    k < 34 ? "{\"amount\":6400}" : "{\"amount\":7400}");
	}
	s = ask("economics", "", "", "");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		COUNTS(s, row_of(s, "dormant", rows[i].item), "yuan", rows[i].yuan);
	COUNTS(s, row_of(s, "dormant", "recalled"), "customers", 35);
	SAYS(s, row_of(s, "dormant", "value to cost"), "ratio", 6.5, 0.05);
	sheet_free(s);
	world_end();
}

static void
d07_15_value_to_cost_is_not_net_roi(void **state)
{
	struct sheet *s;
	int book;
	int64_t man, run;

	(void)state;
	world("  margin: 45%\n");
	book = playbook("rescue");
	man = person((struct person_of){ 0 });
	run = run_of(man, book, false, START, START + DAY);
	touch_of(man, book, run, START,
	    (struct touch_of){ .state = MSG_ACCEPTED, .cost = 350 });
	event_of(man, "visit", START + DAY, "{\"amount\":125000}");
	/* Beyond the horizon of a year nothing counts; held out, nothing is earned. */
	run_of(person((struct person_of){ 0 }), book, true, START, START + DAY);
	s = ask("value", "", "", "");
	assert_int_equal(s->n_rows, 1);
	COUNTS(s, 0, "cost", 350);
	COUNTS(s, 0, "income", 125000);
	SAYS(s, 0, "value_to_cost", 357.142857, 1e-6);
	COUNTS(s, 0, "gross", 56250);
	COUNTS(s, 0, "net_gain", 55900);
	SAYS(s, 0, "net_roi", 159.714286, 1e-6);
	sheet_free(s);
	world_end();
}

static void
d07_13_dashboard_against_targets(void **state)
{
	struct sheet *s;
	int recall;

	(void)state;
	world(winback);
	lose_280();
	s = ask("dashboard", "priority", "", "");
	assert_int_equal(s->n_rows, 2);
	SAYS(s, 0, "reach", 52.0 / 68, 1e-9);
	SAYS(s, 0, "response", 30.0 / 52, 1e-9);
	SAYS(s, 0, "trial", 23.0 / 30, 1e-9);
	SAYS(s, 0, "recall", 20.0 / 52, 1e-9);
	SAYS(s, 0, "recall_of_targeted", 20.0 / 68, 1e-9);
	SAYS(s, 1, "trial", 22.0 / 35, 1e-9);
	SAYS(s, 1, "retained", 12.0 / 15, 1e-9);
	recall = sheet_find(s, "recall");
	assert_true(s->columns[recall].target == 0.3);
	assert_true(isnan(s->columns[sheet_find(s, "recall_of_targeted")].target));
	sheet_free(s);
	world_end();
}

/* By every dimension; how long away is told as of the entry, not as of today. */
static void
d07_13_dashboard_by_every_dimension(void **state)
{
	static const struct {
		const char *by, *says;
	} rows[] = { { "duration", "6-12" }, { "cause", "price" }, { "playbook", "win" },
		{ "store", "S1" }, { "advisor", "Li" }, { "tier", "high" },
		{ "channel", "wecom" }, { "month", "2026-06" }, { "day", "2026-06-01" },
		{ "priority", "A" }, { "stage", "returned" }, { "campaign", "" },
		{ "offer", "" }, { "variant", "" } };
	int book;
	int64_t man, run;

	(void)state;
	world("");
	book = playbook("win");
	man = person((struct person_of){ .tier = "high",
	    .stage = "returned",
	    .store = "S1",
	    .advisor = "Li",
	    .attrs = "{\"priority\":\"A\",\"lost_cause\":\"price\"}",
	    .last_visit = START / DAY + 5 });
	event_of(man, "visit", START - 200 * DAY, "{}");
	run = run_of(man, book, false, START, START + 5 * DAY);
	touch_of(man, book, run, START, (struct touch_of){ .state = MSG_ACCEPTED });
	touch_of(man, book, run, START + DAY,
	    (struct touch_of){ .channel = CHANNEL_WECOM, .state = MSG_DELIVERED });
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct sheet *s = ask("dashboard", rows[i].by, "", "");

		assert_int_equal(s->n_rows, 1);
		row_of(s, rows[i].says, NULL);
		COUNTS(s, 0, "recalled", 1);
		sheet_free(s);
	}
	world_end();
}

/* Too late to count, held out, too early to tell. */
static void
d07_13_what_counts_and_what_does_not(void **state)
{
	struct sheet *s;
	int a, b;
	int64_t late, back, kept, fresh, run;

	(void)state;
	world("  attribution: 30d\n  stay: 20d\n  horizon: 40d\n");
	a = playbook("a");
	b = playbook("b");
	late = person((struct person_of){ 0 });
	run = run_of(late, a, false, START, 0);
	touch_of(late, a, run, START, (struct touch_of){ .state = MSG_ACCEPTED });
	event_of(late, "reply", START + 31 * DAY, "{}");
	event_of(late, "trial", START + 31 * DAY, "{}");
	back = person((struct person_of){ 0 });
	run = run_of(back, a, false, START, START + 10 * DAY);
	touch_of(back, a, run, START, (struct touch_of){ .state = MSG_DELIVERED });
	run_of(back, b, true, START + 1, START + 11 * DAY); /* takes no income */
	event_of(back, "visit", START + 35 * DAY, "{\"amount\":100}");
	event_of(back, "visit", START + 45 * DAY,
	    "{\"amount\":50}"); /* of the entry too late */
	event_of(back, "visit", START + 60 * DAY, "{\"amount\":7}"); /* of the goal too */
	kept = person((struct person_of){ 0 });
	run_of(kept, a, false, START, START + 10 * DAY);
	event_of(kept, "visit", START + 30 * DAY, "{}");
	fresh = person((struct person_of){ 0 });
	run_of(fresh, a, false, NOW - 9 * DAY, NOW - 5 * DAY);
	run_of(person((struct person_of){ 0 }), a, true, START, START + DAY);

	s = ask("dashboard", "", "", "");
	assert_int_equal(s->n_rows, 1); /* b has nobody but one held out */
	COUNTS(s, 0, "targeted", 4);
	COUNTS(s, 0, "reached", 1);
	COUNTS(s, 0, "answered", 0);
	COUNTS(s, 0, "tried", 0);
	COUNTS(s, 0, "recalled", 3);
	COUNTS(s, 0, "recall", 1); /* one of the one reached */
	COUNTS(s, 0, "retained", 0.5);
	assert_int_equal(s->n_notes, 3); /* who may yet stay, what to do, of which days */
	sheet_free(s);
	s = ask("value", "", "", "");
	COUNTS(s, row_of(s, "a", NULL), "income", 150);
	sheet_free(s);
	s = ask("control", "", "", "");
	SAYS(s, row_of(s, "a", NULL), "income", 100 / 4.0, 1e-9);
	sheet_free(s);
	world_end();
}

/* Whoever came back after he entered is told by where he stood before. */
static void
d07_01_months_away_at_entry(void **state)
{
	static const struct {
		int days;
		const char *says;
	} rows[] = { { 89, "shorter" }, { 90, "3-6" }, { 180, "6-12" }, { 365, "12-24" },
		{ 730, "over-24" } };
	struct sheet *s;
	int book;

	(void)state;
	world("");
	book = playbook("a");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int64_t man = person((struct person_of){ .last_visit = NOW / DAY - 1 });

		event_of(man, "visit", START - rows[i].days * DAY, "{}");
		event_of(man, "visit", NOW - DAY, "{}");
		run_of(man, book, false, START, NOW - DAY);
	}
	s = ask("dashboard", "duration", "", "");
	assert_int_equal(s->n_rows, G_N_ELEMENTS(rows));
	for (int i = 0; i < s->n_rows; i++) { /* in their order */
		assert_string_equal(sheet_cell(s, i, 0)->text, rows[i].says);
		COUNTS(s, i, "targeted", 1);
	}
	sheet_free(s);
	world_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(d07_14_worked_campaign),
		cmocka_unit_test(d07_14_a_told_amount_goes_before_an_assumed_one),
		cmocka_unit_test(d06_06_economics_of_100),
		cmocka_unit_test(d07_15_value_to_cost_is_not_net_roi),
		cmocka_unit_test(d07_13_dashboard_against_targets),
		cmocka_unit_test(d07_13_dashboard_by_every_dimension),
		cmocka_unit_test(d07_13_what_counts_and_what_does_not),
		cmocka_unit_test(d07_01_months_away_at_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
