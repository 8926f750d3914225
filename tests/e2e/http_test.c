/* http_test.c - the HTTP server against raw sockets; rows are named after the table of
 * bad inputs (H1..H15). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/log.h"
#include "world/loop.h"
#include "world/server.h"

#define HOST "Host: a\r\n"
#define CLOSE "Connection: close\r\n"
#define HOOK_MAX (256 * 1024)
#define IMPORT_MAX (2 * 1024 * 1024)

/* ---- the server, in a thread of its own, and its handler ---- */

static struct {
	struct world *world;
	struct server *server;
	const char *address;
	struct server_limits limits;
	pthread_t thread;
	sem_t up;
	int port;
	_Atomic int handled, answered, full;
} site;

struct later {
	struct timer timer;
	struct http_in *in;
	int step;
};

static void
say(struct http_in *in, int status, const char *text)
{
	in->reply(in, status, "text/plain", NULL, text, strlen(text));
	site.answered++;
}

static void
echo(struct http_in *in)
{
	char *text = g_strdup_printf("%s %s ?%s client=%s peer=%s tls=%d len=%zu x=%s.",
	    in->method, in->path, in->query, in->client, in->peer, in->tls, in->body_len,
	    http_in_field(in, "x-test"));

	say(in, 200, text);
	g_free(text);
}

static void
on_later(struct timer *t)
{
	struct later *l = (struct later *)(void *)t;

	if (strcmp(l->in->path, "/stream") == 0 && l->step < 3) {
		char *line = g_strdup_printf("{\"step\":%d}\n", l->step++);

		l->in->write(l->in, line, strlen(line));
		g_free(line);
		site.world->timer_set_boot(
		    site.world, &l->timer, site.world->boot(site.world) + 5);
		return;
	}
	if (strcmp(l->in->path, "/stream") == 0) {
		l->in->end(l->in);
		site.answered++;
	} else {
		echo(l->in);
	}
	g_free(l);
}

/* As much as goes, then again when there is room. */
static void
flood(struct http_in *in)
{
	static char block[100000];
	int *left = in->arg;
	int rc = 0;

	while (*left > 0 && (rc = in->write(in, block, sizeof block)) == 0)
		--*left;
	if (rc == 1) {
		site.full++;
		return;
	}
	site.answered++;
	g_free(left);
	in->end(in);
}

static void
answer_file(struct http_in *in)
{
	char *buf = g_malloc(in->body_len), text[64];
	size_t xs = 0;

	assert_true(in->body_fd >= 0);
	assert_int_equal(read(in->body_fd, buf, in->body_len), in->body_len);
	for (size_t i = 0; i < in->body_len; i++)
		xs += buf[i] == 'x';
	g_snprintf(text, sizeof text, "file of %zu, %zu x", in->body_len, xs);
	say(in, 200, text);
	g_free(buf);
}

static void
handler(void *arg, struct http_in *in)
{
	static const char *const headers[] = { "X-Big: yes", NULL };

	(void)arg;
	site.handled++;
	if (strcmp(in->path, "/stop") == 0) {
		say(in, 200, "");
		loop_stop(site.world);
	} else if (strcmp(in->path, "/big") == 0) {
		char *body = g_strnfill(1000000, 'b');

		in->reply(in, 200, "", headers, body, 1000000);
		site.answered++;
		g_free(body);
	} else if (strcmp(in->path, "/flood") == 0) {
		in->arg = g_memdup2(&(int){ 50 }, sizeof(int));
		in->writable = flood;
		in->stream(in, 200, "application/octet-stream", NULL);
		flood(in);
	} else if (g_str_has_prefix(in->path, "/import")) {
		answer_file(in);
	} else if (strcmp(in->path, "/later") == 0 || strcmp(in->path, "/stream") == 0) {
		struct later *l = g_new0(struct later, 1);

		l->timer.fire = on_later;
		l->in = in;
		if (strcmp(in->path, "/stream") == 0)
			in->stream(in, 200, "application/x-ndjson", NULL);
		site.world->timer_set_boot(
		    site.world, &l->timer, site.world->boot(site.world) + 30);
	} else if (strcmp(in->path, "/never") != 0) {
		echo(in);
	} else {
		/* Answered when its server is long gone. */
		*(struct http_in **)arg = in;
	}
}

static struct http_in *held;

static struct server_body
body_limit(void *arg, const char *method, const char *path)
{
	(void)arg;
	(void)method;
	if (g_str_has_prefix(path, "/import"))
		return (struct server_body){ IMPORT_MAX, true };
	return (struct server_body){ HOOK_MAX, false };
}

static void *
serve(void *arg)
{
	struct loop_options o = { 0 };
	struct err e = { 0 };

	(void)arg;
	site.world = loop_new(&o, &e);
	site.server =
	    server_new(site.world, site.address, &site.limits, handler, &held, &e);
	if (site.server == NULL) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	site.port = server_port(site.server);
	sem_post(&site.up);
	loop_run(site.world);
	server_free(site.server);
	if (held != NULL)
		say(held, 200, "too late");
	held = NULL;
	loop_free(site.world);
	return NULL;
}

static void
site_start(const char *address)
{
	site.address = address;
	site.handled = site.answered = 0;
	sem_init(&site.up, 0, 0);
	assert_int_equal(pthread_create(&site.thread, NULL, serve, NULL), 0);
	sem_wait(&site.up);
}

