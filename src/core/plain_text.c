/* plain_text.c - one walk over the marks; no tree is needed to keep the words. */
#include "core/plain_text.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

struct tag {
	char name[12]; /* lower case; a longer one is cut and known to nobody */
	bool closing;
	const char *attributes, *end; /* end: behind its '>' */
};

struct plain {
	GString *out;
	GString *href; /* of the link that is open; empty: none */
	gsize link_from;
	int wanted; /* line ends owed before the next word */
	bool space; /* likewise one space */
};

/* ---- words ---- */

static void
put(struct plain *p, const char *s, gsize len)
{
	if (len == 0)
		return;
	for (; p->wanted > 0 && p->out->len > 0; p->wanted--) {
		g_string_append_c(p->out, '\n');
		p->space = false;
	}
	p->wanted = 0;
	if (p->space && p->out->len > 0 &&
	    strchr("\n ", p->out->str[p->out->len - 1]) == NULL)
		g_string_append_c(p->out, ' ');
	p->space = false;
	g_string_append_len(p->out, s, (gssize)len);
}

static void
want(struct plain *p, int lines)
{
	p->wanted = MAX(p->wanted, lines);
}

static const struct {
	const char *name, *text;
} entities[] = { { "lt", "<" }, { "gt", ">" }, { "amp", "&" }, { "quot", "\"" },
	{ "apos", "'" }, { "nbsp", " " }, { "ensp", " " }, { "emsp", " " },
	{ "copy", "©" }, { "reg", "®" }, { "yen", "¥" }, { "middot", "·" },
	{ "bull", "•" }, { "times", "×" }, { "hellip", "…" }, { "mdash", "—" },
	{ "ndash", "–" }, { "lsquo", "‘" }, { "rsquo", "’" }, { "ldquo", "“" },
	{ "rdquo", "”" }, { "shy", "" }, { "zwnj", "" }, { "zwj", "" },
	{ "thinsp", " " } };

/* "#39;" and "#x27;" behind the '&': appends the character; its length, or 0. */
static gsize
number(const char *s, GString *out)
{
	bool hex = s[1] == 'x' || s[1] == 'X';
	const char *digits = s + 1 + hex;
	gsize n = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
	guint64 c = g_ascii_strtoull(digits, NULL, hex ? 16 : 10);

	if (n == 0 || digits[n] != ';')
		return 0;
	if (c != 0 && c <= 0x10ffff && g_unichar_validate((gunichar)c))
		g_string_append_unichar(out, (gunichar)c);
	else
		g_string_append(out, "\xef\xbf\xbd"); /* as browsers show it */
	return (gsize)(digits - s) + n + 1;
}

/* The entity at '&', appended; how long it is, 0 when it is none. */
static gsize
entity(const char *s, GString *out)
{
	gsize n = s[1] == '#' ? number(s + 1, out) : 0;

	for (size_t i = 0; s[1] != '#' && i < G_N_ELEMENTS(entities); i++) {
		gsize len = strlen(entities[i].name);

		if (strncmp(s + 1, entities[i].name, len) == 0 && s[len + 1] == ';') {
			g_string_append(out, entities[i].text);
			return len + 2;
		}
	}
	return n > 0 ? n + 1 : 0;
}

/* The entity at '&', or words up to the next mark, entity or space. */
static const char *
word(struct plain *p, const char *s)
{
	gsize n = 0;

	if (*s == '&') {
		GString *c = g_string_new(NULL);

		n = entity(s, c);
		put(p, c->str, c->len);
		g_string_free(c, TRUE);
	}
	if (n == 0) {
		n = (gsize)(g_utf8_next_char(s) - s);
		n += strcspn(s + n, "<& \t\n\f\r");
		put(p, s, n);
	}
	return s + n;
}

/* ---- marks ---- */

/* The tag at '<', with what stands in its quotes; false: that '<' is a word. */
static bool
read_tag(const char *s, struct tag *t)
{
	gsize n;
	char quote = 0;

	t->closing = s[1] == '/';
	s += 1 + t->closing;
	if (!g_ascii_isalpha(*s))
		return false;
	n = strcspn(s, " \t\r\n/>");
	g_strlcpy(t->name, s, MIN(n + 1, sizeof(t->name)));
	for (char *c = t->name; *c != '\0'; c++)
		*c = g_ascii_tolower(*c);
	t->attributes = s += n;
	for (; *s != '\0' && (quote != 0 || *s != '>'); s++) {
		if (quote == 0 && (*s == '"' || *s == '\'') && s[-1] == '=')
			quote = *s;
		else if (*s == quote)
			quote = 0;
	}
	t->end = *s == '>' ? s + 1 : s;
	return true;
}

/* One attribute at *s, moved behind it: its name and its raw value. */
static void
next_attribute(const char **s, const char **name, gsize *n, const char **value, gsize *v)
{
	const char *p = *s;
	char q;

	*name = p;
	*n = strcspn(p, "= \t\r\n/>");
	p += *n;
	*v = 0;
	if (*p == '=') {
		q = *++p;
		if (q != '"' && q != '\'')
			q = 0;
		p += q != 0;
		*v = strcspn(p, q == '"' ? "\"" : q == '\'' ? "'" : " \t\r\n>");
		*value = p;
		p += *v;
		p += q != 0 && *p == q;
	} else if (*p != '\0' && *p != '>') {
		p++;
	}
	*s = p;
}

