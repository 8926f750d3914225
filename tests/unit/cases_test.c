/* cases_test.c - what other systems got wrong, on the stage: "case T6" and others of the
 * table; those that are one part's business are tested with it. */
#include "../../src/store/sql.h"
#include "stage.h"
#include "store/optout.h"

#define NOON "2026-11-23T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define OTHER "config/playbooks/other.yaml"
#define HEAD(name, event)                                                            \
	"playbook: " name "\ncategory: marketing\nstatus: live\nstart: { on: " event \
	" }\n"
#define ONE HEAD("care", "visit") "re_entry: after 1m\nsteps:\n  - { id: one, send: a }\n"

static void
answered(void *arg, int status, const char *json)
{
	stage_answer(arg, status, json);
}

/* One zone nobody knows must not stop a campaign, nor the import before it. */
static void
unknown_zone(void **state)
{
	struct stage *s = stage_new("2026-11-23T07:30:00+08:00", CARE, ONE, NULL);
	char *path = g_build_filename(s->dir, "in.csv", NULL);
	GString *text = g_string_new("id,phone,tier,consent,tz\n");
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	(void)state;
	for (int i = 0; i < 40; i++)
		g_string_append_printf(text, "Z%d,154000000%02d,high,marketing,%s\n", i,
		    i, i == 20 ? "Foo/Bar" : "Asia/Urumqi");
	assert_true(g_file_set_contents(path, text->str, -1, NULL));
	engine_import(s->engine, "customers", path, NULL, NULL, answered, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(customer_find(s->store, "Z20", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tz, "");
	for (int i = 0; i < 40; i++) {
		char ext[8];

		g_snprintf(ext, sizeof(ext), "Z%d", i);
		assert_int_equal(stage_event(s, ext, ext, "visit"), 201);
	}
	/* At 8 of the house's clock, which is 6 of the others'. */
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "Z20", 0, MSG_ACCEPTED, REASON_NONE);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 40);
	g_string_free(text, TRUE);
	g_free(path);
	stage_free(s);
}

/* Held again and again by what goes before it: it is seen to wait, and to end. */
static void
held_three_times(void **state)
{
	struct stage *s = stage_new("2026-11-23T08:30:00+08:00", CARE,
	    HEAD("care",
		"visit") "steps:\n  - { id: one, send: a, on_cap: retry, expires: 8h }\n",
	    OTHER,
	    HEAD("other", "booking") "priority: 90\nsteps:\n  - { id: b0, send: b }\n"
				     "  - { id: b1, after: 2h, send: b }\n"
				     "  - { id: b2, after: 2h, send: b }\n"
				     "  - { id: b3, after: 2h, send: b }\n"
				     "  - { id: b4, after: 2h, send: b }\n",
	    "config/policy.yaml",
	    "tiers:\n  high: { cap: 100 }\nmin_gap: none\nlookahead: 1d\n"
	    "limits: [{ window: 2h, max: 1, category: marketing }]\n",
	    NULL);
	struct message m;
	ms_t last = 0;
	int held = 0;

	(void)state;
	stage_customer(s, "C1", "high", "+8615400000001", "");
	stage_event(s, "b", "C1", "booking");
	stage_run(s, MS_MINUTE);
	stage_event(s, "v", "C1", "visit");
	for (int i = 0; i < 9 * 60; i++) {
		stage_run(s, MS_MINUTE);
		/* the newest touch but those of the other playbook */
		for (int k = stage_touch(s, "C1", 0, NULL) - 1; k >= 0; k--) {
			stage_touch(s, "C1", k, &m);
			if (strcmp(m.step, "one") == 0)
				break;
		}
		if (m.state == MSG_DUE && m.due_at != last) {
			held++;
			last = m.due_at;
		}
	}
	assert_true(held >= 3);
	assert_string_equal(m.step, "one");
	assert_string_equal(fsm_name(&message_fsm, m.state), "suppressed");
	assert_true(m.reason == REASON_EXPIRED || m.reason == REASON_CAPPED_RESERVED);
	stage_free(s);
}

/* Capped once is not capped for ever, nor is the second refusal lost. */
static void
capped_again_months_later(void **state)
{
	struct stage *s = stage_new(NOON, CARE, ONE, NULL);
	int k = 0;

	(void)state;
	stage_customer(s, "C1", "low", "+8615400000001", "");
	for (int month = 0; month < 2; month++) {
		for (int visit = 0; visit < 2; visit++) {
			char id[16];

			g_snprintf(id, sizeof(id), "v%d.%d", month, visit);
			assert_int_equal(stage_event(s, id, "C1", "visit"), 201);
			stage_run(s, MS_HOUR / 2);
		}
		stage_expect(s, "C1", k++, MSG_ACCEPTED, REASON_NONE);
		stage_expect(s, "C1", k++, MSG_SUPPRESSED, REASON_CAPPED);
		stage_fall(s, false);
		stage_run(s, 91 * MS_DAY);
		stage_rise(s);
		stage_run(s, MS_MINUTE);
	}
	assert_int_equal(s->letters->len, 2);
	stage_free(s);
}

