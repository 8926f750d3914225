/* template_rows_test.c - what a template may not do, and what a customer's data may not
 * do to one: the rows of the table of bad inputs, "template T1" to "template T9".
 * proves: 3.5 */
#include "spec_set.h"

#include "core/segment.h"
#include "spec/customers.h"
#include "spec/liquid.h"

/* ---- at the check ---- */

#define CHAT "templates/wecom/care/chat.liquid"
#define MAIL "templates/email/care/mail.liquid"
#define WECOM "---\ncategory: service\n---\n"
#define EMAIL "---\ncategory: service\nsubject: 您好\n---\n"
#define HOST_FAULT ": error: the host of a link cannot come from a field\n"
#define LINK_FAULT ": error: where a link leads cannot come from a field\n"

static const struct {
	const char *name, *path, *text, *want;
} checked[] = {
	{ "template T1 variable never closed", SMS,
	    TEMPLATE "您好 {{ customer.name\n拒收请回复R\n",
	    "5:4: error: \"{{\" is never closed with \"}}\"\n" },
	{ "template T1 tag never closed", SMS,
	    TEMPLATE "您好 {% if customer.name\n拒收请回复R\n",
	    "5:4: error: \"{%\" is never closed with \"%}\"\n" },
	{ "template T1 block never ended", SMS,
	    TEMPLATE "{% if customer.name %}您好\n拒收请回复R\n",
	    "5:4: error: {% if %} is never closed with {% endif %}\n" },
	{ "template T9 host", CHAT, WECOM "https://{{ customer.site }}/x\n",
	    "4:9" HOST_FAULT },
	{ "template T9 half a host", CHAT,
	    WECOM "a https://{{ customer.id }}.a.example/x\n", "4:11" HOST_FAULT },
	{ "template T9 end of a host", CHAT, WECOM "https://a.example{{ customer.id }}\n",
	    "4:18" HOST_FAULT },
	{ "template T9 host after a condition", CHAT,
	    WECOM "https://{% if customer.vip %}{{ customer.site }}{% endif %}\n",
	    "4:30" HOST_FAULT },
	{ "template T9 host put on", CHAT,
	    WECOM "{{ \"https://\" | append: customer.site | short_link }}\n",
	    "4:1" HOST_FAULT },
	{ "template T9 host gone on with", CHAT,
	    WECOM "{{ \"https://a.example\" | append: customer.site | short_link }}\n",
	    "4:1" HOST_FAULT },
	{ "template T9 host assigned", CHAT,
	    WECOM "{% assign u = \"https://\" | append: customer.site %}{{ u }}\n",
	    "4:1" HOST_FAULT },
	{ "template T9 host in a partial", "templates/partials/sign.liquid",
	    "https://{{ customer.site }}/x {{ entity.name }} 010-00000000\n",
	    "1:9: error: the host of a link cannot come from a field (used by "
	    "\"care/chat\" and 1 other)\n" },
	{ "template T9 whole link", MAIL, EMAIL "<a href=\"{{ customer.site }}\">x</a>\n",
	    "5:10" LINK_FAULT },
	{ "template T9 whole link made short", CHAT,
	    WECOM "{{ customer.site | short_link }}\n", "4:1" LINK_FAULT },
	{ "template T9 value of a query", CHAT,
	    WECOM
	    "https://a.example/?a={{ customer.id | url_encode }}&n={{ customer.name }}\n",
	    "4:55: error: a value within a link is percent-encoded\n" },
	{ "template T9 part of a path", CHAT,
	    WECOM "https://a.example/{{ customer.name }}/x\n",
	    "4:19: error: a value within a link is percent-encoded\n" },
	{ "template T9 a sound link", MAIL,
	    EMAIL
	    "<a href=\"{{ \"https://a.example/?id=\" | append: customer.id | short_link "
	    "}}\">x</a> <a href='{{ message.unsubscribe }}'>y</a>\n",
	    "" },
	{ "template T9 behind a link", CHAT,
	    WECOM "https://a.example {{ customer.name }}\n", "" },
	{ "template T9 behind a link in Chinese", CHAT,
	    WECOM "见https://a.example。{{ customer.name }}\n", "" },
};

