/* filter_text.c - case, white space, length and parts of text. */
#include <string.h>

#include "filter.h"
#include "renderer.h"

static int
append(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in), more = filter_string(c, c->args[0]);
	GString *b = filter_buffer(c);

	g_string_append_len(b, text.s.p, (gssize)text.s.len);
	g_string_append_len(b, more.s.p, (gssize)more.s.len);
	return filter_result(c, b, out);
}

static int
prepend(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in), more = filter_string(c, c->args[0]);
	GString *b = filter_buffer(c);

	g_string_append_len(b, more.s.p, (gssize)more.s.len);
	g_string_append_len(b, text.s.p, (gssize)text.s.len);
	return filter_result(c, b, out);
}

/* Takes over a text from GLib. */
static void
append_taken(GString *b, char *text)
{
	g_string_append(b, text);
	g_free(text);
}

static int
upcase(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	GString *b = filter_buffer(c);

	append_taken(b, g_utf8_strup(text.s.p, (gssize)text.s.len));
	return filter_result(c, b, out);
}

static int
downcase(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	GString *b = filter_buffer(c);

	append_taken(b, g_utf8_strdown(text.s.p, (gssize)text.s.len));
	return filter_result(c, b, out);
}

static int
capitalize(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in);
	const char *rest = value_char_at(text.s.p, text.s.len, 1),
		   *end = text.s.p + text.s.len;
	GString *b = filter_buffer(c);

	append_taken(b, g_utf8_strup(text.s.p, rest - text.s.p));
	append_taken(b, g_utf8_strdown(rest, end - rest));
	return filter_result(c, b, out);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static int
strip_sides(struct filter_call *c, struct value *out, bool left, bool right)
{
	*out = filter_string(c, c->in);
	for (; left && out->s.len > 0 && is_space(*out->s.p); out->s.len--)
		out->s.p++;
	while (right && out->s.len > 0 && is_space(out->s.p[out->s.len - 1]))
		out->s.len--;
	out->safe = false;
	return 0;
}

static int
strip(struct filter_call *c, struct value *out)
{
	return strip_sides(c, out, true, true);
}

static int
lstrip(struct filter_call *c, struct value *out)
{
	return strip_sides(c, out, true, false);
}

static int
rstrip(struct filter_call *c, struct value *out)
{
	return strip_sides(c, out, false, true);
}

static int
size(struct filter_call *c, struct value *out)
{
	switch (c->in.type) {
	case VALUE_STR:
		*out = value_int((int64_t)value_chars(c->in.s.p, c->in.s.len));
		return 0;
	case VALUE_LIST:
		*out = value_int((int64_t)c->in.list->n);
		return 0;
	case VALUE_MAP:
		*out = value_int((int64_t)c->in.map->n);
		return 0;
	case VALUE_RANGE:
		*out = value_int(c->in.range.to < c->in.range.from
				     ? 0
				     : (int64_t)((uint64_t)c->in.range.to -
						 (uint64_t)c->in.range.from + 1));
		return 0;
	default:
		*out = value_int(0);
		return 0;
	}
}

/* The part [from, from + n) of `total` that exists; false: none. */
static bool
part(int64_t total, int64_t *from, int64_t *n)
{
	if (*from < 0)
		*from += total;
	if (*from < 0 || *from > total || *n < 0)
		return false;
	*n = MIN(*n, total - *from);
	return true;
}

static int
slice(struct filter_call *c, struct value *out)
{
	int64_t from, n = 1;
	struct value text, count = filter_arg(c, 1);
	const char *start;

	if (filter_integer(c, c->args[0], &from) < 0 ||
	    (count.type != VALUE_NIL && filter_integer(c, count, &n) < 0))
		return -1;
	if (c->in.type == VALUE_LIST) {
		struct value_list *l = value_list_new(c->r->env->arena, 0);

		if (part((int64_t)c->in.list->n, &from, &n)) {
			l->items = c->in.list->items + from;
			l->n = (size_t)n;
		}
		*out = value_list(l);
		return 0;
	}
	text = filter_string(c, c->in);
	*out = value_str("");
	if (part((int64_t)value_chars(text.s.p, text.s.len), &from, &n)) {
		const char *end = text.s.p + text.s.len;

		start = value_char_at(text.s.p, text.s.len, (size_t)from);
		*out = value_strn(start,
		    (size_t)(value_char_at(start, (size_t)(end - start), (size_t)n) -
			     start));
	}
	return 0;
}

