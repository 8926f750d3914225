/* wait_test.c - waits for news of the message before, what they lead to, and marks. */
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define VISIT HEAD "start: { on: visit }\n"

static const struct wait_row {
	const char *name, *keys;
	const char *what; /* what happens: d delivered, u undelivered, c click, b a
			   * robot's click, p one the provider tells of, r refused;
			   * n nothing */
	const char *tags; /* of the customer three days later */
} rows[] = {
	{ "delivered", "for: [delivered], then: { tag: { add: then } }", "d", "then" },
	{ "not delivered", "for: [undelivered], then: { tag: { add: then } }", "u",
	    "then" },
	{ "one of two", "for: [delivered, undelivered], then: { tag: { add: then } }",
	    "u", "then" },
	{ "what cannot come any more",
	    "for: [delivered, click], then: { tag: { add: then } }", "u", "else" },
	{ "refused by the provider", "for: [delivered], then: { tag: { add: then } }",
	    "r", "else" },
	{ "refused, and a wait for it",
	    "for: [undelivered], then: { tag: { add: then } }", "r", "then" },
	{ "an event may still come",
	    "for: [click, booking], then: { tag: { add: then } }", "u", "" },
	{ "a person clicks", "for: [click], then: { tag: { add: then } }", "c", "then" },
	{ "the provider tells of a click", "for: [click], then: { tag: { add: then } }",
	    "p", "then" },
	{ "a robot clicks", "for: [click], then: { tag: { add: then } }", "b", "" },
	{ "nothing yet", "for: [click, delivered], then: { tag: { add: then } }", "n",
	    "" },
	{ "nothing in time", "for: [click, delivered], then: { tag: { add: then } }", "N",
	    "else" },
	{ "several actions",
	    "for: [delivered], then: [ { tag: { add: a } }, { tag: { add: b } }, stop ]",
	    "d", "a;b" },
};

static void
click(struct stage *s, bool head)
{
	const char *text = ((struct letter *)s->letters->pdata[0])->text,
		   *code = strstr(text, "/l/");
	char *own;

	assert_non_null(code);
	own = g_strndup(code + 3, strcspn(code + 3, " "));
	engine_hit(s->engine,
	    &(struct engine_hit){ .code = own,
		.head = head,
		.agent = "Mozilla/5.0 (Linux; Android 14) Mobile" },
	    stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 302);
	g_free(own);
}

static struct stage *
begin(const struct wait_row *row)
{
	char *text = g_strdup_printf(VISIT
	    "steps:\n  - { id: one, after: 1m, send: l }\n"
	    "  - { id: listen, wait: { %s, up_to: %s, else: { tag: { add: else } } "
	    "} }\n",
	    row->keys, *row->what == 'N' ? "1h" : "9d");
	struct stage *s = stage_new(START, CARE, text, "templates/sms/l.liquid",
	    STAGE_TEMPLATE("marketing") "{{ \"https://www.example.com/\" | short_link }} "
					"拒收请回复R\n",
	    NULL);

	if (*row->what == 'r')
		s->say = SAY_REFUSED;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 10 * MS_MINUTE);
	g_free(text);
	return s;
}

static void
news_of_the_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct wait_row *row = &rows[i];
		struct stage *s = begin(row);
		struct customer_row c;
		struct err e = { 0 };

		print_message("%s\n", row->name);
		if (*row->what == 'd' || *row->what == 'u')
			assert_int_equal(
			    stage_receipt(s,
				*row->what == 'd' ? RECEIPT_DELIVERED : RECEIPT_FAILED,
				"k1", 0, "", ""),
			    200);
		if (*row->what == 'p')
			assert_int_equal(
			    stage_receipt(s, RECEIPT_CLICK, "k1", 0, "", ""), 200);
		if (*row->what == 'c' || *row->what == 'b')
			click(s, *row->what == 'b');
		stage_run(s, 3 * MS_DAY);
		assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
		assert_string_equal(c.c.tags, row->tags);
		stage_free(s);
	}
}

/* The receipt was faster than the step: it is not waited for again. */
static void
news_that_is_there(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "steps:\n  - { id: one, after: 1m, send: a }\n  - { id: pause, wait: "
		  "1h }\n  - { id: listen, wait: { for: delivered, up_to: 9d, then: { "
		  "tag: { add: then } }, else: stop } }\n",
	    NULL);
	struct customer_row c;
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 10 * MS_MINUTE);
	stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", "");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
	assert_string_equal(c.c.tags, "then");
	stage_free(s);
}

