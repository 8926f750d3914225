/* web_test.c - the parts of the web layer that decide without an engine: events, callers,
 * pages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>

#include "../../src/web/body.h"
#include "../../src/web/caller.h"
#include "../../src/web/page.h"
#include "../../src/web/respond.h"
#include "core/hit.h"
#include "spec/event.h"
#include "spec/payload.h"

/* ---- events ---- */

#define NOW ((ms_t)1795312800000) /* 2026-11-22T10:00:00+08:00 is close */
#define AT "\"at\":\"2026-11-22T10:30:00+08:00\""
#define HEAD "{\"id\":\"e1\",\"customer\":\"C1024\",\"type\":\"visit\","

static const struct {
	const char *name, *body;
	const char *error; /* how its text begins; NULL: taken */
} events[] = {
	{ "all keys",
	    HEAD AT
	    ",\"vehicle\":\"V1\",\"data\":{\"amount\":1280.00},\"historic\":false}",
	    NULL },
	{ "least", HEAD AT "}", NULL },
	{ "Chinese type", "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"到店\"," AT "}",
	    NULL },
	{ "SQL is text",
	    "{\"id\":\"'; DROP TABLE msg;--\",\"customer\":\"C' OR "
	    "1=1\",\"type\":\"visit\"," AT "}",
	    NULL },
	{ "A1 duplicate key", "{\"id\":\"e1\",\"id\":\"e2\"}",
	    "/id: duplicate object key" },
	{ "A1 duplicate inside", HEAD AT ",\"data\":{\"cap\":5,\"cap\":500}}",
	    "/data/cap: duplicate object key" },
	{ "A2 NaN", HEAD AT ",\"data\":{\"x\":NaN}}", "/data/x: " },
	{ "A2 1e999", HEAD AT ",\"data\":{\"x\":1e999}}",
	    "/data/x: real number overflow" },
	{ "A2 2^63", HEAD AT ",\"data\":{\"x\":[1,9223372036854775808]}}",
	    "/data/x/1: too big integer" },
	{ "A3 trailing bytes", HEAD AT "} x", "the body: " },
	{ "A3 two values", HEAD AT "}{}", "the body: " },
	{ "A3 comment", "/* a */" HEAD AT "}", "the body: " },
	{ "A4 lone surrogate", HEAD AT ",\"vehicle\":\"\\ud800\"}", "/vehicle: " },
	{ "A4 invalid UTF-8", HEAD AT ",\"vehicle\":\"\xff\"}", "/vehicle: " },
	{ "NUL", HEAD AT ",\"vehicle\":\"a\\u0000b\"}", "/vehicle: " },
	{ "A6 unknown key", HEAD AT ",\"colour\":\"red\"}",
	    "/colour: unknown key; what is your own" },
	{ "near key", HEAD AT ",\"vehicles\":\"V1\"}",
	    "/vehicles: unknown key; did you mean \"vehicle\"?" },
	{ "nothing after a colon", "{\"id\":\"e1\",\"x\":}", "/x: unexpected token" },
	{ "nothing after a comma", HEAD AT ",\"data\":{\"x\":[1,]}}", "/data/x/1: " },
	{ "empty", "", "the body: it is empty" },
	{ "a list", "[]", "the body: must be one JSON object" },
	{ "a scalar", "1", "the body: " },
	{ "no id", "{\"customer\":\"C1\",\"type\":\"visit\"," AT "}", "/id: missing" },
	{ "id a number", "{\"id\":1,\"customer\":\"C1\",\"type\":\"visit\"," AT "}",
	    "/id: must be text" },
	{ "id empty", "{\"id\":\"\",\"customer\":\"C1\",\"type\":\"visit\"," AT "}",
	    "/id: must not be empty" },
	{ "id with a line end",
	    "{\"id\":\"a\\nb\",\"customer\":\"C1\",\"type\":\"visit\"," AT "}",
	    "/id: must not hold control" },
	{ "space around",
	    "{\"id\":\"e1\",\"customer\":\" C1\",\"type\":\"visit\"," AT "}",
	    "/customer: must not begin or end" },
	{ "type with a space",
	    "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"no show\"," AT "}",
	    "/type: " },
	{ "type with an override",
	    "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"no\\u202eshow\"," AT "}",
	    "/type: " },
	{ "no time", HEAD "\"data\":{}}", "/at: missing" },
	{ "time without offset", HEAD "\"at\":\"2026-11-22T10:30:00\"}",
	    "/at: must be a time" },
	{ "A11 1970", HEAD "\"at\":\"1970-01-01T00:00:00Z\"}", "/at: more than 7 days" },
	{ "A11 2100", HEAD "\"at\":\"2100-01-01T00:00:00Z\"}", "/at: more than 7 days" },
	{ "A11 historic", HEAD "\"at\":\"1999-01-01T00:00:00Z\",\"historic\":true}",
	    NULL },
	{ "historic no bool", HEAD AT ",\"historic\":1}", "/historic: " },
	{ "data a list", HEAD AT ",\"data\":[]}", "/data: must be an object" },
	{ "amount no number", HEAD AT ",\"data\":{\"amount\":\"much\"}}",
	    "/data/amount: must be a number of yuan" },
	{ "amount below zero", HEAD AT ",\"data\":{\"amount\":-500}}",
	    "/data/amount: must be a number of yuan" },
	{ "score no number",
	    "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"rating\"," AT
	    ",\"data\":{\"score\":\"abc\"}}",
	    "/data/score: must be a number" },
	{ "score above its scale",
	    "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"rating\"," AT
	    ",\"data\":{\"score\":50,\"scale\":10}}",
	    "/data/score: is above /data/scale" },
	{ "observation nobody counts",
	    "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"observation\"," AT
	    ",\"data\":{\"what\":\"hesitats\"}}",
	    "/data/what: did you mean \"hesitates\"?" },
	{ "observations", "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"observation\"," AT
	    ",\"data\":{\"what\":[\"hesitates\",\"haggles\"]}}",
	    NULL },
	{ "consent to what",
	    "{\"id\":\"e1\",\"customer\":\"C1\",\"type\":\"consent_given\"," AT
	    ",\"data\":{\"value\":\"all\"}}",
	    "/data/value: must be one of marketing, service" },
	{ "key with slash", HEAD AT ",\"data\":{\"a/b~\":{\"c\":1,\"c\":2}}}",
	    "/data/a~1b~0/c: duplicate" },
};

