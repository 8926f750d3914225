/* booking_test.c - a file of appointments as events: what is ahead and what has changed,
 * once; history is silent. proves: S2, S20 */
#include "stage.h"
#include "store/event.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"

static void
put(struct stage *s, const char *what, const char *csv, const struct import_how *how)
{
	char *path = g_build_filename(s->dir, "in.csv", NULL);

	assert_true(g_file_set_contents(path, csv, -1, NULL));
	s->answer = 0;
	engine_import(s->engine, what, path, how, NULL, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	g_free(path);
}

#define HEAD "id,customer,at,state,service\n"
#define OTHER "A9,C1,2026-03-09 09:00,arrived,\n" /* the file says who came */

static struct stage *
opened(const char *playbook)
{
	struct stage *s = playbook == NULL ? stage_new(START, NULL)
					   : stage_new(START, CARE, playbook, NULL);

	put(s, "customers", "id,name,phone,consent\nC1,x,19900000001,marketing\n", NULL);
	return s;
}

static void
add_type(void *arg, const struct event *ev)
{
	g_string_append_printf(arg, "%s%s", ((GString *)arg)->len > 0 ? " " : "", ev->type);
}

/* Types of what happened to C1, in order. */
static char *
told(struct stage *s)
{
	GString *all = g_string_new("");
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(event_of_customer(s->store, id, add_type, all, &e), 0);
	return g_string_free(all, FALSE);
}

static void
told_is(struct stage *s, const char *want)
{
	char *have = told(s);

	assert_string_equal(have, want);
	g_free(have);
}

/* The first file at 10:00, the second so many hours later. */
static const struct row {
	const char *name, *first, *second, *want;
	int hours;
} rows[] = {
	{ "ahead", "A1,C1,2026-03-12 15:00,booked,", "", "booking", 1 },
	{ "told again", "A1,C1,2026-03-12 15:00,booked,", "A1,C1,2026-03-12 15:00,booked,",
	    "booking", 1 },
	{ "history", "A1,C1,2026-03-01 15:00,booked,", "A1,C1,2026-03-01 15:00,no_show,", "",
	    1 },
	{ "this morning, in the first file", "A1,C1,2026-03-10 07:00,arrived,", "", "", 1 },
	{ "between two files", "A9,C1,2026-03-01 09:00,done,", "A1,C1,2026-03-10 14:00,no_show,",
	    "no_show", 8 },
	{ "moved", "A1,C1,2026-03-12 15:00,booked,", "A1,C1,2026-03-13 09:00,moved,",
	    "booking reschedule", 1 },
	{ "cancelled", "A1,C1,2026-03-12 15:00,booked,", "A1,C1,2026-03-12 15:00,cancelled,",
	    "booking cancelled", 1 },
	{ "cancelled before it was heard of", "A1,C1,2026-03-12 15:00,cancelled,", "", "", 1 },
	{ "he came", "A1,C1,2026-03-10 15:00,booked,", "A1,C1,2026-03-10 15:00,arrived,",
	    "booking check_in", 6 },
	{ "he came and went, and no orders tell it", "A1,C1,2026-03-10 15:00,booked,\n" OTHER,
	    "A1,C1,2026-03-10 15:00,done,", "booking check_in check_out visit", 8 },
	{ "he did not come, as the file says", "A1,C1,2026-03-10 15:00,booked,",
	    "A1,C1,2026-03-10 15:00,no_show,", "booking no_show", 8 },
	{ "S20: two hours past and nobody saw him", "A1,C1,2026-03-10 15:00,booked,",
	    "A1,C1,2026-03-10 15:00,booked,\n" OTHER, "booking no_show", 8 },
	{ "S20: not yet two hours", "A1,C1,2026-03-10 15:00,booked,",
	    "A1,C1,2026-03-10 15:00,booked,\n" OTHER, "booking", 6 },
	{ "S20: no file says who came, so the clock does", "A1,C1,2026-03-10 15:00,booked,",
	    "A1,C1,2026-03-10 15:00,booked,", "booking no_show", 8 },
	{ "fetched", "A1,C1,2026-03-12 15:00,booked,上门取送", "", "booking pickup_booked", 1 },
};

static void
an_import_of_appointments_made_no_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = opened(NULL);
		char *first = g_strconcat(HEAD, rows[i].first, "\n", NULL);
		char *second = g_strconcat(HEAD, rows[i].second, "\n", NULL);

		print_message("%s\n", rows[i].name);
		put(s, "appointments", first, NULL);
		stage_run(s, rows[i].hours * MS_HOUR);
		for (int k = 0; k < 2 && *rows[i].second != '\0'; k++)
			put(s, "appointments", second, NULL);
		told_is(s, rows[i].want);
		g_free(first);
		g_free(second);
		stage_free(s);
	}
}

