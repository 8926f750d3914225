/* kills.c - R1: the daemon is killed again and again, and nothing is sent twice, lost,
 * or sent against a rule.
 *
 *	kills REACHD CONFIG DIR KILLS [SEED]
 *
 * The real binary against the real sandbox with 30% faults, over HTTP, with kill -9
 * after 4 to 120 ms: three of four times counted from the moment it works, else from
 * its birth. Then the faults end, everything settles, and the sandbox's ledger is
 * compared with the database. The wall runs 120 times as fast, without a step back
 * between two lives. Below 100 kills the test does not wait for the two minutes a
 * query needs before "not found" means anything; what is open then is counted apart. */
#include "kills.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

/* 2026-03-10 10:29 in China: SMS may go until 10:40, the rest until 10:49. */
#define KILLS_EPOCH INT64_C(1773109740000)
#define PATIENT_FROM 100   /* kills */
#define START_WITHIN 20000 /* ms */
/* The list enters at 10:28; the import is done in the twenty minutes before 10:29. */
#define IMPORT_WITHIN 10000 /* ms */

static const char faults[] =
    "{\"error_before\":0.03,\"error_after\":0.05,\"timeout_before\":0.02,"
    "\"timeout_after\":0.03,\"drop_before\":0.03,\"drop_after\":0.05,\"cut\":0.04,"
    "\"garbage\":0.03,\"slow\":0.03,\"throttle\":0.01,\"refuse\":0.01,"
    "\"timeout_ms\":400,\"slow_ms\":60}";

ms_t
kills_boot(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (ms_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

ms_t
kills_real(void)
{
	return g_get_real_time() / 1000;
}

char *
kills_wall(const struct kills *k, char buf[CLOCK_TEXT])
{
	clock_format(KILLS_EPOCH + KILLS_SPEED * (kills_boot() - k->boot), 480, buf);
	return buf;
}

char *
kills_path(const struct kills *k, const char *name)
{
	return g_build_filename(k->dir, name, NULL);
}

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "kills: %s\n", what);
	exit(1);
}

static void
nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* ---- files ---- */

static void
run_tool(const char *const *argv)
{
	int status;

	if (!g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
		NULL, NULL, NULL, &status, NULL) ||
	    status != 0)
		die(argv[0]);
}

/* The sandbox's port takes the place of 127.0.0.1:1. */
static void
write_config(const struct kills *k, const char *config, const char *address)
{
	char *to = kills_path(k, "config"), *text, *file;
	const char *clear[] = { "rm", "-rf", to, NULL },
		   *copy[] = { "cp", "-r", config, to, NULL };
	GString *s;

	run_tool(clear);
	run_tool(copy);
	file = g_build_filename(to, "reachd.yaml", NULL);
	if (!g_file_get_contents(file, &text, NULL, NULL))
		die("read reachd.yaml");
	s = g_string_new(text);
	g_string_replace(s, "127.0.0.1:1\"", address, 0);
	if (!g_file_set_contents(file, s->str, -1, NULL))
		die("write reachd.yaml");
	g_string_free(s, TRUE);
	g_free(text);
	g_free(file);
	g_free(to);
}

/* Every tenth of the list shares his number with the one before him. */
static void
write_customers(const struct kills *k)
{
	GString *s = g_string_new("id,name,phone,email,wecom,push,tier,consent,tags\n");
	char *path = kills_path(k, "customers.csv");

	for (int i = 0; i < KILLS_ENTERED; i++)
		g_string_append_printf(s,
		    "K%05d,客户,154%08d,k%05d@example.com,wk%05d,pk%05d,%s,marketing,"
		    "kills\n",
		    i, i % 10 == 9 ? i - 1 : i, i, i, i,
		    i / 10 % 2 == 0 ? "high" : "low");
	for (int i = 0; i < KILLS_VISITORS; i++)
		g_string_append_printf(s,
		    "V%05d,客户,154%08d,v%05d@example.com,wv%05d,pv%05d,high,marketing,"
		    "\n",
		    i, 100000 + i, i, i, i);
	if (!g_file_set_contents(path, s->str, -1, NULL))
		die("write the customers");
	g_string_free(s, TRUE);
	g_free(path);
}

/* ---- processes ---- */

/* Standard error goes to `log`, or to a pipe whose other end is *err. */
static pid_t
spawn(const struct kills *k, const char *const *argv, const char *log, int *err)
{
	char *path = kills_path(k, log);
	int fds[2] = { -1, -1 },
	    out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	pid_t pid = -1;

	if (out < 0 || (err != NULL && pipe2(fds, O_CLOEXEC) != 0) || (pid = fork()) < 0)
		die("start a process");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out, 1);
		dup2(err != NULL ? fds[1] : out, 2);
		execv(k->reachd, (char **)(uintptr_t)argv);
		_exit(127);
	}
	close(out);
	if (err != NULL) {
		close(fds[1]);
		*err = fds[0];
	}
	g_free(path);
	return pid;
}

