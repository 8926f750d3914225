/* disk_test.c - the real daemon on a disk that becomes full: row W17 of the table of bad
 * inputs, and everything recovers by itself. The state lies on a tmpfs of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "daemon.h"

#define DISK "size=24m,mode=0700"
#define CLOCK "--epoch", "2026-03-10T10:00:00+08:00", "--speed", "60", NULL

static struct daemon *d;
static char *ballast;

static int
set_up(void **state)
{
	(void)state;
	d = daemon_new(NULL);
	ballast = g_build_filename(d->state, "ballast", NULL);
	g_mkdir(d->state, 0700);
	if (mount("tmpfs", d->state, "tmpfs", 0, DISK) != 0) {
		print_message(
		    "skipped: a tmpfs may not be mounted here (%s)\n", g_strerror(errno));
		daemon_free(d);
		d = NULL;
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (d == NULL)
		return 0;
	if (d->pid > 0) {
		kill(d->pid, SIGKILL);
		waitpid(d->pid, NULL, 0);
		d->pid = 0;
	}
	umount2(d->state, MNT_DETACH);
	daemon_free(d);
	g_free(ballast);
	return 0;
}

/* Takes all room but `left` bytes; 0: to the last one. */
static void
fill(size_t left)
{
	int fd = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
	char block[4096] = { 0 };
	struct stat st;

	while (write(fd, block, sizeof(block)) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(ftruncate(fd, st.st_size - (off_t)left), 0);
	close(fd);
}

static bool
status_has(const char *text)
{
	struct answer a;
	bool has;

	assert_int_equal(daemon_ask(d->staff_port, "GET", "/v1/status", "", "", &a), 200);
	has = strstr(a.body, text) != NULL;
	answer_free(&a);
	return has;
}

#define FROZEN "\"freezes\":[\"disk\"]"
#define FREE "\"freezes\":[]"

static void
visit(int i, int status)
{
	char key[16], body[160];
	struct answer a;

	g_snprintf(key, sizeof(key), "v%d", i);
	g_snprintf(body, sizeof(body),
	    "{\"id\":\"v%d\",\"customer\":\"c%d\",\"type\":\"visit\",\"at\":\"2026-03-"
	    "10T09:00:00+08:00\"}",
	    i, i);
	if (daemon_event(d, key, body, &a) != status)
		fail_msg("visit %d: %d %s", i, a.status, a.body);
	answer_free(&a);
}

static int
reply(int i, struct answer *a)
{
	char body[160];

	g_snprintf(body, sizeof(body),
	    "{\"events\":[{\"id\":\"x%d\",\"type\":\"reply\",\"from\":\"+861990%07d\","
	    "\"text\":\"好的\"}]}",
	    i, i);
	return daemon_ask(
	    d->public_port, "POST", "/hooks/sandbox/demo", JSON_HEADER, body, a);
}

static int
sent(void)
{
	char *text = NULL;
	int n = 0;

	if (g_file_get_contents(d->ledger, &text, NULL, NULL))
		for (const char *p = text; (p = strstr(p, "\"text\":")) != NULL; p++)
			n++;
	g_free(text);
	return n;
}

/* The reserve is nearly gone: nothing is sent, what comes in is kept; then it goes on. */
static void
low(void **state)
{
	struct answer a;

	(void)state;
	if (d == NULL)
		skip();
	daemon_gateway(d, (const char *[]){ CLOCK });
	daemon_start(d, (const char *[]){ CLOCK });
	assert_int_equal(daemon_import(d, 5), 0);
	assert_true(status_has(FREE));
	fill(3 << 20);
	UNTIL(status_has(FROZEN));
	assert_true(daemon_says(d->log, "disk_low"));
	visit(0, 201);
	assert_int_equal(reply(0, &a), 200);
	answer_free(&a);
	assert_int_equal(sent(), 0);
	assert_int_equal(g_unlink(ballast), 0);
	UNTIL(status_has(FREE));
	UNTIL(sent() == 2);
	assert_true(daemon_says(d->log, "disk_fine"));
	assert_int_equal(daemon_end(d, SIGTERM), 0);
}

/* Posts until it is told to come again: the numbers of what was taken. */
static int
until_full(void)
{
	struct answer a;
	int n = 0;

	while (n < 100000 && reply(n, &a) == 200) {
		answer_free(&a);
		n++;
	}
	assert_int_equal(a.status, 503);
	assert_non_null(strstr(a.head, "Retry-After: "));
	answer_free(&a);
	return n;
}

/* W17: 503 with Retry-After, never 200, and nothing is forgotten that was told. */
static void
w17_full(void **state)
{
	char path[64];
	struct answer a;
	int64_t since;
	int taken;

	(void)state;
	if (d == NULL)
		skip();
	daemon_gateway(d, (const char *[]){ CLOCK });
	daemon_start(d, (const char *[]){ CLOCK });
	assert_int_equal(daemon_import(d, 40), 0);
	visit(0, 201);
	UNTIL(sent() == 2);
	fill(0);
	taken = until_full();
	UNTIL(status_has(FROZEN));
	visit(1, 503);
	assert_int_equal(daemon_import(d, 41), 4);
	/* who clicks still arrives; who unsubscribes is told that it is not done */
	{
		char *text = NULL, *p;

		assert_true(g_file_get_contents(d->ledger, &text, NULL, NULL));
		p = strstr(text, "/l/");
		assert_non_null(p);
		g_snprintf(path, sizeof(path), "%.13s", p);
		assert_int_equal(daemon_status(d->public_port, "GET", path, "", ""), 302);
		p = strstr(text, "/u/");
		assert_non_null(p);
		p[3 + strspn(p + 3, "0123456789abcdefghijklmnopqrstuvwxyz")] = '\0';
		assert_int_equal(daemon_ask(d->public_port, "POST", p, "", "", &a), 503);
		assert_non_null(strstr(a.head, "Retry-After: "));
		answer_free(&a);
		g_free(text);
	}
	assert_int_equal(g_unlink(ballast), 0);
	since = daemon_boot();
	UNTIL(status_has(FREE));
	assert_in_range(daemon_boot() - since, 0, 8000);
	visit(1, 201);
	UNTIL(sent() == 4);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM inbox WHERE evkey LIKE 'x%'"), taken);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM customer"), 40);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
}