/* He was seen: by an order of that day, or by an event of another system. */
static void
s20_who_was_seen_is_no_no_show(void **state)
{
	static const char file[] = HEAD "A1,C1,2026-03-10 15:00,booked,\n" OTHER;

	(void)state;
	for (int by_order = 0; by_order < 2; by_order++) {
		struct stage *s = opened(NULL);
		char *have;

		put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,booked,\n", NULL);
		stage_run(s, 5 * MS_HOUR);
		if (by_order)
			put(s, "orders", "id,customer,at,amount\nO1,C1,2026-03-10 15:10,900\n",
			    NULL);
		else
			assert_int_equal(stage_event(s, "c1", "C1", "check_in"), 201);
		stage_run(s, 4 * MS_HOUR);
		put(s, "appointments", file, NULL);
		have = told(s);
		assert_null(strstr(have, "no_show"));
		g_free(have);
		stage_free(s);
	}
}

/* No file comes again: what the clock makes of it, once, and what stops it. The first file at
 * 10:00 is `before`, then the appointment, then after four hours `then`: an event, or a file. */
static const struct clock_row {
	const char *name, *before_what, *before, *event, *then_what, *then, *want;
	int hours;
} clocks[] = {
	{ "two hours past", "", "", "", "", "", "booking no_show", 4 },
	{ "not yet two hours", "", "", "", "", "", "booking", 2 },
	{ "checked in", "", "", "check_in", "", "", "booking check_in", 30 },
	{ "cancelled by an event", "", "", "cancelled", "", "", "booking cancelled", 30 },
	{ "moved by an event", "", "", "reschedule", "", "", "booking reschedule", 30 },
	{ "S4: visits come by file, and it is to come", "orders", "id,customer,at,amount\n"
	  "O0,C2,2026-03-01 10:00,9\n", "", "", "", "booking", 30 },
	{ "S4: it came in time and not since", "orders", "id,customer,at,amount\n"
	  "O0,C2,2026-03-01 10:00,9\n", "", "orders", "id,customer,at,amount\n"
	  "O1,C2,2026-03-10 13:00,9\n", "booking", 30 },
	{ "files tell who came, and are to come", "appointments", HEAD
	  "A9,C2,2026-03-09 09:00,arrived,\n", "", "", "", "booking", 30 },
	{ "moved in the file", "", "", "", "appointments", HEAD
	  "A1,C1,2026-03-12 15:00,moved,\n", "booking reschedule", 30 },
	{ "moved in the file, and did not come then", "", "", "", "appointments", HEAD
	  "A1,C1,2026-03-12 15:00,moved,\n", "booking reschedule no_show", 80 },
	{ "cancelled in the file", "", "", "", "appointments", HEAD
	  "A1,C1,2026-03-10 15:00,cancelled,\n", "booking cancelled", 30 },
};

static void
s20_the_clock_finds_who_did_not_come(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(clocks); i++) {
		const struct clock_row *r = &clocks[i];
		struct stage *s = opened(NULL);

		print_message("%s\n", r->name);
		put(s, "customers", "id,name,phone,consent\nC2,y,19900000002,marketing\n", NULL);
		if (*r->before != '\0')
			put(s, r->before_what, r->before, NULL);
		put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,booked,\n", NULL);
		stage_run(s, 4 * MS_HOUR);
		if (*r->event != '\0')
			assert_int_equal(stage_event(s, "v1", "C1", r->event), 201);
		if (*r->then != '\0')
			put(s, r->then_what, r->then, NULL);
		stage_run(s, r->hours * MS_HOUR);
		told_is(s, r->want);
		stage_free(s);
	}
}

