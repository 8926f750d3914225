/* provider_sandbox_test.c - the sandbox's dialect, and the generic webhook it shares with
 * gateways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "provider/provider.h"

static struct arena *arena;
static const struct account account = { .name = "demo",
	.type = "sandbox",
	.channels = 1U << CHANNEL_SMS | 1U << CHANNEL_EMAIL,
	.url = "http://127.0.0.1:8090/",
	.internal = true,
	.settle = SETTLE_KEY };
static const struct config config = { .public_url = "http://127.0.0.1:8080/" };

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

static void
make_parcels(struct parcel *p, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (struct parcel){ .msg = i,
			.to = arena_printf(arena, "+86100%08d", i),
			.ref = arena_printf(arena, "REF%d", i),
			.channel = CHANNEL_SMS,
			.category = CATEGORY_SERVICE,
			.subject = "",
			.text = "您好，\"明天\"\n见",
			.html = "",
			.unsubscribe = "",
			.customer = "C1" };
}

static const char *
text_at(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

static void
test_request(void **state)
{
	(void)state;
	struct parcel p[100];
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	make_parcels(p, 100);
	assert_int_equal(provider_find("sandbox")->request(&account, &config, p, 100,
			     INT64_C(1795320000000), arena, &r, &e),
	    0);
	assert_string_equal(r.method, "POST");
	assert_string_equal(r.url, "http://127.0.0.1:8090/v1/messages");
	assert_string_equal(r.headers->pdata[0], "Content-Type: application/json");
	assert_string_equal(r.headers->pdata[1], "X-Sent-At: 1795320000000");
	json_t *j = json_loadb(r.body, r.body_len, JSON_REJECT_DUPLICATES, NULL);
	assert_string_equal(text_at(j, "account"), "demo");
	assert_string_equal(
	    text_at(j, "callback"), "http://127.0.0.1:8080/hooks/sandbox/demo");
	const json_t *m = json_array_get(json_object_get(j, "messages"), 99);
	assert_int_equal(json_array_size(json_object_get(j, "messages")), 100);
	assert_string_equal(text_at(m, "key"), "REF99");
	assert_string_equal(text_at(m, "ref"), "REF99");
	assert_string_equal(text_at(m, "to"), "+8610000000099");
	assert_string_equal(text_at(m, "channel"), "sms");
	assert_string_equal(text_at(m, "category"), "service");
	assert_string_equal(text_at(m, "text"), "您好，\"明天\"\n见");
	assert_string_equal(text_at(m, "customer"), "C1");
	assert_null(json_object_get(m, "subject"));
	assert_null(json_object_get(m, "expires"));
	json_decref(j);
	g_ptr_array_free(r.headers, TRUE);
}

/* Class I needs the same bytes for the same message, whenever it is asked again. */
static void
test_same_bytes_again(void **state)
{
	(void)state;
	struct parcel p[2];
	struct provider_request a = { .headers = g_ptr_array_new() };
	struct provider_request b = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	make_parcels(p, 2);
	const struct provider *s = provider_find("sandbox");
	assert_int_equal(s->request(&account, &config, p, 2, 1000, arena, &a, &e), 0);
	assert_int_equal(s->request(&account, &config, p, 2, 9000, arena, &b, &e), 0);
	assert_string_equal(a.body, b.body);
	g_ptr_array_free(a.headers, TRUE);
	g_ptr_array_free(b.headers, TRUE);
}

static void
test_hook_secret_in_callback(void **state)
{
	(void)state;
	struct account acc = account;
	struct parcel p[1];
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	make_parcels(p, 1);
	acc.hook_secret = "t0ken";
	assert_int_equal(
	    provider_find("sandbox")->request(&acc, &config, p, 1, 0, arena, &r, &e), 0);
	assert_non_null(strstr(r.body, "/hooks/sandbox/demo/t0ken\""));
	g_ptr_array_free(r.headers, TRUE);
}

