/* limits_test.c - what a service allows one number in a while, counted before it refuses.
 * proves: B-CN9 */
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define PHONE "+8619900000001"
#define ACCOUNTS(limit)                                                                    \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: sms, type: sandbox, channels: [sms], url: "               \
	"\"http://127.0.0.1:1\", internal: true, settle: idempotency_key" limit " }\n"     \
	"  - { name: other, type: sandbox, channels: [sms], url: "                         \
	"\"http://127.0.0.1:2\", internal: true }\n"                                       \
	"  - { name: push, type: sandbox, channels: [push, wecom], url: "                  \
	"\"http://127.0.0.1:1\", internal: true, settle: idempotency_key }\n"
#define BOOK(category, send, expires)                            \
	"playbook: care\ncategory: " category "\nstatus: live\n" \
	"start: { on: visit }\nre_entry: after 1m\n"             \
	"steps: [{ id: one, after: 1m, send: " send ", expires: " expires " }]\n"

/* ---- pure ---- */

static void
b_cn9_windows_slide(void **state)
{
	static const struct number_limit day = { 3, 24 * MS_HOUR, { 0 } },
					 both[] = { { 2, MS_HOUR, { 0 } },
						 { 3, 24 * MS_HOUR, { 0 } } };
	static const struct {
		const char *name;
		const struct number_limit *limits;
		int n;
		ms_t ago[4]; /* minutes; 0: no more */
		int full;    /* -1: none */
		ms_t next;   /* minutes from now */
	} rows[] = {
		{ "nothing yet", &day, 1, { 0 }, -1, 0 },
		{ "one left", &day, 1, { 10, 600 }, -1, 0 },
		{ "full", &day, 1, { 10, 600, 1200 }, 0, 240 },
		{ "in any order", &day, 1, { 1200, 10, 600 }, 0, 240 },
		{ "the oldest is out", &day, 1, { 10, 600, 1440 }, -1, 0 },
		{ "more than full", &day, 1, { 10, 20, 600, 1200 }, 0, 840 },
		{ "the shorter window", both, 2, { 10, 20 }, 0, 40 },
		{ "the later of two", both, 2, { 10, 20, 1200 }, 1, 240 },
		{ "no limit", NULL, 0, { 1, 1, 1 }, -1, 0 },
	};
	const ms_t now = 1000 * MS_DAY;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct number_limit *full;
		ms_t at[4], next;
		int n = 0, used;

		while (n < 4 && rows[i].ago[n] != 0) {
			at[n] = now - rows[i].ago[n] * MS_MINUTE;
			n++;
		}
		full = number_full(rows[i].limits, rows[i].n, at, n, now, &next, &used);
		if ((full == NULL) != (rows[i].full < 0) ||
		    (full != NULL && (full != &rows[i].limits[rows[i].full] ||
					 next != now + rows[i].next * MS_MINUTE)))
			fail_msg("%s: next in %d min", rows[i].name,
			    (int)((next - now) / MS_MINUTE));
	}
}

/* ---- in the world ---- */

static void
visit(struct stage *s, const char *id, const char *customer)
{
	assert_int_equal(stage_event(s, id, customer, "visit"), 201);
	stage_run(s, 2 * MS_MINUTE);
}

static struct stage *
house(const char *accounts, const char *book)
{
	struct stage *s =
	    stage_new(START, "config/reachd.yaml", accounts, "config/playbooks/care.yaml",
		book, "templates/sms/t.liquid", STAGE_TEMPLATE("transactional") "code\n",
		"templates/push/q.liquid", STAGE_TEMPLATE("service") "push\n", NULL);

	stage_customer(s, "c1", "high", PHONE, "token-1");
	stage_customer(s, "c2", "high", PHONE, "");
	stage_customer(s, "c3", "high", "+8619900000003", "");
	return s;
}