/* S4: the news come late, and what they tell counts; nobody is missed before. */
static void
s20_news_are_waited_for(void **state)
{
	static const char old[] = "id,customer,at,amount\nO0,C2,2026-03-01 10:00,9\n";

	(void)state;
	for (int came = 0; came < 2; came++) {
		struct stage *s = opened(NULL);

		put(s, "customers", "id,name,phone,consent\nC2,y,19900000002,marketing\n", NULL);
		put(s, "orders", old, NULL);
		put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,booked,\n", NULL);
		stage_run(s, 12 * MS_HOUR);
		told_is(s, "booking");
		put(s, "orders",
		    came ? "id,customer,at,amount\nO1,C1,2026-03-10 15:10,900\n"
			 : "id,customer,at,amount\nO1,C2,2026-03-10 15:10,900\n",
		    NULL);
		stage_run(s, 2 * MS_HOUR);
		told_is(s, came ? "booking order visit" : "booking no_show");
		/* The file that still says booked tells nothing twice. */
		put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,booked,\n" OTHER, NULL);
		put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,no_show,\n", NULL);
		stage_run(s, 30 * MS_HOUR);
		if (!came)
			told_is(s, "booking no_show");
		stage_free(s);
	}
}

/* Where orders are imported they say who came, with the amount. */
static void
s2_a_visit_is_told_by_its_order(void **state)
{
	struct stage *s = opened(NULL);

	(void)state;
	put(s, "orders", "id,customer,at,amount\nO0,C1,2025-03-10 15:10,900\n", NULL);
	put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,booked,\n", NULL);
	stage_run(s, 8 * MS_HOUR);
	put(s, "appointments", HEAD "A1,C1,2026-03-10 15:00,done,\n", NULL);
	put(s, "orders", "id,customer,at,amount\nO1,C1,2026-03-10 15:10,900\n", NULL);
	told_is(s, "order visit booking check_in check_out order visit");
	stage_free(s);
}

static const char books[] =
    "playbook: care\ncategory: service\nstatus: live\nsubject: appointment\n"
    "start: { on: booking }\nexits: [ { on: cancelled }, { on: no_show } ]\nsteps:\n"
    "  - { id: now, send: s }\n  - { id: near, before: appointment.at 2h, send: s }\n";

/* From the files alone: confirmed, moved along, and nothing after it was cancelled. */
static void
s20_a_run_from_the_file_alone(void **state)
{
	struct stage *s = opened(books);
	struct message m;
	struct run r;

	(void)state;
	put(s, "appointments", HEAD "A1,C1,2026-03-20 15:00,booked,\n", NULL);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	put(s, "appointments", HEAD "A1,C1,2026-03-21 15:00,moved,\n", NULL);
	stage_touch(s, "C1", 1, &m);
	assert_int_equal(m.planned_at, stage_at("2026-03-21T13:00:00+08:00"));
	put(s, "appointments", HEAD "A1,C1,2026-03-21 15:00,cancelled,\n", NULL);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_LEFT);
	stage_run(s, 20 * MS_DAY);
	assert_int_equal(s->letters->len, 1);
	stage_free(s);
}

/* `--history`, and a dry run, tell nothing. */
static void
s2_history_and_dry_runs_are_silent(void **state)
{
	const struct import_how hows[] = { { .history = true }, { .dry_run = true } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hows); i++) {
		struct stage *s = opened(books);

		put(s, "appointments", HEAD "A1,C1,2026-03-20 15:00,booked,\n", &hows[i]);
		stage_run(s, MS_HOUR);
		told_is(s, "");
		assert_int_equal(s->letters->len, 0);
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_import_of_appointments_made_no_events),
		cmocka_unit_test(s20_who_was_seen_is_no_no_show),
		cmocka_unit_test(s20_the_clock_finds_who_did_not_come),
		cmocka_unit_test(s20_news_are_waited_for),
		cmocka_unit_test(s2_a_visit_is_told_by_its_order),
		cmocka_unit_test(s20_a_run_from_the_file_alone),
		cmocka_unit_test(s2_history_and_dry_runs_are_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
