/* Messages that a member of staff must send: watched, reminded of, withdrawn, counted.
 * proves: B-WC1, B-WC2, B-WC3, S17 */
#include <sys/stat.h>

#include "stage.h"
#include "store/event.h"
#include "store/optout.h"

#define MONDAY "2026-11-23T14:00:00+08:00"
#define ACCOUNTS_OF(sms)                                                                \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "                     \
	"http://127.0.0.1:8080\nproviders:\n  - { name: sms, type: sandbox, channels: " \
	"[sms], url: \"http://127.0.0.1:1\", internal: true" sms " }\n  - { name: w, type: " \
	"wecom, channels: [wecom], url: \"http://127.0.0.1:2\", internal: true, "       \
	"corp_id: ww1, secret: { credential: s }, sender: LiNa, confirm_hours: \"3\" "  \
	"}\n"                                                                           \
	"credentials: secrets\n"
#define ACCOUNTS ACCOUNTS_OF("")
#define RULED(rule)                                                                      \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "                      \
	"http://127.0.0.1:8080\nproviders:\n  - { name: w, type: wecom, channels: "      \
	"[wecom], url: \"http://127.0.0.1:2\", internal: true, corp_id: ww1, secret: { " \
	"credential: s }, sender: LiNa, rule: " rule " }\ncredentials: secrets\n"
#define LONG                                                                             \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "                      \
	"http://127.0.0.1:8080\nproviders:\n  - { name: w, type: wecom, channels: "      \
	"[wecom], url: \"http://127.0.0.1:2\", internal: true, corp_id: ww1, secret: { " \
	"credential: s }, sender: LiNa, confirm_hours: \"24\" }\n"                       \
	"credentials: secrets\n"
#define PLAYBOOK(sends)                                                          \
	"playbook: p\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"re_entry: after 1h\nagain: restart\nsteps:\n  - { id: a, send: " sends  \
	", expires: 72h }\n  - { id: end, stop: true }\n"

static int made, results, reminded, withdrawn, status;
static bool deaf;    /* withdrawing is not answered */
static bool pressed; /* just before it is withdrawn */
static const char *cancel;

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "gettoken") != NULL) {
		r->body = g_strdup(
		    "{\"errcode\":0,\"access_token\":\"T\",\"expires_in\":7200}");
	} else if (strstr(q->url, "add_msg_template") != NULL) {
		assert_non_null(strstr(q->body, "\"external_userid\":[\"wmX\"]"));
		assert_non_null(strstr(q->body, "\"sender\":\"LiNa\""));
		r->body = g_strdup_printf(
		    "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g%d\"}", ++made);
	} else if (strstr(q->url, "get_groupmsg_send_result") != NULL) {
		results++;
		r->body = g_strdup_printf(
		    "{\"errcode\":0,\"send_list\":[{\"external_userid\":\"wmX\","
		    "\"userid\":\"LiNa\",\"status\":%d}]}",
		    status);
	} else if (strstr(q->url, "remind_groupmsg_send") != NULL) {
		reminded++;
		r->body = g_strdup("{\"errcode\":0}");
	} else if (strstr(q->url, "cancel_groupmsg_send") != NULL) {
		withdrawn++;
		status = pressed ? 1 : status;
		r->kind = deaf ? SIM_SILENCE : SIM_ANSWER;
		r->body = g_strdup(cancel);
	} else {
		return false;
	}
	r->len = strlen(r->body);
	return true;
}

static struct stage *
begin_with(
    const char *start, const char *accounts, const char *policy, const char *playbook)
{
	struct customer c = stage_person("C1");
	struct stage *s;

	made = results = reminded = withdrawn = status = 0;
	deaf = pressed = false;
	cancel = "{\"errcode\":0}";
	stage_else = counter;
	s = stage_new(start, "config/reachd.yaml", accounts, "config/secrets/s", "s3cret",
	    "templates/wecom/w.liquid", STAGE_TEMPLATE("marketing") "问候，回复TD退订\n",
	    "config/playbooks/p.yaml", playbook,
	    policy != NULL ? "config/policy.yaml" : NULL, policy, NULL);
	c.address[CHANNEL_SMS] = "+8619912345678";
	c.address[CHANNEL_WECOM] = "wmX";
	stage_keep(s, &c);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	return s;
}

static struct stage *
begin(const char *start, const char *playbook)
{
	return begin_with(start, ACCOUNTS, NULL, playbook);
}

