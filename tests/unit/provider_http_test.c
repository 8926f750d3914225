/* provider_http_test.c - a gateway described in YAML: what is sent, and what its answers
 * prove. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "provider/provider.h"
#include "spec/liquid.h"

#define TEXT "您好 \"王先生\"\n下一行 \\ 【示例】"

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct liquid *
compile(const char *source)
{
	struct report *r = report_new();
	const struct liquid *t = liquid_parse(
	    arena, source, strlen(source), (struct pos){ "reachd.yaml", 1, 1 }, r);
	assert_non_null(t);
	report_free(r);
	return t;
}

static struct account
gateway(void)
{
	return (struct account){ .name = "gateway",
		.type = "http",
		.at = { "reachd.yaml", 5, 3 },
		.channels = 1U << CHANNEL_SMS,
		.url = "https://sms.example.com/send",
		.method = "POST",
		.body = compile(
		    "{\"to\":\"{{ message.to }}\",\"text\":{{ message.text | json }},"
		    "\"ref\":\"{{ message.ref }}\"}") };
}

static const struct parcel parcel = { .msg = 1,
	.to = "+8610000000001",
	.ref = "REF7",
	.channel = CHANNEL_SMS,
	.category = CATEGORY_MARKETING,
	.subject = "",
	.text = TEXT,
	.html = "",
	.unsubscribe = "",
	.customer = "C1" };

static struct credential credentials[] = { { .name = "gateway_key", .value = "s3cret" },
	{ .name = "missing", .value = NULL } };
static const struct config config = { .credentials = credentials, .n_credentials = 2 };

static int
request(const struct account *acc, struct provider_request *out, struct err *e)
{
	memset(out, 0, sizeof *out);
	out->headers = g_ptr_array_new();
	return provider_find("http")->request(
	    acc, &config, &parcel, 1, 1000, arena, out, e);
}

static bool
has_header(const struct provider_request *r, const char *line)
{
	for (guint i = 0; i < r->headers->len; i++)
		if (strcmp(r->headers->pdata[i], line) == 0)
			return true;
	return false;
}

static void
test_json_body(void **state)
{
	(void)state;
	struct account acc = gateway();
	struct http_header headers[] = { { "Authorization",
	    compile("Bearer {{ credential.gateway_key }}") } };
	struct provider_request r;
	struct err e = { 0 };
	acc.headers = headers;
	acc.n_headers = 1;
	assert_int_equal(request(&acc, &r, &e), 0);
	assert_string_equal(r.method, "POST");
	assert_string_equal(r.url, "https://sms.example.com/send");
	assert_true(has_header(&r, "Authorization: Bearer s3cret"));
	assert_true(has_header(&r, "Content-Type: application/json"));
	json_t *j = json_loadb(r.body, r.body_len, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(j, "text")), TEXT);
	assert_string_equal(
	    json_string_value(json_object_get(j, "to")), "+8610000000001");
	assert_string_equal(json_string_value(json_object_get(j, "ref")), "REF7");
	json_decref(j);
	g_ptr_array_free(r.headers, TRUE);
}

static void
test_other_bodies(void **state)
{
	(void)state;
	struct provider_request r;
	struct err e = { 0 };
	struct account form = gateway();
	form.body = compile("to={{ message.to | url_encode }}&ref={{ message.ref }}");
	assert_int_equal(request(&form, &r, &e), 0);
	assert_string_equal(r.body, "to=%2B8610000000001&ref=REF7");
	assert_true(has_header(
	    &r, "Content-Type: application/x-www-form-urlencoded; charset=utf-8"));
	g_ptr_array_free(r.headers, TRUE);

	form.method = "GET";
	assert_int_equal(request(&form, &r, &e), 0);
	assert_string_equal(r.method, "GET");
	assert_string_equal(
	    r.url, "https://sms.example.com/send?to=%2B8610000000001&ref=REF7");
	assert_int_equal(r.body_len, 0);
	g_ptr_array_free(r.headers, TRUE);

	struct http_header own[] = { { "content-type", compile("text/plain") } };
	form.method = "POST";
	form.headers = own;
	form.n_headers = 1;
	assert_int_equal(request(&form, &r, &e), 0);
	assert_int_equal(r.headers->len, 1);
	g_ptr_array_free(r.headers, TRUE);
}

static void
test_idempotency_key(void **state)
{
	(void)state;
	struct provider_request r;
	struct err e = { 0 };
	struct account acc = gateway();
	assert_int_equal(request(&acc, &r, &e), 0);
	assert_false(has_header(&r, "Idempotency-Key: REF7"));
	g_ptr_array_free(r.headers, TRUE);

	acc.settle = SETTLE_KEY;
	assert_int_equal(request(&acc, &r, &e), 0);
	assert_true(has_header(&r, "Idempotency-Key: REF7"));
	g_ptr_array_free(r.headers, TRUE);

	acc.idempotency_header = "X-Request-Id";
	acc.idempotency_key = compile("reachd-{{ message.ref }}");
	assert_int_equal(request(&acc, &r, &e), 0);
	assert_true(has_header(&r, "X-Request-Id: reachd-REF7"));
	g_ptr_array_free(r.headers, TRUE);
}

/* Never a hole where a credential should be. */
static void
test_missing_credential_stops(void **state)
{
	(void)state;
	struct account acc = gateway();
	struct http_header headers[] = { { "Authorization",
	    compile("Bearer {{ credential.missing }}") } };
	struct provider_request r;
	struct err e = { 0 };
	acc.headers = headers;
	acc.n_headers = 1;
	assert_int_equal(request(&acc, &r, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, "gateway"));
	assert_null(strstr(e.text, "s3cret"));
	g_ptr_array_free(r.headers, TRUE);
}

