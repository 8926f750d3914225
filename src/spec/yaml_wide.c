/* yaml_wide.c - "playbook：p" looks right and is not. */
#include "yaml_wide.h"

#include <string.h>

#include <glib.h>

static const struct {
	const char *sign, *name, *plain, *mend;
} signs[] = {
	{ "：", "full-width colon", ":", "write \":\" and a space behind it" },
	{ "，", "full-width comma", ",", "write \",\" and a space behind it" },
	{ "｛", "full-width brace", "{", "write \"{\"" },
	{ "｝", "full-width brace", "}", "write \"}\"" },
	{ "［", "full-width bracket", "[", "write \"[\"" },
	{ "］", "full-width bracket", "]", "write \"]\"" },
	{ "【", "Chinese bracket", "[", "write \"[\"" },
	{ "】", "Chinese bracket", "]", "write \"]\"" },
	{ "“", "Chinese quotation mark", "\"", "write '\"', the straight one" },
	{ "”", "Chinese quotation mark", "\"", "write '\"', the straight one" },
};

static int
sign_at(const char *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		if (g_str_has_prefix(p, signs[i].sign))
			return (int)i;
	return -1;
}

/* Behind Latin letters, digits and YAML's own signs; in a sentence it is Chinese that
 * stands before it. */
static bool
is_structure(const char *from, const char *p)
{
	while (p > from && g_ascii_isspace(p[-1]))
		p--;
	return p == from || g_ascii_isgraph(p[-1]) || sign_at(g_utf8_prev_char(p)) >= 0;
}

/* The first such sign of a line, outside quotes and remarks; NULL: none. */
static const char *
find(const char *line, const char *end)
{
	char quote = '\0';

	for (const char *p = line; p < end; p = g_utf8_next_char(p)) {
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if ((*p == '"' || *p == '\'') &&
			 (p == line || strchr(" [{,:", p[-1]) != NULL))
			quote = *p;
		else if (*p == '#' && (p == line || g_ascii_isspace(p[-1])))
			return NULL;
		else if (sign_at(p) >= 0 && is_structure(line, p))
			return p;
	}
	return NULL;
}

static void
tell(struct pos at, int sign, struct report *r)
{
	report_add(r, SEV_ERROR, at, "yaml", signs[sign].mend,
	    "\"%s\" is a %s; YAML knows only \"%s\"", signs[sign].sign, signs[sign].name,
	    signs[sign].plain);
}

static bool
is_blank(const char *line, const char *end)
{
	while (line < end && g_ascii_isspace(*line))
		line++;
	return line == end || *line == '#';
}

bool
yaml_wide_line(struct pos at, const char *text, struct report *r)
{
	char **lines = g_strsplit(text, "\n", -1);
	int n = (int)g_strv_length(lines), looked = 0;
	bool found = false;

	for (int i = MIN(at.line, n) - 1; i >= 0 && looked < 2 && !found; i--) {
		const char *line = lines[i], *end = line + strlen(line), *p;

		if (is_blank(line, end))
			continue;
		looked++;
		if ((p = find(line, end)) == NULL)
			continue;
		at.line = i + 1;
		at.col = (int)g_utf8_strlen(line, p - line) + 1;
		tell(at, sign_at(p), r);
		found = true;
	}
	g_strfreev(lines);
	return found;
}

bool
yaml_wide_key(struct pos at, const char *key, struct report *r)
{
	const char *p = find(key, key + strlen(key));

	if (p == NULL)
		return false;
	at.col += (int)g_utf8_strlen(key, p - key);
	tell(at, sign_at(p), r);
	return true;
}
