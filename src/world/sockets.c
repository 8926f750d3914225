/* sockets.c - libcurl's sockets and timer on the libuv loop.
 *
 * A connection that waits in libcurl's cache keeps its place in epoll: most
 * requests then need no epoll_ctl at all. If it becomes readable while nobody
 * wants it (the other side closed), it is taken out. Descriptors libcurl made
 * by itself (its resolver's) are given up as soon as it says so. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls_impl.h"

#include "address.h"
#include "base/check.h"

struct sock {
	uv_poll_t poll;
	struct calls *calls;
	int fd;
	int want;  /* what libcurl waits for */
	int armed; /* what libuv looks for */
	bool ours; /* opened by sockets_open() */
};

static void
on_event(uv_poll_t *p, int status, int events)
{
	struct sock *s = p->data;
	struct calls *c = s->calls;
	uint64_t start = uv_hrtime();
	int flags = 0, running;

	if (s->want == 0) {
		uv_poll_stop(p);
		s->armed = 0;
		return;
	}
	flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	flags |= status < 0 ? CURL_CSELECT_ERR : 0;
	curl_multi_socket_action(c->multi, s->fd, flags, &running);
	calls_collect(c);
	loop_measure(c->loop, "http_socket", start);
}

static void
on_closed(uv_handle_t *h)
{
	g_free(h->data);
}

static void
drop(struct sock *s)
{
	s->calls->socks[s->fd] = NULL;
	uv_close((uv_handle_t *)&s->poll, on_closed);
}

static struct sock *
sock_new(struct calls *c, int fd, bool ours)
{
	struct sock *s = g_new0(struct sock, 1);

	if ((size_t)fd >= c->n_socks) {
		size_t n = MAX((size_t)fd + 1, 2 * c->n_socks);

		c->socks = g_renew(struct sock *, c->socks, n);
		memset(c->socks + c->n_socks, 0, (n - c->n_socks) * sizeof *c->socks);
		c->n_socks = n;
	}
	CHECK(c->socks[fd] == NULL);
	CHECK(uv_poll_init(&c->loop->uv, &s->poll, fd) == 0);
	s->poll.data = s;
	s->calls = c;
	s->fd = fd;
	s->ours = ours;
	c->socks[fd] = s;
	return s;
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *per_socket)
{
	struct calls *c = arg;
	struct sock *s = (size_t)fd < c->n_socks ? c->socks[fd] : NULL;

	(void)easy;
	(void)per_socket;
	if (what == CURL_POLL_REMOVE) {
		if (s != NULL && !s->ours)
			drop(s);
		else if (s != NULL)
			s->want = 0;
		return 0;
	}
	if (s == NULL)
		s = sock_new(c, fd, false);
	s->want = (what & CURL_POLL_IN ? UV_READABLE : 0) |
		  (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	if (s->want != s->armed && s->want != 0) {
		s->armed = s->want;
		CHECK(uv_poll_start(&s->poll, s->armed, on_event) == 0);
	}
	return 0;
}

curl_socket_t
sockets_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct slot *slot = arg;
	int fd;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!slot->internal && address_private(&address->addr)) {
		slot->private_address = true;
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	sock_new(slot->calls, fd, true);
	return fd;
}

int
sockets_close(void *arg, curl_socket_t fd)
{
	struct calls *c = arg;

	if (c->socks[fd] != NULL)
		drop(c->socks[fd]);
	return close(fd);
}

static void
on_timer(uv_timer_t *t)
{
	struct calls *c = t->data;
	uint64_t start = uv_hrtime();
	int running;

	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	calls_collect(c);
	loop_measure(c->loop, "http_timer", start);
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct calls *c = arg;

	(void)multi;
	if (ms < 0)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

void
sockets_init(struct calls *c)
{
	CHECK(uv_timer_init(&c->loop->uv, &c->timer) == 0);
	c->timer.data = c;
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
}

void
sockets_fini(struct calls *c)
{
	for (size_t i = 0; i < c->n_socks; i++)
		if (c->socks[i] != NULL)
			drop(c->socks[i]);
	g_free(c->socks);
	uv_close((uv_handle_t *)&c->timer, NULL);
}
