/* bench_report.c - reports of a house with a million touches: what the whole costs, and the
 * longest single read, since a read keeps the log from being emptied. */
#include <string.h>

#include "../../src/spec/read.h"
#include "../../src/store/sql.h"
#include "bench.h"
#include "core/message.h"
#include "core/profile.h"
#include "store/reports.h"

#define TOUCHES 1000000
#define LONGEST (2 * 1000 * 1000)  /* a snapshot, in microseconds */
#define NOW INT64_C(1773093600000) /* 2026-03-10 06:00 in China */

/* Five touches a customer in two runs; three events; every third a click, a repair order. */
static const char rows[] =
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
    " INSERT INTO customer(id, ext, name, gender, tier, stage, store, advisor, tz,"
    " first_visit, last_visit, visits, spend, consent, tags, attrs) SELECT i, 'C' || i, "
    "'',"
    " '', CASE i % 3 WHEN 0 THEN 'high' WHEN 1 THEN 'mid' ELSE 'low' END,"
    " CASE i % 5 WHEN 0 THEN 'lost' ELSE 'satisfied' END, 'S' || i % 7, 'A' || i % 50, "
    "'',"
    " 19000 + i % 900, 20000 + i % 500, i % 9, i % 900000, 0, '',"
    " CASE i % 4 WHEN 0 THEN '{\"vehicle_age\":4}' ELSE '{}' END FROM n;"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 400000)"
    " INSERT INTO run(id, customer, playbook, version, state, control, step, wait, occ,"
    " entered_at, step_at, goal_at, entry, priority) SELECT i, 1 + i % 200000, 1 + i % "
    "20, 1,"
    " 2, i % 20 = 7, '', 0, 0, 1741557600000 + i * 60000, 0,"
    " CASE i % 3 WHEN 0 THEN 1741557600000 + i * 60000 + 864000000 ELSE 0 END, '' || i,"
    " CASE i % 3 WHEN 0 THEN 'A' WHEN 1 THEN 'B' ELSE 'C' END FROM n;"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
    " INSERT INTO msg(id, customer, run, version, playbook, step, occ, channel, category,"
    " priority, planned_at, due_at, expires_at, state, reason, begun_at, cost) SELECT i,"
    " 1 + i % 200000, 1 + i % 400000, 1, 1 + i % 20, 'step' || ((i - 1) / 400000), 0, i "
    "% 3, i % 2,"
    " 50, 1741557600000 + i * 30000, 0, 0, CASE i % 10 WHEN 0 THEN 12 ELSE 6 END, 0,"
    " CASE i % 10 WHEN 0 THEN 0 ELSE 1741557600000 + i * 30000 END, 500 FROM n;"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 600000)"
    " INSERT INTO event SELECT i, 'b', '' || i, 1 + i % 200000, CASE i % 3 WHEN 0 THEN"
    " 'visit' WHEN 1 THEN 'reply' ELSE 'rating' END, 1741557600000 + i * 50000, 0, CASE "
    "i % 3"
    " WHEN 0 THEN '{\"amount\":1280.00}' WHEN 1 THEN '{}' ELSE "
    "'{\"score\":9,\"scale\":10}' END"
    " FROM n;"
    "INSERT INTO link SELECT 'c' || id, id, 0, 'https://example.com/', planned_at FROM "
    "msg"
    " WHERE id % 3 = 0;"
    "INSERT INTO hit SELECT id, id, 'c' || id, 1, planned_at + 600000, '' FROM msg"
    " WHERE id % 9 = 0;"
    "INSERT INTO repair(id, ext, customer, vehicle, store, advisor, at, amount, mileage,"
    " recommended, accepted, attrs) SELECT id, 'o' || id, customer, '', '', '', at, "
    "128000, 0, '[]', '[]',"
    " '{}' FROM event WHERE id % 3 = 0;"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
    " INSERT INTO playbook(id, name) SELECT i, 'p' || i FROM n;"
    "INSERT INTO experiment(id, playbook, step, version, name, pinned, started_at, "
    "metric)"
    " VALUES(1, 1, 'step0', '1', 'x', 0, 1, 1);"
    "INSERT INTO experiment_arm(experiment, n, name, weight, people, hits) VALUES"
    "(1, 0, 'a', 1, 0, 0), (1, 1, 'b', 1, 0, 0);"
    "INSERT INTO drawn SELECT 1, id, id % 2, id, 1 FROM customer;";

static void
fill(struct store *s)
{
	struct err e = { 0 };
	struct profile p = { .presence = { .at = 1, .strength = 1 } };
	uint8_t fold[PROFILE_PACKED];
	size_t len = profile_pack(&p, fold);
	struct sql *q;

	if (sql_script(s, "BEGIN", &e) != 0 || sql_script(s, rows, &e) != 0)
		bench_die(e.text);
	q = sql_get(s, "INSERT INTO signal SELECT id, 0, 0, ?1 FROM customer");
	sql_blob(q, 1, fold, len);
	if (sql_run(q, &e) != 0 ||
	    sql_script(s, "COMMIT; PRAGMA wal_checkpoint", &e) != 0)
		bench_die(e.text);
}

struct taken {
	int64_t cpu, wall, longest, fold;
};

static void
count(struct store *s, const struct policy *policy, const char *name, struct taken *t)
{
	int64_t cpu = bench_cpu(), start = bench_now(), page;
	struct reports_ask ask;
	struct reports *r;
	struct err e = { 0 };
	int rc = 1;

	memset(t, 0, sizeof(*t));
	if (reports_ask_read(&ask, name, "", "", "", zone_get("Asia/Shanghai"), &e) != 0)
		bench_die(e.text);
	ask.now = NOW;
	ask.policy = policy;
	ask.rules = policy->reports;
	r = reports_new(&ask);
	while (rc == 1) {
		page = bench_now();
		if (store_begin(s, &e) != 0 || (rc = reports_page(r, s, &e)) < 0)
			bench_die(e.text);
		store_rollback(s);
		t->longest = MAX(t->longest, bench_now() - page);
	}
	page = bench_now();
	sheet_free(reports_sheet(r));
	t->fold = bench_now() - page;
	reports_free(r);
	t->cpu = bench_cpu() - cpu;
	t->wall = bench_now() - start;
}

void
bench_report(struct bench *b)
{
	static const char *const names[] = { "balance", "campaign", "presence", "hours",
		"ratings" };
	static const uint8_t key[CRYPT_KEY] = { 7 };
	char *path = g_build_filename(b->dir, "report.db", NULL);
	struct arena *keep = arena_new();
	struct report *mistakes = report_new();
	const char *text = "quiet: []\ntiers:\n  high: { floor: 8, cap: 12 }\n";
	struct policy policy = { 0 };
	struct yaml *y;
	struct err e = { 0 };
	struct store *s = store_open(
	    &(struct store_options){ .path = path, .key = key, .create = true }, &e);

	if (s == NULL)
		bench_die(e.text);
	y = yaml_parse(keep, "policy.yaml", text, strlen(text), mistakes);
	if (y == NULL)
		bench_die("the policy has mistakes");
	policy_read(keep, y, &policy, mistakes);
	report_free(mistakes);
	fill(s);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *line = g_strdup_printf("report_%s", names[i]);
		struct taken t;

		count(s, &policy, names[i], &t);
		bench_line(line, TOUCHES, t.cpu, t.wall, "printf", bench_printf());
		bench_line(
		    "report_longest_read", 1, t.longest, t.longest, "2 s", LONGEST);
		g_free(line);
	}
	store_close(s);
	arena_free(keep);
	g_free(path);
}
