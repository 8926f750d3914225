/* report_control.c - what outreach adds: the treated against those held out, from entry.
 *
 * Intention to treat: a run counts from its entry, whatever became of it. Without
 * anybody held out nothing can be said, and that is what the row says. */
#include <math.h>

#include "report.h"

#define CONFIDENCE 0.95
enum { TREATED, TREATED_GOAL, CONTROL, CONTROL_GOAL };

static void
count(struct group *g, const struct walk *w)
{
	struct sums *x = &g->sums[w->control];

	g->n[w->control ? CONTROL : TREATED]++;
	g->n[w->control ? CONTROL_GOAL : TREATED_GOAL] += w->goal_at != 0;
	x->n++;
	x->sum += w->spent;
	x->squares += w->spent * w->spent;
}

static void
verdict(struct sheet *s, struct interval d)
{
	if (d.low > 0)
		sheet_words(s, "verdict", "more than without", "高于对照组");
	else if (d.high < 0)
		sheet_words(s, "verdict", "less than without", "低于对照组");
	else
		sheet_words(s, "verdict", "no difference shown", "未显示差异");
}

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	struct share a = { g->n[TREATED], g->n[TREATED_GOAL] },
		     b = { g->n[CONTROL], g->n[CONTROL_GOAL] };
	struct interval d;

	(void)r;
	sheet_int(s, "treated", a.n);
	sheet_int(s, "treated_goals", a.hits);
	sheet_share(s, "treated_share", a.hits, a.n);
	sheet_int(s, "control", b.n);
	sheet_int(s, "control_goals", b.hits);
	sheet_share(s, "control_share", b.hits, b.n);
	if (a.n == 0 || b.n == 0) {
		sheet_words(s, "verdict", "not measurable", "无法测量");
		return;
	}
	d = stats_difference_interval(a, b, CONFIDENCE);
	sheet_number(s, "difference", share_of(a) - share_of(b));
	sheet_between(s, "interval", d);
	sheet_number(s, "p", stats_test_shares(a, b).p);
	sheet_number(s, "incremental", (share_of(a) - share_of(b)) * (double)a.n);
	sheet_number(s, "income",
	    g->sums[0].sum / (double)g->sums[0].n -
		g->sums[1].sum / (double)g->sums[1].n);
	sheet_between(
	    s, "income_range", stats_means_interval(g->sums[0], g->sums[1], CONFIDENCE));
	verdict(s, d);
}

static void
columns(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "treated", "treated", "处理组", SHEET_INTEGER);
	sheet_column(s, "treated_goals", "reached the goal", "达成目标", SHEET_INTEGER);
	sheet_column(s, "treated_share", "goal of treated", "处理组达成率", SHEET_SHARE);
	sheet_column(s, "control", "held out", "对照组", SHEET_INTEGER);
	sheet_column(
	    s, "control_goals", "goal without touches", "对照组达成目标", SHEET_INTEGER);
	sheet_column(s, "control_share", "goal of held out", "对照组达成率", SHEET_SHARE);
	sheet_column(s, "difference", "difference", "差值", SHEET_SHARE);
	sheet_column(s, "interval", "95 % interval", "95% 区间", SHEET_INTERVAL);
	sheet_column(s, "p", "p", "p 值", SHEET_NUMBER);
	sheet_column(s, "incremental", "goals more", "增量达成", SHEET_NUMBER);
	sheet_column(s, "income", "income more a customer, yuan", "人均增量收入（元）",
	    SHEET_MONEY);
	sheet_column(s, "income_range", "95 % interval of income, yuan",
	    "收入 95% 区间（元）", SHEET_RANGE);
	sheet_column(s, "verdict", "verdict", "结论", SHEET_TEXT);
}

/* Group-wide, by customer from his first entry into anything: those held out of
 * everything against all others, held out by a single playbook or not. */
static void
house(struct reports *r, struct sheet *s)
{
	struct group g = { 0 };

	for (guint i = 0; i < r->man->len; i++) {
		const struct man *m = r->man->pdata[i];
		struct walk sum = { 0 };
		bool any = false;

		for (int k = 0; k < m->n_walks; k++) {
			const struct walk *w = &m->walks[k];

			if (!report_in(r, w->entered_at))
				continue;
			sum.control |= w->house;
			sum.goal_at = MAX(sum.goal_at, w->goal_at);
			if (!any)
				sum.spent = w->spent;
			any = true;
		}
		if (any)
			count(&g, &sum);
	}
	sheet_row(s);
	sheet_words(s, reports_dim_name((int)r->ask.by[0]), "the whole house", "全店");
	row(r, s, &g);
}

/* 500 as "5", 250 as "2.5". */
static void
append_share(GString *out, int per_10000)
{
	char n[32];

	g_ascii_formatd(n, sizeof(n), "%g", per_10000 / 100.0);
	g_string_append(out, n);
}

/* The group is drawn anew when its share changes: who reads a year must know. */
static void
house_shares(struct reports *r, struct sheet *s)
{
	GString *en = g_string_new("Held out of everything: "),
		*zh = g_string_new("全店对照组：");
	char day[16];

	for (guint i = 0; i < r->shares->len; i++) {
		const struct held_share *h =
		    &g_array_index(r->shares, struct held_share, i);

		report_day_text(r, h->at, day);
		g_string_append(en, i == 0 ? "" : ", ");
		append_share(en, h->per_10000);
		g_string_append_printf(en, " %% since %s", day);
		g_string_append_printf(zh, "%s自 %s 起 ", i == 0 ? "" : "，", day);
		append_share(zh, h->per_10000);
		g_string_append(zh, "%");
	}
	g_string_append(en, ".");
	g_string_append(zh, "。");
	if (r->shares->len > 0)
		sheet_note(s, en->str, zh->str);
	g_string_free(en, TRUE);
	g_string_free(zh, TRUE);
}

void
report_control(struct reports *r, struct sheet *s)
{
	bool held = false;

	columns(r, s);
	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);

		if (!report_in(r, w->entered_at))
			continue;
		held |= w->control;
		/* Who is held out of everything is compared below, not with a playbook. */
		if (!w->house)
			count(report_group(r, w->man, w, NULL), w);
	}
	report_rows(r, s, row);
	if (r->ask.n_by > 0)
		house(r, s);
	house_shares(r, s);
	if (!held && r->walks->len > 0)
		sheet_note(s,
		    "Nobody is held out, so what outreach adds is not measurable: give "
		    "playbooks a `control`.",
		    "没有对照组，触达的增量无法测量：请为剧本设置 control。");
}
