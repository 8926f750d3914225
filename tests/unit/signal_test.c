/* signal_test.c - events in, signals out; the packed form; days foreseen are never late.
 *
 * proves: S8, S11 */
#include "seen.h"

static void
table_is_in_order(void **state)
{
	(void)state;
	for (int i = 0; signal_at(i) != NULL; i++) {
		const struct signal *s = signal_at(i);

		assert_ptr_equal(signal_find(s->name, strlen(s->name)), s);
		assert_string_equal(signal_names()[i], s->name);
		if (i > 0)
			assert_true(strcmp(signal_at(i - 1)->name, s->name) < 0);
	}
	assert_null(signal_find("clvx", 4));
	assert_null(signal_find("cl", 2));
	assert_null(signal_find("", 0));
}

/* Every three months with extras, then rarer, cheaper, nothing but the basics. */
static void
regular(struct seen *s)
{
	seen_init(s);
	for (int i = 0; i < 5; i++)
		seen_event(s, DAY0 + 90 * i, "visit",
		    "{\"amount\":1000,\"recommended\":2,\"accepted\":2}");
}

static void
d5_1_satisfied(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	assert_signal(&s, "visit_interval", 90);
	assert_signal(&s, "days_since_visit", 0);
	assert_signal(&s, "days_overdue", -90);
	assert_signal(&s, "ticket_trend", 0);
	assert_signal(&s, "ticket_mean", 1000);
	assert_signal(&s, "extras_share", 1);
	assert_signal(&s, "basics_share", 0);
	assert_signal(&s, "refusals", 0);
	assert_signal(&s, "visits_12m", 5);
	assert_signal(&s, "visits_window", 1);
	assert_signal(&s, "spend_12m", 5000);
	assert_signal(&s, "stretch", 1);
	assert_text(s.c.stage, "satisfied");
	assert_signal(&s, "doubting_signs", 0);
	seen_day(&s, DAY0 + 360 + 6);
	assert_signal(&s, "visits_12m", 4);
	assert_signal(&s, "spend_12m", 4000);
	seen_fini(&s);
}

static void
d5_2_ticket_extras_and_lines(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	seen_event(&s, DAY0 + 450, "order",
	    "{\"lines\":[{\"name\":\"机油\",\"amount\":400},{\"amount\":900,"
	    "\"recommended\":true},"
	    "{\"amount\":300,\"recommended\":true,\"accepted\":false}]}");
	assert_signal(&s, "last_ticket", 400);
	assert_signal(&s, "ticket_trend", -0.6);
	assert_signal(&s, "refusals", 2);
	assert_signal(&s, "basics_streak", 1);
	assert_signal(&s, "extras_share", 10.0 / 12);
	/* The visit of the same day tells the same money, not more. */
	seen_event(&s, DAY0 + 450, "visit", "{\"amount\":400}");
	assert_signal(&s, "last_ticket", 400);
	assert_signal(&s, "spend_total", 5400);
	assert_signal(&s, "visits_12m", 4 + 1);
	seen_fini(&s);
}

static void
d5_3_interval_stretches(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	seen_day(&s, DAY0 + 360 + 117);
	assert_signal(&s, "stretch", 1.3);
	seen_event(&s, DAY0 + 360 + 135, "visit", "{\"amount\":900}");
	assert_signal(&s, "stretch", 1.5);
	seen_fini(&s);
}

static void
s8_scales_and_nps_apart(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	assert_signal(&s, "last_score", NAN);
	seen_event(&s, DAY0, "rating", "{\"score\":5,\"scale\":5}");
	seen_event(&s, DAY0 + 1, "rating", "{\"score\":8,\"scale\":10}");
	seen_event(&s, DAY0 + 2, "rating", "{\"score\":60,\"scale\":100}");
	assert_signal(&s, "last_score", 0.6);
	assert_signal(&s, "score_mean", 0.8);
	assert_signal(&s, "score_falls", 2);
	assert_signal(&s, "score_trend", -0.3);
	assert_signal(&s, "nps", NAN);
	seen_event(&s, DAY0 + 3, "rating", "{\"score\":10,\"question\":\"nps\"}");
	seen_event(&s, DAY0 + 4, "rating", "{\"score\":9,\"question\":\"nps\"}");
	seen_event(&s, DAY0 + 5, "rating", "{\"score\":6,\"question\":\"nps\"}");
	seen_event(&s, DAY0 + 6, "rating", "{\"score\":7,\"question\":\"nps\"}");
	assert_signal(&s, "nps", 25);
	assert_signal(&s, "score_mean", 0.8);
	/* Off its scale it is no rating. */
	seen_event(&s, DAY0 + 7, "rating", "{\"score\":11}");
	seen_event(&s, DAY0 + 7, "rating", "{\"score\":\"good\"}");
	assert_signal(&s, "last_score", 0.6);
	seen_fini(&s);
}

