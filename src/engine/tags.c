#include "tags.h"

#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

static char *
edit(struct arena *a, const char *tags, const char *name, bool add)
{
	char **parts = g_strsplit(tags, ";", -1);
	GPtrArray *out = g_ptr_array_new();
	char *text, *copy;

	for (int i = 0; parts[i] != NULL; i++)
		if (*parts[i] != '\0' && strcmp(parts[i], name) != 0)
			g_ptr_array_add(out, parts[i]);
	if (add)
		g_ptr_array_add(out, (char *)(uintptr_t)name);
	g_ptr_array_sort(out, text_order);
	g_ptr_array_add(out, NULL);
	text = g_strjoinv(";", (char **)out->pdata);
	copy = arena_strdup(a, text);
	g_free(text);
	g_ptr_array_unref(out);
	g_strfreev(parts);
	return copy;
}

char *
tags_add(struct arena *a, const char *tags, const char *name)
{
	return edit(a, tags, name, true);
}

char *
tags_remove(struct arena *a, const char *tags, const char *name)
{
	return edit(a, tags, name, false);
}

bool
tags_has(const char *tags, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = tags; *s != '\0'; s += strcspn(s, ";"), s += *s == ';')
		if (strcspn(s, ";") == n && memcmp(s, name, n) == 0)
			return true;
	return false;
}
