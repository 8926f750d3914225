/* Tasks that are no calls: complaints and answers (semantics: replies), actions of
 * playbooks, the return ritual (6.4), what people notice (5.8).
 * proves: 5.8, 7.11 */
#include "task_stage.h"

#define MONDAY "2026-11-23T10:05:00+08:00"
#define SEND "goal: { on: order, window: 60d }\nsteps:\n  - { id: a, send: a }\n"

struct shown {
	int status;
	json_t *json;
};

static void
keep(void *arg, int status, const char *json)
{
	struct shown *out = arg;

	out->status = status;
	json_decref(out->json);
	out->json = json_loads(json, 0, NULL);
}

static struct stage *
begin(const char *book)
{
	struct stage *s = stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ROLES, "config/policy.yaml", MEALS,
	    "templates/phone/ask.liquid", ASK, "config/playbooks/p.yaml", book, NULL);

	task_customer(s, "C1", "+8619912345678", "李娜");
	return s;
}

static const char *
text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : s;
}

static void
a_complaint_asks_whoever_is_on_call_by_the_clock(void **state)
{
	struct stage *s = begin(CALL(SEND));
	struct task_row t;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "我要投诉"), 200);
	task_only(s, "C1", &t);
	assert_string_equal(t.kind, TASK_COMPLAINT);
	assert_string_equal(t.assignee, "王经理");
	assert_true(t.due_at - t.created_at == 2 * MS_HOUR);
	/* said again it is the same complaint, and it stays until it is answered */
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k2", 0, "+8619912345678", "投诉"), 200);
	stage_run(s, 5 * MS_DAY);
	task_only(s, "C1", &t);
	assert_int_equal(task_report(s, t.id, "settled", "", ""), 200);
	stage_free(s);
}

static void
a_wrong_person_and_a_doubtful_stop_ask_the_advisor(void **state)
{
	struct stage *s = begin(CALL(SEND));
	struct task_row t;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "我不是张伟"),
	    200);
	task_only(s, "C1", &t);
	assert_string_equal(t.kind, TASK_WRONG_PERSON);
	assert_string_equal(t.assignee, "李娜");
	assert_int_equal(task_report(s, t.id, "done", "", ""), 200);
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k2", 0, "+8619912345678",
			     "请不要退订我的会员，谢谢"),
	    200);
	task_only(s, "C1", &t);
	assert_string_equal(t.kind, TASK_ANSWER);
	stage_free(s);
}

/* "我不是很满意" cost him his number. */
static void
an_unhappy_customer_keeps_his_number(void **state)
{
	struct stage *s = begin(
	    CALL("replies:\n  - { has: 太远, then: [ { tag: { add: far } } ] }\n" SEND));
	struct customer_row c;
	struct task_row t;
	struct err e = { 0 };
	int64_t id;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678",
			     "说实话我不是不想来，就是太远"),
	    200);
	task_only(s, "C1", &t);
	assert_string_equal(t.kind, TASK_ANSWER);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &c, &e), 1);
	assert_int_equal(c.invalid, 0);
	stage_free(s);
}

/* Live tasks that are no calls. */
static int
asked(struct stage *s, int64_t id)
{
	struct task_row all[8];
	struct err e = { 0 };
	int n = task_of_customer(s->store, id, all, 8, &e), found = 0;

	for (int i = 0; i < n; i++)
		found += all[i].msg == 0;
	return found;
}

