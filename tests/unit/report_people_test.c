/* report_people_test.c - what people and tests did: offers, calls, arms, those held out. */
#include "core/experiment.h"
#include "core/offer.h"
#include "core/profile.h"
#include "core/run.h"
#include "core/task.h"
#include "report_world.h"

static void
offer_of(int64_t customer, int64_t run, const char *name, int state, int yuan)
{
	do_sql("INSERT INTO offer(id, name, customer, run, state, value, store, author, "
	       "person,"
	       " asked_at, granted_at, expires_at) VALUES(%d, '%s', %d, %d, %d, %d, '', "
	       "'', '',"
	       " 0, 0, 0)",
	    (int)next_id++, name, (int)customer, (int)run, state, 100 * yuan);
}

static void
call_of(int64_t customer, int64_t run, const char *by, ms_t at, int state,
    const char *outcome, int level)
{
	do_sql("INSERT INTO task(id, msg, customer, run, version, kind, template, "
	       "assignee, role,"
	       " store, created_at, day, span, due_at, late_to, late_after, state, "
	       "level, tries,"
	       " outcome, done_by, done_at) VALUES(%d, %d, %d, %d, 1, 'call', '', '%s',"
	       " 'advisor', '', %" G_GINT64_FORMAT
	       ", 0, 0, 0, '', 0, %d, %d, 0, '%s', '%s', %" G_GINT64_FORMAT ")",
	    (int)next_id, (int)next_id + 500000, (int)customer, (int)run, by, at, state,
	    level, outcome, state == TASK_DONE ? by : "", state == TASK_DONE ? at : 0);
	next_id++;
}

/* One rescue: 350 yuan of offers and messages, 125 000 of value; what was not redeemed
 * costs nothing. */
static void
d07_15_one_rescue_by_offer(void **state)
{
	struct sheet *s;
	int book, row;
	int64_t man, run;

	(void)state;
	world("");
	book = playbook("rescue");
	man = person((struct person_of){ 0 });
	run = run_of(man, book, false, START, START + DAY);
	touch_of(man, book, run, START,
	    (struct touch_of){ .state = MSG_DELIVERED, .cost = 50 });
	offer_of(man, run, "free-check", OFFER_REDEEMED, 300);
	offer_of(man, run, "wash", OFFER_EXPIRED, 80);
	event_of(man, "visit", START + DAY, "{\"amount\":125000}");
	s = ask("value", "offer", "", "");
	row = row_of(s, "free-check", NULL);
	COUNTS(s, row, "cost", 350);
	SAYS(s, row, "value_to_cost", 357.142857, 1e-6);
	sheet_free(s);
	/* One that was refused was never given. */
	run = run_of(person((struct person_of){ 0 }), book, false, START, 0);
	offer_of(1, run, "wash", OFFER_REFUSED, 80);
	s = ask("dashboard", "offer", "", "");
	COUNTS(s, row_of(s, "", NULL), "targeted", 1);
	sheet_free(s);
	world_end();
}

static void
d07_13_milestones_of_the_playbook(void **state)
{
	struct sheet *s;
	int book;
	int64_t run;

	(void)state;
	world("");
	book = playbook("a");
	run = run_of(person((struct person_of){ 0 }), book, false, START, 0);
	do_sql("INSERT INTO mark VALUES(%d, 'tried', 1), (%d, 'saw', 1)", (int)run,
	    (int)run);
	run = run_of(person((struct person_of){ 0 }), book, false, START, 0);
	do_sql("INSERT INTO mark VALUES(%d, 'answered', 1)", (int)run);
	run_of(person((struct person_of){ 0 }), book, false, START, 0);
	s = ask("dashboard", "", "", "");
	COUNTS(s, 0, "tried", 1);
	COUNTS(s, 0, "answered", 2);
	COUNTS(s, 0, "reached", 2);
	sheet_free(s);
	world_end();
}