static void
b_cn9_a_full_number_waits_for_room(void **state)
{
	/* Messages without a cap count as well: the service counts all. */
	static const struct {
		const char *name, *book;
	} rows[] = {
		{ "service", BOOK("service", "s", "30h") },
		{ "transactional", BOOK("transactional", "t", "30h") },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = house(ACCOUNTS(", per_number: 2/20h"), rows[i].book);
		struct message m;

		visit(s, "e1", "c1");
		visit(s, "e2", "c1");
		visit(s, "e3", "c1");
		visit(s, "e4", "c3"); /* another number */
		if (s->letters->len != 3)
			fail_msg("%s: %u letters", rows[i].name, s->letters->len);
		stage_expect(s, "c1", 2, MSG_DUE, REASON_PROVIDER_RULE);
		stage_touch(s, "c1", 2, &m);
		assert_true(
		    m.due_at > stage_at("2026-03-11T06:00:00+08:00")); /* 20 h later */
		stage_run(s, 24 * MS_HOUR);
		stage_expect(s, "c1", 2, MSG_ACCEPTED, REASON_NONE);
		assert_int_equal(s->letters->len, 4);
		stage_free(s);
	}
}

static void
b_cn9_two_customers_of_one_number_share_it(void **state)
{
	struct stage *s =
	    house(ACCOUNTS(", per_number: [2/20h]"), BOOK("transactional", "t", "30h"));

	(void)state;
	visit(s, "e1", "c1");
	visit(s, "e2", "c2");
	visit(s, "e3", "c2");
	assert_int_equal(s->letters->len, 2);
	stage_expect(s, "c2", 1, MSG_DUE, REASON_PROVIDER_RULE);
	stage_free(s);
}