static void
test_checked(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(checked); i++) {
		put_sound(*state);
		put(*state, checked[i].path, checked[i].text, strlen(checked[i].text));
		assert_found(*state, checked[i].path, checked[i].want, checked[i].name);
	}
}

/* ---- at the render: {{ name }} is the customer's, {{ nick }} nobody's ---- */

static const char *
shorten(void *arg, struct arena *a, const char *target)
{
	(void)arg;
	(void)a;
	return g_str_has_prefix(target, "https://a.example/") ? "https://r.example/l/1"
							      : NULL;
}

static char *
rendered(const char *source, enum liquid_escape escape, struct value name)
{
	struct arena *a = arena_new();
	struct report *r = report_new();
	struct value_map *top = value_map_new(a);
	struct scope scope = scope_of_map(top, NULL);
	struct liquid_env env = {
		.scope = &scope, .escape = escape, .short_link = shorten, .arena = a
	};
	GString *out = g_string_new(NULL);
	struct err e = { 0 };
	struct liquid *t =
	    liquid_parse(a, source, strlen(source), (struct pos){ "t", 1, 1 }, r);

	value_map_set(a, top, "name", name);
	assert_non_null(t);
	if (liquid_render(t, &env, out, &e) != 0)
		g_string_printf(out, "!! %d:%d %s", e.at.line, e.at.col, e.text);
	report_free(r);
	arena_free(a);
	return g_string_free(out, FALSE);
}

#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *name, *source;
	enum liquid_escape escape;
	const char *value;
	size_t len;
	const char *want;
} shown[] = {
	{ "template T2 a value is never rendered again", "{{ name }}，您好", LIQUID_PLAIN,
	    TEXT("{{ phone }}"), "{{ phone }}，您好" },
	{ "template T2 nor a tag", "{{ name }}", LIQUID_PLAIN, TEXT("{% render 'x' %}"),
	    "{% render 'x' %}" },
	{ "template T2 nor through a filter",
	    "{% capture x %}{{ name }}{% endcapture %}{{ x }}", LIQUID_HTML,
	    TEXT("{{ phone }}"), "{{ phone }}" },
	{ "template T3 a field that is missing", "您好\n{{ nick }}", LIQUID_PLAIN,
	    TEXT("x"), "!! 2:4 \"nick\" has no value" },
	{ "template T3 through a filter", "{{ nick | upcase }}", LIQUID_PLAIN, TEXT("x"),
	    "!! 1:4 \"nick\" has no value" },
	{ "template T3 with a default", "{{ nick | default: \"车主\" }}", LIQUID_PLAIN,
	    TEXT("x"), "车主" },
	{ "template T4 line ends in an SMS", "{{ name }}", LIQUID_PLAIN,
	    TEXT("a\r\nb\nc\rd"), "a b c d" },
	{ "template T4 NUL in an SMS", "{{ name }}", LIQUID_PLAIN, TEXT("a\0b"), "ab" },
	{ "template T4 bidi in an SMS", "{{ name }}", LIQUID_PLAIN,
	    TEXT("a\u202eb\u2066c\u202cd\u2069"), "abcd" },
	{ "template T4 controls in an SMS", "{{ name }}", LIQUID_PLAIN,
	    TEXT("a\x1b[1m\x7f\tb"), "a[1m b" },
	{ "template T4 line end in a header", "广告：{{ name }}", LIQUID_HEADER,
	    TEXT("a\r\nBcc: x@a.example"), "!! 1:7 " },
	{ "template T4 CR in a header", "{{ name }}", LIQUID_HEADER, TEXT("a\rb"),
	    "!! 1:4 " },
	{ "template T4 LF in a header", "{{ name }}", LIQUID_HEADER, TEXT("a\nb"),
	    "!! 1:4 " },
	{ "template T4 NUL and bidi in a header", "{{ name }}", LIQUID_HEADER,
	    TEXT("a\0b\u202ec"), "abc" },
	{ "template T5 marks in a mail", "<p>{{ name }}</p>", LIQUID_HTML,
	    TEXT("<script>alert('x' & \"y\")</script>"),
	    "<p>&lt;script&gt;alert(&#39;x&#39; &amp; "
	    "&quot;y&quot;)&lt;/script&gt;</p>" },
	{ "template T5 marks in an SMS", "{{ name }}", LIQUID_PLAIN, TEXT("<b>&"),
	    "<b>&" },
	{ "template T5 marks in JSON", "{\"n\":{{ name | json }}}", LIQUID_JSON,
	    TEXT("\"},{\"x\":\"<"), "{\"n\":\"\\\"},{\\\"x\\\":\\\"\\u003c\"}" },
	{ "template T8 a lone surrogate", "{{ name }}", LIQUID_PLAIN,
	    TEXT("a\xed\xa0\x80"
		 "b"),
	    "ab" },
	{ "template T8 half a pair at the end", "{{ name }}!", LIQUID_PLAIN,
	    TEXT("a\xf0\x9f\x98"), "a!" },
	{ "template T9 query value", "https://a.example/?n={{ name | url_encode }}",
	    LIQUID_PLAIN, TEXT("王 a&b=c#d/?"),
	    "https://a.example/?n=%E7%8E%8B+a%26b%3Dc%23d%2F%3F" },
	{ "template T9 short link",
	    "{{ \"https://a.example/?n=\" | append: name | short_link }}", LIQUID_PLAIN,
	    TEXT("x"), "https://r.example/l/1" },
	{ "template T9 short link to elsewhere",
	    "{% assign u = name %}{{ u | short_link }}", LIQUID_PLAIN,
	    TEXT("https://evil.example/"),
	    "!! 1:29 short_link: this link cannot be shortened" },
};

