/* base_test.c - arena, errors, reports, text, log and state tables. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/err.h"
#include "base/fsm.h"
#include "base/log.h"
#include "base/report.h"
#include "base/text.h"

static void
test_arena(void **state)
{
	static const size_t sizes[] = { 1, 7, 16, 100, 3000, 8000, 100000, 5, 40, 1900,
		1900, 1900, 1900, 1900, 60 };
	struct arena *a = arena_new();
	char *p[15];
	int round, i;
	size_t k;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 15; i++) {
			p[i] = arena_alloc(a, sizes[i]);
			assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
			for (k = 0; k < sizes[i]; k++)
				assert_int_equal(p[i][k], 0);
			memset(p[i], 'a' + i, sizes[i]);
		}
		for (i = 0; i < 15; i++) {
			for (k = 0; k < sizes[i]; k++)
				assert_int_equal(p[i][k], 'a' + i);
		}
		assert_true(arena_size(a) >= 120729 && arena_size(a) < 120729 + 15 * 16);
		arena_reset(a);
		assert_int_equal(arena_size(a), 0);
	}
	assert_string_equal(arena_printf(a, "%s-%d", "x", 7), "x-7");
	assert_string_equal(arena_strdup(a, "copy"), "copy");
	assert_string_equal(arena_strndup(a, "copy", 2), "co");
	assert_null(arena_strdup(a, NULL));
	arena_free(a);
	arena_free(NULL);
}

static void
test_err(void **state)
{
	struct err e = { 0 };
	char longest[600];
	int i;

	(void)state;
	assert_int_equal(err_set(&e, ERR_IO, "disk %s", "full"), -1);
	assert_int_equal(err_wrap(&e, "store %s", "x.db"), -1);
	assert_string_equal(e.text, "store x.db: disk full");
	assert_int_equal(err_wrap(&e, "%s again", e.text), -1);
	assert_string_equal(e.text, "store x.db: disk full again: store x.db: disk full");
	assert_int_equal(e.kind, ERR_IO);
	assert_null(e.at.file);
	assert_int_equal(
	    err_at(&e, (struct pos){ "f.yaml", 3, 9 }, "unknown \"%s\"", "x"), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(e.at.col, 9);
	/* Cut between characters: 480 bytes hold 159 of three bytes and two more bytes.
	 */
	for (i = 0; i < 180; i++)
		memcpy(longest + 3 * i, "中", 3);
	longest[540] = '\0';
	err_set(&e, ERR_INPUT, "a%s", longest);
	assert_int_equal(strlen(e.text), 1 + 159 * 3);
	assert_true(g_utf8_validate(e.text, -1, NULL));
	err_wrap(&e, "bb");
	assert_true(g_utf8_validate(e.text, -1, NULL));
	assert_int_equal(strlen(e.text), 5 + 158 * 3);
}

static void
test_exit_codes(void **state)
{
	static const int codes[] = { [ERR_NONE] = 0,
		[ERR_INPUT] = 1,
		[ERR_USAGE] = 2,
		[ERR_BUSY] = 3,
		[ERR_IO] = 4,
		[ERR_FULL] = 4,
		[ERR_NOTFOUND] = 1,
		[ERR_CONFLICT] = 1,
		[ERR_AGAIN] = 5,
		[ERR_INTERNAL] = 5 };
	int kind;

	(void)state;
	for (kind = ERR_NONE; kind <= ERR_INTERNAL; kind++) {
		struct err e = { .kind = (enum err_kind)kind };

		assert_int_equal(err_exit_code(&e), codes[kind]);
	}
}

static const char policy[] = "quiet:\n"
			     "  - { id: lunch, form: \"11:30\" }\n"
			     "\t- { id: 午休,\tform: \"11:30\" }\r\n"
			     "  - { 名称: 午间休息, 开始: \"11:30\" }\n";

