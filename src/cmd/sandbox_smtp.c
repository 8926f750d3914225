/* sandbox_smtp.c - sessions, line by line. */
#include "sandbox_smtp.h"

#include <string.h>

#include <glib.h>

#include "core/config.h"
#include "dialects.h"
#include "provider/provider.h"
#include "sandbox_listen.h"

#define LINE_MAX_BYTES 2048
#define MAIL_MAX (4U << 20)

enum awaits { AWAITS_VERB, AWAITS_USER, AWAITS_PASSWORD, AWAITS_PLAIN, AWAITS_TEXT };

struct session {
	uv_tcp_t tcp;
	uv_timer_t late;
	struct sandbox_smtp *server;
	struct session *next, *prev;
	GString *in, *text;
	enum awaits awaits;
	char *user, *from, *to;
	const struct account *acc; /* signed in as; NULL: nobody */
	bool held;                 /* its last reply waits for the fsync, or is late */
	const char *reply;         /* then; NULL: hang up */
	bool hang_up;              /* after it */
	int64_t wait;
	char said[64];
	bool closing;
	int handles;
};

struct sandbox_smtp {
	struct sandbox_desk_options desk;
	uv_tcp_t listener;
	struct session *all;
	bool needs_auth;
	char address[80];
	char buffer[65536];
};

static void
on_closed(uv_handle_t *h)
{
	struct session *s = h->data;

	if (--s->handles > 0)
		return;
	g_string_free(s->in, TRUE);
	g_string_free(s->text, TRUE);
	g_free(s->user);
	g_free(s->from);
	g_free(s->to);
	g_free(s);
}

static void
end(struct session *s)
{
	if (s->closing)
		return;
	s->closing = true;
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		s->server->all = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	uv_close((uv_handle_t *)&s->tcp, on_closed);
	uv_close((uv_handle_t *)&s->late, on_closed);
}

/* Replies are short: what the kernel does not take at once is a client gone wrong. */
static void
say(struct session *s, const char *line)
{
	char *whole = g_strconcat(line, "\r\n", NULL);
	uv_buf_t buf = uv_buf_init(whole, (unsigned)strlen(whole));

	if (!s->closing && uv_try_write((uv_stream_t *)&s->tcp, &buf, 1) != (int)buf.len)
		end(s);
	g_free(whole);
}

/* Signing in ----------------------------------------------------------------------- */

static char *
decoded(const char *base64)
{
	gsize n;
	guchar *raw = g_base64_decode(base64, &n);
	char *s = g_malloc0(n + 3); /* three strings, even of a short one */

	memcpy(s, raw, n);
	g_free(raw);
	return s;
}

static void
sign_in(struct session *s, const char *user, const char *password)
{
	const struct config *cfg = s->server->desk.config;

	s->awaits = AWAITS_VERB;
	s->acc = dialect_smtp_account(cfg, user, password);
	say(s, s->acc != NULL || cfg == NULL ? "235 2.7.0 welcome"
					     : "535 5.7.8 wrong user or password");
}

/* [authzid] NUL user NUL password */
static void
sign_in_plain(struct session *s, const char *base64)
{
	char *raw = decoded(base64), *user = raw + strlen(raw) + 1;

	sign_in(s, user, user + strlen(user) + 1);
	g_free(raw);
}

static void
auth(struct session *s, const char *how)
{
	if (g_ascii_strncasecmp(how, "PLAIN ", 6) == 0) {
		sign_in_plain(s, how + 6);
	} else if (g_ascii_strcasecmp(how, "PLAIN") == 0) {
		s->awaits = AWAITS_PLAIN;
		say(s, "334 ");
	} else if (g_ascii_strcasecmp(how, "LOGIN") == 0) {
		s->awaits = AWAITS_USER;
		say(s, "334 VXNlcm5hbWU6");
	} else {
		say(s, "504 5.5.4 PLAIN or LOGIN");
	}
}

static void
auth_goes_on(struct session *s, const char *line)
{
	char *word;

	if (s->awaits == AWAITS_PLAIN) {
		sign_in_plain(s, line);
		return;
	}
	word = decoded(line);
	if (s->awaits == AWAITS_USER) {
		g_free(s->user);
		s->user = word;
		s->awaits = AWAITS_PASSWORD;
		say(s, "334 UGFzc3dvcmQ6");
		return;
	}
	sign_in(s, s->user, word);
	g_free(word);
}

/* A mail ----------------------------------------------------------------------------- */

static void
forget(struct session *s)
{
	g_clear_pointer(&s->from, g_free);
	g_clear_pointer(&s->to, g_free);
	g_string_truncate(s->text, 0);
	s->awaits = AWAITS_VERB;
}

