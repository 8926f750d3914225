/* calls.c - outgoing HTTP over libcurl: calls begin and end. */
#include <string.h>

#include "calls_impl.h"

#include "base/check.h"

#define BODY_KEEP \
	(64 * 1024) /* a buffer larger than this is not kept for the next call */
#define RETRY_AFTER_MAX MS_DAY

static void
on_later(uv_idle_t *idle)
{
	struct calls *c = idle->data;

	uv_idle_stop(idle);
	calls_deliver(c->loop);
}

/* The call is over; its done() comes from the loop. */
static void
end_later(struct slot *s, const char *error)
{
	struct calls *c = s->calls;
	struct http_call *call = s->call;

	if (s->in_multi)
		curl_multi_remove_handle(c->multi, s->easy);
	s->in_multi = false;
	call->end = s->guards == 0 || s->refused ? HTTP_NOT_WRITTEN : HTTP_BROKEN;
	call->refused = s->refused;
	g_strlcpy(call->error, error, sizeof call->error);
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		c->active = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	s->next = NULL;
	*c->ending_last = s;
	c->ending_last = &s->next;
	if (!c->loop->closing)
		uv_idle_start(&c->later, on_later);
}

void
calls_start(struct world *w, struct http_call *call)
{
	struct calls *c = loop_of(w)->calls;
	const char *error;
	struct slot *s;

	CHECK(!c->in_curl); /* not from a guard */
	call->end = HTTP_NOT_WRITTEN;
	call->refused = false;
	call->fault = HTTP_FAULT_OTHER;
	call->status = 0;
	call->retry_after = call->date = 0;
	call->body = NULL;
	call->body_len = 0;
	call->head = NULL;
	call->error[0] = '\0';
	if (call->req.envelope != NULL) {
		mailer_start(w, call);
		return;
	}
	s = slot_take(c);
	call->impl = s;
	s->call = call;
	s->guards = 0;
	s->date = 0;
	s->refused = s->private_address = s->too_long = s->whole_head = false;
	g_string_truncate(s->body, 0);
	g_string_truncate(s->head, 0);
	if (c->loop->closing) {
		end_later(s, "reachd is stopping");
		return;
	}
	error = slot_set(s, &call->req);
	if (error != NULL) {
		end_later(s, error);
		return;
	}
	s->in_multi = true;
	CHECK(curl_multi_add_handle(c->multi, s->easy) == CURLM_OK);
}

void
calls_cancel(struct world *w, struct http_call *call)
{
	struct slot *s = call->impl;

	CHECK(!loop_of(w)->calls->in_curl);
	if (call->req.envelope != NULL)
		mailer_cancel(w, call);
	else if (s != NULL && s->in_multi)
		end_later(s, "it was cancelled");
}

static const char *
why(const struct slot *s, CURLcode rc)
{
	if (s->refused)
		return "the last check before sending said no";
	if (s->guards > 1)
		return "the connection broke after the request was sent";
	if (s->too_long)
		return "the answer is longer than 256 KiB";
	if (s->private_address && s->guards == 0)
		return "the host has a private address; mark it internal if that is "
		       "meant";
	return curl_easy_strerror(rc);
}

enum http_fault
calls_fault(CURLcode rc)
{
	switch (rc) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return HTTP_FAULT_NAME;
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_FAULT_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_USE_SSL_FAILED:
		return HTTP_FAULT_TLS;
	default:
		return HTTP_FAULT_OTHER;
	}
}

static void
take_answer(struct slot *s)
{
	struct http_call *call = s->call;
	curl_off_t wait = 0;
	long status = 0;

	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &wait);
	call->end = HTTP_ANSWERED;
	call->status = (int)status;
	if (wait > 0)
		call->retry_after = (ms_t)MIN(wait, RETRY_AFTER_MAX / 1000) * 1000;
	call->date = s->date;
	call->head = s->head->str;
	call->body = s->body->str;
	call->body_len = s->body->len;
}

void
calls_collect(struct calls *c)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(c->multi, &left)) != NULL) {
		CURLcode rc = msg->data.result;
		struct slot *s;

		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&s);
		if (rc == CURLE_OK && !s->whole_head)
			rc = CURLE_PARTIAL_FILE;
		end_later(s, rc == CURLE_OK ? "" : why(s, rc));
		s->call->fault = s->private_address ? HTTP_FAULT_OTHER : calls_fault(rc);
		if (rc == CURLE_OK)
			take_answer(s);
	}
	uv_idle_stop(&c->later);
	calls_deliver(c->loop);
}

bool
calls_deliver(struct loop *l)
{
	struct calls *c = l->calls;
	struct slot *s, *next;
	bool any;

	if (c == NULL)
		return false;
	s = c->ending;
	any = s != NULL;
	c->ending = NULL;
	c->ending_last = &c->ending;
	for (; s != NULL; s = next) {
		uint64_t start = uv_hrtime();

		next = s->next;
		s->call->impl = NULL;
		s->call->done(s->call);
		s->call = NULL;
		if (s->body->allocated_len > BODY_KEEP) {
			g_string_free(s->body, TRUE);
			s->body = g_string_sized_new(1024);
		}
		s->next = c->idle;
		c->idle = s;
		loop_measure(l, "http_done", start);
	}
	return any;
}

int
calls_init(struct loop *l, struct err *e)
{
	const struct loop_options *o = &l->options;
	struct calls *c = g_new0(struct calls, 1);
	int total = o->http_connections > 0 ? o->http_connections : 512;
	int per_host = o->http_per_host > 0 ? o->http_per_host : 256;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		g_free(c);
		return err_set(e, ERR_IO, "cannot start libcurl");
	}
	c->loop = l;
	c->ending_last = &c->ending;
	c->multi = curl_multi_init();
	CHECK(c->multi != NULL);
	curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)total);
	curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)per_host);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)total);
	sockets_init(c);
	CHECK(uv_idle_init(&l->uv, &c->later) == 0);
	c->later.data = c;
	l->calls = c;
	return 0;
}

void
calls_abandon(struct loop *l)
{
	while (l->calls != NULL && l->calls->active != NULL)
		end_later(l->calls->active, "reachd is stopping");
}

static void
on_closed(uv_handle_t *h)
{
	g_free(h->data);
}

void
calls_fini(struct loop *l)
{
	struct calls *c = l->calls;

	if (c == NULL)
		return;
	curl_multi_cleanup(c->multi);
	while (c->idle != NULL) {
		struct slot *s = c->idle;

		c->idle = s->next;
		slot_free(s);
	}
	sockets_fini(c);
	uv_close((uv_handle_t *)&c->later, on_closed);
	l->calls = NULL;
	curl_global_cleanup();
}
