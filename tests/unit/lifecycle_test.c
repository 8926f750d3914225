/* lifecycle_test.c - the shipped lifecycle, fact by fact: stages, warnings, tiers,
 * values.
 *
 * proves: 2.2, 5.6, 7.1, 7.3, 7.16, S16 */
#include "seen.h"

/* A customer who came every 90 days with extras; the last time on DAY0 + 360. */
#define LAST (DAY0 + 360)
static void
regular(struct seen *s)
{
	seen_init(s);
	for (int i = 0; i < 5; i++)
		seen_event(s, DAY0 + 90 * i, "visit",
		    "{\"amount\":1000,\"recommended\":2,\"accepted\":2}");
}

static const char *
sweep(struct seen *s, int day)
{
	seen_day(s, day);
	s->event = VALUE_NONE;
	return seen_judge(s, "");
}

/* ---- 5: the churn path ---- */

static void
d5_6_more_than_two_signs_raise_doubting(void **state)
{
	static const struct {
		const char *name, *type, *data;
	} signs[] = {
		{ "5.2 haggles", "observation", "{\"what\":\"haggles\"}" },
		{ "5.2 asks prices", "observation", "{\"what\":\"asks_prices\"}" },
		{ "5.2 compares", "observation", "{\"what\":\"compares\"}" },
		{ "5.2 hesitates", "observation", "{\"what\":\"hesitates\"}" },
		{ "5.2 decides slowly", "observation", "{\"what\":\"decides_slowly\"}" },
		{ "5.2 score 9-10 to 7-8", "rating", "{\"score\":7.5}" },
		{ "5.2 ticket falls, basics only", "visit",
		    "{\"amount\":400,\"recommended\":0,\"basics\":true}" },
	};

	(void)state;
	for (size_t i = 0; i + 2 < G_N_ELEMENTS(signs); i++) {
		struct stage_change c;
		struct seen s;

		regular(&s);
		seen_event(&s, LAST + 1, "rating", "{\"score\":9.5}");
		assert_null(seen_event(&s, LAST + 10, signs[i].type, signs[i].data));
		assert_null(
		    seen_event(&s, LAST + 11, signs[i + 1].type, signs[i + 1].data));
		assert_text(s.c.stage, "satisfied");
		print_message(
		    "%s, %s, %s\n", signs[i].name, signs[i + 1].name, signs[i + 2].name);
		seen_event(&s, LAST + 12, signs[i + 2].type, signs[i + 2].data);
		assert_text(s.c.stage, "doubting");
		s.c.stage = "satisfied";
		assert_true(stage_judge(&s.v, "", &c));
		assert_true(c.n_evidence >= 3);
		seen_fini(&s);
	}
}

static void
d5_6_only_within_ninety_days(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	seen_event(&s, LAST, "observation", "{\"what\":[\"haggles\",\"compares\"]}");
	seen_event(&s, LAST + 91, "visit", "{\"amount\":1000}");
	assert_null(seen_event(&s, LAST + 91, "observation", "{\"what\":\"hesitates\"}"));
	assert_text(s.c.stage, "satisfied");
	assert_signal(&s, "doubting_signs", 1);
	seen_fini(&s);
}

static void
d5_6_a_sign_raised_by_an_event_counts_for_the_window(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	seen_event(&s, LAST + 1, "rating", "{\"score\":9.5}");
	seen_event(&s, LAST + 2, "rating", "{\"score\":7.5}");
	seen_day(&s, LAST + 91);
	assert_signal(&s, "doubting_signs", 1);
	seen_day(&s, LAST + 92);
	assert_signal(&s, "doubting_signs", 0);
	/* A better one takes it back. */
	seen_event(&s, LAST + 93, "rating", "{\"score\":7}");
	assert_signal(&s, "doubting_signs", 1);
	seen_event(&s, LAST + 94, "rating", "{\"score\":9.5}");
	assert_signal(&s, "doubting_signs", 0);
	seen_fini(&s);
}

