/* dates_test.c - before: a date, the touches that hang on it, and what they do when it
 * moves. */
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define OTHER "config/playbooks/other.yaml"
#define VISIT "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
#define DUE "2026-04-01"

static const char booking[] =
    "{\"id\":\"b1\",\"customer\":\"C1\",\"type\":\"booking\",\"at\":\"" START
    "\",\"appointment\":\"A1\"}";

static int64_t
person(struct stage *s, struct date birthday, const char *attrs)
{
	struct customer c = { .ext = "C1",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "",
		.store = "",
		.advisor = "",
		.tz = "",
		.birthday = birthday,
		.address = { "+8619900000001", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = attrs };
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	return id;
}

/* Entered on 10 March 2026 at 10:00. */
static const struct date_row {
	const char *name, *attrs;
	struct date birthday;
	const char *step;
	const char *due, *expires; /* due NULL: no touch is planned */
	enum msg_state state;
} rows[] = {
	{ "three days before the birthday", "{}", { 1980, 4, 1 },
	    "before: customer.birthday 3d", "2026-03-29T10:00:00+08:00",
	    "2026-04-02T00:00:00+08:00", MSG_DUE },
	{ "on the day, at a time", "{}", { 1980, 4, 1 },
	    "before: customer.birthday 0d at 09:00", "2026-04-01T09:00:00+08:00",
	    "2026-04-02T00:00:00+08:00", MSG_DUE },
	{ "this year's is over: the next", "{}", { 1980, 3, 9 },
	    "before: customer.birthday 3d", "2027-03-06T10:00:00+08:00",
	    "2027-03-10T00:00:00+08:00", MSG_DUE },
	{ "born on 29 February", "{}", { 1980, 2, 29 },
	    "before: customer.birthday 0d at 10:00", "2027-02-28T10:00:00+08:00",
	    "2027-03-01T00:00:00+08:00", MSG_DUE },
	{ "nobody knows the birthday", "{}", { 0 }, "before: customer.birthday 3d", NULL,
	    NULL, 0 },
	{ "too late this year", "{}", { 1980, 3, 11 }, "before: customer.birthday 3d",
	    "2026-03-08T10:00:00+08:00", "2026-03-12T00:00:00+08:00", MSG_SUPPRESSED },
	{ "too late, but now", "{}", { 1980, 3, 11 },
	    "before: customer.birthday 3d, on_past: now", "2026-03-10T10:00:01+08:00",
	    "2026-03-12T00:00:00+08:00", MSG_SENDING },
	{ "a date in an attribute", "{\"due_on\":\"" DUE "\"}", { 0 },
	    "before: customer.due_on 14d", "2026-03-18T10:00:00+08:00",
	    "2026-04-02T00:00:00+08:00", MSG_DUE },
	{ "as people write it", "{\"due_on\":\"2026/4/1\"}", { 0 },
	    "before: customer.due_on 14d", "2026-03-18T10:00:00+08:00",
	    "2026-04-02T00:00:00+08:00", MSG_DUE },
	{ "no date at all", "{\"due_on\":\"soon\"}", { 0 }, "before: customer.due_on 14d",
	    NULL, NULL, 0 },
	{ "hours before an instant", "{\"due_on\":\"2026-04-01 15:00\"}", { 0 },
	    "before: customer.due_on 2h", "2026-04-01T13:00:00+08:00",
	    "2026-04-01T15:00:00+08:00", MSG_DUE },
	{ "a day before an instant: at its time",
	    "{\"due_on\":\"2026-04-01T15:00:00+08:00\"}", { 0 },
	    "before: customer.due_on 1d", "2026-03-31T15:00:00+08:00",
	    "2026-04-01T15:00:00+08:00", MSG_DUE },
	{ "never after, whatever expires says", "{\"due_on\":\"2026-04-01 15:00\"}",
	    { 0 }, "before: customer.due_on 2h, expires: 24h",
	    "2026-04-01T13:00:00+08:00", "2026-04-01T15:00:00+08:00", MSG_DUE },
	{ "no longer than expires says", "{}", { 1980, 4, 1 },
	    "before: customer.birthday 3d, expires: 24h", "2026-03-29T10:00:00+08:00",
	    "2026-03-30T10:00:00+08:00", MSG_DUE },
};

static void
assert_at(ms_t at, const char *text)
{
	char have[CLOCK_TEXT];

	/* The work takes some milliseconds. */
	assert_string_equal(clock_format(at, 480, have), text);
}

static void
before_a_date(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct date_row *row = &rows[i];
		char *text = g_strdup_printf(VISIT
		    "steps:\n  - { id: one, %s, send: a }\n  - { id: two, do: { "
		    "tag: { add: done } } }\n",
		    row->step);
		struct stage *s = stage_new(START, CARE, text, NULL);
		struct message m;

		print_message("%s\n", row->name);
		person(s, row->birthday, row->attrs);
		stage_event(s, "v1", "C1", "visit");
		if (row->due == NULL) {
			struct run r;

			assert_int_equal(stage_touch(s, "C1", 0, NULL), 0);
			stage_last_run(s, "C1", &r);
			assert_int_equal(r.state, RUN_FINISHED);
		} else {
			stage_touch(s, "C1", 0, &m);
			assert_int_equal(m.state, row->state);
			assert_at(m.planned_at, row->due);
			assert_at(m.expires_at, row->expires);
		}
		stage_free(s);
		g_free(text);
	}
}

