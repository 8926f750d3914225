/* failover_test.c - two accounts for one channel: the second takes over what the first certainly did
 * not take, at once and once; what the first may have taken is its own until the contrary is
 * proved. */
#include <sys/stat.h>

#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define ONE                                                                         \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a, expires: 3d }\n"
#define ACCOUNT(name, port, settle)                                       \
	"  - { name: " name                                               \
	", type: sandbox, channels: [sms], url: \"http://127.0.0.1:" port \
	"\", internal: true, settle: " settle " }\n"
#define BOTH(settle)                                                                       \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n" ACCOUNT("first", "1", settle) ACCOUNT("second", "2", settle)

enum act {
	TAKES,
	DEAF,
	LATER,
	BALANCE,
	MOVED,
	SILENT,
	CUTS,
	BROKEN,
	BAD_GATEWAY,
	GARBAGE,
	REFUSES
};

/* What each of the two does, and what came to it. */
static struct desk {
	enum act act;
	int calls, queries, taken;
	bool found;   /* what a query is told */
	int patience; /* LATER: Retry-After in seconds */
} desks[2];

static int
index_of(const char *url)
{
	return strstr(url, "127.0.0.1:2") != NULL;
}

static bool
listens(struct stage *s, const char *url)
{
	(void)s;
	return desks[index_of(url)].act != DEAF;
}

/* A row for each message of the call. */
static char *
results(const json_t *messages, enum act act)
{
	const char *status = act == LATER   ? "later"
			     : act == TAKES ? "accepted"
					    : "refused";
	GString *out = g_string_new("{\"results\":[");

	for (size_t i = 0; i < json_array_size(messages); i++) {
		const char *ref = json_string_value(
		    json_object_get(json_array_get(messages, i), "ref"));

		g_string_append_printf(out,
		    "%s{\"ref\":\"%s\",\"status\":\"%s\",\"code\":\"%s\",\"id\":\"%s\"}",
		    i > 0 ? "," : "", ref, status, act == BALANCE ? "balance" : "content",
		    ref);
	}
	return g_string_free(g_string_append(out, act == GARBAGE ? "" : "]}"), FALSE);
}

static void
arrive(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	struct desk *d = &desks[index_of(q->url)];
	json_t *in = json_loadb(q->body, q->body_len, 0, NULL);
	const json_t *messages = json_object_get(in, "messages");

	(void)s;
	if (strcmp(q->method, "GET") == 0) {
		d->queries++;
		r->body = g_strdup_printf(
		    "{\"found\":%s,\"id\":\"q\"}", d->found ? "true" : "false");
	} else {
		d->calls++;
		d->taken += d->act == TAKES ? (int)json_array_size(messages) : 0;
		r->kind = d->act == SILENT ? SIM_SILENCE
			  : d->act == CUTS ? SIM_CUT
					   : SIM_ANSWER;
		r->status = d->act == MOVED         ? 302
			    : d->act == BROKEN      ? 500
			    : d->act == BAD_GATEWAY ? 502
						    : 200;
		r->retry_after = d->act == LATER ? d->patience * MS_SECOND : 0;
		r->body = results(messages, d->act);
	}
	r->len = strlen(r->body);
	json_decref(in);
}

static struct stage *
open_stage(const char *accounts)
{
	struct stage *s =
	    stage_new(START, CARE, ONE, "config/reachd.yaml", accounts, NULL);

	memset(desks, 0, sizeof(desks));
	s->arrive = arrive;
	s->listens = listens;
	return s;
}

static void
visit(struct stage *s, int i)
{
	char ext[16], phone[24];

	g_snprintf(ext, sizeof(ext), "C%d", i);
	g_snprintf(phone, sizeof(phone), "+86199%08d", i);
	stage_customer(s, ext, "high", phone, "");
	assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
}

static struct message
touch(struct stage *s, const char *ext)
{
	struct message m;

	stage_touch(s, ext, 0, &m);
	return m;
}

/* ---- certainly not taken ---- */

static const struct {
	const char *name;
	enum act act;
	int patience;
	int calls; /* that came to the first */
} certain[] = {
	{ "nobody listens, or TLS fails", DEAF, 0, 0 },
	{ "later", LATER, 0, 1 },
	{ "later, in an hour", LATER, 3600, 1 },
	{ "the account is refused, not the message", BALANCE, 0, 1 },
	{ "a redirect", MOVED, 0, 1 },
};