static void
test_header_injection_stops(void **state)
{
	(void)state;
	struct account acc = gateway();
	struct http_header headers[] = { { "X-Text", compile("{{ message.text }}") } };
	struct provider_request r;
	struct err e = { 0 };
	acc.headers = headers;
	acc.n_headers = 1;
	assert_int_equal(request(&acc, &r, &e), -1);
	g_ptr_array_free(r.headers, TRUE);
}

static struct answer_rule refused[] = {
	{ .field = "code", .equals = "1001", .as = "bad_address" },
	{ .field = "code", .equals = "1009", .as = "balance" },
	{ .status = 422, .as = "content" },
};
static struct answer_rule throttled[] = {
	{ .field = "code", .equals = "1100" },
	{ .status = 503, .field = "busy", .equals = "true" },
};

#define A OUTCOME_ACCEPTED
#define R OUTCOME_REJECTED
#define L OUTCOME_REFUSED_RETRY
#define U OUTCOME_UNKNOWN

static void
test_outcomes(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		int status;
		const char *body;
		enum outcome outcome;
		const char *id, *perr;
		bool bad_address, freeze;
	} rows[] = {
		{ "taken", 200, "{\"code\":\"0\",\"data\":{\"id\":\"a1\"}}", A, "a1", "",
		    0, 0 },
		{ "taken, numbers", 200, "{\"code\":0,\"data\":{\"id\":42}}", A, "42", "",
		    0, 0 },
		{ "success without an id", 200, "{\"code\":\"0\"}", U, "", "0", 0, 0 },
		{ "success, empty id", 200, "{\"code\":\"0\",\"data\":{\"id\":\"\"}}", U,
		    "", "0", 0, 0 },
		{ "success, null id", 200, "{\"code\":\"0\",\"data\":{\"id\":null}}", U,
		    "", "0", 0, 0 },
		{ "other 2xx than the rule's", 202,
		    "{\"code\":\"0\",\"data\":{\"id\":\"a\"}}", U, "", "0", 0, 0 },
		{ "unlisted code", 200, "{\"code\":\"77\"}", U, "", "77", 0, 0 },
		{ "garbage", 200, "<html>", U, "", "http-200", 0, 0 },
		{ "half an answer", 200, "{\"code\":\"0\",\"da", U, "", "http-200", 0,
		    0 },
		{ "empty", 200, "", U, "", "http-200", 0, 0 },
		{ "code is an object", 200, "{\"code\":{}}", U, "", "http-200", 0, 0 },
		{ "bad number inside 200", 200, "{\"code\":\"1001\"}", R, "", "1001", 1,
		    0 },
		{ "bad number inside 500", 500, "{\"code\":1001}", R, "", "1001", 1, 0 },
		{ "no money", 200, "{\"code\":\"1009\"}", R, "", "1009", 0, 1 },
		{ "content, by status", 422, "{}", R, "", "http-422", 0, 0 },
		{ "throttled inside 200", 200, "{\"code\":\"1100\"}", L, "", "1100", 0,
		    0 },
		{ "429, always safe", 429, "", L, "", "http-429", 0, 0 },
		{ "503 before processing", 503, "{\"busy\":true}", L, "", "true", 0, 0 },
		{ "503, not that one", 503, "{\"busy\":false}", U, "", "http-503", 0, 0 },
		{ "500", 500, "", U, "", "http-500", 0, 0 },
		{ "502", 502, "", U, "", "http-502", 0, 0 },
		{ "504", 504, "", U, "", "http-504", 0, 0 },
		{ "408", 408, "", U, "", "http-408", 0, 0 },
		{ "425", 425, "", U, "", "http-425", 0, 0 },
		{ "400", 400, "", R, "", "http-400", 0, 0 },
		{ "401", 401, "", R, "", "http-401", 0, 1 },
		{ "403", 403, "", R, "", "http-403", 0, 1 },
		{ "404", 404, "", R, "", "http-404", 0, 1 },
		{ "409 without a key", 409, "", R, "", "http-409", 0, 0 },
		{ "redirect", 302, "{\"code\":\"0\",\"data\":{\"id\":\"a1\"}}", R, "",
		    "http-302", 0, 1 },
		{ "redirect with a listed code", 307, "{\"code\":\"1100\"}", R, "",
		    "http-307", 0, 1 },
		{ "100", 100, "", U, "", "http-100", 0, 0 },
	};
	struct account acc = gateway();
	acc.success = (struct answer_rule){
		.status = 200, .field = "code", .equals = "0", .id = "data.id"
	};
	acc.refused = refused;
	acc.n_refused = 3;
	acc.throttled = throttled;
	acc.n_throttled = 2;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer a;
		memset(&a, 0x5a, sizeof a);
		provider_find("http")->answer(&acc, &parcel, 1,
		    &(struct provider_reply){ rows[i].status, rows[i].body, strlen(rows[i].body), NULL }, &a);
		if (a.outcome != rows[i].outcome ||
		    a.bad_address != rows[i].bad_address || a.freeze != rows[i].freeze ||
		    strcmp(a.provider_id, rows[i].id) != 0 ||
		    strcmp(a.perr, rows[i].perr) != 0 || a.retry_after != 0)
			fail_msg("%s: outcome %d, id \"%s\", perr \"%s\"", rows[i].row,
			    (int)a.outcome, a.provider_id, a.perr);
	}
}

