/* literal.c - what stands between the tags. */
#include "literal.h"

#include <glib.h>

#include "parser.h"
#include "renderer.h"

struct literal {
	const char *text;
	size_t len;
};

static int
render(struct renderer *r, const struct node *n)
{
	const struct literal *l = n->data;

	return renderer_write(r, l->text, l->len, n->at);
}

static const struct node_ops literal_ops = { render, NULL };

bool
literal_add(struct parser *p, struct block *into, const char *text, size_t len)
{
	struct literal *l = arena_new_of(p->a, struct literal);
	struct node *n;

	l->text = text;
	l->len = len;
	n = parser_add(p, into, &literal_ops, l, parser_pos(p, text));
	n->blank = true;
	for (size_t i = 0; i < len && n->blank; i++)
		n->blank = g_ascii_isspace(text[i]) || text[i] == '\v';
	return n->blank;
}

bool
literal_is_space(const struct node *n)
{
	return n->ops == &literal_ops && n->blank;
}
