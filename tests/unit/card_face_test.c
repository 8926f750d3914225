/* What cards show after they were sent: one word in place of their buttons, tried once.
 * proves: B-WC6, B-WC7, S17 */
#include <sys/stat.h>

#include "store/card.h"
#include "store/subject.h"
#include "task_stage.h"

#define MORNING "2026-11-23T09:10:00+08:00"
#define CALLING "2026-11-23T10:05:00+08:00"
#define WECOM                                                                       \
	"  - { name: staff, type: wecom-staff, channels: [phone], url: "            \
	"\"http://127.0.0.1:2\", internal: true, corp_id: ww1, agent_id: 1000002, " \
	"secret: { credential: s }, callback_token: { credential: t }, "            \
	"callback_key: { credential: k } }\ncredentials: secrets\n"
#define DRAFT                                                                           \
	CALL("steps:\n  - { id: w, send: w, kind: personal }\n  - { id: e, stop: true " \
	     "}\n")
#define CALLS                                                                       \
	CALL("steps:\n  - { id: call, call: ask, to: advisor, due: 48h, outcomes: " \
	     "{ reached: yes, refused: no, none: nobody } }\n" ENDS)
#define TEXT STAGE_TEMPLATE("marketing") "{{ customer.name }}，该回来看看了，回复TD退订\n"

/* What the counter says to an update, and what came. */
static const char *say;
static GPtrArray *cards, *faces;
static const char ok[] = "{\"errcode\":0,\"errmsg\":\"ok\"}";

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "/cgi-bin/gettoken") != NULL) {
		r->body = g_strdup(
		    "{\"errcode\":0,\"access_token\":\"T\",\"expires_in\":7200}");
	} else if (strstr(q->url, "/cgi-bin/message/send") != NULL) {
		g_ptr_array_add(cards, g_strndup(q->body, q->body_len));
		r->body = g_strdup_printf("{\"errcode\":0,\"msgid\":\"m\","
					  "\"response_code\":\"rc-%u\"}",
		    cards->len);
	} else if (strstr(q->url, "/cgi-bin/message/update_template_card") != NULL) {
		g_ptr_array_add(faces, g_strndup(q->body, q->body_len));
		if (strcmp(say, "silence") == 0)
			r->kind = SIM_SILENCE;
		r->body = g_strdup(say);
	} else {
		return false;
	}
	r->len = strlen(r->body);
	return true;
}

static void
visit(struct stage *s, const char *ext)
{
	char *id = g_strconcat("v-", ext, NULL);
	char *number = g_strdup_printf("+86199123456%02d", atoi(ext + 1));
	char *wecom = g_strconcat("wm", ext, NULL);
	struct customer c = stage_person(ext);

	c.name = "张伟";
	c.advisor = "李娜";
	c.address[CHANNEL_SMS] = c.address[CHANNEL_PHONE] = number;
	c.address[CHANNEL_WECOM] = wecom;
	stage_keep(s, &c);
	assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	stage_run(s, MS_SECOND);
	g_free(wecom);
	g_free(number);
	g_free(id);
}

static struct stage *
begin(const char *start, const char *playbook)
{
	struct stage *s;

	stage_else = counter;
	say = ok;
	cards = g_ptr_array_new_with_free_func(g_free);
	faces = g_ptr_array_new_with_free_func(g_free);
	s = stage_new(start, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") WECOM ROLES, "config/secrets/s", "s3cret",
	    "config/secrets/t", "QDG6eK", "config/secrets/k",
	    "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "config/policy.yaml", MEALS,
	    "templates/phone/ask.liquid", ASK, "templates/wecom/w.liquid", TEXT,
	    "config/playbooks/p.yaml", playbook, NULL);
	stage_advisor(s, "E1", "李娜", "", "LiNa");
	stage_advisor(s, "E2", "王经理", "", "wang");
	visit(s, "C1");
	return s;
}

static void
end(struct stage *s)
{
	stage_free(s);
	g_ptr_array_unref(cards);
	g_ptr_array_unref(faces);
	stage_else = NULL;
}

static int64_t
task_id(struct stage *s)
{
	struct task_row t;

	assert_true(task_nth(s, "C1", 0, &t));
	return t.id;
}

/* The id that the k-th card bears. */
static const char *
card_ref(guint k)
{
	static char ref[64];
	json_t *j = json_loads(cards->pdata[k], 0, NULL);

	g_strlcpy(ref,
	    json_string_value(
		json_object_get(json_object_get(j, "template_card"), "task_id")),
	    sizeof(ref));
	json_decref(j);
	return ref;
}

