/* request.c - one request on its way in: judged, collected whole, handed over.
 *
 * Broken framing is answered at once and the connection closed. What is merely
 * not taken (413, 415, 404 …) is answered after its body has been read and
 * dropped, so that the answer is not lost in a reset. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server_impl.h"

#include "base/log.h"

#define DRAIN_MAX ((size_t)64 << 20)

struct request *
request_new(struct conn *c, const char *target)
{
	struct request *r = g_new0(struct request, 1);

	r->server = c->server;
	r->conn = c;
	r->target = g_strdup(target);
	r->in.body_fd = -1;
	r->in.body = "";
	reply_methods(&r->in);
	return r;
}

static void
drop_body(struct request *r)
{
	if (r->body != NULL) {
		if (r->server != NULL)
			r->server->bodies -= r->body->len;
		g_string_free(r->body, TRUE);
	}
	r->body = NULL;
	if (r->in.body_fd >= 0)
		close(r->in.body_fd);
	r->in.body_fd = -1;
}

void
request_free(struct request *r)
{
	drop_body(r);
	for (guint i = 0; r->fields != NULL && i < r->fields->len; i++) {
		struct http_field *f = &g_array_index(r->fields, struct http_field, i);

		g_free((char *)(uintptr_t)f->name);
		g_free((char *)(uintptr_t)f->value);
	}
	if (r->fields != NULL)
		g_array_unref(r->fields);
	if (r->response != NULL)
		MHD_destroy_response(r->response);
	if (r->out != NULL)
		g_string_free(r->out, TRUE);
	g_free(r->method);
	g_free(r->target);
	g_free(r->path);
	g_free(r->raw_path);
	g_free(r->query);
	g_free(r);
}

void
request_gone(struct request *r)
{
	r->conn = NULL;
	if (!r->handed || r->released)
		request_free(r);
	else if (r->want_writable && r->in.writable != NULL)
		r->in.writable(&r->in); /* its next write() says that the client left */
}

static enum MHD_Result
add_field(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *r = arg;
	struct http_field f = { g_strdup(name),
		g_strchomp(g_strdup(value ? value : "")) };

	(void)kind;
	g_array_append_val(r->fields, f);
	return MHD_YES;
}

static bool
is_proxy(const struct server *s, const struct address *a)
{
	for (int i = 0; i < s->n_proxies; i++)
		if (address_in(a, &s->proxies[i]))
			return true;
	return false;
}

/* Takes X-Forwarded-For entries from the right, as far as each was written by a
 * proxy we know; the first other address is the client. */
static void
find_client(struct request *r)
{
	struct address a;

	g_strlcpy(r->client, r->conn->peer, sizeof r->client);
	g_strlcpy(r->peer, r->conn->peer, sizeof r->peer);
	r->in.peer = r->peer;
	r->in.client = r->client;
	r->in.has_uid = r->conn->has_uid;
	r->in.uid = r->conn->uid;
	if (!r->conn->is_proxy)
		return;
	r->in.tls = strcasecmp(http_in_field(&r->in, "X-Forwarded-Proto"), "https") == 0;
	for (int i = r->in.n_fields - 1; i >= 0; i--) {
		char **list;
		guint n;
		bool go_on = true;

		if (strcasecmp(r->in.fields[i].name, "X-Forwarded-For") != 0)
			continue;
		list = g_strsplit(r->in.fields[i].value, ",", -1);
		for (n = g_strv_length(list); go_on && n > 0; n--) {
			go_on = address_parse(g_strstrip(list[n - 1]), &a);
			if (go_on) {
				address_text(&a, r->client);
				go_on = is_proxy(r->server, &a);
			}
		}
		g_strfreev(list);
		if (!go_on)
			return;
	}
}

/* Too long, too many, badly framed: 0 or the status. */
static int
judge_head(struct request *r)
{
	const struct server_limits *l = &r->server->limits;
	const union MHD_ConnectionInfo *size = MHD_get_connection_info(
	    r->conn->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t line = strlen(r->method) + strlen(r->target) + strlen(r->head.version) + 2;

	if (line > l->request_line)
		return 414;
	if (r->in.n_fields > l->header_count ||
	    (size != NULL && size->header_size > line + l->headers))
		return 431;
	return head_check(&r->head);
}

/* The status for a file that cannot be written, by errno. */
static int
no_file(void)
{
	return errno == ENOSPC || errno == EDQUOT ? 507 : 503;
}

static int
open_file(struct request *r)
{
	const char *dir = r->server->limits.temp_dir != NULL ? r->server->limits.temp_dir
							     : g_get_tmp_dir();
	char *name;
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		name = g_build_filename(dir, "upload.XXXXXX", NULL);
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
		g_free(name);
	}
	r->in.body_fd = fd;
	if (fd >= 0)
		return 0;
	log_error("upload_file", "dir=%s error=\"%s\"", dir, g_strerror(errno));
	return no_file();
}