static void
the_second_takes_over(void **state)
{
	static const char *const classes[] = { BOTH("idempotency_key"), BOTH("query"),
		BOTH("receipt"), BOTH("none") };

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(classes); k++)
		for (size_t i = 0; i < G_N_ELEMENTS(certain); i++) {
			struct stage *s = open_stage(classes[k]);

			desks[0].act = certain[i].act;
			desks[0].patience = certain[i].patience;
			visit(s, 1);
			stage_run(s, 63 * MS_SECOND);
			if (desks[0].calls != certain[i].calls || desks[1].taken != 1)
				fail_msg("%s, class %zu: %d calls, %d taken",
				    certain[i].name, k, desks[0].calls, desks[1].taken);
			stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
			assert_string_equal(touch(s, "C1").account, "second");
			/* Not a second time when the first is well again. */
			desks[0].act = TAKES;
			stage_run(s, 2 * MS_DAY);
			assert_int_equal(desks[0].taken + desks[1].taken, 1);
			assert_int_equal(desks[0].calls, certain[i].calls);
			assert_int_equal(stage_used(s, 1, 202603), 1);
			stage_free(s);
		}
}

/* What is refused for good goes nowhere else: the text, not the account, was at fault. */
static void
refused_for_good_goes_nowhere_else(void **state)
{
	struct stage *s = open_stage(BOTH("none"));

	(void)state;
	desks[0].act = REFUSES;
	visit(s, 1);
	stage_run(s, MS_DAY);
	assert_int_equal(desks[0].calls, 1);
	assert_int_equal(desks[1].calls, 0);
	stage_expect(s, "C1", 0, MSG_REJECTED, REASON_NONE);
	stage_free(s);
}

/* ---- may have been taken ---- */

static const struct {
	const char *name;
	enum act act;
} lost[] = { { "no answer", SILENT }, { "cut", CUTS }, { "500", BROKEN },
	{ "502", BAD_GATEWAY }, { "garbage", GARBAGE } };

/* By receipt or not at all: it counts as sent, whatever else is at hand. */
static void
what_may_have_gone_is_presumed(void **state)
{
	static const char *const classes[] = { BOTH("receipt"), BOTH("none") };

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(classes); k++)
		for (size_t i = 0; i < G_N_ELEMENTS(lost); i++) {
			struct stage *s = open_stage(classes[k]);

			desks[0].act = lost[i].act;
			visit(s, 1);
			stage_run(s, MS_DAY);
			if (desks[0].calls != 1 || desks[1].calls != 0)
				fail_msg("%s: %d and %d calls", lost[i].name,
				    desks[0].calls, desks[1].calls);
			assert_int_equal(touch(s, "C1").state, MSG_PRESUMED);
			stage_free(s);
		}
}

/* By its key: repeated to the first alone, also while nobody listens there. */
static void
a_key_is_the_first_accounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lost); i++) {
		struct stage *s = open_stage(BOTH("idempotency_key"));

		desks[0].act = lost[i].act;
		visit(s, 1);
		stage_run(s, 62 * MS_SECOND);
		desks[0].act = DEAF;
		stage_run(s, MS_HOUR);
		assert_int_equal(desks[1].calls, 0);
		desks[0].act = TAKES;
		stage_run(s, MS_HOUR);
		if (desks[0].taken != 1 || desks[1].calls != 0)
			fail_msg("%s: %d taken, %d calls at the second", lost[i].name,
			    desks[0].taken, desks[1].calls);
		stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
		assert_string_equal(touch(s, "C1").account, "first");
		stage_free(s);
	}
}

/* By a query: found ends it; only what is proved absent goes again, and then by whoever is
 * there. */
static void
a_query_must_prove_it_absent(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lost); i++)
		for (int found = 0; found < 2; found++) {
			struct stage *s = open_stage(BOTH("query"));

			desks[0].act = lost[i].act;
			desks[0].found = found;
			visit(s, 1);
			stage_run(s, 80 * MS_SECOND);
			assert_int_equal(desks[1].calls, 0);
			stage_run(s, MS_HOUR);
			assert_true(desks[0].queries >= (found ? 1 : 2));
			assert_int_equal(desks[1].queries, 0);
			if (found) {
				assert_int_equal(desks[0].calls, 1);
				assert_int_equal(desks[1].calls, 0);
				stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
			}
			stage_free(s);
		}
}

