/* Customer service of WeCom: the bytes it is sent, what its answers mean, what is pulled from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/cmd/dialect_wecom_seal.h"
#include "provider_stage.h"

#define CORP "ww1436e0e65a779aee"
#define REF "0123456789abcdefghjkmnpq"

static struct pair settings[] = { { "corp_id", CORP }, { "secret", "example-secret" },
	{ "open_kfid", "wkExample1" }, { "callback_token", "QDG6eK" },
	{ "callback_key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" } };

static struct parcel
parcel(void)
{
	return (struct parcel){ .msg = 1,
		.to = "wmExample1",
		.ref = REF,
		.call = "",
		.subject = "",
		.text = "李女士，您的车好了",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.channel = CHANNEL_WECOM,
		.turn = { SIGNED_AT - MS_HOUR, 0 },
		.begun_at = SIGNED_AT };
}

static int
set_up(void **state)
{
	(void)state;
	stage_open("wecom-kf", settings, (int)G_N_ELEMENTS(settings));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stage_close();
	return 0;
}

static void
set(struct account *acc, const char *name, const char *value)
{
	for (int i = 0; i < acc->n_settings; i++)
		if (strcmp(acc->settings[i].name, name) == 0)
			acc->settings[i].value = value;
}

static void
requests(void **state)
{
	const struct parcel p = parcel();

	(void)state;
	stage_request("send", &p, 1);
	stage_pull("first_pull", "", "");
	stage_pull("pull", "4gw7MepFLfgF2VC5npN", "ENCApHxnGDNAVNY4AaSJKj4T");
}

#define SAYS(code, text) "{\"errcode\":" #code ",\"errmsg\":\"" text "\"}"
#define CODE(code) SAYS(code, "m")

static void
answers(void **state)
{
	static const struct stage_answer rows[] = {
		{ "taken", 200, "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":\"" REF "\"}",
		    1, OUTCOME_ACCEPTED, "", "", "", 0 },
		{ "another's answer", 200, "{\"errcode\":0,\"msgid\":\"x\"}", 1,
		    OUTCOME_UNKNOWN, "", "another msgid", "", 0 },
		{ "0 without an id", 200, "{\"errcode\":0}", 1, OUTCOME_UNKNOWN, "",
		    "another msgid", "", 0 },
		{ "0 with another status", 502, "{\"errcode\":0,\"msgid\":\"" REF "\"}",
		    1, OUTCOME_UNKNOWN, "", "http-502", "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "busy may have been taken", 200, CODE(-1), 1, OUTCOME_UNKNOWN, "", "-1",
		    "", 0 },
		{ "a code nobody knows", 200, CODE(99999), 1, OUTCOME_UNKNOWN, "",
		    "99999", "", 0 },
		{ "of the msgid, at first", 200, SAYS(99999, "duplicate msgid"), 1,
		    OUTCOME_UNKNOWN, "", "99999", "", 0 },
		{ "of the msgid, as content", 200, SAYS(40058, "invalid MsgID"), 1,
		    OUTCOME_UNKNOWN, "", "40058", "", 0 },
		{ "five already", 200, CODE(95001), 1, OUTCOME_REFUSED_RETRY, "", "95001",
		    "number shut", 0 },
		{ "after 48 hours", 200, CODE(95002), 1, OUTCOME_REFUSED_RETRY, "", NULL,
		    "number shut", 0 },
		{ "the chat is over", 200, CODE(95013), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "number shut", 0 },
		{ "not in this state", 200, CODE(95018), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "number shut", 0 },
		{ "not now", 200, CODE(95031), 1, OUTCOME_REFUSED_RETRY, "", NULL,
		    "number shut", 0 },
		{ "nobody", 200, CODE(40096), 1, OUTCOME_REJECTED, "", NULL,
		    "bad_address", 0 },
		{ "no such kf account", 200, CODE(95000), 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
		{ "a kf account that is gone", 200, CODE(95004), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "its calls are switched off", 200, CODE(95017), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "this machine may not call", 200, CODE(60020), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "the text", 200, CODE(44004), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "too often", 200, CODE(45009), 1, OUTCOME_REFUSED_RETRY, "", "45009",
		    "", MS_MINUTE },
		{ "the token is old", 200, CODE(42001), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "stale_token", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};
	static const struct stage_answer repeated[] = {
		{ "taken at last", 200, "{\"errcode\":0,\"msgid\":\"" REF "\"}", 1,
		    OUTCOME_ACCEPTED, "", "", "", 0 },
		{ "known already", 200, SAYS(99999, "msgid repeated, hint: [1]"), 1,
		    OUTCOME_ACCEPTED, "", "99999", "", 0 },
		{ "known already, as content", 200, SAYS(40058, "invalid MsgID"), 1,
		    OUTCOME_ACCEPTED, "", "40058", "", 0 },
		{ "another's fault proves nothing", 200, CODE(99999), 1, OUTCOME_UNKNOWN,
		    "", "99999", "", 0 },
		{ "not now proves nothing", 200, SAYS(95002, "msgid"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number shut", 0 },
		{ "a wrong key proves nothing", 200, SAYS(40001, "msgid"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
	};
	struct parcel p = parcel();

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
	p.again = true;
	stage_answers(&p, repeated, G_N_ELEMENTS(repeated));
}

/* B-WC5: five within 48 hours of his last message, and nothing before his first. */
static void
rules(void **state)
{
	static const struct {
		const char *name;
		ms_t ago; /* 0: never */
		int sent;
		const char *says; /* NULL: taken */
	} rows[] = {
		{ "never", 0, 0,
		    "main only answers, and the customer has not written to it" },
		{ "a moment ago", 1, 0, NULL },
		{ "in time", 48 * MS_HOUR - 2 * MS_MINUTE, 4, NULL },
		{ "hardly in time", 48 * MS_HOUR - MS_MINUTE, 0,
		    "the customer last wrote to main more than 48 hours ago" },
		{ "five", MS_HOUR, 5,
		    "5 messages by main since the customer last wrote" },
	};
	const struct template t = { .name = "ready" };
	struct report *r = report_new();
	struct parcel p = parcel();
	char *big = g_strnfill(2049, 'x');

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *why;

		p.turn = (struct turn){ rows[i].ago == 0 ? 0 : SIGNED_AT - rows[i].ago,
			rows[i].sent };
		why = provider->refuses(&account, &p, arena);
		if (g_strcmp0(why, rows[i].says) != 0)
			fail_msg("%s: %s", rows[i].name, why);
	}
	p = parcel();
	p.text = big;
	assert_string_equal(provider->refuses(&account, &p, arena),
	    "main takes 2048 bytes of text, not 2049");
	p.text = big + 1;
	assert_null(provider->refuses(&account, &p, arena));
	provider->lint(&account, &t, big + 1, r);
	assert_int_equal(r->errors, 0);
	provider->lint(&account, &t, big, r);
	assert_int_equal(r->errors, 1);
	report_free(r);
	g_free(big);
	assert_int_equal(stage_capabilities().reply_most, 5);
	assert_int_equal(stage_capabilities().settle, SETTLE_KEY);
}

