/* spam_test.c - marketing mail that people call spam stops, by account, and goes on again: a pause
 * by itself, a stop by a person's word (B-EM2). */
#include "hand_stage.h"

#include "core/spam.h"

#define START "2026-03-10T10:00:00+08:00"
#define CONFIG                                                                             \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: post, type: sandbox, channels: [email], url: "            \
	"\"http://127.0.0.1:1\", internal: true, settle: none }\n"                         \
	"  - { name: sms, type: sandbox, channels: [sms, push], url: "                     \
	"\"http://127.0.0.1:1\", internal: true, settle: none }\n"
#define MAIL(category)                                                          \
	"---\ntitle: x\ncategory: " category "\nsubject: 广告：hello\n---\n" \
	"hello {{ customer.id }} {{ message.unsubscribe }}\n"
#define BOOK(name, category)                                                          \
	"playbook: " name "\ncategory: " category                                     \
	"\nstatus: live\nstart: { on: visit }\nre_entry: after 1m\nagain: parallel\n" \
	"steps:\n  - { id: one, after: 1m, send: " name ", expires: 3d }\n"

static void
how_many_are_too_many(void **state)
{
	static const struct {
		const char *name;
		int64_t sent, complaints;
		enum spam_state before, want;
	} rows[] = {
		{ "none", 0, 0, SPAM_FINE, SPAM_FINE },
		{ "one of very few proves nothing", 10, 1, SPAM_FINE, SPAM_FINE },
		{ "two of 2001", 2001, 2, SPAM_FINE, SPAM_FINE },
		{ "two of 2000: 0.10 %", 2000, 2, SPAM_FINE, SPAM_PAUSED },
		{ "two of ten do not stop it for good", 10, 2, SPAM_FINE, SPAM_PAUSED },
		{ "three of 1001", 1001, 3, SPAM_FINE, SPAM_PAUSED },
		{ "three of 1000: 0.30 %", 1000, 3, SPAM_FINE, SPAM_STOPPED },
		{ "a pause ends with the rate", 3000, 2, SPAM_PAUSED, SPAM_FINE },
		{ "a stop does not", 3000, 0, SPAM_STOPPED, SPAM_STOPPED },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (spam_judge(rows[i].sent, rows[i].complaints, rows[i].before) !=
		    rows[i].want)
			fail_msg("%s", rows[i].name);
}

/* n people, each has had one mail. */
static struct stage *
mailed(int n)
{
	struct stage *s =
	    stage_new(START, "config/reachd.yaml", CONFIG, "templates/email/care.liquid",
		MAIL("marketing"), "templates/email/ready.liquid", MAIL("service"),
		"config/playbooks/care.yaml", BOOK("care", "marketing"),
		"config/playbooks/ready.yaml", BOOK("ready", "service"), NULL);

	for (int i = 0; i < n; i++) {
		char ext[16], id[16];

		stage_mailbox(s, i);
		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(id, sizeof(id), "v%d", i);
		assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	}
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 2 * n);
	return s;
}

static void
complain(struct stage *s, const char *key, int letter)
{
	const struct letter *l = s->letters->pdata[letter];
	struct receipt r = { .kind = RECEIPT_COMPLAINT,
		.key = key,
		.ref = l->ref,
		.provider_id = "",
		.from = "",
		.channel = CHANNEL_EMAIL,
		.text = "",
		.perr = "",
		.raw = "" };

	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
}

/* The letter of that kind to the i-th; the first letters are these. */
static int
to(struct stage *s, int i)
{
	char ext[16];

	g_snprintf(ext, sizeof(ext), "C%d", i);
	for (guint k = 0; k < s->letters->len; k++)
		if (strcmp(((struct letter *)s->letters->pdata[k])->customer, ext) == 0)
			return (int)k;
	fail();
	return -1;
}

static struct stage *on_stage;

static int
alarms(const char *word)
{
	char *sql = g_strdup_printf(
	    "SELECT count(*) FROM alarm WHERE kind = 'spam' AND text LIKE '%%%s%%'",
	    word);
	int n = stage_number(on_stage, sql);

	g_free(sql);
	return n;
}

static void
a_pause_ends_by_itself(void **state)
{
	struct stage *s = mailed(6);
	char *metrics;

	(void)state;
	on_stage = s;
	complain(s, "a", to(s, 0));
	complain(s, "a again", to(s, 0)); /* the same man */
	assert_int_equal(alarms("paused"), 0);
	complain(s, "b", to(s, 1));
	assert_int_equal(alarms("2 of 12 mails"), 1);
	metrics = engine_metrics(s->engine);
	assert_non_null(
	    strstr(metrics, "reachd_mail_complaint_ratio{provider=\"post\"} 0.166667"));
	g_free(metrics);

	/* Marketing waits, what serves goes. */
	stage_event(s, "w", "C5", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 13);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM decision WHERE rule = 'spam'"), 1);
	stage_run(s, 8 * MS_DAY);
	assert_int_equal(alarms(""), 0);
	stage_event(s, "x", "C5", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 15);
	stage_free(s);
}

