/* report_ab.c - A/B tests arm by arm: a winner, none, or a direction only. */
#include "report.h"

#define CONFIDENCE 0.95

static int
best_of(const struct tested *t)
{
	int best = 0;

	for (int i = 1; i < t->n_arms; i++)
		if (share_of(t->arms[i].counted) > share_of(t->arms[best].counted))
			best = i;
	return best;
}

/* Every pair is looked at; p[i] is that of the best arm against arm i, corrected. */
static void
against_best(const struct tested *t, int best, double *p)
{
	double all[ARMS_MAX * ARMS_MAX], holm[ARMS_MAX * ARMS_MAX];
	int pair[ARMS_MAX] = { 0 }, n = 0;

	for (int i = 0; i < t->n_arms; i++)
		for (int k = i + 1; k < t->n_arms; k++) {
			if (i == best || k == best)
				pair[i == best ? k : i] = n;
			all[n++] =
			    stats_test_shares(t->arms[i].counted, t->arms[k].counted).p;
		}
	stats_holm(all, n, holm);
	for (int i = 0; i < t->n_arms; i++)
		p[i] = n > 0 ? holm[pair[i]] : 1;
}

static void
verdict(struct sheet *s, const struct tested *t, const struct arm *a)
{
	if (t->decided_at == 0)
		sheet_words(s, "verdict", "still running", "进行中");
	else if (t->verdict == AB_WINNER && g_strcmp0(a->name, t->winner) == 0)
		sheet_words(s, "verdict", "winner", "胜出");
	else if (t->verdict == AB_NONE)
		sheet_words(s, "verdict", "no winner", "无胜者");
	else if (t->verdict == AB_DIRECTION)
		sheet_words(s, "verdict", "direction only", "仅供参考方向");
}

static void
one(struct reports *r, struct sheet *s, const struct tested *t)
{
	double p[ARMS_MAX];
	int best = best_of(t);

	against_best(t, best, p);
	for (int i = 0; i < t->n_arms; i++) {
		const struct arm *a = &t->arms[i];

		sheet_row(s);
		sheet_text(s, "playbook", report_playbook(r, t->playbook));
		sheet_text(s, "step", t->step);
		sheet_text(s, "test", t->name);
		sheet_text(s, "arm", a->name);
		sheet_date(s, "since", report_day(r, t->started_at));
		sheet_int(s, "people", a->counted.n);
		sheet_int(s, "hits", a->counted.hits);
		sheet_share(s, "share", a->counted.hits, a->counted.n);
		sheet_between(
		    s, "interval", stats_share_interval(a->counted, CONFIDENCE));
		if (i != best) {
			sheet_number(s, "below_best",
			    share_of(t->arms[best].counted) - share_of(a->counted));
			sheet_number(s, "p", p[i]);
		}
		verdict(s, t, a);
	}
}

void
report_ab(struct reports *r, struct sheet *s)
{
	sheet_column(s, "playbook", "playbook", "剧本", SHEET_TEXT);
	sheet_column(s, "step", "step", "步骤", SHEET_TEXT);
	sheet_column(s, "test", "test", "测试", SHEET_TEXT);
	sheet_column(s, "arm", "arm", "方案", SHEET_TEXT);
	sheet_column(s, "since", "since", "开始", SHEET_DATE);
	sheet_column(s, "people", "people", "人数", SHEET_INTEGER);
	sheet_column(s, "hits", "did it", "达成", SHEET_INTEGER);
	sheet_column(s, "share", "share", "达成率", SHEET_SHARE);
	sheet_column(s, "interval", "95 % interval", "95% 区间", SHEET_INTERVAL);
	sheet_column(s, "below_best", "below the best", "低于最佳", SHEET_SHARE);
	sheet_column(s, "p", "p", "p 值", SHEET_NUMBER);
	sheet_column(s, "verdict", "verdict", "结论", SHEET_TEXT);
	for (guint i = 0; i < r->tested->len; i++) {
		const struct tested *t = &g_array_index(r->tested, struct tested, i);

		if (report_in(r, t->started_at))
			one(r, s, t);
	}
	sheet_note(s,
	    "A test that is decided shows what was counted then. p is of the best arm "
	    "against this one, corrected for all pairs.",
	    "已判定的测试显示判定时的数字。p "
	    "值为最佳方案与该方案之比较，已按全部两两比较校正。");
}
