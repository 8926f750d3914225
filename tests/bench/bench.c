/* bench.c - `make bench`: NDJSON, one line a figure.
 *
 *	bench REACHD CONFIG DIR [messages|providers|import|rehearse|micro|profile|report|large]...
 *
 * The daemon's own CPU (user and system, all threads), the sandbox's and the load
 * generator's left out. On a busy machine only the ratios mean something. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bench.h"

void
bench_die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

void
bench_line(const char *name, int64_t n, int64_t cpu, int64_t wall, const char *reference,
    double reference_cpu)
{
	double each = (double)cpu / (double)n;

	printf("{\"bench\":\"%s\",\"n\":%" G_GINT64_FORMAT
	       ",\"cpu_us\":%.3f,\"per_s\":%.0f,"
	       "\"reference\":\"%s\",\"ratio\":%.2f}\n",
	    name, n, each, (double)n * 1e6 / (double)MAX(wall, 1), reference,
	    reference_cpu > 0 ? each / reference_cpu : 0);
	fflush(stdout);
}

/* The flight log lies on tmpfs, as the service manager gives it. */
static char *
runtime_directory(void)
{
	char *dir = g_strdup("/dev/shm/reachd-bench-XXXXXX");

	if (g_mkdtemp(dir) == NULL) {
		g_free(dir);
		return NULL;
	}
	g_setenv("RUNTIME_DIRECTORY", dir, TRUE);
	return dir;
}

static void
remove_runtime(char *dir)
{
	static const char *const files[] = { "flight", "reachd.sock" };

	for (size_t i = 0; dir != NULL && i < G_N_ELEMENTS(files); i++) {
		char *path = g_build_filename(dir, files[i], NULL);

		g_unlink(path);
		g_free(path);
	}
	if (dir != NULL)
		g_rmdir(dir);
	g_free(dir);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct bench *b);
		bool named; /* takes long: only when it is asked for */
		const char *config; /* seen from the benchmark's own */
	} all[] = { { "micro", bench_micro, false, "." },
		{ "messages", bench_messages, false, "." },
		{ "providers", bench_providers, false, "../services" },
		{ "import", bench_import, false, "." },
		{ "rehearse", bench_rehearse, false, "." },
		{ "profile", bench_profile, false, "." },
		{ "report", bench_report, false, "." },
		{ "large", bench_large, true, "." } };
	struct bench b = { 0 };
	char *runtime;

	if (argc < 4)
		bench_die("usage: bench REACHD CONFIG DIR "
			  "[messages|providers|import|rehearse|micro|profile|report|large]...");
	runtime = runtime_directory();
	b.reachd = argv[1];
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		bool wanted = argc == 4 && !all[i].named;

		for (int k = 4; k < argc; k++)
			wanted |= strcmp(argv[k], all[i].name) == 0;
		if (!wanted)
			continue;
		b.config = g_build_filename(argv[2], all[i].config, NULL);
		bench_open(&b, argv[3]);
		all[i].run(&b);
	}
	remove_runtime(runtime);
	return 0;
}