/* Well-formed; is it taken? 0 or the status. */
static int
judge_request(struct request *r)
{
	const struct server_limits *l = &r->server->limits;
	int status = head_refuse(&r->head);

	r->limit = (struct server_body){ DRAIN_MAX, false };
	if (status != 0)
		return status;
	if (head_target(&r->head, &r->raw_path, &r->query) < 0)
		return 404;
	r->path = head_path(r->raw_path);
	if (r->path == NULL)
		return 404;
	r->limit = l->body != NULL ? l->body(r->server->arg, r->method, r->path)
				   : (struct server_body){ 1 << 20, false };
	if (r->head.length > r->limit.max)
		return 413;
	if (r->limit.to_file && (r->head.length > 0 || r->head.chunked))
		return open_file(r);
	return 0;
}

enum MHD_Result
request_begin(struct request *r, const char *method, const char *version)
{
	bool has_body;
	int status;

	r->begun = true;
	r->conn->requests++;
	r->method = g_strdup(method);
	r->fields = g_array_new(FALSE, FALSE, sizeof(struct http_field));
	MHD_get_connection_values(r->conn->mhd, MHD_HEADER_KIND, add_field, r);
	r->in.method = r->method;
	r->in.fields = (const struct http_field *)(const void *)r->fields->data;
	r->in.n_fields = (int)r->fields->len;
	r->head = (struct head){ .method = r->method,
		.version = version,
		.target = r->target,
		.fields = r->in.fields,
		.n_fields = r->in.n_fields };
	status = judge_head(r);
	if (status != 0)
		return reply_refusal(r, status);
	r->refused = judge_request(r);
	has_body = r->head.length > 0 || r->head.chunked;
	/* Nothing to drain when the client waits for leave, and too much above a bound.
	 */
	if (r->refused != 0 && has_body &&
	    (r->head.expects || r->head.length > DRAIN_MAX))
		return reply_refusal(r, r->refused);
	r->conn->got = 0;
	server_state(r->conn, has_body ? CONN_BODY : CONN_WAIT);
	return MHD_YES;
}

static void
refuse(struct request *r, int status)
{
	r->refused = status;
	drop_body(r);
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

enum MHD_Result
request_body(struct request *r, const char *data, size_t len)
{
	struct server *s = r->server;

	r->conn->got += len;
	if (r->refused == 0 && r->conn->got > r->limit.max)
		refuse(r, 413);
	if (r->refused == 0 && !r->limit.to_file && s->bodies + len > s->limits.bodies)
		refuse(r, 503);
	if (r->refused != 0)
		return r->conn->got > DRAIN_MAX ? MHD_NO : MHD_YES;
	if (r->limit.to_file) {
		if (write_all(r->in.body_fd, data, len) < 0) {
			log_error("upload_file", "error=\"%s\"", g_strerror(errno));
			refuse(r, no_file());
		}
		return MHD_YES;
	}
	if (r->body == NULL)
		r->body = g_string_sized_new(MIN((size_t)r->head.length, 16384) + 1);
	g_string_append_len(r->body, data, (gssize)len);
	s->bodies += len;
	return MHD_YES;
}

enum MHD_Result
request_whole(struct request *r)
{
	struct server *s = r->server;
	uint64_t start = uv_hrtime();

	if (r->refused != 0)
		return reply_refusal(r, r->refused);
	server_state(r->conn, CONN_WAIT);
	r->in.path = r->path;
	r->in.raw_path = r->raw_path;
	r->in.query = r->query;
	if (r->body != NULL) {
		r->in.body = r->body->str;
		r->in.body_len = r->body->len;
	}
	if (r->in.body_fd >= 0) {
		lseek(r->in.body_fd, 0, SEEK_SET);
		r->in.body_len = r->conn->got;
	}
	find_client(r);
	r->handed = r->handling = true;
	s->busy++;
	s->handler(s->arg, &r->in);
	r->handling = false;
	loop_measure(s->loop, "request", start);
	if (r->response != NULL)
		return reply_queue(r);
	MHD_suspend_connection(r->conn->mhd);
	r->suspended = true;
	return MHD_YES;
}