static struct report *
sample(void)
{
	struct report *r = report_new();
	GString *wide = g_string_new("");
	const char *f, *g;
	struct err e;
	int i;

	for (i = 0; i < 30; i++)
		g_string_append(wide, "很长的一行文字");
	f = report_source(r, "config/policy.yaml", policy);
	g = report_source(r, "templates/sms/wide.txt", wide->str);
	g_string_free(wide, TRUE);
	report_add(
	    r, SEV_ERROR, (struct pos){ g, 1, 100 }, "liquid", "", "in the middle");
	report_add(
	    r, SEV_WARNING, (struct pos){ g, 1, 210 }, "liquid", NULL, "at the end");
	report_add(r, SEV_ERROR, (struct pos){ g, 1, 1 }, "liquid", NULL, "at the start");
	report_add(r, SEV_ERROR, (struct pos){ f, 4, 17 }, "unknown-key",
	    "did you mean \"from\"?", "unknown key \"%s\"", "开始");
	report_add(r, SEV_ERROR, (struct pos){ f, 3, 14 }, "unknown-key", "two\nlines",
	    "tabs stay aligned");
	report_add(r, SEV_WARNING, (struct pos){ f, 2, 18 }, "style", "",
	    "second of this place");
	report_add(r, SEV_ERROR, (struct pos){ f, 2, 16 }, "unknown-key",
	    "did you mean \"from\"?", "unknown key \"form\"");
	report_add(
	    r, SEV_ERROR, (struct pos){ f, 2, 18 }, "yaml", "", "third of this place");
	report_add(r, SEV_ERROR, (struct pos){ f, 9, 1 }, "yaml", "",
	    "a line that is not there");
	report_add(r, SEV_ERROR, (struct pos){ f, 4, 99 }, "yaml", "", "behind the end");
	report_add(
	    r, SEV_ERROR, (struct pos){ "gone.yaml", 1, 1 }, "yaml", "", "no source");
	report_add(r, SEV_ERROR, (struct pos){ "gone.yaml", 0, 0 }, "yaml", "",
	    "the whole file");
	err_at(&e, (struct pos){ f, 1, 1 }, "not clean: \x1b[31m\xe2\x80\xae");
	report_err(r, "input", &e);
	err_set(&e, ERR_INPUT, "no place at all");
	report_err(r, "input", &e);
	return r;
}

static char *
read_golden(const char *name)
{
	char *path = g_build_filename("tests", "golden", name, NULL), *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("%s cannot be read; run from the root of the project", path);
	g_free(path);
	return text;
}

static void
compare_golden(void (*print)(const struct report *, FILE *), const char *name)
{
	char *text = NULL, *golden = read_golden(name);
	struct report *r = sample();
	size_t len;
	FILE *f = open_memstream(&text, &len);

	print(r, f);
	fclose(f);
	if (strcmp(text, golden) != 0)
		fail_msg("%s differs; it is now:\n%s", name, text);
	free(text);
	g_free(golden);
	report_free(r);
}

static void
test_report(void **state)
{
	struct report *r = sample();
	struct err e;

	(void)state;
	compare_golden(report_print, "report.txt");
	compare_golden(report_json, "report.json");
	assert_int_equal(r->errors, 12);
	assert_int_equal(r->warnings, 2);
	assert_int_equal(report_first(r, &e), -1);
	assert_string_equal(e.text, "no place at all");
	report_free(r);
	r = report_new();
	report_add(r, SEV_WARNING, (struct pos){ 0 }, "style", NULL, "only a warning");
	e.kind = ERR_NONE;
	assert_int_equal(report_first(r, &e), 0);
	assert_int_equal(e.kind, ERR_NONE);
	report_free(r);
	report_free(NULL);
}

static void
test_nearest(void **state)
{
	static const char *const names[] = { "from", "to", "days", "channels",
		"categories", "客户", "day", NULL };
	static const char *const rows[][2] = { { "form", "from" }, { "fro", "from" },
		{ "chanels", "channels" }, { "catagorys", "categories" },
		{ "dayz", "days" }, { "dya", "day" }, { "t", NULL }, { "xy", NULL },
		{ "zz", NULL }, { "unrelated", NULL }, { "客戶", "客户" }, { "", NULL },
		{ "channel", "channels" }, { "at", NULL }, { "\xff", NULL } };
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *got = report_nearest(rows[i][0], names);

		if (g_strcmp0(got, rows[i][1]) != 0)
			fail_msg("\"%s\": %s", rows[i][0], got == NULL ? "none" : got);
	}
}

