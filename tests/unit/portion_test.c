/* portion_test.c - parts of a house never use more than there is, nor less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/portion.h"

static const struct {
	const char *what;
	int64_t limit;
	int parts;
} rows[] = { { "nothing", 0, 7 }, { "one of many", 1, 25 },
	{ "fewer than parts", 20, 25 }, { "as many", 25, 25 }, { "more", 500, 7 },
	{ "no end", INT64_MAX, 25 } };

static int64_t
sum(int64_t limit, int parts, int64_t turn)
{
	int64_t all = 0;

	for (int i = 0; i < parts; i++) {
		int64_t one = portion_of(limit, (struct house_part){ i, parts }, turn);

		assert_true(one >= limit / parts && one <= limit / parts + 1);
		all += one;
	}
	return all;
}

static void
parts_sum_to_the_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int64_t turn = -30; turn < 60; turn++)
			if (sum(rows[i].limit, rows[i].parts, turn) != rows[i].limit)
				fail_msg("%s: turn %d", rows[i].what, (int)turn);
}

static void
everybody_has_a_turn(void **state)
{
	(void)state;
	for (int part = 0; part < 25; part++) {
		int64_t had = 0;

		for (int64_t turn = 0; turn < 25; turn++)
			had += portion_of(1, (struct house_part){ part, 25 }, turn);
		assert_int_equal(had, 1);
	}
}

static void
a_whole_house_has_it_all(void **state)
{
	(void)state;
	assert_int_equal(portion_of(500, (struct house_part){ 0, 0 }, 3), 500);
	assert_int_equal(portion_of(-1, (struct house_part){ 0, 1 }, 3), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_sum_to_the_whole),
		cmocka_unit_test(everybody_has_a_turn),
		cmocka_unit_test(a_whole_house_has_it_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