static void
test_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		struct arena *a = arena_new();
		struct event_in in;
		struct err e = { 0 };
		int rc =
		    event_read(a, events[i].body, strlen(events[i].body), NOW, &in, &e);

		if ((rc == 0) != (events[i].error == NULL))
			fail_msg("%s: %s", events[i].name, rc == 0 ? "taken" : e.text);
		if (rc != 0 && !g_str_has_prefix(e.text, events[i].error))
			fail_msg("%s: \"%s\"", events[i].name, e.text);
		if (rc != 0)
			assert_int_equal(e.kind, ERR_INPUT);
		arena_free(a);
	}
}

static void
test_event_values(void **state)
{
	static const char body[] =
	    HEAD "\"at\":\"2026-11-20T10:30:00+08:00\",\"vehicle\":\"V1\","
		 "\"data\":{\"amount\":1280.5,\"tags\":[\"a\",\"b\"]}}";
	struct arena *a = arena_new();
	struct event_in in;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(event_read(a, body, strlen(body), NOW, &in, &e), 0);
	assert_string_equal(in.id, "e1");
	assert_string_equal(in.customer, "C1024");
	assert_string_equal(in.type, "visit");
	assert_string_equal(in.vehicle, "V1");
	assert_string_equal(
	    in.data, "{\"amount\":1280.5,\"tags\":[\"a\",\"b\"],\"vehicle\":\"V1\"}");
	assert_true(in.at == INT64_C(1795141800000));
	assert_false(in.historic);
	arena_free(a);
}

/* The bound is exact: 7 days are taken, a millisecond more is not. */
static void
test_event_bound(void **state)
{
	static const char body[] = HEAD AT "}";
	struct arena *a = arena_new();
	struct event_in in;
	struct err e = { 0 };
	ms_t at;

	(void)state;
	assert_int_equal(clock_parse("2026-11-22T10:30:00+08:00", &at), 0);
	assert_int_equal(event_read(a, body, strlen(body), at + 7 * MS_DAY, &in, &e), 0);
	assert_int_equal(event_read(a, body, strlen(body), at - 7 * MS_DAY, &in, &e), 0);
	assert_int_equal(
	    event_read(a, body, strlen(body), at + 7 * MS_DAY + 1, &in, &e), -1);
	assert_int_equal(
	    event_read(a, body, strlen(body), at - 7 * MS_DAY - 1, &in, &e), -1);
	arena_free(a);
}

