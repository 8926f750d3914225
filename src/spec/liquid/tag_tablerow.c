/* tag_tablerow.c - rows of an HTML table. */
#include "parser.h"
#include "renderer.h"
#include "seq.h"
#include "tag.h"
#include "walker.h"

struct table {
	const char *var;
	const struct expr *over, *cols, *limit, *offset;
	struct block body;
};

static int
print(struct renderer *r, const struct node *n, const char *form, int64_t i)
{
	char text[64];
	int len = snprintf(text, sizeof(text), form, (long long)i);

	return renderer_write(r, text, (size_t)len, n->at);
}

static int
cell(struct renderer *r, const struct node *n, const struct seq *s, struct frame_loop *l)
{
	const struct table *t = n->data;
	int64_t row = l->index / l->cols + 1, col = l->index % l->cols + 1;

	l->item = seq_item(s, l->index, r->env->arena);
	if (renderer_round(r, n->at) < 0 ||
	    print(r, n, "<td class=\"col%lld\">", col) < 0 ||
	    renderer_block(r, &t->body) < 0 || renderer_write(r, "</td>", 5, n->at) < 0)
		return -1;
	if (r->interrupt == INTERRUPT_BREAK)
		return 0;
	if (col == l->cols && l->index < l->length - 1)
		return print(r, n, "</tr>\n<tr class=\"row%lld\">", row + 1);
	return 0;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct table *t = n->data;
	struct value over = renderer_value(r, t->over);
	struct value limit = t->limit == NULL ? VALUE_NONE : renderer_value(r, t->limit);
	int64_t offset =
	    t->offset == NULL ? 0 : value_to_int(renderer_value(r, t->offset));
	int64_t cols = t->cols == NULL ? 0 : value_to_int(renderer_value(r, t->cols));
	struct seq s = seq_of(over);
	struct frame_loop *l;
	int rc;

	if (!value_truthy(over))
		return 0;
	seq_cut(&s, offset, limit.type == VALUE_NIL ? -1 : MAX(value_to_int(limit), 0));
	if (cols <= 0)
		cols = MAX(s.n, 1);
	rc = print(r, n, "<tr class=\"row%lld\">\n", 1);
	l = frame_push(r->frame, t->var, "", s.n, cols);
	for (l->index = 0; l->index < s.n && rc == 0; l->index++) {
		rc = cell(r, n, &s, l);
		if (r->interrupt == INTERRUPT_BREAK)
			s.n = 0;
		r->interrupt = INTERRUPT_NONE;
	}
	frame_pop(r->frame);
	return rc < 0 ? -1 : renderer_write(r, "</tr>\n", 6, n->at);
}

static void
walk(struct walker *w, const struct node *n)
{
	const struct table *t = n->data;
	const struct walker_name *names = w->names;
	struct walker_name object = { "tablerowloop", names }, var = { t->var, &object };

	walker_expr(w, t->over, true);
	walker_expr(w, t->cols, true);
	walker_expr(w, t->limit, true);
	walker_expr(w, t->offset, true);
	if (w->naming) {
		walker_block(w, &t->body);
		return;
	}
	w->names = &var;
	walker_block(w, &t->body);
	w->names = names;
}

static const struct node_ops table_ops = { render, walk };

static bool
read_option(struct parser *p, struct table *t)
{
	const struct expr **value;

	parser_try(p, TOKEN_COMMA);
	if (p->lex.tok.type == TOKEN_END)
		return false;
	if (lexer_is(&p->lex, "cols"))
		value = &t->cols;
	else if (lexer_is(&p->lex, "limit"))
		value = &t->limit;
	else if (lexer_is(&p->lex, "offset"))
		value = &t->offset;
	else {
		parser_expected(p, "\"cols:\", \"limit:\", \"offset:\" or the end");
		return false;
	}
	lexer_next(&p->lex);
	if (!parser_take(p, TOKEN_COLON, "\":\""))
		return false;
	*value = parser_value(p, "a number");
	return *value != NULL;
}

static void
read_head(struct parser *p, struct table *t)
{
	t->var = parser_name(p, "a name for the loop's variable");
	if (t->var == NULL)
		return;
	if (!parser_try_word(p, "in")) {
		parser_expected(p, "\"in\"");
		return;
	}
	t->over = parser_value(p, "what to loop over");
	while (t->over != NULL && read_option(p, t))
		continue;
}

void
tag_tablerow(struct parser *p, struct block *into)
{
	static const char *const ends[] = { "endtablerow", NULL };
	struct table *t = arena_new_of(p->a, struct table);
	struct pos at = parser_pos(p, p->tag);

	read_head(p, t);
	if (*parser_block(p, "tablerow", at, ends, &t->body) != '\0')
		parser_done(p);
	parser_add(p, into, &table_ops, t, at);
}
