/* smtp_test.c - mail end to end: the real daemon and the sandbox's mail server, and a daemon
 * that is killed again and again with mails under way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "daemon.h"

#include "provider_stage.h"

#define HOOK "/hooks/smtp/main/mailhooksecret00000000"

static const struct service mail = {
	.type = "smtp",
	.channel = "email",
	.settings = "    from: news@dealer.example\n    from_name: 示例汽车\n"
		    "    user: reach\n    password: { credential: mail-password }\n"
		    "    bounce: bounce@dealer.example\n    tls: \"no\"\n"
		    "    hook_secret: { credential: mail-hook }\n",
	.secrets = (const char *const[]){ "mail-password", "example-password",
	    "mail-hook", "mailhooksecret00000000", NULL },
	.front = "subject: 您的车好了\n",
	.text = "<p>{{ customer.id }} <a href=\"{{ \"https://www.example.com/book\" | "
		"short_link }}\">预约</a></p>",
	.secret = "mail-password",
};

/* The account is reached by SMTP, the sandbox listens for it. */
static struct daemon *
stage_new(int *port)
{
	struct daemon *d = service_new(&mail);
	char *path = g_build_filename(d->config, "reachd.yaml", NULL), *text, *web;
	GString *s;

	*port = daemon_port();
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	web = g_strdup_printf("url: http://127.0.0.1:%d/smtp/main", d->gateway_port);
	s = g_string_new(text);
	assert_int_equal(g_string_replace(s, web, "url: smtp://127.0.0.1:PORT", 0), 1);
	g_free(web);
	web = g_strdup_printf("%d", *port);
	g_string_replace(s, "PORT", web, 0);
	daemon_file(d, "config/reachd.yaml", s->str);
	g_string_free(s, TRUE);
	g_free(web);
	g_free(text);
	g_free(path);
	return d;
}

static void
sandbox(struct daemon *d, int port, const char *people, const char *faults)
{
	char *listen = g_strdup_printf("127.0.0.1:%d", d->gateway_port),
	     *smtp = g_strdup_printf("127.0.0.1:%d", port),
	     *callback = g_strdup_printf("http://127.0.0.1:%d", d->public_port),
	     *config = g_build_filename(d->config, "reachd.yaml", NULL),
	     *log = g_build_filename(d->dir, "gateway.log", NULL),
	     *file = g_build_filename(d->dir, "faults.json", NULL);
	const char *argv[] = { daemon_binary, "sandbox", "--listen", listen, "--smtp",
		smtp, "--ledger", d->ledger, "--config", config, "--callback", callback,
		"--people", people, "--faults", file, STAGE_CLOCK, NULL };

	daemon_file(d, "faults.json", faults);
	d->gateway = daemon_spawn(argv, log, log);
	UNTIL(daemon_open(port));
	g_free(file);
	g_free(log);
	g_free(config);
	g_free(callback);
	g_free(smtp);
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
	int port;
	struct daemon *d = stage_new(&port);
	char *text;

	(void)state;
	sandbox(d, port, "none", "{}");
	text = service_probe(d, 0);
	probe_is(&mail, text, "key", "ok");
	g_free(text);
	service_secret(d, mail.secret, "another-key");
	text = service_probe(d, 1);
	probe_is(&mail, text, "address", "ok");
	probe_is(&mail, text, "key", "failed");
	assert_true(strstr(text, "password (credential mail-password)") != NULL);
	g_free(text);
	kill(d->gateway, SIGKILL);
	daemon_wait(d->gateway);
	d->gateway = 0;
	text = service_probe(d, 1);
	probe_is(&mail, text, "address", "failed");
	assert_false(daemon_says(d->ledger, "\"via\":"));
	g_free(text);
	daemon_free(d);
}

/* It is taken once; its bounce, posted by the mail server, ends it; a hook without its
 * secret does nothing. */