/* A5: refused before anything is built, and at the level where it went too deep. */
static void
test_depth(void **state)
{
	char *deep = g_strnfill(100000, '[');
	struct err e = { 0 };
	GString *fits = g_string_new("");

	(void)state;
	assert_null(payload_parse(deep, 100000, &e));
	assert_true(g_str_has_prefix(e.text, "/0/0/0"));
	assert_non_null(
	    strstr(e.text, "nested deeper than 32 levels (line 1, column 33)"));
	for (int i = 0; i < PAYLOAD_DEPTH_MAX; i++)
		g_string_append_c(fits, '[');
	for (int i = 0; i < PAYLOAD_DEPTH_MAX; i++)
		g_string_append_c(fits, ']');
	json_t *j = payload_parse(fits->str, fits->len, &e);
	assert_non_null(j);
	json_decref(j);
	g_string_free(fits, TRUE);
	g_free(deep);
}

/* An answer never repeats what may be a person's. */
static void
test_no_values(void **state)
{
	static const char *const bodies[] = {
		"{\"a\":\"+8610000000000\" \"+8610000000000\"}", "{\"a\":+8610000000000}",
		"{\"a\":86100000000000000000000}"
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		struct err e = { 0 };

		assert_null(payload_parse(bodies[i], strlen(bodies[i]), &e));
		assert_null(strstr(e.text, "0000"));
	}
}

/* Every prefix of a good body is refused, none is read beyond its end. */
static void
test_prefixes(void **state)
{
	static const char body[] =
	    HEAD AT ",\"data\":{\"a\\\"b\":[1,{\"c\":\"d\\\\\"}]}}";

	(void)state;
	for (size_t len = 0; len < strlen(body); len++) {
		char *copy = g_memdup2(body, len);
		struct err e = { 0 };

		assert_null(payload_parse(copy, len, &e));
		assert_true(e.text[0] != '\0');
		g_free(copy);
	}
}

/* ---- callers ---- */

static const struct {
	const char *name;
	enum web_face face;
	const char *peer, *client, *host, *field, *value;
	bool local, foreign;
} callers[] = {
	{ "curl at home", WEB_PUBLIC, "127.0.0.1", "127.0.0.1", "127.0.0.1:8080", "", "",
	    true, false },
	{ "localhost", WEB_STAFF, "127.0.0.1", "127.0.0.1", "localhost:8081", "", "",
	    true, false },
	{ "IPv6", WEB_PUBLIC, "::1", "::1", "[::1]:8080", "", "", true, false },
	{ "the socket", WEB_STAFF, "unix", "unix", "localhost", "", "", true, false },
	{ "a proxy's socket", WEB_PUBLIC, "unix", "unix", "localhost", "", "", false,
	    false },
	{ "outside", WEB_PUBLIC, "203.0.113.7", "203.0.113.7", "reach.example.com", "",
	    "", false, false },
	{ "behind a known proxy", WEB_PUBLIC, "127.0.0.1", "203.0.113.7",
	    "reach.example.com", "X-Forwarded-For", "203.0.113.7", false, false },
	{ "behind a proxy nobody named", WEB_PUBLIC, "127.0.0.1", "127.0.0.1",
	    "127.0.0.1:8080", "X-Forwarded-For", "203.0.113.7", false, false },
	{ "a client named by other means", WEB_PUBLIC, "127.0.0.1", "203.0.113.7",
	    "127.0.0.1:8080", "", "", false, false },
	{ "behind a silent proxy", WEB_PUBLIC, "127.0.0.1", "127.0.0.1",
	    "reach.example.com", "", "", false, true },
	{ "a rebound name", WEB_STAFF, "127.0.0.1", "127.0.0.1", "evil.example:8081", "",
	    "", false, true },
	{ "another site's page", WEB_STAFF, "127.0.0.1", "127.0.0.1", "127.0.0.1:8081",
	    "Origin", "https://evil.example", true, true },
	{ "another site's form", WEB_STAFF, "127.0.0.1", "127.0.0.1", "127.0.0.1:8081",
	    "Sec-Fetch-Site", "cross-site", true, true },
	{ "our own page", WEB_STAFF, "127.0.0.1", "127.0.0.1", "127.0.0.1:8081", "Origin",
	    "http://127.0.0.1:8081", true, false },
	{ "a sandboxed frame", WEB_STAFF, "127.0.0.1", "127.0.0.1", "127.0.0.1:8081",
	    "Origin", "null", true, true },
	{ "typed by hand", WEB_STAFF, "127.0.0.1", "127.0.0.1", "127.0.0.1:8081",
	    "Sec-Fetch-Site", "none", true, false },
};

