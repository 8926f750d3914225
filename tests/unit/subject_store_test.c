/* subject_store_test.c - vehicles, appointments, orders and staff as the store keeps
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/run.h"
#include "store/subject.h"

static struct store *s;
static struct err e;

static int
setup(void **state)
{
	static uint8_t key[CRYPT_KEY];

	(void)state;
	memset(&e, 0, sizeof(e));
	s = store_open(
	    &(struct store_options){ .path = ":memory:", .key = key, .create = true },
	    &e);
	assert_non_null(s);
	return store_begin(s, &e);
}

static int
teardown(void **state)
{
	(void)state;
	store_rollback(s);
	store_close(s);
	return 0;
}

static const struct vehicle car = { .ext = "V1",
	.customer = 7,
	.vin = "LTEST000000000001",
	.plate = "沪A00001",
	.model = "示例三号",
	.store = "pd",
	.bought = { 1970, 1, 1 },
	.mileage = 12000,
	.mileage_on = { 2026, 3, 1 },
	.every_months = 6,
	.every_km = 7500,
	.insurance_end = { 2026, 12, 31 },
	.attrs = "{\"color\":\"白\"}" };

static void
s01_a_vehicle_comes_back_as_it_went(void **state)
{
	struct vehicle v, all[4];

	(void)state;
	assert_int_equal(vehicle_put(s, &car, &e), 0);
	assert_int_equal(vehicle_get(s, "V1", &v, &e), 1);
	assert_int_equal(v.customer, 7);
	assert_string_equal(v.plate, "沪A00001");
	assert_int_equal(date_days(v.bought), 0); /* day 0 is a day */
	assert_int_equal(v.bought.year, 1970);
	assert_int_equal(v.warranty_end.year, 0);
	assert_int_equal(v.insurance_end.month, 12);
	assert_string_equal(v.attrs, "{\"color\":\"白\"}");
	v.sold = 1;
	assert_int_equal(vehicle_put(s, &v, &e), 0);
	assert_int_equal(vehicle_of_customer(s, 7, all, 4, &e), 1);
	assert_int_equal(all[0].sold, 1);
	assert_int_equal(vehicle_drop(s, "V1", &e), 0);
	assert_int_equal(vehicle_get(s, "V1", &v, &e), 0);
}

static void
s01_a_vehicle_is_found_by_id_vin_or_plate(void **state)
{
	struct vehicle other = car, v;

	(void)state;
	other.ext = "V2";
	other.vin = "LTEST000000000002";
	assert_int_equal(vehicle_put(s, &car, &e), 0);
	assert_int_equal(vehicle_find(s, "V1", &v, &e), 1);
	assert_int_equal(vehicle_find(s, "LTEST000000000001", &v, &e), 1);
	assert_int_equal(vehicle_find(s, "沪A00001", &v, &e), 1);
	assert_int_equal(vehicle_put(s, &other, &e), 0);
	assert_int_equal(
	    vehicle_find(s, "沪A00001", &v, &e), 0); /* of two it says neither */
	assert_int_equal(vehicle_find(s, "LTEST000000000002", &v, &e), 1);
	assert_string_equal(v.ext, "V2");
	assert_int_equal(vehicle_find(s, "", &v, &e), 0);
}

static void
s01_the_odometer_does_not_go_back(void **state)
{
	struct vehicle v;

	(void)state;
	assert_int_equal(vehicle_put(s, &car, &e), 0);
	assert_int_equal(vehicle_seen(s, "V1", 20600, 9000, true, &e), 0);
	assert_int_equal(vehicle_get(s, "V1", &v, &e), 1);
	assert_int_equal(v.mileage, 12000);
	assert_int_equal(date_days(v.last_service), 20600);
	assert_int_equal(vehicle_seen(s, "V1", 20500, 15000, true, &e), 0);
	assert_int_equal(vehicle_get(s, "V1", &v, &e), 1);
	assert_int_equal(v.mileage, 15000);
	assert_int_equal(date_days(v.last_service), 20600);
}

