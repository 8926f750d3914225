/* segment.c - counting SMS parts. */
#include "core/segment.h"

#include <stdbool.h>

#include <glib.h>

#define UCS2_ALONE 70
#define UCS2_PART 67 /* a part of several loses three characters to its header */
#define GSM_ALONE 160
#define GSM_PART 153

/* GSM 03.38 beyond the letters, digits and marks that it shares with ASCII. */
static const gunichar gsm_basic[] = { 0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4, 0xc5,
	0xc6, 0xc7, 0xc9, 0xd1, 0xd6, 0xd8, 0xdc, 0xdf, 0xe0, 0xe4, 0xe5, 0xe6, 0xe8,
	0xe9, 0xec, 0xf1, 0xf2, 0xf6, 0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b, 0x39e,
	0x3a0, 0x3a3, 0x3a6, 0x3a8, 0x3a9 };

/* Septets of a character: 1 basic, 2 by escape, 0 when GSM-7 does not have it. */
static int
septets(gunichar c)
{
	size_t i;

	switch (c) {
	case '^':
	case '{':
	case '}':
	case '\\':
	case '[':
	case '~':
	case ']':
	case '|':
	case 0x20ac: /* euro */
	case '\f':
		return 2;
	case '`':
		return 0;
	case '\n':
	case '\r':
		return 1;
	default:
		break;
	}
	if (c < 0x80)
		return c >= 0x20 && c < 0x7f;
	for (i = 0; i < G_N_ELEMENTS(gsm_basic); i++) {
		if (gsm_basic[i] == c)
			return 1;
	}
	return 0;
}

static int
utf16_units(gunichar c)
{
	return c > 0xffff ? 2 : 1;
}

static bool
is_gsm(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		if (septets(g_utf8_get_char(text)) == 0)
			return false;
	}
	return true;
}

static int
total(const char *text, int (*width)(gunichar))
{
	int n = 0;

	for (; *text != '\0'; text = g_utf8_next_char(text))
		n += width(g_utf8_get_char(text));
	return n;
}

/* Parts of `part` units, where no character is split over two of them. */
static int
pack(const char *text, int (*width)(gunichar), int part)
{
	int parts = 1, used = 0;

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		int w = width(g_utf8_get_char(text));

		if (used + w > part) {
			parts++;
			used = 0;
		}
		used += w;
	}
	return parts;
}

static void
count_china(const char *text, struct segments *out)
{
	out->encoding = "UCS-2";
	out->units = total(text, utf16_units);
	out->segments =
	    out->units <= UCS2_ALONE ? 1 : (out->units + UCS2_PART - 1) / UCS2_PART;
}

static void
count_international(const char *text, struct segments *out)
{
	bool gsm = is_gsm(text);
	int (*width)(gunichar) = gsm ? septets : utf16_units;

	out->encoding = gsm ? "GSM-7" : "UCS-2";
	out->units = total(text, width);
	if (out->units <= (gsm ? GSM_ALONE : UCS2_ALONE))
		out->segments = 1;
	else
		out->segments = pack(text, width, gsm ? GSM_PART : UCS2_PART);
}

void
segment_count(
    enum segment_plan plan, const char *signature, const char *text, struct segments *out)
{
	bool signed_text = signature != NULL && signature[0] != '\0';
	char *whole = signed_text ? g_strconcat("【", signature, "】", text, NULL) : NULL;

	if (signed_text)
		text = whole;
	out->characters = (int)g_utf8_strlen(text, -1);
	if (plan == SEGMENT_CHINA)
		count_china(text, out);
	else
		count_international(text, out);
	g_free(whole);
}
