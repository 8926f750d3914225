/* referee_caps.c - how often each customer was written to, counted anew. */
#include <string.h>

#include "../store/sql.h"
#include "referee_impl.h"
#include "store/store.h"

/* What was taken, or may have been. */
struct written {
	char *who;
	int category, playbook;
	int64_t address;
	ms_t at;
};

static void
written_free(gpointer p)
{
	g_free(((struct written *)p)->who);
	g_free(p);
}

static const struct tier *
tier_of(const struct policy *p, const char *name)
{
	for (int i = 0; i < p->n_tiers; i++)
		if (strcmp(p->tiers[i].name, name) == 0)
			return &p->tiers[i];
	return p->default_tier;
}

/* The laxer of the sets that may have been in force: a number, -1 none. */
static int
laxer(int a, int b)
{
	return a < 0 || b < 0 ? -1 : MAX(a, b);
}

struct limits {
	int cap, day, month;
	bool yearly;
	ms_t gap;
	const struct policy *policy;
	const struct zone *house;
};

/* What the books call somebody whose data was erased while nobody heard of it. */
static bool
unknown(const struct referee *r, const char *who)
{
	return g_hash_table_lookup(r->residents, who) == NULL;
}

static struct limits
limits_at(const struct referee *r, const struct written *w)
{
	const struct resident *who = g_hash_table_lookup(r->residents, w->who);
	const struct catalog *now, *before;
	const struct tier *t;
	struct limits l = { 0 };

	referee_rules_at(r, w->at, &now, &before);
	t = tier_of(now->policy, who->tier);
	l.cap = t->cap;
	l.yearly = t->period == CAP_YEAR;
	l.gap = t->min_gap > 0 ? t->min_gap : now->policy->min_gap;
	l.day = now->policy->service_per_day;
	l.month = now->policy->service_per_month;
	l.policy = now->policy;
	l.house = now->config->entity.zone;
	if (before != NULL) {
		const struct tier *o = tier_of(before->policy, who->tier);

		l.cap = laxer(l.cap, o->cap);
		l.gap = MIN(l.gap, o->min_gap > 0 ? o->min_gap : before->policy->min_gap);
	}
	return l;
}

static bool
same_period(const struct limits *l, ms_t a, ms_t b, bool month)
{
	struct local x, y;

	zone_local(l->house, a, &x);
	zone_local(l->house, b, &y);
	return x.date.year == y.date.year && (!month || x.date.month == y.date.month);
}

static bool
same_day(const struct limits *l, ms_t a, ms_t b)
{
	struct local x, y;

	zone_local(l->house, a, &x);
	zone_local(l->house, b, &y);
	return x.day == y.day;
}

/* What he got under another name before he turned out to be himself counts with it. */
static int
of_twins(struct referee *r, GHashTable *people, const struct written *w,
    const struct limits *l)
{
	int n = 0;

	for (guint i = 0; i < r->joins->len; i++) {
		const struct join_seen *j = &g_array_index(r->joins, struct join_seen, i);
		const GPtrArray *list = g_hash_table_lookup(people, j->b);

		if (strcmp(j->a, w->who) != 0 || w->at < j->at ||
		    (j->until != 0 && w->at >= j->until) || list == NULL)
			continue;
		for (guint k = 0; k < list->len; k++) {
			const struct written *o = list->pdata[k];

			if (o->category != CATEGORY_MARKETING || o->at >= j->at ||
			    limits_at(r, o).yearly != l->yearly)
				continue;
			n += same_period(l, o->at, w->at, !l->yearly);
			if (w->at - o->at < l->gap)
				referee_foul(r, "gap: two marketing messages to one who is two");
		}
	}
	return n;
}

/* list: of one customer (or one address), in order of time; i: the one to judge. */
static void
judge_marketing(
    struct referee *r, GHashTable *people, GPtrArray *list, guint i, bool address)
{
	const struct written *w = list->pdata[i];
	struct limits l = limits_at(r, w);
	int in_period = 1 + (address ? 0 : of_twins(r, people, w, &l));

