#include "dialect_mail.h"

#include <stdlib.h>
#include <string.h>

const char *
dialect_mail_text(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

void
dialect_mail_way_out(struct dialect_call *c, const char *list, struct dialect_message *m)
{
	m->category = *list == '<' ? CATEGORY_MARKETING : CATEGORY_SERVICE;
	m->unsubscribe =
	    *list == '<' ? arena_strndup(c->arena, list + 1, strcspn(list + 1, ">")) : "";
}

const char *
dialect_mail_field(const json_t *list, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *f = json_array_get(list, i);

		if (g_ascii_strcasecmp(dialect_mail_text(f, "Name"), name) == 0)
			return dialect_mail_text(f, "Value");
	}
	return "";
}

void
dialect_mail_post(struct dialect_post *out, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT);

	out->body = g_strdup(text);
	free(text);
	json_decref(j);
}

const char *
dialect_mail_time(ms_t at, char *buf)
{
	return clock_format(at, 0, buf);
}
