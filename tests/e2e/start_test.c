/* start_test.c - what the real daemon does not start with, or starts frozen with: rows G
 * of the table of bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "daemon_of_test.h"

/* Starts what must not start: the code, and the text it said (g_free). */
static int
refused(char **text)
{
	int code;

	daemon_begin(d, NULL);
	code = daemon_end(d, 0);
	assert_true(g_file_get_contents(d->log, text, NULL, NULL));
	return code;
}

static void
must_refuse(const char *name, int code, const char *word)
{
	char *text;
	int got = refused(&text);

	if (got != code || strstr(text, word) == NULL)
		fail_msg(
		    "%s: exit %d, not %d with \"%s\": %s", name, got, code, word, text);
	g_free(text);
}

/* ---- refused at the start ---- */

#define GATEWAY                                              \
	"  - { name: g, type: http, channels: [push], url: " \
	"\"https://sms.example.com/s\", method: POST, "      \
	"body: x, success: { status: 200 }, settle: none, "

/* G1, G2, G3, G7: exit 1 with file and line, no directory made, no port opened. */
static void
bad_configuration(void **state)
{
	static const struct {
		const char *name, *more, *word;
	} rows[] = {
		{ "G1 unknown key", "listen: 1\n", "reachd.yaml:" },
		{ "G1 wrong type", "publish: [1]\n", "reachd.yaml:" },
		{ "G1 missing secret file",
		    GATEWAY
		    "headers: { A: \"{{ credential.gone }}\" } }\ncredentials: .\n",
		    "gone" },
		{ "G2 secret inline", GATEWAY "hook_secret: abcdefabcdefabcdef }\n",
		    "credential" },
		{ "G3 secret readable by others",
		    GATEWAY
		    "headers: { A: \"{{ credential.loose }}\" } }\ncredentials: DIR\n",
		    "chmod" },
	};

	(void)state;
	daemon_file(d, "loose", "secret-of-somebody");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char **parts = g_strsplit(rows[i].more, "DIR", 2),
		     *more = g_strjoinv(d->dir, parts);
		char *loose = g_build_filename(d->dir, "loose", NULL);

		assert_int_equal(g_chmod(loose, 0644), 0);
		daemon_config(d, more);
		must_refuse(rows[i].name, 1, rows[i].word);
		assert_false(daemon_says(d->log, "secret-of-somebody"));
		assert_false(daemon_says(d->log, "info started"));
		assert_int_not_equal(g_access(d->state, F_OK), 0);
		g_strfreev(parts);
		g_free(more);
		g_free(loose);
	}
}

/* G7: on all addresses only when it is said to be meant. */
static void
g7_open_to_all(void **state)
{
	char *path = g_build_filename(d->config, "reachd.yaml", NULL), *text = NULL,
	     **parts;

	(void)state;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	parts = g_strsplit(text, "public: \"127.0.0.1:", 2);
	g_free(text);
	text = g_strjoinv("public: \"0.0.0.0:", parts);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	must_refuse("G7", 1, "insecure: true");
	g_strfreev(parts);
	parts = g_strsplit(text, "listen: { ", 2);
	g_free(text);
	text = g_strjoinv("listen: { insecure: true, ", parts);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	daemon_start(d, NULL);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	g_strfreev(parts);
	g_free(text);
	g_free(path);
}

/* G5: the second one goes within a second and leaves the first alone. */
static void
g5_second_daemon(void **state)
{
	const char *argv[] = { daemon_binary, "run", "--config", d->config, NULL };
	char *log = g_build_filename(d->dir, "second.log", NULL);
	int64_t since;

	(void)state;
	daemon_start(d, NULL);
	since = daemon_boot();
	assert_int_equal(daemon_wait(daemon_spawn(argv, log, log)), 3);
	assert_in_range(daemon_boot() - since, 0, 1000);
	assert_true(daemon_says(log, "another reachd"));
	assert_int_equal(daemon_status(d->staff_port, "GET", "/v1/status", "", ""), 200);
	g_free(log);
}

