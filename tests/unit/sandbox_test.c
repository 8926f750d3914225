/* sandbox_test.c - the parts of `reachd sandbox`: requests, links, faults, the ledger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "../../src/cmd/sandbox_book.h"
#include "../../src/cmd/sandbox_clock.h"
#include "../../src/cmd/sandbox_faults.h"
#include "../../src/cmd/sandbox_links.h"
#include "../../src/cmd/sandbox_parse.h"

static int
parse(
    const char *text, size_t len, struct sandbox_parse *p, size_t *used, GByteArray **in)
{
	*in = g_byte_array_new();
	g_byte_array_append(*in, (const guint8 *)text, (guint)len);
	return sandbox_parse_request(*in, p, used);
}

static void
test_request(void **state)
{
	(void)state;
	static const char text[] = "POST /v1/messages?a=b HTTP/1.1\r\nHost: x\r\n"
				   "content-length: 5\r\nIDEMPOTENCY-KEY:  k1 "
				   "\r\nX-Sent-At: 17\r\n\r\nhelloGET / HT";
	struct sandbox_parse p;
	GByteArray *in;
	size_t used;
	assert_int_equal(parse(text, strlen(text), &p, &used, &in), 200);
	assert_string_equal(p.method, "POST");
	assert_string_equal(p.path, "/v1/messages");
	assert_string_equal(p.query, "a=b");
	assert_string_equal(p.key, "k1");
	assert_string_equal(p.sent_at, "17");
	assert_int_equal(p.body_len, 5);
	assert_memory_equal(p.body, "hello", 5);
	assert_false(p.close);
	assert_int_equal(used, strlen(text) - strlen("GET / HT"));
	g_byte_array_free(in, TRUE);
}

/* A request that is not whole is not touched, wherever it is split. */
static void
test_request_split_anywhere(void **state)
{
	(void)state;
	static const char text[] = "POST /send HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
	size_t len = strlen(text), used;
	struct sandbox_parse p;
	GByteArray *in;
	for (size_t i = 1; i < len; i++) {
		assert_int_equal(parse(text, i, &p, &used, &in), 0);
		assert_memory_equal(in->data, text, i);
		g_byte_array_append(in, (const guint8 *)text + i, (guint)(len - i));
		assert_int_equal(sandbox_parse_request(in, &p, &used), 200);
		assert_memory_equal(p.body, "body", 4);
		g_byte_array_free(in, TRUE);
	}
}

