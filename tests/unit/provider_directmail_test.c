/* Alibaba Cloud DirectMail: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

#include "mail_named.h"

static int
set_up(void **state)
{
	static const struct pair settings[] = { MAIL_ACCOUNT,
		{ "access_key_id", "LTAI-example" },
		{ "access_key_secret", "example-secret" }, { "tag", "reach" } };

	(void)state;
	stage_open("directmail", settings, G_N_ELEMENTS(settings));
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
	const struct parcel m = marketing_mail("c1@example.com", "ref1", "李女士");
	struct parcel s = service_mail("c1@example.com", "ref1", "李女士");

	(void)state;
	stage_request("marketing", &m, 1);
	s.html = "";
	stage_request("text", &s, 1);
}

/* T10 */
static void
a_subject_too_long_is_refused_before_it_counts(void **state)
{
	struct parcel p = service_mail("c1@example.com", "ref1", "李女士");
	GString *s = g_string_new(NULL);

	(void)state;
	for (int i = 0; i < 100; i++)
		g_string_append(s, "好");
	p.subject = s->str;
	assert_null(provider->refuses(&account, &p, arena));
	g_string_append(s, "了");
	p.subject = s->str;
	assert_string_equal(provider->refuses(&account, &p, arena),
	    "main takes 100 characters in a subject, not 101");
	g_string_free(s, TRUE);
}

static void
a_name_too_long_is_a_mistake(void **state)
{
	struct report *r = report_new();

	(void)state;
	account.channels = 1U << CHANNEL_EMAIL;

	provider->check(&account, r);
	assert_int_equal(r->errors, 0);
	account.settings[1].value = "一二三四五六七八九十一二三四五";
	provider->check(&account, r);
	assert_int_equal(r->errors, 1);
	report_free(r);
}

#define CODE(code) "{\"Code\":\"" code "\",\"Message\":\"m\",\"RequestId\":\"r\"}"

