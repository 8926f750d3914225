/* text.c - width, masks and cleaning of UTF-8 text. */
#include "base/text.h"

#include <string.h>

#include <glib.h>

#define VARIATION_EMOJI \
	0xfe0f /* asks for the wide, coloured form of the character before */
#define BYTE_ORDER_MARK 0xfeff

static int
char_width(gunichar c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

int
text_width(const char *s, size_t len)
{
	const char *end = s + len;
	int width = 0, last = 0;

	for (; s < end; s = g_utf8_next_char(s)) {
		gunichar c = g_utf8_get_char(s);

		if (c == VARIATION_EMOJI && last == 1) {
			last = 2;
			width++;
		} else if (c != VARIATION_EMOJI) {
			last = char_width(c);
			width += last;
		}
	}
	return width;
}

/* The first character, by bytes: a mask must not fail on text that is not UTF-8. */
static int
first_len(const char *s)
{
	int n = *s != '\0';

	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static const char *
last_char(const char *s)
{
	const char *p = s + strlen(s) - 1;

	while (p > s && ((unsigned char)*p & 0xc0) == 0x80)
		p--;
	return p;
}

char *
text_mask(const char *address, char *buf, size_t n)
{
	const char *phone = g_str_has_prefix(address, "+86") ? address + 3 : address;
	const char *at = strrchr(address, '@'), *dot;
	size_t len;

	phone += *phone == '+';
	len = strlen(phone);
	if (at != NULL && at > address && at[1] != '\0') {
		dot = strrchr(at, '.');
		g_snprintf(buf, n, "%.*s***@%.*s***%s", first_len(address), address,
		    first_len(at + 1), at + 1, dot == NULL ? "" : dot);
	} else if (len >= 11 && strspn(phone, "0123456789") == len) {
		g_snprintf(buf, n, "%.3s****%s", phone, phone + len - 4);
	} else if (g_utf8_strlen(phone, -1) > 2) {
		g_snprintf(
		    buf, n, "%.*s***%s", first_len(phone), phone, last_char(phone));
	} else {
		g_snprintf(buf, n, "%s", len == 0 ? "" : "***");
	}
	return buf;
}

/* Characters that nobody sees but that change how the rest reads. */
static bool
is_invisible(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == BYTE_ORDER_MARK;
}

static bool
is_newline(gunichar c)
{
	return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

char *
text_clean(char *s, bool keep_newlines)
{
	const char *p = s;
	bool in_break = false;
	char *out = s;

	while (*p != '\0') {
		gunichar c = g_utf8_get_char_validated(p, -1);

		/* Not UTF-8: an overlong NUL, half a surrogate pair, a stray byte. */
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			p++;
			continue;
		}
		const char *next = g_utf8_next_char(p);

		if (is_newline(c) && keep_newlines) {
			if (!(c == '\r' && *next == '\n'))
				*out++ = '\n';
		} else if (is_newline(c)) {
			if (!in_break)
				*out++ = ' ';
		} else if (c == '\t') {
			*out++ = ' ';
		} else if (!is_invisible(c)) {
			memmove(out, p, (size_t)(next - p));
			out += next - p;
		}
		in_break = is_newline(c);
		p = next;
	}
	*out = '\0';
	return s;
}

char *
text_cut(char *s, size_t n)
{
	char *p = s;

	for (; n > 0 && *p != '\0'; n--)
		p = g_utf8_next_char(p);
	*p = '\0';
	return s;
}

char *
text_mend(char *s)
{
	const char *bad = s;

	while (!g_utf8_validate(bad, -1, &bad))
		s[bad - s] = '?';
	return s;
}

bool
text_is(const char *s, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(s, text, len) == 0;
}

char *
text_number(char *buf, const char *prefix, int64_t n)
{
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
	char digits[TEXT_NUMBER], *d = digits + sizeof(digits);
	char *end = stpcpy(buf, prefix);

	*--d = '\0';
	do
		*--d = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (n < 0)
		*end++ = '-';
	memcpy(end, d, (size_t)(digits + sizeof(digits) - d));
	return buf;
}

int
text_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
text_keys(GHashTable *table)
{
	GPtrArray *keys = g_ptr_array_new();
	GHashTableIter it;
	gpointer key;

	g_hash_table_iter_init(&it, table);
	while (g_hash_table_iter_next(&it, &key, NULL))
		g_ptr_array_add(keys, key);
	g_ptr_array_sort(keys, text_order);
	return keys;
}
