/* sandbox_post.c - libcurl's multi interface on libuv, and patience. */
#include "sandbox_post.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <glib.h>

#define AT_ONCE 32
#define TRIES 20
#define FIRST_PAUSE 200 /* ms, doubled each time */
#define LONGEST_PAUSE 8000
#define TIMEOUT 15000L

struct call {
	struct errand what;
	struct sandbox_post *post;
	struct call *next;
	CURL *easy;
	struct curl_slist *headers;
	int tries;
	uint64_t again_at; /* uv time, while it pauses */
};

struct sandbox_post {
	uv_loop_t *loop;
	uv_timer_t timer, pause, kick; /* libcurl's; to try again; to begin */
	CURLM *multi;
	GQueue waiting;   /* struct call * */
	GQueue pausing;   /* by again_at */
	GQueue idle;      /* CURL * to use again */
	GHashTable *open; /* struct call * at libcurl */
	struct sandbox_post_counts counts;
	bool closed;
};

struct poll {
	uv_poll_t handle;
	struct sandbox_post *post;
	curl_socket_t fd;
};

static void start_waiting(struct sandbox_post *p);

static void
free_call(struct call *c)
{
	curl_slist_free_all(c->headers);
	g_free(c->what.url);
	g_free(c->what.body);
	g_free(c->what.key);
	g_free(c->what.own_type);
	g_strfreev(c->what.headers);
	g_free(c);
}

/* An answer's body is of no interest to people. */
static size_t
swallow(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

static void
add_header(struct call *c, const char *name, const char *value)
{
	char *line = g_strdup_printf("%s: %s", name, value);
	c->headers = curl_slist_append(c->headers, line);
	g_free(line);
}

static void
set_headers(struct call *c)
{
	add_header(c, "User-Agent", c->what.agent);
	c->headers = curl_slist_append(c->headers, "Expect:");
	if (c->what.body != NULL)
		add_header(c, "Content-Type",
		    c->what.own_type != NULL ? c->what.own_type : c->what.type);
	for (char **h = c->what.headers; h != NULL && *h != NULL; h++)
		c->headers = curl_slist_append(c->headers, *h);
	if (c->what.key != NULL)
		add_header(c, "Idempotency-Key", c->what.key);
	if (c->what.bearer != NULL) {
		char *value = g_strdup_printf("Bearer %s", c->what.bearer);
		add_header(c, "Authorization", value);
		g_free(value);
	}
}

static void
start(struct call *c)
{
	struct sandbox_post *p = c->post;
	CURL *h = g_queue_pop_tail(&p->idle);
	if (h == NULL)
		h = curl_easy_init();
	c->easy = h;
	curl_easy_setopt(h, CURLOPT_URL, c->what.url);
	curl_easy_setopt(h, CURLOPT_PRIVATE, c);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, TIMEOUT);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (strcmp(c->what.method, "HEAD") == 0)
		curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
	if (c->what.body != NULL) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)strlen(c->what.body));
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, c->what.body);
	}
	g_hash_table_add(p->open, c);
	curl_multi_add_handle(p->multi, h);
}

static void
start_waiting(struct sandbox_post *p)
{
	while (!p->closed && g_hash_table_size(p->open) < AT_ONCE &&
	       !g_queue_is_empty(&p->waiting))
		start(g_queue_pop_head(&p->waiting));
}

/* Pauses ---------------------------------------------------------------------- */

static void on_pause(uv_timer_t *t);

static void
arm_pause(struct sandbox_post *p)
{
	struct call *first = g_queue_peek_head(&p->pausing);
	uint64_t now = uv_now(p->loop);
	if (first != NULL)
		uv_timer_start(&p->pause, on_pause,
		    first->again_at > now ? first->again_at - now : 0, 0);
}

static void
on_pause(uv_timer_t *t)
{
	struct sandbox_post *p = t->data;
	for (struct call *c; (c = g_queue_peek_head(&p->pausing)) != NULL &&
			     c->again_at <= uv_now(p->loop);)
		g_queue_push_tail(&p->waiting, g_queue_pop_head(&p->pausing));
	start_waiting(p);
	arm_pause(p);
}

static gint
sooner(gconstpointer a, gconstpointer b, gpointer arg)
{
	(void)arg;
	const struct call *x = a, *y = b;
	return (x->again_at > y->again_at) - (x->again_at < y->again_at);
}

static void
pause_call(struct call *c)
{
	struct sandbox_post *p = c->post;
	uint64_t pause = (uint64_t)FIRST_PAUSE << (c->tries < 8 ? c->tries - 1 : 7);
	c->again_at = uv_now(p->loop) + (pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE);
	p->counts.retried++;
	g_queue_insert_sorted(&p->pausing, c, sooner, NULL);
	arm_pause(p);
}

/* Ends -------------------------------------------------------------------------- */

/* 4xx is an answer, and it will be the same next time. */
static bool
worth_another(const struct call *c, CURLcode rc, long status)
{
	if (!c->what.must_arrive || c->tries >= TRIES)
		return false;
	return rc != CURLE_OK || status >= 500 || status == 408 || status == 409 ||
	       status == 429;
}

