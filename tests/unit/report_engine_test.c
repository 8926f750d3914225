/* report_engine_test.c - a report asked of the running engine, page by page. */
#include "core/sheet.h"
#include "stage.h"

static const char book[] =
    "playbook: hello\ntitle: 问候\ncategory: marketing\nstatus: live\n"
    "start: { on: order }\ngoal: { on: visit, window: 30d }\n"
    "replies: [{ is: \"1\", then: { stop: true } }]\n"
    "steps:\n  - { id: one, send: a }\n  - { id: two, after: 3d, send: b }\n";

struct answer_of {
	int n, status;
	char *text;
};

static void
take(void *arg, int status, const char *json)
{
	struct answer_of *a = arg;

	a->n++;
	a->status = status;
	g_free(a->text);
	a->text = g_strdup(json);
}

static int
ask(struct stage *s, const struct engine_sheet *q, struct answer_of *a)
{
	memset(a, 0, sizeof(*a));
	engine_sheet(s->engine, q, take, a);
	stage_run(s, MS_MINUTE);
	assert_int_equal(a->n, 1);
	return a->status;
}

static json_int_t
figure(const char *text, const char *column)
{
	json_t *j = json_loads(text, 0, NULL);
	json_t *row = json_array_get(json_object_get(j, "rows"), 0);
	json_int_t n = json_integer_value(json_object_get(row, column));

	assert_int_equal(json_array_size(json_object_get(j, "rows")), 1);
	json_decref(j);
	return n;
}

static void
d04_03_what_was_sent_answered_and_reached_is_told(void **state)
{
	struct stage *s = stage_new(
	    "2026-11-23T10:00:00+08:00", "config/playbooks/hello.yaml", book, NULL);
	const struct engine_sheet funnel = { "funnel", "playbook", "2026-11-23",
		"2026-11-23" };
	const struct engine_sheet dashboard = { "dashboard", "", "", "" };
	const struct engine_sheet channels = { "channels", "none", "", "" };
	struct answer_of a;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_event(s, "o1", "C1", "order");
	stage_event(s, "o2", "C2", "order");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 2);
	stage_receipt(s, RECEIPT_DELIVERED, "d1", 0, "", "");
	stage_receipt(s, RECEIPT_REPLY, "r1", 0, "", "好的");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);

	assert_int_equal(ask(s, &funnel, &a), 200);
	assert_int_equal(figure(a.text, "touches"), 2);
	assert_int_equal(figure(a.text, "sent"), 2);
	assert_int_equal(figure(a.text, "delivered"), 1);
	assert_int_equal(figure(a.text, "answered"), 1);
	assert_int_equal(figure(a.text, "goals"), 1);
	g_free(a.text);
	assert_int_equal(ask(s, &dashboard, &a), 200);
	assert_int_equal(figure(a.text, "targeted"), 2);
	assert_int_equal(figure(a.text, "recalled"), 1);
	g_free(a.text);
	/* It has `replies:`, so both touches invited an answer. */
	assert_int_equal(ask(s, &channels, &a), 200);
	assert_int_equal(figure(a.text, "invited"), 2);
	g_free(a.text);
	stage_free(s);
}

static void
refusals_say_what_there_is(void **state)
{
	static const struct {
		struct engine_sheet q;
		int status;
		const char *says;
	} rows[] = {
		{ { "dashbord", "", "", "" }, 404, "did you mean" },
		{ { "value", "step", "", "" }, 404, "it knows" },
		{ { "value", "", "yesterday", "" }, 422, "2026-11-22" },
	};
	struct stage *s = stage_new(
	    "2026-11-23T10:00:00+08:00", "config/playbooks/hello.yaml", book, NULL);
	struct answer_of a;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_int_equal(ask(s, &rows[i].q, &a), rows[i].status);
		assert_non_null(strstr(a.text, rows[i].says));
		g_free(a.text);
	}
	stage_free(s);
}

/* What a report is asked by stays what it was when it was asked. */
static void
a_reload_between_two_pages(void **state)
{
	struct stage *s = stage_new(
	    "2026-11-23T10:00:00+08:00", "config/playbooks/hello.yaml", book, NULL);
	const struct engine_sheet q = { "silence", "", "", "" };
	struct answer_of a = { 0 };

	(void)state;
	engine_sheet(s->engine, &q, take, &a);
	stage_put(s, "config/policy.yaml",
	    STAGE_POLICY "reports: { silence: { lost: 1, yearly: 1, saved: 1 } }\n");
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->answer, 200);
	assert_int_equal(a.status, 200);
	assert_null(strstr(a.text, "example"));
	g_free(a.text);
	assert_int_equal(ask(s, &q, &a), 200);
	assert_non_null(strstr(a.text, "example"));
	g_free(a.text);
	stage_free(s);
}

static void
stopped(void *arg)
{
	(void)arg;
}

/* Whoever waits for pages when the daemon stops is told, once. */
static void
a_stop_between_two_pages(void **state)
{
	struct stage *s = stage_new(
	    "2026-11-23T10:00:00+08:00", "config/playbooks/hello.yaml", book, NULL);
	const struct engine_sheet q = { "silence", "", "", "" };
	struct answer_of a = { 0 };

	(void)state;
	engine_sheet(s->engine, &q, take, &a);
	engine_stop(s->engine, stopped, NULL);
	stage_run(s, MS_MINUTE);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.status, 503);
	g_free(a.text);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(d04_03_what_was_sent_answered_and_reached_is_told),
		cmocka_unit_test(refusals_say_what_there_is),
		cmocka_unit_test(a_reload_between_two_pages),
		cmocka_unit_test(a_stop_between_two_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