/* "FROM:<a@b> SIZE=1": what stands between the angles. */
static char *
path(const char *rest, const char *word)
{
	size_t n = strlen(word);
	const char *close;

	if (g_ascii_strncasecmp(rest, word, n) != 0 || rest[n] != '<')
		return NULL;
	close = strchr(rest + n, '>');
	return close == NULL ? NULL
			     : g_strndup(rest + n + 1, (gsize)(close - rest) - n - 1);
}

static void
mail_from(struct session *s, const char *rest)
{
	if (s->server->needs_auth && s->acc == NULL) {
		say(s, "530 5.7.0 sign in first");
		return;
	}
	forget(s);
	s->from = path(rest, "FROM:");
	say(s, s->from != NULL ? "250 2.1.0 ok" : "501 5.5.4 write MAIL FROM:<address>");
}

static void
rcpt_to(struct session *s, const char *rest)
{
	char *to = path(rest, "TO:");

	if (s->from == NULL || s->to != NULL || to == NULL || strchr(to, '@') == NULL) {
		say(s, s->from == NULL ? "503 5.5.1 MAIL first"
		       : s->to != NULL ? "452 4.5.3 one recipient a mail"
				       : "501 5.1.3 write RCPT TO:<address>");
		g_free(to);
		return;
	}
	s->to = to;
	say(s, "250 2.1.5 ok");
}

static void
take(struct session *s, bool really)
{
	struct sandbox_desk_options *d = &s->server->desk;
	struct dialect_call c = { .acc = s->acc,
		.arena = arena_new(),
		.now = sandbox_clock_now(d->clock),
		.real = sandbox_clock_real(),
		.desk = d };
	struct sandbox_take t = { .what = TAKE_ACCEPTED, .id = "nothing" };

	if (really)
		dialect_smtp_take(&c, s->to, s->text->str, s->text->len, &t);
	if (t.what == TAKE_ACCEPTED || t.what == TAKE_AGAIN)
		g_snprintf(s->said, sizeof s->said, "250 2.0.0 ok: queued as %s", t.id);
	else if (strcmp(t.code, "bad_address") == 0)
		g_strlcpy(s->said, "550 5.1.1 nobody of that name", sizeof s->said);
	else
		g_strlcpy(s->said, "554 5.7.1 refused for what it says", sizeof s->said);
	s->reply = s->said;
	arena_free(c.arena);
}

static void
spoil(struct session *s, const char *reply, bool hang_up)
{
	s->reply = reply;
	s->hang_up = hang_up;
}

/* A reply that says no is a promise not to have taken it: such faults take nothing. */
static void
text_is_whole(struct session *s)
{
	struct sandbox_faults *faults = s->server->desk.faults;
	uint64_t luck = 0;
	enum sandbox_fault f = sandbox_faults_request(faults, &luck);
	bool refused = f == FAULT_ERROR_BEFORE || f == FAULT_THROTTLE;

	take(s, !refused && f != FAULT_TIMEOUT_BEFORE && f != FAULT_DROP_BEFORE &&
		    (f != FAULT_GARBAGE || (luck & 1) != 0));
	s->held = true;
	s->hang_up = false;
	s->wait = 0;
	switch (f) {
	case FAULT_NONE:
		break;
	case FAULT_SLOW:
		s->wait = faults->slow_ms;
		break;
	case FAULT_ERROR_BEFORE:
		spoil(s, "451 4.3.0 try again later", false);
		break;
	case FAULT_THROTTLE:
		spoil(s, "421 4.7.0 too many", true);
		break;
	case FAULT_TIMEOUT_BEFORE:
	case FAULT_TIMEOUT_AFTER:
		s->wait = faults->timeout_ms;
		spoil(s, NULL, true);
		break;
	case FAULT_CUT:
		spoil(s, "250-2.0.0 ok: que", true);
		break;
	case FAULT_GARBAGE:
		spoil(s, "hello", true);
		break;
	default:
		spoil(s, NULL, true);
	}
}

static void
text_line(struct session *s, const char *line, size_t len)
{
	if (strcmp(line, ".") == 0) {
		text_is_whole(s);
		return;
	}
	if (s->text->len + len > MAIL_MAX) {
		say(s, "552 5.3.4 too long");
		end(s);
		return;
	}
	if (line[0] == '.')
		line++, len--;
	g_string_append_len(s->text, line, (gssize)len);
	g_string_append(s->text, "\r\n");
}

/* The session --------------------------------------------------------------------------- */

