/* report_budgets.c - money for messages: spent, planned, and what is left of the budgets.
 *
 * Spent is what the budgets count: touches handed over, also those whose outcome is not
 * known yet, on the day they went. Planned are touches that wait, at the mean cost of their
 * step so far, else at the price of their channel; what is late counts for today. A budget
 * stands beside rows that are told apart just as it is: a playbook's total by playbook, the
 * house's day by day, a store's month by store,month. */
#include <string.h>

#include "report.h"

enum { SENT, WAITING };
enum { SPENT, PLANNED };

/* ---- what a touch still to come will cost ---- */

struct mean {
	double sum;
	int64_t n;
};

static char *
step_of(const struct touch *t)
{
	return g_strdup_printf("%d\n%s\n%d", t->playbook, t->step, t->channel);
}

static bool
is_spent(const struct touch *t)
{
	int column = message_column(t->state, t->reason, 1);

	return t->at != 0 && (column == COLUMN_SENT || column == COLUMN_UNKNOWN ||
				 column == COLUMN_AWAITING);
}

static bool
is_waiting(const struct reports *r, const struct touch *t)
{
	int column = message_column(t->state, t->reason, t->planned_at <= r->ask.now);

	return column == COLUMN_PLANNED || column == COLUMN_HELD;
}

static GHashTable *
means(const struct reports *r)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (guint i = 0; i < r->touches->len; i++) {
		const struct touch *t = &g_array_index(r->touches, struct touch, i);
		char *key;
		struct mean *m;

		if (!is_spent(t))
			continue;
		key = step_of(t);
		m = g_hash_table_lookup(all, key);
		if (m == NULL)
			g_hash_table_insert(
			    all, g_strdup(key), m = g_new0(struct mean, 1));
		m->sum += (double)t->cost;
		m->n++;
		g_free(key);
	}
	return all;
}

static double
price(const struct reports *r, GHashTable *all, const struct touch *t)
{
	char *key = step_of(t);
	const struct mean *m = g_hash_table_lookup(all, key);

	g_free(key);
	return m != NULL ? m->sum / (double)m->n : r->ask.policy->costs[t->channel];
}

/* ---- the budget a row has; 0: none ---- */

#define YUAN 10000 /* a budget is in hundredths of a fen */

static double
total_of(const struct reports *r, const char *playbook, int kind)
{
	const struct budget_rule *own =
	    r->ask.budgets != NULL ? r->ask.budgets(r->ask.arg, playbook) : NULL;

	return own != NULL ? (double)own[kind].limit / YUAN : 0;
}

/* Of a campaign when each of its playbooks has one. */
static double
campaign_of(const struct reports *r, const char *name)
{
	const struct report_rules *rules = r->ask.rules;
	double sum = 0;

	for (int i = 0; i < rules->n_campaigns; i++) {
		const struct campaign *c = &rules->campaigns[i];

		if (strcmp(c->name, name) != 0)
			continue;
		for (int k = 0; c->playbooks[k] != NULL; k++) {
			double one = total_of(r, c->playbooks[k], BUDGET_TOTAL);

			if (one == 0)
				return 0;
			sum += one;
		}
	}
	return sum;
}

static double
house_of(const struct reports *r, int kind)
{
	return (double)r->ask.policy->budgets[kind].limit / YUAN;
}

static const char *
key_of(const struct reports *r, const struct group *g, enum dim dim)
{
	for (int i = 0; i < r->ask.n_by; i++)
		if (r->ask.by[i] == dim)
			return g->key[i];
	return "";
}

static double
limit_of(const struct reports *r, const struct group *g)
{
	unsigned by = 0;

	for (int i = 0; i < r->ask.n_by; i++)
		by |= BIT(r->ask.by[i]);
	switch (by) {
	case BIT(DIM_PLAYBOOK):
		return total_of(r, key_of(r, g, DIM_PLAYBOOK), BUDGET_TOTAL);
	case BIT(DIM_PLAYBOOK) | BIT(DIM_DAY):
		return total_of(r, key_of(r, g, DIM_PLAYBOOK), BUDGET_DAY);
	case BIT(DIM_CAMPAIGN):
		return campaign_of(r, key_of(r, g, DIM_CAMPAIGN));
	case BIT(DIM_DAY):
		return house_of(r, BUDGET_HOUSE_DAY);
	case BIT(DIM_MONTH):
		return house_of(r, BUDGET_HOUSE_MONTH);
	case BIT(DIM_STORE) | BIT(DIM_DAY):
		return *key_of(r, g, DIM_STORE) != '\0' ? house_of(r, BUDGET_STORE_DAY)
							: 0;
	case BIT(DIM_STORE) | BIT(DIM_MONTH):
		return *key_of(r, g, DIM_STORE) != '\0' ? house_of(r, BUDGET_STORE_MONTH)
							: 0;
	default:
		return 0;
	}
}

/* ---- rows ---- */

