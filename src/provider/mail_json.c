#include "mail_json.h"

#include <stdlib.h>
#include <string.h>

#include "core/phone.h"

const char *
mail_json_from(struct arena *a, const struct mail *m)
{
	char *quoted, *w;

	if (*m->from_name == '\0')
		return m->from;
	quoted = w = arena_alloc(a, 2 * strlen(m->from_name) + 1);
	for (const char *p = m->from_name; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			*w++ = '\\';
		*w++ = *p;
	}
	*w = '\0';
	return arena_printf(a, "\"%s\" <%s>", quoted, m->from);
}

void
mail_json_set(json_t *j, const char *name, const char *value)
{
	if (*value != '\0')
		json_object_set_new(j, name, json_string(value));
}

json_t *
mail_json_pair(
    const char *name_key, const char *name, const char *value_key, const char *value)
{
	return json_pack("{ss ss}", name_key, name, value_key, value);
}

const char *
mail_json_address(struct arena *a, const char *written)
{
	char out[320];

	return email_normalise(written, out, sizeof out) == 0 ? arena_strdup(a, out) : "";
}

ms_t
mail_json_time(const char *text)
{
	ms_t at = 0;

	return clock_parse(text, &at) == 0 ? at : 0;
}
json_t *
mail_json_all(const struct account *acc, const struct parcel *p, int n, ms_t date,
    mail_json_letter *letter, struct arena *a, struct err *e)
{
	json_t *all = json_array();

	for (int i = 0; i < n; i++) {
		struct mail m;

		if (mail_make(acc, &p[i], date, a, &m, e) != 0) {
			json_decref(all);
			return NULL;
		}
		json_array_append_new(all, letter(acc, &p[i], &m, a));
	}
	return all;
}
