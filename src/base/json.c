/* json.c - a reader by descent. NULL anywhere means: let jansson look at it. */
#include "base/json.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <glib.h>

#define DEPTH 64  /* deeper is left to jansson, which has a limit of its own */
#define NUMBER 18 /* characters; what is longer might not fit */

struct reader {
	const char *at, *end;
	GString *plain; /* a string without its escapes */
	int depth;
};

static json_t *value(struct reader *r);

static void
skip_space(struct reader *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
		r->at++;
}

/* The character, after space. */
static bool
take(struct reader *r, char c)
{
	skip_space(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* ---- strings ---- */

/* Up to a quote, an escape or what may not stand there. */
static const char *
run_of(const struct reader *r, const char *p)
{
	while (p < r->end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

/* What a backslash and this mean; 0: jansson knows. */
static char
escaped(char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found = c == '\0' ? NULL : strchr(from, c);

	return found == NULL ? '\0' : to[found - from];
}

/* The rest of a string with escapes, of which p is the first. */
static const char *
unescape(struct reader *r, const char *p, size_t *len)
{
	g_string_truncate(r->plain, 0);
	g_string_append_len(r->plain, r->at, p - r->at);
	while (p < r->end && *p == '\\') {
		const char *from = p + 2;
		char c = p + 1 < r->end ? escaped(p[1]) : '\0';

		if (c == '\0')
			return NULL;
		p = run_of(r, from);
		g_string_append_c(r->plain, c);
		g_string_append_len(r->plain, from, p - from);
	}
	r->at = p;
	*len = r->plain->len;
	return r->plain->str;
}

/* After its first quote; valid until the next one with escapes. */
static const char *
string(struct reader *r, size_t *len)
{
	const char *s = r->at, *p = run_of(r, s);

	*len = (size_t)(p - s);
	if (p < r->end && *p == '\\')
		s = unescape(r, p, len);
	else
		r->at = p;
	if (s == NULL || r->at == r->end || *r->at++ != '"')
		return NULL;
	return s;
}

/* ---- numbers and words ---- */

static bool
digits(const char **p)
{
	const char *from = *p;

	while (g_ascii_isdigit(**p))
		(*p)++;
	return *p > from;
}

static json_t *
real(const char *text)
{
	double v = g_ascii_strtod(text, NULL);

	return isfinite(v) ? json_real(v) : NULL;
}

static json_t *
number(struct reader *r)
{
	char text[NUMBER + 2] = "";
	const char *p = text;
	size_t n = 0;
	bool whole = true;

	while (n <= NUMBER && r->at + n < r->end && r->at[n] != '\0' &&
	       strchr("+-.0123456789Ee", r->at[n]) != NULL)
		n++;
	if (n > NUMBER)
		return NULL;
	memcpy(text, r->at, n);
	p += *p == '-';
	if (*p == '0' ? g_ascii_isdigit(*++p) : !digits(&p))
		return NULL;
	if (*p == '.') {
		whole = false;
		p++;
		if (!digits(&p))
			return NULL;
	}
	if (*p == 'e' || *p == 'E') {
		whole = false;
		p++;
		p += *p == '+' || *p == '-';
		if (!digits(&p))
			return NULL;
	}
	if (*p != '\0')
		return NULL;
	r->at += n;
	return whole ? json_integer(g_ascii_strtoll(text, NULL, 10)) : real(text);
}

static json_t *
word(struct reader *r, const char *name, json_t *is)
{
	size_t n = strlen(name);

	if ((size_t)(r->end - r->at) < n || memcmp(r->at, name, n) != 0)
		return NULL;
	r->at += n;
	return is;
}

/* ---- objects and lists ---- */

static bool
member(struct reader *r, json_t *object)
{
	const char *s;
	char *name;
	json_t *v;
	size_t n;
	bool ok;

	if (!take(r, '"') || (s = string(r, &n)) == NULL)
		return false;
	/* What follows may have escapes too. */
	name = s == r->plain->str ? g_memdup2(s, n) : NULL;
	v = take(r, ':') ? value(r) : NULL;
	ok =
	    v != NULL && json_object_setn_new(object, name != NULL ? name : s, n, v) == 0;
	g_free(name);
	return ok;
}

static json_t *
object(struct reader *r)
{
	json_t *j = json_object();
	bool ok = true;

	if (take(r, '}'))
		return j;
	do
		ok = member(r, j);
	while (ok && take(r, ','));
	if (ok && take(r, '}'))
		return j;
	json_decref(j);
	return NULL;
}

static json_t *
list(struct reader *r)
{
	json_t *j = json_array(), *v;

	if (take(r, ']'))
		return j;
	do
		v = value(r);
	while (v != NULL && json_array_append_new(j, v) == 0 && take(r, ','));
	if (v != NULL && take(r, ']'))
		return j;
	json_decref(j);
	return NULL;
}

static json_t *
nested(struct reader *r, json_t *(*read)(struct reader *))
{
	json_t *j;

	r->at++;
	if (++r->depth > DEPTH)
		return NULL;
	j = read(r);
	r->depth--;
	return j;
}

static json_t *
value(struct reader *r)
{
	const char *s;
	size_t n;

	skip_space(r);
	switch (r->at == r->end ? '\0' : *r->at) {
	case '{':
		return nested(r, object);
	case '[':
		return nested(r, list);
	case '"':
		r->at++;
		s = string(r, &n);
		return s == NULL ? NULL : json_stringn(s, n); /* NULL: not UTF-8 */
	case 't':
		return word(r, "true", json_true());
	case 'f':
		return word(r, "false", json_false());
	case 'n':
		return word(r, "null", json_null());
	default:
		return number(r);
	}
}

json_t *
json_read(const char *text, size_t len)
{
	struct reader r = { .at = text, .end = text + len };
	json_t *j = NULL;

	r.plain = g_string_new("");
	skip_space(&r);
	if (r.at < r.end && (*r.at == '{' || *r.at == '['))
		j = value(&r);
	skip_space(&r);
	if (j != NULL && r.at < r.end) {
		json_decref(j);
		j = NULL;
	}
	g_string_free(r.plain, TRUE);
	return j != NULL ? j : json_loadb(text, len, 0, NULL);
}

json_t *
json_read_text(const char *text)
{
	return text == NULL ? NULL : json_read(text, strlen(text));
}
