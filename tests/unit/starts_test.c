/* starts_test.c - who enters when: what comes round, lists, segments, campaigns, quotas.
 */
#include "core/every.h"
#include "stage.h"
#include "store/event.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define SEGMENTS "config/segments.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define STEPS "steps:\n  - { id: one, after: 1h, send: a }\n"

/* ---- the calendar ---- */

static const struct every_row {
	const char *name;
	enum period unit;
	int day, minute;
	const char *at, *last, *next;
	enum feast feast;
} rounds[] = {
	{ "seven days before the quarter ends", PERIOD_QUARTER, -7, 540,
	    "2026-03-10T10:00:00+08:00", "2025-12-25T09:00:00+08:00",
	    "2026-03-25T09:00:00+08:00", 0 },
	{ "on the day, just now", PERIOD_QUARTER, -7, 540, "2026-03-25T09:00:00+08:00",
	    "2026-03-25T09:00:00+08:00", "2026-06-24T09:00:00+08:00", 0 },
	{ "a minute before", PERIOD_QUARTER, -7, 540, "2026-03-25T08:59:00+08:00",
	    "2025-12-25T09:00:00+08:00", "2026-03-25T09:00:00+08:00", 0 },
	{ "the first of the month", PERIOD_MONTH, 1, 360, "2026-01-01T05:00:00+08:00",
	    "2025-12-01T06:00:00+08:00", "2026-01-01T06:00:00+08:00", 0 },
	{ "the last of the month", PERIOD_MONTH, -1, 360, "2026-03-01T05:00:00+08:00",
	    "2026-02-28T06:00:00+08:00", "2026-03-31T06:00:00+08:00", 0 },
	{ "the 31st of a short month", PERIOD_MONTH, 31, 360, "2026-03-01T05:00:00+08:00",
	    "2026-02-28T06:00:00+08:00", "2026-03-31T06:00:00+08:00", 0 },
	{ "Mondays", PERIOD_WEEK, 1, 360, "2026-03-10T10:00:00+08:00",
	    "2026-03-09T06:00:00+08:00", "2026-03-16T06:00:00+08:00", 0 },
	{ "Sundays", PERIOD_WEEK, -1, 360, "2026-03-10T10:00:00+08:00",
	    "2026-03-08T06:00:00+08:00", "2026-03-15T06:00:00+08:00", 0 },
	{ "once a year", PERIOD_YEAR, 60, 360, "2026-03-01T05:00:00+08:00",
	    "2025-03-01T06:00:00+08:00", "2026-03-01T06:00:00+08:00", 0 },
	{ "New Year's Eve", PERIOD_YEAR, -1, 600, "2026-12-31T10:00:00+08:00",
	    "2026-12-31T10:00:00+08:00", "2027-12-31T10:00:00+08:00", 0 },
	{ "the day of a feast", PERIOD_FEAST, 1, 360, "2026-03-10T10:00:00+08:00",
	    "2026-02-17T06:00:00+08:00", "2027-02-06T06:00:00+08:00", FEAST_SPRING },
	{ "a week before a feast", PERIOD_FEAST, -7, 540, "2026-09-17T10:00:00+08:00",
	    "2025-09-29T09:00:00+08:00", "2026-09-18T09:00:00+08:00", FEAST_MID_AUTUMN },
	{ "the third day of a feast", PERIOD_FEAST, 3, 360, "2026-10-03T06:00:00+08:00",
	    "2026-10-03T06:00:00+08:00", "2027-10-03T06:00:00+08:00", FEAST_NATIONAL },
};

static void
assert_at(ms_t at, const char *text)
{
	char have[CLOCK_TEXT];

	assert_string_equal(clock_format(at, 480, have), text);
}

static void
what_comes_round(void **state)
{
	const struct zone *z = zone_get("Asia/Shanghai");

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rounds); i++) {
		const struct every_row *r = &rounds[i];
		const struct every e = { .unit = r->unit,
			.feast = r->feast,
			.day = r->day,
			.minute = r->minute };
		int64_t last = every_last(&e, z, stage_at(r->at));

		print_message("%s\n", r->name);
		assert_at(every_at(&e, z, last), r->last);
		assert_at(every_at(&e, z, every_after(&e, last)), r->next);
	}
}

