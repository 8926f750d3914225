/* report_silence.c - what is lost by saying nothing: an example, and the house's own figures.
 *
 * The house's lost are those in that stage, or not seen for a year; what they brought a
 * year is the mean spend of those who still come; touching them would have cost what a
 * customer and year costs by the touches there were. */
#include <string.h>

#include "report.h"

#define AWAY 365

static void
line(struct sheet *s, const char *basis, const char *zh, double lost, double yearly,
    double saved)
{
	sheet_row(s);
	sheet_words(s, "basis", basis, zh);
	sheet_int(s, "lost", (int64_t)lost);
	sheet_number(s, "yearly", yearly);
	sheet_number(s, "loss", lost * yearly);
	sheet_number(s, "saved", saved);
	sheet_ratio(s, "roi", -lost * yearly, saved);
}

static int64_t
last_seen(struct reports *r, const struct man *m)
{
	int64_t seen = m->last_visit;

	for (int i = 0; i < m->n_happened; i++)
		if (m->happened[i].mark & (MARK_RETURN | MARK_ORDER))
			seen = MAX(seen, report_day(r, m->happened[i].at));
	return seen;
}

/* Yuan a customer and year, by what was sent in the last year. */
static double
touching(const struct reports *r)
{
	GHashTable *men = g_hash_table_new(NULL, NULL);
	double cost = 0;
	guint n;

	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);

		if (!report_sent(t) || t->at < r->ask.now - AWAY * MS_DAY)
			continue;
		cost += (double)t->cost;
		g_hash_table_add(men, t->man);
	}
	n = g_hash_table_size(men);
	g_hash_table_destroy(men);
	return n > 0 ? cost / n : 0;
}

static void
house(struct reports *r, struct sheet *s)
{
	int64_t today = report_day(r, r->ask.now), lost = 0, here = 0;
	double spend = 0;

	for (guint i = 0; i < r->man->len; i++) {
		const struct man *m = r->man->pdata[i];
		int64_t seen = last_seen(r, m);

		if (m->erased || (seen == 0 && strcmp(m->stage, "lost") != 0))
			continue;
		if (strcmp(m->stage, "lost") == 0 || today - seen >= AWAY) {
			lost++;
		} else if (m->spend > 0) {
			here++;
			spend += m->spend;
		}
	}
	line(s, "this house", "本店", (double)lost, here > 0 ? spend / (double)here : 0,
	    (double)lost * touching(r));
}

void
report_silence(struct reports *r, struct sheet *s)
{
	const struct report_rules *rules = r->ask.rules;

	sheet_column(s, "basis", "figures of", "口径", SHEET_TEXT);
	sheet_column(s, "lost", "lost customers", "流失客户", SHEET_INTEGER);
	sheet_column(s, "yearly", "a year each, yuan", "年均价值（元）", SHEET_MONEY);
	sheet_column(s, "loss", "lost a year, yuan", "年损失（元）", SHEET_MONEY);
	sheet_column(
	    s, "saved", "saved by silence, yuan", "不触达省下（元）", SHEET_MONEY);
	sheet_column(s, "roi", "ROI of silence", "沉默的投资回报率", SHEET_NUMBER);
	if (rules->silence.lost > 0)
		line(s, "example", "示例", rules->silence.lost, rules->silence.yearly,
		    rules->silence.saved);
	house(r, s);
	sheet_note(s,
	    "ROI of silence: what is lost over what was saved, below zero: every yuan "
	    "not spent loses so many.",
	    "沉默的投资回报率 = 损失 ÷ 省下的费用，负值表示每省一元损失若干元。");
}