/* News of an older message, or of another playbook's, is not what is waited for. */
static void
news_of_another(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT
	    "steps:\n  - { id: one, after: 1m, send: l }\n  - { id: two, after: 1m, "
	    "send: a }\n  - { id: listen, wait: { for: [delivered, click], up_to: "
	    "9d, then: { tag: { add: then } }, else: stop } }\n",
	    "config/playbooks/other.yaml",
	    "playbook: other\ncategory: marketing\nstatus: live\nstart: { on: visit "
	    "}\nsteps:\n  - { id: one, after: 5m, send: b }\n  - { id: listen, wait: { "
	    "for: click, up_to: 9d, then: { tag: { add: other } }, else: stop } }\n",
	    "templates/sms/l.liquid",
	    STAGE_TEMPLATE("marketing") "{{ \"https://www.example.com/\" | short_link }} "
					"拒收请回复R\n",
	    NULL);
	struct customer_row c;
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 10 * MS_MINUTE);
	assert_int_equal(s->letters->len, 3);
	stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", "");
	click(s, false);
	assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
	assert_string_equal(c.c.tags, "");
	stage_receipt(s, RECEIPT_DELIVERED, "k2", 1, "", "");
	assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
	assert_string_equal(c.c.tags, "then");
	stage_free(s);
}

/* ---- marks ---- */

struct marks {
	GString *text;
	ms_t at;
};

static void
note(void *arg, ms_t at, const char *name)
{
	struct marks *m = arg;

	g_string_append_printf(m->text, "%s|", name);
	m->at = at;
}

static void
answer_why(void *arg, int status, const char *json)
{
	assert_int_equal(status, 200);
	*(char **)arg = g_strdup(json);
}

static void
noted_once(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "marks:\n  tried: { on: trial }\n  back: { on: visit }\ngoal: { on: "
		  "order, window: 30d }\nsteps:\n  - { id: one, after: 9d, send: a }\n",
	    NULL);
	struct marks m = { g_string_new(""), 0 };
	struct err e = { 0 };
	static const char late[] = "{\"id\":\"t0\",\"customer\":\"C1\",\"type\":"
				   "\"trial\",\"at\":\"2026-03-10T09:00:00+08:00\"}";
	char *json = NULL;
	struct run r;
	ms_t first;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_HOUR);
	first = sim_world(s->sim)->now(sim_world(s->sim));
	/* One that happened before the run, told late. */
	engine_event(s->engine, "t0", late, strlen(late), stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 201);
	stage_event(s, "t1", "C1", "trial");
	stage_run(s, MS_HOUR);
	stage_event(s, "t2", "C1", "trial");
	stage_event(s, "o1", "C1", "order");
	stage_event(s, "t3", "C1", "trial");
	stage_last_run(s, "C1", &r);
	assert_int_equal(mark_each(s->store, r.id, note, &m, &e), 0);
	/* The visit that let him in is no milestone. */
	assert_string_equal(m.text->str, "tried|");
	assert_in_range(m.at, first - MS_SECOND, first + MS_SECOND);
	engine_why(s->engine, "C1", answer_why, &json);
	stage_run(s, MS_SECOND);
	assert_non_null(strstr(json, "\"name\":\"tried\""));
	g_free(json);
	g_string_free(m.text, TRUE);
	stage_free(s);
}

/* ---- exits ---- */

static void
an_exit_acts(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "exits:\n  - { on: sold, then: [ { tag: { add: car-sold } }, { stage: "
		  "lost } ] }\nsteps:\n  - { id: one, after: 9d, send: a }\n",
	    NULL);
	struct customer_row c;
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "s1", "C1", "sold");
	assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
	assert_string_equal(c.c.tags, "car-sold");
	assert_string_equal(c.c.stage, "lost");
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_EXITED);
	stage_free(s);
}

static void
publish(struct stage *s, const char *text)
{
	struct report *r = report_new();

	stage_put(s, CARE, text);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	catalog_unref(s->catalog);
	s->catalog = stage_load(s, r);
	report_free(r);
}

/* After a restart only the newest version was known, and that one waits for nothing. */
static void
a_wait_of_an_older_version_over_a_restart(void **state)
{
	struct stage *s = begin(
	    &(struct wait_row){ .keys = "for: [delivered], then: { tag: { add: then } }",
		.what = "n" });
	struct customer_row c;
	struct err e = { 0 };

	(void)state;
	publish(s, VISIT "steps:\n  - { id: one, after: 1m, send: a }\n");
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_HOUR);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_DELIVERED, "k1", 0, "", ""), 200);
	assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
	assert_string_equal(c.c.tags, "then");
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news_of_the_message),
		cmocka_unit_test(news_that_is_there),
		cmocka_unit_test(news_of_another),
		cmocka_unit_test(noted_once),
		cmocka_unit_test(an_exit_acts),
		cmocka_unit_test(a_wait_of_an_older_version_over_a_restart),
	};

	return cmocka_run_group_tests_name("wait", tests, NULL, NULL);
}
