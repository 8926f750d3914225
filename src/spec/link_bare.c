/* link_bare.c - hosts that stand in a text without https://: phones make links of them all
 * the same, however they are written. */
#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "link_bare.h"

#define HOLE 0xfffc /* what a field prints */

struct glyph {
	gunichar c;
	const char *at;
};

static bool
is_dot(gunichar c)
{
	return c == '.' || c == 0xff0e || c == 0x2024 || c == 0xfe52;
}

/* evil。cn; behind a Chinese word it ends a sentence. */
static bool
is_full_stop_dot(const GArray *to, gunichar c)
{
	gunichar last = to->len == 0 ? 0 : g_array_index(to, struct glyph, to->len - 1).c;

	return (c == 0x3002 || c == 0xff61) && last < 0x80 && g_unichar_isalnum(last);
}

static void
put(GArray *to, gunichar c, const char *at)
{
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	struct glyph g = { .at = at };
	gsize n;

	if (g_unichar_type(c) == G_UNICODE_FORMAT)
		return;
	n = g_unichar_fully_decompose(is_dot(c) || is_full_stop_dot(to, c) ? '.' : c,
	    TRUE, parts, G_N_ELEMENTS(parts));
	for (gsize i = 0; i < n; i++) {
		g.c = g_unichar_tolower(parts[i]);
		g_array_append_val(to, g);
	}
}

/* Of what stands between braces only what is quoted, apart or glued on by append. */
static const char *
put_code(GArray *to, const char *p)
{
	const char *end = strstr(p + 2, p[1] == '{' ? "}}" : "%}"), *open = p;
	bool any = false;

	if (end == NULL)
		return p + strlen(p);
	for (p += 2; p < end; p++) {
		const char *close, *before = p;

		if ((*p != '"' && *p != '\'') ||
		    (close = memchr(p + 1, *p, (size_t)(end - p - 1))) == NULL)
			continue;
		while (g_ascii_isspace(before[-1]))
			before--;
		if (any && !g_str_has_prefix(before - strlen("append:"), "append:"))
			put(to, ' ', p);
		for (p++; p < close; p = g_utf8_next_char(p))
			put(to, g_utf8_get_char(p), p);
		any = true;
	}
	if (!any && open[1] == '{')
		put(to, HOLE, open);
	return end + 2;
}

static GArray *
glyphs_of(const char *text)
{
	GArray *to = g_array_new(TRUE, TRUE, sizeof(struct glyph));

	for (const char *p = text; *p != '\0';) {
		if (p[0] == '{' && (p[1] == '{' || p[1] == '%')) {
			p = put_code(to, p);
			continue;
		}
		if (g_str_has_prefix(p, "&#46;") || g_str_has_prefix(p, "&#x2e;") ||
		    g_str_has_prefix(p, "&#x2E;") || g_str_has_prefix(p, "&period;")) {
			put(to, '.', p);
			p = strchr(p, ';') + 1;
			continue;
		}
		put(to, g_utf8_get_char(p), p);
		p = g_utf8_next_char(p);
	}
	return to;
}

/* ---- is it a host? ---- */

static const char *const tops[] = { "com", "net", "org", "info", "biz", "name", "mobi",
	"top", "shop", "xyz", "vip", "club", "online", "site", "store", "wang", "link",
	"ltd", "group", "work", "live", "pro", "app", "dev", "tech", "cloud", "icu",
	"fun", "ink", "red", "love", "art", "tel", "asia", "wiki", "video", "news",
	"city", "today", "world", "space", "website", "press", "host", "email", "chat",
	"edu", "gov", "auto", "car", "cars", "page", "run", "life", "zone", "win", "bid",
	"loan", "click", "buzz", "cyou", "monster", "one", NULL };
/* What a file's name ends in rather than a host's, unless more speaks for it. */
static const char *const endings[] = { "md", "py", "pl", "rs", "ps", "sh", "zip", "mov",
	"doc", "docx", "xls", "xlsx", "csv", "pdf", "txt", "jpg", "jpeg", "png", "gif",
	"ppt", "pptx", "html", "htm", "mp", "apk", "js", "db", "am", "pm", NULL };

static bool
is_letters(const char *s)
{
	const char *p = s;

	while (g_ascii_islower(*p))
		p++;
	return *p == '\0' && p - s >= 2;
}

static bool
is_address(char *const *labels, guint n)
{
	for (guint i = 0; i < n; i++) {
		gsize len = strlen(labels[i]);

		if (len == 0 || len > 3 || strspn(labels[i], "0123456789") != len ||
		    g_ascii_strtoull(labels[i], NULL, 10) > 255)
			return false;
	}
	return n == 4;
}

