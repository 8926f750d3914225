/* bench_run.c - the processes under measurement, and their clocks. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bench.h"

#define START_WITHIN 20000000 /* us */

static int64_t
clock_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
bench_now(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t
bench_cpu(void)
{
	return clock_us(CLOCK_THREAD_CPUTIME_ID);
}

int64_t
bench_cpu_of(pid_t pid)
{
	clockid_t id;

	if (clock_getcpuclockid(pid, &id) != 0)
		bench_die("the daemon has died: see reachd.log");
	return clock_us(id);
}

/* ---- setting up ---- */

static int
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&at, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		bench_die("find a free port");
	close(fd);
	return ntohs(at.sin_port);
}

static void
write_config(struct bench *b)
{
	char *file = g_build_filename(b->run_config, "reachd.yaml", NULL), *text,
	     address[32];
	const char *copy[] = { "cp", "-r", b->config, b->run_config, NULL };
	GString *s;

	bench_tool(b, copy, "cp.out");
	if (!g_file_get_contents(file, &text, NULL, NULL))
		bench_die("read reachd.yaml");
	s = g_string_new(text);
	snprintf(address, sizeof(address), "127.0.0.1:%d", b->sandbox_port);
	g_string_replace(s, "127.0.0.1:9", address, 0);
	snprintf(address, sizeof(address), "public: \"127.0.0.1:%d\"", b->public_port);
	g_string_replace(s, "public: \"127.0.0.1:0\"", address, 1);
	if (!g_file_set_contents(file, s->str, -1, NULL))
		bench_die("write reachd.yaml");
	g_string_free(s, TRUE);
	g_free(text);
	g_free(file);
}

void
bench_open(struct bench *b, const char *dir)
{
	const char *clear[] = { "rm", "-rf", dir, NULL };
	const char *runtime = g_getenv("RUNTIME_DIRECTORY");

	if (!g_spawn_sync(NULL, (char **)(uintptr_t)clear, NULL, G_SPAWN_SEARCH_PATH,
		NULL, NULL, NULL, NULL, NULL, NULL) ||
	    g_mkdir_with_parents(dir, 0700) != 0)
		bench_die("make the directory");
	b->dir = realpath(dir, NULL);
	b->state = g_build_filename(b->dir, "state", NULL);
	b->socket = g_build_filename(
	    runtime != NULL ? runtime : b->state, "reachd.sock", NULL);
	b->db = g_build_filename(b->state, "reachd.db", NULL);
	b->ledger = g_build_filename(b->dir, "ledger.jsonl", NULL);
	b->run_config = g_build_filename(b->dir, "config", NULL);
	b->sandbox_port = free_port();
	b->public_port = free_port();
	write_config(b);
}

/* ---- starting and stopping ---- */

pid_t
bench_spawn(struct bench *b, const char *const *argv, const char *output)
{
	char *path = g_build_filename(b->dir, output, NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	pid_t pid = fd < 0 ? -1 : fork();

	if (pid < 0)
		bench_die("start a process");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, 1);
		dup2(fd, 2);
		execvp(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	close(fd);
	g_free(path);
	return pid;
}

static void
await_word(struct bench *b, const char *file, const char *word)
{
	char *path = g_build_filename(b->dir, file, NULL);
	int64_t until = bench_now() + START_WITHIN;

	for (;;) {
		char *text = NULL;
		bool found = g_file_get_contents(path, &text, NULL, NULL) &&
			     strstr(text, word) != NULL;

		g_free(text);
		if (found)
			break;
		if (bench_now() > until)
			bench_die("a process does not start: see its log");
		g_usleep(2000);
	}
	g_free(path);
}

int64_t
bench_tool(struct bench *b, const char *const *argv, const char *output)
{
	struct rusage u;
	int status;

	if (wait4(bench_spawn(b, argv, output), &status, 0, &u) < 0 || status != 0)
		bench_die(argv[1]);
	return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	       u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

void
bench_sandbox(struct bench *b)
{
	char listen[32], *config = g_build_filename(b->run_config, "reachd.yaml", NULL);
	const char *argv[] = { b->reachd, "sandbox", "--listen", listen, "--ledger",
		b->ledger, "--people", "none", "--epoch", "2026-03-10T09:00:00+08:00",
		"--speed", "2", b->dialects ? "--config" : NULL, config, NULL };

	snprintf(listen, sizeof(listen), "127.0.0.1:%d", b->sandbox_port);
	b->sandbox = bench_spawn(b, argv, "sandbox.log");
	await_word(b, "sandbox.log", "listening");
	g_free(config);
}

void
bench_sandbox_stop(struct bench *b)
{
	kill(b->sandbox, SIGTERM);
	waitpid(b->sandbox, NULL, 0);
}

/* Twice as fast: only so can the wall be told where to begin. BENCH_UNDER="valgrind
 * --tool=callgrind" counts instructions, which a busy machine does not change. */
void
bench_start(struct bench *b, const char *wall, struct bench_life *life)
{
	char epoch[64];
	const char *under = g_getenv("BENCH_UNDER");
	const char *const own[] = { b->reachd, "run", "--config", b->run_config,
		"--state", b->state, "--epoch", epoch, "--speed", "2", NULL };
	char **argv = g_strsplit(under == NULL ? "" : under, " ", -1);
	GPtrArray *all = g_ptr_array_new();

	snprintf(epoch, sizeof(epoch), "2026-03-10T%s:00+08:00", wall);
	for (int i = 0; argv[i] != NULL; i++)
		g_ptr_array_add(all, argv[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		g_ptr_array_add(all, (char *)(uintptr_t)own[i]);
	life->pid = bench_spawn(b, (const char *const *)all->pdata, "reachd.log");
	g_ptr_array_unref(all);
	g_strfreev(argv);
	await_word(b, "reachd.log", "ready");
	life->cpu = bench_cpu_of(life->pid);
	life->since = bench_now();
}

void
bench_stop(struct bench_life *life)
{
	int status;

	kill(life->pid, SIGTERM);
	waitpid(life->pid, &status, 0);
	if (status != 0)
		bench_die("the daemon did not stop well: see reachd.log");
}

void
bench_await(struct bench *b, const char *sql, int64_t wanted)
{
	int64_t got = -1;
	sqlite3_stmt *q;
	sqlite3 *db;

	if (sqlite3_open_v2(b->db, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		bench_die("read the database");
	for (int64_t until = bench_now() + 120000000; got != wanted; g_usleep(20000)) {
		if (sqlite3_step(q) == SQLITE_ROW)
			got = sqlite3_column_int64(q, 0);
		sqlite3_reset(q);
		if (bench_now() > until)
			bench_die(sql);
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
}
