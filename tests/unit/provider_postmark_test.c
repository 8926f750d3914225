/* Postmark: the bytes it is sent, what its answers mean, what it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

#include "mail_parcel.h"

static int
set_up(void **state)
{
	static const struct pair settings[] = { { "from", "news@dealer.example" },
		{ "from_name", "示例 \"汽车\"" }, { "server_token", "token-example" },
		{ "inbound", "0123abcd@inbound.postmarkapp.com" },
		{ "webhook_user", "reach" }, { "webhook_password", "secret" } };

	(void)state;
	stage_open("postmark", settings, 6);
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

	(void)state;
	stage_request("one", p, 1);
	stage_request("batch", p, 2);
}

#define ROW(code, message) "{\"ErrorCode\":" code ",\"Message\":\"" message "\"}"
#define OK(id)                                                    \
	"{\"To\":\"x\",\"SubmittedAt\":\"x\",\"MessageID\":\"" id \
	"\",\"ErrorCode\":0,\"Message\":\"OK\"}"

static void
answers(void **state)
{
	const struct parcel p[] = { mail_parcel("li@customer.example", "ref1",
					CATEGORY_MARKETING),
		mail_parcel("wang@customer.example", "ref2", CATEGORY_SERVICE) };
	static const struct stage_answer rows[] = {
		{ "taken", 200, "[" OK("b7bc") "]", 1, OUTCOME_ACCEPTED, "b7bc", "", "",
		    0 },
		{ "two rows for one", 200, "[" OK("a") "," OK("b") "]", 1,
		    OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "taken without an id", 200, "[" ROW("0", "OK") "]", 1, OUTCOME_UNKNOWN,
		    "", "http-200", "", 0 },
		{ "a row without a code", 200, "[{\"MessageID\":\"x\"}]", 1,
		    OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "no JSON", 200, "<html>", 1, OUTCOME_UNKNOWN, "", "http-200", "", 0 },
		{ "their 500", 500, ROW("0", "x"), 1, OUTCOME_UNKNOWN, "", "http-500", "",
		    0 },
		{ "their 500 with a code", 500, ROW("300", "x"), 1, OUTCOME_UNKNOWN, "",
		    "http-500", "", 0 },
		{ "bad gateway", 502, "<html>", 2, OUTCOME_UNKNOWN, "", "http-502", "",
		    0 },
		{ "a code nobody knows", 422, ROW("9999", "x"), 1, OUTCOME_UNKNOWN, "",
		    "9999", "", 0 },
		{ "maintenance", 503, ROW("100", "x"), 1, OUTCOME_REFUSED_RETRY, "",
		    "100", "", 0 },
		{ "too many", 429, "", 1, OUTCOME_REFUSED_RETRY, "", "http-429", "", 0 },
		{ "inactive", 200, "[" ROW("406", "Found inactive addresses: x") "]", 1,
		    OUTCOME_REJECTED, "", "406", "opted_out", 0 },
		{ "no address", 200, "[" ROW("300", "Error parsing 'To': Illegal") "]", 1,
		    OUTCOME_REJECTED, "", "300", "bad_address", 0 },
		{ "no body", 200, "[" ROW("300", "Provide either email TextBody") "]", 1,
		    OUTCOME_REJECTED, "", "300", "", 0 },
		{ "a batch refused for one: each alone", 422, ROW("300", "x"), 2,
		    OUTCOME_REFUSED_RETRY, "", "300", "alone", 0 },
		{ "wrong token", 401, ROW("10", "x"), 1, OUTCOME_REJECTED, "", "10",
		    "freeze", 0 },
		{ "wrong token, in no JSON", 401, "", 2, OUTCOME_REJECTED, "", "http-401",
		    "freeze", 0 },
		{ "no such sender", 422, ROW("400", "x"), 2, OUTCOME_REJECTED, "", "400",
		    "freeze", 0 },
		{ "not confirmed", 200, "[" ROW("401", "x") "]", 1, OUTCOME_REJECTED, "",
		    "401", "freeze", 0 },
		{ "no credits", 422, ROW("405", "x"), 1, OUTCOME_REJECTED, "", "405",
		    "freeze", 0 },
		{ "pending approval", 422, ROW("412", "x"), 1, OUTCOME_REJECTED, "",
		    "412", "freeze", 0 },
		{ "no such stream", 422, ROW("1235", "x"), 1, OUTCOME_REJECTED, "",
		    "1235", "freeze", 0 },
		{ "too long together", 413, "", 2, OUTCOME_REFUSED_RETRY, "", "http-413",
		    "alone", 0 },
		{ "too long alone", 413, "", 1, OUTCOME_REJECTED, "", "http-413", "", 0 },
		{ "a redirect is not followed", 302, "", 1, OUTCOME_REJECTED, "", NULL,
		    "freeze", 0 },
	};

	(void)state;
	stage_answers(p, rows, G_N_ELEMENTS(rows));
}

/* Each of a batch has an answer of its own. */
static void
partial_failures(void **state)
{
	const struct parcel p[] = { mail_parcel("a@x.example", "r1", CATEGORY_SERVICE),
		mail_parcel("b@x.example", "r2", CATEGORY_SERVICE),
		mail_parcel("c@x.example", "r3", CATEGORY_SERVICE),
		mail_parcel("d@x.example", "r4", CATEGORY_SERVICE) };
	const char *body =
	    "[" OK("a") "," ROW("406", "x") "," ROW("9999", "x") "," OK("d") "]";
	struct answer a[4];

	(void)state;
	provider->answer(
	    &account, p, 4, &(struct provider_reply){ 200, body, strlen(body), NULL }, a);
	stage_judge("first", &a[0], OUTCOME_ACCEPTED, "a", "", "", 0);
	stage_judge("second", &a[1], OUTCOME_REJECTED, "", "406", "opted_out", 0);
	stage_judge("third", &a[2], OUTCOME_UNKNOWN, "", "9999", "", 0);
	stage_judge("fourth", &a[3], OUTCOME_ACCEPTED, "d", "", "", 0);
}

