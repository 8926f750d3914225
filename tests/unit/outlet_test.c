/* outlet_test.c - an account that must stop: which answers freeze it, that people are told once,
 * and when it is over. */
#include "../../src/engine/begin.h"
#include "../../src/engine/outlet.h"
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define CONFIG "config/reachd.yaml"
#define MANY                                                                        \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n" \
	"steps:\n  - { id: one, after: 1m, send: a }\n"
#define ACCOUNT                                                                            \
	"entity: { name: 示例, tz: Asia/Shanghai }\npublic_url: http://127.0.0.1:8080\n" \
	"providers:\n  - { name: gate, type: http, channels: [sms], url: "                 \
	"\"http://127.0.0.1:1\", internal: true, settle: none, connections: 1,\n"          \
	"      body: '{\"to\":\"{{ message.to }}\"}',\n"                                   \
	"      success: { field: code, equals: \"0\", id: id },\n"                         \
	"      refused: [{ field: code, equals: \"7\", as: balance }] }\n"

/* ---- which answers ---- */

struct said {
	int status;
	enum outcome outcome;
	const char *code;
	bool hopeless;
};
#define NO(status, code)                             \
	{                                            \
		status, OUTCOME_UNKNOWN, code, false \
	}
#define YES                                      \
	{                                        \
		200, OUTCOME_ACCEPTED, "", false \
	}

static const struct row {
	const char *name;
	struct said said[5];
	int n, frozen_at; /* 0: never */
} rows[] = {
	{ "a code of its own, three times",
	    { NO(400, "1234"), NO(400, "1234"), NO(400, "1234") }, 3, 3 },
	{ "with 200, as some have it", { NO(200, "No"), NO(200, "No"), NO(200, "No") }, 3,
	    3 },
	{ "twice is not enough", { NO(400, "1234"), NO(400, "1234") }, 2, 0 },
	{ "another code begins anew",
	    { NO(400, "1"), NO(400, "1"), NO(400, "2"), NO(400, "2"), NO(400, "1") }, 5,
	    0 },
	{ "a refusal without a code",
	    { NO(418, "http-418"), NO(418, "http-418"), NO(418, "http-418") }, 3, 3 },
	{ "200 without a code may be anything",
	    { NO(200, "http-200"), NO(200, "http-200"), NO(200, "http-200") }, 3, 0 },
	{ "a service that is ill gets better",
	    { NO(500, "InternalError"), NO(500, "InternalError"),
		NO(500, "InternalError") },
	    3, 0 },
	{ "a time-out in its words", { NO(408, "T"), NO(408, "T"), NO(408, "T") }, 3, 0 },
	{ "what a person must look at by itself",
	    { { 409, OUTCOME_UNKNOWN, "key", true },
		{ 409, OUTCOME_UNKNOWN, "key", true },
		{ 409, OUTCOME_UNKNOWN, "key", true } },
	    3, 0 },
	{ "refusals that are known",
	    { { 400, OUTCOME_REJECTED, "1", false },
		{ 400, OUTCOME_REJECTED, "1", false },
		{ 400, OUTCOME_REJECTED, "1", false } },
	    3, 0 },
	{ "an ill answer between does not hide it",
	    { NO(400, "1"), NO(502, "http-502"), NO(400, "1"), NO(400, "1") }, 4, 4 },
};

static void
which_answers_freeze(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct outlet o = { 0 };
		int at = 0;

		for (int k = 0; k < rows[i].n && at == 0; k++) {
			const struct said *s = &rows[i].said[k];
			struct answer a = { .outcome = s->outcome,
				.hopeless = s->hopeless };

			g_strlcpy(a.perr, s->code, sizeof(a.perr));
			if (outlet_doubts(&o, s->status, &a))
				at = k + 1;
		}
		if (at != rows[i].frozen_at)
			fail_msg("%s: frozen at %d", rows[i].name, at);
	}
}

/* ---- as people see it ---- */

static struct {
	int status, calls;
	const char *body;
} gate;

static void
arrive(struct stage *s, const struct sim_request *q, struct sim_reply *r)
{
	(void)s;
	(void)q;
	gate.calls++;
	r->status = gate.status;
	r->body = g_strdup(gate.body);
	r->len = strlen(r->body);
}

static char *said;

static void
keep(void *arg, int status, const char *json)
{
	(void)arg;
	assert_int_equal(status, 200);
	g_free(said);
	said = g_strdup(json);
}

static json_t *
status(struct stage *s)
{
	engine_status(s->engine, keep, s);
	stage_run(s, 50);
	return json_loads(said, 0, NULL);
}

