/* href.c - where a link leads is the author's word, never a field's.
 *
 * Read off the text as written, so that every branch of it counts. What a filter or
 * an assign puts together is seen again when it is rendered: short_link refuses a
 * host that no text of the set names. */
#include <string.h>

#include "read.h"
#include "set.h"

enum part { PART_NONE, PART_HOST, PART_REST };

struct scan {
	const char *file, *text;
	struct report *report;
	const char *users; /* of a partial; "": a text of its own */
};

static void
refuse(const struct scan *s, const char *p, const char *hint, const char *what)
{
	struct pos at = { s->file, 1, 1 };

	for (const char *c = s->text; c < p; c = g_utf8_next_char(c)) {
		at.col = *c == '\n' ? 1 : at.col + 1;
		at.line += *c == '\n';
	}
	report_add(s->report, SEV_ERROR, at, "link", hint, "%s%s", what, s->users);
}

static bool
ends_link(char c)
{
	return g_ascii_isspace(c) || (c & 0x80) != 0 || strchr("\"'<>()", c) != NULL;
}

/* The part of a link that text leaves open at its end. */
static enum part
follow(enum part part, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (ends_link(*p))
			part = PART_NONE;
		else if (part == PART_NONE && end - p >= 3 && memcmp(p, "://", 3) == 0) {
			part = PART_HOST;
			p += 2;
		} else if (part == PART_HOST && strchr("/?#", *p) != NULL)
			part = PART_REST;
	}
	return part;
}

static bool
has(const char *p, const char *end, const char *word)
{
	return g_strstr_len(p, end - p, word) != NULL;
}

/* "https://" | append: ...: a link written in quotes whose host goes on behind them. */
static bool
is_open_literal(const char *p, const char *end)
{
	const char *close = NULL;

	if (p < end && (*p == '"' || *p == '\''))
		close = memchr(p + 1, *p, (size_t)(end - p - 1));
	return close != NULL && has(close, end, "append") &&
	       follow(PART_NONE, p + 1, close) == PART_HOST;
}

static bool
is_field(const char *p)
{
	return g_str_has_prefix(p, "customer.") || g_str_has_prefix(p, "event.");
}

static bool
opens_attribute(const struct scan *s, const char *p)
{
	return p - s->text >= 6 && (p[-1] == '"' || p[-1] == '\'') &&
	       (g_ascii_strncasecmp(p - 6, "href=", 5) == 0);
}

/* {{ p ... end }}, at `open`. */
static void
check_output(const struct scan *s, enum part part, const char *open, const char *p,
    const char *end)
{
	bool literal = *p == '"' || *p == '\'';

	if ((part == PART_HOST && !literal) || is_open_literal(p, end))
		refuse(s, open, "write the host out, ending with /",
		    "the host of a link cannot come from a field");
	else if (is_field(p) && (opens_attribute(s, open) || has(p, end, "short_link")))
		refuse(s, open, "write the link out: https://HOST/PATH",
		    "where a link leads cannot come from a field");
	else if (part == PART_REST && !literal && !has(p, end, "url_encode"))
		refuse(s, open, "put | url_encode after it",
		    "a value within a link is percent-encoded");
}

/* {% assign x = "https://" | append: ... %} */
static void
check_tag(const struct scan *s, const char *open, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p != '"' && *p != '\'')
			continue;
		if (is_open_literal(p, end))
			refuse(s, open, "write the host out, ending with /",
			    "the host of a link cannot come from a field");
		p = memchr(p + 1, *p, (size_t)(end - p - 1));
		if (p == NULL)
			return;
	}
}

static void
scan(const struct scan *s)
{
	const char *p = s->text, *open, *end;
	enum part part = PART_NONE;

	while ((open = strchr(p, '{')) != NULL) {
		bool output = open[1] == '{';

		if (!output && open[1] != '%') {
			part = follow(part, p, open + 1);
			p = open + 1;
			continue;
		}
		end = strstr(open + 2, output ? "}}" : "%}");
		if (end == NULL) /* the parser has said so */
			return;
		part = follow(part, p, open);
		p = open + 2;
		p += *p == '-';
		while (g_ascii_isspace(*p))
			p++;
		if (output && p < end)
			check_output(s, part, open, p, end);
		else if (!output)
			check_tag(s, open, p, end);
		p = end + 2;
	}
}

void
href_check(const struct set *s)
{
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;

		scan(&(struct scan){ t->file, t->source, s->report, "" });
	}
	g_hash_table_iter_init(&it, s->partials);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct set_partial *p = v;

		char *users = partial_users_say(g_hash_table_lookup(s->users, p));

		scan(&(struct scan){ p->file, p->text, s->report, users });
		g_free(users);
	}
}
