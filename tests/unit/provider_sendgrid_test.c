/* SendGrid: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "provider/wire.h"
#include "provider_stage.h"

#include "mail_named.h"

/* A pair of our own, and the public half of another. */
#define PRIVATE                                                                   \
	"MHcCAQEEIAwoEipSPU8x3oKZzXuLmh4Ieg23tqtoWd0fp9/"                         \
	"CKo2ioAoGCCqGSM49AwEHoUQDQgAEi1KDLkNSWfdJ3C2ULGIVv9vsZjSuW4bz/z1apX6Hz/" \
	"rocLo0VDvFSEJJjhCGYfZLHCiN44DPNvOxBwalo/m/Qw=="
#define PUBLIC                                                                  \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEi1KDLkNSWfdJ3C2ULGIVv9vsZjSuW4bz/" \
	"z1apX6Hz/rocLo0VDvFSEJJjhCGYfZLHCiN44DPNvOxBwalo/m/Qw=="
#define OTHER                                                    \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg/"                 \
	"McuM4h2w7rfBFsKvYPrQx+QiU3cBS6h1fY141glkSkkFlgafQ1C7R/" \
	"co2p8iV34t1SpI2Pns3g54/qLDHFUg=="

static struct pair settings[] = { MAIL_ACCOUNT, { "api_key", "SG.example" },
	{ "webhook_key", PUBLIC } };

static int
set_up(void **state)
{
	(void)state;
	stage_open("sendgrid", settings, G_N_ELEMENTS(settings));
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
	const struct parcel p[] = { marketing_mail("c1@example.com", "ref1", "李女士"),
		marketing_mail("c2@example.com", "ref2", "王先生") },
			    s = service_mail("c1@example.com", "ref1", "李女士");

	(void)state;
	stage_request("marketing", p, 1);
	stage_request("service", &s, 1);
	stage_request("batch", p, 2);
}

static void
what_is_too_long_to_substitute_goes_alone(void **state)
{
	struct parcel a = service_mail("c1@example.com", "ref1", "李女士"),
		      b = service_mail("c2@example.com", "ref2", "王先生"), c = b, d = b,
		      f = b;
	char *text = g_strnfill(9900, 'x'), *quotes = g_strnfill(5000, '"');

	(void)state;
	assert_true(provider->together(&a, &b));
	c.html = text;
	assert_false(provider->together(&a, &c));
	c.html = quotes;
	assert_false(provider->together(&a, &c));
	d.html = "";
	assert_false(provider->together(&a, &d));
	f.text = "-reach_html-";
	assert_false(provider->together(&a, &f));
	g_free(quotes);
	g_free(text);
}

static void
a_key_of_another_kind_is_a_mistake(void **state)
{
	struct report *r = report_new();

	(void)state;
	settings[G_N_ELEMENTS(settings) - 1].value = "bm8ga2V5";
	stage_open("sendgrid", settings, G_N_ELEMENTS(settings));
	account.channels = 1U << CHANNEL_EMAIL;

	provider->check(&account, r);
	assert_int_equal(r->errors, 1);
	report_free(r);
	stage_close();
	settings[G_N_ELEMENTS(settings) - 1].value = PUBLIC;
}

#define ERRORS(field) \
	"{\"errors\":[{\"message\":\"m\",\"field\":" field ",\"help\":null}]}"

