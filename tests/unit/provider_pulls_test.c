/* What Mailgun and Postmark list, asked for beside their webhooks: the bytes they are asked with,
 * what of it is ours, and that what is posted and listed counts once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/doctor.h"
#include "provider/wire.h"
#include "provider_stage.h"

#include "mail_named.h"

#define SINCE "1795312200" /* two hours before SIGNED_AT */

static const struct pair mailgun[] = { MAIL_ACCOUNT, { "domain", "mg.dealer.example" },
	{ "api_key", "key-example" }, { "signing_key", "signing-example" },
	{ "events_key", "events-example" } };
static const struct pair postmark[] = { { "from", "news@dealer.example" },
	{ "server_token", "token-example" }, { "webhook_user", "reach" },
	{ "webhook_password", "secret" } };

static int
open_mailgun(void **state)
{
	(void)state;
	stage_open("mailgun", mailgun, G_N_ELEMENTS(mailgun));
	return 0;
}

static int
open_postmark(void **state)
{
	(void)state;
	stage_open("postmark", postmark, G_N_ELEMENTS(postmark));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stage_close();
	return 0;
}

/* The one receipt of a page. */
static struct receipt
pulled(const char *cursor, const char *body)
{
	struct answer why = { .outcome = OUTCOME_UNKNOWN };
	struct receipt *r = NULL;
	bool more;
	int n = 0;

	assert_int_equal(provider->pull_answer(&account, 200, body, strlen(body), arena,
			     &r, &n, &cursor, &more, &why),
	    0);
	assert_int_equal(n, 1);
	return *r;
}

/* ---- Mailgun ---- */

#define NEXT                                                                          \
	"\"paging\":{\"next\":\"https://api.mailgun.net/v3/mg.dealer.example/events/" \
	"WzE="
#define EVENT(event, more)                                                                \
	"{\"event\":\"" event "\",\"id\":\"DACS\",\"timestamp\":1795319399.5,"            \
	"\"recipient\":\"c1@example.com\",\"message\":{\"headers\":{\"message-id\":"      \
	"\"2026.1@mg.dealer.example\",\"from\":\"示例汽车 <news@dealer.example>\"}}," \
	"\"user-variables\":{" more "}}"
#define OURS "\"reach-id\":\"ref1\""
#define ITEMS(rows) "{\"items\":[" rows "]," NEXT "\"}}"
#define OTHERS                                                                          \
	"{\"event\":\"delivered\",\"id\":\"x\",\"timestamp\":1795319399,\"recipient\":" \
	"\"c1@example.com\",\"message\":{\"headers\":{\"message-id\":\"m\",\"from\":"   \
	"\"other@dealer.example\"}},\"user-variables\":{" OURS "}}"
#define ROUTED                                                                      \
	"{\"event\":\"accepted\",\"id\":\"x\",\"timestamp\":1795319399,\"flags\":{" \
	"\"is-routed\":true},\"recipient\":\"gun@mg.dealer.example\",\"message\":{" \
	"\"headers\":{\"message-id\":\"m\"}},\"user-variables\":{" OURS "}}"

static void
mailgun_asks(void **state)
{
	(void)state;
	stage_pull("pull_first", "", "");
	stage_pull("pull_since", SINCE, "");
	stage_pull("pull_page", SINCE " 1795319399 WzE=", "");
	/* An event of the future had moved the beginning past all that came after it. */
	stage_pull("pull_future", "2795319399", "");
}