static void
profile_of(int64_t customer, const struct profile *p)
{
	struct sql *q = sql_get(db, "INSERT INTO signal VALUES(?1, 0, 0, ?2)");
	uint8_t fold[PROFILE_PACKED];

	sql_int(q, 1, customer);
	sql_blob(q, 2, fold, profile_pack(p, fold));
	assert_int_equal(sql_run(q, &e), 0);
}

/* As told, as the profile concludes, as it was when he went, in this order. */
static void
d07_13_cause_from_what_is_known(void **state)
{
	struct profile lost = { .lost_cause = 2 }, dormant = { .dormant_type = 1 };
	struct sheet *s;
	int book;
	int64_t man[4];

	(void)state;
	world("");
	book = playbook("a");
	for (int k = 0; k < 4; k++) {
		man[k] = person((struct person_of){
		    .attrs = k == 0 ? "{\"lost_cause\":\"service\"}" : "{}" });
		run_of(man[k], book, false, START, 0);
	}
	profile_of(man[0], &lost);
	profile_of(man[1], &lost);
	profile_of(man[2], &dormant);
	event_of(man[3], "stage_changed", START - DAY,
	    "{\"from\":\"dormant\",\"to\":\"lost\",\"cause\":\"natural\"}");
	event_of(man[3], "stage_changed", START + DAY,
	    "{\"from\":\"lost\",\"to\":\"returned\",\"cause\":\"\"}");
	s = ask("dashboard", "cause", "", "");
	assert_int_equal(s->n_rows, 4);
	row_of(s, "service", NULL);
	row_of(s, "price", NULL);
	row_of(s, "passive", NULL);
	row_of(s, "natural", NULL);
	sheet_free(s);
	world_end();
}

/* Met three days ago 40 % is left, half a year ago less than the 5 % of who forgot. */
static void
d01_02_who_has_forgotten_us(void **state)
{
	struct profile p = { .presence = { NOW - 3 * DAY, NOW - 3 * DAY, 1 } };
	struct sheet *s;

	(void)state;
	world("");
	profile_of(person((struct person_of){ 0 }), &p);
	p.presence = (struct presence){ NOW - 180 * DAY, NOW - 180 * DAY, 1 };
	profile_of(person((struct person_of){ 0 }), &p);
	person((struct person_of){ 0 }); /* nothing is known of him */
	s = ask("presence", "none", "", "");
	COUNTS(s, 0, "customers", 3);
	COUNTS(s, 0, "forgotten", 1);
	assert_in_range(1000 * cell_of(s, 0, "memory")->number, 200, 225);
	sheet_free(s);
	s = ask("presence", "customer", "", "");
	assert_int_equal(s->n_rows, 3);
	sheet_free(s);
	world_end();
}

/* Ten held out of everything, two of whom came; ninety not, of whom 45 did. */
static void
d07_15_the_whole_house_against_its_control(void **state)
{
	struct sheet *s;
	int a, b, row;

	(void)state;
	world("");
	a = playbook("a");
	b = playbook("b");
	for (int k = 0; k < 100; k++) {
		int64_t man = person((struct person_of){ 0 }), run;
		int control = k < 10   ? CONTROL_HOUSE
			      : k < 40 ? CONTROL_PLAYBOOK
				       : CONTROL_NONE;
		bool goal = k < 10 ? k < 2 : k % 2 == 0;

		run = run_of(man, a, false, START, goal ? START + DAY : 0);
		do_sql("UPDATE run SET control = %d WHERE id = %d", control, (int)run);
		run = run_of(man, b, false, START + DAY, 0);
		do_sql("UPDATE run SET control = %d WHERE id = %d",
		    control == CONTROL_HOUSE ? control : CONTROL_NONE, (int)run);
	}
	s = ask("control", "", "", "");
	row = row_of(s, "a", NULL);
	COUNTS(s, row, "treated", 60);
	COUNTS(s, row, "control", 30);
	row = row_of(s, "b", NULL);
	COUNTS(s, row, "treated", 90);
	assert_string_equal(cell_of(s, row, "verdict")->text, "not measurable");
	row = row_of(s, "the whole house", NULL);
	COUNTS(s, row, "treated", 90);
	COUNTS(s, row, "treated_goals", 45);
	COUNTS(s, row, "control", 10);
	COUNTS(s, row, "control_goals", 2);
	SAYS(s, row, "difference", 0.3, 1e-9);
	sheet_free(s);
	/* nobody could tell that the group had changed within the year */
	do_sql("INSERT INTO control_share VALUES(%" G_GINT64_FORMAT
	       ", 500), (%" G_GINT64_FORMAT ", 250)",
	    START, START + 31 * DAY);
	s = ask("control", "", "", "");
	assert_string_equal(s->notes[0].en,
	    "Held out of everything: 5 % since 2026-06-01, "
	    "2.5 % since 2026-07-02.");
	sheet_free(s);
	world_end();
}

