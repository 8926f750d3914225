/* liquid_bench.c - nanoseconds of one render of a short message: 4 variables, a
 * default and a date. Run it alone on an idle machine. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/report.h"
#include "spec/liquid.h"

static int64_t
nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
measure(const char *name, const char *source, const struct scope *scope)
{
	const int rounds = 300000;
	struct arena *a = arena_new(), *scratch = arena_new();
	struct report *r = report_new();
	struct liquid *t =
	    liquid_parse(a, source, strlen(source), (struct pos){ name, 1, 1 }, r);
	struct liquid_env env = { .scope = scope,
		.escape = LIQUID_PLAIN,
		.now = 1795314600000,
		.zone = zone_get("Asia/Shanghai"),
		.arena = scratch };
	GString *out = g_string_sized_new(256);
	struct err e;
	int64_t start = nanoseconds();

	for (int i = 0; i < rounds; i++) {
		g_string_truncate(out, 0);
		if (liquid_render(t, &env, out, &e) < 0)
			printf("%s: %s\n", name, e.text);
		arena_reset(scratch);
	}
	printf("%-24s %5" PRId64 " ns   %s\n", name, (nanoseconds() - start) / rounds,
	    out->str);
	g_string_free(out, TRUE);
	report_free(r);
	arena_free(scratch);
	arena_free(a);
}

int
main(void)
{
	struct arena *a = arena_new();
	struct value_map *customer = value_map_new(a), *store = value_map_new(a);
	struct value_map *all = value_map_new(a);
	struct scope scope = scope_of_map(all, NULL);

	value_map_set(a, customer, "last_visit", value_time(1795314600000));
	value_map_set(a, customer, "salutation", value_str("王女士"));
	value_map_set(a, customer, "plate", value_str("沪A00000"));
	value_map_set(a, store, "name", value_str("浦东店"));
	value_map_set(a, all, "customer", value_map(customer));
	value_map_set(a, all, "store", value_map(store));
	measure("four variables",
	    "{{ customer.salutation }}您好，您的爱车{{ customer.plate }}"
	    "已有一段时间未回{{ store.name }}保养，{{ customer.salutation "
	    "}}，拒收请回复R",
	    &scope);
	measure("default",
	    "{{ customer.salutation }}您好，您的爱车{{ customer.plate }}"
	    "已有一段时间未回{{ store.name }}保养，{{ customer.nick | default: \"车主\" "
	    "}}，拒收请回复R",
	    &scope);
	measure("default and date",
	    "{{ customer.salutation }}您好，您的爱车{{ customer.plate }}自"
	    "{{ customer.last_visit | date: \"%-m月%-d日\" }}未回{{ store.name }}保养，"
	    "{{ customer.nick | default: \"车主\" }}，拒收请回复R",
	    &scope);
	arena_free(a);
	return 0;
}
