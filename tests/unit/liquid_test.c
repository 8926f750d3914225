/* liquid_test.c - the golden cases of tests/golden/liquid, limits, and what a template
 *refers to.
 *
 * A golden file is lines of
 *
 *	data: {"name": "..."}        what the templates see, until the next data:
 *	mode: lenient plain          strict or lenient; plain, html, json or header
 *	zone: Asia/Shanghai
 *	partial card: [{{ x }}]
 *	template, over as many lines as it needs
 *	=> what it prints, over as many such lines as it needs
 *	!! 1:4 the mistake it stops with or is refused with (hint)
 *
 * where \n, \r, \t and \\ stand for themselves and lines beginning with # and blank
 * lines between cases are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "spec/liquid.h"

#define GOLDEN "tests/golden/liquid"

struct bench {
	struct arena *a;
	struct report *r;
	GHashTable *partials;
	struct value_map *data;
	struct liquid_env env;
	struct scope scope;
};

static const struct liquid *
find_partial(void *arg, const char *name)
{
	struct bench *b = arg;
	const char *text = g_hash_table_lookup(b->partials, name);

	return text == NULL ? NULL
			    : liquid_parse(b->a, text, strlen(text),
				  (struct pos){ name, 1, 1 }, b->r);
}

static const char *
find_link(void *arg, struct arena *a, const char *target)
{
	(void)arg;
	return strncmp(target, "https://example.com/", 20) == 0
		   ? arena_strdup(a, "https://d.example/x")
		   : NULL;
}

static void
bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->a = arena_new();
	b->r = report_new();
	b->partials = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	b->data = value_map_new(b->a);
	b->env.now = 1795314600000; /* 2026-11-22 10:30 in Shanghai */
	b->env.zone = zone_get("Asia/Shanghai");
	b->env.partial = find_partial;
	b->env.partial_arg = b;
	b->env.short_link = find_link;
	b->env.arena = b->a;
}

static void
bench_close(struct bench *b)
{
	g_hash_table_destroy(b->partials);
	report_free(b->r);
	arena_free(b->a);
}

/* What the template gives, in the form of a golden file. */
static char *
outcome(struct bench *b, const char *source, size_t len)
{
	struct report *r = report_new();
	GString *out = g_string_new(NULL), *all = g_string_new(NULL);
	struct err e = { 0 };
	struct liquid *t = liquid_parse(b->a, source, len, (struct pos){ "t", 1, 1 }, r);

	if (t != NULL) {
		b->scope = scope_of_map(b->data, NULL);
		b->env.scope = &b->scope;
		if (liquid_render(t, &b->env, out, &e) < 0)
			g_string_append_printf(
			    all, "!! %d:%d %s\n", e.at.line, e.at.col, e.text);
		else
			g_string_append_printf(all, "=> %s\n", out->str);
	}
	for (guint i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		g_string_append_printf(all, "%s %d:%d %s%s%s%s\n",
		    d->severity == SEV_ERROR ? "!!" : "??", d->at.line, d->at.col,
		    d->text, *d->hint ? " (" : "", d->hint, *d->hint ? ")" : "");
	}
	report_free(r);
	g_string_free(out, TRUE);
	return g_string_free(all, FALSE);
}

static char *
unescaped(const char *text)
{
	GString *s = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		const char *c = *text == '\\' && text[1] != '\0'
				    ? strchr("n\nr\rt\t\\\\", text[1])
				    : NULL;

		if (c == NULL) {
			g_string_append_c(s, *text);
		} else {
			g_string_append_c(s, c[1]);
			text++;
		}
	}
	return g_string_free(s, FALSE);
}

static void
set_mode(struct bench *b, const char *words)
{
	static const char *const escapes[] = { "plain", "html", "json", "header" };

	b->env.lenient = strstr(words, "lenient") != NULL;
	for (int i = 0; i < 4; i++)
		if (strstr(words, escapes[i]) != NULL)
			b->env.escape = (enum liquid_escape)i;
}

static bool
set_option(struct bench *b, const char *line)
{
	char *colon;
	json_t *j;

	if (g_str_has_prefix(line, "data: ")) {
		j = json_loads(line + 6, 0, NULL);
		assert_non_null(j);
		b->data = (struct value_map *)(uintptr_t)value_from_json(b->a, j).map;
		json_decref(j);
	} else if (g_str_has_prefix(line, "mode: ")) {
		set_mode(b, line + 6);
	} else if (g_str_has_prefix(line, "zone: ")) {
		b->env.zone = zone_get(line + 6);
		assert_non_null(b->env.zone);
	} else if (g_str_has_prefix(line, "partial ")) {
		colon = strstr(line, ": ");
		g_hash_table_replace(b->partials,
		    g_strndup(line + 8, (gsize)(colon - line - 8)), unescaped(colon + 2));
	} else {
		return false;
	}
	return true;
}

static bool
is_outcome(const char *line)
{
	return g_str_has_prefix(line, "=>") || g_str_has_prefix(line, "!!") ||
	       g_str_has_prefix(line, "??");
}

