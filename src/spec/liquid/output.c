/* output.c - {{ value | filter }}. */
#include "output.h"

#include <string.h>

#include "filter.h"
#include "parser.h"
#include "printer.h"
#include "renderer.h"
#include "walker.h"

/* In strict mode nothing but default may be given a value that is not there. An
 * author who writes nil means nil. */
static int
argument(struct renderer *r, const struct filter_use *use, const struct expr *e,
    struct value *v)
{
	*v = renderer_value(r, e);
	if (v->type == VALUE_NIL && e->op != EXPR_LITERAL && !use->filter->takes_nil)
		return renderer_missing(r, e);
	return 0;
}

static int
nothing_left(struct renderer *r, const struct filter_use *use)
{
	if (r->env->lenient)
		return 0;
	return renderer_fail(r, use->at,
	    "%s gives no value here; put | default: \"...\" after it", use->filter->name);
}

static int
apply(struct renderer *r, const struct filter_use *use, struct value *v)
{
	struct value args[OUTPUT_ARGS];
	struct filter_call c = { .r = r,
		.filter = use->filter,
		.at = use->at,
		.in = *v,
		.args = args,
		.n_args = use->n_args };

	for (int i = 0; i < use->n_args; i++)
		if (argument(r, use, use->args[i], &args[i]) < 0)
			return -1;
	if (use->named != NULL && argument(r, use, use->named, &c.named) < 0)
		return -1;
	*v = VALUE_NONE;
	if (use->filter->run(&c, v) < 0)
		return -1;
	return renderer_memory(r, use->at);
}

int
output_value(struct renderer *r, const struct output *o, struct value *out)
{
	*out = renderer_value(r, o->base);
	for (int i = 0; i < o->n_filters; i++) {
		const struct filter_use *use = &o->filters[i];

		if (out->type == VALUE_NIL && !use->filter->takes_nil) {
			if (i > 0 && nothing_left(r, &o->filters[i - 1]) < 0)
				return -1;
			if (i == 0 && o->base->op != EXPR_LITERAL &&
			    renderer_missing(r, o->base) < 0)
				return -1;
		}
		if (apply(r, use, out) < 0)
			return -1;
	}
	return 0;
}

/* What is missing and has nothing in its place, where that is to be seen. */
static bool
leaves_hole(struct renderer *r, const struct output *o, struct value v)
{
	return r->env->hole != NULL && o->base->op == EXPR_PATH &&
	       (v.type == VALUE_NIL || value_is_empty(v)) &&
	       renderer_value(r, o->base).type == VALUE_NIL;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct output *o = n->data;
	struct value v;

	if (output_value(r, o, &v) < 0)
		return -1;
	if (leaves_hole(r, o, v))
		return renderer_write(r, r->env->hole, strlen(r->env->hole), n->at);
	if (v.type != VALUE_NIL)
		return renderer_print(r, v, n->at);
	if (o->n_filters > 0)
		return nothing_left(r, &o->filters[o->n_filters - 1]);
	return o->base->op == EXPR_LITERAL ? 0 : renderer_missing(r, o->base);
}

void
output_walk(struct walker *w, const struct output *o)
{
	walker_expr(w, o->base, o->n_filters > 0 && o->filters[0].filter->takes_nil);
	for (int i = 0; i < o->n_filters; i++) {
		const struct filter_use *use = &o->filters[i];

		for (int k = 0; k < use->n_args; k++)
			walker_expr(w, use->args[k], false);
		walker_expr(w, use->named, false);
	}
}

static void
walk(struct walker *w, const struct node *n)
{
	output_walk(w, n->data);
}

static const struct node_ops output_ops = { render, walk };

void
output_parse(struct parser *p, struct block *into)
{
	struct pos at = parser_pos(p, p->lex.tok.p);
	const struct output *o = parser_output(p);

	if (o != NULL)
		parser_add(p, into, &output_ops, o, at);
}
