/* sandbox_links.c - finding addresses of one host in running text. */
#include "sandbox_links.h"

#include <stdbool.h>
#include <string.h>

char *
sandbox_links_origin(const char *url)
{
	const char *host = NULL;
	if (strncmp(url, "http://", 7) == 0)
		host = url + 7;
	else if (strncmp(url, "https://", 8) == 0)
		host = url + 8;
	if (host == NULL)
		return NULL;
	size_t len = strcspn(host, "/?#");
	return len > 0 ? g_strndup(url, (gsize)(host - url) + len) : NULL;
}

/* Characters that can stand in an address; a Chinese one ends it. */
static size_t
path_length(const char *p)
{
	size_t n = 0;
	while (p[n] > ' ' && p[n] < 0x7f && strchr("\"'<>`(){}|\\^[]", p[n]) == NULL)
		n++;
	while (n > 0 && strchr(".,;:!?", p[n - 1]) != NULL)
		n--;
	return n;
}

struct found {
	const char *next; /* where to go on */
	char *url;
	bool image;
};

/* Where the address that holds `host` begins: at its scheme, if it has one. */
static const char *
beginning(const char *text, const char *host)
{
	static const char *const schemes[] = { "https://", "http://" };
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(schemes[i]);
		if ((size_t)(host - text) >= len &&
		    strncmp(host - len, schemes[i], len) == 0)
			return host - len;
	}
	return host;
}

static bool
is_image(const char *text, const char *begin)
{
	if (begin > text && (begin[-1] == '"' || begin[-1] == '\''))
		begin--;
	return begin - text >= 4 && g_ascii_strncasecmp(begin - 4, "src=", 4) == 0;
}

static bool
find(const char *text, const char *from, const char *origin, struct found *out)
{
	const char *host = strstr(origin, "://") + 3;
	size_t len = strlen(host);
	for (const char *p = from; (p = strstr(p, host)) != NULL; p += len) {
		const char *begin = beginning(text, p);
		bool inside = begin == p && p > text &&
			      (g_ascii_isalnum(p[-1]) || strchr(".-@/", p[-1]) != NULL);
		if (inside || p[len] != '/')
			continue;
		size_t n = path_length(p + len);
		char *path = g_strndup(p + len, n);
		char **parts = g_strsplit(path, "&amp;", -1);
		char *plain = g_strjoinv("&", parts);
		*out = (struct found){ p + len + n, g_strconcat(origin, plain, NULL),
			is_image(text, begin) };
		g_strfreev(parts);
		g_free(plain);
		g_free(path);
		return true;
	}
	return false;
}

static bool
known(const GPtrArray *list, const char *url)
{
	for (guint i = 0; i < list->len; i++)
		if (strcmp(list->pdata[i], url) == 0)
			return true;
	return false;
}

void
sandbox_links_find(const char *text, const char *origin, GPtrArray *out)
{
	struct found f;
	for (const char *p = text; find(text, p, origin, &f); p = f.next) {
		if (f.image || known(out, f.url))
			g_free(f.url);
		else
			g_ptr_array_add(out, f.url);
	}
}

char *
sandbox_links_pixel(const char *html, const char *origin)
{
	struct found f;
	for (const char *p = html; find(html, p, origin, &f); p = f.next) {
		if (f.image)
			return f.url;
		g_free(f.url);
	}
	return NULL;
}