/* ---- entries ---- */

static int
runs(struct stage *s, const char *ext)
{
	struct run r[16];
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	return run_of_customer(s->store, id, false, r, 16, &e);
}

/* Monthly, whoever is meant; never for what was before it, and once a month. */
static void
every_month(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "start: { every: month, day: -7 at 09:00, when: customer.tier == "
		 "\"high\" }\n" STEPS,
	    NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "low", "+8619900000002", "");
	stage_run(s, 14 * MS_DAY); /* 24 March 10:00 */
	assert_int_equal(runs(s, "C1"), 0);
	stage_run(s, MS_DAY);
	assert_int_equal(runs(s, "C1"), 1);
	assert_int_equal(runs(s, "C2"), 0);
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(runs(s, "C1"), 1);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, 30 * MS_DAY);
	assert_int_equal(runs(s, "C1"), 2);
	stage_free(s);
}

static void
set(struct stage *s, const char *text)
{
	stage_put(s, CARE, text);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
}

/* Published hours after its day: the first time is the next. */
static void
not_what_was_before(void **state)
{
	struct stage *s = stage_new(START, NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	set(s, HEAD "start: { every: week, day: 2 }\n" STEPS);
	stage_run(s, MS_DAY);
	assert_int_equal(runs(s, "C1"), 0);
	stage_run(s, 6 * MS_DAY);
	assert_int_equal(runs(s, "C1"), 1);
	stage_free(s);
}

/* Paused over its day: half a day late is made up for, three days are not. */
static void
missed(void **state)
{
	static const struct {
		ms_t late;
		int entered;
	} rows[] = { { 12 * MS_HOUR, 1 }, { 3 * MS_DAY, 0 } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = stage_new(
		    START, CARE, HEAD "start: { every: week, day: 5 }\n" STEPS, NULL);

		stage_customer(s, "C1", "high", "+8619900000001", "");
		stage_run(s, MS_DAY);
		set(s, "playbook: care\ncategory: marketing\nstatus: paused\nstart: { "
		       "every: week, day: 5 }\n" STEPS);
		/* Friday 06:00 is 68 h after the start. */
		stage_run(s, 44 * MS_HOUR + rows[i].late);
		set(s, HEAD "start: { every: week, day: 5 }\n" STEPS);
		stage_run(s, MS_HOUR);
		assert_int_equal(runs(s, "C1"), rows[i].entered);
		stage_free(s);
	}
}

/* S4: what asks for visits lets nobody in on old news, a segment no more than a condition. */
static void
s04_on_old_news(void **state)
{
	static const char *const starts[] = {
		"start: { every: week, day: 5, when: customer.visits < 3 }\n",
		"start: { list: { segment: few }, at: 2026-03-13 06:00 }\n",
	};

	(void)state;
	for (int stale = 0; stale < 2; stale++)
		for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
			char *text = g_strconcat(HEAD, starts[i], STEPS, NULL);
			struct stage *s = stage_new(START, SEGMENTS,
			    "few: customer.visits < 3\n", CARE, text, NULL);
			struct err e = { 0 };

			stage_customer(s, "C1", "high", "+8619900000001", "");
			store_begin(s->store, &e);
			if (stale)
				assert_int_equal(
				    feed_heard(s->store, "", "dms", stage_at(START), &e),
				    0);
			store_commit(s->store, &e);
			stage_run(s, 3 * MS_DAY);
			assert_int_equal(runs(s, "C1"), !stale);
			stage_free(s);
			g_free(text);
		}
}

/* ---- lists and segments ---- */

