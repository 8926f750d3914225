/* mail_bytes.c - struct mail to the bytes of a message; its parts by GMime.
 *
 * Texts travel as quoted-printable while most of them is ASCII, else as base64:
 * lines stay short, whatever the author wrote. */
#include "provider/mail.h"

#include <string.h>

#include "gmime.h"

/* RFC 2047 ---------------------------------------------------------------------- */

/* 45 bytes are 60 of base64: a word of 72 characters, of at most 75. */
#define WORD_BYTES 45

/* GMime makes one word of whatever length; readers are promised short ones. */
static const char *
words(struct arena *a, const char *utf8, const char *between)
{
	GString *s = g_string_new(NULL);
	const char *kept;

	for (const char *p = utf8, *end; *p != '\0'; p = end) {
		char *code;

		end = p;
		while (*end != '\0' && g_utf8_next_char(end) - p <= WORD_BYTES)
			end = g_utf8_next_char(end);
		code = g_base64_encode((const guchar *)p, (gsize)(end - p));
		g_string_append_printf(
		    s, "%s=?UTF-8?B?%s?=", p == utf8 ? "" : between, code);
		g_free(code);
	}
	kept = arena_strdup(a, s->str);
	g_string_free(s, TRUE);
	return kept;
}

static bool
goes_as_it_is(const char *s)
{
	return g_str_is_ascii(s) && strlen(s) <= 66 && strstr(s, "=?") == NULL;
}

static const char *
text_header(struct arena *a, const char *utf8, const char *between)
{
	return goes_as_it_is(utf8) ? arena_strdup(a, utf8) : words(a, utf8, between);
}

static const char *
quoted(struct arena *a, const char *ascii)
{
	char *out = arena_alloc(a, 2 * strlen(ascii) + 3), *w = out;

	*w++ = '"';
	for (const char *p = ascii; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			*w++ = '\\';
		*w++ = *p;
	}
	*w = '"';
	return out;
}

static const char *
mailbox(struct arena *a, const char *name, const char *address, const char *between)
{
	if (*name == '\0')
		return arena_strdup(a, address);
	return arena_printf(a, "%s%s<%s>",
	    goes_as_it_is(name) ? quoted(a, name) : words(a, name, between), between,
	    address);
}

const char *
mail_mailbox(struct arena *a, const char *name, const char *address)
{
	return mailbox(a, name, address, " ");
}

/* Parts --------------------------------------------------------------------------- */

/* Every line break as `eol`. */
static GString *
lines(const char *text, const char *eol)
{
	GString *s = g_string_sized_new(strlen(text) + 64);

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\r' && p[1] == '\n')
			continue;
		if (*p == '\r' || *p == '\n')
			g_string_append(s, eol);
		else
			g_string_append_c(s, *p);
	}
	return s;
}

static bool
mostly_ascii(const char *s)
{
	size_t high = 0, n = strlen(s);

	for (const char *p = s; *p != '\0'; p++)
		high += (*p & 0x80) != 0;
	return high * 6 <= n;
}

static GMimeObject *
text_part(const char *subtype, const char *text)
{
	bool plain = mostly_ascii(text);
	GString *content = lines(text, plain ? "\n" : "\r\n");
	GMimeStream *stream =
	    g_mime_stream_mem_new_with_buffer(content->str, content->len);
	GMimeDataWrapper *wrapper =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	GMimePart *part = g_mime_part_new_with_type("text", subtype);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content_encoding(
	    part, plain ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
			: GMIME_CONTENT_ENCODING_BASE64);
	g_mime_part_set_content(part, wrapper);
	g_object_unref(wrapper);
	g_object_unref(stream);
	g_string_free(content, TRUE);
	return GMIME_OBJECT(part);
}

/* The plain part first: readers show the last one they can. */
static GMimeObject *
body(const struct mail *m)
{
	GMimeMultipart *both;
	GMimeObject *part;
	char *boundary;

	if (*m->html == '\0')
		return text_part("plain", m->text);
	both = g_mime_multipart_new_with_subtype("alternative");
	/* "=_" stands in no quoted-printable and no base64 text. */
	boundary = g_strdup_printf("=_%s", m->ref);
	g_mime_multipart_set_boundary(both, boundary);
	g_free(boundary);
	part = text_part("plain", m->text);
	g_mime_multipart_add(both, part);
	g_object_unref(part);
	part = text_part("html", m->html);
	g_mime_multipart_add(both, part);
	g_object_unref(part);
	return GMIME_OBJECT(both);
}

/* Header lines are ours: they are ASCII and short by now. */
#define FOLD "\r\n "

static void
line(GString *s, const char *name, const char *value)
{
	g_string_append_printf(s, "%s: %s\r\n", name, value);
}

/* "<a>, <b>": a line for each. */
static void
list_line(GString *s, const char *name, const char *value)
{
	char **items = g_strsplit(value, ", ", -1);
	char *folded = g_strjoinv("," FOLD, items);

	line(s, name, folded);
	g_free(folded);
	g_strfreev(items);
}

static void
head(const struct mail *m, struct arena *a, GString *s)
{
	GDateTime *at = g_date_time_new_from_unix_utc(m->date / 1000);
	char *date = g_mime_utils_header_format_date(at);

	line(s, "Date", date);
	line(s, "From", mailbox(a, m->from_name, m->from, FOLD));
	line(s, "To", m->to);
	if (*m->reply_to != '\0')
		line(s, "Reply-To", m->reply_to);
	line(s, "Subject", text_header(a, m->subject, FOLD));
	line(s, "Message-ID", arena_printf(a, "<%s>", m->message_id));
	for (int i = 0; i < m->n_fields; i++)
		list_line(s, m->fields[i].name, m->fields[i].value);
	line(s, "MIME-Version", "1.0");
	g_free(date);
	g_date_time_unref(at);
}

const char *
mail_bytes(const struct mail *m, struct arena *a, size_t *len)
{
	GString *s = g_string_sized_new(1024 + 2 * (strlen(m->text) + strlen(m->html)));
	GMimeFormatOptions *options;
	GMimeObject *part;
	char *rest;
	const char *kept;

	gmime_ready();
	options = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
	part = body(m);
	rest = g_mime_object_to_string(part, options);
	head(m, a, s);
	g_string_append(s, rest);
	if (!g_str_has_suffix(s->str, "\r\n"))
		g_string_append(s, "\r\n");
	*len = s->len;
	kept = arena_strndup(a, s->str, s->len);
	g_string_free(s, TRUE);
	g_free(rest);
	g_object_unref(part);
	g_mime_format_options_free(options);
	return kept;
}
