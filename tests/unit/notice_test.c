/* Staff told of their tasks: once, word for word when in doubt, not too often; a button does it.
 * proves: B-WC6, S12, S17 */
#include <sys/stat.h>

#include "store/card.h"
#include "store/subject.h"
#include "task_stage.h"

#define MONDAY "2026-11-23T10:05:00+08:00"
#define WECOM                                                                       \
	"  - { name: staff, type: wecom-staff, channels: [phone], url: "            \
	"\"http://127.0.0.1:2\", internal: true, corp_id: ww1, agent_id: 1000002, " \
	"secret: { credential: s }, callback_token: { credential: t }, "            \
	"callback_key: { credential: k } }\ncredentials: secrets\n"
#define STEP                                                                     \
	"steps:\n  - { id: call, call: ask, to: advisor, due: 48h, outcomes: { " \
	"reached: yes, refused: no, none: nobody } }\n" ENDS

/* What the counter says next, and what came to it. */
static const char *say;
static GPtrArray *bodies, *urls;
static int tokens;

static bool
counter(const struct sim_request *q, struct sim_reply *r)
{
	if (strstr(q->url, "/cgi-bin/gettoken") != NULL) {
		tokens++;
		r->body =
		    g_strdup_printf("{\"errcode\":0,\"errmsg\":\"ok\",\"access_token\":"
				    "\"T%d\",\"expires_in\":7200}",
			tokens);
	} else if (strstr(q->url, "/cgi-bin/message/send") != NULL) {
		g_ptr_array_add(urls, g_strdup(q->url));
		g_ptr_array_add(bodies, g_strndup(q->body, q->body_len));
		if (strcmp(say, "silence") == 0)
			r->kind = SIM_SILENCE;
		r->body = g_strdup(say);
	} else {
		return false;
	}
	r->len = strlen(r->body);
	return true;
}

#define OK "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":\"m1\"}"

static struct stage *
begin(const char *wecom)
{
	struct stage *s;

	stage_else = counter;
	say = OK;
	tokens = 0;
	bodies = g_ptr_array_new_with_free_func(g_free);
	urls = g_ptr_array_new_with_free_func(g_free);
	s = stage_new(MONDAY, "config/reachd.yaml",
	    STAGE_ACCOUNTS("idempotency_key") WECOM ROLES, "config/secrets/s", "s3cret",
	    "config/secrets/t", "QDG6eK", "config/secrets/k",
	    "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "config/policy.yaml", MEALS,
	    "templates/phone/ask.liquid", ASK, "config/playbooks/p.yaml", CALL(STEP),
	    NULL);
	stage_advisor(s, "E1", "李娜", "", wecom);
	return s;
}

static void
end(struct stage *s)
{
	stage_free(s);
	g_ptr_array_unref(bodies);
	g_ptr_array_unref(urls);
	stage_else = NULL;
}

static void
visit(struct stage *s, const char *ext)
{
	char *id = g_strconcat("v-", ext, NULL);
	char *number = g_strdup_printf("+86199123456%02d", atoi(ext + 1));

	task_customer(s, ext, number, "李娜");
	assert_int_equal(stage_event(s, id, ext, "visit"), 201);
	stage_run(s, 5 * MS_SECOND);
	g_free(number);
	g_free(id);
}

static enum card_state
only_card(struct stage *s, const char *ext, int64_t *id)
{
	struct task_row t;
	struct card c = { 0 };
	struct err e = { 0 };
	struct message m;

	assert_true(task_nth(s, ext, 0, &t));
	stage_touch(s, ext, 0, &m);
	for (int64_t k = t.id; k < t.id + (1 << 24); k++)
		if (card_get(s->store, k, &c, &e) == 1)
			break;
	assert_int_not_equal(c.id, 0);
	*id = c.id;
	return c.state;
}

