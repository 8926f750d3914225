/* pace_header_test.c - what each service says of its own pace in its headers: how long a refusal for
 * now waits, and when the account rests although nothing was refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/wire.h"
#include "provider_stage.h"

#define DATE "Date\0Sun, 22 Nov 2026 03:50:00 GMT\0"
#define AT_3S "1795319403" /* three seconds behind DATE */

static const struct {
	const char *name, *type;
	int status;
	const char *body, *head;
	enum outcome outcome;
	ms_t retry_after, pause;
} rows[] = {
	{ "sendgrid: until the instant", "sendgrid", 429, "",
	    DATE "X-RateLimit-Reset\0" AT_3S "\0", OUTCOME_REFUSED_RETRY, 3000, 0 },
	{ "sendgrid: an instant that is over", "sendgrid", 429, "",
	    DATE "X-RateLimit-Reset\0"
		 "1795319000\0",
	    OUTCOME_REFUSED_RETRY, 1000, 0 },
	{ "sendgrid: no Date to count from", "sendgrid", 429, "",
	    "X-RateLimit-Reset\0" AT_3S "\0", OUTCOME_REFUSED_RETRY, 0, 0 },
	{ "sendgrid: the last call of the span", "sendgrid", 202, "",
	    DATE "x-ratelimit-remaining\0"
		 "0\0x-ratelimit-reset\0" AT_3S "\0",
	    OUTCOME_ACCEPTED, 0, 3000 },
	{ "sendgrid: some are left", "sendgrid", 202, "",
	    DATE "X-RateLimit-Remaining\0"
		 "7\0X-RateLimit-Reset\0" AT_3S "\0",
	    OUTCOME_ACCEPTED, 0, 0 },
	{ "sendgrid: never more than an hour", "sendgrid", 429, "",
	    DATE "X-RateLimit-Reset\0"
		 "1895319403\0",
	    OUTCOME_REFUSED_RETRY, MS_HOUR, 0 },
	{ "sendgrid: garbage", "sendgrid", 429, "", DATE "X-RateLimit-Reset\0soon\0",
	    OUTCOME_REFUSED_RETRY, 0, 0 },
	{ "mailgun: Retry-After comes first", "mailgun", 429, "",
	    DATE "X-RateLimit-Reset\0" AT_3S "\0Retry-After\0"
		 "20\0",
	    OUTCOME_REFUSED_RETRY, 20000, 0 },
	{ "mailgun: an instant in milliseconds", "mailgun", 429, "",
	    DATE "X-RateLimit-Reset\0" AT_3S "500\0", OUTCOME_REFUSED_RETRY, 3500, 0 },
	{ "resend: retry-after", "resend", 429, "{\"name\":\"rate_limit_exceeded\"}",
	    "retry-after\0"
	    "2\0ratelimit-reset\0"
	    "1\0",
	    OUTCOME_REFUSED_RETRY, 2000, 0 },
	{ "resend: the day's quota is no matter of seconds", "resend", 429,
	    "{\"name\":\"daily_quota_exceeded\"}",
	    "ratelimit-reset\0"
	    "1\0",
	    OUTCOME_REFUSED_RETRY, MS_HOUR, 0 },
	{ "resend: the second's last call", "resend", 200, "{\"id\":\"x\"}",
	    "ratelimit-limit\0"
	    "5\0ratelimit-remaining\0"
	    "0\0ratelimit-reset\0"
	    "1\0",
	    OUTCOME_ACCEPTED, 0, 1000 },
	{ "postmark: Retry-After", "postmark", 429, "",
	    "Retry-After\0"
	    "5\0",
	    OUTCOME_REFUSED_RETRY, 5000, 0 },
	{ "twilio: Retry-After", "twilio", 429, "{\"code\":20429}",
	    "Retry-After\0"
	    "9\0",
	    OUTCOME_REFUSED_RETRY, 9000, 0 },
	{ "twilio: a full queue is no matter of seconds", "twilio", 400,
	    "{\"code\":21611}",
	    "Retry-After\0"
	    "9\0",
	    OUTCOME_REFUSED_RETRY, 5 * MS_MINUTE, 0 },
	{ "jpush: its reset", "jpush", 429, "{\"error\":{\"code\":2002}}",
	    "X-Rate-Limit-Reset\0"
	    "17\0",
	    OUTCOME_REFUSED_RETRY, 17000, 0 },
	{ "jpush: none told", "jpush", 429, "{\"error\":{\"code\":2002}}", NULL,
	    OUTCOME_REFUSED_RETRY, MS_MINUTE, 0 },
	{ "jpush: the minute's last call", "jpush", 200, "{\"msg_id\":\"1\"}",
	    "X-Rate-Limit-Remaining\0"
	    "0\0X-Rate-Limit-Reset\0"
	    "17\0",
	    OUTCOME_ACCEPTED, 0, 17000 },
	{ "jpush: what was refused for good does not wait", "jpush", 400,
	    "{\"error\":{\"code\":1011}}",
	    "Retry-After\0"
	    "9\0",
	    OUTCOME_REJECTED, 0, 0 },
	{ "aliyun: milliseconds", "aliyun", 400, "{\"Code\":\"Throttling.User\"}",
	    "x-acs-retry-after\0"
	    "2500\0",
	    OUTCOME_REFUSED_RETRY, 2500, 0 },
	{ "aliyun: no less than a second", "aliyun", 400,
	    "{\"Code\":\"Throttling.User\"}",
	    "x-acs-retry-after\0"
	    "5\0",
	    OUTCOME_REFUSED_RETRY, 1000, 0 },
	{ "aliyun: of another refusal it says nothing", "aliyun", 200,
	    "{\"Code\":\"isv.BUSINESS_LIMIT_CONTROL\",\"Message\":\"x\"}",
	    "x-acs-retry-after\0"
	    "5\0",
	    OUTCOME_REFUSED_RETRY, MS_MINUTE, 0 },
	{ "directmail: milliseconds", "directmail", 400, "{\"Code\":\"Throttling\"}",
	    "x-acs-retry-after\0"
	    "2500\0",
	    OUTCOME_REFUSED_RETRY, 2500, 0 },
	{ "an answer that is lost stays unknown, whatever its headers", "sendgrid", 503,
	    "",
	    DATE "X-RateLimit-Remaining\0"
		 "0\0X-RateLimit-Reset\0" AT_3S "\0Retry-After\0"
		 "9\0",
	    OUTCOME_UNKNOWN, 0, 3000 },
};