static void
s11_answers(void **state)
{
	struct presence_rule r;
	struct seen s;

	(void)state;
	presence_default(&r);
	seen_init(&s);
	assert_signal(&s, "answer_rate", NAN);
	/* Not asked, or where no answer can be seen: not counted. */
	profile_touch(&s.p, &r, s.v.now, s.v.month, CHANNEL_SMS, true, false);
	assert_signal(&s, "answer_rate", NAN);
	assert_signal(&s, "touches_this_month", 1);
	for (int i = 0; i < 4; i++) {
		profile_touch(&s.p, &r, s.v.now, s.v.month, CHANNEL_SMS, true, true);
		seen_event(&s, DAY0 + i, i == 3 ? "answered" : "reply", "{}");
	}
	assert_signal(&s, "answer_rate", 1);
	seen_event(&s, DAY0 + 4, "reply", "{}"); /* twice is once */
	for (int i = 0; i < 4; i++)
		profile_touch(&s.p, &r, s.v.now, s.v.month, CHANNEL_SMS, true, true);
	assert_signal(&s, "answer_rate", 0.5);
	assert_signal(&s, "answer_trend", -1);
	assert_signal(&s, "unanswered", 4);
	assert_signal(&s, "touches", 9);
	seen_day(&s, DAY0 + 40);
	assert_signal(&s, "touches_this_month", 0);
	seen_fini(&s);
}

static void
d5_8_observations_and_counts(void **state)
{
	static const char *const counted[][2] = { { "no_show", "no_shows" },
		{ "reschedule", "reschedules" }, { "call_refused", "refused_calls" },
		{ "complaint", "complaints" }, { "competitor_seen", "competitor_seen" } };
	struct seen s;

	(void)state;
	seen_init(&s);
	seen_event(&s, DAY0, "observation",
	    "{\"what\":[\"asks_prices\",\"distant\",\"nonsense\"]}");
	seen_event(&s, DAY0 + 10, "observation", "{\"what\":\"asks_prices\"}");
	assert_signal(&s, "asks_prices", 2);
	assert_signal(&s, "distant", 1);
	assert_signal(&s, "hesitates", 0);
	for (size_t i = 0; i < G_N_ELEMENTS(counted); i++) {
		seen_event(&s, DAY0 + 10, counted[i][0], "{}");
		assert_signal(&s, counted[i][1], 1);
	}
	assert_signal(&s, "complaints_open", 1);
	seen_event(&s, DAY0 + 11, "complaint_closed", "{}");
	assert_signal(&s, "complaints_open", 0);
	seen_day(&s, DAY0 + 90); /* the window is over for the first */
	assert_signal(&s, "asks_prices", 1);
	seen_day(&s, DAY0 + 100);
	assert_signal(&s, "asks_prices", 0);
	assert_signal(&s, "complaints", 0);
	assert_signal(&s, "complaints_total", 1);
	seen_fini(&s);
}

static void
d1_8_events(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	seen_event(&s, DAY0, "invited", "{}");
	seen_event(&s, DAY0 + 5, "attended", "{}");
	assert_signal(&s, "missed_events", 0);
	seen_event(&s, DAY0 + 40, "invited", "{}");
	seen_event(&s, DAY0 + 80, "invited", "{}");
	assert_signal(&s, "missed_events", 2);
	assert_signal(&s, "invited", 3);
	assert_signal(&s, "attended", 1);
	seen_fini(&s);
}

/* History may come in any order. */
static void
order_of_arrival(void **state)
{
	struct seen a, b;
	static const int there[] = { 0, 90, 180, 300, 400 },
			 back[] = { 300, 0, 400, 180, 90 };

	(void)state;
	seen_init(&a);
	seen_init(&b);
	for (int i = 0; i < 5; i++) {
		seen_event(&a, DAY0 + there[i], "order", "{\"amount\":100}");
		seen_event(&b, DAY0 + back[i], "order", "{\"amount\":100}");
	}
	assert_memory_equal(a.p.note, b.p.note, sizeof(a.p.note));
	assert_int_equal(a.p.spend_orders, b.p.spend_orders);
	seen_fini(&a);
	seen_fini(&b);
}