static void
s21_by_segment(void **state)
{
	struct stage *s = stage_new(START, SEGMENTS,
	    "vips: customer.tags contains \"vip\"\n老客户:\n  all: [ customer.tier == "
	    "\"high\" ]\n",
	    CARE,
	    HEAD "start: { list: { segment: 老客户 }, at: 2026-03-10 11:00, once: true "
		 "}\nexits:\n  - when: customer.segments contains \"vips\"\n" STEPS,
	    NULL);
	struct err e = { 0 };
	struct run r;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "low", "+8619900000002", "");
	stage_customer(s, "C3", "high", "+8619900000003", "");
	store_begin(s->store, &e);
	assert_int_equal(customer_set_tags(s->store, 3, "vip", &e), 0);
	store_commit(s->store, &e);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(runs(s, "C1"), 1);
	assert_int_equal(runs(s, "C2"), 0);
	stage_last_run(s, "C3", &r);
	assert_int_equal(r.state, RUN_LEFT);
	stage_free(s);
}

static void
answer_text(void *arg, int status, const char *json)
{
	g_free(*(char **)arg);
	*(char **)arg = g_strdup_printf("%d %s", status, json);
}

static void
counted(void **state)
{
	struct stage *s = stage_new(START, SEGMENTS,
	    "high: customer.tier == \"high\"\nnobody: customer.visits > 99\n", NULL);
	char *text = NULL;

	(void)state;
	for (int i = 0; i < 7; i++) {
		char *id = g_strdup_printf("C%d", i);

		stage_customer(s, id, i % 2 ? "low" : "high", "", "");
		g_free(id);
	}
	engine_segments(s->engine, "", answer_text, &text);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(text, "200 {\"customers\":7"));
	assert_non_null(strstr(text, "\"name\":\"high\",\"customers\":4"));
	assert_non_null(strstr(text, "\"name\":\"nobody\",\"customers\":0"));
	engine_segments(s->engine, "high", answer_text, &text);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(text, "\"name\":\"high\",\"customers\":4"));
	assert_null(strstr(text, "nobody"));
	engine_segments(s->engine, "hihg", answer_text, &text);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(text, "404"));
	g_free(text);
	stage_free(s);
}

/* S21: ids, phones, plates and VINs; what means nobody is told. */
static void
s21_rows_of_a_file(void **state)
{
	struct stage *s = stage_new(START, "config/playbooks/who.csv",
	    "客户编号\nC1\n+8619900000002\n京A00000\nC99\n+8619900000099\n", CARE,
	    HEAD "start: { list: who.csv, at: 2026-03-10 11:00 }\n" STEPS, NULL);
	struct vehicle v = { .ext = "V1",
		.owner = "",
		.phone = "",
		.vin = "",
		.plate = "京A00000",
		.model = "",
		.store = "",
		.attrs = "{}" };
	struct err e = { 0 };
	char *text = NULL;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	v.customer = stage_customer(s, "C3", "high", "+8619900000003", "");
	stage_customer(s, "C4", "high", "+8619900000004", "");
	store_begin(s->store, &e);
	assert_true(vehicle_put(s->store, &v, &e) >= 0);
	store_commit(s->store, &e);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(runs(s, "C1"), 1);
	assert_int_equal(runs(s, "C2"), 1);
	assert_int_equal(runs(s, "C3"), 1);
	assert_int_equal(runs(s, "C4"), 0);
	engine_status(s->engine, answer_text, &text);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(text, "\"unmatched\":{\"rows\":2,\"first\":["));
	assert_non_null(strstr(text, "\"C99\""));
	assert_non_null(strstr(text, "+86****0099"));
	assert_null(strstr(text, "19900000099"));
	assert_non_null(strstr(text, "2 rows of the list of care mean nobody"));
	g_free(text);
	stage_free(s);
}

/* ---- campaigns ---- */

