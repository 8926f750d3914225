/* cond_column.c - comparisons of a customer's columns that can never be meant. */
#include <string.h>

#include "read.h"
#include "set.h"

static const char *const numbers[] = { "visits", "spend_12m", NULL };
/* Lists of names and what holds its own words. */
static const char *const others[] = { "consent", "tags", "segments", NULL };

static bool
is_number(enum value_type t)
{
	return t == VALUE_INT || t == VALUE_FLOAT;
}

static const char *
dotted(const struct expr *e, char *buf, size_t n)
{
	if (e->op != EXPR_PATH || e->n_parts != 2 || e->parts[0].name == NULL ||
	    e->parts[1].name == NULL)
		return NULL;
	g_snprintf(buf, (gulong)n, "%s.%s", e->parts[0].name, e->parts[1].name);
	return buf;
}

/* A date is like nothing that can be written into a condition. */
static void
refuse_date(const char *path, struct pos at, struct report *r)
{
	report_add(r, SEV_WARNING, at, "type",
	    strcmp(path, "customer.last_visit") == 0
		? "ask signals.days_since_visit, as in signals.days_since_visit > 30"
		: "time a step by it, as in before: customer.birthday 3d at 10:00",
	    "%.80s is a date, this is not", path);
}

void
column_check(const struct expr *path, const struct expr *other, struct report *r)
{
	enum value_type t = other->literal.type;
	char buf[160];
	const char *name = dotted(path, buf, sizeof(buf));

	if (name == NULL || other->op != EXPR_LITERAL ||
	    (!is_number(t) && t != VALUE_STR))
		return;
	if (path_is_day(name)) {
		refuse_date(name, path->at, r);
		return;
	}
	if (strcmp(path->parts[0].name, "customer") != 0)
		return;
	name = path->parts[1].name;
	if (g_strv_contains(numbers, name) && t == VALUE_STR)
		report_add(r, SEV_WARNING, path->at, "type",
		    "compare it with a number, without quotes", "customer.%s is a number",
		    name);
	else if (path_is_column(name) && !g_strv_contains(numbers, name) &&
		 !g_strv_contains(others, name) && is_number(t))
		report_add(r, SEV_WARNING, path->at, "type",
		    "compare it with text in quotes", "customer.%s is text", name);
}

/* ---- tiers ---- */

static void
check_tier(const struct set *s, const struct expr *path, const struct expr *word)
{
	const char **names;
	char buf[160], *said;
	const char *name = dotted(path, buf, sizeof(buf));
	int n = s->policy->n_tiers;

	if (name == NULL || strcmp(name, "customer.tier") != 0 ||
	    word->op != EXPR_LITERAL || word->literal.type != VALUE_STR ||
	    word->literal.s.len == 0)
		return;
	names = g_new0(const char *, (gsize)n + 1);
	for (int i = 0; i < n; i++)
		names[i] = s->policy->tiers[i].name;
	said = g_strndup(word->literal.s.p, word->literal.s.len);
	if (!g_strv_contains(names, said))
		report_unknown(s->report, SEV_WARNING, word->at, "tier",
		    "the policy has no tier", said, names);
	g_free(said);
	g_free(names);
}

static void
in_expr(const struct set *s, const struct expr *e)
{
	if (e == NULL || e->op == EXPR_LITERAL || e->op == EXPR_PATH)
		return;
	if (e->op == EXPR_EQ || e->op == EXPR_NE) {
		check_tier(s, e->left, e->right);
		check_tier(s, e->right, e->left);
	} else if (e->op == EXPR_AND || e->op == EXPR_OR) {
		in_expr(s, e->left);
		in_expr(s, e->right);
	}
}

static void
in_cond(const struct set *s, const struct cond *c)
{
	if (c == NULL)
		return;
	if (c->kind == COND_EXPR)
		in_expr(s, c->expr);
	for (int i = 0; i < c->n_parts; i++)
		in_cond(s, c->parts[i]);
}

void
tiers_in_segments(const struct set *s)
{
	for (int i = 0; s->policy->n_tiers > 0 && i < s->n_audiences; i++)
		in_cond(s, s->audiences[i].cond);
}

void
tiers_in_rules(const struct set *s, const struct playbook *p)
{
	if (s->policy->n_tiers == 0)
		return;
	in_cond(s, p->start.when);
	in_cond(s, p->while_);
	in_cond(s, p->goal.where);
	for (int i = 0; i < p->n_exits; i++)
		in_cond(s, p->exits[i].when);
	for (int i = 0; i < p->n_steps; i++)
		for (int k = 0; k < p->steps[i].n_branches; k++)
			in_cond(s, p->steps[i].branches[k].when);
}
