/* report_budget_test.c - money spent, planned and left; what every report owes its reader. */
#include "report_world.h"

#define YUAN 10000 /* hundredths of a fen */

/* 3 went yesterday and 1 today, 2 wait for tomorrow, 1 is late; 1 never went. */
static void
spend(void)
{
	int book = playbook("care");
	int64_t man = person((struct person_of){ .store = "S1" });
	int64_t run = run_of(man, book, false, NOW - 2 * DAY, 0);
	const struct touch_of sent = { .state = MSG_DELIVERED, .cost = 2 };

	for (int i = 0; i < 3; i++)
		touch_of(man, book, run, NOW - DAY, sent);
	touch_of(man, book, run, NOW - MS_HOUR,
	    (struct touch_of){ .state = MSG_PRESUMED, .cost = 4 });
	touch_of(man, book, run, NOW + DAY, (struct touch_of){ .state = MSG_DUE });
	touch_of(man, book, run, NOW + DAY,
	    (struct touch_of){ .step = "new", .state = MSG_DUE });
	touch_of(man, book, run, NOW - DAY, (struct touch_of){ .state = MSG_DUE });
	touch_of(man, book, run, NOW - DAY,
	    (struct touch_of){
		.state = MSG_SUPPRESSED, .reason = REASON_CAPPED, .cost = 9 });
	policy.costs[CHANNEL_SMS] = 0.5;
}

static void
s22_a_playbook_s_money_in_total(void **state)
{
	struct sheet *s;

	(void)state;
	world("");
	spend();
	touch_of(person((struct person_of){ 0 }), playbook("other"), 0, NOW - DAY,
	    (struct touch_of){ .state = MSG_DELIVERED, .cost = 1 });
	purse_name = "care";
	purse[BUDGET_TOTAL].limit = 14 * YUAN;
	s = ask("budgets", "", "", "");
	assert_int_equal(s->n_rows, 2);
	COUNTS(s, 0, "sent", 4);
	COUNTS(s, 0, "spent", 10);
	COUNTS(s, 0, "waiting", 3);
	/* Two of the step that cost 2.50 so far, one at the price of its channel. */
	SAYS(s, 0, "planned", 2.5 + 2.5 + 0.5, 1e-6);
	COUNTS(s, 0, "budget", 14);
	COUNTS(s, 0, "left", 4);
	SAYS(s, 0, "used", 10.0 / 14, 1e-9);
	assert_string_equal(
	    cell_of(s, 0, "outlook")->text, "not enough for what is planned");
	SILENT(s, 1, "budget");
	SILENT(s, 1, "used");
	sheet_free(s);
	purse[BUDGET_TOTAL].limit = 16 * YUAN;
	s = ask("budgets", "", "", "");
	assert_string_equal(cell_of(s, 0, "outlook")->text, "enough");
	sheet_free(s);
	world_end();
}

/* What is late is paid today, not on the day it was meant for. */
static void
s22_money_stands_on_its_day(void **state)
{
	struct sheet *s;

	(void)state;
	world("");
	spend();
	s = ask("budgets", "day", "", "");
	COUNTS(s, row_of(s, "2026-11-21", NULL), "waiting", 0);
	COUNTS(s, row_of(s, "2026-11-22", NULL), "waiting", 1);
	COUNTS(s, row_of(s, "2026-11-23", NULL), "waiting", 2);
	sheet_free(s);
	world_end();
}

