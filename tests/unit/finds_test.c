/* finds_test.c - a service that finds what it took, and proves nothing by what it does not
 * find: Postmark on the small stage. */
#include <sys/stat.h>

#include <sqlite3.h>

#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define STEP "  - { id: one, after: 1m, send: m%s }\n"

static bool lists, arrived; /* what it is found to be */
static bool cut;            /* the answer to a mail is lost */
static int searches, details;
static char *ref; /* of the mail that came */

static void
answer_post(const struct sim_request *q, struct sim_reply *r)
{
	json_t *in = json_loadb(q->body, q->body_len, 0, NULL);

	g_free(ref);
	ref = g_strdup(json_string_value(json_object_get(
	    json_object_get(json_array_get(in, 0), "Metadata"), "reach_id")));
	assert_non_null(ref);
	json_decref(in);
	if (cut)
		r->kind = SIM_CUT;
	r->body = g_strdup("[{\"MessageID\":\"m1\",\"ErrorCode\":0}]");
}

static void
answer_search(const struct sim_request *q, struct sim_reply *r)
{
	char *end = g_strconcat("metadata_reach_id=", ref, NULL);

	assert_true(g_str_has_suffix(q->url, end));
	searches++;
	r->body =
	    lists ? g_strdup_printf("{\"Messages\":[{\"MessageID\":\"m1\",\"Metadata\":"
				    "{\"reach_id\":\"%s\"}}]}",
			ref)
		  : g_strdup("{\"TotalCount\":0,\"Messages\":[]}");
	g_free(end);
}

/* What it lists by the hour. */
static const char *bounced = "";

static void
answer_list(const struct sim_request *q, struct sim_reply *r)
{
	bool of_service = strstr(q->url, "messageStream=outbound") != NULL;

	if (strstr(q->url, "/bounces?") != NULL)
		r->body =
		    g_strdup_printf("{\"Bounces\":[%s]}", of_service ? "" : bounced);
	else
		r->body = g_strdup(strstr(q->url, "/suppressions/") != NULL
				       ? "{\"Suppressions\":[]}"
				       : "{\"Messages\":[]}");
}

static void
postmark(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	if (strcmp(q->method, "POST") == 0) {
		s->calls++;
		answer_post(q, r);
	} else if (strstr(q->url, "fromdate=") != NULL) {
		answer_list(q, r);
	} else if (strstr(q->url, "/m1/details") != NULL) {
		details++;
		r->body = g_strdup_printf("{\"MessageID\":\"m1\",\"MessageEvents\":[%s]}",
		    arrived ? "{\"Type\":\"Delivered\"}" : "");
	} else {
		answer_search(q, r);
	}
	r->len = strlen(r->body);
}

static struct stage *
open_(const char *more)
{
	char *book = g_strdup_printf("playbook: care\ncategory: marketing\nstatus: live\n"
				     "start: { on: visit }\nsteps:\n" STEP,
	    more);
	struct stage *s = stage_new(START, "config/reachd.yaml",
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\ncredentials: secrets\nproviders:\n"
	    "  - name: mail\n    type: postmark\n    channels: [email]\n"
	    "    url: http://127.0.0.1:1\n    internal: true\n"
	    "    from: news@dealer.example\n    server_token: { credential: key }\n"
	    "    webhook_user: reach\n    webhook_password: { credential: hook }\n"
	    "  - { name: sms, type: sandbox, channels: [sms, push], url: "
	    "\"http://127.0.0.1:1\", internal: true, settle: none }\n",
	    "config/secrets/key", "token-example", "config/secrets/hook", "example",
	    "templates/email/m.liquid",
	    "---\ntitle: x\ncategory: marketing\nsubject: 广告：hello\n---\n"
	    "hello {{ customer.id }} {{ message.unsubscribe }}\n",
	    "config/playbooks/care.yaml", book, NULL);

	g_free(book);
	lists = arrived = cut = false;
	searches = details = 0;
	bounced = "";
	s->arrive = postmark;
	stage_mailbox(s, 0);
	assert_int_equal(stage_event(s, "v0", "C0", "visit"), 201);
	return s;
}