/* Basics only and three refusals against the customer's own habit. */
static void
d5_7_refusals_against_his_habit(void **state)
{
	const char *names[EVIDENCE_MAX];
	struct seen s;
	int n;

	(void)state;
	regular(&s);
	seen_event(
	    &s, LAST + 90, "visit", "{\"amount\":450,\"recommended\":2,\"accepted\":0}");
	assert_text(s.c.stage, "satisfied");
	seen_event(
	    &s, LAST + 150, "visit", "{\"amount\":450,\"recommended\":2,\"accepted\":0}");
	assert_text(s.c.stage, "doubting");
	n = signal_signs(&s.v, BIT(STAGE_DOUBTING), names, EVIDENCE_MAX);
	assert_int_equal(n, 3);
	assert_text(names[0], "ticket-falls");
	assert_text(names[1], "basics-only");
	assert_text(names[2], "refuses-extras");
	assert_signal(&s, "refusals", 4);
	/* He accepts again: the signs go, in time he is content. */
	seen_event(&s, LAST + 200, "visit",
	    "{\"amount\":1500,\"recommended\":2,\"accepted\":2}");
	assert_signal(&s, "doubting_signs", 0);
	seen_event(&s, LAST + 245, "visit",
	    "{\"amount\":1500,\"recommended\":2,\"accepted\":2}");
	assert_text(s.c.stage, "satisfied");
	seen_fini(&s);
}

static void
d5_3_trying_others(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	seen_event(&s, LAST + 60, "no_show", "{}");
	seen_event(&s, LAST + 62, "call_refused", "{}");
	assert_text(s.c.stage, "satisfied");
	seen_event(&s, LAST + 70, "observation", "{\"what\":\"competitor_seen\"}");
	assert_text(s.c.stage, "trying");
	seen_fini(&s);
}

static void
d5_2_no_more_answers(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	for (int i = 0; i < 4; i++)
		profile_touch(&s.p, &s.v.policy->presence, s.v.now, s.v.month,
		    CHANNEL_SMS, true, true);
	assert_signal(&s, "doubting_signs", 1);
	seen_event(&s, LAST + 2, "reply", "{}");
	assert_signal(&s, "doubting_signs", 0);
	seen_event(&s, LAST + 2, "invited", "{}");
	seen_event(&s, LAST + 3, "invited", "{}");
	assert_signal(&s, "doubting_signs", 1);
	seen_fini(&s);
}

static void
d5_9_lifecycle_beside_the_path(void **state)
{
	static const struct {
		const char *name;
		int visits;
		const char *is;
	} rows[] = { { "5.9 new: one visit", 1, "new" },
		{ "5.9 growing: two", 2, "growing" },
		{ "5.9 growing: four", 4, "growing" },
		{ "5.9 mature: five", 5, "mature" } };
	struct seen s;

	(void)state;
	seen_init(&s);
	assert_text(stage_lifecycle(&s.v), "prospect");
	assert_null(sweep(&s, DAY0));
	assert_text(s.c.stage, "");
	seen_event(&s, DAY0, "purchase", "{}");
	assert_text(stage_lifecycle(&s.v), "new");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		print_message("%s\n", rows[i].name);
		s.c.visits = rows[i].visits;
		assert_text(stage_lifecycle(&s.v), rows[i].is);
	}
	seen_fini(&s);
}

/* ---- 6, 7: away ---- */

