/* tag_case.c - case, when, else. */
#include <string.h>

#include "parser.h"
#include "renderer.h"
#include "tag.h"
#include "walker.h"

struct when {
	const struct expr **values; /* n == 0: else */
	int n;
	struct block body;
};

struct choice {
	const struct expr *of;
	struct when *whens;
	int n;
};

/* As Shopify's Liquid does it, each value is a case of its own: a body is printed
 * once for every one of its values that is equal. */
static int
render_longest(struct renderer *r, const struct choice *c)
{
	const struct block **blocks = g_new(const struct block *, c->n);
	int rc;

	for (int i = 0; i < c->n; i++)
		blocks[i] = &c->whens[i].body;
	rc = renderer_longest(r, blocks, c->n);
	g_free(blocks);
	return rc;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct choice *c = n->data;
	struct value of = renderer_value(r, c->of);
	bool matched = false;

	if (r->env->longest)
		return render_longest(r, c);

	for (int i = 0; i < c->n; i++) {
		const struct when *w = &c->whens[i];

		if (w->n == 0 && !matched && renderer_block(r, &w->body) < 0)
			return -1;
		for (int k = 0; k < w->n; k++) {
			if (!value_equal(of, renderer_value(r, w->values[k])))
				continue;
			matched = true;
			if (renderer_block(r, &w->body) < 0)
				return -1;
		}
	}
	return 0;
}

static void
walk(struct walker *w, const struct node *n)
{
	const struct choice *c = n->data;

	walker_expr(w, c->of, true);
	for (int i = 0; i < c->n; i++) {
		for (int k = 0; k < c->whens[i].n; k++)
			walker_expr(w, c->whens[i].values[k], true);
		walker_block(w, &c->whens[i].body);
	}
}

static const struct node_ops case_ops = { render, walk };

static void
read_values(struct parser *p, struct when *w)
{
	GPtrArray *values = g_ptr_array_new();
	const struct expr *e;

	do {
		e = parser_value(p, "a value");
		if (e == NULL)
			break;
		g_ptr_array_add(values, (void *)(uintptr_t)e);
	} while (parser_try(p, TOKEN_COMMA) || parser_try_word(p, "or"));
	if (e != NULL && p->lex.tok.type != TOKEN_END)
		parser_expected(p, "\",\", \"or\" or the end");
	w->n = (int)values->len;
	w->values = arena_array(p->a, const struct expr *, values->len + 1);
	if (w->n > 0)
		memcpy(w->values, values->pdata, values->len * sizeof(*w->values));
	g_ptr_array_free(values, TRUE);
}

void
tag_case(struct parser *p, struct block *into)
{
	static const char *const ends[] = { "when", "else", "endcase", NULL };
	struct choice *c = arena_new_of(p->a, struct choice);
	struct pos at = parser_pos(p, p->tag);
	GArray *whens = g_array_new(FALSE, TRUE, sizeof(struct when));
	struct block before = { 0 };
	bool filled = false, had_else = false;
	const char *end;
	struct node *n;

	c->of = parser_value(p, "a value to compare");
	if (c->of != NULL)
		parser_done(p);
	end = parser_block(p, "case", at, ends, &before);
	if (before.filled && *end != '\0')
		report_add(p->report, SEV_WARNING, before.nodes[0].at, "liquid", "",
		    "what stands between case and the first when is never printed");
	while (strcmp(end, "when") == 0 || strcmp(end, "else") == 0) {
		struct when w = { 0 };

		if (had_else)
			parser_error(p, p->tag, "put else last",
			    "{%% %s %%} after {%% else %%}", end);
		if (strcmp(end, "when") == 0) {
			read_values(p, &w);
		} else {
			had_else = true;
			parser_done(p);
		}
		end = parser_block(p, "case", at, ends, &w.body);
		filled |= w.body.filled;
		g_array_append_val(whens, w);
	}
	if (*end != '\0')
		parser_done(p);
	c->n = (int)whens->len;
	c->whens = arena_array(p->a, struct when, whens->len + 1);
	if (c->n > 0)
		memcpy(c->whens, whens->data, whens->len * sizeof(*c->whens));
	g_array_free(whens, TRUE);
	for (int i = 0; i < c->n && !filled; i++)
		parser_drop_space(&c->whens[i].body);
	filled |= into->filled;
	n = parser_add(p, into, &case_ops, c, at);
	n->blank = !filled;
	into->filled = filled;
}