/* What status says: the account's state and why, how many alarms, the first's text. */
static void
expect(struct stage *s, const char *as, const char *why, size_t alarms, const char *text)
{
	json_t *j = status(s);
	const json_t *o = json_array_get(json_object_get(j, "providers"), 0),
		     *list = json_object_get(j, "alarms");
	const char *told =
	    json_string_value(json_object_get(json_array_get(list, 0), "text"));
	char *metrics = engine_metrics(s->engine);
	bool frozen =
	    strstr(metrics, "reachd_provider_frozen{provider=\"gate\"} 1\n") != NULL;

	assert_string_equal(json_string_value(json_object_get(o, "state")), as);
	assert_string_equal(json_string_value(json_object_get(o, "why")), why);
	assert_int_equal(frozen, strcmp(as, "frozen") == 0);
	assert_non_null(strstr(metrics, "{provider=\"gate\",outcome=\"rejected\"} 0\n"));
	if (json_array_size(list) != alarms)
		fail_msg("%s", said);
	if (alarms > 0) {
		assert_non_null(strstr(told, text));
		assert_true(g_str_has_suffix(json_string_value(json_object_get(
						 json_array_get(list, 0), "text_zh")),
		    "reachd reload"));
	}
	g_free(metrics);
	json_decref(j);
}

static struct stage *
crowd(int answers, const char *body, ms_t span)
{
	struct stage *s = stage_new(START, CARE, MANY, CONFIG, ACCOUNT, NULL);
	char ext[8], phone[24];

	gate.status = answers;
	gate.body = body;
	gate.calls = 0;
	s->arrive = arrive;
	for (int i = 0; i < 10; i++) {
		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+86199%08d", i);
		stage_customer(s, ext, "high", phone, "");
		stage_event(s, ext, ext, "visit");
	}
	stage_run(s, span);
	return s;
}

static void
reload(struct stage *s, int gap)
{
	char *text = g_strdup_printf("%s# %d\n", ACCOUNT, gap);

	stage_put(s, CONFIG, text);
	s->answer = 0;
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	g_free(text);
}

/* Three of ten are lost, not ten; one alarm; after the reload the others go. */
static void
an_unknown_refusal_does_not_burn_the_queue(void **state)
{
	struct stage *s = crowd(200, "{\"code\":\"NewRule\"}", MS_HOUR);
	struct message m;
	int presumed = 0;

	(void)state;
	assert_int_equal(gate.calls, 3);
	for (int i = 0; i < 10; i++) {
		char ext[8];

		g_snprintf(ext, sizeof(ext), "C%d", i);
		stage_touch(s, ext, 0, &m);
		presumed += m.state == MSG_PRESUMED;
	}
	assert_int_equal(presumed, 3);
	expect(s, "frozen", "code NewRule", 1, "3 times running with code NewRule");
	/* Another chance, and the same again: still one alarm. */
	reload(s, 1);
	stage_run(s, MS_HOUR);
	assert_int_equal(gate.calls, 6);
	expect(s, "frozen", "code NewRule", 1, "NewRule");
	gate.body = "{\"code\":\"0\",\"id\":\"1\"}";
	reload(s, 2);
	stage_run(s, MS_HOUR);
	assert_int_equal(gate.calls, 10);
	expect(s, "ok", "", 0, NULL);
	stage_free(s);
}

static void
a_refused_account_is_an_alarm(void **state)
{
	struct stage *s = crowd(200, "{\"code\":\"7\"}", MS_HOUR);

	(void)state;
	assert_int_equal(gate.calls, 1);
	expect(s, "frozen", "code 7", 1, "refuses it with code 7");
	/* A restart is another chance, too; what was told stands until it works. */
	stage_fall(s, false);
	gate.body = "{\"code\":\"0\",\"id\":\"1\"}";
	stage_rise(s);
	stage_run(s, MS_HOUR);
	assert_int_equal(gate.calls, 11);
	expect(s, "ok", "", 0, NULL);
	stage_free(s);
}

/* A service that is ill is waited for, longer and longer. */
static void
an_ill_service_is_waited_for(void **state)
{
	struct stage *s = crowd(502, "<html>", 62 * MS_SECOND);

	(void)state;
	assert_true(gate.calls >= 3 && gate.calls <= 5);
	stage_run(s, 10 * MS_MINUTE);
	assert_int_equal(gate.calls, 10);
	expect(s, "ok", "", 0, NULL);
	stage_free(s);
}

/* ---- how many calls a T2 opens ---- */

static const struct opened {
	const char *name;
	int calls, left, takes, then; /* then: messages that may still go, this one included */
} opened[] = {
	{ "calls are left", 2, 500, 100, 500 },
	{ "the last is filled", 1, 500, 100, 100 },
	{ "the last, with less to say", 1, 30, 100, 30 },
	{ "each alone: the last", 1, 500, 1, 1 },
	{ "it did not fit into the last", 0, 99, 100, 1 },
};

static void
the_last_call_is_filled(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(opened); i++) {
		struct budget b = { .left = opened[i].left, .calls = opened[i].calls };

		budget_call(&b, opened[i].takes);
		if (b.left != opened[i].then)
			fail_msg("%s: %d left", opened[i].name, b.left);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_call_is_filled),
		cmocka_unit_test(which_answers_freeze),
		cmocka_unit_test(an_unknown_refusal_does_not_burn_the_queue),
		cmocka_unit_test(a_refused_account_is_an_alarm),
		cmocka_unit_test(an_ill_service_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
