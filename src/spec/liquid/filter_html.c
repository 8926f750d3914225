/* filter_html.c - escaping and HTML. */
#include <string.h>

#include "filter.h"
#include "printer.h"
#include "renderer.h"

static void
append_escaped(GString *b, struct value text)
{
	for (size_t i = 0; i < text.s.len; i++) {
		const char *entity = printer_entity(text.s.p[i]);

		if (entity != NULL)
			g_string_append(b, entity);
		else
			g_string_append_c(b, text.s.p[i]);
	}
}

static int
escape(struct filter_call *c, struct value *out)
{
	GString *b;
	int rc;

	if (c->in.type == VALUE_NIL)
		return 0;
	b = filter_buffer(c);
	append_escaped(b, filter_string(c, c->in));
	rc = filter_result(c, b, out);
	filter_safe(c, out);
	return rc;
}

/* Bytes of the entity at p: &amp; or &#39;; 0: it is a bare "&". */
static size_t
entity_length(const char *p, const char *end)
{
	const char *q = p + 1;
	bool number = q < end && *q == '#';
	const char *first = q += number;

	while (q < end && (number ? g_ascii_isdigit(*q) : g_ascii_isalpha(*q)))
		q++;
	return q > first && q < end && *q == ';' ? (size_t)(q + 1 - p) : 0;
}

static int
escape_once(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	const char *p = text.s.p, *end = p + text.s.len;
	GString *b = filter_buffer(c);
	int rc;

	while (p < end) {
		const char *entity = printer_entity(*p);
		size_t len = *p == '&' ? entity_length(p, end) : 0;

		if (len > 0 || entity == NULL) {
			len = len > 0 ? len : 1;
			g_string_append_len(b, p, (gssize)len);
			p += len;
		} else {
			g_string_append(b, entity);
			p++;
		}
	}
	rc = filter_result(c, b, out);
	filter_safe(c, out);
	return rc;
}

/* Drops what is between `open` and the first `close` after it, again and again. */
static void
drop_between(GString *b, const char *open, const char *close)
{
	char *from = b->str, *to;

	while ((from = strstr(from, open)) != NULL &&
	       (to = strstr(from + strlen(open), close)) != NULL) {
		gssize at = from - b->str;

		g_string_erase(b, at, to - from + (gssize)strlen(close));
		from = b->str + at;
	}
}

/* A union of the three, leftmost first, then all other tags: what Ruby's does. */
static int
strip_html(struct filter_call *c, struct value *out)
{
	static const char *const blocks[][2] = { { "<script", "</script>" },
		{ "<!--", "-->" }, { "<style", "</style>" } };
	struct value text = filter_string(c, c->in);
	const char *p = text.s.p, *end = p + text.s.len;
	GString *b = filter_buffer(c);

	while (p < end) {
		const char *after = NULL;

		for (size_t i = 0; i < G_N_ELEMENTS(blocks) && after == NULL && *p == '<';
		     i++) {
			size_t len = strlen(blocks[i][0]), tail = strlen(blocks[i][1]);

			if ((size_t)(end - p) < len || memcmp(p, blocks[i][0], len) != 0)
				continue;
			after =
			    memmem(p + len, (size_t)(end - p) - len, blocks[i][1], tail);
			if (after != NULL)
				after += tail;
		}
		if (after == NULL)
			g_string_append_c(b, *p++);
		else
			p = after;
	}
	drop_between(b, "<", ">");
	return filter_result(c, b, out);
}

static int
newline_to_br(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	GString *b;
	int rc;

	if (c->r->env->escape == LIQUID_HTML && !text.safe) {
		b = filter_buffer(c);
		append_escaped(b, text);
		if (filter_result(c, b, &text) < 0)
			return -1;
	}
	b = filter_buffer(c);
	for (size_t i = 0; i < text.s.len; i++) {
		if (text.s.p[i] == '\r' && i + 1 < text.s.len && text.s.p[i + 1] == '\n')
			continue;
		if (text.s.p[i] == '\n')
			g_string_append(b, "<br />");
		g_string_append_c(b, text.s.p[i]);
	}
	rc = filter_result(c, b, out);
	filter_safe(c, out);
	return rc;
}

static int
strip_newlines(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	GString *b = filter_buffer(c);

	for (size_t i = 0; i < text.s.len; i++) {
		if (text.s.p[i] == '\r' && i + 1 < text.s.len && text.s.p[i + 1] == '\n')
			continue;
		if (text.s.p[i] != '\n')
			g_string_append_c(b, text.s.p[i]);
	}
	return filter_result(c, b, out);
}

static int
raw(struct filter_call *c, struct value *out)
{
	*out = c->in.type == VALUE_NIL ? c->in : filter_string(c, c->in);
	filter_safe(c, out);
	return 0;
}

const struct filter filter_html[] = {
	{ "escape", 0, 0, escape, "escape", "& < > \" ' as HTML entities", NULL, false },
	{ "escape_once", 0, 0, escape_once, "escape_once",
	    "escape, but not what is an entity already", NULL, false },
	{ "newline_to_br", 0, 0, newline_to_br, "newline_to_br",
	    "<br /> before each line break", NULL, false },
	{ "raw", 0, 0, raw, "raw",
	    "in HTML: printed without escaping; only for text you trust", NULL, false },
	{ "strip_html", 0, 0, strip_html, "strip_html",
	    "no tags, comments, scripts and styles", NULL, false },
	{ "strip_newlines", 0, 0, strip_newlines, "strip_newlines", "no line breaks",
	    NULL, false },
	{ 0 },
};
