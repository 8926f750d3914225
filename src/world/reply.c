/* reply.c - answers: whole, in pieces, or the server's own refusal. */
#include <string.h>

#include "server_impl.h"

#include "base/check.h"
#include "base/log.h"

#define BLOCK (32 * 1024)
/* Longer replies are given in blocks, to see them get on. */
#define WHOLE_MAX (64 * 1024)
#define WAITING_MAX (256 * 1024)

static const struct {
	int status;
	const char *text;
} refusals[] = {
	{ 400, "The request is malformed." },
	{ 404, "There is nothing here." },
	{ 405, "This method is not served." },
	{ 413, "The body is longer than this address takes." },
	{ 414, "The request line is too long." },
	{ 415, "Send the body as it is: no Content-Encoding is taken." },
	{ 417, "Only \"Expect: 100-continue\" is understood." },
	{ 431, "The headers are too long or too many." },
	{ 503, "Too much is under way; try again in a few seconds." },
	{ 507, "There is no room on the disk for the file; try again when there is." },
};

static void
add_header(struct MHD_Response *response, const char *line)
{
	const char *colon = strchr(line, ':');
	char *name;

	CHECK(colon != NULL);
	name = g_strndup(line, (gsize)(colon - line));
	/* The library refuses line breaks. */
	if (MHD_add_response_header(response, name, colon + 1 + strspn(colon + 1, " ")) !=
	    MHD_YES)
		log_error("reply_header", "name=%s", name);
	g_free(name);
}

static void
add_headers(struct request *r, const char *type, const char *const *headers)
{
	struct conn *c = r->conn;

	if (type != NULL && type[0] != '\0')
		MHD_add_response_header(r->response, "Content-Type", type);
	for (; headers != NULL && *headers != NULL; headers++)
		add_header(r->response, *headers);
	if (c->requests >= c->server->limits.requests || c->server->quiesced) {
		MHD_add_response_header(r->response, "Connection", "close");
		c->lingers = true;
	}
}

/* The library asks for more to send. */
static ssize_t
on_read(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct request *r = arg;
	size_t n = MIN(r->out->len - r->out_sent, max);

	(void)pos;
	r->server->progress++;
	server_state(r->conn, CONN_WRITE);
	if (n == 0) {
		if (r->ended)
			return MHD_CONTENT_READER_END_OF_STREAM;
		MHD_suspend_connection(r->conn->mhd);
		r->suspended = true;
		server_state(r->conn, CONN_WAIT);
		return 0;
	}
	memcpy(buf, r->out->str + r->out_sent, n);
	r->out_sent += n;
	if (r->out_sent == r->out->len) {
		g_string_truncate(r->out, 0);
		r->out_sent = 0;
	}
	if (r->want_writable && r->out->len - r->out_sent < WAITING_MAX / 4) {
		r->want_writable = false;
		if (r->in.writable != NULL)
			r->in.writable(&r->in);
	}
	return (ssize_t)n;
}

static void
go_on(struct request *r)
{
	if (!r->suspended)
		return;
	r->suspended = false;
	MHD_resume_connection(r->conn->mhd);
	server_kick(r->server);
}

static void
release(struct request *r)
{
	CHECK(r->handed && !r->released);
	r->released = true;
	if (r->server != NULL)
		r->server->busy--;
	if (r->conn == NULL)
		request_free(r);
}

static void
make_response(struct request *r, int status, const char *body, size_t len)
{
	r->status = status;
	if (len <= WHOLE_MAX) {
		r->response = MHD_create_response_from_buffer(
		    len, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
	} else {
		r->out = g_string_new_len(body, (gssize)len);
		r->ended = true;
		r->response =
		    MHD_create_response_from_callback(len, BLOCK, on_read, r, NULL);
	}
	CHECK(r->response != NULL);
}

static void
reply(struct http_in *in, int status, const char *type, const char *const *headers,
    const char *body, size_t len)
{
	struct request *r = (struct request *)(void *)in;

	CHECK(r->response == NULL);
	if (r->conn != NULL) {
		make_response(r, status, body, len);
		add_headers(r, type, headers);
		go_on(r);
	}
	release(r);
}

static void
stream(struct http_in *in, int status, const char *type, const char *const *headers)
{
	struct request *r = (struct request *)(void *)in;

	CHECK(r->response == NULL);
	if (r->conn == NULL)
		return;
	r->status = status;
	r->out = g_string_new("");
	r->response =
	    MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, r, NULL);
	CHECK(r->response != NULL);
	add_headers(r, type, headers);
	go_on(r);
}

static int
stream_write(struct http_in *in, const char *data, size_t len)
{
	struct request *r = (struct request *)(void *)in;
	size_t waiting;

	if (r->conn == NULL)
		return -1;
	CHECK(r->out != NULL && !r->ended);
	waiting = r->out->len - r->out_sent;
	if (waiting > 0 && waiting + len > WAITING_MAX) {
		r->want_writable = true;
		return 1;
	}
	if (r->out_sent > 0) {
		g_string_erase(r->out, 0, (gssize)r->out_sent);
		r->out_sent = 0;
	}
	g_string_append_len(r->out, data, (gssize)len);
	go_on(r);
	return 0;
}

static void
stream_end(struct http_in *in)
{
	struct request *r = (struct request *)(void *)in;

	r->ended = true;
	r->want_writable = false;
	if (r->conn != NULL)
		go_on(r);
	release(r);
}

void
reply_methods(struct http_in *in)
{
	in->reply = reply;
	in->stream = stream;
	in->write = stream_write;
	in->end = stream_end;
}

enum MHD_Result
reply_refusal(struct request *r, int status)
{
	static const char *const allow[] = { "Allow: GET, HEAD, POST, PUT, PATCH, DELETE",
		NULL };
	static const char *const later[] = { "Retry-After: 5", NULL };
	const char *text = "";
	char *line;

	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
		if (refusals[i].status == status)
			text = refusals[i].text;
	line = g_strdup_printf("%d: %s\n", status, text);
	make_response(r, status, line, strlen(line));
	add_headers(r, "text/plain; charset=utf-8",
	    status == 405   ? allow
	    : status == 503 ? later
			    : NULL);
	g_free(line);
	r->conn->lingers = true;
	return reply_queue(r);
}

enum MHD_Result
reply_queue(struct request *r)
{
	enum MHD_Result rc;

	server_state(r->conn, CONN_WRITE);
	rc = MHD_queue_response(r->conn->mhd, (unsigned)r->status, r->response);
	MHD_destroy_response(r->response); /* the library has its own hold on it */
	r->response = NULL;
	return rc;
}
