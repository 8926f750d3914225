/* report_timeliness.c - how soon important notices are acted upon, where that can be seen. */
#include "report.h"

enum { NOTICES, SEEN, SOON, LATER };

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "notices", g->n[NOTICES]);
	sheet_int(s, "seen", g->n[SEEN]);
	sheet_share(s, "observable", g->n[SEEN], g->n[NOTICES]);
	sheet_share(s, "within_2h", g->n[SOON], g->n[SEEN]);
	sheet_share(s, "within_24h", g->n[LATER], g->n[SEEN]);
}

void
report_timeliness(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "notices", "notices", "重要通知", SHEET_INTEGER);
	sheet_column(s, "seen", "observable", "可观察", SHEET_INTEGER);
	sheet_column(s, "observable", "observable of all", "可观察占比", SHEET_SHARE);
	sheet_column(s, "within_2h", "within 2 h", "2 小时内", SHEET_SHARE);
	sheet_column(s, "within_24h", "within 24 h", "24 小时内", SHEET_SHARE);
	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);
		ms_t first = t->answered_at;
		struct group *g;

		if (!report_sent(t) || t->category == CATEGORY_MARKETING ||
		    !report_in(r, t->at))
			continue;
		g = report_group(r, t->man, t->walk, t);
		g->n[NOTICES]++;
		if (!t->links && !(r->ask.rules->observable & BIT(t->channel)))
			continue;
		g->n[SEEN]++;
		if (t->clicked_at != 0 && (first == 0 || t->clicked_at < first))
			first = t->clicked_at;
		g->n[SOON] += first != 0 && first - t->at <= 2 * MS_HOUR;
		g->n[LATER] += first != 0 && first - t->at <= 24 * MS_HOUR;
	}
	report_rows(r, s, row);
}