	for (guint k = 0; k < i; k++) {
		const struct written *o = list->pdata[k];

		if (o->category != CATEGORY_MARKETING)
			continue;
		/* A number's months and years are counted apart, each by the tiers that
		 * have them. */
		if (!address || limits_at(r, o).yearly == l.yearly)
			in_period += same_period(&l, o->at, w->at, !l.yearly);
		if (!address && w->at - o->at < l.gap)
			referee_foul(r,
			    "gap: two marketing messages %" G_GINT64_FORMAT " min apart",
			    (w->at - o->at) / MS_MINUTE);
	}
	if (l.cap >= 0 && in_period > l.cap)
		referee_foul(r, "cap: message %d of %d in a %s to one %s", in_period,
		    l.cap, l.yearly ? "year" : "month", address ? "address" : "customer");
}

static void
judge_service(struct referee *r, GPtrArray *list, guint i)
{
	const struct written *w = list->pdata[i];
	struct limits l = limits_at(r, w);
	int day = 1, month = 1;

	for (guint k = 0; k < i; k++) {
		const struct written *o = list->pdata[k];

		if (o->category != CATEGORY_SERVICE)
			continue;
		day += same_day(&l, o->at, w->at);
		month += same_period(&l, o->at, w->at, true);
	}
	if (day > l.day || month > l.month)
		referee_foul(
		    r, "cap: service message %d of a day, %d of a month", day, month);
}

static void
judge_windows(struct referee *r, GPtrArray *list, guint i)
{
	const struct written *w = list->pdata[i];
	struct limits l = limits_at(r, w);

	for (int n = 0; n < l.policy->n_limits; n++) {
		const struct limit *lim = &l.policy->limits[n];
		int count = 1;

		if (!(lim->categories >> w->category & 1))
			continue;
		for (guint k = 0; k < i; k++) {
			const struct written *o = list->pdata[k];

			count += lim->categories >> o->category & 1 &&
				 w->at - o->at < lim->window;
		}
		if (count > lim->max)
			referee_foul(r, "limit: %d messages in a window that allows %d",
			    count, lim->max);
	}
}

static void
judge(struct referee *r, GHashTable *people, GPtrArray *list, bool address)
{
	for (guint i = 0; i < list->len; i++) {
		const struct written *w = list->pdata[i];

		if (w->category == CATEGORY_MARKETING)
			judge_marketing(r, people, list, i, address);
		if (address)
			continue;
		if (w->category == CATEGORY_SERVICE)
			judge_service(r, list, i);
		if (w->category != CATEGORY_TRANSACTIONAL)
			judge_windows(r, list, i);
	}
}

static void
list_free(gpointer p)
{
	g_ptr_array_unref(p);
}

static void
add(GHashTable *lists, const char *key, struct written *w)
{
	GPtrArray *list = g_hash_table_lookup(lists, key);

	if (list == NULL) {
		list = g_ptr_array_new();
		g_hash_table_insert(lists, g_strdup(key), list);
	}
	g_ptr_array_add(list, w);
}

void
referee_caps(struct referee *r, struct store *s)
{
	GHashTable *people =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
	GHashTable *addresses =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
	GPtrArray *all = g_ptr_array_new_with_free_func(written_free);
	struct sql *q = sql_get(s,
	    "SELECT c.ext, m.category, m.playbook, m.address, m.begun_at FROM msg m"
	    " JOIN customer c ON c.id = m.customer"
	    /* corrections are outside of it */
	    " WHERE m.state IN (1, 2, 3, 4, 5, 6, 9, 10, 11) AND m.playbook NOT IN"
	    " (SELECT playbook FROM correction) ORDER BY m.begun_at, m.id");
	struct err e = { 0 };
	GHashTableIter it;
	gpointer list;

	while (sql_step(q, &e) == 1) {
		struct written *w;
		char key[32];

		if (unknown(r, sql_col_text(q, 0)))
			continue;
		w = g_new0(struct written, 1);
		w->who = g_strdup(sql_col_text(q, 0));
		w->category = (int)sql_col(q, 1);
		w->playbook = (int)sql_col(q, 2);
		w->address = sql_col(q, 3);
		w->at = sql_col(q, 4);
		g_ptr_array_add(all, w);
		add(people, w->who, w);
		g_snprintf(key, sizeof(key), "%" G_GINT64_FORMAT, w->address);
		add(addresses, key, w);
	}
	g_hash_table_iter_init(&it, people);
	while (g_hash_table_iter_next(&it, NULL, &list))
		judge(r, people, list, false);
	g_hash_table_iter_init(&it, addresses);
	while (g_hash_table_iter_next(&it, NULL, &list))
		judge(r, people, list, true);
	g_hash_table_unref(people);
	g_hash_table_unref(addresses);
	g_ptr_array_unref(all);
}