static void
end(struct stage *s)
{
	stage_free(s);
	stage_else = NULL;
}

static void
expect(struct stage *s, int k, enum msg_state state)
{
	struct message m;

	assert_true(stage_touch(s, "C1", k, &m) > k);
	assert_string_equal(
	    fsm_name(&message_fsm, m.state), fsm_name(&message_fsm, (int)state));
}

static void
sent_once_somebody_pressed_send(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));

	(void)state;
	assert_int_equal(made, 1);
	expect(s, 0, MSG_AWAITING);
	stage_run(s, 20 * MS_MINUTE);
	expect(s, 0, MSG_AWAITING);
	assert_in_range(results, 2, 5);
	status = 1;
	stage_run(s, 10 * MS_MINUTE);
	expect(s, 0, MSG_DELIVERED);
	stage_run(s, 6 * MS_HOUR);
	assert_int_equal(made, 1);
	assert_int_equal(withdrawn, 0);
	end(s);
}

static void
reminded_and_withdrawn_when_its_time_is_over(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));

	(void)state;
	stage_run(s, 2 * MS_HOUR + 30 * MS_MINUTE);
	assert_int_equal(reminded, 1);
	expect(s, 0, MSG_AWAITING);
	assert_int_equal(stage_used(s, 1, 202611), 1);
	stage_run(s, MS_HOUR);
	expect(s, 0, MSG_LAPSED);
	assert_int_equal(stage_used(s, 1, 202611), 0);
	assert_int_equal(withdrawn, 1);
	stage_run(s, 3 * MS_DAY);
	assert_int_equal(made, 1);
	assert_in_range(reminded, 1, 3);
	end(s);
}

/* B-WC3: more than three in a day the service refuses. */
static void
reminded_three_times_at_most(void **state)
{
	struct stage *s = begin_with("2026-11-23T08:30:00+08:00", LONG,
	    "quiet: [{ id: night, from: \"22:00\", to: \"08:00\" }]\n"
	    "tiers: { high: { cap: 3 }, low: { cap: 3 } }\n",
	    PLAYBOOK("w"));

	(void)state;
	assert_int_equal(made, 1);
	stage_run(s, 5 * MS_HOUR);
	assert_int_equal(reminded, 2);
	stage_run(s, 8 * MS_HOUR);
	assert_int_equal(withdrawn, 0);
	assert_int_equal(reminded, 3);
	end(s);
}

/* What it was for has happened: nobody is to send it. */
static void
a_goal_withdraws_at_the_next_look(void **state)
{
	struct stage *s =
	    begin(MONDAY, PLAYBOOK("w") "goal: { on: booking, window: 30d }\n");

	(void)state;
	expect(s, 0, MSG_AWAITING);
	assert_int_equal(stage_event(s, "b1", "C1", "booking"), 201);
	stage_run(s, 10 * MS_MINUTE);
	assert_int_equal(withdrawn, 1);
	expect(s, 0, MSG_LAPSED);
	end(s);
}

static void
an_erased_customer_is_written_to_by_nobody(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));

	(void)state;
	engine_erase(s->engine, "C1", stage_answer, s);
	stage_run(s, 10 * MS_MINUTE);
	assert_int_equal(withdrawn, 1);
	end(s);
}

/* Pressed just before it was withdrawn: withdrawing says yes, and is not believed. */
static void
what_was_pressed_just_before_is_sent(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("[w, a]"));

	(void)state;
	pressed = true;
	stage_run(s, 3 * MS_HOUR + 10 * MS_MINUTE);
	assert_int_equal(withdrawn, 1);
	expect(s, 0, MSG_DELIVERED);
	assert_int_equal(s->letters->len, 0);
	end(s);
}

static void
count_alarm(void *arg, ms_t at, const char *kind, const char *ext, const char *text)
{
	(void)at;
	(void)ext;
	(void)text;
	*(int *)arg += strcmp(kind, "not_withdrawn") == 0;
}

static void
a_person_is_told_of_what_cannot_be_withdrawn(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));
	struct err e = { 0 };
	int alarms = 0;

	(void)state;
	cancel = "{\"errcode\":-1,\"errmsg\":\"busy\"}";
	stage_run(s, 3 * MS_HOUR + 30 * MS_MINUTE);
	assert_int_equal(alarm_each(s->store, 100, count_alarm, &alarms, &e), 0);
	assert_int_equal(alarms, 1);
	end(s);
}

