/* quote.c - JSON string literals, the parts a request body is made of. */
#include "provider/quote.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

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

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* Of each byte of a word. */
#define EACH(c) (UINT64_C(0x0101010101010101) * (c))

static bool
holds(uint64_t word, unsigned char c)
{
	uint64_t x = word ^ EACH(c);

	return ((x - EACH(1)) & ~x & EACH(0x80)) != 0;
}

/* The first byte that must be escaped; most texts have none: eight at a time. */
static const char *
plain_until(const char *s, const char *end)
{
	uint64_t word;

	for (; end - s >= 8; s += 8) {
		memcpy(&word, s, 8);
		if (((word - EACH(0x20)) & ~word & EACH(0x80)) != 0 || holds(word, '"') ||
		    holds(word, '\\'))
			break;
	}
	while (s < end && is_plain((unsigned char)*s))
		s++;
	return s;
}

void
quote_json(GString *out, const char *s)
{
	const char *end = s + strlen(s);

	g_string_append_c(out, '"');
	for (;;) {
		const char *to = plain_until(s, end), *esc;

		g_string_append_len(out, s, to - s);
		if (to == end)
			break;
		esc = short_escape((unsigned char)*to);
		if (esc != NULL)
			g_string_append(out, esc);
		else
			g_string_append_printf(out, "\\u%04x", (unsigned char)*to);
		s = to + 1;
	}
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
	char digits[TEXT_NUMBER];

	g_string_append(out, ",\"");
	g_string_append(out, name);
	g_string_append(out, "\":");
	g_string_append(out, text_number(digits, "", n));
}
