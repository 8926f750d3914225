/* answer_test.c - what a customer answered: in texts, conditions, events and tasks. */
#include "store/event.h"
#include "store/optout.h"
#include "store/task.h"
#include "task_stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define PHONE "+8619900000001"
#define SERVICE "---\ntitle: x\ncategory: service\n---\n"

static const char asks[] =
    "playbook: care\ncategory: service\nstatus: live\nstart: { on: visit }\n"
    "steps:\n"
    "  - { id: ask, after: 1m, send: s }\n"
    "  - { id: score, wait: { for: reply, up_to: 7d, else: stop } }\n"
    "  - { id: which, branch: [ { when: event.score <= 3, goto: low } ] }\n"
    "  - { id: thanks, after: 1m, send: thanks }\n"
    "  - { id: end, stop: true }\n"
    "  - { id: low, after: 1m, send: low }\n"
    "replies:\n"
    "  - { number: 0..6, then: [ { event: { name: rating } }, { task: { to: advisor, "
    "due: "
    "24h } } ] }\n";
static const char thanks[] =
    SERVICE "{{ event.text }} / {{ event.comment | default: '-' }}\n";
static const char low[] =
    SERVICE "{{ event.score }} of {{ event.value }}: {{ event.comment "
	    "| default: '-' }}\n";

static struct stage *
asked(void)
{
	struct stage *s = stage_new(START, CARE, asks, "templates/sms/thanks.liquid",
	    thanks, "templates/sms/low.liquid", low, NULL);

	task_customer(s, "C1", PHONE, "周敏");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	return s;
}

static const char *
last_text(const struct stage *s)
{
	return ((struct letter *)s->letters->pdata[s->letters->len - 1])->text;
}

static const struct {
	const char *reply, *text; /* of the next message, as it ends */
} rows[] = {
	{ "2分，等太久", "2 of 2: 等太久" },
	{ "给3分吧", "3 of 3: -" },
	{ "5分，等太久", "5分，等太久 / 等太久" },
	{ "等太久了", "等太久了 / 等太久了" },
};

static void
the_words_of_an_answer_were_lost_to_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stage *s = asked();

		print_message("%s\n", rows[i].reply);
		stage_receipt(s, RECEIPT_REPLY, "k1", 0, PHONE, rows[i].reply);
		if (i == 0) { /* what was answered outlives the process */
			stage_fall(s, false);
			stage_rise(s);
		}
		stage_run(s, 5 * MS_MINUTE);
		assert_int_equal(s->letters->len, 2);
		if (!g_str_has_suffix(last_text(s), rows[i].text))
			fail_msg("%s", last_text(s));
		stage_free(s);
	}
}

struct found {
	int replies, ratings, words;
	char data[200];
};

static void
look(void *arg, const struct event *ev)
{
	struct found *f = arg;

	f->words += strstr(ev->data, "等太久") != NULL;
	f->replies += strcmp(ev->type, "reply") == 0;
	if (strcmp(ev->type, "rating") == 0) {
		f->ratings++;
		g_strlcpy(f->data, ev->data, sizeof(f->data));
	}
}

/* A rating made by a reply rule has its score and scale, so that signals can count it;
 * the words themselves are never in an event. proves: S8 */
static void
a_rating_by_reply_had_no_score(void **state)
{
	struct stage *s = asked();
	struct found f = { 0 };
	struct err e = { 0 };
	json_t *data;
	int64_t id;

	(void)state;
	stage_receipt(s, RECEIPT_REPLY, "k1", 0, PHONE, "2分，等太久");
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(event_of_customer(s->store, id, look, &f, &e), 0);
	assert_int_equal(f.replies, 1);
	assert_int_equal(f.ratings, 1);
	assert_int_equal(f.words, 0);
	data = json_loads(f.data, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(data, "score")), 2);
	assert_int_equal(json_integer_value(json_object_get(data, "scale")), 6);
	json_decref(data);
	stage_free(s);
}

static char *seen;

static void
keep(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	g_free(seen);
	seen = g_strdup(json);
}

/* Whoever calls reads the score and the words. */
static void
an_advisor_did_not_see_what_was_said(void **state)
{
	struct stage *s = asked();
	struct task_row t;
	json_t *j, *a;

	(void)state;
	stage_receipt(s, RECEIPT_REPLY, "k1", 0, PHONE, "2分，等太久");
	task_only(s, "C1", &t);
	engine_task(s->engine, t.id, keep, s);
	stage_run(s, 10);
	assert_int_equal(s->answer, 200);
	j = json_loads(seen, 0, NULL);
	a = json_object_get(j, "answer");
	assert_int_equal(json_integer_value(json_object_get(a, "score")), 2);
	assert_string_equal(json_string_value(json_object_get(a, "comment")), "等太久");
	assert_string_equal(json_string_value(json_object_get(a, "text")), "2分，等太久");
	json_decref(j);
	g_clear_pointer(&seen, g_free);
	stage_free(s);
}

