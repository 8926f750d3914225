/* tag_if.c - if, elsif, else and unless. */
#include <string.h>

#include "parser.h"
#include "renderer.h"
#include "tag.h"
#include "walker.h"

struct branch {
	const struct expr *when; /* NULL: else */
	bool negate;
	struct block body;
};

struct choice {
	struct branch *branches;
	int n;
};

static int
render_longest(struct renderer *r, const struct choice *c)
{
	const struct block **blocks = g_new(const struct block *, c->n);
	int rc;

	for (int i = 0; i < c->n; i++)
		blocks[i] = &c->branches[i].body;
	rc = renderer_longest(r, blocks, c->n);
	g_free(blocks);
	return rc;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct choice *c = n->data;

	if (r->env->longest)
		return render_longest(r, c);

	for (int i = 0; i < c->n; i++) {
		const struct branch *b = &c->branches[i];

		if (b->when == NULL || expr_true(b->when, &r->scope) != b->negate)
			return renderer_block(r, &b->body);
	}
	return 0;
}

static void
walk(struct walker *w, const struct node *n)
{
	const struct choice *c = n->data;
	const struct walker_name *outside = w->present, *below = outside;

	for (int i = 0; i < c->n; i++) {
		const struct branch *b = &c->branches[i];

		walker_expr(w, b->when, true);
		w->present = below;
		if (!b->negate)
			walker_given(w, b->when);
		walker_block(w, &b->body);
		/* What comes after an unless is where its condition holds. */
		w->present = below;
		if (b->negate)
			walker_given(w, b->when);
		below = w->present;
	}
	w->present = outside;
}

static const struct node_ops choice_ops = { render, walk };

static const struct expr *
read_condition(struct parser *p)
{
	const struct expr *e = parser_condition(p);

	return e != NULL && parser_done(p) ? e : NULL;
}

/* After {% tag: the condition of the first branch, then the others. */
static void
parse(struct parser *p, struct block *into, const char *tag, const char *const *ends)
{
	struct pos at = parser_pos(p, p->tag);
	struct choice *c = arena_new_of(p->a, struct choice);
	GPtrArray *branches = g_ptr_array_new();
	const char *end = "elsif";
	bool had_else = false, filled = false;
	struct node *n;

	do {
		struct branch *b = arena_new_of(p->a, struct branch);

		b->negate = branches->len == 0 && strcmp(tag, "unless") == 0;
		if (had_else)
			parser_error(p, p->tag, "",
			    "{%% %s %%} after {%% else %%} is never reached", end);
		if (strcmp(end, "elsif") == 0) {
			b->when = read_condition(p);
		} else {
			had_else = true;
			parser_done(p);
		}
		g_ptr_array_add(branches, b);
		end = parser_block(p, tag, at, ends, &b->body);
		filled |= b->body.filled;
	} while (strcmp(end, "elsif") == 0 || strcmp(end, "else") == 0);
	if (*end != '\0')
		parser_done(p);
	c->n = (int)branches->len;
	c->branches = arena_array(p->a, struct branch, branches->len);
	for (int i = 0; i < c->n; i++) {
		c->branches[i] = *(struct branch *)branches->pdata[i];
		if (!filled)
			parser_drop_space(&c->branches[i].body);
	}
	g_ptr_array_free(branches, TRUE);
	filled |= into->filled;
	n = parser_add(p, into, &choice_ops, c, at);
	n->blank = !filled;
	into->filled = filled;
}

void
tag_if(struct parser *p, struct block *into)
{
	static const char *const ends[] = { "elsif", "else", "endif", NULL };

	parse(p, into, "if", ends);
}

void
tag_unless(struct parser *p, struct block *into)
{
	static const char *const ends[] = { "elsif", "else", "endunless", NULL };

	parse(p, into, "unless", ends);
}
