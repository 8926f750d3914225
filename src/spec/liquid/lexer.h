/* lexer.h - the words of one tag, one output or one condition. Borrows the source. */
#ifndef SPEC_LIQUID_LEXER_H
#define SPEC_LIQUID_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_type {
	TOKEN_END,
	TOKEN_ID,
	TOKEN_INT,
	TOKEN_FLOAT,
	TOKEN_STR,
	TOKEN_DOT,
	TOKEN_DOTDOT,
	TOKEN_COLON,
	TOKEN_COMMA,
	TOKEN_PIPE,
	TOKEN_ASSIGN,
	TOKEN_LBRACK,
	TOKEN_RBRACK,
	TOKEN_LPAREN,
	TOKEN_RPAREN,
	TOKEN_EQ,
	TOKEN_NE,
	TOKEN_LT,
	TOKEN_GT,
	TOKEN_LE,
	TOKEN_GE,
	TOKEN_UNCLOSED, /* a string without its second quote */
	TOKEN_OTHER     /* a character Liquid does not know */
};

struct token {
	enum token_type type;
	const char *p; /* TOKEN_STR: with its quotes */
	size_t len;
};

struct lexer {
	const char *cur, *end;
	struct token tok; /* the one being looked at */
};

/* Looks at the first token. */
void lexer_init(struct lexer *l, const char *p, const char *end);
void lexer_next(struct lexer *l);
bool lexer_is(const struct lexer *l, const char *word); /* a name, spelt so */

#endif