static void
mailgun_pages(void **state)
{
	static const struct stage_page rows[] = {
		{ "nothing yet", "", ITEMS(""), 200, 0, 0, "", false },
		{ "the empty page is the last", SINCE " 1795319399 WzE=", ITEMS(""), 200,
		    0, 0, "1795319399", false },
		{ "arrived", SINCE, ITEMS(EVENT("delivered", OURS)), 200, 0, 1,
		    SINCE " 1795319399 WzE=", true },
		{ "a mail of somebody else's", SINCE, ITEMS(EVENT("delivered", "")), 200,
		    0, 0, SINCE " 1795319399 WzE=", true },
		{ "a stop counts whoever sent the mail", SINCE,
		    ITEMS(EVENT("unsubscribed", "")), 200, 0, 1,
		    SINCE " 1795319399 WzE=", true },
		{ "of another account's sender", SINCE, ITEMS(OTHERS), 200, 0, 0,
		    SINCE " 1795319399 WzE=", true },
		{ "an answer that a route forwards", SINCE, ITEMS(ROUTED), 200, 0, 0,
		    SINCE " 1795319399 WzE=", true },
		{ "put by", SINCE, ITEMS(EVENT("stored", OURS)), 200, 0, 0,
		    SINCE " 1795319399 WzE=", true },
		{ "a page that is forgotten", SINCE " 1795319399 WzE=", "{}", 404, 0, 0,
		    SINCE, false },
		{ "a page elsewhere", "",
		    "{\"items\":[{}],\"paging\":{\"next\":\"https://example.com/\"}}",
		    200, -1, 0, "", false },
		{ "a page with a query", "",
		    "{\"items\":[{}],\"paging\":{\"next\":\"https://x/events/a?b\"}}",
		    200, -1, 0, "", false },
		{ "a key that may not", SINCE, "Forbidden", 401, -1, 0, SINCE, false },
		{ "too many calls", SINCE, "{}", 429, -1, 0, SINCE, false },
		{ "no list", SINCE, "{}", 200, -1, 0, SINCE, false },
	};

	(void)state;
	stage_pages(rows, G_N_ELEMENTS(rows));
}

static void
mailgun_post(const char *token, const char *data, struct receipt *out)
{
	const char *text = arena_printf(arena, "1795319400%s", token);
	struct hook_reply reply;
	struct receipt *r;
	struct stage_hook h = { 0 };
	uint8_t mac[32];
	int n;

	wire_hmac(WIRE_SHA256, "signing-example", 15, text, strlen(text), mac);
	h.body = arena_printf(arena,
	    "{\"signature\":{\"timestamp\":\"1795319400\",\"token\":\"%s\",\"signature\":"
	    "\"%s\"},\"event-data\":%s}",
	    token, wire_hex(arena, mac, sizeof(mac)), data);
	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	*out = *r;
}

/* Posted twice by Mailgun and listed, too, it is one; an id is of its day only. */
static void
w3_mailgun_posted_and_listed_is_one(void **state)
{
	struct receipt a, b, c = pulled("", ITEMS(EVENT("delivered", OURS)));

	(void)state;
	mailgun_post("t1", EVENT("delivered", OURS), &a);
	mailgun_post("t2", EVENT("delivered", OURS), &b);
	assert_string_equal(a.key, c.key);
	assert_string_equal(b.key, c.key);
	assert_string_equal(a.once, "t1");
	assert_null(c.once);
	mailgun_post("t3",
	    "{\"event\":\"opened\",\"id\":\"DACS\",\"timestamp\":1795419399,"
	    "\"user-variables\":{" OURS "}}",
	    &b);
	assert_string_not_equal(a.key, b.key);
	mailgun_post("t4", "{\"event\":\"opened\",\"user-variables\":{" OURS "}}", &b);
	assert_string_equal(b.key, "t4");
}

/* ---- Postmark ---- */

#define BOUNCE(type, from)                                                          \
	"{\"ID\":7,\"Type\":\"" type "\",\"MessageID\":\"m1\",\"Email\":"           \
	"\"c1@example.com\",\"From\":\"" from "\",\"Inactive\":true,\"BouncedAt\":" \
	"\"2026-11-21T22:49:58-05:00\"}"
#define TAKEN(at, meta)                                                        \
	"{\"MessageID\":\"m1\",\"ReceivedAt\":\"" at "\",\"Status\":\"Sent\"," \
	"\"Metadata\":{" meta "},\"From\":\"\\\"示例\\\" <news@dealer.example>\"}"
#define STOPPED(why)                                                        \
	"{\"EmailAddress\":\"c1@example.com\",\"SuppressionReason\":\"" why \
	"\",\"Origin\":\"Recipient\",\"CreatedAt\":\"2026-11-21T22:49:58-05:00\"}"
#define BOUNCES(rows) "{\"TotalCount\":1,\"Bounces\":[" rows "]}"
#define MESSAGES(rows) "{\"TotalCount\":1,\"Messages\":[" rows "]}"
#define STOPS(rows) "{\"Suppressions\":[" rows "]}"
#define LATE "1795319398000"
#define WAS "1795312200000"

