/* number_test.c - two people, one number: caps, limits and gaps count per person and per
 * number, also among messages that are begun in one transaction.
 *
 * proves: S5 */
#include "stage.h"
#include "store/subject.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define BOOK(name, category, on, send)                                               \
	"playbook: " name "\ncategory: " category "\nstatus: live\nstart: { on: " on \
	" }\nsteps: [{ id: one, at: day 1 12:00, send: " send " }]\n"
#define ONE_NUMBER "+8619900000001"
#define POLICY(gap, limit, service)                                         \
	"quiet:\n  - { id: night, from: \"22:00\", to: \"08:00\" }\n"       \
	"tiers:\n  high: { cap: 3 }\n  low: { cap: 1 }\nmin_gap: " gap      \
	"\nlimits: [{ window: 7d, max: " limit ", category: marketing }]\n" \
	"service: { per_day: " service ", per_month: 6 }\n"

static struct stage *
open_couple(const char *policy, const char *tier, const char *hers)
{
	struct stage *s = stage_new(START, CARE,
	    BOOK("care", "marketing", "dormant", "a"), "config/playbooks/other.yaml",
	    BOOK("other", "marketing", "tip", "b"), "config/playbooks/serve.yaml",
	    BOOK("serve", "service", "ready", "s"), "config/playbooks/serve2.yaml",
	    BOOK("serve2", "service", "done", "s2"), "templates/sms/s2.liquid",
	    STAGE_TEMPLATE("service") "done\n", "config/policy.yaml", policy, NULL);

	stage_customer(s, "HE", tier, ONE_NUMBER, "");
	stage_customer(s, "SHE", tier, hers, "");
	return s;
}

/* Both are due in the same instant: one claiming transaction takes both. */
static const struct {
	const char *name, *policy, *tier, *hers, *his_event, *her_event;
	guint letters;
	enum msg_state state;
	enum reason reason;
} couples[] = {
	{ "the same text goes once", POLICY("none", "9", "9"), "high", ONE_NUMBER,
	    "dormant", "dormant", 1, MSG_SUPPRESSED, REASON_MERGED },
	{ "two numbers, two texts", POLICY("none", "9", "9"), "high", "+8619900000002",
	    "dormant", "dormant", 2, MSG_ACCEPTED, REASON_NONE },
	{ "the cap of the month is the number's", POLICY("none", "9", "9"), "low",
	    ONE_NUMBER, "dormant", "tip", 1, MSG_SUPPRESSED, REASON_CAPPED },
	{ "two numbers, two caps", POLICY("none", "9", "9"), "low", "+8619900000002",
	    "dormant", "tip", 2, MSG_ACCEPTED, REASON_NONE },
	{ "the gap is the number's", POLICY("2h", "9", "9"), "high", ONE_NUMBER,
	    "dormant", "tip", 1, MSG_DUE, REASON_MIN_GAP },
	{ "two numbers, no gap", POLICY("24h", "9", "9"), "high", "+8619900000002",
	    "dormant", "tip", 2, MSG_ACCEPTED, REASON_NONE },
	{ "the limit of the week is the number's", POLICY("none", "1", "9"), "high",
	    ONE_NUMBER, "dormant", "tip", 1, MSG_SUPPRESSED, REASON_CAPPED },
	{ "two numbers, two limits", POLICY("none", "1", "9"), "high", "+8619900000002",
	    "dormant", "tip", 2, MSG_ACCEPTED, REASON_NONE },
	{ "a service notice a day to a number", POLICY("none", "9", "1"), "high",
	    ONE_NUMBER, "ready", "done", 1, MSG_SUPPRESSED, REASON_CAPPED },
	{ "two numbers, a notice each", POLICY("none", "9", "1"), "high",
	    "+8619900000002", "ready", "done", 2, MSG_ACCEPTED, REASON_NONE },
	{ "a notice may tell each of something else", POLICY("none", "9", "9"), "high",
	    ONE_NUMBER, "ready", "ready", 2, MSG_ACCEPTED, REASON_NONE },
	{ "under all of them both go", POLICY("none", "9", "9"), "high", ONE_NUMBER,
	    "dormant", "tip", 2, MSG_ACCEPTED, REASON_NONE },
};