static void
a_stop_wants_a_person(void **state)
{
	struct stage *s = mailed(6);

	(void)state;
	on_stage = s;
	assert_int_equal(hand(s, "mail-go", "{\"account\":\"post\"}"), 409);
	for (int i = 0; i < 3; i++)
		complain(s, (const char *[]){ "a", "b", "c" }[i], to(s, i));
	assert_int_equal(alarms("reachd provider go post"), 1);
	assert_int_equal(alarms(""), 1);
	stage_run(s, 9 * MS_DAY);
	stage_event(s, "w", "C5", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 13);

	assert_int_equal(hand(s, "mail-go", "{\"account\":\"nobody\"}"), 404);
	assert_int_equal(hand(s, "mail-go", "{\"account\":\"post\"}"), 422);
	assert_int_equal(
	    hand(s, "mail-go",
		"{\"account\":\"post\",\"by\":\"李明\",\"reason\":\"名单买来的，已停\"}"),
	    200);
	assert_int_equal(alarms(""), 0);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM audit WHERE act = 'mail-go'"), 1);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 14);
	stage_free(s);
}

/* What no gate let happen would be told (B-EM4): a refusal that was known before the mail began.
 * One that came while it was under way is none. */
static void
a_mail_after_a_refusal_is_told(void **state)
{
	static const struct {
		const char *name, *first_at, *file, *book;
		int alarms;
	} rows[] = {
		{ "before it began", "m.begun_at - 1", "config/playbooks/care.yaml",
		    BOOK("care", "marketing"), 1 },
		{ "while it was under way", "m.begun_at", "config/playbooks/care.yaml",
		    BOOK("care", "marketing"), 0 },
		{ "a service mail", "m.begun_at - 1", "config/playbooks/ready.yaml",
		    BOOK("ready", "service"), 0 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = stage_new(START, "config/reachd.yaml", CONFIG,
		    "templates/email/care.liquid", MAIL("marketing"),
		    "templates/email/ready.liquid", MAIL("service"), rows[i].file,
		    rows[i].book, NULL);
		char *sql = g_strdup_printf(
		    "INSERT INTO optout(h, channel, src, origin, at, first_at, last_at)"
		    " SELECT m.address, m.channel, 'x', '', 1, %s, 1 FROM msg m",
		    rows[i].first_at);
		struct err e = { 0 };

		print_message("%s\n", rows[i].name);
		s->say = SAY_SILENCE;
		stage_mailbox(s, 0);
		assert_int_equal(stage_event(s, "v0", "C0", "visit"), 201);
		stage_run(s, 2 * MS_MINUTE);
		assert_int_equal(s->letters->len, 1);
		assert_int_equal(sql_run(sql_get(s->store, g_intern_string(sql)), &e), 0);
		assert_int_equal(
		    stage_receipt(s, RECEIPT_DELIVERED, "k", 0, "", ""), 200);
		assert_int_equal(
		    stage_number(s, "SELECT count(*) FROM alarm WHERE kind = "
				    "'after-optout'"),
		    rows[i].alarms);
		g_free(sql);
		stage_free(s);
	}
}

/* ---- reports that name no mail ---- */

static void
reported(
    struct stage *s, enum receipt_kind kind, const char *key, const char *from, bool ours)
{
	struct receipt r = { .kind = kind,
		.key = key,
		.ref = "",
		.provider_id = "",
		.from = from,
		.channel = CHANNEL_EMAIL,
		.text = "",
		.perr = "5.1.1",
		.our_mail = ours,
		.bad_address = ours && kind == RECEIPT_FAILED,
		.raw = "" };

	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], &r, 1, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
}

/* By its recipient, where that is certain; what says nothing is told of. */
static void
reports_that_name_no_mail(void **state)
{
	static const char undelivered[] = "SELECT count(*) FROM msg WHERE state = 5",
			  told[] = "SELECT count(*) FROM alarm WHERE kind = 'report'",
			  lost[] =
			      "SELECT count(*) FROM inbox WHERE verdict = 'unmatched'";
	struct stage *s = mailed(2);
	int before = stage_number(s, undelivered);

	(void)state;
	on_stage = s;
	/* He had two: which of them it was is not known, that nobody is there is. */
	reported(s, RECEIPT_FAILED, "a", "c0@customer.example", true);
	assert_int_equal(stage_number(s, undelivered), before);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM customer WHERE invalid <> 0"), 1);
	stage_run(s, 6 * MS_DAY);
	stage_event(s, "w", "C1", "visit");
	stage_run(s, 30 * MS_SECOND);
	reported(s, RECEIPT_FAILED, "b", "", false);
	reported(s, RECEIPT_FAILED, "c", "", false);
	assert_int_equal(stage_number(s, told), 1);
	assert_int_equal(stage_number(s, lost), 2);
	stage_free(s);
}

static void
the_only_mail_to_him(void **state)
{
	struct stage *s = stage_new(START, "config/reachd.yaml", CONFIG,
	    "templates/email/care.liquid", MAIL("marketing"),
	    "config/playbooks/care.yaml", BOOK("care", "marketing"), NULL);
	struct message m;

	(void)state;
	stage_mailbox(s, 0);
	stage_event(s, "v", "C0", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	reported(s, RECEIPT_FAILED, "a", "c0@customer.example", true);
	stage_touch(s, "C0", 0, &m);
	assert_int_equal(m.state, MSG_UNDELIVERED);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_many_are_too_many),
		cmocka_unit_test(a_pause_ends_by_itself),
		cmocka_unit_test(a_stop_wants_a_person),
		cmocka_unit_test(a_mail_after_a_refusal_is_told),
		cmocka_unit_test(reports_that_name_no_mail),
		cmocka_unit_test(the_only_mail_to_him),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