static void
tap(struct stage *s, guint card, const char *word, const char *who, const char *key,
    const char *code)
{
	const struct receipt r = { .kind = RECEIPT_DONE,
		.key = key,
		.ref = card_ref(card),
		.provider_id = "",
		.from = who,
		.channel = CHANNEL_PHONE,
		.text = word,
		.code = code,
		.perr = "",
		.raw = "" };

	engine_receipts(
	    s->engine, &s->catalog->config->accounts[2], &r, 1, stage_answer, s);
	stage_run(s, 2 * MS_SECOND);
	assert_int_equal(s->answer, 200);
}

static void
face(guint k, const char *code, const char *word)
{
	json_t *j;

	assert_int_equal(faces->len, k);
	j = json_loads(faces->pdata[k - 1], 0, NULL);
	assert_string_equal(json_string_value(json_object_get(j, "response_code")), code);
	assert_string_equal(json_string_value(json_object_get(
				json_object_get(j, "button"), "replace_name")),
	    word);
	assert_string_equal(
	    json_string_value(json_array_get(json_object_get(j, "userids"), 0)), "LiNa");
	json_decref(j);
}

static void
s17_the_card_carries_the_draft_and_its_three_buttons(void **state)
{
	struct stage *s = begin(MORNING, DRAFT);
	const char *body = cards->pdata[0];

	(void)state;
	assert_int_equal(cards->len, 1);
	assert_non_null(strstr(body, "待您发送：x"));
	assert_non_null(strstr(body, "\"sub_title_text\":\"张伟，该回来看看了"));
	assert_non_null(strstr(body, "\"text\":\"已发送\""));
	assert_non_null(strstr(body, "\"text\":\"不合适\""));
	assert_non_null(strstr(body, "\"text\":\"稍后\""));
	assert_null(strstr(body, "199123456"));
	assert_int_equal(faces->len, 0);
	end(s);
}

static void
a_tap_is_the_end_of_its_buttons(void **state)
{
	struct stage *s = begin(MORNING, DRAFT);

	(void)state;
	tap(s, 0, "sent", "lina", "k1", "tapped-1");
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	face(1, "tapped-1", "已完成");
	stage_run(s, MS_DAY);
	assert_int_equal(faces->len, 1);
	assert_int_equal(cards->len, 1);
	/* Another tap on the way meanwhile: its own code, the same word. */
	tap(s, 0, "sent", "lina", "k2", "tapped-2");
	face(2, "tapped-2", "已完成");
	end(s);
}

static void
only_whose_card_it_is_may_tap(void **state)
{
	struct stage *s = begin(MORNING, DRAFT);

	(void)state;
	tap(s, 0, "sent", "wang", "k1", "tapped-1");
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	assert_int_equal(faces->len, 0);
	end(s);
}

static void
done_elsewhere_it_is_replaced_by_its_own_code(void **state)
{
	struct stage *s = begin(CALLING, CALLS);

	(void)state;
	assert_int_equal(task_report(s, task_id(s), "reached", "", ""), 200);
	stage_run(s, 2 * MS_SECOND);
	face(1, "rc-1", "已完成");
	end(s);
}

static void
s17_taken_back_before_a_meal_and_another_card_after_it(void **state)
{
	struct stage *s = begin(MORNING, DRAFT);

	(void)state;
	task_until(s, "2026-11-23T11:26:00+08:00");
	task_expect(s, "C1", 0, TASK_WAITING);
	face(1, "rc-1", "已撤回");
	assert_int_equal(cards->len, 1);
	task_until(s, "2026-11-23T13:45:00+08:00");
	assert_int_equal(cards->len, 2);
	assert_int_equal(faces->len, 1);
	/* He had sent it all the same, and says so on the first card. */
	tap(s, 0, "sent", "LiNa", "k1", "tapped-1");
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	assert_int_equal(faces->len, 3); /* both cards */
	end(s);
}

static void
a_call_keeps_its_card_over_a_meal(void **state)
{
	struct stage *s = begin(CALLING, CALLS);

	(void)state;
	task_until(s, "2026-11-23T14:30:00+08:00");
	assert_int_equal(cards->len, 1);
	assert_int_equal(faces->len, 0);
	engine_task_withdraw(s->engine, task_id(s), stage_answer, s);
	stage_run(s, 2 * MS_SECOND);
	face(1, "rc-1", "已撤回");
	end(s);
}

