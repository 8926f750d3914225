#include "../store/sql.h"
#include "referee_impl.h"

/* The highest quota of that name in any set so far; -1: there is one without. */
static int
most(const struct referee *r, const char *name)
{
	int quota = 0;

	for (guint i = 0; i < r->rules->len; i++) {
		const struct rules *rules = &g_array_index(r->rules, struct rules, i);
		const struct offer *o = offer_named(rules->cat->offers, name);

		if (o != NULL && o->quota < 0)
			return -1;
		if (o != NULL)
			quota = MAX(quota, o->quota);
	}
	return quota;
}

void
referee_offers(struct referee *r, struct store *s)
{
	struct sql *q = sql_get(s,
	    "SELECT name, count(*) FROM offer WHERE granted_at > 0 GROUP BY name, strftime('%Y%m',"
	    " granted_at / 1000 + 28800, 'unixepoch')");
	struct err e = { 0 };

	while (sql_step(q, &e) == 1) {
		int quota = most(r, sql_col_text(q, 0));

		if (quota >= 0 && sql_col(q, 1) > quota)
			referee_foul(r, "offers: %d of %s in a month that allows %d",
			    (int)sql_col(q, 1), sql_col_text(q, 0), quota);
	}
}