static void
verb(struct session *s, const char *line)
{
	size_t n = strcspn(line, " ");
	const char *rest = line + n + (line[n] == ' ');
	char *word = g_ascii_strup(line, (gssize)n);

	if (strcmp(word, "EHLO") == 0) {
		forget(s);
		say(s,
		    "250-reachd sandbox\r\n250-SIZE 4194304\r\n250-8BITMIME\r\n250 AUTH "
		    "PLAIN LOGIN");
	} else if (strcmp(word, "HELO") == 0 || strcmp(word, "RSET") == 0 ||
		   strcmp(word, "NOOP") == 0) {
		if (word[0] != 'N')
			forget(s);
		say(s, "250 2.0.0 ok");
	} else if (strcmp(word, "AUTH") == 0) {
		auth(s, rest);
	} else if (strcmp(word, "MAIL") == 0) {
		mail_from(s, rest);
	} else if (strcmp(word, "RCPT") == 0) {
		rcpt_to(s, rest);
	} else if (strcmp(word, "DATA") == 0) {
		s->awaits = s->to != NULL ? AWAITS_TEXT : AWAITS_VERB;
		say(s, s->to != NULL ? "354 go on" : "503 5.5.1 RCPT first");
	} else if (strcmp(word, "QUIT") == 0) {
		say(s, "221 2.0.0 bye");
		end(s);
	} else {
		say(s, "500 5.5.2 no such verb");
	}
	g_free(word);
}

static void
go_on(struct session *s)
{
	char *eol;

	while (!s->closing && !s->held && (eol = strstr(s->in->str, "\r\n")) != NULL) {
		size_t len = (size_t)(eol - s->in->str);
		char *line = g_strndup(s->in->str, len);

		g_string_erase(s->in, 0, (gssize)len + 2);
		if (s->awaits == AWAITS_TEXT)
			text_line(s, line, len);
		else if (s->awaits == AWAITS_VERB)
			verb(s, line);
		else
			auth_goes_on(s, line);
		g_free(line);
	}
	if (!s->closing && !s->held && s->in->len > LINE_MAX_BYTES)
		end(s);
}

static void
leave(struct session *s)
{
	s->held = false;
	forget(s);
	if (s->reply != NULL)
		say(s, s->reply);
	if (s->hang_up)
		end(s);
	go_on(s);
}

static void
on_late(uv_timer_t *t)
{
	leave(t->data);
}

void
sandbox_smtp_commit(struct sandbox_smtp *server)
{
	struct session *next;

	for (struct session *s = server->all; s != NULL; s = next) {
		next = s->next;
		if (!s->held || uv_is_active((uv_handle_t *)&s->late))
			continue;
		if (s->wait > 0)
			uv_timer_start(&s->late, on_late, (uint64_t)s->wait, 0);
		else
			leave(s);
	}
}

static void
on_alloc(uv_handle_t *h, size_t want, uv_buf_t *buf)
{
	struct session *s = h->data;

	(void)want;
	*buf = uv_buf_init(s->server->buffer, sizeof s->server->buffer);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct session *s = stream->data;

	if (n < 0) {
		end(s);
		return;
	}
	g_string_append_len(s->in, buf->base, n);
	go_on(s);
}

static void
on_connect(uv_stream_t *listener, int status)
{
	struct sandbox_smtp *server = listener->data;
	struct session *s;

	if (status != 0)
		return;
	s = g_new0(struct session, 1);
	s->server = server;
	s->in = g_string_new(NULL);
	s->text = g_string_new(NULL);
	s->tcp.data = s->late.data = s;
	s->handles = 2;
	uv_tcp_init(server->desk.loop, &s->tcp);
	uv_timer_init(server->desk.loop, &s->late);
	s->next = server->all;
	if (s->next != NULL)
		s->next->prev = s;
	server->all = s;
	if (!server->needs_auth)
		s->acc = dialect_smtp_account(server->desk.config, "", "");
	if (uv_accept(listener, (uv_stream_t *)&s->tcp) != 0) {
		end(s);
		return;
	}
	uv_tcp_nodelay(&s->tcp, 1);
	uv_read_start((uv_stream_t *)&s->tcp, on_alloc, on_read);
	say(s, "220 sandbox.example ESMTP reachd sandbox");
}

struct sandbox_smtp *
sandbox_smtp_open(
    const struct sandbox_desk_options *desk, const char *where, struct err *e)
{
	struct sandbox_smtp *s = g_new0(struct sandbox_smtp, 1);

	s->desk = *desk;
	s->listener.data = s;
	for (int i = 0; desk->config != NULL && i < desk->config->n_accounts; i++)
		s->needs_auth |=
		    strcmp(desk->config->accounts[i].type, "smtp") == 0 &&
		    *provider_setting(&desk->config->accounts[i], "user") != '\0';
	if (sandbox_listen(desk->loop, &s->listener, "smtp", where, on_connect,
		s->address, sizeof s->address, e) == 0)
		return s;
	uv_run(desk->loop, UV_RUN_NOWAIT);
	g_free(s);
	return NULL;
}

const char *
sandbox_smtp_address(const struct sandbox_smtp *s)
{
	return s->address;
}

void
sandbox_smtp_close(struct sandbox_smtp *s)
{
	uv_close((uv_handle_t *)&s->listener, NULL);
	while (s->all != NULL)
		end(s->all);
}

void
sandbox_smtp_free(struct sandbox_smtp *s)
{
	g_free(s);
}
