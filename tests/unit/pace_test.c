/* Entry paced to the hours of those who call: who finds none waits for another day, and is
 * never lost. proves: S22 */
#include "store/balance.h"
#include "store/pace.h"
#include "task_stage.h"

#define MONDAY "2026-11-23T05:00:00+08:00"
#define TWO MEALS "tasks: { per_day: 2 }\n"
#define STEPS                                                                   \
	"steps:\n  - { id: call, at: day 2, call: ask, to: advisor, due: 24h, " \
	"outcomes: "                                                            \
	"{ reached: stop, refused: stop, none: stop } }\n"
#define BOOK(name, more, start)                                                        \
	"playbook: " name "\ncategory: marketing\nstatus: live\n" more "start: " start \
	"\n" STEPS
#define EVERYBODY "{ when: customer.tier == \"high\" }"

static struct stage *
begin(const char *policy, const char *p, const char *q)
{
	return stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ROLES, "config/policy.yaml", policy,
	    "templates/phone/ask.liquid", ASK, "config/playbooks/p.csv",
	    "id\nC1\nC2\nC3\nC4\nC5\n", "config/playbooks/p.yaml", p,
	    q == NULL ? NULL : "config/playbooks/q.yaml", q, NULL);
}

static void
people(struct stage *s, int from, int to, const char *advisor)
{
	for (int i = from; i <= to; i++) {
		char ext[8], phone[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+861991234%04d", i);
		task_customer(s, ext, phone, advisor);
	}
	/* the next life knows their zone */
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
}

static int
inside(struct stage *s, const char *playbook)
{
	struct err e = { 0 };
	struct balance b;
	int number = strcmp(playbook, "p") == 0 ? 1 : 2;

	assert_int_equal(balance_get(s->store, number, 0, &b, &e), 0);
	return (int)b.runs;
}

static int
waiting(struct stage *s, int playbook)
{
	struct err e = { 0 };
	int64_t n;
	ms_t since;

	assert_int_equal(waiting_count(s->store, playbook, &n, &since, &e), 0);
	return (int)n;
}

/* Calls on his list that day. */
static int
load(struct stage *s, const char *who, const char *day)
{
	struct err e = { 0 };
	struct date d;
	int n;

	assert_int_equal(date_parse(day, &d), 0);
	assert_int_equal(task_load(s->store, who, TASK_CALL, date_days(d), &n, &e), 0);
	return n;
}

/* ---- how many ---- */

static void
s22_as_many_enter_as_can_be_called(void **state)
{
	struct stage *s = begin(TWO, BOOK("p", "", EVERYBODY), NULL);

	(void)state;
	people(s, 6, 6, "赵敏");
	people(s, 1, 5, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	/* two of hers; his is not kept out by that */
	assert_int_equal(inside(s, "p"), 3);
	assert_int_equal(waiting(s, 1), 3);
	task_until(s, "2026-11-24T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 5);
	assert_int_equal(waiting(s, 1), 1);
	task_until(s, "2026-11-24T17:00:00+08:00");
	assert_int_equal(load(s, "李娜", "2026-11-24"), 2);
	assert_int_equal(load(s, "赵敏", "2026-11-24"), 1);
	task_until(s, "2026-11-25T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 6);
	assert_int_equal(waiting(s, 1), 0);
	assert_int_equal(load(s, "李娜", "2026-11-24"), 2);
	stage_free(s);
}

static void
without_an_end_of_calls_nobody_waits(void **state)
{
	struct stage *s =
	    begin(MEALS "tasks: { per_day: 0 }\n", BOOK("p", "", EVERYBODY), NULL);

	(void)state;
	people(s, 1, 5, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 5);
	assert_int_equal(waiting(s, 1), 0);
	stage_free(s);
}

/* 30 calls of 40 minutes do not fit into two hours, whatever per_day says. */
static void
the_hours_bound_it_as_well(void **state)
{
	struct stage *s =
	    begin(MEALS "tasks: { per_day: 30, each: 40m, business: { from: "
			"\"09:00\", to: \"11:00\" } }\n",
		BOOK("p", "", EVERYBODY), NULL);

	(void)state;
	people(s, 1, 5, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 3);
	assert_int_equal(waiting(s, 1), 2);
	stage_free(s);
}

/* Two have the role: each has his own hours, and the calls are spread over both. */
static void
a_team_has_the_hours_of_all(void **state)
{
	struct stage *s = begin(TWO,
	    "playbook: p\ncategory: marketing\nstatus: live\n"
	    "start: " EVERYBODY "\nsteps:\n  - { id: call, at: day 2, call: ask, to: "
	    "specialist, due: 24h, outcomes: { reached: stop, refused: stop, none: stop "
	    "} }\n",
	    NULL);
	struct date d = { 2026, 11, 24 };
	struct err e = { 0 };
	int n;

	(void)state;
	people(s, 1, 5, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 4);
	assert_int_equal(waiting(s, 1), 1);
	assert_int_equal(booking_count(s->store, "刘洋", 0, date_days(d), 0, &n, &e), 0);
	assert_int_equal(n, 2);
	stage_free(s);
}

static void
a_limit_holds_beside_it(void **state)
{
	struct stage *s = begin(TWO,
	    BOOK("p", "", "{ when: customer.tier == \"high\", limit: 1/day }"), NULL);

	(void)state;
	people(s, 1, 3, "李娜");
	for (int day = 1; day <= 3; day++) {
		stage_run(s, day == 1 ? 2 * MS_HOUR : MS_DAY);
		assert_int_equal(inside(s, "p"), day);
	}
	stage_free(s);
}

/* ---- what is never lost ---- */

static void
whom_a_list_names_waits(void **state)
{
	struct stage *s = begin(TWO,
	    BOOK("p", "", "{ list: { file: p.csv }, at: 2026-11-23 10:00, once: true }"),
	    NULL);

	(void)state;
	people(s, 1, 5, "李娜");
	task_until(s, "2026-11-23T10:05:00+08:00");
	assert_int_equal(inside(s, "p"), 2);
	assert_int_equal(waiting(s, 1), 3);
	stage_run(s, MS_DAY);
	assert_int_equal(inside(s, "p"), 4);
	stage_run(s, MS_DAY);
	assert_int_equal(inside(s, "p"), 5);
	assert_int_equal(waiting(s, 1), 0);
	stage_free(s);
}

static void
whom_an_event_brought_enters_by_it(void **state)
{
	struct stage *s = begin(TWO, BOOK("p", "", "{ on: visit }"), NULL);
	struct run r;

	(void)state;
	people(s, 1, 3, "李娜");
	for (int i = 1; i <= 3; i++) {
		char ext[8], id[8];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(id, sizeof(id), "v%d", i);
		assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	}
	stage_run(s, MS_SECOND);
	assert_int_equal(inside(s, "p"), 2);
	assert_int_equal(waiting(s, 1), 1);
	/* the machine dies and comes back */
	stage_fall(s, true);
	stage_rise(s);
	task_until(s, "2026-11-24T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 3);
	assert_int_equal(waiting(s, 1), 0);
	stage_last_run(s, "C3", &r);
	assert_true(r.event != 0);
	stage_free(s);
}

static void
who_is_no_longer_meant_waits_no_more(void **state)
{
	struct stage *s =
	    begin(TWO, BOOK("p", "", "{ when: customer.stage == \"new\" }"), NULL);
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	(void)state;
	people(s, 1, 3, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	assert_int_equal(waiting(s, 1), 1);
	assert_int_equal(customer_find(s->store, "C3", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_set_stage(s->store, id, "lost", &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	stage_run(s, MS_DAY);
	assert_int_equal(inside(s, "p"), 2);
	assert_int_equal(waiting(s, 1), 0);
	stage_free(s);
}

/* ---- who first ---- */

static void
the_more_important_is_not_kept_waiting(void **state)
{
	struct stage *s = begin(TWO, BOOK("p", "priority: 10\n", EVERYBODY),
	    BOOK("q", "priority: 90\n", "{ on: visit }"));

	(void)state;
	people(s, 1, 3, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 2);
	/* her Tuesday is full of p's calls: those move */
	assert_int_equal(stage_event(s, "v1", "C3", "visit"), 201);
	stage_run(s, MS_MINUTE);
	assert_int_equal(inside(s, "q"), 1);
	task_until(s, "2026-11-24T06:30:00+08:00");
	/* C3 of p waited since yesterday; Wednesday has the room */
	assert_int_equal(inside(s, "p"), 3);
	task_until(s, "2026-11-24T17:00:00+08:00");
	assert_int_equal(load(s, "李娜", "2026-11-24"), 2);
	stage_free(s);
}

static void
who_leaves_gives_his_hours_back(void **state)
{
	struct stage *s =
	    begin(TWO, BOOK("p", "exits: [ { on: complaint } ]\n", EVERYBODY), NULL);
	struct err e = { 0 };
	struct date d = { 2026, 11, 24 };
	int n;

	(void)state;
	people(s, 1, 3, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	assert_int_equal(booking_count(s->store, "李娜", 0, date_days(d), 0, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(stage_event(s, "x", "C1", "complaint"), 201);
	assert_int_equal(booking_count(s->store, "李娜", 0, date_days(d), 0, &n, &e), 0);
	assert_int_equal(n, 1);
	task_until(s, "2026-11-24T17:00:00+08:00");
	/* on the list they are no longer foreseen */
	assert_int_equal(booking_count(s->store, "李娜", 0, date_days(d), 0, &n, &e), 0);
	assert_int_equal(n, 0);
	stage_free(s);
}

/* ---- told ---- */

static char *said;

static void
listen(void *arg, int status, const char *json)
{
	stage_answer(arg, status, json);
	g_free(said);
	said = g_strdup(json);
}

static void
why_and_status_tell_of_it(void **state)
{
	struct stage *s = begin(TWO, BOOK("p", "", EVERYBODY), NULL);

	(void)state;
	people(s, 1, 3, "李娜");
	task_until(s, "2026-11-23T06:30:00+08:00");
	engine_why(s->engine, "C3", listen, s);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(said, "2026-11-24, when 李娜 has no hours left"));
	engine_why(s->engine, "C1", listen, s);
	stage_run(s, MS_SECOND);
	assert_null(strstr(said, "has no hours left"));
	engine_status(s->engine, listen, s);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(said, "\"hours\":{\"waiting\":1,"));
	/* who waits would ask a third call of somebody who has time for two */
	engine_hand(s->engine, "forecast", "{\"playbook\":\"p\"}", 16, listen, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_non_null(strstr(said, "\"day\":\"2026-11-24\",\"calls\":1,"));
	assert_non_null(
	    strstr(said, "\"left_h\":0.0,\"people\":1,\"enter\":1,\"fit\":0"));
	g_free(said);
	said = NULL;
	stage_free(s);
}

static void
who_waits_enters_the_form_that_his_store_has_got(void **state)
{
	struct stage *s = begin(TWO, BOOK("p", "", "{ on: visit }"), NULL);

	(void)state;
	for (int i = 1; i <= 3; i++) {
		char ext[16], id[8], phone[24];
		struct customer c = stage_person(ext);

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+861991234%04d", i);
		c.advisor = "李娜";
		c.store = "east";
		c.address[CHANNEL_SMS] = c.address[CHANNEL_PHONE] = phone;
		stage_keep(s, &c);
		g_snprintf(id, sizeof(id), "v%d", i);
		assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	}
	stage_run(s, MS_SECOND);
	assert_int_equal(inside(s, "p"), 2);
	assert_int_equal(waiting(s, 1), 1);
	stage_put(s, "config/stores.yaml", "stores: [{ id: east }]\n");
	stage_put(
	    s, "config/playbooks/q.yaml", "playbook: q\nextends: p\nstores: east\n");
	engine_reload(s->engine, listen, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	task_until(s, "2026-11-24T06:30:00+08:00");
	assert_int_equal(inside(s, "p"), 2);
	assert_int_equal(inside(s, "q"), 1);
	assert_int_equal(waiting(s, 1), 0);
	assert_int_equal(waiting(s, 2), 0);
	g_free(said);
	said = NULL;
	stage_free(s);
}

/* ---- a plan of more hours than there are ---- */

static const struct plan_row {
	const char *name, *start, *says; /* says NULL: it is published */
} plans[] = {
	{ "s22 a limit above what fits",
	    "{ when: customer.tier == \"high\", limit: 4/day }",
	    "step \\\"call\\\" needs 0.7 h of calls on 2026-11-24 (4 calls), the 1 "
	    "person who "
	    "could make them has 0.3 h left" },
	{ "s22 a campaign on one day",
	    "{ list: { file: p.csv }, at: 2026-11-26 10:00, once: true }",
	    "on 2026-11-27 (5 calls)" },
	{ "a limit that fits", "{ when: customer.tier == \"high\", limit: 2/day }",
	    NULL },
	{ "nobody is meant", "{ when: customer.tier == \"low\", limit: 400/day }", NULL },
	{ "who comes as he comes", "{ when: customer.tier == \"high\" }", NULL },
};

static void
plans_that_need_more_hours_than_there_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(plans); i++) {
		struct stage *s = begin(TWO, BOOK("p", "", "{ on: visit }"), NULL);
		char *book = g_strdup_printf(BOOK("q", "", "%s"), plans[i].start);
		bool refused = plans[i].says != NULL;

		people(s, 1, 5, "李娜");
		stage_put(s, "config/playbooks/q.yaml", book);
		engine_reload(s->engine, listen, s);
		stage_run(s, MS_SECOND);
		if (s->answer != (refused ? 422 : 200) ||
		    (refused && strstr(said, plans[i].says) == NULL))
			fail_msg("%s: %d %s", plans[i].name, s->answer, said);
		if (refused)
			assert_non_null(strstr(said, "write limit: 2/day"));
		g_free(book);
		stage_free(s);
	}
	g_free(said);
	said = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s22_as_many_enter_as_can_be_called),
		cmocka_unit_test(without_an_end_of_calls_nobody_waits),
		cmocka_unit_test(the_hours_bound_it_as_well),
		cmocka_unit_test(a_team_has_the_hours_of_all),
		cmocka_unit_test(a_limit_holds_beside_it),
		cmocka_unit_test(whom_a_list_names_waits),
		cmocka_unit_test(whom_an_event_brought_enters_by_it),
		cmocka_unit_test(who_waits_enters_the_form_that_his_store_has_got),
		cmocka_unit_test(who_is_no_longer_meant_waits_no_more),
		cmocka_unit_test(the_more_important_is_not_kept_waiting),
		cmocka_unit_test(who_leaves_gives_his_hours_back),
		cmocka_unit_test(why_and_status_tell_of_it),
		cmocka_unit_test(plans_that_need_more_hours_than_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