static void
test_answers(void **state)
{
	(void)state;
	static const struct {
		const char *row;
		int status;
		const char *body;
		enum outcome outcome[2];
		const char *id, *perr; /* of the first */
		bool bad_address;
	} rows[] = {
		{ "both taken", 200,
		    "{\"results\":[{\"ref\":\"REF0\",\"status\":\"accepted\",\"id\":"
		    "\"a\"},"
		    "{\"ref\":\"REF1\",\"status\":\"accepted\",\"id\":\"b\"}]}",
		    { OUTCOME_ACCEPTED, OUTCOME_ACCEPTED }, "a", "", false },
		{ "out of order", 200,
		    "{\"results\":[{\"ref\":\"REF1\",\"status\":\"refused\",\"code\":"
		    "\"content\"},"
		    "{\"ref\":\"REF0\",\"status\":\"accepted\",\"id\":\"a\"}]}",
		    { OUTCOME_ACCEPTED, OUTCOME_REJECTED }, "a", "", false },
		{ "bad number", 200,
		    "{\"results\":[{\"ref\":\"REF0\",\"status\":\"refused\",\"code\":"
		    "\"bad_address\"},{\"ref\":\"REF1\",\"status\":\"later\",\"code\":"
		    "\"stale\"}]}",
		    { OUTCOME_REJECTED, OUTCOME_REFUSED_RETRY }, "", "bad_address",
		    true },
		{ "one is missing", 200,
		    "{\"results\":[{\"ref\":\"REF0\",\"status\":\"accepted\",\"id\":"
		    "\"a\"}]}",
		    { OUTCOME_ACCEPTED, OUTCOME_UNKNOWN }, "a", "", false },
		{ "accepted without an id; a new word", 200,
		    "{\"results\":[{\"ref\":\"REF0\",\"status\":\"accepted\"},"
		    "{\"ref\":\"REF1\",\"status\":\"perhaps\"}]}",
		    { OUTCOME_UNKNOWN, OUTCOME_UNKNOWN }, "", "", false },
		{ "key used for something else", 200,
		    "{\"results\":[{\"ref\":\"REF0\",\"status\":\"conflict\",\"code\":"
		    "\"key_reused\"}]}",
		    { OUTCOME_UNKNOWN, OUTCOME_UNKNOWN }, "", "key_reused", false },
		{ "garbage", 200, "<html>", { OUTCOME_UNKNOWN, OUTCOME_UNKNOWN }, "", "",
		    false },
		{ "results are no list", 200, "{\"results\":{}}",
		    { OUTCOME_UNKNOWN, OUTCOME_UNKNOWN }, "", "", false },
		{ "500", 500, "{}", { OUTCOME_UNKNOWN, OUTCOME_UNKNOWN }, "", "http-500",
		    false },
		{ "429", 429, "", { OUTCOME_REFUSED_RETRY, OUTCOME_REFUSED_RETRY }, "",
		    "http-429", false },
		{ "400", 400, "", { OUTCOME_REJECTED, OUTCOME_REJECTED }, "", "http-400",
		    false },
		{ "redirect", 301, "", { OUTCOME_REJECTED, OUTCOME_REJECTED }, "",
		    "http-301", false },
	};
	struct parcel p[2];
	make_parcels(p, 2);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer a[2];
		memset(a, 0x5a, sizeof a);
		provider_find("sandbox")->answer(&account, p, 2,
		    &(struct provider_reply){ rows[i].status, rows[i].body, strlen(rows[i].body), NULL }, a);
		if (a[0].outcome != rows[i].outcome[0] ||
		    a[1].outcome != rows[i].outcome[1] ||
		    strcmp(a[0].provider_id, rows[i].id) != 0 ||
		    strcmp(a[0].perr, rows[i].perr) != 0 ||
		    a[0].bad_address != rows[i].bad_address)
			fail_msg("%s: %d %d id \"%s\" perr \"%s\"", rows[i].row,
			    (int)a[0].outcome, (int)a[1].outcome, a[0].provider_id,
			    a[0].perr);
	}
}

static void
test_query(void **state)
{
	(void)state;
	const struct provider *s = provider_find("sandbox");
	struct provider_request r = { .headers = g_ptr_array_new() };
	struct err e = { 0 };
	struct answer a;
	assert_int_equal(s->query(&account, &config, &(struct parcel){ .ref = "R/1 2" }, 0, arena, &r, &e), 0);
	assert_string_equal(r.url, "http://127.0.0.1:8090/v1/messages?ref=R%2F1%202");
	g_ptr_array_free(r.headers, TRUE);
	s->query_answer(&account, NULL, 200, "{\"found\":true,\"id\":\"sb-1\"}", 26, &a);
	assert_int_equal(a.outcome, OUTCOME_ACCEPTED);
	assert_string_equal(a.provider_id, "sb-1");
	s->query_answer(&account, NULL, 200, "{\"found\":false}", 15, &a);
	assert_int_equal(a.outcome, OUTCOME_REFUSED_RETRY);
	s->query_answer(&account, NULL, 200, "{}", 2, &a);
	assert_int_equal(a.outcome, OUTCOME_UNKNOWN);
	s->query_answer(&account, NULL, 404, "{\"found\":false}", 15, &a);
	assert_int_equal(a.outcome, OUTCOME_UNKNOWN);
}

