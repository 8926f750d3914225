/* tag_text.c - comment, doc, {% # %}, raw, echo and {% liquid %}. */
#include <string.h>

#include "output.h"
#include "parser.h"
#include "tag.h"

void
tag_comment(struct parser *p, struct block *into)
{
	(void)into;
	parser_skip(p, "comment", "endcomment", true);
}

void
tag_doc(struct parser *p, struct block *into)
{
	(void)into;
	parser_done(p);
	parser_skip(p, "doc", "enddoc", false);
}

/* A remark may go over several lines if each begins with "#". */
void
tag_inline_comment(struct parser *p, struct block *into)
{
	const char *line = p->tag;

	(void)into;
	while ((line = memchr(line, '\n', (size_t)(p->lex.end - line))) != NULL) {
		while (line < p->lex.end && g_ascii_isspace(*line))
			line++;
		if (line < p->lex.end && *line != '#') {
			parser_error(p, line, "begin it with #, or use {% comment %}",
			    "every line of this comment begins with #");
			return;
		}
	}
}

void
tag_raw(struct parser *p, struct block *into)
{
	const char *from = p->cur, *to;
	bool filled;

	parser_done(p);
	to = parser_skip(p, "raw", "endraw", false);
	if (to == NULL)
		return;
	filled = into->filled || to > from;
	parser_add_text(p, into, from, (size_t)(to - from));
	into->filled = filled; /* raw white space is meant */
	if (to > from)
		into->nodes[into->n - 1].blank = false;
}

void
tag_echo(struct parser *p, struct block *into)
{
	output_parse(p, into);
}

void
tag_liquid(struct parser *p, struct block *into)
{
	parser_lines(p, p->lex.tok.p, p->lex.end, into);
}
