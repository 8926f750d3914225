/* join_test.c - after two rows have become one person: what comes in by the old one.
 *
 * proves: S5 */
#include "stage.h"
#include "store/offer.h"
#include "store/optout.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"
#define BOOK                                                                     \
	"playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit " \
	"}\nsteps:\n"                                                            \
	"  - { id: gift, offer: rinse }\n  - { id: one, after: 1h, send: a }\n"
#define OFFERS "offers:\n  rinse: { title: 精洗券, value: 50, valid: 30d }\n"

static struct stage *
begin(void)
{
	struct stage *s =
	    stage_new(START, CARE, BOOK, "config/offers.yaml", OFFERS, NULL);

	stage_customer(s, "C1", "high", "+8619900000001", "");
	stage_customer(s, "C2", "high", "+8619900000002", "");
	stage_customer(s, "C3", "high", "+8619900000003", "");
	return s;
}

static void
merge(struct stage *s, const char *a, const char *b)
{
	engine_merge(s->engine, a, b, false, stage_answer, s);
	stage_run(s, 20);
	assert_int_equal(s->answer, 200);
}

static bool
is_out(struct stage *s, const char *number)
{
	struct err e = { 0 };

	return optout_has(s->store, customer_hash(s->store, CHANNEL_SMS, number),
		   CHANNEL_SMS, &e) == 1;
}

/* Who unsubscribes in a message to his old number means his new one too. */
static void
a_stop_by_an_old_message(void **state)
{
	struct stage *s = begin();
	int64_t count;

	(void)state;
	stage_event(s, "v1", "C2", "visit");
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	merge(s, "C1", "C2");
	assert_int_equal(customer_count(s->store, &count, &(struct err){ 0 }), 0);
	assert_int_equal(count, 2);
	assert_int_equal(stage_receipt(s, RECEIPT_UNSUBSCRIBE, "k1", 0, "", ""), 200);
	assert_true(is_out(s, "+8619900000001"));
	assert_true(is_out(s, "+8619900000002"));
	stage_free(s);
}

/* An opt-in word is for the number it comes from: the other may be his wife's. */
static void
a_start_from_his_old_number_lifted_a_stop_from_his_new_one(void **state)
{
	struct stage *s = begin();

	(void)state;
	merge(s, "C1", "C2");
	stage_receipt(s, RECEIPT_REPLY, "k1", -1, "+8619900000001", "退订");
	stage_run(s, MS_MINUTE);
	stage_receipt(s, RECEIPT_REPLY, "k2", -1, "+8619900000002", "退订");
	stage_run(s, MS_MINUTE);
	stage_receipt(s, RECEIPT_REPLY, "k3", -1, "+8619900000002", "START");
	assert_false(is_out(s, "+8619900000002"));
	assert_true(is_out(s, "+8619900000001"));
	stage_receipt(s, RECEIPT_REPLY, "k4", -1, "+8619900000001", "START");
	assert_false(is_out(s, "+8619900000001"));
	stage_free(s);
}

/* What he was promised stays promised. */
static void
an_offer_goes_along(void **state)
{
	struct stage *s = begin();
	struct err e = { 0 };
	struct grant g;

	(void)state;
	stage_event(s, "v1", "C2", "visit");
	merge(s, "C1", "C2");
	assert_int_equal(
	    offer_standing(s->store, 1, "rinse", sim_true(s->sim), &g, 1, &e), 1);
	engine_unmerge(s->engine, "C2", false, stage_answer, s);
	stage_run(s, 20);
	assert_int_equal(s->answer, 200);
	assert_int_equal(
	    offer_standing(s->store, 2, "rinse", sim_true(s->sim), &g, 1, &e), 1);
	stage_free(s);
}

/* One who went into one who went into a third: his id and his number lead to the third. */
static void
a_chain_leads_to_its_end(void **state)
{
	struct stage *s = begin();
	struct err e = { 0 };
	int64_t id;

	(void)state;
	merge(s, "C1", "C2");
	merge(s, "C3", "C1");
	assert_int_equal(customer_find(s->store, "C2", &id, &e), 1);
	assert_int_equal(id, 3);
	assert_int_equal(
	    customer_of_address(s->store,
		customer_hash(s->store, CHANNEL_SMS, "+8619900000002"), &id, 1, &e),
	    1);
	assert_int_equal(id, 3);
	assert_int_equal(stage_event(s, "v1", "C2", "visit"), 201);
	stage_run(s, 2 * MS_HOUR);
	assert_int_equal(s->letters->len, 1);
	assert_string_equal(
	    ((struct letter *)s->letters->pdata[0])->to, "+8619900000003");
	stage_free(s);
}

/* A call under its key is repeated as it was, whosever the message has become since: other
 * bytes under one key are refused, or worse. */
static void
a_repeated_call_took_the_name_of_whom_he_was_merged_into(void **state)
{
	struct stage *s = begin();
	const struct letter *first, *again;

	(void)state;
	s->say = SAY_CUT;
	stage_event(s, "v1", "C2", "visit");
	stage_run(s, MS_HOUR + 500);
	assert_int_equal(s->letters->len, 1);
	merge(s, "C1", "C2");
	s->say = SAY_TAKEN;
	stage_run(s, MS_HOUR);
	assert_true(s->letters->len >= 2);
	first = s->letters->pdata[0];
	again = s->letters->pdata[1];
	assert_string_equal(first->ref, again->ref);
	assert_string_equal(first->customer, "C2");
	assert_string_equal(again->customer, "C2");
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stop_by_an_old_message),
		cmocka_unit_test(
		    a_start_from_his_old_number_lifted_a_stop_from_his_new_one),
		cmocka_unit_test(an_offer_goes_along),
		cmocka_unit_test(a_repeated_call_took_the_name_of_whom_he_was_merged_into),
		cmocka_unit_test(a_chain_leads_to_its_end),
	};

	return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
