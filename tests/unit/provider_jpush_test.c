/* App push of Aurora: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

static const char *const two[] = { "13065ffa4e0000000a1", "13065ffa4e0000000b2", NULL };

static struct parcel
parcel(const char *const *devices)
{
	return (struct parcel){ .msg = 1,
		.to = two[0],
		.devices = devices,
		.ref = "ref1",
		.call = "",
		.channel = CHANNEL_PUSH,
		.category = CATEGORY_SERVICE,
		.subject = "",
		.text = "您的爱车已可取。\"请\"带取车单",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.begun_at = SIGNED_AT,
		.expires_at = SIGNED_AT + 3 * MS_HOUR };
}

static int
set_up(void **state)
{
	static const struct pair settings[] = { { "app_key", "0123456789abcdef01234567" },
		{ "master_secret", "example-secret" } };

	(void)state;
	stage_open("jpush", settings, 2);
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
requests(void **state)
{
	static const struct pair settings[] = { { "app_key", "0123456789abcdef01234567" },
		{ "master_secret", "example-secret" }, { "title", "示例汽车" },
		{ "apns_production", "no" }, { "class", "service" },
		{ "channel_id_service", "104086" },
		{ "channel_id_marketing", "104087" } };
	struct parcel one = parcel(NULL), all = parcel(two);

	(void)state;
	stage_request("one", &one, 1);
	stage_request("devices", &all, 1);
	stage_close();
	stage_open("jpush", settings, G_N_ELEMENTS(settings));
	all.expires_at = MS_NEVER;
	stage_request("title", &all, 1);
}

/* B-PU2: as what a push goes to the vendors, and whether it counts as one of their marketing. */
static void
b_pu2_the_class_of_a_push(void **state)
{
	static const struct {
		const char *name, *class;
		enum category category;
		const char *want;
		bool advertises;
	} rows[] = {
		{ "granted, service", "service", CATEGORY_SERVICE, "\"classification\":1",
		    false },
		{ "granted, transactional", "service", CATEGORY_TRANSACTIONAL,
		    "\"classification\":1", false },
		{ "granted, marketing", "service", CATEGORY_MARKETING,
		    "\"classification\":0", false },
		{ "not granted, service", "marketing", CATEGORY_SERVICE,
		    "\"classification\":0", true },
		{ "not granted, marketing", "marketing", CATEGORY_MARKETING,
		    "\"classification\":0", true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct pair settings[] = { { "app_key", "k" },
			{ "master_secret", "s" }, { "class", rows[i].class } };
		struct parcel p = parcel(NULL);
		struct provider_request r = { .headers = g_ptr_array_new() };
		struct capabilities caps;
		struct err e = { 0 };

		stage_close();
		stage_open("jpush", settings, G_N_ELEMENTS(settings));
		p.category = rows[i].category;
		assert_int_equal(
		    provider->request(&account, NULL, &p, 1, SIGNED_AT, arena, &r, &e),
		    0);
		provider->capabilities(&account, &caps);
		if (strstr(r.body, rows[i].want) == NULL ||
		    caps.advertises != rows[i].advertises)
			fail_msg("%s: %s", rows[i].name, r.body);
		g_ptr_array_unref(r.headers);
	}
}

/* T10: what it would refuse is refused before anything is counted. */
static void
t10_a_text_too_long(void **state)
{
	struct parcel p = parcel(NULL);

	(void)state;
	assert_null(provider->refuses(&account, &p, arena));
	p.text = arena_printf(arena, "%01701d", 0);
	assert_string_equal(provider->refuses(&account, &p, arena),
	    "main takes 1700 bytes of text, not 1701");
}

#define CODE(code) "{\"error\":{\"code\":" code ",\"message\":\"m\"}}"

static void
answers(void **state)
{
	const struct parcel p = parcel(NULL), many = parcel(two);
	static const struct stage_answer rows[] = {
		{ "taken", 200, "{\"sendno\":\"0\",\"msg_id\":\"18100287008546151\"}", 1,
		    OUTCOME_ACCEPTED, "18100287008546151", "", "", 0 },
		{ "an id as a number", 200, "{\"sendno\":0,\"msg_id\":18100287008546151}",
		    1, OUTCOME_ACCEPTED, "18100287008546151", "", "", 0 },
		{ "no id", 200, "{\"sendno\":\"0\"}", 1, OUTCOME_UNKNOWN, "", "http-200",
		    "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "an error by 200", 200, CODE("1003"), 1, OUTCOME_UNKNOWN, "", NULL, "",
		    0 },
		{ "system error: without a cid it may have gone", 500, CODE("1000"), 1,
		    OUTCOME_UNKNOWN, "", "1000", "", 0 },
		{ "their time-out", 503, CODE("1030"), 1, OUTCOME_UNKNOWN, "", "1030", "",
		    0 },
		{ "a code nobody knows", 400, CODE("9999"), 1, OUTCOME_UNKNOWN, "",
		    "9999", "", 0 },
		{ "too many calls", 429, CODE("2002"), 1, OUTCOME_REFUSED_RETRY, "",
		    "2002", "", MS_MINUTE },
		{ "timed push limit", 400, CODE("1012"), 1, OUTCOME_REFUSED_RETRY, "",
		    NULL, "", MS_MINUTE },
		{ "no such device", 400, CODE("1011"), 1, OUTCOME_REJECTED, "", "1011",
		    "bad_address", 0 },
		{ "no registration id", 400, CODE("1003"), 1, OUTCOME_REJECTED, "",
		    "1003", "bad_address", 0 },
		{ "missing", 400, CODE("1002"), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "too long", 400, CODE("1005"), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "content", 400, CODE("1009"), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "wrong secret", 401, CODE("1004"), 1, OUTCOME_REJECTED, "", "1004",
		    "freeze", 0 },
		{ "wrong key", 400, CODE("1008"), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		    0 },
		{ "another host", 403, CODE("2004"), 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
		{ "forbidden", 403, CODE("2007"), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		    0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};
	static const struct stage_answer of_many[] = {
		{ "one of them is no id: the first alone", 400, CODE("1003"), 1,
		    OUTCOME_REFUSED_RETRY, "", "1003", "alone", 0 },
		{ "none of them is there", 400, CODE("1011"), 1, OUTCOME_REJECTED, "",
		    "1011", "bad_address", 0 },
	};

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
	stage_answers(&many, of_many, G_N_ELEMENTS(of_many));
}

#define EVENT(type) \
	"{\"type\":" type ",\"channelkey\":\"k\",\"msgid\":\"m1\",\"userid\":\"d1\"}"

static void
webhooks(void **state)
{
	static const struct {
		const char *name, *body;
		int rc, status, n;
		enum receipt_kind kind;
		bool bad_address, broken;
	} rows[] = {
		{ "delivered", "[" EVENT("4") "]", 0, 200, 1, RECEIPT_DELIVERED, false,
		    false },
		{ "as text", "[" EVENT("\"4\"") "]", 0, 200, 1, RECEIPT_DELIVERED, false,
		    false },
		{ "one without a list", EVENT("6"), 0, 200, 1, RECEIPT_CLICK, false,
		    false },
		{ "not delivered", "[" EVENT("5") "]", 0, 200, 1, RECEIPT_FAILED, false,
		    false },
		{ "gone", "[" EVENT("1") "]", 0, 200, 1, RECEIPT_FAILED, true, false },
		{ "what counts for nothing", "[" EVENT("0") "," EVENT("4") "]", 0, 200, 1,
		    RECEIPT_DELIVERED, false, false },
		{ "W7 one broken element", "[" EVENT("99") "," EVENT("4") "]", 0, 200, 2,
		    RECEIPT_SENT, false, true },
		{ "no id", "[{\"type\":4}]", 0, 200, 1, RECEIPT_DELIVERED, false, true },
		{ "no JSON", "[", -1, 400, 0, 0, false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct stage_hook h = { .body = rows[i].body };
		struct hook_reply reply;
		struct receipt *r;
		int n, rc = stage_hook(&h, SIGNED_AT, &r, &n, &reply);

		if (rc != rows[i].rc || reply.status != rows[i].status || n != rows[i].n)
			fail_msg("%s: %d %d %d", rows[i].name, rc, reply.status, n);
		if (n > 0 && (r->kind != rows[i].kind || r->broken != rows[i].broken ||
				 r->bad_address != rows[i].bad_address))
			fail_msg("%s: kind %d", rows[i].name, (int)r->kind);
	}
}

static void
the_address_is_tested_and_a_forged_call_refused(void **state)
{
	static const struct pair
	    wrong[] = { { "Authorization", "Basic eDp5" }, { NULL, NULL } },
	    right[] = {
		    { "Authorization",
			"Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3OmV4YW1wbGUtc2VjcmV0" },
		    { NULL, NULL }
	    };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&(struct stage_hook){ .method = "GET",
					.query = "echostr=abc-123",
					.body = "" },
			     SIGNED_AT, &r, &n, &reply),
	    0);
	assert_string_equal(reply.body, "abc-123");
	assert_int_equal(stage_hook(&(struct stage_hook){ .method = "GET",
					.query = "echostr=%3Cscript%3E",
					.body = "" },
			     SIGNED_AT, &r, &n, &reply),
	    -1);
	assert_int_equal(stage_hook(&(struct stage_hook){ .body = "[" EVENT("4") "]",
					.fields = wrong },
			     SIGNED_AT, &r, &n, &reply),
	    -1);
	assert_int_equal(reply.status, 401);
	assert_int_equal(stage_hook(&(struct stage_hook){ .body = "[" EVENT("4") "]",
					.fields = right },
			     SIGNED_AT, &r, &n, &reply),
	    0);
}

/* Support gave out another layout. */
static void
the_layout_can_be_told(void **state)
{
	static const struct pair settings[] = { { "app_key", "k" },
		{ "master_secret", "s" }, { "callback_kind", "event" },
		{ "callback_id", "msg_id" }, { "callback_device", "rid" },
		{ "callback_delivered", "arrived,shown" } };
	const struct stage_hook h = {
		.body = "{\"event\":\"shown\",\"msg_id\":7,\"rid\":\"d\"}"
	};
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	stage_close();
	stage_open("jpush", settings, 6);
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(r->kind, RECEIPT_DELIVERED);
	assert_string_equal(r->provider_id, "7");
	assert_string_equal(r->from, "d");
	assert_false(r->broken);
}

/* ---- cids ---- */

#define APP "0123456789abcdef01234567"
#define CID APP "-128eeb45-471c-49f3-b442-a05c20c9ed56"

static void
cids(void **state)
{
	static const struct {
		const char *name, *body;
		int status, n;
	} rows[] = {
		{ "two", "{\"cidlist\":[\"" CID "\",\"" APP "-1\"]}", 200, 2 },
		{ "of another app", "{\"cidlist\":[\"ffff-1\",\"" CID "\"]}", 200, 1 },
		{ "no cids",
		    "{\"cidlist\":[1,null,\"\",\"" APP "\",\"" APP "-\",\"" APP
		    "-x y\"]}",
		    200, 0 },
		{ "none", "{\"cidlist\":[]}", 200, 0 },
		{ "an error", "{\"error\":{\"code\":2002,\"message\":\"m\"}}", 429, 0 },
		{ "no JSON", "<html>", 502, 0 },
	};
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	struct parcel p = parcel(NULL);

	(void)state;
	assert_int_equal(provider->keys->request(&account, &config, arena, &r, &e), 0);
	stage_golden("cids", &r);
	g_ptr_array_unref(r.headers);
	p.key = CID;
	stage_request("cid", &p, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *out[4];
		int n = provider->keys->answer(&account, rows[i].status, rows[i].body,
		    strlen(rows[i].body), arena, out, 4);

		if (n != rows[i].n)
			fail_msg("%s: %d", rows[i].name, n);
	}
	assert_true(provider->keys->fits(&account, CID));
	assert_false(provider->keys->fits(&account, "ffff-1"));
}

/* ---- has it arrived? ---- */

static void
what_a_query_tells(void **state)
{
	static const struct {
		const char *name, *body;
		int status;
		enum outcome outcome;
		enum told told;
	} rows[] = {
		{ "by Aurora's own way",
		    "[{\"msg_id\":\"18\",\"jpush_received\":1,\"ios_apns_sent\":null}]",
		    200, OUTCOME_ACCEPTED, TOLD_DELIVERED },
		{ "by Apple's",
		    "[{\"msg_id\":18,\"jpush_received\":null,"
		    "\"ios_apns_sent\":1,\"ios_apns_received\":1}]",
		    200, OUTCOME_ACCEPTED, TOLD_DELIVERED },
		{ "sent on is not arrived",
		    "[{\"msg_id\":\"18\",\"android_pns_sent\":1,\"ios_apns_sent\":1}]",
		    200, OUTCOME_ACCEPTED, TOLD_NOTHING },
		{ "nobody yet", "[{\"msg_id\":\"18\",\"jpush_received\":0}]", 200,
		    OUTCOME_ACCEPTED, TOLD_NOTHING },
		{ "another's", "[{\"msg_id\":\"19\",\"jpush_received\":1}]", 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "not known", "[]", 200, OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "an error", "{\"error\":{\"code\":3003,\"message\":\"m\"}}", 400,
		    OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "no JSON", "<html>", 200, OUTCOME_UNKNOWN, TOLD_NOTHING },
	};
	struct parcel p = parcel(NULL);

	(void)state;
	p.provider_id = "18";
	stage_query("received", &p);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer a;

		provider->query_answer(
		    &account, &p, rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told)
			fail_msg(
			    "%s: %d told %d", rows[i].name, (int)a.outcome, (int)a.told);
	}
	account.url = "http://127.0.0.1:1/jpush/app";
	stage_query("received_url", &p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(requests, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    b_pu2_the_class_of_a_push, set_up, tear_down),
		cmocka_unit_test_setup_teardown(t10_a_text_too_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cids, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_a_query_tells, set_up, tear_down),
		cmocka_unit_test_setup_teardown(webhooks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    the_address_is_tested_and_a_forged_call_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    the_layout_can_be_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