static void
answers(void **state)
{
	const struct parcel p = marketing_mail("c1@example.com", "ref1", "李女士");
	static const struct stage_answer rows[] = {
		{ "taken", 200, "{\"EnvId\":\"600000001\",\"RequestId\":\"r\"}", 1,
		    OUTCOME_ACCEPTED, "600000001", "", "", 0 },
		{ "no id", 200, "{\"RequestId\":\"r\"}", 1, OUTCOME_UNKNOWN, "",
		    "http-200", "", 0 },
		{ "an id with another status", 502, "{\"EnvId\":\"600000001\"}", 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "their 5xx may have been taken", 500, CODE("InternalServiceError"), 1,
		    OUTCOME_UNKNOWN, "", "InternalServiceError", "", 0 },
		{ "so may this", 503, CODE("ServiceUnavailable"), 1, OUTCOME_UNKNOWN, "",
		    NULL, "", 0 },
		{ "a nonce seen before", 400, CODE("SignatureNonceUsed"), 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a code nobody knows", 400, CODE("Strange.New"), 1, OUTCOME_UNKNOWN, "",
		    "Strange.New", "", 0 },
		{ "too many calls", 400, CODE("Throttling.User"), 1,
		    OUTCOME_REFUSED_RETRY, "", "Throttling.User", "", 0 },
		{ "no such address", 400, CODE("InvalidToAddress"), 1, OUTCOME_REJECTED,
		    "", NULL, "bad_address", 0 },
		{ "in the list of bad ones", 400, CODE("InvalidToAddress.Spam"), 1,
		    OUTCOME_REJECTED, "", NULL, "bad_address", 0 },
		{ "nobody of that name", 404, CODE("InvalidReceiver.NotFound"), 1,
		    OUTCOME_REJECTED, "", NULL, "bad_address", 0 },
		{ "its body", 400, CODE("InvalidBody"), 1, OUTCOME_REJECTED, "", NULL, "",
		    0 },
		{ "its subject", 400, CODE("InvalidSubject.Malformed"), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "called spam", 400, CODE("InvalidSendMail.Spam"), 1, OUTCOME_REJECTED,
		    "", NULL, "", 0 },
		{ "no such sender", 404, CODE("InvalidMailAddress.NotFound"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "the sender is frozen", 400, CODE("InvalidMailAddressStatus.Malformed"),
		    1, OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "wrong key", 404, CODE("InvalidAccessKeyId.NotFound"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "wrong secret", 400, CODE("SignatureDoesNotMatch"), 1, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "it may not send", 403, CODE("NoPermission"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "no money", 400, CODE("InsufficientBalance"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
}

#define OF(type, more)                                                              \
	"{\"specversion\":\"1.0\",\"id\":\"ev1\",\"source\":\"acs:dm\",\"type\":"   \
	"\"" type "\",\"time\":\"2026-11-22T11:50:09+08:00\",\"data\":{\"env_id\":" \
	"\"600\",\"rcpt\":\"C1@example.com\",\"header\":{\"X-User-Notify-UID\":"    \
	"\"ref1\"}" more "}}"

static void
events(void **state)
{
	static const struct mail_event rows[] = {
		{ "there", OF("dm:Deliver:Succeed", ""), 1, RECEIPT_DELIVERED, "ref1",
		    "600", "", "" },
		{ "nobody is there",
		    OF("dm:Deliver:Fail",
			",\"err_code\":\"554\",\"failed_type\":\"SmtpNxBox\""),
		    1, RECEIPT_FAILED, "ref1", "600", "554", "bad_address" },
		{ "nobody, in words",
		    OF("dm:Deliver:Fail", ",\"err_code\":\"550\",\"err_msg\":\"550 RCPT "
					  "doesn't exist\""),
		    1, RECEIPT_FAILED, "ref1", "600", "550", "bad_address" },
		{ "not now",
		    OF("dm:Deliver:Fail", ",\"err_code\":\"451\",\"err_msg\":\"451 RCPT "
					  "doesn't exist\""),
		    1, RECEIPT_FAILED, "ref1", "600", "451", "" },
		{ "a filter",
		    OF("dm:Deliver:Fail", ",\"err_code\":\"554\",\"err_msg\":\"spam\""),
		    1, RECEIPT_FAILED, "ref1", "600", "554", "" },
		{ "our domain proves nothing",
		    OF("dm:Deliver:Fail",
			",\"err_code\":\"550\",\"err_msg\":\"550-5.7.25 no PTR\""),
		    1, RECEIPT_FAILED, "ref1", "600", "5.7.25", "distrusted" },
		{ "complaint", OF("dm:Feedback:FblReport", ""), 1, RECEIPT_COMPLAINT,
		    "ref1", "600", "", "" },
		{ "wants no more", OF("dm:Feedback:UnSubscribe", ""), 1,
		    RECEIPT_UNSUBSCRIBE, "ref1", "600", "", "" },
		{ "more again", OF("dm:Feedback:Subscribe", ""), 0, 0, "", "", "", "" },
		{ "opened", OF("dm:Trace:Open", ""), 1, RECEIPT_OPEN, "ref1", "600", "",
		    "" },
		{ "clicked", OF("dm:Trace:Click", ""), 1, RECEIPT_CLICK, "ref1", "600",
		    "", "" },
		{ "an event nobody knows is kept", OF("dm:Strange", ""), 1, RECEIPT_SENT,
		    "ref1", "600", "", "broken" },
		{ "a stop counts whoever sent the mail",
		    "{\"id\":\"x\",\"type\":\"dm:Feedback:UnSubscribe\",\"data\":{\"rcpt\":"
		    "\"c1@example.com\"}}",
		    1, RECEIPT_UNSUBSCRIBE, "", "", "", "" },
		{ "an event of nothing",
		    "{\"id\":\"x\",\"type\":\"dm:Deliver:Succeed\",\"data\":{}}", 1,
		    RECEIPT_SENT, "", "", "", "broken" },
		{ "W7 a broken one among others", "[3," OF("dm:Deliver:Succeed", "") "]",
		    2, RECEIPT_SENT, "", "", "", "broken" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct stage_hook h = { .body = rows[i].body };
		struct hook_reply reply;
		struct receipt *r;
		int n, rc = stage_hook(&h, SIGNED_AT, &r, &n, &reply);

		check_event(&rows[i], rc, n, r);
	}
}

static void
w3_the_id_of_the_event_is_its_key(void **state)
{
	const struct stage_hook h = { .body = OF("dm:Deliver:Succeed", "") },
				bad = { .body = "[" };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_string_equal(r->key, "ev1");
	assert_int_equal(r->at, SIGNED_AT + 9 * MS_SECOND);
	assert_string_equal(r->from, "c1@example.com");
	assert_int_equal(stage_hook(&bad, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 400);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(requests),
		TEST(a_subject_too_long_is_refused_before_it_counts),
		TEST(a_name_too_long_is_a_mistake),
		TEST(answers),
		TEST(events),
		TEST(w3_the_id_of_the_event_is_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
