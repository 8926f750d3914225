/* bench_import.c - a million customers; beside it, SQLite alone with the same rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sqlite3.h>

#include "bench.h"

#define CUSTOMERS 1000000

static void
write_customers(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		bench_die("write the customers");
	fputs("id,name,phone,tier,consent\n", f);
	for (int i = 0; i < CUSTOMERS; i++)
		fprintf(f, "C%07d,王女士,154%08d,%s,marketing\n", i, i,
		    i % 3 == 0   ? "high"
		    : i % 3 == 1 ? "mid"
				 : "low");
	if (fclose(f) != 0)
		bench_die("write the customers");
}

/* Parsed by hand, unique by id, ten thousand rows a transaction. */
static double
bare(struct bench *b, const char *path)
{
	char *file = g_build_filename(b->dir, "bare.db", NULL), line[256];
	int64_t before = bench_cpu(), start = bench_now(), cpu;
	FILE *f = fopen(path, "r");
	sqlite3 *db;
	sqlite3_stmt *q;

	if (f == NULL || sqlite3_open(file, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
		"cache_size=-16384;"
		"CREATE TABLE c(n INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, phone "
		"TEXT, tier TEXT,"
		" consent TEXT); BEGIN",
		NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO c VALUES(?1, ?2, ?3, ?4, ?5, ?6)", -1, &q,
		NULL) != SQLITE_OK)
		bench_die("SQLite alone");
	if (fgets(line, sizeof(line), f) == NULL)
		bench_die("read the customers");
	for (int i = 0; fgets(line, sizeof(line), f) != NULL; i++) {
		char *p = line;

		sqlite3_bind_int(q, 1, i);
		line[strcspn(line, "\n")] = '\0';
		for (int c = 2; c <= 6; c++)
			sqlite3_bind_text(q, c, strsep(&p, ","), -1, SQLITE_TRANSIENT);
		sqlite3_step(q);
		sqlite3_reset(q);
		if (i % 10000 == 9999)
			sqlite3_exec(db, "COMMIT; BEGIN", NULL, NULL, NULL);
	}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_finalize(q);
	sqlite3_close(db);
	fclose(f);
	g_free(file);
	cpu = bench_cpu() - before;
	bench_line("sqlite_insert", CUSTOMERS, cpu, bench_now() - start, "sqlite_insert",
	    (double)cpu / CUSTOMERS);
	return (double)cpu / CUSTOMERS;
}

static int64_t
resident(struct bench *b)
{
	const char *argv[] = { b->reachd, "status", "--json", "--socket", b->socket,
		NULL };
	char *path = g_build_filename(b->dir, "status.json", NULL);
	int64_t bytes;
	json_t *j;

	bench_tool(b, argv, "status.json");
	j = json_load_file(path, 0, NULL);
	bytes = json_integer_value(json_object_get(j, "rss_bytes"));
	json_decref(j);
	g_free(path);
	return bytes;
}

void
bench_import(struct bench *b)
{
	char *file = g_build_filename(b->dir, "million.csv", NULL);
	const char *import[] = { b->reachd, "import", "customers", file, "--socket",
		b->socket, NULL };
	struct bench_life life;
	int64_t cpu, took;
	double sqlite;

	write_customers(file);
	sqlite = bare(b, file);
	bench_start(b, "09:00", &life);
	life.since = bench_now();
	bench_tool(b, import, "import.out");
	took = bench_now() - life.since;
	cpu = bench_cpu_of(life.pid) - life.cpu;
	bench_line("import", CUSTOMERS, cpu, took, "sqlite_insert", sqlite);
	printf("{\"bench\":\"import_memory\",\"n\":%d,\"seconds\":%.1f,\"rss_bytes\":"
	       "%" G_GINT64_FORMAT "}\n",
	    CUSTOMERS, (double)took / 1e6, resident(b));
	fflush(stdout);
	bench_stop(&life);
	g_free(file);
}