static void
bounds_of_a_campaign(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "active: { from: 2026-03-12, to: 2026-03-14 }\nstart: { on: visit "
		 "}\ngoal: { on: order, window: 30d }\nsteps:\n  - { id: one, after: "
		 "1h, send: a }\n  - { id: two, after: 5d, send: b }\n",
	    NULL);
	struct run r;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_event(s, "v1", "C1", "visit");
	assert_int_equal(runs(s, "C1"), 0);
	stage_run(s, 2 * MS_DAY);
	stage_event(s, "v2", "C1", "visit");
	assert_int_equal(runs(s, "C1"), 1);
	stage_run(s, MS_DAY);
	/* The second message would come after the end: the steps are over, the goal not.
	 */
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 1);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_WATCHING);
	stage_run(s, 2 * MS_DAY);
	stage_event(s, "v3", "C2", "visit");
	assert_int_equal(runs(s, "C2"), 0);
	stage_event(s, "o1", "C1", "order");
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.why, "goal");
	stage_free(s);
}

/* A repeat ends with its campaign. */
static void
rounds_of_a_campaign(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "active: { to: 2026-03-12 }\nstart: { on: visit }\nsteps:\n  - { id: "
		 "tips, after: 1h, repeat: { every: 1d, times: 9, send: a } }\n  - { id: "
		 "tag, do: { tag: { add: late } } }\n",
	    NULL);
	struct customer_row c;
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 5 * MS_DAY);
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 3);
	assert_int_equal(s->letters->len, 3);
	assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
	assert_string_equal(c.c.tags, "");
	stage_free(s);
}

/* Late in the evening of the last day: over midnight it is not sent. */
static void
not_after_the_end(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "active: { to: 2026-03-10 }\nstart: { on: visit }\nsteps:\n  - { id: "
		 "one, after: 13h, send: a }\n",
	    NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_DAY);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_EXPIRED);
	stage_free(s);
}

static void
quota_by_priority(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "quota: { by: tier, shares: { high: 70%, low: 30% } }\nstart: { on: "
		 "visit, limit: 10/day }\n" STEPS,
	    NULL);
	static const struct {
		const char *tier;
		int of, in;
	} rows[] = { { "high", 9, 7 }, { "low", 5, 3 }, { "other", 2, 0 } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int in = 0;

		for (int k = 0; k < rows[i].of; k++) {
			char *id = g_strdup_printf("%s%d", rows[i].tier, k);

			stage_customer(s, id, rows[i].tier, "", "");
			stage_event(s, id, id, "visit");
			in += runs(s, id);
			g_free(id);
		}
		assert_int_equal(in, rows[i].in);
	}
	stage_run(s, MS_DAY);
	stage_event(s, "again", "high8", "visit");
	assert_int_equal(runs(s, "high8"), 1);
	stage_free(s);
}

/* The place of the day went to somebody else before the first customer was reached. */
static void
no_place_for_the_first(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "start: { every: week, day: 2 at 09:00, limit: 1/day }\n" STEPS,
	    "config/playbooks/other.yaml",
	    "playbook: other\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - { id: over, enter: care }\n",
	    NULL);

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_run(s, 6 * MS_DAY + 22 * MS_HOUR); /* Tuesday 08:00 */
	stage_event(s, "v1", "C2", "visit");
	assert_int_equal(runs(s, "C2"), 2);
	stage_run(s, 4 * MS_HOUR);
	assert_int_equal(runs(s, "C1"), 0);
	stage_run(s, MS_DAY);
	assert_int_equal(runs(s, "C1"), 1);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_round),
		cmocka_unit_test(every_month),
		cmocka_unit_test(not_what_was_before),
		cmocka_unit_test(missed),
		cmocka_unit_test(s04_on_old_news),
		cmocka_unit_test(s21_by_segment),
		cmocka_unit_test(counted),
		cmocka_unit_test(s21_rows_of_a_file),
		cmocka_unit_test(bounds_of_a_campaign),
		cmocka_unit_test(rounds_of_a_campaign),
		cmocka_unit_test(not_after_the_end),
		cmocka_unit_test(quota_by_priority),
		cmocka_unit_test(no_place_for_the_first),
	};

	return cmocka_run_group_tests_name("starts", tests, NULL, NULL);
}
