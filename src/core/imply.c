#include "core/imply.h"

#include <string.h>

static bool same_part(const struct path_part *a, const struct path_part *b);

static bool
same_expr(const struct expr *a, const struct expr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->op != b->op)
		return false;
	if (a->op == EXPR_LITERAL)
		return a->literal.type == b->literal.type &&
		       (a->literal.type == VALUE_NIL ||
			   value_equal(a->literal, b->literal));
	if (a->op != EXPR_PATH)
		return same_expr(a->left, b->left) && same_expr(a->right, b->right);
	for (int i = 0; i < a->n_parts && a->n_parts == b->n_parts; i++)
		if (!same_part(&a->parts[i], &b->parts[i]))
			return false;
	return a->n_parts == b->n_parts;
}

static bool
same_part(const struct path_part *a, const struct path_part *b)
{
	if (a->name == NULL || b->name == NULL)
		return a->name == b->name && same_expr(a->index, b->index);
	return strcmp(a->name, b->name) == 0;
}

static bool
same_cond(const struct cond *a, const struct cond *b)
{
	if (a->kind != b->kind || a->n_parts != b->n_parts)
		return false;
	if (a->kind == COND_EXPR)
		return same_expr(a->expr, b->expr);
	for (int i = 0; i < a->n_parts; i++)
		if (!same_cond(a->parts[i], b->parts[i]))
			return false;
	return true;
}

/* ---- one comparison and another ---- */

static bool
compares(const struct expr *e)
{
	return e->op >= EXPR_EQ && e->op <= EXPR_GE && e->left->op == EXPR_PATH &&
	       e->right->op == EXPR_LITERAL;
}

/* Would a value that stands so to `from` stand so to `to`? */
static bool
tighter(enum expr_op from, struct value a, enum expr_op to, struct value b)
{
	bool known;
	int order = value_compare(a, b, &known);

	if (from == EXPR_EQ && to == EXPR_NE)
		return a.type == b.type && !value_equal(a, b);
	if (!known)
		return false;
	switch (to) {
	case EXPR_GT:
		return from == EXPR_GT
			   ? order >= 0
			   : (from == EXPR_GE || from == EXPR_EQ) && order > 0;
	case EXPR_GE:
		return (from == EXPR_GT || from == EXPR_GE || from == EXPR_EQ) &&
		       order >= 0;
	case EXPR_LT:
		return from == EXPR_LT
			   ? order <= 0
			   : (from == EXPR_LE || from == EXPR_EQ) && order < 0;
	case EXPR_LE:
		return (from == EXPR_LT || from == EXPR_LE || from == EXPR_EQ) &&
		       order <= 0;
	default:
		return false;
	}
}

static bool
expr_implies(const struct expr *given, const struct expr *then)
{
	if (same_expr(given, then))
		return true;
	if (given->op == EXPR_AND)
		return expr_implies(given->left, then) ||
		       expr_implies(given->right, then);
	if (then->op == EXPR_AND)
		return expr_implies(given, then->left) &&
		       expr_implies(given, then->right);
	if (then->op == EXPR_OR)
		return expr_implies(given, then->left) ||
		       expr_implies(given, then->right);
	return compares(given) && compares(then) && same_expr(given->left, then->left) &&
	       tighter(given->op, given->right->literal, then->op, then->right->literal);
}

/* ---- whole conditions ---- */

static bool
one_implies(const struct cond *given, const struct cond *then)
{
	if (given == NULL)
		return false;
	if (same_cond(given, then))
		return true;
	if (given->kind == COND_ALL) {
		for (int i = 0; i < given->n_parts; i++)
			if (one_implies(given->parts[i], then))
				return true;
		return false;
	}
	return given->kind == COND_EXPR && then->kind == COND_EXPR &&
	       expr_implies(given->expr, then->expr);
}

bool
implies(const struct cond *const *given, int n, const struct cond *then)
{
	if (then == NULL)
		return true;
	if (then->kind == COND_ALL) {
		for (int i = 0; i < then->n_parts; i++)
			if (!implies(given, n, then->parts[i]))
				return false;
		return true;
	}
	if (then->kind == COND_ANY)
		for (int i = 0; i < then->n_parts; i++)
			if (implies(given, n, then->parts[i]))
				return true;
	/* a and b on one line is two clauses, each may follow from another */
	if (then->kind == COND_EXPR && then->expr->op == EXPR_AND) {
		struct cond left = { .kind = COND_EXPR, .expr = then->expr->left },
			    right = { .kind = COND_EXPR, .expr = then->expr->right };

		return implies(given, n, &left) && implies(given, n, &right);
	}
	for (int i = 0; i < n; i++)
		if (one_implies(given[i], then))
			return true;
	return false;
}
