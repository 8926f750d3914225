/* tag_render.c - render: a partial with a scope of its own. */
#include <string.h>

#include "parser.h"
#include "renderer.h"
#include "seq.h"
#include "tag.h"
#include "walker.h"

struct argument {
	const char *name;
	const struct expr *value;
};

struct partial {
	const char *name;
	const struct expr *with; /* NULL: none */
	bool each;               /* for, not with */
	const char *var;         /* as, or the partial's own name */
	struct argument *args;
	int n_args;
};

static int
render_once(struct renderer *r, const struct partial *p, const struct liquid *t,
    struct frame *frame)
{
	struct frame *outer = r->frame;
	int rc;

	/* The arguments are values of the outer frame. */
	for (int i = 0; i < p->n_args; i++)
		frame_assign(frame, p->args[i].name, renderer_value(r, p->args[i].value));
	r->frame = frame;
	r->scope.arg = frame;
	rc = renderer_block(r, &t->body);
	r->frame = outer;
	r->scope.arg = outer;
	r->interrupt = INTERRUPT_NONE; /* a break does not leave the partial */
	return rc;
}

static int
render_each(
    struct renderer *r, const struct node *n, const struct liquid *t, struct value over)
{
	const struct partial *p = n->data;
	struct seq s = seq_of(over);
	int rc = 0;

	for (int64_t i = 0; i < s.n && rc == 0; i++) {
		struct frame frame = { .a = r->env->arena };
		struct frame_loop *l = frame_push(&frame, p->var, p->name, s.n, 0);

		l->index = i;
		l->item = seq_item(&s, i, r->env->arena);
		rc = renderer_round(r, n->at);
		if (rc == 0)
			rc = render_once(r, p, t, &frame);
	}
	return rc;
}

static int
render(struct renderer *r, const struct node *n)
{
	const struct partial *p = n->data;
	const struct liquid *t = NULL;
	struct frame frame = { .a = r->env->arena };
	struct value with = VALUE_NONE;
	int rc;

	if (r->env->partial != NULL)
		t = r->env->partial(r->env->partial_arg, p->name);
	if (t == NULL)
		return renderer_refuse(
		    r, n->at, "there is no partial named \"%.100s\"", p->name);
	if (r->partials == RENDERER_MAX_PARTIALS)
		return renderer_fail(r, n->at, "partials are nested more than %d deep",
		    RENDERER_MAX_PARTIALS);
	if (p->with != NULL)
		with = renderer_value(r, p->with);
	r->partials++;
	if (p->each && (with.type == VALUE_LIST || with.type == VALUE_RANGE ||
			   with.type == VALUE_MAP)) {
		rc = render_each(r, n, t, with);
	} else {
		if (p->with != NULL)
			frame_assign(&frame, p->var, with);
		rc = render_once(r, p, t, &frame);
	}
	r->partials--;
	return rc < 0 ? -1 : renderer_memory(r, n->at);
}

static void
walk(struct walker *w, const struct node *n)
{
	const struct partial *p = n->data;

	if (!w->naming && w->partial != NULL)
		w->partial(w->arg, p->name, n->at);
	if (p->with != NULL)
		walker_hand(w, p->name, p->var, p->with);
	walker_expr(w, p->with, true);
	for (int i = 0; i < p->n_args; i++) {
		walker_hand(w, p->name, p->args[i].name, p->args[i].value);
		walker_expr(w, p->args[i].value, true);
	}
}

static const struct node_ops partial_ops = { render, walk };

static bool
read_with(struct parser *p, struct partial *t)
{
	if (!lexer_is(&p->lex, "with") && !lexer_is(&p->lex, "for"))
		return true;
	t->each = lexer_is(&p->lex, "for");
	lexer_next(&p->lex);
	t->with = parser_value(p, t->each ? "a list" : "a value");
	if (t->with == NULL)
		return false;
	if (!parser_try_word(p, "as"))
		return true;
	t->var = parser_name(p, "a name after \"as\"");
	return t->var != NULL;
}

static bool
read_arguments(struct parser *p, GArray *args)
{
	struct argument a;

	for (;;) {
		parser_try(p, TOKEN_COMMA);
		if (p->lex.tok.type == TOKEN_END)
			return true;
		a.name = parser_name(
		    p, "\"with\", \"for\", the name of an argument or the end");
		if (a.name == NULL || !parser_take(p, TOKEN_COLON, "\":\""))
			return false;
		a.value = parser_value(p, "a value");
		if (a.value == NULL)
			return false;
		g_array_append_val(args, a);
	}
}

void
tag_render(struct parser *p, struct block *into)
{
	struct partial *t = arena_new_of(p->a, struct partial);
	struct pos at = parser_pos(p, p->tag);
	struct token name = p->lex.tok;
	GArray *args = g_array_new(FALSE, FALSE, sizeof(struct argument));
	const char *slash;

	if (name.type != TOKEN_STR) {
		parser_expected(p, "the name of a partial in quotes");
		g_array_free(args, TRUE);
		return;
	}
	lexer_next(&p->lex);
	t->name = arena_strndup(p->a, name.p + 1, name.len - 2);
	slash = strrchr(t->name, '/');
	t->var = slash == NULL ? t->name : slash + 1;
	if (read_with(p, t) && read_arguments(p, args)) {
		t->n_args = (int)args->len;
		t->args = arena_array(p->a, struct argument, args->len + 1);
		if (t->n_args > 0)
			memcpy(t->args, args->data, args->len * sizeof(*t->args));
		parser_add(p, into, &partial_ops, t, at);
	}
	g_array_free(args, TRUE);
}

void
tag_include(struct parser *p, struct block *into)
{
	(void)into;
	parser_error(p, p->tag,
	    "write {% render 'name', argument: value %}; a partial sees only "
	    "the data and what it is given",
	    "{%% include %%} is not supported");
}
