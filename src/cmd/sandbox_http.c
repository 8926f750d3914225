/* sandbox_http.c - connections, and their requests one after the other. */
#include "sandbox_http.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <glib.h>

#include "base/check.h"
#include "sandbox_listen.h"
#include "sandbox_parse.h"

#define WHOLE_WITHIN 10000 /* ms from a request's first byte to its last */
#define KEEP_ALIVE 120000  /* ms between requests */

struct connection {
	uv_tcp_t tcp;
	struct sandbox_http *server;
	struct connection *next, *prev;
	GByteArray *in;
	size_t used; /* bytes of `in` that are the request under way */
	struct sandbox_parse request;
	struct exchange x; /* owner() finds the way back */
	bool busy, closing, last;
	uint64_t since; /* first byte of this request, or end of the last one */
};

struct sandbox_http {
	uv_loop_t *loop;
	uv_tcp_t listener;
	uv_timer_t sweep;
	struct connection *all;
	void (*handle)(void *arg, struct exchange *x);
	void *arg;
	char address[80];
	char buffer[65536];
};

struct write {
	uv_write_t req;
	struct connection *c;
	bool end;
	char bytes[];
};

static void next_request(struct connection *c);

static void
on_closed(uv_handle_t *h)
{
	struct connection *c = h->data;
	g_byte_array_free(c->in, TRUE);
	g_free(c);
}