static void
test_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		char *got = rendered(shown[i].source, shown[i].escape,
		    value_strn(shown[i].value, shown[i].len));
		bool prefix = g_str_has_prefix(shown[i].want, "!! ");

		if (prefix ? !g_str_has_prefix(got, shown[i].want)
			   : strcmp(got, shown[i].want) != 0)
			fail_msg("%s: got \"%s\", not \"%s\"", shown[i].name, got,
			    shown[i].want);
		g_free(got);
	}
}

/* ---- sizes ---- */

/* The name of the only row of a table; "" when there is no such row. */
static char *
imported_name(const char *dir, const char *name, char fault[240])
{
	char *path = path_in(dir, "t.csv"),
	     *text = g_strconcat("id,name\nX,", name, "\n", NULL);
	struct err e = { 0 };
	struct arena *a = arena_new();
	struct customers *r;
	struct customer c;
	struct row_fault f = { 0 };
	char *got = NULL;

	assert_true(g_file_set_contents(path, text, -1, NULL));
	r = customers_open(path, TABLE_UTF8, NULL, &e);
	fault[0] = '\0';
	if (r != NULL && customers_next(r, a, &c, &f, &e) == 1 && f.verdict < ROW_ASIDE)
		got = g_strdup(c.name);
	else
		g_strlcpy(fault, e.kind != ERR_NONE ? e.text : f.reason, 240);
	customers_close(r);
	arena_free(a);
	g_free(text);
	g_free(path);
	return got != NULL ? got : g_strdup("");
}

static char *
times(const char *what, int n)
{
	GString *s = g_string_new(NULL);

	while (n-- > 0)
		g_string_append(s, what);
	return g_string_free(s, FALSE);
}

