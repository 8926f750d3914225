/* report_test.c - reports on small worlds, counted by hand. */
#include "core/reason.h"
#include "report_world.h"

static void
balance_sums_to_the_touches(void **state)
{
	static const struct {
		int state, reason;
		const char *column;
	} rows[] = { { MSG_DUE, REASON_NONE, "held" },
		{ MSG_ACCEPTED, REASON_NONE, "sent" },
		{ MSG_DELIVERED, REASON_NONE, "sent" },
		{ MSG_PRESUMED, REASON_NONE, "sent" },
		{ MSG_PARKED, REASON_NONE, "unknown" },
		{ MSG_AWAITING, REASON_NONE, "awaiting" },
		{ MSG_SUPPRESSED, REASON_CAPPED, "capped" },
		{ MSG_SUPPRESSED, REASON_SUPPRESSED, "opted_out" },
		{ MSG_SUPPRESSED, REASON_EXPIRED, "expired" },
		{ MSG_REJECTED, REASON_NONE, "failed" },
		{ MSG_SUPPRESSED, REASON_GOAL_MET, "left" },
		{ MSG_SUPPRESSED, REASON_CONTROL, "control" } };
	struct sheet *s;
	int book;
	int64_t man, run;

	(void)state;
	world("");
	book = playbook("a");
	man = person((struct person_of){ 0 });
	run = run_of(man, book, false, START, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		touch_of(man, book, run, START + (ms_t)i * DAY,
		    (struct touch_of){
			.state = rows[i].state, .reason = rows[i].reason });
	touch_of(man, book, run, NOW + DAY, (struct touch_of){ .state = MSG_DUE });
	s = ask("balance", "none", "", "");
	COUNTS(s, 0, "touches", 13);
	COUNTS(s, 0, "planned", 1);
	COUNTS(s, 0, "sent", 3);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].column, "sent") != 0)
			COUNTS(s, 0, rows[i].column, 1);
	sheet_free(s);
	/* Both days are included. */
	s = ask("balance", "day", "2026-06-02", "2026-06-03");
	assert_int_equal(s->n_rows, 2);
	COUNTS(s, row_of(s, "2026-06-02", NULL), "sent", 1);
	COUNTS(s, row_of(s, "2026-06-03", NULL), "touches", 1);
	sheet_free(s);
	s = ask("balance", "reason", "", "");
	COUNTS(s, row_of(s, "capped", NULL), "touches", 1);
	sheet_free(s);
	world_end();
}

/* 40 entered, one held out, one too lately; 4 in time of 38: below 35 %, and not of 10 %. */
static void
expected_beside_actual(void **state)
{
	static const struct {
		int goal;
		const char *verdict;
	} rows[] = { { 3500, "below" }, { 1000, "as expected" }, { 100, "above" } };

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
		struct sheet *s;
		int book, few, named = 0;

		world("");
		book = playbook("a");
		few = playbook("b");
		for (int i = 0; i < 40; i++)
			run_of(person((struct person_of){ 0 }), book, i == 0,
			    i == 1 ? NOW - 3 * DAY : START,
			    i >= 2 && i < 6 ? START + 5 * DAY
			    : i < 9	    ? START + 22 * DAY
					    : 0);
		run_of(person((struct person_of){ 0 }), few, false, START, 0);
		run_of(person((struct person_of){ 0 }), playbook("c"), false, START, 0);
		expected[0] =
		    (struct expected){ "a", { rows[k].goal, 21 * DAY, false, { 0 } } };
		expected[1] = (struct expected){ "b", { 5000, 21 * DAY, true, { 0 } } };
		s = ask("expected", "", "", "");
		assert_int_equal(s->n_rows, 2);
		COUNTS(s, 0, "entered", 38);
		COUNTS(s, 0, "met", 4);
		assert_string_equal(
		    sheet_cell(s, 0, sheet_find(s, "verdict"))->text, rows[k].verdict);
		assert_string_equal(
		    sheet_cell(s, 1, sheet_find(s, "verdict"))->text, "too few to say");
		for (int i = 0; i < s->n_notes; i++)
			named += strstr(s->notes[i].en, "a is below") != NULL;
		assert_int_equal(named, k == 0);
		sheet_free(s);
		world_end();
	}
}

