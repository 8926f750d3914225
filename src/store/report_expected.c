/* report_expected.c - what playbooks are expected to reach, beside what they have reached. */
#include "report.h"

#include <string.h>

enum { ENTERED, MET };

/* So few prove nothing. */
#define FEW 30

static const struct expected *
expected_of(const struct reports *r, const char *playbook)
{
	for (const struct expected *x = r->ask.expected; x != NULL && x->playbook != NULL;
	     x++)
		if (strcmp(x->playbook, playbook) == 0)
			return x;
	return NULL;
}

enum verdict { TOO_FEW, BELOW, AS_EXPECTED, ABOVE };
static const char *const verdicts[][2] = { { "too few to say", "人数太少" },
	{ "below", "低于预期" }, { "as expected", "符合预期" }, { "above", "高于预期" } };

/* Only what the interval leaves no doubt of. */
static enum verdict
judge(struct share s, double wanted)
{
	struct interval i = stats_share_interval(s, 0.95);

	if (s.n < FEW)
		return TOO_FEW;
	return i.high < wanted ? BELOW : i.low > wanted ? ABOVE : AS_EXPECTED;
}

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	const struct expected *x = expected_of(r, g->key[0]);
	struct share share = { g->n[ENTERED], g->n[MET] };
	double wanted = x->of.goal / 10000.0;
	enum verdict v = judge(share, wanted);

	sheet_int(s, "entered", share.n);
	sheet_int(s, "met", share.hits);
	sheet_share(s, "actual", share.hits, share.n);
	sheet_between(s, "between", stats_share_interval(share, 0.95));
	sheet_share(s, "expected", x->of.goal, 10000);
	sheet_int(s, "days", x->of.by / MS_DAY);
	sheet_words(s, "basis", x->of.assumed ? "assumption" : "field",
	    x->of.assumed ? "假设" : "行业数据");
	sheet_words(s, "verdict", verdicts[v][0], verdicts[v][1]);
	if (v == BELOW) {
		char *en = g_strdup_printf(
			 "For the monthly review: %s is below what is expected.",
			 x->playbook),
		     *zh = g_strdup_printf("月度复盘请看：%s 低于预期。", x->playbook);

		sheet_note(s, en, zh);
		g_free(en);
		g_free(zh);
	}
}

static void
columns(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "entered", "had the time", "已满观察期", SHEET_INTEGER);
	sheet_column(s, "met", "met the goal in it", "期内达成", SHEET_INTEGER);
	sheet_column(s, "actual", "actual", "实际达成率", SHEET_SHARE);
	sheet_column(s, "between", "95 % interval", "95% 区间", SHEET_INTERVAL);
	sheet_column(s, "expected", "expected", "预期达成率", SHEET_SHARE);
	sheet_column(s, "days", "days", "观察天数", SHEET_INTEGER);
	sheet_column(s, "basis", "figure from", "预期来源", SHEET_TEXT);
	sheet_column(s, "verdict", "verdict", "结论", SHEET_TEXT);
}

void
report_expected(struct reports *r, struct sheet *s)
{
	columns(r, s);
	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);
		const struct expected *x =
		    expected_of(r, report_playbook(r, w->playbook));
		struct group *g;

		if (x == NULL || w->control || !report_in(r, w->entered_at) ||
		    w->entered_at + x->of.by > r->ask.now)
			continue;
		g = report_group(r, w->man, w, NULL);
		g->n[ENTERED]++;
		g->n[MET] += w->goal_at != 0 && w->goal_at <= w->entered_at + x->of.by;
	}
	report_rows(r, s, row);
}
