/* Which customer a contact is: exact evidence in its order, never a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/contact.h"

static void
s10_states_of_codes(void **state)
{
	static const struct {
		const char *name, *state, *word;
		enum contact_state is;
	} rows[] = {
		{ "a customer", "c:C-1001", "C-1001", CONTACT_STATE_CUSTOMER },
		{ "a plate", "v:沪A00001", "沪A00001", CONTACT_STATE_VEHICLE },
		{ "a poster", "lobby-2026", "", CONTACT_STATE_NOBODY },
		{ "no word", "c:", "", CONTACT_STATE_NOBODY },
		{ "nothing", "", "", CONTACT_STATE_NOBODY },
		{ "a colon alone", ":C-1001", "", CONTACT_STATE_NOBODY },
		{ "another letter", "x:C-1001", "", CONTACT_STATE_NOBODY },
		{ "capitals are another code", "C:1", "", CONTACT_STATE_NOBODY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *word;
		enum contact_state is = contact_state_read(rows[i].state, &word);

		if (is != rows[i].is)
			fail_msg("%s", rows[i].name);
		assert_string_equal(word, rows[i].word);
	}
}

/* Who is named by file, state, mobile, unionid: up to two each. */
struct row {
	const char *name;
	int by[4][2];
	int current, current_way, not_him, is, way;
};

static void
s10_evidence_in_its_order(void **state)
{
	static const struct row rows[] = {
		{ "nothing", { { 0 } }, 0, 0, 0, 0, CONTACT_BY_NOTHING },
		{ "a file", { { 1 }, { 2 }, { 3 } }, 0, 0, 0, 1, CONTACT_BY_FILE },
		{ "the code before the number", { { 0 }, { 2 }, { 3 } }, 0, 0, 0, 2,
		    CONTACT_BY_STATE },
		{ "the number before the unionid", { { 0 }, { 0 }, { 3 }, { 4 } }, 0, 0,
		    0, 3, CONTACT_BY_MOBILE },
		{ "the unionid alone", { { 0 }, { 0 }, { 0 }, { 4 } }, 0, 0, 0, 4,
		    CONTACT_BY_UNION },
		{ "a number of two is nobody's", { { 0 }, { 0 }, { 3, 4 } }, 0, 0, 0, 0,
		    CONTACT_BY_MOBILE },
		{ "and no weaker way settles it", { { 0 }, { 0 }, { 3, 4 }, { 4 } }, 0, 0,
		    0, 0, CONTACT_BY_MOBILE },
		{ "but a stronger one does", { { 0 }, { 4 }, { 3, 4 } }, 0, 0, 0, 4,
		    CONTACT_BY_STATE },
		{ "who is matched stays when nothing is told any more", { { 0 } }, 5,
		    CONTACT_BY_MOBILE, 0, 5, CONTACT_BY_MOBILE },
		{ "and when his number becomes another's, too",
		    { { 0 }, { 0 }, { 5, 6 } }, 5, CONTACT_BY_MOBILE, 0, 5,
		    CONTACT_BY_MOBILE },
		{ "a mended number moves it", { { 0 }, { 0 }, { 6 } }, 5,
		    CONTACT_BY_MOBILE, 0, 6, CONTACT_BY_MOBILE },
		{ "to two others: to nobody", { { 0 }, { 0 }, { 6, 7 } }, 5,
		    CONTACT_BY_MOBILE, 0, 0, CONTACT_BY_MOBILE },
		{ "a weaker way does not move it", { { 0 }, { 5 }, { 6 } }, 5,
		    CONTACT_BY_STATE, 0, 5, CONTACT_BY_STATE },
		{ "a person's word stands", { { 1 }, { 2 }, { 3 } }, 9, CONTACT_BY_HAND,
		    0, 9, CONTACT_BY_HAND },
		{ "who was said not to be him is not him", { { 0 }, { 0 }, { 3 } }, 0, 0,
		    3, 0, CONTACT_BY_NOTHING },
		{ "then the number is the other's", { { 0 }, { 0 }, { 3, 4 } }, 0, 0, 3,
		    4, CONTACT_BY_MOBILE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct contact_evidence ev = { .current = r->current,
			.current_way = r->current_way,
			.not_him = r->not_him };
		struct contact_verdict v;

		for (int way = 0; way < 4; way++)
			for (int k = 0; k < 2; k++)
				contact_name_one(
				    &ev.by[CONTACT_BY_FILE + way], r->by[way][k]);
		v = contact_judge(&ev);
		if (v.customer != r->is || v.way != r->way)
			fail_msg("%s: %d by %s", r->name, (int)v.customer,
			    contact_way_name(v.way));
	}
}

static void
s10_more_than_can_be_named_is_nobody(void **state)
{
	struct contact_evidence ev = { 0 };

	(void)state;
	for (int i = 1; i <= CONTACT_NAMED + 1; i++) {
		contact_name_one(&ev.by[CONTACT_BY_MOBILE], i);
		contact_name_one(&ev.by[CONTACT_BY_MOBILE], i);
	}
	assert_int_equal(ev.by[CONTACT_BY_MOBILE].n, CONTACT_NAMED);
	assert_true(ev.by[CONTACT_BY_MOBILE].more);
	assert_int_equal(contact_judge(&ev).customer, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s10_states_of_codes),
		cmocka_unit_test(s10_evidence_in_its_order),
		cmocka_unit_test(s10_more_than_can_be_named_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
