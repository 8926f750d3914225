/* report_ratings.c - mean score and net promoter score, never mixed. */
#include "report.h"

enum { SCORES, ASKED, PROMOTERS, DETRACTORS };
enum { SUM };

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "ratings", g->n[SCORES]);
	sheet_ratio(s, "mean", 10 * g->money[SUM], (double)g->n[SCORES]);
	sheet_int(s, "nps_asked", g->n[ASKED]);
	sheet_int(s, "promoters", g->n[PROMOTERS]);
	sheet_int(s, "detractors", g->n[DETRACTORS]);
	sheet_ratio(s, "nps", 100 * (double)(g->n[PROMOTERS] - g->n[DETRACTORS]),
	    (double)g->n[ASKED]);
}

void
report_ratings(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "ratings", "ratings", "评分数", SHEET_INTEGER);
	sheet_column(s, "mean", "mean of 10", "平均分（十分制）", SHEET_NUMBER);
	sheet_column(s, "nps_asked", "asked to recommend", "推荐意愿作答", SHEET_INTEGER);
	sheet_column(s, "promoters", "promoters", "推荐者", SHEET_INTEGER);
	sheet_column(s, "detractors", "detractors", "贬损者", SHEET_INTEGER);
	sheet_column(s, "nps", "NPS", "净推荐值", SHEET_NUMBER);
	for (guint i = 0; i < r->happened->len; i++) {
		const struct happened *h =
		    &g_array_index(r->happened, struct happened, i);
		/* A month is that of the rating: it stands in for a touch of that day. */
		struct touch at = { .man = h->man, .planned_at = h->at, .at = h->at };
		struct group *g;

		if (!(h->mark & MARK_RATING) || !report_in(r, h->at))
			continue;
		at.step = at.variant = "";
		g = report_group(r, h->man, NULL, &at);
		if (h->nps) {
			g->n[ASKED]++;
			g->n[PROMOTERS] += (double)h->score >= 0.9 - 1e-6;
			g->n[DETRACTORS] += (double)h->score <= 0.6 + 1e-6;
		} else {
			g->n[SCORES]++;
			g->money[SUM] += (double)h->score;
		}
	}
	report_rows(r, s, row);
}
