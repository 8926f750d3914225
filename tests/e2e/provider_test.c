/* Real services end to end: the daemon speaks to the sandbox's dialect over HTTP, its webhooks
 * come back. One row a service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon.h"

#include "services.h"

static void
a_message_goes_and_its_receipt_comes_back(void **state)
{
	service_delivers(*state);
}

static void
a_wrong_key_freezes_the_account_and_burns_nothing(void **state)
{
	service_freezes(*state);
}

static void
an_account_is_tried_out_without_sending(void **state)
{
	service_probes(*state);
}

/* The webhook leads to the daemon, and nothing of it is disturbed. */
static void
an_account_is_tried_out_while_the_daemon_runs(void **state)
{
	struct daemon *d = service_new(&aliyun);
	char *text;

	(void)state;
	service_start(&aliyun, d);
	text = service_probe(d, 0);
	probe_is(&aliyun, text, "webhook", "ok");
	g_free(text);
	service_visit(d, "v1");
	UNTIL(daemon_says(d->ledger, "\"via\":"));
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

static void
go_names_one_account(void **state)
{
	struct daemon *d = daemon_new(NULL);
	char *text = NULL;

	(void)state;
	assert_int_equal(
	    daemon_tool(d, &text, (const char *[]){ "provider", "go", NULL }), 2);
	assert_non_null(strstr(text, "say whose marketing mail goes on"));
	g_free(text);
	assert_int_equal(
	    daemon_tool(d, &text, (const char *[]){ "provider", "go", "a", "b", NULL }), 2);
	assert_non_null(strstr(text, "\"b\" is one too many"));
	g_free(text);
	daemon_free(d);
}

/* Each address of customers stands in the ledger once, whatever became of the answers. */
static void
each_once(const struct daemon *d, const char *channel, int customers)
{
	for (int i = 0; i < customers; i++) {
		char *to = strcmp(channel, "email") == 0
			       ? g_strdup_printf("\"to\":\"c%d@example.com\"", i)
			   : strcmp(channel, "push") == 0
			       ? g_strdup_printf("\"to\":\"device-%d\"", i)
			       : g_strdup_printf("\"to\":\"+861990%07d\"", i),
		     *text = NULL, *at;

		assert_true(g_file_get_contents(d->ledger, &text, NULL, NULL));
		at = strstr(text, to);
		if (at == NULL || strstr(at + 1, to) != NULL)
			fail_msg("customer %d was sent %s", i,
			    at == NULL ? "nothing" : "two messages");
		g_free(text);
		g_free(to);
	}
}

/* The account's url leads to another port, and a second account of another service stands
 * behind it. */
static void
add_second(struct daemon *d, int port)
{
	char *path = g_build_filename(d->config, "reachd.yaml", NULL), *text = NULL,
	     *was = g_strdup_printf("127.0.0.1:%d/twilio", d->gateway_port),
	     *now = g_strdup_printf("127.0.0.1:%d/twilio", port),
	     *second = g_strdup_printf("  - { name: second, type: sandbox, channels: [sms], url: "
				       "\"http://127.0.0.1:%d\", internal: true }\n",
		 d->gateway_port);
	GString *s;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	s = g_string_new(text);
	assert_int_equal(g_string_replace(s, was, now, 0), 1);
	g_string_append(s, second);
	daemon_file(d, "config/reachd.yaml", s->str);
	g_string_free(s, TRUE);
	g_free(second);
	g_free(now);
	g_free(was);
	g_free(text);
	g_free(path);
}

static int64_t
taken_by(struct daemon *d, const char *account)
{
	char *sql = g_strdup_printf(
	    "SELECT count(*) FROM msg WHERE account = '%s' AND state IN (%d, %d)", account,
	    MSG_ACCEPTED, MSG_DELIVERED);
	int64_t n = daemon_count(d, sql);

	g_free(sql);
	return n;
}

/* Nobody listens at the first: the second takes it, once. When the first is there again, it
 * takes the next. */
static void
a_second_account_takes_over_and_gives_back(void **state)
{
	struct daemon *d = service_new(&twilio);
	int port = daemon_port();
	int64_t tried;
	pid_t other;

	(void)state;
	add_second(d, port);
	service_begin(&twilio, d, 2, NULL);
	service_visit_of(d, "v0", 0);
	UNTIL(taken_by(d, "second") == 1);
	assert_true(daemon_says(d->log, "provider_unreachable"));
	tried = daemon_boot();
	other = d->gateway;
	d->gateway_port = port;
	service_counter(d);
	/* It is left alone for a second after each failure. */
	UNTIL(daemon_boot() - tried > 2000);
	service_visit_of(d, "v1", 1);
	UNTIL(taken_by(d, "main") == 1);
	each_once(d, "sms", 2);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	kill(other, SIGKILL);
	daemon_wait(other);
	daemon_free(d);
}

/* Every other answer is an error although it was taken, those of queries too: what was taken is found, and nobody gets
 * it twice. */
static void
lose_answers(const struct service *s, const char *faults)
{
	struct daemon *d = service_new(s);

	service_begin(s, d, 12, faults);
	for (int i = 0; i < 12; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "v%d", i);
		service_visit_of(d, id, i);
	}
	UNTIL(service_count(d, MSG_DELIVERED) + service_count(d, MSG_UNDELIVERED) == 12);
	each_once(d, s->channel, 12);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

static void
a_lost_answer_is_settled_and_sent_no_second_time(void **state)
{
	lose_answers(*state, "{\"error_after\":0.5}");
}

/* No webhook comes at all: what was taken, and what has arrived, is known by asking alone. */
static void
without_receipts_it_is_asked(void **state)
{
	lose_answers(*state, "{\"error_after\":0.5,\"receipt_lost\":1}");
}

/* The same for a while, and no callbacks: each is repeated under the key it was given. */
static void
a_lost_answer_is_repeated_under_its_key(void **state)
{
	lose_answers(
	    *state, "{\"error_after\":0.7,\"receipt_lost\":1,\"only_first\":16}");
}

/* All is answered, and no webhook comes: whether it has arrived is asked. */
static void
without_webhooks_it_is_asked(void **state)
{
	struct service s = *(const struct service *)*state;

	s.speed = NULL; /* no signature to be late */
	lose_answers(&s, "{\"receipt_lost\":1}");
}

/* ---- what a member must send ---- */

/* Taken as a task, confirmed by the member a while later, and found out by asking. */
static void
a_message_waits_for_a_yes_and_goes(void **state)
{
	struct daemon *d = service_new(&wecom);
	char *path = g_build_filename(d->dir, "c.csv", NULL), *text = NULL;

	(void)state;
	service_start(&wecom, d);
	daemon_file(d, "c.csv", "id,name,wecom,consent\nc0,李静,wmExample1,service\n");
	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", "customers", path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	service_visit(d, "v1");
	UNTIL(service_count(d, MSG_AWAITING) == 1);
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	g_free(text);
	g_free(path);
	daemon_free(d);
}

/* ---- who has written may be answered ---- */

static struct daemon *
kf_start(const char *faults)
{
	struct daemon *d = service_new(&wecom_kf);
	char *path = g_build_filename(d->dir, "c.csv", NULL), *text = NULL;

	daemon_file(d, "config/playbooks/hello.yaml",
	    "playbook: hello\ntitle: 到店\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nre_entry: after 1m\nagain: parallel\n"
	    "steps: [{ id: thanks, after: 1m, send: hello/thanks, expires: 3d }]\n");
	service_begin(&wecom_kf, d, 1, faults);
	daemon_file(d, "c.csv", "id,name,wecom,consent\nc0,李静,wmExample1,service\n");
	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", "customers", path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	g_free(text);
	g_free(path);
	return d;
}

static void
kf_say(struct daemon *d, const char *body)
{
	struct answer a;

	daemon_ask(d->gateway_port, "POST", "/wecom-kf/main/say", "", body, &a);
	answer_free(&a);
}

static int64_t
kf_replies(struct daemon *d)
{
	return daemon_count(d, "SELECT count(*) FROM inbox WHERE kind = 5");
}

/* The customer writes in: five messages go, the sixth is held by the rule until he has
 * written again; then he refuses, and that arrives as a receipt. */
static void
five_go_to_who_has_written(void **state)
{
	struct daemon *d = kf_start(NULL);

	(void)state;
	service_visit(d, "v0");
	UNTIL(service_count(d, MSG_SUPPRESSED) == 1);
	kf_say(d, "{\"from\":\"wmExample1\",\"text\":\"3\"}");
	UNTIL(kf_replies(d) == 1);
	for (int i = 1; i <= 6; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "v%d", i);
		service_visit(d, id);
		UNTIL(service_count(d, MSG_ACCEPTED) == MIN(i, 5));
	}
	UNTIL(service_count(d, MSG_SUPPRESSED) == 2);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM decision WHERE rule = 'main'"), 2);
	kf_say(d, "{\"from\":\"wmExample1\",\"refuse\":true,\"text\":\"3\"}");
	UNTIL(kf_replies(d) == 2);
	service_visit(d, "v7");
	UNTIL(service_count(d, MSG_UNDELIVERED) == 1);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM optout"), 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* Every other answer is lost: what was taken is known again by its msgid, and what he wrote
 * is asked for until it is had. */
static void
a_lost_answer_is_known_by_its_msgid(void **state)
{
	struct daemon *d = kf_start("{\"error_after\":0.5}");
	char *text = NULL, **lines;

	(void)state;
	kf_say(d, "{\"from\":\"wmExample1\",\"text\":\"3\"}");
	UNTIL(kf_replies(d) == 1);
	for (int i = 1; i <= 5; i++) {
		char id[16];

		g_snprintf(id, sizeof(id), "v%d", i);
		service_visit(d, id);
	}
	UNTIL(service_count(d, MSG_ACCEPTED) == 5);
	assert_true(g_file_get_contents(d->ledger, &text, NULL, NULL));
	lines = g_strsplit(g_strstrip(text), "\n", -1);
	assert_int_equal(g_strv_length(lines), 5);
	g_strfreev(lines);
	g_free(text);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* ---- cards to staff ---- */

static void
import(const struct daemon *d, const char *what, const char *file)
{
	char *path = g_build_filename(d->dir, file, NULL), *text = NULL;

	if (daemon_tool(d, &text,
		(const char *[]){
		    "import", what, path, "--socket", d->socket, NULL }) != 0)
		fail_msg("%s", text);
	g_free(text);
	g_free(path);
}

/* The task is made, told, its button pressed, and done: over HTTP, encrypted both ways. */
static void
a_call_is_told_and_done_by_a_press(void **state)
{
	struct daemon *d = staff_new();

	(void)state;
	service_start(&wecom_staff, d);
	staff_import(d);
	service_visit(d, "v1");
	UNTIL(daemon_count(d, "SELECT count(*) FROM card WHERE state = 3") == 1);
	UNTIL(daemon_count(d, "SELECT count(*) FROM task WHERE outcome = 'reached' AND"
			      " done_by = '王经理'") == 1);
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM card"), 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* A text for the advisor to send by hand: told, "sent" pressed, counted, and the card shows that
 * it is done. */
static void
a_draft_is_told_and_done_by_a_press(void **state)
{
	struct daemon *d = staff_new();

	(void)state;
	daemon_file(d, "config/templates/wecom/hello/note.liquid",
	    "---\ntitle: 问候\ncategory: service\n---\n您好，{{ customer.id }}\n");
	daemon_file(d, "config/playbooks/hello.yaml",
	    "playbook: hello\ntitle: 到店\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nsteps:\n"
	    "  - { id: c, after: 1m, send: hello/note, kind: personal }\n"
	    "  - { id: end, stop: true }\n");
	service_start(&wecom_staff, d);
	staff_import(d);
	daemon_file(d, "w.csv", "id,name,wecom,consent\nc0,李静,wmExample1,service\n");
	import(d, "customers", "w.csv");
	service_visit(d, "v1");
	UNTIL(daemon_count(d, "SELECT count(*) FROM task WHERE kind = 'draft' AND"
			      " outcome = 'sent' AND done_by = '王经理'") == 1);
	UNTIL(service_count(d, MSG_DELIVERED) == 1);
	UNTIL(daemon_count(d, "SELECT count(*) FROM card WHERE face = 1 AND code_enc IS"
			      " NULL") == 1);
	assert_true(daemon_says(d->log, "card_replaced"));
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* The account stops; the call stays on the list and its card waits. */
static void
a_wrong_secret_loses_no_call(void **state)
{
	struct daemon *d = staff_new();

	(void)state;
	service_start(&wecom_staff, d);
	staff_import(d);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	service_secret(d, "wecom", "another-key");
	daemon_start(d, (const char *[]){ STAGE_CLOCK, NULL });
	service_visit(d, "v1");
	UNTIL(daemon_says(d->log, "account_frozen"));
	UNTIL(daemon_count(d, "SELECT count(*) FROM task WHERE state = 0") == 1);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM card"), 0);
	daemon_free(d);
}

#define PROBE(s)                                                            \
	{                                                                   \
#s ": probe", an_account_is_tried_out_without_sending, NULL, NULL, \
		    (void *)(uintptr_t) & (s)                               \
	}
#define SERVICE(s)                                                                   \
	{ #s ": goes", a_message_goes_and_its_receipt_comes_back, NULL, NULL,        \
		(void *)(uintptr_t) & (s) },                                         \
	{                                                                            \
#s ": wrong key", a_wrong_key_freezes_the_account_and_burns_nothing, \
		    NULL, NULL, (void *)(uintptr_t) & (s)                            \
	},                                                                           \
	PROBE(s)

#define LOST(s)                                                                       \
	{                                                                             \
#s ": lost answers", a_lost_answer_is_settled_and_sent_no_second_time, NULL, \
		    NULL, (void *)(uintptr_t) & (s)                                   \
	}

#define ASKED(s)                                                                   \
	{                                                                          \
#s ": no receipts", without_receipts_it_is_asked, NULL, NULL,             \
		    (void *)(uintptr_t) & (s)                                      \
	}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SERVICE(aliyun),
		LOST(aliyun),
		SERVICE(postmark),
		ASKED(postmark),
		SERVICE(postmark_asks),
		SERVICE(resend),
		{ "resend: no receipts", without_webhooks_it_is_asked, NULL, NULL,
		    (void *)(uintptr_t)&resend },
		SERVICE(ses),
		SERVICE(sendgrid),
		SERVICE(mailgun),
		ASKED(mailgun),
		SERVICE(mailgun_asks),
		SERVICE(directmail),
		SERVICE(twilio),
		LOST(twilio),
		ASKED(twilio),
		SERVICE(twilio_asks),
		LOST(twilio_asks),
		SERVICE(tencent),
		SERVICE(tencent_asks),
		SERVICE(jpush),
		{ "jpush: lost answers", a_lost_answer_is_repeated_under_its_key, NULL,
		    NULL, (void *)(uintptr_t)&jpush },
		PROBE(wecom),
		PROBE(wecom_staff),
		PROBE(wecom_kf),
		cmocka_unit_test(go_names_one_account),
		cmocka_unit_test(an_account_is_tried_out_while_the_daemon_runs),
		cmocka_unit_test(a_second_account_takes_over_and_gives_back),
		cmocka_unit_test(a_message_waits_for_a_yes_and_goes),
		cmocka_unit_test(five_go_to_who_has_written),
		cmocka_unit_test(a_lost_answer_is_known_by_its_msgid),
		cmocka_unit_test(a_call_is_told_and_done_by_a_press),
		cmocka_unit_test(a_draft_is_told_and_done_by_a_press),
		cmocka_unit_test(a_wrong_secret_loses_no_call),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
