/* service_test.c - the running daemon and who speaks to it: service manager, signals,
 * reload, verbs: rows G10, K and Y29 of the table of bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon_of_test.h"

/* ---- the service manager ---- */

static int
notify_socket(char *path, size_t n)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_snprintf(path, n, "%s/notify", d->dir);
	g_strlcpy(a.sun_path, path, sizeof(a.sun_path));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ DEADLINE / 1000, 0 },
	    sizeof(struct timeval));
	return fd;
}

/* Reads until a message holds the text. */
static void
hear(int fd, const char *text)
{
	char buf[1024];
	ssize_t n;

	do {
		n = recv(fd, buf, sizeof(buf) - 1, 0);
		if (n < 0)
			fail_msg("never heard %s", text);
		buf[n] = '\0';
	} while (strstr(buf, text) == NULL);
}

static void
service_manager(void **state)
{
	char path[108];
	int fd = notify_socket(path, sizeof(path));

	(void)state;
	g_setenv("NOTIFY_SOCKET", path, TRUE);
	g_setenv("WATCHDOG_USEC", "3000000", TRUE);
	daemon_begin(d, NULL);
	g_unsetenv("NOTIFY_SOCKET");
	g_unsetenv("WATCHDOG_USEC");
	hear(fd, "READY=1");
	assert_true(daemon_open(d->public_port)); /* ready means: reachable */
	hear(fd, "WATCHDOG=1");
	hear(fd, "WATCHDOG=1");
	kill(d->pid, SIGHUP);
	hear(fd, "RELOADING=1");
	hear(fd, "READY=1");
	kill(d->pid, SIGTERM);
	hear(fd, "STOPPING=1");
	assert_int_equal(daemon_end(d, 0), 0);
	close(fd);
}

/* SIGTERM, SIGINT: exit 0 within five seconds, even before it has begun. */
static void
stops(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
		int64_t since;

		daemon_start(d, NULL);
		since = daemon_boot();
		assert_int_equal(daemon_end(d, signals[i]), 0);
		assert_in_range(daemon_boot() - since, 0, 5000);
	}
	for (int i = 0; i < 8; i++) {
		int code;

		daemon_begin(d, NULL);
		nanosleep(&(struct timespec){ 0, i * 4000000L }, NULL);
		code = daemon_end(d, SIGTERM);
		/* before the handler is there the signal itself ends it */
		assert_true(code == 0 || code == 128 + SIGTERM);
	}
	daemon_start(d, NULL);
}

/* ---- reload ---- */

static bool
in_force(const char *playbook)
{
	struct answer a;
	bool is;

	assert_int_equal(daemon_ask(d->staff_port, "GET", "/v1/status", "", "", &a), 200);
	is = strstr(a.body, playbook) != NULL;
	answer_free(&a);
	return is;
}

static int
reload(char **text)
{
	return daemon_tool(
	    d, text, (const char *[]){ "reload", "--socket", d->socket, NULL });
}

/* G10, Y29: exit 1 with the place; the old set stays, and the mended one is taken. */
static void
g10_y29_bad_reload(void **state)
{
	static const struct {
		const char *name, *file, *text;
	} rows[] = {
		{ "G10 unknown key", "config/policy.yaml", "quite: []\n" },
		{ "Y29 truncated", "config/playbooks/hello.yaml",
		    "playbook: hello\ntitle: 到\nsteps:\n  - { id: th" },
		{ "Y29 empty", "config/playbooks/hello.yaml", "" },
		{ "a template is broken", "config/templates/sms/hello/thanks.liquid",
		    "---\ntitle: x\nchannel: sms\ncategory: service\n---\n{{ "
		    "customer.id" },
	};
	char *text;

	(void)state;
	daemon_start(d, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *path = g_build_filename(d->dir, rows[i].file, NULL), *old = NULL;
		int code;

		assert_true(g_file_get_contents(path, &old, NULL, NULL));
		daemon_file(d, rows[i].file, rows[i].text);
		code = reload(&text);
		if (code != 1 || strstr(text, strrchr(rows[i].file, '/') + 1) == NULL)
			fail_msg("%s: exit %d: %s", rows[i].name, code, text);
		g_free(text);
		assert_true(in_force("\"hello\""));
		daemon_file(d, rows[i].file, old);
		if (reload(&text) != 0)
			fail_msg("%s, mended: %s", rows[i].name, text);
		g_free(text);
		g_free(old);
		g_free(path);
	}
}