/* The last open instant before: 8:30 on the day is quiet until nine. */
static void
s19_out_of_the_way(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: one, before: customer.due_on 2h, send: a }\n", NULL);
	struct message m;

	(void)state;
	person(s, (struct date){ 0 }, "{\"due_on\":\"2026-03-12 07:00\"}");
	stage_event(s, "v1", "C1", "visit");
	stage_touch(s, "C1", 0, &m);
	assert_true(m.due_at < stage_at("2026-03-11T22:00:00+08:00"));
	assert_true(m.due_at > stage_at("2026-03-11T21:30:00+08:00"));
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(s->letters->len, 1);
	stage_free(s);
}

/* ---- S20: the date moves, or goes ---- */

#define MOVER                                                                           \
	"playbook: other\ncategory: service\nstatus: live\nagain: parallel\nre_entry: " \
	"after 1m\nstart: { on: moved }\nsteps:\n  - { id: set, do: { set: { due_on: "  \
	"\"%s\" } } }\n"

static const struct move_row {
	const char *name, *to;
	const char *due; /* NULL: it ends */
	int sent;
} moves[] = {
	{ "later", "2026-05-01", "2026-04-17T10:00:00+08:00", 0 },
	{ "earlier", "2026-03-26", "2026-03-12T10:00:00+08:00", 1 },
	{ "cancelled", "none", NULL, 0 },
	{ "into the past", "2026-03-01", NULL, 0 },
	{ "to where it was", DUE, "2026-03-18T10:00:00+08:00", 1 },
};

static void
s20_when_it_moves(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
		const struct move_row *row = &moves[i];
		char *mover = g_strdup_printf(MOVER, row->to);
		struct stage *s = stage_new(START, CARE,
		    VISIT "steps:\n  - { id: one, before: customer.due_on 14d, send: a "
			  "}\n  - { id: two, after: 1h, do: { tag: { add: done } } }\n",
		    OTHER, mover, NULL);
		struct message m;

		print_message("%s\n", row->name);
		person(s, (struct date){ 0 }, "{\"due_on\":\"" DUE "\"}");
		stage_event(s, "v1", "C1", "visit");
		stage_run(s, MS_HOUR);
		stage_event(s, "m1", "C1", "moved");
		stage_touch(s, "C1", 0, &m);
		if (row->due != NULL)
			assert_at(m.planned_at, row->due);
		assert_int_equal(m.state, row->due == NULL ? MSG_SUPPRESSED : MSG_DUE);
		stage_run(s, 10 * MS_DAY);
		assert_int_equal(s->letters->len, row->sent);
		assert_int_equal(stage_touch(s, "C1", 0, NULL), 1);
		stage_free(s);
		g_free(mover);
	}
}