/* By then the first asks for patience. */
static void
proved_absent_it_goes_by_the_second(void **state)
{
	struct stage *s = open_stage(BOTH("query"));

	(void)state;
	desks[0].act = SILENT;
	visit(s, 1);
	stage_run(s, 80 * MS_SECOND);
	desks[0].act = LATER;
	stage_run(s, MS_HOUR);
	assert_int_equal(desks[0].calls, 2);
	assert_true(desks[0].queries >= 2);
	assert_int_equal(desks[1].taken, 1);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* ---- both are down, and back ---- */

static char *said;

static void
keep(void *arg, int status, const char *json)
{
	(void)arg;
	assert_int_equal(status, 200);
	g_free(said);
	said = g_strdup(json);
}

static void
both_down_it_waits_and_says_so(void **state)
{
	struct stage *s = open_stage(BOTH("none"));

	(void)state;
	desks[0].act = desks[1].act = DEAF;
	visit(s, 1);
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_NONE);
	engine_why(s->engine, "C1", keep, s);
	stage_run(s, 50);
	if (strstr(said, "No provider of this channel can be reached") == NULL ||
	    strstr(said, "first: unreachable (no connection); second: unreachable (no "
			 "connection)") == NULL)
		fail_msg("%s", said);
	/* The second comes back, then the first: from then on it goes by the first again. */
	desks[1].act = TAKES;
	stage_run(s, 2 * MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	assert_string_equal(touch(s, "C1").account, "second");
	desks[0].act = TAKES;
	stage_run(s, 2 * MS_MINUTE);
	visit(s, 2);
	stage_run(s, 3 * MS_MINUTE);
	assert_string_equal(touch(s, "C2").account, "first");
	assert_int_equal(desks[0].taken, 1);
	assert_int_equal(desks[1].taken, 1);
	g_clear_pointer(&said, g_free);
	stage_free(s);
}

/* Both ask for patience: each is asked less and less often, and nothing is lost. */
static void
both_ask_for_patience(void **state)
{
	struct stage *s = open_stage(BOTH("none"));
	int asked;

	(void)state;
	desks[0].act = desks[1].act = LATER;
	visit(s, 1);
	stage_run(s, MS_HOUR);
	asked = desks[0].calls + desks[1].calls;
	assert_in_range(asked, 10, 140);
	assert_int_equal(touch(s, "C1").state, MSG_DUE);
	desks[0].act = desks[1].act = TAKES;
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(desks[0].taken + desks[1].taken, 1);
	stage_free(s);
}

#define PUSH "config/playbooks/push.yaml"
#define WITH_JPUSH                                                                         \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"credentials: secrets\nproviders:\n"                                               \
	"  - { name: first, type: sandbox, channels: [push], url: "                        \
	"\"http://127.0.0.1:1\", "                                                         \
	"internal: true, settle: none }\n"                                                 \
	"  - { name: second, type: jpush, channels: [push], url: "                         \
	"\"http://127.0.0.1:2\", "                                                         \
	"internal: true, app_key: k, master_secret: { credential: jpush } }\n"
#define LONG_TEXT "{% for i in (1..400) %}很长{% endfor %}（回复TD退订）\n"

/* A text that the second would never take is not lost while the first is away. */
static void
too_long_for_the_second(void **state)
{
	for (int back = 0; back < 2; back++) {
		struct stage *s = stage_new(START, PUSH,
		    "playbook: push\ncategory: marketing\nstatus: live\nstart: { on: "
		    "visit }\n"
		    "steps: [{ id: one, after: 1m, send: p, expires: 3d }]\n",
		    "config/secrets/jpush", "secret", "templates/push/p.liquid",
		    STAGE_TEMPLATE("marketing") LONG_TEXT, "config/reachd.yaml",
		    WITH_JPUSH, NULL);
		struct message m;

		(void)state;
		memset(desks, 0, sizeof(desks));
		s->arrive = arrive;
		s->listens = listens;
		desks[0].act = DEAF;
		stage_customer(s, "C1", "high", "", "device-1");
		assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
		stage_run(s, MS_HOUR);
		stage_touch(s, "C1", 0, &m);
		assert_int_equal(m.state, MSG_DUE);
		assert_int_equal(desks[1].calls, 0);
		desks[0].act = back ? TAKES : DEAF;
		stage_run(s, back ? 2 * MS_MINUTE : 4 * MS_DAY);
		stage_touch(s, "C1", 0, &m);
		assert_int_equal(m.state, back ? MSG_ACCEPTED : MSG_SUPPRESSED);
		assert_string_equal(reason_name(m.reason), back ? "" : "expired");
		assert_int_equal(desks[0].taken, back);
		stage_free(s);
	}
}

/* ---- the pace of a service, told in its headers ---- */

static ms_t pushed[8];
static int n_pushed;

static void
last_of_the_minute(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "/v3/push/cid") != NULL) {
		r->body = g_strdup("{\"cidlist\":[\"k-1\",\"k-2\",\"k-3\",\"k-4\"]}");
		r->len = strlen(r->body);
		return;
	}
	assert_in_range(n_pushed, 0, 7);
	pushed[n_pushed++] = sim_true(s->sim);
	r->head = "X-Rate-Limit-Remaining\0"
		  "0\0X-Rate-Limit-Reset\0"
		  "30\0";
	r->body = g_strdup("{\"msg_id\":\"1\"}");
	r->len = strlen(r->body);
}