/* ---- asked ---- */

static struct parcel
asked(const char *id)
{
	struct parcel p = mail_parcel("li@customer.example", "ref1", CATEGORY_SERVICE);

	p.provider_id = id;
	return p;
}

static void
queries(void **state)
{
	const struct parcel lost = asked(""), silent = asked("b7bc2f4a-e38e-4336");

	(void)state;
	stage_query("search", &lost);
	stage_query("details", &silent);
}

#define LISTED(ref)                                                                     \
	"{\"MessageID\":\"m1\",\"Status\":\"Queued\",\"Metadata\":{\"reach_id\":\"" ref \
	"\"}}"
#define FOUND(rows) "{\"TotalCount\":1,\"Messages\":[" rows "]}"
#define EVENT(type) "{\"Type\":\"" type "\"}"
#define TOLD(events) "{\"MessageID\":\"m1\",\"MessageEvents\":[" events "]}"

/* What is not found proves nothing: it never comes to REFUSED_RETRY. */
static void
what_asking_tells(void **state)
{
	static const struct {
		const char *name, *id, *body;
		int status;
		enum outcome outcome;
		enum told told;
	} rows[] = {
		{ "found", "", FOUND(LISTED("ref1")), 200, OUTCOME_ACCEPTED,
		    TOLD_NOTHING },
		{ "not found", "", FOUND(""), 200, OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "another was found", "", FOUND(LISTED("ref2")), 200, OUTCOME_UNKNOWN,
		    TOLD_NOTHING },
		{ "found without its metadata", "", FOUND("{\"MessageID\":\"m1\"}"), 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "an error", "", "{\"ErrorCode\":10,\"Message\":\"x\"}", 401,
		    OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "found, says an error", "", FOUND(LISTED("ref1")), 500, OUTCOME_UNKNOWN,
		    TOLD_NOTHING },
		{ "no JSON", "", "<html>", 200, OUTCOME_UNKNOWN, TOLD_NOTHING },
		{ "arrived", "m1", TOLD(EVENT("Transient") "," EVENT("Delivered")), 200,
		    OUTCOME_ACCEPTED, TOLD_DELIVERED },
		{ "came back", "m1", TOLD(EVENT("Bounced")), 200, OUTCOME_ACCEPTED,
		    TOLD_FAILED },
		{ "came back, and was read", "m1",
		    TOLD(EVENT("Bounced") "," EVENT("Opened")), 200, OUTCOME_ACCEPTED,
		    TOLD_DELIVERED },
		{ "late", "m1", TOLD(EVENT("Transient")), 200, OUTCOME_ACCEPTED,
		    TOLD_NOTHING },
		{ "nothing yet", "m1", TOLD(""), 200, OUTCOME_ACCEPTED, TOLD_NOTHING },
		{ "of another", "m2", TOLD(EVENT("Delivered")), 200, OUTCOME_UNKNOWN,
		    TOLD_NOTHING },
		{ "it is gone", "m1", "{\"ErrorCode\":701,\"Message\":\"x\"}", 422,
		    OUTCOME_UNKNOWN, TOLD_NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct parcel p = asked(rows[i].id);
		struct answer a;

		provider->query_answer(
		    &account, &p, rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told ||
		    strcmp(a.provider_id, a.outcome == OUTCOME_ACCEPTED ? "m1" : "") != 0)
			fail_msg("%s: %d %d %s", rows[i].name, (int)a.outcome,
			    (int)a.told, a.provider_id);
	}
}

/* ---- webhooks ---- */

static int
post(const char *authorization, const char *body, struct receipt **r, int *n,
    struct hook_reply *reply)
{
	const struct pair fields[] = { { "Authorization", authorization },
		{ NULL, NULL } };
	const struct stage_hook h = { .body = body, .fields = fields };

	return stage_hook(&h, SIGNED_AT, r, n, reply);
}

#define GOOD "Basic cmVhY2g6c2VjcmV0" /* reach:secret */
#define RECORD(type, more)                                                              \
	"{\"RecordType\":\"" type "\",\"MessageID\":\"m1\",\"Metadata\":{\"reach_id\":" \
	"\"ref1\"}" more "}"
#define DELIVERY                                                                     \
	RECORD("Delivery", ",\"Recipient\":\"Li@Customer.example\",\"DeliveredAt\":" \
			   "\"2026-11-22T03:49:58Z\"")

static void
w1_who_may_post(void **state)
{
	static const struct {
		const char *name, *authorization, *body;
		bool basic, path;
		int rc, status;
	} rows[] = {
		{ "the password", GOOD, DELIVERY, true, false, 0, 200 },
		{ "W1 postmark another", "Basic cmVhY2g6c2VjcmVU", DELIVERY, true, false,
		    -1, 401 },
		{ "W1 postmark none", "", DELIVERY, true, false, -1, 401 },
		{ "W1 postmark a secret path does not replace it", "", DELIVERY, true,
		    true, -1, 401 },
		{ "a secret path alone", "", DELIVERY, false, true, 0, 200 },
		{ "W1 postmark neither", "", DELIVERY, false, false, -1, 401 },
		{ "W1 postmark neither, with an empty one", "Basic Og==", DELIVERY, false,
		    false, -1, 401 },
		{ "no JSON", GOOD, "[", true, false, -1, 400 },
		{ "a list", GOOD, "[]", true, false, -1, 400 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n, rc;

		account.n_settings = rows[i].basic ? 6 : 4;
		account.hook_secret = rows[i].path ? "path" : NULL;
		rc = post(rows[i].authorization, rows[i].body, &r, &n, &reply);
		if (rc != rows[i].rc || reply.status != rows[i].status)
			fail_msg("%s: %d %d", rows[i].name, rc, reply.status);
	}
	account.n_settings = 6;
	account.hook_secret = NULL;
}

#define BOUNCE(type, inactive)                        \
	RECORD("Bounce", ",\"ID\":7,\"Type\":\"" type \
			 "\",\"Email\":\"li@customer.example\",\"Inactive\":" inactive)
#define CHANGE(on, why)              \
	RECORD("SubscriptionChange", \
	    ",\"SuppressSending\":" on ",\"SuppressionReason\":\"" why "\"")
#define INBOUND(more)                                                                     \
	"{\"FromFull\":{\"Email\":\"Li@Customer.example\"},\"MailboxHash\":\"ref1\","     \
	"\"MessageID\":\"in1\",\"TextBody\":\"退订\\n> 您好\",\"StrippedTextReply\":" \
	"\"退订\"" more "}"

static void
events(void **state)
{
	static const struct mail_receipt rows[] = {
		{ "delivered", DELIVERY, 1, RECEIPT_DELIVERED, "", false, false, false },
		{ "nobody there", BOUNCE("HardBounce", "true"), 1, RECEIPT_FAILED,
		    "HardBounce", true, false, false },
		{ "no such address", BOUNCE("BadEmailAddress", "true"), 1, RECEIPT_FAILED,
		    NULL, true, false, false },
		{ "mailbox full", BOUNCE("SoftBounce", "false"), 1, RECEIPT_FAILED,
		    "SoftBounce", false, false, false },
		{ "our domain proves nothing",
		    RECORD("Bounce",
			",\"ID\":7,\"Type\":\"HardBounce\",\"Inactive\":true,\"Details\":\"smtp;"
			"550 5.7.26 not authenticated\""),
		    1, RECEIPT_FAILED, "5.7.26", false, false, false },
		{ "blocked, and never again", BOUNCE("Blocked", "true"), 1,
		    RECEIPT_FAILED, NULL, false, true, false },
		{ "it may still come", BOUNCE("Transient", "false"), 1, RECEIPT_SENT,
		    NULL, false, false, false },
		{ "a holiday notice", BOUNCE("AutoResponder", "false"), 1, RECEIPT_SENT,
		    NULL, false, false, false },
		{ "unsubscribed", BOUNCE("Unsubscribe", "false"), 1, RECEIPT_UNSUBSCRIBE,
		    NULL, false, false, false },
		{ "a complaint as a bounce", BOUNCE("SpamNotification", "true"), 1,
		    RECEIPT_COMPLAINT, NULL, false, true, false },
		{ "complained", RECORD("SpamComplaint", ",\"ID\":8"), 1,
		    RECEIPT_COMPLAINT, "", false, false, false },
		{ "opened", RECORD("Open", ",\"FirstOpen\":true"), 1, RECEIPT_OPEN, "",
		    false, false, false },
		{ "clicked", RECORD("Click", ""), 1, RECEIPT_CLICK, "", false, false,
		    false },
		{ "refused more", CHANGE("true", "ManualSuppression"), 1,
		    RECEIPT_UNSUBSCRIBE, NULL, false, false, false },
		{ "refused by complaining", CHANGE("true", "SpamComplaint"), 1,
		    RECEIPT_COMPLAINT, NULL, false, false, false },
		{ "no longer sent to", CHANGE("true", "HardBounce"), 1, RECEIPT_FAILED,
		    "HardBounce", true, false, false },
		{ "a stop counts whoever sent the mail",
		    "{\"RecordType\":\"SubscriptionChange\",\"Recipient\":\"li@a.example\","
		    "\"SuppressSending\":true,\"SuppressionReason\":\"ManualSuppression\"}",
		    1, RECEIPT_UNSUBSCRIBE, NULL, false, false, false },
		{ "so does a complaint",
		    "{\"RecordType\":\"SpamComplaint\",\"Email\":\"li@a.example\"}", 1,
		    RECEIPT_COMPLAINT, NULL, false, false, false },
		{ "sent to again", CHANGE("false", ""), 0, 0, NULL, false, false, false },
		{ "another record", RECORD("New", ""), 0, 0, NULL, false, false, false },
		{ "W7 of no mail", "{\"RecordType\":\"Delivery\"}", 1, RECEIPT_DELIVERED,
		    NULL, false, false, true },
		{ "W12 an answer", INBOUND(""), 1, RECEIPT_REPLY, "", false, false,
		    false },
		{ "an automatic answer",
		    INBOUND(",\"Headers\":[{\"Name\":\"Auto-Submitted\",\"Value\":"
			    "\"auto-replied\"}]"),
		    0, 0, NULL, false, false, false },
		{ "an answer that says it is by hand",
		    INBOUND(",\"Headers\":[{\"Name\":\"Auto-Submitted\",\"Value\":"
			    "\"no\"}]"),
		    1, RECEIPT_REPLY, "", false, false, false },
		{ "of nobody", "{}", 1, RECEIPT_REPLY, NULL, false, false, true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct hook_reply reply;
		struct receipt *r;
		int n;

		assert_int_equal(post(GOOD, rows[i].body, &r, &n, &reply), 0);
		mail_judge(&rows[i], n, r);
	}
}

static struct receipt
read_one(const char *body)
{
	struct hook_reply reply;
	struct receipt *r;
	int n;

	assert_int_equal(post(GOOD, body, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	return *r;
}

static void
w3_postmark_the_same_record_has_one_key(void **state)
{
	struct receipt a = read_one(DELIVERY), b = read_one(DELIVERY),
		       c = read_one(RECORD("Delivery",
			   ",\"Recipient\":\"x@y.example\",\"DeliveredAt\":\"x\"")),
		       d = read_one(BOUNCE("HardBounce", "true"));

	(void)state;
	assert_string_equal(a.key, b.key);
	assert_string_not_equal(a.key, c.key);
	assert_string_equal(d.key, "Bounce 7");
	assert_string_equal(a.ref, "ref1");
	assert_string_equal(a.from, "li@customer.example");
	assert_int_equal(a.at, SIGNED_AT - 2 * MS_SECOND);
}

static void
an_answer_tells_what_it_answers(void **state)
{
	struct receipt r = read_one(INBOUND(""));

	(void)state;
	assert_string_equal(r.ref, "ref1");
	assert_string_equal(r.from, "li@customer.example");
	assert_string_equal(r.text, "退订");
	assert_string_equal(r.key, "in1");
}

static void
settings_are_checked(void **state)
{
	static const struct {
		const char *name;
		int n; /* so many of set_up's */
		int changed;
		const char *value, *wrong;
	} rows[] = {
		{ "good", 6, 0, "news@dealer.example", NULL },
		{ "inbound with a +", 6, 3, "a+b@inbound.postmarkapp.com", "inbound" },
		{ "from is none", 6, 0, "news", "from" },
		{ "a user without a password", 5, 0, "news@dealer.example",
		    "go together" },
		{ "nobody may post", 4, 0, "news@dealer.example", "receipts" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct report *r = report_new();
		struct err e = { 0 };

		account.n_settings = rows[i].n;
		account.settings[rows[i].changed].value = rows[i].value;
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
		cmocka_unit_test(partial_failures),
		cmocka_unit_test(queries),
		cmocka_unit_test(what_asking_tells),
		cmocka_unit_test(w1_who_may_post),
		cmocka_unit_test(events),
		cmocka_unit_test(w3_postmark_the_same_record_has_one_key),
		cmocka_unit_test(an_answer_tells_what_it_answers),
		cmocka_unit_test(settings_are_checked),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
