/* report_funnel.c - from the plan to the goal, step by step. */
#include "report.h"

enum { TOUCHES, SENT, DELIVERED, OPENED, CLICKED, ANSWERED, RUNS, GOALS };

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "touches", g->n[TOUCHES]);
	sheet_int(s, "sent", g->n[SENT]);
	sheet_int(s, "delivered", g->n[DELIVERED]);
	sheet_int(s, "opened", g->n[OPENED]);
	sheet_int(s, "clicked", g->n[CLICKED]);
	sheet_int(s, "answered", g->n[ANSWERED]);
	sheet_int(s, "goals", g->n[GOALS]);
	sheet_share(s, "sent_share", g->n[SENT], g->n[TOUCHES]);
	sheet_share(s, "answer_share", g->n[ANSWERED], g->n[SENT]);
	sheet_share(s, "goal_share", g->n[GOALS], g->n[SENT]);
}

/* The goal is this touch's when it was the last one before it. */
static bool
led_to_goal(const struct touch *t)
{
	const struct walk *w = t->walk;

	if (w == NULL || w->goal_at == 0 || t->at > w->goal_at)
		return false;
	for (const struct touch *next = t + 1; next < t->man->touches + t->man->n_touches;
	     next++)
		if (next->walk == w && report_sent(next) && next->at <= w->goal_at)
			return false;
	return true;
}

void
report_funnel(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "touches", "touches", "计划", SHEET_INTEGER);
	sheet_column(s, "sent", "sent", "发出", SHEET_INTEGER);
	sheet_column(s, "delivered", "delivered", "送达", SHEET_INTEGER);
	sheet_column(s, "opened", "reported opens", "回报打开", SHEET_INTEGER);
	sheet_column(s, "clicked", "clicked", "点击", SHEET_INTEGER);
	sheet_column(s, "answered", "answered", "回应", SHEET_INTEGER);
	sheet_column(s, "goals", "goal after it", "其后达成目标", SHEET_INTEGER);
	sheet_column(s, "sent_share", "sent of touches", "发出率", SHEET_SHARE);
	sheet_column(s, "answer_share", "answered of sent", "回应率", SHEET_SHARE);
	sheet_column(s, "goal_share", "goal of sent", "目标达成率", SHEET_SHARE);
	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);
		struct group *g;

		if (!report_in(r, t->planned_at))
			continue;
		g = report_group(r, t->man, t->walk, t);
		g->n[TOUCHES]++;
		if (!report_sent(t))
			continue;
		g->n[SENT]++;
		g->n[DELIVERED] += t->state == MSG_DELIVERED;
		g->n[OPENED] += t->opened_at != 0;
		g->n[CLICKED] += t->clicked_at != 0;
		g->n[ANSWERED] += t->answered_at != 0;
		g->n[GOALS] += led_to_goal(t);
	}
	report_rows(r, s, row);
	sheet_note(s,
	    "Opens are what devices report: some never do, some programs open by "
	    "themselves.",
	    "打开数为设备回报：有的设备从不回报，有的程序会自动打开。");
}