static void
postmark_asks(void **state)
{
	(void)state;
	stage_pull("pull_first", "", "");
	stage_pull("pull_taken", WAS " 0 1 100", "");
	stage_pull("pull_stopped", WAS " 0 2 0", "");
	stage_pull("pull_marketing", WAS " 0 3 0", "");
}

static void
postmark_pages(void **state)
{
	static const struct stage_page rows[] = {
		{ "nothing yet", "", BOUNCES(""), 200, 0, 0, "0 0 1 0", true },
		{ "came back", WAS, BOUNCES(BOUNCE("HardBounce", "news@dealer.example")),
		    200, 0, 1, WAS " " LATE " 1 0", true },
		{ "of another account's sender", WAS,
		    BOUNCES(BOUNCE("HardBounce", "other@dealer.example")), 200, 0, 0,
		    WAS " " LATE " 1 0", true },
		{ "taken", WAS " 0 1 0",
		    MESSAGES(TAKEN("2026-11-21T22:49:58-05:00", "\"reach_id\":\"ref1\"")),
		    200, 0, 1, WAS " " LATE " 2 0", true },
		{ "a mail of somebody else's", WAS " 0 1 0",
		    MESSAGES(TAKEN("2026-11-21T22:49:58-05:00", "")), 200, 0, 0,
		    WAS " " LATE " 2 0", true },
		{ "older than the last round", WAS " 0 1 0",
		    MESSAGES(TAKEN("2026-11-20T22:49:58-05:00", "\"reach_id\":\"ref1\"")),
		    200, 0, 0, WAS " 1795232998000 2 0", true },
		{ "wants no more", WAS " 0 2 0", STOPS(STOPPED("ManualSuppression")), 200,
		    0, 1, WAS " " LATE " 3 0", true },
		{ "that is a bounce's", WAS " 0 2 0", STOPS(STOPPED("HardBounce")), 200,
		    0, 0, WAS " " LATE " 3 0", true },
		{ "a stream that is not there", WAS " 0 3 0", "{\"ErrorCode\":1226}", 422,
		    0, 0, WAS " 0 4 0", true },
		{ "the last list", WAS " " LATE " 5 0", STOPS(""), 200, 0, 0, LATE,
		    false },
		{ "wrong token", WAS, "{\"ErrorCode\":10}", 401, -1, 0, WAS, false },
		{ "too many calls", WAS, "{}", 429, -1, 0, WAS, false },
		{ "no list", WAS, "{}", 200, -1, 0, WAS, false },
	};

	(void)state;
	stage_pages(rows, G_N_ELEMENTS(rows));
}

static void
postmark_long_lists(void **state)
{
	GString *s = g_string_new("{\"Bounces\":[");
	struct stage_page row = { "a full page", WAS, NULL, 200, 0, 100, WAS " " LATE " 0 100",
		true };

	(void)state;
	for (int i = 0; i < 100; i++)
		g_string_append_printf(s, "%s%s", i > 0 ? "," : "",
		    BOUNCE("HardBounce", "news@dealer.example"));
	g_string_append(s, "]}");
	row.body = s->str;
	stage_pages(&row, 1);
	row = (struct stage_page){ "no further than it lists", WAS " 0 0 9900", s->str, 200, 0,
		100, WAS " " LATE " 1 0", true };
	stage_pages(&row, 1);
	g_string_free(s, TRUE);
}

static struct receipt
postmark_post(const char *body)
{
	static const struct pair fields[] = {
		{ "Authorization", "Basic cmVhY2g6c2VjcmV0" }, { NULL, NULL }
	};
	const struct stage_hook h = { .body = body, .fields = fields };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	assert_int_equal(stage_hook(&h, SIGNED_AT, &r, &n, &reply), 0);
	assert_int_equal(n, 1);
	return *r;
}

