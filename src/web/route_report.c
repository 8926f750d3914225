/* route_report.c - GET /v1/reports and /v1/reports/NAME?by=&from=&to=. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "pending.h"
#include "respond.h"
#include "route.h"

void
route_reports(const struct call *c)
{
	char *text = engine_sheet_list();

	respond_json(c->in, 200, text);
	free(text);
}

/* "" when it is not there. */
static const char *
value(GHashTable *query, const char *key)
{
	const char *v = query != NULL ? g_hash_table_lookup(query, key) : NULL;

	return v != NULL ? v : "";
}

static bool
known(GHashTable *query, struct http_in *in)
{
	GHashTableIter it;
	gpointer key;

	if (query == NULL)
		return true;
	g_hash_table_iter_init(&it, query);
	while (g_hash_table_iter_next(&it, &key, NULL))
		if (strcmp(key, "by") != 0 && strcmp(key, "from") != 0 &&
		    strcmp(key, "to") != 0) {
			respond_error(in, 400,
			    "a report takes by, from and to, not \"%.40s\"", (char *)key);
			return false;
		}
	return true;
}

void
route_report(const struct call *c)
{
	GHashTable *query =
	    g_uri_parse_params(c->in->query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const struct engine_sheet q = { .name = c->rest,
		.by = value(query, "by"),
		.from = value(query, "from"),
		.to = value(query, "to") };

	if (known(query, c->in))
		engine_sheet(c->web->en, &q, pending_json, pending_new(c->web, c->in));
	if (query != NULL)
		g_hash_table_unref(query);
}
