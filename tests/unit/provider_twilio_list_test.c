/* Twilio's list: what is asked, which of its messages is ours, and that what is told twice counts
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider_stage.h"

#define SID "AC00000000000000000000000000example"
#define TOKEN "12345"
#define SENDER "+15005550006"
#define TO "+8619900000001"
#define TAKEN "SM0123456789abcdef0123456789abcdef"
#define WORDS "Your car is ready"
#define AT "Sun, 22 Nov 2026 03:50:05 +0000" /* five seconds behind SIGNED_AT */
#define NEXT \
	"/2010-04-01/Accounts/" SID "/Messages.json?PageSize=200&Page=1&PageToken=PA1"

static const struct pair by_number[] = { { "account_sid", SID }, { "auth_token", TOKEN },
	{ "from", SENDER } };
static const struct pair by_service[] = { { "account_sid", SID }, { "auth_token", TOKEN },
	{ "messaging_service", "MGexample" }, { "pull", "1m" } };

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

static struct parcel
parcel(const char *provider_id)
{
	return (struct parcel){ .msg = 1,
		.to = TO,
		.ref = "0abcdefgh0123456789jkmnp",
		.channel = CHANNEL_SMS,
		.text = WORDS,
		.provider_id = provider_id,
		.begun_at = SIGNED_AT };
}

#define ROW_OF(sid, direction, from, to, body, status, error, at)                     \
	"{\"sid\":\"" sid "\",\"direction\":\"" direction "\",\"from\":\"" from       \
	"\",\"to\":\"" to "\",\"body\":\"" body "\",\"status\":\"" status             \
	"\",\"error_code\":" error ",\"date_created\":\"" at "\",\"date_sent\":\"" at \
	"\",\"messaging_service_sid\":null}"
#define SENT(sid, status) \
	ROW_OF(sid, "outbound-api", SENDER, TO, WORDS, status, "null", AT)
#define FAILED(sid, code) \
	ROW_OF(sid, "outbound-api", SENDER, TO, WORDS, "undelivered", code, AT)
#define CAME(body) ROW_OF("SM9", "inbound", TO, SENDER, body, "received", "null", AT)
#define LIST(rows) "{\"messages\":[" rows "],\"next_page_uri\":null}"

/* ---- one message ---- */

static void
questions(void **state)
{
	struct parcel p = parcel("");

	(void)state;
	stage_query("find", &p);
	p = parcel(TAKEN);
	stage_query("fetch", &p);
}

