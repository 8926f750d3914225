/* bench_profile.c - an event through signals, stage and the audiences of 20 playbooks;
 * the sweep of a house of a million: everybody after new rules, and an ordinary day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/engine/intake.h"
#include "../../src/engine/sweep.h"
#include "bench.h"
#include "sim/people_make.h"
#include "store/store.h"

#define PLAYBOOKS 20
#define EVENTS 100000
#define GROUP 256                      /* jobs a commit */
#define MORNING INT64_C(1773093600000) /* 2026-03-10 06:00 in China */

struct house {
	struct store *store;
	struct desk *desk;
	struct catalog *cat;
	struct world world;
	int64_t customers;
};

/* ---- the set: the shipped rules, 20 audiences nobody is in ---- */

static void
put(const char *dir, const char *name, const char *text)
{
	char *path = g_build_filename(dir, name, NULL),
	     *parent = g_path_get_dirname(path);

	if (g_mkdir_with_parents(parent, 0700) != 0 ||
	    !g_file_set_contents(path, text, -1, NULL))
		bench_die(path);
	g_free(parent);
	g_free(path);
}

static void
copy(const char *dir, const char *from, const char *to)
{
	char *text;

	if (!g_file_get_contents(from, &text, NULL, NULL))
		bench_die(from);
	put(dir, to, text);
	g_free(text);
}

static void
playbook(const char *dir, int i)
{
	static const char *const terms[] = { "signals.days_since_visit >= %d",
		"signals.stretch >= 1.%d", "signals.spend_12m > %d00",
		"signals.days_overdue > %d", "signals.visits_12m < %d" };
	GString *term = g_string_new("");
	char *name = g_strdup_printf("config/playbooks/p%d.yaml", i), *text;

	g_string_printf(term, terms[i % 5], 10 + 3 * i);
	text = g_strdup_printf(
	    "playbook: p%d\ncategory: marketing\nstatus: live\n"
	    "start:\n  when:\n    all:\n      - %s\n"
	    "      - any: [ customer.stage == \"dormant\", customer.tier != \"low\" ]\n"
	    "      - customer.tags contains \"nobody-%d\"\n"
	    "steps: [ { id: one, send: one } ]\n",
	    i, term->str, i);
	put(dir, name, text);
	g_free(text);
	g_free(name);
	g_string_free(term, TRUE);
}

static struct catalog *
set_of(struct bench *b)
{
	char *dir = g_build_filename(b->dir, "profile", NULL);
	char *config = g_build_filename(dir, "config", NULL);
	const char *paths[] = { config, NULL };
	struct report *r = report_new();
	struct catalog *cat;

	copy(dir, "config/lifecycle.yaml", "config/lifecycle.yaml");
	copy(dir, "config/policy.yaml", "config/policy.yaml");
	put(dir, "config/reachd.yaml",
	    "entity: { name: x, tz: Asia/Shanghai }\nproviders: [ { name: sms, type: "
	    "sandbox, "
	    "channels: [sms], url: \"http://127.0.0.1:1\", internal: true, "
	    "optout_suffix: 拒收请回复R } ]\n");
	put(dir, "templates/sms/one.liquid",
	    "---\ntitle: x\nchannel: sms\ncategory: marketing\n---\n您好。拒收请回复R\n");
	/* The script that policy.yaml names. */
	put(dir, "templates/phone/care/complaint-callback.liquid",
	    "---\ntitle: x\nchannel: phone\ncategory: service\n"
	    "outcomes: [settled, open, escalate, none]\n---\n您好\n");
	for (int i = 0; i < PLAYBOOKS; i++)
		playbook(dir, i);
	cat = catalog_load(paths, r);
	if (cat == NULL) {
		report_print(r, stderr);
		bench_die("the set has mistakes");
	}
	report_free(r);
	g_free(config);
	g_free(dir);
	return cat;
}

/* ---- the house ---- */

static struct work
work_of(struct house *h, ms_t now)
{
	return (struct work){ .store = h->store,
		.desk = h->desk,
		.cat = h->cat,
		.world = &h->world,
		.now = now,
		.arena = store_scratch(h->store),
		.stops = g_array_new(FALSE, FALSE, sizeof(int64_t)) };
}

static void
check(int rc, const struct err *e)
{
	if (rc < 0)
		bench_die(e->text);
}

static void
commit(struct house *h)
{
	struct err e = { 0 };

	check(store_commit(h->store, &e), &e);
	arena_reset(store_scratch(h->store));
	store_idle(h->store);
	check(store_begin(h->store, &e), &e);
}