/* A saved file takes effect by itself; one with a mistake does not. */
static void
hot_edit(void **state)
{
	char *text = g_strdup(DAEMON_HELLO),
	     **parts = g_strsplit(text, "playbook: hello", 2);
	char *second = g_strjoinv("playbook: again", parts);

	(void)state;
	daemon_start(d, NULL);
	assert_false(in_force("\"again\""));
	daemon_file(
	    d, "config/playbooks/again.yaml", "playbook: again\nstart: nonsense\n");
	UNTIL(daemon_says(d->log, "reload"));
	assert_false(in_force("\"again\""));
	daemon_file(d, "config/playbooks/again.yaml", second);
	UNTIL(in_force("\"again\""));
	g_free(second);
	g_strfreev(parts);
	g_free(text);
}

/* ---- verbs ---- */

static void
says(const char *const *words, int code, const char *want)
{
	char *text = NULL;
	int have = daemon_tool(d, &text, words);

	if (have != code || strstr(text, want) == NULL)
		fail_msg("%s: exit %d: %s", words[0], have, text);
	g_free(text);
}

/* An option behind the last word was taken for a word. */
static void
one_person_and_back(void **state)
{
	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(daemon_import(d, 3), 0);
	says((const char *[]){ "customer", "merge", "c0", "c1", "--dry-run", "--socket",
		 d->socket, NULL },
	    0, "nothing was changed");
	says((const char *[]){ "customer", "merge", "c0", "c1", "--socket", d->socket,
		 NULL },
	    0, "0 vehicles");
	says((const char *[]){ "customer", "unmerge", "c1", "--dry-run", "--socket",
		 d->socket, NULL },
	    0, "nothing was changed");
	says((const char *[]){ "customer", "unmerge", "c1", "--socket", d->socket, NULL },
	    0, "");
	says((const char *[]){ "customer", "show", "c2", "--socket", d->socket, NULL }, 0,
	    "no contact");
	says(
	    (const char *[]){ "customer", "answered", "c2", "--socket", d->socket, NULL },
	    0, "told");
}

/* Counts of segments; runs of an older version rehearsed, refused and moved. */
static void
segments_and_migrations(void **state)
{
	char *old = g_strdup(DAEMON_HELLO),
	     **parts = g_strsplit(old, "id: thanks, after: 1m", 2);
	char *new = g_strjoinv("id: welcome, after: 1d", parts);
	GDateTime *now = g_date_time_new_now_utc();
	char *at = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
	char *visit = g_strdup_printf("{\"id\":\"v1\",\"customer\":\"c1\",\"type\":"
				      "\"visit\",\"at\":\"%s\"}",
	    at);
	char *events = g_build_filename(d->dir, "v.json", NULL), *text = NULL;

	(void)state;
	daemon_file(d, "config/segments.yaml", "first: customer.id == \"c1\"\n");
	daemon_start(d, NULL);
	daemon_import(d, 3);
	says((const char *[]){ "segment", "list", "--socket", d->socket, NULL }, 0,
	    "first  1");
	says((const char *[]){ "segment", "frist", "--socket", d->socket, NULL }, 1,
	    "no such segment");
	daemon_file(d, "v.json", visit);
	says(
	    (const char *[]){ "event", events, "--socket", d->socket, NULL }, 0, "1 new");
	daemon_file(d, "config/playbooks/hello.yaml", new);
	assert_int_equal(reload(&text), 0);
	g_free(text);
	says((const char *[]){ "migrate", "hello", "--dry-run", "--socket", d->socket,
		 NULL },
	    1, "1  thanks  -> nothing");
	says((const char *[]){ "migrate", "hello", "--map", "thnaks=welcome", "--socket",
		 d->socket, NULL },
	    1, "did you mean \"thanks\"?");
	says((const char *[]){ "migrate", "hello", "--map", "thanks=welcome", "--socket",
		 d->socket, NULL },
	    0, "nothing was moved");
	says((const char *[]){ "migrate", "hello", "--map", "thanks=welcome", "--yes",
		 "--socket", d->socket, NULL },
	    0, "moved 1, stayed 0");
	says((const char *[]){ "migrate", "hello", "--map", "thanks", "--socket",
		 d->socket, NULL },
	    2, "OLD=NEW");
	g_free(events);
	g_free(visit);
	g_free(at);
	g_date_time_unref(now);
	g_free(new);
	g_strfreev(parts);
	g_free(old);
}

