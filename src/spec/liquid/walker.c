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
static void
walk_path(struct walker *w, const struct expr *e, bool guarded)
{
	GString *dotted;

	if (e->parts[0].name != NULL && !is_own(w, e->parts[0].name) && w->path != NULL) {
		dotted = g_string_new(e->parts[0].name);
		for (int i = 1; i < e->n_parts && e->parts[i].name != NULL; i++)
			g_string_append_printf(dotted, ".%s", e->parts[i].name);
		w->path(w->arg, dotted->str, e->at, guarded);
		g_string_free(dotted, TRUE);
	}
	for (int i = 0; i < e->n_parts; i++)
		if (e->parts[i].name == NULL)
			walker_expr(w, e->parts[i].index, true);
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