static void
what_a_query_tells(void **state)
{
	static const struct {
		const char *name, *id, *body;
		int status;
		enum outcome outcome;
		enum told told;
		bool bad, out;
	} rows[] = {
		{ "our words to him", "", LIST(SENT(TAKEN, "queued")), 200,
		    OUTCOME_ACCEPTED, TOLD_NOTHING, false, false },
		{ "and they arrived", "",
		    LIST(ROW_OF("SM8", "outbound-api", SENDER, TO, "other", "sent",
			"null", AT) "," SENT(TAKEN, "delivered")),
		    200, OUTCOME_ACCEPTED, TOLD_DELIVERED, false, false },
		{ "nobody there", "", LIST(FAILED(TAKEN, "30005")), 200, OUTCOME_ACCEPTED,
		    TOLD_FAILED, true, false },
		{ "opted out", "", LIST(FAILED(TAKEN, "21610")), 200, OUTCOME_ACCEPTED,
		    TOLD_FAILED, false, true },
		{ "none proves nothing", "", LIST(""), 200, OUTCOME_UNKNOWN, TOLD_NOTHING,
		    false, false },
		{ "two alike: which?", "",
		    LIST(SENT("SM1", "sent") "," SENT("SM2", "sent")), 200,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "other words", "",
		    LIST(ROW_OF(
			TAKEN, "outbound-api", SENDER, TO, "other", "sent", "null", AT)),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "of another sender", "",
		    LIST(ROW_OF(
			TAKEN, "outbound-api", "+1500", TO, WORDS, "sent", "null", AT)),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "to another", "",
		    LIST(ROW_OF(TAKEN, "outbound-api", SENDER, "+8619900000002", WORDS,
			"sent", "null", AT)),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "his own words back", "",
		    LIST(ROW_OF(
			TAKEN, "inbound", SENDER, TO, WORDS, "received", "null", AT)),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "of two minutes before", "",
		    LIST(ROW_OF(TAKEN, "outbound-api", SENDER, TO, WORDS, "sent", "null",
			"Sun, 22 Nov 2026 03:48:00 +0000")),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "of an hour later", "",
		    LIST(ROW_OF(TAKEN, "outbound-api", SENDER, TO, WORDS, "sent", "null",
			"Sun, 22 Nov 2026 04:50:00 +0000")),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "no time", "",
		    LIST(ROW_OF(
			TAKEN, "outbound-api", SENDER, TO, WORDS, "sent", "null", "")),
		    200, OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "by its id", TAKEN, SENT(TAKEN, "delivered"), 200, OUTCOME_ACCEPTED,
		    TOLD_DELIVERED, false, false },
		{ "on its way", TAKEN, SENT(TAKEN, "sending"), 200, OUTCOME_ACCEPTED,
		    TOLD_NOTHING, false, false },
		{ "another's id", TAKEN, SENT("SM1", "delivered"), 200, OUTCOME_UNKNOWN,
		    TOLD_NOTHING, false, false },
		{ "not found", TAKEN, "{\"code\":20404,\"status\":404}", 404,
		    OUTCOME_UNKNOWN, TOLD_NOTHING, false, false },
		{ "no JSON", TAKEN, "<html>", 200, OUTCOME_UNKNOWN, TOLD_NOTHING, false,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct parcel p = parcel(rows[i].id);
		struct answer a;

		provider->query_answer(
		    &account, &p, rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome || a.told != rows[i].told ||
		    a.bad_address != rows[i].bad || a.opted_out != rows[i].out ||
		    (a.outcome == OUTCOME_ACCEPTED && strcmp(a.provider_id, TAKEN) != 0))
			fail_msg("%s: %d told %d id %s", rows[i].name, (int)a.outcome,
			    (int)a.told, a.provider_id);
	}
}

/* ---- the last hours ---- */

static void
pulls(void **state)
{
	(void)state;
	stage_pull("pull_first", "", "");
	stage_pull("pull_since", "1795312200", "");
	stage_pull("pull_page", "1795312200 1795319405 " NEXT, "");
}

#define PAGE(rows, next) "{\"messages\":[" rows "],\"next_page_uri\":\"" next "\"}"

static void
what_a_pull_tells(void **state)
{
	static const struct stage_page rows[] = {
		{ "nothing yet", "", LIST(""), 200, 0, 0, "", false },
		{ "nothing new", "1795312200", LIST(""), 200, 0, 0, "1795312200", false },
		{ "arrived", "", LIST(SENT(TAKEN, "delivered")), 200, 0, 1, "1795319405",
		    false },
		{ "on its way is no news", "1795312200", LIST(SENT(TAKEN, "sent")), 200,
		    0, 0, "1795319405", false },
		{ "an answer and a failure", "",
		    LIST(CAME("TD") "," FAILED(TAKEN, "30005")), 200, 0, 2, "1795319405",
		    false },
		{ "of another sender", "",
		    LIST(ROW_OF(TAKEN, "outbound-api", "+1500", TO, WORDS, "delivered",
			"null", AT)),
		    200, 0, 0, "1795319405", false },
		{ "to another sender", "",
		    LIST(ROW_OF(
			"SM9", "inbound", TO, "+1500", "TD", "received", "null", AT)),
		    200, 0, 0, "1795319405", false },
		{ "more pages", "1795312200", PAGE(SENT(TAKEN, "delivered"), NEXT), 200,
		    0, 1, "1795312200 1795319405 " NEXT, true },
		{ "the last page", "1795312200 1795319405 " NEXT,
		    LIST(ROW_OF(TAKEN, "outbound-api", SENDER, TO, WORDS, "delivered",
			"null", "Sun, 22 Nov 2026 02:50:00 +0000")),
		    200, 0, 1, "1795319405", false },
		{ "a page that is forgotten", "1795312200 1795319405 " NEXT,
		    "{\"code\":20006}", 400, 0, 0, "1795312200", false },
		{ "a page of another account", "",
		    PAGE("", "/2010-04-01/Accounts/ACother/Messages.json?Page=1"), 200,
		    -1, 0, "", false },
		{ "a page elsewhere", "", PAGE("", "https://example.com/"), 200, -1, 0,
		    "", false },
		{ "too many calls", "1795312200", "{\"code\":20429}", 429, -1, 0,
		    "1795312200", false },
		{ "wrong key", "1795312200", "{\"code\":20003}", 401, -1, 0, "1795312200",
		    false },
		{ "no list", "", "{}", 200, -1, 0, "", false },
		{ "no JSON", "", "<html>", 502, -1, 0, "", false },
	};

	(void)state;
	stage_pages(rows, G_N_ELEMENTS(rows));
}

/* By a messaging service, whose senders change. */
static void
a_services_messages_are_known_by_its_sid(void **state)
{
	static const char body[] =
	    "{\"messages\":[{\"sid\":\"SM1\",\"direction\":\"inbound\",\"from\":\"" TO
	    "\",\"to\":\"+1777\",\"body\":\"TD\",\"status\":\"received\","
	    "\"messaging_service_sid\":\"MGexample\"},"
	    "{\"sid\":\"SM2\",\"direction\":\"inbound\",\"from\":\"" TO
	    "\",\"to\":\"+1777\",\"body\":\"TD\",\"status\":\"received\","
	    "\"messaging_service_sid\":\"MGother\"},"
	    "{\"sid\":\"SM3\",\"direction\":\"inbound\",\"from\":\"" TO
	    "\",\"to\":\"+1777\",\"body\":\"TD\",\"status\":\"received\","
	    "\"messaging_service_sid\":null},"
	    "{\"sid\":\"SM4\",\"direction\":\"outbound-api\",\"from\":\"+1777\",\"to\":"
	    "\"" TO "\",\"body\":\"x\",\"status\":\"delivered\","
	    "\"messaging_service_sid\":null}]}";
	struct answer why = { .outcome = OUTCOME_UNKNOWN };
	struct receipt *r = NULL;
	const char *cursor = "";
	bool more = false;
	int n = 0;

	(void)state;
	stage_close();
	stage_open("twilio", by_service, 4);
	assert_int_equal(provider->pull_answer(&account, 200, body, strlen(body), arena,
			     &r, &n, &cursor, &more, &why),
	    0);
	assert_int_equal(n, 2);
	assert_string_equal(r[0].provider_id, "SM1");
	assert_false(r[0].answers);
	/* Of no service that is told: who wrote it decides. */
	assert_string_equal(r[1].provider_id, "SM3");
	assert_true(r[1].answers);
}

/* ---- told twice ---- */

static const char *
pulled_key(const char *row)
{
	char *body = g_strdup_printf("{\"messages\":[%s]}", row);
	struct answer why = { .outcome = OUTCOME_UNKNOWN };
	struct receipt *r = NULL;
	const char *cursor = "";
	bool more;
	int n = 0;

	assert_int_equal(provider->pull_answer(&account, 200, body, strlen(body), arena,
			     &r, &n, &cursor, &more, &why),
	    0);
	assert_int_equal(n, 1);
	g_free(body);
	return r->key;
}

/* Signed with TOKEN over the address of provider_stage.h. */
static const char *
posted_key(const char *form, const char *signature)
{
	const struct pair fields[] = { { "X-Twilio-Signature", signature },
		{ NULL, NULL } };
	const struct stage_hook h = { .body = form, .fields = fields };
	struct hook_reply reply;
	struct receipt *r;
	int n;

	if (stage_hook(&h, SIGNED_AT, &r, &n, &reply) != 0 || n != 1)
		fail_msg("refused: %d %s", reply.status, form);
	return r->key;
}

static void
w3_what_is_posted_and_listed_has_one_key(void **state)
{
	(void)state;
	assert_string_equal(pulled_key(SENT("SM1", "delivered")),
	    posted_key("MessageSid=SM1&MessageStatus=delivered",
		"JZgWoL/EHFxTVAIjcPOXceexu0g="));
	assert_string_equal(pulled_key(CAME("TD")),
	    posted_key("Body=TD&From=%2B8619900000001&MessageSid=SM9&SmsStatus=received",
		"U00wmJvle0YEKHto/L9P1IsM53U="));
	assert_string_not_equal(
	    pulled_key(SENT("SM1", "delivered")), pulled_key(FAILED("SM1", "30003")));
}

/* ---- without webhooks ---- */

static void
who_asks_is_not_told(void **state)
{
	struct parcel p = parcel("");

	(void)state;
	assert_int_equal(stage_capabilities().pull, MS_HOUR);
	stage_close();
	stage_open("twilio", by_service, 4);
	assert_int_equal(stage_capabilities().pull, MS_MINUTE);
	stage_request("asks", &p, 1);
	stage_close();
	stage_open("twilio", by_number, 3);
	config.public_url = "http://127.0.0.1:8480";
	stage_request("unreachable", &p, 1);
}

static void
k4_how_often(void **state)
{
	static const struct {
		const char *pull, *says;
	} rows[] = { { "1m", "" }, { "1d", "" }, { "10ms", "between 1s and 1d" },
		{ "2d", "between 1s and 1d" }, { "often", "between 1s and 1d" } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct pair set[] = { { "account_sid", SID }, { "from", SENDER },
			{ "pull", rows[i].pull } };
		struct report *r = report_new();
		struct err e = { 0 };

		stage_close();
		stage_open("twilio", set, 3);
		provider->check(&account, r);
		report_first(r, &e);
		if (rows[i].says[0] == '\0' ? e.text[0] != '\0'
					    : strstr(e.text, rows[i].says) == NULL)
			fail_msg("%s: \"%s\"", rows[i].pull, e.text);
		report_free(r);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(questions),
		TEST(what_a_query_tells),
		TEST(pulls),
		TEST(what_a_pull_tells),
		TEST(a_services_messages_are_known_by_its_sid),
		TEST(w3_what_is_posted_and_listed_has_one_key),
		TEST(who_asks_is_not_told),
		TEST(k4_how_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