/* ---- an outcome that finds no room ---- */

/* The gateway's part, played here: takes one request and answers when it is told. */
static int
take_request(int listener, char *ref, size_t n)
{
	char buf[16384] = { 0 }, *p;
	size_t len = 0;
	int fd = accept(listener, NULL, NULL);

	do {
		ssize_t got = recv(fd, buf + len, sizeof(buf) - 1 - len, 0);

		assert_true(got > 0);
		len += (size_t)got;
	} while (strstr(buf, "]}") == NULL);
	p = strstr(buf, "\"ref\":\"");
	assert_non_null(p);
	g_snprintf(ref, n, "%.*s", (int)strcspn(p + 7, "\""), p + 7);
	return fd;
}

static void
answer_request(int fd, const char *ref)
{
	char body[256], head[128];

	g_snprintf(body, sizeof(body),
	    "{\"results\":[{\"ref\":\"%s\",\"status\":\"accepted\",\"id\":\"i1\"}]}",
	    ref);
	g_snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
	    strlen(body));
	assert_int_equal(send(fd, head, strlen(head), MSG_NOSIGNAL), strlen(head));
	assert_int_equal(send(fd, body, strlen(body), MSG_NOSIGNAL), strlen(body));
}

/* Clock ticks of processor time so far. */
static long
ticks(void)
{
	char path[64], *text = NULL, **words;
	long n;

	g_snprintf(path, sizeof(path), "/proc/%d/stat", (int)d->pid);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	words = g_strsplit(strchr(text, ')'), " ", 20);
	n = atol(words[12]) + atol(words[13]);
	g_strfreev(words);
	g_free(text);
	return n;
}

static int
gateway_of_ours(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)d->gateway_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

/* The gateway answers when there is no room for its answer: it is kept until there is,
 * without a busy loop; and a process that must go meanwhile leaves it to the next. */
static void
outcome(void **state)
{
	static const char accepted[] =
	    "SELECT count(*) FROM msg WHERE provider_id = 'i1'";
	char ref[64];
	int listener, fd, taken;
	int64_t since;
	long used;

	(void)state;
	if (d == NULL)
		skip();
	for (int stops = 0; stops < 2; stops++) {
		listener = gateway_of_ours();
		daemon_start(d, (const char *[]){ CLOCK });
		assert_int_equal(daemon_import(d, 2), 0);
		visit(stops, 201);
		fd = take_request(listener, ref, sizeof(ref));
		fill(0);
		taken = until_full();
		assert_true(taken >= 0);
		answer_request(fd, ref);
		UNTIL(status_has("\"in_flight\":1,"));
		used = ticks();
		since = daemon_boot();
		UNTIL(daemon_boot() - since >= 1000);
		assert_in_range(ticks() - used, 0, 40 * sysconf(_SC_CLK_TCK) / 100);
		assert_int_equal(daemon_count(d, accepted), stops);
		if (stops)
			assert_int_equal(daemon_end(d, SIGTERM), 0);
		assert_int_equal(g_unlink(ballast), 0);
		close(listener);
		if (stops)
			daemon_start(d, (const char *[]){ CLOCK });
		UNTIL(daemon_count(d, accepted) == stops + 1);
		close(fd);
		if (!stops)
			assert_int_equal(daemon_end(d, SIGTERM), 0);
	}
}

/* Killed on a full disk: it comes back when there is room, with all it had. */
static void
killed(void **state)
{
	int taken, code;

	(void)state;
	if (d == NULL)
		skip();
	daemon_start(d, (const char *[]){ CLOCK });
	assert_int_equal(daemon_import(d, 5), 0);
	fill(0);
	taken = until_full();
	assert_int_equal(daemon_end(d, SIGKILL), 128 + SIGKILL);
	daemon_begin(d, (const char *[]){ CLOCK });
	code = daemon_end(d, 0);
	assert_int_equal(code, 4);
	assert_int_equal(g_unlink(ballast), 0);
	daemon_start(d, (const char *[]){ CLOCK });
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM inbox"), taken);
	assert_int_equal(
	    daemon_count(d, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"),
	    1);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ROW(low),
		ROW(w17_full),
		ROW(outcome),
		ROW(killed),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
