/* migrate_test.c - runs of older versions taken over by a newer one. */
#include "stage.h"
#include "store/version.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define VISIT                                                                    \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit " \
	"}\nsteps:\n"

static void
answer_text(void *arg, int status, const char *json)
{
	g_free(*(char **)arg);
	*(char **)arg = g_strdup_printf("%d %s", status, json);
}

static char *
ask(struct stage *s, const char *body)
{
	char *text = NULL;

	engine_migrate(s->engine, body, strlen(body), answer_text, &text);
	stage_run(s, 5);
	assert_non_null(text);
	return text;
}

static void
asked(struct stage *s, const char *body, const char *want)
{
	char *text = ask(s, body);

	if (strstr(text, want) == NULL)
		fail_msg("%s\nis not in %s", want, text);
	g_free(text);
}

static void
publish(struct stage *s, const char *text)
{
	stage_put(s, CARE, text);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
}

/* Entered on 10 March at 10:00; the new version comes an hour later. */
static const struct migrate_row {
	const char *name, *old, *new, *map;
	const char *step;     /* where the run stands then */
	int touches, letters; /* in all, and sent after ten days */
	const char *text;     /* in the last letter */
} rows[] = {
	{ "a planned touch gets the new text and time",
	    "  - { id: one, after: 1d, send: a }\n",
	    "  - { id: one, after: 2d, send: b }\n", "{}", "one", 2, 1, "two" },
	{ "a step of another name", "  - { id: one, after: 1d, send: a }\n",
	    "  - { id: hello, after: 1d, send: b }\n", "{\"one\":\"hello\"}", "hello", 2,
	    1, "two" },
	{ "a sleeper sleeps by the new time",
	    "  - { id: nap, wait: 1d }\n  - { id: one, send: a }\n",
	    "  - { id: nap, wait: 3d }\n  - { id: one, send: b }\n", "{}", "nap", 1, 1,
	    "two" },
	{ "a wait for an answer waits on",
	    "  - { id: ear, wait: { for: reply, up_to: 1d, else: stop } }\n",
	    "  - { id: ear, wait: { for: reply, up_to: 2d, else: one } }\n  - { id: one, "
	    "send: b }\n",
	    "{}", "ear", 1, 1, "two" },
	{ "a wait becomes a message",
	    "  - { id: ear, wait: { for: reply, up_to: 1d, else: stop } }\n",
	    "  - { id: one, after: 2h, send: b }\n", "{\"ear\":\"one\"}", "one", 1, 1,
	    "two" },
	{ "its time is past: the first day has the next open instant",
	    "  - { id: one, at: day 3, send: a }\n",
	    "  - { id: one, at: day 1 10:30, send: b }\n  - "
	    "{ "
	    "id: two, after: 1h, send: b }\n",
	    "{}", "two", 3, 2, "two" },
	{ "the second round of a repeat",
	    "  - { id: tips, after: 1m, repeat: { every: 1d, send: { each: [a, b] } } "
	    "}\n",
	    "  - { id: tips, after: 1m, repeat: { every: 3d, send: { each: [s, a, b] } } "
	    "}\n",
	    "{}", "tips", 4, 3, "two" },
};

static void
one_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct migrate_row *row = &rows[i];
		char *old = g_strconcat(VISIT, row->old, NULL),
		     *new = g_strconcat(VISIT, row->new, NULL),
		     *body =
			 g_strdup_printf("{\"playbook\":\"care\",\"map\":%s}", row->map);
		struct stage *s = stage_new(START, CARE, old, NULL);
		struct run before, r;

		print_message("%s\n", row->name);
		stage_customer(s, "C1", "high", "+8619900000001", "");
		stage_event(s, "v1", "C1", "visit");
		stage_run(s, MS_HOUR);
		stage_last_run(s, "C1", &before);
		publish(s, new);
		asked(s, body, "200");
		stage_run(s, MS_SECOND);
		stage_last_run(s, "C1", &r);
		assert_true(r.version > before.version);
		assert_string_equal(r.step, row->step);
		stage_run(s, 10 * MS_DAY);
		assert_int_equal(stage_touch(s, "C1", 0, NULL), row->touches);
		assert_int_equal(s->letters->len, row->letters);
		assert_non_null(
		    strstr(((struct letter *)s->letters->pdata[row->letters - 1])->text,
			row->text));
		stage_free(s);
		g_free(old);
		g_free(new);
		g_free(body);
	}
}

/* Rehearsed: told, and nothing moved. A step without counterpart: refused, nothing moved.
 */
static void
rehearsed_and_refused(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT
	    "  - { id: one, after: 1d, send: a }\n  - { id: two, after: 1d, send: a "
	    "}\n",
	    NULL);
	struct run before, r;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 30 * MS_HOUR);
	stage_event(s, "v2", "C2", "visit");
	stage_last_run(s, "C2", &before);
	publish(s,
	    VISIT "  - { id: hello, after: 1d, send: b }\n  - { id: two, after: 1d, "
		  "send: b }\n");
	asked(s, "{\"playbook\":\"care\",\"dry_run\":true}",
	    "422 {\"playbook\":\"care\",\"runs\":2,\"steps\":[{\"step\":\"one\",\"to\":"
	    "null,\"runs\":1},{\"step\":\"two\",\"to\":\"two\",\"runs\":1}],\"error\"");
	asked(s, "{\"playbook\":\"care\"}", "422 ");
	asked(s, "{\"playbook\":\"care\",\"map\":{\"one\":\"helo\"}}",
	    "no step \\\"helo\\\"; did you mean \\\"hello\\\"?");
	asked(s, "{\"playbook\":\"care\",\"map\":{\"one\":\"hello\",\"tow\":\"two\"}}",
	    "no older version of care has a step");
	asked(s, "{\"playbook\":\"nobody\"}", "404 ");
	asked(s, "no", "400 ");
	asked(s, "{\"playbook\":\"care\",\"map\":{\"one\":\"hello\"},\"dry_run\":true}",
	    "200 {\"playbook\":\"care\",\"runs\":2");
	stage_run(s, MS_MINUTE);
	stage_last_run(s, "C2", &r);
	assert_int_equal(r.version, before.version);
	assert_string_equal(r.step, "one");
	stage_free(s);
}