static void
s05_two_people_one_number_in_one_transaction(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(couples); i++) {
		struct stage *s =
		    open_couple(couples[i].policy, couples[i].tier, couples[i].hers);
		struct message m, his;

		stage_event(s, "h", "HE", couples[i].his_event);
		stage_event(s, "w", "SHE", couples[i].her_event);
		stage_run(s, 3 * MS_HOUR);
		stage_touch(s, "HE", 0, &his);
		stage_touch(s, "SHE", 0, &m);
		/* Where both went, one claim took them: nothing was committed between. */
		assert_true(m.begun_at == 0 || m.begun_at == his.begun_at);
		if (s->letters->len != couples[i].letters ||
		    m.state != (int)couples[i].state ||
		    m.reason != (int)couples[i].reason)
			fail_msg("%s: %u letters, %s %s", couples[i].name,
			    s->letters->len, fsm_name(&message_fsm, m.state),
			    reason_name(m.reason));
		stage_free(s);
	}
}

/* Fifty of one number, one slot. */
static void
s05_fifty_people_one_number_one_slot(void **state)
{
	struct stage *s = open_couple(POLICY("none", "9", "9"), "low", ONE_NUMBER);
	struct err e = { 0 };
	char scope[40];
	int used;

	(void)state;
	for (int i = 0; i < 48; i++) {
		char ext[8];

		g_snprintf(ext, sizeof(ext), "F%d", i);
		stage_customer(s, ext, "low", ONE_NUMBER, "");
	}
	for (int i = 0; i < 48; i++) {
		char ext[8], id[8];

		g_snprintf(ext, sizeof(ext), "F%d", i);
		g_snprintf(id, sizeof(id), "i%d", i);
		stage_event(s, id, ext, i % 2 == 0 ? "dormant" : "tip");
	}
	stage_run(s, 3 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	g_snprintf(scope, sizeof(scope), "a%" G_GINT64_MODIFIER "x",
	    (guint64)customer_hash(s->store, CHANNEL_SMS, ONE_NUMBER));
	assert_int_equal(cap_used(s->store, scope, 202603, &used, &e), 0);
	assert_int_equal(used, 1);
	stage_free(s);
}

/* Each says for himself what he wants; who says stop says it for the number. */
static void
s05_consent_is_each_ones_own(void **state)
{
	struct stage *s = open_couple(POLICY("none", "9", "9"), "high", ONE_NUMBER);
	struct customer c = stage_person("SHE");

	(void)state;
	c.address[CHANNEL_SMS] = ONE_NUMBER;
	memset(c.consent, CONSENT_NONE, sizeof(c.consent));
	stage_keep(s, &c);
	stage_event(s, "h", "HE", "dormant");
	stage_event(s, "w", "SHE", "tip");
	stage_run(s, 3 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "SHE", 0, MSG_SUPPRESSED, REASON_NO_CONSENT);
	assert_int_equal(
	    stage_receipt(s, RECEIPT_REPLY, "k", 0, ONE_NUMBER, "退订"), 200);
	stage_run(s, 12 * MS_HOUR);
	stage_event(s, "h2", "HE", "tip");
	stage_run(s, 24 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	stage_expect(s, "HE", 1, MSG_SUPPRESSED, REASON_SUPPRESSED);
	stage_free(s);
}

/* Who has nothing in common with anybody is asked nothing more. */
static void
s05_ties_are_marked_where_they_are(void **state)
{
	struct stage *s = open_couple(POLICY("none", "9", "9"), "high", ONE_NUMBER);
	int64_t alone = stage_customer(s, "ALONE", "high", "+8619900000009", "");
	struct customer_row row;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(customer_get(s->store, alone, &row, &e), 1);
	assert_int_equal(row.c.ties, 0);
	for (int64_t id = 1; id <= 2; id++) {
		assert_int_equal(customer_get(s->store, id, &row, &e), 1);
		assert_int_equal(row.c.ties, TIE_NUMBER);
	}
	stage_free(s);
}

/* ---- a number that changes hands ---- */

#define OTHER_NUMBER "+8619900000003"

static void
put(struct stage *s, const char *ext, const char *number)
{
	struct customer c = stage_person(ext);

	c.tier = "low";
	c.address[CHANNEL_SMS] = number;
	stage_keep(s, &c);
}

/* Each: HE has had his one marketing text of the month at the number, and then. */
static void
she_gets_it_too(struct stage *s)
{
	put(s, "SHE", ONE_NUMBER);
}

static void
he_gives_it_up_and_she_gets_it(struct stage *s)
{
	put(s, "HE", OTHER_NUMBER);
	put(s, "SHE", ONE_NUMBER);
}

static void
she_gets_it_and_he_gives_it_up(struct stage *s)
{
	put(s, "SHE", ONE_NUMBER);
	put(s, "HE", OTHER_NUMBER);
}

static void
he_is_erased_and_she_gets_it(struct stage *s)
{
	engine_erase(s->engine, "HE", stage_answer, s);
	stage_run(s, MS_MINUTE);
	put(s, "SHE", ONE_NUMBER);
}

static void
it_goes_through_a_third_hand(struct stage *s)
{
	put(s, "HE", OTHER_NUMBER);
	put(s, "THIRD", ONE_NUMBER);
	put(s, "THIRD", "");
	put(s, "SHE", ONE_NUMBER);
}

static void
his_other_number_was_shared_before(struct stage *s)
{
	put(s, "NEIGHBOUR", OTHER_NUMBER);
	put(s, "HE", OTHER_NUMBER);
	put(s, "SHE", ONE_NUMBER);
}

static void
he_goes_into_her_and_comes_out(struct stage *s)
{
	engine_merge(s->engine, "SHE", "HE", false, stage_answer, s);
	stage_run(s, MS_MINUTE);
	engine_unmerge(s->engine, "HE", false, stage_answer, s);
	stage_run(s, MS_MINUTE);
	put(s, "HE", OTHER_NUMBER);
	put(s, "SHE", ONE_NUMBER);
}

static const struct {
	const char *name;
	void (*then)(struct stage *s);
	enum reason reason;
} hands[] = {
	{ "she gets it too", she_gets_it_too, REASON_CAPPED },
	{ "he gives it up and she gets it", he_gives_it_up_and_she_gets_it, REASON_CAPPED },
	{ "she gets it and he gives it up", she_gets_it_and_he_gives_it_up, REASON_CAPPED },
	{ "he is erased and she gets it", he_is_erased_and_she_gets_it, REASON_SUPPRESSED },
	{ "it goes through a third hand", it_goes_through_a_third_hand, REASON_CAPPED },
	{ "his other number was shared", his_other_number_was_shared_before, REASON_CAPPED },
	{ "he goes into her and comes out", he_goes_into_her_and_comes_out, REASON_CAPPED },
};

static int
slots_of_addresses(struct stage *s)
{
	return stage_number(s, "SELECT ifnull(sum(used), 0) FROM cap WHERE scope GLOB 'a*'");
}

static void
s05_what_went_to_a_number_counts_in_whosever_hands(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hands); i++) {
		struct stage *s =
		    open_couple(POLICY("none", "9", "9"), "low", "+8619900000002");

		stage_event(s, "h", "HE", "dormant");
		stage_run(s, 3 * MS_HOUR);
		assert_int_equal(s->letters->len, 1);
		/* Alone he needs no slots of the number's. */
		assert_int_equal(slots_of_addresses(s), 0);
		hands[i].then(s);
		stage_event(s, "w", "SHE", "tip");
		stage_run(s, 48 * MS_HOUR);
		if (s->letters->len != 1 || slots_of_addresses(s) != 1)
			fail_msg("%s: %u letters, %d slots", hands[i].name,
			    s->letters->len, slots_of_addresses(s));
		stage_expect(s, "SHE", 0, MSG_SUPPRESSED, hands[i].reason);
		stage_free(s);
	}
}