/* path: a / follows it. */
static bool
is_host(const char *host, bool versioned, bool path)
{
	char **labels = g_strsplit(host, ".", -1);
	guint n = g_strv_length(labels);
	const char *last = labels[n - 1];
	bool www = n > 2 && strcmp(labels[0], "www") == 0, yes;

	if (is_address(labels, n))
		yes = !versioned;
	else if (g_str_has_prefix(last, "xn--"))
		yes = true;
	else if (!is_letters(last))
		yes = false;
	else if (www)
		yes = true;
	else if (g_strv_contains(endings, last))
		yes = path && n > 1 && strlen(last) == 2;
	else
		yes = path || strlen(last) == 2 || g_strv_contains(tops, last);
	for (guint i = 0; i < n; i++)
		yes = yes && labels[i][0] != '\0';
	g_strfreev(labels);
	return yes;
}

/* ---- where one begins and ends ---- */

static bool
is_label(gunichar c)
{
	return c == HOLE || c == '-' || (c < 0x80 && g_unichar_isalnum(c));
}

static bool
ends_path(gunichar c)
{
	return c == 0 || g_unichar_isspace(c) || c >= 0x80 ||
	       strchr("\"'<>()", (int)c) != NULL;
}

static bool
says_version(const struct glyph *g, guint from)
{
	static const char *const words[] = { "v", "版本", "版本号", "固件", "软件",
		"系统", "版", "ver", "version", NULL };

	while (from > 0 && (g[from - 1].c == ' ' || g[from - 1].c == ':'))
		from--;
	for (const char *const *w = words; *w != NULL; w++) {
		glong len = g_utf8_strlen(*w, -1), i = 0;

		for (; i < len && from >= (guint)len; i++)
			if (g[from - (guint)len + (guint)i].c !=
			    g_utf8_get_char(g_utf8_offset_to_pointer(*w, i)))
				break;
		if (from >= (guint)len && i == len)
			return true;
	}
	return false;
}

/* 例子.中国 and 例子.cn. */
static bool
is_chinese_top(const struct glyph *g)
{
	static const char *const words[] = { "中国", "中國", "公司", "网络", "網絡",
		"网址", "网店", "商城", "在线", NULL };

	for (const char *const *w = words; *w != NULL; w++)
		if (g[0].c == g_utf8_get_char(*w) &&
		    g[1].c == g_utf8_get_char(g_utf8_next_char(*w)) &&
		    !g_unichar_isalpha(g[2].c))
			return true;
	return false;
}

static guint
judge(const struct glyph *g, guint from, guint to, link_bare_fn *each, void *arg)
{
	GString *host = g_string_new(NULL);
	bool path = g[to].c == '/' && g_ascii_isalnum((char)g[to + 1].c & 0x7f),
	     mail = from > 0 && g[from - 1].c == '@' && g[to].c != '/', han = false;
	guint end = to;

	for (guint i = from; i < to; i++)
		g_string_append_unichar(host, g[i].c);
	while (host->len > 0 && host->str[host->len - 1] == '.')
		g_string_truncate(host, host->len - 1);
	/* A dot behind a word of another script. */
	if (g[from].c == '.' && from > 0 && g_unichar_isalpha(g[from - 1].c) &&
	    g[from - 1].c >= 0x80) {
		g_string_prepend_unichar(host, g[from - 1].c);
		from--;
	}
	if (to > from && g[to - 1].c == '.' && is_chinese_top(g + to)) {
		han = true;
		g_string_append_c(host, '.');
		g_string_append_unichar(host, g[to].c);
		g_string_append_unichar(host, g[to + 1].c);
		end = to + 2;
	}
	if (!mail && (han || (strchr(host->str, '.') != NULL &&
				 is_host(host->str, says_version(g, from), path))))
		each(arg, host->str, g[from].at);
	g_string_free(host, TRUE);
	while (path && !ends_path(g[end].c))
		end++;
	return end;
}

void
link_bare_each(const char *text, link_bare_fn *each, void *arg)
{
	GArray *all = glyphs_of(text);
	const struct glyph *g = (const struct glyph *)(const void *)all->data;

	for (guint i = 0, to; i < all->len; i = to) {
		to = i + 1;
		if (i + 2 < all->len && g[i].c == ':' && g[i + 1].c == '/' &&
		    g[i + 2].c == '/') { /* link_host.c reads these */
			bool plain = g[i].at[0] == ':' && g[i].at[1] == '/';

			for (to = i + 3; plain && !ends_path(g[to].c);)
				to++;
			continue;
		}
		if (!is_label(g[i].c) && g[i].c != '.')
			continue;
		while (to < all->len && (is_label(g[to].c) || g[to].c == '.'))
			to++;
		to = judge(g, i, to, each, arg);
	}
	g_array_free(all, TRUE);
}