static void
a_new_task_reaches_its_person_once_without_a_number(void **state)
{
	struct stage *s = begin("LiNa");
	const char *body;

	(void)state;
	visit(s, "C1");
	assert_int_equal(bodies->len, 1);
	body = bodies->pdata[0];
	assert_non_null(strstr(urls->pdata[0], "access_token=T1"));
	assert_non_null(strstr(body, "\"touser\":\"LiNa\""));
	assert_non_null(strstr(body, "\"agentid\":1000002"));
	assert_non_null(strstr(body, "button_interaction"));
	assert_non_null(strstr(body, "致电：问候"));
	assert_non_null(strstr(body, "张伟"));
	assert_non_null(strstr(body, "\"text\":\"接通\""));
	assert_non_null(strstr(body, "\"key\":\"refused\""));
	assert_non_null(strstr(body, "\"enable_duplicate_check\":1"));
	assert_null(strstr(body, "199123456"));
	stage_run(s, MS_HOUR);
	assert_int_equal(bodies->len, 1);
	/* Off the list at lunch and on it again: the same task on the same day. */
	stage_run(s, 4 * MS_HOUR);
	assert_int_equal(bodies->len, 1);
	end(s);
}

static void
whoever_has_no_id_is_not_told_and_nothing_is_lost(void **state)
{
	struct stage *s = begin("");

	(void)state;
	visit(s, "C1");
	assert_int_equal(bodies->len, 0);
	task_expect(s, "C1", 0, TASK_OPEN);
	end(s);
}

static void
a_lost_answer_is_settled_word_for_word(void **state)
{
	struct stage *s = begin("lina");
	int64_t id;

	(void)state;
	say = "silence";
	visit(s, "C1");
	stage_run(s, MS_MINUTE);
	assert_true(bodies->len >= 1);
	say = OK;
	stage_run(s, 10 * MS_MINUTE);
	assert_true(bodies->len >= 2);
	for (guint i = 1; i < bodies->len; i++)
		assert_string_equal(bodies->pdata[0], bodies->pdata[i]);
	assert_int_equal(only_card(s, "C1", &id), CARD_TAKEN);
	end(s);
}

static void
in_doubt_it_is_presumed_before_the_window_ends(void **state)
{
	struct stage *s = begin("lina");
	ms_t began = sim_true(s->sim);
	int64_t id;
	guint n;

	(void)state;
	say = "silence";
	visit(s, "C1");
	stage_run(s, 4 * MS_HOUR);
	n = bodies->len;
	assert_int_equal(only_card(s, "C1", &id), CARD_PRESUMED);
	say = OK;
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(bodies->len, n);
	assert_true(sim_true(s->sim) > began);
	end(s);
}

static void
a_killed_process_does_not_tell_twice_in_other_words(void **state)
{
	struct stage *s = begin("lina");

	(void)state;
	say = "silence";
	visit(s, "C1");
	assert_int_equal(bodies->len, 1);
	stage_fall(s, false);
	stage_rise(s);
	say = OK;
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(bodies->len, 2);
	assert_string_equal(bodies->pdata[0], bodies->pdata[1]);
	end(s);
}

static void
a_stale_token_is_fetched_anew_once(void **state)
{
	struct stage *s = begin("lina");

	(void)state;
	say = "{\"errcode\":42001,\"errmsg\":\"expired\"}";
	visit(s, "C1");
	say = OK;
	stage_run(s, MS_MINUTE);
	assert_int_equal(tokens, 2);
	assert_int_equal(bodies->len, 2);
	assert_non_null(strstr(urls->pdata[1], "access_token=T2"));
	end(s);
}

static void
a_wrong_account_stops_and_calls_go_on(void **state)
{
	struct stage *s = begin("lina");

	(void)state;
	say = "{\"errcode\":301002,\"errmsg\":\"not your app\"}";
	visit(s, "C1");
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(bodies->len, 1);
	/* The list does not depend on the cards. */
	visit(s, "C2");
	task_expect(s, "C2", 0, TASK_OPEN);
	assert_int_equal(bodies->len, 1);
	end(s);
}

static void
too_many_go_as_one(void **state)
{
	struct stage *s = begin("lina");
	guint digests = 0;

	(void)state;
	stage_advisor(s, "E2", "王经理", "", "wang");
	for (int i = 0; i < 40; i++) {
		char *ext = g_strdup_printf("D%d", i);

		char *number = g_strdup_printf("+86199123456%02d", i);

		task_customer(s, ext, number, "李娜");
		assert_int_equal(stage_event(s, ext, ext, "complaint"), 201);
		g_free(number);
		g_free(ext);
	}
	stage_run(s, 50 * MS_SECOND);
	assert_in_range(bodies->len, 1, 25);
	stage_run(s, 10 * MS_MINUTE);
	for (guint i = 0; i < bodies->len; i++)
		digests += strstr(bodies->pdata[i], "项待办") != NULL;
	assert_true(digests >= 1);
	assert_true(bodies->len < 40);
	end(s);
}