static void
test_width(void **state)
{
	static const struct {
		const char *text;
		int width;
	} rows[] = { { "", 0 }, { "abc", 3 }, { "午休", 4 }, { "ａ", 2 }, { "é", 1 },
		{ "e\xcc\x81", 1 }, { "😀", 2 }, { "\xe2\x9d\xa4", 1 },
		{ "\xe2\x9d\xa4\xef\xb8\x8f", 2 }, { "a\tb", 2 }, { "\xe2\x80\x8b", 0 } };
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		int got = text_width(rows[i].text, strlen(rows[i].text));

		if (got != rows[i].width)
			fail_msg("\"%s\": %d", rows[i].text, got);
	}
}

static void
test_mask(void **state)
{
	static const char *const rows[][2] = {
		{ "+8615400000001", "154****0001" },
		{ "15400000001", "154****0001" },
		{ "+12025550100", "120****0100" },
		{ "+861090000001", "1***1" },
		{ "wang@example.com", "w***@e***.com" },
		{ "w@mail.example.org", "w***@m***.org" },
		{ "王@例子.cn", "王***@例***.cn" },
		{ "x@localhost", "x***@l***" },
		{ "wo_abcdef", "w***f" },
		{ "李小雷", "李***雷" },
		{ "ab", "***" },
		{ "@", "***" },
		{ "x@", "***" },
		{ "", "" },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_string_equal(text_mask(rows[i][0], buf, sizeof(buf)), rows[i][1]);
	assert_string_equal(text_mask("+8615400000001", buf, 4), "154");
}

static void
test_clean(void **state)
{
	static const struct {
		const char *text, *line, *lines;
	} rows[] = {
		{ "plain", "plain", "plain" },
		{ "a\r\nb", "a b", "a\nb" },
		{ "a\r\n\r\nb", "a b", "a\n\nb" },
		{ "a\rb\nc", "a b c", "a\nb\nc" },
		{ "a\tb\x01\x7f\x1b[m", "a b[m", "a b[m" },
		{ "李\xe2\x80\xae雷", "李雷", "李雷" },
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "x", "x" },
		{ "a\xc0\x80z", "az", "az" },
		{ "a\xed\xa0\x80z\xff", "az", "az" },
		{ "a\xe2\x80\xa8z", "a z", "a\nz" },
		{ "\xef\xbb\xbfx", "x", "x" },
		{ "a\xe4\xb8", "a", "a" },
		{ "", "", "" },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		strcpy(buf, rows[i].text);
		assert_string_equal(text_clean(buf, false), rows[i].line);
		strcpy(buf, rows[i].text);
		assert_string_equal(text_clean(buf, true), rows[i].lines);
	}
	strcpy(buf, "午休ab");
	assert_string_equal(text_cut(buf, 9), "午休ab");
	assert_string_equal(text_cut(buf, 3), "午休a");
	assert_string_equal(text_cut(buf, 0), "");
	strcpy(buf, "\xe5\x8d\x88\"\xe4\xbc\": \xe4");
	assert_string_equal(text_mend(buf), "午\"??\": ?");
}

/* A precision counts bytes: what it leaves of a character would not go into JSON. */
static void
an_error_cut_inside_a_character(void **state)
{
	struct err e = { 0 };

	(void)state;
	err_set(&e, ERR_INPUT, "no step \"%.4s\": name another", "午休");
	assert_string_equal(e.text, "no step \"午?\": name another");
}

static void
keep_line(void *arg, enum log_level level, const char *line)
{
	g_string_append_printf(arg, "%d %s\n", (int)level, line);
}

