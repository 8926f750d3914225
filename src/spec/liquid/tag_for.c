/* tag_for.c - for, break and continue. */
#include <string.h>

#include "parser.h"
#include "printer.h"
#include "renderer.h"
#include "seq.h"
#include "tag.h"
#include "walker.h"

struct loop {
	const char *var;
	const char *name; /* "item-list": of offset: continue, and forloop.name */
	const struct expr *over, *limit, *offset;
	bool resume; /* offset: continue */
	bool reversed;
	struct block body, otherwise;
};

static int
run(struct renderer *r, const struct node *n, const struct seq *s)
{
	const struct loop *l = n->data;
	struct frame_loop *frame = frame_push(r->frame, l->var, l->name, s->n, 0);
	int rc = 0;

	for (int64_t i = 0; i < s->n && rc == 0; i++) {
		frame->index = i;
		rc = renderer_round(r, n->at);
		if (rc < 0)
			break;
		frame->item = seq_item(s, i, r->env->arena);
		rc = renderer_block(r, &l->body);
		if (r->interrupt == INTERRUPT_BREAK)
			i = s->n;
		r->interrupt = INTERRUPT_NONE;
	}
	frame_pop(r->frame);
	return rc;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct loop *l = n->data;
	int64_t *stopped = frame_number(r->frame, FRAME_OFFSET, l->name);
	int64_t offset, limit;
	bool given;
	struct seq s;

	if (stopped == NULL)
		return renderer_fail(
		    r, n->at, "more than %d loops and counters", FRAME_MAX_NUMBERS);
	if (renderer_integer(r, l->offset, &given, &offset) < 0)
		return -1;
	if (!given)
		offset = l->resume ? *stopped : 0;
	if (renderer_integer(r, l->limit, &given, &limit) < 0)
		return -1;
	s = seq_of(renderer_value(r, l->over));
	if (given && limit < 0)
		limit = 0;
	seq_cut(&s, offset, given ? limit : -1);
	s.reversed = l->reversed;
	*stopped = offset + s.n;
	if (s.n == 0 && r->env->longest)
		return renderer_longest(
		    r, (const struct block *const[]){ &l->body, &l->otherwise }, 2);
	return s.n == 0 ? renderer_block(r, &l->otherwise) : run(r, n, &s);
}

static void
walk(struct walker *w, const struct node *n)
{
	const struct loop *l = n->data;
	const struct walker_name *names = w->names;
	struct walker_name object = { "forloop", names }, var = { l->var, &object };

	walker_expr(w, l->over, true);
	walker_expr(w, l->limit, true);
	walker_expr(w, l->offset, true);
	if (w->naming) {
		walker_block(w, &l->body);
	} else {
		w->names = &var;
		walker_block(w, &l->body);
		w->names = names;
	}
	walker_block(w, &l->otherwise);
}

static const struct node_ops for_ops = { render, walk };

static const char *
loop_name(struct parser *p, const struct loop *l)
{
	GString *text = g_string_new(l->var);
	const char *name;

	g_string_append_c(text, '-');
	printer_expr(text, l->over);
	name = arena_strndup(p->a, text->str, text->len);
	g_string_free(text, TRUE);
	return name;
}

/* limit: 2, offset: continue, reversed: in any order, with or without commas. */
static bool
read_option(struct parser *p, struct loop *l)
{
	const struct expr **value;
	struct lexer after;

	parser_try(p, TOKEN_COMMA);
	if (p->lex.tok.type == TOKEN_END)
		return false;
	if (parser_try_word(p, "reversed")) {
		l->reversed = true;
		return true;
	}
	if (!lexer_is(&p->lex, "limit") && !lexer_is(&p->lex, "offset")) {
		parser_expected(p, "\"limit:\", \"offset:\", \"reversed\" or the end");
		return false;
	}
	value = lexer_is(&p->lex, "limit") ? &l->limit : &l->offset;
	lexer_next(&p->lex);
	if (!parser_take(p, TOKEN_COLON, "\":\""))
		return false;
	after = p->lex;
	lexer_next(&after);
	if (value == &l->offset && lexer_is(&p->lex, "continue") &&
	    after.tok.type != TOKEN_DOT) {
		p->lex = after;
		l->resume = true;
		return true;
	}
	*value = parser_value(p, "a number");
	return *value != NULL;
}

static bool
read_head(struct parser *p, struct loop *l)
{
	l->var = parser_name(p, "a name for the loop's variable");
	if (l->var == NULL)
		return false;
	if (!parser_try_word(p, "in")) {
		parser_expected(p, "\"in\"");
		return false;
	}
	l->over = parser_value(p, "what to loop over");
	if (l->over == NULL)
		return false;
	l->name = loop_name(p, l);
	while (read_option(p, l))
		continue;
	return true;
}

void
tag_for(struct parser *p, struct block *into)
{
	static const char *const ends[] = { "else", "endfor", NULL };
	struct loop *l = arena_new_of(p->a, struct loop);
	struct pos at = parser_pos(p, p->tag);
	bool filled;
	const char *end;
	struct node *n;

	read_head(p, l);
	end = parser_block(p, "for", at, ends, &l->body);
	if (strcmp(end, "else") == 0) {
		parser_done(p);
		end = parser_block(p, "for", at, ends + 1, &l->otherwise);
	}
	if (*end != '\0')
		parser_done(p);
	filled = l->body.filled || l->otherwise.filled;
	if (!filled) {
		parser_drop_space(&l->body);
		parser_drop_space(&l->otherwise);
	}
	filled |= into->filled;
	n = parser_add(p, into, &for_ops, l, at);
	n->blank = !filled;
	into->filled = filled;
}

static int
render_break(struct renderer *r, const struct node *n)
{
	(void)n;
	r->interrupt = INTERRUPT_BREAK;
	return 0;
}

static int
render_continue(struct renderer *r, const struct node *n)
{
	(void)n;
	r->interrupt = INTERRUPT_CONTINUE;
	return 0;
}

static const struct node_ops break_ops = { render_break, NULL };
static const struct node_ops continue_ops = { render_continue, NULL };

void
tag_break(struct parser *p, struct block *into)
{
	parser_done(p);
	parser_add(p, into, &break_ops, NULL, parser_pos(p, p->tag));
}

void
tag_continue(struct parser *p, struct block *into)
{
	parser_done(p);
	parser_add(p, into, &continue_ops, NULL, parser_pos(p, p->tag));
}
