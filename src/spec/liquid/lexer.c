/* lexer.c - the words of one tag, one output or one condition. */
#include "lexer.h"

#include <string.h>

#include <glib.h>

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of the letter at p if it may be part of a name, else 0. Names may be
 * Chinese; full-width punctuation and digits are not letters here, because they
 * are slips of an input method. */
static size_t
letter(const char *p, const char *end)
{
	gunichar c;

	if (g_ascii_isalpha(*p) || *p == '_')
		return 1;
	if ((unsigned char)*p < 0x80)
		return 0;
	c = g_utf8_get_char_validated(p, end - p);
	if (c >= 0x110000 || !g_unichar_isalnum(c) || (c >= 0xff00 && c <= 0xffef))
		return 0;
	return (size_t)(g_utf8_next_char(p) - p);
}

static const char *
skip_name(const char *p, const char *end)
{
	while (p < end) {
		size_t n = letter(p, end);

		if (n == 0 && (g_ascii_isdigit(*p) || *p == '-'))
			n = 1;
		if (n == 0)
			break;
		p += n;
	}
	return p < end && *p == '?' ? p + 1 : p;
}

static const char *
skip_number(struct token *t, const char *p, const char *end)
{
	t->type = TOKEN_INT;
	p += *p == '-';
	while (p < end && g_ascii_isdigit(*p))
		p++;
	if (end - p >= 2 && *p == '.' && g_ascii_isdigit(p[1])) {
		t->type = TOKEN_FLOAT;
		for (p++; p < end && g_ascii_isdigit(*p);)
			p++;
	}
	return p;
}

static size_t
punctuation(struct token *t, const char *p, const char *end)
{
	static const struct {
		char text[3];
		enum token_type type;
	} table[] = {
		/* the longer first */
		{ "..", TOKEN_DOTDOT },
		{ "==", TOKEN_EQ },
		{ "!=", TOKEN_NE },
		{ "<>", TOKEN_NE },
		{ "<=", TOKEN_LE },
		{ ">=", TOKEN_GE },
		{ "<", TOKEN_LT },
		{ ">", TOKEN_GT },
		{ ".", TOKEN_DOT },
		{ ":", TOKEN_COLON },
		{ ",", TOKEN_COMMA },
		{ "|", TOKEN_PIPE },
		{ "=", TOKEN_ASSIGN },
		{ "[", TOKEN_LBRACK },
		{ "]", TOKEN_RBRACK },
		{ "(", TOKEN_LPAREN },
		{ ")", TOKEN_RPAREN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		size_t len = strlen(table[i].text);

		if ((size_t)(end - p) >= len && memcmp(p, table[i].text, len) == 0) {
			t->type = table[i].type;
			return len;
		}
	}
	return 0;
}

void
lexer_next(struct lexer *l)
{
	struct token *t = &l->tok;
	const char *p = l->cur, *close;

	while (p < l->end && is_space(*p))
		p++;
	t->p = p;
	if (p == l->end) {
		t->type = TOKEN_END;
	} else if (*p == '"' || *p == '\'') {
		close = memchr(p + 1, *p, (size_t)(l->end - p - 1));
		t->type = close != NULL ? TOKEN_STR : TOKEN_UNCLOSED;
		p = close != NULL ? close + 1 : l->end;
	} else if (g_ascii_isdigit(*p) ||
		   (*p == '-' && l->end - p > 1 && g_ascii_isdigit(p[1]))) {
		p = skip_number(t, p, l->end);
	} else if (letter(p, l->end) > 0) {
		t->type = TOKEN_ID;
		p = skip_name(p, l->end);
	} else {
		size_t len = punctuation(t, p, l->end);

		if (len == 0) {
			t->type = TOKEN_OTHER;
			len = (size_t)MIN(g_utf8_next_char(p) - p, l->end - p);
		}
		p += len;
	}
	t->len = (size_t)(p - t->p);
	l->cur = p;
}

void
lexer_init(struct lexer *l, const char *p, const char *end)
{
	l->cur = p;
	l->end = end;
	lexer_next(l);
}

bool
lexer_is(const struct lexer *l, const char *word)
{
	return l->tok.type == TOKEN_ID && l->tok.len == strlen(word) &&
	       memcmp(l->tok.p, word, l->tok.len) == 0;
}