static void
headers(void **state)
{
	const struct parcel p = { .to = "x", .ref = "r", .call = "" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer a = { 0 };

		stage_open(rows[i].type, NULL, 0);
		provider->answer(&account, &p, 1,
		    &STAGE_REPLY_WITH(rows[i].status, rows[i].body, rows[i].head), &a);
		if (a.outcome != rows[i].outcome ||
		    a.retry_after != rows[i].retry_after || a.pause != rows[i].pause)
			fail_msg("%s: outcome %d after %" G_GINT64_FORMAT
				 " pause %" G_GINT64_FORMAT,
			    rows[i].name, (int)a.outcome, a.retry_after, a.pause);
		stage_close();
	}
}

static void
dates(void **state)
{
	(void)state;
	assert_int_equal(wire_date("Sun, 22 Nov 2026 03:50:00 GMT"), SIGNED_AT);
	assert_int_equal(wire_date("Sun, 22 Nov 2026 03:50:00"), SIGNED_AT);
	assert_int_equal(wire_date("Sun, 22 anF 2026 03:50:00 GMT"), 0);
	assert_int_equal(wire_date("Sun, 99 Nov 2026 03:50:00 GMT"), 0);
	assert_int_equal(wire_date(""), 0);
}

static void
heads(void **state)
{
	(void)state;
	assert_string_equal(header_of("A\0"
				      "1\0b\0\0"
				      "a\0"
				      "2\0",
				"a"),
	    "1");
	assert_string_equal(header_of("A\0"
				      "1\0b\0\0",
				"B"),
	    "");
	assert_string_equal(header_of(NULL, "a"), "");
	assert_string_equal(header_of("", "a"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),
		cmocka_unit_test(dates),
		cmocka_unit_test(heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
