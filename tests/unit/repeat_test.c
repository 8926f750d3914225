/* repeat_test.c - the same touch again and again, each round its own. */
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define VISIT "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
#define DONE "  - { id: done, do: { tag: { add: done } } }\n"

static struct stage *
begin(const char *steps)
{
	char *text = g_strconcat(VISIT, "steps:\n", steps, DONE, NULL);
	struct stage *s = stage_new(START, CARE, text, "templates/sms/c.liquid",
	    STAGE_TEMPLATE("marketing") "three 拒收请回复R\n", NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	g_free(text);
	return s;
}

static const struct round_row {
	const char *name, *steps;
	const char *texts; /* the first letter of each text sent */
	const char *days;  /* on which day after entry each was sent */
	int run_for;
} rows[] = {
	{ "each its own text",
	    "  - { id: tips, after: 1h, repeat: { every: 7d, send: { each: [a, b, c] } } "
	    "}\n",
	    "ott", "0 7 14", 20 },
	{ "fewer than there are texts",
	    "  - { id: tips, after: 1h, repeat: { every: 7d, times: 2, send: { each: [a, "
	    "b, c] } } }\n",
	    "ot", "0 7", 20 },
	{ "one text, three times",
	    "  - { id: tips, at: day 3, repeat: { every: 2d, times: 3, send: b } }\n",
	    "ttt", "2 4 6", 10 },
	{ "not over yet",
	    "  - { id: tips, after: 1h, repeat: { every: 7d, times: 9, send: b } }\n",
	    "tt", "0 7", 9 },
	{ "quiet at night: the day stays",
	    "  - { id: tips, after: 13h, repeat: { every: 1d, times: 2, send: b } }\n",
	    "tt", "1 2", 9 },
};

static void
rounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct round_row *row = &rows[i];
		struct stage *s = begin(row->steps);
		GString *texts = g_string_new(""), *days = g_string_new("");

		print_message("%s\n", row->name);
		stage_run(s, row->run_for * MS_DAY);
		for (guint k = 0; k < s->letters->len; k++) {
			const struct letter *l = s->letters->pdata[k];

			g_string_append_c(texts, l->text[strcspn(l->text, "ot")]);
			g_string_append_printf(days, "%s%d", k > 0 ? " " : "",
			    (int)((l->at - stage_at("2026-03-10T00:00:00+08:00")) /
				  MS_DAY));
		}
		assert_string_equal(texts->str, row->texts);
		assert_string_equal(days->str, row->days);
		g_string_free(texts, TRUE);
		g_string_free(days, TRUE);
		stage_free(s);
	}
}

static void
note(void *arg, ms_t at, const char *what)
{
	(void)at;
	g_string_append_printf(arg, "%s|", what);
}

/* It says when it is over, each round is an occurrence, and the steps go on. */
static void
exhausted(void **state)
{
	struct stage *s =
	    begin("  - { id: tips, after: 1h, repeat: { every: 1d, times: 2, send: a } "
		  "}\n");
	GString *trail = g_string_new("");
	struct err e = { 0 };
	struct message m;
	struct run r;

	(void)state;
	stage_run(s, 3 * MS_DAY);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_FINISHED);
	assert_int_equal(trail_each(s->store, r.id, note, trail, &e), 0);
	assert_non_null(strstr(trail->str, "repeat tips is over after 2 rounds"));
	assert_int_equal(stage_touch(s, "C1", 1, &m), 2);
	assert_int_equal(m.occ, 2);
	assert_string_equal(m.step, "tips");
	g_string_free(trail, TRUE);
	stage_free(s);
}

/* A round that is refused or late does not end the others; a death between them neither.
 */
static void
one_round_lost(void **state)
{
	struct stage *s =
	    begin("  - { id: tips, after: 1h, repeat: { every: 1d, send: { each: [a, b, "
		  "c] } } }\n");

	(void)state;
	s->say = SAY_REFUSED;
	stage_run(s, 2 * MS_HOUR);
	stage_expect(s, "C1", 0, MSG_REJECTED, REASON_NONE);
	s->say = SAY_TAKEN;
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, 3 * MS_DAY);
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 3);
	assert_int_equal(s->letters->len, 3);
	assert_non_null(strstr(((struct letter *)s->letters->pdata[2])->text, "three"));
	stage_free(s);
}

/* An exit rule without an event holds for what is planned, as between two steps. */
static void
left_between_two_rounds(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    VISIT "exits: [ { when: customer.tags contains \"sold\" } ]\nsteps:\n  - { id: "
		  "tips, after: 1h, repeat: { every: 1d, times: 9, send: a } }\n" DONE,
	    NULL);
	struct err e = { 0 };
	struct run r;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(customer_set_tags(s->store, 1, "sold", &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	stage_run(s, 5 * MS_DAY);
	/* The second was planned before; who left since gets it no more. */
	assert_int_equal(s->letters->len, 1);
	stage_last_run(s, "C1", &r);
	assert_int_equal(r.state, RUN_LEFT);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounds),
		cmocka_unit_test(exhausted),
		cmocka_unit_test(one_round_lost),
		cmocka_unit_test(left_between_two_rounds),
	};

	return cmocka_run_group_tests_name("repeat", tests, NULL, NULL);
}
