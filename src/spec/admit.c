/* admit.c - three-valued reading of a condition for one tier. */
#include "admit.h"

#include <string.h>

static bool
is_tier(const struct expr *e)
{
	return e->op == EXPR_PATH && e->n_parts == 2 && e->parts[0].name != NULL &&
	       e->parts[1].name != NULL && strcmp(e->parts[0].name, "customer") == 0 &&
	       strcmp(e->parts[1].name, "tier") == 0;
}

static bool
is_text(const struct expr *e)
{
	return e->op == EXPR_LITERAL && e->literal.type == VALUE_STR;
}

static enum admit
compare(const struct expr *e, const char *tier)
{
	const struct expr *text = is_text(e->left) ? e->left : e->right;
	const struct expr *path = is_text(e->left) ? e->right : e->left;
	bool same;

	if (!is_text(text) || !is_tier(path))
		return ADMIT_UNKNOWN;
	same = text->literal.s.len == strlen(tier) &&
	       memcmp(text->literal.s.p, tier, strlen(tier)) == 0;
	return same == (e->op == EXPR_EQ) ? ADMIT_YES : ADMIT_NO;
}

static enum admit
both(enum admit a, enum admit b)
{
	if (a == ADMIT_NO || b == ADMIT_NO)
		return ADMIT_NO;
	return a == ADMIT_YES && b == ADMIT_YES ? ADMIT_YES : ADMIT_UNKNOWN;
}

static enum admit not(enum admit a) {
	return a == ADMIT_UNKNOWN ? a
	       : a == ADMIT_YES   ? ADMIT_NO
				  : ADMIT_YES;
}

static enum admit
expr_admit(const struct expr *e, const char *tier)
{
	switch (e->op) {
	case EXPR_EQ:
	case EXPR_NE:
		return compare(e, tier);
	case EXPR_AND:
		return both(expr_admit(e->left, tier), expr_admit(e->right, tier));
	case EXPR_OR:
		return not(both(
		    not(expr_admit(e->left, tier)), not(expr_admit(e->right, tier))));
	default:
		return ADMIT_UNKNOWN;
	}
}

enum admit
admit_tier(const struct cond *c, const char *tier)
{
	enum admit all = ADMIT_YES;
	int i;

	if (c == NULL)
		return ADMIT_YES;
	if (c->kind == COND_EXPR)
		return expr_admit(c->expr, tier);
	for (i = 0; i < c->n_parts; i++) {
		enum admit part = admit_tier(c->parts[i], tier);

		all = both(all, c->kind == COND_ALL ? part : not(part));
	}
	return c->kind == COND_ANY ? not(all) : all;
}
