/* Alibaba Cloud SMS: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

static const char *const names[] = { "name", "date" };
static const char *const values[] = { "李女士", "11月28日" };
static const char *const other[] = { "王先生", "11月29日" };
static const struct coded coded = { "SMS_000001", names, values, 2 };
static const struct coded coded2 = { "SMS_000001", names, other, 2 };
static const struct coded coded3 = { "SMS_000002", names, other, 2 };

static struct parcel
parcel(const char *to, const char *ref, const struct coded *c)
{
	return (struct parcel){ .msg = 1,
		.to = to,
		.ref = ref,
		.call = "call0000000000000000aaaa",
		.channel = CHANNEL_SMS,
		.category = CATEGORY_SERVICE,
		.subject = "",
		.text = "",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "示例汽车服务",
		.coded = c,
		.begun_at = SIGNED_AT };
}

static int
set_up(void **state)
{
	static const struct pair settings[] = { { "access_key_id", "LTAI-example" },
		{ "access_key_secret", "example-secret" } };

	(void)state;
	stage_open("aliyun", settings, 2);
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
	const struct parcel p[] = { parcel("+8619900000001", "ref1", &coded),
		parcel("+8619900000002", "ref2", &coded2) };

	(void)state;
	stage_request("one", p, 1);
	stage_request("batch", p, 2);
	stage_query("query", p);
}

static void
only_one_template_goes_in_a_call(void **state)
{
	const struct parcel a = parcel("+8619900000001", "ref1", &coded),
			    b = parcel("+8619900000002", "ref2", &coded2),
			    c = parcel("+8619900000003", "ref3", &coded3);

	(void)state;
	assert_true(provider->together(&a, &b));
	assert_false(provider->together(&a, &c));
}

/* T10: what it would refuse is refused before anything is counted. */
static void
t10_a_variable_too_long_or_with_a_link(void **state)
{
	static const char *const longer[] = {
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七"
		"八九十一二三四五六",
		"x"
	};
	static const char *const link[] = { "x", "https://s.example.com/l/abc" };
	const struct coded a = { "SMS_1", names, longer, 2 },
			   b = { "SMS_1", names, link, 2 };
	struct parcel p = parcel("+8619900000001", "ref1", &a);

	(void)state;
	assert_string_equal(provider->refuses(&account, &p, arena),
	    "main takes 35 characters in \"name\", not 36");
	p.coded = &b;
	assert_string_equal(
	    provider->refuses(&account, &p, arena), "main takes no link in \"date\"");
	p.coded = &coded;
	assert_null(provider->refuses(&account, &p, arena));
}

#define CODE(code) "{\"Code\":\"" code "\",\"Message\":\"m\",\"RequestId\":\"r\"}"
#define LIMIT(text) "{\"Code\":\"isv.BUSINESS_LIMIT_CONTROL\",\"Message\":\"" text "\"}"