/* A port that is taken: exit 3, and the state is free again. */
static void
port_taken(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)d->staff_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 1), 0);
	must_refuse("port", 3, "listening on 127.0.0.1");
	close(fd);
	daemon_start(d, NULL);
}

/* G6 */
static void
g6_newer_schema(void **state)
{
	sqlite3 *db;

	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	assert_int_equal(sqlite3_open(d->db, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	must_refuse("G6", 1, "newer reachd");
}

/* G12: by the shell's own means; the hard limit cannot be raised again. */
static void
g12_few_files(void **state)
{
	char *line = g_strdup_printf(
	    "ulimit -n 64; exec '%s' run --config '%s'", daemon_binary, d->config);
	char *log = g_build_filename(d->dir, "few.log", NULL);

	(void)state;
	assert_int_equal(daemon_wait(daemon_spawn(
			     (const char *[]){ "sh", "-c", line, NULL }, log, log)),
	    1);
	assert_true(daemon_says(log, "1024 are needed"));
	assert_true(daemon_says(log, "LimitNOFILE="));
	g_free(log);
	g_free(line);
}

/* The database without its key must not get another one. */
static void
lost_key(void **state)
{
	char *key = g_build_filename(d->state, "key", NULL);

	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
	assert_int_equal(g_unlink(key), 0);
	must_refuse("key", 1, "restore it");
	g_free(key);
}

/* ---- G4: a file system that only says what it is ---- */

/* The least of the FUSE protocol that statfs() needs. */
struct fuse_in {
	uint32_t len, opcode;
	uint64_t unique, node;
	uint32_t uid, gid, pid, pad;
};
struct fuse_out {
	uint32_t len;
	int32_t error;
	uint64_t unique;
};
enum { FUSE_GETATTR_ = 3, FUSE_STATFS_ = 17, FUSE_INIT_ = 26 };

static void
fuse_serve(int fd)
{
	struct {
		struct fuse_in head;
		char rest[1 << 17];
	} in;
	struct {
		struct fuse_out head;
		uint32_t words[32];
	} out;
	size_t body;

	while (read(fd, &in, sizeof(in)) >= (ssize_t)sizeof(in.head)) {
		memset(&out, 0, sizeof(out));
		body = 0;
		switch (in.head.opcode) {
		case FUSE_INIT_:
			out.words[0] = 7; /* protocol 7.12 */
			out.words[1] = 12;
			out.words[5] = 4096; /* max_write */
			body = 24;
			break;
		case FUSE_GETATTR_:
			out.words[4] = 1;               /* inode */
			out.words[19] = S_IFDIR | 0700; /* mode */
			out.words[20] = 2;
			body = 104;
			break;
		case FUSE_STATFS_:
			body = 80;
			break;
		default:
			out.head.error = -ENOSYS;
		}
		out.head.len = (uint32_t)(sizeof(out.head) + body);
		out.head.unique = in.head.unique;
		if (write(fd, &out, out.head.len) < 0)
			break;
	}
	_exit(0);
}

static void
g4_foreign_file_system(void **state)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[96];
	pid_t server;

	(void)state;
	assert_int_equal(g_mkdir(d->state, 0700), 0);
	g_snprintf(options, sizeof(options),
	    "fd=%d,rootmode=40700,user_id=%u,group_id=%u", fd, (unsigned)getuid(),
	    (unsigned)getgid());
	if (fd < 0 ||
	    mount("g4", d->state, "fuse.g4", MS_NODEV | MS_NOSUID, options) != 0) {
		print_message(
		    "skipped: FUSE may not be mounted here (%s)\n", g_strerror(errno));
		close(fd);
		skip();
	}
	server = fork();
	if (server == 0)
		fuse_serve(fd);
	close(fd);
	must_refuse("G4", 1, "FUSE: the state directory must be on a local disk");
	umount2(d->state, MNT_DETACH);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

/* ---- G8: a clock in 1970 ---- */

/* A clock of our own before the system's, whose offset stands in a file. */
static const char clock_source[] =
    "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <stdlib.h>\n#include <time.h>\n"
    "int clock_gettime(clockid_t id, struct timespec *t)\n{\n"
    "	static int (*real)(clockid_t, struct timespec *);\n"
    "	if (!real)\n		*(void **)&real = dlsym(RTLD_NEXT, \"clock_gettime\");\n"
    "	int rc = real(id, t);\n"
    "	if (id == CLOCK_REALTIME)\n		t->tv_sec += "
    "atol(getenv(\"CLOCK_OFF\"));\n"
    "	return rc;\n}\n";

static char *
clock_shim(void)
{
	char *c = g_build_filename(d->dir, "clock.c", NULL),
	     *so = g_build_filename(d->dir, "clock.so", NULL);
	const char *argv[] = { "cc", "-shared", "-fPIC", "-o", so, c, "-ldl", NULL };

	daemon_file(d, "clock.c", clock_source);
	assert_int_equal(daemon_wait(daemon_spawn(argv, NULL, NULL)), 0);
	g_free(c);
	return so;
}

static void
start_at(const char *shim, long off)
{
	char text[32];

	g_snprintf(text, sizeof(text), "%ld", off);
	g_setenv("CLOCK_OFF", text, TRUE);
	g_setenv("LD_PRELOAD", shim, TRUE);
	daemon_begin(d, NULL);
	g_unsetenv("LD_PRELOAD");
	UNTIL(daemon_up(d));
}

static bool
frozen(void)
{
	struct answer a;
	bool is;

	assert_int_equal(daemon_ask(d->staff_port, "GET", "/v1/status", "", "", &a), 200);
	is = strstr(a.body, "\"freezes\":[\"clock\"]") != NULL;
	answer_free(&a);
	return is;
}

static void
g8_wrong_clock(void **state)
{
	static const char reply[] = "{\"events\":[{\"id\":\"%d\",\"type\":\"reply\","
				    "\"from\":\"+8619900000001\",\"text\":\"TD\"}]}";
	const struct {
		const char *name, *why;
		long off;
		bool frozen;
	} rows[] = {
		{ "G8 1970", "before 2024", -(long)time(NULL) + 100, true },
		{ "right", NULL, 0, false },
		{ "a day back after that", "behind a time", -86400, true },
		{ "a minute on", NULL, 60, false },
		{ "two years on", "400 days ahead", 2 * 365 * 86400L, true },
		{ "right again", "behind a time", 0, true }, /* less than the minute on */
		{ "two minutes on", NULL, 120, false },
	};
	char *shim, text[160];

	(void)state;
	if (strstr(daemon_binary, "san/") != NULL)
		skip(); /* its runtime must be loaded first */
	shim = clock_shim();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer a;

		start_at(shim, rows[i].off);
		if (frozen() != rows[i].frozen ||
		    daemon_says(d->log, "clock_doubted") != rows[i].frozen ||
		    (rows[i].why != NULL && !daemon_says(d->log, rows[i].why)))
			fail_msg("%s", rows[i].name);
		/* what comes in is taken; what only the clock could judge is put off */
		g_snprintf(text, sizeof(text), reply, (int)i);
		assert_int_equal(daemon_hook(d, text), 200);
		if (rows[i].frozen) {
			assert_int_equal(daemon_event(d, "k",
					     "{\"id\":\"e\",\"customer\":\"c1\",\"type\":"
					     "\"visit\",\"at\":\"2001-01-01T00:00:00Z\"}",
					     &a),
			    503);
			answer_free(&a);
		}
		UNTIL(rows[i].frozen ||
		      daemon_count(
			  d, "SELECT count(*) FROM meta WHERE key = 'clock_mark'") == 1);
		assert_int_equal(daemon_end(d, SIGTERM), 0);
	}
	g_free(shim);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ROW(bad_configuration),
		ROW(g7_open_to_all),
		ROW(g5_second_daemon),
		ROW(port_taken),
		ROW(g6_newer_schema),
		ROW(g12_few_files),
		ROW(lost_key),
		ROW(g4_foreign_file_system),
		ROW(g8_wrong_clock),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
