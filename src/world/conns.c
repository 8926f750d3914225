/* conns.c - the server's connections: accepted, counted, and cut when they are late.
 *
 * We accept and time them ourselves: the library knows only one time-out, and
 * none while it waits for us. */
#include <errno.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "server_impl.h"

#include "base/check.h"
#include "base/log.h"

#define ACCEPT_MAX 64 /* a turn */

struct conn *
conns_add(struct server *s, struct MHD_Connection *mhd)
{
	struct conn *c = s->arriving;

	s->arriving = NULL;
	c->mhd = mhd;
	c->next = s->conns;
	if (c->next != NULL)
		c->next->prev = c;
	s->conns = c;
	s->n_conns++;
	return c;
}

static void start_accepting(struct server *s);

void
conns_remove(struct conn *c)
{
	struct server *s = c->server;

	linger_start(c);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->conns = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	s->n_conns--;
	g_free(c);
	start_accepting(s);
}

/* Whether both are one client: the same IPv4 address, or the same IPv6 /64. */
static bool
same_client(const struct address *a, const struct address *b)
{
	static const uint8_t v4[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(a->bytes, b->bytes,
		   memcmp(a->bytes, v4, sizeof v4) == 0 ? 16 : 8) == 0;
}

static bool
too_many(const struct server *s, const struct conn *c)
{
	int n = 0;

	if (c->is_unix || c->is_proxy)
		return false;
	for (const struct conn *o = s->conns; o != NULL; o = o->next)
		n += !o->is_unix && same_client(&o->address, &c->address);
	return n >= s->limits.per_ip;
}

/* Who connected, as of then: what he hands the socket to speaks in his name. */
static void
note_user(struct conn *c)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	g_strlcpy(c->peer, "unix", sizeof c->peer);
	if (c->is_proxy ||
	    getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0 ||
	    cred.uid == (uid_t)-1)
		return;
	c->has_uid = true;
	c->uid = cred.uid;
}

static struct conn *
conn_new(struct server *s, int fd, const struct sockaddr *sa)
{
	struct conn *c = g_new0(struct conn, 1);

	c->server = s;
	c->fd = fd;
	c->is_unix = !address_of(sa, &c->address);
	c->is_proxy = c->is_unix && s->unix_is_proxy;
	for (int i = 0; !c->is_unix && i < s->n_proxies; i++)
		c->is_proxy = c->is_proxy || address_in(&c->address, &s->proxies[i]);
	if (c->is_unix)
		note_user(c);
	else
		address_text(&c->address, c->peer);
	server_state(c, CONN_HEAD);
	return c;
}

/* false: no more for now. */
static bool
accept_one(struct server *s)
{
	struct sockaddr_storage name;
	struct sockaddr *sa = (struct sockaddr *)&name;
	socklen_t len = sizeof name;
	int fd = accept4(s->listen_fd, sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct conn *c;

	if (fd < 0 &&
	    (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
		log_warn("accept_paused", "error=\"%s\"", g_strerror(errno));
		uv_poll_stop(&s->accept); /* the sweep starts it again */
		s->accepting = false;
	}
	if (fd < 0)
		return errno == ECONNABORTED || errno == EINTR;
	c = conn_new(s, fd, sa);
	if (too_many(s, c)) {
		close(fd);
		g_free(c);
		return true;
	}
	s->arriving = c;
	if (MHD_add_connection(s->mhd, fd, sa, len) != MHD_YES && s->arriving != NULL)
		g_free(c); /* the library has closed it */
	s->arriving = NULL;
	return true;
}

static void
on_accept(uv_poll_t *p, int status, int events)
{
	struct server *s = p->data;

	(void)status;
	(void)events;
	for (int i = 0; i < ACCEPT_MAX; i++) {
		if (s->n_conns >= s->limits.connections) {
			uv_poll_stop(&s->accept);
			s->accepting = false;
			break;
		}
		if (!accept_one(s))
			break;
	}
	server_kick(s);
}

static void
start_accepting(struct server *s)
{
	if (s->accepting || s->quiesced || s->n_conns >= s->limits.connections)
		return;
	s->accepting = true;
	CHECK(uv_poll_start(&s->accept, UV_READABLE, on_accept) == 0);
}

static bool
is_late(const struct conn *c, ms_t now)
{
	const struct server_limits *l = &c->server->limits;
	ms_t passed = now - c->since;

	switch (c->state) {
	case CONN_IDLE:
		return passed >= l->keep_alive;
	case CONN_HEAD:
		return passed >= l->header_time;
	case CONN_BODY:
		return passed >= l->body_time &&
		       c->got < (size_t)passed * l->body_rate / 1000;
	case CONN_WRITE:
		return passed >= l->write_time;
	case CONN_WAIT:
		break;
	}
	return false;
}

/* The shutdown wakes the library; the time-out ends even what it does not look at. */
static void
cut(struct conn *c)
{
	c->cut = true;
	shutdown(c->fd, SHUT_RDWR);
	MHD_set_connection_option(c->mhd, MHD_CONNECTION_OPTION_TIMEOUT, 1U);
	server_kick(c->server);
}

static void
on_sweep(uv_timer_t *t)
{
	struct server *s = t->data;
	ms_t now = loop_boot();

	for (struct conn *c = s->conns; c != NULL; c = c->next)
		if (!c->cut && is_late(c, now))
			cut(c);
	linger_end(s, now);
	start_accepting(s);
}

void
conns_start(struct server *s)
{
	const struct server_limits *l = &s->limits;
	ms_t least =
	    MIN(MIN(l->header_time, l->body_time), MIN(l->keep_alive, l->write_time));
	uint64_t every = (uint64_t)CLAMP(least / 8, 10, MS_SECOND);

	CHECK(uv_poll_init(&s->loop->uv, &s->accept, s->listen_fd) == 0);
	CHECK(uv_timer_init(&s->loop->uv, &s->sweep) == 0);
	s->accept.data = s->sweep.data = s;
	uv_timer_start(&s->sweep, on_sweep, every, every);
	start_accepting(s);
}

void
conns_quiesce(struct server *s)
{
	if (s->accepting)
		uv_poll_stop(&s->accept);
	s->accepting = false;
	for (struct conn *c = s->conns; c != NULL; c = c->next)
		if (c->state == CONN_IDLE && !c->cut)
			cut(c);
}