/* S16: what no rule takes waits for a person, and marketing with it until he has answered. */
static void
a_free_question_asks_the_advisor_once(void **state)
{
	static const struct {
		const char *name, *book, *text;
		int tasks;
	} rows[] = {
		{ "a question", CALL(SEND), "你们几点关门？我想问下", 1 },
		{ "said in two messages", CALL(SEND), "在吗", 1 },
		{ "a number", CALL(SEND), "4", 0 },
		{ "a rule takes it",
		    CALL("replies:\n  - { has: 关门, then: [ { tag: { add: x } } ] "
			 "}\n" SEND),
		    "你们几点关门", 0 },
		{ "a wait takes any",
		    CALL("goal: { on: order, window: 60d }\nsteps:\n  - { id: a, send: a "
			 "}\n"
			 "  - { id: w, wait: { for: reply, up_to: 9d, then: next, "
			 "else: stop } }\n  - { id: t, do: { tag: { add: x } } }\n"),
		    "你们几点关门", 0 },
		{ "a stop word alone", CALL(SEND), "退订", 0 },
		{ "thanks", CALL(SEND), "好的，谢谢！", 0 },
		{ "thanks, and a question", CALL(SEND), "好的，什么时候可以来？", 1 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = begin(rows[i].book);
		struct task_row all[4];
		struct err e = { 0 };
		int64_t id;

		print_message("%s\n", rows[i].name);
		assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
		assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
		stage_run(s, 10 * MS_SECOND);
		assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k1", 0,
				     "+8619912345678", rows[i].text),
		    200);
		if (rows[i].tasks > 0) {
			assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k2", 0,
					     "+8619912345678", "还有停车吗"),
			    200);
			task_only(s, "C1", all);
			assert_string_equal(all[0].kind, TASK_ANSWER);
			assert_string_equal(all[0].assignee, "李娜");
			assert_int_equal(task_report(s, all[0].id, "done", "", ""), 200);
			/* the next question is another conversation */
			assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k3", 0,
					     "+8619912345678", "周日开吗"),
			    200);
		}
		assert_int_equal(asked(s, id), rows[i].tasks);
		stage_free(s);
	}
}

/* As other tasks: whoever stands in, then the manager, in the hours of business; at last an
 * alarm. */
static void
a_question_nobody_answers_goes_higher(void **state)
{
	struct stage *s = begin(CALL(SEND));
	struct task_row t;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678",
			     "你们几点关门"),
	    200);
	task_only(s, "C1", &t);
	assert_string_equal(t.assignee, "李娜");
	/* a working day each */
	task_until(s, "2026-11-24T10:00:00+08:00");
	task_only(s, "C1", &t);
	assert_int_equal(t.state, TASK_OPEN);
	task_until(s, "2026-11-24T10:10:00+08:00");
	task_only(s, "C1", &t);
	assert_int_equal(t.state, TASK_ESCALATED);
	assert_string_equal(t.assignee, "王经理");
	task_until(s, "2026-11-25T10:20:00+08:00");
	assert_int_equal(task_get(s->store, t.id, &t, &e), 1);
	assert_int_equal(t.state, TASK_LAPSED);
	stage_free(s);
}

/* Whoever stood in for a missing advisor was asked again, as the manager he is, and then
 * nobody: the third was never reached. */
static const struct higher_row {
	const char *name, *config, *stores, *first, *second;
} highers[] = {
	{ "the store's manager, then whom reachd.yaml names", ROLES,
	    "stores: [{ id: pd, manager: S9 }]\n", "孙店长", "王经理" },
	{ "no manager of the store: the named one, then above",
	    "roles: { manager: 王经理, general-manager: 赵总 }\n",
	    "stores: [{ id: pd }]\n", "王经理", "赵总" },
	{ "nobody else is named: he keeps it", ROLES, "stores: [{ id: pd }]\n", "王经理",
	    "王经理" },
	{ "nobody but the one above", "roles: { general-manager: 赵总 }\n",
	    "stores: [{ id: pd }]\n", "", "赵总" },
};

static struct stage *
without_advisor(const struct higher_row *row)
{
	char *config = g_strconcat(STAGE_ACCOUNTS("idempotency_key"), row->config, NULL);
	struct stage *s = stage_new(MONDAY, "config/reachd.yaml", config,
	    "config/policy.yaml", MEALS, "config/playbooks/p.yaml", CALL(SEND),
	    "config/stores.yaml", row->stores, NULL);
	struct customer c = stage_person("C1");

	g_free(config);
	c.store = "pd";
	c.address[CHANNEL_SMS] = "+8619912345678";
	stage_keep(s, &c);
	if (strstr(row->stores, "S9") != NULL)
		stage_advisor(s, "S9", "孙店长", "pd", "");
	return s;
}

static void
a_question_without_an_advisor_goes_two_higher(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(highers); i++) {
		struct stage *s = without_advisor(&highers[i]);
		struct task_row t;
		struct err e = { 0 };

		print_message("%s\n", highers[i].name);
		assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
		stage_run(s, 10 * MS_SECOND);
		assert_int_equal(stage_receipt(s, RECEIPT_REPLY, "k1", 0,
				     "+8619912345678", "你们几点关门"),
		    200);
		task_only(s, "C1", &t);
		assert_string_equal(t.kind, TASK_ANSWER);
		assert_string_equal(t.assignee, highers[i].first);
		task_until(s, "2026-11-24T10:10:00+08:00");
		task_only(s, "C1", &t);
		assert_int_equal(t.state, TASK_ESCALATED);
		assert_string_equal(t.assignee, highers[i].second);
		task_until(s, "2026-11-25T10:20:00+08:00");
		assert_int_equal(task_get(s->store, t.id, &t, &e), 1);
		assert_int_equal(t.state, TASK_LAPSED);
		stage_free(s);
	}
}

