/* sweep_test.c - the daily look at everybody and the lists: nobody skipped, nobody twice.
 */
#include "../../src/store/sql.h"
#include "stage.h"
#include "store/event.h"
#include "store/signal.h"

#define START "2026-03-10T06:30:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define STEPS "steps:\n  - { id: one, after: 3h, send: a }\n"

static void
people(struct stage *s, int n, const char *tags)
{
	struct err e = { 0 };

	assert_int_equal(store_begin(s->store, &e), 0);
	for (int i = 1; i <= n; i++) {
		char ext[16], phone[24];
		struct customer c = { .ext = ext,
			.name = "x",
			.gender = "",
			.tier = "high",
			.stage = i % 100 == 0 ? "wanted" : "new",
			.store = "",
			.advisor = "",
			.tz = "",
			.address = { phone, "", "", "", "" },
			.consent = { 2, 2, 2, 2, 2 },
			.tags = tags,
			.attrs = "{}" };
		bool created;
		int64_t id;

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+86199%08d", i);
		assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
		assert_int_equal(id, i);
	}
	assert_int_equal(store_commit(s->store, &e), 0);
	/* the next life knows their zones */
	stage_fall(s, false);
	stage_rise(s);
}

static int
runs(struct stage *s, int from, int to)
{
	struct err e = { 0 };
	int n = 0;

	for (int i = from; i <= to; i++) {
		struct run r[8];
		int got = run_of_customer(s->store, i, false, r, 8, &e);

		assert_true(got >= 0);
		n += got;
	}
	return n;
}

static void
entry_is(struct stage *s, int64_t id, int64_t day)
{
	char want[32];
	struct run r[4];
	struct err e = { 0 };

	g_snprintf(want, sizeof(want), "s:%" G_GINT64_FORMAT, day);
	assert_int_equal(run_of_customer(s->store, id, false, r, 4, &e), 1);
	assert_string_equal(r[0].entry, want);
}

/* Stands still half-way from before one midnight to after the next: the day that was
 * begun is ended, and the one it has become begins with the first customer. */
static void
a_day_that_changes_half_way(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "start: { when: customer.stage == \"wanted\" }\n" STEPS, NULL);
	struct err e = { 0 };
	int64_t day, cursor, begun = date_days((struct date){ 2026, 3, 10 });

	(void)state;
	people(s, 1200, "");
	assert_int_equal(
	    sql_script(s->store,
		"CREATE TEMP TRIGGER trap BEFORE UPDATE ON sweep WHEN new.cursor = 1000"
		" BEGIN SELECT RAISE(ABORT, 'trap'); END",
		&e),
	    0);
	stage_run(s, MS_DAY);
	assert_int_equal(sweep_get(s->store, "", &day, &cursor, &e), 0);
	assert_int_equal(cursor, 960);
	assert_int_equal(customer_set_stage(s->store, 7, "wanted", &e), 0);
	assert_int_equal(sql_script(s->store, "DROP TRIGGER trap", &e), 0);
	stage_run(s, 10 * MS_MINUTE);
	assert_int_equal(runs(s, 1, 1200), 13);
	entry_is(s, 100, begun);
	entry_is(s, 1200, begun);
	entry_is(s, 7, begun + 1);
	assert_int_equal(sweep_get(s->store, "", &day, &cursor, &e), 0);
	assert_int_equal(day, begun + 1);
	assert_int_equal(cursor, 0);
	stage_free(s);
}

/* Judging everybody kept the writer for a quarter of a second at a time: a job looks at a
 * few, and what a month changes comes in portions too, before anybody is judged by it. */
static void
a_round_held_messages_up(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "start: { when: customer.tier == \"low\" }\n" STEPS, NULL);
	struct err e = { 0 };
	int64_t day, cursor;

	(void)state;
	people(s, 4100, "");
	assert_int_equal(sql_script(s->store,
			     "CREATE TEMP TRIGGER trap BEFORE UPDATE ON sweep WHEN "
			     "new.cursor > 40 BEGIN SELECT RAISE(ABORT, 'trap'); END",
			     &e),
	    0);
	stage_run(s, MS_HOUR);
	assert_int_equal(sweep_get(s->store, "", &day, &cursor, &e), 0);
	assert_int_equal(cursor, 40);
	assert_int_equal(sql_script(s->store, "DROP TRIGGER trap", &e), 0);
	stage_run(s, MS_HOUR);
	assert_int_equal(
	    sql_script(s->store, "UPDATE customer SET tier_next = 'low'", &e), 0);
	stage_run(s, 21 * MS_DAY - 3 * MS_HOUR); /* 31 March, 04:30 */
	assert_int_equal(runs(s, 1, 4100), 0);
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(runs(s, 1, 4100), 4100);
	stage_free(s);
}

