/* shortfall.c - how far a condition is from holding. */
#include "core/shortfall.h"

#include <math.h>

/* ---- measuring ---- */

static bool
number(struct value v, double *out)
{
	if (v.type == VALUE_INT)
		*out = (double)v.i;
	else if (v.type == VALUE_FLOAT)
		*out = v.f;
	return v.type == VALUE_INT || v.type == VALUE_FLOAT;
}

static bool
ordering(enum expr_op op)
{
	return op == EXPR_LT || op == EXPR_GT || op == EXPR_LE || op == EXPR_GE;
}

static void
add(struct shortfall *out, const struct lack *l)
{
	double want = 0;

	if (out->n < SHORTFALLS)
		out->lacks[out->n] = *l;
	out->n++;
	out->far += l->measured && number(l->want, &want) && want != 0
			? fmin(1, l->by / fabs(want))
			: 1;
}

static void
join(struct shortfall *out, const struct shortfall *more)
{
	for (int i = 0; i < more->n && i < SHORTFALLS; i++)
		if (out->n + i < SHORTFALLS)
			out->lacks[out->n + i] = more->lacks[i];
	out->n += more->n;
	out->far += more->far;
}

static void
compare(const struct cond *c, const struct expr *x, const struct scope *s, bool wanted,
    struct shortfall *out)
{
	struct lack l = { .expr = x,
		.cond = c,
		.unwanted = !wanted,
		.have = VALUE_NONE,
		.want = VALUE_NONE };
	double have, want;

	if (x->left != NULL && x->right != NULL && x->op != EXPR_RANGE) {
		l.have = expr_value(x->left, s);
		l.want = expr_value(x->right, s);
	} else {
		l.have = expr_value(x, s);
	}
	if (ordering(x->op) && number(l.have, &have) && number(l.want, &want)) {
		l.measured = true;
		l.by = fabs(want - have);
	}
	add(out, &l);
}

/* ---- conditions ---- */

bool
shortfall_nearer(const struct shortfall *a, const struct shortfall *b)
{
	return a->n != b->n ? a->n < b->n : a->far < b->far;
}

/* Both sides of a line must come out so, or the nearer one is enough. */
static void
line(const struct cond *c, const struct expr *x, const struct scope *s, bool wanted,
    struct shortfall *out)
{
	struct shortfall l = { 0 }, r = { 0 };
	bool both = (x->op == EXPR_AND) == wanted;

	if (expr_true(x, s) == wanted)
		return;
	if (x->op != EXPR_AND && x->op != EXPR_OR) {
		compare(c, x, s, wanted, out);
		return;
	}
	line(c, x->left, s, wanted, &l);
	line(c, x->right, s, wanted, &r);
	if (both || !shortfall_nearer(&r, &l))
		join(out, &l);
	if (both || shortfall_nearer(&r, &l))
		join(out, &r);
}

static void
tree(const struct cond *c, const struct scope *s, bool wanted, struct shortfall *out)
{
	struct shortfall best = { 0 }, part;
	/* every part of an all, or of a none, must come out; of an any one will do */
	bool each = (c->kind == COND_ANY) != wanted;
	bool of_parts = c->kind == COND_NONE ? !wanted : wanted;

	if (cond_true(c, s) == wanted)
		return;
	if (c->kind == COND_EXPR) {
		line(c, c->expr, s, wanted, out);
		return;
	}
	if (c->kind == COND_NONE)
		each = wanted;
	for (int i = 0; i < c->n_parts; i++) {
		part = (struct shortfall){ 0 };
		tree(c->parts[i], s, of_parts, &part);
		if (each)
			join(out, &part);
		else if (i == 0 || shortfall_nearer(&part, &best))
			best = part;
	}
	if (!each)
		join(out, &best);
}

void
shortfall_of(const struct cond *c, const struct scope *s, struct shortfall *out)
{
	*out = (struct shortfall){ 0 };
	tree(c, s, true, out);
}