/* B-WC6: of what is more than 30 a minute and 1,000 an hour the service drops silently. */
static void
so_many_a_minute_and_an_hour(void **state)
{
	static const struct {
		const char *name;
		int had;
		ms_t ago;
		guint more; /* of four that come at once */
	} rows[] = {
		{ "one left in this minute", 24, 40 * MS_SECOND, 1 },
		{ "none left in this minute", 25, 40 * MS_SECOND, 0 },
		{ "one left in this hour", 799, 50 * MS_MINUTE, 1 },
		{ "none left in this hour", 800, 50 * MS_MINUTE, 0 },
		{ "an hour ago", 800, 61 * MS_MINUTE, 4 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = begin("lina");
		struct err e = { 0 };

		assert_int_equal(store_begin(s->store, &e), 0);
		for (int k = 0; k < rows[i].had; k++) {
			const struct card c = { .id = k + 1,
				.who = "lina",
				.account = "staff",
				.state = CARD_TAKEN,
				.at = sim_true(s->sim) - rows[i].ago,
				.perr = "",
				.request = "" };

			assert_int_equal(card_add(s->store, &c, &e), 0);
		}
		assert_int_equal(store_commit(s->store, &e), 0);
		for (int k = 0; k < 4; k++) {
			char *ext = g_strdup_printf("D%d", k),
			     *number = g_strdup_printf("+86199123456%02d", k);

			task_customer(s, ext, number, "李娜");
			assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
			g_free(number);
			g_free(ext);
		}
		stage_run(s, 15 * MS_SECOND);
		if (bodies->len != rows[i].more)
			fail_msg("%s: %u", rows[i].name, bodies->len);
		end(s);
	}
}

static int
press(
    struct stage *s, int64_t card, const char *outcome, const char *who, const char *key)
{
	char *ref = g_strdup_printf("reachd-%" G_GINT64_FORMAT, card);
	const struct receipt r = { .kind = RECEIPT_DONE,
		.key = key,
		.ref = ref,
		.provider_id = "",
		.from = who,
		.channel = CHANNEL_PHONE,
		.text = outcome,
		.perr = "",
		.raw = "" };

	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[2], &r, 1, stage_answer, s);
	stage_run(s, 5);
	g_free(ref);
	return s->answer;
}

static void
a_button_does_the_task(void **state)
{
	struct stage *s = begin("LiNa");
	int64_t id;

	(void)state;
	visit(s, "C1");
	assert_int_equal(only_card(s, "C1", &id), CARD_TAKEN);
	/* of nobody's, by nobody, and what is no outcome */
	assert_int_equal(press(s, id + 1, "reached", "lina", "k1"), 200);
	assert_int_equal(press(s, id, "reached", "stranger", "k2"), 200);
	assert_int_equal(press(s, id, "sung", "lina", "k3"), 200);
	task_expect(s, "C1", 0, TASK_OPEN);
	assert_int_equal(press(s, id, "refused", "lina", "k4"), 200);
	task_expect(s, "C1", 0, TASK_DONE);
	stage_expect(s, "C1", 0, MSG_DELIVERED, REASON_NONE);
	/* pressed again, told again */
	assert_int_equal(press(s, id, "reached", "lina", "k5"), 200);
	assert_int_equal(press(s, id, "refused", "lina", "k4"), 200);
	stage_run(s, MS_MINUTE);
	task_tags(s, "C1", "cool;no");
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_task_reaches_its_person_once_without_a_number),
		cmocka_unit_test(whoever_has_no_id_is_not_told_and_nothing_is_lost),
		cmocka_unit_test(a_lost_answer_is_settled_word_for_word),
		cmocka_unit_test(in_doubt_it_is_presumed_before_the_window_ends),
		cmocka_unit_test(a_killed_process_does_not_tell_twice_in_other_words),
		cmocka_unit_test(a_stale_token_is_fetched_anew_once),
		cmocka_unit_test(a_wrong_account_stops_and_calls_go_on),
		cmocka_unit_test(too_many_go_as_one),
		cmocka_unit_test(so_many_a_minute_and_an_hour),
		cmocka_unit_test(a_button_does_the_task),
	};

	umask(077); /* secrets are files only we can read */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