static void
d6_and_7_1_overdue_dormant_lost_returned(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	assert_null(sweep(&s, LAST + 90));
	assert_text(sweep(&s, LAST + 91), "overdue"); /* past his own due date */
	assert_null(sweep(&s, LAST + 180 - 1));
	assert_text(sweep(&s, LAST + 180), "dormant"); /* six months */
	assert_text(stage_dormant_type(&s.v), "passive");
	assert_text(stage_duration(&s.v), "6-12");
	assert_null(sweep(&s, LAST + 364));
	assert_text(sweep(&s, LAST + 365), "lost"); /* twelve months */
	assert_text(stage_lost_cause(&s.v), "unknown");
	assert_text(stage_duration(&s.v), "12-24");
	assert_text(seen_event(&s, LAST + 400, "visit", "{}"), "returned");
	assert_text(stage_lost_cause(&s.v), "");
	assert_null(sweep(&s, LAST + 450));
	seen_event(&s, LAST + 460, "visit", "{}");
	assert_text(sweep(&s, LAST + 490), "satisfied"); /* 90 days of care are over */
	seen_fini(&s);
}

static void
d6_not_before_his_own_due_date(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	for (int i = 0; i < 3; i++)
		seen_event(&s, DAY0 + 300 * i, "visit", "{}");
	assert_null(sweep(
	    &s, DAY0 + 600 + 299)); /* half a year, but he comes once in ten months */
	assert_text(sweep(&s, DAY0 + 600 + 301), "dormant");
	seen_fini(&s);
}

static void
d6_more_than_two_cycles(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	for (int i = 0; i < 6; i++)
		seen_event(&s, DAY0 + 40 * i, "visit", "{}");
	assert_null(sweep(&s, DAY0 + 200 + 80));
	assert_text(sweep(&s, DAY0 + 200 + 81), "dormant");
	seen_fini(&s);
}

