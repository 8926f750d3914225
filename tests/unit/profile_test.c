/* profile_test.c - profiles on the engine: folded with the event, judged, looked at on
 * their day, told to the gate.
 *
 * proves: 2.2, 5.6, S16 */
#include "stage.h"

#include "core/profile.h"
#include "store/event.h"
#include "store/signal.h"

#define START "2026-03-10T10:00:00+08:00"
#define LIFE "config/lifecycle.yaml"
#define CARE "config/playbooks/care.yaml"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\n"
#define SIGNS                                                                            \
	"signs:\n  - { id: haggles, of: doubting, when: signals.haggles >= 1 }\n"        \
	"  - { id: compares, of: doubting, when: signals.compares >= 1 }\n"              \
	"stages:\n"                                                                      \
	"  - { id: back, to: returned, from: [dormant, lost], on: visit }\n"             \
	"  - { id: sleeps, to: dormant, from: [none, satisfied, doubting],\n"            \
	"      when: signals.days_since_visit >= 30 }\n"                                 \
	"  - { id: doubts, to: doubting, from: [none, satisfied], when: "                \
	"signals.doubting_signs >= 2 }\n"                                                \
	"  - { id: known, to: satisfied, from: none, when: signals.days_since_visit >= " \
	"0 }\n"                                                                          \
	"warnings:\n  - { id: late, when: signals.days_since_visit >= 20, due: 48h }\n"  \
	"conversations:\n"                                                               \
	"  - { id: reply, open: reply, where: event.data.free == true, close: answered " \
	"}\n"                                                                            \
	"at_risk: { tier: low, stages: dormant }\n"                                      \
	"give_up: [car-sold]\n"
#define ONE "steps:\n  - { id: one, send: a, expires: 72h }\n"

struct counting {
	const char *type;
	int64_t n;
	char *data; /* of the last */
};

static void
count_one(void *arg, const struct event *ev)
{
	struct counting *k = arg;

	if (strcmp(ev->type, k->type) != 0)
		return;
	k->n++;
	g_free(k->data);
	k->data = g_strdup(ev->data);
}

static int64_t
count(struct stage *s, const char *type, char **data)
{
	struct err e = { 0 };
	struct counting c = { type, 0, NULL };
	int64_t id;

	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(event_of_customer(s->store, id, count_one, &c, &e), 0);
	if (data != NULL)
		*data = c.data;
	else
		g_free(c.data);
	return c.n;
}

static const char *
stage_of(struct stage *s)
{
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	return row.c.stage;
}

static struct stage *
open_with(const char *life, const char *playbook)
{
	struct stage *s = stage_new(START, LIFE, life, CARE, playbook, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "device-1");
	return s;
}

/* Zones of customers who are there when a life begins are swept. */
static void
begin_again(struct stage *s)
{
	stage_fall(s, false);
	stage_rise(s);
	stage_run(s, MS_SECOND);
}

static int
post(struct stage *s, const char *id, const char *type, const char *at, const char *more)
{
	char *body = g_strdup_printf(
	    "{\"id\":\"%s\",\"customer\":\"C1\",\"type\":\"%s\",\"at\":\"%s\"%s}", id,
	    type, at, more);

	s->answer = 0;
	engine_event(s->engine, id, body, strlen(body), stage_answer, s);
	g_free(body);
	stage_run(s, 5);
	return s->answer;
}

static void
see(struct stage *s, const char *what)
{
	char at[CLOCK_TEXT], *more = g_strdup_printf(",\"data\":{\"what\":\"%s\"}", what);

	clock_format(sim_world(s->sim)->now(sim_world(s->sim)), 480, at);
	post(s, what, "observation", at, more);
	g_free(more);
}

/* A survey of 0 to 100 sent without its scale made everybody content. */
static void
s08_a_score_above_the_scale_of_the_house(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD "start: { on: visit }\n" ONE);
	char at[CLOCK_TEXT];

	(void)state;
	clock_format(sim_world(s->sim)->now(sim_world(s->sim)), 480, at);
	assert_int_equal(post(s, "r1", "rating", at, ",\"data\":{\"score\":60}"), 400);
	assert_int_equal(
	    post(s, "r2", "rating", at, ",\"data\":{\"score\":60,\"scale\":100}"), 201);
	assert_int_equal(post(s, "r3", "rating", at, ",\"data\":{\"score\":4}"), 201);
	stage_free(s);
}

/* ---- stages ---- */

