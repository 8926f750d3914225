/* referee_words.c - what anyone would take for "stop". */
#include <string.h>

#include "referee_impl.h"

static const char *const whole[] = { "退订", "拒收", "取消", "不要再发", "别发了", "TD",
	"T", "R", "N", "STOP", "UNSUBSCRIBE", NULL };
static const char *const inside[] = { "退订", "拒收", "不要再发", "别发了", "UNSUBSCRIBE",
	NULL };
static const char *const complaints[] = { "投诉", "举报", "骚扰", "工信部", "12321",
	"12315", NULL };

/* Letters and digits alone, in capitals and half width; Chinese as it is. */
static char *
plain(const char *text)
{
	GString *s = g_string_new(NULL);
	char *valid = g_utf8_make_valid(text, -1);

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c >= 0xff01 && c <= 0xff5e)
			c -= 0xfee0;
		if (g_unichar_isalnum(c))
			g_string_append_unichar(s, g_unichar_toupper(c));
	}
	g_free(valid);
	return g_string_free(s, FALSE);
}

enum referee_word
referee_word(const char *text)
{
	char *s = plain(text);
	enum referee_word w = WORD_NONE;

	if (g_strv_contains(whole, s))
		w = WORD_STOP;
	for (int i = 0; w == WORD_NONE && inside[i] != NULL; i++)
		if (strstr(s, inside[i]) != NULL)
			w = WORD_STOP;
	for (int i = 0; complaints[i] != NULL; i++)
		if (strstr(s, complaints[i]) != NULL)
			w = WORD_COMPLAINT;
	g_free(s);
	return w;
}