static int
truncate_chars(struct filter_call *c, struct value *out)
{
	struct value text, end = value_str("...");
	int64_t length = 50, keep;
	GString *b;

	if (c->in.type == VALUE_NIL)
		return 0;
	if (c->n_args > 0 && filter_integer(c, c->args[0], &length) < 0)
		return -1;
	if (c->n_args > 1)
		end = filter_string(c, c->args[1]);
	text = filter_string(c, c->in);
	if ((int64_t)value_chars(text.s.p, text.s.len) <= length) {
		*out = text;
		return 0;
	}
	keep = MAX(length - (int64_t)value_chars(end.s.p, end.s.len), 0);
	b = filter_buffer(c);
	g_string_append_len(
	    b, text.s.p, value_char_at(text.s.p, text.s.len, (size_t)keep) - text.s.p);
	g_string_append_len(b, end.s.p, (gssize)end.s.len);
	return filter_result(c, b, out);
}

/* The next word of [*p, end); false: none. */
static bool
next_word(const char **p, const char *end, const char **word, size_t *len)
{
	while (*p < end && is_space(**p))
		(*p)++;
	*word = *p;
	while (*p < end && !is_space(**p))
		(*p)++;
	*len = (size_t)(*p - *word);
	return *len > 0;
}

static int
truncate_words(struct filter_call *c, struct value *out)
{
	struct value text, end = value_str("...");
	const char *p, *word;
	int64_t words = 15;
	size_t len;
	GString *b;

	if (c->in.type == VALUE_NIL)
		return 0;
	if (c->n_args > 0 && filter_integer(c, c->args[0], &words) < 0)
		return -1;
	if (c->n_args > 1)
		end = filter_string(c, c->args[1]);
	text = filter_string(c, c->in);
	b = filter_buffer(c);
	words = MAX(words, 1);
	for (p = text.s.p; words > 0 && next_word(&p, text.s.p + text.s.len, &word, &len);
	     words--) {
		if (b->len > 0)
			g_string_append_c(b, ' ');
		g_string_append_len(b, word, (gssize)len);
	}
	if (!next_word(&p, text.s.p + text.s.len, &word, &len)) {
		*out = c->in;
		return 0;
	}
	g_string_append_len(b, end.s.p, (gssize)end.s.len);
	return filter_result(c, b, out);
}

/* Ruby's split: " " splits at white space, "" into characters; empty parts at the
 * end are dropped. */
static int
split(struct filter_call *c, struct value *out)
{
	struct value text = filter_string(c, c->in), by = filter_string(c, c->args[0]);
	const char *p = text.s.p, *end = p + text.s.len, *to;
	struct value_list *l = value_list_new(
	    c->r->env->arena, MIN(value_chars(p, text.s.len), RENDERER_MAX_OUTPUT) + 1);
	size_t len;

	if (text.s.len > RENDERER_MAX_OUTPUT)
		return renderer_fail(c->r, c->at,
		    "split is given a text longer than %zu KiB",
		    RENDERER_MAX_OUTPUT >> 10);
	if (by.s.len == 1 && *by.s.p == ' ') {
		while (next_word(&p, end, &to, &len))
			l->items[l->n++] = value_strn(to, len);
	} else {
		while (p < end) {
			to = by.s.len == 0
				 ? value_char_at(p, (size_t)(end - p), 1)
				 : memmem(p, (size_t)(end - p), by.s.p, by.s.len);
			if (to == NULL)
				to = end;
			l->items[l->n++] = value_strn(p, (size_t)(to - p));
			p = to == end ? end : to + by.s.len;
		}
		while (l->n > 0 && l->items[l->n - 1].s.len == 0)
			l->n--;
	}
	*out = value_list(l);
	return 0;
}

const struct filter filter_text[] = {
	{ "append", 1, 1, append, "append: \".html\"", "adds text at the end", NULL,
	    false },
	{ "prepend", 1, 1, prepend, "prepend: \"No. \"", "adds text at the beginning",
	    NULL, false },
	{ "capitalize", 0, 0, capitalize, "capitalize",
	    "first letter large, the others small", NULL, false },
	{ "downcase", 0, 0, downcase, "downcase", "small letters", NULL, false },
	{ "upcase", 0, 0, upcase, "upcase", "large letters", NULL, false },
	{ "size", 0, 0, size, "size", "characters of a text, members of a list", NULL,
	    false },
	{ "slice", 1, 2, slice, "slice: -4, 4",
	    "a part, from a place on (negative: from the end)", NULL, false },
	{ "split", 1, 1, split, "split: \",\"", "a text cut into a list", NULL, false },
	{ "strip", 0, 0, strip, "strip", "no white space on both sides", NULL, false },
	{ "lstrip", 0, 0, lstrip, "lstrip", "no white space on the left", NULL, false },
	{ "rstrip", 0, 0, rstrip, "rstrip", "no white space on the right", NULL, false },
	{ "truncate", 0, 2, truncate_chars, "truncate: 20, \"…\"",
	    "cut to so many characters, the ellipsis counted", NULL, false },
	{ "truncatewords", 0, 2, truncate_words, "truncatewords: 5, \"…\"",
	    "cut to so many words", NULL, false },
	{ 0 },
};