/* Nothing was refused, and yet the next call waits until there are calls again. */
static void
none_left_waits_for_the_next_span(void **state)
{
	struct stage *s = stage_new(START, PUSH,
	    "playbook: push\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps: [{ id: one, after: 1m, send: p, expires: 3d }]\n",
	    "config/secrets/jpush", "secret", "config/reachd.yaml",
	    "entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: "
	    "http://127.0.0.1:8080\n"
	    "credentials: secrets\nproviders:\n"
	    "  - { name: only, type: jpush, channels: [push], url: "
	    "\"http://127.0.0.1:2\", "
	    "internal: true, connections: 1, app_key: k, master_secret: { credential: jpush } }\n",
	    NULL);

	(void)state;
	n_pushed = 0;
	s->arrive = last_of_the_minute;
	for (int i = 0; i < 3; i++) {
		char ext[8], device[16];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(device, sizeof(device), "device-%d", i);
		stage_customer(s, ext, "high", "", device);
		assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
		stage_run(s, 2 * MS_SECOND);
	}
	stage_run(s, 3 * MS_MINUTE);
	assert_int_equal(n_pushed, 3);
	for (int i = 1; i < 3; i++)
		assert_in_range(
		    pushed[i] - pushed[i - 1], 30 * MS_SECOND, 33 * MS_SECOND);
	stage_free(s);
}

/* Many at once while the first is deaf: everybody once, and soon. */
static void
a_crowd_goes_by_the_second(void **state)
{
	struct stage *s = open_stage(BOTH("none"));

	(void)state;
	desks[0].act = DEAF;
	for (int i = 0; i < 40; i++)
		visit(s, i);
	stage_run(s, 75 * MS_SECOND);
	assert_int_equal(desks[1].taken, 40);
	assert_int_equal(desks[0].calls, 0);
	stage_free(s);
}

static int
exports(struct stage *s)
{
	return stage_number(
	    s, "SELECT count(*) FROM decision WHERE rule = 'export_basis'");
}

/* ---- B-PI5: the data of customers in China ---- */

static const struct {
	const char *name, *first, *second, *entity, *number;
	int calls[2];
} abroad[] = {
	{ "by the one in China", "location: outside", "location: cn", "", "+8619900000001",
	    { 0, 1 } },
	{ "the first, where the papers were filed",
	    "location: outside, export_basis: filed", "location: cn", "", "+8619900000001",
	    { 1, 0 } },
	{ "filed for the whole house", "location: outside", "location: outside",
	    ", export_basis: filed", "+8619900000001", { 1, 0 } },
	{ "by none of both", "location: outside", "location: outside", "", "+8619900000001",
	    { 0, 0 } },
	{ "a number of another country", "location: outside", "location: outside", "",
	    "+12025550100", { 1, 0 } },
};

