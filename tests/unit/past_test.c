/* How people reacted so far: counted from the database, and played in a rehearsal. */
#include "stage.h"

#include "../../src/cmd/rehearse_past.h"
#include "sim/habits.h"
#include "store/past.h"

#define PEOPLE 40

static const char playbook[] = "playbook: p\ncategory: marketing\nstatus: live\n"
			       "start: { on: order }\nsteps: [{ id: a, send: a }]\n";

static void
told(void *arg, const struct past *p)
{
	g_array_append_vals(arg, p, 1);
	((struct past *)(void *)((GArray *)arg)->data)[((GArray *)arg)->len - 1]
	    .playbook = g_intern_string(p->playbook);
}

/* Of 40 people who got one SMS, 10 answer, 5 of those late; 8 come, 4 of those late. */
static struct stage *
played(void)
{
	struct stage *s = stage_new("2026-11-02T09:00:00+08:00",
	    "config/playbooks/p.yaml", playbook, (char *)NULL);
	char ext[16], phone[32], key[16];

	for (int i = 0; i < PEOPLE; i++) {
		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+861990000%04d", i);
		stage_customer(s, ext, "high", phone, "");
		assert_int_equal(stage_event(s, ext, ext, "order"), 201);
	}
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->letters->len, PEOPLE);
	stage_run(s, MS_DAY);
	for (int i = 0; i < 18; i++) {
		g_snprintf(key, sizeof(key), "k%d", i);
		g_snprintf(ext, sizeof(ext), "C%d", i);
		g_snprintf(phone, sizeof(phone), "+861990000%04d", i);
		if (i == 5 || i == 14)
			stage_run(s, 14 * MS_DAY);
		if (i < 10)
			stage_receipt(s, RECEIPT_REPLY, key, -1, phone, "好的");
		else
			stage_event(s, key, ext, "visit");
	}
	return s;
}

static void
reactions_are_counted_for_the_last_message(void **state)
{
	struct stage *s = played();
	GArray *all = g_array_new(FALSE, TRUE, sizeof(struct past));
	const struct past *p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(past_each(s->store, told, all, &e), 0);
	assert_int_equal(all->len, 1);
	p = &g_array_index(all, struct past, 0);
	assert_string_equal(p->playbook, "p");
	assert_int_equal(p->channel, CHANNEL_SMS);
	assert_int_equal(p->sent, PEOPLE);
	assert_int_equal(p->replied, 5);
	assert_int_equal(p->visited, 0); /* all came later than 14 days after */
	g_array_unref(all);
	stage_free(s);
}

static void
rates_are_read_beside_the_daemon(void **state)
{
	struct stage *s = played();
	char *db = g_build_filename(s->dir, "reachd.db", NULL);
	struct err e = { 0 };
	struct rehearse_past *p = rehearse_past_load(db, &e);
	const struct habits_rates *r;

	(void)state;
	if (p == NULL)
		fail_msg("%s", e.text);
	r = rehearse_past_rates(p, "p", CHANNEL_SMS);
	assert_non_null(r);
	assert_float_equal(r->reply, 5.0 / PEOPLE, 1e-9);
	/* A playbook that has sent nothing goes by its channel, a channel by the field. */
	assert_non_null(rehearse_past_rates(p, "new", CHANNEL_SMS));
	assert_null(rehearse_past_rates(p, "p", CHANNEL_EMAIL));
	rehearse_past_free(p);
	g_free(db);
	p = rehearse_past_load("/nowhere/at/all", &e);
	assert_null(p);
	assert_int_equal(e.kind, ERR_IO);
	stage_free(s);
}

/* Ten thousand people at the rates of a house react at these rates. */
static void
people_react_at_those_rates(void **state)
{
	const struct habits_rates rates = {
		.open = 0.4, .click = 0.1, .reply = 0.25, .visit = 0.05
	};
	int n[HABIT_VISIT + 1] = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 10000; i++) {
		const struct habits_message m = { .person = i * 7919,
			.channel = CHANNEL_WECOM,
			.category = CATEGORY_SERVICE,
			.text = "x",
			.links = 1,
			.rates = &rates };
		struct habits h;

		habits_draw(1, &m, &h);
		for (int k = 0; k < h.n; k++)
			n[h.acts[k].kind]++;
	}
	assert_in_range(n[HABIT_OPEN], 3700, 4200);
	assert_in_range(n[HABIT_CLICK], 850, 1150);
	assert_in_range(n[HABIT_REPLY], 2300, 2700);
	assert_in_range(n[HABIT_VISIT], 400, 600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reactions_are_counted_for_the_last_message),
		cmocka_unit_test(rates_are_read_beside_the_daemon),
		cmocka_unit_test(people_react_at_those_rates),
	};

	return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