/* A connection that still owes an answer stays until the answer comes. */
static void
end(struct connection *c)
{
	if (c->closing)
		return;
	c->closing = true;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		c->server->all = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	uv_read_stop((uv_stream_t *)&c->tcp);
	if (!c->busy)
		uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static void
settle(struct connection *c)
{
	c->busy = false;
	if (c->closing)
		uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* Answers ---------------------------------------------------------------------- */

static void
on_written(uv_write_t *req, int status)
{
	struct write *w = (struct write *)req;
	if (status != 0 || w->end)
		end(w->c);
	free(w);
}

/* What the kernel does not take at once is written when it can. */
static void
put(struct connection *c, const char *p, size_t len, bool then_end)
{
	uv_buf_t buf = uv_buf_init((char *)p, (unsigned)len);
	int n = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
	if (n == (int)len || (n < 0 && n != UV_EAGAIN)) {
		if (n < 0 || then_end)
			end(c);
		return;
	}
	size_t done = n > 0 ? (size_t)n : 0;
	struct write *w = g_malloc0(sizeof *w + len - done);
	w->c = c;
	w->end = then_end;
	memcpy(w->bytes, p + done, len - done);
	buf = uv_buf_init(w->bytes, (unsigned)(len - done));
	if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0) {
		free(w);
		end(c);
	}
}

static const char *
reason(int status)
{
	switch (status) {
	case 200:
	case 201:
	case 202:
		return "OK";
	case 429:
		return "Too Many Requests";
	default:
		return status < 500 ? "Refused" : "Error";
	}
}

/* The machine's clock, whatever the people's shows. */
static void
add_date(GString *s)
{
	static char text[48];
	static time_t made;
	time_t now = time(NULL);
	struct tm tm;

	if (now != made && gmtime_r(&now, &tm) != NULL)
		strftime(text, sizeof(text), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
	made = now;
	g_string_append(s, text);
}

static GString *
compose(const struct sandbox_answer *a, bool last)
{
	GString *s = g_string_sized_new(a->len + 256);
	g_string_printf(s,
	    "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", a->status,
	    reason(a->status), a->type != NULL ? a->type : "application/json", a->len);
	add_date(s);
	if (a->retry_after > 0)
		g_string_append_printf(s, "Retry-After: %d\r\n", a->retry_after);
	if (a->headers != NULL)
		g_string_append(s, a->headers);
	g_string_append(s, last ? "Connection: close\r\n\r\n" : "\r\n");
	g_string_append_len(s, a->body, (gssize)a->len);
	return s;
}

static struct connection *
owner(struct exchange *x)
{
	struct connection *c =
	    (struct connection *)((char *)x - offsetof(struct connection, x));
	CHECK(c->busy);
	return c;
}

void
sandbox_http_answer(struct exchange *x, const struct sandbox_answer *a)
{
	struct connection *c = owner(x);
	if (!c->closing) {
		GString *s = compose(a, c->last);
		put(c, s->str, s->len, c->last);
		g_string_free(s, TRUE);
	}
	settle(c);
	if (!c->closing) {
		g_byte_array_remove_range(c->in, 0, (guint)c->used);
		c->since = uv_now(c->server->loop);
		next_request(c);
	}
}

void
sandbox_http_cut(struct exchange *x, const struct sandbox_answer *a, size_t bytes)
{
	struct connection *c = owner(x);
	if (!c->closing) {
		GString *s = compose(a, false);
		put(c, s->str, bytes < s->len ? bytes : s->len, true);
		g_string_free(s, TRUE);
	}
	settle(c);
}

void
sandbox_http_drop(struct exchange *x)
{
	struct connection *c = owner(x);
	end(c);
	settle(c);
}

/* Requests --------------------------------------------------------------------- */

static void
refuse(struct connection *c, int status)
{
	struct sandbox_answer a = { .status = status, .body = "" };
	GString *s = compose(&a, true);
	put(c, s->str, s->len, true);
	g_string_free(s, TRUE);
}

static void
next_request(struct connection *c)
{
	if (c->busy || c->closing || c->in->len == 0)
		return;
	struct sandbox_parse *p = &c->request;
	int status = sandbox_parse_request(c->in, p, &c->used);
	if (status == 0)
		return; /* not whole yet */
	if (status != 200) {
		refuse(c, status);
		return;
	}
	c->x = (struct exchange){ p->method, p->path, p->query, p->key, p->sent_at,
		p->body, p->body_len, p->fields, p->n_fields, NULL };
	c->last = p->close;
	c->busy = true;
	c->server->handle(c->server->arg, &c->x);
}

static void
on_alloc(uv_handle_t *h, size_t want, uv_buf_t *buf)
{
	(void)want;
	struct connection *c = h->data;
	*buf = uv_buf_init(c->server->buffer, sizeof c->server->buffer);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct connection *c = s->data;
	if (n < 0) {
		end(c);
		return;
	}
	/* A request being answered points into `in`: a client that talks on is refused.
	 */
	if (c->busy) {
		if (n > 0)
			end(c);
		return;
	}
	if (c->in->len == 0)
		c->since = uv_now(c->server->loop);
	g_byte_array_append(c->in, (const guint8 *)buf->base, (guint)n);
	next_request(c);
}

static void
on_connect(uv_stream_t *listener, int status)
{
	struct sandbox_http *s = listener->data;
	if (status != 0)
		return;
	struct connection *c = g_new0(struct connection, 1);
	c->server = s;
	c->tcp.data = c;
	c->in = g_byte_array_sized_new(2048);
	c->since = uv_now(s->loop);
	uv_tcp_init(s->loop, &c->tcp);
	c->next = s->all;
	if (s->all != NULL)
		s->all->prev = c;
	s->all = c;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) != 0) {
		end(c);
		return;
	}
	uv_tcp_nodelay(&c->tcp, 1);
	uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void
on_sweep(uv_timer_t *t)
{
	struct sandbox_http *s = t->data;
	uint64_t now = uv_now(s->loop);
	for (struct connection *c = s->all, *next; c != NULL; c = next) {
		next = c->next;
		uint64_t limit = c->in->len > 0 ? WHOLE_WITHIN : KEEP_ALIVE;
		if (!c->busy && now - c->since > limit)
			end(c);
	}
}

/* Listening ---------------------------------------------------------------------- */

struct sandbox_http *
sandbox_http_open(uv_loop_t *loop, const char *where,
    void (*handle)(void *, struct exchange *), void *arg, struct err *e)
{
	struct sandbox_http *s = g_new0(struct sandbox_http, 1);
	s->loop = loop;
	s->handle = handle;
	s->arg = arg;
	s->listener.data = s;
	s->sweep.data = s;
	if (sandbox_listen(loop, &s->listener, "listen", where, on_connect, s->address,
		sizeof s->address, e) != 0) {
		uv_run(loop, UV_RUN_NOWAIT);
		g_free(s);
		return NULL;
	}
	uv_timer_init(loop, &s->sweep);
	uv_timer_start(&s->sweep, on_sweep, 1000, 1000);
	return s;
}

const char *
sandbox_http_address(const struct sandbox_http *s)
{
	return s->address;
}

void
sandbox_http_close(struct sandbox_http *s)
{
	uv_close((uv_handle_t *)&s->listener, NULL);
	uv_close((uv_handle_t *)&s->sweep, NULL);
	while (s->all != NULL) {
		struct connection *c = s->all;
		end(c);
		if (c->busy)
			settle(c);
	}
}

void
sandbox_http_free(struct sandbox_http *s)
{
	g_free(s);
}
