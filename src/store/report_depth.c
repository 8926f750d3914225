/* report_depth.c - do those stay whom we keep company? By the deepest kind of touch. Whose
 * time to stay is not over since his first touch is not counted yet, and what he did before
 * it is no staying. */
#include "report.h"

#define YEAR (365 * MS_DAY)

static const char *const titles[DEPTHS] = { "promotion only", "reminders",
	"companionship" };
static const char *const titles_zh[DEPTHS] = { "仅促销", "提醒", "陪伴" };

static enum depth
depth_of(const struct reports *r, const struct touch *t)
{
	for (int d = DEPTHS; d-- > 0;)
		if (report_listed(
			r->ask.rules->depth[d], report_playbook(r, t->playbook)))
			return (enum depth)d;
	return t->category == CATEGORY_MARKETING ? DEPTH_PROMOTION : DEPTH_REMINDER;
}

/* The deepest kind of touch in [from, to); -1: none. */
static int
deepest(const struct reports *r, const struct man *m, ms_t from, ms_t to)
{
	int best = -1;

	for (int i = 0; i < m->n_touches; i++)
		if (report_sent(&m->touches[i]) && m->touches[i].at >= from &&
		    m->touches[i].at < to)
			best = MAX(best, (int)depth_of(r, &m->touches[i]));
	return best;
}

/* The first touch in [from, to); 0: none. */
static ms_t
first_touch(const struct man *m, ms_t from, ms_t to)
{
	ms_t first = 0;

	for (int i = 0; i < m->n_touches; i++)
		if (report_sent(&m->touches[i]) && m->touches[i].at >= from &&
		    m->touches[i].at < to && (first == 0 || m->touches[i].at < first))
			first = m->touches[i].at;
	return first;
}

static bool
came(struct reports *r, const struct man *m, ms_t from, ms_t to)
{
	int64_t first = report_day(r, from), end = report_day(r, to);

	if (m->last_visit >= first && m->last_visit <= end)
		return true;
	for (int i = 0; i < m->n_happened; i++)
		if ((m->happened[i].mark & (MARK_RETURN | MARK_ORDER)) &&
		    m->happened[i].at >= from && m->happened[i].at < to)
			return true;
	return false;
}

static bool
known_before(struct reports *r, const struct man *m, ms_t at)
{
	return (m->first_visit != 0 && m->first_visit < report_day(r, at)) ||
	       came(r, m, 0, at);
}

void
report_depth(struct reports *r, struct sheet *s)
{
	ms_t to = MIN(r->ask.to, r->ask.now), from = to - YEAR;

	sheet_column(s, "depth", "deepest touch", "最深触达", SHEET_TEXT);
	sheet_column(s, "customers", "customers", "客户数", SHEET_INTEGER);
	sheet_column(s, "stayed", "stayed", "留存", SHEET_INTEGER);
	sheet_column(s, "retained", "stayed of these", "留存率", SHEET_SHARE);
	for (int d = 0; d < DEPTHS; d++) {
		int64_t n = 0, stayed = 0;

		for (guint i = 0; i < r->man->len; i++) {
			const struct man *m = r->man->pdata[i];
			ms_t first = first_touch(m, from, to);

			if (m->erased || first + r->ask.rules->stay > r->ask.now ||
			    deepest(r, m, from, to) != d ||
			    !known_before(r, m, from))
				continue;
			n++;
			stayed += came(r, m, first, r->ask.now);
		}
		sheet_row(s);
		sheet_words(s, "depth", titles[d], titles_zh[d]);
		sheet_int(s, "customers", n);
		sheet_int(s, "stayed", stayed);
		sheet_share(s, "retained", stayed, n);
	}
}