/* An import that is undone leaves nothing behind. */
static void
taken_back(void **state)
{
	static const char *const data[] = {
		"{\"amount\":300,\"recommended\":[\"a\",\"b\"],"
		"\"accepted\":[\"a\"]}",
		"{\"lines\":[{\"amount\":80},{\"amount\":90,\"recommended\":true}]}"
	};
	struct seen s;
	struct profile before;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct happening h = { .type = "order", .day = DAY0 + 50 };
		json_t *j = json_loads(data[i], 0, NULL);

		regular(&s);
		if (i == 1) /* beside a visit of that day */
			seen_event(&s, DAY0 + 50, "visit", "{\"amount\":20}");
		before = s.p;
		h.data = value_from_json(s.arena, j).map;
		profile_fold(&s.p, s.v.lc, &s.v.policy->presence, &h);
		assert_true(s.p.spend_orders > before.spend_orders);
		assert_true(profile_unfold(&s.p, s.v.lc, &h));
		assert_int_equal(s.p.n_notes, before.n_notes);
		assert_memory_equal(
		    s.p.note, before.note, sizeof(s.p.note[0]) * (size_t)s.p.n_notes);
		assert_int_equal(s.p.spend_orders, before.spend_orders);
		h.type = "complaint";
		profile_fold(&s.p, s.v.lc, &s.v.policy->presence, &h);
		assert_int_equal(s.p.complaints_open, 1);
		assert_true(profile_unfold(&s.p, s.v.lc, &h));
		assert_memory_equal(s.p.tally, before.tally, sizeof(before.tally));
		assert_int_equal(s.p.complaints_open, 0);
		json_decref(j);
		seen_fini(&s);
	}
}

static void
more_visits_than_are_kept(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	for (int i = 0; i < 30; i++)
		seen_event(&s, DAY0 + 10 * i, "order", "{\"amount\":100}");
	assert_int_equal(s.p.n_notes, NOTES);
	assert_signal(&s, "spend_12m", 3000);
	assert_signal(&s, "visits_12m", 30);
	assert_signal(&s, "spend_total", 3000);
	assert_signal(&s, "ticket_mean", 100);
	seen_fini(&s);
}

/* ---- the packed form ---- */

static void
random_life(struct seen *s, GRand *r, int n)
{
	static const char *const types[] = { "visit", "order", "rating", "complaint",
		"complaint_closed", "booking", "no_show", "reschedule", "call_refused",
		"reply", "chat", "invited", "attended", "observation", "competitor_seen",
		"referral", "call_answered", "check_in" };
	static const char *const data[] = { "{}", "{\"amount\":1234.56}",
		"{\"score\":4,\"scale\":5}", "{\"what\":\"haggles\"}",
		"{\"amount\":300,\"recommended\":3,\"accepted\":1}" };
	int day = DAY0;

	for (int i = 0; i < n; i++) {
		day += g_rand_int_range(r, 0, 60);
		seen_event(s, day, types[g_rand_int_range(r, 0, G_N_ELEMENTS(types))],
		    data[g_rand_int_range(r, 0, G_N_ELEMENTS(data))]);
		if (g_rand_int_range(r, 0, 3) == 0)
			profile_touch(&s->p, &s->v.policy->presence, s->v.now, s->v.month,
			    CHANNEL_SMS, true, g_rand_boolean(r));
	}
}

static void
packed_and_back(void **state)
{
	GRand *r = g_rand_new_with_seed(7);
	uint8_t packed[PROFILE_PACKED], again[PROFILE_PACKED];
	size_t most = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct profile back;
		struct seen s;
		size_t n;

		seen_init(&s);
		random_life(&s, r, i / 2);
		n = profile_pack(&s.p, packed);
		profile_unpack(packed, n, &back);
		assert_int_equal(profile_pack(&back, again), n);
		assert_memory_equal(packed, again, n);
		assert_int_equal(back.n_notes, s.p.n_notes);
		assert_memory_equal(back.tally, s.p.tally, sizeof(back.tally));
		assert_memory_equal(
		    back.note, s.p.note, sizeof(back.note[0]) * (size_t)back.n_notes);
		most = MAX(most, n);
		/* Cut or foreign text is no crash. */
		for (size_t cut = 0; cut < n; cut += 7)
			profile_unpack(packed, cut, &back);
		for (size_t k = 1; k < n; k++)
			packed[k] = (uint8_t)g_rand_int(r);
		profile_unpack(packed, n, &back);
		profile_pack(&back, again);
		seen_fini(&s);
	}
	print_message("at most %zu bytes\n", most);
	assert_true(most < 500);
	g_rand_free(r);
}

