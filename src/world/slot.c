/* slot.c - one easy handle of libcurl's, which carries one attempt after another: one
 * attempt, one write.
 *
 * libcurl silently repeats a request when a kept connection dies before the first
 * byte of the answer, even if the server had read all of it. The pre-request
 * callback is asked each time it is about to write: the second time in one
 * attempt is that repeat, and is refused (libcurl: Curl_retry_request). */
#include <string.h>
#include <strings.h>

#include "calls_impl.h"

#include "base/check.h"

#define BODY_MAX (256 * 1024)
#define HEAD_MAX (16 * 1024)
#define TIMEOUT (15 * MS_SECOND)
#define CONNECT_TIMEOUT (5 * MS_SECOND)
#define IDLE_SECONDS 30 /* providers close idle connections; do not meet that moment */

static int
on_prereq(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct slot *s = arg;
	uint64_t start;

	(void)to;
	(void)from;
	(void)to_port;
	(void)from_port;
	if (++s->guards > 1)
		return CURL_PREREQFUNC_ABORT;
	if (s->call->guard == NULL)
		return CURL_PREREQFUNC_OK;
	start = uv_hrtime();
	s->calls->in_curl = true;
	s->refused = !s->call->guard(s->call);
	s->calls->in_curl = false;
	loop_measure(s->calls->loop, "guard", start);
	return s->refused ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct slot *s = arg;

	n *= size;
	if (s->body->len + n > BODY_MAX) {
		s->too_long = true;
		return 0;
	}
	g_string_append_len(s->body, data, (gssize)n);
	return n;
}

/* Another head may follow a first one (100 Continue): the last counts. What is broken or too
 * much is left out. */
static void
keep_header(GString *head, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	size_t name = colon != NULL ? (size_t)(colon - line) : 0;

	if (n > 5 && memcmp(line, "HTTP/", 5) == 0)
		g_string_truncate(head, 0);
	if (name == 0 || name != strcspn(line, ": \t\r\n") || memchr(line, '\0', n) != NULL ||
	    head->len + n + 2 > HEAD_MAX)
		return;
	for (++colon, n -= name + 1; n > 0 && g_ascii_isspace(*colon); n--)
		colon++;
	while (n > 0 && g_ascii_isspace(colon[n - 1]))
		n--;
	g_string_append_len(head, line, (gssize)name);
	g_string_append_c(head, '\0');
	g_string_append_len(head, colon, (gssize)n);
	g_string_append_c(head, '\0');
}

/* libcurl calls an answer good that was cut in the middle of its head, so the empty
 * line is watched for. A HEAD is how the clock is compared with others'; nobody else
 * needs the date. */
static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct slot *s = arg;
	char text[64];
	time_t at;

	n *= size;
	s->whole_head = line[0] == '\r' || line[0] == '\n';
	keep_header(s->head, line, n);
	if (n < 6 || n - 5 >= sizeof text || strncasecmp(line, "date:", 5) != 0 ||
	    strcmp(s->call->req.method, "HEAD") != 0)
		return n;
	memcpy(text, line + 5, n - 5);
	text[n - 5] = '\0';
	at = curl_getdate(text, NULL);
	s->date = at > 0 ? (ms_t)at * 1000 : 0;
	return n;
}

/* What is the same for every attempt. */
static void
set_fixed(struct slot *s)
{
	const char *ca = s->calls->loop->options.ca_file;
	CURL *h = s->easy;

	curl_easy_setopt(h, CURLOPT_PRIVATE, s);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, on_prereq);
	curl_easy_setopt(h, CURLOPT_PREREQDATA, s);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, sockets_open);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, s);
	curl_easy_setopt(h, CURLOPT_CLOSESOCKETFUNCTION, sockets_close);
	curl_easy_setopt(h, CURLOPT_CLOSESOCKETDATA, s->calls);
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_HTTPAUTH, 0L);
	curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_USERAGENT, "reachd");
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT);
	curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(h, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https");
	if (ca != NULL)
		curl_easy_setopt(h, CURLOPT_CAINFO, ca);
	curl_easy_setopt(h, CURLOPT_CURLU, s->url);
}

