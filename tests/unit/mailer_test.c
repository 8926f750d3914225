/* mailer_test.c - outgoing mail in the real world, against a server that follows a script. */
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/log.h"
#include "world/loop.h"

static void
drop_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

/* ---- the server ---- */

/* What is answered instead of the usual, by verb; "" hangs up, "-" says nothing. */
struct script {
	const char *hello, *ehlo, *auth, *mail, *rcpt, *data, *end;
	int wait_ms; /* before the answer to the dot */
	int mails;   /* hang up after so many on one connection; 0: never */
	const char *quit;
};

struct server {
	int fd, port;
	pthread_t thread;
	const struct script *script;
	pthread_mutex_t lock;
	GString *seen; /* verbs, one a word */
	GString *text; /* of the last mail, dots taken off */
	int connections;
};

static void
note(struct server *s, const char *word)
{
	pthread_mutex_lock(&s->lock);
	g_string_append_printf(s->seen, "%s ", word);
	pthread_mutex_unlock(&s->lock);
}

/* false: the connection ends. */
static bool
say(FILE *f, const char *own, const char *usual)
{
	const char *line = own != NULL ? own : usual;

	if (*line == '\0')
		return false;
	if (*line != '-')
		fprintf(f, "%s\r\n", line);
	return fflush(f) == 0;
}

static bool
take_text(struct server *s, FILE *f)
{
	char line[2000];

	pthread_mutex_lock(&s->lock);
	g_string_truncate(s->text, 0);
	pthread_mutex_unlock(&s->lock);
	while (fgets(line, sizeof line, f) != NULL) {
		if (strcmp(line, ".\r\n") == 0)
			return true;
		pthread_mutex_lock(&s->lock);
		g_string_append(s->text, line[0] == '.' ? line + 1 : line);
		pthread_mutex_unlock(&s->lock);
	}
	return false;
}

static bool
on_verb(struct server *s, FILE *f, char *line, int *mails)
{
	const struct script *c = s->script;

	line[strcspn(line, " :\r\n")] = '\0';
	note(s, line);
	if (strcmp(line, "EHLO") == 0)
		return say(
		    f, c->ehlo, "250-here\r\n250-SIZE 100000\r\n250 AUTH PLAIN LOGIN");
	if (strcmp(line, "AUTH") == 0)
		return say(f, c->auth, "235 2.7.0 ok");
	if (strcmp(line, "MAIL") == 0)
		return say(f, c->mail, "250 2.1.0 ok");
	if (strcmp(line, "RCPT") == 0)
		return say(f, c->rcpt, "250 2.1.5 ok");
	if (strcmp(line, "QUIT") == 0)
		return say(f, c->quit, "221 2.0.0 bye") && false;
	if (strcmp(line, "DATA") != 0)
		return say(f, NULL, "500 what?");
	if (!say(f, c->data, "354 go on") || (c->data != NULL && *c->data != '3'))
		return c->data != NULL && *c->data != '\0';
	if (!take_text(s, f))
		return false;
	note(s, "DOT");
	if (c->wait_ms > 0)
		usleep((useconds_t)c->wait_ms * 1000);
	return say(f, c->end, "250 2.0.0 queued as 4F1A2C") &&
	       (c->mails == 0 || ++*mails < c->mails);
}

static void
serve(struct server *s, int fd)
{
	FILE *f = fdopen(fd, "r+");
	char line[2000];
	int mails = 0;

	pthread_mutex_lock(&s->lock);
	s->connections++;
	pthread_mutex_unlock(&s->lock);
	setvbuf(f, NULL, _IONBF, 0);
	if (say(f, s->script->hello, "220 mx.example ESMTP"))
		while (fgets(line, sizeof line, f) != NULL && on_verb(s, f, line, &mails))
			;
	fclose(f);
}

static void *
run(void *arg)
{
	struct server *s = arg;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) >= 0)
		serve(s, fd);
	return NULL;
}

static struct server *
server_new(const struct script *script)
{
	struct server *s = g_new0(struct server, 1);
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;

	s->script = script;
	s->seen = g_string_new(NULL);
	s->text = g_string_new(NULL);
	pthread_mutex_init(&s->lock, NULL);
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(s->fd, 16), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&a, &len), 0);
	s->port = ntohs(a.sin_port);
	pthread_create(&s->thread, NULL, run, s);
	return s;
}