static void
a_playbook_says_how_its_complaint_is_answered(void **state)
{
	struct stage *s = begin(CALL("exits:\n  - { on: complaint, then: { task: { to: "
				     "specialist, template: ask, due: "
				     "24h } } }\n" SEND));
	struct task_row t;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	assert_int_equal(stage_event(s, "x1", "C1", "complaint"), 201);
	task_only(s, "C1", &t);
	assert_string_equal(t.kind, TASK_COMPLAINT);
	assert_string_equal(t.template_, "ask");
	stage_free(s);
}

static void
an_answer_asks_for_a_task_once(void **state)
{
	struct stage *s =
	    begin(CALL("replies:\n  - { is: \"1\", then: [ { task: { to: advisor, "
		       "due: 2h, late: { to: manager } } } ] }\n" SEND));
	struct task_row t;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "1"), 200);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k2", 0, "+8619912345678", "1"), 200);
	task_only(s, "C1", &t);
	assert_string_equal(t.kind, TASK_ACTION);
	assert_true(t.due_at - t.created_at == 2 * MS_HOUR - t.created_at % MS_MINUTE);
	stage_run(s, 3 * MS_HOUR);
	task_only(s, "C1", &t);
	assert_int_equal(t.state, TASK_ESCALATED);
	assert_string_equal(t.assignee, "王经理");
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(task_report(s, t.id, "done", "", ""), 200);
	stage_free(s);
}

/* 6.4: nothing but events, steps and actions. */
static void
the_return_ritual_is_an_ordinary_playbook(void **state)
{
	struct stage *s =
	    begin("playbook: p\ncategory: service\nstatus: live\n"
		  "start: { on: check_in }\nre_entry: after 1h\nsteps:\n"
		  "  - { id: card, do: { task: { to: advisor, template: ask, due: "
		  "1m } } }\n"
		  "  - { id: hand, wait: { for: hand_over, up_to: 12h, then: next, "
		  "else: stop } }\n"
		  "  - { id: chief, do: { task: { to: manager, due: 10m } } }\n");
	struct shown out = { 0 };
	struct task_row t;

	(void)state;
	assert_int_equal(stage_event(s, "i1", "C1", "check_in"), 201);
	task_only(s, "C1", &t);
	assert_string_equal(t.assignee, "李娜");
	engine_task(s->engine, t.id, keep, &out);
	stage_run(s, 5);
	assert_int_equal(out.status, 200);
	assert_string_equal(text(out.json, "script"), "您好，张伟。");
	assert_string_equal(text(out.json, "phone"), "+8619912345678");
	assert_string_equal(text(out.json, "playbook"), "p");
	assert_int_equal(json_array_size(json_object_get(out.json, "outcomes")), 6);
	assert_int_equal(task_report(s, t.id, "reached", "", ""), 200);
	assert_int_equal(stage_event(s, "h1", "C1", "hand_over"), 201);
	task_only(s, "C1", &t);
	assert_string_equal(t.assignee, "王经理");
	json_decref(out.json);
	stage_free(s);
}

static void
what_people_notice_starts_playbooks(void **state)
{
	struct stage *s =
	    begin("playbook: p\ncategory: service\nstatus: live\n"
		  "start: { on: observation, where: event.what == \"asks_prices\" }\n"
		  "steps:\n  - { id: t, do: { tag: { add: doubting } } }\n");
	struct task_row t;

	(void)state;
	assert_int_equal(stage_event(s, "x1", "C1", "complaint"), 201);
	task_only(s, "C1", &t);
	assert_int_equal(task_report(s, t.id, "open", "", "hesitates, asks_prices"), 200);
	task_tags(s, "C1", "doubting");
	stage_free(s);
}

