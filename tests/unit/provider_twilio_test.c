/* Twilio: the bytes it is sent, what its answers mean, what it posts and who signed it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/wire.h"
#include "provider_stage.h"

#define SID "AC00000000000000000000000000example"
#define TOKEN "12345"
#define REF "0abcdefgh0123456789jkmnp"

static struct parcel
parcel(void)
{
	return (struct parcel){ .msg = 1,
		.to = "+8619900000001",
		.ref = REF,
		.call = "",
		.channel = CHANNEL_SMS,
		.category = CATEGORY_SERVICE,
		.subject = "",
		.text = "李女士，您的车 11月28日 10:00 到店保养，回 TD 退订 & 谢谢",
		.html = "",
		.unsubscribe = "",
		.customer = "",
		.signature = "示例汽车服务",
		.begun_at = SIGNED_AT,
		.expires_at = SIGNED_AT + 2 * MS_HOUR };
}

static const struct pair by_number[] = { { "account_sid", SID }, { "auth_token", TOKEN },
	{ "from", "+15005550006" } };
static const struct pair by_service[] = { { "account_sid", SID }, { "auth_token", TOKEN },
	{ "api_key", "SKexample" }, { "api_secret", "key-secret" },
	{ "messaging_service", "MGexample" } };

static int
set_up(void **state)
{
	(void)state;
	stage_open("twilio", by_number, 3);
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
	struct parcel p = parcel();

	(void)state;
	stage_request("number", &p, 1);
	stage_close();
	stage_open("twilio", by_service, 5);
	account.hook_secret = "hooksecret";
	p.expires_at = SIGNED_AT + 3 * MS_DAY; /* they take ten hours */
	stage_request("service", &p, 1);
}

static void
t10_too_long_a_text(void **state)
{
	GString *s = g_string_new(NULL);
	struct parcel p = parcel();

	(void)state;
	for (int i = 0; i < 1598; i++)
		g_string_append(s, "车");
	g_string_append(s, "\xf0\x9f\x9a\x97"); /* a car: two of their characters */
	p.text = s->str;
	assert_null(provider->refuses(&account, &p, arena));
	g_string_append(s, "车");
	p.text = s->str;
	assert_string_equal(provider->refuses(&account, &p, arena),
	    "main takes 1600 characters, not 1601");
	g_string_free(s, TRUE);
}

