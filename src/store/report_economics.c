/* report_economics.c - a campaign's costs item by item, and what they brought. */
#include "report.h"

static void
line(struct sheet *s, const char *campaign, const char *item, const char *zh)
{
	sheet_row(s);
	sheet_text(s, "campaign", campaign);
	if (zh != NULL)
		sheet_words(s, "item", item, zh);
	else
		sheet_text(s, "item", item);
}

static void
one(struct reports *r, struct sheet *s, const struct campaign *c)
{
	struct earned x = { 0 };
	double sum = 0;

	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);

		if (report_campaign(r, w->playbook) == c && report_in(r, w->entered_at))
			report_earn(&x, w, &c->worth);
	}
	for (int i = 0; i < c->n_costs; i++)
		sum += report_cost(&c->costs[i], &x);
	for (int i = 0; i < c->n_costs; i++) {
		double yuan = report_cost(&c->costs[i], &x);

		line(s, c->name, c->costs[i].name, NULL);
		sheet_number(s, "yuan", yuan);
		sheet_ratio(s, "share", yuan, sum);
	}
	line(s, c->name, "sum of costs", "成本合计");
	sheet_number(s, "yuan", sum);
	line(s, c->name, "targeted", "目标");
	sheet_int(s, "customers", x.targeted);
	line(s, c->name, "recalled", "召回");
	sheet_int(s, "customers", x.recalled);
	sheet_ratio(s, "share", (double)x.recalled, (double)x.targeted);
	line(s, c->name, "value", "价值");
	sheet_number(s, "yuan", x.income);
	line(s, c->name, "value to cost", "价值成本比");
	sheet_ratio(s, "ratio", x.income, sum);
	line(s, c->name, "net ROI", "净投资回报率");
	sheet_ratio(s, "ratio", x.income * r->ask.rules->margin - sum, sum);
}

void
report_economics(struct reports *r, struct sheet *s)
{
	sheet_column(s, "campaign", "campaign", "活动", SHEET_TEXT);
	sheet_column(s, "item", "item", "项目", SHEET_TEXT);
	sheet_column(s, "customers", "customers", "客户数", SHEET_INTEGER);
	sheet_column(s, "yuan", "yuan", "金额（元）", SHEET_MONEY);
	sheet_column(s, "ratio", "ratio", "比值", SHEET_NUMBER);
	sheet_column(s, "share", "share", "占比", SHEET_SHARE);
	for (int i = 0; i < r->ask.rules->n_campaigns; i++)
		one(r, s, &r->ask.rules->campaigns[i]);
	if (r->ask.rules->n_campaigns == 0)
		sheet_note(s,
		    "No campaign is named: list them as `campaigns` under `reports` in "
		    "policy.yaml.",
		    "尚未命名活动：请在 policy.yaml 的 reports 下列出 campaigns。");
}