static void
test_log_sink(void **state)
{
	GString *seen = g_string_new(NULL);
	char *big = g_strnfill(9000, 'x');

	(void)state;
	log_sink(keep_line, seen);
	errno = EAGAIN;
	log_info("sent", "msg=%s", "a\nb\x1b\xe2\x80\xa8 午\xff");
	assert_int_equal(errno, EAGAIN);
	log_debug("hidden", "n=%d", 1);
	log_threshold(LOG_LEVEL_DEBUG);
	log_debug("shown", "n=%d", 1);
	log_threshold(LOG_LEVEL_INFO);
	log_warn("bare", "%s", "");
	assert_string_equal(
	    seen->str, "2 sent msg=a\\nb\\x1b\\u2028 午\\xff\n3 shown n=1\n1 bare\n");
	g_string_truncate(seen, 0);
	log_info("big", "text=%s", big);
	/* 4,096 with "info " and the line's end; here "2 " stands for that. */
	assert_int_equal(seen->len, 4096 - strlen("info ") + strlen("2 "));
	log_sink(NULL, NULL);
	g_string_free(seen, TRUE);
	g_free(big);
}

/* Runs fn in a child; returns its status and what it wrote to stderr. */
static int
run_child(void (*fn)(void), char *out, size_t n)
{
	int fds[2], status;
	ssize_t got, len = 0;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		fn();
		_exit(0);
	}
	close(fds[1]);
	while ((got = read(fds[0], out + len, n - 1 - (size_t)len)) > 0)
		len += got;
	out[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
log_two(void)
{
	unsetenv("JOURNAL_STREAM");
	log_error("plain", "n=%d", 1);
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_error("journal", "n=%d", 2);
	log_info("journal", "n=%d", 3);
}

static void
check_one(void)
{
	unsetenv("JOURNAL_STREAM");
	CHECK(1 + 1 == 3);
}

/* A light that is red, then green, and never back to red by itself.
 *
 *	RED -> GREEN -> AMBER -> RED
 */
enum { RED, GREEN, AMBER };
static const struct fsm_state light_states[] = {
	[RED] = { "red", FSM_TO(GREEN) },
	[GREEN] = { "green", FSM_TO(AMBER) },
	[AMBER] = { "amber", FSM_TO(RED) },
};
static const struct fsm light = { "light", light_states, 3 };

static void
move_wrongly(void)
{
	unsetenv("JOURNAL_STREAM");
	fsm_move(&light, RED, AMBER);
}

static void
test_children(void **state)
{
	char out[512];
	int status;

	(void)state;
	assert_int_equal(run_child(log_two, out, sizeof(out)), 0);
	assert_string_equal(
	    out, "error plain n=1\n<3>error journal n=2\n<6>info journal n=3\n");
	status = run_child(check_one, out, sizeof(out));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_non_null(strstr(out, "error bug at="));
	assert_non_null(strstr(out, "base_test.c:"));
	assert_non_null(strstr(out, "1 + 1 == 3"));
	status = run_child(move_wrongly, out, sizeof(out));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_string_equal(out, "error bug machine=light from=red to=amber\n");
}

static void
test_fsm(void **state)
{
	(void)state;
	assert_int_equal(fsm_move(&light, RED, GREEN), GREEN);
	assert_true(fsm_may(&light, AMBER, RED));
	assert_false(fsm_may(&light, RED, RED));
	assert_false(fsm_may(&light, RED, 3));
	assert_false(fsm_may(&light, -1, RED));
	assert_string_equal(fsm_name(&light, GREEN), "green");
	assert_string_equal(fsm_name(&light, 9), "?");
	assert_int_equal(fsm_find(&light, "amber"), AMBER);
	assert_int_equal(fsm_find(&light, "blue"), -1);
}

static void
test_number(void **state)
{
	static const int64_t numbers[] = { 0, 7, 10, -1, 1826030592000000123, INT64_MAX,
		INT64_MIN };
	char got[TEXT_NUMBER + 2], want[TEXT_NUMBER + 2];

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_snprintf(want, sizeof(want), "c:%" G_GINT64_FORMAT, numbers[i]);
		assert_string_equal(text_number(got, "c:", numbers[i]), want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_err),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_log_sink),
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_fsm),
		cmocka_unit_test(an_error_cut_inside_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