static void
test_callers(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(callers); i++) {
		const struct http_field fields[] = { { "Host", callers[i].host },
			{ callers[i].field, callers[i].value } };
		const struct http_in in = { .fields = fields,
			.n_fields = 2,
			.peer = callers[i].peer,
			.client = callers[i].client };

		if (caller_local(&in, callers[i].face) != callers[i].local)
			fail_msg("%s: local is %d", callers[i].name, !callers[i].local);
		if ((caller_foreign(&in) != NULL) != callers[i].foreign)
			fail_msg(
			    "%s: foreign is %d", callers[i].name, !callers[i].foreign);
	}
}

static void
test_wrong_host(void **state)
{
	static const struct {
		const char *host, *url;
		bool wrong;
	} rows[] = {
		{ "reach.example.com", "https://reach.example.com", false },
		{ "REACH.example.com:443", "https://reach.example.com/", false },
		{ "other.example.com", "https://reach.example.com", true },
		{ "127.0.0.1:8080", "https://reach.example.com", false },
		{ "reach.example.com", "http://127.0.0.1:8080", false },
		{ "", "https://reach.example.com", true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct http_field field = { "Host", rows[i].host };
		const struct http_in in = { .fields = &field, .n_fields = 1 };

		if (caller_wrong_host(&in, rows[i].url) != rows[i].wrong)
			fail_msg("%s at %s", rows[i].host, rows[i].url);
	}
}

/* ---- what a server is told ---- */

static void
test_bodies(void **state)
{
	static const struct {
		const char *method, *path;
		size_t max;
		bool to_file;
	} rows[] = {
		{ "POST", "/hooks/sandbox/demo", 256 << 10, false },
		{ "POST", "/u/abc", 256 << 10, false },
		{ "POST", "/v1/events", 1 << 20, false },
		{ "POST", "/v1/import/customers", 64 << 20, true },
		{ "GET", "/v1/import/customers", 1 << 20, false },
	};
	size_t max;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_int_equal(
		    web_body(rows[i].method, rows[i].path, &max), rows[i].to_file);
		if (max != rows[i].max)
			fail_msg("%s %s: %zu", rows[i].method, rows[i].path, max);
	}
}

/* ---- texts people post: /v1/offers and what is below ---- */

static int replied;

static void
note_reply(struct http_in *in, int status, const char *type, const char *const *headers,
    const char *body, size_t len)
{
	(void)in;
	(void)type;
	(void)headers;
	(void)body;
	(void)len;
	replied = status;
}

#define JSON "application/json"

static void
test_texts(void **state)
{
	static const char *const keys[] = { "by", "level", NULL };
	static const struct {
		const char *name, *body, *type, *encoding;
		int status; /* 0: taken */
	} rows[] = {
		{ "both", "{\"by\":\"王\",\"level\":\"manager\"}", JSON, "", 0 },
		{ "with a charset", "{\"by\":\"王\"}", "application/json; charset=utf-8",
		    "", 0 },
		{ "A14 SQL text is text", "{\"by\":\"'; DROP TABLE offer;--\"}", JSON, "",
		    0 },
		{ "none", "{}", JSON, "", 0 },
		{ "A1 duplicate keys", "{\"by\":\"a\",\"by\":\"b\"}", JSON, "", 400 },
		{ "A3 trailing bytes", "{} x", JSON, "", 400 },
		{ "A6 unknown field", "{\"by\":\"a\",\"quota\":\"9\"}", JSON, "", 400 },
		{ "a number", "{\"by\":1}", JSON, "", 400 },
		{ "empty", "{\"by\":\"\"}", JSON, "", 400 },
		{ "control characters", "{\"by\":\"a\\nb\"}", JSON, "", 400 },
		{ "a list", "[\"by\"]", JSON, "", 400 },
		{ "A17 text/plain", "{}", "text/plain", "", 415 },
		{ "A17 no type", "{}", "", "", 415 },
		{ "A18 gzip", "{}", JSON, "gzip", 415 },
	};
	uint64_t answered[6] = { 0 };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct http_field fields[] = { { "Content-Type", rows[i].type },
			{ "Content-Encoding", rows[i].encoding } };
		struct http_in in = { .fields = fields,
			.n_fields = 2,
			.body = rows[i].body,
			.body_len = strlen(rows[i].body),
			.arg = answered,
			.reply = note_reply };
		json_t *body;

		replied = 0;
		body = body_texts(&in, keys);
		if (replied != rows[i].status || (body == NULL) != (replied != 0))
			fail_msg("%s: %d", rows[i].name, replied);
		json_decref(body);
	}
}

