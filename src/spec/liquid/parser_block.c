/* parser_block.c - the document: text, outputs and tags, and blocks with their ends. */
#include "parser.h"

#include <string.h>

#include "literal.h"
#include "output.h"
#include "tag.h"

enum item { ITEM_END, ITEM_OUTPUT, ITEM_TAG };

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

void
parser_add_text(struct parser *p, struct block *into, const char *text, size_t len)
{
	bool filled = into->filled;

	if (len > 0 && literal_add(p, into, text, len))
		into->filled = filled;
}

static void
add_trimmed(
    struct parser *p, struct block *into, const char *from, const char *to, bool right)
{
	if (p->trim)
		while (from < to && is_space(*from))
			from++;
	if (right)
		while (from < to && is_space(to[-1]))
			to--;
	parser_add_text(p, into, from, (size_t)(to - from));
}

static const char *
find_open(const char *p, const char *end)
{
	while ((p = memchr(p, '{', (size_t)(end - p))) != NULL && end - p >= 2) {
		if (p[1] == '{' || p[1] == '%')
			return p;
		p++;
	}
	return NULL;
}

/* The quote that closes the one at p, or p. Text of several lines holds no "}}":
 * that is a quote somebody forgot to close. */
static const char *
quoted(const char *p, const char *end)
{
	bool lines = false;

	for (const char *q = p + 1; q < end; q++) {
		if (*q == *p)
			return q;
		lines |= *q == '\n';
		if (lines && *q == '}' && (q[-1] == '}' || q[-1] == '%'))
			break;
	}
	return p;
}

/* Where the tag or output ends: "%}" or "}}", but not inside quotes. NULL: it is
 * not closed before the next one begins. */
static const char *
find_close(const char *open, const char *end)
{
	const char *p = open + 2;
	bool comment;

	while (p < end && (is_space(*p) || *p == '-'))
		p++;
	comment = open[1] == '%' && p < end && *p == '#';
	for (p = open + 2; end - p >= 2; p++) {
		if (p[1] == '}' && *p == (open[1] == '%' ? '%' : '}'))
			return p;
		if (comment)
			continue;
		if (*p == '"' || *p == '\'')
			p = quoted(p, end);
		else if (*p == '{' && (p[1] == '{' || p[1] == '%'))
			return NULL;
	}
	return NULL;
}

/* Splits "name rest": the lexer looks at rest. */
static void
read_name(struct parser *p, const char *from, const char *to)
{
	while (from < to && is_space(*from))
		from++;
	p->tag = from;
	if (from < to && *from == '#')
		from++;
	else
		while (from < to && is_word(*from))
			from++;
	p->tag_len = (size_t)(from - p->tag);
	lexer_init(&p->lex, from, to);
}

static enum item
next_line(struct parser *p)
{
	while (p->cur < p->end) {
		const char *line = p->cur,
			   *to = memchr(line, '\n', (size_t)(p->end - line));

		to = to == NULL ? p->end : to;
		p->cur = to < p->end ? to + 1 : to;
		while (line < to && is_space(*line))
			line++;
		if (line == to)
			continue;
		p->where = "line";
		read_name(p, line, to);
		return ITEM_TAG;
	}
	return ITEM_END;
}

static enum item
next_item(struct parser *p, struct block *into)
{
	const char *open, *close, *from, *to;

	if (p->lines)
		return next_line(p);
	for (;;) {
		open = find_open(p->cur, p->end);
		add_trimmed(p, into, p->cur, open == NULL ? p->end : open,
		    open != NULL && p->end - open >= 3 && open[2] == '-');
		p->trim = false;
		if (open == NULL) {
			p->cur = p->end;
			return ITEM_END;
		}
		close = find_close(open, p->end);
		if (close != NULL)
			break;
		parser_error(p, open, "", "\"%.2s\" is never closed with \"%s\"", open,
		    open[1] == '%' ? "%}" : "}}");
		p->cur = open + 2;
	}
	from = open + 2;
	to = close;
	if (from < to && *from == '-')
		from++;
	if (from < to && to[-1] == '-') {
		p->trim = true;
		to--;
	} else if (close[-1] == '-') {
		p->trim = true; /* {{-}}: one sign for both sides */
	}
	p->cur = close + 2;
	p->where = open[1] == '%' ? "tag" : "output";
	if (open[1] == '%') {
		read_name(p, from, to);
		return ITEM_TAG;
	}
	lexer_init(&p->lex, from, to);
	p->tag = from;
	return ITEM_OUTPUT;
}

static bool
tag_is(const struct parser *p, const char *name)
{
	return strlen(name) == p->tag_len && memcmp(p->tag, name, p->tag_len) == 0;
}

static const char *
among(const struct parser *p, const char *const *ends)
{
	for (; *ends != NULL; ends++)
		if (tag_is(p, *ends))
			return *ends;
	return NULL;
}