static void
arms_of(int id, int decided, int verdict, const char *winner, const int arms[3][2])
{
	do_sql("INSERT INTO experiment VALUES(%d, 1, 'offer', 'v%d', 'test%d', 1, "
	       "%" G_GINT64_FORMAT ", NULL, %d, %d, '%s', 0, %d)",
	    id, id, id, START, decided, verdict, winner, METRIC_GOAL);
	for (int i = 0; i < 3; i++)
		do_sql("INSERT INTO experiment_arm VALUES(%d, %d, 'arm%d', 1, %d, %d)",
		    id, i, i, arms[i][0], arms[i][1]);
}

/* 300 each: 90, 60, 55. z of 90 against 60 is 2.8284 (p 0.00468), against 55 it is 3.3377
 * (p 0.00084), 60 against 55 0.5190 (p 0.60); Holm: 0.00936, 0.00253, 0.60. */
static void
d04_03_arms_with_holm(void **state)
{
	struct sheet *s;
	int book;

	(void)state;
	world("");
	book = playbook("a");
	assert_int_equal(book, 1);
	arms_of(1, 1, AB_WINNER, "arm0",
	    (const int[3][2]){ { 300, 90 }, { 300, 60 }, { 300, 55 } });
	arms_of(2, 0, AB_OPEN, "", (const int[3][2]){ { 0, 0 }, { 0, 0 }, { 0, 0 } });
	for (int k = 0; k < 4; k++) {
		int64_t man = person((struct person_of){ 0 });
		int64_t run = run_of(man, book, false, START, k == 0 ? START + DAY : 0);

		do_sql("INSERT INTO drawn VALUES(2, %d, %d, %d, 0)", (int)man,
		    k < 2 ? 1 : 2, (int)run);
	}
	/* Drawn into a test that is decided, later: what was counted stands. */
	do_sql("INSERT INTO drawn SELECT 1, customer, 0, run, 0 FROM drawn WHERE "
	       "experiment = 2");
	s = ask("ab", "", "", "");
	assert_int_equal(s->n_rows, 6);
	SAYS(s, 0, "share", 0.3, 1e-9);
	SILENT(s, 0, "p");
	SAYS(s, 1, "p", 0.00936, 0.00001);
	SAYS(s, 2, "p", 0.00253, 0.00001);
	SAYS(s, 1, "below_best", 0.1, 1e-9);
	assert_string_equal(cell_of(s, 0, "verdict")->text, "winner");
	SILENT(s, 1, "verdict");
	COUNTS(s, 4, "people", 2);
	COUNTS(s, 4, "hits", 1);
	COUNTS(s, 5, "hits", 0);
	assert_string_equal(cell_of(s, 4, "verdict")->text, "still running");
	sheet_free(s);
	world_end();
}