static void
d04_03_funnel_by_step(void **state)
{
	struct sheet *s;
	int book;
	int64_t man, run, first, second;

	(void)state;
	world("");
	book = playbook("a");
	man = person((struct person_of){ 0 });
	run = run_of(man, book, false, START, START + 5 * DAY);
	first = touch_of(man, book, run, START,
	    (struct touch_of){ .step = "hello", .state = MSG_DELIVERED });
	second = touch_of(man, book, run, START + 3 * DAY,
	    (struct touch_of){ .step = "offer", .state = MSG_ACCEPTED });
	touch_of(man, book, run, START + 9 * DAY,
	    (struct touch_of){
		.step = "late", .state = MSG_SUPPRESSED, .reason = REASON_GOAL_MET });
	hit_of(first, 0, START + MS_HOUR, "");
	hit_of(second, 1, START + 3 * DAY + 1, "early"); /* a machine */
	event_of(man, "reply", START + 4 * DAY, "{}");
	s = ask("funnel", "step", "", "");
	COUNTS(s, row_of(s, "hello", NULL), "delivered", 1);
	COUNTS(s, row_of(s, "hello", NULL), "opened", 1);
	COUNTS(s, row_of(s, "hello", NULL), "answered", 0);
	COUNTS(s, row_of(s, "hello", NULL), "goals", 0);
	COUNTS(s, row_of(s, "offer", NULL), "clicked", 0);
	COUNTS(s, row_of(s, "offer", NULL), "answered", 1);
	COUNTS(s, row_of(s, "offer", NULL), "goals", 1);
	COUNTS(s, row_of(s, "late", NULL), "sent", 0);
	SILENT(s, row_of(s, "late", NULL), "answer_share");
	sheet_free(s);
	world_end();
}

/* Newcombe's own example: 56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339. */
static void
d07_15_incremental_against_control(void **state)
{
	const struct sheet_cell *c;
	struct sheet *s;
	int book, alone, row;

	(void)state;
	world("");
	book = playbook("a");
	alone = playbook("b");
	for (int k = 0; k < 150; k++) {
		bool control = k >= 70;
		int64_t man = person((struct person_of){ 0 });
		bool goal = control ? k - 70 < 48 : k < 56;

		run_of(man, book, control, START, goal ? START + DAY : 0);
		if (goal)
			event_of(man, "visit", START + DAY, "{\"amount\":100}");
	}
	run_of(person((struct person_of){ 0 }), alone, false, START, START + DAY);
	s = ask("control", "", "", "");
	row = row_of(s, "a", NULL);
	COUNTS(s, row, "treated", 70);
	COUNTS(s, row, "control", 80);
	SAYS(s, row, "difference", 0.2, 1e-9);
	c = cell_of(s, row, "interval");
	assert_true(fabs(c->between.low - 0.0524) < 0.00005);
	assert_true(fabs(c->between.high - 0.3339) < 0.00005);
	SAYS(s, row, "incremental", 14, 1e-9);
	SAYS(s, row, "income", 20, 1e-9);
	assert_string_equal(cell_of(s, row, "verdict")->text, "more than without");
	row = row_of(s, "b", NULL);
	assert_string_equal(cell_of(s, row, "verdict")->text, "not measurable");
	SILENT(s, row, "difference");
	sheet_free(s);
	world_end();
}

/* Calls answered 6.7 %, SMS 11.2 %: of those that asked, where an answer can be seen. */
static void
d04_05_channels_on_the_same_footing(void **state)
{
	static const struct {
		int channel, sent, answers;
		double cost;
	} rows[] = { { CHANNEL_PHONE, 1000, 67, 3 }, { CHANNEL_SMS, 1000, 112, 0.05 },
		{ CHANNEL_EMAIL, 500, 20, 0.01 } };
	struct sheet *s;
	int asks, tells, row;

	(void)state;
	world("");
	asks = playbook("asks");
	tells = playbook("tells");
	inviting[0] = "asks";
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int k = 0; k < rows[i].sent; k++) {
			int64_t man = person((struct person_of){ 0 });

			touch_of(man, asks, 0, START,
			    (struct touch_of){ .channel = rows[i].channel,
				.state = MSG_ACCEPTED,
				.cost = rows[i].cost });
			if (k < rows[i].answers)
				event_of(man, "reply", START + DAY, "{}");
		}
	for (int k = 0; k < 100; k++) /* asks for nothing */
		touch_of(person((struct person_of){ 0 }), tells, 0, START,
		    (struct touch_of){ .state = MSG_ACCEPTED });
	s = ask("channels", "", "", "");
	row = row_of(s, "phone", NULL);
	SAYS(s, row, "answer_rate", 0.067, 1e-9);
	SAYS(s, row, "cost_of_answer", 3000.0 / 67, 1e-4);
	row = row_of(s, "sms", NULL);
	COUNTS(s, row, "sent", 1100);
	COUNTS(s, row, "invited", 1000);
	SAYS(s, row, "answer_rate", 0.112, 1e-9);
	row = row_of(s, "email", NULL); /* no answer can be seen there */
	COUNTS(s, row, "invited", 0);
	SILENT(s, row, "answer_rate");
	sheet_free(s);
	world_end();
}

