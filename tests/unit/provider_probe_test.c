/* provider_probe_test.c - trying accounts out: what each service is asked, and what its answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

static const struct pair settings[] = { { "access_key_id", "LTAI-example" },
	{ "access_key_secret", "example-secret" }, { "secret_id", "AKIDexample" },
	{ "secret_key", "example-secret" }, { "sdk_app_id", "1400000001" },
	{ "region", "ap-southeast-1" }, { "secret_access_key", "example-secret" },
	{ "account_sid", "ACexample" }, { "auth_token", "example-token" },
	{ "app_key", "0123456789abcdef01234567" }, { "master_secret", "example-secret" },
	{ "api_key", "" }, { "server_token", "token-example" },
	{ "domain", "mg.dealer.example" }, { "from", "news@dealer.example" },
	{ "corp_id", "ww0000000000000001" }, { "secret", "example-secret" },
	{ "sender", "LiNa" }, { "agent_id", "1000002" },
	{ "open_kfid", "wk0000000000000001" }, { "user", "reach" },
	{ "password", "example" } };

static void
open_type(const char *type)
{
	stage_open(type, settings, G_N_ELEMENTS(settings));
	account.url = strcmp(type, "smtp") == 0      ? "smtp://mx.example"
		      : strcmp(type, "sandbox") == 0 ? "http://127.0.0.1:1"
						     : NULL;
	/* A key of its own: twilio has another setting of that name. */
	for (int i = 0; i < account.n_settings; i++)
		if (strcmp(account.settings[i].name, "api_key") == 0 &&
		    strcmp(type, "twilio") != 0)
			account.settings[i].value = "key-example";
}

/* Every service has a question; a mail server's is its own greeting, a described gateway's its
 * query. */
static void
questions(void **state)
{
	(void)state;
	for (const struct provider *const *p = provider_all(); *p != NULL; p++) {
		struct provider_request r = { .headers = g_ptr_array_new() };
		struct err e = { 0 };
		int rc;

		open_type((*p)->name);
		assert_non_null(provider->probe);
		rc =
		    provider->probe->request(&account, &config, SIGNED_AT, arena, &r, &e);
		assert_int_equal(rc, strcmp((*p)->name, "http") == 0 ? 1 : 0);
		if (rc == 0)
			stage_golden("probe", &r);
		if (provider->submits)
			assert_string_equal(r.envelope->to, "");
		g_ptr_array_unref(r.headers);
		stage_close();
	}
}

/* With a key of its own twilio is asked what that key is for. */
static void
twilio_by_a_key(void **state)
{
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };

	(void)state;
	open_type("twilio");
	for (int i = 0; i < account.n_settings; i++)
		if (strcmp(account.settings[i].name, "api_key") == 0)
			account.settings[i].value = "SKexample";
	assert_int_equal(
	    provider->probe->request(&account, &config, SIGNED_AT, arena, &r, &e), 0);
	stage_golden("probe_key", &r);
	g_ptr_array_unref(r.headers);
	stage_close();
}

