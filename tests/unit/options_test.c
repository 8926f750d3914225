/* options_test.c - the command line of a verb: what is taken, and the exit code of what
 * is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/cmd/client.h"
#include "../../src/cmd/options.h"

static const struct {
	const char *name;
	const char *argv[8];
	int words; /* or -1 - exit code */
	const char *value, *first;
	bool flag;
} lines[] = {
	{ "nothing", { "v" }, 0, NULL, NULL, false },
	{ "all", { "v", "--file", "a", "w", "--json" }, 1, "a", "w", true },
	{ "letter", { "v", "-f", "a" }, 0, "a", NULL, false },
	{ "glued", { "v", "--file=a", "-fb" }, 0, "b", NULL, false },
	{ "words first", { "v", "w", "x", "--json" }, 2, NULL, "w", true },
	{ "K2 a dash is data", { "v", "-" }, 1, NULL, "-", false },
	{ "K2 after two dashes all is data", { "v", "--", "--json" }, 1, NULL, "--json",
	    false },
	{ "K2 a value may be anything", { "v", "--file", "a\nb", "w" }, 1, "a\nb", "w",
	    false },
	{ "unknown", { "v", "--jsn" }, -3, NULL, NULL, false },
	{ "unknown letter", { "v", "-x" }, -3, NULL, NULL, false },
	{ "no value", { "v", "--file" }, -3, NULL, NULL, false },
	{ "too many", { "v", "a", "b", "c" }, -3, NULL, NULL, false },
	{ "help", { "v", "--help", "a", "b", "c" }, -1, NULL, NULL, false },
};

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		const char *value = NULL;
		bool flag = false;
		const struct options_spec specs[] = { { "file", 'f', &value, NULL },
			{ "json", 0, NULL, &flag } };
		const struct options o = { "", specs, 2, 0, 2 };
		char *argv[8] = { 0 };
		int argc = 0, words;

		for (; lines[i].argv[argc] != NULL; argc++)
			argv[argc] = g_strdup(lines[i].argv[argc]);
		char *mine[8];
		memcpy(mine, argv, sizeof(mine));
		words = options_read(argc, mine, &o);
		if (words != lines[i].words)
			fail_msg("%s: %d", lines[i].name, words);
		if (words >= 0 && g_strcmp0(value, lines[i].value) != 0)
			fail_msg("%s: value %s", lines[i].name, value);
		if (words >= 0 && flag != lines[i].flag)
			fail_msg("%s: flag %d", lines[i].name, flag);
		if (words > 0 && strcmp(mine[1], lines[i].first) != 0)
			fail_msg("%s: first %s", lines[i].name, mine[1]);
		for (int k = 0; k < argc; k++)
			g_free(argv[k]);
	}
}

static void
test_missing(void **state)
{
	char verb[] = "v", *argv[] = { verb, NULL };
	const struct options o = { "", NULL, 0, 1, 1 };

	(void)state;
	assert_int_equal(options_read(1, argv, &o), -3);
}

static void
test_exits(void **state)
{
	static const struct {
		int status, code;
	} rows[] = { { 200, 0 }, { 202, 0 }, { 400, 1 }, { 404, 1 }, { 413, 1 },
		{ 422, 1 }, { 409, 3 }, { 429, 4 }, { 503, 4 }, { 500, 5 }, { 0, 5 } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (client_exit(rows[i].status) != rows[i].code)
			fail_msg("%d: %d", rows[i].status, client_exit(rows[i].status));
}

/* K5: nobody answers is exit 4, and the text says where and what to do. */
static void
test_down(void **state)
{
	const struct client c = { .socket = "/nonexistent/reachd.sock" };
	const struct client_ask ask = { .method = "GET", .path = "/v1/status" };
	struct client_answer ans;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(client_ask(&c, &ask, &ans, &e), -1);
	assert_int_equal(err_exit_code(&e), 4);
	assert_true(g_str_has_prefix(e.text, "reachd is not running (no answer at "
					     "/nonexistent/reachd.sock): start it with"));
}

static void
test_error_text(void **state)
{
	char *a = client_error("{\"error\":\"no\"}"), *b = client_error("plain\n");

	(void)state;
	assert_string_equal(a, "no");
	assert_string_equal(b, "plain");
	g_free(a);
	g_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_exits),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_error_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