/* ---- foresight ---- */

static struct expr
compare(struct expr *path, struct path_part *parts, struct expr *literal,
    const char *signal, enum expr_op op, double than)
{
	parts[0] = (struct path_part){ .name = "signals" };
	parts[1] = (struct path_part){ .name = signal };
	*path = (struct expr){ .op = EXPR_PATH, .parts = parts, .n_parts = 2 };
	*literal = (struct expr){ .op = EXPR_LITERAL, .literal = value_float(than) };
	return (struct expr){ .op = op, .left = path, .right = literal };
}

/* Whatever the signal, comparison and life: no day on which the truth changes by time
 * alone comes before the day foreseen. */
static void
never_late(struct seen *s, const struct cond *c, const char *what)
{
	int start = s->v.today, next;
	bool now = cond_true(c, &s->scope);

	next = now ? foresee_false(&s->v, c) : foresee_true(&s->v, c);
	assert_true(next > start);
	for (int day = start + 1; day < start + 800 && day < next; day++) {
		seen_day(s, day);
		if (cond_true(c, &s->scope) != now)
			fail_msg("%s changes on day %d, foreseen for %d", what,
			    day - start, next == DAY_NEVER ? -1 : next - start);
	}
	seen_day(s, start);
}

static void
foreseen_days_are_never_late(void **state)
{
	static const double thans[] = { -0.3, 0, 0.05, 0.5, 1, 1.3, 2, 3, 30, 90, 180,
		365, 2000 };
	static const enum expr_op ops[] = { EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE, EXPR_EQ,
		EXPR_NE };
	GRand *r = g_rand_new_with_seed(3);

	(void)state;
	for (int life = 0; life < 24; life++) {
		struct seen s;

		seen_init(&s);
		random_life(&s, r, life * 2);
		for (int i = 0; signal_at(i) != NULL; i++) {
			const struct signal *g = signal_at(i);
			struct path_part parts[2];
			struct expr path, literal, e;
			struct cond c = { .kind = COND_EXPR, .expr = &e };

			if (g->type == SIGNAL_TEXT || g->type == SIGNAL_BOOL)
				continue;
			/* Drawn one after the other: the same with every compiler. */
			enum expr_op op = ops[g_rand_int_range(r, 0, G_N_ELEMENTS(ops))];
			double than = thans[g_rand_int_range(r, 0, G_N_ELEMENTS(thans))];

			e = compare(&path, parts, &literal, g->name, op, than);
			never_late(&s, &c, g->name);
		}
		/* The shipped rules, grouped as they are. */
		for (int i = 0; i < s.v.lc->n_rules; i++)
			if (s.v.lc->rules[i].moment.when != NULL)
				never_late(&s, s.v.lc->rules[i].moment.when,
				    s.v.lc->rules[i].id);
		for (int i = 0; i < s.cat->n_versions; i++)
			if (s.cat->versions[i]->playbook->start.kind == START_WHEN)
				never_late(&s, s.cat->versions[i]->playbook->start.when,
				    s.cat->versions[i]->playbook->name);
		seen_fini(&s);
	}
	g_rand_free(r);
}

static void
quiet_lives_are_left_in_peace(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	/* Next: 1.3 of his interval, a warning. Nothing before. */
	assert_int_equal(stage_next(&s.v), s.v.today + 90 - 1);
	seen_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_in_order),
		cmocka_unit_test(d5_1_satisfied),
		cmocka_unit_test(d5_2_ticket_extras_and_lines),
		cmocka_unit_test(d5_3_interval_stretches),
		cmocka_unit_test(s8_scales_and_nps_apart),
		cmocka_unit_test(s11_answers),
		cmocka_unit_test(d5_8_observations_and_counts),
		cmocka_unit_test(d1_8_events),
		cmocka_unit_test(order_of_arrival),
		cmocka_unit_test(taken_back),
		cmocka_unit_test(more_visits_than_are_kept),
		cmocka_unit_test(packed_and_back),
		cmocka_unit_test(foreseen_days_are_never_late),
		cmocka_unit_test(quiet_lives_are_left_in_peace),
	};

	return cmocka_run_group_tests_name("signal", tests, NULL, NULL);
}