static void
lists_mask_numbers_and_put_complaints_first(void **state)
{
	struct stage *s = begin(CALL(SEND));
	struct shown out = { 0 };
	const json_t *list;

	(void)state;
	task_customer(s, "C2", "+8619912345679", "");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "我不是张伟"),
	    200);
	assert_int_equal(stage_event(s, "x2", "C2", "complaint"), 201);
	engine_tasks(s->engine, "", NULL, keep, &out);
	stage_run(s, 5);
	list = json_object_get(out.json, "tasks");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(text(json_array_get(list, 0), "kind"), TASK_COMPLAINT);
	assert_null(strstr(text(json_array_get(list, 1), "phone"), "1234567"));
	engine_tasks(s->engine, "李娜", NULL, keep, &out);
	stage_run(s, 5);
	list = json_object_get(out.json, "tasks");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(text(json_array_get(list, 0), "customer"), "C1");
	engine_task(s->engine, 99, keep, &out);
	stage_run(s, 5);
	assert_int_equal(out.status, 404);
	json_decref(out.json);
	stage_free(s);
}

/* The same tasks in the same order, the same state and outcomes. */
static void
in_brief_they_are_the_same(void **state)
{
	struct stage *s = begin(CALL(SEND));
	struct shown all = { 0 }, brief = { 0 };
	const json_t *x, *y;

	(void)state;
	task_customer(s, "C2", "+8619912345679", "");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "我不是张伟"),
	    200);
	assert_int_equal(stage_event(s, "x2", "C2", "complaint"), 201);
	engine_tasks(s->engine, "", NULL, keep, &all);
	engine_tasks_brief(s->engine, keep, &brief);
	stage_run(s, 5);
	x = json_object_get(all.json, "tasks");
	y = json_object_get(brief.json, "tasks");
	assert_int_equal(json_array_size(x), 2);
	assert_int_equal(json_array_size(y), 2);
	for (size_t i = 0; i < 2; i++) {
		struct shown one = { 0 }, less = { 0 };
		const char *id = text(json_array_get(x, i), "id");

		assert_string_equal(text(json_array_get(y, i), "id"), id);
		engine_task(s->engine, g_ascii_strtoll(id, NULL, 10), keep, &one);
		engine_task_brief(s->engine, g_ascii_strtoll(id, NULL, 10), keep, &less);
		stage_run(s, 5);
		assert_string_equal(text(less.json, "state"), text(one.json, "state"));
		assert_string_equal(
		    text(less.json, "customer"), text(one.json, "customer"));
		assert_true(json_equal(json_object_get(less.json, "outcomes"),
		    json_object_get(one.json, "outcomes")));
		assert_null(json_object_get(less.json, "story"));
		json_decref(one.json);
		json_decref(less.json);
	}
	json_decref(all.json);
	engine_task_brief(s->engine, 99, keep, &brief);
	stage_run(s, 5);
	assert_int_equal(brief.status, 404);
	json_decref(brief.json);
	stage_free(s);
}

static void
the_last_words_are_shown_to_whoever_does_it(void **state)
{
	struct stage *s = begin(
	    CALL("replies:\n  - { has: 约, then: [ { task: { due: 2h } } ] }\n" SEND));
	struct shown out = { 0 };
	struct task_row t;
	const json_t *words;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "周三上午能约吗"),
	    200);
	task_only(s, "C1", &t);
	engine_task(s->engine, t.id, keep, &out);
	stage_run(s, 5);
	words = json_object_get(json_object_get(out.json, "story"), "last_words");
	assert_int_equal(json_array_size(words), 1);
	assert_string_equal(text(json_array_get(words, 0), "text"), "周三上午能约吗");
	json_decref(out.json);
	stage_free(s);
}

/* What happened long ago is shown as of then, whenever it was told. */
static void
what_happened_is_in_the_order_of_time(void **state)
{
	static const char old[] = "{\"id\":\"o%d\",\"customer\":\"C1\",\"type\":\"check_out\","
				  "\"historic\":true,"
				  "\"at\":\"2026-0%d-01T10:00:00+08:00\"}";
	struct stage *s = begin(
	    CALL("replies:\n  - { has: 约, then: [ { task: { due: 2h } } ] }\n" SEND));
	struct shown out = { 0 };
	struct task_row t;
	const json_t *events;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	for (int i = 0; i < 2; i++) {
		char *body = g_strdup_printf(old, i, 2 - i);

		engine_event(s->engine, i == 0 ? "o0" : "o1", body, strlen(body), stage_answer, s);
		stage_run(s, 10 * MS_SECOND);
		assert_int_equal(s->answer, 201);
		g_free(body);
	}
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k1", 0, "+8619912345678", "周三上午能约吗"),
	    200);
	task_only(s, "C1", &t);
	engine_task(s->engine, t.id, keep, &out);
	stage_run(s, 5);
	events = json_object_get(json_object_get(out.json, "story"), "events");
	assert_true(json_array_size(events) >= 3);
	for (size_t i = 1; i < json_array_size(events); i++)
		assert_true(strcmp(text(json_array_get(events, i - 1), "at"),
				text(json_array_get(events, i), "at")) >= 0);
	assert_string_equal(
	    text(json_array_get(events, json_array_size(events) - 1), "type"), "check_out");
	json_decref(out.json);
	stage_free(s);
}

