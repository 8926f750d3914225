/* mailer.c - outgoing mail: libcurl's SMTP, a call at a time on threads of its own.
 *
 * libcurl waits for the reply to a mail's last dot, and to QUIT, inside one call that
 * does not return before (smtp_block_statemach). On the loop that would stop everything
 * for as long as a mail server thinks. So threads carry the mails; the guard is still
 * asked on the loop, while its thread waits for the word.
 *
 * A wire is an easy handle with the connection it keeps. Stopping shuts the sockets
 * down: whatever a thread waits for then ends at once. */
#include <string.h>
#include <sys/socket.h>

#include "calls_impl.h"
#include "crew.h"
#include "mailer_impl.h"

#include "base/check.h"

#define TIMEOUT (15 * MS_SECOND)
#define THREADS_MAX 256

/* On its thread ---------------------------------------------------------------------- */

static void
hand_back(struct letter *t)
{
	struct mailer *m = t->mailer;

	mailer_lock(m);
	t->next = m->ended;
	m->ended = t;
	uv_async_send(&m->wake);
	mailer_unlock(m);
}

static char sweep; /* in the pool's queue: no letter, but the idle wires */

static void
on_thread(void *data, void *arg)
{
	struct mailer *m = arg;
	struct letter *t = data;

	if (data == &sweep) {
		wires_sweep(m, false);
		return;
	}
	wire_carry(t);
	hand_back(t);
}

/* On the loop ---------------------------------------------------------------------- */

static void
letter_free(struct letter *t)
{
	g_free(t->url);
	g_free(t->from);
	g_free(t->to);
	g_free(t->user);
	if (t->password != NULL)
		memset(t->password, 0, strlen(t->password));
	g_free(t->password);
	g_free(t->body);
	g_string_free(t->reply, TRUE);
	g_free(t);
}

static bool
one_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || *s == 0x7f || *s == '<' || *s == '>')
			return false;
	return true;
}

static const char *
what_is_wrong(const struct loop *l, const struct http_req *r)
{
	const struct envelope *v = r->envelope;

	if (l->closing)
		return "reachd is stopping";
	if (!one_line(v->from) || !one_line(v->to) || !one_line(r->url))
		return "an address of the envelope holds what no address holds";
	if (v->plain && !r->internal)
		return "without TLS mail goes to internal addresses only";
	return NULL;
}

void
mailer_start(struct world *world, struct http_call *call)
{
	struct loop *l = loop_of(world);
	const struct http_req *r = &call->req;
	const struct envelope *v = r->envelope;
	struct letter *t = g_new0(struct letter, 1);

	*t = (struct letter){ .mailer = l->mailer,
		.call = call,
		.url = g_strdup(r->url),
		.from = g_strdup(v->from),
		.to = g_strdup(v->to),
		.user = g_strdup(v->user),
		.password = g_strdup(v->password),
		.body = g_memdup2(r->body, r->body_len),
		.len = r->body_len,
		.timeout = r->timeout > 0 ? r->timeout : TIMEOUT,
		.plain = v->plain,
		.internal = r->internal,
		.wrong = what_is_wrong(l, r),
		.whole = true,
		.reply = g_string_new(NULL) };
	call->impl = t;
	if (t->wrong == NULL)
		crew_push(l->mailer->pool, t);
	else
		hand_back(t);
}

/* Under the lock: whatever its thread waits for ends now. */
static void
cut(struct letter *t)
{
	t->cancelled = true;
	if (t->verdict == VERDICT_ASKED)
		t->verdict = VERDICT_NO;
	if (t->wire != NULL && t->wire->fd >= 0)
		shutdown(t->wire->fd, SHUT_RDWR);
}

void
mailer_cancel(struct world *world, struct http_call *call)
{
	struct mailer *m = loop_of(world)->mailer;

	if (call->impl == NULL)
		return;
	mailer_lock(m);
	cut(call->impl);
	uv_cond_broadcast(&m->said);
	mailer_unlock(m);
}

static const char *
why(const struct letter *t)
{
	if (t->wrong != NULL)
		return t->wrong;
	if (t->call->refused)
		return "the last check before sending said no";
	if (t->cancelled)
		return "it was cancelled";
	if (t->private_address && !t->guarded)
		return "the host has a private address; mark it internal if that is "
		       "meant";
	return curl_easy_strerror(t->rc);
}

/* What the last whole reply answered to. */
static const char *
stage(const struct letter *t)
{
	static const char *const names[] = { "MAIL", "RCPT", "DATA", "END" };

	return t->replies == 0 ? "CONNECT"
	       : *t->to == '\0'	? "NOOP"
			       : names[MIN(t->replies, (int)G_N_ELEMENTS(names)) - 1];
}

