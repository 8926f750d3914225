/* head.c - the rules an incoming request's head must keep.
 *
 * Stricter than the library in front of it: whoever can make two parsers read
 * one request differently can smuggle a second one past the proxy. */
#include <string.h>

#include <glib.h>

#include "head.h"

static bool
is_token(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!g_ascii_isalnum(*s) && strchr("!#$%&'*+-.^_`|~", *s) == NULL)
			return false;
	return true;
}

static bool
is_value(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

/* Digits only, and few enough for any body there will ever be. */
static bool
read_length(const char *s, unsigned long long *out)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 18 || s[n] != '\0')
		return false;
	*out = g_ascii_strtoull(s, NULL, 10);
	return true;
}

static bool
is_host(const char *s)
{
	for (; *s != '\0'; s++)
		if (!g_ascii_isalnum(*s) && strchr(".-_:[]", *s) == NULL)
			return false;
	return true;
}

/* "http://host/path": the length of "http://host", 0 if it is not that form. */
static size_t
authority_length(const char *target)
{
	size_t scheme = 0;

	if (g_ascii_strncasecmp(target, "http://", 7) == 0)
		scheme = 7;
	else if (g_ascii_strncasecmp(target, "https://", 8) == 0)
		scheme = 8;
	return scheme == 0 ? 0 : scheme + strcspn(target + scheme, "/?");
}

static bool
host_agrees(const char *target, const char *host)
{
	size_t len = authority_length(target);
	const char *authority;

	if (len == 0)
		return true;
	authority = strstr(target, "//") + 2;
	len -= (size_t)(authority - target);
	return strlen(host) == len && g_ascii_strncasecmp(authority, host, len) == 0;
}

static bool
target_is_clean(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || *s == 0x7f)
			return false;
	return true;
}

static int
check_field(struct head *h, const struct http_field *f, const char **host, int *codings)
{
	if (!is_token(f->name) || !is_value(f->value))
		return 400;
	if (strcasecmp(f->name, "Content-Length") == 0) {
		if (h->has_length || !read_length(f->value, &h->length))
			return 400;
		h->has_length = true;
	} else if (strcasecmp(f->name, "Transfer-Encoding") == 0) {
		if ((*codings)++ > 0 || strcasecmp(f->value, "chunked") != 0)
			return 400;
		h->chunked = true;
	} else if (strcasecmp(f->name, "Host") == 0) {
		if (*host != NULL || !is_host(f->value))
			return 400;
		*host = f->value;
	} else if (strcasecmp(f->name, "Expect") == 0) {
		h->expects = true;
	}
	return 0;
}

int
head_check(struct head *h)
{
	bool old = strcmp(h->version, "HTTP/1.0") == 0;
	const char *host = NULL;
	int codings = 0;

	h->length = 0;
	h->has_length = h->chunked = h->expects = false;
	if (!is_token(h->method) || (!old && strcmp(h->version, "HTTP/1.1") != 0) ||
	    !target_is_clean(h->target))
		return 400;
	for (int i = 0; i < h->n_fields; i++)
		if (check_field(h, &h->fields[i], &host, &codings) != 0)
			return 400;
	if (h->chunked && (h->has_length || old))
		return 400;
	if (host == NULL || !host_agrees(h->target, host))
		return 400;
	if (strcmp(h->method, "CONNECT") == 0 || strcmp(h->method, "TRACE") == 0)
		return 405;
	return 0;
}

int
head_refuse(const struct head *h)
{
	for (int i = 0; i < h->n_fields; i++) {
		const struct http_field *f = &h->fields[i];

		if (strcasecmp(f->name, "Content-Encoding") == 0 &&
		    strcasecmp(f->value, "identity") != 0)
			return 415;
		if (strcasecmp(f->name, "Expect") == 0 &&
		    strcasecmp(f->value, "100-continue") != 0)
			return 417;
	}
	return 0;
}

int
head_target(const struct head *h, char **raw_path, char **query)
{
	const char *path = h->target + authority_length(h->target);
	const char *mark = strchr(path, '?');

	if (*path != '/' && path == h->target)
		return -1;
	*raw_path = mark != NULL ? g_strndup(path, (gsize)(mark - path)) : g_strdup(path);
	if (**raw_path == '\0') { /* "http://host" */
		g_free(*raw_path);
		*raw_path = g_strdup("/");
	}
	*query = g_strdup(mark != NULL ? mark + 1 : "");
	return 0;
}

static bool
segments_are_plain(const char *path)
{
	for (const char *p = path; (p = strchr(p, '/')) != NULL;) {
		size_t len = strcspn(++p, "/");

		if (len == 0 && *p == '/')
			return false;
		if ((len == 1 && p[0] == '.') || (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
	}
	return true;
}

char *
head_path(const char *raw_path)
{
	GString *out = g_string_sized_new(strlen(raw_path));
	bool ok = raw_path[0] == '/';

	for (const char *p = raw_path; ok && *p != '\0'; p++) {
		int c = (unsigned char)*p;

		if (c == '%') {
			int high = g_ascii_xdigit_value(p[1]);
			int low = high < 0 ? -1 : g_ascii_xdigit_value(p[2]);

			c = low < 0 ? 0 : high * 16 + low;
			ok =
			    c != '/'; /* an encoded slash is one name or two, by reader */
			p += 2;
		}
		ok = ok && c >= 0x20 && c != 0x7f && c != '\\';
		if (ok)
			g_string_append_c(out, (char)c);
	}
	if (ok && segments_are_plain(out->str) && g_utf8_validate(out->str, -1, NULL))
		return g_string_free(out, FALSE);
	g_string_free(out, TRUE);
	return NULL;
}
