/* reply_courtesy.c - thanks and nods, which nobody needs to answer. */
#include <string.h>

#include <glib.h>

#include "core/reply.h"

/* Asking, refusing, angry: anywhere in it, and a person reads it. */
static const char *const doubts[] = { "?", "？", "﹖", "⁇", "⁉", "❓", "❔", "吗", "么",
	"呢", "嗎", "麼", "不", "没", "沒", "别", "別", "勿", "无", "無", "否", "莫", "👎",
	"😠", "😡", "🤬", "😤", "👿", "💩", "🖕", "💢", "😒", "🙄", "😞", "😢", "😭", "🤮",
	NULL };
static const char *const latin[] = { "no", "not", "don't", "dont", "never", "nope",
	NULL };

bool
reply_is_doubt(const char *text)
{
	char **words, *low;
	bool found = false;

	for (int i = 0; doubts[i] != NULL; i++)
		if (strstr(text, doubts[i]) != NULL)
			return true;
	low = g_utf8_strdown(text, -1);
	words = g_strsplit_set(low, " ,.;:!-\t\n", -1);
	for (int i = 0; latin[i] != NULL; i++)
		found |= g_strv_contains((const char *const *)words, latin[i]);
	g_strfreev(words);
	g_free(low);
	return found;
}

/* Pictures, with what paints and joins them. */
static bool
is_picture(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_OTHER_SYMBOL:
	case G_UNICODE_MODIFIER_SYMBOL:
	case G_UNICODE_UNASSIGNED: /* newer than our tables */
		return true;
	default:
		return false;
	}
}

static bool
has_picture(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (is_picture(g_utf8_get_char(text)))
			return true;
	return false;
}

/* Letters and digits alone, normalised. */
static char *
dense(struct arena *a, const char *text)
{
	char *out = reply_normalise(a, text), *to = out;

	for (const char *p = out, *next; *p != '\0'; p = next) {
		next = g_utf8_next_char(p);
		if (!g_unichar_isalnum(g_utf8_get_char(p)))
			continue;
		memmove(to, p, (size_t)(next - p));
		to += next - p;
	}
	*to = '\0';
	return out;
}

/* Can it be cut into words of the list? reached[i]: its first i bytes can. */
static bool
is_made_of(struct arena *a, const char *text, const char *const *list)
{
	size_t len = strlen(text);
	bool *reached = arena_array(a, bool, (int)len + 1);

	reached[0] = true;
	for (size_t at = 0; at < len; at++)
		for (int k = 0; reached[at] && list[k] != NULL; k++) {
			size_t n = strlen(list[k]);

			if (n > 0 && strncmp(text + at, list[k], n) == 0)
				reached[at + n] = true;
		}
	return reached[len];
}

bool
reply_is_courtesy(struct arena *a, const struct policy *p, const char *text)
{
	const char *const *words = (const char *const *)p->keywords[KEYWORD_COURTESY];
	const char *said, **list;
	int n = 0;

	if (words == NULL || !g_utf8_validate(text, -1, NULL) || reply_is_doubt(text))
		return false;
	said = dense(a, text);
	if (*said == '\0')
		return has_picture(text);
	while (words[n] != NULL)
		n++;
	list = arena_array(a, const char *, n + 1);
	for (int i = 0; i < n; i++)
		list[i] = dense(a, words[i]);
	return is_made_of(a, said, list);
}
