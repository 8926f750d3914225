/* api_test.c - what comes in over HTTP, against the real daemon: rows A and W of the
 * table of bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon.h"

#define CLOCK "--epoch", "2026-03-10T10:00:00+08:00", "--speed", "60"
#define VISIT(id, customer)                           \
	"{\"id\":\"" id "\",\"customer\":\"" customer \
	"\",\"type\":\"visit\",\"at\":\"2026-03-10T09:00:00+08:00\"}"

static struct daemon *d;

static int
set_up(void **state)
{
	(void)state;
	d = daemon_new(NULL);
	daemon_start(d, (const char *[]){ CLOCK, NULL });
	assert_int_equal(daemon_import(d, 20), 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	daemon_free(d);
	return 0;
}

/* ---- A: events ---- */

static void
bad_events(void **state)
{
	static const struct {
		const char *name, *headers, *body;
		int status;
		const char *word; /* in the answer */
	} rows[] = {
		{ "A1 duplicate key", NULL,
		    "{\"id\":\"a\",\"id\":\"b\",\"customer\":\"c1\",\"type\":\"t\","
		    "\"at\":\"2026-03-10T09:00:00+08:00\"}",
		    400, "id" },
		{ "A2 NaN", NULL,
		    "{\"id\":\"a\",\"customer\":\"c1\",\"type\":\"t\",\"at\":\"2026-03-"
		    "10T09:00:00+08:00\",\"data\":{\"x\":NaN}}",
		    400, "" },
		{ "A2 1e999", NULL,
		    "{\"id\":\"a\",\"customer\":\"c1\",\"type\":\"t\",\"at\":\"2026-03-"
		    "10T09:00:00+08:00\",\"data\":{\"x\":1e999}}",
		    400, "" },
		{ "A2 2^63", NULL,
		    "{\"id\":\"a\",\"customer\":\"c1\",\"type\":\"t\",\"at\":\"2026-03-"
		    "10T09:00:00+08:00\",\"data\":{\"x\":9223372036854775808}}",
		    400, "" },
		{ "A3 trailing bytes", NULL, VISIT("a", "c1") " x", 400, "" },
		{ "A3 two values", NULL, VISIT("a", "c1") VISIT("b", "c1"), 400, "" },
		{ "A3 comment", NULL, "/* */" VISIT("a", "c1"), 400, "" },
		{ "A4 lone surrogate", NULL, VISIT("\\ud800", "c1"), 400, "" },
		{ "A4 bytes that are no UTF-8", NULL, VISIT("\xff\xfe", "c1"), 400, "" },
		{ "A6 unknown field", NULL,
		    "{\"id\":\"a\",\"customer\":\"c1\",\"typ\":\"t\",\"at\":\"2026-03-"
		    "10T09:00:00+08:00\"}",
		    400, "type" },
		{ "A7 no key", JSON_HEADER, VISIT("a", "c1"), 400, "Idempotency-Key" },
		{ "A7 empty key", JSON_HEADER "Idempotency-Key: \r\n", VISIT("a", "c1"),
		    400, "Idempotency-Key" },
		{ "A11 1970", NULL,
		    "{\"id\":\"a\",\"customer\":\"c1\",\"type\":\"visit\",\"at\":\"1970-"
		    "01-01T00:00:00Z\"}",
		    400, "historic" },
		{ "A11 2100", NULL,
		    "{\"id\":\"a\",\"customer\":\"c1\",\"type\":\"visit\",\"at\":\"2100-"
		    "01-01T00:00:00Z\"}",
		    400, "historic" },
		{ "A17 text/plain", "Content-Type: text/plain\r\nIdempotency-Key: k\r\n",
		    VISIT("a", "c1"), 415, "json" },
		{ "A18 gzip",
		    JSON_HEADER "Content-Encoding: gzip\r\nIdempotency-Key: k\r\n",
		    "\x1f\x8b", 415, "Content-Encoding" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer a;

		daemon_ask(d->staff_port, "POST", "/v1/events",
		    rows[i].headers != NULL ? rows[i].headers
					    : JSON_HEADER "Idempotency-Key: bad\r\n",
		    rows[i].body, &a);
		if (a.status != rows[i].status || strstr(a.body, rows[i].word) == NULL)
			fail_msg("%s: %d %s", rows[i].name, a.status, a.body);
		answer_free(&a);
	}
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM event"), 0);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM idempotency"), 0);
}