static void
finish(struct call *c, CURLcode rc)
{
	struct sandbox_post *p = c->post;
	long status = 0;
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_multi_remove_handle(p->multi, c->easy);
	curl_easy_reset(c->easy);
	g_queue_push_tail(&p->idle, c->easy);
	g_hash_table_remove(p->open, c);
	c->tries++;
	if (worth_another(c, rc, status)) {
		pause_call(c);
		return;
	}
	if (rc == CURLE_OK && status < 400)
		p->counts.sent++;
	else
		p->counts.given_up++;
	p->counts.open--;
	if (c->what.done != NULL)
		c->what.done(c->what.arg);
	free_call(c);
}

static void
reap(struct sandbox_post *p)
{
	int left;
	for (CURLMsg *m; (m = curl_multi_info_read(p->multi, &left)) != NULL;) {
		struct call *c = NULL;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		finish(c, m->data.result);
	}
	start_waiting(p);
}

/* libcurl on the loop ----------------------------------------------------------- */

static void
on_ready(uv_poll_t *h, int status, int events)
{
	struct poll *w = h->data;
	struct sandbox_post *p = w->post;
	int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
		    (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) |
		    (status < 0 ? CURL_CSELECT_ERR : 0);
	int running;
	curl_multi_socket_action(p->multi, w->fd, flags, &running);
	reap(p);
}

static void
on_timer(uv_timer_t *t)
{
	struct sandbox_post *p = t->data;
	int running;
	curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	reap(p);
}

static void
on_kick(uv_timer_t *t)
{
	start_waiting(t->data);
}

static int
want_timer(CURLM *m, long ms, void *arg)
{
	(void)m;
	struct sandbox_post *p = arg;
	if (p->closed)
		return 0;
	if (ms < 0)
		uv_timer_stop(&p->timer);
	else
		uv_timer_start(&p->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static void
free_poll(uv_handle_t *h)
{
	g_free(h->data);
}

static int
want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	(void)easy;
	struct sandbox_post *p = arg;
	struct poll *w = known;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL)
			uv_close((uv_handle_t *)&w->handle, free_poll);
		curl_multi_assign(p->multi, fd, NULL);
		return 0;
	}
	if (w == NULL) {
		w = g_new0(struct poll, 1);
		w->post = p;
		w->fd = fd;
		w->handle.data = w;
		uv_poll_init_socket(p->loop, &w->handle, fd);
		curl_multi_assign(p->multi, fd, w);
	}
	int events = (what != CURL_POLL_OUT ? UV_READABLE : 0) |
		     (what != CURL_POLL_IN ? UV_WRITABLE : 0);
	uv_poll_start(&w->handle, events, on_ready);
	return 0;
}

struct sandbox_post *
sandbox_post_open(uv_loop_t *loop, struct err *e)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		err_set(e, ERR_IO, "libcurl does not start");
		return NULL;
	}
	struct sandbox_post *p = g_new0(struct sandbox_post, 1);
	p->loop = loop;
	p->timer.data = p;
	p->pause.data = p;
	p->kick.data = p;
	uv_timer_init(loop, &p->timer);
	uv_timer_init(loop, &p->pause);
	uv_timer_init(loop, &p->kick);
	p->open = g_hash_table_new(NULL, NULL);
	p->multi = curl_multi_init();
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
	return p;
}

void
sandbox_post_send(struct sandbox_post *p, const struct errand *what)
{
	struct call *c = g_new0(struct call, 1);
	c->what = *what;
	c->post = p;
	set_headers(c);
	p->counts.open++;
	g_queue_push_tail(&p->waiting, c);
	/* libcurl may finish at once: never from inside the caller. */
	if (!p->closed && !uv_is_active((uv_handle_t *)&p->kick))
		uv_timer_start(&p->kick, on_kick, 0, 0);
}

struct sandbox_post_counts
sandbox_post_counts(const struct sandbox_post *p)
{
	return p->counts;
}

void
sandbox_post_close(struct sandbox_post *p)
{
	GHashTableIter it;
	gpointer key;
	p->closed = true;
	g_hash_table_iter_init(&it, p->open);
	while (g_hash_table_iter_next(&it, &key, NULL)) {
		struct call *c = key;
		curl_multi_remove_handle(p->multi, c->easy);
		curl_easy_cleanup(c->easy);
		free_call(c);
	}
	g_hash_table_remove_all(p->open);
	g_queue_clear_full(&p->waiting, (GDestroyNotify)free_call);
	g_queue_clear_full(&p->pausing, (GDestroyNotify)free_call);
	g_queue_clear_full(&p->idle, (GDestroyNotify)curl_easy_cleanup);
	curl_multi_cleanup(p->multi);
	uv_close((uv_handle_t *)&p->timer, NULL);
	uv_close((uv_handle_t *)&p->pause, NULL);
	uv_close((uv_handle_t *)&p->kick, NULL);
}

void
sandbox_post_free(struct sandbox_post *p)
{
	g_hash_table_destroy(p->open);
	g_free(p);
	curl_global_cleanup();
}