static void
stage_changes_with_the_event_that_makes_it(void **state)
{
	struct stage *s =
	    open_with(SIGNS, HEAD "start: { on: stage_changed, where: event.to == "
				  "\"doubting\" }\n" ONE);
	char *data;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	assert_string_equal(stage_of(s), "satisfied");
	assert_int_equal(
	    count(s, "stage_changed", NULL), 0); /* the first judgement is silent */
	see(s, "haggles");
	assert_string_equal(stage_of(s), "satisfied");
	see(s, "compares");
	assert_string_equal(stage_of(s), "doubting");
	assert_int_equal(count(s, "stage_changed", &data), 1);
	assert_string_equal(data,
	    "{\"from\":\"satisfied\",\"to\":\"doubting\",\"by\":\"doubts\",\"cause\":\"\","
	    "\"evidence\":[\"haggles\",\"compares\"]}");
	g_free(data);
	/* In the same transaction the playbook that waits for it has begun. */
	stage_run(s, MS_SECOND);
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 1);
	stage_free(s);
}

static void
time_alone_makes_dormant_on_its_day(void **state)
{
	struct stage *s =
	    open_with(SIGNS, HEAD "start: { when: customer.stage == \"dormant\" }\n" ONE);
	char *data;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	begin_again(s);
	stage_run(s, 20 * MS_DAY - 5 * MS_HOUR); /* 30 March, 5:00 */
	assert_int_equal(count(s, "warning", NULL), 0);
	stage_run(s, 2 * MS_HOUR); /* past the sweep */
	assert_int_equal(count(s, "warning", &data), 1);
	assert_string_equal(data,
	    "{\"warning\":\"late\",\"stage\":\"satisfied\",\"due\":\"2026-04-01T"
	    "06:00:00+08:00\"}");
	g_free(data);
	stage_run(s, 10 * MS_DAY - 2 * MS_HOUR);
	assert_string_equal(stage_of(s), "satisfied");
	stage_run(s, 2 * MS_HOUR);
	assert_string_equal(stage_of(s), "dormant");
	assert_int_equal(count(s, "warning", NULL), 1);
	stage_run(s, 4 * MS_HOUR);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_event(s, "v2", "C1", "visit");
	assert_string_equal(stage_of(s), "returned");
	stage_free(s);
}

/* The sweep leaves alone whose day has not come: a stage written behind its back stays
 * unseen. */
static void
only_those_whose_day_has_come(void **state)
{
	struct stage *s =
	    open_with(SIGNS, HEAD "start: { when: customer.stage == \"lost\" }\n" ONE);
	const void *fold;
	size_t len;
	struct look look, first;
	int64_t id;
	struct err e = { 0 };

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	begin_again(s);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(signal_get(s->store, id, &fold, &len, &first, &e), 1);
	stage_run(s, 2 * MS_DAY);
	assert_int_equal(signal_get(s->store, id, &fold, &len, &look, &e), 1);
	assert_int_equal(look.day, first.day);
	assert_int_equal(look.day, date_days((struct date){ 2026, 3, 10 }) + 19);
	/* History asks for a look, and what is set on file. */
	post(s, "h1", "order", "2025-06-01T10:00:00+08:00", ",\"historic\":true");
	assert_int_equal(signal_get(s->store, id, &fold, &len, &look, &e), 1);
	assert_int_equal(look.day, 0);
	stage_run(s, MS_DAY);
	assert_int_equal(signal_get(s->store, id, &fold, &len, &look, &e), 1);
	assert_true(look.day > 0);
	assert_int_equal(customer_set_tags(s->store, id, "vip", &e), 0);
	assert_int_equal(signal_get(s->store, id, &fold, &len, &look, &e), 1);
	assert_int_equal(look.day, 0);
	stage_free(s);
}

static void
history_builds_signals_and_starts_no_run(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD "start: { on: visit }\n" ONE);

	(void)state;
	for (int i = 0; i < 3; i++) {
		char id[8], at[40];

		g_snprintf(id, sizeof(id), "h%d", i);
		g_snprintf(at, sizeof(at), "2025-%02d-10T10:00:00+08:00", 3 + 4 * i);
		assert_int_equal(post(s, id, "visit", at,
				     ",\"historic\":true,\"data\":{\"amount\":500}"),
		    201);
		assert_int_equal(post(s, id, "visit", at,
				     ",\"historic\":true,\"data\":{\"amount\":500}"),
		    200);
	}
	assert_int_equal(stage_touch(s, "C1", 0, NULL), 0);
	assert_string_equal(stage_of(s), "new"); /* as imported */
	begin_again(s);
	stage_run(s, MS_DAY);
	/* The first look finds him long away, and says so in silence. */
	assert_string_equal(stage_of(s), "dormant");
	assert_int_equal(count(s, "stage_changed", NULL), 0);
	stage_free(s);
}

