/* Contacts of the staff: what WeCom is asked, what its lists mean, what its callbacks tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/cmd/dialect_wecom_seal.h"
#include "provider_stage.h"

#define CORP "ww1436e0e65a779aee"

static struct pair settings[] = { { "corp_id", CORP }, { "secret", "example-secret" },
	{ "callback_token", "QDG6eK" },
	{ "callback_key", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" } };

static int
set_up(void **state)
{
	(void)state;
	stage_open("wecom", settings, (int)G_N_ELEMENTS(settings));
	account.channels = 1U << CHANNEL_WECOM;
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
request(const char *name, const char *member, const char *external, const char *cursor)
{
	const struct contact_query q = { member, external, cursor };
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	assert_int_equal(provider->contacts(&account, &q, arena, &r, &e), 0);
	stage_golden(name, &r);
	g_ptr_array_unref(r.headers);
}

static void
requests(void **state)
{
	struct parcel p = { .msg = 1,
		.to = "wmExample1",
		.text = "李女士，您好",
		.sender = "WangWei",
		.channel = CHANNEL_WECOM,
		.provider_id = "msg1" };
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	(void)state;
	request("contacts", "LiNa", "", "");
	request("contacts-next", "LiNa", "", "Z4-_/+ =");
	request("contact", "", "wmExample1+/", "");
	stage_request("add-by", &p, 1);
	stage_query("result-by", &p);
	/* Nobody's contact, and no member written: no request at all. */
	p.sender = "";
	assert_int_equal(
	    provider->request(&account, &config, &p, 1, SIGNED_AT, arena, &r, &e), -1);
	g_ptr_array_unref(r.headers);
}

#define WHO(id, more) "{\"external_userid\":\"" id "\",\"name\":\"昵称\"" more "}"
#define PAGE(rows, more) \
	"{\"errcode\":0,\"errmsg\":\"ok\",\"external_contact_list\":[" rows "]" more "}"
#define PAIR(id, follow) \
	"{\"external_contact\":" WHO(id, "") ",\"follow_info\":" follow "}"
#define LINA "{\"userid\":\"LiNa\",\"createtime\":1525779812}"

