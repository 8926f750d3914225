/* Mailgun: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/wire.h"
#include "provider_stage.h"

#include "mail_named.h"

static int
set_up(void **state)
{
	static const struct pair settings[] = { MAIL_ACCOUNT,
		{ "domain", "mg.dealer.example" }, { "api_key", "key-example" },
		{ "signing_key", "signing-example" },
		{ "events_key", "events-example" } };

	(void)state;
	stage_open("mailgun", settings, G_N_ELEMENTS(settings));
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
one_form_for_all(void **state)
{
	const struct parcel a = service_mail("c1@example.com", "ref1", "李女士"),
			    m = marketing_mail("c2@example.com", "ref2", "王先生");
	struct parcel b = service_mail("c2@example.com", "ref2", "王先生"), c = b, d = b;

	(void)state;
	assert_true(provider->together(&a, &b));
	assert_false(provider->together(&a, &m));
	c.text = "%recipient.name%";
	assert_false(provider->together(&a, &c));
	d.html = "";
	assert_false(provider->together(&a, &d));
}

#define SAYS(text) "{\"message\":\"" text "\"}"
#define TAKEN "{\"id\":\"<2026.1@mg.dealer.example>\",\"message\":\"Queued.\"}"

static void
answers(void **state)
{
	const struct parcel p[] = { marketing_mail("c1@example.com", "ref1", "李女士"),
		marketing_mail("c2@example.com", "ref2", "王先生") };
	static const struct stage_answer rows[] = {
		{ "taken", 200, TAKEN, 1, OUTCOME_ACCEPTED, "2026.1@mg.dealer.example",
		    "", "", 0 },
		{ "a batch taken: one id", 200, TAKEN, 2, OUTCOME_ACCEPTED,
		    "2026.1@mg.dealer.example", "", "", 0 },
		{ "no id", 200, SAYS("Queued."), 1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "an id with another status", 502, TAKEN, 1, OUTCOME_UNKNOWN, "", NULL,
		    "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "no such address", 400,
		    SAYS("'to' parameter is not a valid address. please check "
			 "documentation"),
		    1, OUTCOME_REJECTED, "", "http-400 to", "bad_address", 0 },
		{ "one of a batch: each alone", 400,
		    SAYS("'to' parameter is not a valid address."), 2,
		    OUTCOME_REFUSED_RETRY, "", NULL, "alone", 0 },
		{ "content", 400, SAYS("'from' parameter is missing"), 1,
		    OUTCOME_REJECTED, "", "http-400", "", 0 },
		{ "400 of a proxy", 400, "<html>", 1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "too long", 413, SAYS("x"), 1, OUTCOME_REJECTED, "", NULL, "", 0 },
		{ "wrong key, in plain words", 401, "Forbidden", 1, OUTCOME_REJECTED, "",
		    NULL, "freeze", 0 },
		{ "401 of a proxy", 401, "<html>", 1, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "the plan's end", 402, SAYS("x"), 2, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
		{ "forbidden", 403, SAYS("x"), 1, OUTCOME_REJECTED, "", NULL, "freeze",
		    0 },
		{ "no such domain", 404, SAYS("Domain not found"), 1, OUTCOME_REJECTED,
		    "", NULL, "freeze", 0 },
		{ "too many", 429, "", 1, OUTCOME_REFUSED_RETRY, "", "http-429", "", 0 },
		{ "their 5xx may have been taken", 500, SAYS("Internal Server Error"), 1,
		    OUTCOME_UNKNOWN, "", "http-500", "", 0 },
		{ "bad gateway", 502, "<html>", 2, OUTCOME_UNKNOWN, "", NULL, "", 0 },
		{ "a redirect is not followed", 301, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(p, rows, G_N_ELEMENTS(rows));
}

/* Webhooks -------------------------------------------------------------------------- */

