/* smtp_test.c - mail end to end: the real daemon and the sandbox's mail server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon.h"

#include "services.h"

#define HOOK "/hooks/smtp/main/mailhooksecret00000000"

static void
sandbox(struct daemon *d, const char *people, const char *faults)
{
	char *listen = g_strdup_printf("127.0.0.1:%d", d->gateway_port),
	     *at = g_strdup_printf("127.0.0.1:%d", d->smtp_port),
	     *callback = g_strdup_printf("http://127.0.0.1:%d", d->public_port),
	     *config = g_build_filename(d->config, "reachd.yaml", NULL),
	     *log = g_build_filename(d->dir, "gateway.log", NULL),
	     *file = g_build_filename(d->dir, "faults.json", NULL);
	const char *argv[] = { daemon_binary, "sandbox", "--listen", listen, "--smtp", at,
		"--ledger", d->ledger, "--config", config, "--callback", callback,
		"--people", people, "--faults", file, STAGE_CLOCK, NULL };

	daemon_file(d, "faults.json", faults);
	d->gateway = daemon_spawn(argv, log, log);
	UNTIL(daemon_open(d->smtp_port));
	g_free(file);
	g_free(log);
	g_free(config);
	g_free(callback);
	g_free(at);
	g_free(listen);
}

static void
begin(struct daemon *d)
{
	daemon_start(d, (const char *[]){ STAGE_CLOCK, NULL });
}

/* The reference under which the first mail was taken; g_free. */
static char *
first_ref(const struct daemon *d)
{
	char *text, *ref;
	json_t *j;

	assert_true(g_file_get_contents(d->ledger, &text, NULL, NULL));
	j = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	ref = g_strdup(json_string_value(json_object_get(j, "ref")));
	json_decref(j);
	g_free(text);
	assert_non_null(ref);
	return ref;
}

static int
post_mail(const struct daemon *d, const char *path, const char *raw)
{
	return daemon_status(
	    d->public_port, "POST", path, "Content-Type: message/rfc822\r\n", raw);
}

static char *
bounce_of(const char *ref)
{
	return g_strdup_printf(
	    "From: <mailer-daemon@mx.example>\r\nTo: bounce+%s@dealer.example\r\n"
	    "MIME-Version: 1.0\r\nContent-Type: multipart/report; "
	    "report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: "
	    "message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
	    "Final-Recipient: rfc822; c0@example.com\r\nAction: failed\r\nStatus: "
	    "5.1.1\r\n"
	    "\r\n--b--\r\n",
	    ref);
}

/* The greeting, the password and nothing else: no mail is handed in. */
static void
the_account_is_tried_out(void **state)
{
	struct daemon *d = service_new(&smtp);
	char *text;

	(void)state;
	sandbox(d, "none", "{}");
	text = service_probe(d, 0);
	probe_is(&smtp, text, "key", "ok");
	g_free(text);
	service_secret(d, smtp.secret, "another-key");
	text = service_probe(d, 1);
	probe_is(&smtp, text, "address", "ok");
	probe_is(&smtp, text, "key", "failed");
	assert_true(strstr(text, "password (credential mail-password)") != NULL);
	g_free(text);
	kill(d->gateway, SIGKILL);
	daemon_wait(d->gateway);
	d->gateway = 0;
	text = service_probe(d, 1);
	probe_is(&smtp, text, "address", "failed");
	assert_false(daemon_says(d->ledger, "\"via\":"));
	g_free(text);
	daemon_free(d);
}

/* It is taken once; its bounce, posted by the mail server, ends it; a hook without its
 * secret does nothing. */
static void
a_mail_goes_and_its_bounce_comes_back(void **state)
{
	struct daemon *d = service_new(&smtp);
	char *ref, *raw;

	(void)state;
	sandbox(d, "none", "{}");
	begin(d);
	assert_int_equal(daemon_import(d, 1), 0);
	service_visit(d, "v1");
	UNTIL(service_count(d, MSG_ACCEPTED) == 1);
	assert_true(daemon_says(d->ledger, "\"via\":\"smtp\""));
	ref = first_ref(d);
	raw = bounce_of(ref);
	assert_int_equal(post_mail(d, "/hooks/smtp/main/wrong", raw), 401);
	assert_int_equal(post_mail(d, HOOK, raw), 200);
	UNTIL(service_count(d, MSG_UNDELIVERED) == 1);
	assert_int_equal(post_mail(d, HOOK, raw), 200);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM inbox"), 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	g_free(raw);
	g_free(ref);
	daemon_free(d);
}

/* People behind the mail server open and click: their hits come by our own links. */
static void
people_open_and_click(void **state)
{
	struct daemon *d = service_new(&smtp);

	(void)state;
	sandbox(d, "some", "{}");
	begin(d);
	assert_int_equal(daemon_import(d, 40), 0);
	for (int i = 0; i < 40; i++) {
		char *id = g_strdup_printf("v%d", i),
		     *body = g_strdup_printf(
			 "{\"id\":\"%s\",\"customer\":\"c%d\",\"type\":\"visit\","
			 "\"at\":\"2026-03-10T09:00:00+08:00\"}",
			 id, i);
		struct answer a;

		assert_in_range(daemon_event(d, id, body, &a), 200, 201);
		answer_free(&a);
		g_free(body);
		g_free(id);
	}
	UNTIL(daemon_count(d, "SELECT count(*) FROM hit") > 0);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

static void
a_wrong_password_freezes_the_account(void **state)
{
	struct daemon *d = service_new(&smtp);

	(void)state;
	sandbox(d, "none", "{}");
	service_secret(d, smtp.secret, "another");
	begin(d);
	assert_int_equal(daemon_import(d, 1), 0);
	service_visit(d, "v1");
	UNTIL(daemon_says(d->log, "account_frozen"));
	UNTIL(service_count(d, MSG_DUE) == 1);
	assert_false(daemon_says(d->ledger, "\"via\":"));
	daemon_free(d);
}

/* Taken, but its reply was lost: nobody can know, and it is never sent again. */
static void
a_lost_reply_is_presumed(void **state)
{
	struct daemon *d = service_new(&smtp);

	(void)state;
	sandbox(d, "none", "{\"drop_after\":1}");
	begin(d);
	assert_int_equal(daemon_import(d, 1), 0);
	service_visit(d, "v1");
	UNTIL(service_count(d, MSG_PRESUMED) == 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_goes_and_its_bounce_comes_back),
		cmocka_unit_test(the_account_is_tried_out),
		cmocka_unit_test(people_open_and_click),
		cmocka_unit_test(a_wrong_password_freezes_the_account),
		cmocka_unit_test(a_lost_reply_is_presumed),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
