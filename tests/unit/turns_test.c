/* Accounts that only answer: five messages within 48 hours of his last one, and never one twice.
 * proves: B-WC5 */
#include "turns_stage.h"

/* ---- the window ---- */

static void
nobody_is_written_to_first(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");

	(void)state;
	visit(s);
	assert_int_equal(sent, 0);
	last(s, MSG_SUPPRESSED, REASON_PROVIDER_RULE);
	write_in(s, "m1", "3");
	visit(s);
	assert_int_equal(sent, 1);
	last(s, MSG_ACCEPTED, REASON_NONE);
	end(s);
}

static void
the_sixth_goes_another_way_until_he_writes_again(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "[w, s]");

	(void)state;
	write_in(s, "m1", "3");
	for (int i = 0; i < 7; i++)
		visit(s);
	assert_int_equal(sent, 5);
	assert_int_equal(s->letters->len, 2);
	write_in(s, "m2", "3");
	assert_int_equal(slots(s), 0);
	visit(s);
	assert_int_equal(sent, 6);
	end(s);
}

static void
after_48_hours_it_is_over(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "[w, s]");

	(void)state;
	write_in(s, "m1", "3");
	stage_run(s, 47 * MS_HOUR);
	visit(s);
	assert_int_equal(sent, 1);
	stage_run(s, MS_HOUR);
	visit(s);
	assert_int_equal(sent, 1);
	assert_int_equal(s->letters->len, 1);
	end(s);
}

/* It tells us that the window is over: believed until he writes. */
static void
what_the_service_says_counts(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "[w, s]");

	(void)state;
	write_in(s, "m1", "3");
	says = "\"errcode\":95001,\"errmsg\":\"x\"";
	visit(s);
	assert_int_equal(sent, 1);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(slots(s), -1);
	visit(s);
	assert_int_equal(sent, 1);
	assert_int_equal(s->letters->len, 2);
	says = NULL;
	write_in(s, "m2", "3");
	visit(s);
	assert_int_equal(sent, 2);
	end(s);
}

static void
what_was_not_taken_is_given_back(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");

	(void)state;
	write_in(s, "m1", "3");
	says = "\"errcode\":45033,\"errmsg\":\"x\"";
	visit(s);
	assert_true(sent >= 2);
	says = NULL;
	stage_run(s, 2 * MS_MINUTE);
	last(s, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(slots(s), 1);
	end(s);
}

/* He wrote before our message left, and we hear of it only afterwards. */
static void
late_news_forget_nothing(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");
	ms_t between;

	(void)state;
	write_in(s, "m1", "3");
	visit(s);
	stage_run(s, MS_MINUTE);
	between = sim_true(s->sim);
	visit(s);
	visit(s);
	assert_int_equal(slots(s), 3);
	g_string_printf(rows, WROTE("m2", "%" G_GINT64_FORMAT, "3"), between / 1000);
	news(s, "t");
	assert_int_equal(slots(s), 2);
	g_string_printf(
	    rows, WROTE("m0", "%" G_GINT64_FORMAT, "3"), between / 1000 - 100);
	news(s, "t");
	assert_int_equal(slots(s), 2);
	assert_int_equal(heard_at(s, "wmX"), between / 1000 * 1000);
	end(s);
}

/* Where a member can press send, he does when we may not answer. */
static void
another_account_of_the_channel_serves(void **state)
{
	struct stage *s = begin(ACCOUNTS(MASS), "[w, s]");

	(void)state;
	visit(s);
	assert_int_equal(mass, 1);
	write_in(s, "m1", "3");
	visit(s);
	assert_int_equal(sent, 1);
	assert_int_equal(mass, 1);
	assert_int_equal(s->letters->len, 0);
	end(s);
}

/* ---- never twice ---- */

static void
a_lost_answer_is_settled_under_its_msgid(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");

	(void)state;
	write_in(s, "m1", "3");
	how = SIM_CUT;
	says = "\"errcode\":99999,\"errmsg\":\"msgid exists\"";
	visit(s);
	stage_run(s, 10 * MS_MINUTE);
	assert_true(sent >= 2);
	for (guint i = 1; i < refs->len; i++)
		assert_string_equal(refs->pdata[i], refs->pdata[0]);
	last(s, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(slots(s), 1);
	end(s);
}

static void
a_repeat_that_is_refused_proves_nothing(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "[w, s]");

	(void)state;
	write_in(s, "m1", "3");
	how = SIM_CUT;
	says = "\"errcode\":95001,\"errmsg\":\"x\"";
	visit(s);
	stage_run(s, 2 * MS_HOUR);
	last(s, MSG_PRESUMED, REASON_NONE);
	assert_int_equal(s->letters->len, 0);
	assert_int_equal(slots(s), 1);
	end(s);
}

static void
killed_on_the_way_it_holds_one_slot(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");

	(void)state;
	write_in(s, "m1", "3");
	how = SIM_SILENCE;
	visit(s);
	assert_int_equal(sent, 1);
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, 10 * MS_MINUTE);
	assert_true(sent >= 2);
	assert_string_equal(refs->pdata[0], refs->pdata[1]);
	last(s, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(slots(s), 1);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_written_to_first),
		cmocka_unit_test(the_sixth_goes_another_way_until_he_writes_again),
		cmocka_unit_test(after_48_hours_it_is_over),
		cmocka_unit_test(what_the_service_says_counts),
		cmocka_unit_test(what_was_not_taken_is_given_back),
		cmocka_unit_test(late_news_forget_nothing),
		cmocka_unit_test(another_account_of_the_channel_serves),
		cmocka_unit_test(a_lost_answer_is_settled_under_its_msgid),
		cmocka_unit_test(a_repeat_that_is_refused_proves_nothing),
		cmocka_unit_test(killed_on_the_way_it_holds_one_slot),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
