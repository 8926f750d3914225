/* enter_test.c - one playbook leads to another, by the other's rules, in one transaction. */
#include "stage.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define AFTER "config/playbooks/after.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define VISIT HEAD "start: { on: visit }\nre_entry: after 1d\n"

static int
runs(struct stage *s, const char *ext, const char *playbook)
{
	struct run r[32];
	struct err e = { 0 };
	int64_t id;
	int n, found = 0;

	assert_int_equal(customer_find(s->store, ext, &id, &e), 1);
	n = run_of_customer(s->store, id, false, r, 32, &e);
	for (int i = 0; i < n; i++)
		found += (r[i].entry[0] == 'r') == (strcmp(playbook, "after") == 0);
	return found;
}

#define AFTERWARDS(more)                                            \
	"playbook: after\ncategory: marketing\nstatus: live\n" more \
	"start: { enter: true }\nsteps:\n  - { id: b, send: b }\n"

static const struct enter_row {
	const char *name, *care, *after;
	int visits, entered, letters; /* of C1 */
} enter_rows[] = {
	{ "a step",
	    VISIT "steps:\n  - { id: one, send: a }\n  - { id: two, enter: after }\n",
	    AFTERWARDS(""), 1, 1, 2 },
	{ "7.7 the goal",
	    VISIT "goal: { on: booking, window: 30d, then: { enter: after } }\n"
		  "steps:\n  - { id: one, send: a }\n",
	    AFTERWARDS(""), 1, 1, 2 },
	{ "an action", VISIT "steps:\n  - { id: one, do: { enter: after } }\n",
	    AFTERWARDS(""), 1, 1, 1 },
	{ "twice in a run is once",
	    VISIT "steps:\n  - { id: one, enter: after }\n"
		  "  - { id: two, wait: 2d }\n  - { id: three, enter: after }\n",
	    AFTERWARDS("again: restart\nre_entry: after 1h\n"), 1, 1, 1 },
	{ "its own re-entry: never", VISIT "steps:\n  - { id: one, enter: after }\n",
	    AFTERWARDS(""), 2, 1, 1 },
	{ "its own re-entry: again", VISIT "steps:\n  - { id: one, enter: after }\n",
	    AFTERWARDS("re_entry: after 1d\n"), 2, 2, 2 },
	{ "its own control group", VISIT "steps:\n  - { id: one, enter: after }\n",
	    AFTERWARDS("control: 99%\n"), 1, 1, 0 },
	{ "it is not live",
	    VISIT "steps:\n  - { id: one, enter: after }\n  - { id: two, send: a }\n",
	    "playbook: after\ncategory: marketing\nstatus: paused\nstart: { enter: true "
	    "}\n"
	    "steps:\n  - { id: b, send: b }\n",
	    1, 0, 1 },
	{ "its own limit", VISIT "steps:\n  - { id: one, enter: after }\n",
	    "playbook: after\ncategory: marketing\nstatus: live\nre_entry: after 1h\n"
	    "start: { enter: true, limit: 1 }\nsteps:\n  - { id: b, send: b }\n",
	    2, 1, 1 },
};

static void
one_leads_to_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(enter_rows); i++) {
		const struct enter_row *t = &enter_rows[i];
		struct stage *s = stage_new(START, CARE, t->care, AFTER, t->after, NULL);

		print_message("%s\n", t->name);
		stage_customer(s, "C1", "high", "+8619900000001", "");
		for (int k = 0; k < t->visits; k++) {
			char *id = g_strdup_printf("v%d", k);

			stage_event(s, id, "C1", "visit");
			stage_run(s, MS_HOUR);
			if (k == 0)
				stage_event(s, "b", "C1", "booking");
			stage_run(s, 3 * MS_DAY);
			g_free(id);
		}
		assert_int_equal(runs(s, "C1", "after"), t->entered);
		assert_int_equal((int)s->letters->len, t->letters);
		stage_free(s);
	}
}

/* The vehicle goes along; who is led to a playbook about vehicles without one is not let in. */
static void
the_vehicle_goes_along(void **state)
{
	static const char about[] = "playbook: after\ncategory: marketing\nstatus: live\n"
				    "subject: vehicle\nstart: { enter: true }\n"
				    "steps:\n  - { id: b, send: car }\n";
	struct vehicle v = { .ext = "V2",
		.vin = "",
		.plate = "沪A00002",
		.model = "",
		.store = "",
		.mileage = 20000,
		.attrs = "{}" };
	struct stage *s = stage_new(START, CARE,
	    HEAD "subject: vehicle\nstart: { when: vehicle.mileage >= 10000 }\n"
		 "steps:\n  - { id: one, enter: after }\n  - { id: two, wait: 1h }\n",
	    AFTER, about, "templates/sms/car.liquid",
	    STAGE_TEMPLATE("marketing") "{{ vehicle.plate }} 拒收请回复R\n", NULL);
	struct err e = { 0 };
	struct run r;

	(void)state;
	v.customer = stage_customer(s, "C1", "high", "+8619900000001", "");
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(vehicle_put(s->store, &v, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	stage_event(s, "v", "C1", "visit");
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	assert_non_null(
	    strstr(((struct letter *)s->letters->pdata[0])->text, "沪A00002"));
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.subject, "V2");
	stage_free(s);
	s = stage_new(START, CARE, VISIT "steps:\n  - { id: one, enter: after }\n", AFTER,
	    about, "templates/sms/car.liquid",
	    STAGE_TEMPLATE("marketing") "{{ vehicle.plate }} 拒收请回复R\n", NULL);
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v", "C1", "visit");
	stage_run(s, MS_MINUTE);
	assert_int_equal(runs(s, "C1", "after"), 0);
	assert_int_equal(runs(s, "C1", "care"), 1);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_leads_to_another),
		cmocka_unit_test(the_vehicle_goes_along),
	};

	return cmocka_run_group_tests_name("enter", tests, NULL, NULL);
}
