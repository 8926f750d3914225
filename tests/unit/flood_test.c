/* flood_test.c - refusals by the thousand, of which nobody meant any: all count at once, a
 * person is told once, and by one person's word they are taken back. */
#include "hand_stage.h"
#include "store/event.h"
#include "store/optout.h"

#define START "2026-03-10T09:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define VISIT                                                                  \
	"playbook: care\ncategory: marketing\nstatus: live\nagain: parallel\n" \
	"start: { on: visit }\nsteps:\n  - { id: one, after: 1m, send: a }\n"
#define WHO "\"by\":\"李明\",\"reason\":\"伪造的回调\",\"yes\":true"
#define FALSE_ONES "\"account\":\"sms\",\"since\":\"2026-03-10T09:30:00+08:00\""

static const char *
phone(int i)
{
	static char text[24];

	g_snprintf(text, sizeof(text), "+86199%08d", i);
	return text;
}

static void
word(struct stage *s, const char *key, int i, const char *text)
{
	assert_int_equal(stage_receipt(s, RECEIPT_REPLY, key, -1, phone(i), text), 200);
}

/* Stop words of [from, to), many in one call. */
static void
stops(struct stage *s, const char *key, int from, int to)
{
	struct receipt *r = g_new0(struct receipt, to - from);

	for (int i = from; i < to; i++)
		r[i - from] = (struct receipt){ .kind = RECEIPT_REPLY,
			.key = g_strdup_printf("%s%d", key, i),
			.ref = "",
			.provider_id = "",
			.from = g_strdup(phone(i)),
			.channel = CHANNEL_SMS,
			.text = "TD",
			.perr = "",
			.raw = "" };
	s->answer = 0;
	engine_receipts(
	    s->engine, &s->catalog->config->accounts[0], r, to - from, stage_answer, s);
	stage_run(s, 5);
	assert_int_equal(s->answer, 200);
	for (int i = 0; i < to - from; i++) {
		g_free((char *)r[i].key);
		g_free((char *)r[i].from);
	}
	g_free(r);
}

static int
out(struct stage *s, int i)
{
	struct err e = { 0 };

	return optout_has(
	    s->store, customer_hash(s->store, CHANNEL_SMS, phone(i)), CHANNEL_SMS, &e);
}

#define ALARMS "SELECT count(*) FROM alarm WHERE kind = 'flood'"

/* W16: noticed, told once, and each of them counts from its very instant. */
static void
w16_a_flood_is_noticed(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);

	(void)state;
	hand_people(s, 100);
	stage_event(s, "v", "C99", "visit");
	stops(s, "a", 1, 31);
	assert_int_equal(stage_number(s, ALARMS), 0);
	stops(s, "a", 31, 100);
	assert_int_equal(stage_number(s, ALARMS), 1);
	for (int i = 1; i < 100; i++)
		assert_int_equal(out(s, i), 1);
	stage_run(s, MS_HOUR);
	stops(s, "b", 1000, 1100);
	assert_int_equal(stage_number(s, ALARMS), 1);
	/* nor does an alarm for each stranger bury it */
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM alarm WHERE kind = 'reply'"), 0);
	stage_expect(s, "C99", 0, MSG_SUPPRESSED, REASON_SUPPRESSED);
	assert_int_equal(s->calls, 0);
	stage_free(s);
}

/* What the house is used to is no flood: thrice its busiest hour is. */
static void
w16_three_times_the_usual(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);

	(void)state;
	stops(s, "a", 1000, 1030);
	stage_run(s, 2 * MS_HOUR);
	stops(s, "b", 2000, 2090);
	assert_int_equal(stage_number(s, ALARMS), 0);
	stops(s, "c", 2090, 2091);
	assert_int_equal(stage_number(s, ALARMS), 1);
	/* the same words again are nothing new; nor is a flood what is usual from now on */
	stage_run(s, 2 * MS_DAY);
	stops(s, "d", 1000, 1030);
	stops(s, "e", 2000, 2091);
	assert_int_equal(stage_number(s, ALARMS), 1);
	stops(s, "f", 3000, 3200);
	assert_int_equal(stage_number(s, ALARMS), 2);
	/* but for what nobody has taken back in a week */
	stage_run(s, 8 * MS_DAY);
	stops(s, "g", 4000, 4600);
	assert_int_equal(stage_number(s, ALARMS), 2);
	stage_free(s);
}