static void
settings(void **state)
{
	static const struct {
		const char *name, *wants;
		struct pair set[4];
		int n;
	} rows[] = {
		{ "both senders", "one sender",
		    { { "account_sid", SID }, { "from", "+1" },
			{ "messaging_service", "MG1" } },
		    3 },
		{ "no sender", "one sender", { { "account_sid", SID } }, 1 },
		{ "a number as service", "does not begin with MG",
		    { { "account_sid", SID }, { "messaging_service", "+1" } }, 2 },
		{ "a key as account", "does not begin with AC",
		    { { "account_sid", "SK1" }, { "from", "+1" } }, 2 },
		{ "half a key", "go together",
		    { { "account_sid", SID }, { "from", "+1" }, { "api_key", "SK1" } },
		    3 },
		{ "all well", NULL, { { "account_sid", SID }, { "from", "+1" } }, 2 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct report *r = report_new();
		struct err e = { 0 };

		stage_close();
		stage_open("twilio", rows[i].set, rows[i].n);
		provider->check(&account, r);
		report_first(r, &e);
		if (rows[i].wants == NULL ? e.text[0] != '\0'
					  : strstr(e.text, rows[i].wants) == NULL)
			fail_msg("%s: \"%s\"", rows[i].name, e.text);
		report_free(r);
	}
}

#define ERROR(code, status) \
	"{\"code\":" code ",\"message\":\"m\",\"more_info\":\"u\",\"status\":" status "}"
#define TAKEN "SM0123456789abcdef0123456789abcdef"

static void
answers(void **state)
{
	static const struct stage_answer rows[] = {
		{ "taken", 201, "{\"sid\":\"" TAKEN "\",\"status\":\"queued\"}", 1,
		    OUTCOME_ACCEPTED, TAKEN, "", "", 0 },
		{ "taken by a service", 201,
		    "{\"sid\":\"" TAKEN "\",\"status\":\"accepted\"}", 1,
		    OUTCOME_ACCEPTED, TAKEN, "", "", 0 },
		{ "no id", 201, "{\"status\":\"queued\"}", 1, OUTCOME_UNKNOWN, "", NULL,
		    "", 0 },
		{ "an empty id", 201, "{\"sid\":\"\"}", 1, OUTCOME_UNKNOWN, "", NULL, "",
		    0 },
		{ "no JSON", 201, "<html>", 1, OUTCOME_UNKNOWN, "", "http-201", "", 0 },
		{ "an id in a bad gateway", 502, "{\"sid\":\"" TAKEN "\"}", 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "bad gateway", 502, "<html>", 1, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "their 5xx may have been taken", 500, ERROR("20500", "500"), 1,
		    OUTCOME_UNKNOWN, "", "20500", "", 0 },
		{ "unavailable, too", 503, ERROR("20503", "503"), 1, OUTCOME_UNKNOWN, "",
		    "20503", "", 0 },
		{ "whatever the status says", 400, ERROR("20500", "400"), 1,
		    OUTCOME_UNKNOWN, "", "20500", "", 0 },
		{ "a refusal's code with a 5xx", 500, ERROR("21211", "500"), 1,
		    OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a time-out", 408, ERROR("20408", "408"), 1, OUTCOME_UNKNOWN, "", NULL,
		    "", 0 },
		{ "too many calls: never processed", 429, ERROR("20429", "429"), 1,
		    OUTCOME_REFUSED_RETRY, "", "20429", "", 0 },
		{ "with any body", 429, "slow down", 1, OUTCOME_REFUSED_RETRY, "",
		    "http-429", "", 0 },
		{ "the sender's queue is full", 400, ERROR("21611", "400"), 1,
		    OUTCOME_REFUSED_RETRY, "", "21611", "", 5 * MS_MINUTE },
		{ "no such number", 400, ERROR("21211", "400"), 1, OUTCOME_REJECTED, "",
		    "21211", "bad_address", 0 },
		{ "of no use", 400, ERROR("21214", "400"), 1, OUTCOME_REJECTED, "", NULL,
		    "bad_address", 0 },
		{ "not in their form", 400, ERROR("21217", "400"), 1, OUTCOME_REJECTED,
		    "", NULL, "bad_address", 0 },
		{ "no mobile", 400, ERROR("21614", "400"), 1, OUTCOME_REJECTED, "", NULL,
		    "bad_address", 0 },
		{ "not from this sender", 400, ERROR("21612", "400"), 1, OUTCOME_REJECTED,
		    "", NULL, "", 0 },
		{ "opted out there", 400, ERROR("21610", "400"), 1, OUTCOME_REJECTED, "",
		    NULL, "opted_out", 0 },
		{ "too long", 400, ERROR("21617", "400"), 1, OUTCOME_REJECTED, "", NULL,
		    "", 0 },
		{ "a refusal nobody knows", 400, ERROR("21999", "400"), 1,
		    OUTCOME_REJECTED, "", "21999", "", 0 },
		{ "400 without their JSON", 400, "<html>", 1, OUTCOME_UNKNOWN, "",
		    "http-400", "", 0 },
		{ "wrong token", 401, ERROR("20003", "401"), 1, OUTCOME_REJECTED, "",
		    "20003", "freeze", 0 },
		{ "no such account", 404, ERROR("20404", "404"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "suspended", 403, ERROR("20005", "403"), 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
		{ "forbidden, whatever for", 403, ERROR("20999", "403"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "country not enabled", 400, ERROR("21408", "400"), 1, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "not our sender", 400, ERROR("21606", "400"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "no sender in the service", 400, ERROR("21703", "400"), 1,
		    OUTCOME_REJECTED, "", NULL, "freeze", 0 },
		{ "the day's limit", 400, ERROR("63038", "400"), 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "a redirect is not followed", 307, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};
	const struct parcel p = parcel();

	(void)state;
	stage_answers(&p, rows, G_N_ELEMENTS(rows));
}

/* ---- webhooks ---- */

#define SIGNATURE "X-Twilio-Signature"

/* HMAC-SHA1 by GLib, for the signature must not come from the code it is to test. */
static const char *key = TOKEN;

static const char *
hmac(const char *to_sign)
{
	uint8_t mac[20];
	gsize n = sizeof(mac);
	GHmac *h = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)key, strlen(key));
	char *text;
	const char *kept;

	g_hmac_update(h, (const guchar *)to_sign, -1);
	g_hmac_get_digest(h, mac, &n);
	g_hmac_unref(h);
	text = g_base64_encode(mac, n);
	kept = arena_strdup(arena, text);
	g_free(text);
	return kept;
}

struct posted {
	int rc, n;
	struct hook_reply reply;
	struct receipt *r;
};

#define HOOK "https://reach.example.com/hooks/twilio/main"

static struct posted
post(const char *query, const char *body, const char *to_sign)
{
	const struct pair fields[] = {
		{ SIGNATURE, to_sign != NULL ? hmac(to_sign) : "" }, { NULL, NULL }
	};
	const struct stage_hook h = { .query = query, .body = body, .fields = fields };
	struct posted p;

	p.rc = stage_hook(&h, SIGNED_AT, &p.r, &p.n, &p.reply);
	return p;
}

#define DELIVERED "MessageSid=SM1&MessageStatus=delivered&To=%2B8619900000001"
#define DELIVERED_SIGNED "MessageSidSM1MessageStatusdeliveredTo+8619900000001"

/* What is signed: address and parameters by name, however they came. */
static void
w1_signatures(void **state)
{
	static const struct {
		const char *name, *query, *body, *to_sign;
		int status;
	} rows[] = {
		{ "good", "ref=" REF, DELIVERED, HOOK "?ref=" REF DELIVERED_SIGNED, 200 },
		{ "with the standard port", "ref=" REF, DELIVERED,
		    "https://reach.example.com:443/hooks/twilio/main?ref=" REF
			DELIVERED_SIGNED,
		    200 },
		{ "with another port", "ref=" REF, DELIVERED,
		    "https://reach.example.com:8443/hooks/twilio/main?ref=" REF
			DELIVERED_SIGNED,
		    401 },
		{ "in another order", "",
		    "To=%2B8619900000001&MessageStatus=delivered&MessageSid=SM1",
		    HOOK DELIVERED_SIGNED, 200 },
		{ "a parameter nobody knows is signed, too", "", DELIVERED "&Aaa=x+y",
		    HOOK "Aaax y" DELIVERED_SIGNED, 200 },
		{ "and must be", "", DELIVERED "&Aaa=x", HOOK DELIVERED_SIGNED, 401 },
		{ "several values: sorted, each once", "", DELIVERED "&A=2&A=1&A=2",
		    HOOK "A1A2" DELIVERED_SIGNED, 200 },
		{ "several values as they came", "", DELIVERED "&A=2&A=1&A=2",
		    HOOK "A2A1A2" DELIVERED_SIGNED, 401 },
		{ "W1 none", "", DELIVERED, NULL, 401 },
		{ "W1 of another message's address", "ref=" REF, DELIVERED,
		    HOOK "?ref=other" DELIVERED_SIGNED, 401 },
		{ "W1 tampered body", "", DELIVERED,
		    HOOK "MessageSidSM1MessageStatus"
			 "failedTo+8619900000001",
		    401 },
		{ "W1 of the address alone", "", DELIVERED, HOOK, 401 },
		{ "a broken escape", "", "MessageSid=%zz", HOOK "MessageSid", 400 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct posted p = post(rows[i].query, rows[i].body, rows[i].to_sign);

		if (p.reply.status != rows[i].status ||
		    p.rc != (rows[i].status == 200 ? 0 : -1) || p.n != (p.rc == 0))
			fail_msg("%s: %d status %d", rows[i].name, p.rc, p.reply.status);
	}
}

/* Without a token nothing is signed, whatever somebody signs with an empty one. */
static void
w1_no_token(void **state)
{
	static const struct pair none[] = { { "account_sid", SID } };

	(void)state;
	stage_close();
	stage_open("twilio", none, 1);
	key = "";
	assert_int_equal(post("", DELIVERED, HOOK DELIVERED_SIGNED).reply.status, 401);
	key = TOKEN;
}

static void
w1_a_port_of_our_own(void **state)
{
	const char *urls[] = { "https://h.example:8443/x", "https://h.example/x" };
	const struct pair fields[] = { { SIGNATURE,
					   hmac("https://h.example/x" DELIVERED_SIGNED) },
		{ NULL, NULL } };
	const struct stage_hook h = { .body = DELIVERED, .fields = fields };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		const struct hook_request req = { .method = "POST",
			.path = "",
			.query = "",
			.url = urls[i],
			.body = h.body,
			.body_len = strlen(h.body),
			.header = stage_field,
			.arg = &h,
			.fetched = stage_fetched,
			.now = SIGNED_AT };
		struct hook_reply reply;
		struct receipt *r;
		int n;

		assert_int_equal(
		    provider->hook(&account, &config, &req, arena, &r, &n, &reply), 0);
	}
}

static void
a_json_body_is_signed_by_its_hash(void **state)
{
	const char *body = "{\"MessageSid\":\"SM1\",\"MessageStatus\":\"sent\"}";
	char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, body, -1);
	const char *query = arena_printf(arena, "ref=%s&bodySHA256=%s", REF, hash),
		   *url = arena_printf(arena, HOOK "?%s", query);
	struct posted p = post(query, body, url);

	(void)state;
	assert_int_equal(p.rc, 0);
	assert_int_equal(p.r->kind, RECEIPT_SENT);
	assert_string_equal(p.r->ref, REF);
	assert_string_equal(p.r->provider_id, "SM1");
	assert_int_equal(post(query, "{\"MessageSid\":\"SM2\"}", url).reply.status, 401);
	assert_int_equal(post(query, DELIVERED, url).reply.status, 401);
	g_free(hash);
}

/* Posts it signed: the fields must be in order. */
static struct posted
posted(const char *query, const char *body)
{
	const char **names, **values;
	int n = wire_fields(arena, body, &names, &values);
	GString *s = g_string_new(HOOK);
	struct posted p;

	if (query[0] != '\0')
		g_string_append_printf(s, "?%s", query);
	for (int i = 0; i < n; i++)
		g_string_append_printf(s, "%s%s", names[i], values[i]);
	p = post(query, body, s->str);
	g_string_free(s, TRUE);
	return p;
}

static void
states(void **state)
{
	static const struct {
		const char *word;
		enum receipt_kind kind;
		bool broken;
	} rows[] = { { "queued", RECEIPT_SENT, false },
		{ "accepted", RECEIPT_SENT, false }, { "scheduled", RECEIPT_SENT, false },
		{ "sending", RECEIPT_SENT, false }, { "sent", RECEIPT_SENT, false },
		{ "partially_delivered", RECEIPT_SENT, false },
		{ "delivered", RECEIPT_DELIVERED, false },
		{ "read", RECEIPT_DELIVERED, false },
		{ "undelivered", RECEIPT_FAILED, false },
		{ "failed", RECEIPT_FAILED, false },
		{ "canceled", RECEIPT_FAILED, false }, { "novel", RECEIPT_SENT, true } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct posted p = posted("ref=" REF,
		    arena_printf(arena, "MessageSid=SM1&MessageStatus=%s", rows[i].word));

		if (p.rc != 0 || p.r->broken != rows[i].broken ||
		    (!p.r->broken &&
			(p.r->kind != rows[i].kind || strcmp(p.r->ref, REF) != 0 ||
			    strcmp(p.r->provider_id, "SM1") != 0)))
			fail_msg("%s: %d kind %d", rows[i].word, p.rc, (int)p.r->kind);
	}
}

static void
webhooks(void **state)
{
	static const struct {
		const char *name, *body;
		enum receipt_kind kind;
		const char *from, *text, *perr;
		bool broken, bad_address, opted_out;
	} rows[] = {
#define FAILED(code)                                                   \
	"ErrorCode=" code "&MessageSid=SM1&MessageStatus=undelivered&" \
	"To=%2B8619900000001"
#define REPLY(text, more) \
	"Body=" text "&From=%2B8619900000001&MessageSid=SM2" more "&SmsStatus=received"
#define FROM "+8619900000001"
		{ "unknown number", FAILED("30005"), RECEIPT_FAILED, FROM, "", "30005",
		    false, true, false },
		{ "a landline", FAILED("30006"), RECEIPT_FAILED, FROM, "", "30006", false,
		    true, false },
		{ "switched off", FAILED("30003"), RECEIPT_FAILED, FROM, "", "30003",
		    false, false, false },
		{ "filtered", FAILED("30007"), RECEIPT_FAILED, FROM, "", "30007", false,
		    false, false },
		{ "opted out there", FAILED("21610"), RECEIPT_FAILED, FROM, "", "21610",
		    false, false, true },
		{ "W12 a reply", REPLY("%E9%80%80%E8%AE%A2", ""), RECEIPT_REPLY, FROM,
		    "退订", "", false, false, false },
		{ "a word that they know for STOP", REPLY("Arret", "&OptOutType=STOP"),
		    RECEIPT_REPLY, FROM, "Arret", "", false, false, true },
		{ "and one for START", REPLY("Encore", "&OptOutType=START"),
		    RECEIPT_REPLY, FROM, "Encore", "", false, false, false },
		{ "bytes that are no text", REPLY("a%ffb", ""), RECEIPT_REPLY, FROM,
		    "a\xef\xbf\xbd"
		    "b",
		    "", false, false, false },
		{ "W7 a reply of nobody", "Body=x&MessageSid=SM2&SmsStatus=received",
		    RECEIPT_REPLY, "", "x", "", true, false, false },
		{ "W7 nothing of a message", "CallSid=CA1", RECEIPT_SENT, "", "", "",
		    true, false, false },
		{ "W7 nothing at all", "", RECEIPT_SENT, "", "", "", true, false, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct posted p = posted("", rows[i].body);

		if (p.rc != 0 || p.n != 1 || p.r->kind != rows[i].kind ||
		    strcmp(p.r->from, rows[i].from) != 0 ||
		    strcmp(p.r->text, rows[i].text) != 0 ||
		    strcmp(p.r->perr, rows[i].perr) != 0 ||
		    p.r->broken != rows[i].broken ||
		    p.r->bad_address != rows[i].bad_address ||
		    p.r->opted_out != rows[i].opted_out)
			fail_msg("%s: %d kind %d from \"%s\" text \"%s\"", rows[i].name,
			    p.rc, (int)p.r->kind, p.r->from, p.r->text);
		assert_string_equal(p.reply.type, "text/xml");
		assert_non_null(strstr(p.reply.body, "<Response></Response>"));
	}
}

/* Told again it is the same event, whatever else it says; another state is another. */
static void
w3_the_same_state_has_one_key(void **state)
{
	struct posted a = posted("ref=" REF, "MessageSid=SM1&MessageStatus=sent"),
		      b = posted("ref=" REF, "MessageSid=SM1&MessageStatus=sent&X=1"),
		      c = posted("ref=" REF, "MessageSid=SM1&MessageStatus=delivered"),
		      d = posted("ref=" REF, "MessageSid=SM2&MessageStatus=sent");

	(void)state;
	assert_string_equal(a.r->key, b.r->key);
	assert_string_not_equal(a.r->key, c.r->key);
	assert_string_not_equal(a.r->key, d.r->key);
}

static void
only_posts(void **state)
{
	const struct stage_hook h = { .method = "GET", .body = "" };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 405);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests),
		TEST(t10_too_long_a_text),
		TEST(settings),
		TEST(answers),
		TEST(w1_signatures),
		TEST(w1_no_token),
		TEST(w1_a_port_of_our_own),
		TEST(a_json_body_is_signed_by_its_hash),
		TEST(states),
		TEST(webhooks),
		TEST(w3_the_same_state_has_one_key),
		TEST(only_posts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
