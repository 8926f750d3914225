/* walker.c - what a template refers to. */
#include "walker.h"

#include <string.h>

#include <glib.h>

#include "base/arena.h"

void
walker_block(struct walker *w, const struct block *b)
{
	for (int i = 0; i < b->n; i++)
		if (b->nodes[i].ops->walk != NULL)
			b->nodes[i].ops->walk(w, &b->nodes[i]);
}

void
walker_own(struct walker *w, const char *name)
{
	struct walker_name *own;

	if (!w->naming)
		return;
	own = arena_new_of(w->scratch, struct walker_name);
	own->name = name;
	own->outer = w->names;
	w->names = own;
}

static bool
is_own(const struct walker *w, const char *name)
{
	for (const struct walker_name *n = w->names; n != NULL; n = n->outer)
		if (strcmp(n->name, name) == 0)
			return true;
	return false;
}

/* customer.vehicles[0].plate is reported as far as its names are fixed:
 * "customer.vehicles"; what stands in brackets is a path of its own. */
static char *
dotted_of(struct walker *w, const struct expr *e)
{
	GString *s = g_string_new(e->parts[0].name);
	char *out;

	for (int i = 1; i < e->n_parts && e->parts[i].name != NULL; i++)
		g_string_append_printf(s, ".%s", e->parts[i].name);
	out = arena_strdup(w->scratch, s->str);
	g_string_free(s, TRUE);
	return out;
}

static bool
is_present(const struct walker *w, const char *dotted)
{
	for (const struct walker_name *n = w->present; n != NULL; n = n->outer)
		if (strcmp(n->name, dotted) == 0)
			return true;
	return false;
}

static void
walk_path(struct walker *w, const struct expr *e, bool guarded)
{
	if (e->parts[0].name != NULL && !is_own(w, e->parts[0].name) && w->path != NULL) {
		const char *dotted = dotted_of(w, e);

		w->path(w->arg, dotted, e->at, guarded || is_present(w, dotted));
	}
	for (int i = 0; i < e->n_parts; i++)
		if (e->parts[i].name == NULL)
			walker_expr(w, e->parts[i].index, true);
}

/* A path of fixed names. */
static bool
is_fixed(const struct expr *e)
{
	for (int i = 0; e->op == EXPR_PATH && i < e->n_parts; i++)
		if (e->parts[i].name == NULL)
			return false;
	return e->op == EXPR_PATH;
}

static void
present(struct walker *w, const struct expr *e)
{
	struct walker_name *n;

	if (!is_fixed(e) || w->naming)
		return;
	n = arena_new_of(w->scratch, struct walker_name);
	n->name = dotted_of(w, e);
	n->outer = w->present;
	w->present = n;
}

void
walker_given(struct walker *w, const struct expr *when)
{
	if (when == NULL)
		return;
	switch (when->op) {
	case EXPR_PATH:
		present(w, when);
		return;
	case EXPR_EQ: /* nothing equals a word or a number but what has a value */
		if (when->right->op == EXPR_LITERAL &&
		    (when->right->literal.type == VALUE_STR ||
			when->right->literal.type == VALUE_INT ||
			when->right->literal.type == VALUE_FLOAT))
			present(w, when->left);
		return;
	case EXPR_LT:
	case EXPR_GT:
	case EXPR_LE:
	case EXPR_GE:
		present(w, when->left);
		present(w, when->right);
		return;
	case EXPR_CONTAINS:
		present(w, when->left);
		return;
	case EXPR_AND:
		walker_given(w, when->left);
		walker_given(w, when->right);
		return;
	default:
		return;
	}
}

void
walker_expr(struct walker *w, const struct expr *e, bool guarded)
{
	if (e == NULL || w->naming || e->op == EXPR_LITERAL)
		return;
	if (e->op == EXPR_PATH) {
		walk_path(w, e, guarded);
		return;
	}
	walker_expr(w, e->left, true);
	walker_expr(w, e->right, true);
}

void
walker_hand(struct walker *w, const char *partial, const char *name,
    const struct expr *value)
{
	bool path = value->op == EXPR_PATH && value->parts[0].name != NULL;

	if (!w->naming && w->handed != NULL)
		w->handed(w->arg, partial, name, path ? dotted_of(w, value) : "\"");
}
