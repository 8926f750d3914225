/* parser_expr.c - values, conditions and filtered outputs. */
#include "parser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

static struct expr *
new_expr(struct parser *p, enum expr_op op, const char *at)
{
	struct expr *e = arena_new_of(p->a, struct expr);

	e->op = op;
	e->at = parser_pos(p, at);
	return e;
}

/* Brackets and ranges may hold each other; a limit keeps the stack small. */
static bool
enter(struct parser *p)
{
	if (++p->nesting <= PARSER_MAX_NESTING)
		return true;
	parser_error(p, p->lex.tok.p, "assign the inner part first",
	    "brackets are nested more than %d deep", PARSER_MAX_NESTING);
	return false;
}

static const struct expr *
number(struct parser *p)
{
	struct token t = p->lex.tok;
	struct expr *e = new_expr(p, EXPR_LITERAL, t.p);
	char *text = arena_strndup(p->a, t.p, t.len);

	errno = 0;
	e->literal = value_int(g_ascii_strtoll(text, NULL, 10));
	if (t.type == TOKEN_FLOAT || errno == ERANGE)
		e->literal = value_float(g_ascii_strtod(text, NULL));
	lexer_next(&p->lex);
	return e;
}

static const struct expr *
string(struct parser *p)
{
	struct token t = p->lex.tok;
	struct expr *e = new_expr(p, EXPR_LITERAL, t.p);

	e->literal = value_strn(arena_strndup(p->a, t.p + 1, t.len - 2), t.len - 2);
	e->literal.safe = true; /* the author's own words */
	lexer_next(&p->lex);
	return e;
}

static const struct expr *
range(struct parser *p)
{
	struct expr *e = new_expr(p, EXPR_RANGE, p->lex.tok.p);

	lexer_next(&p->lex);
	if (!enter(p))
		return NULL;
	e->left = parser_value(p, "the first number of a range");
	if (e->left == NULL)
		return NULL;
	if (p->lex.tok.type != TOKEN_DOTDOT) {
		parser_error(p, p->lex.tok.p,
		    "parentheses are for ranges only, such as (1..5); "
		    "a condition cannot be grouped with them",
		    "expected \"..\" in a range");
		return NULL;
	}
	lexer_next(&p->lex);
	e->right = parser_value(p, "the last number of a range");
	if (e->right == NULL || !parser_take(p, TOKEN_RPAREN, "\")\" after the range"))
		return NULL;
	p->nesting--;
	return e;
}

