/* bench_http.c - a load generator of plain sockets, and libcurl by itself as the floor.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <curl/curl.h>

#include "bench.h"

#define PER_CONNECTION 900 /* requests; the server ends one after 1,000 */
#define ANSWER_MAX 4096

struct line {
	int fd, sent;
	GString *request;
	char answer[ANSWER_MAX];
	size_t got;
};

struct load {
	int port, epoll;
	int64_t next, n, done;
	void (*make)(void *arg, int64_t i, GString *out);
	void *arg;
};

static void
join(struct load *l, struct line *c)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)l->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->sent = 0;
	if (connect(c->fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		bench_die("connect to the daemon");
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev);
}

/* false: there is nothing left to ask. */
static bool
ask(struct load *l, struct line *c)
{
	if (l->next == l->n)
		return false;
	if (c->sent == PER_CONNECTION) {
		close(c->fd);
		join(l, c);
	}
	g_string_truncate(c->request, 0);
	l->make(l->arg, l->next++, c->request);
	c->sent++;
	c->got = 0;
	/* a request fits the socket's buffer */
	if (write(c->fd, c->request->str, c->request->len) != (ssize_t)c->request->len)
		bench_die("write to the daemon");
	return true;
}

/* true: the answer is whole. */
static bool
hear(struct line *c)
{
	ssize_t n = read(c->fd, c->answer + c->got, sizeof(c->answer) - c->got - 1);
	const char *body, *length;

	if (n <= 0) {
		if (n < 0 && errno == EAGAIN)
			return false;
		bench_die("the daemon closed a connection");
	}
	c->got += (size_t)n;
	c->answer[c->got] = '\0';
	body = strstr(c->answer, "\r\n\r\n");
	if (body == NULL)
		return false;
	length = strcasestr(c->answer, "\r\ncontent-length:");
	if (strncmp(c->answer, "HTTP/1.1 200", 12) != 0 || length == NULL) {
		fprintf(stderr, "%s\n", c->answer);
		bench_die("the daemon refused a request");
	}
	return c->got >= (size_t)(body + 4 - c->answer) + strtoul(length + 17, NULL, 10);
}

void
bench_load(int port, int connections, int64_t n,
    void (*make)(void *arg, int64_t i, GString *out), void *arg)
{
	struct load l = { .port = port,
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.n = n,
		.make = make,
		.arg = arg };
	struct line *lines = g_new0(struct line, (gsize)connections);
	struct epoll_event ev[64];

	for (int i = 0; i < connections; i++) {
		lines[i].request = g_string_sized_new(1024);
		join(&l, &lines[i]);
		ask(&l, &lines[i]);
	}
	while (l.done < n) {
		int k = epoll_wait(l.epoll, ev, (int)G_N_ELEMENTS(ev), 10000);

		if (k <= 0)
			bench_die("the daemon does not answer");
		for (int i = 0; i < k; i++)
			if (hear(ev[i].data.ptr)) {
				l.done++;
				ask(&l, ev[i].data.ptr);
			}
	}
	for (int i = 0; i < connections; i++) {
		close(lines[i].fd);
		g_string_free(lines[i].request, TRUE);
	}
	close(l.epoll);
	g_free(lines);
}

/* ---- libcurl by itself ---- */

static size_t
swallow(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

static void
floor_child(int port, int connections, int64_t n, size_t size)
{
	CURLM *multi = curl_multi_init();
	struct curl_slist *headers =
	    curl_slist_append(NULL, "Content-Type: application/json");
	char url[64], *body = g_malloc0(size + 128);
	int64_t begun = 0, done = 0;
	int left, running;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/send", port);
	snprintf(body, size + 128,
	    "{\"to\":\"+8615400000000\",\"ref\":\"floor\",\"text\":\"%0*d\"}", (int)size,
	    0);
	while (done < n) {
		for (; begun < n && begun - done < connections && begun < connections;
		     begun++) {
			CURL *h = curl_easy_init();

			curl_easy_setopt(h, CURLOPT_URL, url);
			curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
			curl_easy_setopt(h, CURLOPT_POSTFIELDS, body);
			curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, swallow);
			curl_easy_setopt(h, CURLOPT_PROXY, "");
			curl_multi_add_handle(multi, h);
		}
		curl_multi_perform(multi, &running);
		for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) != NULL;) {
			CURL *h = m->easy_handle;

			if (m->data.result != CURLE_OK)
				_exit(1);
			done++;
			curl_multi_remove_handle(multi, h);
			if (begun < n) {
				begun++;
				curl_multi_add_handle(multi, h);
			}
		}
		curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	_exit(0);
}

double
bench_curl_floor(int port, int connections, int64_t n, size_t body)
{
	int64_t start = bench_now(), cpu;
	struct rusage u;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		floor_child(port, connections, n, body);
	if (wait4(pid, &status, 0, &u) < 0 || status != 0)
		bench_die("libcurl by itself failed");
	cpu = (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	      u.ru_utime.tv_usec + u.ru_stime.tv_usec;
	bench_line(
	    "libcurl", n, cpu, bench_now() - start, "libcurl", (double)cpu / (double)n);
	return (double)cpu / (double)n;
}
