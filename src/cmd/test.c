/* test.c - `reachd test`: scenarios, what must come of them, and what comes. */
#include "test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "options.h"

#define DEPTH_MAX 8
#define JOBS_MAX 64

static const char help[] =
    "usage: reachd test DIR|FILE... [--config DIR] [--show] [--all] [--customer ID] [-j N]\n\n"
    "Plays scenarios: a few customers, what happens to them, and what must come of it,\n"
    "day by day, on a virtual clock. Nothing is sent. What differs from what was\n"
    "expected is shown with its line.\n\n"
    "  --config DIR  for scenarios that name none; default the nearest folder `config`\n"
    "                above each file\n"
    "  --show        the timeline of those that pass too: a start for a new one\n"
    "  --all         with --show: every line of it, not only the first 60\n"
    "  --customer ID the whole timeline of one customer\n"
    "  -j, --jobs N  so many at a time, each in a process of its own (1)\n\n"
    "Exit code: 0 all passed, 1 one failed or has mistakes, 2 usage.\n";

/* What the engine logs is in what it answers too. */
static void
unheard(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Scenarios below a directory; others' folders may hold the sets they name. */
static void
walk(const char *path, int depth, GPtrArray *files)
{
	GDir *d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		char *full = g_build_filename(path, name, NULL);
		bool dir = g_file_test(full, G_FILE_TEST_IS_DIR);

		if (dir && *name != '.' && depth < DEPTH_MAX &&
		    strcmp(name, "config") != 0 && strcmp(name, "templates") != 0)
			walk(full, depth + 1, files);
		if (!dir && *name != '.' && g_str_has_suffix(name, ".yaml"))
			g_ptr_array_add(files, g_strdup(full));
		g_free(full);
	}
	if (d != NULL)
		g_dir_close(d);
}

static GPtrArray *
collect(int n, char **paths)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

	for (int i = 0; i < n; i++) {
		size_t len = strlen(paths[i]);

		while (len > 1 && paths[i][len - 1] == '/')
			paths[i][--len] = '\0';
		if (g_file_test(paths[i], G_FILE_TEST_IS_DIR))
			walk(paths[i], 0, files);
		else
			g_ptr_array_add(files, g_strdup(paths[i]));
	}
	g_ptr_array_sort(files, by_name);
	return files;
}

/* On a terminal, which of how many; 0: wiped away. */
static void
progress(guint n, guint of)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (n == 0)
		fprintf(stderr, "\r%20s\r", "");
	else
		fprintf(stderr, "\r%u of %u", n, of);
}

/* Plays a file and tells of it. */
static int
play_one(const char *file, const char *dir, const struct test_options *o, FILE *to)
{
	GString *out = g_string_new(NULL);
	int failed = test_play(file, dir, o, out);

	if (out->len > 0)
		progress(0, 0);
	fputs(out->str, to);
	fflush(to);
	g_string_free(out, TRUE);
	return failed;
}

/* ---- several at once, each in a process of its own ---- */

/* Where the outcome of the nth file is written: its digit, then what is told. */
static char *
outcome_path(const char *dir, guint n)
{
	return g_strdup_printf("%s/outcome-%u", dir, n);
}

static void
work(GPtrArray *files, guint first, guint step, const char *dir,
    const struct test_options *o)
{
	char *own = g_strdup_printf("%s/%u", dir, first);

	if (g_mkdir(own, 0700) != 0)
		return;
	for (guint i = first; i < files->len; i += step) {
		GString *out = g_string_new("0");
		char *path = outcome_path(dir, i);

		if (test_play(files->pdata[i], own, o, out) != 0)
			out->str[0] = '1';
		g_file_set_contents(path, out->str, (gssize)out->len, NULL);
		g_free(path);
		g_string_free(out, TRUE);
	}
	g_rmdir(own);
	g_free(own);
}

/* In the order of the files, whoever played them. */
static int
gather(GPtrArray *files, const char *dir)
{
	int failed = 0;

	for (guint i = 0; i < files->len; i++) {
		char *path = outcome_path(dir, i), *text = NULL;

		if (!g_file_get_contents(path, &text, NULL, NULL)) {
			printf("FAIL  %s\n  the program stopped here or before: please "
			       "report it\n",
			    (const char *)files->pdata[i]);
			failed++;
		} else {
			fputs(text + 1, stdout);
			failed += *text == '1';
		}
		g_unlink(path);
		g_free(text);
		g_free(path);
	}
	return failed;
}

static int
play_together(GPtrArray *files, const char *dir, const struct test_options *o, guint jobs)
{
	fflush(stdout);
	for (guint k = 0; k < jobs; k++)
		if (fork() == 0) {
			work(files, k, jobs, dir, o);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return gather(files, dir);
}

static int
play(GPtrArray *files, const struct test_options *o, guint jobs)
{
	char *dir = g_dir_make_tmp("reachd-test-XXXXXX", NULL);
	int failed = 0;

	if (dir == NULL)
		return -1;
	if (jobs > 1)
		failed = play_together(files, dir, o, jobs);
	for (guint i = 0; jobs == 1 && i < files->len; i++) {
		progress(i + 1, files->len);
		failed += play_one(files->pdata[i], dir, o, stdout);
	}
	progress(0, files->len);
	g_rmdir(dir);
	g_free(dir);
	return failed;
}

int
cmd_test(int argc, char **argv)
{
	struct test_options to = { 0 };
	const char *jobs = "1";
	guint64 n_jobs;
	const struct options_spec specs[] = {
		{ "config", 0, &to.config, NULL },
		{ "show", 0, NULL, &to.show },
		{ "all", 0, NULL, &to.all },
		{ "customer", 0, &to.customer, NULL },
		{ "jobs", 'j', &jobs, NULL },
	};
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, argc };
	int words = options_read(argc, argv, &o), failed;
	GPtrArray *files;
	struct err e = { 0 };

	if (words < 0)
		return -1 - words;
	if (!g_ascii_string_to_unsigned(jobs, 10, 1, JOBS_MAX, &n_jobs, NULL))
		return options_usage(
		    argv[0], "--jobs is a number from 1 to %d", JOBS_MAX);
	to.show |= to.all || to.customer != NULL;
	accounts_register();
	log_sink(unheard, NULL);
	files = collect(words, argv + 1);
	failed = play(files, &to, (guint)n_jobs);
	if (failed >= 0)
		printf("%d passed, %d failed\n", (int)files->len - failed, failed);
	if (failed < 0)
		err_set(&e, ERR_IO, "no folder can be made in %s", g_get_tmp_dir());
	else if (files->len == 0)
		err_set(&e, ERR_INPUT, "there is no scenario (.yaml) in %s", argv[1]);
	g_ptr_array_unref(files);
	return e.kind != ERR_NONE ? options_fail(argv[0], &e) : failed > 0;
}
