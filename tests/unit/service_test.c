/* service_test.c - when a vehicle is due, by months and by kilometres. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/service.h"

static const struct row {
	const char *name;
	struct vehicle v;
	struct date want; /* year 0: not known */
} rows[] = {
	{ "nothing is known", { .every_months = 6 }, { 0 } },
	{ "months from the purchase", { .bought = { 2026, 1, 10 }, .every_months = 6 },
	    { 2026, 7, 10 } },
	{ "months from the last service",
	    { .bought = { 2024, 1, 1 },
		.last_service = { 2026, 1, 10 },
		.every_months = 6 },
	    { 2026, 7, 10 } },
	{ "the end of a shorter month",
	    { .last_service = { 2026, 8, 31 }, .every_months = 6 }, { 2027, 2, 28 } },
	/* 36,500 km in 365 days: 100 a day, 7,500 in 75 days */
	{ "kilometres come first",
	    { .bought = { 2025, 1, 1 },
		.last_service = { 2026, 1, 1 },
		.mileage = 36500,
		.mileage_on = { 2026, 1, 1 },
		.every_km = 7500,
		.every_months = 6 },
	    { 2026, 3, 17 } },
	{ "months come first",
	    { .bought = { 2025, 1, 1 },
		.last_service = { 2026, 1, 1 },
		.mileage = 3650,
		.mileage_on = { 2026, 1, 1 },
		.every_km = 7500,
		.every_months = 6 },
	    { 2026, 7, 1 } },
	{ "a reading of the first days says nothing",
	    { .bought = { 2026, 1, 1 },
		.mileage = 900,
		.mileage_on = { 2026, 1, 5 },
		.every_km = 7500,
		.every_months = 6 },
	    { 2026, 7, 1 } },
	{ "a car that stands still",
	    { .bought = { 2020, 1, 1 },
		.mileage = 1,
		.mileage_on = { 2026, 1, 1 },
		.every_km = 7500 },
	    { 0 } },
};

static void
s01_the_next_service_is_the_earlier_of_both(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct date d = service_next(&rows[i].v);

		if (d.year != rows[i].want.year || d.month != rows[i].want.month ||
		    d.day != rows[i].want.day)
			fail_msg(
			    "%s: %04d-%02d-%02d", rows[i].name, d.year, d.month, d.day);
	}
}

static void
s01_the_battery_after_two_years(void **state)
{
	struct vehicle v = { .bought = { 2024, 2, 29 } };
	struct date d = service_battery(&v);

	(void)state;
	assert_int_equal(d.year, 2026);
	assert_int_equal(d.month, 2);
	assert_int_equal(d.day, 28);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s01_the_next_service_is_the_earlier_of_both),
		cmocka_unit_test(s01_the_battery_after_two_years),
	};

	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