/* An import of the customers' file corrects a birthday. */
static void
when_an_import_moves_it(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: one, before: customer.birthday 3d, send: a }\n",
	    NULL);
	char *path = g_build_filename(s->dir, "more.csv", NULL);
	struct message m;

	(void)state;
	person(s, (struct date){ 1980, 4, 1 }, "{}");
	stage_event(s, "v1", "C1", "visit");
	assert_true(g_file_set_contents(path,
	    "id,phone,birthday,consent\nC1,+8619900000001,1980-05-01,marketing\n", -1,
	    NULL));
	engine_import(s->engine, "customers", path, NULL, NULL, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	stage_touch(s, "C1", 0, &m);
	assert_at(m.planned_at, "2026-04-28T10:00:00+08:00");
	stage_free(s);
	g_free(path);
}

/* ---- S20: appointments ---- */

static void
book(struct stage *s, const char *at, const char *state)
{
	char *path = g_build_filename(s->dir, "appointments.csv", NULL);
	char *csv =
	    g_strdup_printf("id,customer,vehicle,at,state\nA1,C1,,%s,%s\n", at, state);

	assert_true(g_file_set_contents(path, csv, -1, NULL));
	engine_import(s->engine, "appointments", path, NULL, NULL, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	g_free(csv);
	g_free(path);
}

static const struct booking_row {
	const char *name, *at, *state;
	const char *due; /* NULL: it ends */
} bookings[] = {
	{ "told again", "2026-03-20 15:00", "booked", "2026-03-20T13:00:00+08:00" },
	{ "moved to another day", "2026-03-25 11:00", "moved",
	    "2026-03-25T09:00:00+08:00" },
	{ "moved nearer", "2026-03-11 15:00", "moved", "2026-03-11T13:00:00+08:00" },
	{ "cancelled", "2026-03-20 15:00", "cancelled", NULL },
};

static void
s20_appointments(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(bookings); i++) {
		const struct booking_row *row = &bookings[i];
		struct stage *s = stage_new(START, CARE,
		    "playbook: care\ncategory: service\nstatus: live\nsubject: "
		    "appointment\nstart: { on: booking }\nsteps:\n  - { id: near, "
		    "before: "
		    "appointment.at 2h, send: s }\n",
		    NULL);
		struct message m;

		print_message("%s\n", row->name);
		person(s, (struct date){ 0 }, "{}");
		book(s, "2026-03-20 15:00", "booked");
		engine_event(s->engine, "b1", booking, strlen(booking), stage_answer, s);
		stage_run(s, MS_SECOND);
		assert_int_equal(s->answer, 201);
		stage_touch(s, "C1", 0, &m);
		assert_at(m.planned_at, "2026-03-20T13:00:00+08:00");
		book(s, row->at, row->state);
		stage_touch(s, "C1", 0, &m);
		assert_int_equal(m.state, row->due == NULL ? MSG_SUPPRESSED : MSG_DUE);
		if (row->due != NULL)
			assert_at(m.planned_at, row->due);
		stage_run(s, 20 * MS_DAY);
		assert_int_equal(s->letters->len, row->due != NULL);
		assert_int_equal(stage_touch(s, "C1", 0, NULL), 1);
		stage_free(s);
	}
}