static const struct {
	const char *type;
	int status;
	const char *body, *head;
	enum probed_as as;
	const char *setting, *perr, *told;
} rows[] = {
#define ALI(code) "{\"Code\":\"" code "\"}"
	{ "aliyun", 200, ALI("OK"), NULL, PROBED_GOOD, "", NULL, "" },
	{ "aliyun", 200, ALI("isv.MOBILE_NUMBER_ILLEGAL"), NULL, PROBED_GOOD, "", NULL,
	    "" },
	{ "aliyun", 404, ALI("InvalidAccessKeyId.NotFound"), NULL, PROBED_KEY,
	    "access_key_id", NULL, "" },
	{ "aliyun", 400, ALI("SignatureDoesNotMatch"), NULL, PROBED_KEY,
	    "access_key_secret", "SignatureDoesNotMatch", "" },
	{ "aliyun", 400, ALI("InvalidTimeStamp.Expired"), NULL, PROBED_CLOCK, "", NULL,
	    "" },
	{ "aliyun", 200, ALI("isp.RAM_PERMISSION_DENY"), NULL, PROBED_MAY_NOT, "", NULL,
	    "" },
	{ "aliyun", 200, ALI("isv.DENY_IP_RANGE"), NULL, PROBED_PLACE, "", NULL, "" },
	{ "aliyun", 200, ALI("isv.AMOUNT_NOT_ENOUGH"), NULL, PROBED_STOPPED, "", NULL,
	    "" },
	{ "aliyun", 400, ALI("Throttling.User"), NULL, PROBED_LATER, "", NULL, "" },
	{ "aliyun", 200, "<html>", NULL, PROBED_ODD, "", "http-200", "" },
	{ "directmail", 200, "{\"DailyQuota\":2000,\"RequestId\":\"x\"}", NULL,
	    PROBED_GOOD, "", NULL, "mails a day: 2000" },
	{ "directmail", 200, "{\"DailyQuota\":2000,\"UserStatus\":0,\"RequestId\":\"x\"}",
	    NULL, PROBED_GOOD, "", NULL, "mails a day: 2000" },
	{ "directmail", 200, "{\"DailyQuota\":2000,\"UserStatus\":2,\"RequestId\":\"x\"}",
	    NULL, PROBED_STOPPED, "", "overdue", "mails a day: 2000" },
	{ "directmail", 403, ALI("Forbidden.RAM"), NULL, PROBED_MAY_NOT, "", NULL, "" },
	{ "directmail", 400, ALI("SignatureDoesNotMatch"), NULL, PROBED_KEY,
	    "access_key_secret", NULL, "" },
	{ "directmail", 200, "{}", NULL, PROBED_ODD, "", "http-200", "" },
#define TC(error) "{\"Response\":{\"Error\":{\"Code\":\"" error "\"}}}"
	{ "tencent", 200,
	    "{\"Response\":{\"SmsPackagesStatisticsSet\":[{\"PackageAmount\":1000,"
	    "\"CurrentUsage\":12},"
	    "{\"PackageAmount\":5,\"CurrentUsage\":5}]}}",
	    NULL, PROBED_GOOD, "", NULL, "left in packages: 988" },
	{ "tencent", 200, TC("AuthFailure.SecretIdNotFound"), NULL, PROBED_KEY,
	    "secret_id", NULL, "" },
	{ "tencent", 200, TC("AuthFailure.SignatureFailure"), NULL, PROBED_KEY,
	    "secret_key", NULL, "" },
	{ "tencent", 200, TC("AuthFailure.SignatureExpire"), NULL, PROBED_CLOCK, "", NULL,
	    "" },
	{ "tencent", 200, TC("UnauthorizedOperation.SmsSdkAppIdVerifyFail"), NULL,
	    PROBED_SETTING, "sdk_app_id", NULL, "" },
	{ "tencent", 200, TC("UnauthorizedOperation"), NULL, PROBED_MAY_NOT, "", NULL,
	    "" },
	{ "tencent", 502, "<html>", NULL, PROBED_ODD, "", "http-502", "" },
	{ "twilio", 200, "{\"balance\":\"12.50\",\"currency\":\"USD\"}", NULL,
	    PROBED_GOOD, "", NULL, "balance 12.50 USD" },
	{ "twilio", 200, "{\"account_sid\":\"ACexample\"}", NULL, PROBED_GOOD, "", NULL,
	    "" },
	{ "twilio", 200, "{\"messages\":[]}", NULL, PROBED_GOOD, "", NULL, "" },
	{ "twilio", 200, "{}", NULL, PROBED_ODD, "", "http-200", "" },
	{ "twilio", 401, "{\"code\":20003}", NULL, PROBED_KEY, "account_sid, auth_token",
	    "20003", "" },
	{ "twilio", 404, "{\"code\":20404}", NULL, PROBED_SETTING, "account_sid", NULL,
	    "" },
	{ "twilio", 503, "", NULL, PROBED_LATER, "", "http-503", "" },
	{ "jpush", 200, "{\"cidlist\":[\"x\"]}", NULL, PROBED_GOOD, "", NULL, "" },
	{ "jpush", 401, "{\"error\":{\"code\":1004}}", NULL, PROBED_KEY,
	    "app_key, master_secret", NULL, "" },
	{ "jpush", 403, "{\"error\":{\"code\":2004}}", NULL, PROBED_PLACE, "", NULL, "" },
	{ "sendgrid", 200, "{\"scopes\":[\"a\",\"mail.send\"]}", NULL, PROBED_GOOD, "",
	    NULL, "" },
	{ "sendgrid", 200, "{\"scopes\":[\"stats.read\"]}", NULL, PROBED_SETTING,
	    "api_key", "no scope mail.send", "" },
	{ "sendgrid", 401, "{\"errors\":[]}", NULL, PROBED_KEY, "api_key", "http-401",
	    "" },
	{ "mailgun", 400, "{\"message\":\"to parameter is missing\"}", NULL, PROBED_GOOD,
	    "", NULL, "" },
	{ "mailgun", 401, "Forbidden", NULL, PROBED_KEY, "api_key", NULL, "" },
	{ "mailgun", 404, "{\"message\":\"Domain not found\"}", NULL, PROBED_SETTING,
	    "domain", NULL, "" },
	{ "mailgun", 400, "<html>", NULL, PROBED_ODD, "", NULL, "" },
	{ "resend", 200,
	    "{\"data\":[{\"name\":\"dealer.example\",\"status\":\"verified\"}]}", NULL,
	    PROBED_GOOD, "", NULL, "" },
	{ "resend", 200,
	    "{\"data\":[{\"name\":\"dealer.example\",\"status\":\"pending\"}]}", NULL,
	    PROBED_SETTING, "from", "its domain is not verified", "" },
	{ "resend", 200, "{\"data\":[]}", NULL, PROBED_SETTING, "from",
	    "its domain is not there", "" },
	{ "resend", 200, "{\"data\":[],\"has_more\":true}", NULL, PROBED_GOOD, "", NULL,
	    "" },
	{ "resend", 401, "{\"name\":\"restricted_api_key\"}", NULL, PROBED_GOOD, "", NULL,
	    "" },
	{ "resend", 400, "{\"name\":\"validation_error\"}", NULL, PROBED_KEY, "api_key",
	    NULL, "" },
	{ "postmark", 200, "{\"ID\":1,\"Name\":\"Reach\",\"DeliveryType\":\"Live\"}",
	    NULL, PROBED_GOOD, "", NULL, "server Reach" },
	{ "postmark", 200, "{\"ID\":1,\"Name\":\"Reach\",\"DeliveryType\":\"Sandbox\"}",
	    NULL, PROBED_STOPPED, "", "Sandbox", "server Reach" },
	{ "postmark", 401, "{\"ErrorCode\":10}", NULL, PROBED_KEY, "server_token", "10",
	    "" },
	{ "postmark", 422, "{\"ErrorCode\":100}", NULL, PROBED_LATER, "", NULL, "" },
#define QUOTA "\"SendQuota\":{\"SentLast24Hours\":12.0,\"Max24HourSend\":50000.0}"
	{ "ses", 200,
	    "{\"ProductionAccessEnabled\":true,\"SendingEnabled\":true," QUOTA "}", NULL,
	    PROBED_GOOD, "", NULL, "sent in 24 h: 12 of 50000" },
	{ "ses", 200, "{\"ProductionAccessEnabled\":false," QUOTA "}", NULL,
	    PROBED_STOPPED, "", "sandbox", NULL },
	{ "ses", 200,
	    "{\"ProductionAccessEnabled\":true,\"SendingEnabled\":false,"
	    "\"EnforcementStatus\":\"SHUTDOWN\"," QUOTA "}",
	    NULL, PROBED_STOPPED, "", "paused by Amazon", NULL },
	{ "ses", 403, "{\"message\":\"x\"}",
	    "x-amzn-errortype\0UnrecognizedClientException\0", PROBED_KEY,
	    "access_key_id", NULL, "" },
	{ "ses", 403, "{\"message\":\"The request signature does not match\"}",
	    "x-amzn-errortype\0InvalidSignatureException:http://a\0", PROBED_KEY,
	    "secret_access_key", NULL, "" },
	{ "ses", 403, "{\"message\":\"Signature expired: 2026\"}",
	    "x-amzn-errortype\0InvalidSignatureException\0", PROBED_CLOCK, "", NULL, "" },
	{ "ses", 403, "{\"message\":\"Credential should be scoped to a valid region\"}",
	    "x-amzn-errortype\0InvalidSignatureException\0", PROBED_KEY, "region", NULL,
	    "" },
	{ "ses", 403, "{}", "x-amzn-errortype\0AccessDeniedException\0", PROBED_MAY_NOT,
	    "", NULL, "" },
	{ "wecom-staff", 200, "{\"errcode\":0,\"name\":\"外联\"}", NULL, PROBED_GOOD, "",
	    NULL, "application 外联" },
	{ "wecom-staff", 200, "{\"errcode\":40001}", NULL, PROBED_KEY, "secret", "40001",
	    "" },
	{ "wecom-staff", 200, "{\"errcode\":40013}", NULL, PROBED_KEY, "corp_id", NULL,
	    "" },
	{ "wecom-staff", 200, "{\"errcode\":301002}", NULL, PROBED_SETTING, "agent_id",
	    NULL, "" },
	{ "wecom-staff", 200, "{\"errcode\":60020}", NULL, PROBED_PLACE, "", NULL, "" },
	{ "wecom", 200, "{\"errcode\":0,\"follow_user\":[\"lina\"]}", NULL, PROBED_GOOD,
	    "", NULL, "" },
	{ "wecom", 200, "{\"errcode\":0,\"follow_user\":[\"wang\"]}", NULL,
	    PROBED_SETTING, "sender", NULL, "" },
	{ "wecom-kf", 200,
	    "{\"errcode\":0,\"account_list\":[{\"open_kfid\":\"wk0000000000000001\"}]}",
	    NULL, PROBED_GOOD, "", NULL, "" },
	{ "wecom-kf", 200, "{\"errcode\":0,\"account_list\":[{\"open_kfid\":\"wk2\"}]}",
	    NULL, PROBED_SETTING, "open_kfid", NULL, "" },
	{ "wecom-kf", 200, "{\"errcode\":40001}", NULL, PROBED_KEY, "secret", NULL, "" },
	{ "wecom", 200, "{\"errcode\":48002}", NULL, PROBED_STOPPED, "", NULL, "" },
	{ "wecom", 502, "<html>", NULL, PROBED_LATER, "", "http-502", "" },
	{ "smtp", 250, "NOOP 2.0.0 Ok", NULL, PROBED_GOOD, "", NULL, "" },
	{ "smtp", 535, "CONNECT 5.7.8 no", NULL, PROBED_KEY, "user, password", "535",
	    "" },
	{ "smtp", 421, "CONNECT busy", NULL, PROBED_LATER, "", NULL, "" },
	{ "smtp", 554, "CONNECT no", NULL, PROBED_ODD, "", "554", "" },
	{ "sandbox", 200, "{\"found\":false}", NULL, PROBED_GOOD, "", NULL, "" },
	{ "sandbox", 404, "", NULL, PROBED_SETTING, "url", NULL, "" },
};

static void
answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct probed p = { .setting = "?" };

		open_type(rows[i].type);
		provider->probe->answer(&account,
		    &STAGE_REPLY_WITH(rows[i].status, rows[i].body, rows[i].head), &p);
		if (p.as != rows[i].as || strcmp(p.setting, rows[i].setting) != 0 ||
		    (rows[i].perr != NULL && strcmp(p.perr, rows[i].perr) != 0) ||
		    (rows[i].told != NULL && strcmp(p.told, rows[i].told) != 0))
			fail_msg("%s %d %s: as %d setting \"%s\" perr \"%s\" told \"%s\"",
			    rows[i].type, rows[i].status, rows[i].body, (int)p.as,
			    p.setting, p.perr, p.told);
		stage_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions),
		cmocka_unit_test(twilio_by_a_key),
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
