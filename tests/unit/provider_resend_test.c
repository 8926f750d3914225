/* Resend: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/wire.h"

#include "provider_stage.h"

#include "mail_parcel.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static int
set_up(void **state)
{
	static const struct pair settings[] = { { "from", "news@dealer.example" },
		{ "from_name", "示例汽车" }, { "reply_to", "service@dealer.example" },
		{ "api_key", "re_example" }, { "webhook_secret", SECRET } };

	(void)state;
	stage_open("resend", settings, 5);
	account.channels = 1U << CHANNEL_EMAIL;
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
	const struct parcel p[] = { mail_parcel("li@customer.example", "ref1",
					CATEGORY_MARKETING),
		mail_parcel("wang@customer.example", "ref2", CATEGORY_SERVICE) };

	struct parcel alone = p[1];

	(void)state;
	stage_request("one", p, 1);
	stage_request("batch", p, 2);
	/* A test send has no call: its own reference is the key. */
	alone.call = "";
	stage_request("test", &alone, 1);
}

#define NAME(code, name) \
	"{\"statusCode\":" code ",\"name\":\"" name "\",\"message\":\"m\"}"

static void
answers(void **state)
{
	const struct parcel p[] = { mail_parcel("li@customer.example", "ref1",
					CATEGORY_MARKETING),
		mail_parcel("wang@customer.example", "ref2", CATEGORY_SERVICE) };
	static const struct stage_answer rows[] = {
		{ "taken", 200, "{\"id\":\"49a3999c\"}", 1, OUTCOME_ACCEPTED, "49a3999c",
		    "", "", 0 },
		{ "a batch taken", 200, "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", 2,
		    OUTCOME_ACCEPTED, "a", "", "", 0 },
		{ "a batch answered for one", 200, "{\"data\":[{\"id\":\"a\"}]}", 2,
		    OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "no id", 200, "{\"id\":\"\"}", 1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "a 4xx that is not theirs", 400, "<html>", 1, OUTCOME_UNKNOWN, "",
		    "http-400", "", 0 },
		{ "their 500: the key settles it", 500,
		    NAME("500", "internal_server_error"), 1, OUTCOME_UNKNOWN, "",
		    "internal_server_error", "", 0 },
		{ "a 5xx never says no", 503, NAME("503", "rate_limit_exceeded"), 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a name nobody knows", 422, NAME("422", "strange_new"), 1,
		    OUTCOME_UNKNOWN, "", "strange_new", "", 0 },
		{ "the first of this key is under way", 409,
		    NAME("409", "concurrent_idempotent_requests"), 1, OUTCOME_UNKNOWN, "",
		    NULL, "", 0 },
		{ "the key with other bytes", 409,
		    NAME("409", "invalid_idempotent_request"), 1, OUTCOME_UNKNOWN, "",
		    NULL, "hopeless", 0 },
		{ "too many", 429, NAME("429", "rate_limit_exceeded"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "", 0 },
		{ "the day is full", 429, NAME("429", "daily_quota_exceeded"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "", MS_HOUR },
		{ "the month is full", 429, NAME("429", "monthly_quota_exceeded"), 1,
		    OUTCOME_REFUSED_RETRY, "", NULL, "", 6 * MS_HOUR },
		{ "content", 422, NAME("422", "validation_error"), 1, OUTCOME_REJECTED,
		    "", "validation_error", "", 0 },
		{ "one bad mail refuses the batch: each alone", 422,
		    NAME("422", "validation_error"), 2, OUTCOME_REFUSED_RETRY, "",
		    "validation_error", "alone", 0 },
		{ "our domain is not verified", 403, NAME("403", "validation_error"), 2,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "wrong key", 403, NAME("403", "invalid_api_key"), 1, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "no key", 401, NAME("401", "missing_api_key"), 2, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "their security", 451, NAME("451", "security_error"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(p, rows, G_N_ELEMENTS(rows));
}

/* ---- webhooks ---- */

static const char *
sign(const char *id, const char *at, const char *body)
{
	size_t len;
	const uint8_t *key = wire_unbase64(arena, &SECRET[strlen("whsec_")], &len);
	const char *text = arena_printf(arena, "%s.%s.%s", id, at, body);
	uint8_t mac[32];

	wire_hmac(WIRE_SHA256, key, len, text, strlen(text), mac);
	return arena_printf(arena, "v1,%s", wire_base64(arena, mac, sizeof(mac)));
}

static int
post(const char *id, const char *at, const char *sig, const char *body,
    struct receipt **r, int *n, struct hook_reply *reply)
{
	const struct pair fields[] = { { "svix-id", id }, { "svix-timestamp", at },
		{ "svix-signature", sig }, { NULL, NULL } };
	const struct stage_hook h = { .body = body, .fields = fields };

	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

#define DELIVERED                                                                    \
	"{\"type\":\"email.delivered\",\"created_at\":\"2026-11-22T03:49:58.000Z\"," \
	"\"data\":{\"email_id\":\"e1\",\"to\":[\"Li@Customer.example\"],\"tags\":{"  \
	"\"reach_id\":\"ref1\"}}}"

static void
signatures(void **state)
{
	const char *good = sign("msg_1", "1795319400", DELIVERED);
	const struct {
		const char *name, *id, *at, *sig, *body;
		int rc, status;
	} rows[] = {
		{ "good", "msg_1", "1795319400", good, DELIVERED, 0, 200 },
		{ "W1 resend another body", "msg_1", "1795319400", good, DELIVERED " ",
		    -1, 401 },
		{ "W1 resend another id", "msg_2", "1795319400", good, DELIVERED, -1,
		    401 },
		{ "W1 resend no signature", "msg_1", "1795319400", "", DELIVERED, -1,
		    401 },
		{ "W1 resend half a signature", "msg_1", "1795319400", "v1,", DELIVERED,
		    -1, 401 },
		{ "another version is no signature", "msg_1", "1795319400",
		    arena_printf(arena, "v2%s", good + 2), DELIVERED, -1, 401 },
		{ "one of several", "msg_1", "1795319400",
		    arena_printf(arena, "v1,AAAA v2,BBBB %s v1,CC", good), DELIVERED, 0,
		    200 },
		{ "W2 resend -300", "msg_1", "1795319100",
		    sign("msg_1", "1795319100", DELIVERED), DELIVERED, 0, 200 },
		{ "W2 resend -301", "msg_1", "1795319099",
		    sign("msg_1", "1795319099", DELIVERED), DELIVERED, -1, 401 },
		{ "W2 resend +300", "msg_1", "1795319700",
		    sign("msg_1", "1795319700", DELIVERED), DELIVERED, 0, 200 },
		{ "W2 resend +301", "msg_1", "1795319701",
		    sign("msg_1", "1795319701", DELIVERED), DELIVERED, -1, 401 },
		{ "W2 resend no time", "msg_1", "x", sign("msg_1", "x", DELIVERED),
		    DELIVERED, -1, 401 },
		{ "signed, but no JSON", "msg_1", "1795319400",
		    sign("msg_1", "1795319400", "["), "[", -1, 400 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n, rc = post(rows[i].id, rows[i].at, rows[i].sig, rows[i].body, &r,
			   &n, &reply);

		if (rc != rows[i].rc || reply.status != rows[i].status)
			fail_msg("%s: %d %d", rows[i].name, rc, reply.status);
	}
}

/* The example in Svix's documentation. */
static void
their_own_example(void **state)
{
	static const struct pair fields[] = { { "webhook-id",
						  "msg_p5jXN8AQM9LWM0D4loKWxJek" },
		{ "webhook-timestamp", "1614265330" },
		{ "webhook-signature",
		    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
		{ NULL, NULL } };
	const struct stage_hook h = { .body = "{\"test\": 2432232314}",
		.fields = fields };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&h, INT64_C(1614265330000), &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	assert_true(r->broken);
}

#define EVENT(type, more)                                                           \
	"{\"type\":\"" type "\",\"created_at\":\"2026-11-22T03:49:58.000Z\","       \
	"\"data\":{\"email_id\":\"e1\",\"to\":[\"li@customer.example\"],\"tags\":{" \
	"\"reach_id\":\"ref1\"}" more "}}"
#define BOUNCE(type, sub)      \
	EVENT("email.bounced", \
	    ",\"bounce\":{\"type\":\"" type "\",\"subType\":\"" sub "\"}")

static void
events(void **state)
{
	static const struct mail_receipt rows[] = {
		{ "sent", EVENT("email.sent", ""), 1, RECEIPT_SENT, "", false, false,
		    false },
		{ "late", EVENT("email.delivery_delayed", ""), 1, RECEIPT_SENT, "", false,
		    false, false },
		{ "delivered", DELIVERED, 1, RECEIPT_DELIVERED, "", false, false, false },
		{ "nobody there", BOUNCE("Permanent", "General"), 1, RECEIPT_FAILED,
		    "General", true, false, false },
		{ "mailbox full", BOUNCE("Transient", "MailboxFull"), 1, RECEIPT_FAILED,
		    "MailboxFull", false, false, false },
		{ "our domain proves nothing",
		    EVENT("email.bounced",
			",\"bounce\":{\"type\":\"Permanent\",\"subType\":\"General\","
			"\"message\":\"550 5.7.26 unauthenticated\"}"),
		    1, RECEIPT_FAILED, "5.7.26", false, false, false },
		{ "on their list", BOUNCE("Permanent", "OnAccountSuppressionList"), 1,
		    RECEIPT_FAILED, NULL, false, true, false },
		{ "suppressed", EVENT("email.suppressed", ""), 1, RECEIPT_FAILED,
		    "suppressed", false, true, false },
		{ "failed", EVENT("email.failed", ",\"failed\":{\"reason\":\"quota\"}"),
		    1, RECEIPT_FAILED, "quota", false, false, false },
		{ "opened", EVENT("email.opened", ""), 1, RECEIPT_OPEN, "", false, false,
		    false },
		{ "clicked", EVENT("email.clicked", ",\"click\":{\"link\":\"x\"}"), 1,
		    RECEIPT_CLICK, "", false, false, false },
		{ "complained", EVENT("email.complained", ""), 1, RECEIPT_COMPLAINT, "",
		    false, false, false },
		{ "not of a mail", EVENT("contact.created", ""), 0, 0, NULL, false, false,
		    false },
		{ "a contact who refuses",
		    "{\"type\":\"contact.updated\",\"data\":{\"email\":\"li@a.example\","
		    "\"unsubscribed\":true}}",
		    1, RECEIPT_UNSUBSCRIBE, NULL, false, false, false },
		{ "a contact who does not",
		    "{\"type\":\"contact.updated\",\"data\":{\"email\":\"li@a.example\","
		    "\"unsubscribed\":false}}",
		    0, 0, NULL, false, false, false },
		{ "a complaint counts whoever sent the mail",
		    "{\"type\":\"email.complained\",\"data\":{\"to\":[\"li@a.example\"]}}", 1,
		    RECEIPT_COMPLAINT, NULL, false, false, false },
		{ "of no mail", "{\"type\":\"email.sent\",\"data\":{}}", 1, RECEIPT_SENT,
		    NULL, false, false, true },
		{ "of no type", "{\"data\":{\"email_id\":\"x\"}}", 1, RECEIPT_SENT, NULL,
		    false, false, true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n;

		assert_int_equal(
		    post("msg_1", "1795319400", sign("msg_1", "1795319400", rows[i].body),
			rows[i].body, &r, &n, &reply),
		    0);
		mail_judge(&rows[i], n, r);
	}
}

/* However often it comes, with whatever time and signature, it is one event. */
static void
w3_resend_the_id_is_the_key(void **state)
{
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(
	    post("msg_1", "1795319333", sign("msg_1", "1795319333", DELIVERED), DELIVERED,
		&r, &n, &reply),
	    0);
	assert_string_equal(r->key, "msg_1");
	assert_string_equal(r->ref, "ref1");
	assert_string_equal(r->provider_id, "e1");
	assert_string_equal(r->from, "li@customer.example");
	assert_int_equal(r->at, SIGNED_AT - 2 * MS_SECOND);
}

static void
older_accounts_have_tags_in_a_list(void **state)
{
	const char *body =
	    "{\"type\":\"email.sent\",\"data\":{\"tags\":[{\"name\":\"a\","
	    "\"value\":\"b\"},{\"name\":\"reach_id\",\"value\":\"ref9\"}]}}";
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(
	    post("m", "1795319400", sign("m", "1795319400", body), body, &r, &n, &reply),
	    0);
	assert_string_equal(r->ref, "ref9");
	assert_false(r->broken);
}

static void
settings_are_checked(void **state)
{
	struct report *r = report_new();
	struct err e = { 0 };

	(void)state;
	provider->check(&account, r);
	assert_int_equal(report_first(r, &e), 0);
	provider->secrets(&account, r);
	assert_int_equal(report_first(r, &e), 0);
	account.settings[4].value = "s3cret-value";
	provider->secrets(&account, r);
	assert_int_not_equal(report_first(r, &e), 0);
	assert_non_null(strstr(e.text, "webhook_secret"));
	assert_null(strstr(e.text, "s3cret"));
	report_free(r);
}

/* What is asked, and what its answers say. */
static void
what_a_query_tells(void **state)
{
	static const struct {
		const char *name, *body;
		int status;
		enum outcome outcome;
		enum told told;
		bool out;
	} rows[] = {
		{ "delivered", "{\"id\":\"e-1\",\"last_event\":\"delivered\"}", 200,
		    OUTCOME_ACCEPTED, TOLD_DELIVERED, false },
		{ "read", "{\"id\":\"e-1\",\"last_event\":\"clicked\"}", 200,
		    OUTCOME_ACCEPTED, TOLD_DELIVERED, false },
		{ "came back", "{\"id\":\"e-1\",\"last_event\":\"bounced\"}", 200,
		    OUTCOME_ACCEPTED, TOLD_FAILED, false },
		{ "on their list", "{\"id\":\"e-1\",\"last_event\":\"suppressed\"}", 200,
		    OUTCOME_ACCEPTED, TOLD_FAILED, true },
		{ "on its way", "{\"id\":\"e-1\",\"last_event\":\"sent\"}", 200,
		    OUTCOME_ACCEPTED, TOLD_NOTHING, false },
		{ "late", "{\"id\":\"e-1\",\"last_event\":\"delivery_delayed\"}", 200,
		    OUTCOME_ACCEPTED, TOLD_NOTHING, false },
		{ "another's", "{\"id\":\"e-2\",\"last_event\":\"delivered\"}", 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "not found", "{\"statusCode\":404,\"name\":\"not_found\"}", 404,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "may only send", "{\"statusCode\":401,\"name\":\"restricted_api_key\"}",
		    401, OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "no JSON", "<html>", 200, OUTCOME_UNKNOWN, TOLD_NOTHING, false },
	};
	static const struct pair settings[] = { { "api_key", "re_example" },
		{ "read_key", "re_read" } };
	struct parcel p = mail_parcel("li@customer.example", "ref1", CATEGORY_SERVICE);

	(void)state;
	assert_false(stage_capabilities().tells);
	stage_close();
	stage_open("resend", settings, 2);
	assert_true(stage_capabilities().tells);
	p.provider_id = "e-1";
	stage_query("query", &p);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer a;

		provider->query_answer(
		    &account, &p, rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told ||
		    a.opted_out != rows[i].out)
			fail_msg("%s: %d told %d", rows[i].name, (int)a.outcome,
			    (int)a.told);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(answers),
		cmocka_unit_test(signatures),
		cmocka_unit_test(their_own_example),
		cmocka_unit_test(events),
		cmocka_unit_test(w3_resend_the_id_is_the_key),
		cmocka_unit_test(older_accounts_have_tags_in_a_list),
		cmocka_unit_test(settings_are_checked),
		cmocka_unit_test(what_a_query_tells),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