/* "=> a", "=> b" are the two lines "a" and "b" of one text. */
static char *
wanted(char **lines, int *i)
{
	GString *all = g_string_new(NULL);
	bool text = false;

	for (; lines[*i] != NULL && is_outcome(lines[*i]); (*i)++) {
		char *line = unescaped(lines[*i]);

		if (text && g_str_has_prefix(line, "=>"))
			g_string_append(all, line[2] == '\0' ? "" : line + 3);
		else if (strcmp(line, "=>") == 0)
			g_string_append(all, "=> ");
		else
			g_string_append(all, line);
		g_string_append_c(all, '\n');
		text = g_str_has_prefix(line, "=>");
		g_free(line);
	}
	return g_string_free(all, FALSE);
}

static int
run_file(const char *name)
{
	char *path = g_strdup_printf(GOLDEN "/%s", name), *text, **lines;
	int failed = 0, cases = 0;
	struct bench b;

	bench_open(&b);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (int i = 0; lines[i] != NULL;) {
		GString *template;
		int first = i;
		char *source, *want, *got;

		if (lines[i][0] == '\0' || lines[i][0] == '#' ||
		    set_option(&b, lines[i])) {
			i++;
			continue;
		}
		template = g_string_new(lines[i++]);
		while (lines[i] != NULL && !is_outcome(lines[i]))
			g_string_append_printf(template, "\n%s", lines[i++]);
		source = unescaped(template->str);
		want = wanted(lines, &i);
		got = outcome(&b, source, strlen(source));
		cases++;
		if (strcmp(want, got) != 0) {
			failed++;
			print_error("%s:%d: %s\n--- wanted\n%s--- got\n%s", path,
			    first + 1, template->str, want, got);
		}
		g_string_free(template, TRUE);
		g_free(source);
		g_free(want);
		g_free(got);
	}
	assert_true(cases > 0);
	g_strfreev(lines);
	g_free(text);
	g_free(path);
	bench_close(&b);
	return failed;
}

static void
test_golden(void **state)
{
	GDir *dir = g_dir_open(GOLDEN, 0, NULL);
	const char *name;
	int failed = 0, files = 0;

	(void)state;
	assert_non_null(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		failed += run_file(name);
		files++;
	}
	g_dir_close(dir);
	assert_true(files >= 10);
	assert_int_equal(failed, 0);
}

/* Templates too large to be written down: n times `part` between two ends. */
static const struct {
	const char *name, *before, *part, *after, *want;
	int n;
} limits[] = {
	{ "1,000 filters in a row", "{{ 'a'", " | upcase", " }}",
	    "!! 1:80 more than 8 filters in a row (assign what comes before to a name "
	    "first)\n",
	    1000 },
	{ "8 filters in a row", "{{ 'a'", " | upcase", " }}", "=> A\n", 8 },
	{ "nested blocks", "", "{% if true %}", "",
	    "!! 1:420 blocks are nested more than 32 deep "
	    "(move the inner part to a partial)\n",
	    5000 },
	{ "nested brackets", "{{ a", "[a", "] }}",
	    "!! 1:38 brackets are nested more than 16 deep "
	    "(assign the inner part first)\n",
	    5000 },
	{ "nested ranges", "{{ ", "(1..", "3 }}",
	    "!! 1:69 brackets are nested more than 16 deep "
	    "(assign the inner part first)\n",
	    5000 },
	{ "long condition", "{% if a", " or a", " %}{% endif %}",
	    "!! 1:509 a condition has more than 100 parts (split it)\n", 5000 },
	{ "large source", "", "0123456789abcdef", "",
	    "!! 1:1 a template is larger than 256 KiB\n", 16385 },
	{ "large output", "", "0123456789abcdef", "",
	    "!! 1:1 the text is longer than 64 KiB\n", 4097 },
	{ "loops in loops", "{% for i in (1..1000) %}{% for i in (1..1000) %}", "",
	    "{% endfor %}{% endfor %}",
	    "!! 1:28 the loops take more than 100000 rounds\n", 0 },
	{ "endless range", "{% for i in (1..99999999999) %}", "", "{% endfor %}",
	    "!! 1:4 the loops take more than 100000 rounds\n", 0 },
	{ "list of an endless range", "{{ (1..99999999999) | join }}", "", "",
	    "!! 1:23 join is given a list of more than 100000 members\n", 0 },
	{ "text that doubles",
	    "{% assign x = 'ab' %}{% for i in (1..99) %}"
	    "{% assign x = x | append: x %}",
	    "", "{% endfor %}", "!! 1:62 append makes a text longer than 64 KiB\n", 0 },
	{ "list that doubles",
	    "{% assign x = (1..10) %}{% for i in (1..99) %}"
	    "{% assign x = x | concat: x %}",
	    "", "{% endfor %}",
	    "!! 1:65 concat makes a list of more than 100000 members\n", 0 },
	{ "memory", "{% for i in (1..90000) %}{% assign x = (1..9999) | reverse %}", "",
	    "{% endfor %}", "!! 1:52 this template needs more than 16 MiB\n", 0 },
	{ "replacement that explodes",
	    "{% capture a %}{% for i in (1..999) %}aaaaaaaaaa{% endfor %}"
	    "{% endcapture %}{{ a | replace: 'a', a }}",
	    "", "", "!! 1:84 replace makes a text longer than 64 KiB\n", 0 },
	{ "counters", "{% for i in (1..5000) %}{% cycle i: 'a', 'b' %}", "",
	    "{% endfor %}", "!! 1:28 more than 1000 loops and counters\n", 0 },
	{ "partial in itself", "{% render 'self' %}", "", "",
	    "!! 1:4 partials are nested more than 8 deep\n", 0 },
};

