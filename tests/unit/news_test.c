/* What customers write is fetched when news of it come: counted once, whoever it is from.
 * proves: W13 */
#include "store/optout.h"
#include "turns_stage.h"

/* ---- what comes in ---- */

static void
failed(struct stage *s, const char *id, int type)
{
	g_string_printf(rows,
	    "{\"msgid\":\"%s\",\"send_time\":%" G_GINT64_FORMAT ",\"origin\":4,"
	    "\"msgtype\":\"event\",\"event\":{\"event_type\":\"msg_send_fail\","
	    "\"open_kfid\":\"wk1\",\"external_userid\":\"wmX\",\"fail_msgid\":\"%s\","
	    "\"fail_type\":%d}}",
	    id, sim_true(s->sim) / 1000, (char *)refs->pdata[refs->len - 1], type);
	news(s, id);
}

static void
a_failure_is_a_receipt(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "[w, s]");
	int64_t h;

	(void)state;
	write_in(s, "m1", "3");
	visit(s);
	failed(s, "e1", 6);
	last(s, MSG_UNDELIVERED, REASON_NONE);
	assert_int_equal(slots(s), -1);
	write_in(s, "m2", "3");
	visit(s);
	assert_int_equal(sent, 2);
	failed(s, "e2", 10);
	last(s, MSG_UNDELIVERED, REASON_NONE);
	h = customer_hash(s->store, CHANNEL_WECOM, "wmX");
	assert_int_equal(optout_has(s->store, h, CHANNEL_WECOM, &e), 1);
	end(s);
}

static void
a_stop_word_stops(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");
	int64_t h = customer_hash(s->store, CHANNEL_WECOM, "wmX");

	(void)state;
	assert_int_equal(optout_has(s->store, h, CHANNEL_WECOM, &e), 0);
	write_in(s, "m1", "退订");
	assert_int_equal(optout_has(s->store, h, CHANNEL_WECOM, &e), 1);
	end(s);
}

/* W13: kept and shown; when he becomes a customer he may be answered. */
static void
a_stranger_may_be_answered_once_he_is_known(void **state)
{
	struct stage *s;
	int64_t ids[2];

	(void)state;
	s = begin(ACCOUNTS(""), "w");
	g_string_printf(rows,
	    "{\"msgid\":\"m9\",\"open_kfid\":\"wk1\",\"external_userid\":\"wmNew\","
	    "\"send_time\":%" G_GINT64_FORMAT ",\"origin\":3,\"msgtype\":\"text\","
	    "\"text\":{\"content\":\"3\"}}",
	    sim_true(s->sim) / 1000);
	news(s, "t");
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 0);
	assert_int_equal(slots(s), -1);
	add_customer(s, "C2", "", "wmNew");
	assert_int_equal(customer_of_address(s->store,
			     customer_hash(s->store, CHANNEL_WECOM, "wmNew"), ids, 2, &e),
	    1);
	assert_true(heard_at(s, "wmNew") > 0);
	end(s);
}

static void
every_page_is_read_with_the_ticket_and_rows_count_once(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");
	int before = pulls;

	(void)state;
	assert_string_equal(tickets->pdata[0], ""); /* at the start without one */
	more = true;
	write_in(s, "T1", "3");
	assert_int_equal(pulls, before + 2);
	assert_string_equal(tickets->pdata[before], "T1");
	assert_string_equal(tickets->pdata[before + 1], "T1");
	visit(s);
	assert_int_equal(slots(s), 1);
	/* Read again, as after a crash between the rows and the place: it is no news. */
	write_in(s, "T1", "3");
	assert_int_equal(slots(s), 1);
	/* A ticket is used up; without news it is asked seldom. */
	before = pulls;
	stage_run(s, 11 * MS_MINUTE);
	assert_in_range(pulls, before + 1, before + 2);
	assert_string_equal(tickets->pdata[tickets->len - 1], "");
	end(s);
}

/* Put off, it is asked again with the ticket; refused, without. */
static void
a_pull_that_fails_is_made_again(void **state)
{
	static const struct {
		const char *refusal, *then;
	} cases[] = { { "\"errcode\":45009", "T1" }, { "\"errcode\":95007", "" } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct stage *s = begin(ACCOUNTS(""), "w");
		int before = pulls;

		unheard = cases[i].refusal;
		write_in(s, "T1", "3");
		assert_int_equal(slots(s), -1);
		unheard = NULL;
		stage_run(s, 5 * MS_SECOND);
		assert_int_equal(slots(s), 0);
		assert_string_equal(tickets->pdata[before], "T1");
		assert_string_equal(tickets->pdata[tickets->len - 1], cases[i].then);
		end(s);
	}
}

/* The callback was acknowledged, and the process died before it asked. */
static void
what_was_told_before_a_crash_is_asked_for_after_it(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");

	(void)state;
	g_string_printf(
	    rows, WROTE("m1", "%" G_GINT64_FORMAT, "3"), sim_true(s->sim) / 1000);
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, 5 * MS_SECOND);
	assert_int_equal(slots(s), 0);
	end(s);
}

/* ---- whose it is ---- */

static void
said(void *arg, int status, const char *json)
{
	(void)json;
	((struct stage *)arg)->answer = status;
}

static void
it_goes_with_the_address(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");
	struct message m;

	(void)state;
	write_in(s, "m1", "3");
	add_customer(s, "A", "+8619912345678", "");
	engine_merge(s->engine, "A", "C1", false, said, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(stage_event(s, "va", "A", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(sent, 1);
	stage_touch(s, "A", 0, &m);
	assert_int_equal(m.state, MSG_ACCEPTED);
	end(s);
}

static void
erased_it_is_gone(void **state)
{
	struct stage *s = begin(ACCOUNTS(""), "w");

	(void)state;
	write_in(s, "m1", "3");
	assert_int_equal(slots(s), 0);
	engine_erase(s->engine, "C1", said, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(slots(s), -1);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_a_receipt),
		cmocka_unit_test(a_stop_word_stops),
		cmocka_unit_test(a_stranger_may_be_answered_once_he_is_known),
		cmocka_unit_test(every_page_is_read_with_the_ticket_and_rows_count_once),
		cmocka_unit_test(a_pull_that_fails_is_made_again),
		cmocka_unit_test(what_was_told_before_a_crash_is_asked_for_after_it),
		cmocka_unit_test(it_goes_with_the_address),
		cmocka_unit_test(erased_it_is_gone),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