static void
put_off_it_comes_back_as_another_card(void **state)
{
	struct stage *s = begin("2026-11-23T14:00:00+08:00", DRAFT);

	(void)state;
	tap(s, 0, "later", "LiNa", "k1", "tapped-1");
	face(1, "tapped-1", "已推迟");
	stage_run(s, 122 * MS_MINUTE);
	assert_int_equal(cards->len, 2);
	tap(s, 1, "unfit", "LiNa", "k2", "tapped-2");
	face(2, "tapped-2", "已完成");
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	end(s);
}

static const struct {
	const char *name, *say;
	guint tries;
} doubts[] = {
	{ "taken", "{\"errcode\":0}", 1 },
	{ "the code was used", "{\"errcode\":42028,\"errmsg\":\"used\"}", 1 },
	{ "no answer", "silence", 1 },
	{ "busy may have been taken", "{\"errcode\":-1}", 1 },
	{ "too many at once: certainly not", "{\"errcode\":45033}", 2 },
};

static void
b_wc7_it_is_tried_once_where_it_may_have_been_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(doubts); i++) {
		struct stage *s = begin(MORNING, DRAFT);

		print_message("  %s\n", doubts[i].name);
		say = doubts[i].say;
		tap(s, 0, "sent", "LiNa", "k1", "tapped-1");
		stage_run(s, 100);
		say = ok;
		stage_run(s, 5 * MS_MINUTE);
		assert_true(faces->len >= doubts[i].tries);
		if (doubts[i].tries == 1)
			assert_int_equal(faces->len, 1);
		end(s);
	}
}

static void
a_death_on_the_way_does_not_try_it_twice(void **state)
{
	struct stage *s = begin(MORNING, DRAFT);

	(void)state;
	say = "silence";
	tap(s, 0, "sent", "LiNa", "k1", "tapped-1");
	assert_int_equal(faces->len, 1);
	stage_fall(s, false);
	stage_rise(s);
	say = ok;
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(faces->len, 1);
	end(s);
}

static void
b_wc7_a_code_is_good_for_three_days(void **state)
{
	struct stage *s = begin(CALLING, CALLS);
	struct card_stale one;
	struct err e = { 0 };

	(void)state;
	say = "{\"errcode\":45033}";
	assert_int_equal(task_report(s, task_id(s), "reached", "", ""), 200);
	stage_run(s, 73 * MS_HOUR);
	say = ok;
	g_ptr_array_set_size(faces, 0);
	stage_run(s, MS_HOUR);
	assert_int_equal(faces->len, 0);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(card_stale(s->store, 0, &one, 1, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	end(s);
}

static void
b_wc6_replacing_counts_with_the_cards(void **state)
{
	struct stage *s = begin(CALLING, CALLS);
	ms_t began = sim_true(s->sim);

	(void)state;
	for (int i = 1; i <= 20; i++) {
		char *ext = g_strdup_printf("C%d", i);
		struct task_row t;

		if (i > 1)
			visit(s, ext);
		assert_true(task_nth(s, ext, 0, &t));
		assert_int_equal(task_report(s, t.id, "reached", "", ""), 200);
		g_free(ext);
	}
	stage_run(s, began + 50 * MS_SECOND - sim_true(s->sim));
	assert_in_range(cards->len + faces->len, 24, 25);
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(faces->len, cards->len);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s17_the_card_carries_the_draft_and_its_three_buttons),
		cmocka_unit_test(a_tap_is_the_end_of_its_buttons),
		cmocka_unit_test(only_whose_card_it_is_may_tap),
		cmocka_unit_test(done_elsewhere_it_is_replaced_by_its_own_code),
		cmocka_unit_test(s17_taken_back_before_a_meal_and_another_card_after_it),
		cmocka_unit_test(a_call_keeps_its_card_over_a_meal),
		cmocka_unit_test(put_off_it_comes_back_as_another_card),
		cmocka_unit_test(b_wc7_it_is_tried_once_where_it_may_have_been_taken),
		cmocka_unit_test(a_death_on_the_way_does_not_try_it_twice),
		cmocka_unit_test(b_wc7_a_code_is_good_for_three_days),
		cmocka_unit_test(b_wc6_replacing_counts_with_the_cards),
	};

	umask(077); /* secrets are files only we can read */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