static void
row(struct reports *r, struct sheet *s, const struct group *g)
{
	double limit = limit_of(r, g), spent = g->money[SPENT],
	       planned = g->money[PLANNED];

	sheet_int(s, "sent", g->n[SENT]);
	sheet_number(s, "spent", spent);
	sheet_int(s, "waiting", g->n[WAITING]);
	sheet_number(s, "planned", planned);
	if (limit <= 0)
		return;
	sheet_number(s, "budget", limit);
	sheet_number(s, "left", limit - spent);
	sheet_ratio(s, "used", spent, limit);
	if (planned == 0)
		return;
	if (spent + planned > limit)
		sheet_words(s, "outlook", "not enough for what is planned", "不够已排的");
	else
		sheet_words(s, "outlook", "enough", "够");
}

/* Today, and this month, of the whole house, however rows are told apart. */
static void
tell_house(struct reports *r, struct sheet *s, int kind, double spent)
{
	bool day = kind == BUDGET_HOUSE_DAY;
	double limit = house_of(r, kind);
	char en[160], zh[160];

	if (limit <= 0)
		return;
	g_snprintf(en, sizeof(en),
	    "%s the house has spent %.2f of %.2f yuan: see --by %s.",
	    day ? "Today" : "This month", spent, limit, day ? "day" : "month");
	g_snprintf(zh, sizeof(zh), "全店%s已花 %.2f 元，预算 %.2f 元：见 --by %s。",
	    day ? "今天" : "本月", spent, limit, day ? "day" : "month");
	sheet_note(s, en, zh);
}

static void
notes(struct reports *r, struct sheet *s, double today, double month)
{
	tell_house(r, s, BUDGET_HOUSE_DAY, today);
	tell_house(r, s, BUDGET_HOUSE_MONTH, month);
	if (sheet_find(s, "budget") >= 0 && r->ask.n_by > 0)
		sheet_note(s,
		    "Budgets stand beside rows by playbook (in total), playbook,day, "
		    "campaign, day, month, store,day and store,month. They are set as "
		    "`budgets` in policy.yaml and `budget` of a playbook.",
		    "预算只在对应的分组旁列出：playbook（总额）、playbook,"
		    "day、campaign、day、"
		    "month、store,day、store,month。预算写在 policy.yaml 的 budgets "
		    "和剧本的 "
		    "budget。");
	sheet_note(s,
	    "Planned are messages already laid out, at the mean cost of their step so "
	    "far; "
	    "later steps come on top.",
	    "“已排”是已经排定的消息，按该步骤至今的平均成本估算；之后的步骤另计。");
}

static void
columns(struct reports *r, struct sheet *s)
{
	report_columns(r, s);
	sheet_column(s, "sent", "sent", "已发", SHEET_INTEGER);
	sheet_column(s, "spent", "spent, yuan", "已花（元）", SHEET_MONEY);
	sheet_column(s, "waiting", "planned", "已排", SHEET_INTEGER);
	sheet_column(s, "planned", "will cost, yuan", "预计（元）", SHEET_MONEY);
	sheet_column(s, "budget", "budget, yuan", "预算（元）", SHEET_MONEY);
	sheet_column(s, "left", "left, yuan", "剩余（元）", SHEET_MONEY);
	sheet_column(s, "used", "spent of budget", "已用占比", SHEET_SHARE);
	sheet_column(s, "outlook", "outlook", "够不够", SHEET_TEXT);
}

/* A playbook whose budget nobody has touched yet has its row too. */
static void
untouched(struct reports *r)
{
	GHashTableIter it;
	gpointer number, name;

	if (r->ask.n_by != 1 || r->ask.by[0] != DIM_PLAYBOOK)
		return;
	g_hash_table_iter_init(&it, r->playbooks);
	while (g_hash_table_iter_next(&it, &number, &name)) {
		const struct touch none = {
			.playbook = GPOINTER_TO_INT(number), .step = "", .variant = ""
		};

		if (total_of(r, name, BUDGET_TOTAL) > 0)
			report_group(r, NULL, NULL, &none);
	}
}

void
report_budgets(struct reports *r, struct sheet *s)
{
	GHashTable *all = means(r);
	int64_t today = report_day(r, r->ask.now);
	struct local l;
	double day = 0, month = 0;

	columns(r, s);
	zone_local(r->ask.zone, r->ask.now, &l);
	untouched(r);
	for (guint i = 0; i < r->touches->len; i++) {
		struct touch t = g_array_index(r->touches, struct touch, i);
		bool spent = is_spent(&t);
		struct group *g;

		if (!spent && !is_waiting(r, &t))
			continue;
		t.planned_at = spent ? t.at : MAX(t.planned_at, r->ask.now);
		if (spent && report_day(r, t.at) == today)
			day += (double)t.cost;
		if (spent && report_day(r, t.at) > today - l.date.day)
			month += (double)t.cost;
		if (!report_in(r, t.planned_at))
			continue;
		g = report_group(r, t.man, t.walk, &t);
		g->n[spent ? SENT : WAITING]++;
		g->money[spent ? SPENT : PLANNED] +=
		    spent ? (double)t.cost : price(r, all, &t);
	}
	report_rows(r, s, row);
	notes(r, s, day, month);
	g_hash_table_destroy(all);
}