static void
lapsed_it_goes_by_another_channel(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("[w, a]"));

	(void)state;
	stage_run(s, 4 * MS_HOUR);
	assert_int_equal(made, 1);
	assert_int_equal(withdrawn, 1);
	assert_int_equal(s->letters->len, 1);
	expect(s, 0, MSG_ACCEPTED);
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 1);
	end(s);
}

/* Pressed between the last look and the withdrawal. */
static void
what_was_sent_in_the_end_has_not_lapsed(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("[w, a]"));

	(void)state;
	deaf = true;
	stage_run(s, 3 * MS_HOUR + 5 * MS_MINUTE);
	expect(s, 0, MSG_AWAITING);
	assert_true(withdrawn >= 1);
	status = 1;
	deaf = false;
	stage_run(s, 5 * MS_MINUTE);
	expect(s, 0, MSG_DELIVERED);
	assert_int_equal(s->letters->len, 0);
	end(s);
}

/* The service would not withdraw what the member has sent meanwhile. */
static void
what_cannot_be_withdrawn_is_asked_about(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("[w, a]"));

	(void)state;
	cancel = "{\"errcode\":41064,\"errmsg\":\"sent\"}";
	stage_run(s, 3 * MS_HOUR + 10 * MS_MINUTE);
	expect(s, 0, MSG_AWAITING);
	assert_true(withdrawn >= 2);
	status = 1;
	stage_run(s, 10 * MS_MINUTE);
	expect(s, 0, MSG_DELIVERED);
	assert_int_equal(s->letters->len, 0);
	end(s);
}

static void
nothing_waits_into_a_quiet_window(void **state)
{
	struct stage *s = begin("2026-11-23T19:45:00+08:00", PLAYBOOK("w"));

	(void)state;
	assert_int_equal(made, 1);
	stage_run(s, stage_at("2026-11-23T21:54:00+08:00") - sim_true(s->sim));
	assert_int_equal(withdrawn, 0);
	stage_run(s, stage_at("2026-11-23T22:00:00+08:00") - sim_true(s->sim));
	assert_int_equal(withdrawn, 1);
	expect(s, 0, MSG_LAPSED);
	end(s);
}

static void
with_less_than_two_hours_left_it_waits_for_the_next_day(void **state)
{
	struct stage *s = begin("2026-11-23T20:15:00+08:00", PLAYBOOK("w"));

	(void)state;
	assert_int_equal(made, 0);
	expect(s, 0, MSG_DUE);
	stage_run(s, stage_at("2026-11-24T09:30:00+08:00") - sim_true(s->sim));
	assert_int_equal(made, 1);
	end(s);
}

static void
no_friend_any_more_is_an_opt_out(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));
	struct err e = { 0 };

	(void)state;
	status = 2;
	stage_run(s, 10 * MS_MINUTE);
	expect(s, 0, MSG_UNDELIVERED);
	assert_int_equal(
	    optout_has(s->store, customer_hash(s->store, CHANNEL_WECOM, "wmX"),
		CHANNEL_WECOM, &e),
	    1);
	end(s);
}

static void
an_opt_out_withdraws_at_once(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));
	const struct receipt r = { .kind = RECEIPT_REPLY,
		.key = "k",
		.ref = "",
		.provider_id = "",
		.from = "wmX",
		.channel = CHANNEL_WECOM,
		.text = "TD",
		.perr = "",
		.raw = "" };

	(void)state;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[1], &r, 1, stage_answer, s);
	stage_run(s, 10 * MS_MINUTE);
	assert_int_equal(withdrawn, 1);
	expect(s, 0, MSG_LAPSED);
	end(s);
}

