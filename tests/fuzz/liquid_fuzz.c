/* liquid_fuzz.c - a template, checked and rendered both ways; and as a condition. */
#include "fuzz.h"

#include "spec/liquid.h"

static const struct liquid *
itself(void *arg, const char *name)
{
	(void)name;
	return arg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct report *r = report_new();
	char *text = arena_strndup(a, (const char *)data, size);
	struct liquid *t = liquid_parse(a, text, size, (struct pos){ "t", 1, 1 }, r);
	struct value_map *top = value_map_new(a), *customer = value_map_new(a);
	struct scope scope = scope_of_map(top, NULL);

	liquid_condition(a, text, (struct pos){ "c", 1, 1 }, r);
	value_map_set(a, customer, "name", value_str("王\r\n<b>"));
	value_map_set(a, customer, "visits", value_int(3));
	value_map_set(a, customer, "last_visit", value_time(1795314600000));
	value_map_set(a, top, "customer", value_map(customer));
	for (int i = 0; t != NULL && i < 8; i++) {
		struct liquid_env env = { .scope = &scope,
			.lenient = i & 1,
			.escape = (enum liquid_escape)(i / 2),
			.partial = itself,
			.partial_arg = t,
			.arena = a };
		GString *out = g_string_new(NULL);
		struct err e = { 0 };

		liquid_render(t, &env, out, &e);
		g_string_free(out, TRUE);
	}
	report_free(r);
	arena_free(a);
	return 0;
}
