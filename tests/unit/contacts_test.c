/* Contacts of the staff in WeCom: read page by page, matched by exact evidence, else by a person.
 * proves: S10 */
#include "contacts_stage.h"

/* ---- matching ---- */

static void
s10_exact_evidence_matches_and_names_do_not(void **state)
{
	struct stage *s = begin();
	struct contact_row c;

	(void)state;
	befriend(&(struct friend){
	    OF("LiNa", "wmCode"), .state = "c:C1", .mobile = "19912345674" });
	befriend(&(struct friend){ OF("LiNa", "wmNumber"), .mobile = "199 1234 5674" });
	befriend(&(struct friend){ OF("LiNa", "wmShared"), .mobile = "19912345672" });
	befriend(&(struct friend){ OF("LiNa", "wmName"), .remark = "王小明" });
	befriend(&(struct friend){ OF("WangWei", "wmPoster"), .state = "lobby" });
	read_all(s);
	expect(s, "wmCode", "C1", CONTACT_BY_STATE);
	expect(s, "wmNumber", "C4", CONTACT_BY_MOBILE);
	expect(s, "wmShared", "", 0);
	expect(s, "wmName", "", 0);
	expect(s, "wmPoster", "", 0);
	contact(s, "wmName", &c);
	assert_string_equal(c.name, "昵称");
	end(s);
}

/* An account tells of its own contacts, not of those another one reads. */
static void
s10_contacts_are_counted_by_account(void **state)
{
	static const struct {
		const char *name, *account;
		int contacts, matched;
	} rows[] = { { "of any", "", 2, 1 }, { "its own", "w", 2, 1 },
		{ "another's", "w2", 0, 0 } };
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	befriend(&(struct friend){ OF("LiNa", "wm2") });
	read_all(s);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int64_t contacts = -1, matched = -1;
		struct err e = { 0 };

		assert_int_equal(
		    contact_count(s->store, rows[i].account, &contacts, &matched, &e), 0);
		if (contacts != rows[i].contacts || matched != rows[i].matched)
			fail_msg("%s: %d of %d", rows[i].name, (int)matched, (int)contacts);
	}
	end(s);
}

static void
s10_a_unionid_of_a_matched_contact(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1", .unionid = "oX" });
	befriend(&(struct friend){ OF("LiNa", "wm2"), .unionid = "oX" });
	read_all(s);
	{
		struct contact_row c;

		contact(s, "wm2", &c);
		assert_int_equal(c.way, CONTACT_BY_UNION);
	}
	/* He keeps the id he had. */
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	end(s);
}

static void
s10_a_car_in_the_code(void **state)
{
	struct stage *s = begin();
	struct vehicle v = { .ext = "V1",
		.vin = "",
		.plate = "沪A00001",
		.model = "",
		.store = "",
		.attrs = "{}" };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(customer_find(s->store, "C4", &v.customer, &e), 1);
	assert_int_equal(store_begin(s->store, &e), 0);
	assert_int_equal(vehicle_put(s->store, &v, &e), 0);
	assert_int_equal(store_commit(s->store, &e), 0);
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "v:沪A00001" });
	read_all(s);
	expect(s, "wm1", "C4", CONTACT_BY_STATE);
	end(s);
}

/* The number was mistyped and is mended: the customer it was is not written to any more. */
static void
s10_a_mended_number_moves_it(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .mobile = "19912345671" });
	read_all(s);
	expect(s, "wm1", "C1", CONTACT_BY_MOBILE);
	friends[0].mobile = "19912345674";
	assert_int_equal(told(s, "k1", CONTACT_CHANGED, "LiNa", "wm1", ""), 200);
	assert_int_equal(gets, 1);
	expect(s, "wm1", "C4", CONTACT_BY_MOBILE);
	expect_address(s, "C1", "");
	end(s);
}

static void
s10_a_customer_who_comes_later_is_matched_the_next_night(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .mobile = "19912345679" });
	read_all(s);
	expect(s, "wm1", "", 0);
	person(s, "C9", "周九", "+8619912345679", "E1");
	stage_run(s, 14 * MS_HOUR);
	expect(s, "wm1", "C9", CONTACT_BY_MOBILE);
	assert_int_equal(pages, 4); /* two members, two rounds */
	end(s);
}

/* ---- the queue ---- */

static const json_t *
unmatched(struct stage *s, size_t n)
{
	engine_contacts(s->engine, NULL, keep_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(s->answer, 200);
	assert_int_equal(json_array_size(json_object_get(answered, "unmatched")), n);
	return json_array_get(json_object_get(answered, "unmatched"), 0);
}

static const char *
suggested(const json_t *one, size_t i, const char *key)
{
	const json_t *list = json_object_get(one, "suggestions");

	assert_true(i < json_array_size(list));
	return json_string_value(json_object_get(json_array_get(list, i), key));
}

static void
s10_a_person_decides_what_evidence_cannot(void **state)
{
	struct stage *s = begin();
	const json_t *one;

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .mobile = "19912345672" });
	read_all(s);
	one = unmatched(s, 1);
	assert_string_equal(json_string_value(json_object_get(one, "why")), "mobile");
	assert_string_equal(suggested(one, 0, "customer"), "C2");
	assert_string_equal(suggested(one, 1, "customer"), "C3");
	assert_int_equal(say(s, "wm1", "C0"), 404);
	assert_int_equal(say(s, "wm1", "C3"), 200);
	expect(s, "wm1", "C3", CONTACT_BY_HAND);
	/* It stands, whatever the lists say. */
	friends[0].mobile = "19912345671";
	stage_run(s, 14 * MS_HOUR);
	expect(s, "wm1", "C3", CONTACT_BY_HAND);
	unmatched(s, 0);
	end(s);
}