/* A refusal is an answer wherever it comes. Nothing is accepted before the server has
 * asked for the text (354); once it has, only its last reply tells. */
static void
end(struct letter *t)
{
	struct http_call *call = t->call;
	bool answered = t->code >= 400 ||
			((t->go_ahead || *t->to == '\0') && t->rc == CURLE_OK);

	if (answered && !call->refused && t->wrong == NULL) {
		g_string_prepend_c(t->reply, ' ');
		g_string_prepend(t->reply, stage(t));
		call->end = HTTP_ANSWERED;
		call->status = t->code;
		call->body = t->reply->str;
		call->body_len = t->reply->len;
	} else {
		call->end = t->go_ahead ? HTTP_BROKEN : HTTP_NOT_WRITTEN;
		call->fault = t->private_address ? HTTP_FAULT_OTHER : calls_fault(t->rc);
		g_strlcpy(call->error, why(t), sizeof call->error);
	}
	call->impl = NULL;
	call->done(call);
	letter_free(t);
}

static void
ask(struct letter *t)
{
	struct mailer *m = t->mailer;
	struct http_call *call = t->call;
	uint64_t start = uv_hrtime();
	bool go;

	if (t->verdict !=
	    VERDICT_ASKED) /* cancelled since; only the loop changes it now */
		return;
	go = !m->loop->closing && (call->guard == NULL || call->guard(call));
	loop_measure(m->loop, "guard", start);
	mailer_lock(m);
	t->verdict = go ? VERDICT_GO : VERDICT_NO;
	call->refused = !go;
	uv_cond_broadcast(&m->said);
	mailer_unlock(m);
}

bool
mailer_deliver(struct loop *l)
{
	struct mailer *m = l->mailer;
	struct letter *asking, *ended, *next;
	bool any;

	if (m == NULL)
		return false;
	mailer_lock(m);
	asking = m->asking;
	ended = m->ended;
	m->asking = m->ended = NULL;
	mailer_unlock(m);
	any = ended != NULL;
	for (; asking != NULL; asking = next) {
		next = asking->next_asking;
		ask(asking);
	}
	for (; ended != NULL; ended = next) {
		uint64_t start = uv_hrtime();

		next = ended->next;
		end(ended);
		loop_measure(l, "mail_done", start);
	}
	return any;
}

static void
on_wake(uv_async_t *a)
{
	mailer_deliver(a->data);
}

static void
on_tick(uv_timer_t *t)
{
	struct mailer *m = ((struct loop *)t->data)->mailer;

	if (m->wires != NULL && m->pool != NULL)
		crew_push(m->pool, &sweep);
}

void
mailer_init(struct loop *l)
{
	struct mailer *m = g_new0(struct mailer, 1);

	m->loop = l;
	l->mailer = m;
	m->pool = crew_new(on_thread, m, THREADS_MAX);
	CHECK(uv_mutex_init(&m->lock) == 0 && uv_cond_init(&m->said) == 0);
	CHECK(uv_async_init(&l->uv, &m->wake, on_wake) == 0);
	CHECK(uv_timer_init(&l->uv, &m->tick) == 0);
	m->wake.data = m->tick.data = l;
	m->handles = 2;
	uv_timer_start(&m->tick, on_tick, (uint64_t)WIRE_IDLE, (uint64_t)WIRE_IDLE);
}

/* Closes what every thread waits for, and waits for the threads. */
void
mailer_abandon(struct loop *l)
{
	struct mailer *m = l->mailer;

	if (m == NULL)
		return;
	mailer_lock(m);
	m->stop = true;
	for (struct wire *w = m->wires; w != NULL; w = w->next) {
		if (w->letter != NULL)
			cut(w->letter);
		if (w->fd >= 0)
			shutdown(w->fd, SHUT_RDWR);
	}
	uv_cond_broadcast(&m->said);
	mailer_unlock(m);
	crew_free(m->pool);
	m->pool = NULL;
	wires_sweep(m, true);
}

static void
on_handle_closed(uv_handle_t *h)
{
	struct mailer *m = h->data;

	if (--m->handles > 0)
		return;
	uv_cond_destroy(&m->said);
	uv_mutex_destroy(&m->lock);
	g_free(m);
}

void
mailer_fini(struct loop *l)
{
	struct mailer *m = l->mailer;

	if (m == NULL)
		return;
	m->wake.data = m->tick.data = m;
	uv_close((uv_handle_t *)&m->wake, on_handle_closed);
	uv_close((uv_handle_t *)&m->tick, on_handle_closed);
	l->mailer = NULL;
}