static void
test_bad_requests(void **state)
{
	(void)state;
	static const struct {
		const char *row, *text;
		int status;
	} rows[] = {
		{ "no version", "GET /x\r\n\r\n", 400 },
		{ "HTTP/2", "GET / HTTP/2.0\r\n\r\n", 400 },
		{ "no path", "GET x HTTP/1.1\r\n\r\n", 400 },
		{ "header without colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400 },
		{ "length +5", "POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", 400 },
		{ "length 5, 5", "POST / HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\n", 400 },
		{ "length too great",
		    "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413 },
		{ "chunked", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
		    411 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sandbox_parse p;
		GByteArray *in;
		size_t used;
		int status = parse(rows[i].text, strlen(rows[i].text), &p, &used, &in);
		if (status != rows[i].status)
			fail_msg("%s: %d", rows[i].row, status);
		g_byte_array_free(in, TRUE);
	}
	struct sandbox_parse p;
	GByteArray *in;
	size_t used;
	char *endless = g_strnfill(20000, 'x');
	assert_int_equal(parse(endless, 20000, &p, &used, &in), 431);
	g_byte_array_free(in, TRUE);
	g_free(endless);
}

static void
test_links(void **state)
{
	(void)state;
	static const struct {
		const char *row, *text, *links; /* separated by spaces */
	} rows[] = {
		{ "in Chinese text", "详见http://h:80/l/aB3。退订", "http://h:80/l/aB3" },
		{ "without its scheme", "详见 h:80/l/aB3 退订", "http://h:80/l/aB3" },
		{ "full stop behind", "see http://h:80/l/x. Bye", "http://h:80/l/x" },
		{ "in brackets", "(http://h:80/l/x)", "http://h:80/l/x" },
		{ "another host", "http://other/l/x https://xh:80/l/y", "" },
		{ "a longer port", "http://h:801/l/x", "" },
		{ "twice", "http://h:80/l/x http://h:80/l/x", "http://h:80/l/x" },
		{ "two in HTML",
		    "<a href=\"http://h:80/l/x?a=1&amp;b=2\">1</a><a "
		    "href='http://h:80/l/y'>2</a>"
		    "<img src=\"http://h:80/o/p.gif\">",
		    "http://h:80/l/x?a=1&b=2 http://h:80/l/y" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
		sandbox_links_find(rows[i].text, "http://h:80", found);
		g_ptr_array_add(found, NULL);
		char *all = g_strjoinv(" ", (char **)found->pdata);
		if (strcmp(all, rows[i].links) != 0)
			fail_msg("%s: \"%s\"", rows[i].row, all);
		g_free(all);
		g_ptr_array_free(found, TRUE);
	}
	char *pixel =
	    sandbox_links_pixel("<a href=\"http://h:80/l/x\"><img src=\"http://z/1\">"
				"<img src=\"http://h:80/o/p.gif\">",
		"http://h:80");
	assert_string_equal(pixel, "http://h:80/o/p.gif");
	g_free(pixel);
	assert_null(sandbox_links_pixel("<img src=\"http://z/1\">", "http://h:80"));
	char *origin = sandbox_links_origin("https://h:80/hooks/sandbox/x");
	assert_string_equal(origin, "https://h:80");
	g_free(origin);
	assert_null(sandbox_links_origin("ftp://h/x"));
}

static char *
scratch(const char *text)
{
	char *path = g_strdup("/tmp/reachd-sandbox-test-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void
test_faults_file(void **state)
{
	(void)state;
	static const struct {
		const char *row, *text, *error; /* NULL: good */
	} rows[] = {
		{ "good", "{\"error_after\": 0.5, \"cut\": 0.25, \"slow_ms\": 10}",
		    NULL },
		{ "misspelt", "{\"error_befor\": 0.5}", "did you mean \"error_before\"" },
		{ "unlike anything", "{\"weather\": 1}", "reachd sandbox --help" },
		{ "over one", "{\"cut\": 1.5}", "between 0 and 1" },
		{ "a text", "{\"cut\": \"0.5\"}", "between 0 and 1" },
		{ "sum over one", "{\"cut\": 0.6, \"slow\": 0.6}", "add up to 1.20" },
		{ "half a millisecond", "{\"slow_ms\": 0.5}", "whole number" },
		{ "a list", "[]", "write one JSON object" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *path = scratch(rows[i].text);
		struct sandbox_faults f;
		struct err e = { 0 };
		int rc = sandbox_faults_load(&f, path, 1, &e);
		if (rows[i].error == NULL ? rc != 0
					  : strstr(e.text, rows[i].error) == NULL)
			fail_msg("%s: \"%s\"", rows[i].row, e.text);
		unlink(path);
		g_free(path);
	}
}

static void
test_faults_by_seed(void **state)
{
	(void)state;
	struct sandbox_faults a, b, c;
	struct err e = { 0 };
	int counts[FAULT_KINDS] = { 0 }, differ = 0;
	assert_int_equal(sandbox_faults_load(&a, NULL, 5, &e), 0);
	a.odds[FAULT_CUT] = 0.3;
	a.odds[FAULT_ERROR_AFTER] = 0.2;
	b = c = a;
	c.seed = 6;
	for (int i = 0; i < 10000; i++) {
		uint64_t luck, again, other;
		enum sandbox_fault fate = sandbox_faults_request(&a, &luck);
		counts[fate]++;
		assert_int_equal(sandbox_faults_request(&b, &again), fate);
		assert_true(luck == again);
		differ += sandbox_faults_request(&c, &other) != fate;
	}
	assert_in_range(counts[FAULT_CUT], 2800, 3200);
	assert_in_range(counts[FAULT_ERROR_AFTER], 1850, 2150);
	assert_int_equal(
	    counts[FAULT_NONE] + counts[FAULT_CUT] + counts[FAULT_ERROR_AFTER], 10000);
	assert_true(differ > 3000);
}

static const struct sandbox_line line = { .via = "",
	.at = 0,
	.real = INT64_C(1795320000000),
	.channel = "sms",
	.to = "+8610000000001",
	.ref = "R1",
	.key = "R1",
	.text = "\"您好\"\n",
	.subject = "",
	.account = "demo" };

static void
test_book(void **state)
{
	(void)state;
	char *path = scratch("");
	struct err e = { 0 };
	char id[SANDBOX_ID];
	ms_t real = line.real, boot = 1000000;
	struct sandbox_book *b = sandbox_book_open(path, MS_HOUR, real, boot, &e);
	struct sandbox_line other = line;
	other.ref = "R2";
	other.key = "K2";
	assert_non_null(b);
	assert_null(sandbox_book_by_key(b, "R1", boot));
	sandbox_book_add(b, &line, 77, boot);
	sandbox_book_add(b, &other, 78, boot);
	assert_int_equal(sandbox_book_commit(b, &e), 0);
	assert_string_equal(sandbox_book_id(sandbox_book_by_ref(b, "R2"), id), "sb-2");
	assert_true(sandbox_book_by_key(b, "R1", boot)->content == 77);
	/* A key is forgotten after its time, a reference never. */
	assert_non_null(sandbox_book_by_key(b, "K2", boot + MS_HOUR - 1));
	assert_null(sandbox_book_by_key(b, "K2", boot + MS_HOUR));
	assert_null(sandbox_book_by_key(b, "R2", boot));
	assert_null(sandbox_book_by_key(b, "", boot));
	sandbox_book_close(b);

	/* Restarted, with a line that was never finished. */
	FILE *torn = fopen(path, "a");
	fputs("{\"at\":\"2026", torn);
	fclose(torn);
	b = sandbox_book_open(path, MS_HOUR, real + MS_MINUTE, 500, &e);
	assert_non_null(b);
	assert_int_equal(sandbox_book_count(b), 2);
	assert_string_equal(
	    sandbox_book_id(sandbox_book_by_key(b, "K2", 500), id), "sb-2");
	assert_null(sandbox_book_by_key(b, "K2", 500 + MS_HOUR));
	sandbox_book_add(b, &line, 77, 500);
	assert_int_equal(sandbox_book_commit(b, &e), 0);
	sandbox_book_close(b);
	char *text;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_null(strstr(text, "2026{"));
	assert_non_null(strstr(text, "\"text\":\"\\\"您好\\\"\\n\",\"id\":\"sb-3\""));
	g_free(text);
	unlink(path);
	g_free(path);
}

static void
test_foreign_file_is_no_ledger(void **state)
{
	(void)state;
	char *path = scratch("name,phone\n");
	struct err e = { 0 };
	assert_null(sandbox_book_open(path, MS_HOUR, 0, 0, &e));
	assert_non_null(strstr(e.text, ":1 is no ledger line"));
	unlink(path);
	g_free(path);
}

static void
test_clock_follows_the_daemon(void **state)
{
	(void)state;
	struct sandbox_clock c = {
		.epoch = 1000000, .anchor = sandbox_clock_boot(), .speed = 1
	};
	sandbox_clock_heard(&c, 500000); /* the first word counts, also backwards */
	assert_in_range(sandbox_clock_now(&c), 500000, 510000);
	sandbox_clock_heard(&c, 400000); /* later ones only forward */
	assert_in_range(sandbox_clock_now(&c), 500000, 510000);
	sandbox_clock_heard(&c, 900000);
	assert_in_range(sandbox_clock_now(&c), 900000, 910000);
	c.agreed = true;
	sandbox_clock_heard(&c, 2000000);
	assert_in_range(sandbox_clock_now(&c), 900000, 910000);
	assert_int_equal(sandbox_clock_wait(&c, 0), 0);
	c.speed = 1000;
	c.anchor = sandbox_clock_boot();
	c.epoch = 0;
	assert_in_range(sandbox_clock_wait(&c, 100000000), 90000, 100001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_split_anywhere),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_faults_file),
		cmocka_unit_test(test_faults_by_seed),
		cmocka_unit_test(test_book),
		cmocka_unit_test(test_foreign_file_is_no_ledger),
		cmocka_unit_test(test_clock_follows_the_daemon),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
