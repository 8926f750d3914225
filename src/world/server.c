/* server.c - libmicrohttpd in the loop: started, run, told of by callbacks, ended.
 *
 * Connections come from conns.c; the library's epoll set is watched by one uv_poll. That
 * set is edge-triggered and a resumed connection shows nowhere, so the library runs again
 * while it says it has something to do, and once after every resume. */
#include <string.h>
#include <unistd.h>

#include "server_impl.h"

#include "base/check.h"
#include "listen.h"

#define POOL 32768       /* the library's memory a connection: head and read buffer */
#define RUNS_MAX 128     /* a turn */
#define FRUITLESS_MAX 16 /* a turn */
#define FRUITLESS_WAIT 5

void
server_limits_default(struct server_limits *l)
{
	*l = (struct server_limits){ .request_line = 8192,
		.headers = 16384,
		.header_count = 64,
		.header_time = 10 * MS_SECOND,
		.body_time = 60 * MS_SECOND,
		.body_rate = 1024,
		.keep_alive = 30 * MS_SECOND,
		.write_time = 30 * MS_SECOND,
		.requests = 1000,
		.connections = 1024,
		.per_ip = 64,
		.bodies = (size_t)128 << 20 };
}

void
server_state(struct conn *c, enum conn_state state)
{
	c->state = state;
	c->since = loop_boot();
}

void
server_kick(struct server *s)
{
	s->kicked = true;
}

/* ---- running the library ---- */

static void run(struct server *s);

static void
on_again(uv_timer_t *t)
{
	run(t->data);
}

/* The library spins when a chunk's head does not fit its buffer: it then wants to run
 * for ever and gets nowhere, so runs without progress are rationed until the body's
 * time is up. */
static void
run(struct server *s)
{
	int runs = 0;
	MHD_UNSIGNED_LONG_LONG wait = 0;
	bool more;

	if (s->running)
		return;
	s->running = true;
	s->kicked = false;
	do {
		uint64_t before = s->progress;

		MHD_run(s->mhd);
		s->fruitless = s->progress == before ? s->fruitless + 1 : 0;
		more = MHD_get_timeout(s->mhd, &wait) == MHD_YES;
	} while (more && wait == 0 && ++runs < RUNS_MAX && s->fruitless < FRUITLESS_MAX);
	s->running = false;
	if (!more) {
		s->fruitless = 0;
		uv_timer_stop(&s->again);
		return;
	}
	if (wait == 0 && s->fruitless >= FRUITLESS_MAX) {
		s->fruitless = FRUITLESS_MAX - 1;
		wait = FRUITLESS_WAIT;
	}
	uv_timer_start(&s->again, on_again, (uint64_t)wait, 0);
}

static void
on_events(uv_poll_t *p, int status, int events)
{
	(void)status;
	(void)events;
	run(p->data);
}

/* Runs before the loop waits: replies given since the last turn go out together. */
static void
on_kick(uv_prepare_t *p)
{
	struct server *s = p->data;

	if (s->kicked)
		run(s);
}

/* ---- what the library calls ---- */

static struct conn *
conn_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
	    ->socket_context;
}

static void *
on_target(void *arg, const char *target, struct MHD_Connection *mhd)
{
	struct server *s = arg;
	struct conn *c = conn_of(mhd);

	s->progress++;
	if (c->state != CONN_HEAD)
		server_state(c, CONN_HEAD);
	c->request = request_new(c, target != NULL ? target : "");
	return c->request;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **context)
{
	struct server *s = arg;
	struct request *r = *context;
	size_t n = *len;

	(void)mhd;
	(void)url; /* the target came whole to on_target() */
	s->progress++;
	if (!r->begun)
		return request_begin(r, method, version);
	if (n > 0) {
		*len = 0;
		return request_body(r, data, n);
	}
	if (!r->handed)
		return request_whole(r);
	return r->response != NULL ? reply_queue(r) : MHD_YES;
}

static void
on_completed(void *arg, struct MHD_Connection *mhd, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct server *s = arg;
	struct request *r = *context;

	(void)code;
	s->progress++;
	if (r == NULL)
		return;
	*context = NULL;
	conn_of(mhd)->request = NULL;
	server_state(conn_of(mhd), CONN_IDLE);
	request_gone(r);
}

static void
on_connection(void *arg, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct server *s = arg;

	s->progress++;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*context = conns_add(s, mhd);
	else
		conns_remove(*context);
}