/* 12 messages of 3.5 yuan to each of two customers within a year, one of them half a
 * year only: 84 yuan for one and a half years. */
static void
d02_05_cost_a_customer_and_year(void **state)
{
	struct sheet *s;

	(void)state;
	world("");
	for (int man = 0; man < 2; man++) {
		int64_t id = person((struct person_of){ 0 });
		ms_t first =
		    NOW - (man == 0 ? 365 : 183) * DAY + (man == 0 ? 0 : 12 * MS_HOUR);

		for (int k = 0; k < 12; k++)
			touch_of(id, 0, 0, first + k * DAY,
			    (struct touch_of){ .state = MSG_ACCEPTED, .cost = 3.5 });
	}
	s = ask("channels", "", "", "");
	COUNTS(s, 0, "cost", 84);
	SAYS(s, 0, "cost_a_year", 56, 1e-6);
	sheet_free(s);
	world_end();
}

static void
d04_02_timeliness_beside_what_can_be_seen(void **state)
{
	struct sheet *s;
	int book, row;
	int64_t man[4], msg[4];

	(void)state;
	world("");
	book = playbook("ready");
	for (int k = 0; k < 4; k++) {
		man[k] = person((struct person_of){ 0 });
		msg[k] = touch_of(man[k], book, 0, START,
		    (struct touch_of){ .channel = k == 3 ? CHANNEL_EMAIL : CHANNEL_SMS,
			.category = CATEGORY_SERVICE,
			.state = MSG_DELIVERED });
	}
	event_of(man[0], "booking", START + MS_HOUR, "{}");
	hit_of(msg[1], 1, START + 3 * MS_HOUR, "");
	event_of(man[2], "reply", START + 25 * MS_HOUR, "{}");
	touch_of(
	    man[0], book, 0, START - DAY, (struct touch_of){ .state = MSG_DELIVERED });
	s = ask("timeliness", "", "", "");
	row = row_of(s, "ready", NULL);
	COUNTS(s, row, "notices", 4);
	SAYS(s, row, "observable", 0.75, 1e-9);
	SAYS(s, row, "within_2h", 1.0 / 3, 1e-9);
	SAYS(s, row, "within_24h", 2.0 / 3, 1e-9);
	sheet_free(s);
	world_end();
}

static void
d01_07_cost_of_silence(void **state)
{
	int64_t today = NOW / DAY;
	struct sheet *s;
	int row;

	(void)state;
	world("  silence: { lost: 1200, yearly: 3500, saved: 840000 }\n");
	for (int k = 0; k < 3; k++) /* away for a year, or lost */
		person((struct person_of){ .stage = k == 0 ? "lost" : "",
		    .last_visit = k == 0 ? today - 200 : today - 400 });
	for (int k = 0; k < 4; k++) {
		int64_t man = person((struct person_of){
		    .last_visit = today - 30, .visits = 2, .spend = 2000 + 400 * k });

		touch_of(man, 0, 0, NOW - 30 * DAY,
		    (struct touch_of){ .state = MSG_ACCEPTED, .cost = 10 });
		touch_of(man, 0, 0, NOW - 20 * DAY,
		    (struct touch_of){ .state = MSG_ACCEPTED, .cost = 15 });
	}
	s = ask("silence", "", "", "");
	row = row_of(s, "example", NULL);
	COUNTS(s, row, "loss", 4200000);
	COUNTS(s, row, "roi", -5);
	row = row_of(s, "this house", NULL);
	COUNTS(s, row, "lost", 3);
	COUNTS(s, row, "yearly", 2600);
	COUNTS(s, row, "loss", 7800);
	SAYS(s, row, "saved", 75, 1e-4);
	SAYS(s, row, "roi", -104, 1e-3);
	sheet_free(s);
	world_end();
}

