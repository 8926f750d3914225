/* look_test.c - who is left in peace by the sweep is looked at again in time. */
#include "stage.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: service\nstatus: live\n"
#define A "templates/sms/a.liquid"
#define TEXT STAGE_TEMPLATE("service") "您好\n"

static int
runs(struct stage *s, int64_t customer)
{
	struct run r[16];
	struct err e = { 0 };

	return run_of_customer(s->store, customer, false, r, 16, &e);
}

/* The next life knows his zone. */
static int64_t
customer(struct stage *s)
{
	int64_t id = stage_customer(s, "C1", "high", "+8619900000001", "");

	stage_fall(s, false);
	stage_rise(s);
	return id;
}

static void
car(struct stage *s, int64_t customer, const char *ext, int sold)
{
	struct vehicle v = { .ext = ext,
		.customer = customer,
		.vin = "",
		.plate = "沪A00001",
		.model = "",
		.store = "",
		.sold = sold,
		.attrs = "{}" };
	struct err e = { 0 };

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(vehicle_put(s->store, &v, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static void
a_car_that_comes_later_is_seen(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    HEAD "subject: vehicle\nstart: { when: vehicle.plate != nil }\n"
		 "steps: [{ id: one, after: 1d, send: a }]\n",
	    A, TEXT, NULL);
	int64_t id = customer(s);

	(void)state;
	stage_run(s, 3 * MS_DAY);
	assert_int_equal(runs(s, id), 0);
	car(s, id, "V1", 1);
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(runs(s, id), 0);
	car(s, id, "V1", 0);
	stage_run(s, MS_DAY);
	assert_int_equal(runs(s, id), 1);
	car(s, id, "V2", 0);
	stage_run(s, MS_DAY);
	assert_int_equal(runs(s, id), 2);
	stage_free(s);
}

static const struct again_row {
	const char *name, *more;
	int days, runs;
} agains[] = {
	/* The run takes four days and more, then the next sweep lets him in again. */
	{ "his run outlasts the time", "re_entry: after 1d\n", 3, 1 },
	{ "and ends", "re_entry: after 1d\n", 7, 2 },
	{ "and again", "re_entry: after 1d\n", 12, 3 },
	{ "his run is over before the time", "re_entry: after 9d\n", 8, 1 },
	{ "and the time is over too", "re_entry: after 9d\n", 11, 2 },
	{ "never", "", 20, 1 },
};

static void
the_end_of_a_run_asks_for_a_look(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(agains); i++) {
		char *text = g_strconcat(HEAD
		    "start: { when: customer.tier == \"high\" }\n",
		    agains[i].more, "steps: [{ id: one, wait: 4d }]\n", NULL);
		struct stage *s = stage_new(START, CARE, text, A, TEXT, NULL);
		int64_t id = customer(s);

		print_message("%s\n", agains[i].name);
		stage_run(s, agains[i].days * MS_DAY);
		assert_int_equal(runs(s, id), agains[i].runs);
		stage_free(s);
		g_free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_car_that_comes_later_is_seen),
		cmocka_unit_test(the_end_of_a_run_asks_for_a_look),
	};

	log_threshold(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("look", tests, NULL, NULL);
}
