/* liquid_walk_test.c - what a template refers to, where its mistakes are, what help
 * names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "spec/liquid.h"

static void
add_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	g_string_append_printf(
	    arg, "%s@%d:%d%s ", dotted, at.line, at.col, has_default ? "?" : "");
}

static void
add_partial(void *arg, const char *name, struct pos at)
{
	g_string_append_printf(arg, "%s@%d:%d ", name, at.line, at.col);
}

static void
test_references(void **state)
{
	static const struct {
		const char *source, *paths, *partials;
	} rows[] = {
		{ "{{ a.b }}{{ c | default: d.e }}", "a.b@1:4 c@1:13? d.e@1:26 ", "" },
		{ "{% if a and b == c %}{{ x | upcase | default: '' }}{% endif %}",
		    "a@1:7? b@1:13? c@1:18? x@1:25 ", "" },
		{ "{% assign n = a.b %}{{ n }}{{ m }}{% capture m %}{{ z }}{% endcapture "
		  "%}",
		    "a.b@1:15 z@1:53 ", "" },
		{ "{% for v in a.list limit: k %}{{ v.x }}{{ forloop.index }}{{ o }}{% "
		  "endfor %}{{ v }}",
		    "a.list@1:13? k@1:27? o@1:62 v@1:81 ", "" },
		{ "{{ a[b.c].d }}{{ l[0].e }}{{ m['k'].f }}",
		    "a@1:4 b.c@1:6? l@1:18 m.k.f@1:30 ", "" },
		{ "{% render 'card', x: a %}\n{% render 'b/foot' for l as i %}",
		    "a@1:22? l@2:24? ", "card@1:4 b/foot@2:4 " },
		{ "{% increment i %}{{ i }}{% case a %}{% when b %}{{ c }}{% endcase %}",
		    "a@1:33? b@1:45? c@1:52 ", "" },
		{ "{% if a.b and c > 1 %}{{ a.b }}{{ c }}{{ a.d }}{% else %}{{ c }}{% endif "
		  "%}{{ a.b }}",
		    "a.b@1:7? c@1:15? a.b@1:26? c@1:35? a.d@1:42 c@1:61 a.b@1:79 ", "" },
		{ "{% unless a %}{{ a }}{% else %}{{ a }}{% endunless %}",
		    "a@1:11? a@1:18 a@1:35? ", "" },
		{ "{% if a == 'x' or b %}{{ a }}{{ b }}{% endif %}",
		    "a@1:7? b@1:19? a@1:26 b@1:33 ", "" },
		{ "{% cycle g: a, 'b' %}{% tablerow r in t cols: 2 %}{{ r }}{% "
		  "endtablerow %}",
		    "g@1:10? a@1:13 t@1:39? ", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct arena *a = arena_new();
		struct report *r = report_new();
		GString *paths = g_string_new(NULL), *partials = g_string_new(NULL);
		struct liquid *t = liquid_parse(a, rows[i].source, strlen(rows[i].source),
		    (struct pos){ "t", 1, 1 }, r);

		assert_non_null(t);
		liquid_paths(t, add_path, paths);
		liquid_partials(t, add_partial, partials);
		assert_string_equal(paths->str, rows[i].paths);
		assert_string_equal(partials->str, rows[i].partials);
		g_string_free(paths, TRUE);
		g_string_free(partials, TRUE);
		report_free(r);
		arena_free(a);
	}
}

static void
test_place_of_first_character(void **state)
{
	struct arena *a = arena_new();
	struct report *r = report_new();
	const struct diag *d;
	const char *source = "好{{ x | nope }}\n好{{ | }}";

	(void)state;
	assert_null(liquid_parse(
	    a, source, strlen(source), (struct pos){ "sms/a.liquid", 7, 3 }, r));
	assert_int_equal(r->errors, 2);
	d = r->diags->pdata[0];
	assert_string_equal(d->at.file, "sms/a.liquid");
	assert_int_equal(d->at.line, 7);
	assert_int_equal(d->at.col, 11);
	d = r->diags->pdata[1];
	assert_int_equal(d->at.line, 8);
	assert_int_equal(d->at.col, 5);
	report_free(r);
	arena_free(a);
}

static void
test_help_names_everything(void **state)
{
	static const char *const names[] = { "if", "unless", "case", "for", "tablerow",
		"cycle", "assign", "capture", "increment", "decrement", "comment", "raw",
		"echo", "liquid", "render", "abs", "append", "at_least", "at_most",
		"base64_decode", "base64_encode", "base64_url_safe_decode",
		"base64_url_safe_encode", "capitalize", "ceil", "compact", "concat",
		"date", "default", "divided_by", "downcase", "escape", "escape_once",
		"find", "find_index", "first", "floor", "has", "join", "json", "last",
		"lstrip", "map", "minus", "modulo", "newline_to_br", "plus", "prepend",
		"reject", "remove", "remove_first", "remove_last", "replace",
		"replace_first", "replace_last", "reverse", "round", "rstrip", "size",
		"slice", "sort", "sort_natural", "split", "strip", "strip_html",
		"strip_newlines", "sum", "times", "truncate", "truncatewords", "uniq",
		"upcase", "url_decode", "url_encode", "where", "money", "mask",
		"short_link", "raw" };
	GString *help = g_string_new(NULL);

	(void)state;
	liquid_help(help);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *line = g_strdup_printf("\n  %s ", names[i]);

		if (strstr(help->str, line) == NULL)
			fail_msg("help does not name %s", names[i]);
		g_free(line);
	}
	assert_true(g_utf8_validate(help->str, -1, NULL));
	g_string_free(help, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_place_of_first_character),
		cmocka_unit_test(test_help_names_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