/* Two cars, each with its own reminders; one is inspected and its date moves. */
static void
vehicles(void **state)
{
	static const char first[] =
	    "id,customer,vin,inspection_due\nV1,C1,VIN1,2026-04-01\n"
	    "V2,C1,VIN2,2026-06-01\n";
	static const char second[] =
	    "id,customer,vin,inspection_due\nV1,C1,VIN1,2027-04-01\n";
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: service\nstatus: live\nsubject: vehicle\nstart: { "
	    "list: cars.csv }\nsteps:\n  - { id: near, before: vehicle.inspection_due "
	    "14d, "
	    "send: s }\n",
	    "config/playbooks/cars.csv", "vin\nVIN1\nVIN2\n", NULL);
	const char *texts[] = { first, second };
	char *path = g_build_filename(s->dir, "vehicles.csv", NULL);
	struct message m;

	(void)state;
	person(s, (struct date){ 0 }, "{}");
	for (int i = 0; i < 2; i++) {
		assert_true(g_file_set_contents(path, texts[i], -1, NULL));
		engine_import(s->engine, "vehicles", path, NULL, NULL, stage_answer, s);
		stage_run(s, MS_MINUTE);
		assert_int_equal(s->answer, 200);
		assert_int_equal(stage_touch(s, "C1", 0, &m), 2);
		assert_at(m.planned_at,
		    i == 0 ? "2026-03-18T10:00:00+08:00" : "2027-03-18T10:00:00+08:00");
	}
	stage_touch(s, "C1", 1, &m);
	assert_at(m.planned_at, "2026-05-18T10:00:00+08:00");
	stage_free(s);
	g_free(path);
}

/* 30, 14 and 3 days before the inspection and 7 after; a booking ends it. */
static void
d09_01_reminded_until_a_booking(void **state)
{
	static const char *const days[] = { "2026-03-17", "2026-04-02", "2026-04-13",
		"2026-04-23" };

	(void)state;
	for (int booked = 0; booked < 2; booked++) {
		struct stage *s = stage_new(START, CARE,
		    "playbook: care\ncategory: service\nstatus: live\nsubject: vehicle\n"
		    "start: { list: cars.csv }\nexits:\n  - { on: booking }\nsteps:\n"
		    "  - { id: d30, before: vehicle.inspection_due 30d at 10:00, send: s "
		    "}\n"
		    "  - { id: d14, before: vehicle.inspection_due 14d at 10:00, send: s "
		    "}\n"
		    "  - { id: d3, before: vehicle.inspection_due 3d at 10:00, send: s "
		    "}\n"
		    "  - { id: after, after: 10d, send: s }\n",
		    "config/playbooks/cars.csv", "vin\nVIN1\n", NULL);
		char *path = g_build_filename(s->dir, "vehicles.csv", NULL);

		person(s, (struct date){ 0 }, "{}");
		assert_true(g_file_set_contents(path,
		    "id,customer,vin,inspection_due\nV1,C1,VIN1,2026-04-16\n", -1, NULL));
		engine_import(s->engine, "vehicles", path, NULL, NULL, stage_answer, s);
		stage_run(s, 25 * MS_DAY);
		if (booked)
			stage_event(s, "b9", "C1", "booking");
		stage_run(s, 40 * MS_DAY);
		assert_int_equal(s->letters->len, booked ? 2 : 4);
		for (guint i = 0; i < s->letters->len; i++) {
			char at[CLOCK_TEXT];

			clock_format(
			    ((struct letter *)s->letters->pdata[i])->at, 480, at);
			at[10] = '\0';
			assert_string_equal(at, days[i]);
		}
		stage_free(s);
		g_free(path);
	}
}

/* A step that sends nothing waits for its date too, and is woken when it moves. */
static void
a_step_that_waits(void **state)
{
	char *mover = g_strdup_printf(MOVER, "2026-03-20");
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: one, before: customer.due_on 1d, do: { stage: overdue "
		  "} }\n",
	    OTHER, mover, NULL);
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	(void)state;
	id = person(s, (struct date){ 0 }, "{\"due_on\":\"" DUE "\"}");
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "m1", "C1", "moved");
	stage_run(s, 8 * MS_DAY);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.stage, "");
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.stage, "overdue");
	stage_free(s);
	g_free(mover);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_a_date),
		cmocka_unit_test(s19_out_of_the_way),
		cmocka_unit_test(s20_when_it_moves),
		cmocka_unit_test(when_an_import_moves_it),
		cmocka_unit_test(s20_appointments),
		cmocka_unit_test(vehicles),
		cmocka_unit_test(d09_01_reminded_until_a_booking),
		cmocka_unit_test(a_step_that_waits),
	};

	return cmocka_run_group_tests_name("dates", tests, NULL, NULL);
}
