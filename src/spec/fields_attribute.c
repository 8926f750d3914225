#include <string.h>

#include <jansson.h>

#include "fields.h"

/* An attribute that is plainly a number becomes one, so that rules can compare it;
 * 0123 and long digits are names of things. */
static bool
attribute_is_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 15 || (n > 1 && *s == '0'))
		return false;
	if (s[n] == '.') {
		size_t digits = strspn(s + n + 1, "0123456789");

		return digits > 0 && digits <= 6 && s[n + 1 + digits] == '\0';
	}
	return s[n] == '\0';
}

void
fields_attribute(GString *out, const char *name, const char *s)
{
	g_string_append_c(out, out->len == 0 ? '{' : ',');
	g_string_append(out, name);
	g_string_append_c(out, ':');
	if (attribute_is_number(s)) {
		g_string_append(out, s);
	} else if (strpbrk(s, "\"\\") == NULL) { /* and no control characters any more */
		g_string_append_c(out, '"');
		g_string_append(out, s);
		g_string_append_c(out, '"');
	} else {
		json_t *value = json_string(s);
		char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		g_string_append(out, text);
		free(text);
		json_decref(value);
	}
}
