/* copy_mask.c - what stands in a text and nobody reads: comments, and what conditions compare
 * with. */
#include <string.h>

#include <glib.h>

#include "copy_rule.h"

static const char *
tag_name(const char *p)
{
	p += strlen("{%");
	p += *p == '-';
	return p + strspn(p, " \t\r\n");
}

static bool
is_tag(const char *name, const char *word)
{
	size_t n = strlen(word);

	return strncmp(name, word, n) == 0 && !g_ascii_isalnum(name[n]) && name[n] != '_';
}

static bool
is_condition(const char *name)
{
	static const char *const words[] = { "if", "elsif", "unless", "case", "when" };
	bool yes = false;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		yes = yes || is_tag(name, words[i]);
	return yes;
}

/* Lines stay where they are. */
static void
blank(char *p, const char *end)
{
	for (; p < end; p++)
		if (*p != '\n')
			*p = ' ';
}

/* The next tag of this name; NULL: none. */
static char *
next_tag(char *p, const char *word)
{
	while ((p = strstr(p, "{%")) != NULL && !is_tag(tag_name(p), word))
		p += 2;
	return p;
}

char *
copy_mask(const char *text)
{
	char *masked = g_strdup(text), *p = masked, *end, *close;

	while ((p = strstr(p, "{%")) != NULL && (end = strstr(p, "%}")) != NULL) {
		const char *name = tag_name(p);

		close = is_tag(name, "comment") ? next_tag(end, "endcomment") : NULL;
		if (*name == '#' || is_condition(name))
			blank(p + 2, end);
		if (close != NULL)
			blank(end + 2, close);
		p = close != NULL ? close : end;
	}
	return masked;
}
