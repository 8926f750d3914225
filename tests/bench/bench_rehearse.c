/* bench_rehearse.c - people, 90 days, the shipped configuration: an item is one day of one
 * of them. 2,000 by their list alone; 100,000 with their vehicles and repair orders, in
 * parts, as many processes as there are cores. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <jansson.h>

#include "bench.h"

#define PEOPLE 2000
#define LARGE 100000
#define DAYS 90
#define FIRST "2026-03-10"
#define LOOKS 200000 /* us between two looks at the memory */
/* The aim, on two cores. */
#define AIM_SECONDS 120
#define AIM_MIB 1024

/* What the last line says was sent. */
static int64_t
sent(const char *path)
{
	char *text = NULL, *last;
	int64_t n;
	json_t *j;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		bench_die("read the rehearsal");
	g_strchomp(text);
	last = strrchr(text, '\n');
	j = json_loads(last == NULL ? text : last + 1, 0, NULL);
	n = json_integer_value(json_object_get(j, "sent"));
	if (!json_is_true(json_object_get(j, "balanced")) || n == 0)
		bench_die("the rehearsal does not balance");
	json_decref(j);
	g_free(text);
	return n;
}

void
bench_rehearse(struct bench *b)
{
	char *people = g_build_filename(b->dir, "people.csv", NULL);
	char *out = g_build_filename(b->dir, "rehearsal.ndjson", NULL);
	const char *make[] = { b->reachd, "people", "--seed", "1", "--count",
		G_STRINGIFY(PEOPLE), "--today", "2026-03-10", NULL };
	const char *rehearse[] = { b->reachd, "rehearse", "--config", "config",
		"--customers", people, "--from", "2026-03-10", "--days",
		G_STRINGIFY(DAYS), "--seed", "1", "--json", NULL };
	int64_t start, took, cpu;

	bench_tool(b, make, "people.csv");
	start = bench_now();
	cpu = bench_tool(b, rehearse, "rehearsal.ndjson");
	took = bench_now() - start;
	bench_line(
	    "rehearse", (int64_t)PEOPLE * DAYS, cpu, took, "snprintf", bench_printf());
	printf("{\"bench\":\"rehearse_messages\",\"n\":%" G_GINT64_FORMAT
	       ",\"seconds\":%.2f}\n",
	    sent(out), (double)took / 1e6);
	fflush(stdout);
	g_free(people);
	g_free(out);
}

/* ---- a large house ---- */

/* KiB that a process has to itself, and its share of what it has with others. */
static int64_t
memory_of(const char *pid)
{
	char *path = g_strdup_printf("/proc/%s/smaps_rollup", pid), *text = NULL, *at;
	int64_t n = 0;

	if (g_file_get_contents(path, &text, NULL, NULL) &&
	    (at = strstr(text, "\nPss:")) != NULL)
		n = g_ascii_strtoll(at + strlen("\nPss:"), NULL, 10);
	g_free(text);
	g_free(path);
	return n;
}

/* Of the process and its children. */
static int64_t
memory_of_all(pid_t pid)
{
	char *path = g_strdup_printf("/proc/%d/task/%d/children", (int)pid, (int)pid),
	     *text = NULL;
	char own[16];
	int64_t n;

	g_snprintf(own, sizeof(own), "%d", (int)pid);
	n = memory_of(own);
	if (g_file_get_contents(path, &text, NULL, NULL)) {
		char **all = g_strsplit(g_strstrip(text), " ", -1);

		for (int i = 0; all[i] != NULL; i++)
			n += *all[i] == '\0' ? 0 : memory_of(all[i]);
		g_strfreev(all);
	}
	g_free(text);
	g_free(path);
	return n;
}

static int64_t
watch(pid_t pid, int64_t *most)
{
	struct rusage u;
	int status;

	for (*most = 0; wait4(pid, &status, WNOHANG, &u) == 0; g_usleep(LOOKS))
		*most = MAX(*most, memory_of_all(pid));
	if (status != 0)
		bench_die("rehearse 100,000 people");
	return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	       u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void
make_table(struct bench *b, const char *table, const char *file)
{
	const char *make[] = { b->reachd, "people", "--seed", "1", "--count",
		G_STRINGIFY(LARGE), "--today", FIRST, "--table", table, NULL };

	bench_tool(b, make, file);
}

void
bench_large(struct bench *b)
{
	static const char *const tables[] = { "customers", "vehicles", "orders" };
	char *files[G_N_ELEMENTS(tables)];
	int64_t start, took, cpu, most;

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		char *name = g_strdup_printf("%s.csv", tables[i]);

		make_table(b, tables[i], name);
		files[i] = g_build_filename(b->dir, name, NULL);
		g_free(name);
	}
	const char *rehearse[] = { b->reachd, "rehearse", "--config", "config",
		"--customers", files[0], "--vehicles", files[1], "--orders", files[2],
		"--from", FIRST, "--days", G_STRINGIFY(DAYS), "--seed", "1", NULL };

	start = bench_now();
	cpu = watch(bench_spawn(b, rehearse, "rehearsal.txt"), &most);
	took = bench_now() - start;
	bench_line("rehearse_large", (int64_t)LARGE * DAYS, cpu, took, "snprintf",
	    bench_printf());
	printf("{\"bench\":\"rehearse_large_aim\",\"seconds\":%.1f,\"cpu_seconds\":%.1f,"
	       "\"mib\":%" G_GINT64_FORMAT ",\"aim_seconds\":%d,\"aim_mib\":%d}\n",
	    (double)took / 1e6, (double)cpu / 1e6, most / 1024, AIM_SECONDS, AIM_MIB);
	fflush(stdout);
	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
		g_free(files[i]);
}