static void
test_success_alone_suffices(void **state)
{
	(void)state;
	struct account acc = gateway();
	struct answer a;
	provider_find("http")->answer(&acc, &parcel, 1,
		    &(struct provider_reply){ 202, "OK", 2, NULL }, &a);
	assert_int_equal(a.outcome, OUTCOME_ACCEPTED);
	assert_string_equal(a.provider_id, "");
	provider_find("http")->answer(&acc, &parcel, 1,
		    &(struct provider_reply){ 500, "OK", 2, NULL }, &a);
	assert_int_equal(a.outcome, OUTCOME_UNKNOWN);
}

static void
test_running_key_is_unknown(void **state)
{
	(void)state;
	struct account acc = gateway();
	struct answer a;
	acc.settle = SETTLE_KEY;
	provider_find("http")->answer(&acc, &parcel, 1,
		    &(struct provider_reply){ 409, "", 0, NULL }, &a);
	assert_int_equal(a.outcome, OUTCOME_UNKNOWN);
}

/* An id that does not fit is no id: better unknown than a receipt that never matches. */
static void
test_endless_id(void **state)
{
	(void)state;
	struct account acc = gateway();
	struct answer a;
	char body[400];
	int len = snprintf(body, sizeof body, "{\"id\":\"%0300d\"}", 7);
	acc.success = (struct answer_rule){ .id = "id" };
	provider_find("http")->answer(&acc, &parcel, 1,
		    &(struct provider_reply){ 200, body, (size_t)len, NULL }, &a);
	assert_int_equal(a.outcome, OUTCOME_UNKNOWN);
	assert_string_equal(a.provider_id, "");
}