static void
progress(struct stage *s, const char *want)
{
	char *text = NULL;

	engine_migration(s->engine, "care", answer_text, &text);
	stage_run(s, 5);
	if (strstr(text, want) == NULL)
		fail_msg("%s\nis not in %s", want, text);
	g_free(text);
}

#define MANY 450

/* In portions, through a death in the middle; each run once. */
static void
many_and_a_death(void **state)
{
	struct stage *s =
	    stage_new(START, CARE, VISIT "  - { id: one, after: 1d, send: a }\n", NULL);
	struct report *report = report_new();

	(void)state;
	for (int i = 0; i < MANY; i++) {
		char *id = g_strdup_printf("C%d", i),
		     *phone = g_strdup_printf("+861990000%04d", i);

		stage_customer(s, id, "high", phone, "");
		stage_event(s, id, id, "visit");
		g_free(id);
		g_free(phone);
	}
	publish(s, VISIT "  - { id: one, after: 1d, send: b }\n");
	catalog_unref(s->catalog);
	s->catalog = stage_load(s, report);
	report_free(report);
	asked(s, "{\"playbook\":\"care\"}", "\"runs\":450");
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, MS_MINUTE);
	progress(s, "\"status\":\"done\",\"moved\":450,\"stayed\":0");
	asked(s, "{\"playbook\":\"care\"}", "\"runs\":0");
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(s->letters->len, MANY);
	for (guint i = 0; i < s->letters->len; i++)
		assert_non_null(
		    strstr(((struct letter *)s->letters->pdata[i])->text, "two"));
	stage_free(s);
}

/* What is on its way is heard of first: the run goes on from the step's counterpart. */
static void
on_its_way(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT
	    "  - { id: one, after: 1m, send: a }\n  - { id: two, after: 1h, send: a "
	    "}\n",
	    NULL);
	struct message m;
	struct run r;

	(void)state;
	s->say = SAY_SILENCE;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE + 2 * MS_SECOND);
	stage_touch(s, "C1", 0, &m);
	assert_int_equal(m.state, MSG_SENDING);
	publish(s, VISIT
	    "  - { id: hello, after: 1m, send: a }\n  - { id: new, after: 1h, send: "
	    "b }\n");
	asked(s, "{\"playbook\":\"care\",\"map\":{\"one\":\"hello\"}}", "200");
	stage_run(s, MS_SECOND);
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.step, "hello");
	s->say = SAY_TAKEN;
	stage_run(s, MS_DAY);
	assert_int_equal(stage_touch(s, "C1", 1, &m), 2);
	assert_string_equal(m.step, "new");
	stage_free(s);
}

/* Frozen people are moved and stay frozen. */
static void
while_paused(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "  - { id: nap, wait: 1h }\n  - { id: one, send: a }\n", NULL);
	static const char paused[] =
	    "playbook: care\ncategory: marketing\nstatus: paused\nstart: { on: visit "
	    "}\nsteps:\n  - { id: nap, wait: 1h }\n  - { id: one, send: b }\n";

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	publish(s, paused);
	stage_run(s, 2 * MS_HOUR);
	asked(s, "{\"playbook\":\"care\"}", "200");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 0);
	publish(s, VISIT "  - { id: nap, wait: 1h }\n  - { id: one, send: b }\n");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_non_null(strstr(((struct letter *)s->letters->pdata[0])->text, "two"));
	stage_free(s);
}

/* Its wait was over in the pause: the new step was passed by when the playbook went on. */
static void
a_run_that_stands_in_a_pause(void **state)
{
	static const char paused[] =
	    "playbook: care\ncategory: marketing\nstatus: paused\nstart: { on: visit "
	    "}\nsteps:\n";
	struct stage *s = stage_new(START, CARE,
	    VISIT "  - { id: ear, wait: { for: reply, up_to: 1d, else: stop } }\n", NULL);
	char *text = g_strconcat(paused, "  - { id: one, after: 2h, send: b }\n", NULL);
	struct run r;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	publish(s, text);
	stage_run(s, 2 * MS_DAY);
	asked(s, "{\"playbook\":\"care\",\"map\":{\"ear\":\"one\"}}", "200");
	stage_run(s, MS_MINUTE);
	stage_last_run(s, "C1", &r);
	assert_string_equal(r.step, "one");
	publish(s, VISIT "  - { id: one, after: 2h, send: b }\n");
	stage_run(s, MS_DAY);
	assert_int_equal(s->letters->len, 1);
	g_free(text);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_run),
		cmocka_unit_test(rehearsed_and_refused),
		cmocka_unit_test(many_and_a_death),
		cmocka_unit_test(on_its_way),
		cmocka_unit_test(while_paused),
		cmocka_unit_test(a_run_that_stands_in_a_pause),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