/* Whoever forges stop words could forge consents: in a flood none is believed. */
static void
w16_no_consent_in_a_flood(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);

	(void)state;
	hand_people(s, 2);
	word(s, "n1", 1, "TD");
	stage_run(s, MS_MINUTE);
	word(s, "y1", 1, "START");
	assert_int_equal(out(s, 1), 0);
	stops(s, "a", 1, 60);
	stage_run(s, MS_MINUTE);
	word(s, "y2", 1, "START");
	word(s, "y3", 50, "START");
	assert_int_equal(out(s, 1), 1);
	assert_int_equal(out(s, 50), 1);
	stage_run(s, 2 * MS_DAY);
	word(s, "y4", 1, "START");
	assert_int_equal(out(s, 1), 0);
	stage_free(s);
}

/* Five people, and what else they said. */
static struct stage *
flooded(void)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);
	struct err e = { 0 };

	hand_people(s, 60);
	word(s, "before", 1, "退订");
	stage_run(s, MS_HOUR);
	stops(s, "a", 1, 50);
	stops(s, "x", 1000, 1020);
	stage_run(s, MS_HOUR);
	word(s, "after", 2, "退订");
	word(s, "angry", 3, "投诉");
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(
	    optout_add(s->store, customer_hash(s->store, CHANNEL_SMS, phone(4)),
		CHANNEL_SMS, &(struct refusal){ "link", "", 1, 1 }, &e),
	    0);
	assert_int_equal(store_commit(s->store, &e), 0);
	return s;
}

static const char *
stays(const char *customer)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(hand_said, "rows"), i, row)
	{
		if (strcmp(json_string_value(json_object_get(row, "customer")),
			customer) == 0)
			return json_string_value(json_object_get(row, "stays"));
	}
	fail_msg("%s is not listed", customer);
	return NULL;
}

#define UNTIL ",\"until\":\"2026-03-10T10:30:00+08:00\""

/* W16: listed first; then all who said nothing else, with who did it and why on record. */
static void
w16_taken_back_in_bulk(void **state)
{
	struct stage *s = flooded();

	(void)state;
	assert_int_equal(hand(s, "undo-optouts", "{" FALSE_ONES UNTIL "}"), 200);
	assert_int_equal(hand_count("lifted"), 65);
	assert_int_equal(hand_count("stayed"), 4);
	assert_string_equal(stays("C1"), "said so at another time, too");
	assert_string_equal(stays("C2"), "said so at another time, too");
	assert_string_equal(stays("C3"), "complained");
	assert_string_equal(stays("C4"), "said so in another way, too");
	assert_null(stays("C5"));
	assert_int_equal(out(s, 5), 1);
	assert_int_equal(hand(s, "undo-optouts",
			     "{" FALSE_ONES UNTIL ",\"yes\":true,\"by\":\"李明\"}"),
	    422);
	assert_int_equal(out(s, 5), 1);
	assert_int_equal(hand(s, "undo-optouts", "{" FALSE_ONES UNTIL "," WHO "}"), 200);
	for (int i = 1; i < 50; i++)
		assert_int_equal(out(s, i), i < 5);
	assert_int_equal(out(s, 1010), 0);
	assert_int_equal(
	    stage_number(s, "SELECT n FROM audit WHERE act = 'opt-in' AND about = 'sms'"
			   " AND who = '李明' AND why = '伪造的回调'"),
	    65);
	assert_int_equal(
	    stage_number(s, "SELECT count(*) FROM event WHERE type = 'optout_lifted'"),
	    45);
	/* and they are written to again */
	stage_event(s, "v", "C5", "visit");
	stage_event(s, "w", "C2", "visit");
	stage_run(s, MS_HOUR);
	stage_expect(s, "C5", 0, MSG_ACCEPTED, REASON_NONE);
	stage_expect(s, "C2", 0, MSG_SUPPRESSED, REASON_SUPPRESSED);
	/* again there is nothing to do */
	assert_int_equal(hand(s, "undo-optouts", "{" FALSE_ONES UNTIL "," WHO "}"), 200);
	assert_int_equal(hand_count("lifted"), 0);
	stage_free(s);
}