/* Not taken after all: what was counted for the number since is given back with the rest. */
static void
s05_a_slot_counted_later_is_given_back_too(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    BOOK("care", "marketing", "dormant", "a"), "config/reachd.yaml",
	    STAGE_ACCOUNTS("query"), "config/policy.yaml", POLICY("none", "9", "9"), NULL);

	(void)state;
	put(s, "HE", ONE_NUMBER);
	s->say = SAY_SILENCE;
	stage_event(s, "h", "HE", "dormant");
	stage_run(s, 2 * MS_HOUR + MS_MINUTE);
	stage_expect(s, "HE", 0, MSG_UNKNOWN, REASON_NONE);
	assert_int_equal(slots_of_addresses(s), 0);
	put(s, "SHE", ONE_NUMBER);
	assert_int_equal(slots_of_addresses(s), 1);
	s->say = SAY_TAKEN;
	stage_run(s, 2 * MS_HOUR);
	stage_expect(s, "HE", 0, MSG_ACCEPTED, REASON_NONE);
	assert_int_equal(s->letters->len, 2);
	assert_int_equal(slots_of_addresses(s), 1);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s05_what_went_to_a_number_counts_in_whosever_hands),
		cmocka_unit_test(s05_a_slot_counted_later_is_given_back_too),
		cmocka_unit_test(s05_two_people_one_number_in_one_transaction),
		cmocka_unit_test(s05_fifty_people_one_number_one_slot),
		cmocka_unit_test(s05_consent_is_each_ones_own),
		cmocka_unit_test(s05_ties_are_marked_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