static void
s01_appointments_and_orders(void **state)
{
	struct appointment a = { .ext = "A1",
		.customer = 7,
		.vehicle = "V1",
		.store = "pd",
		.advisor = "S1",
		.at = 1000,
		.state = "booked",
		.service = "保养",
		.attrs = "{}" };
	struct order o = { .ext = "R1",
		.customer = 7,
		.vehicle = "V1",
		.store = "pd",
		.advisor = "",
		.at = 1000,
		.amount = 1280.55,
		.mileage = 1,
		.recommended = "[\"机油\"]",
		.accepted = "[]",
		.attrs = "{}" };
	struct appointment got[2];
	struct order have;
	struct order_sums sums;

	(void)state;
	assert_int_equal(appointment_put(s, &a, &e), 0);
	a.state = "cancelled";
	assert_int_equal(appointment_put(s, &a, &e), 0);
	assert_int_equal(appointment_of_customer(s, 7, got, 2, &e), 1);
	assert_false(appointment_open(&got[0]));
	assert_int_equal(order_put(s, &o, &e), 0);
	o.ext = "R2";
	o.at = 5000;
	o.amount = 100;
	assert_int_equal(order_put(s, &o, &e), 0);
	assert_int_equal(order_get(s, "R1", &have, &e), 1);
	assert_float_equal(have.amount, 1280.55, 0.001);
	assert_int_equal(order_sum(s, 7, 2000, 0, &sums, &e), 0);
	assert_int_equal(sums.days, 1);
	assert_float_equal(sums.since, 100, 0.001);
	assert_int_equal(sums.first, 1000);
}

static void
s12_staff_by_id_and_by_name(void **state)
{
	struct staff one = { .ext = "S1",
		.name = "张伟",
		.store = "pd",
		.role = "advisor",
		.wecom = "zw",
		.phone = "+8619900000001",
		.deputy = "S2",
		.successor = "",
		.attrs = "{}" };
	struct staff two = one, got;

	(void)state;
	two.ext = "S2";
	two.store = "hq";
	two.phone = "";
	assert_int_equal(staff_put(s, &one, &e), 0);
	assert_int_equal(staff_put(s, &two, &e), 0);
	assert_int_equal(staff_find(s, "S1", "", &got, &e), 1);
	assert_string_equal(got.phone, "+8619900000001");
	assert_int_equal(staff_find(s, "张伟", "hq", &got, &e), 1);
	assert_string_equal(got.ext, "S2");
	assert_string_equal(got.phone, "");
	assert_int_equal(staff_find(s, "张", "hq", &got, &e), 0);
}

static const struct presence_row {
	const char *name;
	struct date from, to, left;
	bool present; /* on 2026-03-10 */
} presences[] = {
	{ "nothing is known", { 0 }, { 0 }, { 0 }, true },
	{ "on leave", { 2026, 3, 9 }, { 2026, 3, 12 }, { 0 }, false },
	{ "the last day of leave", { 2026, 3, 9 }, { 2026, 3, 10 }, { 0 }, false },
	{ "back again", { 2026, 3, 1 }, { 2026, 3, 9 }, { 0 }, true },
	{ "leave to come", { 2026, 3, 11 }, { 2026, 3, 12 }, { 0 }, true },
	{ "leave without an end", { 2026, 3, 9 }, { 0 }, { 0 }, false },
	{ "left today", { 0 }, { 0 }, { 2026, 3, 10 }, false },
	{ "leaves tomorrow", { 0 }, { 0 }, { 2026, 3, 11 }, true },
};

static void
s12_leave_and_leaving(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(presences) / sizeof(presences[0]); i++) {
		struct staff f = { .away_from = presences[i].from,
			.away_to = presences[i].to,
			.left_on = presences[i].left };

		if (staff_present(&f, date_days((struct date){ 2026, 3, 10 })) !=
		    presences[i].present)
			fail_msg("%s", presences[i].name);
	}
}

static void
s01_two_cars_two_entries(void **state)
{
	struct run r = { .customer = 1,
		.playbook = 1,
		.step = "",
		.why = "",
		.entry = "s:1",
		.entered_at = 1000,
		.subject = "V1" };
	struct run last;

	(void)state;
	assert_int_equal(run_add(s, &r, &e), 1);
	r.subject = "V2";
	assert_int_equal(run_add(s, &r, &e), 1);
	assert_int_equal(run_add(s, &r, &e), 0);
	assert_int_equal(run_last_entry(s, 1, 1, "V1", &last, &e), 1);
	assert_string_equal(last.subject, "V1");
	assert_int_equal(run_last_entry(s, 1, 1, "", &last, &e), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(s01_a_vehicle_comes_back_as_it_went),
		TEST(s01_a_vehicle_is_found_by_id_vin_or_plate),
		TEST(s01_the_odometer_does_not_go_back),
		TEST(s01_appointments_and_orders),
		TEST(s12_staff_by_id_and_by_name),
		TEST(s12_leave_and_leaving),
		TEST(s01_two_cars_two_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
