/* Accounts that only answer: what a customer writes is fetched, opens a window, and five go out in it.
 * proves: B-WC5, W13 */
#include <sys/stat.h>

#include "stage.h"
#include "store/turn.h"

#define START "2026-11-23T09:00:00+08:00"
#define ACCOUNTS(more)                                                                  \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "                     \
	"http://127.0.0.1:8080\nproviders:\n  - { name: sms, type: sandbox, channels: " \
	"[sms], url: \"http://127.0.0.1:1\", internal: true }\n  - { name: kf, type: "  \
	"wecom-kf, channels: [wecom], url: \"http://127.0.0.1:2\", internal: true, "    \
	"corp_id: ww1, secret: { credential: s }, open_kfid: wk1, callback_token: "     \
	"{ credential: s }, callback_key: { credential: k } }\n" more                   \
	"credentials: secrets\n"
#define MASS                                                                            \
	"  - { name: mass, type: wecom, channels: [wecom], url: "                       \
	"\"http://127.0.0.1:3\", "                                                      \
	"internal: true, corp_id: ww1, secret: { credential: s }, sender: LiNa, rule: " \
	"week_7 }\n"
#define PLAYBOOK(sends)                                                          \
	"playbook: p\ncategory: service\nstatus: live\nstart: { on: visit }\n"   \
	"re_entry: after 1m\nagain: parallel\nsteps:\n  - { id: a, send: " sends \
	", expires: 24h }\n  - { id: end, stop: true }\n"
#define WROTE(id, at, text)                                                            \
	"{\"msgid\":\"" id "\",\"open_kfid\":\"wk1\",\"external_userid\":\"wmX\","     \
	"\"send_time\":" at ",\"origin\":3,\"msgtype\":\"text\",\"text\":{\"content\"" \
	":\"" text "\"}}"

static struct err e;
static int sent, pulls, mass;
static const char *says;        /* errcode and errmsg of the next sends; NULL: taken */
static enum sim_reply_kind how; /* of the next send */
static const char *unheard;     /* what pulls are refused with */
static GPtrArray *refs, *tickets;
static GString *rows; /* of the next pull */
static bool more;

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

static void
send_msg(const json_t *j, struct sim_reply *r)
{
	const char *ref = text_of(j, "msgid");

	assert_string_equal(text_of(j, "touser"), "wmX");
	assert_string_equal(text_of(j, "open_kfid"), "wk1");
	sent++;
	g_ptr_array_add(refs, g_strdup(ref));
	r->kind = how;
	how = SIM_ANSWER;
	r->body = says != NULL ? g_strdup_printf("{%s}", says)
			       : g_strdup_printf("{\"errcode\":0,\"msgid\":\"%s\"}", ref);
}

static void
sync_msg(const json_t *j, struct sim_reply *r)
{
	pulls++;
	g_ptr_array_add(tickets, g_strdup(text_of(j, "token")));
	if (unheard != NULL) {
		r->body = g_strdup_printf("{%s}", unheard);
		return;
	}
	r->body =
	    g_strdup_printf("{\"errcode\":0,\"next_cursor\":\"c%d\",\"has_more\":%d,"
			    "\"msg_list\":[%s]}",
		pulls, more, rows->str);
	g_string_truncate(rows, 0);
	more = false;
}

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	json_t *j = json_loadb(q->body, q->body_len, 0, NULL);
	bool ours = true;

	if (strstr(q->url, "gettoken") != NULL)
		r->body = g_strdup(
		    "{\"errcode\":0,\"access_token\":\"T\",\"expires_in\":7200}");
	else if (strstr(q->url, "kf/send_msg") != NULL)
		send_msg(j, r);
	else if (strstr(q->url, "kf/sync_msg") != NULL)
		sync_msg(j, r);
	else if (strstr(q->url, "add_msg_template") != NULL)
		r->body = g_strdup_printf(
		    "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g%d\"}", ++mass);
	else
		ours = false;
	json_decref(j);
	if (ours)
		r->len = strlen(r->body);
	return ours;
}

static void
add_customer(struct stage *s, const char *ext, const char *sms, const char *wecom)
{
	struct customer c = { .ext = ext,
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = "new",
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { sms, wecom, "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = "",
		.attrs = "{}" };
	bool created;
	int64_t id;

	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
}

static struct stage *
begin(const char *accounts, const char *sends)
{
	char *playbook = g_strdup_printf(PLAYBOOK("%s"), sends);
	struct stage *s;

	sent = pulls = mass = 0;
	says = NULL;
	how = SIM_ANSWER;
	more = false;
	refs = g_ptr_array_new_with_free_func(g_free);
	tickets = g_ptr_array_new_with_free_func(g_free);
	rows = g_string_new("");
	stage_else = counter;
	s = stage_new(START, "config/reachd.yaml", accounts, "config/secrets/s", "s3cret",
	    "config/secrets/k", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
	    "templates/wecom/w.liquid", STAGE_TEMPLATE("service") "车好了\n",
	    "config/playbooks/p.yaml", playbook, NULL);
	add_customer(s, "C1", "+8619912345678", "wmX");
	stage_run(s, MS_SECOND);
	g_free(playbook);
	return s;
}

static void
end(struct stage *s)
{
	stage_free(s);
	stage_else = NULL;
	g_ptr_array_unref(refs);
	g_ptr_array_unref(tickets);
	g_string_free(rows, TRUE);
}

static void
news(struct stage *s, const char *ticket)
{
	engine_news(s->engine, &s->catalog->config->accounts[1], ticket);
	stage_run(s, MS_SECOND);
}

/* He writes now: told of, and fetched. */
static void
write_in(struct stage *s, const char *id, const char *text)
{
	g_string_printf(rows, WROTE("%s", "%" G_GINT64_FORMAT, "%s"), id,
	    sim_true(s->sim) / 1000, text);
	news(s, id);
}

static void
visit(struct stage *s)
{
	static int n;
	char id[16];

	stage_run(s, 2 * MS_MINUTE);
	g_snprintf(id, sizeof(id), "v%d", ++n);
	assert_int_equal(stage_event(s, id, "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
}

static int
slots(struct stage *s)
{
	int64_t h = customer_hash(s->store, CHANNEL_WECOM, "wmX");
	ms_t at;
	int n;

	assert_int_equal(turn_get(s->store, "kf", h, &at, &n, &e), 0);
	return at == 0 ? -1 : n;
}

static ms_t
heard_at(struct stage *s, const char *who)
{
	ms_t at;
	int n;

	assert_int_equal(turn_get(s->store, "kf",
			     customer_hash(s->store, CHANNEL_WECOM, who), &at, &n, &e),
	    0);
	return at;
}

static void
last(struct stage *s, enum msg_state state, enum reason reason)
{
	stage_expect(s, "C1", stage_touch(s, "C1", 0, NULL) - 1, state, reason);
}

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