static void
server_free(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	g_string_free(s->seen, TRUE);
	g_string_free(s->text, TRUE);
	g_free(s);
}

static char *
seen(struct server *s)
{
	char *copy;

	pthread_mutex_lock(&s->lock);
	copy = g_strdup(s->seen->str);
	pthread_mutex_unlock(&s->lock);
	return copy;
}

/* ---- a call ---- */

#define TEXT "Subject: x\r\n\r\n.\r\n..two\r\n.x\r\nend\r\n"

struct
try {
	struct http_call http; /* first */
	struct world *w;
	struct envelope envelope;
	char url[80];
	char *seen_at_guard, *body;
	struct server *server;
	bool go;
	int *left; /* of the calls under way */
	int guards;
};

static bool
guard(struct http_call *h)
{
	struct try *t = (struct try *)h;

	t->guards++;
	g_free(t->seen_at_guard);
	t->seen_at_guard = seen(t->server);
	return t->go;
}

static void
done(struct http_call *h)
{
	struct try *t = (struct try *)h;

	t->body = g_strdup(h->body);
	if (--*t->left == 0)
		loop_stop(t->w);
}

static void
prepare(struct try *t, struct world *w, struct server *s, int *left)
{
	*t = (struct try){ .w = w, .server = s, .go = true, .left = left };
	g_snprintf(
	    t->url, sizeof t->url, "smtp://127.0.0.1:%d/reach.dealer.example", s->port);
	t->envelope = (struct envelope){ "news@dealer.example", "wang@example.com", "me",
		"secret", true };
	t->http.req = (struct http_req){ .url = t->url,
		.body = TEXT,
		.body_len = strlen(TEXT),
		.timeout = 20 * MS_SECOND,
		.internal = true,
		.envelope = &t->envelope };
	t->http.guard = guard;
	t->http.done = done;
}

static void
clear(struct try *t)
{
	g_free(t->seen_at_guard);
	g_free(t->body);
}

static struct world *
new_world(void)
{
	struct loop_options o = { 0 };
	struct err e = { 0 };
	struct world *w = loop_new(&o, &e);

	if (w == NULL)
		fail_msg("loop_new: %s", e.text);
	return w;
}

/* ---- outcomes ---- */

static const struct row {
	const char *name;
	struct script script;
	enum http_end end;
	int status;
	const char *body; /* or the error */
} rows[] = {
	{ "accepted", { 0 }, HTTP_ANSWERED, 250, "END 2.0.0 queued as 4F1A2C" },
	{ "accepted in several lines", { .end = "250-first\r\n250 last" }, HTTP_ANSWERED,
	    250, "END first last" },
	{ "full at connect", { .hello = "421 4.3.2 too busy" }, HTTP_ANSWERED, 421,
	    "CONNECT 4.3.2 too busy" },
	{ "refused at connect", { .hello = "554 5.7.1 go away" }, HTTP_ANSWERED, 554,
	    "CONNECT 5.7.1 go away" },
	{ "hung up at connect", { .hello = "" }, HTTP_NOT_WRITTEN, 0, NULL },
	{ "wrong password", { .auth = "535 5.7.8 no" }, HTTP_ANSWERED, 535,
	    "CONNECT 5.7.8 no" },
	{ "sender refused", { .mail = "550 5.7.1 not yours" }, HTTP_ANSWERED, 550,
	    "MAIL 5.7.1 not yours" },
	{ "nobody there", { .rcpt = "550 5.1.1 no such user" }, HTTP_ANSWERED, 550,
	    "RCPT 5.1.1 no such user" },
	{ "nobody there, QUIT answered oddly",
	    { .rcpt = "550 5.1.1 no such user", .quit = "250 fine" }, HTTP_ANSWERED, 550,
	    "RCPT 5.1.1 no such user" },
	{ "greylisted", { .rcpt = "450-4.2.0 greylisted\r\n450 4.2.0 come back" },
	    HTTP_ANSWERED, 450, "RCPT 4.2.0 greylisted 4.2.0 come back" },
	{ "refused at DATA", { .data = "554 5.5.1 no" }, HTTP_ANSWERED, 554,
	    "DATA 5.5.1 no" },
	{ "refused after the dot", { .end = "554 5.7.1 spam" }, HTTP_ANSWERED, 554,
	    "END 5.7.1 spam" },
	{ "not now, after the dot", { .end = "451 4.3.0 later" }, HTTP_ANSWERED, 451,
	    "END 4.3.0 later" },
	{ "lost before MAIL is answered", { .mail = "" }, HTTP_NOT_WRITTEN, 0, NULL },
	{ "lost before RCPT is answered", { .rcpt = "" }, HTTP_NOT_WRITTEN, 0, NULL },
	{ "lost before 354", { .data = "" }, HTTP_NOT_WRITTEN, 0, NULL },
	{ "lost after the dot", { .end = "" }, HTTP_BROKEN, 0, NULL },
	{ "half an answer to the dot", { .end = "250-queued as" }, HTTP_BROKEN, 0, NULL },
	{ "an answer to the dot that is none", { .end = "252 perhaps" }, HTTP_BROKEN, 0,
	    NULL },
	{ "garbage after the dot", { .end = "hello" }, HTTP_BROKEN, 0, NULL },
};

