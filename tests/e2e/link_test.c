/* link_test.c - links, unsubscribing and receipts of messages that really went out, to
 * the sandbox: rows L of the table of bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon.h"

#define CLOCK "--epoch", "2026-03-10T10:00:00+08:00", "--speed", "60"
#define BROWSER "User-Agent: Mozilla/5.0 (Linux; Android 14) Chrome/125.0\r\n"

static struct daemon *d;

static int
set_up(void **state)
{
	(void)state;
	d = daemon_new(NULL);
	daemon_gateway(d, (const char *[]){ CLOCK, NULL });
	daemon_start(d, (const char *[]){ CLOCK, NULL });
	return daemon_import(d, 8);
}

static int
tear_down(void **state)
{
	(void)state;
	daemon_free(d);
	return 0;
}

/* What follows `before` in the gateway's ledger. */
static bool
told(const char *before, char *out, size_t n)
{
	char *text = NULL, *p;
	size_t len;

	if (!g_file_get_contents(d->ledger, &text, NULL, NULL))
		return false;
	p = strstr(text, before);
	if (p != NULL) {
		p += strlen(before);
		len = strspn(p,
		    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_=.");
		g_strlcpy(out, p, MIN(n, len + 1));
	}
	g_free(text);
	return p != NULL;
}

/* Both messages of one visit have gone out. */
static void
get_links(char *code, char *ref, size_t n)
{
	struct answer a;
	int status = daemon_event(d, "visit",
	    "{\"id\":\"visit\",\"customer\":\"c7\",\"type\":\"visit\",\"at\":\"2026-03-"
	    "10T09:00:00+08:00\"}",
	    &a);

	assert_in_range(status, 200, 201);
	answer_free(&a);
	UNTIL(told("/l/", code, n));
	UNTIL(told("/u/", ref, n));
}

static int
link_status(const char *method, const char *path, const char *headers, char **location)
{
	struct answer a;
	int status = daemon_ask(d->public_port, method, path, headers, "", &a);
	char *p = strstr(a.head, "Location: ");

	*location = p == NULL ? g_strdup("") : g_strndup(p + 10, strcspn(p + 10, "\r"));
	answer_free(&a);
	return status;
}

static void
links(void **state)
{
	char code[64], ref[128], wrong[64], shorter[64];

	(void)state;
	get_links(code, ref, sizeof(code));
	assert_int_equal(strlen(code), 10);
	g_strlcpy(wrong, code, sizeof(wrong));
	wrong[4] = wrong[4] == 'x' ? 'y' : 'x';
	g_strlcpy(shorter, code, 10);
	const struct {
		const char *name, *method, *code, *query, *headers;
		int status;
	} rows[] = {
		{ "right", "GET", code, "", BROWSER, 302 },
		{ "L1 one character changed", "GET", wrong, "", "", 404 },
		{ "L1 truncated", "GET", shorter, "", "", 404 },
		{ "L2 a target in the query", "GET", code, "?url=https://evil.example/",
		    BROWSER, 302 },
		{ "L5 HEAD", "HEAD", code, "", "", 302 },
		{ "L5 preview", "GET", code, "",
		    "User-Agent: Slackbot-LinkExpanding 1.0\r\n", 302 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *path = g_strdup_printf("/l/%s%s", rows[i].code, rows[i].query), *to;
		int status = link_status(rows[i].method, path, rows[i].headers, &to);

		if (status != rows[i].status ||
		    strcmp(to, status == 302 ? "https://www.example.com/book" : "") != 0)
			fail_msg("%s: %d %s", rows[i].name, status, to);
		g_free(path);
		g_free(to);
	}
	/* Hits are kept with their reason; L5: a scanner's is no click. */
	UNTIL(daemon_count(d, "SELECT count(*) FROM hit WHERE code <> ''") == 4);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM hit WHERE bot = 'head'"), 1);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM hit WHERE bot = 'agent'"), 1);
	UNTIL(daemon_count(d, "SELECT count(*) FROM event WHERE type = 'click'") ==
	      daemon_count(d, "SELECT count(*) FROM hit WHERE bot = '' AND code <> ''"));
}

