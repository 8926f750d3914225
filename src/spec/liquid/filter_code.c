/* filter_code.c - URLs, base64, JSON. */
#include <string.h>

#include "filter.h"
#include "printer.h"
#include "renderer.h"

static int
url_encode(struct filter_call *c, struct value *out)
{
	struct value text;
	GString *b;

	if (c->in.type == VALUE_NIL)
		return 0;
	text = filter_string(c, c->in);
	b = filter_buffer(c);
	for (size_t i = 0; i < text.s.len; i++) {
		char ch = text.s.p[i];

		if (g_ascii_isalnum(ch) || (ch != '\0' && strchr("_.-~", ch) != NULL))
			g_string_append_c(b, ch);
		else if (ch == ' ')
			g_string_append_c(b, '+');
		else
			g_string_append_printf(b, "%%%02X", (unsigned)(unsigned char)ch);
	}
	return filter_result(c, b, out);
}

static int
url_decode(struct filter_call *c, struct value *out)
{
	struct value text;
	GString *b;

	if (c->in.type == VALUE_NIL)
		return 0;
	text = filter_string(c, c->in);
	b = filter_buffer(c);
	for (size_t i = 0; i < text.s.len; i++) {
		const char *p = text.s.p + i;

		if (*p == '%' && i + 2 < text.s.len && g_ascii_isxdigit(p[1]) &&
		    g_ascii_isxdigit(p[2])) {
			g_string_append_c(b, (char)(g_ascii_xdigit_value(p[1]) * 16 +
						    g_ascii_xdigit_value(p[2])));
			i += 2;
		} else {
			g_string_append_c(b, *p == '+' ? ' ' : *p);
		}
	}
	if (!g_utf8_validate(b->str, (gssize)b->len, NULL))
		return filter_refuse(c, "invalid byte sequence in UTF-8");
	return filter_result(c, b, out);
}

static void
swap(GString *b, const char *from, const char *into)
{
	for (gsize i = 0; i < b->len; i++)
		for (int k = 0; k < 2; k++)
			if (b->str[i] == from[k]) {
				b->str[i] = into[k];
				break;
			}
}

static int
encode(struct filter_call *c, struct value *out, bool for_url)
{
	struct value text = filter_string(c, c->in);
	GString *b = filter_buffer(c);
	char *coded = g_base64_encode((const guchar *)text.s.p, text.s.len);

	g_string_append(b, coded);
	g_free(coded);
	if (for_url)
		swap(b, "+/", "-_");
	return filter_result(c, b, out);
}

static int
base64_encode(struct filter_call *c, struct value *out)
{
	return encode(c, out, false);
}

static int
base64_url_safe_encode(struct filter_call *c, struct value *out)
{
	return encode(c, out, true);
}

/* GLib skips what is not base64; here it is a mistake. */
static bool
is_base64(const GString *b)
{
	gsize pad = 0, n = b->len;

	while (pad < 2 && pad < n && b->str[n - 1 - pad] == '=')
		pad++;
	for (gsize i = 0; i < n - pad; i++)
		if (!g_ascii_isalnum(b->str[i]) && b->str[i] != '+' && b->str[i] != '/')
			return false;
	return n % 4 == 0;
}

static int
decode(struct filter_call *c, struct value *out, bool for_url)
{
	struct value text = filter_string(c, c->in);
	GString *b = filter_buffer(c);
	guchar *plain;
	gsize len;
	int rc;

	g_string_append_len(b, text.s.p, (gssize)text.s.len);
	if (for_url) {
		swap(b, "-_", "+/");
		while (b->len % 4 != 0)
			g_string_append_c(b, '=');
	}
	if (!is_base64(b))
		return filter_refuse(c, "invalid base64 provided to %s", c->filter->name);
	plain = g_base64_decode(b->str, &len);
	g_string_truncate(b, 0);
	g_string_append_len(b, (const char *)plain, (gssize)len);
	g_free(plain);
	rc = g_utf8_validate(b->str, (gssize)b->len, NULL);
	return rc ? filter_result(c, b, out)
		  : filter_refuse(c, "invalid byte sequence in UTF-8");
}

static int
base64_decode(struct filter_call *c, struct value *out)
{
	return decode(c, out, false);
}

static int
base64_url_safe_decode(struct filter_call *c, struct value *out)
{
	return decode(c, out, true);
}

static int
json(struct filter_call *c, struct value *out)
{
	GString *b = filter_buffer(c);

	printer_json(b, c->in, c->r->env->zone);
	return filter_result(c, b, out);
}

const struct filter filter_code[] = {
	{ "url_encode", 0, 0, url_encode, "url_encode",
	    "percent-encoded, for a part of a link", NULL, false },
	{ "url_decode", 0, 0, url_decode, "url_decode", "percent-encoding undone", NULL,
	    false },
	{ "base64_encode", 0, 0, base64_encode, "base64_encode", "as base64", NULL,
	    false },
	{ "base64_decode", 0, 0, base64_decode, "base64_decode", "base64 undone", NULL,
	    false },
	{ "base64_url_safe_encode", 0, 0, base64_url_safe_encode,
	    "base64_url_safe_encode", "as base64 with - and _ instead of + and /", NULL,
	    false },
	{ "base64_url_safe_decode", 0, 0, base64_url_safe_decode,
	    "base64_url_safe_decode", "the same undone", NULL, false },
	{ "json", 0, 0, json, "json", "as JSON, with quotes; for the bodies of providers",
	    NULL, false },
	{ 0 },
};
