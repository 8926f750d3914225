/* import_test.c - files of customers into the real daemon, cut, stopped, killed and
 * repeated: rows C14, C15, C16 and K7 of the table of bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include <cmocka.h>

#include "daemon_of_test.h"

#define MANY 100000
#define CUSTOMERS "SELECT count(*) FROM customer"
#define UNDER_WAY "SELECT count(*) FROM import"

/* Files of uploads that still have a name. */
static int
kept(void)
{
	GDir *dir = g_dir_open(d->state, 0, NULL);
	const char *name;
	int n = 0;

	while ((name = g_dir_read_name(dir)) != NULL)
		n += strstr(name, "upload") != NULL;
	g_dir_close(dir);
	return n;
}

/* ---- cut ---- */

/* C14: half of what was announced, then nothing. */
static void
c14_cut_upload(void **state)
{
	char *csv = daemon_customers(2000), request[256];
	size_t len = strlen(csv);
	int fd;

	(void)state;
	daemon_start(d, NULL);
	fd = daemon_connect(DAEMON_OWN);
	g_snprintf(request, sizeof(request),
	    "POST /v1/import/customers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
	    "%zu\r\n\r\n",
	    len);
	assert_int_equal(
	    send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	assert_int_equal(send(fd, csv, len / 2, MSG_NOSIGNAL), len / 2);
	close(fd);
	/* A whole one after it: when that is in, the cut one would be too. */
	assert_int_equal(daemon_import(d, 3), 0);
	assert_int_equal(daemon_count(d, CUSTOMERS), 3);
	assert_int_equal(kept(), 0);
	g_free(csv);
}

/* K7: Ctrl-C while the file is on its way. */
static void
k7_interrupted(void **state)
{
	char *csv = daemon_customers(2000),
	     *fifo = g_build_filename(d->dir, "fifo", NULL);
	const char *argv[] = { daemon_binary, "import", "customers", fifo, "--socket",
		d->socket, NULL };
	char *text = g_build_filename(d->dir, "text", NULL);
	pid_t pid;
	int fd;

	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	pid = daemon_spawn(argv, text, text);
	fd = open(fifo, O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, csv, 60000), 60000);
	/* all of it was taken out of the pipe: the upload is under way */
	for (int left = 1; left > 0;) {
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
		assert_int_equal(ioctl(fd, FIONREAD, &left), 0);
	}
	kill(pid, SIGINT);
	assert_int_equal(daemon_wait(pid), 128 + SIGINT);
	close(fd);
	assert_true(daemon_says(text, "nothing was imported"));
	assert_int_equal(daemon_import(d, 3), 0);
	assert_int_equal(daemon_count(d, CUSTOMERS), 3);
	assert_int_equal(kept(), 0);
	g_free(text);
	g_free(fifo);
	g_free(csv);
}

/* ---- again ---- */

/* C15: nobody is there twice, and nothing begins twice. */
static void
c15_twice(void **state)
{
	static const char *const clock[] = { "--epoch", "2026-03-10T10:00:00+08:00",
		"--speed", "600", NULL };
	static const char runs[] = "SELECT count(*) FROM run";
	char *first = daemon_customers(50), **lines = g_strsplit(first, "\n", -1);
	GString *csv = g_string_new("id,name,phone,email,push,consent,tags\n");
	char *path = g_build_filename(d->dir, "tagged.csv", NULL), *text;

	(void)state;
	for (int i = 1; i <= 50; i++)
		g_string_append_printf(csv, "%s,new\n", lines[i]);
	assert_true(g_file_set_contents(path, csv->str, -1, NULL));
	daemon_file(d, "config/playbooks/list.yaml",
	    "playbook: list\ntitle: 名单\ncategory: service\npriority: 50\nstatus: live\n"
	    "start: { list: \"tag:new\", at: \"2026-03-10 10:30\" }\n"
	    "steps:\n  - { id: thanks, after: 1m, send: hello/thanks, expires: 3d }\n");
	daemon_gateway(d, clock);
	daemon_start(d, clock);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(daemon_tool(d, &text,
				     (const char *[]){ "import", "customers", path,
					 "--socket", d->socket, NULL }),
		    0);
		g_free(text);
		assert_int_equal(daemon_count(d, CUSTOMERS), 50);
		UNTIL(daemon_count(d, runs) == 50);
	}
	UNTIL(daemon_count(d, "SELECT count(*) FROM msg WHERE state = 2") == 50);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM msg"), 50);
	assert_int_equal(daemon_count(d, runs), 50);
	g_string_free(csv, TRUE);
	g_strfreev(lines);
	g_free(first);
	g_free(path);
}

/* ---- killed ---- */

/* Uploads MANY rows; the answer does not matter. */
static int
begin_many(void)
{
	char *csv = daemon_customers(MANY);
	int fd = daemon_send(
	    DAEMON_OWN, "POST", "/v1/import/customers", "", csv, strlen(csv));

	g_free(csv);
	return fd;
}

static void
all_in(void)
{
	UNTIL(daemon_count(d, UNDER_WAY) == 0);
	assert_int_equal(daemon_count(d, CUSTOMERS), MANY);
	UNTIL(kept() == 0);
}

/* C16: killed while the file is judged, and again in the middle of its rows; then
 * stopped in good order. Each time it goes on by itself. */
static void
c16_killed(void **state)
{
	int fd, lives = 0;

	(void)state;
	daemon_start(d, NULL);
	fd = begin_many();
	UNTIL(daemon_count(d, UNDER_WAY) == 1);
	assert_int_equal(daemon_end(d, SIGKILL), 128 + SIGKILL);
	close(fd);
	for (int signum = SIGKILL;; signum = SIGTERM) {
		int64_t rows = daemon_count(d, CUSTOMERS);

		daemon_start(d, NULL);
		if (rows > MANY / 2 || ++lives > 2)
			break;
		UNTIL(daemon_count(d, CUSTOMERS) > rows + 1000);
		assert_int_equal(
		    daemon_end(d, signum), signum == SIGTERM ? 0 : 128 + signum);
		assert_int_equal(kept(), 1);
	}
	UNTIL(daemon_says(d->log, "import_resumed"));
	all_in();
}

/* The same for any kind of file: it goes on under its batch, which is one to take back. */
static void
s02_vehicles_killed(void **state)
{
	GString *csv = g_string_new("客户编号,车牌号\n");
	int fd;

	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(daemon_import(d, 3), 0);
	for (int i = 0; i < MANY / 2; i++)
		g_string_append_printf(csv, "c1,沪T%06d\n", i);
	fd = daemon_send(
	    DAEMON_OWN, "POST", "/v1/import/vehicles", "", csv->str, csv->len);
	UNTIL(daemon_count(d, "SELECT count(*) FROM vehicle") > 1000);
	assert_int_equal(daemon_end(d, SIGKILL), 128 + SIGKILL);
	close(fd);
	daemon_start(d, NULL);
	UNTIL(daemon_count(d, UNDER_WAY) == 0);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM vehicle"), MANY / 2);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM batch"), 2);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM batch_row WHERE batch = 2"), MANY / 2);
	g_string_free(csv, TRUE);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(c14_cut_upload, set_up, tear_down),
		cmocka_unit_test_setup_teardown(k7_interrupted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(c15_twice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(c16_killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(s02_vehicles_killed, set_up, tear_down),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