static void
b_pi5_nobody_of_china_is_handed_abroad(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(abroad); i++) {
		char *accounts = g_strdup_printf(
		    "entity: { name: 示例, tz: Asia/Shanghai%s }\n"
		    "public_url: http://127.0.0.1:8080\nproviders:\n"
		    "  - { name: first, type: sandbox, channels: [sms], url: "
		    "\"http://127.0.0.1:1\", internal: true, %s }\n"
		    "  - { name: second, type: sandbox, channels: [sms], url: "
		    "\"http://127.0.0.1:2\", internal: true, %s }\n",
		    abroad[i].entity, abroad[i].first, abroad[i].second);
		struct stage *s = open_stage(accounts);

		stage_customer(s, "C1", "high", abroad[i].number, "");
		assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
		stage_run(s, MS_HOUR);
		if (desks[0].calls != abroad[i].calls[0] ||
		    desks[1].calls != abroad[i].calls[1])
			fail_msg("%s: %d and %d", abroad[i].name, desks[0].calls,
			    desks[1].calls);
		/* On what basis is on record, of those of China alone. */
		engine_why(s->engine, "C1", keep, s);
		stage_run(s, MS_SECOND);
		assert_int_equal(strstr(said, "\"export_basis\":\"filed\"") != NULL,
		    i == 1 || i == 2);
		g_clear_pointer(&said, g_free);
		if (desks[0].calls + desks[1].calls == 0)
			stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_RESIDENCY);
		stage_free(s);
		g_free(accounts);
	}
}

/* On record is what was handed over, not a call that nobody took up. */
static void
b_pi5_only_what_left_is_on_record(void **state)
{
	struct stage *s = open_stage(
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\nproviders:\n"
	    "  - { name: first, type: sandbox, channels: [sms], url: "
	    "\"http://127.0.0.1:1\", internal: true, location: outside, "
	    "export_basis: filed }\n");
	struct message m;
	int hours;

	(void)state;
	desks[0].act = DEAF;
	visit(s, 1);
	stage_run(s, MS_HOUR);
	stage_touch(s, "C1", 0, &m);
	assert_true(m.n > 0); /* it was begun */
	assert_int_equal(exports(s), 0);
	desks[0].act = TAKES;
	for (hours = 0; hours < 4 && desks[0].calls == 0; hours++)
		stage_run(s, MS_HOUR);
	assert_int_equal(desks[0].calls, 1);
	assert_int_equal(exports(s), 1);
	stage_free(s);
}

/* Nor when the one in China is down: it waits. */
static void
b_pi5_failover_does_not_leave_the_country(void **state)
{
	struct stage *s = open_stage(
	    "entity: { name: 示例, tz: Asia/Shanghai }\n"
	    "public_url: http://127.0.0.1:8080\nproviders:\n"
	    "  - { name: first, type: sandbox, channels: [sms], url: "
	    "\"http://127.0.0.1:1\", internal: true }\n"
	    "  - { name: second, type: sandbox, channels: [sms], url: "
	    "\"http://127.0.0.1:2\", internal: true, location: outside }\n");

	(void)state;
	desks[0].act = BALANCE;
	visit(s, 1);
	stage_run(s, MS_HOUR);
	assert_int_equal(desks[0].calls, 1);
	assert_int_equal(desks[1].calls, 0);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_FROZEN);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_takes_over),
		cmocka_unit_test(refused_for_good_goes_nowhere_else),
		cmocka_unit_test(what_may_have_gone_is_presumed),
		cmocka_unit_test(a_key_is_the_first_accounts),
		cmocka_unit_test(a_query_must_prove_it_absent),
		cmocka_unit_test(proved_absent_it_goes_by_the_second),
		cmocka_unit_test(both_down_it_waits_and_says_so),
		cmocka_unit_test(both_ask_for_patience),
		cmocka_unit_test(too_long_for_the_second),
		cmocka_unit_test(none_left_waits_for_the_next_span),
		cmocka_unit_test(a_crowd_goes_by_the_second),
		cmocka_unit_test(b_pi5_nobody_of_china_is_handed_abroad),
		cmocka_unit_test(b_pi5_only_what_left_is_on_record),
		cmocka_unit_test(b_pi5_failover_does_not_leave_the_country),
	};

	umask(077); /* secrets that others may read are refused */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
