#include "fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool
fields_plain(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s < ' ' || *s > '~')
			return false;
	}
	return true;
}

/* Excel's way to keep 0123 a text in CSV: ="0123". It says nothing but the text. */
static void
fields_unwrap(const char **s, size_t *len)
{
	if (*len < 4 || (*s)[0] != '=' || (*s)[1] != '"' || (*s)[*len - 1] != '"')
		return;
	for (size_t i = 2; i < *len - 1; i++) {
		if (!g_ascii_isalnum((*s)[i]) && strchr("+-/. ", (*s)[i]) == NULL)
			return;
	}
	*s += 2;
	*len -= 3;
}

/* Spaces of any width at both ends. */
static char *
fields_trim(char *s)
{
	char *end = s + strlen(s);

	while (*s != '\0' && g_unichar_isspace(g_utf8_get_char(s)))
		s = g_utf8_next_char(s);
	while (end > s) {
		char *last = g_utf8_prev_char(end);

		if (!g_unichar_isspace(g_utf8_get_char(last)))
			break;
		end = last;
	}
	*end = '\0';
	return s;
}

const char *
fields_text(struct arena *a, struct table_cell cell, size_t max)
{
	const char *p = table_write_undo(cell.p);
	size_t len = cell.len - (size_t)(p - cell.p);

	if (len == 0)
		return "";
	if (*p == '=')
		fields_unwrap(&p, &len);
	char *s = arena_strndup(a, p, len);

	if (!fields_plain(s))
		text_clean(s, false);
	s = fields_trim(s);
	return len > max ? text_cut(s, max) : s;
}

bool
fields_blank(const char *s)
{
	static const char *const nothing[] = { "-", "--", "/", "无", "暂无", "空", "未知",
		"n/a", "na", "null", "#n/a", "#null!", "#ref!", "0000-00-00", "(空)",
		"（空）" };

	if (*s == '\0')
		return true;
	if (strlen(s) > 10)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(nothing); i++) {
		if (g_ascii_strcasecmp(s, nothing[i]) == 0)
			return true;
	}
	return false;
}

int
fields_number(const char *s, double *out)
{
	char buf[40], *end;
	size_t n = 0;
	bool digit = false, dot = false;

	if (g_str_has_prefix(s, "¥") || g_str_has_prefix(s, "￥"))
		s = g_utf8_next_char(s);
	for (; *s != '\0'; s++) {
		if (strcmp(s, "元") == 0 || strcmp(s, "次") == 0)
			break;
		if ((*s == ',' || *s == ' ') && digit && !dot)
			continue;
		if ((!g_ascii_isdigit(*s) && (*s != '.' || dot)) || n == sizeof buf - 1)
			return -1;
		digit |= *s != '.';
		dot |= *s == '.';
		buf[n++] = *s;
	}
	buf[n] = '\0';
	*out = g_ascii_strtod(buf, &end);
	return digit && *end == '\0' ? 0 : -1;
}

static int
fields_level(const char *s)
{
	static const struct fields_word levels[] = {
		{ "none|no|0|无|否|不同意|拒绝", "0" },
		{ "service|服务|仅服务", "1" },
		{ "marketing|yes|营销|同意|是", "2" },
		{ NULL, NULL },
	};
	const char *level = fields_word(levels, s);

	return level == NULL ? -1 : level[0] - '0';
}

int
fields_channel(const char *s)
{
	static const struct fields_word names[] = {
		{ "sms|短信", "sms" },
		{ "wecom|企业微信|企微|微信", "wecom" },
		{ "email|邮件|邮箱|电子邮件", "email" },
		{ "push|app|推送", "push" },
		{ "phone|电话", "phone" },
		{ NULL, NULL },
	};
	const char *name = fields_word(names, s);

	return name == NULL ? -1 : channel_find(name);
}

int
fields_consent(
    struct arena *a, const char *s, unsigned char out[CHANNELS], const char **bad)
{
	int level = fields_level(s);
	char *parts, *part;

	memset(out, level < 0 ? CONSENT_NONE : level, CHANNELS);
	if (level >= 0 || fields_blank(s))
		return 0;
	/* The full-width ones have three bytes: spaces fill up, and are trimmed below. */
	parts = arena_strdup(a, s);
	for (char *p = parts; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == 0xff1b || c == 0xff1a || c == 0xff0c)
			memcpy(p, c == 0xff1a ? ":  " : ";  ", 3);
		else if (c == ',')
			*p = ';';
	}
	while ((part = strsep(&parts, ";")) != NULL) {
		*bad = g_strstrip(part);
		if (*part == '\0')
			continue;
		char *value = strchr(part, ':');

		if (value == NULL)
			return -1;
		*value++ = '\0';
		int channel = fields_channel(g_strchomp(part));

		*bad = channel < 0 ? part : g_strstrip(value);
		level = fields_level(value);
		if (channel < 0 || level < 0)
			return -1;
		out[channel] = (unsigned char)level;
	}
	return 0;
}

static int
fields_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *
fields_tags(struct arena *a, const char *s)
{
	const char *tags[64];
	size_t n = 0;
	char *copy = arena_strdup(a, s), *to = copy, *out;

	tags[0] = copy;
	for (const char *p = copy, *next;; p = next) {
		gunichar c = g_utf8_get_char(p);

		next = g_utf8_next_char(p); /* before a NUL is put where it may stand */

		if (c != 0 && strchr(";,|", (int)c) == NULL && c != 0xff1b &&
		    c != 0xff0c && c != 0x3001) {
			if (!g_unichar_isspace(c))
				to += g_unichar_to_utf8(c, to);
			continue;
		}
		*to++ = '\0';
		if (*tags[n] != '\0' && n < G_N_ELEMENTS(tags) - 1)
			n++;
		if (c == 0)
			break;
		tags[n] = to;
	}
	qsort(tags, n, sizeof *tags, fields_compare);
	out = to = arena_alloc(a, strlen(s) + 2);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(tags[i], tags[i - 1]) == 0)
			continue;
		if (to > out)
			*to++ = ';';
		to = g_stpcpy(to, tags[i]);
	}
	return out;
}

const char *
fields_word(const struct fields_word *words, const char *s)
{
	size_t len = strlen(s);

	for (; words->written != NULL; words++) {
		for (const char *p = words->written; *p != '\0';) {
			size_t n = strcspn(p, "|");

			if (n == len && g_ascii_strncasecmp(p, s, n) == 0)
				return words->word;
			p += n + (p[n] == '|');
		}
	}
	return NULL;
}

bool
fields_is_shortened(const char *s)
{
	static const char digits[] = "0123456789";
	size_t n = strspn(s, digits);

	if (n != 1)
		return false;
	s += n;
	if (*s == '.')
		s += 1 + strspn(s + 1, digits);
	if ((*s != 'E' && *s != 'e') || s[1] != '+')
		return false;
	n = strspn(s + 2, digits);
	return n > 0 && s[2 + n] == '\0';
}
