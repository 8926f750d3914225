/* server.h - an HTTP/1.1 listener in the loop: whole requests in, replies later.
 *
 * A request is read, checked against the limits and only then handed over; what
 * breaks a limit or the protocol is answered here. TLS is the proxy's in front.
 * Loop thread only; sizes in bytes, times in ms on the boot clock. */
#ifndef WORLD_SERVER_H
#define WORLD_SERVER_H

#include "base/world.h"
#include "web/http.h"

struct server;

/* What a path takes: more than max is 413; to_file: the body goes to a file. */
struct server_body {
	size_t max;
	bool to_file;
};

struct server_limits {
	size_t request_line, headers; /* 414, 431 */
	int header_count;             /* 431 */
	ms_t header_time;             /* whole head, from the connection's start */
	ms_t body_time;               /* then a body must come at body_rate a second */
	size_t body_rate;
	ms_t keep_alive, write_time;
	int requests;            /* a connection, then it is closed */
	int connections, per_ip; /* an IPv6 /64 counts as one; proxies are exempt */
	size_t bodies;           /* held in memory in all; beyond: 503 */
	const char *const
	    *proxies;         /* "127.0.0.1", "10.0.0.0/8", "::1", "unix"; NULL: none */
	const char *temp_dir; /* for bodies that go to a file */
	/* Of a request by its method and decoded path; NULL: 1 MiB, in memory. */
	struct server_body (*body)(void *arg, const char *method, const char *path);
};
void server_limits_default(struct server_limits *l);

/* address: "127.0.0.1:8080", "[::1]:8080", "unix:/run/x.sock", or "systemd:NAME" for
 * the socket of that name the service manager opened. Port 0: any. Limits are
 * copied; its strings are borrowed for the server's life. */
struct server *
server_new(struct world *w, const char *address, const struct server_limits *limits,
    void (*handler)(void *arg, struct http_in *in), void *arg, struct err *e);
int server_port(const struct server *s); /* 0: not a TCP socket */
/* Takes no further connections; requests under way go on and are told to close. */
void server_quiesce(struct server *s);
/* Cuts what is open. Requests still unanswered may be answered afterwards. */
void server_free(struct server *s);

#endif