/* Webhooks --------------------------------------------------------------------- */

static const char *
no_header(const struct hook_request *r, const char *name)
{
	(void)r;
	(void)name;
	return "";
}

static int
post(const char *body, struct receipt **out, int *n, struct hook_reply *reply)
{
	struct hook_request req = { .method = "POST",
		.path = "",
		.body = body,
		.body_len = strlen(body),
		.header = no_header };
	*out = NULL;
	*n = -1;
	return provider_find("http")->hook(&account, &config, &req, arena, out, n, reply);
}

static void
test_hook_events(void **state)
{
	(void)state;
	static const char body[] =
	    "{\"events\":["
	    "{\"id\":\"e1\",\"type\":\"delivered\",\"ref\":\"REF1\",\"id_provider\":77,"
	    "\"at\":\"2026-11-22T10:30:00+08:00\",\"extra\":[1]},"
	    "{\"id\":\"e2\",\"type\":\"failed\",\"id_provider\":\"p2\",\"code\":"
	    "\"absent\"},"
	    "{\"type\":\"reply\",\"from\":\"+8610000000001\",\"text\":\"退订\",\"at\":"
	    "\"soon\"},"
	    "{\"id\":\"e4\",\"type\":\"complaint\",\"ref\":\"REF4\",\"channel\":"
	    "\"email\"}]}";
	struct receipt *r;
	struct hook_reply reply;
	int n;
	assert_int_equal(post(body, &r, &n, &reply), 0);
	assert_int_equal(reply.status, 200);
	assert_int_equal(n, 4);
	assert_int_equal(r[0].kind, RECEIPT_DELIVERED);
	assert_string_equal(r[0].key, "e1");
	assert_string_equal(r[0].ref, "REF1");
	assert_string_equal(r[0].provider_id, "77");
	assert_true(r[0].at == INT64_C(1795314600000));
	assert_int_equal(r[1].kind, RECEIPT_FAILED);
	assert_string_equal(r[1].perr, "absent");
	assert_true(r[1].at == 0);
	assert_int_equal(r[2].kind, RECEIPT_REPLY);
	assert_string_equal(r[2].text, "退订");
	assert_string_equal(r[2].from, "+8610000000001");
	assert_int_equal(strlen(r[2].key), 64); /* no id: a hash stands for it */
	assert_true(r[2].at == 0);              /* an unreadable time costs no reply */
	assert_int_equal(r[2].channel, CHANNEL_SMS);
	assert_int_equal(r[3].channel, CHANNEL_EMAIL);
	for (int i = 0; i < n; i++)
		assert_false(r[i].broken);
}

/* However the gateway writes it, it is the address customers have. */
static void
test_hook_addresses_are_normalised(void **state)
{
	(void)state;
	static const char body[] =
	    "{\"events\":[{\"type\":\"unsubscribe\",\"from\":\"199 0000 0001\"},"
	    "{\"type\":\"complaint\",\"from\":\"Li@A.example\",\"channel\":\"email\"},"
	    "{\"type\":\"unsubscribe\",\"from\":\"Device-1\",\"channel\":\"push\"}]}";
	struct receipt *r;
	struct hook_reply reply;
	int n;
	assert_int_equal(post(body, &r, &n, &reply), 0);
	assert_int_equal(n, 3);
	assert_string_equal(r[0].from, "+8619900000001");
	assert_string_equal(r[1].from, "li@a.example");
	assert_string_equal(r[2].from, "Device-1");
	for (int i = 0; i < n; i++)
		assert_false(r[i].broken);
}

static void
test_hook_without_id_is_recognised_again(void **state)
{
	(void)state;
	static const char body[] = "{\"events\":[{\"type\":\"open\",\"ref\":\"R\"},{"
				   "\"type\":\"open\",\"ref\":\"R\"},"
				   "{\"type\":\"open\",\"ref\":\"S\"}]}";
	struct receipt *r;
	struct hook_reply reply;
	int n;
	assert_int_equal(post(body, &r, &n, &reply), 0);
	assert_string_equal(r[0].key, r[1].key);
	assert_string_not_equal(r[0].key, r[2].key);
}