static const struct limit_row {
	const char *name, *start;
	int people, after[5]; /* how many are in at noon, day by day */
} limits[] = {
	{ "a tag, so many a day", "{ list: \"tag:x\", limit: 2/day }", 5,
	    { 2, 4, 5, 5, 5 } },
	{ "a file, so many a day", "{ list: who.csv, limit: 2/day }", 5,
	    { 2, 4, 5, 5, 5 } },
	{ "as many as fit exactly", "{ list: \"tag:x\", limit: 3/day }", 6,
	    { 3, 6, 6, 6, 6 } },
	{ "over portions", "{ list: \"tag:x\", limit: 400/day }", 1300,
	    { 400, 800, 1200, 1300, 1300 } },
	{ "a total ends it", "{ list: \"tag:x\", limit: 3 }", 5, { 3, 3, 3, 3, 3 } },
	{ "from its instant on, at that hour",
	    "{ list: \"tag:x\", at: \"2026-03-11 09:30\", limit: 2/day }", 5,
	    { 0, 2, 4, 5, 5 } },
	{ "by condition", "{ when: customer.visits == 0, limit: 2/day }", 5,
	    { 2, 4, 5, 5, 5 } },
};

/* Who found no place today is offered one tomorrow; who is in is not taken twice, also
 * when the version changes half-way. */
static void
limits_of_a_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(limits); i++) {
		const struct limit_row *row = &limits[i / 2];
		char *text = g_strdup_printf(HEAD "start: %s\n" STEPS, row->start);
		char *edited = g_strdup_printf("%s# edited\n", text);
		struct stage *s = stage_new("2026-03-10T05:30:00+08:00", CARE, text,
		    "config/playbooks/who.csv", "id\nC1\nC2\nC3\nnobody\nC4\nC5\n", NULL);

		print_message("%s%s\n", row->name, i % 2 ? ", edited every day" : "");
		people(s, row->people, "x");
		stage_run(s, 6 * MS_HOUR + 30 * MS_MINUTE);
		for (int d = 0; d < 5; d++) {
			assert_int_equal(runs(s, 1, row->people), row->after[d]);
			if (i % 2) {
				stage_put(s, CARE, d % 2 == 0 ? edited : text);
				engine_reload(s->engine, stage_answer, s);
			}
			stage_run(s, MS_DAY);
		}
		stage_free(s);
		g_free(edited);
		g_free(text);
	}
}

/* Nobody looks daily at who waits for a place: the sweep that has one does. */
static void
waits_for_a_place(void **state)
{
	struct stage *s = stage_new("2026-03-10T05:30:00+08:00", CARE,
	    HEAD "start: { when: customer.visits == 0, limit: 2/day }\n" STEPS, NULL);
	struct look look;
	const void *fold;
	size_t len;
	struct err e = { 0 };

	(void)state;
	people(s, 5, "");
	stage_run(s, 6 * MS_HOUR);
	assert_int_equal(runs(s, 1, 5), 2);
	assert_int_equal(signal_get(s->store, 5, &fold, &len, &look, &e), 1);
	assert_int_not_equal(look.place, 0);
	assert_true(look.day > date_days((struct date){ 2026, 3, 11 }));
	assert_int_equal(signal_get(s->store, 1, &fold, &len, &look, &e), 1);
	assert_int_equal(look.place, 0); /* he is in */
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(runs(s, 1, 5), 5);
	assert_int_equal(signal_get(s->store, 5, &fold, &len, &look, &e), 1);
	assert_int_equal(look.place, 0);
	stage_free(s);
}

/* It goes on where it was after a crash, too. */
static void
a_list_over_a_crash(void **state)
{
	struct stage *s = stage_new("2026-03-10T05:30:00+08:00", CARE,
	    HEAD "start: { list: \"tag:x\", limit: 2/day }\n" STEPS, NULL);

	(void)state;
	people(s, 5, "x");
	stage_run(s, MS_HOUR);
	for (int want = 2; want <= 6; want += 2) {
		assert_int_equal(runs(s, 1, 5), MIN(want, 5));
		stage_fall(s, true);
		stage_rise(s);
		stage_run(s, MS_MINUTE);
		assert_int_equal(runs(s, 1, 5), MIN(want, 5));
		stage_run(s, MS_DAY);
	}
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_that_changes_half_way),
		cmocka_unit_test(a_round_held_messages_up),
		cmocka_unit_test(limits_of_a_list),
		cmocka_unit_test(a_list_over_a_crash),
		cmocka_unit_test(waits_for_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