/* ---- start and end ---- */

static int
read_proxies(struct server *s, struct err *e)
{
	const char *const *p = s->limits.proxies;
	GArray *ranges = g_array_new(FALSE, FALSE, sizeof(struct address_range));

	for (; p != NULL && *p != NULL; p++) {
		struct address_range range;

		if (strcmp(*p, "unix") == 0) {
			s->unix_is_proxy = true;
		} else if (address_range_parse(*p, &range)) {
			g_array_append_val(ranges, range);
		} else {
			g_array_unref(ranges);
			return err_set(e, ERR_INPUT,
			    "\"%s\" is no proxy: write an address, a range like "
			    "10.0.0.0/8 "
			    "or unix",
			    *p);
		}
	}
	s->n_proxies = (int)ranges->len;
	s->proxies = (struct address_range *)(void *)g_array_free(ranges, FALSE);
	return 0;
}

static int
start_library(struct server *s, struct err *e)
{
	s->mhd = MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
	    NULL, on_request, s, MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
	    on_connection, s, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)s->limits.connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)POOL, MHD_OPTION_STRICT_FOR_CLIENT, 0,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	if (s->mhd == NULL)
		return err_set(e, ERR_IO, "cannot start the HTTP server");
	return 0;
}

static void
init_handles(struct server *s)
{
	uv_loop_t *uv = &s->loop->uv;
	int epoll = MHD_get_daemon_info(s->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

	CHECK(uv_poll_init(uv, &s->events, epoll) == 0);
	CHECK(uv_prepare_init(uv, &s->kick) == 0);
	CHECK(uv_timer_init(uv, &s->again) == 0);
	s->events.data = s->kick.data = s->again.data = s;
	uv_poll_start(&s->events, UV_READABLE, on_events);
	uv_prepare_start(&s->kick, on_kick);
	conns_start(s);
}

static void
free_parts(struct server *s)
{
	if (s->mhd != NULL)
		MHD_stop_daemon(s->mhd);
	if (s->listen_fd >= 0)
		close(s->listen_fd);
	if (s->unix_path != NULL)
		unlink(s->unix_path);
	g_free(s->unix_path);
	g_free(s->proxies);
	g_free(s);
}

struct server *
server_new(struct world *w, const char *address, const struct server_limits *limits,
    void (*handler)(void *arg, struct http_in *in), void *arg, struct err *e)
{
	struct server *s = g_new0(struct server, 1);

	s->loop = loop_of(w);
	s->limits = *limits;
	s->handler = handler;
	s->arg = arg;
	s->listen_fd = -1;
	if (read_proxies(s, e) == 0)
		s->listen_fd = listen_open(address, &s->port, e);
	if (s->listen_fd >= 0 && g_str_has_prefix(address, "unix:"))
		s->unix_path = g_strdup(address + 5);
	if (s->listen_fd < 0 || start_library(s, e) < 0) {
		free_parts(s);
		return NULL;
	}
	init_handles(s);
	return s;
}

int
server_port(const struct server *s)
{
	return s->port;
}

void
server_quiesce(struct server *s)
{
	s->quiesced = true;
	conns_quiesce(s);
}

static void
on_closed(uv_handle_t *h)
{
	struct server *s = h->data;

	if (--s->open_handles == 0)
		g_free(s);
}

void
server_free(struct server *s)
{
	uv_handle_t *const handles[] = { (uv_handle_t *)&s->accept,
		(uv_handle_t *)&s->events, (uv_handle_t *)&s->kick,
		(uv_handle_t *)&s->again, (uv_handle_t *)&s->sweep };

	CHECK(!s->running); /* not from a handler */
	s->quiesced = s->stopping = true;
	linger_end(s, MS_NEVER);
	for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
		s->open_handles++;
		uv_close(handles[i], on_closed);
	}
	/* The library may not be stopped while connections are suspended. */
	for (struct conn *c = s->conns; c != NULL; c = c->next) {
		if (c->request != NULL && c->request->suspended)
			MHD_resume_connection(c->mhd);
		if (c->request != NULL)
			c->request->server = NULL;
	}
	MHD_stop_daemon(s->mhd);
	close(s->listen_fd);
	if (s->unix_path != NULL)
		unlink(s->unix_path);
	g_free(s->unix_path);
	g_free(s->proxies);
}
