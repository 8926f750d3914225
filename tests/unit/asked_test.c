/* asked_test.c - a query knows how often it was asked before: the service's day is chosen by it. */
#include "../../src/engine/intent.h"
#include "stage.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE                                                                     \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit " \
	"}\nsteps:\n"                                                            \
	"  - { id: one, after: 1m, send: a }\n"

static const struct row {
	const char *name;
	enum msg_state state;
	int settle_n;
	ms_t after; /* it was begun */
	int asked;
} rows[] = {
	{ "unknown, never asked", MSG_UNKNOWN, 0, MS_MINUTE, 0 },
	{ "unknown, asked three times", MSG_UNKNOWN, 3, MS_MINUTE, 3 },
	{ "no receipt after an hour", MSG_ACCEPTED, 0, MS_HOUR, 0 },
	{ "just before two", MSG_ACCEPTED, 0, 2 * MS_HOUR - 1, 0 },
	{ "the second look, after six", MSG_ACCEPTED, 0, 6 * MS_HOUR, 1 },
	{ "the third, after a day", MSG_ACCEPTED, 0, MS_DAY, 0 },
};

static void
how_often_it_was_asked(void **state)
{
	struct stage *s = stage_new(START, "config/playbooks/care.yaml", CARE, NULL);
	struct arena *a = arena_new();
	struct message m;

	(void)state;
	stage_customer(s, "C1", "high", "+8619900000001", "");
	assert_int_equal(stage_event(s, "v", "C1", "visit"), 201);
	stage_run(s, MS_HOUR);
	stage_touch(s, "C1", 0, &m);
	assert_int_equal(m.state, MSG_ACCEPTED);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct work w = { .store = s->store,
			.cat = s->catalog,
			.now = m.begun_at + rows[i].after,
			.arena = a };
		struct message asked = m;
		struct err e = { 0 };
		struct intent *it;

		asked.state = (int)rows[i].state;
		asked.settle_n = rows[i].settle_n;
		it = intent_question(
		    &w, &asked, &s->catalog->config->accounts[0], WISH_TOLD, &e);
		if (it == NULL || it->parcels[0].asked != rows[i].asked)
			fail_msg("%s: %d", rows[i].name,
			    it == NULL ? -1 : it->parcels[0].asked);
		intent_free(it);
	}
	arena_free(a);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(how_often_it_was_asked) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