static void
test_query(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		int status;
		const char *body;
		enum outcome outcome;
		const char *id;
	} rows[] = {
		{ "found", 200, "{\"list\":[{\"id\":\"x9\"}],\"total\":1}",
		    OUTCOME_ACCEPTED, "x9" },
		{ "absent", 200, "{\"list\":[],\"total\":0}", OUTCOME_REFUSED_RETRY, "" },
		{ "cannot tell", 500, "", OUTCOME_UNKNOWN, "" },
		{ "nonsense", 200, "[]", OUTCOME_UNKNOWN, "" },
	};
	const struct provider *p = provider_find("http");
	struct account acc = gateway();
	acc.settle = SETTLE_QUERY;
	acc.query.url = compile("https://sms.example.com/find?ref={{ message.ref }}");
	acc.query.found = (struct answer_rule){
		.status = 200, .field = "total", .equals = "1", .id = "list.0.id"
	};
	acc.query.absent =
	    (struct answer_rule){ .status = 200, .field = "total", .equals = "0" };
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	assert_int_equal(p->query(&acc, &config, &(struct parcel){ .ref = "REF7" }, 5, arena, &r, &e), 0);
	assert_string_equal(r.method, "GET");
	assert_string_equal(r.url, "https://sms.example.com/find?ref=REF7");
	g_ptr_array_free(r.headers, TRUE);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer a;
		p->query_answer(&acc, NULL, rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		if (a.outcome != rows[i].outcome ||
		    strcmp(a.provider_id, rows[i].id) != 0)
			fail_msg("%s: outcome %d, id \"%s\"", rows[i].row, (int)a.outcome,
			    a.provider_id);
	}
}

static void
assert_mistake(const char *row, const struct account *acc, const char *part)
{
	struct report *r = report_new();
	bool found = part == NULL && r->errors == 0;
	provider_find("http")->check(acc, r);
	if (part == NULL)
		found = r->errors == 0;
	for (guint i = 0; part != NULL && i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];
		found = found || strstr(d->text, part) != NULL;
	}
	if (!found)
		fail_msg("%s: %d errors, the first \"%s\"", row, r->errors,
		    r->errors > 0 ? ((struct diag *)r->diags->pdata[0])->text : "");
	report_free(r);
}

static void
test_check(void **state)
{
	(void)state;
	struct account good = gateway(), bad;
	assert_mistake("good", &good, NULL);
	bad = good;
	bad.url = "";
	assert_mistake("no url", &bad, "needs url");
	bad = good;
	bad.body = NULL;
	assert_mistake("no body", &bad, "needs body");
	bad = good;
	bad.body = compile("{\"text\":\"{{ message.text }}\"}");
	assert_mistake("text without json", &bad, "not JSON once the text");
	bad = good;
	bad.settle = SETTLE_KEY;
	assert_mistake("key without its life", &bad, "needs key_ttl");
	bad = good;
	bad.settle = SETTLE_QUERY;
	assert_mistake("query without a query", &bad, "needs query");
	assert_mistake("query without window", &bad, "needs window");
	bad = good;
	struct answer_rule empty = { .as = "other" };
	bad.refused = &empty;
	bad.n_refused = 1;
	assert_mistake("a rule that fits all", &bad, "fits every answer");
}

static void
test_table(void **state)
{
	(void)state;
	assert_null(provider_find("carrier-pigeon"));
	for (const struct provider *const *p = provider_all(); *p != NULL; p++) {
		assert_ptr_equal(provider_find((*p)->name), *p);
		assert_true((*p)->summary[0] != '\0');
	}
	assert_string_equal(provider_credential(&config, "gateway_key"), "s3cret");
	assert_null(provider_credential(&config, "missing"));
	assert_null(provider_credential(&config, "nowhere"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_body),
		cmocka_unit_test(test_other_bodies),
		cmocka_unit_test(test_idempotency_key),
		cmocka_unit_test(test_missing_credential_stops),
		cmocka_unit_test(test_header_injection_stops),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_success_alone_suffices),
		cmocka_unit_test(test_running_key_is_unknown),
		cmocka_unit_test(test_endless_id),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