/* It was taken, the answer was lost: found, not sent again. */
static void
a_lost_answer_is_found(void **state)
{
	struct stage *s = open_("");
	struct message m;

	(void)state;
	cut = lists = true;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_ACCEPTED, REASON_NONE);
	stage_touch(s, "C0", 0, &m);
	assert_string_equal(m.provider_id, "m1");
	assert_int_equal(s->calls, 1);
	assert_int_equal(searches, 1);
	stage_free(s);
}

/* Not found, however often: never sent again, and presumed after a quarter of an hour. */
static void
what_is_not_found_is_presumed_and_never_sent_again(void **state)
{
	struct stage *s = open_("");
	int asked;

	(void)state;
	cut = true;
	stage_run(s, 10 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_UNKNOWN, REASON_NONE);
	assert_true(searches >= 4);
	stage_run(s, 20 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_PRESUMED, REASON_NONE);
	asked = searches;
	stage_run(s, 3 * MS_DAY);
	stage_expect(s, "C0", 0, MSG_PRESUMED, REASON_NONE);
	assert_int_equal(searches, asked);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

/* A person is asked only when the service does not know it either. */
static void
it_is_looked_for_before_a_person_is_asked(void **state)
{
	struct stage *s = open_(", on_unknown: park");

	(void)state;
	cut = true;
	stage_run(s, 90 * MS_SECOND);
	stage_expect(s, "C0", 0, MSG_UNKNOWN, REASON_NONE);
	lists = true;
	stage_run(s, 5 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
	s = open_(", on_unknown: park");
	cut = true;
	stage_run(s, 30 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_PARKED, REASON_NONE);
	stage_free(s);
}

/* The machine lost power while the call was under way. */
static void
it_is_looked_for_after_a_crash(void **state)
{
	struct stage *s = open_("");

	(void)state;
	cut = lists = true;
	for (int i = 0; i < 60000 && s->calls == 0; i++)
		stage_run(s, 10);
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->calls, 1);
	stage_free(s);
}

/* A bounce whose webhook was lost: listed, it counts within the hour, and once, however often it
 * is listed and when it is posted at last. */
static void
what_was_not_posted_is_listed(void **state)
{
	struct stage *s = open_("");
	struct receipt r = { .kind = RECEIPT_FAILED,
		.key = "Bounce 7",
		.ref = "",
		.provider_id = "m1",
		.from = "",
		.channel = CHANNEL_EMAIL,
		.text = "",
		.perr = "HardBounce",
		.bad_address = true,
		.raw = "" };

	(void)state;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_ACCEPTED, REASON_NONE);
	bounced = "{\"ID\":7,\"Type\":\"HardBounce\",\"MessageID\":\"m1\",\"Email\":"
		  "\"c0@customer.example\",\"Inactive\":true,\"BouncedAt\":"
		  "\"2026-03-10T10:01:30+08:00\"}";
	stage_run(s, 61 * MS_MINUTE);
	stage_expect(s, "C0", 0, MSG_UNDELIVERED, REASON_NONE);
	stage_run(s, 3 * MS_HOUR);
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(stage_number(s, "SELECT count(*) FROM inbox WHERE evkey = 'Bounce 7'"), 1);
	stage_free(s);
}

/* No webhook came: after an hour, six, a day it is asked by its id. */
static void
a_missing_receipt_is_asked_for(void **state)
{
	struct stage *s = open_("");

	(void)state;
	stage_run(s, 2 * MS_HOUR);
	stage_expect(s, "C0", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(details, 1);
	arrived = true;
	stage_run(s, 5 * MS_HOUR);
	stage_expect(s, "C0", 0, MSG_DELIVERED, REASON_NONE);
	assert_int_equal(details, 2);
	assert_int_equal(searches, 0);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_answer_is_found),
		cmocka_unit_test(what_is_not_found_is_presumed_and_never_sent_again),
		cmocka_unit_test(it_is_looked_for_before_a_person_is_asked),
		cmocka_unit_test(it_is_looked_for_after_a_crash),
		cmocka_unit_test(what_was_not_posted_is_listed),
		cmocka_unit_test(a_missing_receipt_is_asked_for),
	};
	int rc;

	umask(077); /* files of secrets are private */
	rc = cmocka_run_group_tests(tests, NULL, NULL);

	g_free(ref);
	return rc;
}
