/* report_campaign.c - a campaign whole: the funnel by group, and the money in its last row.
 *
 * Listed are who was taken in and who is lost and was not. Stay is of those back whose
 * time to stay is over, or who have stayed. Costs that are not a group's own (people,
 * preparation) stand in the row of the whole campaign only. */
#include <limits.h>
#include <string.h>

#include "report.h"

enum {
	LISTED,
	TARGETED,
	REACHED,
	ANSWERED,
	TRIED,
	RECALLED,
	RECALLED_REACHED,
	KNOWN,
	BACK,
	TWICE,
	EXTRAS,
	REFERRED
};

struct whole {
	struct group sum;
	struct earned earned;
};

static void
people(struct sheet *s, const struct group *g)
{
	sheet_int(s, "listed", g->n[LISTED]);
	sheet_int(s, "targeted", g->n[TARGETED]);
	sheet_int(s, "reached", g->n[REACHED]);
	sheet_int(s, "answered", g->n[ANSWERED]);
	sheet_int(s, "tried", g->n[TRIED]);
	sheet_int(s, "recalled", g->n[RECALLED]);
	sheet_share(s, "recall_of_targeted", g->n[RECALLED], g->n[TARGETED]);
	sheet_share(s, "recall", g->n[RECALLED_REACHED], g->n[REACHED]);
	sheet_int(s, "returned", g->n[BACK]);
	sheet_share(s, "retained", g->n[BACK], g->n[KNOWN]);
	sheet_int(s, "twice", g->n[TWICE]);
	sheet_share(s, "twice_share", g->n[TWICE], g->n[RECALLED]);
	sheet_int(s, "extras", g->n[EXTRAS]);
	sheet_share(s, "extras_share", g->n[EXTRAS], g->n[RECALLED]);
	sheet_int(s, "referred", g->n[REFERRED]);
	sheet_share(s, "referred_share", g->n[REFERRED], g->n[RECALLED]);
}

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	people(s, g);
}

static void
money(
    struct reports *r, struct sheet *s, const struct campaign *c, const struct earned *x)
{
	const struct report_rules *rules = r->ask.rules;
	double cost = 0, gross = x->income * rules->margin, lifetime;

	for (int i = 0; i < c->n_costs; i++)
		cost += report_cost(&c->costs[i], x);
	lifetime = (double)x->recalled * rules->lifetime.yearly * rules->lifetime.years *
		   rules->margin;
	sheet_number(s, "cost", cost);
	sheet_number(s, "income", x->income);
	sheet_number(s, "gross", gross);
	sheet_number(s, "net_gain", gross - cost);
	sheet_ratio(s, "value_to_cost", x->income, cost);
	sheet_ratio(s, "net_roi", gross - cost, cost);
	sheet_number(s, "lifetime_gross", lifetime);
	sheet_ratio(s, "lifetime_net_roi", lifetime - cost, cost);
}

static void
columns(struct reports *r, struct sheet *s)
{
	const struct report_rules *rules = r->ask.rules;

	report_columns(r, s);
	sheet_column(s, "listed", "listed", "名单", SHEET_INTEGER);
	sheet_column(s, "targeted", "targeted", "目标", SHEET_INTEGER);
	sheet_column(s, "reached", "reached", "触达", SHEET_INTEGER);
	sheet_column(s, "answered", "answered", "回应", SHEET_INTEGER);
	sheet_column(s, "tried", "tried", "体验", SHEET_INTEGER);
	sheet_column(s, "recalled", "recalled", "召回", SHEET_INTEGER);
	sheet_column(s, "recall_of_targeted", "recalled of targeted", "召回率（占目标）",
	    SHEET_SHARE);
	sheet_column(s, "recall", "recalled of reached", "召回率（占触达）", SHEET_SHARE);
	sheet_target(s, rules->targets.recall);
	sheet_column(s, "returned", "came again", "再次到店", SHEET_INTEGER);
	sheet_column(s, "retained", "came again of recalled", "留存率", SHEET_SHARE);
	sheet_target(s, rules->targets.retained);
	sheet_column(s, "twice", "twice or more", "两次以上", SHEET_INTEGER);
	sheet_column(
	    s, "twice_share", "twice or more of recalled", "两次以上占比", SHEET_SHARE);
	sheet_column(s, "extras", "bought extras", "购买增项", SHEET_INTEGER);
	sheet_column(
	    s, "extras_share", "with extras of recalled", "购买增项占比", SHEET_SHARE);
	sheet_column(s, "referred", "referred others", "转介绍", SHEET_INTEGER);
	sheet_column(
	    s, "referred_share", "referrers of recalled", "转介绍占比", SHEET_SHARE);
	sheet_column(s, "cost", "cost, yuan", "成本（元）", SHEET_MONEY);
	sheet_column(s, "income", "income, yuan", "收入（元）", SHEET_MONEY);
	sheet_column(s, "gross", "income at margin, yuan", "毛利（元）", SHEET_MONEY);
	sheet_column(s, "net_gain", "net gain, yuan", "净收益（元）", SHEET_MONEY);
	sheet_column(s, "value_to_cost", "value to cost", "价值成本比", SHEET_NUMBER);
	sheet_column(s, "net_roi", "net ROI", "净投资回报率", SHEET_SHARE);
	sheet_column(s, "lifetime_gross", "lifetime at margin, yuan",
	    "生命周期毛利（元）", SHEET_MONEY);
	sheet_column(s, "lifetime_net_roi", "lifetime net ROI", "生命周期净投资回报率",
	    SHEET_SHARE);
}

