/* undo_optouts_test.c - `reachd undo optouts` against a running daemon: what an account told
 * falsely is listed, taken back by an admin, and by nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon_of_test.h"

#define OPTOUTS "SELECT count(*) FROM optout"

/* Runs `reachd undo optouts --account demo --since 1h` with these words behind it. */
static void
undo(int code, const char *word, const char *const *more)
{
	const char *argv[16] = { "undo", "optouts", "--account", "demo", "--since", "1h",
		"--socket", d->socket };
	char *text;
	int n = 8, got;

	while (*more != NULL)
		argv[n++] = *more++;
	argv[n] = NULL;
	got = daemon_tool(d, &text, argv);
	if (strstr(text, "by-mistake") != NULL)
		fail_msg("a key given instead of its file is shown");
	if (got != code || strstr(text, word) == NULL)
		fail_msg("exit %d, not %d with \"%s\": %s", got, code, word, text);
	g_free(text);
}

#define UNDO(code, word, ...) undo(code, word, (const char *[]){ __VA_ARGS__, NULL })

/* The key of a new token in a file of its own; g_free. */
static char *
token_of(const char *role)
{
	char *text, *key, *path = g_build_filename(d->dir, role, NULL), *end;

	assert_int_equal(daemon_tool(d, &text,
			     (const char *[]){ "token", "new", role, "--role", role,
				 "--socket", d->socket, NULL }),
	    0);
	key = strstr(text, "rch_");
	if (key == NULL)
		fail_msg("no token: %s", text);
	end = key + strcspn(key, " \n");
	assert_true(g_file_set_contents(path, key, end - key, NULL));
	assert_int_equal(chmod(path, 0600), 0);
	g_free(text);
	return path;
}

static void
listed_tried_and_taken_back(void **state)
{
	char *marketer, *viewer;

	(void)state;
	daemon_start(d, NULL);
	assert_int_equal(daemon_import(d, 3), 0);
	assert_int_equal(
	    daemon_hook(d,
		"{\"events\":[{\"id\":\"o0\",\"type\":\"unsubscribe\",\"from\":"
		"\"+8619900000000\"},{\"id\":\"o1\",\"type\":\"unsubscribe\",\"from\":"
		"\"+8619900000001\"},{\"id\":\"o2\",\"type\":\"complaint\",\"from\":"
		"\"+8619900000002\"}]}"),
	    200);
	UNTIL(daemon_count(d, OPTOUTS) == 3);

	/* A look changes nothing; who complained stays out. */
	UNDO(0, "2 opt-outs could be taken back, 1 stay", "--by", "李明");
	UNDO(0, "stays out: complained", "--by", "李明");
	assert_int_equal(daemon_count(d, OPTOUTS), 3);

	/* By nobody but an admin who says why. */
	marketer = token_of("marketer");
	viewer = token_of("viewer");
	UNDO(1, "lifted by an admin", "--token", marketer, "--yes");
	UNDO(1, "your role does not allow this", "--token", viewer);
	UNDO(1, "--token names a file", "--token", "rch_key-by-mistake");
	UNDO(1, "--by NAME --reason TEXT", "--yes");
	assert_int_equal(daemon_count(d, OPTOUTS), 3);

	UNDO(0, "2 opt-outs taken back, 1 stay", "--yes", "--by", "李明", "--reason",
	    "网关误报");
	assert_int_equal(daemon_count(d, OPTOUTS), 1);
	assert_int_equal(
	    daemon_count(
		d, "SELECT n FROM audit WHERE act = 'opt-in' AND about = 'demo'"),
	    2);
	UNDO(0, "0 opt-outs taken back", "--yes", "--by", "李明", "--reason", "再来一次");
	g_free(marketer);
	g_free(viewer);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    listed_tried_and_taken_back, set_up, tear_down),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
