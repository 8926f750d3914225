/* world_test.c - the real world: timers, the store thread, outgoing HTTP, files, watches.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <glib.h>

#include "base/log.h"
#include "base/header.h"
#include "world/loop.h"

/* Slow callbacks are usual under a sanitizer; nothing here looks at log lines. */
static void
drop_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static struct world *
new_world(const struct loop_options *o)
{
	struct loop_options none = { 0 };
	struct err e = { 0 };
	struct world *w = loop_new(o != NULL ? o : &none, &e);

	if (w == NULL)
		fail_msg("loop_new: %s", e.text);
	return w;
}

/* ---- timers ---- */

struct note {
	struct timer timer;
	struct world *w;
	GString *trace;
	char name;
	bool last;
	int *left; /* NULL: the last one stops the loop */
};

static void
note_fire(struct timer *t)
{
	struct note *n = (struct note *)(void *)t;

	g_string_append_c(n->trace, n->name);
	if (n->left != NULL ? --*n->left == 0 : n->last)
		loop_stop(n->w);
}

static void
timers_in_order(void **state)
{
	struct world *w = new_world(NULL);
	GString *trace = g_string_new(""), *other = g_string_new("");
	struct note n[8];
	ms_t boot = w->boot(w), now = w->now(w);
	int left = 7;
	static const int order[] = { 5, 3, 7, 1, 6, 2, 4, 0 };

	(void)state;
	for (int i = 0; i < 8; i++)
		n[i] = (struct note){ { note_fire, NULL }, w,
			i == 5 ? other : trace, (char)('a' + i), false, &left };
	for (int i = 0; i < 8; i++)
		w->timer_set_boot(w, &n[order[i]].timer, boot + 10 + 5 * order[i]);
	w->timer_cancel(w, &n[3].timer);
	w->timer_cancel(w, &n[3].timer);
	w->timer_set_boot(w, &n[0].timer, boot + 22); /* moved behind c */
	w->timer_set(w, &n[5].timer, now + 1);        /* the other clock: in no order with these */
	loop_run(w);
	assert_string_equal(trace->str, "bcaegh");
	assert_string_equal(other->str, "f");
	assert_null(n[7].timer.impl);
	g_string_free(trace, TRUE);
	g_string_free(other, TRUE);
	loop_free(w);
}

static void
timers_equal_instants(void **state)
{
	struct world *w = new_world(NULL);
	GString *trace = g_string_new(""), *want = g_string_new("");
	static struct note n[60];
	ms_t at = w->boot(w) + 5;

	(void)state;
	for (int i = 0; i < 60; i++) {
		n[i] = (struct note){ { note_fire, NULL }, w, trace, (char)('0' + i),
			i == 59, NULL };
		g_string_append_c(want, n[i].name);
		w->timer_set_boot(w, &n[i].timer, at);
	}
	loop_run(w);
	assert_string_equal(trace->str, want->str);
	g_string_free(trace, TRUE);
	g_string_free(want, TRUE);
	loop_free(w);
}

static void
wall_at_a_speed(void **state)
{
	struct loop_options o = { .speed = 100000, .epoch = 1000000 };
	struct world *w = new_world(&o);
	GString *trace = g_string_new("");
	struct note n = { { note_fire, NULL }, w, trace, 'x', true, NULL };
	struct note never = { { note_fire, NULL }, w, trace, 'n', false, NULL };
	ms_t boot = w->boot(w), took;

	(void)state;
	assert_true(w->now(w) >= 1000000 && w->now(w) < 1000000 + MS_HOUR);
	w->timer_set(w, &never.timer, MS_NEVER);
	w->timer_set(w, &n.timer, 1000000 + 2 * MS_HOUR); /* 72 ms */
	loop_run(w);
	took = w->boot(w) - boot;
	assert_true(w->now(w) >= 1000000 + 2 * MS_HOUR);
	assert_true(took >= 60 && took < 2000);
	assert_string_equal(trace->str, "x");
	g_string_free(trace, TRUE);
	loop_free(w);
}

static void
clocks_and_dice(void **state)
{
	struct world *w = new_world(NULL);
	unsigned char secret[600] = { 0 };
	struct timespec ts;
	ms_t real;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &ts);
	real = (ms_t)ts.tv_sec * 1000;
	assert_true(w->now(w) >= real && w->now(w) < real + 5000);
	assert_true(w->random(w) != w->random(w));
	w->secret(w, secret, sizeof secret);
	assert_true(memcmp(secret, secret + 300, 300) != 0);
	assert_int_equal(strlen(w->boot_id), 36);
	loop_free(w);
}

/* ---- the store thread ---- */

struct store {
	bool read_only;
	GString *trace;
	enum err_kind commit_fails;
};

static struct {
	GString *trace; /* the writer's, read after loop_free() */
	enum err_kind open_fails, commit_fails;
} fake;

static struct store *
fake_open(void *arg, bool read_only, struct err *e)
{
	struct store *s;

	(void)arg;
	if (fake.open_fails != ERR_NONE) {
		err_set(e, fake.open_fails, "cannot open");
		return NULL;
	}
	s = g_new0(struct store, 1);
	s->read_only = read_only;
	s->trace = read_only ? g_string_new("") : fake.trace;
	s->commit_fails = fake.commit_fails;
	return s;
}

static void
fake_close(struct store *s)
{
	if (s->read_only)
		g_string_free(s->trace, TRUE);
	else
		g_string_append(s->trace, " close");
	g_free(s);
}

