/* Amazon SES: the bytes it is sent, what its answers mean, what SNS posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "provider/wire.h"

#include "provider_stage.h"

#include "mail_parcel.h"

#define TOPIC "arn:aws:sns:ap-southeast-1:123456789012:reach"
#define CERT "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123.pem"
#define CONFIRM \
	"https://sns.ap-southeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"

static EVP_PKEY *own, *strange;
static const char *certificate;

static const struct pair settings[] = { { "from", "news@dealer.example" },
	{ "from_name", "示例汽车" }, { "reply_to", "service@dealer.example" },
	{ "region", "ap-southeast-1" }, { "access_key_id", "AKIAEXAMPLE" },
	{ "secret_access_key", "example-secret" }, { "configuration_set", "reach" },
	{ "topic_arn", TOPIC }, { "inbound", "" }, { "session_token", "temporary" } };

/* Self-signed: who signed it is told by where it is had from. */
static const char *
certify(EVP_PKEY *key)
{
	X509 *x = X509_new();
	BIO *out = BIO_new(BIO_s_mem());
	const char *kept;
	char *text;
	long len;

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"sns.amazonaws.com", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_X509(out, x), 1);
	len = BIO_get_mem_data(out, &text);
	kept = arena_strndup(arena, text, (size_t)len);
	BIO_free(out);
	X509_free(x);
	return kept;
}

static int
set_up(void **state)
{
	(void)state;
	stage_open("ses", settings, 9);
	account.channels = 1U << CHANNEL_EMAIL;
	if (own == NULL) {
		own = EVP_RSA_gen(2048);
		strange = EVP_RSA_gen(2048);
	}
	certificate = certify(own);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stage_close();
	return 0;
}

static int
forget(void **state)
{
	EVP_PKEY_free(own);
	EVP_PKEY_free(strange);
	return tear_down(state);
}

static void
requests(void **state)
{
	const struct parcel p[] = { mail_parcel("li@customer.example", "ref1",
					CATEGORY_MARKETING),
		mail_parcel("wang@customer.example", "ref2", CATEGORY_SERVICE) };

	(void)state;
	stage_request("marketing", &p[0], 1);
	stage_request("service", &p[1], 1);
	stage_close();
	stage_open("ses", settings, 10);
	stage_request("temporary", &p[1], 1);
	stage_close();
	set_up(NULL);
}

#define SAYS(text) "{\"message\":\"" text "\"}"