static void
w3_postmark_posted_and_listed_is_one(void **state)
{
	static const struct {
		const char *cursor, *listed, *posted;
		enum receipt_kind kind;
	} rows[] = {
		{ "", BOUNCES(BOUNCE("HardBounce", "")),
		    "{\"RecordType\":\"Bounce\",\"ID\":7,\"Type\":\"HardBounce\","
		    "\"MessageID\":\"m1\",\"Email\":\"c1@example.com\"}",
		    RECEIPT_FAILED },
		{ "", BOUNCES(BOUNCE("SpamComplaint", "")),
		    "{\"RecordType\":\"SpamComplaint\",\"ID\":7,\"Type\":"
		    "\"SpamComplaint\",\"MessageID\":\"m1\",\"Email\":\"c1@example."
		    "com\"}",
		    RECEIPT_COMPLAINT },
		{ "0 0 2 0", STOPS(STOPPED("ManualSuppression")),
		    "{\"RecordType\":\"SubscriptionChange\",\"SuppressSending\":true,"
		    "\"SuppressionReason\":\"ManualSuppression\",\"Recipient\":"
		    "\"c1@example.com\",\"ChangedAt\":\"2026-11-22T03:49:58Z\"}",
		    RECEIPT_UNSUBSCRIBE },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct receipt a = pulled(rows[i].cursor, rows[i].listed),
			       b = postmark_post(rows[i].posted);

		assert_string_equal(a.key, b.key);
		assert_int_equal(a.kind, rows[i].kind);
		assert_int_equal(b.kind, rows[i].kind);
		assert_string_equal(a.from, "c1@example.com");
		assert_true(a.bad_address == b.bad_address);
	}
}

/* ---- how often ---- */

static void
k4_how_often(void **state)
{
	static const struct {
		const char *type, *pull;
		bool key;
		ms_t every;
		const char *says, *replies;
	} rows[] = {
		{ "mailgun", NULL, true, MS_HOUR, "", "webhook" },
		{ "mailgun", NULL, false, 0, "", "webhook" },
		{ "mailgun", "1m", true, MS_MINUTE, "", "none" },
		{ "mailgun", "1m", false, 0, "events_key", "none" },
		{ "mailgun", "10ms", true, 10, "between 1s and 1d", "none" },
		{ "postmark", NULL, false, 0, "receipts", "none" },
		{ "postmark", "1m", false, MS_MINUTE, "", "none" },
		{ "postmark", "often", false, 0, "between 1s and 1d", "none" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct pair set[] = { { "from", "news@dealer.example" },
			{ "domain", "mg.dealer.example" },
			{ rows[i].key ? "events_key" : "from_name", "x" },
			{ "pull", rows[i].pull } };
		struct report *r = report_new();
		struct err e = { 0 };
		json_t *j;

		stage_close();
		stage_open(rows[i].type, set, rows[i].pull != NULL ? 4 : 3);
		account.channels = 1U << CHANNEL_EMAIL;
		provider->check(&account, r);
		report_first(r, &e);
		j = doctor_account(&account);
		if (rows[i].says[0] == '\0' ? e.text[0] != '\0'
					    : strstr(e.text, rows[i].says) == NULL)
			fail_msg("%zu: \"%s\"", i, e.text);
		if (*rows[i].says == '\0' && stage_capabilities().pull != rows[i].every)
			fail_msg("%zu: another pace", i);
		if (strcmp(json_string_value(json_object_get(j, "replies")),
			rows[i].replies) != 0)
			fail_msg("%zu: replies", i);
		json_decref(j);
		report_free(r);
	}
}

/* No signature covers it, and no number may leave the range of ours. */
static void
w3_mailgun_numbers_of_any_size(void **state)
{
	static const char *const sizes[] = { "1e300", "-1e300", "9223372036854775807",
		"\"x\"" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		struct receipt r;

		mailgun_post(arena_printf(arena, "n%zu", i),
		    arena_printf(arena,
			"{\"event\":\"delivered\",\"id\":\"DACS\",\"timestamp\":%s,"
			"\"recipient\":\"c1@example.com\"}",
			sizes[i]),
		    &r);
		assert_in_range(r.at, 0, 100000000000000);
		assert_null(strstr(r.key, " -"));
	}
}

#define MAILGUN(f) cmocka_unit_test_setup_teardown(f, open_mailgun, tear_down)
#define POSTMARK(f) cmocka_unit_test_setup_teardown(f, open_postmark, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAILGUN(mailgun_asks),
		MAILGUN(mailgun_pages),
		MAILGUN(w3_mailgun_posted_and_listed_is_one),
		MAILGUN(w3_mailgun_numbers_of_any_size),
		POSTMARK(postmark_asks),
		POSTMARK(postmark_pages),
		POSTMARK(postmark_long_lists),
		POSTMARK(w3_postmark_posted_and_listed_is_one),
		MAILGUN(k4_how_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
