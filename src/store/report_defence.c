/* report_defence.c - three lines: reminders, churn warning, win-back; effort and standing.
 *
 * Effort is touches that went. Customers stand in a line by their stage. */
#include <string.h>

#include "report.h"

static const char *const names[LINES + 2] = { "1 reminders", "2 churn warning",
	"3 win-back", "care after return", "other" };
static const char *const names_zh[LINES + 2] = { "一 保养提醒", "二 流失预警", "三 挽回",
	"回归关怀", "其他" };
#define CARE LINES
#define OTHER (LINES + 1)

struct line {
	int64_t touches, standing, runs, goals;
	double cost;
};

static int
line_of(const struct reports *r, int playbook)
{
	for (int i = 0; i < LINES; i++)
		if (report_listed(r->ask.rules->lines[i], report_playbook(r, playbook)))
			return i;
	return OTHER;
}

static int
line_of_stage(const char *stage)
{
	static const struct {
		const char *stage;
		int line;
	} stages[] = { { "doubting", 1 }, { "trying", 1 }, { "dormant", 2 },
		{ "lost", 2 }, { "returned", CARE }, { "given-up", OTHER },
		{ "given_up", OTHER } };

	for (size_t i = 0; i < G_N_ELEMENTS(stages); i++)
		if (strcmp(stages[i].stage, stage) == 0)
			return stages[i].line;
	return 0;
}

static void
count(struct reports *r, struct line *lines)
{
	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);
		struct line *l = &lines[line_of(r, t->playbook)];

		if (!report_sent(t) || !report_in(r, t->at))
			continue;
		l->touches++;
		l->cost += (double)t->cost;
	}
	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);
		struct line *l = &lines[line_of(r, w->playbook)];

		if (w->control || !report_in(r, w->entered_at))
			continue;
		l->runs++;
		l->goals += w->goal_at != 0;
	}
	for (guint i = 0; i < r->man->len; i++) {
		const struct man *m = r->man->pdata[i];

		if (!m->erased)
			lines[line_of_stage(m->stage)].standing++;
	}
}

void
report_defence(struct reports *r, struct sheet *s)
{
	struct line lines[LINES + 2] = { 0 };
	int64_t effort = 0;

	sheet_column(s, "line", "line", "防线", SHEET_TEXT);
	sheet_column(s, "standing", "customers here", "所在客户", SHEET_INTEGER);
	sheet_column(s, "touches", "touches", "触达", SHEET_INTEGER);
	sheet_column(s, "effort", "of all effort", "投入占比", SHEET_SHARE);
	sheet_column(s, "first_two", "first two lines", "前两道合计", SHEET_SHARE);
	sheet_target(s, r->ask.rules->first_lines);
	sheet_column(s, "cost", "cost, yuan", "成本（元）", SHEET_MONEY);
	sheet_column(s, "runs", "runs", "进入人次", SHEET_INTEGER);
	sheet_column(s, "success", "goal of runs", "成功率", SHEET_SHARE);
	count(r, lines);
	for (int i = 0; i < LINES; i++)
		effort += lines[i].touches;
	for (int i = 0; i < LINES + 2; i++) {
		sheet_row(s);
		sheet_words(s, "line", names[i], names_zh[i]);
		sheet_int(s, "standing", lines[i].standing);
		sheet_int(s, "touches", lines[i].touches);
		if (i < LINES)
			sheet_share(s, "effort", lines[i].touches, effort);
		if (i == 1)
			sheet_share(
			    s, "first_two", lines[0].touches + lines[1].touches, effort);
		sheet_number(s, "cost", lines[i].cost);
		sheet_int(s, "runs", lines[i].runs);
		sheet_share(s, "success", lines[i].goals, lines[i].runs);
	}
	sheet_note(s,
	    "Playbooks of each line are named as `lines` under `reports` in policy.yaml; "
	    "effort compares the three lines.",
	    "各道防线的剧本在 policy.yaml 的 reports: lines "
	    "下命名；投入占比仅在三道防线之间比较。");
}
