/* report_dashboard.c - reach, response, trial, recall, stay: each of what it is a share of.
 *
 * Runs held out are not counted. Recall is told of those reached and of those
 * targeted; stay of those back whose time to stay is over, or who have stayed. */
#include "report.h"

enum { TARGETED, REACHED, ANSWERED, TRIED, RECALLED, RECALLED_REACHED, KNOWN, STAYED };

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "targeted", g->n[TARGETED]);
	sheet_int(s, "reached", g->n[REACHED]);
	sheet_int(s, "answered", g->n[ANSWERED]);
	sheet_int(s, "tried", g->n[TRIED]);
	sheet_int(s, "recalled", g->n[RECALLED]);
	sheet_int(s, "stayed", g->n[STAYED]);
	sheet_share(s, "reach", g->n[REACHED], g->n[TARGETED]);
	sheet_share(s, "response", g->n[ANSWERED], g->n[REACHED]);
	sheet_share(s, "trial", g->n[TRIED], g->n[ANSWERED]);
	sheet_share(s, "recall", g->n[RECALLED_REACHED], g->n[REACHED]);
	sheet_share(s, "recall_of_targeted", g->n[RECALLED], g->n[TARGETED]);
	sheet_share(s, "retained", g->n[STAYED], g->n[KNOWN]);
}

static void
columns(struct reports *r, struct sheet *s)
{
	const struct report_rules *rules = r->ask.rules;

	report_columns(r, s);
	sheet_column(s, "targeted", "targeted", "目标", SHEET_INTEGER);
	sheet_column(s, "reached", "reached", "触达", SHEET_INTEGER);
	sheet_column(s, "answered", "answered", "回应", SHEET_INTEGER);
	sheet_column(s, "tried", "tried", "体验", SHEET_INTEGER);
	sheet_column(s, "recalled", "recalled", "召回", SHEET_INTEGER);
	sheet_column(s, "stayed", "stayed", "留存", SHEET_INTEGER);
	sheet_column(s, "reach", "reached of targeted", "触达率", SHEET_SHARE);
	sheet_target(s, rules->targets.reach);
	sheet_column(s, "response", "answered of reached", "回应率", SHEET_SHARE);
	sheet_target(s, rules->targets.response);
	sheet_column(s, "trial", "tried of answered", "体验率", SHEET_SHARE);
	sheet_target(s, rules->targets.trial);
	sheet_column(s, "recall", "recalled of reached", "召回率（占触达）", SHEET_SHARE);
	sheet_target(s, rules->targets.recall);
	sheet_column(s, "recall_of_targeted", "recalled of targeted", "召回率（占目标）",
	    SHEET_SHARE);
	sheet_column(s, "retained", "stayed of recalled", "留存率", SHEET_SHARE);
	sheet_target(s, rules->targets.retained);
}

void
report_dashboard(struct reports *r, struct sheet *s)
{
	int64_t open = 0;

	columns(r, s);
	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);
		struct group *g;

		if (w->control || !report_in(r, w->entered_at))
			continue;
		g = report_group(r, w->man, w, NULL);
		g->n[TARGETED]++;
		g->n[REACHED] += w->reached;
		g->n[ANSWERED] += w->answered;
		g->n[TRIED] += w->tried;
		g->n[RECALLED] += w->recalled;
		g->n[RECALLED_REACHED] += w->recalled && w->reached;
		g->n[KNOWN] += w->recalled && w->stay_known;
		g->n[STAYED] += w->recalled && w->returns > 0;
		open += w->recalled && !w->stay_known;
	}
	report_rows(r, s, row);
	if (open > 0)
		sheet_note(s,
		    "Some who came back have not yet had the time to stay: they do not "
		    "count in it.",
		    "部分召回客户尚未满留存观察期，未计入留存率。");
}