/* The value of an attribute, decoded; empty when it is not there. */
static void
attribute(const struct tag *t, const char *wanted, GString *out)
{
	const char *s = t->attributes, *name, *value = "", *end;
	gsize n, v, step;

	g_string_truncate(out, 0);
	while (*s != '\0' && *s != '>') {
		next_attribute(&s, &name, &n, &value, &v);
		if (n != strlen(wanted) || g_ascii_strncasecmp(name, wanted, n) != 0)
			continue;
		for (end = value + v; value < end; value += step) {
			step = *value == '&' ? entity(value, out) : 0;
			if (step == 0) {
				g_string_append_c(out, *value);
				step = 1;
			}
		}
		return;
	}
}

static void
open_link(struct plain *p, const struct tag *t)
{
	attribute(t, "href", p->href);
	if (p->href->len > 0 && p->href->str[0] == '#')
		g_string_truncate(p->href, 0);
	p->link_from = p->out->len;
}

static void
close_link(struct plain *p)
{
	const char *text = p->out->str + MIN(p->link_from, p->out->len);
	const char *url = p->href->str;

	if (g_str_has_prefix(url, "mailto:") || g_str_has_prefix(url, "tel:"))
		url = strchr(url, ':') + 1;
	while (g_ascii_isspace(*text))
		text++;
	if (*text == '\0') {
		put(p, url, strlen(url));
	} else if (*url != '\0' && strcmp(text, url) != 0) {
		p->space = true;
		put(p, "(", 1);
		put(p, url, strlen(url));
		put(p, ")", 1);
	}
	g_string_truncate(p->href, 0);
}

static bool
is_one_of(const char *name, const char *const *names)
{
	return g_strv_contains(names, name);
}

/* What stands between these marks is nothing to read: behind it, or t->end. */
static const char *
skip(const struct tag *t)
{
	static const char *const silent[] = { "head", "style", "script", "title", NULL };
	gsize n = strlen(t->name);

	if (t->closing || !is_one_of(t->name, silent))
		return t->end;
	for (const char *s = t->end; (s = strchr(s, '<')) != NULL; s++) {
		struct tag close;

		if (s[1] == '/' && g_ascii_strncasecmp(s + 2, t->name, n) == 0 &&
		    read_tag(s, &close) && strcmp(close.name, t->name) == 0)
			return close.end;
	}
	return t->end + strlen(t->end);
}

static const char *
mark(struct plain *p, const struct tag *t)
{
	static const char *const paragraphs[] = { "p", "h1", "h2", "h3", "h4", "h5", "h6",
		"ul", "ol", "table", "blockquote", "hr", NULL };
	static const char *const lines[] = { "br", "div", "li", "tr", "section", "header",
		"footer", NULL };

	if (strcmp(t->name, "a") == 0) {
		if (p->href->len > 0)
			close_link(p);
		if (!t->closing)
			open_link(p, t);
	} else if (is_one_of(t->name, paragraphs)) {
		want(p, 2);
	} else if (is_one_of(t->name, lines)) {
		want(p, 1);
	} else if (strcmp(t->name, "td") == 0) {
		p->space = true;
	} else if (strcmp(t->name, "img") == 0) {
		GString *alt = g_string_new(NULL);

		attribute(t, "alt", alt);
		put(p, alt->str, alt->len);
		g_string_free(alt, TRUE);
	}
	if (strcmp(t->name, "li") == 0 && !t->closing)
		put(p, "- ", 2);
	return skip(t);
}

/* "<!-- ... -->" and "<!doctype ...>"; NULL: neither. */
static const char *
declaration(const char *s)
{
	bool comment = g_str_has_prefix(s, "<!--");
	const char *end;

	if (s[1] != '!' && s[1] != '?')
		return NULL;
	end = strstr(s, comment ? "-->" : ">");
	return end == NULL ? s + strlen(s) : end + (comment ? 3 : 1);
}

char *
plain_text_of(struct arena *a, const char *html)
{
	struct plain p = { .out = g_string_new(NULL), .href = g_string_new(NULL) };
	char *text;

	while (*html != '\0') {
		const char *behind = *html == '<' ? declaration(html) : NULL;
		struct tag t;

		if (behind != NULL) {
			html = behind;
		} else if (*html == '<' && read_tag(html, &t)) {
			html = mark(&p, &t);
		} else if (g_ascii_isspace(*html)) {
			p.space = true;
			html++;
		} else {
			html = word(&p, html);
		}
	}
	if (p.href->len > 0)
		close_link(&p);
	text = arena_strdup(a, g_strstrip(text_clean(p.out->str, true)));
	g_string_free(p.href, TRUE);
	g_string_free(p.out, TRUE);
	return text;
}
