/* parser.h - from source to nodes: what every tag's parser works with.
 *
 * Mistakes go to the report and parsing goes on, so that one run names them all.
 * A parser lives on the stack of liquid_parse() or liquid_condition(). */
#ifndef SPEC_LIQUID_PARSER_H
#define SPEC_LIQUID_PARSER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/report.h"
#include "lexer.h"
#include "node.h"
#include "place.h"

#define PARSER_MAX_BLOCKS 32
#define PARSER_MAX_FILTERS 8
#define PARSER_MAX_NESTING 16 /* brackets within brackets, ranges within ranges */
#define PARSER_MAX_TERMS 100  /* of one condition */

/* A block tag that waits for its end. */
struct parser_open {
	const char *tag;         /* "for" */
	const char *const *ends; /* tags that end its part: "else", "endfor", NULL */
	struct pos at;
	const struct parser_open *outer;
};

struct parser {
	struct arena *a;
	struct report *report;
	struct places places;
	const char *cur, *end; /* what is left of the document, or of {% liquid %} */
	bool lines;            /* inside {% liquid %}: a tag a line */
	bool trim;             /* the tag before ended in -%}: drop white space now */
	struct lexer lex;      /* of the tag being read */
	const char *tag;       /* where it begins: its name */
	size_t tag_len;
	const char *where; /* "tag", "output", "condition": for error texts */
	const struct parser_open *open;
	int depth, nesting, terms;
	bool failed;
};

void parser_init(struct parser *p, struct arena *a, struct report *r, const char *src,
    size_t len, struct pos at);
struct pos parser_pos(struct parser *p, const char *at);
/* hint may be "". */
void parser_error(struct parser *p, const char *at, const char *hint, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));
/* "expected WHAT, found ..." at the token being looked at. */
void parser_expected(struct parser *p, const char *what);

/* ---- pieces of a tag; false or NULL after a report ---- */
bool parser_done(struct parser *p); /* nothing is left in the tag */
bool parser_take(struct parser *p, enum token_type type, const char *what);
/* Takes the token if it is so. */
bool parser_try(struct parser *p, enum token_type type);
bool parser_try_word(struct parser *p, const char *word);
const char *parser_name(struct parser *p, const char *what); /* arena copy */
const struct expr *parser_value(struct parser *p, const char *what);
const struct expr *parser_condition(struct parser *p);
const struct output *parser_output(struct parser *p); /* to the end of the tag */

/* ---- blocks (block.c) ---- */
void parser_document(struct parser *p, struct block *into);
/* Reads nodes until one of `ends`; the tag that ended it is then the current one.
 * "" when there is none and that has been reported. */
const char *parser_block(struct parser *p, const char *tag, struct pos at,
    const char *const *ends, struct block *into);
struct node *parser_add(struct parser *p, struct block *into, const struct node_ops *ops,
    const void *data, struct pos at);
/* Adds text as it is. */
void parser_add_text(struct parser *p, struct block *into, const char *text, size_t len);
/* A block that prints only white space loses it, as in Shopify's Liquid. */
void parser_drop_space(struct block *b);
/* Skips to {% end %} without reading what is between; returns where that begins, or
 * NULL after a report. nested: the same tag may open again inside. */
const char *parser_skip(struct parser *p, const char *tag, const char *end, bool nested);
/* Reads [from, to) as lines of {% liquid %}. */
void parser_lines(struct parser *p, const char *from, const char *to, struct block *into);

#endif
