/* feast_test.c - S18: feasts to 2100 by lunar table and solar terms.
 * proves: S18 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "base/clock.h"
#include "core/feast.h"

static int64_t
day(int y, int m, int d)
{
	return date_days((struct date){ y, m, d });
}

/* Dates as the notices of the State Council and the almanacs give them. */
static void
s18_known_feasts(void **state)
{
	static const struct {
		const char *name;
		enum feast f;
		struct date from, want;
	} rows[] = {
		{ "spring 2024", FEAST_SPRING, { 2024, 1, 1 }, { 2024, 2, 10 } },
		{ "spring 2025", FEAST_SPRING, { 2025, 1, 1 }, { 2025, 1, 29 } },
		{ "spring 2026", FEAST_SPRING, { 2026, 1, 1 }, { 2026, 2, 17 } },
		{ "new moon four minutes before midnight", FEAST_SPRING, { 2027, 1, 1 }, { 2027, 2, 6 } },
		{ "new moon minutes after midnight", FEAST_SPRING, { 2030, 1, 1 }, { 2030, 2, 3 } },
		{ "leap eleventh month before it", FEAST_SPRING, { 2034, 1, 1 }, { 2034, 2, 19 } },
		{ "the last of the table", FEAST_SPRING, { 2100, 1, 1 }, { 2100, 2, 9 } },
		{ "on the day itself", FEAST_SPRING, { 2026, 2, 17 }, { 2026, 2, 17 } },
		{ "the day after: next year's", FEAST_SPRING, { 2026, 2, 18 }, { 2027, 2, 6 } },
		{ "eve", FEAST_NEW_YEARS_EVE, { 2026, 1, 1 }, { 2026, 2, 16 } },
		{ "eve after a month of 29 days", FEAST_NEW_YEARS_EVE, { 2025, 1, 1 }, { 2025, 1, 28 } },
		{ "lantern", FEAST_LANTERN, { 2026, 1, 1 }, { 2026, 3, 3 } },
		{ "qingming 2026", FEAST_QINGMING, { 2026, 1, 1 }, { 2026, 4, 5 } },
		{ "qingming 2028", FEAST_QINGMING, { 2028, 1, 1 }, { 2028, 4, 4 } },
		{ "qingming 2100", FEAST_QINGMING, { 2100, 1, 1 }, { 2100, 4, 5 } },
		{ "dragon boat 2026", FEAST_DRAGON_BOAT, { 2026, 1, 1 }, { 2026, 6, 19 } },
		{ "before a leap sixth month", FEAST_DRAGON_BOAT, { 2025, 1, 1 }, { 2025, 5, 31 } },
		{ "behind a leap sixth month", FEAST_MID_AUTUMN, { 2025, 1, 1 }, { 2025, 10, 6 } },
		{ "mid-autumn 2026", FEAST_MID_AUTUMN, { 2026, 1, 1 }, { 2026, 9, 25 } },
		{ "mid-autumn 2027", FEAST_MID_AUTUMN, { 2027, 1, 1 }, { 2027, 9, 15 } },
		{ "qixi", FEAST_QIXI, { 2026, 1, 1 }, { 2026, 8, 19 } },
		{ "double ninth", FEAST_DOUBLE_NINTH, { 2026, 1, 1 }, { 2026, 10, 18 } },
		{ "laba is in the January after", FEAST_LABA, { 2026, 2, 1 }, { 2027, 1, 15 } },
		{ "winter solstice", FEAST_WINTER, { 2026, 1, 1 }, { 2026, 12, 22 } },
		{ "winter solstice 2100", FEAST_WINTER, { 2100, 1, 1 }, { 2100, 12, 22 } },
		{ "national day", FEAST_NATIONAL, { 2026, 10, 2 }, { 2027, 10, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int64_t got = feast_from(rows[i].f, date_days(rows[i].from));

		if (got != date_days(rows[i].want))
			fail_msg("%s: %d days off", rows[i].name,
			    (int)(got - date_days(rows[i].want)));
	}
}

/* Lunar years follow one another without a gap: what the months of one add up to is where
 * the next begins. */
static void
s18_years_join(void **state)
{
	(void)state;
	for (int y = 2024; y < 2100; y++) {
		int64_t spring = feast_from(FEAST_SPRING, day(y, 1, 1));
		int64_t laba = feast_from(FEAST_LABA, spring);
		int64_t eve = feast_from(FEAST_NEW_YEARS_EVE, spring);

		if (eve - laba != 21 && eve - laba != 22)
			fail_msg("%d: the twelfth month has %d days", y, (int)(eve - laba + 8));
	}
}

static void
s18_names(void **state)
{
	static const struct {
		const char *name;
		int want;
	} rows[] = {
		{ "mid-autumn", FEAST_MID_AUTUMN },
		{ "中秋节", FEAST_MID_AUTUMN },
		{ "中秋", FEAST_MID_AUTUMN },
		{ "春节", FEAST_SPRING },
		{ "春", -1 },
		{ "除夕", FEAST_NEW_YEARS_EVE },
		{ "除", -1 },
		{ "easter", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (feast_find(rows[i].name) != rows[i].want)
			fail_msg("\"%s\"", rows[i].name);
	for (int f = 0; f < FEASTS; f++)
		assert_int_equal(feast_find(feast_name((enum feast)f)), f);
	assert_int_equal(feast_from(FEAST_SPRING, day(2100, 3, 1)), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s18_known_feasts),
		cmocka_unit_test(s18_years_join),
		cmocka_unit_test(s18_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
