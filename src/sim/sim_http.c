/* sim_http.c - calls: connect, guard, wire, answer, each at its drawn instant. */
#include <string.h>

#include "sim_impl.h"

#define TIMEOUT (15 * MS_SECOND)

/* What is on the wire lives apart from the call: the caller may be dead when it
 * arrives. */
struct sim_call {
	struct sim *sim;
	struct http_call *http; /* NULL: its process is gone, or it is over */
	struct agenda_entry *connect, *timeout;
	struct sim_request q;
	char *method, *url, *body;
	char **headers;
	struct sim_reply reply;
	bool wired; /* an event of the world's own still holds it */
};

static ms_t
lag(struct sim *s)
{
	if (s->o.instant)
		return 10;
	return rng_about(&s->world, 20);
}

static void
call_free(struct sim_call *c)
{
	g_ptr_array_remove_fast(c->sim->calls, c);
	g_free(c->method);
	g_free(c->url);
	g_free(c->body);
	g_strfreev(c->headers);
	g_free(c->reply.body);
	g_free(c);
}

/* The caller's part is over; what is on the wire may go on. */
static void
end(struct sim_call *c, enum http_end how, const char *why)
{
	struct http_call *h = c->http;
	struct sim *s = c->sim;

	if (h == NULL)
		return;
	c->http = NULL;
	if (c->timeout != NULL)
		agenda_cancel(s->agenda, c->timeout);
	c->timeout = NULL;
	h->end = how;
	h->impl = NULL;
	g_strlcpy(h->error, why, sizeof(h->error));
	sim_note(s, 0x100 + (uint64_t)how);
	h->done(h);
}

static void
timed_out(void *arg)
{
	struct sim_call *c = arg;
	bool wired = c->wired;

	c->timeout = NULL;
	if (c->connect != NULL)
		agenda_cancel(c->sim->agenda, c->connect);
	end(c, c->q.left == 0 ? HTTP_NOT_WRITTEN : HTTP_BROKEN, "timed out");
	if (!wired)
		call_free(c);
}

static void
answered(void *arg)
{
	struct sim_call *c = arg;
	struct http_call *h = c->http;

	c->wired = false;
	if (h != NULL && c->reply.kind == SIM_ANSWER) {
		h->status = c->reply.status;
		h->retry_after = c->reply.retry_after;
		h->head = c->reply.head;
		h->body = c->reply.body;
		h->body_len = c->reply.len;
		end(c, HTTP_ANSWERED, "");
	} else if (h != NULL && c->reply.kind == SIM_CUT)
		end(c, HTTP_BROKEN, "connection reset");
	else if (h != NULL) {
		/* Nothing comes; the time-out ends it. */
		return;
	}
	call_free(c);
}

static void
arrives(void *arg)
{
	struct sim_call *c = arg;
	struct sim *s = c->sim;

	s->o.arrive(s->o.arg, &c->q, &c->reply);
	sim_note(s, 0x200 + (uint64_t)c->reply.kind + (uint64_t)c->reply.status);
	agenda_at(
	    s->agenda, agenda_now(s->agenda) + c->reply.after + lag(s), 0, answered, c);
}

static void
copy_request(struct sim_call *c)
{
	const struct http_req *r = &c->http->req;
	int n = 0;

	while (r->headers != NULL && r->headers[n] != NULL)
		n++;
	c->headers = g_new0(char *, (gsize)n + 1);
	for (int i = 0; i < n; i++)
		c->headers[i] = g_strdup(r->headers[i]);
	c->q = (struct sim_request){
		.method = c->method = g_strdup(r->method),
		.url = c->url = g_strdup(r->url),
		.body = c->body = g_memdup2(r->body, r->body_len),
		.body_len = r->body_len,
		.headers = c->headers,
		.mail = r->envelope != NULL,
		.left = sim_true(c->sim),
	};
}

static void
connected(void *arg)
{
	struct sim_call *c = arg;
	struct sim *s = c->sim;
	struct http_call *h = c->http;
	ms_t wait;

	c->connect = NULL;
	if ((s->faults.connect > 0 && rng_chance(&s->world, s->faults.connect)) ||
	    (s->o.listens != NULL && !s->o.listens(s->o.arg, h->req.url))) {
		end(c, HTTP_NOT_WRITTEN, "no connection");
		call_free(c);
		return;
	}
	copy_request(c);
	if (h->guard != NULL && !h->guard(h)) {
		h->refused = true;
		end(c, HTTP_NOT_WRITTEN, "");
		call_free(c);
		return;
	}
	c->wired = true;
	wait = lag(s);
	if (s->faults.stuck > 0 && rng_chance(&s->world, s->faults.stuck))
		wait = rng_between(&s->world, 1, rng_chance(&s->world, 0.5) ? 80 : 700) *
		       MS_SECOND;
	agenda_at(s->agenda, agenda_now(s->agenda) + wait, 0, arrives, c);
}

static void
start(struct world *w, struct http_call *h)
{
	struct sim *s = (struct sim *)w;
	struct sim_call *c = g_new0(struct sim_call, 1);
	ms_t now = agenda_now(s->agenda), wait = lag(s);

	if (s->faults.slow_net > 0 && rng_chance(&s->world, s->faults.slow_net))
		wait = rng_between(&s->world, 1000, 8000);
	c->sim = s;
	c->http = h;
	h->impl = c;
	h->refused = false;
	h->head = NULL;
	g_ptr_array_add(s->calls, c);
	c->connect = agenda_at(s->agenda, now + wait, s->life, connected, c);
	if (s->o.started != NULL)
		s->o.started(s->o.arg);
	c->timeout = agenda_at(s->agenda,
	    now + (h->req.timeout > 0 ? h->req.timeout : TIMEOUT), s->life, timed_out, c);
}

static void
cancel(struct world *w, struct http_call *h)
{
	struct sim_call *c = h->impl;

	(void)w;
	if (c != NULL)
		agenda_move(c->sim->agenda, c->timeout, agenda_now(c->sim->agenda));
}

void
sim_http_init(struct sim *s)
{
	s->calls = g_ptr_array_new();
	s->w.http_start = start;
	s->w.http_cancel = cancel;
}

void
sim_http_kill(struct sim *s)
{
	for (guint i = s->calls->len; i-- > 0;) {
		struct sim_call *c = s->calls->pdata[i];

		if (c->http != NULL)
			sim_bury(c->http);
		c->http = NULL;
		c->timeout = c->connect = NULL;
		if (!c->wired)
			call_free(c);
	}
}

void
sim_http_free(struct sim *s)
{
	sim_http_kill(s);
	while (s->calls->len > 0)
		call_free(s->calls->pdata[0]);
	g_ptr_array_unref(s->calls);
}