/* 500 elements of which 3 are broken: 497 good, 3 kept raw, 200. */
static void
test_hook_broken_elements(void **state)
{
	(void)state;
	GString *body = g_string_new("{\"events\":[");
	for (int i = 0; i < 500; i++) {
		if (i > 0)
			g_string_append_c(body, ',');
		if (i == 7)
			g_string_append(body, "17");
		else if (i == 100)
			g_string_append(
			    body, "{\"id\":\"b\",\"type\":\"exploded\",\"ref\":\"R\"}");
		else if (i == 499)
			g_string_append(
			    body, "{\"id\":\"c\",\"type\":\"sent\",\"ref\":{}}");
		else
			g_string_append_printf(body,
			    "{\"id\":\"e%d\",\"type\":\"sent\",\"ref\":\"R%d\"}", i, i);
	}
	g_string_append(body, "]}");
	struct receipt *r;
	struct hook_reply reply;
	int n, broken = 0;
	assert_int_equal(post(body->str, &r, &n, &reply), 0);
	assert_int_equal(reply.status, 200);
	assert_int_equal(n, 500);
	for (int i = 0; i < n; i++)
		broken += r[i].broken;
	assert_int_equal(broken, 3);
	assert_true(r[7].broken && r[100].broken && r[499].broken);
	assert_string_equal(r[7].raw, "17");
	assert_string_equal(
	    r[100].raw, "{\"id\":\"b\",\"type\":\"exploded\",\"ref\":\"R\"}");
	assert_true(r[7].key[0] != '\0');
	g_string_free(body, TRUE);
}

static void
test_hook_elements_without_a_handle(void **state)
{
	(void)state;
	static const char *const bodies[] = {
		"{\"events\":[{\"id\":\"1\",\"type\":\"delivered\"}]}",
		"{\"events\":[{\"id\":\"1\",\"type\":\"reply\",\"id_provider\":\"x\"}]}",
		"{\"events\":[{\"id\":\"1\",\"ref\":\"R\"}]}",
		"{\"events\":[{\"id\":true,\"type\":\"sent\",\"ref\":\"R\"}]}",
		"{\"events\":[null]}",
		"{\"events\":[[]]}",
	};
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct receipt *r;
		struct hook_reply reply;
		int n;
		assert_int_equal(post(bodies[i], &r, &n, &reply), 0);
		if (n != 1 || !r[0].broken)
			fail_msg("%s: not broken", bodies[i]);
	}
}

static void
test_hook_refusals(void **state)
{
	(void)state;
	struct receipt *r;
	struct hook_reply reply;
	int n;
	static const char *const bodies[] = { "", "{", "[]", "{}", "{\"events\":{}}",
		"17", "{\"events\":[}" };
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		assert_int_equal(post(bodies[i], &r, &n, &reply), -1);
		assert_int_equal(reply.status, 400);
	}
	GString *many = g_string_new("{\"events\":[1");
	for (int i = 0; i < 5000; i++)
		g_string_append(many, ",1");
	g_string_append(many, "]}");
	assert_int_equal(post(many->str, &r, &n, &reply), -1);
	assert_int_equal(reply.status, 413);
	g_string_free(many, TRUE);
	assert_int_equal(post("{\"events\":[]}", &r, &n, &reply), 0);
	assert_int_equal(n, 0);
}

/* One reply in a wrong encoding does not cost the others. */
static void
test_hook_bad_utf8(void **state)
{
	(void)state;
	struct receipt *r;
	struct hook_reply reply;
	int n;
	assert_int_equal(
	    post("{\"events\":[{\"type\":\"reply\",\"from\":\"+8610000000001\","
		 "\"text\":\"\xcd\xcb\xb6\xa9\"},{\"type\":\"sent\",\"ref\":\"R\"}]}",
		&r, &n, &reply),
	    0);
	assert_int_equal(n, 2);
	assert_false(r[1].broken);
	assert_true(g_utf8_validate(r[0].text, -1, NULL));
}

static void
test_capabilities(void **state)
{
	(void)state;
	struct capabilities c;
	provider_find("sandbox")->capabilities(&account, &c);
	assert_int_equal(c.batch, 100);
	assert_int_equal(c.settle, SETTLE_KEY);
	assert_true(c.key_ttl == 24 * MS_HOUR);
	assert_false((c.channels & 1U << CHANNEL_PHONE) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_same_bytes_again),
		cmocka_unit_test(test_hook_secret_in_callback),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_hook_events),
		cmocka_unit_test(test_hook_addresses_are_normalised),
		cmocka_unit_test(test_hook_without_id_is_recognised_again),
		cmocka_unit_test(test_hook_broken_elements),
		cmocka_unit_test(test_hook_elements_without_a_handle),
		cmocka_unit_test(test_hook_refusals),
		cmocka_unit_test(test_hook_bad_utf8),
		cmocka_unit_test(test_capabilities),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
