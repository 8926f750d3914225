/* yaml_place.c - where a character of a scalar stands in the file. */
#include <string.h>

#include <glib.h>

#include "spec/yaml.h"

static const char *
character_at(const char *file, struct pos at)
{
	const char *p = file;

	for (int line = 1; line < at.line && *p != '\0'; p++)
		line += *p == '\n';
	for (int col = 1; col < at.col && *p != '\0' && *p != '\n'; col++)
		p = g_utf8_next_char(p);
	return p;
}

static const char *
behind_space(const char *q)
{
	return q + strspn(q, " \t\r\n");
}

/* Behind the escape at q. */
static const char *
behind_escape(const char *q)
{
	static const struct {
		char letter;
		size_t digits;
	} coded[] = { { 'x', 2 }, { 'u', 4 }, { 'U', 8 } };

	for (size_t i = 0; i < G_N_ELEMENTS(coded); i++)
		if (q[1] == coded[i].letter)
			return q + 2 + strnlen(q + 2, coded[i].digits);
	return q[1] == '\0' ? q + 1 : g_utf8_next_char(q + 1);
}

/* Behind what stands at q for the character c of the text. */
static const char *
behind(const char *q, gunichar c, bool escapes)
{
	bool space = c == ' ' || c == '\n' || c == '\t';

	/* A line that goes on on the next. */
	while (escapes && q[0] == '\\' && (q[1] == '\n' || q[1] == '\r'))
		q = behind_space(q + 1);
	if (escapes && q[0] == '\\')
		return behind_escape(q);
	if (g_utf8_get_char(q) != c && g_ascii_isspace(*q)) {
		q = behind_space(q);
		if (space) /* of a folded line */
			return q;
	}
	if (q[0] == '\'' && q[1] == '\'' && c == '\'')
		q++;
	return *q == '\0' ? q : g_utf8_next_char(q);
}

struct pos
yaml_text_place(const char *file, struct pos at, const char *text, const char *p)
{
	const char *q = character_at(file, at), *start = q;
	bool escapes = q > file && q[-1] == '"';

	for (; text < p && *q != '\0'; text = g_utf8_next_char(text))
		q = behind(q, g_utf8_get_char(text), escapes);
	while (escapes && q[0] == '\\' && (q[1] == '\n' || q[1] == '\r'))
		q = behind_space(q + 1);
	if (!g_ascii_isspace(*p) && *p != '\0')
		q = behind_space(q);
	for (; start < q; start = g_utf8_next_char(start)) {
		at.col = *start == '\n' ? 1 : at.col + 1;
		at.line += *start == '\n';
	}
	return at;
}