static void
default_limits(void)
{
	server_limits_default(&site.limits);
	site.limits.body = body_limit;
	site.limits.header_time = 300;
	site.limits.body_time = 300;
	site.limits.keep_alive = 400;
	site.limits.write_time = 400;
}

/* ---- raw clients ---- */

static int
dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)site.port) };
	struct timeval limit = { 5, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	return fd;
}

static bool
push(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
push_text(int fd, const char *text)
{
	return push(fd, text, strlen(text));
}

/* Everything until the server closes; "TIMEOUT" at the end if it does not. */
static GString *
drain(int fd)
{
	GString *out = g_string_new("");
	char buf[65536];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof buf, 0)) > 0)
		g_string_append_len(out, buf, n);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		g_string_append(out, "TIMEOUT");
	shutdown(fd, SHUT_RDWR);
	close(fd);
	return out;
}

static GString *
ask_n(const char *request, size_t len)
{
	int fd = dial();

	push(fd, request, len);
	return drain(fd);
}

static GString *
ask(const char *request)
{
	return ask_n(request, strlen(request));
}

static int
status_of(const GString *answer)
{
	int status = 0;

	sscanf(answer->str, "HTTP/1.1 %d ", &status);
	return status;
}

static int
count(const GString *answer, const char *what)
{
	int n = 0;

	for (const char *p = answer->str; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

/* Reads exactly one answer with a Content-Length. */
static GString *
one_answer(int fd)
{
	GString *out = g_string_new("");
	const char *end = NULL, *length;
	char c;

	while (recv(fd, &c, 1, 0) == 1) {
		g_string_append_c(out, c);
		end = strstr(out->str, "\r\n\r\n");
		if (end == NULL)
			continue;
		length = strcasestr(out->str, "Content-Length:");
		if (length == NULL || out->len >= (size_t)(end + 4 - out->str) +
						      strtoul(length + 15, NULL, 10))
			break;
	}
	return out;
}

static void
site_stop(void)
{
	g_string_free(ask("GET /stop HTTP/1.1\r\n" HOST CLOSE "\r\n"), TRUE);
	pthread_join(site.thread, NULL);
	sem_destroy(&site.up);
}

static int
setup(void **state)
{
	(void)state;
	default_limits();
	site_start("127.0.0.1:0");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	site_stop();
	return 0;
}

static ms_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ms_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- rows: bytes in, status out, connection closed ---- */

#define GET(path) "GET " path " HTTP/1.1\r\n" HOST CLOSE "\r\n"
#define POST_WITH(fields, body) "POST /hooks HTTP/1.1\r\n" HOST CLOSE fields "\r\n" body

static const struct {
	const char *name, *request;
	int status, other; /* other: also right; 0: none */
	const char *part;  /* of the answer; NULL: any */
} rows[] = {
	{ "plain", GET("/a?b=%20c"), 200, 0, "GET /a ?b=%20c client=127.0.0.1" },
	{ "post", POST_WITH("Content-Length: 5\r\n", "hello"), 200, 0, "len=5" },
	{ "chunked",
	    POST_WITH("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), 200,
	    0, "len=5" },
	{ "fields are trimmed", "GET / HTTP/1.1\r\n" HOST CLOSE "X-TEST:  v w \t\r\n\r\n",
	    200, 0, "x=v w." },
	{ "later", GET("/later"), 200, 0, "GET /later" },
	{ "1.0", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 200, 0, NULL },
	{ "head", "HEAD /big HTTP/1.1\r\n" HOST CLOSE "\r\n", 200, 0,
	    "Content-Length: 1000000" },
	{ "100-continue",
	    POST_WITH("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"), 100, 0,
	    "len=5" },
	{ "other expectation",
	    POST_WITH("Expect: gold\r\nContent-Length: 5\r\n", "hello"), 417, 0, NULL },

	{ "H1 length and coding",
	    POST_WITH("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
	    400, 0, "Connection: close" },
	{ "H1 coding and length",
	    POST_WITH("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
	    400, 0, NULL },
	{ "H1 coding in 1.0",
	    "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "0\r\n\r\n",
	    400, 0, NULL },

	{ "H2 two", POST_WITH("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400,
	    0, NULL },
	{ "H2 two alike",
	    POST_WITH("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400, 0,
	    NULL },
	{ "H2 plus", POST_WITH("Content-Length: +5\r\n", "hello"), 400, 0, NULL },
	{ "H2 list", POST_WITH("Content-Length: 5, 5\r\n", "hello"), 400, 0, NULL },
	{ "H2 hex", POST_WITH("Content-Length: 0x5\r\n", "hello"), 400, 0, NULL },
	{ "H2 minus", POST_WITH("Content-Length: -5\r\n", "hello"), 400, 0, NULL },
	{ "H2 empty", POST_WITH("Content-Length: \r\n", "hello"), 400, 0, NULL },
	{ "H2 20 digits", POST_WITH("Content-Length: 99999999999999999999\r\n", "hello"),
	    400, 413, NULL },
	{ "H2 19 digits", POST_WITH("Content-Length: 9999999999999999999\r\n", "hello"),
	    400, 413, NULL },

	{ "H3 list", POST_WITH("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
	    400, 501, NULL },
	{ "H3 xchunked", POST_WITH("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400,
	    501, NULL },
	{ "H3 identity", POST_WITH("Transfer-Encoding: identity\r\n", "0\r\n\r\n"), 400,
	    501, NULL },
	{ "H3 two",
	    POST_WITH("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
		"0\r\n\r\n"),
	    400, 501, NULL },

	{ "H4 CR alone", "GET / HTTP/1.1\r\n" HOST CLOSE "X: a\rb\r\n\r\n", 400, 0,
	    NULL },
	{ "H4 control", "GET / HTTP/1.1\r\n" HOST CLOSE "X: a\001b\r\n\r\n", 400, 0,
	    NULL },
	{ "H4 space before colon", "GET / HTTP/1.1\r\n" HOST CLOSE "X : a\r\n\r\n", 400,
	    0, NULL },
	{ "H4 no colon", "GET / HTTP/1.1\r\n" HOST CLOSE "X\r\n\r\n", 400, 0, NULL },
	{ "H4 name with bytes", "GET / HTTP/1.1\r\n" HOST CLOSE "X(y): a\r\n\r\n", 400, 0,
	    NULL },

	{ "H5 no version", "GET /x\nHost: a\n\n", 400, 0, NULL },
	{ "H5 0.9", "GET /x HTTP/0.9\r\n" HOST "\r\n", 400, 505, NULL },
	{ "H5 1.2", "GET /x HTTP/1.2\r\n" HOST "\r\n", 400, 505, NULL },
	{ "H5 2.0", "GET /x HTTP/2.0\r\n" HOST "\r\n", 400, 505, NULL },
	{ "H5 lower case", "GET /x http/1.1\r\n" HOST "\r\n", 400, 505, NULL },
	{ "H5 space in the target", "GET /x y HTTP/1.1\r\n" HOST "\r\n", 400, 0, NULL },

	{ "H6 no Host", "GET / HTTP/1.1\r\n" CLOSE "\r\n", 400, 0, NULL },
	{ "H6 no Host in 1.0", "GET / HTTP/1.0\r\n\r\n", 400, 0, NULL },
	{ "H6 two", "GET / HTTP/1.1\r\n" HOST HOST CLOSE "\r\n", 400, 0, NULL },
	{ "H6 odd Host", "GET / HTTP/1.1\r\nHost: a/b@c\r\n" CLOSE "\r\n", 400, 0, NULL },
	{ "H6 absolute, other host", "GET http://b/ HTTP/1.1\r\n" HOST CLOSE "\r\n", 400,
	    0, NULL },
	{ "H6 absolute, longer host", "GET http://a.b/ HTTP/1.1\r\n" HOST CLOSE "\r\n",
	    400, 0, NULL },
	{ "H6 absolute, same host", "GET http://A/p?q HTTP/1.1\r\n" HOST CLOSE "\r\n",
	    200, 0, "GET /p ?q" },
	{ "H6 absolute, no path", "GET http://a HTTP/1.1\r\n" HOST CLOSE "\r\n", 200, 0,
	    "GET / ?" },

	{ "H10 17 digits",
	    POST_WITH("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\nhello"),
	    400, 413, NULL },
	{ "H10 minus", POST_WITH("Transfer-Encoding: chunked\r\n", "-1\r\nhello"), 400, 0,
	    NULL },
	{ "H10 no size", POST_WITH("Transfer-Encoding: chunked\r\n", "\r\nhello"), 400, 0,
	    NULL },
	{ "H10 0x5",
	    POST_WITH("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"), 400,
	    0, NULL },
	{ "H10 too long a chunk",
	    POST_WITH("Transfer-Encoding: chunked\r\n", "5\r\nhellooo\r\n0\r\n\r\n"), 400,
	    0, NULL },
	{ "H10 trailers are dropped",
	    POST_WITH("Transfer-Encoding: chunked\r\n",
		"5\r\nhello\r\n0\r\nX-Test: trailer\r\n\r\n"),
	    200, 0, "x=." },
	{ "H10 short extension",
	    POST_WITH("Transfer-Encoding: chunked\r\n", "5;a=b\r\nhello\r\n0\r\n\r\n"),
	    200, 0, "len=5" },

	{ "H11 TRACE", "TRACE / HTTP/1.1\r\n" HOST "\r\n", 405, 0, "Connection: close" },
	{ "H11 CONNECT", "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n", 405, 0, NULL },
	{ "H11 PRI", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 505, NULL },
	{ "H11 odd method", "G(T / HTTP/1.1\r\n" HOST "\r\n", 400, 0, NULL },
	{ "H11 asterisk", "OPTIONS * HTTP/1.1\r\n" HOST CLOSE "\r\n", 404, 0, NULL },

	{ "H13 up", GET("/../etc/passwd"), 404, 0, NULL },
	{ "H13 up inside", GET("/a/../b"), 404, 0, NULL },
	{ "H13 up at the end", GET("/a/.."), 404, 0, NULL },
	{ "H13 dot", GET("/./a"), 404, 0, NULL },
	{ "H13 encoded dots", GET("/%2e%2e/a"), 404, 0, NULL },
	{ "H13 mixed dots", GET("/.%2E/a"), 404, 0, NULL },
	{ "H13 NUL", GET("/a%00b"), 404, 0, NULL },
	{ "H13 two slashes", GET("//a"), 404, 0, NULL },
	{ "H13 two slashes inside", GET("/a//b"), 404, 0, NULL },
	{ "H13 encoded slash", GET("/a%2fb"), 404, 0, NULL },
	{ "H13 backslash", GET("/a\\b"), 404, 0, NULL },
	{ "H13 encoded backslash", GET("/a%5cb"), 404, 0, NULL },
	{ "H13 decoded once", GET("/a%252e%252e"), 200, 0, "GET /a%2e%2e ?" },
	{ "H13 half an escape", GET("/a%2"), 404, 0, NULL },
	{ "H13 no escape", GET("/a%zz"), 404, 0, NULL },
	{ "H13 not UTF-8", GET("/a%ff"), 404, 0, NULL },
	{ "H13 UTF-8", GET("/%e8%bd%a6"), 200, 0, "GET /\xe8\xbd\xa6 ?" },
	{ "H13 dots are allowed in names", GET("/..a/b..c/.d"), 200, 0,
	    "GET /..a/b..c/.d ?" },

	{ "H14 forwarded",
	    "GET / HTTP/1.1\r\n" HOST CLOSE "X-Forwarded-For: 203.0.113.9\r\n"
	    "X-Forwarded-Proto: https\r\n\r\n",
	    200, 0, "client=127.0.0.1 peer=127.0.0.1 tls=0" },

	{ "A18 packed",
	    POST_WITH("Content-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"), 415, 0,
	    NULL },
	{ "A18 identity",
	    POST_WITH("Content-Encoding: identity\r\nContent-Length: 5\r\n", "hello"),
	    200, 0, "len=5" },
};

static void
bytes_in_status_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ms_t start = now_ms();
		GString *answer = ask(rows[i].request);
		int status = status_of(answer);

		if ((status != rows[i].status &&
			(rows[i].other == 0 || status != rows[i].other)) ||
		    (rows[i].part != NULL && strstr(answer->str, rows[i].part) == NULL) ||
		    strstr(answer->str, "TIMEOUT") != NULL || now_ms() - start > 280 ||
		    count(answer, "HTTP/1.1 ") >
			(rows[i].status == 100 || rows[i].other == 413 || status == 400
				? 2
				: 1))
			fail_msg("%s: %lld ms: %s", rows[i].name,
			    (long long)(now_ms() - start), answer->str);
		g_string_free(answer, TRUE);
	}
}

/* Split at every byte a request means the same. */
static void
split_anywhere(void **state)
{
	static const char request[] =
	    "POST /hooks?q HTTP/1.1\r\n" HOST CLOSE "Transfer-Encoding: chunked\r\n\r\n"
	    "5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n";

	(void)state;
	for (size_t cut = 1; cut < sizeof request - 1; cut++) {
		int fd = dial();
		GString *answer;

		push(fd, request, cut);
		push(fd, request + cut, sizeof request - 1 - cut);
		answer = drain(fd);
		if (strstr(answer->str,
			"POST /hooks ?q client=127.0.0.1 peer=127.0.0.1 tls=0 "
			"len=8 x=.") == NULL)
			fail_msg("cut at %zu: %s", cut, answer->str);
		g_string_free(answer, TRUE);
	}
}

/* ---- sizes ---- */

static GString *
with_line(size_t length)
{
	GString *s = g_string_new("GET /");

	while (s->len < length - 9)
		g_string_append_c(s, 'a');
	g_string_append(s, " HTTP/1.1\r\n" HOST CLOSE "\r\n");
	return s;
}

static GString *
with_headers(int n, size_t each)
{
	GString *s = g_string_new("GET /x HTTP/1.1\r\n" HOST CLOSE);
	char *value = g_strnfill(each, 'v');

	for (int i = 2; i < n; i++)
		g_string_append_printf(s, "X-%d: %s\r\n", i, value);
	g_string_append(s, "\r\n");
	g_free(value);
	return s;
}

static void
h7_sizes(void **state)
{
	const struct {
		const char *name;
		GString *request;
		int status;
	} sizes[] = {
		{ "H7 8 KiB line", with_line(8192), 200 },
		{ "H7 one more", with_line(8193), 414 },
		{ "H7 9 KiB line", with_line(9 * 1024), 414 },
		{ "H7 60 KiB line", with_line(60 * 1024), 414 },
		{ "H7 64 headers", with_headers(64, 10), 200 },
		{ "H7 65 headers", with_headers(65, 10), 431 },
		{ "H7 2000 headers", with_headers(2000, 0), 431 },
		{ "H7 15 KiB of headers", with_headers(17, 1000), 200 },
		{ "H7 17 KiB of headers", with_headers(19, 1000), 431 },
		{ "H7 one of 17 KiB", with_headers(3, 17 * 1024), 431 },
		{ "H7 one of 200 KiB", with_headers(3, 200 * 1024), 431 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		GString *answer = ask_n(sizes[i].request->str, sizes[i].request->len);

		if (status_of(answer) != sizes[i].status)
			fail_msg("%s: %s", sizes[i].name, answer->str);
		g_string_free(answer, TRUE);
		g_string_free(sizes[i].request, TRUE);
	}
}

static GString *
post_of(const char *path, size_t body, bool chunked, const char *fields)
{
	GString *s = g_string_new("");
	char *text = g_strnfill(body, 'x');

	g_string_append_printf(s, "POST %s HTTP/1.1\r\n" HOST "%s", path, fields);
	if (chunked)
		g_string_append_printf(s,
		    "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n", body,
		    text);
	else
		g_string_append_printf(s, "Content-Length: %zu\r\n\r\n%s", body, text);
	g_free(text);
	return s;
}

/* W8: read to the end and answered, on a connection that goes on. */
static void
too_long_a_body(void **state)
{
	static const struct {
		const char *name, *path, *fields;
		size_t body;
		bool chunked;
		const char *part;
	} sizes[] = {
		{ "256 KiB", "/hooks", "", HOOK_MAX, false, "len=262144" },
		{ "W8 one more", "/hooks", "", HOOK_MAX + 1, false, "413" },
		{ "256 KiB chunked", "/hooks", "", HOOK_MAX, true, "len=262144" },
		{ "W8 one more chunked", "/hooks", "", HOOK_MAX + 1, true, "413" },
		{ "W8 3 MB", "/hooks", "", 3000000, false, "413" },
		{ "415 with a body", "/hooks", "Content-Encoding: br\r\n", 200000, false,
		    "415" },
		{ "404 with a body", "/../x", "", 200000, false, "404" },
		{ "to a file", "/import/a", "", 2000000, false,
		    "file of 2000000, 2000000 x" },
		{ "to a file, chunked", "/import/a", "", 2000000, true,
		    "file of 2000000, 2000000 x" },
		{ "file too long", "/import/a", "", IMPORT_MAX + 1, true, "413" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		GString *request = post_of(
		    sizes[i].path, sizes[i].body, sizes[i].chunked, sizes[i].fields);
		int fd = dial();
		GString *answer, *next;

		assert_true(push(fd, request->str, request->len));
		answer = one_answer(fd);
		if (strstr(answer->str, sizes[i].part) == NULL)
			fail_msg("%s: %s", sizes[i].name, answer->str);
		push(fd, GET("/again"), strlen(GET("/again")));
		next = drain(fd);
		if (strstr(next->str, "GET /again") == NULL)
			fail_msg("%s: then: %s", sizes[i].name, next->str);
		g_string_free(request, TRUE);
		g_string_free(answer, TRUE);
		g_string_free(next, TRUE);
	}
}

/* Who asks first is told at once, without a byte of the body. */
static void
too_long_is_said_before(void **state)
{
	static const char *const requests[] = {
		"POST /hooks HTTP/1.1\r\n" HOST
		"Expect: 100-continue\r\nContent-Length: 300000\r\n\r\n",
		"POST /hooks HTTP/1.1\r\n" HOST "Content-Length: 100000000000\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
		GString *answer = ask(requests[i]);

		assert_int_equal(status_of(answer), 413);
		assert_null(strstr(answer->str, "100 Continue"));
		assert_null(strstr(answer->str, "TIMEOUT"));
		g_string_free(answer, TRUE);
	}
}

/* ---- times ---- */

static ms_t
trickle(const char *start, const char *drip, int every_ms)
{
	ms_t begun = now_ms();
	struct timeval wait = { 0, every_ms * 1000 };
	int fd = dial();
	char buf[1024];

	push(fd, start, strlen(start));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	while (now_ms() - begun < 4000) {
		ssize_t n = recv(fd, buf, sizeof buf, 0);

		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
			break;
		push(fd, drip, strlen(drip));
	}
	close(fd);
	return now_ms() - begun;
}

static void
slow_clients(void **state)
{
	static const struct {
		const char *name, *start, *drip;
		ms_t from, to;
	} slow[] = {
		{ "H8 nothing", "", "", 300, 700 },
		{ "H8 line", "G", "E", 300, 700 },
		{ "H8 headers", "GET / HTTP/1.1\r\n" HOST, "X: y\r\n", 300, 700 },
		{ "H11 TLS hello", "\x16\x03\x01\x02\x01\x01", "\x01", 0, 700 },
		{ "H9 body",
		    "POST /hooks HTTP/1.1\r\n" HOST "Content-Length: 10000\r\n\r\n", "x",
		    300, 700 },
		{ "H9 refused body",
		    "POST /hooks HTTP/1.1\r\n" HOST "Content-Length: 300000\r\n\r\n", "x",
		    300, 700 },
		{ "idle", "GET / HTTP/1.1\r\n" HOST "\r\n", "", 400, 900 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
		ms_t took = trickle(slow[i].start, slow[i].drip, 20);

		if (took < slow[i].from - 20 || took > slow[i].to)
			fail_msg(
			    "%s: closed after %lld ms", slow[i].name, (long long)took);
	}
}

/* A body that keeps to the rate may take long. */
static void
h9_steady_body(void **state)
{
	int fd = dial();
	GString *answer;

	(void)state;
	push_text(
	    fd, "POST /hooks HTTP/1.1\r\n" HOST CLOSE "Content-Length: 4000\r\n\r\n");
	for (int i = 0; i < 8; i++) {
		struct timespec ts = { 0, 100000000 };
		char *part = g_strnfill(500, 'x');

		push(fd, part, 500);
		nanosleep(&ts, NULL);
		g_free(part);
	}
	answer = drain(fd);
	assert_non_null(strstr(answer->str, "len=4000"));
	g_string_free(answer, TRUE);
}

static ms_t
cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (ms_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* The library would spin on it; ours must neither burn the processor nor stop others. */
static void
h10_long_extension(void **state)
{
	static const char head[] =
	    "POST /hooks HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5;a=";
	char *extension = g_strnfill(1 << 20, 'e');
	ms_t start = now_ms(), cpu = cpu_ms();
	int fd = dial();
	GString *other, *answer;

	(void)state;
	push(fd, head, sizeof head - 1);
	send(fd, extension, 1 << 20, MSG_NOSIGNAL | MSG_DONTWAIT);
	other = ask(GET("/other"));
	assert_int_equal(status_of(other), 200);
	answer = drain(fd);
	assert_true(status_of(answer) == 0 || status_of(answer) == 400);
	assert_null(strstr(answer->str, "TIMEOUT"));
	assert_true(now_ms() - start < 2500);
	assert_true(cpu_ms() - cpu < (now_ms() - start) / 2);
	g_string_free(other, TRUE);
	g_string_free(answer, TRUE);
	g_free(extension);
}

struct pusher {
	int fd;
	GString *request;
};

static void *
push_all(void *arg)
{
	struct pusher *p = arg;

	push(p->fd, p->request->str, p->request->len);
	return NULL;
}

/* A small window keeps most answers on the server's side until its end: none may be
 * lost when it closes with the other 9,000 requests unread. */
static void
h12_pipelined(void **state)
{
	GString *request = g_string_new("");
	struct pusher pusher = { dial(), request };
	GString *answer;
	const char *p;
	int small = 4096;
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 10000; i++)
		g_string_append_printf(request, "GET /%d HTTP/1.1\r\n" HOST "\r\n", i);
	setsockopt(pusher.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	pthread_create(&thread, NULL, push_all, &pusher);
	answer = drain(pusher.fd);
	pthread_join(thread, NULL);
	assert_null(strstr(answer->str, "TIMEOUT"));
	assert_int_equal(count(answer, "HTTP/1.1 200 "), 1000);
	assert_int_equal(count(answer, "Connection: close"), 1);
	p = answer->str;
	for (int i = 0; i < 1000; i++) {
		char want[32];

		g_snprintf(want, sizeof want, "GET /%d ?", i);
		p = strstr(p, want);
		if (p == NULL)
			fail_msg("answer %d is not in order", i);
	}
	g_string_free(request, TRUE);
	g_string_free(answer, TRUE);
}

static void
h12_pipelined_later(void **state)
{
	GString *answer =
	    ask("GET /later HTTP/1.1\r\n" HOST "\r\nGET /one HTTP/1.1\r\n" HOST
		"\r\nGET /later?2 HTTP/1.1\r\n" HOST CLOSE "\r\n");
	const char *one, *two;

	(void)state;
	assert_int_equal(count(answer, "HTTP/1.1 200 "), 3);
	one = strstr(answer->str, "GET /one");
	two = strstr(answer->str, "GET /later ?2");
	assert_true(one != NULL && two != NULL && one < two);
	assert_true(strstr(answer->str, "GET /later ? ") < one);
	g_string_free(answer, TRUE);
}

static void
wait_for(_Atomic int *what, int value)
{
	for (ms_t start = now_ms(); *what < value && now_ms() - start < 3000;) {
		struct timespec ts = { 0, 1000000 };

		nanosleep(&ts, NULL);
	}
	assert_int_equal(*what, value);
}

static void
h15_client_leaves(void **state)
{
	static const char *const paths[] = { "/later", "/stream", "/big", "/flood" };
	struct linger now = { 1, 0 };

	(void)state;
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(paths); i++) {
		int before = site.answered, handled = site.handled, fd = dial();
		char *request =
		    g_strdup_printf("GET %s HTTP/1.1\r\n" HOST "\r\n", paths[i / 2]);

		push(fd, request, strlen(request));
		wait_for(&site.handled, handled + 1);
		if (i % 2)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		close(fd);
		wait_for(&site.answered, before + 1);
		g_free(request);
	}
}

static void
cut_in_the_body(void **state)
{
	int handled = site.handled, fd = dial();

	(void)state;
	push_text(
	    fd, "POST /import HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nhello");
	close(fd);
	g_string_free(ask(GET("/a")), TRUE);
	assert_int_equal(site.handled, handled + 1); /* the other one */
}

/* ---- replies ---- */

static void
replies(void **state)
{
	GString *a;

	(void)state;
	a = ask(GET("/stream"));
	assert_non_null(strstr(a->str, "Transfer-Encoding: chunked"));
	assert_non_null(strstr(a->str, "application/x-ndjson"));
	for (int i = 0; i < 3; i++) {
		char line[32];

		g_snprintf(line, sizeof line, "{\"step\":%d}\n", i);
		assert_int_equal(count(a, line), 1);
	}
	assert_true(g_str_has_suffix(a->str, "0\r\n\r\n"));
	g_string_free(a, TRUE);

	a = ask("GET /stream HTTP/1.0\r\n" HOST "\r\n");
	assert_non_null(strstr(a->str, "{\"step\":2}\n"));
	assert_null(strstr(a->str, "chunked"));
	g_string_free(a, TRUE);

	a = ask(GET("/big"));
	assert_non_null(strstr(a->str, "Content-Length: 1000000\r\n"));
	assert_non_null(strstr(a->str, "X-Big: yes\r\n"));
	assert_null(strstr(a->str, "Content-Type"));
	assert_int_equal(
	    a->len - (size_t)(strstr(a->str, "\r\n\r\n") + 4 - a->str), 1000000);
	g_string_free(a, TRUE);

	a = ask(GET("/flood"));
	assert_true(a->len > 5000000 && a->len < 5010000);
	g_string_free(a, TRUE);
}

static void
reader_that_stalls(void **state)
{
	int fd = dial(), answered = site.answered, full = site.full, small = 4096;

	(void)state;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	push_text(fd, "GET /flood HTTP/1.1\r\n" HOST "\r\n");
	wait_for(&site.answered, answered + 1); /* cut, and told by write() */
	assert_true(site.full > full);
	close(fd);
}

/* ---- connections ---- */

static void
limits_of_connections(void **state)
{
	int fd[8], refused;
	GString *answer;
	ms_t start;

	(void)state;
	default_limits();
	site.limits.per_ip = 4;
	site.limits.header_time = 2000;
	site_start("127.0.0.1:0");
	for (int i = 0; i < 4; i++)
		fd[i] = dial();
	refused = dial();
	start = now_ms();
	answer = drain(refused);
	assert_int_equal(answer->len, 0); /* closed without a word, at once */
	assert_true(now_ms() - start < 1000);
	g_string_free(answer, TRUE);
	for (int i = 0; i < 4; i++)
		close(fd[i]);
	for (int tries = 0, status = 0; status != 200;
	     tries++) { /* until it has seen that */
		assert_true(tries < 100);
		answer = ask(GET("/a"));
		status = status_of(answer);
		g_string_free(answer, TRUE);
	}
	site_stop();

	default_limits();
	site.limits.connections = 4;
	site.limits.header_time = 400;
	site_start("127.0.0.1:0");
	for (int i = 0; i < 4; i++)
		fd[i] = dial();
	answer = ask(GET("/b")); /* waits in the queue until the first four are cut */
	assert_int_equal(status_of(answer), 200);
	g_string_free(answer, TRUE);
	for (int i = 0; i < 4; i++)
		close(fd[i]);
	site_stop();
}

static void
bodies_in_all(void **state)
{
	int fd;
	GString *answer, *request = post_of("/hooks", 3000, false, CLOSE);

	(void)state;
	default_limits();
	site.limits.bodies = 5000;
	site.limits.body_time = 2000;
	site_start("127.0.0.1:0");
	fd = dial();
	push(fd, request->str, request->len - 1);
	answer = ask_n(request->str, request->len);
	assert_int_equal(status_of(answer), 503);
	assert_non_null(strstr(answer->str, "Retry-After"));
	g_string_free(answer, TRUE);
	push_text(fd, "x");
	answer = drain(fd);
	assert_int_equal(status_of(answer), 200);
	g_string_free(answer, TRUE);
	answer = ask_n(request->str, request->len); /* and given back */
	assert_int_equal(status_of(answer), 200);
	g_string_free(answer, TRUE);
	g_string_free(request, TRUE);
	site_stop();
}

static void
h14_configured_proxy(void **state)
{
	static const char *const proxies[] = { "127.0.0.1", "10.0.0.0/8", "2001:db8::/32",
		NULL };
	static const struct {
		const char *name, *fields, *part;
	} hops[] = {
		{ "one", "X-Forwarded-For: 203.0.113.9\r\n", "client=203.0.113.9 " },
		{ "forged on the left", "X-Forwarded-For: 127.0.0.1, 203.0.113.9\r\n",
		    "client=203.0.113.9 " },
		{ "two proxies", "X-Forwarded-For: 203.0.113.9, 10.1.2.3\r\n",
		    "client=203.0.113.9 " },
		{ "two headers",
		    "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 10.1.2.3\r\n",
		    "client=203.0.113.9 " },
		{ "rubbish", "X-Forwarded-For: 1.2.3.4, rubbish\r\n",
		    "client=127.0.0.1 " },
		{ "rubbish behind a proxy", "X-Forwarded-For: rubbish, 10.1.2.3\r\n",
		    "client=10.1.2.3 " },
		{ "IPv6", "X-Forwarded-For: 2001:dba::7, 2001:db8::1\r\n",
		    "client=2001:dba::7 " },
		{ "none", "", "client=127.0.0.1 " },
		{ "TLS in front", "X-Forwarded-Proto: https\r\n", "tls=1" },
	};
	int fd[8];

	(void)state;
	default_limits();
	site.limits.proxies = proxies;
	site.limits.per_ip = 4;
	site.limits.header_time = 2000;
	site_start("127.0.0.1:0");
	for (size_t i = 0; i < G_N_ELEMENTS(hops); i++) {
		char *request = g_strdup_printf(
		    "GET / HTTP/1.1\r\n" HOST CLOSE "%s\r\n", hops[i].fields);
		GString *answer = ask(request);

		if (strstr(answer->str, hops[i].part) == NULL)
			fail_msg("%s: %s", hops[i].name, answer->str);
		g_string_free(answer, TRUE);
		g_free(request);
	}
	for (int i = 0; i < 8; i++)
		fd[i] = dial(); /* a proxy is many clients */
	{
		GString *answer = ask(GET("/a"));

		assert_int_equal(status_of(answer), 200);
		g_string_free(answer, TRUE);
	}
	for (int i = 0; i < 8; i++)
		close(fd[i]);
	site_stop();
}

static void
unix_socket(void **state)
{
	static const char *const proxies[] = { "unix", NULL };
	char dir[] = "/tmp/http_test.XXXXXX";
	char *path, *address;
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = g_build_filename(dir, "web.sock", NULL);
	address = g_strconcat("unix:", path, NULL);
	g_strlcpy(sa.sun_path, path, sizeof sa.sun_path);
	for (int left_over = 0; left_over < 2; left_over++) {
		int fd;
		GString *answer;

		if (left_over) { /* as after a kill -9 */
			fd = socket(AF_UNIX, SOCK_STREAM, 0);
			assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof sa), 0);
			close(fd);
		}
		default_limits();
		site.limits.proxies = proxies;
		site_start(address);
		assert_int_equal(site.port, 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0660);
		for (int stop = 0; stop < 2; stop++) {
			char *request =
			    g_strdup_printf("GET %s HTTP/1.1\r\n" HOST CLOSE
					    "X-Forwarded-For: 203.0.113.9\r\n\r\n",
				stop ? "/stop" : "/later");

			fd = socket(AF_UNIX, SOCK_STREAM, 0);
			assert_int_equal(
			    connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
			push(fd, request, strlen(request));
			answer = drain(fd);
			if (!stop)
				assert_non_null(
				    strstr(answer->str, "client=203.0.113.9 peer=unix"));
			g_string_free(answer, TRUE);
			g_free(request);
		}
		pthread_join(site.thread, NULL);
		assert_int_not_equal(stat(path, &st), 0);
	}
	rmdir(dir);
	g_free(path);
	g_free(address);
}

static void
addresses(void **state)
{
	static const struct {
		const char *address;
		enum err_kind kind;
	} bad[] = {
		{ "", ERR_INPUT }, { "8080", ERR_INPUT }, { "localhost:8080", ERR_INPUT },
		{ "127.0.0.1:80800", ERR_INPUT }, { "127.0.0.1:-1", ERR_INPUT },
		{ "[::1:8080", ERR_INPUT }, { "unix:relative", ERR_INPUT },
		{ "unix:/nonexistent/dir/x.sock", ERR_IO }, { "systemd:public", ERR_IO },
		{ "203.0.113.1:8080", ERR_IO }, /* not ours */
	};
	struct loop_options o = { 0 };
	struct err e = { 0 };
	struct world *w = loop_new(&o, &e);
	struct server_limits l;
	struct server *s;
	char address[32];

	(void)state;
	server_limits_default(&l);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		e = (struct err){ 0 };
		s = server_new(w, bad[i].address, &l, handler, NULL, &e);
		if (s != NULL || e.kind != bad[i].kind)
			fail_msg("\"%s\": %d %s", bad[i].address, e.kind, e.text);
	}
	s = server_new(w, "127.0.0.1:0", &l, handler, NULL, &e);
	assert_non_null(s);
	g_snprintf(address, sizeof address, "127.0.0.1:%d", server_port(s));
	e = (struct err){ 0 };
	assert_null(server_new(w, address, &l, handler, NULL, &e));
	assert_int_equal(e.kind, ERR_BUSY);
	server_free(s);
	loop_free(w);
}

/* Answered after its server has gone, and quiesced before. */
static void
answer_after_the_end(void **state)
{
	int handled, fd;
	GString *answer;

	(void)state;
	default_limits();
	site_start("127.0.0.1:0");
	handled = site.handled;
	fd = dial();
	push_text(fd, "GET /never HTTP/1.1\r\n" HOST "\r\n");
	wait_for(&site.handled, handled + 1);
	site_stop();
	answer = drain(fd);
	assert_int_equal(answer->len, 0);
	g_string_free(answer, TRUE);
}

static void
drop_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

int
main(void)
{
	const struct CMUnitTest usual[] = {
		cmocka_unit_test(bytes_in_status_out),
		cmocka_unit_test(split_anywhere),
		cmocka_unit_test(h7_sizes),
		cmocka_unit_test(too_long_a_body),
		cmocka_unit_test(too_long_is_said_before),
		cmocka_unit_test(slow_clients),
		cmocka_unit_test(h9_steady_body),
		cmocka_unit_test(h10_long_extension),
		cmocka_unit_test(h12_pipelined),
		cmocka_unit_test(h12_pipelined_later),
		cmocka_unit_test(h15_client_leaves),
		cmocka_unit_test(cut_in_the_body),
		cmocka_unit_test(replies),
		cmocka_unit_test(reader_that_stalls),
	};
	const struct CMUnitTest own[] = {
		cmocka_unit_test(limits_of_connections),
		cmocka_unit_test(bodies_in_all),
		cmocka_unit_test(h14_configured_proxy),
		cmocka_unit_test(unix_socket),
		cmocka_unit_test(addresses),
		cmocka_unit_test(answer_after_the_end),
	};

	log_sink(drop_line, NULL);
	return cmocka_run_group_tests(usual, setup, teardown) +
	       cmocka_run_group_tests(own, NULL, NULL);
}