/* More than a portion holds; the window does not move with the clock meanwhile. */
static void
w16_by_portions(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);
	char *next;

	(void)state;
	stage_run(s, MS_HOUR);
	stops(s, "a", 1000, 1600);
	assert_int_equal(
	    hand(s, "undo-optouts", "{\"account\":\"sms\",\"since\":\"10m\"," WHO "}"),
	    200);
	assert_int_equal(hand_count("lifted"), 500);
	assert_true(json_is_true(json_object_get(hand_said, "more")));
	stage_run(s, 20 * MS_MINUTE);
	next = g_strdup_printf("{\"account\":\"sms\",\"since\":\"%s\",\"until\":\"%s\","
			       "\"cursor\":%d," WHO "}",
	    json_string_value(json_object_get(hand_said, "since")),
	    json_string_value(json_object_get(hand_said, "until")),
	    (int)hand_count("cursor"));
	assert_int_equal(hand(s, "undo-optouts", next), 200);
	assert_int_equal(hand_count("lifted"), 100);
	assert_false(json_is_true(json_object_get(hand_said, "more")));
	assert_int_equal(stage_number(s, "SELECT count(*) FROM optout"), 0);
	assert_int_equal(
	    stage_number(s, "SELECT sum(n) FROM audit WHERE act = 'opt-in'"), 600);
	/* proven false: it is no measure of what is usual, and was a flood till tomorrow */
	stage_run(s, 9 * MS_DAY);
	stops(s, "b", 1000, 1040);
	assert_int_equal(stage_number(s, ALARMS), 2);
	g_free(next);
	stage_free(s);
}

static const struct refused {
	const char *name, *body;
	int status;
} refused[] = {
	{ "nothing said", "{}", 422 },
	{ "both", "{\"account\":\"sms\",\"batch\":1}", 422 },
	{ "no such account", "{\"account\":\"mian\",\"since\":\"2h\"}", 404 },
	{ "no such batch", "{\"batch\":7}", 404 },
	{ "since when", "{\"account\":\"sms\"}", 422 },
	{ "backwards", "{\"account\":\"sms\",\"since\":\"1h\",\"until\":\"2h\"}", 422 },
	{ "no time", "{\"account\":\"sms\",\"since\":\"soon\"}", 422 },
};

static void
orders_that_are_refused(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
		if (hand(s, "undo-optouts", refused[i].body) != refused[i].status)
			fail_msg("%s: %d", refused[i].name, s->answer);
	stage_free(s);
}

/* The wrong file of opt-outs, by its batch; whoever had said no before it stays out. */
static void
a_wrong_file_is_taken_back(void **state)
{
	struct stage *s = hand_stage(START, CARE, VISIT, NULL);
	struct import_how how = { 0 };
	char *path = g_build_filename(s->dir, "o.csv", NULL);

	(void)state;
	hand_people(s, 3);
	word(s, "own", 1, "TD");
	assert_true(g_file_set_contents(
	    path, "customer,channel\nC1,sms\nC2,sms\nC3,sms\n", -1, NULL));
	engine_import(s->engine, "optouts", path, &how, NULL, stage_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(out(s, 2), 1);
	assert_int_equal(stage_number(s, ALARMS), 0);
	assert_int_equal(hand(s, "undo-optouts", "{\"batch\":1," WHO "}"), 200);
	assert_int_equal(hand_count("lifted"), 2);
	assert_int_equal(hand_count("stayed"), 1);
	assert_int_equal(out(s, 1), 1);
	assert_int_equal(out(s, 2), 0);
	g_free(path);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(w16_a_flood_is_noticed),
		cmocka_unit_test(w16_three_times_the_usual),
		cmocka_unit_test(w16_no_consent_in_a_flood),
		cmocka_unit_test(w16_taken_back_in_bulk),
		cmocka_unit_test(w16_by_portions),
		cmocka_unit_test(orders_that_are_refused),
		cmocka_unit_test(a_wrong_file_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