static void
hand_sets_and_stands(void **state)
{
	struct stage *s =
	    open_with(SIGNS, HEAD "start: { on: talked }\nsteps:\n"
				  "  - { id: ok, do: { stage: satisfied } }\n");
	char *data;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	see(s, "haggles");
	see(s, "compares");
	assert_string_equal(stage_of(s), "doubting");
	stage_event(s, "t1", "C1", "talked");
	assert_string_equal(stage_of(s), "satisfied");
	assert_int_equal(count(s, "stage_changed", &data), 2);
	assert_non_null(strstr(data, "\"by\":\"hand\""));
	g_free(data);
	stage_run(s, 2 * MS_DAY);
	assert_string_equal(stage_of(s), "satisfied");
	stage_free(s);
}

static void
given_up_only_with_a_reason(void **state)
{
	struct stage *s =
	    open_with(SIGNS, HEAD "start: { on: call }\nagain: parallel\nsteps:\n"
				  "  - { id: no, do: { stage: given-up } }\n"
				  "  - { id: sold, do: [ { tag: { add: car-sold } }, { "
				  "stage: given-up } ] }\n");
	char *data;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "c1", "C1", "call");
	assert_string_equal(stage_of(s), "given-up");
	assert_int_equal(count(s, "stage_changed", &data), 1);
	g_free(data);
	stage_free(s);
	s = open_with(SIGNS, HEAD
	    "start: { on: call }\nsteps:\n  - { id: no, do: { stage: given-up } }\n");
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "c1", "C1", "call");
	assert_string_equal(stage_of(s), "satisfied");
	stage_free(s);
}

/* ---- the gate ---- */

static void
s16_marketing_waits_for_the_conversation(void **state)
{
	struct stage *s =
	    open_with(SIGNS, HEAD "start: { on: visit }\nsteps:\n"
				  "  - { id: one, send: a, expires: 72h }\n"
				  "  - { id: two, after: 2h, send: b, expires: 72h }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->letters->len, 1);
	stage_receipt(s, RECEIPT_REPLY, "r1", 0, "+8619900000001", "请问周末开门吗");
	stage_run(s, 6 * MS_HOUR);
	stage_expect(s, "C1", 1, MSG_DUE, REASON_IN_CONVERSATION);
	stage_event(s, "a1", "C1", "answered");
	stage_run(s, 11 * MS_MINUTE);
	stage_expect(s, "C1", 1, MSG_ACCEPTED, REASON_NONE);
	stage_free(s);
	/* A number alone is an answer, not a conversation. */
	s = open_with(SIGNS,
	    HEAD "start: { on: visit }\nsteps:\n  - { id: one, send: a }\n"
		 "  - { id: two, after: 2h, send: b }\n");
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE);
	stage_receipt(s, RECEIPT_REPLY, "r1", 0, "+8619900000001", " 9分? ");
	stage_receipt(s, RECEIPT_REPLY, "r2", 0, "+8619900000001", "9。");
	stage_run(s, 3 * MS_HOUR);
	stage_expect(s, "C1", 1, MSG_DUE, REASON_IN_CONVERSATION); /* 9分 is text */
	stage_free(s);
}

static void
s16_what_waits_too_long_expires(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD
	    "start: { on: visit }\nsteps:\n"
	    "  - { id: one, send: a }\n  - { id: two, after: 2h, send: b, expires: 1h }\n"
	    "  - { id: service, send: s }\n");

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE);
	stage_receipt(s, RECEIPT_REPLY, "r1", 0, "+8619900000001", "请问周末开门吗");
	stage_run(s, 2 * MS_HOUR + 30 * MS_MINUTE);
	stage_expect(s, "C1", 1, MSG_DUE, REASON_IN_CONVERSATION);
	stage_run(s, MS_HOUR);
	stage_expect(s, "C1", 1, MSG_SUPPRESSED, REASON_EXPIRED);
	stage_expect(s, "C1", 2, MSG_ACCEPTED, REASON_NONE); /* only marketing waits */
	stage_free(s);
}