/* As group_write() answers. */
static int
fake_write(struct store *s, struct job *first, struct err *e)
{
	enum err_kind kind = s->commit_fails;

	g_string_append(s->trace, " <");
	for (struct job *job = first; job != NULL; job = job->next)
		job->failed = job->run(job, s, &job->err) != 0;
	s->commit_fails = ERR_NONE;
	if (kind == ERR_NONE) {
		g_string_append_c(s->trace, '>');
		return 0;
	}
	err_set(e, kind, "commit failed");
	for (struct job *job = first; job != NULL; job = job->next) {
		job->failed = true;
		job->err = *e;
	}
	g_string_append_c(s->trace, '!');
	return kind == ERR_FULL ? -1 : -2;
}

static void
fake_read(struct store *s, struct job *job)
{
	job->failed = job->run(job, s, &job->err) != 0;
}

static void
fake_idle(struct store *s)
{
	g_string_append(s->trace, " idle");
}

static const struct loop_options with_store = { .store_open = fake_open,
	.store_close = fake_close,
	.store_write = fake_write,
	.store_read = fake_read,
	.store_idle = fake_idle };

struct work {
	struct job job;
	struct world *w;
	char name;
	enum err_kind fails;
	sem_t *block, *begun;
	bool last, wants_read_only;
	int result; /* -1: not done; else the err kind done() got */
};

static int
work_run(struct job *job, struct store *s, struct err *e)
{
	struct work *work = (struct work *)(void *)job;

	assert_int_equal(s->read_only, work->wants_read_only);
	if (work->begun != NULL)
		sem_post(work->begun);
	if (work->block != NULL)
		sem_wait(work->block);
	if (work->name != '\0')
		g_string_append_c(s->trace, work->name);
	if (work->fails != ERR_NONE)
		return err_set(e, work->fails, "job %c", work->name);
	return 0;
}

static void
work_done(struct job *job, const struct err *e)
{
	struct work *work = (struct work *)(void *)job;

	assert_int_equal(work->result, -1);
	work->result = e != NULL ? (int)e->kind : 0;
	if (work->last)
		loop_stop(work->w);
}

static struct work
make_work(struct world *w, char name)
{
	return (struct work){ .job = { .run = work_run, .done = work_done },
		.w = w,
		.name = name,
		.result = -1 };
}

/* Runs "first" alone and then the named jobs; a capital's job fails, a digit's may run
 * twice. */
static char *
run_group(const char *names, enum err_kind fails, int *results)
{
	struct world *w = new_world(&with_store);
	struct work first = make_work(w, 'f'), works[16];
	size_t n = strlen(names);
	sem_t block, begun;
	char *trace;

	sem_init(&block, 0, 0);
	sem_init(&begun, 0, 0);
	first.block = &block;
	first.begun = &begun;
	w->job_start(w, &first.job);
	sem_wait(&begun);
	for (size_t i = 0; i < n; i++) {
		works[i] = make_work(w, names[i]);
		works[i].fails = g_ascii_isupper(names[i]) ? fails : ERR_NONE;
		works[i].job.repeats = g_ascii_isdigit(names[i]);
		works[i].last = i + 1 == n;
		w->job_start(w, &works[i].job);
	}
	sem_post(&block);
	loop_run(w);
	loop_free(w);
	for (size_t i = 0; i < n; i++)
		results[i] = works[i].result;
	sem_destroy(&block);
	sem_destroy(&begun);
	trace = g_string_free(fake.trace, FALSE);
	fake.trace = NULL;
	return trace;
}