/* Who enters by what an answer made happen brings the answer along. */
static void
a_playbook_started_by_an_answer_did_not_know_it(void **state)
{
	struct stage *s = stage_new(START, CARE, asks, "templates/sms/thanks.liquid",
	    thanks, "templates/sms/low.liquid", low, "config/playbooks/after.yaml",
	    "playbook: after\ncategory: service\nstatus: live\n"
	    "start: { on: rating, where: event.score <= 2 }\n"
	    "steps:\n  - { id: sorry, after: 2m, send: low }\n",
	    NULL);

	(void)state;
	task_customer(s, "C1", PHONE, "周敏");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	stage_receipt(s, RECEIPT_REPLY, "k1", 0, PHONE, "2分，等太久");
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(s->letters->len, 3);
	assert_true(g_str_has_suffix(last_text(s), "2 of 2: 等太久"));
	stage_free(s);
}

/* The customer answered in a chat that reachd does not see; staff press the button.
 */
static void
an_answer_only_staff_saw_was_none(void **state)
{
	struct stage *s = asked();
	struct task_row t;
	struct run r;

	(void)state;
	engine_answered(s->engine, "C1", "wecom", "2分，等太久", stage_answer, s);
	stage_run(s, 5 * MS_MINUTE);
	assert_int_equal(s->answer, 200);
	task_only(s, "C1", &t);
	assert_int_equal(s->letters->len, 2);
	assert_true(g_str_has_suffix(last_text(s), "2 of 2: 等太久"));
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_FINISHED);
	engine_answered(s->engine, "C7", "wecom", "", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 404);
	engine_answered(s->engine, "C1", "pigeon", "", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 400);
	stage_free(s);
	/* Without his words: that he answered is enough to stop waiting. */
	s = asked();
	engine_answered(s->engine, "C1", "wecom", "", stage_answer, s);
	stage_run(s, 5);
	stage_last_run(s, "C1", &r);
	assert_int_not_equal(r.wait, WAIT_FOR);
	stage_free(s);
	/* A stop word counts, whoever brings it. */
	s = asked();
	engine_answered(s->engine, "C1", "sms", "退订", stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(
	    optout_has(s->store, customer_hash(s->store, CHANNEL_SMS, PHONE), CHANNEL_SMS,
		&(struct err){ 0 }),
	    1);
	stage_free(s);
}

/* ---- the check ---- */

static const struct {
	const char *name, *steps, *text, *finds; /* NULL: nothing */
} checks[] = {
	{ "behind the answer",
	    "  - { id: w, wait: { for: reply, up_to: 7d, else: stop } }\n"
	    "  - { id: b, send: x }\n",
	    "{{ event.text }}", NULL },
	{ "before any answer", "  - { id: b, send: x }\n", "{{ event.text }}",
	    "without an answer" },
	{ "with a default", "  - { id: b, send: x }\n", "{{ event.text | default: '-' }}",
	    NULL },
	{ "when none came as well",
	    "  - { id: w, wait: { for: reply, up_to: 7d, else: next } }\n"
	    "  - { id: b, send: x }\n",
	    "{{ event.text }}", "without an answer" },
	{ "no number is asked for",
	    "  - { id: w, wait: { for: reply, up_to: 7d, else: stop } }\n"
	    "  - { id: b, send: x }\n",
	    "{{ event.score }}", "asks for a number" },
	{ "nobody defines it",
	    "  - { id: w, wait: { for: reply, up_to: 7d, else: stop } }\n"
	    "  - { id: b, send: x }\n",
	    "{{ event.scor }}", "event.scor" },
	{ "a branch before any answer",
	    "  - { id: a, branch: [ { when: event.score > 1, goto: b } ] }\n"
	    "  - { id: b, send: s }\n",
	    "x", "without an answer" },
};

static void
event_paths_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		struct stage *s = stage_new(START, NULL);
		struct report *r = report_new();
		char *text = g_strconcat(SERVICE, checks[i].text, "\n", NULL);
		char *book =
		    g_strconcat("playbook: care\ncategory: service\nstatus: live\n"
				"start: { on: visit }\nsteps:\n",
			checks[i].steps, NULL);
		const char *paths[] = { NULL, NULL };
		struct catalog *c;
		bool found = false;

		print_message("%s\n", checks[i].name);
		stage_put(s, "templates/sms/x.liquid", text);
		stage_put(s, CARE, book);
		paths[0] = g_build_filename(s->dir, "config", NULL);
		c = catalog_load(paths, r);
		assert_int_equal(c != NULL, checks[i].finds == NULL);
		for (guint k = 0; k < r->diags->len && checks[i].finds != NULL; k++)
			found |= strstr(((struct diag *)r->diags->pdata[k])->text,
				     checks[i].finds) != NULL;
		assert_int_equal(found, checks[i].finds != NULL);
		if (c != NULL)
			catalog_unref(c);
		report_free(r);
		g_free((char *)(uintptr_t)paths[0]);
		g_free(book);
		g_free(text);
		stage_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_of_an_answer_were_lost_to_texts),
		cmocka_unit_test(a_rating_by_reply_had_no_score),
		cmocka_unit_test(an_advisor_did_not_see_what_was_said),
		cmocka_unit_test(a_playbook_started_by_an_answer_did_not_know_it),
		cmocka_unit_test(an_answer_only_staff_saw_was_none),
		cmocka_unit_test(event_paths_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