/* ---- webhooks ---- */

#define NEWS(kfid)                                                                     \
	"<xml><ToUserName>" CORP "</ToUserName><CreateTime>1795319400</CreateTime>"    \
	"<MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>ENCApHxnGDNAVNY" \
	"4AaSJKj4T</Token><OpenKfId>" kfid "</OpenKfId></xml>"

static int
post(const struct account *by, const char *text, bool tampered, struct hook_reply *reply,
    int *n)
{
	struct wecom_sealed s;
	struct stage_hook h;
	struct receipt *r;
	char *at;

	wecom_seal(
	    by, CORP, text, strlen(text), "0123456789abcdef", "1795319400", "nonce", &s);
	h = (struct stage_hook){ .query = arena_strdup(arena, s.query),
		.body = arena_strdup(arena, s.body) };
	at = strstr(h.body, "<Encrypt><![CDATA[") + strlen("<Encrypt><![CDATA[") + 40;
	if (tampered)
		*at = *at == 'A' ? 'B' : 'A';
	g_free(s.query);
	g_free(s.body);
	return stage_hook(&h, SIGNED_AT, &r, n, reply);
}

static void
news_of_any_kf_account_of_the_company(void **state)
{
	struct account both[2];
	struct hook_reply reply;
	int n;

	(void)state;
	both[0] = both[1] = account;
	both[1].name = "second";
	both[1].settings = arena_array(arena, struct setting, account.n_settings);
	memcpy(both[1].settings, account.settings,
	    sizeof(*account.settings) * (size_t)account.n_settings);
	set(&both[1], "open_kfid", "wkExample2");
	config.accounts = both;
	config.n_accounts = 2;
	assert_int_equal(post(&account, NEWS("wkExample1"), false, &reply, &n), 0);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, "");
	assert_int_equal(n, 0);
	assert_string_equal(reply.news->name, "main");
	assert_string_equal(reply.ticket, "ENCApHxnGDNAVNY4AaSJKj4T");
	assert_int_equal(post(&account, NEWS("wkExample2"), false, &reply, &n), 0);
	assert_string_equal(reply.news->name, "second");
	assert_int_equal(post(&account, NEWS("wkUnknown"), false, &reply, &n), 0);
	assert_null(reply.news);
	set(&both[1], "corp_id", "ww0000000000000000");
	assert_int_equal(post(&account, NEWS("wkExample2"), false, &reply, &n), 0);
	assert_null(reply.news);
	assert_int_equal(
	    post(&account, "<xml><Event>other</Event></xml>", false, &reply, &n), 0);
	assert_null(reply.news);
}