/* Tier low has one message a month, tier high three. */
static void
d2_2_tier_of_the_stage_rules_the_cap(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD "start: { on: go }\nre_entry: after 1m\n"
						"again: parallel\n" ONE);

	(void)state;
	begin_again(s);
	stage_event(s, "v1", "C1", "visit");
	stage_event(s, "g1", "C1", "go");
	stage_run(s, MS_MINUTE);
	stage_expect(s, "C1", 0, MSG_ACCEPTED, REASON_NONE);
	stage_run(s, 30 * MS_DAY + 30 * MS_MINUTE); /* 9 April */
	assert_string_equal(stage_of(s), "dormant");
	stage_event(s, "g2", "C1", "go");
	stage_event(s, "g3", "C1", "go");
	stage_run(s, MS_MINUTE);
	stage_expect(s, "C1", 1, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C1", 2, MSG_SUPPRESSED, REASON_CAPPED);
	stage_free(s);
}

static void
d2_2_imported_tier_waits_for_the_month(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD "start: { on: go }\n" ONE);
	struct customer_row row;
	struct err e = { 0 };
	int64_t id = stage_customer(s, "C1", "low", "+8619900000001", "device-1");

	(void)state;
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tier, "high");
	begin_again(s);
	stage_event(s, "v", "C1", "visit");
	stage_run(s, 20 * MS_DAY);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tier, "high");
	stage_run(s, 3 * MS_DAY); /* 2 April */
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tier, "low");
	stage_free(s);
}

/* ---- messages ---- */

static void
messages_and_answers_are_counted(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD
	    "start: { on: visit }\nreplies: [{ is: \"1\", then: { tag: { add: answered } "
	    "} }]\n"
	    "steps:\n  - { id: one, send: a }\n  - { id: w, wait: 1d }\n"
	    "  - id: b\n    branch:\n"
	    "      - { when: { all: [signals.touches == 1, signals.answer_rate == 1,\n"
	    "          signals.touches_this_month == 2, signals.presence > 0.5] }, goto: "
	    "yes }\n"
	    "  - { id: no, stop: true }\n  - { id: \"yes\", do: { tag: { add: right } } "
	    "}\n");
	struct customer_row row;
	struct err e = { 0 };
	int64_t id;

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	stage_run(s, MS_MINUTE);
	stage_receipt(s, RECEIPT_REPLY, "r1", 0, "+8619900000001", "1");
	stage_run(s, MS_DAY);
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(customer_get(s->store, id, &row, &e), 1);
	assert_string_equal(row.c.tags, "answered;right");
	stage_free(s);
}

/* ---- crash ---- */

static void
a_crash_folds_nothing_twice(void **state)
{
	struct stage *s = open_with(SIGNS, HEAD "start: { on: go }\n" ONE);
	const void *fold;
	struct profile p;
	size_t len;
	struct look look;
	int64_t id;
	struct err e = { 0 };

	(void)state;
	stage_event(s, "v1", "C1", "visit");
	see(s, "haggles");
	stage_fall(s, true);
	stage_rise(s);
	stage_run(s, MS_SECOND);
	stage_event(s, "v1", "C1", "visit");
	see(s, "haggles");
	assert_int_equal(customer_find(s->store, "C1", &id, &e), 1);
	assert_int_equal(signal_get(s->store, id, &fold, &len, &look, &e), 1);
	profile_unpack(fold, len, &p);
	assert_int_equal(p.tally[TALLY_HAGGLES].total, 1);
	assert_int_equal(p.n_notes, 1);
	assert_int_equal(p.note[0].visits, 1);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s08_a_score_above_the_scale_of_the_house),
		cmocka_unit_test(stage_changes_with_the_event_that_makes_it),
		cmocka_unit_test(time_alone_makes_dormant_on_its_day),
		cmocka_unit_test(only_those_whose_day_has_come),
		cmocka_unit_test(history_builds_signals_and_starts_no_run),
		cmocka_unit_test(hand_sets_and_stands),
		cmocka_unit_test(given_up_only_with_a_reason),
		cmocka_unit_test(s16_marketing_waits_for_the_conversation),
		cmocka_unit_test(s16_what_waits_too_long_expires),
		cmocka_unit_test(d2_2_tier_of_the_stage_rules_the_cap),
		cmocka_unit_test(d2_2_imported_tier_waits_for_the_month),
		cmocka_unit_test(messages_and_answers_are_counted),
		cmocka_unit_test(a_crash_folds_nothing_twice),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