/* One slot, two campaigns at the same instant. */
static void
one_slot_two_campaigns(void **state)
{
	struct stage *s = stage_new(NOON, CARE,
	    HEAD("care", "visit") "steps:\n  - { id: one, send: a }\n", OTHER,
	    HEAD("other", "visit") "steps:\n  - { id: two, send: b }\n", NULL);
	int64_t id = stage_customer(s, "C1", "low", "+8615400000001", "");
	struct message m[2];

	(void)state;
	stage_event(s, "v", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(stage_touch(s, "C1", 0, &m[0]), 2);
	stage_touch(s, "C1", 1, &m[1]);
	assert_true((m[0].state == MSG_ACCEPTED) != (m[1].state == MSG_ACCEPTED));
	assert_true((m[0].reason == REASON_CAPPED) != (m[1].reason == REASON_CAPPED));
	assert_int_equal(stage_used(s, id, 202611), 1);
	stage_free(s);
}

/* After a "not now" the same message really goes, once. */
static void
again_after_an_error(void **state)
{
	struct stage *s = stage_new(NOON, CARE, ONE, NULL);
	guint refused;

	(void)state;
	stage_customer(s, "C1", "high", "+8615400000001", "");
	s->say = SAY_STATUS;
	s->status = 429;
	stage_event(s, "v", "C1", "visit");
	stage_run(s, 2 * MS_MINUTE);
	refused = s->letters->len;
	assert_true(refused >= 1);
	stage_expect(s, "C1", 0, MSG_DUE, REASON_NONE);
	s->say = SAY_TAKEN;
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, refused + 1);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
}

/* Held out or not: after a restart and in another database under the same key. */
static void
same_arm(void **state)
{
	bool arms[2][40];
	int held_out = 0;

	(void)state;
	for (int life = 0; life < 2; life++) {
		struct stage *s = stage_new(NOON, CARE,
		    HEAD("care", "visit") "re_entry: after 1m\ncontrol: 50%\nsteps:\n  - "
					  "{ id: one, send: a }\n",
		    NULL);

		for (int i = 0; i < 40; i++) {
			char ext[8], again[8];
			struct run first, second;

			g_snprintf(ext, sizeof(ext), "X%d", i);
			g_snprintf(again, sizeof(again), "Y%d", i);
			stage_customer(s, ext, "high", "", "device");
			stage_event(s, ext, ext, "visit");
			stage_last_run(s, ext, &first);
			if (i % 10 == 0) {
				stage_fall(s, i % 20 == 0);
				stage_rise(s);
				stage_run(s, MS_SECOND);
			}
			stage_run(s, 2 * MS_MINUTE);
			stage_event(s, again, ext, "visit");
			stage_last_run(s, ext, &second);
			assert_true(second.id != first.id);
			assert_int_equal(first.control, second.control);
			arms[life][i] = first.control;
			held_out += first.control;
		}
		stage_free(s);
	}
	assert_memory_equal(arms[0], arms[1], sizeof(arms[0]));
	assert_in_range(held_out, 20, 60);
}

/* Who cannot be asked for is not written to. */
static void
consent_cannot_be_read(void **state)
{
	struct stage *s = stage_new(NOON, CARE, ONE, NULL);
	struct err e = { 0 };

	(void)state;
	stage_customer(s, "C1", "high", "+8615400000001", "");
	stage_customer(s, "C2", "high", "+8615400000002", "");
	stage_event(s, "u", "C2", "visit"); /* the statements are there */
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_int_equal(
	    sql_script(s->store, "ALTER TABLE optout RENAME TO gone", &e), 0);
	stage_event(s, "v", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_TEMPLATE_ERROR);
	assert_true(stage_number(s, "SELECT count(*) FROM alarm") >= 1);
	assert_int_equal(
	    sql_script(s->store, "ALTER TABLE gone RENAME TO optout", &e), 0);
	stage_event(s, "v2", "C1", "visit");
	stage_run(s, MS_HOUR);
	assert_int_equal(s->letters->len, 2);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		{ "case T6 a zone nobody knows", unknown_zone, NULL, NULL, NULL },
		{ "case T8 held three times", held_three_times, NULL, NULL, NULL },
		{ "case T9 capped again months later", capped_again_months_later, NULL,
		    NULL, NULL },
		{ "case T10 one slot, two campaigns", one_slot_two_campaigns, NULL, NULL,
		    NULL },
		{ "case T16 again after an error", again_after_an_error, NULL, NULL,
		    NULL },
		{ "case T19 same arm", same_arm, NULL, NULL, NULL },
		{ "case T23 consent cannot be read", consent_cannot_be_read, NULL, NULL,
		    NULL },
	};

	return cmocka_run_group_tests_name("cases", tests, NULL, NULL);
}
