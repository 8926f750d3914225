/* bench_messages.c - planned, sent, answered: the way of a message through the daemon. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "bench.h"

#define EACH 20000 /* messages one by one, and as many in batches */
#define BODY 300   /* bytes of text in one */

static void
write_customers(struct bench *b, const char *path)
{
	GString *s =
	    g_string_new("id,name,phone,wecom,tier,store,last_visit,consent,tags\n");

	(void)b;
	for (int i = 0; i < 2 * EACH; i++)
		g_string_append_printf(s,
		    "B%06d,王女士,154%08d,wb%06d,%s,滨江店,2025-%02d-%02d,marketing,%s\n",
		    i, i, i,
		    i % 3 == 0   ? "high"
		    : i % 3 == 1 ? "mid"
				 : "low",
		    i % 12 + 1, i % 28 + 1, i < EACH ? "single" : "batch");
	if (!g_file_set_contents(path, s->str, -1, NULL))
		bench_die("write the customers");
	g_string_free(s, TRUE);
}

/* CPU of one life from ready until the query answers, the start-up left out. */
static void
measure(struct bench *b, const char *wall, const char *sql, int64_t wanted,
    struct bench_life *life, int64_t start_up, int64_t *cpu, int64_t *took)
{
	bench_start(b, wall, life);
	life->since -= 1;
	bench_await(b, sql, wanted);
	*took = bench_now() - life->since;
	*cpu = bench_cpu_of(life->pid) - start_up;
}

/* ---- receipts ---- */

struct receipts {
	GPtrArray *refs; /* in the ledger's order */
	const char *path;
	int a_call;
};

/* The references of one account's messages; the floor's have none. */
static GPtrArray *
read_refs(struct bench *b, const char *channel)
{
	GPtrArray *refs = g_ptr_array_new_with_free_func(g_free);
	FILE *f = fopen(b->ledger, "r");
	char line[8192];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		json_t *j = json_loads(line, 0, NULL);
		const char *ref = json_string_value(json_object_get(j, "ref"));

		if (ref != NULL && strlen(ref) == 24 &&
		    strcmp(json_string_value(json_object_get(j, "channel")), channel) ==
			0)
			g_ptr_array_add(refs, g_strdup(ref));
		json_decref(j);
	}
	if (f == NULL || refs->len != EACH)
		bench_die("the ledger does not hold every message");
	fclose(f);
	return refs;
}

static void
make_receipts(void *arg, int64_t i, GString *out)
{
	const struct receipts *r = arg;
	GString *body = g_string_new("{\"events\":[");

	for (int64_t k = i * r->a_call; k < (i + 1) * r->a_call; k++)
		g_string_append_printf(body,
		    "%s{\"id\":\"r%" G_GINT64_FORMAT
		    "\",\"type\":\"delivered\",\"ref\":\"%s\",\"at\":\"2026-03-10T20:00:"
		    "00+08:00\"}",
		    k == i * r->a_call ? "" : ",", k, (char *)r->refs->pdata[k]);
	g_string_append(body, "]}");
	g_string_printf(out,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    r->path, body->len, body->str);
	g_string_free(body, TRUE);
}

static void
make_health(void *arg, int64_t i, GString *out)
{
	(void)arg;
	(void)i;
	g_string_assign(out, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

static void
load(struct bench *b, struct bench_life *life, int64_t n,
    void (*make)(void *, int64_t, GString *), void *arg, int64_t *cpu, int64_t *took)
{
	int64_t before = bench_cpu_of(life->pid), start = bench_now();

	bench_load(b->public_port, 32, n, make, arg);
	*took = bench_now() - start;
	*cpu = bench_cpu_of(life->pid) - before;
}

static void
receipts(struct bench *b, struct bench_life *life)
{
	struct receipts one = { read_refs(b, "sms"), "/hooks/http/single", 1 };
	struct receipts many = { read_refs(b, "wecom"), "/hooks/sandbox/batch", 100 };
	int64_t cpu, took;
	double health;

	load(b, life, EACH, make_health, NULL, &cpu, &took);
	health = (double)cpu / EACH;
	bench_line("healthz", EACH, cpu, took, "healthz", health);
	load(b, life, EACH, make_receipts, &one, &cpu, &took);
	bench_line("receipt", EACH, cpu, took, "healthz", health);
	load(b, life, EACH / many.a_call, make_receipts, &many, &cpu, &took);
	bench_line("receipt_of_100", EACH, cpu, took, "healthz", health);
	bench_await(b, "SELECT count(*) FROM msg WHERE state = 3", 2 * EACH);
	g_ptr_array_unref(one.refs);
	g_ptr_array_unref(many.refs);
}

void
bench_messages(struct bench *b)
{
	char *file = g_build_filename(b->dir, "customers.csv", NULL);
	const char *import[] = { b->reachd, "import", "customers", file, "--socket",
		b->socket, NULL };
	struct bench_life life;
	int64_t start_up, cpu, took;
	double curl;

	write_customers(b, file);
	bench_sandbox(b);
	bench_start(b, "09:00", &life);
	start_up = life.cpu;
	bench_tool(b, import, "import.out");
	bench_stop(&life);

	curl = bench_curl_floor(b->sandbox_port, 64, EACH, BODY);
	measure(b, "10:12", "SELECT count(*) FROM msg", 2 * EACH, &life, start_up, &cpu,
	    &took);
	bench_line("plan", 2 * EACH, cpu, took, "libcurl", curl);
	bench_stop(&life);
	measure(b, "16:00", "SELECT count(*) FROM msg WHERE state = 2", EACH, &life,
	    start_up, &cpu, &took);
	bench_line("message", EACH, cpu, took, "libcurl", curl);
	bench_stop(&life);
	measure(b, "19:30", "SELECT count(*) FROM msg WHERE state = 2", 2 * EACH, &life,
	    start_up, &cpu, &took);
	bench_line("message_of_100", EACH, cpu, took, "libcurl", curl);
	receipts(b, &life);
	bench_stop(&life);
	bench_sandbox_stop(b);
	g_free(file);
}
