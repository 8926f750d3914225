/* foresee.c - the first day on which time alone may change the truth of a condition.
 *
 * What the daily sweep lives on: everybody else is left in peace. A bound from below:
 * looking too early costs a look, looking too late would cost a customer. */
#include <math.h>
#include <string.h>

#include "core/signal.h"
#include "core/subject.h"

static int
least(int a, int b)
{
	return a < b ? a : b;
}

static int
most(int a, int b)
{
	return a > b ? a : b;
}

/* ---- paths ---- */

static double
threshold(const struct expr *e)
{
	if (e == NULL || e->op != EXPR_LITERAL)
		return NAN;
	return e->literal.type == VALUE_INT     ? (double)e->literal.i
	       : e->literal.type == VALUE_FLOAT ? e->literal.f
						: NAN;
}

static int
next_duration(struct view *v)
{
	int last = signal_last_day(v);

	for (int i = 0; last != 0 && i < v->lc->n_durations; i++)
		if (last + v->lc->durations[i].days > v->today)
			return last + v->lc->durations[i].days;
	return DAY_NEVER;
}

static int
path_next(struct view *v, const struct expr *e, double than)
{
	const char *root = e->parts[0].name,
		   *name = e->n_parts > 1 ? e->parts[1].name : NULL;
	const struct signal *s;

	if (root == NULL || name == NULL)
		return v->today + 1;
	if (strcmp(root, "signals") == 0) {
		s = signal_find(name, strlen(name));
		return s == NULL || s->next == NULL ? DAY_NEVER : s->next(v, than);
	}
	/* What is on file changes by imports and actions, which ask for a look. */
	for (int k = SUBJECT_NONE + 1; k < SUBJECTS; k++)
		if (strcmp(root, subject_name(k)) == 0)
			return DAY_NEVER;
	if (strcmp(root, "customer") != 0)
		return v->today + 1;
	if (strcmp(name, "tier") == 0)
		return v->next_month;
	return strcmp(name, "lost_duration") == 0 ? next_duration(v) : DAY_NEVER;
}

/* ---- expressions ---- */

static int expr_next(struct view *v, const struct expr *e, bool truth);

static int
side_next(struct view *v, const struct expr *e, double than)
{
	if (e == NULL || e->op == EXPR_LITERAL)
		return DAY_NEVER;
	return e->op == EXPR_PATH ? path_next(v, e, than) : v->today + 1;
}

/* Both sides are needed: the later one; one is enough: the sooner. */
static int
both(struct view *v, const struct expr *e, bool truth)
{
	bool every = (e->op == EXPR_AND) == truth;
	int left = expr_next(v, e->left, truth);

	/* `today` is as soon, DAY_NEVER as late as can be: the other side says no more.
	 */
	if (left == (every ? DAY_NEVER : v->today))
		return left;
	return every ? most(left, expr_next(v, e->right, truth))
		     : least(left, expr_next(v, e->right, truth));
}

static int
expr_next(struct view *v, const struct expr *e, bool truth)
{
	if (e->op == EXPR_AND || e->op == EXPR_OR)
		return both(v, e, truth);
	if (expr_true(e, v->scope) == truth)
		return v->today;
	if (e->op == EXPR_PATH)
		return path_next(v, e, NAN);
	return least(side_next(v, e->left, threshold(e->right)),
	    side_next(v, e->right, threshold(e->left)));
}

/* Compares what is on file with a constant: time never changes it. */
static bool
is_still(const struct cond *c)
{
	const struct expr *e = c->kind == COND_EXPR ? c->expr->left : NULL;

	return e != NULL && e->op == EXPR_PATH && e->n_parts == 2 &&
	       e->parts[0].name != NULL && e->parts[1].name != NULL &&
	       c->expr->right != NULL && c->expr->right->op == EXPR_LITERAL &&
	       strcmp(e->parts[0].name, "customer") == 0 &&
	       strcmp(e->parts[1].name, "tier") != 0 &&
	       strcmp(e->parts[1].name, "lost_duration") != 0;
}

static int
cond_next(struct view *v, const struct cond *c, bool truth)
{
	/* all becomes true and any false only by every part; none is all of the
	 * opposites. */
	bool every = c->kind == COND_ANY ? !truth : truth;
	bool part = c->kind == COND_NONE ? !truth : truth;
	int next = every ? v->today : DAY_NEVER;

	if (c->kind == COND_EXPR)
		return expr_next(v, c->expr, truth);
	/* What never moves is asked first: where it says no, the rest is not asked. */
	for (int still = 1; still >= 0; still--)
		for (int i = 0; i < c->n_parts && next != (every ? DAY_NEVER : v->today);
		     i++)
			if (is_still(c->parts[i]) == still) {
				int day = cond_next(v, c->parts[i], part);

				next = every ? most(next, day) : least(next, day);
			}
	return next;
}

int
foresee_true(struct view *v, const struct cond *c)
{
	return cond_next(v, c, true);
}

int
foresee_false(struct view *v, const struct cond *c)
{
	return cond_next(v, c, false);
}
