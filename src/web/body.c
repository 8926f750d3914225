#include "body.h"

#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "respond.h"
#include "spec/payload.h"

#define TEXT_MAX 200

/* "application/json", perhaps with charset=utf-8. */
static bool
is_json(const char *type)
{
	size_t len = strcspn(type, ";");
	const char *rest = type + len;

	while (len > 0 && g_ascii_isspace(type[len - 1]))
		len--;
	if (len != 16 || g_ascii_strncasecmp(type, "application/json", len) != 0)
		return false;
	rest += strspn(rest, "; ");
	return *rest == '\0' || g_ascii_strcasecmp(rest, "charset=utf-8") == 0 ||
	       g_ascii_strcasecmp(rest, "charset=\"utf-8\"") == 0;
}

bool
body_is_json(struct http_in *in)
{
	const char *encoding = http_in_field(in, "Content-Encoding");

	if (*encoding != '\0' && g_ascii_strcasecmp(encoding, "identity") != 0)
		respond_error(
		    in, 415, "send the body as it is, without Content-Encoding");
	else if (!is_json(http_in_field(in, "Content-Type")))
		respond_error(in, 415, "send JSON, with Content-Type: application/json");
	else
		return true;
	return false;
}

/* NULL, or what is wrong with a member. */
static const char *
wrong(const char *const *keys, const char *key, const json_t *v)
{
	const char *text = json_string_value(v);

	if (!g_strv_contains(keys, key))
		return "there is no such key here";
	if (text == NULL || *text == '\0')
		return "must be text in quotes";
	if ((size_t)g_utf8_strlen(text, -1) > TEXT_MAX)
		return "is too long";
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return "must not hold control characters";
	return NULL;
}

json_t *
body_texts(struct http_in *in, const char *const *keys)
{
	struct err e = { 0 };
	const char *key, *what;
	json_t *body, *v;

	if (!body_is_json(in))
		return NULL;
	body = payload_parse(in->body, in->body_len, &e);
	if (body == NULL || !json_is_object(body)) {
		respond_error(
		    in, 400, "%s", body == NULL ? e.text : "an object is expected");
		json_decref(body);
		return NULL;
	}
	json_object_foreach(body, key, v) if ((what = wrong(keys, key, v)) != NULL)
	{
		respond_error(in, 400, "/%.40s: %s", key, what);
		json_decref(body);
		return NULL;
	}
	return body;
}

const char *
body_text(const json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));

	return text == NULL ? "" : text;
}