/* What the customers of now make of a set that is not published yet. */
static void
a_check_asks_the_customers(void **state)
{
	char *config = g_build_filename(d->dir, "config", NULL);

	(void)state;
	daemon_start(d, NULL);
	daemon_import(d, 3);
	daemon_file(d, "config/templates/sms/hello/points.liquid",
	    "---\ntitle: 积分\ncategory: service\n---\n{{ customer.name }}您好，"
	    "还有{{ customer.points }}分。\n");
	daemon_file(d, "config/playbooks/points.yaml",
	    "playbook: points\ncategory: service\nstatus: draft\n"
	    "start: { when: customer.id != \"c1\" }\n"
	    "steps: [ { id: tell, at: day 2, send: hello/points } ]\n");
	says((const char *[]){ "check", config, "--people", "--socket", d->socket, NULL },
	    0, "no mistakes");
	daemon_file(d, "config/playbooks/points.yaml",
	    "playbook: points\ncategory: service\nstatus: live\n"
	    "start: { when: customer.id != \"c1\" }\n"
	    "steps: [ { id: tell, at: day 2, send: hello/points } ]\n");
	says((const char *[]){ "check", config, "--people", "--socket", d->socket, NULL },
	    0,
	    "points.liquid:5:28: warning: \"customer.points\" has no value for 2 of the "
	    "2 "
	    "customers \"points\" means now");
	says(
	    (const char *[]){ "check", config, "--people", "--socket", "/nowhere", NULL },
	    4, "not running");
	g_free(config);
}

/* K5 */
static void
k5_not_running(void **state)
{
	const char *const words[][6] = { { "status", "--socket", d->socket, NULL },
		{ "reload", "--socket", d->socket, NULL },
		{ "why", "c1", "--socket", d->socket, NULL },
		{ "settle", "--socket", d->socket, NULL },
		{ "settle", "1", "lost", "--socket", d->socket, NULL },
		{ "import", "customers", "/dev/null", "--socket", d->socket, NULL },
		{ "event", "/dev/null", "--socket", d->socket, NULL } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		char *text;
		int code = daemon_tool(d, &text, words[i]);

		if (code != 4 || strstr(text, "not running") == NULL)
			fail_msg("%s: exit %d: %s", words[i][0], code, text);
		g_free(text);
	}
}

/* K2: names are data. */
static void
k2_strange_names(void **state)
{
	char *newline = g_build_filename(d->dir, "a\nb.csv", NULL),
	     *csv = daemon_customers(3);
	char *text, *name = g_strnfill(5000, 'n');
	const struct {
		const char *name;
		const char *words[7];
		int code;
	} rows[] = {
		{ "newline",
		    { "import", "customers", newline, "--socket", d->socket, NULL }, 0 },
		{ "5,000 characters",
		    { "import", "customers", name, "--socket", d->socket, NULL }, 4 },
		{ "after --",
		    { "import", "--socket", d->socket, "--", "customers",
			"--no-such-file", NULL },
		    1 },
		{ "why a customer named --",
		    { "why", "--socket", d->socket, "--", "--", NULL }, 1 },
		{ "5,000 characters of customer",
		    { "why", name, "--socket", d->socket, NULL }, 1 },
		{ "a message of 5,000 characters",
		    { "settle", name, "lost", "--socket", d->socket, NULL }, 1 },
		{ "a message that is none",
		    { "settle", "1/sent", "lost", "--socket", d->socket, NULL }, 1 },
		{ "nothing to settle", { "settle", "--socket", d->socket, NULL }, 0 },
	};

	(void)state;
	daemon_start(d, NULL);
	assert_true(g_file_set_contents(newline, csv, -1, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int code = daemon_tool(d, &text, rows[i].words);

		if (code != rows[i].code)
			fail_msg("%s: exit %d, not %d: %.200s", rows[i].name, code,
			    rows[i].code, text);
		g_free(text);
	}
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM customer"), 3);
	g_free(newline);
	g_free(csv);
	g_free(name);
}

/* K3: output that nobody takes was not given. */
static void
k3_no_reader(void **state)
{
	char *line = g_strdup_printf(
		 "('%s' status --json --socket '%s'; echo $? >'%s/code') | true",
		 daemon_binary, d->socket, d->dir),
	     *code = NULL;
	char *path = g_build_filename(d->dir, "code", NULL);

	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(
	    daemon_wait(daemon_spawn((const char *[]){ daemon_binary, "status", "--json",
					 "--socket", d->socket, NULL },
		"/dev/full", NULL)),
	    4);
	/* `true` may take the pipe with it before or after the output */
	assert_int_equal(daemon_wait(daemon_spawn(
			     (const char *[]){ "sh", "-c", line, NULL }, NULL, NULL)),
	    0);
	assert_true(g_file_get_contents(path, &code, NULL, NULL));
	assert_true(atoi(code) == 4 || atoi(code) == 0);
	g_free(code);
	g_free(path);
	g_free(line);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ROW(service_manager),
		ROW(stops),
		ROW(g10_y29_bad_reload),
		ROW(hot_edit),
		ROW(one_person_and_back),
		ROW(segments_and_migrations),
		ROW(a_check_asks_the_customers),
		ROW(k5_not_running),
		ROW(k2_strange_names),
		ROW(k3_no_reader),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
