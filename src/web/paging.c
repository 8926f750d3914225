#include "paging.h"

#include <string.h>

#include <glib.h>

#include "respond.h"

#define AFTER_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* A number of any length: what no list is long enough for is as many as there may be. */
static bool
limit_read(const char *text, int *out)
{
	guint64 n = ENGINE_PAGE;

	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	if (strlen(text) < 19)
		n = g_ascii_strtoull(text, NULL, 10);
	*out = (int)MIN(n, (guint64)ENGINE_PAGE);
	return n > 0;
}

/* NULL, or what is wrong with one key. */
static const char *
take(struct pending *p, const char *key, const char *value, const char *const *others,
    struct engine_page *page)
{
	if (strcmp(key, "limit") == 0)
		return limit_read(value, &page->limit)
			   ? NULL
			   : "limit is how many at most: a number from 1";
	if (strcmp(key, "after") == 0) {
		page->after = arena_strdup(p->arena, value);
		return strlen(value) <= ENGINE_PAGE_AFTER &&
			       value[strspn(value, AFTER_LETTERS)] == '\0'
			   ? NULL
			   : "after is what the page before gave as next";
	}
	return others != NULL && g_strv_contains(others, key)
		   ? NULL
		   : arena_printf(
			 p->arena, "a list takes limit and after, not \"%.40s\"", key);
}

struct pending *
paging_new(const struct call *c, const char *const *others, struct engine_page *page)
{
	struct pending *p = pending_new(c->web, c->in);
	GHashTable *query =
	    g_uri_parse_params(c->in->query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const char *wrong = query == NULL ? "the query cannot be read" : NULL;
	GHashTableIter it;
	gpointer key, value;

	*page = (struct engine_page){ 0 };
	if (query != NULL)
		g_hash_table_iter_init(&it, query);
	while (
	    query != NULL && wrong == NULL && g_hash_table_iter_next(&it, &key, &value))
		wrong = take(p, key, value, others, page);
	if (query != NULL)
		g_hash_table_unref(query);
	if (wrong == NULL)
		return p;
	respond_error(c->in, 400, "%s", wrong);
	pending_free(p);
	return NULL;
}

const char *
paging_value(const struct pending *p, const char *key)
{
	GHashTable *query =
	    g_uri_parse_params(p->in->query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const char *value = query == NULL ? NULL : g_hash_table_lookup(query, key);
	const char *out = value == NULL ? "" : arena_strdup(p->arena, value);

	if (query != NULL)
		g_hash_table_unref(query);
	return out;
}
