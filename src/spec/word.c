/* word.c - names people give, and closed lists of words as bit sets. */
#include <string.h>

#include "read.h"

#define WORD_MAX 64

bool
word_fits(const char *word, bool slashes)
{
	const char *p;

	for (p = word; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_isalnum(c) || c == '_' || (p > word && c == '-'))
			continue;
		if (slashes && p > word && (c == '.' || c == '/') && p[1] != '\0' &&
		    p[1] != '.' && p[1] != '/')
			continue;
		return false;
	}
	return p > word && g_utf8_strlen(word, -1) <= WORD_MAX;
}

bool
word_read(const struct yaml *y, const char *what, bool slashes, const char **out,
    struct report *r)
{
	const char *text;

	if (!yaml_str(y, &text, r))
		return false;
	if (!word_fits(text, slashes)) {
		report_add(r, SEV_ERROR, y->at, "name",
		    "use letters, digits, \"-\" and \"_\", at most 64, no spaces",
		    "\"%.80s\" cannot be the name of %s", text, what);
		return false;
	}
	*out = text;
	return true;
}

bool
word_set(const struct yaml *y, const char *const *names, unsigned *out, struct report *r)
{
	const struct yaml *one[1] = { y };
	const struct yaml *const *items = one;
	unsigned set = 0;
	bool fine = true;
	int n = 1, i, w;

	if (y == NULL)
		return false;
	if (y->kind == YAML_LIST) {
		items = (const struct yaml *const *)y->items;
		n = y->n;
	}
	if (n == 0) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "delete the key, or name at least one", "the list is empty");
		return false;
	}
	for (i = 0; i < n; i++) {
		if (yaml_enum(items[i], names, &w, r))
			set |= BIT(w);
		else
			fine = false;
	}
	if (fine)
		*out = set;
	return fine;
}