static pid_t
start_sandbox(const struct kills *k, const char *listen, const char *faults_file)
{
	char epoch[CLOCK_TEXT], anchor[32], speed[16];
	const char *argv[] = { k->reachd, "sandbox", "--listen", listen, "--ledger",
		k->ledger, "--people", "none", "--epoch", epoch, "--anchor", anchor,
		"--speed", speed, faults_file != NULL ? "--faults" : NULL, faults_file,
		NULL };

	clock_format(KILLS_EPOCH, 480, epoch);
	snprintf(anchor, sizeof(anchor), "%" G_GINT64_FORMAT, k->boot);
	snprintf(speed, sizeof(speed), "%d", KILLS_SPEED);
	return spawn(k, argv, "sandbox.log", NULL);
}

/* "sandbox listening on HOST:PORT, ..." */
static char *
sandbox_address(const struct kills *k)
{
	char *path = kills_path(k, "sandbox.log"), *text = NULL, *at = NULL;

	for (int i = 0; at == NULL && i < START_WITHIN / 20; i++) {
		nap(20);
		g_free(text);
		text = NULL;
		if (g_file_get_contents(path, &text, NULL, NULL))
			at = strstr(text, "listening on ");
	}
	if (at == NULL || strchr(at, ',') == NULL)
		die("the sandbox does not start: see sandbox.log");
	at += strlen("listening on ");
	at = g_strndup(at, strcspn(at, ","));
	g_free(text);
	g_free(path);
	return at;
}

static pid_t
start_daemon(const struct kills *k, int *err)
{
	char *config = kills_path(k, "config"), *state = kills_path(k, "state");
	char epoch[CLOCK_TEXT], speed[16];
	const char *argv[] = { k->reachd, "run", "--config", config, "--state", state,
		"--epoch", epoch, "--speed", speed, NULL };
	pid_t pid;

	kills_wall(k, epoch);
	snprintf(speed, sizeof(speed), "%d", KILLS_SPEED);
	pid = spawn(k, argv, "reachd.out", err);
	g_free(config);
	g_free(state);
	return pid;
}

/* Keeps the daemon's log, so that its pipe is never full. Returns at `until` (boot
 * clock), or as soon as a line contains `word`; false when the log has ended. */
static bool
follow(FILE *log, int fd, const char *word, ms_t until)
{
	char buf[8192];
	ssize_t n;
	ms_t left;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((left = until - kills_boot()) > 0) {
		n = read(fd, buf, sizeof(buf) - 1);
		if (n == 0)
			return false;
		if (n < 0) {
			nap(MIN(left, 1));
			continue;
		}
		buf[n] = '\0';
		fwrite(buf, 1, (size_t)n, log);
		if (word != NULL && strstr(buf, word) != NULL)
			return true;
	}
	return word == NULL;
}

/* 0: it was still alive to be killed. */
static int
kill_daemon(FILE *log, pid_t pid, int err)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	follow(log, err, "\x01", kills_boot() + 1000);
	close(err);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return 0;
	fprintf(stderr, "kills: the daemon died by itself (status %d): see reachd.log\n",
	    status);
	return 1;
}

static int
one_life(const struct kills *k, FILE *log, GRand *dice)
{
	int err, span = g_rand_int_range(dice, 4, 121);
	pid_t pid = start_daemon(k, &err);

	if (g_rand_int_range(dice, 0, 4) > 0)
		follow(log, err, "started", kills_boot() + START_WITHIN);
	follow(log, err, NULL, kills_boot() + span);
	return kill_daemon(log, pid, err);
}

/* ---- the run ---- */

static void
import(const struct kills *k, FILE *log)
{
	char *file = kills_path(k, "customers.csv");
	const char *argv[] = { k->reachd, "import", "customers", file, "--socket",
		k->socket, NULL };
	int err, status;
	pid_t daemon = start_daemon(k, &err), pid;

	if (!follow(log, err, "ready", kills_boot() + START_WITHIN))
		die("the daemon does not start: see reachd.log");
	pid = spawn(k, argv, "import.log", NULL);
	while (waitpid(pid, &status, WNOHANG) == 0)
		follow(log, err, NULL, kills_boot() + 5);
	if (status != 0)
		die("the import failed: see import.log");
	kill_daemon(log, daemon, err);
	g_free(file);
}

