/* report_channels.c - channels on the same footing: answers per touch that invited one
 * where it can be seen. */
#include "report.h"

enum { SENT, DELIVERED, OPENED, CLICKED, INVITED, ANSWERED, PEOPLE };
enum { COST, INVITED_COST, YEARS };

/* Its playbook asks for an answer and the channel lets us see one, or it has a link. */
static bool
invited(const struct reports *r, const struct touch *t)
{
	return t->links ||
	       ((r->ask.rules->observable & BIT(t->channel)) &&
		   report_listed(r->ask.inviting, report_playbook(r, t->playbook)));
}

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	(void)r;
	sheet_int(s, "sent", g->n[SENT]);
	sheet_int(s, "delivered", g->n[DELIVERED]);
	sheet_int(s, "invited", g->n[INVITED]);
	sheet_share(s, "observable", g->n[INVITED], g->n[SENT]);
	sheet_int(s, "answered", g->n[ANSWERED]);
	sheet_share(s, "answer_rate", g->n[ANSWERED], g->n[INVITED]);
	sheet_share(s, "reported_opens", g->n[OPENED], g->n[SENT]);
	sheet_share(s, "clicks", g->n[CLICKED], g->n[SENT]);
	sheet_number(s, "cost", g->money[COST]);
	sheet_ratio(s, "cost_of_answer", g->money[INVITED_COST], (double)g->n[ANSWERED]);
	sheet_ratio(s, "cost_a_year", g->money[COST], g->money[YEARS]);
}

static void
columns(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "sent", "sent", "发出", SHEET_INTEGER);
	sheet_column(s, "delivered", "delivered", "送达", SHEET_INTEGER);
	sheet_column(s, "invited", "asked and seen", "可观察邀请", SHEET_INTEGER);
	sheet_column(
	    s, "observable", "asked and seen of sent", "可观察占比", SHEET_SHARE);
	sheet_column(s, "answered", "answered", "回应", SHEET_INTEGER);
	sheet_column(s, "answer_rate", "answer rate", "回应率", SHEET_SHARE);
	sheet_column(s, "reported_opens", "reported opens", "回报打开率", SHEET_SHARE);
	sheet_column(s, "clicks", "clicks", "点击率", SHEET_SHARE);
	sheet_column(s, "cost", "cost, yuan", "成本（元）", SHEET_MONEY);
	sheet_column(s, "cost_of_answer", "cost of an answer, yuan", "每次回应成本（元）",
	    SHEET_MONEY);
	sheet_column(s, "cost_a_year", "a customer and year, yuan",
	    "每客户每年成本（元）", SHEET_MONEY);
}

/* Customers times the years between their first touch and their last, a month at least. */
static void
count_years(struct reports *r)
{
	for (guint i = 0; i < r->man->len; i++) {
		struct man *m = r->man->pdata[i];
		GHashTable *span = g_hash_table_new_full(NULL, NULL, NULL, g_free);
		GHashTableIter it;
		gpointer g, first;

		for (int k = 0; k < m->n_touches; k++) {
			struct touch *t = &m->touches[k];
			struct group *of;
			ms_t *since;

			if (!report_sent(t) || !report_in(r, t->at))
				continue;
			of = report_group(r, m, t->walk, t);
			since = g_hash_table_lookup(span, of);
			if (since == NULL) {
				since = g_new(ms_t, 1);
				*since = t->at;
				g_hash_table_insert(span, of, since);
			}
		}
		g_hash_table_iter_init(&it, span);
		while (g_hash_table_iter_next(&it, &g, &first)) {
			ms_t until = MIN(r->ask.to, r->ask.now);

			((struct group *)g)->money[YEARS] +=
			    (double)MAX(until - *(ms_t *)first, 30 * MS_DAY) /
			    (double)(365 * MS_DAY);
		}
		g_hash_table_destroy(span);
	}
}

void
report_channels(struct reports *r, struct sheet *s)
{
	columns(r, s);
	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);
		struct group *g;

		if (!report_sent(t) || !report_in(r, t->at))
			continue;
		g = report_group(r, t->man, t->walk, t);
		g->n[SENT]++;
		g->n[DELIVERED] += t->state == MSG_DELIVERED;
		g->n[OPENED] += t->opened_at != 0;
		g->n[CLICKED] += t->clicked_at != 0;
		g->money[COST] += (double)t->cost;
		if (!invited(r, t))
			continue;
		g->n[INVITED]++;
		g->n[ANSWERED] += t->answered_at != 0;
		g->money[INVITED_COST] += (double)t->cost;
	}
	count_years(r);
	report_rows(r, s, row);
	sheet_note(s,
	    "Answers count only where a touch asked for one (replies, wait for: reply, a "
	    "link) and the channel lets us see it.",
	    "仅当触达邀请了回应（replies、wait for: "
	    "reply、链接）且该渠道可观察时，才计入回应率。");
}