static void
d01_03_presence_below_the_floor(void **state)
{
	struct sheet *s;
	int64_t man[3];
	char ext[16];
	int row;

	(void)state;
	world("");
	for (int k = 0; k < 3; k++)
		man[k] = person((struct person_of){ 0 }); /* low: floor 2 */
	person((struct person_of){ .tier = "high" });
	for (int k = 0; k < 2; k++)
		touch_of(man[k], 0, 0, NOW - 5 * DAY,
		    (struct touch_of){ .state = MSG_DELIVERED });
	event_of(man[0], "visit", NOW - 3 * DAY, "{}"); /* a visit is presence */
	touch_of(
	    man[1], 0, 0, NOW - 31 * DAY, (struct touch_of){ .state = MSG_DELIVERED });
	touch_of(man[2], 0, 0, NOW - 5 * DAY,
	    (struct touch_of){ .state = MSG_SUPPRESSED, .reason = REASON_CAPPED });
	s = ask("presence", "", "", "");
	row = row_of(s, "low", NULL);
	COUNTS(s, row, "customers", 3);
	SAYS(s, row, "contacts", 1, 1e-9);
	COUNTS(s, row, "below", 2);
	COUNTS(s, row, "none", 1);
	COUNTS(s, row_of(s, "high", NULL), "below", 1);
	sheet_free(s);
	s = ask("presence", "customer,tier", "", "");
	assert_int_equal(s->n_rows, 3);
	g_snprintf(ext, sizeof(ext), "C%d", (int)man[2]);
	COUNTS(s, row_of(s, ext, "low"), "none", 1);
	sheet_free(s);
	world_end();
}

static void
d01_04_stay_by_depth_of_touch(void **state)
{
	static const struct {
		const char *depth;
		int people, stayed;
	} rows[] = { { "promotion only", 100, 58 }, { "reminders", 100, 67 },
		{ "companionship", 100, 81 } };
	int64_t before = NOW / DAY - 500, since = NOW / DAY - 50;
	struct sheet *s;
	int book[3];

	(void)state;
	world("  depth: { promotion: sale, reminder: due, companionship: [tips] }\n");
	book[0] = playbook("sale");
	book[1] = playbook("due");
	book[2] = playbook("tips");
	for (int d = 0; d < 3; d++)
		for (int k = 0; k < rows[d].people; k++) {
			int64_t man = person((struct person_of){ .first_visit = before,
			    .last_visit = k < rows[d].stayed ? since : before });

			for (int b = 0; b <= d; b++) /* the deepest counts */
				touch_of(man, book[b], 0, START,
				    (struct touch_of){ .state = MSG_ACCEPTED });
		}
	/* New this year: nobody to keep yet. */
	touch_of(person((struct person_of){ .first_visit = since, .last_visit = since }),
	    book[0], 0, START, (struct touch_of){ .state = MSG_ACCEPTED });
	/* First touched this minute, and there yesterday: too early to say. */
	touch_of(person((struct person_of){
		     .first_visit = before, .last_visit = NOW / DAY - 1 }),
	    book[0], 0, NOW - DAY / 1440, (struct touch_of){ .state = MSG_ACCEPTED });
	s = ask("depth", "", "", "");
	for (int d = 0; d < 3; d++) {
		int row = row_of(s, rows[d].depth, NULL);

		COUNTS(s, row, "customers", rows[d].people);
		SAYS(s, row, "retained", rows[d].stayed / 100.0, 1e-9);
	}
	sheet_free(s);
	world_end();
}

static void
d01_06_paid_back(void **state)
{
	struct sheet *s;

	(void)state;
	world("  acquisition: { cost: 3000, visits: 3 }\n");
	for (int visits = 0; visits < 6; visits++)
		person((struct person_of){ .visits = visits });
	s = ask("payback", "", "", "");
	COUNTS(s, 0, "customers", 6);
	COUNTS(s, 0, "came", 5);
	COUNTS(s, 0, "past", 3);
	COUNTS(s, 0, "open", 6000);
	sheet_free(s);
	world_end();
}

static void
s08_mean_and_nps_apart(void **state)
{
	static const char *const events[] = {
		"{\"score\":9,\"scale\":10}", "{\"score\":4}",
		"{\"score\":7,\"scale\":10}", /* without one: of 5, by rating_scale */
		"{\"score\":10,\"question\":\"nps\"}",
		"{\"score\":9,\"question\":\"nps\"}",
		"{\"score\":7,\"question\":\"nps\"}",
		"{\"score\":6,\"question\":\"nps\"}", "{\"score\":11}" };
	struct sheet *s;
	int64_t man;

	(void)state;
	world("");
	man = person((struct person_of){ .store = "S1" });
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
		event_of(man, "rating", START + (ms_t)i, events[i]);
	s = ask("ratings", "store,month", "", "");
	assert_int_equal(s->n_rows, 1);
	row_of(s, "S1", "2026-06");
	COUNTS(s, 0, "ratings", 3);
	SAYS(s, 0, "mean", 8, 1e-5);
	COUNTS(s, 0, "nps_asked", 4);
	COUNTS(s, 0, "promoters", 2);
	COUNTS(s, 0, "detractors", 1);
	COUNTS(s, 0, "nps", 25);
	sheet_free(s);
	world_end();
}

