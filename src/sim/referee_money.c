/* referee_money.c - what the gateways took, priced anew, against the budgets that were in
 * force. Other stores' purses and a playbook's total are not drawn in towns. */
#include <string.h>

#include "../store/sql.h"
#include "core/launch.h"
#include "referee_impl.h"

#define YUAN 10000 /* in hundredths of a fen */

/* 70 characters are one part, of longer texts each part holds 67. */
static int64_t
parts(const struct vendor_letter *l)
{
	glong units = 0;
	gunichar2 *wide =
	    g_utf8_to_utf16(l->text == NULL ? "" : l->text, -1, NULL, &units, NULL);

	g_free(wide);
	if (l->channel != CHANNEL_SMS || units <= 70)
		return 1;
	return (units + 66) / 67;
}

int64_t
referee_price(const struct policy *p, const struct vendor_letter *l)
{
	return parts(l) * (int64_t)(p->costs[l->channel] * YUAN + 0.5);
}

/* One purse's day. */
struct purse {
	int64_t spent, limit; /* limit: the laxest that was in force; 0: none */
};

static int64_t
laxer(int64_t a, int64_t b)
{
	return a == 0 || b == 0 ? 0 : MAX(a, b);
}

static void
pay(GHashTable *purses, const char *whose, int64_t day, int64_t price, int64_t limit)
{
	char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, whose, day);
	struct purse *p = g_hash_table_lookup(purses, key);

	if (p == NULL) {
		p = g_new0(struct purse, 1);
		p->limit = limit;
		g_hash_table_insert(purses, g_strdup(key), p);
	}
	p->spent += price;
	p->limit = laxer(p->limit, limit);
	g_free(key);
}

/* Runs keep the version they entered with: any there has been may be the one. */
static int64_t
of_playbook(const struct referee *r, const char *name)
{
	int64_t limit = -1;

	for (guint i = 0; i < r->rules->len; i++) {
		const struct version *v =
		    catalog_playbook(g_array_index(r->rules, struct rules, i).cat, name);

		if (v == NULL)
			continue;
		limit = limit < 0 ? v->playbook->budget[BUDGET_DAY].limit
				  : laxer(limit, v->playbook->budget[BUDGET_DAY].limit);
	}
	return MAX(limit, 0);
}

static void
book(struct referee *r, struct store *s, const struct letter_seen *l, GHashTable *purses)
{
	const struct catalog *now, *before;
	struct sql *q = sql_get(s,
	    "SELECT p.name, m.begun_at, m.cost, m.playbook IN (SELECT playbook FROM"
	    " correction) FROM msg m JOIN playbook p ON p.id = m.playbook WHERE m.id = "
	    "?1");
	struct err e = { 0 };
	struct local at;

	sql_int(q, 1, l->msg);
	if (sql_step(q, &e) == 1) {
		referee_rules_at(r, sql_col(q, 1), &now, &before);
		zone_local(now->config->entity.zone, sql_col(q, 1), &at);
		if (sql_col(q, 2) != l->price)
			referee_foul(r,
			    "money: a message of %s is booked at %d, its price is %d",
			    sql_col_text(q, 0), (int)sql_col(q, 2), (int)l->price);
		if (sql_col(q, 3) == 0 && l->category != CATEGORY_TRANSACTIONAL) {
			pay(purses, sql_col_text(q, 0), at.day, l->price,
			    of_playbook(r, sql_col_text(q, 0)));
			pay(purses, "", at.day, l->price,
			    laxer(now->policy->budgets[BUDGET_HOUSE_DAY].limit,
				(before == NULL ? now : before)
				    ->policy->budgets[BUDGET_HOUSE_DAY]
				    .limit));
		}
	}
	sql_end(q);
}

void
referee_money(struct referee *r, struct store *s)
{
	GHashTable *purses =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GHashTableIter it;
	gpointer key, value;

	for (guint i = 0; i < r->letters->len; i++)
		if (g_array_index(r->letters, struct letter_seen, i).taken)
			book(r, s, &g_array_index(r->letters, struct letter_seen, i),
			    purses);
	g_hash_table_iter_init(&it, purses);
	while (g_hash_table_iter_next(&it, &key, &value)) {
		const struct purse *p = value;

		if (p->limit > 0 && p->spent > p->limit)
			referee_foul(r,
			    "budget: %s spent %d of %d hundredths of a fen in a day",
			    *(char *)key == ' ' ? "the house" : (char *)key,
			    (int)p->spent, (int)p->limit);
	}
	g_hash_table_unref(purses);
}
