/* report_calls.c - calls: who made them and whom they won back, and when people answer. */
#include <string.h>

#include "report.h"

/* ---- advisors ---- */

enum { ASKED, MADE, REACHED, BOOKED, LATE, WON, DISPUTED };

/* A call stands for a touch of its instant; the advisor is who made it. */
static struct group *
group_of(struct reports *r, const struct called *c)
{
	struct touch at = { .man = c->man, .planned_at = c->at, .at = c->at };
	struct man who = *c->man;

	at.step = at.variant = "";
	who.advisor = c->by;
	return report_group(r, &who, NULL, &at);
}

/* The last call that was made in a run before its goal; NULL: none. *others: somebody
 * else had called in it as well. */
static const struct called *
won_by(const struct walk *w, bool *others)
{
	const struct called *last = NULL;

	*others = false;
	for (int i = 0; i < w->n_calls; i++) {
		const struct called *c = &w->calls[i];

		if (!c->made || c->at > w->goal_at)
			continue;
		*others |= last != NULL && last->by != c->by;
		last = c;
	}
	return last;
}

static bool
wins_back(const struct reports *r, const struct walk *w)
{
	return report_listed(
	    r->ask.rules->lines[LINES - 1], report_playbook(r, w->playbook));
}

/* In a report by month, whoever won most of it; several when they are level. */
static bool
is_best(const struct reports *r, const struct group *g)
{
	int month = -1;

	for (int i = 0; i < r->ask.n_by; i++)
		if (r->ask.by[i] == DIM_MONTH)
			month = i;
	if (month < 0 || g->n[WON] == 0)
		return false;
	for (guint i = 0; i < r->group->len; i++) {
		const struct group *other = r->group->pdata[i];

		if (strcmp(other->key[month], g->key[month]) == 0 &&
		    other->n[WON] > g->n[WON])
			return false;
	}
	return true;
}

static void
advisor(struct reports *r, struct sheet *s, const struct group *g)
{
	double base = (double)g->n[WON] * r->ask.rules->commission.each;

	sheet_int(s, "asked", g->n[ASKED]);
	sheet_int(s, "made", g->n[MADE]);
	sheet_int(s, "reached", g->n[REACHED]);
	sheet_share(s, "reach", g->n[REACHED], g->n[MADE]);
	sheet_int(s, "booked", g->n[BOOKED]);
	sheet_int(s, "late", g->n[LATE]);
	sheet_int(s, "won", g->n[WON]);
	sheet_int(s, "disputed", g->n[DISPUTED]);
	if (is_best(r, g)) {
		sheet_words(s, "best", "yes", "是");
		base += r->ask.rules->commission.best;
	}
	sheet_number(s, "commission", base);
}

void
report_advisors(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "asked", "asked", "待拨", SHEET_INTEGER);
	sheet_column(s, "made", "made", "已拨", SHEET_INTEGER);
	sheet_column(s, "reached", "reached", "接通", SHEET_INTEGER);
	sheet_column(s, "reach", "reached of made", "接通率", SHEET_SHARE);
	sheet_column(s, "booked", "booked", "预约", SHEET_INTEGER);
	sheet_column(s, "late", "escalated", "超时升级", SHEET_INTEGER);
	sheet_column(s, "won", "won back", "挽回", SHEET_INTEGER);
	sheet_column(s, "disputed", "disputed", "多人参与", SHEET_INTEGER);
	sheet_column(s, "commission", "commission, yuan", "提成（元）", SHEET_MONEY);
	sheet_column(s, "best", "first of the month", "月度第一", SHEET_TEXT);
	for (guint i = 0; i < r->called->len; i++) {
		const struct called *c = &g_array_index(r->called, struct called, i);
		struct group *g;

		if (!report_in(r, c->at))
			continue;
		g = group_of(r, c);
		g->n[ASKED]++;
		g->n[MADE] += c->made;
		g->n[REACHED] += c->reached;
		g->n[BOOKED] += c->booked;
		g->n[LATE] += c->late;
	}
	for (guint i = 0; i < r->walks->len; i++) {
		const struct walk *w = &g_array_index(r->walks, struct walk, i);
		const struct called *c = NULL;
		struct called back;
		bool others;

		if (w->goal_at != 0 && !w->control && wins_back(r, w) &&
		    report_in(r, w->goal_at))
			c = won_by(w, &others);
		if (c == NULL)
			continue;
		back = *c;
		back.at = w->goal_at; /* the month he came back */
		group_of(r, &back)->n[WON]++;
		group_of(r, &back)->n[DISPUTED] += others;
	}
	report_rows(r, s, advisor);
	sheet_note(s,
	    "Won back: a run of the third line met its goal after a call; the last "
	    "caller is named, and where others had called too it is for a person to "
	    "settle.",
	    "挽回：第三道防线的剧本在通话后达成目标，记在最后拨打者名下；如有他人参与，由"
	    "人裁定。");
}

/* ---- hours ---- */

#define ENOUGH 20 /* calls in an hour, to propose it */
#define CONFIDENCE 0.95

/* The rate of the store it is in, over all hours; of all without stores. */
static struct share
own_rate(const struct reports *r, const struct group *g)
{
	struct share sum = { 0 };
	int store = -1;

	for (int i = 0; i < r->ask.n_by; i++)
		if (r->ask.by[i] == DIM_STORE)
			store = i;
	for (guint i = 0; i < r->group->len; i++) {
		const struct group *other = r->group->pdata[i];

		if (store >= 0 && strcmp(other->key[store], g->key[store]) != 0)
			continue;
		sum.n += other->n[MADE];
		sum.hits += other->n[REACHED];
	}
	return sum;
}

static void
hour(struct reports *r, struct sheet *s, const struct group *g)
{
	struct share here = { g->n[MADE], g->n[REACHED] };
	struct interval i = stats_share_interval(here, CONFIDENCE);

	sheet_int(s, "made", here.n);
	sheet_int(s, "reached", here.hits);
	sheet_share(s, "reach", here.hits, here.n);
	sheet_between(s, "interval", i);
	if (here.n < ENOUGH)
		sheet_words(s, "proposed", "too few to say", "样本太少");
	else if (i.low > share_of(own_rate(r, g)))
		sheet_words(s, "proposed", "offer calls then", "建议此时拨打");
}

void
report_hours(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "made", "calls made", "已拨", SHEET_INTEGER);
	sheet_column(s, "reached", "reached", "接通", SHEET_INTEGER);
	sheet_column(s, "reach", "reached of made", "接通率", SHEET_SHARE);
	sheet_column(s, "interval", "95 % interval", "95% 区间", SHEET_INTERVAL);
	sheet_column(s, "proposed", "proposal", "建议", SHEET_TEXT);
	for (guint i = 0; i < r->called->len; i++) {
		const struct called *c = &g_array_index(r->called, struct called, i);
		struct group *g;

		if (!c->made || !report_in(r, c->at) ||
		    date_weekday(report_day(r, c->at)) >= 5)
			continue;
		g = group_of(r, c);
		g->n[MADE]++;
		g->n[REACHED] += c->reached;
	}
	report_rows(r, s, hour);
	sheet_note(s,
	    "Hours that are proposed go under `hours` of `tasks` in policy.yaml.",
	    "建议的时段写入 policy.yaml 的 tasks: hours。");
}