static void
outcomes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		struct server *s = server_new(&r->script);
		struct world *w = new_world();
		struct try t;
		int left = 1;

		prepare(&t, w, s, &left);
		t.http.req.timeout = 2 * MS_SECOND;
		w->http_start(w, &t.http);
		loop_run(w);
		loop_free(w);
		server_free(s);
		if (t.http.end != r->end || t.http.status != r->status ||
		    g_strcmp0(t.body, r->body) != 0)
			fail_msg("%s: end %d status %d body %s error %s", r->name,
			    t.http.end, t.http.status, t.body, t.http.error);
		clear(&t);
	}
}

/* The guard is the last instant before MAIL FROM; AUTH is over by then. */
static void
guard_stands_before_mail_from(void **state)
{
	static const struct script script = { 0 };

	(void)state;
	for (int go = 0; go < 2; go++) {
		struct server *s = server_new(&script);
		struct world *w = new_world();
		struct try t;
		int left = 1;
		char *after;

		prepare(&t, w, s, &left);
		t.go = go;
		w->http_start(w, &t.http);
		loop_run(w);
		after = seen(s);
		assert_int_equal(t.guards, 1);
		assert_string_equal(t.seen_at_guard, "EHLO AUTH ");
		assert_int_equal(t.http.refused, !go);
		assert_int_equal(t.http.end, go ? HTTP_ANSWERED : HTTP_NOT_WRITTEN);
		assert_int_equal(strstr(after, "MAIL") != NULL, go);
		if (go)
			assert_string_equal(s->text->str, TEXT);
		g_free(after);
		loop_free(w);
		server_free(s);
		clear(&t);
	}
}

static const struct {
	const char *name;
	bool plain, internal;
	const char *from, *to, *error;
} never[] = {
	{ "no TLS where it is wanted", false, true, NULL, NULL, "SSL" },
	{ "no TLS to the outside", true, false, NULL, NULL, "without TLS" },
	{ "a private address", false, false, NULL, NULL, "private address" },
	{ "T4 a line break in an address", true, true, NULL, "a@b.example>\r\nDATA",
	    "envelope" },
	{ "T4 a line break in ours", true, true, "a@b.example\n", NULL, "envelope" },
};

static void
never_written(void **state)
{
	static const struct script script = { 0 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(never); i++) {
		struct server *s = server_new(&script);
		struct world *w = new_world();
		struct try t;
		int left = 1;
		char *all;

		prepare(&t, w, s, &left);
		t.envelope.plain = never[i].plain;
		t.http.req.internal = never[i].internal;
		if (never[i].from != NULL)
			t.envelope.from = never[i].from;
		if (never[i].to != NULL)
			t.envelope.to = never[i].to;
		w->http_start(w, &t.http);
		loop_run(w);
		all = seen(s);
		if (t.http.end != HTTP_NOT_WRITTEN || t.guards != 0 ||
		    strstr(t.http.error, never[i].error) == NULL ||
		    strstr(all, "AUTH") != NULL)
			fail_msg("%s: end %d guards %d error %s seen %s", never[i].name,
			    t.http.end, t.guards, t.http.error, all);
		g_free(all);
		loop_free(w);
		server_free(s);
		clear(&t);
	}
}