static const char *
sign(const char *stamp, const char *token)
{
	const char *text = arena_printf(arena, "%s%s", stamp, token);
	uint8_t mac[32];

	wire_hmac(WIRE_SHA256, "signing-example", 15, text, strlen(text), mac);
	return wire_hex(arena, mac, sizeof(mac));
}

static const char *
event(const char *stamp, const char *token, const char *signature, const char *data)
{
	return arena_printf(arena,
	    "{\"signature\":{\"timestamp\":\"%s\",\"token\":\"%s\",\"signature\":\"%s\"},"
	    "\"event-data\":%s}",
	    stamp, token, signature, data);
}

static int
post(const char *body, struct receipt **r, int *n, struct hook_reply *reply)
{
	const struct stage_hook h = { .body = body };

	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

#define NOW "1795319400"
#define DATA(more)                                                                   \
	"{\"recipient\":\"c1@example.com\",\"timestamp\":1795319399.5,\"message\":{" \
	"\"headers\":{\"message-id\":\"2026.1@mg.dealer.example\"}},"                \
	"\"user-variables\":{\"reach-id\":\"ref1\"}," more "}"

static void
w1_w2_signatures(void **state)
{
	const char *data = DATA("\"event\":\"delivered\"");
	const struct {
		const char *name, *body;
		int status;
	} rows[] = {
		{ "right", event(NOW, "t1", sign(NOW, "t1"), data), 200 },
		{ "W1 another token", event(NOW, "t2", sign(NOW, "t1"), data), 401 },
		{ "W1 another time", event("1795319401", "t1", sign(NOW, "t1"), data),
		    401 },
		{ "W1 missing", event(NOW, "t1", "", data), 401 },
		{ "W1 no token", event(NOW, "", sign(NOW, ""), data), 401 },
		{ "W1 in capitals", event(NOW, "t1", "ABCDEF", data), 401 },
		{ "W2 a retry of hours ago",
		    event("1795290000", "t1", sign("1795290000", "t1"), data), 200 },
		{ "W2 older than their retries",
		    event("1795286999", "t1", sign("1795286999", "t1"), data), 401 },
		{ "W2 of the future",
		    event("1795323001", "t1", sign("1795323001", "t1"), data), 401 },
		{ "never right: no JSON", "[", 406 },
		{ "never right: no signature", "{}", 406 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n;

		post(rows[i].body, &r, &n, &reply);
		if (reply.status != rows[i].status)
			fail_msg("%s: %d", rows[i].name, reply.status);
	}
}

/* The body is not covered: what comes again under a token is told by it, whatever it says. */
static void
w3_a_token_is_good_once(void **state)
{
	const char *signature = sign(NOW, "t1");
	struct hook_reply reply;
	struct receipt *a, *b;
	int n;

	(void)state;
	assert_int_equal(post(event(NOW, "t1", signature,
				  DATA("\"event\":\"delivered\",\"id\":\"1\"")),
			     &a, &n, &reply),
	    0);
	assert_int_equal(post(event(NOW, "t1", signature,
				  DATA("\"event\":\"complained\",\"id\":\"2\"")),
			     &b, &n, &reply),
	    0);
	assert_string_not_equal(a->key, b->key);
	assert_string_equal(a->once, b->once);
	assert_int_equal(a->at, SIGNED_AT - MS_SECOND / 2);
	assert_string_equal(a->from, "c1@example.com");
}

static void
plain_http_is_not_believed(void **state)
{
	const struct stage_hook h = { .body = event(NOW, "t1", sign(NOW, "t1"),
					  DATA("\"event\":\"delivered\"")) };
	struct hook_request req = { .method = "POST",
		.path = "",
		.query = "",
		.url = "http://reach.example.com/hooks/mailgun/main",
		.body = h.body,
		.body_len = strlen(h.body),
		.header = stage_field,
		.arg = &h,
		.now = SIGNED_AT };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(
	    provider->hook(&account, &config, &req, arena, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
	account.internal = true;
	assert_int_equal(
	    provider->hook(&account, &config, &req, arena, &r, &n, &reply), 0);
}

#define ID "2026.1@mg.dealer.example"
#define FAILED(severity, reason, status)                                               \
	DATA("\"event\":\"failed\",\"severity\":\"" severity "\",\"reason\":\"" reason \
	     "\",\"delivery-status\":{" status "}")

static void
events(void **state)
{
	static const struct mail_event rows[] = {
		{ "taken", DATA("\"event\":\"accepted\""), 1, RECEIPT_SENT, "ref1", ID,
		    "", "" },
		{ "there", DATA("\"event\":\"delivered\""), 1, RECEIPT_DELIVERED, "ref1",
		    ID, "", "" },
		{ "it tries again itself", FAILED("temporary", "generic", "\"code\":451"),
		    1, RECEIPT_SENT, "ref1", ID, "", "" },
		{ "nobody is there",
		    FAILED("permanent", "bounce",
			"\"code\":550,\"enhanced-code\":\"5.1.1\""),
		    1, RECEIPT_FAILED, "ref1", ID, "5.1.1", "bad_address" },
		{ "a filter",
		    FAILED("permanent", "bounce",
			"\"code\":550,\"enhanced-code\":\"5.7.1\""),
		    1, RECEIPT_FAILED, "ref1", ID, "5.7.1", "" },
		{ "our domain proves nothing",
		    FAILED("permanent", "bounce",
			"\"code\":550,\"enhanced-code\":\"\",\"message\":\"550-5.7.26 This "
			"mail has been blocked\""),
		    1, RECEIPT_FAILED, "ref1", ID, "5.7.26", "distrusted" },
		{ "bounced before",
		    FAILED("permanent", "suppress-bounce", "\"code\":605"), 1,
		    RECEIPT_FAILED, "ref1", ID, "suppress-bounce", "bad_address" },
		{ "wants no more",
		    FAILED("permanent", "suppress-unsubscribe", "\"code\":606"), 1,
		    RECEIPT_FAILED, "ref1", ID, "suppress-unsubscribe", "opted_out" },
		{ "has complained",
		    FAILED("permanent", "suppress-complaint", "\"code\":607"), 1,
		    RECEIPT_FAILED, "ref1", ID, "suppress-complaint", "opted_out" },
		{ "refused by Mailgun", DATA("\"event\":\"rejected\""), 1, RECEIPT_FAILED,
		    "ref1", ID, "rejected", "" },
		{ "opened", DATA("\"event\":\"opened\",\"client-info\":{\"bot\":\"\"}"),
		    1, RECEIPT_OPEN, "ref1", ID, "", "" },
		{ "opened by a machine",
		    DATA("\"event\":\"opened\",\"client-info\":{\"bot\":\"apple\"}"), 0,
		    0, "", "", "", "" },
		{ "clicked", DATA("\"event\":\"clicked\""), 1, RECEIPT_CLICK, "ref1", ID,
		    "", "" },
		{ "wants no more", DATA("\"event\":\"unsubscribed\""), 1,
		    RECEIPT_UNSUBSCRIBE, "ref1", ID, "", "" },
		{ "complaint", DATA("\"event\":\"complained\""), 1, RECEIPT_COMPLAINT,
		    "ref1", ID, "", "" },
		{ "put by", DATA("\"event\":\"stored\""), 0, 0, "", "", "", "" },
		{ "a variable as it was written: by id and address",
		    "{\"event\":\"delivered\",\"recipient\":\"c1@example.com\","
		    "\"user-variables\":{\"reach-id\":\"%recipient.ref%\"},\"message\":"
		    "{\"headers\":{\"message-id\":\"" ID "\"}}}",
		    1, RECEIPT_DELIVERED, "", ID, "", "" },
		{ "an event nobody knows is kept", DATA("\"event\":\"strange\""), 1,
		    RECEIPT_SENT, "ref1", ID, "", "broken" },
		{ "a stop counts whoever sent the mail",
		    "{\"event\":\"unsubscribed\",\"recipient\":\"c1@example.com\"}", 1,
		    RECEIPT_UNSUBSCRIBE, "", "", "", "" },
		{ "so does a complaint",
		    "{\"event\":\"complained\",\"recipient\":\"c1@example.com\"}", 1,
		    RECEIPT_COMPLAINT, "", "", "", "" },
		{ "of no mail", "{\"event\":\"delivered\",\"recipient\":\"c1@example.com\"}",
		    1, RECEIPT_DELIVERED, "", "", "", "broken" },
		{ "no event", "3", 1, RECEIPT_SENT, "", "", "", "broken" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n, rc = post(
			   event(NOW, "t", sign(NOW, "t"), rows[i].body), &r, &n, &reply);

		check_event(&rows[i], rc, n, r);
	}
}

static void
w12_an_answer_by_a_route(void **state)
{
	static const struct pair fields[] = {
		{ "Content-Type", "application/x-www-form-urlencoded; charset=utf-8" },
		{ NULL, NULL }
	};
	GString *form = g_string_new(NULL);
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	wire_field(form, "sender", "C1@example.com");
	wire_field(form, "stripped-text", "退订");
	wire_field(form, "body-plain", "退订\r\n> 您的车好了");
	wire_field(form, "In-Reply-To", "<ref1@dealer.example>");
	wire_field(form, "timestamp", NOW);
	wire_field(form, "token", "t1");
	wire_field(form, "signature", sign(NOW, "t1"));
	struct stage_hook h = { .body = form->str, .fields = fields };
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	assert_int_equal(r->kind, RECEIPT_REPLY);
	assert_string_equal(r->from, "c1@example.com");
	assert_string_equal(r->text, "退订");
	assert_string_equal(r->ref, "ref1");
	assert_string_equal(r->key, "t1");
	assert_int_equal(r->at, SIGNED_AT);
	h.body = "sender=c1%40example.com&timestamp=" NOW "&token=t1&signature=00";
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 401);
	g_string_free(form, TRUE);
}

static void
w12_an_answer_with_an_attachment(void **state)
{
	static const struct pair fields[] = {
		{ "Content-Type", "multipart/form-data; boundary=b1" }, { NULL, NULL }
	};
#define PART(name) "--b1\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
	const struct stage_hook h = { .fields = fields,
		.body = arena_printf(arena,
		    PART("sender") "c1@example.com\r\n" PART(
			"stripped-text") "谢谢，\r\n周六来\r\n" PART("timestamp") NOW
		    "\r\n" PART("token") "t1\r\n" PART(
			"signature") "%s\r\n"
				     "--b1\r\nContent-Disposition: form-data; "
				     "name=\"attachment-1\"; "
				     "filename=\"a.jpg\"\r\nContent-Type: "
				     "image/jpeg\r\n\r\nxx\r\n--b1--\r\n",
		    sign(NOW, "t1")) };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	(void)state;
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	assert_int_equal(r->kind, RECEIPT_REPLY);
	assert_string_equal(r->from, "c1@example.com");
	assert_string_equal(r->text, "谢谢，\r\n周六来");
	assert_string_equal(r->key, "t1");
}

/* ---- asked ---- */

#define LISTED(event, ref, id)                                                       \
	"{\"event\":" event ",\"recipient\":\"c1@example.com\",\"user-variables\":{" \
	"\"reach-id\":\"" ref "\"},\"message\":{\"headers\":{\"message-id\":\"" id   \
	"\"}}}"
#define GONE "\"failed\",\"severity\":\"permanent\",\"reason\":\"suppress-unsubscribe\""
#define LATE "\"failed\",\"severity\":\"temporary\""
#define ITEMS(rows) "{\"items\":[" rows "],\"paging\":{}}"

static struct parcel
asked(const char *id)
{
	struct parcel p = service_mail("c1@example.com", "ref1", "李女士");

	p.provider_id = id;
	return p;
}

static void
it_is_asked_with_a_key_of_its_own(void **state)
{
	const struct parcel p = asked("");
	struct capabilities with, without;

	(void)state;
	stage_query("events", &p);
	provider->capabilities(&account, &with);
	account.n_settings--; /* a sending key may only send */
	provider->capabilities(&account, &without);
	assert_true(with.finds && with.tells && with.lag > 0);
	assert_false(without.finds || without.tells);
	assert_int_equal(without.settle, SETTLE_RECEIPT);
}

/* What is not listed proves nothing: it never comes to REFUSED_RETRY. */
static void
what_asking_tells(void **state)
{
	static const struct {
		const char *name, *id, *body;
		int status;
		enum outcome outcome;
		enum told told;
		bool opted_out;
	} rows[] = {
		{ "taken", "", ITEMS(LISTED("\"accepted\"", "ref1", ID)), 200,
		    OUTCOME_ACCEPTED, TOLD_NOTHING, false },
		{ "nothing listed", "", ITEMS(""), 200, OUTCOME_UNKNOWN, TOLD_NOTHING,
		    false },
		{ "only another's", "", ITEMS(LISTED("\"delivered\"", "ref2", ID)), 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "a key that may not", "", ITEMS(LISTED("\"delivered\"", "ref1", ID)),
		    401, OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "no JSON", "", "Forbidden", 200, OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "arrived", "",
		    ITEMS(LISTED("\"accepted\"", "ref1", ID) "," LISTED(
			"\"delivered\"", "ref1", ID)),
		    200, OUTCOME_ACCEPTED, TOLD_DELIVERED, false },
		{ "it tries again itself", "", ITEMS(LISTED(LATE, "ref1", ID)), 200,
		    OUTCOME_ACCEPTED, TOLD_NOTHING, false },
		{ "wants no more", "", ITEMS(LISTED(GONE, "ref1", ID)), 200,
		    OUTCOME_ACCEPTED, TOLD_FAILED, true },
		{ "failed, and was read", "",
		    ITEMS(LISTED(GONE, "ref1", ID) "," LISTED("\"clicked\"", "ref1", ID)),
		    200, OUTCOME_ACCEPTED, TOLD_DELIVERED, false },
		{ "by the call's id and the address", ID,
		    ITEMS(LISTED("\"delivered\"", "%recipient.ref%", ID)), 200,
		    OUTCOME_ACCEPTED, TOLD_DELIVERED, false },
		{ "by an id nobody told", "",
		    ITEMS(LISTED("\"delivered\"", "%recipient.ref%", ID)), 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false },
		{ "the call's id, but another's reference", ID,
		    ITEMS(LISTED("\"delivered\"", "ref2", ID)), 200, OUTCOME_UNKNOWN,
		    TOLD_NOTHING, false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct parcel p = asked(rows[i].id);
		struct answer a;

		provider->query_answer(
		    &account, &p, rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told ||
		    a.opted_out != rows[i].opted_out ||
		    strcmp(a.provider_id, a.outcome == OUTCOME_ACCEPTED ? ID : "") != 0)
			fail_msg("%s: %d %d %d %s", rows[i].name, (int)a.outcome,
			    (int)a.told, a.opted_out, a.provider_id);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(requests),
		TEST(one_form_for_all),
		TEST(answers),
		TEST(it_is_asked_with_a_key_of_its_own),
		TEST(what_asking_tells),
		TEST(w1_w2_signatures),
		TEST(w3_a_token_is_good_once),
		TEST(plain_http_is_not_believed),
		TEST(events),
		TEST(w12_an_answer_by_a_route),
		TEST(w12_an_answer_with_an_attachment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