static void
a_mail_goes_and_its_bounce_comes_back(void **state)
{
	int port;
	struct daemon *d = stage_new(&port);
	char *ref, *raw;

	(void)state;
	sandbox(d, port, "none", "{}");
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
	int port;
	struct daemon *d = stage_new(&port);

	(void)state;
	sandbox(d, port, "some", "{}");
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
	int port;
	struct daemon *d = stage_new(&port);

	(void)state;
	sandbox(d, port, "none", "{}");
	service_secret(d, mail.secret, "another");
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
	int port;
	struct daemon *d = stage_new(&port);

	(void)state;
	sandbox(d, port, "none", "{\"drop_after\":1}");
	begin(d);
	assert_int_equal(daemon_import(d, 1), 0);
	service_visit(d, "v1");
	UNTIL(service_count(d, MSG_PRESUMED) == 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	daemon_free(d);
}

/* ---- killed, class N ---- */

#define KILLS 8
#define PEOPLE 80

static const char storm[] =
    "{\"timeout_before\":0.02,\"timeout_after\":0.03,"
    "\"drop_before\":0.03,\"drop_after\":0.05,\"cut\":0.04,\"garbage\":0.04,"
    "\"slow\":0.3,\"timeout_ms\":300,\"slow_ms\":80}";

/* What the ledger has: address -> how often. */
static GHashTable *
taken(const struct daemon *d)
{
	GHashTable *t = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char *text = NULL, **lines;

	g_file_get_contents(d->ledger, &text, NULL, NULL);
	lines = g_strsplit(text == NULL ? "" : text, "\n", -1);
	for (int i = 0; lines[i] != NULL; i++) {
		json_t *j = json_loads(lines[i], 0, NULL);
		const char *to = json_string_value(json_object_get(j, "to"));

		if (to != NULL)
			g_hash_table_insert(t, g_strdup(to),
			    GINT_TO_POINTER(
				1 + GPOINTER_TO_INT(g_hash_table_lookup(t, to))));
		json_decref(j);
	}
	g_strfreev(lines);
	g_free(text);
	return t;
}

static void
visits(struct daemon *d, int from, int to)
{
	for (int i = from; i < to; i++) {
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
}

static int64_t
settled(struct daemon *d)
{
	return service_count(d, MSG_ACCEPTED) + service_count(d, MSG_PRESUMED);
}

static void
killed_with_mails_under_way(void **state)
{
	int port;
	struct daemon *d = stage_new(&port);
	GHashTableIter it;
	GHashTable *t;
	gpointer n;
	int64_t accepted;

	(void)state;
	sandbox(d, port, "none", storm);
	begin(d);
	assert_int_equal(daemon_import(d, PEOPLE), 0);
	for (int k = 0; k < KILLS; k++) {
		int64_t had;

		visits(d, k * PEOPLE / KILLS, (k + 1) * PEOPLE / KILLS);
		/* Some are on their way, more or less far. */
		had = settled(d);
		UNTIL(daemon_count(d, "SELECT count(*) FROM msg WHERE state <> 0") > had);
		g_usleep((gulong)(7000 * k));
		assert_int_equal(daemon_end(d, SIGKILL), 128 + SIGKILL);
		begin(d);
	}
	UNTIL(settled(d) == PEOPLE);
	accepted = service_count(d, MSG_ACCEPTED);
	t = taken(d);
	g_hash_table_iter_init(&it, t);
	while (g_hash_table_iter_next(&it, NULL, &n))
		assert_int_equal(GPOINTER_TO_INT(n), 1); /* never twice */
	assert_true(g_hash_table_size(t) >= accepted);
	assert_in_range(g_hash_table_size(t), 1, PEOPLE);
	print_message("           accepted %d, presumed %d, of which taken %d\n",
	    (int)accepted, (int)(PEOPLE - accepted),
	    (int)(g_hash_table_size(t) - accepted));
	g_hash_table_unref(t);
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
		cmocka_unit_test(killed_with_mails_under_way),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