struct slot *
slot_take(struct calls *c)
{
	struct slot *s = c->idle;

	if (s != NULL) {
		c->idle = s->next;
	} else {
		s = g_new0(struct slot, 1);
		s->calls = c;
		s->body = g_string_sized_new(1024);
		s->head = g_string_sized_new(512);
		s->url = curl_url();
		s->easy = curl_easy_init();
		CHECK(s->url != NULL && s->easy != NULL);
		set_fixed(s);
	}
	s->prev = NULL;
	s->next = c->active;
	if (s->next != NULL)
		s->next->prev = s;
	c->active = s;
	return s;
}

void
slot_free(struct slot *s)
{
	curl_easy_cleanup(s->easy);
	curl_url_cleanup(s->url);
	g_string_free(s->body, TRUE);
	g_string_free(s->head, TRUE);
	g_free(s->url_text);
	g_free(s);
}

static int
set_url(struct slot *s, const char *url)
{
	if (g_strcmp0(s->url_text, url) == 0)
		return 0;
	g_free(s->url_text);
	s->url_text = NULL;
	curl_url_set(s->url, CURLUPART_URL, NULL, 0);
	if (curl_url_set(s->url, CURLUPART_URL, url, CURLU_DISALLOW_USER) != CURLUE_OK)
		return -1;
	s->url_text = g_strdup(url);
	return 0;
}

/* The list's nodes lie in the slot and point at the caller's strings. */
static int
set_headers(struct slot *s, const char *const *headers)
{
	static const char type[] = "Content-Type:";
	bool typed = false;
	size_t n = 0;

	s->headers[n++].data = (char *)(uintptr_t) "Expect:";
	for (; headers != NULL && *headers != NULL; headers++) {
		if (n > CALL_HEADERS || strpbrk(*headers, "\r\n") != NULL)
			return -1;
		typed = typed || strncasecmp(*headers, type, strlen(type)) == 0;
		s->headers[n++].data = (char *)(uintptr_t)*headers;
	}
	/* Else libcurl calls every POST a form, and no signature covers that. */
	if (!typed)
		s->headers[n++].data = (char *)(uintptr_t)type;
	for (size_t i = 0; i < n; i++)
		s->headers[i].next = i + 1 < n ? &s->headers[i + 1] : NULL;
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
	return 0;
}

static void
set_method(struct slot *s, const struct http_req *req)
{
	CURL *h = s->easy;
	bool body = req->body != NULL;

	curl_easy_setopt(h, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, NULL);
	if (strcmp(req->method, "HEAD") == 0) {
		curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
		return;
	}
	if (body || strcmp(req->method, "POST") == 0) {
		curl_easy_setopt(h, CURLOPT_POST, 1L);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, body ? req->body : "");
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)(body ? req->body_len : 0));
	}
	if (strcmp(req->method, body ? "POST" : "GET") != 0 &&
	    strcmp(req->method, "POST") != 0)
		curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, req->method);
}

static void
set_limits(struct slot *s, const struct http_req *req)
{
	ms_t timeout = req->timeout > 0 ? req->timeout : TIMEOUT;

	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)timeout);
	curl_easy_setopt(s->easy, CURLOPT_LOW_SPEED_TIME, (long)((timeout + 999) / 1000));
	if (s->internal != req->internal) {
		s->internal = req->internal;
		curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR,
		    req->internal ? "http,https" : "https");
	}
}

const char *
slot_set(struct slot *s, const struct http_req *req)
{
	if (set_url(s, req->url) < 0)
		return "the URL cannot be understood";
	if (set_headers(s, req->headers) < 0)
		return "a header holds a line break, or there are too many";
	set_method(s, req);
	set_limits(s, req);
	return NULL;
}
