/* bench_rehearse.c - 2,000 people, 90 days, the shipped configuration: an item is one
 * day of one of them. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "bench.h"

#define PEOPLE 2000
#define DAYS 90

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
