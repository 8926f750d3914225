/* report_engine_test.c - a report asked of the running engine, page by page. */
#include "core/sheet.h"
#include "../../src/engine/engine_impl.h"
#include "stage.h"
#include "store/reports.h"

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
		"2026-11-23", 0, 0 };
	const struct engine_sheet dashboard = { "dashboard", "", "", "", 0, 0 };
	const struct engine_sheet channels = { "channels", "none", "", "", 0, 0 };
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
		{ { "dashbord", "", "", "", 0, 0 }, 404, "did you mean" },
		{ { "value", "step", "", "", 0, 0 }, 404, "it knows" },
		{ { "value", "", "yesterday", "", 0, 0 }, 422, "2026-11-22" },
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
	const struct engine_sheet q = { "silence", "", "", "", 0, 0 };
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
	const struct engine_sheet q = { "silence", "", "", "", 0, 0 };
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

/* A priority is that of lifecycle.yaml, by which he was taken in; not what he is now, and
 * not a column of that name. */
static void
d07_04_a_priority_is_that_of_the_entry(void **state)
{
	static const char life[] = "priority:\n"
				   "  - { is: B, when: signals.referrals >= 1 }\n"
				   "  - { is: A }\n";
	struct stage *s = stage_new("2026-11-23T10:00:00+08:00",
	    "config/playbooks/hello.yaml", book, "config/lifecycle.yaml", life, NULL);
	const struct engine_sheet dashboard = { "dashboard", "priority", "", "", 0, 0 };
	const struct engine_sheet payback = { "payback", "priority", "", "", 0, 0 };
	struct answer_of a;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "o1", "C1", "order");
	stage_run(s, MS_HOUR);
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "r1", "C1", "referral");
	stage_run(s, MS_HOUR);
	assert_int_equal(ask(s, &dashboard, &a), 200);
	assert_int_equal(figure(a.text, "recalled"), 1);
	assert_non_null(strstr(a.text, "\"priority\":\"A\""));
	g_free(a.text);
	assert_int_equal(ask(s, &payback, &a), 200);
	assert_int_equal(figure(a.text, "customers"), 1);
	assert_non_null(strstr(a.text, "\"priority\":\"B\""));
	g_free(a.text);
	stage_free(s);
}

static json_int_t
member(const char *text, const char *key)
{
	json_t *j = json_loads(text, 0, NULL);
	json_int_t n = json_integer_value(json_object_get(j, key));

	json_decref(j);
	return n;
}

/* The same question is counted once; another waits behind it. */
static void
who_asks_the_same_shares_the_count(void **state)
{
	struct stage *s = stage_new(
	    "2026-11-23T10:00:00+08:00", "config/playbooks/hello.yaml", book, NULL);
	const struct engine_sheet q = { "silence", "", "", "", 0, 0 },
				  other = { "funnel", "", "", "", 0, 0 };
	struct answer_of a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	engine_sheet(s->engine, &q, take, &a);
	engine_sheet(s->engine, &other, take, &c);
	engine_sheet(s->engine, &q, take, &b);
	assert_int_equal(s->engine->tickets, 2);
	assert_int_equal(a.n + b.n + c.n, 0);
	stage_run(s, MS_MINUTE);
	assert_int_equal(a.status, 200);
	assert_int_equal(b.status, 200);
	assert_string_equal(a.text, b.text);
	assert_int_equal(c.status, 200);
	assert_string_not_equal(a.text, c.text);
	g_free(a.text);
	g_free(b.text);
	g_free(c.text);
	stage_free(s);
}

static void (*late)(struct world *, struct job *);
static struct job *held;

static void
later(struct world *w, struct job *job)
{
	(void)w;
	assert_true(job->slow);
	held = job;
}

/* Who does not wait is told how far it is, and fetches it with his ticket. */
static void
a_ticket_fetches_what_was_counted(void **state)
{
	struct stage *s = stage_new(
	    "2026-11-23T10:00:00+08:00", "config/playbooks/hello.yaml", book, NULL);
	struct engine_sheet q = { "silence", "", "", "", 1, 0 };
	struct answer_of a = { 0 }, first = { 0 };

	(void)state;
	for (int i = 0; i < 8; i++) { /* as many as may wait; each another question */
		q.by = i == 0 ? "" : "none";
		q.name = reports_at(i)->name;
		engine_sheet(s->engine, &q, take, &first);
	}
	q = (struct engine_sheet){ "silence", "", "2026-01-01", "", 1, 0 };
	engine_sheet(s->engine, &q, take, &a);
	assert_int_equal(a.status, 503);
	stage_run(s, MS_MINUTE);
	assert_int_equal(first.n, 8);
	g_free(first.text);
	g_free(a.text);

	/* A reader that does not come to it for five seconds. */
	memset(&a, 0, sizeof(a));
	late = s->engine->world->read_start;
	s->engine->world->read_start = later;
	engine_sheet(s->engine, &q, take, &a);
	stage_run(s, 5 * MS_SECOND);
	s->engine->world->read_start = late;
	assert_int_equal(a.status, 202);
	q.ticket = member(a.text, "ticket");
	assert_int_not_equal(q.ticket, 0);
	assert_non_null(strstr(a.text, "\"ahead\":0"));
	late(s->engine->world, held);
	stage_run(s, MS_MINUTE);
	assert_int_equal(a.n, 1);
	engine_sheet(s->engine, &q, take, &a);
	assert_int_equal(a.status, 200);
	stage_run(s, 2 * MS_MINUTE);
	engine_sheet(s->engine, &q, take, &a);
	assert_int_equal(a.status, 404);
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
		cmocka_unit_test(d07_04_a_priority_is_that_of_the_entry),
		cmocka_unit_test(who_asks_the_same_shares_the_count),
		cmocka_unit_test(a_ticket_fetches_what_was_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