static void
one_a_day_is_the_rule(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("[w, a]"));

	(void)state;
	status = 1;
	stage_run(s, 10 * MS_MINUTE);
	expect(s, 0, MSG_DELIVERED);
	stage_run(s, 90 * MS_MINUTE);
	assert_int_equal(stage_event(s, "v2", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	/* The second goes the other way. */
	assert_int_equal(made, 1);
	assert_int_equal(s->letters->len, 1);
	end(s);
}

/* B-WC2: what he had by the account is counted here, the service tells of it too late. */
static void
his_share_of_a_week_or_month_is_counted(void **state)
{
	static const struct {
		const char *name, *accounts;
		int had; /* beside the first */
		ms_t ago;
		int made;
	} rows[] = {
		{ "the seventh of a week", RULED("week_7"), 5, 6 * MS_DAY, 2 },
		{ "the eighth of a week", RULED("week_7"), 6, 6 * MS_DAY, 1 },
		{ "a week ago", RULED("week_7"), 9, 8 * MS_DAY, 2 },
		{ "one left in the month", RULED("month_days"), 26, 20 * MS_DAY, 2 },
		{ "none left in the month", RULED("month_days"), 27, 20 * MS_DAY, 1 },
		{ "last month", RULED("month_days"), 40, 25 * MS_DAY, 2 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = begin_with(MONDAY, rows[i].accounts,
		    "quiet: [{ id: night, from: \"22:00\", to: \"08:00\" }]\n"
		    "tiers: { high: { cap: 60 }, low: { cap: 60 } }\nmin_gap: none\n"
		    "limits: [{ window: 1m, max: 1000, category: marketing }]\n",
		    PLAYBOOK("w"));
		struct err e = { 0 };
		struct message m;

		status = 1;
		stage_run(s, 10 * MS_MINUTE);
		assert_true(stage_touch(s, "C1", 0, &m) >= 1);
		assert_int_equal(store_begin(s->store, &e), 0);
		for (int k = 0; k < rows[i].had; k++)
			assert_int_equal(reservation_add(s->store, m.customer,
					     m.begun_at - rows[i].ago + k, m.id,
					     CATEGORY_MARKETING, &e),
			    0);
		assert_int_equal(store_commit(s->store, &e), 0);
		stage_run(s, 90 * MS_MINUTE);
		assert_int_equal(stage_event(s, "v2", "C1", "visit"), 201);
		stage_run(s, 10 * MS_MINUTE);
		if (made != rows[i].made)
			fail_msg("%s: %d", rows[i].name, made);
		end(s);
	}
}

static void
a_killed_process_goes_on_watching(void **state)
{
	struct stage *s = begin(MONDAY, PLAYBOOK("w"));

	(void)state;
	stage_fall(s, true);
	stage_rise(s);
	status = 1;
	stage_run(s, 10 * MS_MINUTE);
	expect(s, 0, MSG_DELIVERED);
	assert_int_equal(made, 1);
	end(s);
}

/* An answer has led its run on meanwhile, and what followed went to the same number. */
static void
a_lapsed_touch_sees_what_its_run_was_sent_since(void **state)
{
	struct stage *s = begin_with("2026-11-23T10:00:00+08:00",
	    ACCOUNTS_OF(", per_number: 1/20h"), NULL,
	    PLAYBOOK("[w, a]") "  - { id: more, send: b }\n"
			       "replies:\n  - { is: [\"1\"], then: [ { goto: more } ] }\n");

	(void)state;
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k", -1, "+8619912345678", "1"), 200);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	stage_run(s, 6 * MS_HOUR);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_PROVIDER_RULE);
	assert_int_equal(s->letters->len, 1);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sent_once_somebody_pressed_send),
		cmocka_unit_test(reminded_and_withdrawn_when_its_time_is_over),
		cmocka_unit_test(reminded_three_times_at_most),
		cmocka_unit_test(a_goal_withdraws_at_the_next_look),
		cmocka_unit_test(an_erased_customer_is_written_to_by_nobody),
		cmocka_unit_test(what_was_pressed_just_before_is_sent),
		cmocka_unit_test(a_person_is_told_of_what_cannot_be_withdrawn),
		cmocka_unit_test(lapsed_it_goes_by_another_channel),
		cmocka_unit_test(a_lapsed_touch_sees_what_its_run_was_sent_since),
		cmocka_unit_test(what_was_sent_in_the_end_has_not_lapsed),
		cmocka_unit_test(what_cannot_be_withdrawn_is_asked_about),
		cmocka_unit_test(nothing_waits_into_a_quiet_window),
		cmocka_unit_test(with_less_than_two_hours_left_it_waits_for_the_next_day),
		cmocka_unit_test(no_friend_any_more_is_an_opt_out),
		cmocka_unit_test(an_opt_out_withdraws_at_once),
		cmocka_unit_test(one_a_day_is_the_rule),
		cmocka_unit_test(his_share_of_a_week_or_month_is_counted),
		cmocka_unit_test(a_killed_process_goes_on_watching),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