/* L1: another host than ours. */
static void
l1_wrong_host(void **state)
{
	char code[64], ref[128], request[256], buf[64] = { 0 };
	int fd;

	(void)state;
	get_links(code, ref, sizeof(code));
	fd = daemon_connect(d->public_port);
	g_snprintf(request, sizeof(request),
	    "GET /l/%s HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
	    code);
	assert_int_equal(
	    send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	assert_true(recv(fd, buf, sizeof(buf) - 1, MSG_WAITALL) > 12);
	close(fd);
	assert_memory_equal(buf + 9, "404", 3);
}

/* L6, B-EM3: a look is no opt-out, one press is; whatever comes, never a redirect. */
static void
l6_unsubscribe(void **state)
{
	static const char optouts[] = "SELECT count(*) FROM optout WHERE src = 'link'";
	static const char form[] = "Content-Type: application/x-www-form-urlencoded\r\n";
	static const char one[] = "List-Unsubscribe=One-Click";
	char code[64], ref[128], *path, *wrong;
	struct answer a;

	(void)state;
	get_links(code, ref, sizeof(ref) / 2);
	path = g_strdup_printf("/u/%s", ref);
	wrong = g_strdup_printf("/u/%.*s0", (int)strlen(ref) - 1, ref);
	if (strcmp(path, wrong) == 0)
		wrong[strlen(wrong) - 1] = '1';
	assert_int_equal(daemon_ask(d->public_port, "GET", path, "", "", &a), 200);
	assert_non_null(strstr(a.body, "<form method=\"post\">"));
	answer_free(&a);
	assert_int_equal(daemon_status(d->public_port, "HEAD", path, "", ""), 200);
	assert_int_equal(daemon_status(d->public_port, "POST", wrong, form, one), 404);
	assert_int_equal(daemon_count(d, optouts), 0);
	assert_int_equal(daemon_ask(d->public_port, "POST", path, form, one, &a), 200);
	assert_null(strstr(a.head, "Location:"));
	assert_null(strstr(a.head, "Set-Cookie:"));
	answer_free(&a);
	assert_int_equal(daemon_count(d, optouts), 1);
	assert_int_equal(daemon_status(d->public_port, "POST", path,
			     "Content-Type: multipart/form-data; boundary=x\r\n",
			     "--x\r\nContent-Disposition: form-data; "
			     "name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"),
	    200);
	assert_int_equal(daemon_count(d, optouts), 1);
	g_free(path);
	g_free(wrong);
}

/* W4, W6: a receipt for what we do not know yet stays open; a delivered one is final. */
static void
w4_w6_receipts(void **state)
{
	char code[64], ref[128], text[256];

	(void)state;
	get_links(code, ref, sizeof(code));
	UNTIL(told("\"ref\":\"", ref, sizeof(ref) / 2));
	g_snprintf(text, sizeof(text),
	    "{\"events\":[{\"id\":\"r1\",\"type\":\"delivered\",\"ref\":\"%s\"}]}", ref);
	assert_int_equal(daemon_hook(d, text), 200);
	UNTIL(daemon_count(d, "SELECT count(*) FROM msg WHERE state = 3") == 1);
	g_snprintf(text, sizeof(text),
	    "{\"events\":[{\"id\":\"r2\",\"type\":\"failed\",\"ref\":\"%s\"},"
	    "{\"id\":\"r3\",\"type\":\"sent\",\"ref\":\"%s\"}]}",
	    ref, ref);
	assert_int_equal(daemon_hook(d, text), 200);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM msg WHERE state = 3"), 1);
	assert_int_equal(
	    daemon_count(d,
		"SELECT count(*) FROM inbox WHERE evkey = 'r2' AND verdict = 'conflict'"),
	    1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links),
		cmocka_unit_test(l1_wrong_host),
		cmocka_unit_test(l6_unsubscribe),
		cmocka_unit_test(w4_w6_receipts),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
