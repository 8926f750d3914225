#include "fold.h"

#include <string.h>

#include <glib.h>

#include "core/script.h"

/* Dots that are taken for a full stop. */
static gunichar
plain_dot(gunichar c)
{
	static const gunichar dots[] = { 0xb7, 0x2022, 0x2024, 0x2027, 0x2219, 0x22c5,
		0x30fb, 0xff65, 0x3002, 0xff61, 0xff0e, 0xfe52 };

	for (size_t i = 0; i < G_N_ELEMENTS(dots); i++)
		if (c == dots[i])
			return '.';
	return c;
}

static bool
is_dropped(gunichar c)
{
	/* Letters that show nothing: fillers of Hangul, the empty cell of Braille. */
	static const gunichar fillers[] = { 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800 };
	GUnicodeType type = g_unichar_type(c);

	for (size_t i = 0; i < G_N_ELEMENTS(fillers); i++)
		if (c == fillers[i])
			return true;
	/* Marks stand on the letter before: 超 with a dot above is still that word. */
	return c != '\n' &&
	       (g_unichar_isspace(c) || g_unichar_iscntrl(c) ||
		   type == G_UNICODE_FORMAT || type == G_UNICODE_NON_SPACING_MARK ||
		   type == G_UNICODE_ENCLOSING_MARK);
}

/* 超·值: a dot in the middle of a Chinese word; 。 ends a sentence. */
static bool
is_within(const char *source, const char *p)
{
	static const gunichar dots[] = { 0xb7, 0x2022, 0x2027, 0x2219, 0x22c5, 0x30fb,
		0xff65 };
	gunichar c = g_utf8_get_char(p);
	bool dot = false;

	for (size_t i = 0; i < G_N_ELEMENTS(dots); i++)
		dot = dot || c == dots[i];
	return dot && p > source &&
	       g_unichar_get_script(g_utf8_get_char(g_utf8_prev_char(p))) ==
		   G_UNICODE_SCRIPT_HAN &&
	       g_unichar_get_script(g_utf8_get_char(g_utf8_next_char(p))) ==
		   G_UNICODE_SCRIPT_HAN;
}

static void
put(GString *text, GArray *at, gunichar c, size_t from)
{
	gsize before = text->len;

	if (is_dropped(c))
		return;
	g_string_append_unichar(text, script_simplify(plain_dot(g_unichar_tolower(c))));
	for (; before < text->len; before++)
		g_array_append_val(at, from);
}

void
fold_init(struct fold *f, const char *source)
{
	GString *text = g_string_new(NULL);
	GArray *at = g_array_new(FALSE, FALSE, sizeof(size_t));
	size_t end = strlen(source);

	for (const char *p = source; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
		gsize n = g_unichar_fully_decompose(
		    plain_dot(g_utf8_get_char(p)), TRUE, parts, G_N_ELEMENTS(parts));

		if (is_within(source, p))
			continue;
		for (gsize i = 0; i < MIN(n, G_N_ELEMENTS(parts)); i++)
			put(text, at, parts[i], (size_t)(p - source));
	}
	g_array_append_val(at, end);
	*f = (struct fold){ .source = source, .len = text->len };
	f->text = g_string_free(text, FALSE);
	f->at = (size_t *)(void *)g_array_free(at, FALSE);
}

void
fold_release(struct fold *f)
{
	g_free(f->text);
	g_free(f->at);
}

static bool
is_latin(gunichar c)
{
	return c < 0x2e80 && g_unichar_isalnum(c);
}

bool
fold_is_whole(const struct fold *f, size_t from, size_t to)
{
	const char *first = f->source + f->at[from], *end = f->source + f->at[to];
	gunichar before = f->at[from] == 0 ? 0 : g_utf8_get_char(g_utf8_prev_char(first)),
		 behind = g_utf8_get_char(end);

	/* at[to] is behind spaces that were dropped: then nothing touches it. */
	if (to > from && end > f->source &&
	    g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(end))))
		behind = 0;
	return !(is_latin(before) && is_latin(g_utf8_get_char(f->text + from))) &&
	       !(is_latin(behind) && to > from &&
		   is_latin(g_utf8_get_char(g_utf8_prev_char(f->text + to))));
}
