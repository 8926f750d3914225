/* report_balance.c - every touch in one column; pauses and caps are what they are. */
#include "report.h"

static const char *const titles_zh[COLUMNS] = {
	[COLUMN_PLANNED] = "计划中",
	[COLUMN_HELD] = "暂缓",
	[COLUMN_AWAITING] = "待人工",
	[COLUMN_SENT] = "已发",
	[COLUMN_UNKNOWN] = "未知",
	[COLUMN_CAPPED] = "达上限",
	[COLUMN_OPTED_OUT] = "已退订",
	[COLUMN_EXPIRED] = "过期",
	[COLUMN_FAILED] = "失败",
	[COLUMN_LEFT] = "已离开",
	[COLUMN_CONTROL] = "对照组",
};

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "touches", g->n[COLUMNS]);
	for (int c = 0; c < COLUMNS; c++)
		sheet_int(s, column_name(c), g->n[c]);
	sheet_share(s, "sent_share", g->n[COLUMN_SENT], g->n[COLUMNS]);
}

void
report_balance(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "touches", "touches", "触达", SHEET_INTEGER);
	for (int c = 0; c < COLUMNS; c++)
		sheet_column(
		    s, column_name(c), column_name(c), titles_zh[c], SHEET_INTEGER);
	sheet_column(s, "sent_share", "sent of touches", "已发占比", SHEET_SHARE);
	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);
		struct group *g;

		if (!report_in(r, t->planned_at))
			continue;
		g = report_group(r, t->man, t->walk, t);
		g->n[COLUMNS]++;
		g->n[message_column(t->state, t->reason, t->planned_at <= r->ask.now)]++;
	}
	report_rows(r, s, row);
}
