/* quote.c - JSON string literals, the parts a request body is made of. */
#include "provider/quote.h"

static const char *
short_escape(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

void
quote_json(GString *out, const char *s)
{
	g_string_append_c(out, '"');
	const char *from = s;
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		g_string_append_len(out, from, s - from);
		const char *esc = short_escape(c);
		if (esc != NULL)
			g_string_append(out, esc);
		else
			g_string_append_printf(out, "\\u%04x", c);
		from = s + 1;
	}
	g_string_append_len(out, from, s - from);
	g_string_append_c(out, '"');
}

void
quote_json_member(GString *out, const char *name, const char *s)
{
	if (s == NULL || s[0] == '\0')
		return;
	g_string_append_c(out, ',');
	quote_json(out, name);
	g_string_append_c(out, ':');
	quote_json(out, s);
}

void
quote_json_int(GString *out, const char *name, int64_t n)
{
	char digits[24], *d = digits + sizeof(digits);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	*--d = '\0';
	do
		*--d = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (n < 0)
		*--d = '-';
	g_string_append(out, ",\"");
	g_string_append(out, name);
	g_string_append(out, "\":");
	g_string_append(out, d);
}
