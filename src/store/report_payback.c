/* report_payback.c - who has paid back what winning him cost. */
#include "report.h"

enum { CUSTOMERS, PAST, CAME };

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "customers", g->n[CUSTOMERS]);
	sheet_int(s, "came", g->n[CAME]);
	sheet_int(s, "past", g->n[PAST]);
	sheet_share(s, "share", g->n[PAST], g->n[CAME]);
	sheet_number(s, "open",
	    (double)(g->n[CAME] - g->n[PAST]) * r->ask.rules->acquisition.cost);
}

void
report_payback(struct reports *r, struct sheet *s)
{
	char en[160], zh[160];

	report_columns(r, s);
	sheet_column(s, "customers", "customers", "客户数", SHEET_INTEGER);
	sheet_column(s, "came", "came once or more", "到过店", SHEET_INTEGER);
	sheet_column(s, "past", "paid back", "已回本", SHEET_INTEGER);
	sheet_column(s, "share", "paid back of these", "回本率", SHEET_SHARE);
	sheet_column(s, "open", "not paid back yet, yuan", "尚未回本的获客成本（元）",
	    SHEET_MONEY);
	for (guint i = 0; i < r->man->len; i++) {
		const struct man *m = r->man->pdata[i];
		struct group *g;

		if (m->erased)
			continue;
		g = report_group(r, m, NULL, NULL);
		g->n[CUSTOMERS]++;
		g->n[CAME] += m->visits > 0;
		g->n[PAST] += m->visits >= r->ask.rules->acquisition.visits;
	}
	report_rows(r, s, row);
	g_snprintf(en, sizeof(en),
	    "Paid back: %d visits or more; winning a customer costs %.0f yuan.",
	    r->ask.rules->acquisition.visits, r->ask.rules->acquisition.cost);
	g_snprintf(zh, sizeof(zh), "回本：到店 %d 次及以上；获客成本 %.0f 元。",
	    r->ask.rules->acquisition.visits, r->ask.rules->acquisition.cost);
	sheet_note(s, en, zh);
}
