/* plain_text_test.c - the plain part of a mail: words, lines, and every link's address.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "core/plain_text.h"
#include "sim/rng.h"
#include "spec/catalog.h"
#include "spec/liquid.h"

static const struct {
	const char *name, *html, *text;
} rows[] = {
	{ "words", "您好，<b>王</b>女士", "您好，王女士" },
	{ "paragraphs", "<p>one</p>\n<p>two</p>", "one\n\ntwo" },
	{ "line break", "one<br>two<BR/>three", "one\ntwo\nthree" },
	{ "spaces are one", "  one \n\t two  ", "one two" },
	{ "a space before a block is none", "<p> one </p> <p> two </p>", "one\n\ntwo" },
	{ "list", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>after",
	    "- one\n- two\n\nafter" },
	{ "cells", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
	    "a b\nc" },
	{ "link", "<a href=\"https://a.example/l/1\">来店</a>。",
	    "来店 (https://a.example/l/1)。" },
	{ "link in single quotes", "<a class=x href='https://a.example/'>x</a>",
	    "x (https://a.example/)" },
	{ "link without quotes", "<a href=https://a.example/>x</a>",
	    "x (https://a.example/)" },
	{ "link with an ampersand", "<a href=\"https://a.example/?a=1&amp;b=2\">x</a>",
	    "x (https://a.example/?a=1&b=2)" },
	{ "link that is its own text",
	    "<a href=\"https://a.example/\">https://a.example/</a>",
	    "https://a.example/" },
	{ "link round a picture", "<a href=\"https://a.example/\"><img src=x></a>",
	    "https://a.example/" },
	{ "link round a picture with a name",
	    "<a href=\"https://a.example/\"><img src=x alt=\"地图\"></a>",
	    "地图 (https://a.example/)" },
	{ "link never closed", "<a href=\"https://a.example/\">x",
	    "x (https://a.example/)" },
	{ "two links", "<a href=\"u:1\">a</a><a href=\"u:2\">b</a>", "a (u:1)b (u:2)" },
	{ "link within the page", "<a href=\"#top\">x</a>", "x" },
	{ "data-href is no href", "<a data-href=\"u:1\" href=\"u:2\">a</a>", "a (u:2)" },
	{ "mail", "<a href=\"mailto:a@a.example\">a@a.example</a>", "a@a.example" },
	{ "bracket in quotes", "<a title=\"a > b\" href=\"u:1\">x</a>", "x (u:1)" },
	{ "entities", "&lt;a&gt; &amp;amp; &quot;x&quot; &yen;5&nbsp;6",
	    "<a> &amp; \"x\" ¥5 6" },
	{ "numbers", "&#39;&#x27;&#X4e2d;&#20013;", "''中中" },
	{ "a number that is no character",
	    "a&#0;&#xd800;&#1114112;&#99999999999999999999;b", "a����b" },
	{ "bidi by number is dropped", "a&#x202e;b&#8;c", "abc" },
	{ "no entity", "a&b &#; &#x; &unknown; &lt", "a&b &#; &#x; &unknown; &lt" },
	{ "less than", "1 < 2 <3", "1 < 2 <3" },
	{ "silent",
	    "<head><title>x</title></head><style>p>a{}</style><script>if(a<b){}</"
	    "script>y",
	    "y" },
	{ "header is not head", "<header>x</header>y", "x\ny" },
	{ "silent for ever", "a<style>b", "a" },
	{ "comment", "a<!-- <b> -- > -->b<!doctype html>c", "abc" },
	{ "half a tag", "a<b", "a" },
	{ "half a comment", "a<!-- b", "a" },
	{ "empty", "", "" },
	{ "nothing but marks", "<p></p><br>", "" },
};

static void
test_rows(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *got = plain_text_of(a, rows[i].html);

		if (strcmp(got, rows[i].text) != 0)
			fail_msg("%s: got \"%s\", not \"%s\"", rows[i].name, got,
			    rows[i].text);
	}
	arena_free(a);
}

/* Whatever a page is made of: every address comes out, in order, and no mark. */
static void
test_links_survive(void **state)
{
	static const char *const pieces[] = { "<p>", "</p>", "<br>",
		"<div class=\"a > b\">", "</div>", "<ul><li>", "</li></ul>",
		"<!-- <a href=no> -->", "字 ", " word ", "&amp;", "&#20013;",
		"<img src=x alt=''>", "<hr>", "<strong>", "</strong>", "<td>" };
	struct rng rng;

	(void)state;
	rng_seed(&rng, 7, "plain");
	for (int page = 0; page < 5000; page++) {
		GString *html = g_string_new(NULL);
		struct arena *a = arena_new();
		int links = 0;
		const char *text;

		for (int n = (int)rng_below(&rng, 30); n > 0; n--) {
			if (rng_below(&rng, 4) == 0)
				g_string_append_printf(html,
				    "<a style=\"x\" "
				    "href=\"https://a.example/l/%d?a=1&amp;b\">%s</a>",
				    links++,
				    pieces[rng_below(&rng, G_N_ELEMENTS(pieces))]);
			else
				g_string_append(
				    html, pieces[rng_below(&rng, G_N_ELEMENTS(pieces))]);
		}
		text = plain_text_of(a, html->str);
		assert_null(strchr(text, '<'));
		assert_null(strstr(text, "\n\n\n"));
		for (int i = 0; i < links; i++) {
			char url[48];

			g_snprintf(url, sizeof(url), "https://a.example/l/%d?a=1&b", i);
			text = strstr(text, url);
			if (text == NULL)
				fail_msg("%s is lost in %s", url, html->str);
		}
		arena_free(a);
		g_string_free(html, TRUE);
	}
}

/* The layout as shipped: whose mail it is, and how to get no more of them. */
static void
test_shipped_layout(void **state)
{
	struct report *r = report_new();
	struct arena *a = arena_new();
	const char *paths[] = { "config", NULL };
	struct catalog *c = catalog_load_dry(paths, r);
	struct value_map *top = value_map_new(a), *message = value_map_new(a),
			 *entity = value_map_new(a), *advisor = value_map_new(a);
	struct scope scope = scope_of_map(top, NULL);
	struct liquid_env env = { .scope = &scope, .escape = LIQUID_HTML, .arena = a };
	GString *html = g_string_new(NULL);
	struct err e = { 0 };
	const char *text;

	(void)state;
	assert_non_null(c);
	value_map_set(a, message, "unsubscribe", value_str("https://a.example/u/r1"));
	value_map_set(a, entity, "name", value_str("示例店"));
	value_map_set(a, advisor, "name", value_str("小李"));
	value_map_set(a, top, "message", value_map(message));
	value_map_set(a, top, "entity", value_map(entity));
	value_map_set(a, top, "advisor", value_map(advisor));
	value_map_set(a, top, "content", value_str("<p>您好</p>"));
	if (liquid_render(
		g_hash_table_lookup(c->partials, "email-layout"), &env, html, &e) != 0)
		fail_msg("%s", e.text);
	text = plain_text_of(a, html->str);
	assert_true(g_str_has_prefix(text, "您好\n\n小李\n示例店\n\n"));
	assert_non_null(strstr(text, "点这里退订 (https://a.example/u/r1)，"));
	g_string_free(html, TRUE);
	catalog_unref(c);
	arena_free(a);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_links_survive),
		cmocka_unit_test(test_shipped_layout),
	};

	return cmocka_run_group_tests_name("plain_text", tests, NULL, NULL);
}