/* nil, true, empty ...: reserved unless something follows: empty.x is a path. */
static bool
keyword(const struct token *t, struct value *out)
{
	static const struct {
		const char *word;
		enum value_type type;
		bool b;
	} words[] = {
		{ "nil", VALUE_NIL, false },
		{ "null", VALUE_NIL, false },
		{ "true", VALUE_BOOL, true },
		{ "false", VALUE_BOOL, false },
		{ "empty", VALUE_EMPTY, false },
		{ "blank", VALUE_BLANK, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (t->len == strlen(words[i].word) &&
		    memcmp(t->p, words[i].word, t->len) == 0) {
			*out = (struct value){ .type = words[i].type };
			if (out->type == VALUE_BOOL)
				out->b = words[i].b;
			return true;
		}
	}
	return false;
}

/* [index]: a literal text is as good as a name, unless it would be a property. */
static bool
path_index(struct parser *p, struct path_part *part)
{
	const struct expr *e;

	lexer_next(&p->lex);
	if (!enter(p))
		return false;
	e = parser_value(p, "an index or a name in quotes");
	if (e == NULL || !parser_take(p, TOKEN_RBRACK, "\"]\""))
		return false;
	p->nesting--;
	part->index = e;
	if (e->op == EXPR_LITERAL && e->literal.type == VALUE_STR &&
	    strcmp(e->literal.s.p, "size") != 0 && strcmp(e->literal.s.p, "first") != 0 &&
	    strcmp(e->literal.s.p, "last") != 0)
		part->name = e->literal.s.p;
	return true;
}

static const struct expr *
path(struct parser *p)
{
	struct expr *e = new_expr(p, EXPR_PATH, p->lex.tok.p);
	GArray *parts = g_array_new(FALSE, TRUE, sizeof(struct path_part));
	struct path_part part = { NULL, NULL };
	bool ok = true;

	if (p->lex.tok.type == TOKEN_ID)
		part.name = parser_name(p, "");
	else
		ok = path_index(p, &part);
	while (ok) {
		g_array_append_val(parts, part);
		memset(&part, 0, sizeof(part));
		if (p->lex.tok.type == TOKEN_LBRACK) {
			ok = path_index(p, &part);
		} else if (parser_try(p, TOKEN_DOT)) {
			part.name = parser_name(p, "a name after \".\"");
			ok = part.name != NULL;
		} else {
			break;
		}
	}
	e->n_parts = (int)parts->len;
	e->parts = arena_array(p->a, struct path_part, parts->len + 1);
	if (parts->len > 0)
		memcpy((void *)(uintptr_t)e->parts, parts->data, parts->len * sizeof(part));
	g_array_free(parts, TRUE);
	return ok ? e : NULL;
}

const struct expr *
parser_value(struct parser *p, const char *what)
{
	struct lexer after = p->lex;
	struct value literal;
	struct expr *e;

	switch (p->lex.tok.type) {
	case TOKEN_STR:
		return string(p);
	case TOKEN_INT:
	case TOKEN_FLOAT:
		return number(p);
	case TOKEN_LPAREN:
		return range(p);
	case TOKEN_LBRACK:
		return path(p);
	case TOKEN_ID:
		lexer_next(&after);
		if (after.tok.type != TOKEN_DOT && after.tok.type != TOKEN_LBRACK &&
		    keyword(&p->lex.tok, &literal)) {
			e = new_expr(p, EXPR_LITERAL, p->lex.tok.p);
			e->literal = literal;
			p->lex = after;
			return e;
		}
		return path(p);
	default:
		parser_expected(p, what);
		return NULL;
	}
}

static bool
comparison(struct parser *p, enum expr_op *op, char *text)
{
	static const struct {
		enum token_type token;
		enum expr_op op;
	} table[] = {
		{ TOKEN_EQ, EXPR_EQ },
		{ TOKEN_NE, EXPR_NE },
		{ TOKEN_LT, EXPR_LT },
		{ TOKEN_GT, EXPR_GT },
		{ TOKEN_LE, EXPR_LE },
		{ TOKEN_GE, EXPR_GE },
	};

	snprintf(text, 16, "%.*s", (int)MIN(p->lex.tok.len, 8), p->lex.tok.p);
	*op = EXPR_CONTAINS;
	if (parser_try_word(p, "contains"))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		*op = table[i].op;
		if (parser_try(p, table[i].token))
			return true;
	}
	return false;
}

static const struct expr *
compared(struct parser *p)
{
	const char *at = p->lex.tok.p;
	char op_text[16], what[48];
	const struct expr *left;
	struct lexer after = p->lex;
	struct expr *e;
	enum expr_op op;

	if (lexer_is(&p->lex, "not")) {
		lexer_next(&after);
		if (after.tok.type == TOKEN_ID || after.tok.type == TOKEN_LPAREN) {
			parser_error(p, at, "use unless, or compare with == false",
			    "Liquid has no \"not\"");
			return NULL;
		}
	}
	left = parser_value(p, "a value to test");
	if (left == NULL || !comparison(p, &op, op_text))
		return left;
	snprintf(what, sizeof(what), "a value after \"%s\"", op_text);
	e = new_expr(p, op, at);
	e->left = left;
	e->right = parser_value(p, what);
	return e->right == NULL ? NULL : e;
}

/* and, or: right-associative, of one rank. */
static const struct expr *
terms(struct parser *p)
{
	const char *at = p->lex.tok.p;
	const struct expr *left = compared(p);
	struct expr *e;

	if (left == NULL || p->lex.tok.type == TOKEN_END)
		return left;
	if (!lexer_is(&p->lex, "and") && !lexer_is(&p->lex, "or")) {
		parser_expected(p, left->op == EXPR_LITERAL || left->op == EXPR_PATH
				       ? "a comparison (== != < > <= >= contains), "
					 "\"and\", \"or\" or the end"
				       : "\"and\", \"or\" or the end");
		return NULL;
	}
	if (++p->terms > PARSER_MAX_TERMS) {
		parser_error(p, p->lex.tok.p, "split it",
		    "a condition has more than %d parts", PARSER_MAX_TERMS);
		return NULL;
	}
	e = new_expr(p, lexer_is(&p->lex, "and") ? EXPR_AND : EXPR_OR, at);
	lexer_next(&p->lex);
	e->left = left;
	e->right = terms(p);
	return e->right == NULL ? NULL : e;
}