static void
answers(void **state)
{
	const struct parcel p =
	    mail_parcel("li@customer.example", "ref1", CATEGORY_MARKETING);
	static const struct {
		struct stage_answer row;
		const char *said; /* in x-amzn-errortype */
	} rows[] = {
		{ { "taken", 200, "{\"MessageId\":\"0100018\"}", 1, OUTCOME_ACCEPTED,
		      "0100018", "", "", 0 },
		    NULL },
		{ { "no id", 200, "{}", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		    NULL },
		{ { "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		    NULL },
		{ { "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		      0 },
		    NULL },
		{ { "their 500", 500, SAYS("x"), 1, OUTCOME_UNKNOWN, "",
		      "InternalServiceErrorException", "", 0 },
		    "InternalServiceErrorException" },
		{ { "a 5xx never says no", 503, SAYS("x"), 1, OUTCOME_UNKNOWN, "", NULL,
		      "", 0 },
		    "ThrottlingException" },
		{ { "a name nobody knows", 400, SAYS("x"), 1, OUTCOME_UNKNOWN, "",
		      "StrangeException", "", 0 },
		    "StrangeException" },
		{ { "no name", 400, SAYS("x"), 1, OUTCOME_UNKNOWN, "", "http-400", "",
		      0 },
		    NULL },
		{ { "too many", 429, SAYS("x"), 1, OUTCOME_REFUSED_RETRY, "", NULL, "",
		      0 },
		    "TooManyRequestsException" },
		{ { "too fast", 400, SAYS("Maximum sending rate exceeded."), 1,
		      OUTCOME_REFUSED_RETRY, "", NULL, "", 0 },
		    "ThrottlingException" },
		{ { "the day is full", 400, SAYS("Daily message quota exceeded."), 1,
		      OUTCOME_REFUSED_RETRY, "", NULL, "", MS_HOUR },
		    "ThrottlingException" },
		{ { "the limit", 400, SAYS("x"), 1, OUTCOME_REFUSED_RETRY, "", NULL, "",
		      MS_HOUR },
		    "LimitExceededException" },
		{ { "content", 400, SAYS("virus"), 1, OUTCOME_REJECTED, "",
		      "MessageRejected", "", 0 },
		    "MessageRejected" },
		{ { "with an address behind it", 400, SAYS("x"), 1, OUTCOME_REJECTED, "",
		      "BadRequestException", "", 0 },
		    "BadRequestException:http://a.example/" },
		{ { "in the body", 400,
		      "{\"__type\":\"com.amazonaws.sesv2#BadRequestException\","
		      "\"Message\":"
		      "\"x\"}",
		      1, OUTCOME_REJECTED, "", "BadRequestException", "", 0 },
		    NULL },
		{ { "we are not verified", 400, SAYS("Email address is not verified."), 1,
		      OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		    "MessageRejected" },
		{ { "suspended", 400, SAYS("x"), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		      0 },
		    "AccountSuspendedException" },
		{ { "paused", 400, SAYS("x"), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		      0 },
		    "SendingPausedException" },
		{ { "no such configuration set", 404, SAYS("x"), 1, OUTCOME_REJECTED, "",
		      NULL, "freeze", 0 },
		    "NotFoundException" },
		{ { "wrong secret", 403, SAYS("x"), 1, OUTCOME_REJECTED, "", NULL,
		      "freeze", 0 },
		    "SignatureDoesNotMatch" },
		{ { "wrong secret, in v2's words", 403, SAYS("x"), 1, OUTCOME_REJECTED,
		      "", NULL, "freeze", 0 },
		    "InvalidSignatureException" },
		{ { "wrong key", 403, SAYS("x"), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		      0 },
		    "UnrecognizedClientException" },
		{ { "a redirect is not followed", 307, "", 1, OUTCOME_REJECTED, "", NULL,
		      "freeze", 0 },
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct stage_answer *r = &rows[i].row;
		struct answer a = { 0 };

		char head[128] = { 0 };

		if (rows[i].said != NULL)
			memcpy(head + g_strlcpy(head, "X-Amzn-ErrorType", 100) + 1, rows[i].said,
			    strlen(rows[i].said));
		provider->answer(
		    &account, &p, 1,
		    &(struct provider_reply){ r->status, r->body, strlen(r->body), rows[i].said != NULL ? head : NULL }, &a);
		stage_judge(
		    r->name, &a, r->outcome, r->id, r->perr, r->flags, r->retry_after);
	}
}

/* ---- SNS ---- */

struct note {
	const char *type, *topic, *cert, *version, *message, *subject, *confirm;
	EVP_PKEY *key;
};

static const struct note usual = { "Notification", TOPIC, CERT, "2", "x", NULL, NULL,
	NULL };

static const char *
sign(const char *text, const char *version, EVP_PKEY *key)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	uint8_t sig[512];
	size_t len = sizeof(sig);

	assert_int_equal(
	    EVP_DigestSignInit(c, NULL,
		strcmp(version, "1") == 0 ? EVP_sha1() : EVP_sha256(), NULL, key),
	    1);
	assert_int_equal(
	    EVP_DigestSign(c, sig, &len, (const uint8_t *)text, strlen(text)), 1);
	EVP_MD_CTX_free(c);
	return wire_base64(arena, sig, len);
}

/* The envelope as SNS would post it. */
static const char *
envelope(const struct note *note)
{
	bool plain = strcmp(note->type, "Notification") == 0;
	const char *text = arena_printf(arena,
	    "Message\n%s\nMessageId\nid-1\n%s%s%s%s%s%sTimestamp\n"
	    "2026-11-22T03:49:58.000Z\n%sTopicArn\n%s\nType\n%s\n",
	    note->message, note->subject != NULL ? "Subject\n" : "",
	    note->subject != NULL ? note->subject : "", note->subject != NULL ? "\n" : "",
	    plain ? "" : "SubscribeURL\n", plain ? "" : note->confirm, plain ? "" : "\n",
	    plain ? "" : "Token\nt\n", note->topic, note->type);
	json_t *j = json_pack("{ss ss ss ss ss ss ss ss}", "Type", note->type,
	    "MessageId", "id-1", "TopicArn", note->topic, "Message", note->message,
	    "Timestamp", "2026-11-22T03:49:58.000Z", "SignatureVersion", note->version,
	    "Signature", sign(text, note->version, note->key != NULL ? note->key : own),
	    "SigningCertURL", note->cert);
	const char *kept;
	char *out;

	if (note->subject != NULL)
		json_object_set_new(j, "Subject", json_string(note->subject));
	if (!plain) {
		json_object_set_new(j, "SubscribeURL", json_string(note->confirm));
		json_object_set_new(j, "Token", json_string("t"));
	}
	out = json_dumps(j, JSON_COMPACT);
	kept = arena_strdup(arena, out);
	free(out);
	json_decref(j);
	return kept;
}

static int
post(const char *body, bool confirmed, struct receipt **r, int *n,
    struct hook_reply *reply)
{
	const struct pair pages[] = { { CERT, certificate },
		{ "http://127.0.0.1:1/sns.pem", certificate },
		{ confirmed ? CONFIRM : "", "<xml/>" }, { NULL, NULL } };
	static const struct pair fields[] = {
		{ "Content-Type", "text/plain; charset=UTF-8" }, { NULL, NULL }
	};
	const struct stage_hook h = { .body = body, .fields = fields, .fetched = pages };

	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

#define MAIL(type, more)                                                            \
	"{\"eventType\":\"" type "\",\"mail\":{\"messageId\":\"m1\",\"timestamp\":" \
	"\"2026-11-22T03:49:00.000Z\",\"destination\":[\"Li@Customer.example\"],"   \
	"\"tags\":{\"reach_id\":[\"ref1\"]}}" more "}"
#define DELIVERY                                                                      \
	MAIL("Delivery", ",\"delivery\":{\"timestamp\":\"2026-11-22T03:49:58.000Z\"," \
			 "\"recipients\":[\"li@customer.example\"]}")

static void
who_may_post(void **state)
{
	const struct {
		const char *name;
		struct note note;
		int rc, status;
		const char *fetch;
	} rows[] = {
		{ "version 2", { .message = DELIVERY }, 0, 200, NULL },
		{ "version 1", { .version = "1", .message = DELIVERY }, 0, 200, NULL },
		{ "with a subject", { .subject = "Amazon SES", .message = DELIVERY }, 0,
		    200, NULL },
		{ "W1 ses another key", { .key = strange, .message = DELIVERY }, -1, 401,
		    NULL },
		{ "another topic", { .topic = TOPIC "2", .message = DELIVERY }, -1, 401,
		    NULL },
		{ "another topic of another house",
		    { .topic = "arn:aws:sns:ap-southeast-1:999999999999:reach" }, -1, 401,
		    NULL },
		{ "the certificate is not there yet",
		    { .cert = "https://sns.eu-west-1.amazonaws.com/a.pem" }, 1, 0,
		    "https://sns.eu-west-1.amazonaws.com/a.pem" },
		{ "China's", { .cert = "https://sns.cn-north-1.amazonaws.com.cn/a.pem" },
		    1, 0, "https://sns.cn-north-1.amazonaws.com.cn/a.pem" },
		{ "a certificate by http",
		    { .cert = "http://sns.eu-west-1.amazonaws.com/a.pem" }, -1, 401,
		    NULL },
		{ "of another host", { .cert = "https://evil.example/a.pem" }, -1, 401,
		    NULL },
		{ "of a host that begins like theirs",
		    { .cert = "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem" },
		    -1, 401, NULL },
		{ "of a bucket of theirs",
		    { .cert = "https://sns.s3.eu-west-1.amazonaws.com/a.pem" }, -1, 401,
		    NULL },
		{ "of a user at another host",
		    { .cert = "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem" },
		    -1, 401, NULL },
		{ "of another port",
		    { .cert = "https://sns.eu-west-1.amazonaws.com:444/a.pem" }, -1, 401,
		    NULL },
		{ "that is no certificate",
		    { .cert = "https://sns.eu-west-1.amazonaws.com/a.txt" }, -1, 401,
		    NULL },
		{ "that only ends like one",
		    { .cert = "https://sns.eu-west-1.amazonaws.com/?a.pem" }, -1, 401,
		    NULL },
		{ "of an account that is not internal",
		    { .cert = "http://127.0.0.1:1/sns.pem" }, -1, 401, NULL },
		{ "a subscription begins",
		    { .type = "SubscriptionConfirmation", .confirm = CONFIRM }, 1, 0,
		    CONFIRM },
		{ "a subscription elsewhere",
		    { .type = "SubscriptionConfirmation",
			.confirm = "https://evil.example/?Action=ConfirmSubscription" },
		    -1, 401, NULL },
		{ "W1 ses a subscription by another key",
		    { .type = "SubscriptionConfirmation",
			.confirm = CONFIRM,
			.key = strange },
		    -1, 401, NULL },
		{ "a subscription ends",
		    { .type = "UnsubscribeConfirmation", .confirm = CONFIRM }, 0, 200,
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct note note = rows[i].note;
		struct hook_reply reply;
		struct receipt *r;
		int n, rc;

#define USUAL(x) note.x = note.x != NULL ? note.x : usual.x
		USUAL(type);
		USUAL(topic);
		USUAL(cert);
		USUAL(version);
		USUAL(message);
		rc = post(envelope(&note), false, &r, &n, &reply);
		if (rc != rows[i].rc || (rc != 1 && reply.status != rows[i].status) ||
		    g_strcmp0(reply.fetch, rows[i].fetch) != 0)
			fail_msg("%s: %d %d fetch %s", rows[i].name, rc, reply.status,
			    reply.fetch != NULL ? reply.fetch : "");
	}
}

static void
w1_ses_tampered(void **state)
{
	struct note note = usual;
	const char *good, *bad;
	char *other;
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	note.message = DELIVERY;
	good = envelope(&note);
	other = g_strdup(good);
	*(strstr(other, "ref1") + 3) = '2';
	bad = arena_strdup(arena, other);
	g_free(other);
	assert_int_equal(post(good, false, &r, &n, &reply), 0);
	assert_int_equal(post(bad, false, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
	assert_int_equal(post("[", false, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 400);
	assert_int_equal(post("{}", false, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
	certificate = "no certificate";
	assert_int_equal(post(good, false, &r, &n, &reply), -1);
	certificate = certify(own);
}

static void
a_subscription_is_confirmed_by_looking_at_its_page(void **state)
{
	struct note note = usual;
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	note.type = "SubscriptionConfirmation";
	note.confirm = CONFIRM;
	assert_int_equal(post(envelope(&note), true, &r, &n, &reply), 0);
	assert_int_equal(n, 0);
	assert_int_equal(reply.status, 200);
}

/* The sandbox's certificate is its own. */
static void
an_internal_account_believes_its_own_address(void **state)
{
	struct note note = usual;
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	account.url = "http://127.0.0.1:1";
	account.internal = true;
	note.message = DELIVERY;
	note.cert = "http://127.0.0.1:1/sns.pem";
	assert_int_equal(post(envelope(&note), false, &r, &n, &reply), 0);
	note.cert = "http://127.0.0.1:12/sns.pem";
	assert_int_equal(post(envelope(&note), false, &r, &n, &reply), -1);
	account.internal = false;
	account.url = NULL;
}

#define BOUNCE(type, sub)                                                       \
	MAIL("Bounce",                                                          \
	    ",\"bounce\":{\"bounceType\":\"" type "\",\"bounceSubType\":\"" sub \
	    "\",\"bouncedRecipients\":[{\"emailAddress\":\"li@customer.example\"}]}")

static void
events(void **state)
{
	static const struct mail_receipt rows[] = {
		{ "sent", MAIL("Send", ",\"send\":{}"), 1, RECEIPT_SENT, "", false, false,
		    false },
		{ "late", MAIL("DeliveryDelay", ""), 1, RECEIPT_SENT, "", false, false,
		    false },
		{ "delivered", DELIVERY, 1, RECEIPT_DELIVERED, "", false, false, false },
		{ "nobody there", BOUNCE("Permanent", "General"), 1, RECEIPT_FAILED,
		    "General", true, false, false },
		{ "our domain proves nothing",
		    MAIL("Bounce",
			",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\","
			"\"bouncedRecipients\":[{\"emailAddress\":\"li@customer.example\","
			"\"diagnosticCode\":\"smtp; 550 5.7.515 Access denied\"}]}"),
		    1, RECEIPT_FAILED, "5.7.515", false, false, false },
		{ "suppressed", BOUNCE("Permanent", "Suppressed"), 1, RECEIPT_FAILED,
		    "Suppressed", false, true, false },
		{ "on the account's list",
		    BOUNCE("Permanent", "OnAccountSuppressionList"), 1, RECEIPT_FAILED,
		    NULL, false, true, false },
		{ "mailbox full", BOUNCE("Transient", "MailboxFull"), 1, RECEIPT_FAILED,
		    "MailboxFull", false, false, false },
		{ "who knows", BOUNCE("Undetermined", "Undetermined"), 1, RECEIPT_FAILED,
		    NULL, false, false, false },
		{ "a virus", MAIL("Reject", ",\"reject\":{\"reason\":\"Bad content\"}"),
		    1, RECEIPT_FAILED, "Bad content", false, false, false },
		{ "complained", MAIL("Complaint", ",\"complaint\":{}"), 1,
		    RECEIPT_COMPLAINT, "", false, false, false },
		{ "complained long ago",
		    MAIL("Complaint", ",\"complaint\":{\"complaintSubType\":"
				      "\"OnAccountSuppressionList\"}"),
		    1, RECEIPT_FAILED, NULL, false, true, false },
		{ "a complaint counts whoever sent the mail",
		    "{\"eventType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{"
		    "\"emailAddress\":\"li@a.example\"}]}}",
		    1, RECEIPT_COMPLAINT, NULL, false, false, false },
		{ "opened", MAIL("Open", ",\"open\":{}"), 1, RECEIPT_OPEN, "", false,
		    false, false },
		{ "clicked", MAIL("Click", ",\"click\":{\"link\":\"x\"}"), 1,
		    RECEIPT_CLICK, "", false, false, false },
		{ "refused all",
		    MAIL("Subscription", ",\"subscription\":{\"newTopicPreferences\":{"
					 "\"unsubscribeAll\":true}}"),
		    1, RECEIPT_UNSUBSCRIBE, "", false, false, false },
		{ "refused something", MAIL("Subscription", ",\"subscription\":{}"), 0, 0,
		    NULL, false, false, false },
		{ "without event publishing",
		    "{\"notificationType\":\"Delivery\",\"mail\":{\"messageId\":\"m1\"}}",
		    1, RECEIPT_DELIVERED, "", false, false, false },
		{ "the topic is set up",
		    "Successfully validated SNS topic for Amazon SES event publishing.",
		    0, 0, NULL, false, false, false },
		{ "W7 no JSON", "hello", 1, RECEIPT_SENT, NULL, false, false, true },
		{ "W7 of no mail", "{\"eventType\":\"Send\"}", 1, RECEIPT_SENT, NULL,
		    false, false, true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct note note = usual;
		struct hook_reply reply;
		struct receipt *r;
		int n;

		note.message = rows[i].body;
		assert_int_equal(post(envelope(&note), false, &r, &n, &reply), 0);
		mail_judge(&rows[i], n, r);
	}
}

static void
w3_ses_several_people_in_one(void **state)
{
	struct note note = usual;
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	note.message = DELIVERY;
	assert_int_equal(post(envelope(&note), false, &r, &n, &reply), 0);
	assert_string_equal(r->key, "id-1");
	assert_string_equal(r->ref, "ref1");
	assert_string_equal(r->provider_id, "m1");
	assert_string_equal(r->from, "li@customer.example");
	assert_int_equal(r->at, SIGNED_AT - 2 * MS_SECOND);
	note.message = MAIL("Bounce",
	    ",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":["
	    "{\"emailAddress\":\"a@x.example\"},{\"emailAddress\":\"b@x.example\"}]}");
	assert_int_equal(post(envelope(&note), false, &r, &n, &reply), 0);
	assert_int_equal(n, 2);
	assert_string_equal(r[0].from, "a@x.example");
	assert_string_equal(r[1].from, "b@x.example");
	assert_string_equal(r[1].key, "id-1 b@x.example");
}

#define CAME(encoding, content)                                                         \
	"{\"notificationType\":\"Received\",\"receipt\":{\"action\":{\"type\":\"SNS\"," \
	"\"encoding\":\"" encoding                                                      \
	"\"}},\"mail\":{\"messageId\":\"in-1\"},\"content\":\"" content "\"}"
#define LETTER(to, more, words)                                                \
	"From: Li <Li@Customer.example>\\r\\nDate: Sun, 22 Nov 2026 03:49:58 " \
	"+0000\\r\\n"                                                          \
	"Message-ID: <a1@mx.example>\\r\\nIn-Reply-To: <" to ">\\r\\n" more    \
	"Content-Type: text/plain; charset=utf-8\\r\\n\\r\\n" words

/* Receiving: a rule publishes the whole mail; what it answers is named by SES' own id. */
static void
w12_ses_answers_by_mail(void **state)
{
	static const struct {
		const char *name, *body, *id, *text;
		int n;
	} rows[] = {
		{ "an answer",
		    CAME("UTF-8",
			LETTER("0100-m1@ap-southeast-1.amazonses.com", "", "退订")),
		    "0100-m1", "退订", 1 },
		{ "in us-east-1",
		    CAME(
			"UTF-8", LETTER("m2@email.amazonses.com", "", "TD\\r\\n> hello")),
		    "m2", "TD", 1 },
		{ "in base64",
		    CAME("BASE64",
			"RnJvbTogbGlAY3VzdG9tZXIuZXhhbXBsZQ0KSW4tUmVwbHktVG86IDxtM0BlbWFp"
			"bC5hbWF6b25zZXMuY29tPg0KDQpURA0K"),
		    "m3", "TD", 1 },
		{ "by a machine",
		    CAME("UTF-8", LETTER("m1@email.amazonses.com",
				      "Auto-Submitted: auto-replied\\r\\n", "x")),
		    "", "", 0 },
		{ "to a mail of nobody's",
		    CAME("UTF-8", LETTER("m1@elsewhere.example", "", "x")), "", "", 0 },
		{ "to a name that ends alike",
		    CAME("UTF-8", LETTER("m1@notamazonses.com", "", "x")), "", "", 0 },
		{ "no base64", CAME("BASE64", "?"), "", "", 0 },
		{ "nothing in it", "{\"notificationType\":\"Received\"}", "", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct note note = usual;
		struct hook_reply reply;
		struct receipt *r;
		int n;

		note.message = rows[i].body;
		assert_int_equal(post(envelope(&note), false, &r, &n, &reply), 0);
		if (n != rows[i].n)
			fail_msg("%s: %d", rows[i].name, n);
		if (n == 1 &&
		    (r->kind != RECEIPT_REPLY ||
			strcmp(r->provider_id, rows[i].id) != 0 ||
			strcmp(r->text, rows[i].text) != 0 ||
			strcmp(r->from, "li@customer.example") != 0 || r->broken))
			fail_msg("%s: %s %s %s", rows[i].name, r->provider_id, r->text,
			    r->from);
	}
}

static void
settings_are_checked(void **state)
{
	static const struct {
		const char *name;
		int setting;
		const char *value, *wrong;
	} rows[] = {
		{ "good", 3, "eu-west-1", NULL },
		{ "region", 3, "eu west", "region" },
		{ "a region nobody knows is doubted", 3, "eu-west-9", NULL },
		{ "configuration set", 6, "a/b", "configuration_set" },
		{ "topic", 7, "reach", "topic_arn" },
		{ "answers", 8, "yes", NULL },
		{ "answers, perhaps", 8, "perhaps", "inbound" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct report *r = report_new();
		struct err e = { 0 };

		account.settings[rows[i].setting].value = rows[i].value;
		provider->check(&account, r);
		if ((report_first(r, &e) != 0) != (rows[i].wrong != NULL) ||
		    (rows[i].wrong != NULL && strstr(e.text, rows[i].wrong) == NULL))
			fail_msg("%s: %s", rows[i].name, e.text);
		report_free(r);
		tear_down(NULL);
		set_up(NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(answers),
		cmocka_unit_test(who_may_post),
		cmocka_unit_test(w1_ses_tampered),
		cmocka_unit_test(a_subscription_is_confirmed_by_looking_at_its_page),
		cmocka_unit_test(an_internal_account_believes_its_own_address),
		cmocka_unit_test(events),
		cmocka_unit_test(w3_ses_several_people_in_one),
		cmocka_unit_test(w12_ses_answers_by_mail),
		cmocka_unit_test(settings_are_checked),
	};

	return cmocka_run_group_tests(tests, set_up, forget);
}