static void
unknown_tag(struct parser *p)
{
	int len = (int)MIN(p->tag_len, 40);
	const char *near;
	char hint[80] = "reachd help filters lists the tags";

	if (len == 0) {
		parser_error(p, p->tag, "", "expected the name of a tag");
	} else if (len > 3 && memcmp(p->tag, "end", 3) == 0 &&
		   tag_find(p->tag + 3, p->tag_len - 3) != NULL) {
		parser_error(p, p->tag, "", "{%% %.*s %%} has no {%% %.*s %%} before it",
		    len, p->tag, len - 3, p->tag + 3);
	} else if (tag_is(p, "else") || tag_is(p, "elsif") || tag_is(p, "when")) {
		parser_error(p, p->tag, "", "{%% %.*s %%} stands outside of its block",
		    len, p->tag);
	} else {
		near = tag_nearest(p->tag, p->tag_len);
		if (tag_is(p, "elseif") || tag_is(p, "elif"))
			near = "elsif";
		if (near != NULL)
			snprintf(hint, sizeof(hint), "did you mean \"%s\"?", near);
		parser_error(p, p->tag, hint, "unknown tag \"%.*s\"", len, p->tag);
	}
}

static void
read_item(struct parser *p, enum item item, struct block *into)
{
	const struct tag *tag;

	if (item == ITEM_OUTPUT) {
		output_parse(p, into);
		return;
	}
	tag = tag_find(p->tag, p->tag_len);
	if (tag != NULL)
		tag->parse(p, into);
	else
		unknown_tag(p);
}

void
parser_document(struct parser *p, struct block *into)
{
	enum item item;

	while ((item = next_item(p, into)) != ITEM_END)
		read_item(p, item, into);
}

/* An end that an outer block waits for: the inner one was forgotten. */
static bool
ends_outer(const struct parser *p)
{
	for (const struct parser_open *o = p->open->outer; o != NULL; o = o->outer)
		if (among(p, o->ends) != NULL)
			return true;
	return false;
}

static const char *
read_block(struct parser *p, struct block *into)
{
	const char *end, *before;
	bool trim;
	enum item item;

	for (;;) {
		before = p->cur;
		trim = p->trim;
		item = next_item(p, into);
		if (item == ITEM_TAG && (end = among(p, p->open->ends)) != NULL)
			return end;
		if (item == ITEM_END || (item == ITEM_TAG && ends_outer(p))) {
			report_add(p->report, SEV_ERROR, p->open->at, "liquid", "",
			    "{%% %s %%} is never closed with {%% end%s %%}", p->open->tag,
			    p->open->tag);
			p->failed = true;
			if (item == ITEM_TAG) {
				p->cur = before; /* the outer block reads it again */
				p->trim = trim;
			}
			return "";
		}
		read_item(p, item, into);
	}
}

const char *
parser_block(struct parser *p, const char *tag, struct pos at, const char *const *ends,
    struct block *into)
{
	struct parser_open open = {
		.tag = tag, .ends = ends, .at = at, .outer = p->open
	};
	const char *end = "";

	if (p->depth == PARSER_MAX_BLOCKS) {
		report_add(p->report, SEV_ERROR, at, "liquid",
		    "move the inner part to a partial",
		    "blocks are nested more than %d deep", PARSER_MAX_BLOCKS);
		p->failed = true;
		p->cur = p->end; /* reading on would only report what follows from this */
		return "";
	}
	p->depth++;
	p->open = &open;
	end = read_block(p, into);
	p->open = open.outer;
	p->depth--;
	return end;
}

void
parser_drop_space(struct block *b)
{
	int kept = 0;

	for (int i = 0; i < b->n; i++)
		if (!literal_is_space(&b->nodes[i]))
			b->nodes[kept++] = b->nodes[i];
	b->n = kept;
}

/* The next {% word %} at or after p, or a line's first word; its name is read. */
static const char *
next_word(struct parser *p)
{
	const char *open, *from, *close;

	if (p->lines) {
		from = p->cur;
		return next_line(p) == ITEM_END ? NULL : from;
	}
	while ((open = find_open(p->cur, p->end)) != NULL) {
		p->cur = open + 2;
		if (open[1] != '%')
			continue;
		from = p->cur + (p->cur < p->end && *p->cur == '-');
		close = from;
		while (p->end - close >= 2 && !(close[0] == '%' && close[1] == '}'))
			close++;
		if (p->end - close < 2)
			return NULL;
		read_name(p, from, close);
		p->trim = close > from && close[-1] == '-';
		return open;
	}
	return NULL;
}

const char *
parser_skip(struct parser *p, const char *tag, const char *end, bool nested)
{
	const char *start = p->tag, *at;
	int depth = 1;
	bool raw = false;

	while ((at = next_word(p)) != NULL) {
		if (raw ? tag_is(p, "endraw") : nested && tag_is(p, "raw"))
			raw = !raw;
		else if (raw)
			continue;
		else if (nested && tag_is(p, tag))
			depth++;
		else if (tag_is(p, end) && --depth == 0)
			break;
	}
	if (at == NULL) {
		p->cur = p->end;
		parser_error(
		    p, start, "", "{%% %s %%} is never closed with {%% %s %%}", tag, end);
		return NULL;
	}
	if (!p->lines) {
		const char *close = p->lex.end;

		p->cur = close + 2;
	}
	return at;
}

void
parser_lines(struct parser *p, const char *from, const char *to, struct block *into)
{
	struct parser saved = *p;

	p->cur = from;
	p->end = to;
	p->lines = true;
	p->open = NULL; /* a block begun outside cannot be ended in here */
	parser_document(p, into);
	p->cur = saved.cur;
	p->end = saved.end;
	p->lines = saved.lines;
	p->trim = saved.trim;
	p->open = saved.open;
	p->where = saved.where;
}