const struct expr *
parser_condition(struct parser *p)
{
	p->terms = p->nesting = 0;
	return terms(p);
}

/* One argument after "filter:", "a" or "name: a". */
static bool
filter_argument(struct parser *p, struct filter_use *use)
{
	const struct filter *f = use->filter;
	const char *at = p->lex.tok.p;
	struct lexer after = p->lex;
	const struct expr *e;
	bool named = false;

	if (after.tok.type == TOKEN_ID) {
		lexer_next(&after);
		named = after.tok.type == TOKEN_COLON;
	}
	if (named && (f->named == NULL || !lexer_is(&p->lex, f->named))) {
		parser_error(p, at, "", "%s has no argument named \"%.*s\"", f->name,
		    (int)MIN(p->lex.tok.len, 40), at);
		return false;
	}
	if (named) {
		p->lex = after;
		lexer_next(&p->lex);
	}
	e = parser_value(p, "an argument");
	if (e == NULL)
		return false;
	if (named)
		use->named = e;
	else if (use->n_args < OUTPUT_ARGS)
		use->args[use->n_args++] = e;
	else
		use->n_args++;
	return true;
}

static bool
filter_count(struct parser *p, const struct filter_use *use, const char *at)
{
	const struct filter *f = use->filter;
	char want[32], use_hint[160];

	if (use->n_args >= f->min_args && use->n_args <= f->max_args)
		return true;
	if (f->max_args == 0)
		snprintf(want, sizeof(want), "no argument");
	else if (f->min_args == f->max_args)
		snprintf(want, sizeof(want), "%d argument%s", f->min_args,
		    f->min_args == 1 ? "" : "s");
	else
		snprintf(
		    want, sizeof(want), "%d to %d arguments", f->min_args, f->max_args);
	snprintf(use_hint, sizeof(use_hint), "write | %s", f->use);
	parser_error(
	    p, at, use_hint, "%s takes %s, here are %d", f->name, want, use->n_args);
	return false;
}

static bool
filter(struct parser *p, struct filter_use *use)
{
	struct token name = p->lex.tok;
	const char *near;
	char hint[80] = "reachd help filters lists them";

	if (name.type != TOKEN_ID) {
		parser_expected(p, "the name of a filter");
		return false;
	}
	use->at = parser_pos(p, name.p);
	use->filter = filter_find(name.p, name.len);
	if (use->filter == NULL) {
		near = filter_nearest(name.p, name.len);
		if (near != NULL)
			snprintf(hint, sizeof(hint), "did you mean \"%s\"?", near);
		parser_error(p, name.p, hint, "unknown filter \"%.*s\"",
		    (int)MIN(name.len, 40), name.p);
		return false;
	}
	lexer_next(&p->lex);
	if (parser_try(p, TOKEN_COLON)) {
		do {
			if (!filter_argument(p, use))
				return false;
		} while (parser_try(p, TOKEN_COMMA));
	}
	return filter_count(p, use, name.p);
}

const struct output *
parser_output(struct parser *p)
{
	struct output *o = arena_new_of(p->a, struct output);
	struct filter_use *uses =
	    arena_array(p->a, struct filter_use, PARSER_MAX_FILTERS);

	p->nesting = 0;
	o->filters = uses;
	o->base = parser_value(p, "a value");
	if (o->base == NULL)
		return NULL;
	while (p->lex.tok.type == TOKEN_PIPE) {
		if (o->n_filters == PARSER_MAX_FILTERS) {
			parser_error(p, p->lex.tok.p,
			    "assign what comes before to a name first",
			    "more than %d filters in a row", PARSER_MAX_FILTERS);
			return NULL;
		}
		lexer_next(&p->lex);
		if (!filter(p, &uses[o->n_filters++]))
			return NULL;
	}
	if (p->lex.tok.type != TOKEN_END) {
		parser_expected(
		    p, o->n_filters > 0 ? "\"|\", \",\" or the end" : "\"|\" or the end");
		return NULL;
	}
	return o;
}
