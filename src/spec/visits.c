/* visits.c - does a playbook ask when, or how often, somebody came? Then it must not run
 * on old news. */
#include <string.h>

#include "read.h"

static bool
is_of_visits(const char *dotted)
{
	/* What a segment asks is not known here; it may be this. */
	static const char *const columns[] = { "customer.last_visit", "customer.visits",
		"customer.spend_12m", "customer.segments", NULL };

	return strncmp(dotted, "signals.", 8) == 0 || g_strv_contains(columns, dotted);
}

static bool
in_expr(const struct expr *e)
{
	char dotted[160];

	if (e == NULL || e->op == EXPR_LITERAL)
		return false;
	if (e->op != EXPR_PATH)
		return in_expr(e->left) || in_expr(e->right);
	if (e->n_parts < 2 || e->parts[0].name == NULL || e->parts[1].name == NULL)
		return false;
	g_snprintf(dotted, sizeof(dotted), "%s.%s", e->parts[0].name, e->parts[1].name);
	return is_of_visits(dotted);
}

static bool
in_cond(const struct cond *c)
{
	if (c == NULL)
		return false;
	if (c->kind == COND_EXPR)
		return in_expr(c->expr);
	for (int i = 0; i < c->n_parts; i++)
		if (in_cond(c->parts[i]))
			return true;
	return false;
}

bool
visits_in_rules(const struct playbook *p)
{
	bool found = p->start.segment != NULL || in_cond(p->start.when) ||
		     in_cond(p->while_) || in_cond(p->goal.where);

	for (int i = 0; i < p->n_exits; i++)
		found |= in_cond(p->exits[i].when);
	for (int i = 0; i < p->n_steps; i++)
		for (int k = 0; k < p->steps[i].n_branches; k++)
			found |= in_cond(p->steps[i].branches[k].when);
	return found;
}

static void
note(void *arg, const char *dotted, struct pos at, bool has_default)
{
	(void)at;
	(void)has_default;
	*(bool *)arg |= is_of_visits(dotted);
}

bool
visits_in_text(const struct template *t)
{
	const struct liquid *const texts[] = { t->body, t->subject, t->text };
	bool found = false;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i] != NULL)
			liquid_paths(texts[i], note, &found);
	return found;
}
