/* reply_meant.c - 不太满意 is not 满意, and 11位 not 1位. */
#include <string.h>

#include <glib.h>

#include "reply_text.h"

static const char *const negations[] = { "不", "没", "別", "别", "未", "无", "勿", "莫",
	"非", NULL };
/* Words that have such a character and deny nothing. */
static const char *const harmless[] = { "特别", "分别", "区别", "级别", "个别", "差别",
	"类别", "性别", "除非", "莫非", "是非", "有无", NULL };
/* What may stand between the negation and what it denies: 不是很满意, 没有那么好. */
static const char *const between[] = { "特别", "非常", "十分", "怎么", "这么", "那么",
	"觉得", "感到", "完全", "很", "太", "是", "够", "大", "算", "想", "会", "能",
	"要", "用", "有", "好", "甚", "再", "让", "敢", "肯", "必", "应", "该", "真",
	"挺", NULL };
#define BETWEEN_MOST 3
static const char *const latin[] = { "not", "no", "never", "don't", "dont", "isn't",
	"doesn't", "didn't", "won't", "can't", "cannot", "without", NULL };
static const char *const latin_between[] = { "very", "so", "too", "really", "that", "a",
	"any", "the", NULL };
static const char numerals[] = "零〇一二两三四五六七八九十百千";

/* How long the last word of text..p is, of a list. */
static size_t
ends(const char *text, const char *p, const char *const *list)
{
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if ((size_t)(p - text) >= len && memcmp(p - len, *list, len) == 0)
			return len;
	}
	return 0;
}

/* 有没有优惠, 能不能来: a question about it, which denies nothing. p: behind the negation. */
static bool
is_choice(const char *text, const char *p, size_t len)
{
	const char *before = p - len;

	return before > text && *p != '\0' &&
	       g_utf8_get_char(g_utf8_prev_char(before)) == g_utf8_get_char(p);
}

static bool
is_denied(const char *text, const char *p)
{
	for (int i = 0; i <= BETWEEN_MOST; i++) {
		size_t len = ends(text, p, negations);

		if (len > 0 && ends(text, p, harmless) == 0)
			return i == 0 || !is_choice(text, p, len);
		if ((len = ends(text, p, between)) == 0)
			return false;
		p -= len;
	}
	return false;
}

/* The word before p, without the spaces; NULL: none. */
static char *
word_before(const char *text, const char **p)
{
	const char *end = *p, *from;

	while (end > text && end[-1] == ' ')
		end--;
	for (from = end; from > text && (g_ascii_isalpha(from[-1]) || from[-1] == '\'');)
		from--;
	*p = from;
	return from == end ? NULL : g_strndup(from, (gsize)(end - from));
}

static bool
is_denied_latin(const char *text, const char *p)
{
	for (int i = 0; i <= BETWEEN_MOST; i++) {
		char *word = word_before(text, &p);
		bool denied = word != NULL && g_strv_contains(latin, word);
		bool goes_on = word != NULL && g_strv_contains(latin_between, word);

		g_free(word);
		if (denied || !goes_on)
			return denied;
	}
	return false;
}

static bool
is_numeral(const char *s)
{
	gunichar c = g_utf8_get_char(s);

	return c != 0 && (g_unichar_isdigit(c) || g_utf8_strchr(numerals, -1, c) != NULL);
}

/* 11位 for 1位, 十一位 for 一位, 12 for 1. */
static bool
is_cut_number(const char *text, const char *p, size_t len)
{
	return (p > text && is_numeral(p) && is_numeral(g_utf8_prev_char(p))) ||
	       (g_unichar_isdigit(g_utf8_get_char(g_utf8_prev_char(p + len))) &&
		   g_unichar_isdigit(g_utf8_get_char(p + len)));
}

/* 满意不满意: he asks, or says both. */
static bool
is_said_twice(const char *p, size_t len)
{
	const char *rest = p + len;
	size_t no = reply_begins(rest, negations);

	return no > 0 && strncmp(rest + no, p, len) == 0;
}

bool
reply_is_meant(const char *text, const char *p, size_t len)
{
	if (is_cut_number(text, p, len))
		return false;
	/* A phrase that denies by itself says what it means. */
	if (reply_begins(p, negations) > 0)
		return true;
	return !is_said_twice(p, len) &&
	       !(g_ascii_isalpha(*p) ? is_denied_latin(text, p) : is_denied(text, p));
}
