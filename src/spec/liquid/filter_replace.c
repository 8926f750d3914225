/* filter_replace.c - replace and remove. */
#include <string.h>

#include "filter.h"

/* Adds `text` with its first n occurrences of `old` changed; an empty `old` occurs
 * before every character and at the end, as in Ruby. */
static int
replaced(struct filter_call *c, struct value old, struct value by, int64_t n,
    struct value *out)
{
	struct value text = filter_string(c, c->in);
	const char *p = text.s.p, *end = p + text.s.len, *found;
	GString *b = filter_buffer(c);

	while (n-- > 0) {
		found =
		    old.s.len == 0 ? p : memmem(p, (size_t)(end - p), old.s.p, old.s.len);
		if (found == NULL)
			break;
		g_string_append_len(b, p, found - p);
		g_string_append_len(b, by.s.p, (gssize)by.s.len);
		if (filter_room(c, b) < 0)
			return -1;
		p = found + old.s.len;
		if (old.s.len == 0) {
			if (p == end)
				break;
			p = value_char_at(p, (size_t)(end - p), 1);
			g_string_append_len(b, found, p - found);
		}
	}
	g_string_append_len(b, p, end - p);
	return filter_result(c, b, out);
}

static int
replaced_last(struct filter_call *c, struct value old, struct value by, struct value *out)
{
	struct value text = filter_string(c, c->in);
	const char *p = text.s.p, *end = p + text.s.len, *last = NULL;
	GString *b = filter_buffer(c);

	if (old.s.len == 0)
		last = end;
	for (const char *at = p; old.s.len > 0 && (at = memmem(at, (size_t)(end - at),
						       old.s.p, old.s.len)) != NULL;
	     at++)
		last = at;
	if (last == NULL) {
		*out = text;
		return 0;
	}
	g_string_append_len(b, p, last - p);
	g_string_append_len(b, by.s.p, (gssize)by.s.len);
	g_string_append_len(b, last + old.s.len, end - last - (gssize)old.s.len);
	return filter_result(c, b, out);
}

static struct value
text_arg(struct filter_call *c, int i)
{
	return filter_string(c, filter_arg(c, i));
}

static int
replace(struct filter_call *c, struct value *out)
{
	return replaced(c, text_arg(c, 0), text_arg(c, 1), INT64_MAX, out);
}

static int
replace_first(struct filter_call *c, struct value *out)
{
	return replaced(c, text_arg(c, 0), text_arg(c, 1), 1, out);
}

static int
replace_last(struct filter_call *c, struct value *out)
{
	return replaced_last(c, text_arg(c, 0), text_arg(c, 1), out);
}

const struct filter filter_replace[] = {
	{ "replace", 1, 2, replace, "replace: \"old\", \"new\"",
	    "every occurrence changed", NULL, false },
	{ "replace_first", 1, 2, replace_first, "replace_first: \"old\", \"new\"",
	    "the first occurrence changed", NULL, false },
	{ "replace_last", 2, 2, replace_last, "replace_last: \"old\", \"new\"",
	    "the last occurrence changed", NULL, false },
	{ "remove", 1, 1, replace, "remove: \"text\"", "every occurrence taken out", NULL,
	    false },
	{ "remove_first", 1, 1, replace_first, "remove_first: \"text\"",
	    "the first occurrence taken out", NULL, false },
	{ "remove_last", 1, 1, replace_last, "remove_last: \"text\"",
	    "the last occurrence taken out", NULL, false },
	{ 0 },
};
