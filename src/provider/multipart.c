/* multipart.c - over GMime: a form is a MIME body without its head. */
#include "multipart.h"

#include <string.h>

#include "gmime.h"

bool
multipart_is(const char *content_type)
{
	return g_ascii_strncasecmp(content_type, "multipart/form-data;", 20) == 0;
}

static GMimeObject *
parse(const char *content_type, const char *body, size_t len)
{
	GByteArray *whole = g_byte_array_new();
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeObject *o;

	gmime_ready();
	g_byte_array_append(whole, (const guint8 *)"Content-Type: ", 14);
	g_byte_array_append(
	    whole, (const guint8 *)content_type, (guint)strlen(content_type));
	g_byte_array_append(whole, (const guint8 *)"\r\n\r\n", 4);
	g_byte_array_append(whole, (const guint8 *)body, (guint)len);
	stream = g_mime_stream_mem_new_with_buffer((const char *)whole->data, whole->len);
	parser = g_mime_parser_new_with_stream(stream);
	o = g_mime_parser_construct_part(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	g_byte_array_unref(whole);
	return o;
}

static bool
read_field(struct arena *a, GMimeObject *part, struct form_field *f)
{
	const char *name = g_mime_object_get_content_disposition_parameter(part, "name");
	GMimeDataWrapper *w =
	    GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
	GMimeStream *out;
	GByteArray *bytes;

	if (name == NULL || w == NULL ||
	    g_mime_object_get_content_disposition_parameter(part, "filename") != NULL)
		return false;
	out = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(w, out);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	*f = (struct form_field){ .name = arena_strdup(a, name),
		.value = arena_strndup(a, (const char *)bytes->data, bytes->len),
		.len = bytes->len };
	g_object_unref(out);
	return true;
}

int
multipart_fields(struct arena *a, const char *content_type, const char *body, size_t len,
    struct form_field **out)
{
	GMimeObject *o = parse(content_type, body, len);
	int all = GMIME_IS_MULTIPART(o) ? g_mime_multipart_get_count(GMIME_MULTIPART(o))
					: 0,
	    n = 0;

	*out = arena_array(a, struct form_field, all + 1);
	for (int i = 0; i < all; i++)
		n += read_field(
		    a, g_mime_multipart_get_part(GMIME_MULTIPART(o), i), &(*out)[n]);
	if (o != NULL)
		g_object_unref(o);
	return n;
}

const struct form_field *
multipart_field(const struct form_field *f, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(f[i].name, name) == 0)
			return &f[i];
	return NULL;
}