/* How much is not settled yet; -1: the database is busy. */
static int
unsettled(const struct kills *k)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	int n = -1;

	if (sqlite3_open_v2(k->db, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db,
		"SELECT (SELECT count(*) FROM msg WHERE state IN (0, 1, 9)) +"
		" (SELECT count(*) FROM run WHERE state = 0)",
		-1, &q, NULL) == SQLITE_OK) {
		if (sqlite3_step(q) == SQLITE_ROW)
			n = sqlite3_column_int(q, 0);
		sqlite3_finalize(q);
	}
	sqlite3_close(db);
	return n;
}

/* One last life, without faults, until nothing is open or patience ends. */
static int
settle(const struct kills *k, FILE *log, ms_t patience)
{
	int err, status;
	pid_t pid = start_daemon(k, &err);
	ms_t until = kills_boot() + patience;

	follow(log, err, "ready", kills_boot() + START_WITHIN);
	while (unsettled(k) != 0 && kills_boot() < until)
		if (!follow(log, err, NULL, kills_boot() + 200))
			break;
	kill(pid, SIGTERM);
	follow(log, err, "\x01", kills_boot() + START_WITHIN);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(err);
	if (status == 0)
		return 0;
	fprintf(stderr, "kills: the daemon did not stop by itself (status %d)\n", status);
	return 1;
}

static void
setup(struct kills *k, const char *dir)
{
	const char *clear[] = { "rm", "-rf", dir, NULL };
	char *path;

	run_tool(clear);
	if (g_mkdir_with_parents(dir, 0700) != 0)
		die("make the directory");
	k->dir = realpath(dir, NULL);
	k->ledger = kills_path(k, "ledger.jsonl");
	k->socket = kills_path(k, "state/reachd.sock");
	k->db = kills_path(k, "state/reachd.db");
	k->boot = kills_boot() + IMPORT_WITHIN;
	k->acked.events = g_ptr_array_new();
	k->acked.receipts = g_ptr_array_new();
	k->acked.stops = g_hash_table_new(g_str_hash, g_str_equal);
	path = kills_path(k, "faults.json");
	if (!g_file_set_contents(path, faults, -1, NULL))
		die("write the faults");
	g_free(path);
	write_customers(k);
}

int
main(int argc, char **argv)
{
	struct kills k = { .reachd = argc > 1 ? argv[1] : "" };
	struct kills_verdict v = { 0 };
	int kills = argc > 4 ? atoi(argv[4]) : 0, status, deaths = 0;
	char *address, *quoted, *faults_file, *log_path;
	GRand *dice = g_rand_new_with_seed(argc > 5 ? (guint32)atoi(argv[5]) : 1);
	pid_t sandbox;
	FILE *log;

	if (argc < 5)
		die("usage: kills REACHD CONFIG DIR KILLS [SEED]");
	signal(SIGPIPE, SIG_IGN);
	setup(&k, argv[3]);
	faults_file = kills_path(&k, "faults.json");
	log_path = kills_path(&k, "reachd.log");
	log = fopen(log_path, "w");
	if (log == NULL)
		die("write reachd.log");
	write_config(&k, argv[2], "127.0.0.1:1\"");
	import(&k, log);
	k.boot = kills_boot();
	sandbox = start_sandbox(&k, "127.0.0.1:0", faults_file);
	address = sandbox_address(&k);
	quoted = g_strconcat(address, "\"", NULL);
	write_config(&k, argv[2], quoted);
	kills_feed_start(&k);
	for (int i = 0; i < kills; i++)
		deaths += one_life(&k, log, dice);
	kills_feed_stop();
	kill(sandbox, SIGTERM);
	waitpid(sandbox, &status, 0);
	sandbox = start_sandbox(&k, address, NULL);
	nap(200);
	deaths += settle(&k, log, kills < PATIENT_FROM ? 9000 : 400000);
	kill(sandbox, SIGTERM);
	waitpid(sandbox, &status, 0);
	fclose(log);
	kills_judge(&k, kills >= PATIENT_FROM, &v);
	v.violations += deaths;
	fprintf(stderr,
	    "acknowledged: %u events, %u receipts, %u stop words; open by protocol: %d\n",
	    k.acked.events->len, k.acked.receipts->len, g_hash_table_size(k.acked.stops),
	    v.open);
	printf("kills=%d sent=%d twice=%d lost=%d violations=%d\n", kills, v.sent,
	    v.twice, v.lost, v.violations);
	g_free(log_path);
	g_free(faults_file);
	g_free(quoted);
	g_free(address);
	g_rand_free(dice);
	return v.twice != 0 || v.lost != 0 || v.violations != 0;
}