static void
d09_04_effort_of_the_first_two_lines(void **state)
{
	static const int touches[] = { 60, 15, 25, 40 };
	static const char *const stages[] = { "satisfied", "doubting", "lost",
		"returned" };
	struct sheet *s;
	int64_t man = 0;

	(void)state;
	world("  lines: { first: due, second: rescue, third: [winback], share: 80% }\n");
	for (int i = 0; i < 4; i++) {
		static const char *const books[] = { "due", "rescue", "winback", "tips" };
		int book = playbook(books[i]);

		for (int k = 0; k <= i; k++)
			man = person((struct person_of){ .stage = stages[i] });
		run_of(man, book, false, START, i == 2 ? 0 : START + DAY);
		for (int k = 0; k < touches[i]; k++)
			touch_of(man, book, 0, START + k,
			    (struct touch_of){ .state = MSG_DELIVERED });
	}
	s = ask("defence", "", "", "");
	SAYS(s, 0, "effort", 0.6, 1e-9);
	SAYS(s, 1, "first_two", 0.75, 1e-9);
	SAYS(s, 2, "effort", 0.25, 1e-9);
	SILENT(s, 4, "effort"); /* none of the three */
	for (int i = 0; i < 4; i++)
		COUNTS(s, i, "standing", i + 1);
	COUNTS(s, 0, "success", 1);
	COUNTS(s, 2, "success", 0);
	assert_true(s->columns[sheet_find(s, "first_two")].target == 0.8);
	sheet_free(s);
	world_end();
}

/* ---- what is asked ---- */

static void
refusals(void **state)
{
	static const struct {
		const char *name, *by, *from, *to, *says;
	} rows[] = {
		{ "dashbord", "", "", "", "did you mean \"dashboard\"" },
		{ "value", "colour", "", "", "cannot be told apart by \"colour\"" },
		{ "value", "step", "", "", "it knows playbook" },
		{ "silence", "store", "", "", "leave out --by" },
		{ "value", "store,store", "", "", "twice" },
		{ "value", "", "22.11.2026", "", "not a date" },
		{ "value", "", "2026-11-22", "2026-11-21", "lies before" },
		{ "dashboard", "store,tier,stage,cause,priority", "", "",
		    "4 words at most" },
	};
	struct reports_ask q;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		memset(&e, 0, sizeof(e));
		assert_int_equal(
		    reports_ask_read(&q, rows[i].name, rows[i].by, rows[i].from,
			rows[i].to, zone_get("Asia/Shanghai"), &e),
		    -1);
		if (strstr(e.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].says, e.text);
	}
}

/* Every report, by every dimension it claims, on an empty house. */
static void
every_report_by_every_dimension(void **state)
{
	const struct reports_line *l;

	(void)state;
	world("");
	for (int i = 0; (l = reports_at(i)) != NULL; i++) {
		sheet_free(ask(l->name, "", "", ""));
		assert_true(*l->help != '\0' && *l->help_zh != '\0');
		assert_true(i == 0 || strcmp(reports_at(i - 1)->name, l->name) < 0);
		for (int d = 0; d < DIMS; d++)
			if (l->dims & BIT(d))
				sheet_free(ask(l->name, reports_dim_name(d), "", ""));
	}
	world_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(balance_sums_to_the_touches),
		cmocka_unit_test(expected_beside_actual),
		cmocka_unit_test(d04_03_funnel_by_step),
		cmocka_unit_test(d07_15_incremental_against_control),
		cmocka_unit_test(d04_05_channels_on_the_same_footing),
		cmocka_unit_test(d02_05_cost_a_customer_and_year),
		cmocka_unit_test(d04_02_timeliness_beside_what_can_be_seen),
		cmocka_unit_test(d01_07_cost_of_silence),
		cmocka_unit_test(d01_03_presence_below_the_floor),
		cmocka_unit_test(d01_04_stay_by_depth_of_touch),
		cmocka_unit_test(d01_06_paid_back),
		cmocka_unit_test(s08_mean_and_nps_apart),
		cmocka_unit_test(d09_04_effort_of_the_first_two_lines),
		cmocka_unit_test(refusals),
		cmocka_unit_test(every_report_by_every_dimension),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