static void
s10_who_was_said_not_to_be_him_is_not_matched_again(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .mobile = "19912345671" });
	read_all(s);
	expect(s, "wm1", "C1", CONTACT_BY_MOBILE);
	assert_int_equal(say(s, "wm1", ""), 200);
	expect(s, "wm1", "", 0);
	expect_address(s, "C1", "");
	stage_run(s, 14 * MS_HOUR);
	expect(s, "wm1", "", 0);
	assert_int_equal(say(s, "wm1", ""), 409);
	engine_audit(s->engine, NULL, keep_answer, s);
	stage_run(s, MS_SECOND);
	assert_int_equal(json_array_size(json_object_get(answered, "decisions")), 1);
	end(s);
}

/* Of the member's own customers, by surname; a person still decides. */
static void
s10_surname_and_advisor_suggest(void **state)
{
	struct stage *s = begin();
	const json_t *one;

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .remark = "欧阳女士 途观" });
	read_all(s);
	one = unmatched(s, 1);
	assert_string_equal(json_string_value(json_object_get(one, "why")), "");
	assert_string_equal(suggested(one, 0, "customer"), "C4");
	assert_string_equal(suggested(one, 0, "why"), "surname");
	assert_int_equal(json_array_size(json_object_get(one, "suggestions")), 1);
	expect(s, "wm1", "", 0);
	/* And of no other member's. */
	friends[0].remark = "李先生";
	assert_int_equal(told(s, "k1", CONTACT_CHANGED, "LiNa", "wm1", ""), 200);
	one = unmatched(s, 1);
	assert_int_equal(json_array_size(json_object_get(one, "suggestions")), 0);
	end(s);
}

/* ---- reading ---- */

static void
s10_a_killed_process_goes_on_where_it_was(void **state)
{
	struct stage *s = begin();

	(void)state;
	page_size = 1;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	befriend(&(struct friend){ OF("LiNa", "wm2") });
	befriend(&(struct friend){ OF("LiNa", "wm3") });
	while (pages < 2)
		stage_run(s, 50);
	stage_fall(s, true);
	stage_rise(s);
	read_all(s);
	/* The second page was asked for again, or written; the first was not. */
	assert_null(strstr(cursors->str + strlen("LiNa: "), "LiNa: "));
	assert_non_null(strstr(cursors->str, "LiNa:2 "));
	assert_non_null(strstr(cursors->str, "WangWei: "));
	expect(s, "wm1", "C1", CONTACT_BY_STATE);
	expect(s, "wm3", "", 0);
	end(s);
}

static void
s10_a_start_reads_nobody_who_was_just_read(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	read_all(s);
	assert_int_equal(pages, 2);
	stage_fall(s, true);
	stage_rise(s);
	read_all(s);
	assert_int_equal(pages, 2);
	stage_run(s, 2 * MS_HOUR);
	stage_fall(s, true);
	stage_rise(s);
	read_all(s);
	assert_int_equal(pages, 4);
	end(s);
}

static void
s10_who_is_on_no_list_any_more_is_no_contact(void **state)
{
	struct stage *s = begin();

	(void)state;
	befriend(&(struct friend){ OF("LiNa", "wm1"), .state = "c:C1" });
	befriend(&(struct friend){ OF("WangWei", "wm1") });
	read_all(s);
	expect_address(s, "C1", "wm1");
	friends[0].gone = true;
	stage_run(s, 14 * MS_HOUR);
	expect_address(s, "C1", "wm1");
	friends[1].gone = true;
	stage_run(s, MS_DAY);
	expect_address(s, "C1", "");
	friends[1].gone = false;
	stage_run(s, MS_DAY);
	expect_address(s, "C1", "wm1");
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s10_exact_evidence_matches_and_names_do_not),
		cmocka_unit_test(s10_contacts_are_counted_by_account),
		cmocka_unit_test(s10_a_unionid_of_a_matched_contact),
		cmocka_unit_test(s10_a_car_in_the_code),
		cmocka_unit_test(s10_a_mended_number_moves_it),
		cmocka_unit_test(
		    s10_a_customer_who_comes_later_is_matched_the_next_night),
		cmocka_unit_test(s10_a_person_decides_what_evidence_cannot),
		cmocka_unit_test(s10_who_was_said_not_to_be_him_is_not_matched_again),
		cmocka_unit_test(s10_surname_and_advisor_suggest),
		cmocka_unit_test(s10_a_killed_process_goes_on_where_it_was),
		cmocka_unit_test(s10_a_start_reads_nobody_who_was_just_read),
		cmocka_unit_test(s10_who_is_on_no_list_any_more_is_no_contact),
	};

	umask(077);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
