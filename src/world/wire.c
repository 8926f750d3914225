/* wire.c - libcurl's side of outgoing mail: connections, callbacks, what the server says. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mailer_impl.h"

#include "address.h"
#include "base/check.h"

#define CONNECT_TIMEOUT (5 * MS_SECOND) /* and TLS, EHLO and AUTH */
#define REPLY_SECONDS 60
#define DOT_SECONDS 600 /* RFC 5321, 4.5.3.2.6 */
#define LIFE_SECONDS 300
#define REPLY_MAX 1000

/* Callbacks of libcurl's, on the thread ------------------------------------------ */

static int
on_prereq(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct letter *t = ((struct wire *)arg)->letter;
	struct mailer *m = t->mailer;
	bool go;

	(void)to;
	(void)from;
	(void)to_port;
	(void)from_port;
	if (t->guarded) /* libcurl is about to do it all again */
		return CURL_PREREQFUNC_ABORT;
	t->guarded = true;
	mailer_lock(m);
	if (!m->stop && !t->cancelled) {
		t->verdict = VERDICT_ASKED;
		t->next_asking = m->asking;
		m->asking = t;
		uv_async_send(&m->wake);
	}
	while (t->verdict == VERDICT_ASKED)
		uv_cond_wait(&m->said, &m->lock);
	go = t->verdict == VERDICT_GO;
	mailer_unlock(m);
	return go ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static bool
is_reply(const char *line, size_t n)
{
	return n >= 4 && g_ascii_isdigit(line[0]) && g_ascii_isdigit(line[1]) &&
	       g_ascii_isdigit(line[2]);
}

/* Without what could break a line of a log. */
static void
add_words(GString *reply, const char *words, size_t n)
{
	if (reply->len > 0)
		g_string_append_c(reply, ' ');
	for (size_t i = 0; i < n && reply->len < REPLY_MAX; i++)
		if ((unsigned char)words[i] >= 0x20 && words[i] != 0x7f)
			g_string_append_c(reply, words[i]);
}

/* "250-first", "250 last": the lines of one reply; only a whole one counts. After a refusal
 * and after the last reply libcurl may say QUIT at once: what it hears is not ours. */
static size_t
on_line(char *line, size_t size, size_t n, void *arg)
{
	struct letter *t = ((struct wire *)arg)->letter;

	n *= size;
	if (t == NULL || t->over || !is_reply(line, n) || strncmp(line, "221", 3) == 0)
		return n;
	if (t->whole)
		g_string_truncate(t->reply, 0);
	t->whole = line[3] != '-';
	add_words(t->reply, line + 4, n - 4);
	if (!t->whole)
		return n;
	t->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
	t->replies += t->guarded;
	t->over = t->guarded && (t->code >= 400 || t->replies == 4);
	if (t->code == 354) {
		t->go_ahead = true;
		/* Not for ever before the dot, but long after it. */
		curl_easy_setopt(((struct wire *)arg)->easy,
		    CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)DOT_SECONDS);
	}
	return n;
}

