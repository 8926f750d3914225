/* audiences.c - config/segments.yaml: names for conditions, and who names them. */
#include <string.h>

#include "read.h"
#include "set.h"

/* A segment made of segments would have to be put in order; conditions are short. */
static bool
names_segments(const struct expr *e)
{
	if (e == NULL)
		return false;
	if (e->op == EXPR_PATH)
		return e->n_parts == 2 && e->parts[0].name != NULL &&
		       e->parts[1].name != NULL &&
		       strcmp(e->parts[0].name, "customer") == 0 &&
		       strcmp(e->parts[1].name, "segments") == 0;
	return e->op != EXPR_LITERAL &&
	       (names_segments(e->left) || names_segments(e->right));
}

static void
refuse_nested(const struct cond *c, struct report *r)
{
	int i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n_parts; i++)
		refuse_nested(c->parts[i], r);
	if (c->kind == COND_EXPR && names_segments(c->expr))
		report_add(r, SEV_ERROR, c->at, "segment", "write its condition again",
		    "a segment cannot be made of other segments");
}

void
audiences_read(struct set *s, const struct yaml *root)
{
	int i;

	if (root->kind != YAML_MAP) {
		report_add(s->report, SEV_ERROR, root->at, "type",
		    "write NAME: CONDITION, one a line", "segments need names");
		return;
	}
	s->audiences_file = root->at.file;
	s->n_audiences = root->n;
	s->audiences = arena_array(s->arena, struct audience, root->n);
	for (i = 0; i < root->n; i++) {
		struct audience *a = &s->audiences[i];

		((struct yaml *)root)->read[i] = true;
		a->at = root->keys[i]->at;
		a->name = "";
		word_read(root->keys[i], "a segment", false, &a->name, s->report);
		a->cond = cond_read(s->arena, root->items[i], PATH_CONDITION, s->report);
		refuse_nested(a->cond, s->report);
	}
}

/* ---- who names them ---- */

static void
check_name(const struct set *s, const char *name, struct pos at)
{
	GPtrArray *names = g_ptr_array_new();
	const char *near;
	char *hint;
	int i;

	for (i = 0; i < s->n_audiences; i++) {
		if (strcmp(s->audiences[i].name, name) == 0)
			break;
		g_ptr_array_add(names, (char *)s->audiences[i].name);
	}
	if (i == s->n_audiences) {
		g_ptr_array_add(names, NULL);
		near = report_nearest(name, (const char *const *)names->pdata);
		hint = near == NULL ? g_strdup("define it in config/segments.yaml")
				    : g_strdup_printf("did you mean \"%s\"?", near);
		report_add(s->report, SEV_ERROR, at, "segment", hint,
		    "there is no segment \"%.80s\"", name);
		g_free(hint);
	}
	g_ptr_array_free(names, TRUE);
}

/* customer.segments contains "NAME", wherever it stands. */
static void
check_expr(const struct set *s, const struct expr *e)
{
	if (e == NULL || e->op == EXPR_LITERAL || e->op == EXPR_PATH)
		return;
	if (e->op == EXPR_CONTAINS && names_segments(e->left) &&
	    e->right->op == EXPR_LITERAL && e->right->literal.type == VALUE_STR) {
		check_name(s,
		    arena_strndup(
			s->arena, e->right->literal.s.p, e->right->literal.s.len),
		    e->right->at);
		return;
	}
	check_expr(s, e->left);
	check_expr(s, e->right);
}

static void
check_cond(const struct set *s, const struct cond *c)
{
	int i;

	if (c == NULL)
		return;
	check_expr(s, c->expr);
	for (i = 0; i < c->n_parts; i++)
		check_cond(s, c->parts[i]);
}

void
audiences_check(const struct set *s, const struct playbook *p)
{
	int i, k;

	if (!s->whole)
		return;
	if (p->start.segment != NULL)
		check_name(s, p->start.segment, p->start.list_pos);
	check_cond(s, p->start.when);
	check_cond(s, p->while_);
	check_cond(s, p->goal.where);
	for (i = 0; i < p->n_exits; i++)
		check_cond(s, p->exits[i].when);
	for (i = 0; i < p->n_steps; i++) {
		for (k = 0; k < p->steps[i].n_branches; k++)
			check_cond(s, p->steps[i].branches[k].when);
	}
}
