/* Contacts of the staff in WeCom: told by callbacks, written to, merged and erased.
 * proves: S10, B-WC1 */
#include "contacts_stage.h"
#include "store/optout.h"

/* ---- callbacks ---- */

static void
s10_he_removed_the_member(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	befriend(&(struct friend){ OF("WangWei", "wm1") });
	read_all(s);
	assert_int_equal(told(s, "k1", CONTACT_LEFT, "LiNa", "wm1", ""), 200);
	expect_address(s, "C1", "wm1");
	assert_int_equal(told(s, "k2", CONTACT_DROPPED, "wangwei", "wm1", ""), 200);
	expect_address(s, "C1", "");
	/* The list keeps whom the customer removed: it is no new friendship. */
	stage_run(s, 14 * MS_HOUR);
	expect_address(s, "C1", "");
	/* The same again changes nothing; a new one does. */
	assert_int_equal(told(s, "k2", CONTACT_DROPPED, "wangwei", "wm1", ""), 200);
	assert_int_equal(told(s, "k3", CONTACT_ADDED, "LiNa", "wm1", ""), 200);
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	assert_int_equal(told(s, "k1", CONTACT_LEFT, "LiNa", "wm1", ""), 200);
	expect_address(s, "C1", "wm1");
	end(s);
}

/* Callbacks come in any order: what is older than the friendship does not end it. */
static void
s10_a_late_callback_ends_nothing_new(void **state)
{
	struct stage *s = begin();
	ms_t before = sim_true(s->sim) - MS_HOUR;

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1") });
	assert_int_equal(told(s, "k2", CONTACT_ADDED, "LiNa", "wm1", "c:C1"), 200);
	n_friends = 0; /* the list is not asked */
	assert_int_equal(
	    told_of(s, "k1", CONTACT_LEFT, "LiNa", "wm1", "", SINCE * MS_SECOND - 1),
	    200);
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	assert_int_equal(told_of(s, "k3", CONTACT_LEFT, "LiNa", "wm1", "", before), 200);
	expect_address(s, "C1", "");
	n_friends = 1; /* whose list keeps him */
	assert_int_equal(
	    told_of(s, "k4", CONTACT_ADDED, "LiNa", "wm1", "", before - 1), 200);
	expect_address(s, "C1", "");
	end(s);
}

static void
s10_added_by_a_code_he_is_matched_at_once(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .mobile = "19912345674" });
	assert_int_equal(told(s, "k1", CONTACT_ADDED, "LiNa", "wm1", "c:C1"), 200);
	/* The code is only in the callback; the list did not tell of it. */
	assert_int_equal(gets, 1);
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	read_all(s);
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	end(s);
}

/* ---- sending ---- */

static void
s10_the_advisor_sends_and_what_waits_is_withdrawn(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("WangWei", "wm1"), .state = "c:C1" });
	befriend(&(struct friend){ OF("LiNa", "wm1") });
	read_all(s);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(made, 1);
	assert_string_equal(sender, "LiNa");
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	assert_int_equal(told(s, "k0", CONTACT_LEFT, "WangWei", "wm1", ""), 200);
	stage_run(s, 30 * MS_SECOND);
	assert_int_equal(withdrawn, 0);
	assert_int_equal(told(s, "k1", CONTACT_LEFT, "LiNa", "wm1", ""), 200);
	stage_run(s, 30 * MS_SECOND);
	assert_int_equal(withdrawn, 1);
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	end(s);
}

/* What waits for the wrong person does not go. */
static void
s10_who_turns_out_not_to_be_him_gets_nothing(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .mobile = "19912345671" });
	read_all(s);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	assert_int_equal(say(s, "wm1", ""), 200);
	stage_run(s, 30 * MS_SECOND);
	assert_int_equal(withdrawn, 1);
	stage_expect(s, "C1", 0, MSG_LAPSED, REASON_NONE);
	end(s);
}