static void
settle(struct house *h)
{
	struct arena *a = arena_new();
	struct err e = { 0 };
	int64_t id;
	bool created;

	check(store_begin(h->store, &e), &e);
	for (int64_t i = 0; i < h->customers; i++) {
		struct customer c;

		arena_reset(a);
		people_make(a, 1, i, MORNING / MS_DAY + 1, &c);
		c.tz = "";
		check(customer_put(h->store, &c, &id, &created, &e), &e);
		if (i % 10000 == 9999)
			commit(h);
	}
	commit(h);
	arena_free(a);
}

static void
open_house(struct house *h, struct bench *b, const char *name, int64_t customers)
{
	char *path = g_build_filename(b->dir, name, NULL);
	static const uint8_t key[CRYPT_KEY] = { 7 };
	struct err e = { 0 };
	struct work w;

	h->customers = customers;
	h->world.speed = 1;
	h->store = store_open(
	    &(struct store_options){
		.path = path, .key = key, .create = true, .sync = true },
	    &e);
	if (h->store == NULL)
		bench_die(e.text);
	h->cat = set_of(b);
	settle(h);
	h->desk = desk_new(&h->world, false);
	desk_zone(h->desk, "");
	w = work_of(h, MORNING);
	check(desk_publish(&w, &e), &e);
	g_array_unref(w.stops);
	commit(h);
	g_free(path);
}

static void
close_house(struct house *h)
{
	struct err e = { 0 };

	check(store_commit(h->store, &e), &e);
	desk_free(h->desk);
	catalog_unref(h->cat);
	store_close(h->store);
}

/* ---- the figures ---- */

static void
one_event(struct house *h, int64_t i)
{
	static const char *const types[] = { "visit", "click", "rating", "observation",
		"booking" };
	static const char *const data[] = {
		"{\"amount\":1280.00,\"recommended\":2,\"accepted\":1}", "{}",
		"{\"score\":9,\"scale\":10}", "{\"what\":\"compares\"}", "{}"
	};
	char id[24];
	struct event_in in = { .id = id,
		.customer = "",
		.type = types[i % 5],
		.at = MORNING + i * 100,
		.vehicle = "",
		.data = data[i % 5] };
	struct work w = work_of(h, MORNING + i * 100);
	struct err e = { 0 };

	g_snprintf(id, sizeof(id), "e%" G_GINT64_FORMAT, i);
	check(store_savepoint(h->store, &e), &e);
	check(intake_take(&w, &in,
		  1 + (int64_t)((uint64_t)i * 7919 % (uint64_t)h->customers), &e),
	    &e);
	check(store_release(h->store, &e), &e);
	arena_reset(store_scratch(h->store));
	g_array_unref(w.stops);
}

static void
events(struct bench *b)
{
	struct house h = { 0 };
	int64_t cpu, start;

	open_house(&h, b, "profile-events.db", 10000);
	start = bench_now();
	cpu = bench_cpu();
	for (int64_t i = 0; i < EVENTS; i++) {
		one_event(&h, i);
		if (i % GROUP == GROUP - 1)
			commit(&h);
	}
	commit(&h);
	cpu = bench_cpu() - cpu;
	bench_line("profile_event", EVENTS, cpu, bench_now() - start, "goal_30us", 30);
	close_house(&h);
}

static void
sweep(struct house *h, const char *name, ms_t now)
{
	int64_t start = bench_now(), cpu = bench_cpu(), longest = 0, slowest = 0,
		jobs = 0;
	struct err e = { 0 };
	ms_t next = 0;

	while (next <= now) {
		struct work w = work_of(h, now);
		int64_t begun = bench_now();

		check(sweep_portion(&w, &next, &e), &e);
		longest = MAX(longest, bench_now() - begun);
		g_array_unref(w.stops);
		commit(h);
		slowest = MAX(slowest, bench_now() - begun);
		jobs++;
	}
	cpu = bench_cpu() - cpu;
	printf("{\"bench\":\"%s\",\"n\":%" G_GINT64_FORMAT
	       ",\"seconds\":%.2f,\"cpu_us\":%.3f,\"jobs\":%" G_GINT64_FORMAT
	       ",\"longest_job_ms\":%.1f,\"goal_ms\":10,\"with_commit_ms\":%.1f}\n",
	    name, h->customers, (double)(bench_now() - start) / 1e6,
	    (double)cpu / (double)h->customers, jobs, (double)longest / 1000,
	    (double)slowest / 1000);
	fflush(stdout);
}

void
bench_profile(struct bench *b)
{
	const char *n = getenv("BENCH_CUSTOMERS");
	struct house h = { 0 };

	events(b);
	open_house(&h, b, "profile-sweep.db", n == NULL ? 1000000 : atoll(n));
	sweep(&h, "profile_sweep_new_rules", MORNING);
	for (int day = 1; day <= 3; day++)
		sweep(&h, "profile_sweep_day", MORNING + day * MS_DAY);
	sweep(&h, "profile_sweep_new_month", MORNING + 22 * MS_DAY);
	close_house(&h);
}