static void
answers(void **state)
{
	const struct parcel p[] = { marketing_mail("c1@example.com", "ref1", "李女士"),
		marketing_mail("c2@example.com", "ref2", "王先生") };
	static const struct stage_answer rows[] = {
		{ "taken: 202 with an empty body", 202, "", 1, OUTCOME_ACCEPTED, "", "",
		    "", 0 },
		{ "a batch taken", 202, "", 2, OUTCOME_ACCEPTED, "", "", "", 0 },
		{ "sandbox mode sends nothing", 200, "", 1, OUTCOME_UNKNOWN, "",
		    "http-200", "", 0 },
		{ "no such address", 400, ERRORS("\"personalizations.0.to.0.email\""), 1,
		    OUTCOME_REJECTED, "", "400 personalizations.0.to.0.email",
		    "bad_address", 0 },
		{ "its subject", 400, ERRORS("\"personalizations.0.subject\""), 1,
		    OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "content", 400, ERRORS("\"content.0.value\""), 1, OUTCOME_REJECTED, "",
		    "400 content.0.value", "", 0 },
		{ "no field", 400, ERRORS("null"), 1, OUTCOME_REJECTED, "", "http-400",
		    "", 0 },
		{ "the first of a batch named", 400,
		    ERRORS("\"personalizations.0.to.0.email\""), 2, OUTCOME_REJECTED, "",
		    NULL, "bad_address", 0 },
		{ "the other one named: alone", 400,
		    ERRORS("\"personalizations.1.to.0.email\""), 2, OUTCOME_REFUSED_RETRY,
		    "", "http-400", "alone", 0 },
		{ "nobody of a batch named: each alone", 400, ERRORS("\"from.email\""), 2,
		    OUTCOME_REFUSED_RETRY, "", NULL, "alone", 0 },
		{ "a number beyond the batch", 400,
		    ERRORS("\"personalizations.7.to.0.email\""), 2, OUTCOME_REFUSED_RETRY,
		    "", NULL, "alone", 0 },
		{ "400 of a proxy", 400, "<html>", 1, OUTCOME_UNKNOWN, "", "http-400", "",
		    0 },
		{ "too long", 413, ERRORS("null"), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "wrong key", 401, ERRORS("null"), 1, OUTCOME_REJECTED, "", "http-401",
		    "freeze", 0 },
		{ "no credits stops a batch", 401, ERRORS("null"), 2, OUTCOME_REJECTED,
		    "", "http-401", "freeze", 0 },
		{ "sender not verified", 403, ERRORS("\"from\""), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "403 of a proxy", 403, "no", 1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "too many", 429, ERRORS("null"), 1, OUTCOME_REFUSED_RETRY, "",
		    "http-429", "", 0 },
		{ "their 5xx may have been taken", 500, ERRORS("null"), 1,
		    OUTCOME_UNKNOWN, "", "http-500", "", 0 },
		{ "bad gateway", 503, "<html>", 2, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};
	struct answer a[2];
	const char *body = ERRORS("\"personalizations.1.to.0.email\"");

	(void)state;
	stage_answers(p, rows, G_N_ELEMENTS(rows));
	provider->answer(&account, p, 2,
		    &(struct provider_reply){ 400, body, strlen(body), NULL }, a);
	stage_judge("the second of a batch", &a[1], OUTCOME_REJECTED, "",
	    "400 personalizations.1.to.0.email", "bad_address", 0);
}

/* Webhooks -------------------------------------------------------------------------- */

static const char *
sign(const char *stamp, const char *body)
{
	size_t len, n = 128;
	const uint8_t *der = wire_unbase64(arena, PRIVATE, &len);
	EVP_PKEY *key = d2i_PrivateKey(EVP_PKEY_EC, NULL, &der, (long)len);
	const char *text = arena_printf(arena, "%s%s", stamp, body);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t out[128];

	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(
	    EVP_DigestSign(ctx, out, &n, (const uint8_t *)text, strlen(text)), 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return wire_base64(arena, out, n);
}

static int
post(const char *stamp, const char *signature, const char *body, struct receipt **r,
    int *n, struct hook_reply *reply)
{
	const struct pair fields[] = {
		{ "X-Twilio-Email-Event-Webhook-Timestamp", stamp },
		{ "X-Twilio-Email-Event-Webhook-Signature", signature },
		{ NULL, NULL },
	};
	const struct stage_hook h = { .body = body, .fields = fields };

	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

#define NOW "1795319400"
#define BODY \
	"[{\"event\":\"delivered\",\"reach_id\":\"ref1\",\"sg_event_id\":\"e1\"}]\r\n"

static void
w1_w2_signatures(void **state)
{
	const char *ok = sign(NOW, BODY);
	const struct {
		const char *name, *stamp, *signature, *body, *key;
		int status;
	} rows[] = {
		{ "right", NOW, ok, BODY, PUBLIC, 200 },
		{ "W1 one byte changed", NOW, ok,
		    "[{\"event\":\"delivered\",\"reach_id\":\"ref2\",\"sg_event_id\":"
		    "\"e1\"}]\r\n",
		    PUBLIC, 401 },
		{ "W1 without the last line break", NOW, ok,
		    "[{\"event\":\"delivered\",\"reach_id\":\"ref1\",\"sg_event_id\":"
		    "\"e1\"}]",
		    PUBLIC, 401 },
		{ "W1 another key", NOW, ok, BODY, OTHER, 401 },
		{ "W1 missing", NOW, "", BODY, PUBLIC, 401 },
		{ "W1 no base64", NOW, "????", BODY, PUBLIC, 401 },
		{ "W1 no signature at all", NOW, "AAAA", BODY, PUBLIC, 401 },
		{ "W1 another time", "1795319401", ok, BODY, PUBLIC, 401 },
		{ "no time", "", sign("", BODY), BODY, PUBLIC, 401 },
		{ "W2 a retry of the same day", "1795309400", sign("1795309400", BODY),
		    BODY, PUBLIC, 200 },
		{ "W2 older than their retries", "1795229399", sign("1795229399", BODY),
		    BODY, PUBLIC, 401 },
		{ "W2 of the future", "1795323001", sign("1795323001", BODY), BODY,
		    PUBLIC, 401 },
		{ "signed, but no list", NOW, sign(NOW, "{}"), "{}", PUBLIC, 400 },
		{ "unsigned and without a path of its own", NOW, ok, BODY, "", 401 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n;

		account.settings[G_N_ELEMENTS(settings) - 1].value = rows[i].key;
		post(rows[i].stamp, rows[i].signature, rows[i].body, &r, &n, &reply);
		if (reply.status != rows[i].status)
			fail_msg("%s: %d", rows[i].name, reply.status);
	}
}

/* The vector of SendGrid's own libraries. */
static void
w1_their_own_vector(void **state)
{
	static const char theirs[] =
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/"
	    "7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
	static const char body[] =
	    "[{\"email\":\"hello@world.com\",\"event\":\"dropped\",\"reason\":\"Bounced "
	    "Address\",\"sg_event_id\":\"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9B"
	    "LTA\",\"sg_message_id\":\"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-"
	    "756b745b58-kmzbl-18-5F5FC76C-9.0\",\"smtp-id\":\"<LRzXl_NHStOGhQ4kofSm_A@"
	    "ismtpd0039p1iad1.sendgrid.net>\",\"timestamp\":1600112492}]\r\n";
	const struct pair fields[] = {
		{ "X-Twilio-Email-Event-Webhook-Timestamp", "1600112502" },
		{ "X-Twilio-Email-Event-Webhook-Signature",
		    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+"
		    "uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=" },
		{ NULL, NULL },
	};
	const struct stage_hook h = { .body = body, .fields = fields };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	account.settings[G_N_ELEMENTS(settings) - 1].value = theirs;
	assert_int_equal(
	    stage_hook(&h, INT64_C(1600112502000) + MS_MINUTE, &r, &n, &reply), 0);
	/* Of another sender by the same account: no message of ours, but an address. */
	assert_int_equal(n, 1);
	assert_true(r->bad_address);
	assert_string_equal(r->from, "hello@world.com");
}

#define OF(event, more) "[{\"event\":\"" event "\",\"reach_id\":\"ref1\"" more "}]"

static void
events(void **state)
{
	static const struct mail_event rows[] = {
		{ "on its way", OF("processed", ""), 1, RECEIPT_SENT, "ref1", "", "",
		    "" },
		{ "put off", OF("deferred", ",\"response\":\"4xx\""), 1, RECEIPT_SENT,
		    "ref1", "", "", "" },
		{ "there", OF("delivered", ""), 1, RECEIPT_DELIVERED, "ref1", "", "",
		    "" },
		{ "nobody is there",
		    OF("bounce", ",\"type\":\"bounce\",\"status\":\"5.1.1\""), 1,
		    RECEIPT_FAILED, "ref1", "", "5.1.1", "bad_address" },
		{ "a filter", OF("bounce", ",\"type\":\"blocked\",\"status\":\"5.7.1\""),
		    1, RECEIPT_FAILED, "ref1", "", "5.7.1", "" },
		{ "our domain proves nothing",
		    OF("bounce", ",\"type\":\"bounce\",\"status\":\"5.0.0\",\"reason\":\"550 "
				 "5.7.515 Access denied\""),
		    1, RECEIPT_FAILED, "ref1", "", "5.7.515", "distrusted" },
		{ "never sent: bounced before",
		    OF("dropped", ",\"reason\":\"Bounced Address\""), 1, RECEIPT_FAILED,
		    "ref1", "", "dropped bounced", "bad_address" },
		{ "never sent: no address", OF("dropped", ",\"reason\":\"Invalid\""), 1,
		    RECEIPT_FAILED, "ref1", "", "dropped invalid", "bad_address" },
		{ "never sent: our mistake, not his",
		    OF("dropped", ",\"reason\":\"Invalid SMTPAPI header\""), 1,
		    RECEIPT_FAILED, "ref1", "", "dropped", "" },
		{ "never sent: wants no more",
		    OF("dropped", ",\"reason\":\"Unsubscribed Address\""), 1,
		    RECEIPT_FAILED, "ref1", "", "dropped unsubscribed", "opted_out" },
		{ "never sent: has complained",
		    OF("dropped", ",\"reason\":\"Spam Reporting Address\""), 1,
		    RECEIPT_FAILED, "ref1", "", "dropped spam-report", "opted_out" },
		{ "opened", OF("open", ",\"sg_machine_open\":false"), 1, RECEIPT_OPEN,
		    "ref1", "", "", "" },
		{ "opened by a machine", OF("open", ",\"sg_machine_open\":true"), 0, 0,
		    "", "", "", "" },
		{ "clicked", OF("click", ""), 1, RECEIPT_CLICK, "ref1", "", "", "" },
		{ "complaint", OF("spamreport", ""), 1, RECEIPT_COMPLAINT, "ref1", "", "",
		    "" },
		{ "wants no more", OF("unsubscribe", ""), 1, RECEIPT_UNSUBSCRIBE, "ref1",
		    "", "", "" },
		{ "no more of a group", OF("group_unsubscribe", ",\"asm_group_id\":1"), 1,
		    RECEIPT_UNSUBSCRIBE, "ref1", "", "", "" },
		{ "more again", OF("group_resubscribe", ""), 0, 0, "", "", "", "" },
		{ "an event nobody knows is kept", OF("strange", ""), 1, RECEIPT_SENT,
		    "ref1", "", "", "broken" },
		{ "of another sender", "[{\"event\":\"delivered\"}]", 0, 0, "", "", "",
		    "" },
		{ "a stop counts whoever sent the mail",
		    "[{\"event\":\"group_unsubscribe\",\"email\":\"Li@a.example\"}]", 1,
		    RECEIPT_UNSUBSCRIBE, "", "", "", "" },
		{ "so does a complaint",
		    "[{\"event\":\"spamreport\",\"email\":\"li@a.example\"}]", 1,
		    RECEIPT_COMPLAINT, "", "", "", "" },
		{ "and an address that is none",
		    "[{\"event\":\"bounce\",\"type\":\"bounce\",\"email\":\"li@a.example\"}]",
		    1, RECEIPT_FAILED, "", "", "bounce", "bad_address" },
		{ "but not a filter",
		    "[{\"event\":\"bounce\",\"type\":\"blocked\",\"email\":\"li@a.example\"}]",
		    0, 0, "", "", "", "" },
		{ "W7 a broken one among others",
		    "[3,{\"event\":\"delivered\",\"reach_id\":\"ref1\"}]", 2,
		    RECEIPT_SENT, "", "", "", "broken" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n,
		    rc = post(NOW, sign(NOW, rows[i].body), rows[i].body, &r, &n, &reply);

		check_event(&rows[i], rc, n, r);
	}
}

static void
w3_the_same_event_has_one_key(void **state)
{
	static const char body[] =
	    "[{\"event\":\"click\",\"reach_id\":\"r\",\"sg_event_id\":\"e1\","
	    "\"email\":\"C0@Example.com\",\"timestamp\":1795319399},"
	    "{\"event\":\"click\",\"reach_id\":\"r\",\"sg_event_id\":\"e1\"},"
	    "{\"event\":\"click\",\"reach_id\":\"r\",\"sg_event_id\":\"e2\"}]";
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(post(NOW, sign(NOW, body), body, &r, &n, &reply), 0);
	assert_int_equal(n, 3);
	assert_string_equal(r[0].key, r[1].key);
	assert_string_not_equal(r[0].key, r[2].key);
	assert_int_equal(r[0].at, SIGNED_AT - MS_SECOND);
	assert_string_equal(r[0].from, "c0@example.com");
}

#define RAW                                                                    \
	"From: <c1@example.com>\r\nTo: service@dealer.example\r\nMessage-ID: " \
	"<x@example.com>\r\nIn-Reply-To: <ref1@dealer.example>\r\n"            \
	"Content-Type: text/plain; charset=utf-8\r\n\r\n退订\r\n"
#define PART(name, value) \
	"--b1\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void
w12_an_answer_by_inbound_parse(void **state)
{
	static const struct pair fields[] = {
		{ "Content-Type", "multipart/form-data; boundary=b1" }, { NULL, NULL }
	};
	struct stage_hook h = { .fields = fields,
		.body = PART("from", "c1@example.com") PART("email", RAW) "--b1--\r\n" };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	/* Nothing signs it: without a secret in the path it is nobody's. */
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
	account.hook_secret = "sendgridhooksecret0000";
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	assert_int_equal(r->kind, RECEIPT_REPLY);
	assert_string_equal(r->from, "c1@example.com");
	assert_string_equal(r->ref, "ref1");
	assert_string_equal(r->text, "退订");
	h.body = PART("from", "c1@example.com") PART("text", "退订") "--b1--\r\n";
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 400);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(requests),
		TEST(what_is_too_long_to_substitute_goes_alone),
		cmocka_unit_test(a_key_of_another_kind_is_a_mistake),
		TEST(answers),
		TEST(w1_w2_signatures),
		TEST(w1_their_own_vector),
		TEST(events),
		TEST(w3_the_same_event_has_one_key),
		TEST(w12_an_answer_by_inbound_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