static void
answers(void **state)
{
	static const struct {
		const char *name, *body;
		int status, rc, n;
		const char *cursor, *external; /* "": a member is asked about */
		enum outcome outcome;
	} rows[] = {
		{ "a page, and more",
		    PAGE(PAIR("wmA", LINA) "," PAIR("wmB", LINA),
			",\"next_cursor\":\"c2\""),
		    200, 0, 2, "c2", "", OUTCOME_UNKNOWN },
		{ "the last", PAGE(PAIR("wmA", LINA), ",\"next_cursor\":\"\""), 200, 0, 1,
		    "", "", OUTCOME_UNKNOWN },
		{ "an empty page in the middle", PAGE("", ",\"next_cursor\":\"c3\""), 200,
		    0, 0, "c3", "", OUTCOME_UNKNOWN },
		{ "no contact at all", "{\"errcode\":84061}", 200, 0, 0, "", "",
		    OUTCOME_UNKNOWN },
		{ "rows that name nobody are passed over",
		    PAGE("7,{},{\"external_contact\":{}}," PAIR("wmA", "{}") "," PAIR(
			     "wmA", LINA),
			""),
		    200, 0, 1, "", "", OUTCOME_UNKNOWN },
		{ "no such member", "{\"errcode\":60111}", 200, -1, 0, "", "",
		    OUTCOME_REJECTED },
		{ "a member without a licence",
		    PAGE("", ",\"fail_info\":{\"unlicensed_userid_list\":[\"lina\"]}"),
		    200, -1, 0, "", "", OUTCOME_REJECTED },
		{ "another's licence is another's",
		    PAGE("", ",\"fail_info\":{\"unlicensed_userid_list\":[\"x\",4]}"),
		    200, 0, 0, "", "", OUTCOME_UNKNOWN },
		{ "too often", "{\"errcode\":45009}", 200, -1, 0, "", "",
		    OUTCOME_REFUSED_RETRY },
		{ "an old token", "{\"errcode\":42001}", 200, -1, 0, "", "",
		    OUTCOME_REFUSED_RETRY },
		{ "no right: later, and nothing stops", "{\"errcode\":48002}", 200, -1, 0,
		    "", "", OUTCOME_UNKNOWN },
		{ "no list", "{\"errcode\":0}", 200, -1, 0, "", "", OUTCOME_UNKNOWN },
		{ "no JSON", "<html>", 502, -1, 0, "", "", OUTCOME_UNKNOWN },
		{ "one contact, two members",
		    "{\"errcode\":0,\"external_contact\":" WHO("wmA",
			"") ",\"follow_user\":[" LINA ",{\"userid\":\"WangWei\"}]}",
		    200, 0, 2, "", "wmA", OUTCOME_UNKNOWN },
		{ "one contact nobody has", "{\"errcode\":84061}", 200, 0, 0, "", "wmA",
		    OUTCOME_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct contact_query q = { "LiNa", rows[i].external, "" };
		struct contact_told *out = NULL;
		const char *cursor = "";
		struct answer why = { .outcome = OUTCOME_UNKNOWN };
		int n = 0, rc = provider->contacts_answer(&account, &q, rows[i].status,
			       rows[i].body, strlen(rows[i].body), arena, &out, &n,
			       &cursor, &why);

		if (rc != rows[i].rc || n != rows[i].n ||
		    strcmp(cursor, rows[i].cursor) != 0 ||
		    why.outcome != rows[i].outcome || why.freeze || why.bad_address)
			fail_msg("%s: %d %d \"%s\" %d", rows[i].name, rc, n, cursor,
			    (int)why.outcome);
	}
}

static void
a_row_in_full(void **state)
{
	static const char body[] =
	    PAGE("{\"external_contact\":" WHO("wmA",
		     ",\"type\":1,\"gender\":2,"
		     "\"unionid\":\"oEx1\"") ",\"follow_info\":{\"userid\":\"LiNa\","
					     "\"remark\":\"王姐\",\"createtime\":"
					     "1525779812,\"remark_mobiles\":["
					     "\"19900000001\",\"\",7,\"19900000002\"],"
					     "\"add_way\":1,\"state\":\"c:C-1001\"}}",
		"");
	const struct contact_query q = { "LiNa", "", "" };
	struct contact_told *row;
	struct answer why;
	const char *cursor;
	int n;

	(void)state;
	assert_int_equal(provider->contacts_answer(&account, &q, 200, body, strlen(body),
			     arena, &row, &n, &cursor, &why),
	    0);
	assert_int_equal(n, 1);
	assert_string_equal(row->external, "wmA");
	assert_string_equal(row->member, "LiNa");
	assert_string_equal(row->name, "昵称");
	assert_string_equal(row->unionid, "oEx1");
	assert_string_equal(row->remark, "王姐");
	assert_string_equal(row->state, "c:C-1001");
	assert_string_equal(row->mobiles[0], "19900000001");
	assert_string_equal(row->mobiles[1], "19900000002");
	assert_null(row->mobiles[2]);
	assert_int_equal(row->since, INT64_C(1525779812000));
}

/* ---- callbacks ---- */

#define TOLD(change, more)                                                        \
	"<xml><ToUserName>" CORP "</ToUserName><FromUserName>sys</FromUserName>"  \
	"<CreateTime>1795319400</CreateTime><MsgType>event</MsgType><Event>"      \
	"change_external_contact</Event><ChangeType>" change "</ChangeType>" more \
	"</xml>"
#define WHOM "<UserID>LiNa</UserID><ExternalUserID>wmA</ExternalUserID>"

static int
post(const char *xml, struct receipt **r, int *n, struct hook_reply *reply)
{
	struct wecom_sealed s;
	struct stage_hook h;

	wecom_seal(&account, CORP, xml, strlen(xml), "0123456789abcdef", "1795319400",
	    "nonce", &s);
	h = (struct stage_hook){ .query = arena_strdup(arena, s.query),
		.body = arena_strdup(arena, s.body) };
	g_free(s.query);
	g_free(s.body);
	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

static void
callbacks(void **state)
{
	static const struct {
		const char *name, *xml, *text;
		int n;
		bool broken;
	} rows[] = {
		{ "added", TOLD("add_external_contact", WHOM), CONTACT_ADDED, 1, false },
		{ "half added", TOLD("add_half_external_contact", WHOM), CONTACT_ADDED, 1,
		    false },
		{ "edited", TOLD("edit_external_contact", WHOM), CONTACT_CHANGED, 1,
		    false },
		{ "the member removed him", TOLD("del_external_contact", WHOM),
		    CONTACT_DROPPED, 1, false },
		{ "he removed the member", TOLD("del_follow_user", WHOM), CONTACT_LEFT, 1,
		    false },
		{ "of nobody", TOLD("del_follow_user", "<UserID>LiNa</UserID>"),
		    CONTACT_LEFT, 1, true },
		{ "another change", TOLD("transfer_fail", WHOM), "", 0, false },
		{ "another event",
		    "<xml><FromUserName>sys</FromUserName><CreateTime>1</CreateTime>"
		    "<MsgType>event</MsgType><Event>change_contact</Event><ChangeType>"
		    "del_follow_user</ChangeType>" WHOM "</xml>",
		    "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r, *again;
		int n;

		assert_int_equal(post(rows[i].xml, &r, &n, &reply), 0);
		if (n != rows[i].n || reply.status != 200 || *reply.body != '\0')
			fail_msg("%s: %d", rows[i].name, n);
		if (n == 0)
			continue;
		assert_int_equal(r->kind, RECEIPT_CONTACT);
		assert_string_equal(r->text, rows[i].text);
		assert_int_equal(r->broken, rows[i].broken);
		assert_string_equal(r->ref, "LiNa");
		assert_int_equal(r->at, INT64_C(1795319400000));
		assert_int_equal(post(rows[i].xml, &again, &n, &reply), 0);
		assert_string_equal(r->key, again->key);
	}
}

static void
what_is_told_of_him(void **state)
{
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(post(TOLD("add_external_contact",
				  WHOM "<State>v:沪A00001</State><WelcomeCode>W"
				       "</WelcomeCode>"),
			     &r, &n, &reply),
	    0);
	assert_string_equal(r->from, "wmA");
	assert_string_equal(r->perr, "v:沪A00001");
	assert_int_equal(r->channel, CHANNEL_WECOM);
}

/* W1: unsigned, or of another's making. */
static void
what_is_not_signed_is_refused(void **state)
{
	const struct stage_hook bare = { .query = "timestamp=1&nonce=n",
		.body = TOLD("del_follow_user", WHOM) };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&bare, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
	assert_int_equal(n, 0);
	/* No callback address was written: nothing is believed. */
	account.n_settings = 2;
	assert_int_equal(stage_hook(&bare, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
}

static void
settings_mistakes(void **state)
{
	struct report *r = report_new();

	(void)state;
	provider->check(&account, r);
	assert_int_equal(r->errors, 0);
	account.n_settings = 3;
	provider->check(&account, r);
	assert_int_equal(r->errors, 1);
	assert_true(stage_capabilities().member);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		CASE(requests),
		CASE(answers),
		CASE(a_row_in_full),
		CASE(callbacks),
		CASE(what_is_told_of_him),
		CASE(what_is_not_signed_is_refused),
		CASE(settings_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