static void
what_is_wrong_is_refused(void **state)
{
	struct account other = account;
	struct hook_reply reply;
	int n;

	(void)state;
	assert_int_equal(post(&account, NEWS("wkExample1"), true, &reply, &n), -1);
	assert_int_equal(reply.status, 401); /* W1 wecom-kf tampered body */
	assert_null(reply.news);
	other.settings = arena_array(arena, struct setting, account.n_settings);
	memcpy(other.settings, account.settings,
	    sizeof(*account.settings) * (size_t)account.n_settings);
	set(&other, "callback_token", "another");
	assert_int_equal(post(&other, NEWS("wkExample1"), false, &reply, &n), -1);
	assert_int_equal(reply.status, 401); /* W1 wecom-kf another's signature */
}

/* ---- sync_msg ---- */

#define ROW(id, rest)                                                             \
	"{\"msgid\":\"" id "\",\"open_kfid\":\"wkExample1\",\"external_userid\":" \
	"\"wmExample1\",\"send_time\":1795319400," rest "}"
#define EVENT(id, rest)                                                            \
	"{\"msgid\":\"" id "\",\"send_time\":1795319400,\"origin\":4,\"msgtype\":" \
	"\"event\",\"event\":{\"open_kfid\":\"wkExample1\",\"external_userid\":"   \
	"\"wmExample1\"," rest "}}"
