/* server_impl.h - the listener's inside: server.c (the library in the loop), conns.c
 * (its connections), request.c (a request on its way in), reply.c (its answer). */
#ifndef SERVER_IMPL_H
#define SERVER_IMPL_H

#include <glib.h>
#include <microhttpd.h>

#include "address.h"
#include "head.h"
#include "loop_impl.h"
#include "world/server.h"

/*
 *            head whole, a body follows
 *  CONN_HEAD ---------------------------> CONN_BODY
 *   ^  |                                     | body whole
 *   |  | no body                             v
 *   |  +-------------------------------> CONN_WAIT --- reply ---> CONN_WRITE
 *   | request line                                                   |
 *  CONN_IDLE <--------------------- sent ----------------------------+
 */
enum conn_state { CONN_IDLE, CONN_HEAD, CONN_BODY, CONN_WAIT, CONN_WRITE };

struct conn {
	struct conn *prev, *next;
	struct server *server;
	struct MHD_Connection *mhd;
	int fd;
	struct address address;
	char peer[ADDRESS_TEXT];
	bool is_unix, is_proxy;
	bool has_uid; /* the kernel knows whose process it is */
	unsigned uid;
	bool cut;     /* we ended it */
	bool lingers; /* the client may still be sending when it is closed */
	enum conn_state state;
	ms_t since; /* boot: entered the state, or last got on with writing */
	size_t got; /* bytes of this body */
	int requests;
	struct request *request;
};

struct server {
	struct loop *loop;
	struct server_limits limits;
	struct address_range *proxies;
	int n_proxies;
	bool unix_is_proxy;
	void (*handler)(void *arg, struct http_in *in);
	void *arg;

	struct MHD_Daemon *mhd;
	int listen_fd, port;
	char *unix_path;
	uv_poll_t accept, events;
	uv_prepare_t kick;
	uv_timer_t again, sweep;
	int open_handles;
	bool accepting, quiesced, stopping, kicked, running;

	struct conn *conns, *arriving;
	struct linger_socket *lingering;
	int n_conns, n_lingering, busy;
	size_t bodies;     /* bytes of bodies in memory */
	uint64_t progress; /* counts what the library told us */
	int fruitless;     /* runs in a row in which it told us nothing */
};

struct request {
	struct http_in in;     /* first: a struct http_in * is a struct request * */
	struct server *server; /* NULL: freed before the answer */
	struct conn *conn;     /* NULL: the client left */
	struct head head;
	GArray *fields; /* struct http_field, both strings owned */
	char *method, *target, *path, *raw_path, *query;
	char peer[ADDRESS_TEXT], client[ADDRESS_TEXT];
	struct server_body limit;
	GString *body;
	int refused;    /* status to answer once the body is drained */
	bool begun;     /* its head was judged */
	bool handed;    /* the handler has it */
	bool handling;  /* inside the handler */
	bool released;  /* reply() or end() was called */
	bool suspended; /* the library waits for us */
	struct MHD_Response *response;
	int status;
	GString *out; /* what reply.c has yet to give the library */
	size_t out_sent;
	bool ended, want_writable;
};

/* server.c */
void server_kick(struct server *s);
void server_state(struct conn *c, enum conn_state state);

/* conns.c */
void conns_start(struct server *s);
struct conn *conns_add(struct server *s, struct MHD_Connection *mhd);
void conns_remove(struct conn *c);
void conns_quiesce(struct server *s);

/* linger.c */
void linger_start(struct conn *c); /* if it has to; before the library closes it */
void linger_end(struct server *s, ms_t now); /* of those whose time is up */

/* request.c */
struct request *request_new(struct conn *c, const char *target);
enum MHD_Result request_begin(struct request *r, const char *method, const char *version);
enum MHD_Result request_body(struct request *r, const char *data, size_t len);
enum MHD_Result request_whole(struct request *r);
void request_gone(struct request *r); /* the library is done with it */
void request_free(struct request *r);

/* reply.c */
void reply_methods(struct http_in *in);
enum MHD_Result reply_refusal(struct request *r, int status);
enum MHD_Result reply_queue(struct request *r);

#endif