static void
test_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		GString *source = g_string_new(limits[i].before);
		struct bench b;
		char *got, *line;

		bench_open(&b);
		g_hash_table_insert(
		    b.partials, g_strdup("self"), g_strdup("{% render 'self' %}"));
		for (int k = 0; k < limits[i].n; k++)
			g_string_append(source, limits[i].part);
		g_string_append(source, limits[i].after);
		got = outcome(&b, source->str, source->len);
		line = strchr(got, '\n'); /* of several mistakes the first */
		if (line != NULL)
			line[1] = '\0';
		if (strcmp(got, limits[i].want) != 0)
			fail_msg(
			    "%s:\nwanted %sgot %s", limits[i].name, limits[i].want, got);
		g_free(got);
		g_string_free(source, TRUE);
		bench_close(&b);
	}
}

static void
test_render_appends_and_leaves_err(void **state)
{
	struct bench b;
	struct err e = { .kind = ERR_BUSY, .text = "untouched" };
	GString *out = g_string_new("Re: ");
	const char *source = "a{{ 1 | divided_by: 0 }}b{{ nope }}c";
	struct liquid *t;

	(void)state;
	bench_open(&b);
	b.scope = scope_of_map(b.data, NULL);
	b.env.scope = &b.scope;
	t = liquid_parse(b.a, source, strlen(source), (struct pos){ "t", 1, 1 }, b.r);
	b.env.lenient = true;
	assert_int_equal(liquid_render(t, &b.env, out, &e), 0);
	assert_string_equal(out->str, "Re: aLiquid error: divided by 0bc");
	assert_int_equal(e.kind, ERR_BUSY);
	assert_string_equal(e.text, "untouched");
	b.env.lenient = false;
	assert_int_equal(liquid_render(t, &b.env, out, &e), -1);
	assert_string_equal(out->str, "Re: aLiquid error: divided by 0bca");
	assert_int_equal(e.kind, ERR_INPUT);
	assert_string_equal(e.text, "divided_by: divided by 0");
	assert_int_equal(e.at.col, 9);
	g_string_free(out, TRUE);
	bench_close(&b);
}

static void
test_dirty_values(void **state)
{
	/* What a name may hold: line breaks, NUL, a turned direction. */
	static const char name[] = "A\r\nB\0C\u202eD\x1b[1m";
	static const struct {
		enum liquid_escape escape;
		const char *want;
	} rows[] = {
		{ LIQUID_PLAIN, "A BCD[1m" },
		{ LIQUID_HTML, "A\nBCD[1m" },
	};
	const char *source = "{{ name }}";

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct bench b;
		struct err e;
		GString *out = g_string_new(NULL);

		bench_open(&b);
		value_map_set(b.a, b.data, "name", value_strn(name, sizeof(name) - 1));
		b.scope = scope_of_map(b.data, NULL);
		b.env.scope = &b.scope;
		b.env.escape = rows[i].escape;
		assert_int_equal(liquid_render(liquid_parse(b.a, source, strlen(source),
						   (struct pos){ "t", 1, 1 }, b.r),
				     &b.env, out, &e),
		    0);
		assert_string_equal(out->str, rows[i].want);
		g_string_free(out, TRUE);
		bench_close(&b);
	}
}

static void
test_times(void **state)
{
	static const char source[] = "{{ at }}|{{ at | date: '中文' }}|{{ at | json }}|"
				     "{% if at > early %}later{% endif %}|{{ both }}";
	struct bench b;
	struct value_list *both;
	char *got;

	(void)state;
	bench_open(&b);
	both = value_list_new(b.a, 2);
	both->items[both->n++] = value_time(0);
	both->items[both->n++] = value_int(7);
	value_map_set(b.a, b.data, "at", value_time(b.env.now));
	value_map_set(b.a, b.data, "early", value_time(0));
	value_map_set(b.a, b.data, "both", value_list(both));
	got = outcome(&b, source, sizeof(source) - 1);
	assert_string_equal(got,
	    "=> 2026-11-22 10:30:00 +0800|11月22日|"
	    "\"2026-11-22T10:30:00+08:00\"|later|1970-01-01 08:00:00 +08007\n");
	g_free(got);
	b.env.zone = NULL;
	got = outcome(&b, "{{ at }}{{ at | date: ' %Z' }}", 30);
	assert_string_equal(got, "=> 2026-11-22 02:30:00 +0000 UTC\n");
	g_free(got);
	bench_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_render_appends_and_leaves_err),
		cmocka_unit_test(test_dirty_values),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