#define FAIL(id, type)                                                           \
	EVENT(id, "\"event_type\":\"msg_send_fail\",\"fail_msgid\":\"" REF "\"," \
		  "\"fail_type\":" #type)

static int
pulled(const char *rows, const char *rest, struct receipt **r, const char **cursor,
    bool *more)
{
	const char *body = arena_printf(
	    arena, "{\"errcode\":0,\"errmsg\":\"ok\",\"msg_list\":[%s]%s}", rows, rest);
	struct answer why;
	int n;

	assert_int_equal(provider->pull_answer(&account, 200, body, strlen(body), arena,
			     r, &n, cursor, more, &why),
	    0);
	return n;
}

static void
what_is_told(void **state)
{
	static const struct {
		const char *name, *row;
		int kind; /* -1: nothing */
		const char *ref, *text, *perr, *flags;
	} rows[] = {
		{ "a message",
		    ROW("m1", "\"origin\":3,\"msgtype\":\"text\",\"text\":"
			      "{\"content\":\"退订\",\"menu_id\":\"\"}"),
		    RECEIPT_REPLY, "", "退订", "", "" },
		{ "a picture",
		    ROW("m2", "\"origin\":3,\"msgtype\":\"image\",\"image\":"
			      "{\"media_id\":\"x\"}"),
		    RECEIPT_REPLY, "", "", "", "" },
		{ "by a member of staff",
		    ROW("m3", "\"origin\":5,\"msgtype\":\"text\","
			      "\"text\":{\"content\":\"x\"}"),
		    -1, "", "", "", "" },
		{ "he looks in",
		    EVENT("e1", "\"event_type\":\"enter_session\",\"scene\":"
				"\"1\",\"welcome_code\":\"w\""),
		    -1, "", "", "", "" },
		{ "why it failed is not known", FAIL("e2", 0), RECEIPT_FAILED, REF, "",
		    "fail-0", "" },
		{ "after 48 hours", FAIL("e3", 4), RECEIPT_FAILED, REF, "", "fail-4",
		    "shut" },
		{ "the chat is over", FAIL("e7", 5), RECEIPT_FAILED, REF, "", "fail-5",
		    "shut" },
		{ "another type", FAIL("e8", 8), RECEIPT_FAILED, REF, "", "fail-8", "" },
		{ "more than five", FAIL("e4", 6), RECEIPT_FAILED, REF, "", "fail-6",
		    "shut" },
		{ "he refused", FAIL("e5", 10), RECEIPT_FAILED, REF, "", "fail-10",
		    "opted_out" },
		{ "of no message", EVENT("e6", "\"event_type\":\"msg_send_fail\""),
		    RECEIPT_FAILED, "", "", "fail-0", "broken" },
		{ "a text without one", ROW("m4", "\"origin\":3,\"msgtype\":\"text\""),
		    RECEIPT_REPLY, "", "", "", "broken" },
		{ "from nobody",
		    "{\"msgid\":\"m5\",\"origin\":3,\"msgtype\":\"text\","
		    "\"send_time\":1,\"text\":{\"content\":\"x\"}}",
		    RECEIPT_REPLY, "", "x", "", "broken" },
		{ "no object", "7", 0, "", "", "", "broken" },
		{ "of another kf account",
		    "{\"msgid\":\"m6\",\"open_kfid\":\"wkExample2\",\"origin\":3,"
		    "\"msgtype\":\"text\",\"external_userid\":\"wmExample1\","
		    "\"send_time\":1795319400,\"text\":{\"content\":\"x\"}}",
		    -1, "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *cursor = "";
		struct receipt *r;
		bool more;
		int n = pulled(rows[i].row, "", &r, &cursor, &more);
		const char *flags;

		if (n != (rows[i].kind >= 0))
			fail_msg("%s: %d rows", rows[i].name, n);
		if (n == 0)
			continue;
		flags = r->broken      ? "broken"
			: r->opted_out ? "opted_out"
			: r->shut      ? "shut"
				       : "";
		if ((int)r->kind != rows[i].kind || strcmp(r->ref, rows[i].ref) != 0 ||
		    strcmp(r->text, rows[i].text) != 0 ||
		    strcmp(r->perr, rows[i].perr) != 0 ||
		    strcmp(flags, rows[i].flags) != 0 || r->channel != CHANNEL_WECOM ||
		    (!r->broken && (strcmp(r->from, "wmExample1") != 0 ||
				       r->at != INT64_C(1795319400000))))
			fail_msg("%s: kind %d ref %s text %s perr %s %s", rows[i].name,
			    (int)r->kind, r->ref, r->text, r->perr, flags);
	}
}

static void
pages(void **state)
{
	const char *cursor = "c1";
	struct receipt *r;
	bool more;

	(void)state;
	/* W7: a broken row does not stop the others. */
	assert_int_equal(
	    pulled("7," ROW("m1", "\"origin\":3,\"msgtype\":\"image\"") "," FAIL("e1", 0),
		",\"has_more\":1,\"next_cursor\":\"c2\"", &r, &cursor, &more),
	    3);
	assert_true(more);
	assert_string_equal(cursor, "c2");
	assert_true(r[0].broken);
	assert_string_equal(r[1].key, "m1");
	assert_string_equal(r[2].key, "e1");
	assert_int_equal(
	    pulled("", ",\"has_more\":1,\"next_cursor\":\"c2\"", &r, &cursor, &more), 0);
	assert_false(more); /* it does not move on */
	assert_int_equal(pulled("", ",\"has_more\":0", &r, &cursor, &more), 0);
	assert_false(more);
	assert_string_equal(cursor, "c2");
}

static void
no_answer_to_a_pull(void **state)
{
	static const struct {
		const char *name;
		int status;
		const char *body, *perr;
		bool freeze, stale;
	} rows[] = {
		{ "no JSON", 200, "<html>", "http-200", false, false },
		{ "another status", 502, "{\"errcode\":0,\"msg_list\":[]}", "http-502",
		    false, false },
		{ "the token", 200, CODE(42001), "42001", false, true },
		{ "the ticket", 200, CODE(95007), "95007", false, false },
		{ "the kf account", 200, CODE(95000), "95000", true, false },
		{ "a redirect", 302, "", "http-302", true, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *cursor = "c1";
		struct answer why = { 0 };
		struct receipt *r;
		bool more = false;
		int n;

		assert_int_equal(
		    provider->pull_answer(&account, rows[i].status, rows[i].body,
			strlen(rows[i].body), arena, &r, &n, &cursor, &more, &why),
		    -1);
		if (strcmp(why.perr, rows[i].perr) != 0 || why.freeze != rows[i].freeze ||
		    why.stale_token != rows[i].stale || more || strcmp(cursor, "c1") != 0)
			fail_msg("%s: %s", rows[i].name, why.perr);
	}
}

static void
settings_mistakes(void **state)
{
	struct report *r = report_new();

	(void)state;
	provider->check(&account, r);
	assert_int_equal(r->errors, 0);
	provider->secrets(&account, r);
	assert_int_equal(r->errors, 0);
	set(&account, "callback_key", "short");
	provider->secrets(&account, r);
	assert_int_equal(r->errors, 1);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		CASE(requests),
		CASE(answers),
		CASE(rules),
		CASE(news_of_any_kf_account_of_the_company),
		CASE(what_is_wrong_is_refused),
		CASE(what_is_told),
		CASE(pages),
		CASE(no_answer_to_a_pull),
		CASE(settings_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