static void
d6_2_types(void **state)
{
	static const struct {
		const char *name, *type, *data, *is;
	} rows[] = {
		{ "6.2 passive", "booking", "{}", "passive" },
		{ "6.2 replaced", "competitor_seen", "{}", "replaced" },
		{ "6.2 dissatisfied", "rating", "{\"score\":3,\"scale\":5}",
		    "dissatisfied" },
		{ "6.2 dissatisfied: complaint", "complaint", "{}", "dissatisfied" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct seen s;

		print_message("%s\n", rows[i].name);
		regular(&s);
		seen_event(&s, LAST + 170, rows[i].type, rows[i].data);
		assert_text(sweep(&s, LAST + 180), "dormant");
		assert_text(stage_dormant_type(&s.v), rows[i].is);
		seen_fini(&s);
	}
}

static void
d6_2_no_need_answers_yet_stays_away(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	for (int i = 0; i < 3; i++)
		profile_touch(&s.p, &s.v.policy->presence, s.v.now, s.v.month,
		    CHANNEL_SMS, true, true);
	seen_event(&s, LAST + 170, "reply", "{}");
	assert_text(sweep(&s, LAST + 180), "dormant");
	assert_text(stage_dormant_type(&s.v), "no-need");
	seen_fini(&s);
}

static void
d7_1_durations(void **state)
{
	static const struct {
		const char *name;
		int days;
		const char *is;
	} rows[] = { { "under 3 months", 89, "" }, { "7.1 easy", 90, "3-6" },
		{ "7.1 medium", 180, "6-12" }, { "7.1 hard", 365, "12-24" },
		{ "7.1 very hard", 730, "over-24" } };
	struct seen s;

	(void)state;
	regular(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		print_message("%s\n", rows[i].name);
		seen_day(&s, LAST + rows[i].days);
		assert_text(stage_duration(&s.v), rows[i].is);
	}
	seen_fini(&s);
}

static void
d7_2_causes(void **state)
{
	static const struct {
		const char *name, *type, *data, *is;
	} rows[] = {
		{ "7.2 service", "complaint", "{}", "service" },
		{ "7.2 price", "observation", "{\"what\":\"asks_prices\"}", "price" },
		{ "7.2 competitor", "competitor_seen", "{}", "competitor" },
		{ "7.2 unknown, to be asked", "booking", "{}", "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct seen s;

		print_message("%s\n", rows[i].name);
		regular(&s);
		seen_event(&s, LAST + 300, rows[i].type, rows[i].data);
		assert_text(sweep(&s, LAST + 365), "lost");
		assert_text(stage_lost_cause(&s.v), rows[i].is);
		seen_fini(&s);
	}
}

/* ---- who sets a stage ---- */

static void
a_hand_stands_until_newer_evidence(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	seen_event(&s, LAST + 1, "observation",
	    "{\"what\":[\"haggles\",\"compares\",\"hesitates\"]}");
	assert_text(s.c.stage, "doubting");
	/* The advisor has called: all is well. The old signs are answered. */
	s.c.stage = "satisfied";
	stage_set(&s.v, STAGE_SATISFIED, STAGE_BY_HAND);
	assert_null(sweep(&s, LAST + 5));
	assert_null(seen_event(&s, LAST + 6, "click", "{}"));
	/* A new sign says otherwise. */
	seen_event(
	    &s, LAST + 20, "visit", "{\"amount\":200,\"recommended\":3,\"accepted\":0}");
	assert_text(s.c.stage, "doubting");
	seen_fini(&s);
}

static void
a_hand_stands_until_the_rule_ceased_once(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	assert_text(sweep(&s, LAST + 200), "dormant");
	s.c.stage = "satisfied"; /* on a journey, says the advisor */
	stage_set(&s.v, STAGE_SATISFIED, STAGE_BY_HAND);
	assert_null(sweep(&s, LAST + 300));
	assert_text(sweep(&s, LAST + 365), "lost"); /* another rule that held not then */
	seen_fini(&s);

	regular(&s);
	sweep(&s, LAST + 200);
	s.c.stage = "satisfied";
	stage_set(&s.v, STAGE_SATISFIED, STAGE_BY_HAND);
	seen_event(&s, LAST + 210, "visit", "{}");
	assert_text(s.c.stage, "satisfied");
	seen_day(&s, LAST + 210 + 300);
	assert_text(
	    sweep(&s, LAST + 210 + 300), "dormant"); /* it ceased and holds anew */
	seen_fini(&s);
}

static void
lost_by_the_plan_is_not_dormant_again(void **state)
{
	struct seen s;

	(void)state;
	regular(&s);
	sweep(&s, LAST + 190);
	s.c.stage = "lost"; /* the 21-day plan ended without a visit */
	stage_set(&s.v, STAGE_LOST, STAGE_BY_HAND);
	assert_text(stage_lost_cause(&s.v), "unknown");
	assert_null(sweep(&s, LAST + 250));
	assert_null(sweep(&s, LAST + 800));
	assert_text(seen_event(&s, LAST + 810, "visit", "{}"), "returned");
	seen_fini(&s);
}

static void
d6_5_giving_up_needs_a_reason(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	assert_false(stage_may_give_up(s.v.lc, &s.scope));
	value_map_set(s.arena, s.attrs, "give_up_reason", value_str("bored"));
	assert_false(stage_may_give_up(s.v.lc, &s.scope));
	value_map_set(s.arena, s.attrs, "give_up_reason", value_str("moved-away"));
	assert_true(stage_may_give_up(s.v.lc, &s.scope));
	seen_fini(&s);
}

/* ---- 6.1 warnings ---- */

static void
d6_1_early_warnings(void **state)
{
	const struct warning *w[8];
	struct seen s;
	int n;

	(void)state;
	regular(&s);
	assert_int_equal(stage_warnings(&s.v, "", w, 8), 0);
	/* 5, 4, 3 */
	for (int i = 0; i < 3; i++) {
		char data[40];

		g_snprintf(data, sizeof(data), "{\"score\":%d,\"scale\":5}", 5 - i);
		seen_event(&s, LAST + 10 * i, "rating", data);
		n = stage_warnings(&s.v, "rating", w, 8);
		assert_int_equal(n, i == 2);
	}
	assert_text(w[0]->id, "scores-fall");
	assert_int_equal(w[0]->due, 48 * MS_HOUR);
	assert_int_equal(stage_warnings(&s.v, "rating", w, 8), 0); /* once */
	seen_event(&s, LAST + 40, "complaint", "{}");
	assert_int_equal(stage_warnings(&s.v, "complaint", w, 8), 0);
	seen_event(&s, LAST + 50, "complaint", "{}");
	assert_int_equal(stage_warnings(&s.v, "complaint", w, 8), 1);
	assert_text(w[0]->id, "complaints-rise");
	sweep(&s, LAST + 117);
	assert_int_equal(stage_warnings(&s.v, "", w, 8), 1);
	assert_text(w[0]->id, "visits-rarer");
	/* Less spend is told by the visit that shows it, not by the days since the last. */
	seen_event(&s, LAST + 118, "visit", "{\"amount\":100}");
	assert_int_equal(stage_warnings(&s.v, "visit", w, 8), 1);
	assert_text(w[0]->id, "spend-falls");
	sweep(&s, LAST + 200); /* dormant: a plan of its own */
	assert_int_equal(stage_warnings(&s.v, "", w, 8), 0);
	seen_fini(&s);
}

/* ---- 2 tiers ---- */

static void
d2_2_tier_by_spend_frozen_for_the_month(void **state)
{
	struct seen s;
	int month = DAY0 / 30 * 30;

	(void)state;
	seen_init(&s);
	seen_event(&s, month + 2, "order", "{\"amount\":7000}");
	assert_text(stage_tier(&s.v), "low"); /* nothing was known when the month began */
	seen_day(&s, month + 29);
	assert_text(stage_tier(&s.v), "low");
	seen_day(&s, month + 30);
	assert_text(stage_tier(&s.v), "high");
	seen_day(&s, month + 30 * 14);
	assert_text(stage_tier(&s.v), "low");
	s.c.tier = "mid"; /* imported: it counts */
	assert_text(stage_tier(&s.v), "mid");
	seen_fini(&s);
}

static void
d2_2_imported_spend(void **state)
{
	struct seen s;
	int month = DAY0 / 30 * 30;

	(void)state;
	seen_init(&s);
	s.c.spend_12m = 3000;
	seen_day(&s, month + 3);
	profile_seed(&s.p, &s.v.policy->presence, &s.c, 0, s.v.today, s.v.month);
	assert_text(stage_tier(&s.v), "mid"); /* the first figure counts at once */
	assert_signal(&s, "spend_12m", 3000);
	s.c.spend_12m = 9000;
	seen_day(&s, month + 40);
	profile_seed(&s.p, &s.v.policy->presence, &s.c, 0, s.v.today, s.v.month);
	assert_text(stage_tier(&s.v), "mid");
	seen_day(&s, month + 60);
	assert_text(stage_tier(&s.v), "high");
	seen_event(&s, month + 61, "order", "{\"amount\":500}");
	assert_signal(&s, "spend_12m", 9500);
	seen_day(&s, month + 40 + 365);
	assert_signal(&s, "spend_12m", 500); /* what was told a year ago is over */
	seen_fini(&s);
}

static void
d2_2_overlays(void **state)
{
	static const struct {
		const char *name, *stage, *cause, *tier;
	} rows[] = {
		{ "satisfied: his own", "satisfied", "", "high" },
		{ "2.2 dormant", "dormant", "", "at-risk" },
		{ "2.2 lost", "lost", "price", "at-risk" },
		{ "2.2 returned", "returned", "", "at-risk" },
		{ "2.2 naturally lost", "lost", "natural", "weak-tie" },
		{ "2.2 given up", "given-up", "", "weak-tie" },
		{ "overdue: his own", "overdue", "", "high" },
	};
	struct seen s;

	(void)state;
	seen_init(&s);
	s.c.tier = "high";
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		print_message("%s\n", rows[i].name);
		s.c.stage = rows[i].stage;
		s.p.lost_cause = 0;
		for (int k = 0; lost_causes[k] != NULL; k++)
			if (strcmp(lost_causes[k], rows[i].cause) == 0)
				s.p.lost_cause = k + 1;
		assert_text(stage_tier(&s.v), rows[i].tier);
	}
	seen_fini(&s);
}

/* 1.3: a customer has a floor. */
static void
d1_3_below_floor(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	s.c.tier = "low"; /* floor 2 */
	assert_signal(&s, "below_floor", 1);
	profile_touch(
	    &s.p, &s.v.policy->presence, s.v.now, s.v.month, CHANNEL_SMS, true, false);
	assert_signal(&s, "below_floor", 1);
	seen_event(&s, DAY0, "chat", "{}"); /* a chat counts */
	assert_signal(&s, "below_floor", 0);
	assert_signal(&s, "touches_this_month", 2);
	seen_day(&s, s.v.next_month);
	assert_signal(&s, "below_floor", 1);
	seen_fini(&s);
}

/* ---- 7.3, 7.4, 7.16: values ---- */

static void
lost_customer(struct seen *s, double spend, int days, const char *cause, double age)
{
	char data[40];

	seen_init(s);
	g_snprintf(data, sizeof(data), "{\"amount\":%.2f}", spend);
	seen_event(s, DAY0, "order", data);
	seen_day(s, DAY0 + days);
	s->c.stage = "lost";
	for (int k = 0; lost_causes[k] != NULL; k++)
		if (strcmp(lost_causes[k], cause) == 0)
			s->p.lost_cause = k + 1;
	value_map_set(s->arena, s->attrs, "vehicle_age", value_float(age));
}

static void
d7_3_value_score(void **state)
{
	static const struct {
		const char *name;
		double clv;
		int days;
		const char *cause;
		double age, rate, times, score;
	} rows[] = {
		{ "7.3: 8000 x 60 % x 3", 8000, 200, "convenience", 2, 0.6, 3, 14400 },
		{ "7.3: 3000 x 20 % x 1.5", 3000, 500, "price", 8, 0.2, 1.5, 900 },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct seen s;

		print_message("%s\n", rows[i].name);
		lost_customer(&s, rows[i].clv, rows[i].days, rows[i].cause, rows[i].age);
		assert_signal(&s, "clv", rows[i].clv);
		assert_signal(&s, "success_rate", rows[i].rate);
		assert_signal(&s, "potential", rows[i].times);
		assert_signal(&s, "value_score", rows[i].score);
		seen_fini(&s);
	}
}

static void
d7_4_priority(void **state)
{
	static const struct {
		const char *name;
		double clv;
		int days;
		const char *cause;
		bool complaint;
		const char *is;
	} rows[] = {
		{ "7.4 A", 5001, 180, "price", false, "A" },
		{ "7.4 A to the last day", 8000, 364, "convenience", false, "A" },
		{ "7.4 B: 5000 is not over 5000", 5000, 200, "price", false, "B" },
		{ "7.4 B: 12-24 months", 6000, 365, "price", false, "B" },
		{ "7.4 C: 2000 is not over 2000", 2000, 400, "price", false, "C" },
		{ "7.4 C: over 24 months", 9000, 730, "price", false, "C" },
		{ "7.4 C: under 6 months", 9000, 179, "price", false, "C" },
		{ "7.4 C: no cause we can solve", 9000, 200, "natural", false, "C" },
		{ "7.4 C: a complaint is open", 9000, 200, "price", true, "C" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct seen s;

		print_message("%s\n", rows[i].name);
		lost_customer(&s, rows[i].clv, rows[i].days, rows[i].cause, 5);
		s.p.complaints_open = rows[i].complaint;
		assert_text(score_priority(&s.v), rows[i].is);
		seen_fini(&s);
	}
}

static void
d7_16_clv_by_formula(void **state)
{
	struct seen s;

	(void)state;
	seen_init(&s);
	seen_event(&s, DAY0, "visit", "{\"amount\":3500}");
	seen_event(&s, DAY0 + 1, "referral", "{}");
	seen_event(&s, DAY0 + 2, "referral", "{}");
	seen_event(&s, DAY0 + 3, "warranty_sale", "{}");
	seen_event(&s, DAY0 + 4, "second_car", "{}");
	assert_signal(&s, "clv", 3500 + 2 * 1000 + 8000 + 90000);
	seen_fini(&s);
}

/* ---- S16 ---- */

static void
s16_conversations(void **state)
{
	static const struct {
		const char *name, *open, *data, *close, *is;
	} rows[] = {
		{ "S16 free-text reply", "reply", "{\"free\":true}", "answered",
		    "reply" },
		{ "S16 its task is over", "reply", "{\"free\":true}", "reply_closed",
		    "reply" },
		{ "S16 open complaint", "complaint", "{}", "complaint_closed",
		    "complaint" },
		{ "S16 car in the workshop", "check_in", "{}", "check_out", "workshop" },
		{ "S16 chat, closed by hand", "chat", "{}", "conversation_closed",
		    "chat" },
	};
	ms_t until;
	struct pos at;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct seen s;

		print_message("%s\n", rows[i].name);
		seen_init(&s);
		seen_event(&s, DAY0, "reply", "{\"free\":false}");
		assert_null(stage_talk(&s.v, &until, &at));
		seen_event(&s, DAY0, rows[i].open, rows[i].data);
		assert_text(stage_talk(&s.v, &until, &at), rows[i].is);
		assert_int_equal(until, s.v.now + 7 * MS_DAY);
		seen_day(&s, DAY0 + 6);
		assert_non_null(stage_talk(&s.v, &until, &at));
		seen_day(&s, DAY0 + 7);
		assert_null(stage_talk(&s.v, &until, &at));
		seen_event(&s, DAY0 + 8, rows[i].open, rows[i].data);
		seen_event(&s, DAY0 + 9, rows[i].close, "{}");
		assert_null(stage_talk(&s.v, &until, &at));
		seen_fini(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(d5_6_more_than_two_signs_raise_doubting),
		cmocka_unit_test(d5_6_only_within_ninety_days),
		cmocka_unit_test(d5_6_a_sign_raised_by_an_event_counts_for_the_window),
		cmocka_unit_test(d5_7_refusals_against_his_habit),
		cmocka_unit_test(d5_3_trying_others),
		cmocka_unit_test(d5_2_no_more_answers),
		cmocka_unit_test(d5_9_lifecycle_beside_the_path),
		cmocka_unit_test(d6_and_7_1_overdue_dormant_lost_returned),
		cmocka_unit_test(d6_not_before_his_own_due_date),
		cmocka_unit_test(d6_more_than_two_cycles),
		cmocka_unit_test(d6_2_types),
		cmocka_unit_test(d6_2_no_need_answers_yet_stays_away),
		cmocka_unit_test(d7_1_durations),
		cmocka_unit_test(d7_2_causes),
		cmocka_unit_test(a_hand_stands_until_newer_evidence),
		cmocka_unit_test(a_hand_stands_until_the_rule_ceased_once),
		cmocka_unit_test(lost_by_the_plan_is_not_dormant_again),
		cmocka_unit_test(d6_5_giving_up_needs_a_reason),
		cmocka_unit_test(d6_1_early_warnings),
		cmocka_unit_test(d2_2_tier_by_spend_frozen_for_the_month),
		cmocka_unit_test(d2_2_imported_spend),
		cmocka_unit_test(d2_2_overlays),
		cmocka_unit_test(d1_3_below_floor),
		cmocka_unit_test(d7_3_value_score),
		cmocka_unit_test(d7_4_priority),
		cmocka_unit_test(d7_16_clv_by_formula),
		cmocka_unit_test(s16_conversations),
	};

	return cmocka_run_group_tests_name("lifecycle", tests, NULL, NULL);
}
