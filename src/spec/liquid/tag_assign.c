/* tag_assign.c - assign, capture, increment and decrement. */
#include "output.h"
#include "parser.h"
#include "renderer.h"
#include "tag.h"
#include "walker.h"

struct assign {
	const char *name;
	const struct output *output;
};

static int
render_assign(struct renderer *r, const struct node *n)
{
	const struct assign *a = n->data;
	struct value v;

	if (output_value(r, a->output, &v) < 0)
		return -1;
	frame_assign(r->frame, a->name, v);
	return 0;
}

static void
walk_assign(struct walker *w, const struct node *n)
{
	const struct assign *a = n->data;

	walker_own(w, a->name);
	output_walk(w, a->output);
}

static const struct node_ops assign_ops = { render_assign, walk_assign };

void
tag_assign(struct parser *p, struct block *into)
{
	struct assign *a = arena_new_of(p->a, struct assign);
	struct pos at = parser_pos(p, p->tag);
	bool filled = into->filled;

	a->name = parser_name(p, "a name");
	if (a->name == NULL || !parser_take(p, TOKEN_ASSIGN, "\"=\""))
		return;
	a->output = parser_output(p);
	if (a->output == NULL)
		return;
	parser_add(p, into, &assign_ops, a, at)->blank = true;
	into->filled = filled;
}

struct capture {
	const char *name;
	struct block body;
};

static int
render_capture(struct renderer *r, const struct node *n)
{
	const struct capture *c = n->data;
	GString *out = r->out, *text = g_string_new(NULL);
	size_t limit = r->limit;
	struct value v;
	int rc;

	r->out = text;
	r->limit = RENDERER_MAX_OUTPUT;
	rc = renderer_block(r, &c->body);
	r->out = out;
	r->limit = limit;
	if (rc == 0) {
		v = value_strn(
		    arena_strndup(r->env->arena, text->str, text->len), text->len);
		v.safe = true; /* values were escaped on the way in */
		frame_assign(r->frame, c->name, v);
		rc = renderer_memory(r, n->at);
	}
	g_string_free(text, TRUE);
	return rc;
}

static void
walk_capture(struct walker *w, const struct node *n)
{
	const struct capture *c = n->data;

	walker_own(w, c->name);
	walker_block(w, &c->body);
}

static const struct node_ops capture_ops = { render_capture, walk_capture };

/* The name may stand in quotes. */
static const char *
capture_name(struct parser *p)
{
	struct token t = p->lex.tok;

	if (t.type != TOKEN_STR)
		return parser_name(p, "a name");
	lexer_next(&p->lex);
	return arena_strndup(p->a, t.p + 1, t.len - 2);
}

void
tag_capture(struct parser *p, struct block *into)
{
	static const char *const ends[] = { "endcapture", NULL };
	struct capture *c = arena_new_of(p->a, struct capture);
	struct pos at = parser_pos(p, p->tag);
	bool filled = into->filled;

	c->name = capture_name(p);
	if (c->name != NULL)
		parser_done(p);
	if (*parser_block(p, "capture", at, ends, &c->body) != '\0')
		parser_done(p);
	parser_add(p, into, &capture_ops, c, at)->blank = true;
	into->filled = filled;
}

struct counter {
	const char *name;
	int step;
};

static int
render_counter(struct renderer *r, const struct node *n)
{
	const struct counter *c = n->data;
	int64_t *number = frame_number(r->frame, FRAME_COUNTER, c->name);
	int64_t shown;

	if (number == NULL)
		return renderer_fail(
		    r, n->at, "more than %d loops and counters", FRAME_MAX_NUMBERS);
	/* increment prints, then counts; decrement counts, then prints */
	shown = c->step > 0 ? *number : *number - 1;
	*number += c->step;
	return renderer_print(r, value_int(shown), n->at);
}

static void
walk_counter(struct walker *w, const struct node *n)
{
	const struct counter *c = n->data;

	walker_own(w, c->name);
}

static const struct node_ops counter_ops = { render_counter, walk_counter };

static void
counter(struct parser *p, struct block *into, int step)
{
	struct counter *c = arena_new_of(p->a, struct counter);
	struct pos at = parser_pos(p, p->tag);

	c->step = step;
	c->name = parser_name(p, "a name");
	if (c->name != NULL && parser_done(p))
		parser_add(p, into, &counter_ops, c, at);
}

void
tag_increment(struct parser *p, struct block *into)
{
	counter(p, into, 1);
}

void
tag_decrement(struct parser *p, struct block *into)
{
	counter(p, into, -1);
}