/* One connection carries several; one that the server has given up costs no mail and
 * sends none twice. */
static void
connections_are_kept(void **state)
{
	static const struct script keeps = { 0 }, gives_up = { .mails = 1 };
	const struct script *scripts[] = { &keeps, &gives_up };

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct server *s = server_new(scripts[k]);
		struct world *w = new_world();
		char *all;
		int dots = 0;

		for (int i = 0; i < 3; i++) {
			struct try t;
			int left = 1;

			prepare(&t, w, s, &left);
			w->http_start(w, &t.http);
			loop_run(w);
			assert_int_equal(t.guards, 1);
			if (t.http.end != HTTP_ANSWERED)
				assert_int_equal(t.http.end, HTTP_NOT_WRITTEN);
			else
				dots++;
			clear(&t);
		}
		all = seen(s);
		for (const char *p = all; (p = strstr(p, "DOT")) != NULL; p++)
			dots--;
		assert_int_equal(dots, 0);
		if (k == 0)
			assert_int_equal(s->connections, 1);
		g_free(all);
		loop_free(w);
		server_free(s);
	}
}

struct beat {
	struct timer timer;
	struct world *w;
	int n;
};

static void
beat(struct timer *t)
{
	struct beat *b = (struct beat *)(void *)t;

	b->n++;
	b->w->timer_set_boot(b->w, &b->timer, b->w->boot(b->w) + 10);
}

/* A mail server that thinks stops nothing else. */
static void
loop_goes_on_while_a_server_thinks(void **state)
{
	static const struct script slow = { .wait_ms = 500 };
	struct server *s = server_new(&slow);
	struct world *w = new_world();
	struct beat b = { .timer = { .fire = beat }, .w = w };
	struct try t;
	int left = 1;

	(void)state;
	prepare(&t, w, s, &left);
	w->timer_set_boot(w, &b.timer, w->boot(w));
	w->http_start(w, &t.http);
	loop_run(w);
	assert_int_equal(t.http.end, HTTP_ANSWERED);
	assert_true(b.n > 20);
	w->timer_cancel(w, &b.timer);
	loop_free(w);
	server_free(s);
	clear(&t);
}

struct cancel {
	struct timer timer;
	struct try *t;
	bool leave;
};

static void
cancel(struct timer *timer)
{
	struct cancel *c = (struct cancel *)(void *)timer;
	char *all = seen(c->t->server);

	if (strstr(all, "DOT") == NULL)
		c->t->w->timer_set_boot(c->t->w, timer, c->t->w->boot(c->t->w) + 5);
	else if (c->leave)
		loop_stop(c->t->w);
	else
		c->t->w->http_cancel(c->t->w, &c->t->http);
	g_free(all);
}

/* Cancelled, or left by the whole process, while the server thinks: nobody knows. */
static void
cancelled_after_the_dot_is_unknown(void **state)
{
	static const struct script slow = { .wait_ms = 1000 };

	(void)state;
	for (int leave = 0; leave < 2; leave++) {
		struct server *s = server_new(&slow);
		struct world *w = new_world();
		struct try t;
		struct cancel c = {
			.timer = { .fire = cancel }, .t = &t, .leave = leave
		};
		int left = 1;
		ms_t from;

		prepare(&t, w, s, &left);
		from = w->boot(w);
		w->timer_set_boot(w, &c.timer, from);
		w->http_start(w, &t.http);
		loop_run(w);
		assert_true(w->boot(w) - from < 900);
		loop_free(w);
		assert_int_equal(t.http.end, HTTP_BROKEN);
		assert_int_equal(left, 0);
		server_free(s);
		clear(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes),
		cmocka_unit_test(guard_stands_before_mail_from),
		cmocka_unit_test(never_written),
		cmocka_unit_test(connections_are_kept),
		cmocka_unit_test(loop_goes_on_while_a_server_thinks),
		cmocka_unit_test(cancelled_after_the_dot_is_unknown),
	};

	signal(SIGPIPE, SIG_IGN);
	log_sink(drop_line, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
