/* linger.c - closing without losing the last answer.
 *
 * Closing a socket that still has unread bytes makes the kernel send a reset and
 * throw away what was not yet delivered. So the sending side is shut and the rest
 * is read and dropped for a moment, before the real close. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "server_impl.h"

#include "base/check.h"

#define LINGER_TIME (2 * MS_SECOND)
#define LINGER_BYTES ((size_t)4 << 20)
#define LINGER_MAX 64

struct linger_socket {
	uv_poll_t poll;
	struct server *server;
	struct linger_socket *prev, *next;
	int fd;
	ms_t until;
	size_t left;
};

static void
on_closed(uv_handle_t *h)
{
	g_free(h->data);
}

static void
finish(struct linger_socket *g)
{
	struct server *s = g->server;

	if (g->prev != NULL)
		g->prev->next = g->next;
	else
		s->lingering = g->next;
	if (g->next != NULL)
		g->next->prev = g->prev;
	s->n_lingering--;
	uv_close((uv_handle_t *)&g->poll, on_closed);
	close(g->fd);
}

static void
on_readable(uv_poll_t *p, int status, int events)
{
	struct linger_socket *g = p->data;
	char buf[16384];
	ssize_t n = read(g->fd, buf, sizeof buf);

	(void)status;
	(void)events;
	if (n <= 0 || (size_t)n >= g->left)
		finish(g);
	else
		g->left -= (size_t)n;
}

void
linger_start(struct conn *c)
{
	struct server *s = c->server;
	struct linger_socket *g;
	int unread = 0, fd;

	ioctl(c->fd, FIONREAD, &unread);
	if (c->cut || s->stopping || (unread == 0 && !c->lingers) ||
	    s->n_lingering >= LINGER_MAX)
		return;
	fd = dup(c->fd); /* the library closes its own */
	if (fd < 0)
		return;
	shutdown(fd, SHUT_WR);
	g = g_new0(struct linger_socket, 1);
	g->server = s;
	g->fd = fd;
	g->until = loop_boot() + LINGER_TIME;
	g->left = LINGER_BYTES;
	g->next = s->lingering;
	if (g->next != NULL)
		g->next->prev = g;
	s->lingering = g;
	s->n_lingering++;
	CHECK(uv_poll_init(&s->loop->uv, &g->poll, fd) == 0);
	g->poll.data = g;
	CHECK(uv_poll_start(&g->poll, UV_READABLE, on_readable) == 0);
}

void
linger_end(struct server *s, ms_t now)
{
	for (struct linger_socket *g = s->lingering, *next; g != NULL; g = next) {
		next = g->next;
		if (now >= g->until)
			finish(g);
	}
}