static void
template_t6_long_names(void **state)
{
	char *field = times("王", 8000 / 3), *huge = times("王", (1 << 20) / 3),
	     *kept = times("王", 128), fault[240], *got, *source, *text;

	/* A field that fits is cut at 128 characters; a megabyte is no field of a table.
	 */
	got = imported_name(*state, field, fault);
	assert_string_equal(got, kept);
	g_free(got);
	got = imported_name(*state, huge, fault);
	assert_string_equal(got, "");
	assert_non_null(strstr(fault, "longer than the 8192 bytes"));
	g_free(got);

	/* What comes past the import is stopped by the size of a render. */
	got = rendered("{{ name }}", LIQUID_PLAIN, value_str(huge));
	assert_true(g_str_has_prefix(got, "!! 1:"));
	assert_non_null(strstr(got, "64 KiB"));
	g_free(got);
	source = times("{{ name }}", 21);
	text = times("a", 3 << 10);
	got = rendered(source, LIQUID_PLAIN, value_str(text));
	assert_int_equal(strlen(got), 63 << 10);
	g_free(got);
	g_free(text);
	g_free(source);
	g_free(kept);
	g_free(huge);
	g_free(field);
}

static void
template_t7_filters_a_thousand_deep(void **state)
{
	static const struct {
		const char *name, *before, *each, *after, *fault;
		int n;
	} deep[] = {
		{ "template T7 8 filters", "{{ entity.name", " | upcase", " }}", "", 8 },
		{ "template T7 9 filters", "{{ entity.name", " | upcase", " }}",
		    "more than 8 filters in a row", 9 },
		{ "template T7 1,000 filters", "{{ entity.name", " | upcase", " }}",
		    "more than 8 filters in a row", 1000 },
		{ "template T7 1,000 blocks", "", "{% if entity.name %}", "", "32",
		    1000 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(deep); i++) {
		char *each = times(deep[i].each, deep[i].n), *got;
		char *text =
		    g_strconcat(WECOM, deep[i].before, each, deep[i].after, "\n", NULL);
		struct report *r;

		put(*state, CHAT, text, strlen(text));
		r = check(*state);
		got = found(r, CHAT);
		if (*deep[i].fault == '\0' ? *got != '\0'
					   : strstr(got, deep[i].fault) == NULL)
			fail_msg("%s: %s", deep[i].name, got);
		report_free(r);
		g_free(got);
		g_free(text);
		g_free(each);
	}
}

static void
template_t8_emoji_at_a_segment_edge(void **state)
{
	static const struct {
		const char *name;
		enum segment_plan plan;
		int before;
		const char *then;
		int after, units, segments;
	} edges[] = {
		{ "template T8 69 and a pair", SEGMENT_CHINA, 69, "😀", 0, 71, 2 },
		{ "template T8 68 and a pair", SEGMENT_CHINA, 68, "😀", 0, 70, 1 },
		{ "template T8 a pair over the second edge", SEGMENT_CHINA, 133, "😀", 0,
		    135, 3 },
		{ "template T8 a pair before it", SEGMENT_CHINA, 132, "😀", 0, 134, 2 },
		{ "template T8 a family is eleven", SEGMENT_CHINA, 0,
		    "👨‍👩‍👧‍👦", 0, 11, 1 },
		/* A pair at 67 and 68 goes to the next part whole, and costs a unit. */
		{ "template T8 a pair is not split", SEGMENT_INTERNATIONAL, 66, "😀", 65,
		    133, 2 },
		{ "template T8 nor for nothing", SEGMENT_INTERNATIONAL, 66, "😀", 66, 134,
		    3 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
		char *before = times("中", edges[i].before);
		char *after = times("中", edges[i].after);
		char *text = g_strconcat(before, edges[i].then, after, NULL);
		struct segments s;

		segment_count(edges[i].plan, "", text, &s);
		if (s.units != edges[i].units || s.segments != edges[i].segments)
			fail_msg("%s: %d units, %d segments", edges[i].name, s.units,
			    s.segments);
		g_free(text);
		g_free(after);
		g_free(before);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_checked),
		cmocka_unit_test(test_shown),
		TEST(template_t6_long_names),
		TEST(template_t7_filters_a_thousand_deep),
		cmocka_unit_test(template_t8_emoji_at_a_segment_edge),
	};

	return cmocka_run_group_tests_name("template rows", tests, NULL, NULL);
}