/* 7.11: what was given away is not in the caller's hand. */
static void
a_task_shows_the_offers_that_are_left_today(void **state)
{
	static const char book[] =
	    "playbook: p\ncategory: service\nstatus: live\n"
	    "start: { on: visit }\nsteps:\n"
	    "  - { id: give, offer: { name: wash, else: ask } }\n"
	    "  - { id: more, offer: { name: check, else: ask } }\n"
	    "  - { id: ask, do: { task: { to: advisor, template: ask } } }\n";
	static const char catalogue[] =
	    "offers:\n  wash: { title: 洗车券, value: 40, valid: 90d, quota: 1 }\n"
	    "  check: { title: 免费检测, value: 200, valid: 30d, quota: 20 }\n"
	    "  half: { title: 半价, value: 350, valid: 30d, approval: manager }\n";
	struct stage *s = stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") ROLES, "config/policy.yaml", MEALS,
	    "templates/phone/ask.liquid", ASK, "config/playbooks/p.yaml", book,
	    "config/offers.yaml", catalogue, NULL);
	struct shown out = { 0 };
	struct task_row t;
	const json_t *list;

	(void)state;
	task_customer(s, "C1", "+8619912345678", "李娜");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	task_only(s, "C1", &t);
	engine_task(s->engine, t.id, keep, &out);
	stage_run(s, 5);
	list = json_object_get(out.json, "offers");
	assert_int_equal(json_array_size(list), 2); /* the one wash voucher is gone */
	assert_string_equal(text(json_array_get(list, 0), "title"), "免费检测");
	assert_int_equal(
	    json_integer_value(json_object_get(json_array_get(list, 0), "left")), 19);
	assert_string_equal(text(json_array_get(list, 1), "approval"), "manager");
	assert_null(json_object_get(json_array_get(list, 1), "left"));
	json_decref(out.json);
	stage_free(s);
}

/* Held out is held out of calls as well; who complains is answered all the same. */
static void
who_is_held_out_is_asked_of_nobody(void **state)
{
	struct stage *s = begin(CALL("control: 99%\n"
				     "exits:\n  - { on: complaint, then: { task: { to: "
				     "specialist, template: ask, due: 24h } } }\n"
				     "goal: { on: order, window: 60d }\n"
				     "steps:\n  - { id: t, do: { task: { to: advisor, "
				     "due: 2h } } }\n  - { id: w, wait: 9d }\n"));
	struct task_row all[4];
	struct err e = { 0 };
	struct run r;
	int64_t id;

	(void)state;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.control, CONTROL_PLAYBOOK);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(task_of_customer(s->store, id, all, 4, &e), 0);
	assert_int_equal(stage_event(s, "x1", "C1", "complaint"), 201);
	task_only(s, "C1", all);
	assert_string_equal(all[0].template_, "ask");
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_complaint_asks_whoever_is_on_call_by_the_clock),
		cmocka_unit_test(an_unhappy_customer_keeps_his_number),
		cmocka_unit_test(a_wrong_person_and_a_doubtful_stop_ask_the_advisor),
		cmocka_unit_test(a_free_question_asks_the_advisor_once),
		cmocka_unit_test(a_question_nobody_answers_goes_higher),
		cmocka_unit_test(a_question_without_an_advisor_goes_two_higher),
		cmocka_unit_test(a_playbook_says_how_its_complaint_is_answered),
		cmocka_unit_test(an_answer_asks_for_a_task_once),
		cmocka_unit_test(the_return_ritual_is_an_ordinary_playbook),
		cmocka_unit_test(what_people_notice_starts_playbooks),
		cmocka_unit_test(lists_mask_numbers_and_put_complaints_first),
		cmocka_unit_test(in_brief_they_are_the_same),
		cmocka_unit_test(a_task_shows_the_offers_that_are_left_today),
		cmocka_unit_test(the_last_words_are_shown_to_whoever_does_it),
		cmocka_unit_test(what_happened_is_in_the_order_of_time),
		cmocka_unit_test(who_is_held_out_is_asked_of_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