static size_t
on_read(char *buf, size_t size, size_t n, void *arg)
{
	struct letter *t = ((struct wire *)arg)->letter;
	size_t take = MIN(size * n, t->len - t->at);

	memcpy(buf, t->body + t->at, take);
	t->at += take;
	return take;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct wire *w = arg;
	struct letter *t = w->letter;
	int fd = -1;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!t->internal && address_private(&address->addr)) {
		t->private_address = true;
		return CURL_SOCKET_BAD;
	}
	mailer_lock(t->mailer);
	if (!t->cancelled && !t->mailer->stop)
		fd = socket(address->family,
		    address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
	w->fd = fd;
	mailer_unlock(t->mailer);
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int
on_close(void *arg, curl_socket_t fd)
{
	struct wire *w = arg;
	int rc;

	mailer_lock(w->mailer);
	if (w->fd == fd)
		w->fd = -1;
	rc = close(fd);
	mailer_unlock(w->mailer);
	return rc;
}

/* Wires ------------------------------------------------------------------------- */

static struct wire *
wire_new(struct mailer *m, const char *key)
{
	const char *ca = m->loop->options.ca_file;
	struct wire *w = g_new0(struct wire, 1);
	CURL *h = w->easy = curl_easy_init();

	CHECK(h != NULL);
	w->mailer = m;
	w->key = g_strdup(key);
	w->fd = -1;
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, on_prereq);
	curl_easy_setopt(h, CURLOPT_PREREQDATA, w);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, w);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(h, CURLOPT_READDATA, w);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, w);
	curl_easy_setopt(h, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt(h, CURLOPT_CLOSESOCKETDATA, w);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT);
	curl_easy_setopt(h, CURLOPT_MAXAGE_CONN, (long)(WIRE_IDLE / MS_SECOND));
	curl_easy_setopt(h, CURLOPT_MAXLIFETIME_CONN, (long)LIFE_SECONDS);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(h, CURLOPT_SASL_IR, 1L);
	curl_easy_setopt(h, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
	if (ca != NULL)
		curl_easy_setopt(h, CURLOPT_CAINFO, ca);
	return w;
}

/* One that is idle and goes there, or a new one. */
static struct wire *
wire_take(struct mailer *m, struct letter *t)
{
	char *key = g_strdup_printf("%s %s", t->url, t->user);
	struct wire *w;

	mailer_lock(m);
	for (w = m->wires; w != NULL; w = w->next)
		if (!w->busy && strcmp(w->key, key) == 0)
			break;
	if (w == NULL) {
		w = wire_new(m, key);
		w->next = m->wires;
		m->wires = w;
	}
	w->busy = true;
	w->letter = t;
	t->wire = w;
	mailer_unlock(m);
	g_free(key);
	return w;
}

static void
wire_give(struct mailer *m, struct wire *w)
{
	mailer_lock(m);
	w->letter->wire = NULL;
	w->letter = NULL;
	w->busy = false;
	w->since = loop_boot();
	mailer_unlock(m);
}

void
wires_sweep(struct mailer *m, bool all)
{
	ms_t before = loop_boot() - WIRE_IDLE;
	struct wire *w;

	do {
		mailer_lock(m);
		for (w = m->wires; w != NULL; w = w->next)
			if (!w->busy && (all || w->since <= before))
				break;
		if (w != NULL)
			w->busy = true;
		mailer_unlock(m);
		if (w == NULL)
			return;
		/* It stays in the list until it is closed, so that a stop reaches it. */
		curl_easy_cleanup(w->easy);
		mailer_lock(m);
		for (struct wire **p = &m->wires; *p != NULL; p = &(*p)->next)
			if (*p == w) {
				*p = w->next;
				break;
			}
		mailer_unlock(m);
		g_free(w->key);
		g_free(w);
	} while (true);
}

/* A call, on its thread ------------------------------------------------------------ */

static void
perform(struct letter *t, struct wire *w)
{
	struct curl_slist to = { .data = t->to };
	bool mail = *t->to != '\0';
	CURL *h = w->easy;

	curl_easy_setopt(h, CURLOPT_URL, t->url);
	curl_easy_setopt(h, CURLOPT_USERNAME, *t->user != '\0' ? t->user : NULL);
	curl_easy_setopt(h, CURLOPT_PASSWORD, *t->user != '\0' ? t->password : NULL);
	curl_easy_setopt(
	    h, CURLOPT_USE_SSL, (long)(t->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl_easy_setopt(h, CURLOPT_UPLOAD, (long)mail);
	curl_easy_setopt(h, CURLOPT_NOBODY, (long)!mail);
	curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, mail ? NULL : "NOOP");
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, mail ? t->from : NULL);
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, mail ? &to : NULL);
	curl_easy_setopt(h, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->len);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)t->timeout);
	curl_easy_setopt(h, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)REPLY_SECONDS);
	t->rc = curl_easy_perform(h);
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, NULL);
}

void
wire_carry(struct letter *t)
{
	struct wire *w = wire_take(t->mailer, t);

	perform(t, w);
	wire_give(t->mailer, w);
}
