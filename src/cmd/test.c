/* test.c - `reachd test`: scenarios, what must come of them, and what comes. */
#include "test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "accounts.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "options.h"

#define DEPTH_MAX 8

static const char help[] =
    "usage: reachd test DIR|FILE... [--config DIR] [--show]\n\n"
    "Plays scenarios: a few customers, what happens to them, and what must come of it,\n"
    "day by day, on a virtual clock. Nothing is sent. What differs from what was\n"
    "expected is shown with its line.\n\n"
    "  --config DIR  for scenarios that name none; default the nearest folder `config`\n"
    "                above each file\n"
    "  --show        the timeline of those that pass too: a start for a new one\n\n"
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

static int
play(GPtrArray *files, const struct test_options *o)
{
	char *dir = g_dir_make_tmp("reachd-test-XXXXXX", NULL);
	GString *out = g_string_new(NULL);
	int failed = 0;

	if (dir == NULL)
		return -1;
	for (guint i = 0; i < files->len; i++) {
		g_string_truncate(out, 0);
		failed += test_play(files->pdata[i], dir, o, out);
		fputs(out->str, stdout);
		fflush(stdout);
	}
	g_rmdir(dir);
	g_free(dir);
	g_string_free(out, TRUE);
	return failed;
}

int
cmd_test(int argc, char **argv)
{
	struct test_options to = { 0 };
	const struct options_spec specs[] = {
		{ "config", 0, &to.config, NULL },
		{ "show", 0, NULL, &to.show },
	};
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, argc };
	int words = options_read(argc, argv, &o), failed;
	GPtrArray *files;
	struct err e = { 0 };

	if (words < 0)
		return -1 - words;
	accounts_register();
	log_sink(unheard, NULL);
	files = collect(words, argv + 1);
	failed = play(files, &to);
	if (failed >= 0)
		printf("%d passed, %d failed\n", (int)files->len - failed, failed);
	if (failed < 0)
		err_set(&e, ERR_IO, "no folder can be made in %s", g_get_tmp_dir());
	else if (files->len == 0)
		err_set(&e, ERR_INPUT, "there is no scenario (.yaml) in %s", argv[1]);
	g_ptr_array_unref(files);
	return e.kind != ERR_NONE ? options_fail(argv[0], &e) : failed > 0;
}
