/* report_presence.c - who is being forgotten: contacts of 30 days against the tier's floor. */
#include <string.h>

#include "report.h"

#define SPAN (30 * MS_DAY)
enum { CUSTOMERS, CONTACTS, BELOW, NONE, FLOORED, KNOWN, FORGOTTEN };
enum { MEMORY };

/* A touch that went, a visit, an answer. */
static int
contacts(const struct man *m, ms_t from, ms_t to)
{
	int n = 0;

	for (int i = 0; i < m->n_touches; i++)
		n += report_sent(&m->touches[i]) && m->touches[i].at >= from &&
		     m->touches[i].at < to;
	for (int i = 0; i < m->n_happened; i++)
		n += (m->happened[i].mark & (MARK_RETURN | MARK_ANSWER)) &&
		     m->happened[i].at >= from && m->happened[i].at < to;
	return n;
}

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "customers", g->n[CUSTOMERS]);
	sheet_ratio(s, "contacts", (double)g->n[CONTACTS], (double)g->n[CUSTOMERS]);
	sheet_int(s, "floored", g->n[FLOORED]);
	sheet_int(s, "below", g->n[BELOW]);
	sheet_share(s, "below_share", g->n[BELOW], g->n[FLOORED]);
	sheet_int(s, "none", g->n[NONE]);
	sheet_ratio(s, "memory", g->money[MEMORY], (double)g->n[KNOWN]);
	sheet_int(s, "forgotten", g->n[FORGOTTEN]);
}

void
report_presence(struct reports *r, struct sheet *s)
{
	ms_t to = MIN(r->ask.to, r->ask.now);
	bool list = report_by(r, DIM_CUSTOMER);

	report_columns(r, s);
	sheet_column(s, "customers", "customers", "客户数", SHEET_INTEGER);
	sheet_column(s, "contacts", "contacts each", "人均接触", SHEET_NUMBER);
	sheet_column(s, "floored", "with a floor", "有下限客户", SHEET_INTEGER);
	sheet_column(s, "below", "below the floor", "低于下限", SHEET_INTEGER);
	sheet_column(s, "below_share", "below of these", "低于下限占比", SHEET_SHARE);
	sheet_column(s, "none", "no contact at all", "毫无接触", SHEET_INTEGER);
	sheet_column(s, "memory", "mean presence", "平均存在感", SHEET_SHARE);
	sheet_column(s, "forgotten", "have forgotten us", "已遗忘我们", SHEET_INTEGER);
	for (guint i = 0; i < r->man->len; i++) {
		const struct man *m = r->man->pdata[i];
		const struct tier *tier = policy_tier(r->ask.policy, m->tier);
		int n = contacts(m, to - SPAN, to),
		    floor = tier != NULL ? tier->floor : 0;
		struct group *g;

		if (m->erased || (list && n >= floor))
			continue;
		g = report_group(r, m, NULL, NULL);
		g->n[CUSTOMERS]++;
		g->n[CONTACTS] += n;
		g->n[FLOORED] += floor > 0;
		g->n[BELOW] += n < floor;
		g->n[NONE] += n == 0;
		if (m->memory < 0)
			continue;
		g->n[KNOWN]++;
		g->money[MEMORY] += m->memory;
		g->n[FORGOTTEN] += m->memory < r->ask.policy->presence.forgotten;
	}
	report_rows(r, s, row);
}
