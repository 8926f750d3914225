/* parser.c - a parser's state, its reports and the small pieces of a tag. */
#include "parser.h"

#include <stdarg.h>
#include <string.h>

void
parser_init(struct parser *p, struct arena *a, struct report *r, const char *src,
    size_t len, struct pos at)
{
	memset(p, 0, sizeof(*p));
	p->a = a;
	p->report = r;
	place_init(&p->places, a, src, len, at);
	p->cur = src;
	p->end = src + len;
	p->where = "tag";
}

struct pos
parser_pos(struct parser *p, const char *at)
{
	return place_at(&p->places, at);
}

void
parser_error(struct parser *p, const char *at, const char *hint, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	p->failed = true;
	report_add(p->report, SEV_ERROR, parser_pos(p, at), "liquid", hint, "%s", text);
}

/* What people type instead of the character Liquid wants. */
static const char *
slip(const struct token *t, const char *wanted, char *buf, size_t size)
{
	gunichar c = g_utf8_get_char_validated(t->p, (gssize)t->len);

	if (t->type == TOKEN_ASSIGN && g_str_has_prefix(wanted, "a comparison"))
		return "to compare, write ==";
	if (t->type == TOKEN_PIPE)
		return "filters go into {{ }}, echo and assign; for a choice write or";
	if (t->type == TOKEN_LPAREN)
		return "conditions have no parentheses; nest one if in another";
	if (t->type != TOKEN_OTHER)
		return "";
	if (c == 0x201c || c == 0x201d || c == 0x2018 || c == 0x2019)
		return "use straight quotes: \"text\"";
	if (c >= 0xff01 && c <= 0xff5e) {
		snprintf(buf, size, "write the half-width %c", (char)(c - 0xff01 + '!'));
		return buf;
	}
	switch (c) {
	case '&':
		return "write and";
	case '!':
		return "write != to compare, or {% unless %}";
	case '+':
	case '-':
	case '*':
	case '/':
	case '%':
		return "use the filters plus, minus, times, divided_by, modulo";
	default:
		return "";
	}
}

void
parser_expected(struct parser *p, const char *what)
{
	const struct token *t = &p->lex.tok;
	int shown = (int)(value_char_at(t->p, t->len, 24) - t->p);
	char buf[64];

	if (t->type == TOKEN_UNCLOSED)
		parser_error(p, t->p, "", "the quote %c is never closed", *t->p);
	else if (t->type == TOKEN_END)
		parser_error(
		    p, t->p, "", "expected %s, found the end of the %s", what, p->where);
	else if (t->type == TOKEN_STR)
		parser_error(
		    p, t->p, "", "expected %s, found the text %.*s", what, shown, t->p);
	else
		parser_error(p, t->p, slip(t, what, buf, sizeof(buf)),
		    "expected %s, found \"%.*s\"", what, shown, t->p);
}

bool
parser_done(struct parser *p)
{
	char what[40];

	if (p->lex.tok.type == TOKEN_END)
		return true;
	snprintf(what, sizeof(what), "the end of the %s", p->where);
	parser_expected(p, what);
	return false;
}

bool
parser_try(struct parser *p, enum token_type type)
{
	if (p->lex.tok.type != type)
		return false;
	lexer_next(&p->lex);
	return true;
}

bool
parser_take(struct parser *p, enum token_type type, const char *what)
{
	if (parser_try(p, type))
		return true;
	parser_expected(p, what);
	return false;
}

bool
parser_try_word(struct parser *p, const char *word)
{
	if (!lexer_is(&p->lex, word))
		return false;
	lexer_next(&p->lex);
	return true;
}

const char *
parser_name(struct parser *p, const char *what)
{
	const struct token *t = &p->lex.tok;
	const char *name;

	if (t->type != TOKEN_ID) {
		parser_expected(p, what);
		return NULL;
	}
	name = arena_strndup(p->a, t->p, t->len);
	lexer_next(&p->lex);
	return name;
}

struct node *
parser_add(struct parser *p, struct block *into, const struct node_ops *ops,
    const void *data, struct pos at)
{
	struct node *n;

	if (into->n == into->cap) {
		int cap = into->cap == 0 ? 4 : 2 * into->cap;
		struct node *nodes = arena_array(p->a, struct node, cap);

		if (into->n > 0)
			memcpy(nodes, into->nodes, (size_t)into->n * sizeof(*nodes));
		into->nodes = nodes;
		into->cap = cap;
	}
	n = &into->nodes[into->n++];
	n->ops = ops;
	n->data = data;
	n->at = at;
	into->filled = true; /* until the caller says that it is blank */
	return n;
}
