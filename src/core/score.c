/* score.c - what a customer is worth and whom to win back first, by tables of the
 * configuration. */
#include "core/signal.h"

static const struct choice *
first(const struct choice *list, int n, const struct scope *s)
{
	for (int i = 0; i < n; i++)
		if (list[i].when == NULL || cond_true(list[i].when, s))
			return &list[i];
	return NULL;
}

static double
number(struct value v)
{
	return v.type == VALUE_INT ? (double)v.i : v.type == VALUE_FLOAT ? v.f : 0;
}

double
score_clv(struct view *v)
{
	double sum = 0;

	for (int i = 0; i < v->lc->n_clv; i++)
		sum +=
		    number(expr_value(v->lc->clv[i].of, v->scope)) * v->lc->clv[i].times;
	return sum;
}

double
score_success(struct view *v)
{
	const struct choice *c = first(v->lc->success, v->lc->n_success, v->scope);

	return c == NULL ? 0 : c->number;
}

double
score_potential(struct view *v)
{
	const struct choice *c = first(v->lc->potential, v->lc->n_potential, v->scope);

	return c == NULL ? 0 : c->number;
}

const char *
score_priority(struct view *v)
{
	const struct choice *c = first(v->lc->priority, v->lc->n_priority, v->scope);

	return c == NULL ? NULL : c->is;
}