static void
count(struct group *g, const struct walk *w)
{
	g->n[LISTED]++;
	g->n[TARGETED]++;
	g->n[REACHED] += w->reached;
	g->n[ANSWERED] += w->answered;
	g->n[TRIED] += w->tried;
	g->n[RECALLED] += w->recalled;
	g->n[RECALLED_REACHED] += w->recalled && w->reached;
	g->n[KNOWN] += w->recalled && w->stay_known;
	g->n[BACK] += w->recalled && w->returns > 0;
	g->n[TWICE] += w->recalled && w->returns > 1;
	g->n[EXTRAS] += w->recalled && w->extras > 0;
	g->n[REFERRED] += w->recalled && w->referrals > 0;
}

/* Lost, and in none of the campaign's playbooks. A run stands in for him, so that he
 * is grouped like the others. */
static void
leave_out(struct reports *r, const struct campaign *c, struct whole *all)
{
	struct walk none = { .offer = "", .variant = "", .priority = "" };

	for (int i = 0; c->playbooks[i] != NULL && none.playbook == 0; i++)
		none.playbook = report_number(r, c->playbooks[i]);
	for (guint i = 0; i < r->man->len; i++) {
		struct man *m = r->man->pdata[i];
		bool in = m->erased || strcmp(m->stage, "lost") != 0;

		for (int k = 0; k < m->n_walks && !in; k++)
			in = report_campaign(r, m->walks[k].playbook) == c;
		if (in)
			continue;
		none.man = m;
		none.entered_at = r->ask.now;
		none.away_since = report_away_since(r, m, &none);
		report_group(r, m, &none, NULL)->n[LISTED]++;
		all->sum.n[LISTED]++;
	}
}

static void
one(struct reports *r, struct sheet *s, const struct campaign *c)
{
	struct whole all = { 0 };

	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);

		if (w->control || report_campaign(r, w->playbook) != c ||
		    !report_in(r, w->entered_at))
			continue;
		count(report_group(r, w->man, w, NULL), w);
		count(&all.sum, w);
		report_earn(&all.earned, w, &c->worth);
	}
	leave_out(r, c, &all);
	report_rows(r, s, row);
	sheet_row(s);
	if (sheet_find(s, "campaign") >= 0)
		sheet_text(s, "campaign", c->name);
	for (int k = 0; k < r->ask.n_by; k++)
		if (r->ask.by[k] != DIM_CAMPAIGN)
			sheet_words(
			    s, reports_dim_name((int)r->ask.by[k]), "all", "合计");
	people(s, &all.sum);
	money(r, s, c, &all.earned);
	g_ptr_array_set_size(r->group, 0);
	g_hash_table_remove_all(r->groups);
	if (all.earned.assumed > 0)
		sheet_note(s,
		    "Where no event tells an amount, the income of a recalled customer "
		    "is what policy.yaml assumes.",
		    "没有事件给出金额时，召回客户的收入按 policy.yaml 中的假定值计算。");
}

/* Newly lost a month, from the first to the last month that has any. */
static void
newly_lost(struct reports *r, struct sheet *s)
{
	int first = INT_MAX, last = 0;
	int64_t n = 0;
	char en[128], zh[128];
	double a_month;

	for (guint i = 0; i < r->happened->len; i++) {
		const struct happened *h =
		    &g_array_index(r->happened, struct happened, i);
		struct local l;
		int month;

		if (!(h->mark & MARK_LOST) || !report_in(r, h->at))
			continue;
		zone_local(r->ask.zone, h->at, &l);
		month = l.date.year * 12 + l.date.month;
		first = MIN(first, month);
		last = MAX(last, month);
		n++;
	}
	if (n == 0)
		return;
	a_month = (double)n / (last - first + 1);
	g_snprintf(en, sizeof(en), "%.4g customers more are lost a month.", a_month);
	g_snprintf(zh, sizeof(zh), "每月新增流失客户 %.4g 位。", a_month);
	sheet_note(s, en, zh);
}

void
report_campaigns(struct reports *r, struct sheet *s)
{
	columns(r, s);
	for (int i = 0; i < r->ask.rules->n_campaigns; i++)
		one(r, s, &r->ask.rules->campaigns[i]);
	if (r->ask.rules->n_campaigns == 0)
		sheet_note(s,
		    "No campaign is named: list them as `campaigns` under `reports` in "
		    "policy.yaml.",
		    "尚未命名活动：请在 policy.yaml 的 reports 下列出 campaigns。");
	newly_lost(r, s);
	sheet_note(s,
	    "Value to cost is income over cost. Net ROI is income at margin less cost, "
	    "over cost.",
	    "价值成本比 = 收入 ÷ 成本；净投资回报率 =（毛利 − 成本）÷ 成本。");
}