/* A5: far deeper than any parser may follow. A7: a key of 300 bytes. */
static void
a5_a7_long_events(void **state)
{
	char *deep = g_strnfill(100000, '['), *key = g_strnfill(300, 'k');
	struct answer a;

	(void)state;
	assert_int_equal(daemon_event(d, "deep", deep, &a), 400);
	answer_free(&a);
	assert_int_equal(daemon_event(d, key, VISIT("a", "c1"), &a), 400);
	answer_free(&a);
	g_free(deep);
	g_free(key);
}

/* A8: same key, same body: the stored answer; other body: 422. A refused body leaves
 * its key free. */
static void
a8_same_key(void **state)
{
	static const struct {
		const char *key, *body;
		int status;
	} rows[] = {
		{ "k1", "{}", 400 },
		{ "k1", VISIT("k-1", "c1"), 201 },
		{ "k1", VISIT("k-1", "c1"), 200 },
		{ "k1", VISIT("k-1", "c2"), 422 },
		{ "k2", VISIT("k-1", "c1"), 200 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct answer a;

		if (daemon_event(d, rows[i].key, rows[i].body, &a) != rows[i].status)
			fail_msg("row %zu: %d %s", i, a.status, a.body);
		answer_free(&a);
	}
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM event WHERE evid = 'k-1'"), 1);
}

/* A9: the database is held, so the first request cannot have ended. */
static void
a9_key_under_way(void **state)
{
	static const char headers[] = JSON_HEADER "Idempotency-Key: held\r\n";
	static const char body[] = VISIT("held", "c3");
	sqlite3 *db;
	struct answer first, second;
	int fd;

	(void)state;
	assert_int_equal(sqlite3_open(d->db, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	fd =
	    daemon_send(d->staff_port, "POST", "/v1/events", headers, body, strlen(body));
	/* Whichever came in first waits for the database; the other is told to come
	 * again. */
	UNTIL(daemon_ask(d->staff_port, "POST", "/v1/events", headers, body, &second) ==
	      409);
	assert_non_null(strstr(second.head, "Retry-After: "));
	answer_free(&second);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	daemon_receive(fd, &first);
	assert_int_equal(first.status, 201);
	answer_free(&first);
}

/* A10: parked, and applied when the customer comes. */
static void
a10_unknown_customer(void **state)
{
	struct answer a;

	(void)state;
	assert_int_equal(daemon_event(d, "early", VISIT("early", "c20"), &a), 202);
	answer_free(&a);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM parked"), 1);
	assert_int_equal(daemon_import(d, 21), 0);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM parked"), 0);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM event WHERE evid = 'early'"), 1);
}

/* A11: an old event that says so is kept and starts nothing. */
static void
a11_historic(void **state)
{
	struct answer a;

	(void)state;
	assert_int_equal(daemon_event(d, "old",
			     "{\"id\":\"old\",\"customer\":\"c4\",\"type\":\"visit\","
			     "\"at\":\"2019-05-01T09:00:00+08:00\",\"historic\":true}",
			     &a),
	    201);
	answer_free(&a);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM run r JOIN customer c ON c.id = "
			    "r.customer WHERE c.ext = 'c4'"),
	    0);
}

/* ---- W: webhooks ---- */

/* W3, W13: one answer 1,000 times, forty at once, from a number nobody has: one effect. */
static void
w3_w13_same_event(void **state)
{
	static const char body[] =
	    "{\"events\":[{\"id\":\"w3\",\"type\":\"reply\",\"from\":"
	    "\"+8619909999999\",\"text\":\"TD\"}]}";
	int fds[40];

	(void)state;
	for (int round = 0; round < 25; round++) {
		for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
			fds[i] = daemon_send(d->public_port, "POST",
			    "/hooks/sandbox/demo", JSON_HEADER, body, strlen(body));
		for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
			struct answer a;

			daemon_receive(fds[i], &a);
			assert_int_equal(a.status, 200);
			answer_free(&a);
		}
	}
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM inbox WHERE evkey = 'w3'"), 1);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM alarm WHERE kind = 'reply'"), 1);
}