static void
d07_12_commission_by_advisor(void **state)
{
	static const struct {
		const char *who;
		int won;
	} rows[] = { { "Li", 3 }, { "Wang", 2 } };
	struct sheet *s;
	int back, other, row;
	int64_t man, run;

	(void)state;
	world("  lines: { third: [back] }\n  commission: { each: 150, best: 1000 }\n");
	back = playbook("back");
	other = playbook("other");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int k = 0; k < rows[i].won; k++) {
			man = person((struct person_of){ 0 });
			run = run_of(man, back, false, START, START + 5 * DAY);
			if (k == 0) /* somebody else had called before */
				call_of(man, run, "Zhao", START, TASK_DONE, "none", 0);
			call_of(
			    man, run, rows[i].who, START + DAY, TASK_DONE, "booked", 0);
			/* After he came it wins nobody back. */
			call_of(
			    man, run, "Zhao", START + 6 * DAY, TASK_DONE, "reached", 0);
		}
	man = person((struct person_of){ 0 });
	run = run_of(man, other, false, START, START + DAY);
	call_of(man, run, "Wang", START, TASK_DONE, "reached", 1);
	call_of(man, run, "Wang", START, TASK_LAPSED, "", 0);
	call_of(man, run, "Wang", START, TASK_WITHDRAWN, "", 0);
	s = ask("advisors", "", "", "");
	row = row_of(s, "2026-06", "Li");
	COUNTS(s, row, "won", 3);
	COUNTS(s, row, "disputed", 1);
	COUNTS(s, row, "commission", 1450);
	row = row_of(s, "2026-06", "Wang");
	COUNTS(s, row, "asked", 4);
	COUNTS(s, row, "made", 3);
	COUNTS(s, row, "booked", 2);
	COUNTS(s, row, "late", 2);
	COUNTS(s, row, "won", 2);
	COUNTS(s, row, "commission", 300);
	row = row_of(s, "2026-06", "Zhao");
	COUNTS(s, row, "made", 7);
	COUNTS(s, row, "reached", 5);
	COUNTS(s, row, "won", 0);
	sheet_free(s);
	world_end();
}

/* Of 100 calls at ten 82 are answered, of 100 at two 30; on Saturdays nobody counts. */
static void
d03_06_best_hours_of_the_store(void **state)
{
	struct sheet *s;
	int64_t man;
	ms_t monday = START; /* 2026-06-01, ten o'clock */

	(void)state;
	world("");
	man = person((struct person_of){ .store = "S1" });
	for (int k = 0; k < 100; k++) {
		call_of(man, 0, "Li", monday, TASK_DONE, k < 82 ? "reached" : "none", 0);
		call_of(man, 0, "Li", monday + 4 * MS_HOUR, TASK_DONE,
		    k < 30 ? "refused" : "none", 0);
		call_of(man, 0, "Li", monday + 5 * DAY, TASK_DONE, "none", 0);
	}
	for (int k = 0; k < 19; k++)
		call_of(man, 0, "Li", monday + 5 * MS_HOUR, TASK_DONE, "reached", 0);
	s = ask("hours", "", "", "");
	assert_int_equal(s->n_rows, 3);
	SAYS(s, row_of(s, "S1", "10"), "reach", 0.82, 1e-9);
	assert_string_equal(
	    cell_of(s, row_of(s, "S1", "10"), "proposed")->text, "offer calls then");
	SAYS(s, row_of(s, "S1", "14"), "reach", 0.3, 1e-9);
	SILENT(s, row_of(s, "S1", "14"), "proposed");
	assert_string_equal(
	    cell_of(s, row_of(s, "S1", "15"), "proposed")->text, "too few to say");
	sheet_free(s);
	world_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(d07_15_one_rescue_by_offer),
		cmocka_unit_test(d07_13_milestones_of_the_playbook),
		cmocka_unit_test(d07_13_cause_from_what_is_known),
		cmocka_unit_test(d01_02_who_has_forgotten_us),
		cmocka_unit_test(d07_15_the_whole_house_against_its_control),
		cmocka_unit_test(d04_03_arms_with_holm),
		cmocka_unit_test(d07_12_commission_by_advisor),
		cmocka_unit_test(d03_06_best_hours_of_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