/* Each budget stands beside rows that are told apart as it is, and beside no others. */
static void
s22_every_budget_beside_its_rows(void **state)
{
	static const struct {
		const char *by, *row;
		int limit, spent;
	} rows[] = {
		{ "day", "2026-11-21", 300, 6 },
		{ "day", "2026-11-22", 300, 4 },
		{ "month", "2026-11", 4000, 10 },
		{ "store,day", "S1", 50, 6 },
		{ "store,month", "S1", 600, 10 },
		{ "day,playbook", "2026-11-22", 7, 4 },
		{ "campaign", "all-care", 14, 10 },
		{ "store", "S1", 0, 10 },
		{ "none", "", 0, 10 },
	};

	(void)state;
	world("  campaigns: [{ name: all-care, playbooks: [care] }]\n");
	spend();
	purse_name = "care";
	purse[BUDGET_TOTAL].limit = 14 * YUAN;
	purse[BUDGET_DAY].limit = 7 * YUAN;
	policy.budgets[BUDGET_HOUSE_DAY].limit = 300 * YUAN;
	policy.budgets[BUDGET_HOUSE_MONTH].limit = 4000 * YUAN;
	policy.budgets[BUDGET_STORE_DAY].limit = 50 * YUAN;
	policy.budgets[BUDGET_STORE_MONTH].limit = 600 * YUAN;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct sheet *s = ask("budgets", rows[i].by, "", "");
		int r = *rows[i].row != '\0' ? row_of(s, rows[i].row, NULL) : 0;

		SAYS(s, r, "spent", rows[i].spent, 1e-6);
		if (rows[i].limit > 0)
			COUNTS(s, r, "budget", rows[i].limit);
		else
			SILENT(s, r, "budget");
		assert_non_null(strstr(s->notes[0].en, "4.00 of 300.00"));
		assert_non_null(strstr(s->notes[1].zh, "10.00 元，预算 4000.00"));
		sheet_free(s);
	}
	world_end();
}

static void
plain_heads(const struct sheet *s)
{
	for (int c = 0; c < s->n_columns; c++) {
		const struct sheet_column *x = &s->columns[c];
		bool money = x->type == SHEET_MONEY || x->type == SHEET_RANGE;

		for (int k = 0; k < c; k++)
			if (strcmp(x->title, s->columns[k].title) == 0 ||
			    strcmp(x->title_zh, s->columns[k].title_zh) == 0)
				fail_msg("%s: two columns %s", s->name, x->title);
		if (money && (strstr(x->title, "yuan") == NULL ||
				 strstr(x->title_zh, "元") == NULL))
			fail_msg("%s: %s of what?", s->name, x->title);
		if (g_str_is_ascii(x->title_zh) && strcmp(x->title, "p") != 0)
			fail_msg("%s: %s has no Chinese", s->name, x->title);
	}
}

/* No two columns have one heading; yuan are said; the other language is there; what is
 * empty says what is missing. */
static void
every_report_is_plain(void **state)
{
	const struct reports_line *l;

	(void)state;
	world("");
	for (int i = 0; (l = reports_at(i)) != NULL; i++) {
		struct sheet *s = ask(l->name, "", "2020-01-01", "2020-01-02");

		plain_heads(s);
		if (s->n_rows == 0 && s->n_notes == 1) /* only of which days */
			fail_msg("%s: empty, and says nothing", l->name);
		for (int k = 0; k < s->n_notes; k++)
			if (g_str_is_ascii(s->notes[k].zh))
				fail_msg(
				    "%s: %s has no Chinese", l->name, s->notes[k].en);
		if ((*l->next == '\0') != (*l->next_zh == '\0') ||
		    (*l->empty == '\0') != (*l->empty_zh == '\0') ||
		    g_str_is_ascii(l->title_zh) || g_str_is_ascii(l->help_zh))
			fail_msg("%s: no Chinese", l->name);
		sheet_free(s);
	}
	world_end();
}

static void
a_dimension_nearly_right(void **state)
{
	struct reports_ask q;

	(void)state;
	memset(&e, 0, sizeof(e));
	assert_int_equal(
	    reports_ask_read(&q, "value", "stroe", "", "", zone_get("UTC"), &e), -1);
	assert_non_null(strstr(e.text, "did you mean \"store\"?"));
	memset(&e, 0, sizeof(e));
	assert_int_equal(
	    reports_ask_read(&q, "value", "category", "", "", zone_get("UTC"), &e), -1);
	assert_non_null(strstr(e.text, "it knows playbook"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s22_a_playbook_s_money_in_total),
		cmocka_unit_test(s22_money_stands_on_its_day),
		cmocka_unit_test(s22_every_budget_beside_its_rows),
		cmocka_unit_test(every_report_is_plain),
		cmocka_unit_test(a_dimension_nearly_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
