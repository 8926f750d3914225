/* http.h - one request as the web layer sees it, and the four ways to answer it.
 *
 * The server of world/server.h makes these from bytes, the simulator makes them
 * itself. Request and strings are the maker's and live until reply() or end()
 * has returned; exactly one of "reply" or "stream, write…, end" answers it, at
 * once or later, on the loop thread. Answering a client who left is fine. All
 * strings are "" when there is nothing. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

struct http_field {
	const char *name, *value;
};

struct http_in {
	const char *method;
	const char *path;     /* decoded once: no "//", "..", "\", NUL; valid UTF-8 */
	const char *raw_path; /* as it came, without the query */
	const char *query;    /* after the "?", still encoded */
	const struct http_field *fields;
	int n_fields;
	const char *body; /* NUL-terminated */
	size_t body_len;
	int body_fd; /* a streamed body: an unlinked file, to be read from 0; else -1 */
	const char *peer;   /* "203.0.113.7", "2001:db8::1" or "unix" */
	const char *client; /* the peer, or whom a configured proxy names */
	bool tls;           /* a configured proxy says the client spoke TLS */
	bool has_uid;       /* a process of this machine, on a Unix socket of ours */
	unsigned uid;       /* its user, as the kernel says */
	void *arg;          /* the web layer's own */

	/* headers: "Name: value", NULL-terminated, or NULL. type "": no Content-Type.
	 * The body is copied. */
	void (*reply)(struct http_in *in, int status, const char *type,
	    const char *const *headers, const char *body, size_t len);
	/* A reply in pieces. write() takes all or nothing: 0 taken, 1 not now (256 KiB
	 * wait; writable() says when to go on), -1 the client has left. */
	void (*stream)(
	    struct http_in *in, int status, const char *type, const char *const *headers);
	int (*write)(struct http_in *in, const char *data, size_t len);
	void (*end)(struct http_in *in);
	void (*writable)(struct http_in *in); /* set by the web layer; may be NULL */
};

/* The first field of that name, "" when there is none. */
static inline const char *
http_in_field(const struct http_in *in, const char *name)
{
	for (int i = 0; i < in->n_fields; i++)
		if (strcasecmp(in->fields[i].name, name) == 0)
			return in->fields[i].value;
	return "";
}

#endif
