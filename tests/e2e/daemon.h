/* daemon.h - the built reachd as a process: started, asked over its sockets, stopped.
 *
 * Each struct daemon has a directory of its own with configuration, state and
 * log; daemon_free() stops it and removes all. Waiting is for a condition, with a
 * deadline, never for a time. Include after cmocka.h. */
#ifndef TESTS_E2E_DAEMON_H
#define TESTS_E2E_DAEMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#define DEADLINE 120000 /* ms, for what takes far less */

struct daemon {
	char *dir, *config, *state, *socket, *db, *log, *ledger;
	int public_port, staff_port, gateway_port, smtp_port;
	pid_t pid, gateway;
};

struct answer {
	int status;
	char *head, *body;
};

static char daemon_binary[PATH_MAX];
static const char *daemon_own; /* the socket of the daemon made last */

/* ---- time ---- */

static inline int64_t
daemon_boot(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline bool
daemon_pause(int64_t since)
{
	nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	return daemon_boot() - since < DEADLINE;
}

/* Looks again and again until it is so. */
#define UNTIL(condition)                                                                 \
	do {                                                                             \
		int64_t since_ = daemon_boot();                                          \
		while (!(condition))                                                     \
			if (!daemon_pause(since_))                                       \
				fail_msg(                                                \
				    "%s:%d: never: %s", __FILE__, __LINE__, #condition); \
	} while (0)

/* ---- files ---- */

static inline void
daemon_file(const struct daemon *d, const char *name, const char *text)
{
	char *path = g_build_filename(d->dir, name, NULL),
	     *dir = g_path_get_dirname(path);

	assert_int_equal(g_mkdir_with_parents(dir, 0700), 0);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	g_free(dir);
	g_free(path);
}

static inline bool
daemon_says(const char *path, const char *text)
{
	char *all = NULL;
	bool has;

	if (!g_file_get_contents(path, &all, NULL, NULL))
		return false;
	has = strstr(all, text) != NULL;
	g_free(all);
	return has;
}

/* ---- processes ---- */

/* argv ends with NULL. Output goes to the file `out`, errors to `err`; NULL: nowhere. */
static inline pid_t
daemon_spawn(const char *const *argv, const char *out, const char *err)
{
	const char *to[] = { out, err };
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
	for (int i = 0; i < 2; i++) {
		int fd = open(to[i] != NULL ? to[i] : "/dev/null",
		    O_WRONLY | O_CREAT | O_APPEND, 0600);

		dup2(fd, i + 1);
	}
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* The exit code, or 128 + the signal. */
static inline int
daemon_wait(pid_t pid)
{
	int status = 0;
	pid_t got;

	UNTIL((got = waitpid(pid, &status, WNOHANG)) != 0);
	assert_int_equal(got, pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs `reachd` with these words to its end; what it printed is in *text (g_free). */
static inline int
daemon_tool(const struct daemon *d, char **text, const char *const *words)
{
	char *path = g_build_filename(d->dir, "tool.txt", NULL);
	const char *argv[16] = { daemon_binary };
	int code, n = 1;

	while (*words != NULL)
		argv[n++] = *words++;
	g_unlink(path);
	code = daemon_wait(daemon_spawn(argv, path, path));
	assert_true(g_file_get_contents(path, text, NULL, NULL));
	g_free(path);
	return code;
}

/* ---- a daemon and its directory ---- */

/* One of a few of this process's own, below those that the system gives to clients. Kept
 * open by nobody; another process may take it before we do, and then the start fails. */
static inline int
daemon_port(void)
{
	static unsigned next;
	unsigned own = 20000 + (unsigned)getpid() % 1500 * 8;

	for (int i = 0; i < 1000; i++) {
		struct sockaddr_in a = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		unsigned port = own + next++ % 8 + (unsigned)(i / 8);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool free_;

		a.sin_port = htons((uint16_t)port);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
		free_ = bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0;
		close(fd);
		if (free_)
			return (int)port;
	}
	fail_msg("no port is free");
	return -1;
}

static inline void
daemon_config(const struct daemon *d, const char *more)
{
	char *text = g_strdup_printf(
	    "entity: { name: 示例汽车服务, tz: Asia/Shanghai }\n"
	    "state: %s\n"
	    "listen: { public: \"127.0.0.1:%d\", staff: \"127.0.0.1:%d\" }\n"
	    "public_url: http://localhost:%d\n"
	    "providers:\n"
	    "  - { name: demo, type: sandbox, channels: [sms, email], url: "
	    "\"http://127.0.0.1:%d\", internal: true, rate: 500/s, settle: "
	    "idempotency_key, signature: 示例汽车服务, optout_suffix: 拒收请回复R }\n%s",
	    d->state, d->public_port, d->staff_port, d->public_port, d->gateway_port,
	    more);

	daemon_file(d, "config/reachd.yaml", text);
	g_free(text);
}

#define DAEMON_HELLO                                                       \
	"playbook: hello\n"                                                \
	"title: 到店\n"                                                  \
	"category: service\n"                                              \
	"priority: 50\n"                                                   \
	"status: live\n"                                                   \
	"start: { on: visit }\n"                                           \
	"steps:\n"                                                         \
	"  - { id: thanks, after: 1m, send: hello/thanks, expires: 3d }\n" \
	"  - { id: letter, after: 1m, send: hello/letter, expires: 3d }\n"

static inline struct daemon *
daemon_new(const char *dir)
{
	struct daemon *d = g_new0(struct daemon, 1);

	d->dir = dir != NULL ? g_strdup(dir) : g_dir_make_tmp("reachd-e2e-XXXXXX", NULL);
	assert_non_null(d->dir);
	d->config = g_build_filename(d->dir, "config", NULL);
	d->state = g_build_filename(d->dir, "state", NULL);
	d->socket = g_build_filename(d->state, "reachd.sock", NULL);
	daemon_own = d->socket;
	d->db = g_build_filename(d->state, "reachd.db", NULL);
	d->log = g_build_filename(d->dir, "log", NULL);
	d->ledger = g_build_filename(d->dir, "ledger", NULL);
	d->public_port = daemon_port();
	d->staff_port = daemon_port();
	d->gateway_port = daemon_port();
	d->smtp_port = daemon_port();
	daemon_config(d, "");
	daemon_file(d, "config/policy.yaml",
	    "quiet: [{ id: night, from: \"02:00\", to: \"03:00\" }]\n"
	    "tiers: { high: { cap: 12 }, low: { cap: 12 } }\n"
	    "min_gap: none\nservice: { per_day: 50, per_month: 500 }\n"
	    "launch: { countdown: off, ramp: off }\n");
	daemon_file(d, "config/playbooks/hello.yaml", DAEMON_HELLO);
	daemon_file(d, "config/templates/sms/hello/thanks.liquid",
	    "---\ntitle: thanks\nchannel: sms\ncategory: service\n---\n"
	    "{{ customer.id }} {{ \"https://www.example.com/book\" | short_link }}\n");
	daemon_file(d, "config/templates/email/hello/letter.liquid",
	    "---\ntitle: letter\nchannel: email\ncategory: service\nsubject: "
	    "letter\n---\n"
	    "<p>{{ customer.id }} <a href=\"{{ message.unsubscribe }}\">退订</a></p>\n");
	return d;
}

/* extra: further words, ends with NULL; or NULL. */
static inline void
daemon_begin(struct daemon *d, const char *const *extra)
{
	const char *argv[16] = { daemon_binary, "run", "--config", d->config };
	int n = 4;

	while (extra != NULL && *extra != NULL)
		argv[n++] = *extra++;
	g_unlink(d->log);
	d->pid = daemon_spawn(argv, d->log, d->log);
}

static inline bool
daemon_up(struct daemon *d)
{
	int status;

	if (waitpid(d->pid, &status, WNOHANG) == d->pid) {
		char *text = NULL;

		d->pid = 0;
		g_file_get_contents(d->log, &text, NULL, NULL);
		fail_msg("reachd did not start: %s", text);
	}
	return daemon_says(d->log, "info ready");
}

static inline void
daemon_start(struct daemon *d, const char *const *extra)
{
	daemon_begin(d, extra);
	UNTIL(daemon_up(d));
}

/* The exit code, or 128 + the signal that ended it. */
static inline int
daemon_end(struct daemon *d, int signum)
{
	int code;

	if (signum != 0)
		kill(d->pid, signum);
	code = daemon_wait(d->pid); /* one that does not end is left to daemon_free() */
	d->pid = 0;
	return code;
}

static inline void
daemon_gateway(struct daemon *d, const char *const *clock)
{
	char *listen = g_strdup_printf("127.0.0.1:%d", d->gateway_port);
	const char *argv[16] = { daemon_binary, "sandbox", "--people", "none", "--listen",
		listen, "--ledger", d->ledger };
	char *log = g_build_filename(d->dir, "gateway.log", NULL);
	int n = 8;

	while (clock != NULL && *clock != NULL)
		argv[n++] = *clock++;
	d->gateway = daemon_spawn(argv, log, log);
	g_free(listen);
	g_free(log);
}

static inline void
daemon_free(struct daemon *d)
{
	pid_t pids[] = { d->pid, d->gateway };
	char *argv[] = { (char *)(uintptr_t) "rm", (char *)(uintptr_t) "-rf", d->dir,
		NULL };

	for (int i = 0; i < 2; i++)
		if (pids[i] > 0) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	g_spawn_sync(
	    NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
	g_free(d->dir);
	g_free(d->config);
	g_free(d->state);
	g_free(d->socket);
	g_free(d->db);
	g_free(d->log);
	g_free(d->ledger);
	g_free(d);
}

/* ---- HTTP, a connection a request ---- */

/* In place of a port: the Unix socket of the daemon made last, by which this user is its
 * admin. Over TCP nobody is anybody without a token. */
#define DAEMON_OWN 0
static inline int
daemon_connect_own(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(a.sun_path, daemon_own, sizeof(a.sun_path));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ DEADLINE / 1000, 0 },
	    sizeof(struct timeval));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail_msg("%s: %s", daemon_own, g_strerror(errno));
	return fd;
}

static inline int
daemon_connect(int port)
{
	if (port == DAEMON_OWN)
		return daemon_connect_own();

	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ DEADLINE / 1000, 0 },
	    sizeof(struct timeval));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail_msg("port %d: %s", port, g_strerror(errno));
	return fd;
}

static inline bool
daemon_open(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool open = connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	close(fd);
	return open;
}

/* headers: each with its line end. */
static inline int
daemon_send(int port, const char *method, const char *path, const char *headers,
    const char *body, size_t len)
{
	GString *s = g_string_new(NULL);
	int fd = daemon_connect(port);

	g_string_printf(s,
	    "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s", method,
	    path, port, headers);
	if (strcmp(method, "POST") == 0)
		g_string_append_printf(s, "Content-Length: %zu\r\n", len);
	g_string_append(s, "\r\n");
	g_string_append_len(s, body, (gssize)len);
	for (size_t at = 0; at < s->len;) {
		ssize_t n = send(fd, s->str + at, s->len - at, MSG_NOSIGNAL);

		if (n <= 0)
			break; /* refused before the end: the answer tells */
		at += (size_t)n;
	}
	g_string_free(s, TRUE);
	return fd;
}

static inline void
daemon_receive(int fd, struct answer *a)
{
	GString *s = g_string_new(NULL);
	char buf[4096], *end;
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		g_string_append_len(s, buf, n);
	close(fd);
	end = strstr(s->str, "\r\n\r\n");
	if (end == NULL)
		fail_msg("no whole answer: \"%s\"", s->str);
	*a = (struct answer){ atoi(s->str + strlen("HTTP/1.1 ")),
		g_strndup(s->str, (gsize)(end - s->str)), g_strdup(end + 4) };
	g_string_free(s, TRUE);
}

static inline void
answer_free(struct answer *a)
{
	g_free(a->head);
	g_free(a->body);
}

static inline int
daemon_ask(int port, const char *method, const char *path, const char *headers,
    const char *body, struct answer *a)
{
	daemon_receive(daemon_send(port, method, path, headers, body, strlen(body)), a);
	return a->status;
}

/* The status alone. */
static inline int
daemon_status(
    int port, const char *method, const char *path, const char *headers, const char *body)
{
	struct answer a;
	int status = daemon_ask(port, method, path, headers, body, &a);

	answer_free(&a);
	return status;
}

#define JSON_HEADER "Content-Type: application/json\r\n"

static inline int
daemon_event(const struct daemon *d, const char *key, const char *body, struct answer *a)
{
	char *headers = g_strdup_printf(JSON_HEADER "Idempotency-Key: %s\r\n", key);
	int status = daemon_ask(d->staff_port, "POST", "/v1/events", headers, body, a);

	g_free(headers);
	return status;
}

static inline int
daemon_hook(const struct daemon *d, const char *body)
{
	return daemon_status(
	    d->public_port, "POST", "/hooks/sandbox/demo", JSON_HEADER, body);
}

/* ---- what it remembers ---- */

/* One number from the database, beside the running daemon. */
static inline int64_t
daemon_count(const struct daemon *d, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	int64_t n = -1;

	if (sqlite3_open_v2(d->db, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db, 5000);
		sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
		    sqlite3_step(q) == SQLITE_ROW)
			n = sqlite3_column_int64(q, 0);
		else
			print_error("%s: %s\n", sql, sqlite3_errmsg(db));
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

/* Customers c0..c(n-1) as CSV; numbers of nobody. */
static inline char *
daemon_customers(int n)
{
	GString *s = g_string_new("id,name,phone,email,push,consent\n");

	for (int i = 0; i < n; i++)
		g_string_append_printf(
		    s, "c%d,李静,+861990%07d,c%d@example.com,device-%d,service\n", i, i, i, i);
	return g_string_free(s, FALSE);
}

static inline int
daemon_import(const struct daemon *d, int n)
{
	char *csv = daemon_customers(n), *text = NULL,
	     *path = g_build_filename(d->dir, "c.csv", NULL);
	int code;

	daemon_file(d, "c.csv", csv);
	code = daemon_tool(d, &text,
	    (const char *[]){ "import", "customers", path, "--socket", d->socket, NULL });
	if (code != 0)
		print_error("%s", text);
	g_free(text);
	g_free(path);
	g_free(csv);
	return code;
}

/* First in main(): finds the binary beside the tests. */
static inline void
daemon_find(const char *argv0)
{
	char *path = realpath(argv0, NULL), *dir = path;

	if (path == NULL)
		exit(2);
	for (int i = 0; i < 3; i++) /* tests/e2e/NAME */
		dir = dirname(dir);
	g_snprintf(daemon_binary, sizeof(daemon_binary), "%s/reachd", dir);
	free(path);
	signal(SIGPIPE, SIG_IGN);
}

#endif
