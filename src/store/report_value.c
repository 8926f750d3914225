/* report_value.c - cost and income as measured. Value to cost and net ROI are different
 * figures, and are called so. */
#include "report.h"

enum { TARGETED, RECALLED };
enum { COST, INCOME };

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	double gross = g->money[INCOME] * r->ask.rules->margin, cost = g->money[COST];

	sheet_int(s, "targeted", g->n[TARGETED]);
	sheet_int(s, "recalled", g->n[RECALLED]);
	sheet_number(s, "cost", cost);
	sheet_number(s, "income", g->money[INCOME]);
	sheet_number(s, "gross", gross);
	sheet_number(s, "net_gain", gross - cost);
	sheet_ratio(s, "value_to_cost", g->money[INCOME], cost);
	sheet_ratio(s, "net_roi", gross - cost, cost);
}

void
report_worth(struct reports *r, struct sheet *s)
{
	static const struct worth nothing;

	report_columns(r, s);
	sheet_column(s, "targeted", "targeted", "目标", SHEET_INTEGER);
	sheet_column(s, "recalled", "reached the goal", "达成目标", SHEET_INTEGER);
	sheet_column(s, "cost", "cost, yuan", "成本（元）", SHEET_MONEY);
	sheet_column(s, "income", "income, yuan", "收入（元）", SHEET_MONEY);
	sheet_column(s, "gross", "income at margin, yuan", "毛利（元）", SHEET_MONEY);
	sheet_column(s, "net_gain", "net gain, yuan", "净收益（元）", SHEET_MONEY);
	sheet_column(s, "value_to_cost", "value to cost", "价值成本比", SHEET_NUMBER);
	sheet_column(s, "net_roi", "net ROI", "净投资回报率", SHEET_SHARE);
	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);
		struct earned x = { 0 };
		struct group *g;

		if (w->control || !report_in(r, w->entered_at))
			continue;
		report_earn(&x, w, &nothing);
		g = report_group(r, w->man, w, NULL);
		g->n[TARGETED]++;
		g->n[RECALLED] += x.recalled;
		g->money[COST] += x.messages + x.offers;
		g->money[INCOME] += x.income;
	}
	report_rows(r, s, row);
	sheet_note(s,
	    "Cost is messages and redeemed offers; income is what events tell, from the "
	    "goal to the end of the horizon.",
	    "成本为消息与已核销权益；收入为事件所载金额，自达成目标起至观察期末。");
	sheet_note(s,
	    "Value to cost is income over cost. Net ROI is income at margin less cost, "
	    "over cost.",
	    "价值成本比 = 收入 ÷ 成本；净投资回报率 =（毛利 − 成本）÷ 成本。");
}
