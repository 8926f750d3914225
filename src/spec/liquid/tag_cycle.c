/* tag_cycle.c - cycle: the next of its values, round and round. */
#include <string.h>

#include "parser.h"
#include "printer.h"
#include "renderer.h"
#include "tag.h"
#include "walker.h"

struct cycle {
	const struct expr *name; /* NULL: the values are the name */
	const char *key;
	const struct expr **values;
	int n;
};

static const char *
cycle_key(struct renderer *r, const struct cycle *c)
{
	GString *text;
	const char *key;

	if (c->name == NULL)
		return c->key;
	text = g_string_new("named ");
	printer_inspect(text, renderer_value(r, c->name), r->env->zone);
	key = arena_strndup(r->env->arena, text->str, text->len);
	g_string_free(text, TRUE);
	return key;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct cycle *c = n->data;
	int64_t *turn = frame_number(r->frame, FRAME_CYCLE, cycle_key(r, c));
	const struct expr *e;
	struct value v;

	if (turn == NULL)
		return renderer_fail(
		    r, n->at, "more than %d loops and counters", FRAME_MAX_NUMBERS);
	/* A group may be named again with fewer values. */
	e = *turn < c->n ? c->values[*turn] : NULL;
	*turn = *turn + 1 >= c->n ? 0 : *turn + 1;
	if (e == NULL)
		return 0;
	v = renderer_value(r, e);
	if (v.type == VALUE_NIL)
		return e->op == EXPR_LITERAL ? 0 : renderer_missing(r, e);
	return renderer_print(r, v, e->at);
}

static void
walk(struct walker *w, const struct node *n)
{
	const struct cycle *c = n->data;

	walker_expr(w, c->name, true);
	for (int i = 0; i < c->n; i++)
		walker_expr(w, c->values[i], false);
}

static const struct node_ops cycle_ops = { render, walk };

/* Tags with the same literal values share their turn; with variables each tag has
 * its own, as in Shopify's Liquid. */
static const char *
unnamed_key(struct parser *p, const struct cycle *c, const char *at)
{
	GString *text = g_string_new("values");
	const char *key;

	for (int i = 0; i < c->n; i++) {
		g_string_append_c(text, ' ');
		if (c->values[i]->op == EXPR_LITERAL)
			printer_expr(text, c->values[i]);
		else
			g_string_append_printf(text, "at %td", at - p->places.src);
	}
	key = arena_strndup(p->a, text->str, text->len);
	g_string_free(text, TRUE);
	return key;
}

void
tag_cycle(struct parser *p, struct block *into)
{
	struct cycle *c = arena_new_of(p->a, struct cycle);
	const char *at = p->tag;
	GPtrArray *values = g_ptr_array_new();
	const struct expr *e = parser_value(p, "a value");

	if (e != NULL && parser_try(p, TOKEN_COLON)) {
		c->name = e;
		e = parser_value(p, "a value");
	}
	while (e != NULL) {
		g_ptr_array_add(values, (void *)(uintptr_t)e);
		if (!parser_try(p, TOKEN_COMMA))
			break;
		e = parser_value(p, "a value");
	}
	c->n = (int)values->len;
	c->values = arena_array(p->a, const struct expr *, values->len + 1);
	if (c->n > 0)
		memcpy(c->values, values->pdata, values->len * sizeof(*c->values));
	g_ptr_array_free(values, TRUE);
	if (e == NULL)
		return;
	if (p->lex.tok.type != TOKEN_END) {
		parser_expected(p, "\",\" or the end");
		return;
	}
	c->key = unnamed_key(p, c, at);
	parser_add(p, into, &cycle_ops, c, parser_pos(p, at));
}