static void
answers(void **state)
{
	const struct parcel p[] = { parcel("+8619900000001", "ref1", &coded),
		parcel("+8619900000002", "ref2", &coded2) };
	static const struct stage_answer rows[] = {
		{ "taken", 200,
		    "{\"Code\":\"OK\",\"Message\":\"OK\",\"BizId\":\"900^0\"}", 1,
		    OUTCOME_ACCEPTED, "900^0", "", "", 0 },
		{ "a batch taken", 200, "{\"Code\":\"OK\",\"BizId\":\"900^0\"}", 2,
		    OUTCOME_ACCEPTED, "900^0", "", "", 0 },
		{ "OK without an id", 200, "{\"Code\":\"OK\"}", 1, OUTCOME_UNKNOWN, "",
		    NULL, "", 0 },
		{ "OK with another status", 502, "{\"Code\":\"OK\",\"BizId\":\"900^0\"}",
		    1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "their 5xx may have been taken", 500, CODE("InternalError"), 1,
		    OUTCOME_UNKNOWN, "", "InternalError", "", 0 },
		{ "their system error, too", 200, CODE("isp.SYSTEM_ERROR"), 1,
		    OUTCOME_UNKNOWN, "", "isp.SYSTEM_ERROR", "", 0 },
		{ "a nonce seen before", 400, CODE("SignatureNonceUsed"), 1,
		    OUTCOME_UNKNOWN, "", "SignatureNonceUsed", "", 0 },
		{ "a code nobody knows", 200, CODE("Strange.New"), 1, OUTCOME_UNKNOWN, "",
		    "Strange.New", "", 0 },
		{ "too many calls", 400, CODE("Throttling.User"), 1,
		    OUTCOME_REFUSED_RETRY, "", "Throttling.User", "", 0 },
		{ "too many to a number, a minute", 200, LIMIT("触发分钟级流控Permits:1"),
		    1, OUTCOME_REFUSED_RETRY, "", NULL, "number", MS_MINUTE },
		{ "an hour", 200, LIMIT("触发小时级流控Permits:5"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "number", MS_HOUR },
		{ "a day: until midnight in Beijing", 200,
		    LIMIT("触发天级流控Permits:10"), 1, OUTCOME_REFUSED_RETRY, "", NULL,
		    "number", 12 * MS_HOUR + 10 * MS_MINUTE },
		{ "one of a batch: each alone", 200, LIMIT("触发天级流控Permits:10"), 2,
		    OUTCOME_REFUSED_RETRY, "", "isv.BUSINESS_LIMIT_CONTROL", "alone", 0 },
		{ "no such number", 200, CODE("isv.MOBILE_NUMBER_ILLEGAL"), 1,
		    OUTCOME_REJECTED, "", NULL, "bad_address", 0 },
		{ "no such number in a batch", 200, CODE("isv.MOBILE_NUMBER_ILLEGAL"), 2,
		    OUTCOME_REFUSED_RETRY, "", NULL, "alone", 0 },
		{ "content", 200, CODE("isv.SMS_CONTENT_ILLEGAL"), 1, OUTCOME_REJECTED,
		    "", NULL, "", 0 },
		{ "a keyword, not a person", 200, CODE("isv.BLACK_KEY_CONTROL_LIMIT"), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "no money", 200, CODE("isv.AMOUNT_NOT_ENOUGH"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "no money stops a batch", 200, CODE("isv.AMOUNT_NOT_ENOUGH"), 2,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "wrong key", 404, CODE("InvalidAccessKeyId.NotFound"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "wrong secret", 400, CODE("SignatureDoesNotMatch"), 1, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "it may not send", 403, CODE("NoPermission"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "the text is withdrawn", 200, CODE("isv.SMS_TEMPLATE_ILLEGAL"), 1,
		    OUTCOME_REJECTED, "", NULL, "no_code", 0 },
		{ "the text is withdrawn, of a batch", 200, CODE("isv.SMS_TEMPLATE_ILLEGAL"),
		    2, OUTCOME_REJECTED, "", NULL, "no_code", 0 },
		{ "the signature is withdrawn", 200, CODE("isv.SMS_SIGNATURE_ILLEGAL"), 1,
		    OUTCOME_REJECTED, "", NULL, "no_signature", 0 },
		{ "a signature of a batch", 200, CODE("isv.SMS_SIGNATURE_ILLEGAL"), 2,
		    OUTCOME_REFUSED_RETRY, "", NULL, "alone", 0 },
		{ "not this text under this signature", 200,
		    CODE("isv.SMS_SIGNATURE_SCENE_ILLEGAL"), 1, OUTCOME_REJECTED, "", NULL,
		    "no_code", 0 },
		{ "the house's day is full", 200, CODE("isv.DAY_LIMIT_CONTROL"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "", 12 * MS_HOUR + 10 * MS_MINUTE },
		{ "the house's month is full", 200, CODE("isv.MONTH_LIMIT_CONTROL"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "",
		    8 * MS_DAY + 12 * MS_HOUR + 10 * MS_MINUTE },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(p, rows, G_N_ELEMENTS(rows));
}

static void
settling(void **state)
{
	static const struct {
		const char *name, *body;
		ms_t begun_at;
		enum outcome outcome;
		enum told told;
	} rows[] = {
#define ROW(out, status) \
	"{\"OutId\":\"" out "\",\"SendStatus\":" status ",\"ErrCode\":\"MK:0001\"}"
#define ROWS(rows) \
	"{\"Code\":\"OK\",\"SmsSendDetailDTOs\":{\"SmsSendDetailDTO\":[" rows "]}}"
		{ "found, on its way", ROWS(ROW("call0000000000000000aaaa", "1")),
		    SIGNED_AT, OUTCOME_ACCEPTED, TOLD_NOTHING },
		{ "found, delivered",
		    ROWS(ROW("x", "3") "," ROW("call0000000000000000aaaa", "3")),
		    SIGNED_AT, OUTCOME_ACCEPTED, TOLD_DELIVERED },
		{ "found, failed", ROWS(ROW("call0000000000000000aaaa", "2")), SIGNED_AT,
		    OUTCOME_ACCEPTED, TOLD_FAILED },
		{ "not there", ROWS(ROW("x", "3")), SIGNED_AT, OUTCOME_REFUSED_RETRY,
		    TOLD_NOTHING },
		{ "not there, but it was midnight", ROWS(""),
		    SIGNED_AT + 12 * MS_HOUR + 9 * MS_MINUTE, OUTCOME_UNKNOWN,
		    TOLD_NOTHING },
		{ "no list", "{\"Code\":\"OK\"}", SIGNED_AT, OUTCOME_UNKNOWN,
		    TOLD_NOTHING },
		{ "an error", "{\"Code\":\"isp.SYSTEM_ERROR\"}", SIGNED_AT,
		    OUTCOME_UNKNOWN, TOLD_NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct parcel p = parcel("+8619900000001", "ref1", &coded);
		struct answer a;

		p.begun_at = rows[i].begun_at;
		provider->query_answer(
		    &account, &p, 200, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told)
			fail_msg("%s: %d %d", rows[i].name, (int)a.outcome, (int)a.told);
	}
}

static void
webhooks(void **state)
{
	static const struct {
		const char *name, *body;
		int rc, status, n;
		enum receipt_kind kind;
		const char *from, *id, *text;
		bool broken, bad_address, opted_out;
	} rows[] = {
#define REPORT(success, code, text)                                            \
	"{\"phone_number\":\"19900000001\",\"send_time\":\"2026-11-22 "        \
	"11:50:00\",\"report_time\":"                                          \
	"\"2026-11-22 11:50:09\",\"success\":" success ",\"err_code\":\"" code \
	"\",\"err_msg\":\"" text "\",\"biz_id\":\"900^0\",\"out_id\":\"call\"}"
		{ "delivered", "[" REPORT("true", "DELIVERED", "用户接收成功") "]", 0,
		    200, 1, RECEIPT_DELIVERED, "+8619900000001", "900^0", "", false,
		    false, false },
		{ "nobody has the number", "[" REPORT("false", "MK:0001", "空号") "]", 0,
		    200, 1, RECEIPT_FAILED, "+8619900000001", "900^0", "", false, true,
		    false },
		{ "he has opted out there", "[" REPORT("false", "W-BLACK", "") "]", 0,
		    200, 1, RECEIPT_FAILED, "+8619900000001", "900^0", "", false, false,
		    true },
		{ "switched off", "[" REPORT("false", "MI:0024", "关机") "]", 0, 200, 1,
		    RECEIPT_FAILED, "+8619900000001", "900^0", "", false, false, false },
		{ "he has opted out, whoever sent it",
		    "[{\"phone_number\":\"19900000001\",\"success\":false,\"err_code\":"
		    "\"W-BLACK\"}]",
		    0, 200, 1, RECEIPT_FAILED, "+8619900000001", "", "", false, false,
		    true },
		{ "W12 a reply",
		    "[{\"phone_number\":\"19900000001\",\"send_time\":\"2026-11-22 "
		    "11:51:00\","
		    "\"content\":\"退订\",\"sign_name\":\"s\",\"dest_code\":\"1\","
		    "\"sequence_id\":"
		    "1234567890}]",
		    0, 200, 1, RECEIPT_REPLY, "+8619900000001", "", "退订", false, false,
		    false },
		{ "W7 a broken row among others",
		    "[3," REPORT("true", "DELIVERED", "") "]", 0, 200, 2, RECEIPT_FAILED,
		    "", "", "", true, false, false },
		{ "no list", "{}", -1, 400, 0, 0, "", "", "", false, false, false },
		{ "no JSON", "[", -1, 400, 0, 0, "", "", "", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct stage_hook h = { .body = rows[i].body };
		struct hook_reply reply;
		struct receipt *r;
		int n, rc = stage_hook(&h, SIGNED_AT, &r, &n, &reply);

		if (rc != rows[i].rc || reply.status != rows[i].status || n != rows[i].n)
			fail_msg("%s: %d %d %d", rows[i].name, rc, reply.status, n);
		if (n == 0)
			continue;
		if (r->kind != rows[i].kind || strcmp(r->from, rows[i].from) != 0 ||
		    strcmp(r->provider_id, rows[i].id) != 0 ||
		    strcmp(r->text, rows[i].text) != 0 || r->broken != rows[i].broken ||
		    r->bad_address != rows[i].bad_address ||
		    r->opted_out != rows[i].opted_out)
			fail_msg("%s: kind %d from \"%s\" id \"%s\"", rows[i].name,
			    (int)r->kind, r->from, r->provider_id);
	}
}

/* Told again in another report, it is the same event; another outcome is another. */
static void
w3_the_same_report_has_one_key(void **state)
{
	const char *body = "[" REPORT("true", "DELIVERED", "a") "," REPORT(
	    "true", "DELIVERED", "b") "," REPORT("false", "X", "") "]";
	const struct stage_hook h = { .body = body };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 3);
	assert_string_equal(r[0].key, r[1].key);
	assert_string_not_equal(r[0].key, r[2].key);
	assert_int_equal(r[0].at, SIGNED_AT + 9 * MS_SECOND);
	assert_string_equal(reply.body, "{\"code\":0,\"msg\":\"成功\"}");
}

/* W8: so many rows are no webhook. */
static void
w8_too_many_rows(void **state)
{
	GString *body = g_string_new("[1");
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	for (int i = 0; i < 5000; i++)
		g_string_append(body, ",1");
	g_string_append_c(body, ']');
	assert_int_equal(stage_hook(&(struct stage_hook){ .body = body->str }, SIGNED_AT,
			     &r, &n, &reply),
	    -1);
	assert_int_equal(reply.status, 413);
	g_string_free(body, TRUE);
}

/* Begun minutes before midnight it may be listed on the day after. */
static void
around_midnight_both_days_are_asked(void **state)
{
	static const struct {
		ms_t before; /* midnight in Beijing */
		int asked;
		const char *day;
	} rows[] = {
		{ 3 * MS_MINUTE, 0, "SendDate=20261122" },
		{ 3 * MS_MINUTE, 1, "SendDate=20261123" },
		{ 3 * MS_MINUTE, 2, "SendDate=20261122" },
		{ 3 * MS_HOUR, 1, "SendDate=20261122" },
	};
	ms_t midnight;

	(void)state;
	assert_int_equal(clock_parse("2026-11-23T00:00:00+08:00", &midnight), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct parcel p = parcel("+8619900000001", "ref1", NULL);
		struct provider_request r = { .headers = g_ptr_array_new() };
		struct err e = { 0 };

		p.begun_at = midnight - rows[i].before;
		p.asked = rows[i].asked;
		assert_int_equal(provider->query(&account, &config, &p,
				     midnight + MS_MINUTE, arena, &r, &e),
		    0);
		if (strstr(r.url, rows[i].day) == NULL && strstr(r.body, rows[i].day) == NULL)
			fail_msg("row %zu: %s", i, r.url);
		g_ptr_array_unref(r.headers);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(around_midnight_both_days_are_asked),
		cmocka_unit_test(only_one_template_goes_in_a_call),
		cmocka_unit_test(t10_a_variable_too_long_or_with_a_link),
		cmocka_unit_test(answers),
		cmocka_unit_test(settling),
		cmocka_unit_test(webhooks),
		cmocka_unit_test(w3_the_same_report_has_one_key),
		cmocka_unit_test(w8_too_many_rows),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