static void
s10_nobody_has_him(void **state)
{
	struct stage *s = begin();
	struct message m;

	(void)state;
	befriend(&(struct friend){ OF("Stranger", "wm1"), .state = "c:C1" });
	assert_int_equal(told(s, "k1", CONTACT_ADDED, "Stranger", "wm1", "c:C1"), 200);
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 10 * MS_SECOND);
	assert_int_equal(made, 0);
	assert_true(stage_touch(s, "C1", 0, &m) > 0);
	stage_expect(s, "C1", 0, MSG_SUPPRESSED, REASON_PROVIDER_RULE);
	end(s);
}

/* The service knows that he removed her before we do. */
static void
s10_whom_the_service_refuses_another_writes_to(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	befriend(&(struct friend){ OF("WangWei", "wm1") });
	read_all(s);
	refuse = 84061;
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, 30 * MS_SECOND);
	assert_int_equal(made, 1);
	assert_string_equal(sender, "WangWei");
	stage_expect(s, "C1", 0, MSG_AWAITING, REASON_NONE);
	expect_address(s, "C1", "wm1");
	end(s);
}

/* ---- merging, erasing ---- */

static void
s10_a_contact_goes_along_and_comes_back(void **state)
{
	struct stage *s = begin();
	struct contact_row c;
	struct err e = { 0 };
	int64_t a, b;

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	read_all(s);
	assert_int_equal(customer_find(s->store, "C4", &a, &e), 1);
	assert_int_equal(customer_find(s->store, "C1", &b, &e), 1);
	engine_merge(s->engine, "C4", "C1", false, keep_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	contact(s, "wm1", &c);
	assert_true(c.customer == a);
	expect_address(s, "C4", "wm1");
	engine_unmerge(s->engine, "C1", false, keep_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	contact(s, "wm1", &c);
	assert_true(c.customer == b);
	expect_address(s, "C4", "");
	end(s);
}

static void
s10_of_one_who_was_erased_nothing_comes_back(void **state)
{
	struct stage *s = begin();
	struct contact_row c;
	struct err e = { 0 };
	int64_t h;

	(void)state;
	befriend(
	    &(struct friend){ OF("LiNa", "wm1"), .state = "c:C1", .remark = "王小明" });
	read_all(s);
	/* Another id of his, and a no of long ago. */
	assert_int_equal(told(s, "k0", CONTACT_ADDED, "LiNa", "wm2", "c:C1"), 200);
	h = customer_hash(s->store, CHANNEL_WECOM, "wm1");
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(
	    optout_add(s->store, h, CHANNEL_WECOM,
		&(struct refusal){ .src = "reply", .origin = "", .at = 1, .heard = 1 },
		&e),
	    0);
	assert_int_equal(store_commit(s->store, &e), 0);
	engine_erase(s->engine, "C1", keep_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(json_integer_value(json_object_get(answered, "replies")), 1);
	assert_int_equal(contact_find(s->store, h, &c, &e), 0);
	befriend(&(struct friend){ OF("LiNa", "wm2"), .remark = "王小明" });
	stage_run(s, 14 * MS_HOUR);
	assert_int_equal(contact_find(s->store, h, &c, &e), 0);
	assert_int_equal(
	    contact_find(s->store, customer_hash(s->store, CHANNEL_WECOM, "wm2"), &c, &e),
	    0);
	assert_int_equal(told(s, "k1", CONTACT_CHANGED, "LiNa", "wm1", ""), 200);
	assert_int_equal(contact_find(s->store, h, &c, &e), 0);
	/* Who becomes a contact again is known again. */
	assert_int_equal(told(s, "k2", CONTACT_ADDED, "LiNa", "wm1", ""), 200);
	assert_int_equal(contact_find(s->store, h, &c, &e), 1);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s10_he_removed_the_member),
		cmocka_unit_test(s10_a_late_callback_ends_nothing_new),
		cmocka_unit_test(s10_added_by_a_code_he_is_matched_at_once),
		cmocka_unit_test(s10_the_advisor_sends_and_what_waits_is_withdrawn),
		cmocka_unit_test(s10_who_turns_out_not_to_be_him_gets_nothing),
		cmocka_unit_test(s10_nobody_has_him),
		cmocka_unit_test(s10_whom_the_service_refuses_another_writes_to),
		cmocka_unit_test(s10_a_contact_goes_along_and_comes_back),
		cmocka_unit_test(s10_of_one_who_was_erased_nothing_comes_back),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
