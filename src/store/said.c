#include "said.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/text.h"

const char *
said_word(const char *before, const char *now, const char *ours)
{
	return strcmp(before, now) == 0 ? ours : now;
}

static bool
has(char **tags, const char *tag)
{
	return g_strv_contains((const char *const *)tags, tag);
}

const char *
said_tags(struct arena *a, const char *before, const char *now, const char *ours)
{
	char **was, **is, **have, *text, *copy;
	GPtrArray *out;

	if (strcmp(before, now) == 0)
		return arena_strdup(a, ours);
	was = g_strsplit(before, ";", -1);
	is = g_strsplit(now, ";", -1);
	have = g_strsplit(ours, ";", -1);
	out = g_ptr_array_new();
	for (int i = 0; have[i] != NULL; i++)
		if (has(is, have[i]) || !has(was, have[i]))
			g_ptr_array_add(out, have[i]);
	for (int i = 0; is[i] != NULL; i++)
		if (!has(was, is[i]) && !has(have, is[i]))
			g_ptr_array_add(out, is[i]);
	g_ptr_array_sort(out, text_order);
	g_ptr_array_add(out, NULL);
	text = g_strjoinv(";", (char **)out->pdata);
	copy = arena_strdup(a, text);
	g_free(text);
	g_ptr_array_unref(out);
	g_strfreev(was);
	g_strfreev(is);
	g_strfreev(have);
	return copy;
}

static json_t *
object(const char *text)
{
	json_t *j = json_loads(text, 0, NULL);

	if (json_is_object(j))
		return j;
	json_decref(j);
	return json_object();
}

const char *
said_attrs(struct arena *a, const char *before, const char *now, const char *ours)
{
	json_t *was, *is, *have, *v;
	const char *name, *copy;
	char *text;

	if (strcmp(before, now) == 0)
		return arena_strdup(a, ours);
	was = object(before);
	is = object(now);
	have = object(ours);
	json_object_foreach(was, name, v) if (json_object_get(is, name) == NULL &&
					      json_equal(json_object_get(have, name), v))
	    json_object_del(have, name);
	json_object_foreach(is, name, v) if (!json_equal(json_object_get(was, name), v))
	    json_object_set(have, name, v);
	text = json_dumps(have, JSON_COMPACT | JSON_SORT_KEYS);
	copy = arena_strdup(a, text);
	free(text);
	json_decref(was);
	json_decref(is);
	json_decref(have);
	return copy;
}
