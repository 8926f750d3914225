/* pause_test.c - a playbook changes while people are in it: paused and resumed, killed while
 * it is published. */
#include "stage.h"
#include "store/version.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define OTHER "config/playbooks/other.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define VISIT HEAD "start: { on: visit }\n"

static struct stage *
open_with(const char *playbook)
{
	struct stage *s = stage_new(START, CARE, playbook, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "device-1");
	return s;
}

/* ---- pauses ---- */

static void
set_status(struct stage *s, const char *text)
{
	stage_put(s, CARE, text);
	engine_reload(s->engine, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
}

/* Three days of pause: nobody is expelled, nobody gets it twice. A wait goes on where it
 * stood; what was planned for a time in the pause is late and expires by its rule. */
#define PAUSED "playbook: care\ncategory: marketing\nstatus: paused\n"

/* With the files as they are now. */
static void
die_and_rise(struct stage *s)
{
	struct report *r = report_new();

	stage_fall(s, false);
	catalog_unref(s->catalog);
	s->catalog = stage_load(s, r);
	report_free(r);
	stage_rise(s);
}

static const struct pause_row {
	const char *name, *steps;
	const char *sent; /* first letter of each text, o or t */
	const char *left; /* the tag when it was left by an else */
	ms_t second;      /* when the second went, after the start; 0: not */
} pauses[] = {
	{ "planned for a time in the pause: late, expires",
	    "  - { id: one, after: 1h, send: a }\n  - { id: two, after: 1h, send: b }\n",
	    "o", "", 0 },
	{ "planned for a time after it: as planned",
	    "  - { id: one, after: 1h, send: a }\n  - { id: two, after: 5d at 12:00, "
	    "send: b }\n",
	    "ot", "", 5 * MS_DAY + 2 * MS_HOUR },
	{ "a day of its own: late, expires",
	    "  - { id: one, after: 1h, send: a }\n  - { id: two, at: day 2, send: b }\n",
	    "o", "", 0 },
	{ "a wait sleeps on",
	    "  - { id: one, after: 1h, send: a }\n  - { id: sleep, wait: 2h }\n  - { id: "
	    "two, send: b }\n",
	    "ot", "", 3 * MS_DAY + 3 * MS_HOUR },
	{ "a wait for an answer is not over",
	    "  - { id: one, after: 1h, send: a }\n  - { id: listen, wait: { for: reply, "
	    "up_to: 2d, else: lost } }\n  - { id: end, stop: true }\n  - { id: lost, do: "
	    "{ tag: { add: lost } } }\n  - { id: two, send: b }\n",
	    "ot", "lost", 5 * MS_DAY + MS_HOUR },
};

static void
case_t17_paused_three_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(pauses); i++) {
		const struct pause_row *row = &pauses[i];
		char *live = g_strconcat(VISIT "steps:\n", row->steps, NULL),
		     *paused = g_strconcat(
			 PAUSED "start: { on: visit }\nsteps:\n", row->steps, NULL);
		struct stage *s = open_with(live);
		ms_t start = stage_at(START), second = 0;
		struct customer_row c;
		struct err e = { 0 };

		print_message("%s\n", row->name);
		stage_event(s, "v1", "C1", "visit");
		stage_run(s, 90 * MS_MINUTE);
		assert_int_equal(s->calls, 1);
		set_status(s, paused);
		stage_run(s, 36 * MS_HOUR);
		die_and_rise(s); /* a pause outlives the process */
		stage_run(s, 36 * MS_HOUR);
		assert_int_equal(s->calls, 1);
		set_status(s, live);
		stage_run(s, 6 * MS_DAY);
		assert_int_equal(s->letters->len, strlen(row->sent));
		if (s->letters->len > 1)
			second = ((struct letter *)s->letters->pdata[1])->at - start;
		assert_in_range(second, row->second,
		    row->second + (row->second > 0) * 20 * MS_MINUTE);
		assert_int_equal(customer_get(s->store, 1, &c, &e), 1);
		assert_string_equal(c.c.tags, row->left);
		if (row->second == 0)
			stage_expect(s, "C1", 1, MSG_SUPPRESSED, REASON_EXPIRED);
		stage_free(s);
		g_free(live);
		g_free(paused);
	}
}

/* Twice paused: the two add up, and nothing is moved twice by one. */
static void
paused_twice(void **state)
{
	static const char live[] =
	    VISIT "steps:\n  - { id: nap, wait: 4h }\n  - { id: one, send: a }\n";
	static const char paused[] = PAUSED "start: { on: visit }\nsteps:\n  - { id: "
					    "nap, wait: 4h }\n  - { id: one, send: a }\n";
	struct stage *s = open_with(live);
	ms_t start = stage_at(START);

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	for (int i = 0; i < 2; i++) {
		stage_run(s, MS_HOUR);
		set_status(s, paused);
		stage_run(s, MS_DAY);
		set_status(s, live);
	}
	stage_run(s, MS_DAY);
	assert_int_equal(s->letters->len, 1);
	assert_in_range(((struct letter *)s->letters->pdata[0])->at - start,
	    2 * MS_DAY + 4 * MS_HOUR, 2 * MS_DAY + 4 * MS_HOUR + MS_MINUTE);
	stage_free(s);
}

/* ---- publishing ---- */

/* How many of the playbooks on disk are published in this very text. */
static int
published(struct stage *s)
{
	struct report *report = report_new();
	struct catalog *c = stage_load(s, report);
	struct err e = { 0 };
	int n = 0;

	report_free(report);
	for (int i = 0; i < c->n_versions; i++) {
		int64_t id;
		int number;

		n += version_find(s->store, c->versions[i]->hash, &id, &number, &e) == 1;
	}
	catalog_unref(c);
	return n;
}

/* Y28: the power goes while a set is published: all of it is in, or nothing. */
static void
y28_killed_while_publishing(void **state)
{
	static const char care[] = VISIT "steps:\n  - { id: one, after: %dh, send: a }\n";
	static const char other[] = "playbook: other\ncategory: service\nstatus: live\n"
				    "start: { on: visit }\nsteps:\n  - { id: one, after: "
				    "%dh, send: s }\n";
	bool seen[3] = { false };

	(void)state;
	for (ms_t after = 0; after < 8; after++) {
		char *text[4] = { g_strdup_printf(care, 1), g_strdup_printf(other, 1),
			g_strdup_printf(care, 2), g_strdup_printf(other, 2) };
		struct stage *s = stage_new(START, CARE, text[0], OTHER, text[1], NULL);
		int n;

		stage_put(s, CARE, text[2]);
		stage_put(s, OTHER, text[3]);
		engine_reload(s->engine, stage_answer, s);
		stage_run(s, after);
		stage_fall(s, true);
		stage_rise(s);
		n = published(s);
		assert_true(n == 0 || n == 2);
		seen[n] = true;
		stage_free(s);
		for (int i = 0; i < 4; i++)
			g_free(text[i]);
	}
	assert_true(seen[0] && seen[2]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_t17_paused_three_days),
		cmocka_unit_test(paused_twice),
		cmocka_unit_test(y28_killed_while_publishing),
	};

	return cmocka_run_group_tests_name("pause", tests, NULL, NULL);
}
