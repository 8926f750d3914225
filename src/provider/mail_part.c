#include "mail_part.h"

GMimeMessage *
mail_parse(const char *raw, size_t len)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *msg;

	gmime_ready();
	stream = g_mime_stream_mem_new_with_buffer(raw, len);
	parser = g_mime_parser_new_with_stream(stream);
	msg = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return msg;
}

const char *
mail_header(GMimeObject *o, const char *name)
{
	const char *v = o == NULL ? NULL : g_mime_object_get_header(o, name);

	return v == NULL ? "" : v;
}

/* Content of a part, decoded; "" when it has none. */
const char *
mail_content(struct arena *a, GMimeObject *o)
{
	GMimeDataWrapper *w =
	    GMIME_IS_PART(o) ? g_mime_part_get_content(GMIME_PART(o)) : NULL;
	GMimeStream *out;
	GByteArray *bytes;
	const char *kept;

	if (w == NULL)
		return "";
	out = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(w, out);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	kept = bytes->len == 0 ? ""
			       : arena_strndup(a, (const char *)bytes->data, bytes->len);
	g_object_unref(out);
	return kept;
}

/* A text part as UTF-8, line breaks as \n. */
const char *
mail_text(struct arena *a, GMimeObject *o)
{
	char *text =
	    GMIME_IS_TEXT_PART(o) ? g_mime_text_part_get_text(GMIME_TEXT_PART(o)) : NULL;
	char *valid = text == NULL ? NULL : g_utf8_make_valid(text, -1), *w = valid;
	const char *kept = "";

	if (valid != NULL) {
		for (const char *r = valid; *r != '\0'; r++)
			if (*r != '\r')
				*w++ = *r;
		*w = '\0';
		kept = arena_strdup(a, valid);
	}
	g_free(valid);
	g_free(text);
	return kept;
}

bool
mail_is(GMimeObject *o, const char *type, const char *subtype)
{
	return o != NULL && g_mime_content_type_is_type(
				g_mime_object_get_content_type(o), type, subtype);
}

/* The first part of that type, at any depth, but not inside a mail that is enclosed. */
GMimeObject *
mail_find(GMimeObject *o, const char *type, const char *subtype, int depth)
{
	GMimeObject *found = NULL;

	if (mail_is(o, type, subtype))
		return o;
	if (!GMIME_IS_MULTIPART(o) || depth > 8)
		return NULL;
	for (int i = 0;
	     found == NULL && i < g_mime_multipart_get_count(GMIME_MULTIPART(o)); i++)
		found = mail_find(g_mime_multipart_get_part(GMIME_MULTIPART(o), i), type,
		    subtype, depth + 1);
	return found;
}