static void
b_cn9_another_channel_or_the_end(void **state)
{
	static const struct {
		const char *name, *send, *expires, *customer;
		enum msg_state state;
		enum reason reason;
		int letters;
	} rows[] = {
		{ "the next channel", "[s, q]", "30h", "c1", MSG_ACCEPTED, REASON_NONE,
		    2 },
		{ "no address there: waits", "[s, q]", "30h", "c2", MSG_DUE,
		    REASON_PROVIDER_RULE, 1 },
		{ "too late then: ends", "s", "2h", "c1", MSG_SUPPRESSED,
		    REASON_PROVIDER_RULE, 1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *book = g_strdup_printf(
		    BOOK("service", "%s", "%s"), rows[i].send, rows[i].expires);
		struct stage *s = house(ACCOUNTS(", per_number: 1/20h"), book);
		int n = strcmp(rows[i].customer, "c1") == 0;

		visit(s, "e1", "c1"); /* the number is his and c2's */
		visit(s, "e2", rows[i].customer);
		if ((int)s->letters->len != rows[i].letters)
			fail_msg("%s: %u letters", rows[i].name, s->letters->len);
		stage_expect(s, rows[i].customer, n, rows[i].state, rows[i].reason);
		stage_free(s);
		g_free(book);
	}
}

/* What was certainly not taken is given back. */
static void
b_cn9_refused_ones_do_not_count(void **state)
{
	struct stage *s =
	    house(ACCOUNTS(", per_number: 1/20h"), BOOK("transactional", "t", "30h"));

	(void)state;
	s->say = SAY_REFUSED;
	visit(s, "e1", "c1");
	s->say = SAY_SILENCE; /* may have been taken: counts */
	visit(s, "e2", "c1");
	visit(s, "e3", "c2");
	stage_expect(s, "c1", 0, MSG_REJECTED, REASON_NONE);
	stage_expect(s, "c1", 1, MSG_UNKNOWN, REASON_NONE);
	stage_expect(s, "c2", 0, MSG_DUE, REASON_PROVIDER_RULE);
	stage_free(s);
}

/* What is asked again does not stand in its own way. */
static void
b_cn9_what_was_put_off_is_not_counted(void **state)
{
	struct stage *s = house(
	    ACCOUNTS(", per_number: 1/20h"), BOOK("transactional", "t", "30h"));

	(void)state;
	s->say = SAY_LATER;
	visit(s, "e1", "c1");
	stage_expect(s, "c1", 0, MSG_DUE, REASON_NONE);
	s->say = SAY_TAKEN;
	stage_run(s, 15 * MS_MINUTE);
	stage_expect(s, "c1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* What went to the number he had before is not the new one's. */
static void
b_cn9_a_new_number_begins_anew(void **state)
{
	struct stage *s =
	    house(ACCOUNTS(", per_number: 1/20h"), BOOK("transactional", "t", "30h"));

	(void)state;
	visit(s, "e1", "c1");
	stage_customer(s, "c1", "high", "+8619900000009", "");
	visit(s, "e2", "c1");
	assert_int_equal(s->letters->len, 2);
	visit(s, "e3", "c1");
	assert_int_equal(s->letters->len, 2);
	stage_free(s);
}

/* ---- texts to one's own people ---- */

static void
told(void *arg, int status, const char *json)
{
	struct stage *s = arg;

	s->answer = status;
	if (status == 429)
		assert_non_null(strstr(json,
		    "2 of 2 to this number in 20h by sandbox; there is room again at "
		    "2026-03-11T06:0"));
	if (status == 202)
		assert_non_null(strstr(json, "\"wait_ms\":"));
}

static int
test_send(struct stage *s, const char *to, const char *more)
{
	char *body =
	    g_strdup_printf("{\"what\":\"t\",\"to\":\"%s\",\"by\":\"李明\"%s}", to, more);

	s->answer = 0;
	engine_testsend(s->engine, body, strlen(body), told, s);
	stage_run(s, MS_SECOND);
	g_free(body);
	return s->answer;
}

/* They go through the same service, which counts them. */
static void
b_cn9_test_sends_count(void **state)
{
	struct stage *s =
	    house(ACCOUNTS(", per_number: 2/20h"), BOOK("transactional", "t", "30h"));

	(void)state;
	assert_int_equal(test_send(s, PHONE, ""), 200);
	visit(s, "e1", "c1");
	assert_int_equal(s->letters->len, 2);
	assert_int_equal(test_send(s, PHONE, ""), 429);
	assert_int_equal(test_send(s, PHONE, ",\"patient\":true"), 429);
	assert_int_equal(test_send(s, "+8619900000009", ""), 200);
	visit(s, "e2", "c2");
	stage_expect(s, "c2", 0, MSG_DUE, REASON_PROVIDER_RULE);
	assert_int_equal(s->letters->len, 3);
	stage_run(s, 24 * MS_HOUR);
	stage_expect(s, "c2", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* What was refused was not sent; what was lost may have been. */
static void
b_cn9_test_sends_that_were_refused(void **state)
{
	struct stage *s =
	    house(ACCOUNTS(", per_number: 1/1m"), BOOK("transactional", "t", "30h"));

	(void)state;
	s->say = SAY_REFUSED;
	assert_int_equal(test_send(s, PHONE, ""), 422);
	s->say = SAY_CUT;
	assert_int_equal(test_send(s, PHONE, ""), 422);
	s->say = SAY_TAKEN;
	assert_int_equal(test_send(s, PHONE, ",\"patient\":true"), 202);
	stage_run(s, MS_MINUTE);
	assert_int_equal(test_send(s, PHONE, ""), 200);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(b_cn9_windows_slide),
		cmocka_unit_test(b_cn9_a_full_number_waits_for_room),
		cmocka_unit_test(b_cn9_two_customers_of_one_number_share_it),
		cmocka_unit_test(b_cn9_another_channel_or_the_end),
		cmocka_unit_test(b_cn9_refused_ones_do_not_count),
		cmocka_unit_test(b_cn9_what_was_put_off_is_not_counted),
		cmocka_unit_test(b_cn9_a_new_number_begins_anew),
		cmocka_unit_test(b_cn9_test_sends_count),
		cmocka_unit_test(b_cn9_test_sends_that_were_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