static void
groups(void **state)
{
	static const struct {
		const char *name, *jobs;
		enum err_kind fails, commit_fails;
		const char *trace;
		int results[4];
	} rows[] = {
		{ "one group of all", "abc", 0, 0, " <abc> idle close", { 0, 0, 0 } },
		{ "the failed one is told so", "aBc", ERR_CONFLICT, 0, " <aBc> idle close",
		    { 0, ERR_CONFLICT, 0 } },
		{ "who may run twice is no company for who may not", "a12b", 0, 0,
		    " <a> idle <12> idle <b> idle close", { 0, 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int results[4];
		char *trace;

		fake.trace = g_string_new("");
		trace = run_group(rows[i].jobs, rows[i].fails, results);
		if (strncmp(trace, " <f> idle", 9) != 0 ||
		    strcmp(trace + 9, rows[i].trace) != 0)
			fail_msg("%s: %s", rows[i].name, trace);
		for (size_t k = 0; k < strlen(rows[i].jobs); k++)
			if (results[k] != rows[i].results[k])
				fail_msg("%s: job %zu: %d", rows[i].name, k, results[k]);
		g_free(trace);
	}
}

static void
commit_full(void **state)
{
	struct world *w;
	struct work a;

	(void)state;
	fake.trace = g_string_new("");
	fake.commit_fails = ERR_FULL;
	w = new_world(&with_store);
	a = make_work(w, 'a');
	a.last = true;
	w->job_start(w, &a.job);
	loop_run(w);
	assert_int_equal(a.result, ERR_FULL);
	a = make_work(w, 'b');
	a.last = true;
	w->job_start(w, &a.job);
	loop_run(w);
	assert_int_equal(a.result, 0);
	loop_free(w);
	assert_string_equal(
	    fake.trace->str, " <a! idle <b> idle close");
	g_string_free(fake.trace, TRUE);
	fake.commit_fails = ERR_NONE;
}

static void
commit_unknown_aborts(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct world *w;
		struct work a;

		signal(SIGABRT, SIG_DFL);
		fake.trace = g_string_new("");
		fake.commit_fails = ERR_IO;
		w = new_world(&with_store);
		a = make_work(w, 'a');
		w->job_start(w, &a.job);
		loop_run(w);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void
at_most_256_a_group(void **state)
{
	struct world *w;
	struct work first, *works = g_new(struct work, 300);
	sem_t block, begun;
	int commits = 0;

	(void)state;
	fake.trace = g_string_new("");
	w = new_world(&with_store);
	sem_init(&block, 0, 0);
	sem_init(&begun, 0, 0);
	first = make_work(w, '\0');
	first.block = &block;
	first.begun = &begun;
	w->job_start(w, &first.job);
	sem_wait(&begun);
	for (int i = 0; i < 300; i++) {
		works[i] = make_work(w, '\0');
		works[i].last = i == 299;
		w->job_start(w, &works[i].job);
	}
	sem_post(&block);
	loop_run(w);
	loop_free(w);
	for (char *p = fake.trace->str; (p = strchr(p, '<')) != NULL; p++)
		commits++;
	assert_int_equal(commits, 3);
	g_string_free(fake.trace, TRUE);
	g_free(works);
}

static void
reader_is_apart(void **state)
{
	struct world *w;
	struct work writer, reader;
	sem_t block, begun;

	(void)state;
	fake.trace = g_string_new("");
	w = new_world(&with_store);
	sem_init(&block, 0, 0);
	sem_init(&begun, 0, 0);
	writer = make_work(w, 'w');
	writer.block = &block;
	writer.begun = &begun;
	reader = make_work(w, 'r');
	reader.wants_read_only = true;
	reader.last = true;
	w->job_start(w, &writer.job);
	sem_wait(&begun); /* the writer is busy; the reader answers all the same */
	w->read_start(w, &reader.job);
	loop_run(w);
	assert_int_equal(reader.result, 0);
	assert_int_equal(writer.result, -1);
	assert_true(loop_progress(w).store <= w->boot(w));
	sem_post(&block);
	loop_free(w); /* what waits is finished and told */
	assert_int_equal(writer.result, 0);
	g_string_free(fake.trace, TRUE);
}

/* ---- what needs no store ---- */

struct errand {
	struct job job;
	struct world *w;
	pthread_t loop;
	sem_t *block, *begun;
	int fails;
	bool last;
	int result, place; /* place: of its end among the others */
};

static int errands_done;

static int
errand_run(struct job *job, struct store *s, struct err *e)
{
	struct errand *one = (struct errand *)(void *)job;

	assert_null(s);
	assert_false(pthread_equal(pthread_self(), one->loop));
	if (one->begun != NULL)
		sem_post(one->begun);
	if (one->block != NULL)
		sem_wait(one->block);
	return one->fails != 0 ? err_set(e, one->fails, "no") : 0;
}

static void
errand_done(struct job *job, const struct err *e)
{
	struct errand *one = (struct errand *)(void *)job;

	assert_true(pthread_equal(pthread_self(), one->loop));
	assert_int_equal(one->result, -1);
	one->result = e != NULL ? (int)e->kind : 0;
	one->place = ++errands_done;
	if (one->last)
		loop_stop(one->w);
}

static struct errand
errand_of(struct world *w)
{
	return (struct errand){ .job = { .run = errand_run, .done = errand_done },
		.w = w,
		.loop = pthread_self(),
		.result = -1 };
}

/* With a store or without one; the writer goes on beside it. */
static void
work_is_beside_the_loop(void **state)
{
	const struct loop_options without = { 0 }, *const worlds[] = { &without, &with_store };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(worlds); i++) {
		struct world *w;
		struct errand one, two;
		struct work writer;
		sem_t block, begun;

		fake.trace = g_string_new("");
		errands_done = 0;
		w = new_world(worlds[i]);
		sem_init(&block, 0, 0);
		sem_init(&begun, 0, 0);
		one = errand_of(w);
		two = errand_of(w);
		one.block = &block;
		one.begun = &begun;
		two.fails = ERR_INPUT;
		two.last = true;
		w->work_start(w, &one.job);
		w->work_start(w, &two.job);
		sem_wait(&begun);
		if (i == 1) {
			writer = make_work(w, 'w');
			writer.last = true;
			w->job_start(w, &writer.job);
			loop_run(w);
			assert_int_equal(writer.result, 0);
		}
		assert_int_equal(one.result, -1);
		sem_post(&block);
		loop_run(w);
		assert_int_equal(one.result, 0);
		assert_int_equal(two.result, ERR_INPUT);
		assert_int_equal(two.place, 2);
		loop_free(w);
		g_string_free(fake.trace, TRUE);
	}
}

/* What is under way when the world ends comes to its end and is told; what waits, too. */
static void
an_end_while_working(void **state)
{
	struct world *w;
	struct errand one, two;
	sem_t begun;

	(void)state;
	errands_done = 0;
	w = new_world(&(struct loop_options){ 0 });
	sem_init(&begun, 0, 0);
	one = errand_of(w);
	two = errand_of(w);
	one.begun = &begun;
	w->work_start(w, &one.job);
	w->work_start(w, &two.job);
	sem_wait(&begun);
	loop_free(w);
	assert_int_equal(one.result, 0);
	assert_int_equal(two.result, 0);
	assert_int_equal(two.place, 2);
}

static void
store_that_does_not_open(void **state)
{
	struct err e = { 0 };

	(void)state;
	fake.open_fails = ERR_BUSY;
	assert_null(loop_new(&with_store, &e));
	assert_int_equal(e.kind, ERR_BUSY);
	assert_string_equal(e.text, "cannot open");
	fake.open_fails = ERR_NONE;
}

/* ---- outgoing HTTP against a raw server ---- */

/* One thread a connection; what it does with a request hangs on its path. */
static struct {
	int fd, port;
	pthread_t thread;
	pthread_mutex_t lock;
	GHashTable *seen; /* path -> count of whole requests */
	GString *last;    /* the last request, whole */
	size_t connections, bytes;
} raw;

static int
seen(const char *path)
{
	int n;

	pthread_mutex_lock(&raw.lock);
	n = GPOINTER_TO_INT(g_hash_table_lookup(raw.seen, path));
	pthread_mutex_unlock(&raw.lock);
	return n;
}

static size_t
connections(void)
{
	size_t n;

	pthread_mutex_lock(&raw.lock);
	n = raw.connections;
	pthread_mutex_unlock(&raw.lock);
	return n;
}

static void
raw_send(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

static void
raw_big(int fd, size_t len)
{
	char *body = g_strnfill(len, 'x');
	char *head =
	    g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", len);

	raw_send(fd, head);
	raw_send(fd, body);
	g_free(head);
	g_free(body);
}

/* false: the connection ends. */
static bool
raw_answer(int fd, const char *path)
{
	static const struct {
		const char *path, *answer;
		bool keep;
	} rows[] = {
		{ "/ok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true },
		{ "/post", "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", true },
		{ "/fin", "", false },
		{ "/redirect",
		    "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
		    true },
		{ "/short", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
		    false },
		{ "/garbage", "hello\r\n\r\n", false },
		{ "/halfhead", "HTTP/1.1 200 OK\r\nContent-Le", false },
		{ "/badchunk",
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		    false },
		{ "/retry",
		    "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
		    true },
		{ "/never",
		    "HTTP/1.1 503 No\r\nRetry-After: 99999999\r\nContent-Length: "
		    "0\r\n\r\n",
		    true },
		{ "/past",
		    "HTTP/1.1 503 No\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		    "Content-Length: 0\r\n\r\n",
		    true },
		{ "/head",
		    "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		    "Content-Length: 5000\r\n\r\n",
		    true },
		{ "/gzip",
		    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
		    "4\r\n\r\nabcd",
		    true },
	};
	struct linger now = { 1, 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(path, rows[i].path) == 0) {
			raw_send(fd, rows[i].answer);
			return rows[i].keep;
		}
	if (strcmp(path, "/rst") == 0)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	if (strcmp(path, "/cap") == 0 || strcmp(path, "/big") == 0) {
		raw_big(fd, strcmp(path, "/cap") == 0 ? 256 * 1024 : 256 * 1024 + 1);
		return true;
	}
	if (strcmp(path, "/slow") == 0) {
		char c;

		while (recv(fd, &c, 1, 0) > 0)
			;
	}
	return false;
}

/* Reads one whole request into `in`; false: the client is gone. */
static bool
raw_read(int fd, GString *in)
{
	char buf[65536];
	const char *end, *length;
	size_t want;

	g_string_truncate(in, 0);
	for (;;) {
		ssize_t n = recv(fd, buf, sizeof buf, 0);

		if (n <= 0 || buf[0] == 0x16) /* gone, or a TLS hello */
			return false;
		pthread_mutex_lock(&raw.lock);
		raw.bytes += (size_t)n;
		pthread_mutex_unlock(&raw.lock);
		g_string_append_len(in, buf, n);
		end = strstr(in->str, "\r\n\r\n");
		if (end == NULL)
			continue;
		length = strcasestr(in->str, "Content-Length:");
		want =
		    (size_t)(end + 4 - in->str) +
		    (length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0);
		if (in->len >= want)
			return true;
	}
}

static void *
raw_connection(void *arg)
{
	int fd = GPOINTER_TO_INT(arg);
	GString *in = g_string_new("");
	bool keep = true;

	while (keep && raw_read(fd, in)) {
		char **words = g_strsplit(in->str, " ", 3);

		pthread_mutex_lock(&raw.lock);
		g_hash_table_insert(raw.seen, g_strdup(words[1]),
		    GINT_TO_POINTER(
			GPOINTER_TO_INT(g_hash_table_lookup(raw.seen, words[1])) + 1));
		g_string_assign(raw.last, in->str);
		pthread_mutex_unlock(&raw.lock);
		keep = raw_answer(fd, words[1]);
		g_strfreev(words);
	}
	close(fd);
	g_string_free(in, TRUE);
	return NULL;
}

static void *
raw_main(void *arg)
{
	GPtrArray *threads = g_ptr_array_new();

	(void)arg;
	for (;;) {
		int fd = accept(raw.fd, NULL, NULL);
		pthread_t t;

		if (fd < 0)
			break;
		pthread_mutex_lock(&raw.lock);
		raw.connections++;
		pthread_mutex_unlock(&raw.lock);
		pthread_create(&t, NULL, raw_connection, GINT_TO_POINTER(fd));
		g_ptr_array_add(threads, (void *)t);
	}
	for (guint i = 0; i < threads->len; i++)
		pthread_join((pthread_t)threads->pdata[i], NULL);
	g_ptr_array_unref(threads);
	return NULL;
}

static int
raw_start(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof a;

	(void)state;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	raw.fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(raw.fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(raw.fd, 64) < 0)
		return -1;
	getsockname(raw.fd, (struct sockaddr *)&a, &len);
	raw.port = ntohs(a.sin_port);
	pthread_mutex_init(&raw.lock, NULL);
	raw.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	raw.last = g_string_new("");
	return pthread_create(&raw.thread, NULL, raw_main, NULL);
}

static int
raw_stop(void **state)
{
	(void)state;
	shutdown(raw.fd, SHUT_RDWR);
	pthread_join(raw.thread, NULL);
	close(raw.fd);
	g_hash_table_unref(raw.seen);
	g_string_free(raw.last, TRUE);
	return 0;
}

struct attempt {
	struct http_call call;
	struct world *w;
	char url[128];
	int guards, dones;
	bool no, started;
	char *body; /* a copy */
	char length[16]; /* of the head, a copy */
	int *open;  /* calls under way; the last one stops the loop */
};

static bool
attempt_guard(struct http_call *call)
{
	struct attempt *a = (struct attempt *)(void *)call;

	a->guards++;
	return !a->no;
}

static void
attempt_done(struct http_call *call)
{
	struct attempt *a = (struct attempt *)(void *)call;

	assert_true(a->started); /* never from inside http_start */
	a->dones++;
	if (call->body != NULL) {
		assert_int_equal(strlen(call->body), call->body_len);
		a->body = g_strdup(call->body);
	g_strlcpy(a->length, header_of(call->head, "content-length"), sizeof(a->length));
	}
	if (a->open == NULL || --*a->open == 0)
		loop_stop(a->w);
}

static struct attempt *
begin(struct world *w, const char *method, const char *path, const char *body)
{
	struct attempt *a = g_new0(struct attempt, 1);

	a->w = w;
	g_snprintf(a->url, sizeof a->url, "http://127.0.0.1:%d%s", raw.port, path);
	a->call.req = (struct http_req){ .method = method,
		.url = a->url,
		.body = body,
		.body_len = body != NULL ? strlen(body) : 0,
		.timeout = 5000,
		.internal = true };
	a->call.guard = attempt_guard;
	a->call.done = attempt_done;
	return a;
}

static void
finish(struct attempt *a)
{
	a->w->http_start(a->w, &a->call);
	a->started = true;
	loop_run(a->w);
	assert_int_equal(a->dones, 1);
	assert_null(a->call.impl);
	assert_null(strstr(a->call.error, "127.0.0.1"));
}

static void
release(struct attempt *a)
{
	g_free(a->body);
	g_free(a);
}

static void
answers(void **state)
{
	static const struct {
		const char *name, *method, *path, *body;
		enum http_end end;
		int status;
		ms_t retry_after;
		const char *error; /* part of it; NULL: none */
	} rows[] = {
		{ "get", "GET", "/ok", NULL, HTTP_ANSWERED, 200, 0, NULL },
		{ "post", "POST", "/post", "{}", HTTP_ANSWERED, 201, 0, NULL },
		{ "put", "PUT", "/post", "{}", HTTP_ANSWERED, 201, 0, NULL },
		{ "empty post", "POST", "/post", NULL, HTTP_ANSWERED, 201, 0, NULL },
		{ "head, then get on that handle", "HEAD", "/head", NULL, HTTP_ANSWERED,
		    200, 0, NULL },
		{ "get after head", "GET", "/ok", NULL, HTTP_ANSWERED, 200, 0, NULL },
		{ "redirect is not followed", "GET", "/redirect", NULL, HTTP_ANSWERED,
		    302, 0, NULL },
		{ "closed without a byte", "POST", "/fin", "x", HTTP_BROKEN, 0, 0, "" },
		{ "reset without a byte", "POST", "/rst", "x", HTTP_BROKEN, 0, 0, "" },
		{ "short body", "GET", "/short", NULL, HTTP_BROKEN, 0, 0, "" },
		{ "no HTTP", "GET", "/garbage", NULL, HTTP_BROKEN, 0, 0, "" },
		{ "cut in the head", "GET", "/halfhead", NULL, HTTP_BROKEN, 0, 0, "" },
		{ "broken chunk", "GET", "/badchunk", NULL, HTTP_BROKEN, 0, 0, "" },
		{ "256 KiB", "GET", "/cap", NULL, HTTP_ANSWERED, 200, 0, NULL },
		{ "one byte more", "GET", "/big", NULL, HTTP_BROKEN, 0, 0, "256 KiB" },
		{ "retry in seconds", "GET", "/retry", NULL, HTTP_ANSWERED, 429, 7000,
		    NULL },
		{ "retry is cut to a day", "GET", "/never", NULL, HTTP_ANSWERED, 503,
		    MS_DAY, NULL },
		{ "retry in the past", "GET", "/past", NULL, HTTP_ANSWERED, 503, 0,
		    NULL },
		{ "nothing is unpacked", "GET", "/gzip", NULL, HTTP_ANSWERED, 200, 0,
		    NULL },
	};
	struct world *w = new_world(NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct attempt *a = begin(w, rows[i].method, rows[i].path, rows[i].body);

		finish(a);
		if (a->call.end != rows[i].end || a->guards != 1 || a->call.refused ||
		    (a->call.end == HTTP_ANSWERED && a->call.status != rows[i].status) ||
		    a->call.retry_after != rows[i].retry_after ||
		    (rows[i].error == NULL) != (a->call.error[0] == '\0') ||
		    (rows[i].error != NULL &&
			strstr(a->call.error, rows[i].error) == NULL))
			fail_msg("%s: end %d status %d guards %d retry %lld error \"%s\"",
			    rows[i].name, a->call.end, a->call.status, a->guards,
			    (long long)a->call.retry_after, a->call.error);
		assert_int_equal(
		    a->call.date, strcmp(rows[i].method, "HEAD") == 0 ? 784111777000 : 0);
		if (strcmp(rows[i].path, "/gzip") == 0)
			assert_string_equal(a->body, "abcd");
		if (strcmp(rows[i].path, "/gzip") == 0)
			assert_string_equal(a->length, "4");
		release(a);
	}
	assert_int_equal(seen("/fin"), 1);
	assert_int_equal(seen("/rst"), 1);
	loop_free(w);
}

/* What the guard is for: without it libcurl repeats a POST it has written whole. */
static void
libcurl_repeats(void **state)
{
	char url[64];
	CURL *h = curl_easy_init();
	int before = seen("/fin");

	(void)state;
	curl_easy_setopt(h, CURLOPT_NOBODY, 0L);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, "x");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	g_snprintf(url, sizeof url, "http://127.0.0.1:%d/post", raw.port);
	curl_easy_setopt(h, CURLOPT_URL, url);
	assert_int_equal(curl_easy_perform(h), CURLE_OK);
	g_snprintf(url, sizeof url, "http://127.0.0.1:%d/fin", raw.port);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_perform(h);
	curl_easy_cleanup(h);
	assert_int_equal(seen("/fin") - before, 2);
}

static void
silent_repeat_is_stopped(void **state)
{
	static const char *const paths[] = { "/fin", "/rst" };
	struct world *w = new_world(NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		struct attempt *warm = begin(w, "POST", "/post", "x");
		struct attempt *a = begin(w, "POST", paths[i], "message");
		int before = seen(paths[i]);
		size_t before_it;

		finish(warm); /* leaves a kept connection */
		before_it = connections();
		finish(a);
		assert_int_equal(a->call.end, HTTP_BROKEN);
		assert_false(a->call.refused);
		assert_int_equal(a->guards, 1); /* ours is asked once */
		assert_string_not_equal(a->call.error, "");
		assert_true(connections() <= before_it + 1);
		release(warm);
		release(a);
		/* A further exchange would come behind a repeat. */
		warm = begin(w, "POST", "/post", "x");
		finish(warm);
		assert_int_equal(warm->call.end, HTTP_ANSWERED);
		release(warm);
		assert_int_equal(seen(paths[i]) - before, 1);
	}
	loop_free(w);
}

static void
guard_refusal_writes_nothing(void **state)
{
	struct world *w = new_world(NULL);
	struct attempt *a;
	size_t bytes;

	(void)state;
	for (int kept = 0; kept < 2; kept++) {
		if (kept) {
			a = begin(w, "GET", "/ok", NULL);
			finish(a);
			release(a);
		}
		pthread_mutex_lock(&raw.lock);
		bytes = raw.bytes;
		pthread_mutex_unlock(&raw.lock);
		a = begin(w, "POST", "/refused", "secret");
		a->no = true;
		finish(a);
		assert_int_equal(a->call.end, HTTP_NOT_WRITTEN);
		assert_true(a->call.refused);
		assert_int_equal(a->guards, 1);
		release(a);
		a = begin(w, "GET", "/ok", NULL);
		finish(a);
		release(a);
		pthread_mutex_lock(&raw.lock);
		assert_null(strstr(raw.last->str, "refused"));
		assert_true(raw.bytes - bytes < 200); /* one GET */
		pthread_mutex_unlock(&raw.lock);
	}
	assert_int_equal(seen("/refused"), 0);
	loop_free(w);
}

static void
not_written(void **state)
{
	static const struct {
		const char *name, *url;
		bool internal;
		const char *error;
	} rows[] = {
		{ "private address", "https://127.0.0.1:%d/", false, "private address" },
		{ "private name", "https://localhost:%d/", false, "private address" },
		{ "private IPv6", "https://[::1]:%d/", false, "private address" },
		{ "mapped IPv4", "https://[::ffff:10.1.2.3]:%d/", false,
		    "private address" },
		{ "plain http", "http://127.0.0.1:%d/", false, "protocol" },
		{ "https to a plain port", "https://127.0.0.1:%d/", true, "" },
		{ "nobody listens", "http://127.0.0.1:1/?%d", true, "" },
		{ "no URL", "%d", true, "URL" },
		{ "user in the URL", "http://a:b@127.0.0.1:%d/", true, "URL" },
		{ "other scheme", "ftp://127.0.0.1:%d/", true, "protocol" },
		{ "file", "file:///etc/hostname?%d", true, "protocol" },
	};
	struct world *w = new_world(NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct attempt *a = begin(w, "GET", "/", NULL);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		g_snprintf(a->url, sizeof a->url, rows[i].url, raw.port);
#pragma GCC diagnostic pop
		a->call.req.internal = rows[i].internal;
		finish(a);
		if (a->call.end != HTTP_NOT_WRITTEN || a->guards != 0 ||
		    a->call.refused || strcasestr(a->call.error, rows[i].error) == NULL ||
		    a->call.error[0] == '\0')
			fail_msg("%s: end %d guards %d error \"%s\"", rows[i].name,
			    a->call.end, a->guards, a->call.error);
		release(a);
	}
	loop_free(w);
}

static void
header_with_a_line_break(void **state)
{
	static const char *const headers[] = { "X-A: b\r\nX-C: d", NULL };
	struct world *w = new_world(NULL);
	struct attempt *a = begin(w, "GET", "/ok", NULL);

	(void)state;
	a->call.req.headers = headers;
	finish(a);
	assert_int_equal(a->call.end, HTTP_NOT_WRITTEN);
	release(a);
	loop_free(w);
}

static void
what_is_sent(void **state)
{
	static const char *const headers[] = { "X-One: 1",
		"Content-Type: application/json", NULL };
	struct world *w;
	struct attempt *a;
	char *body =
	    g_strnfill(1500000, 'b'); /* libcurl would ask "100-continue" first */

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	w = new_world(NULL);
	assert_null(getenv("http_proxy"));
	a = begin(w, "POST", "/post", body);
	a->call.req.headers = headers;
	finish(a);
	assert_int_equal(a->call.end, HTTP_ANSWERED);
	pthread_mutex_lock(&raw.lock);
	assert_null(strcasestr(raw.last->str, "\r\nExpect"));
	assert_null(strcasestr(raw.last->str, "\r\nAccept-Encoding"));
	assert_non_null(strstr(raw.last->str, "POST /post HTTP/1.1\r\n"));
	assert_non_null(strstr(raw.last->str, "\r\nX-One: 1\r\n"));
	assert_non_null(strstr(raw.last->str, "\r\nContent-Type: application/json\r\n"));
	pthread_mutex_unlock(&raw.lock);
	release(a);
	g_free(body);
	loop_free(w);
}

/* A header nobody asked for is one that no signature covers. */
static void
nothing_is_added(void **state)
{
	struct world *w = new_world(NULL);
	struct attempt *a = begin(w, "POST", "/post", "");
	bool posted, typed;

	(void)state;
	finish(a);
	assert_int_equal(a->call.end, HTTP_ANSWERED);
	pthread_mutex_lock(&raw.lock);
	posted = strstr(raw.last->str, "POST /post HTTP/1.1\r\n") != NULL;
	typed = strcasestr(raw.last->str, "\r\nContent-Type") != NULL;
	pthread_mutex_unlock(&raw.lock);
	assert_true(posted);
	assert_false(typed);
	release(a);
	loop_free(w);
}

static void
time_out(void **state)
{
	struct world *w = new_world(NULL);
	struct attempt *a = begin(w, "POST", "/slow", "x");

	(void)state;
	a->call.req.timeout = 150;
	finish(a);
	assert_int_equal(a->call.end, HTTP_BROKEN);
	assert_int_equal(a->guards, 1);
	release(a);
	loop_free(w);
}

static void
cancel_fire(struct timer *t)
{
	struct note *n = (struct note *)(void *)t;
	struct attempt *a = (struct attempt *)(void *)n->trace;

	n->w->http_cancel(n->w, &a->call);
	n->w->http_cancel(n->w, &a->call); /* once is enough */
	assert_int_equal(a->dones, 0);
}

static void
cancelling(void **state)
{
	struct world *w = new_world(NULL);
	struct attempt *a = begin(w, "POST", "/ok", "x");
	struct note n = { { cancel_fire, NULL }, w, NULL, 0, false, NULL };

	(void)state;
	w->http_start(w, &a->call); /* at once: nothing was written */
	w->http_cancel(w, &a->call);
	assert_int_equal(a->dones, 0);
	a->started = true;
	loop_run(w);
	assert_int_equal(a->dones, 1);
	assert_int_equal(a->call.end, HTTP_NOT_WRITTEN);
	release(a);

	a = begin(w, "POST", "/slow", "x"); /* after the guard: nobody knows */
	n.trace = (GString *)(void *)a;
	w->timer_set_boot(w, &n.timer, w->boot(w) + 150);
	finish(a);
	assert_int_equal(a->guards, 1);
	assert_int_equal(a->call.end, HTTP_BROKEN);
	release(a);

	a = begin(w, "POST", "/slow", "x"); /* and the end of the world */
	w->http_start(w, &a->call);
	a->started = true;
	loop_free(w);
	assert_int_equal(a->dones, 1);
	release(a);
}

static void
many_at_once(void **state)
{
	struct loop_options o = { .http_per_host = 8 };
	struct world *w = new_world(&o);
	struct attempt *a[200];
	size_t before = connections();
	int open = G_N_ELEMENTS(a);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(a); i++) {
		a[i] = begin(w, "POST", i % 2 ? "/ok" : "/post", "x");
		a[i]->open = &open;
		w->http_start(w, &a[i]->call);
		a[i]->started = true;
	}
	loop_run(w);
	for (size_t i = 0; i < G_N_ELEMENTS(a); i++) {
		assert_int_equal(a[i]->call.end, HTTP_ANSWERED);
		assert_int_equal(a[i]->call.status, i % 2 ? 200 : 201);
		assert_string_equal(a[i]->body, i % 2 ? "ok" : "");
		release(a[i]);
	}
	assert_true(connections() - before <= 8);
	loop_free(w);
}

/* ---- files, watches, workers ---- */

static void
files(void **state)
{
	char dir[] = "/tmp/world_test.XXXXXX", buf[16] = "";
	struct loop_options o = { .state_dir = mkdtemp(dir) };
	struct world *w = new_world(&o);
	struct err e = { 0 };
	struct file *f;
	char *path = g_build_filename(dir, "flight", NULL);
	struct stat st;

	(void)state;
	assert_null(w->files->open(w, "flight", false, &e));
	assert_int_equal(e.kind, ERR_NOTFOUND);
	f = w->files->open(w, "flight", true, &e);
	assert_non_null(f);
	assert_int_equal(w->files->pwrite(f, "hello", 5, 3, &e), 0);
	assert_int_equal(w->files->sync(f, &e), 0);
	assert_int_equal(w->files->pread(f, buf, sizeof buf, 3, &e), 5);
	assert_string_equal(buf, "hello");
	assert_int_equal(w->files->truncate(f, 4, &e), 0);
	assert_int_equal(w->files->pread(f, buf, sizeof buf, 0, &e), 4);
	w->files->close(f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	f = w->files->open(w, path, false, &e);
	assert_non_null(f);
	w->files->close(f);
	f = w->files->open(w, "/dev/full", false, &e);
	if (f != NULL) {
		assert_int_equal(w->files->pwrite(f, "x", 1, 0, &e), -1);
		assert_int_equal(e.kind, ERR_FULL);
		w->files->close(f);
	}
	unlink(path);
	rmdir(dir);
	g_free(path);
	loop_free(w);
}

struct tree {
	struct world *w;
	char *sub, *file;
	int changes;
	struct timer timer;
};

static void
tree_touch(struct timer *t)
{
	struct tree *tree =
	    (struct tree *)(void *)((char *)t - offsetof(struct tree, timer));

	assert_true(g_file_set_contents(tree->file, "x", 1, NULL));
	assert_true(g_file_set_contents(tree->file, "y", 1, NULL));
}

static void
tree_changed(void *arg)
{
	struct tree *tree = arg;

	if (++tree->changes == 1) /* the new directory is watched by now */
		tree->w->timer_set_boot(tree->w, &tree->timer, 0);
	else
		loop_stop(tree->w);
}

static void
watching(void **state)
{
	char dir[] = "/tmp/world_test.XXXXXX";
	struct world *w = new_world(NULL);
	struct tree tree = { .w = w, .timer = { .fire = tree_touch } };
	const char *dirs[] = { mkdtemp(dir), NULL };
	const char *missing[] = { "/nonexistent/dir", NULL };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(loop_watch(w, missing, tree_changed, &tree, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	tree.sub = g_build_filename(dir, "playbooks", NULL);
	tree.file = g_build_filename(tree.sub, "a.yaml", NULL);
	assert_int_equal(loop_watch(w, dirs, tree_changed, &tree, &e), 0);
	assert_int_equal(mkdir(tree.sub, 0700), 0);
	loop_run(w);
	assert_int_equal(tree.changes, 2); /* two writes close together are one change */
	unlink(tree.file);
	rmdir(tree.sub);
	rmdir(dir);
	g_free(tree.sub);
	g_free(tree.file);
	loop_free(w);
}

struct signals {
	struct world *w;
	int got;
};

static void
signalled(void *arg, int signum)
{
	struct signals *s = arg;

	s->got = signum;
	loop_stop(s->w);
}

static void
signals(void **state)
{
	static const int rows[] = { SIGTERM, SIGINT, SIGHUP };
	struct signals s = { 0 };
	struct loop_options o = { .signalled = signalled, .signal_arg = &s };

	(void)state;
	s.w = new_world(&o);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		raise(rows[i]);
		raise(SIGPIPE); /* nothing */
		loop_run(s.w);
		assert_int_equal(s.got, rows[i]);
	}
	loop_free(s.w);
}

int
main(void)
{
	/* Before there is a second thread: one of them forks. */
	const struct CMUnitTest here[] = {
		cmocka_unit_test(timers_in_order),
		cmocka_unit_test(timers_equal_instants),
		cmocka_unit_test(wall_at_a_speed),
		cmocka_unit_test(clocks_and_dice),
		cmocka_unit_test(groups),
		cmocka_unit_test(commit_full),
		cmocka_unit_test(commit_unknown_aborts),
		cmocka_unit_test(at_most_256_a_group),
		cmocka_unit_test(reader_is_apart),
		cmocka_unit_test(work_is_beside_the_loop),
		cmocka_unit_test(an_end_while_working),
		cmocka_unit_test(store_that_does_not_open),
	};
	const struct CMUnitTest abroad[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(libcurl_repeats),
		cmocka_unit_test(silent_repeat_is_stopped),
		cmocka_unit_test(guard_refusal_writes_nothing),
		cmocka_unit_test(not_written),
		cmocka_unit_test(header_with_a_line_break),
		cmocka_unit_test(what_is_sent),
		cmocka_unit_test(nothing_is_added),
		cmocka_unit_test(time_out),
		cmocka_unit_test(cancelling),
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(files),
		cmocka_unit_test(watching),
		cmocka_unit_test(signals),
	};

	log_sink(drop_line, NULL);
	return cmocka_run_group_tests(here, NULL, NULL) +
	       cmocka_run_group_tests(abroad, raw_start, raw_stop);
}
