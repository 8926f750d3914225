/* presence_test.c - the forgetting curve: the table of domain 1.2, repetition of 1.3.
 *
 * proves: 1.2, 1.3 */
#include "seen.h"

#define T0 ((ms_t)DAY0 * MS_DAY)

static double
after(const struct presence *p, double days)
{
	struct presence_rule r;

	presence_default(&r);
	return presence_now(&r, p, T0 + (ms_t)(days * (double)MS_DAY));
}

static void
d1_2_remembered_after_a_visit(void **state)
{
	static const struct {
		const char *name;
		double days, left;
	} rows[] = {
		{ "1.2 a same day: 100 %", 0, 1.00 },
		{ "1.2 b 3 days: 40 %", 3, 0.40 },
		{ "1.2 c 1 week: 25 %", 7, 0.25 },
		{ "1.2 d 1 month: 10 %", 30, 0.10 },
		{ "1.2 e 3 months: 5 %", 90, 0.05 },
	};
	struct presence p = { .strength = 1 };
	struct presence_rule r;
	double before = 1.1;

	(void)state;
	presence_default(&r);
	presence_meet(&r, &p, T0, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		print_message("%s\n", rows[i].name);
		assert_true(fabs(after(&p, rows[i].days) - rows[i].left) < 1e-6);
	}
	for (double d = 0; d < 800; d += 0.5) {
		assert_true(after(&p, d) < before);
		before = after(&p, d);
	}
	assert_true(after(&(struct presence){ .strength = 1 }, 0) == 0);
}

static void
d1_3_one_touch_and_five(void **state)
{
	static const int plan[] = { 0, 3, 7, 30, 90 };
	struct presence p = { .strength = 1 };
	struct presence_rule r;

	(void)state;
	presence_default(&r);
	for (int i = 0; i < 5; i++) {
		presence_meet(&r, &p, T0 + plan[i] * MS_DAY, 1);
		if (i == 0)
			assert_true(after(&p, 14) < 0.20);
	}
	print_message(
	    "1.3 five touches: %.0f %% after two weeks\n", 100 * after(&p, 104));
	assert_true(after(&p, 104) > 0.80);
	/* Five on one day are not five. */
	p = (struct presence){ .strength = 1 };
	for (int i = 0; i < 5; i++)
		presence_meet(&r, &p, T0 + i * MS_HOUR, 1);
	assert_true(after(&p, 14) < 0.30);
}

static void
d1_3_messages_weigh_less_than_visits(void **state)
{
	struct presence_rule r;
	struct presence p = { .strength = 1 }, visit;

	(void)state;
	presence_default(&r);
	presence_meet(&r, &p, T0, 1);
	visit = p;
	presence_meet(&r, &p, T0 + 7 * MS_DAY, r.weight[CHANNEL_SMS]);
	presence_meet(&r, &visit, T0 + 7 * MS_DAY, r.met);
	assert_true(fabs(after(&p, 7) - (0.25 + 0.75 * 0.5)) < 1e-6);
	assert_true(fabs(after(&visit, 7) - 1) < 1e-6);
	assert_true(after(&p, 20) < after(&visit, 20));
	/* One that comes late changes nothing. */
	visit = p;
	presence_meet(&r, &p, T0 + 2 * MS_DAY, 1);
	assert_memory_equal(&p, &visit, sizeof(p));
	/* Forgotten: memory begins anew. */
	presence_meet(&r, &p, T0 + 3000 * MS_DAY, 1);
	assert_true(p.strength == 1);
}

static void
until_is_the_instant(void **state)
{
	struct presence_rule r;
	struct presence p = { .strength = 1 };

	(void)state;
	presence_default(&r);
	presence_meet(&r, &p, T0, 1);
	presence_meet(&r, &p, T0 + 5 * MS_DAY, 0.5);
	for (double left = 0.9; left > 0.01; left -= 0.05) {
		ms_t at = presence_until(&r, &p, T0 + 5 * MS_DAY, left);

		if (at == MS_NEVER) {
			assert_true(after(&p, 5) <= left);
			continue;
		}
		assert_true(fabs(presence_now(&r, &p, at) - left) < 1e-4);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(d1_2_remembered_after_a_visit),
		cmocka_unit_test(d1_3_one_touch_and_five),
		cmocka_unit_test(d1_3_messages_weigh_less_than_visits),
		cmocka_unit_test(until_is_the_instant),
	};

	return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