/* W7: what is broken is set aside, the rest counts. */
static void
w7_batch_with_broken(void **state)
{
	GString *s = g_string_new("{\"events\":[");

	(void)state;
	for (int i = 0; i < 497; i++)
		g_string_append_printf(s,
		    "{\"id\":\"w7-%d\",\"type\":\"delivered\",\"ref\":\"nobody\"},", i);
	g_string_append(s,
	    "{\"id\":\"w7-x\"},17,{\"id\":\"w7-y\",\"type\":\"melted\",\"ref\":\"a\"}]}");
	assert_int_equal(daemon_hook(d, s->str), 200);
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM inbox WHERE evkey LIKE "
					 "'w7-%' AND verdict <> 'broken'"),
	    497);
	assert_int_equal(
	    daemon_count(d, "SELECT count(*) FROM inbox WHERE verdict = 'broken'"), 3);
	g_string_free(s, TRUE);
}

/* W1, W8 and their kin: refused without a trace. */
static void
w1_w8_case_t12_bad_hooks(void **state)
{
	char *large = g_strnfill(300 << 10, ' ');
	int64_t before = daemon_count(d, "SELECT count(*) FROM inbox");
	const struct {
		const char *name, *path, *body;
		int status;
	} rows[] = {
		{ "no account", "/hooks/sandbox/nobody", "{\"events\":[]}", 401 },
		{ "another type", "/hooks/http/demo", "{\"events\":[]}", 401 },
		{ "no JSON", "/hooks/sandbox/demo", "events", 400 },
		{ "no list", "/hooks/sandbox/demo", "{}", 400 },
		{ "W8 300 KiB", "/hooks/sandbox/demo", large, 413 },
		{ "W8 300 KiB of one who gathers events", "/hooks/sendgrid/none", large,
		    401 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int status = daemon_status(
		    d->public_port, "POST", rows[i].path, JSON_HEADER, rows[i].body);

		if (status != rows[i].status)
			fail_msg("%s: %d", rows[i].name, status);
	}
	assert_int_equal(daemon_count(d, "SELECT count(*) FROM inbox"), before);
	g_free(large);
}

/* The public face shows no API, and none to whom a proxy stands before. */
static void
faces(void **state)
{
	static const char *const hidden[] = { "/v1/status", "/v1/why/c1", "/metrics" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++) {
		assert_int_equal(
		    daemon_status(d->public_port, "GET", hidden[i], "", ""), 404);
		assert_int_equal(daemon_status(DAEMON_OWN, "GET", hidden[i], "", ""), 200);
		/* who has no name on the staff face sees counts only */
		assert_int_equal(daemon_status(d->staff_port, "GET", hidden[i], "", ""),
		    strstr(hidden[i], "why") != NULL ? 401 : 200);
	}
	assert_int_equal(
	    daemon_status(d->public_port, "POST", "/v1/events",
		JSON_HEADER "Idempotency-Key: p\r\nX-Forwarded-For: 203.0.113.7\r\n",
		VISIT("p", "c1")),
	    404);
}

/* H15 at the end of everything: who leaves early harms nobody. SIGTERM: exit 0. */
static void
h15_leaves_and_stops(void **state)
{
	static const char body[] = VISIT("gone", "c9");

	(void)state;
	close(daemon_send(d->staff_port, "POST", "/v1/events",
	    JSON_HEADER "Idempotency-Key: gone\r\n", body, strlen(body)));
	UNTIL(daemon_count(d, "SELECT count(*) FROM event WHERE evid = 'gone'") == 1);
	assert_int_equal(daemon_end(d, SIGTERM), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_events),
		cmocka_unit_test(a5_a7_long_events),
		cmocka_unit_test(a8_same_key),
		cmocka_unit_test(a9_key_under_way),
		cmocka_unit_test(a10_unknown_customer),
		cmocka_unit_test(a11_historic),
		cmocka_unit_test(w3_w13_same_event),
		cmocka_unit_test(w7_batch_with_broken),
		cmocka_unit_test(w1_w8_case_t12_bad_hooks),
		cmocka_unit_test(faces),
		cmocka_unit_test(h15_leaves_and_stops),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
