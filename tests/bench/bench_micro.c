/* bench_micro.c - one render, one question to the quiet hours, one to the gate. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "bench.h"
#include "core/gate.h"
#include "spec/catalog.h"
#include "spec/liquid.h"

#define ROUNDS 300000
#define INSTANT INT64_C(1773118800000) /* 2026-03-10 13:00 in China */

/* The same text as text(), by the C library. */
double
bench_printf(void)
{
	size_t length = 0;
	int64_t start = bench_cpu();

	for (int i = 0; i < ROUNDS; i++) {
		time_t t = INSTANT / 1000 + i;
		struct tm tm;
		char date[32], text[256];

		gmtime_r(&t, &tm);
		strftime(date, sizeof(date), "%m月%d日", &tm);
		length += (size_t)snprintf(text, sizeof(text),
		    "%s您好，您的爱车%s自%s未回%s保养，%s，拒收请回复R", "王女士",
		    "沪A00000", date, "浦东店", "车主");
	}
	if (length == 0)
		bench_die("nothing was printed");
	return (double)(bench_cpu() - start) / ROUNDS;
}

static struct liquid *
text(struct arena *a, struct report *r)
{
	static const char source[] =
	    "{{ customer.salutation }}您好，您的爱车{{ customer.plate }}自"
	    "{{ customer.last_visit | date: \"%-m月%-d日\" }}未回{{ store.name }}保养，"
	    "{{ customer.nick | default: \"车主\" }}，拒收请回复R";

	return liquid_parse(a, source, strlen(source), (struct pos){ "text", 1, 1 }, r);
}

static void
values(struct arena *a, struct value_map *all)
{
	struct value_map *customer = value_map_new(a), *store = value_map_new(a);

	value_map_set(a, customer, "last_visit", value_time(INSTANT));
	value_map_set(a, customer, "salutation", value_str("王女士"));
	value_map_set(a, customer, "stage", value_str("dormant"));
	value_map_set(a, customer, "plate", value_str("沪A00000"));
	value_map_set(a, store, "name", value_str("浦东店"));
	value_map_set(a, all, "customer", value_map(customer));
	value_map_set(a, all, "store", value_map(store));
}

static void
render(double reference)
{
	struct arena *a = arena_new(), *scratch = arena_new();
	struct report *r = report_new();
	struct liquid *t = text(a, r);
	struct value_map *all = value_map_new(a);
	struct scope scope;
	struct liquid_env env = { .escape = LIQUID_PLAIN,
		.now = INSTANT,
		.zone = zone_get("Asia/Shanghai"),
		.arena = scratch };
	GString *out = g_string_sized_new(256);
	int64_t start, cpu;
	struct err e;

	values(a, all);
	scope = scope_of_map(all, NULL);
	env.scope = &scope;
	start = bench_cpu();
	for (int i = 0; i < ROUNDS; i++) {
		g_string_truncate(out, 0);
		if (liquid_render(t, &env, out, &e) != 0)
			bench_die(e.text);
		arena_reset(scratch);
	}
	cpu = bench_cpu() - start;
	bench_line("render", ROUNDS, cpu, cpu, "snprintf", reference);
	g_string_free(out, TRUE);
	report_free(r);
	arena_free(scratch);
	arena_free(a);
}

/* ---- the shipped policy ---- */

static void
quiet(const struct catalog *cat, double reference)
{
	struct quiet_query q = { .policy = cat->policy,
		.zone = zone_get("Asia/Shanghai"),
		.channel = CHANNEL_SMS,
		.category = CATEGORY_MARKETING,
		.open_from = -1,
		.open_to = -1 };
	struct quiet_answer a;
	int64_t start = bench_cpu(), cpu;
	int quiets = 0;

	for (int i = 0; i < ROUNDS; i++) {
		quiet_ask(&q, INSTANT + i * 61 * MS_SECOND, 15 * MS_SECOND, &a);
		quiets += a.quiet;
	}
	cpu = bench_cpu() - start;
	if (quiets == 0)
		bench_die("no instant was quiet");
	bench_line("quiet_ask", ROUNDS, cpu, cpu, "snprintf", reference);
}

static const struct account *
first_account(void *arg, enum channel channel, bool *tokens)
{
	const struct config *cfg = arg;

	*tokens = true;
	for (int i = 0; i < cfg->n_accounts; i++)
		if (cfg->accounts[i].channels & BIT(channel))
			return &cfg->accounts[i];
	return NULL;
}

static int
rendered(void *arg, const struct template *t, const struct account *acc,
    const char **detail, struct pos *at)
{
	(void)arg;
	(void)t;
	(void)acc;
	(void)detail;
	(void)at;
	return 0;
}

static void
gate(const struct catalog *cat, double reference)
{
	struct arena *a = arena_new();
	struct value_map *all = value_map_new(a);
	struct scope scope;
	struct customer c = {
		.ext = "C1", .tier = "mid", .name = "", .stage = "dormant", .tags = ""
	};
	struct standing standing = { .month_used = 1 };
	const struct playbook *p = cat->versions[0]->playbook;
	struct gate g = { .begin = true,
		.policy = cat->policy,
		.config = cat->config,
		.playbook = p,
		.step = &p->steps[0],
		.zone = zone_get("Asia/Shanghai"),
		.house = cat->config->entity.zone,
		.customer = &c,
		.standing = &standing,
		.expires_at = MS_NEVER,
		.account = first_account,
		.render = rendered,
		.arg = cat->config };
	struct verdict v;
	int64_t start, cpu;

	values(a, all);
	scope = scope_of_map(all, NULL);
	g.scope = &scope;
	for (int i = 0; i < CHANNELS; i++) {
		c.address[i] = "+8615400000000";
		c.consent[i] = CONSENT_MARKETING;
	}
	start = bench_cpu();
	for (int i = 0; i < ROUNDS; i++) {
		g.now = INSTANT + 2 * MS_HOUR + i;
		g.due_at = g.planned_at = g.now;
		gate_ask(&g, &v);
		if (v.reason != REASON_NONE)
			bench_die(reason_name(v.reason));
	}
	cpu = bench_cpu() - start;
	bench_line("gate", ROUNDS, cpu, cpu, "snprintf", reference);
	arena_free(a);
}

void
bench_micro(struct bench *b)
{
	const char *paths[] = { "config", "templates", NULL };
	struct report *r = report_new();
	struct catalog *cat = catalog_load(paths, r);
	double reference = bench_printf();

	(void)b;
	if (cat == NULL) {
		report_print(r, stderr);
		bench_die("the shipped configuration has mistakes");
	}
	bench_line("snprintf", ROUNDS, (int64_t)(reference * ROUNDS),
	    (int64_t)(reference * ROUNDS), "snprintf", reference);
	render(reference);
	quiet(cat, reference);
	gate(cat, reference);
	catalog_unref(cat);
	report_free(r);
}