/* ---- headers ---- */

static bool
holds(const char *const *headers, const char *line)
{
	return g_strv_contains(headers, line);
}

static void
test_headers(void **state)
{
	const char *h[RESPOND_HEADERS];
	struct http_in in = { 0 };

	(void)state;
	respond_headers(&in, 200, "text/html; charset=utf-8", NULL, h);
	assert_true(holds(h, "X-Content-Type-Options: nosniff"));
	assert_true(holds(h, "Referrer-Policy: no-referrer"));
	assert_true(holds(h, "Cache-Control: no-store"));
	assert_true(holds(h, "Cross-Origin-Opener-Policy: same-origin"));
	assert_non_null(strstr(h[2], "Content-Security-Policy: default-src 'none'; "));
	assert_false(
	    holds(h, "Strict-Transport-Security: max-age=31536000; includeSubDomains"));
	in.tls = true;
	respond_headers(&in, 503, "application/json", "Cache-Control: max-age=1", h);
	assert_true(
	    holds(h, "Strict-Transport-Security: max-age=31536000; includeSubDomains"));
	assert_true(holds(h, "Retry-After: 5"));
	assert_true(holds(h, "Cache-Control: max-age=1"));
	assert_false(holds(h, "Cache-Control: no-store"));
}

/* ---- pages ---- */

static void
test_languages(void **state)
{
	static const struct {
		const char *accept;
		enum page_language lang;
	} rows[] = {
		{ "", PAGE_ZH },
		{ "zh-CN,zh;q=0.9,en;q=0.8", PAGE_ZH },
		{ "en-US,en;q=0.9", PAGE_EN },
		{ "en;q=0.5, zh-TW;q=0.4", PAGE_EN },
		{ "EN", PAGE_EN },
		{ "ja,de;q=0.9", PAGE_ZH },
		{ "en, zh", PAGE_ZH },
		{ "en;q=0", PAGE_ZH },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (page_language(rows[i].accept) != rows[i].lang)
			fail_msg("\"%s\"", rows[i].accept);
}

/* Only the form page has a form, it posts, and a dealer's name is no HTML. */
static void
test_pages(void **state)
{
	(void)state;
	for (int page = PAGE_FORM; page <= PAGE_GONE; page++)
		for (int lang = PAGE_ZH; lang <= PAGE_EN; lang++) {
			GString *html = g_string_new("");
			bool form;

			page_write((enum page)page, (enum page_language)lang,
			    "<script>x</script>", html);
			form = strstr(html->str, "<form method=\"post\">") != NULL;
			assert_int_equal(form, page == PAGE_FORM);
			assert_int_equal(
			    strstr(html->str, "List-Unsubscribe") != NULL, form);
			assert_null(strstr(html->str, "<script"));
			assert_null(strstr(html->str, "style="));
			assert_non_null(strstr(html->str, "&lt;script&gt;"));
			assert_non_null(
			    strstr(html->str, lang == PAGE_ZH ? "<html lang=\"zh-CN\">"
							      : "<html lang=\"en\">"));
			g_string_free(html, TRUE);
		}
}

/* ---- people and machines ---- */

static void
test_bots(void **state)
{
	static const char phone[] =
	    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 "
	    "Mobile Safari/537.36 MicroMessenger/8.0";
	static const struct {
		const char *name;
		struct hit_facts facts;
		const char *verdict;
	} rows[] = {
		{ "a person", { false, phone, MS_HOUR, 0 }, "" },
		{ "HEAD", { true, phone, MS_HOUR, 0 }, "head" },
		{ "a scanner", { false, "Mozilla/5.0 (compatible; bot)", MS_HOUR, 0 },
		    "agent" },
		{ "a preview", { false, "facebookexternalhit/1.1", MS_HOUR, 0 },
		    "agent" },
		{ "too fast", { false, phone, 2 * MS_SECOND - 1, 0 }, "early" },
		{ "case T24 two links 0.4 s after", { false, phone, 400, 1 }, "early" },
		{ "fast enough", { false, phone, 2 * MS_SECOND, 0 }, "" },
		{ "two links", { false, phone, MS_HOUR, 1 }, "" },
		{ "three links", { false, phone, MS_HOUR, 2 }, "burst" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(hit_verdict(&rows[i].facts), rows[i].verdict) != 0)
			fail_msg("%s: \"%s\"", rows[i].name, hit_verdict(&rows[i].facts));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_event_values),
		cmocka_unit_test(test_event_bound),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_no_values),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_callers),
		cmocka_unit_test(test_wrong_host),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_bots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
