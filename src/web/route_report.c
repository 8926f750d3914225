/* route_report.c - GET /v1/reports and /v1/reports/NAME?by=&from=&to=&wait=&ticket=. */
#include <limits.h>
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
	static const char *const keys[] = { "by", "from", "to", "wait", "ticket", NULL };
	GHashTableIter it;
	gpointer key;

	if (query == NULL)
		return true;
	g_hash_table_iter_init(&it, query);
	while (g_hash_table_iter_next(&it, &key, NULL))
		if (!g_strv_contains(keys, key)) {
			respond_error(in, 400,
			    "a report takes by, from, to, wait and ticket, not \"%.40s\"",
			    (char *)key);
			return false;
		}
	return true;
}

#define WAIT_MAX 60

/* 0 when it is not there, -1 when it is none up to the limit. */
static int
number(GHashTable *query, const char *key, int max)
{
	const char *v = value(query, key);
	guint64 n;

	if (*v == '\0')
		return 0;
	if (!g_ascii_string_to_unsigned(v, 10, 1, (guint64)max, &n, NULL))
		return -1;
	return (int)n;
}

static bool
sound(const struct engine_sheet *q, struct http_in *in)
{
	if (q->wait < 0)
		respond_error(in, 400, "wait is a number of seconds, 1 to %d", WAIT_MAX);
	else if (q->ticket < 0)
		respond_error(in, 400, "ticket is a number as a 202 told it");
	return q->wait >= 0 && q->ticket >= 0;
}

void
route_report(const struct call *c)
{
	GHashTable *query =
	    g_uri_parse_params(c->in->query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const struct engine_sheet q = { .name = c->rest,
		.by = value(query, "by"),
		.from = value(query, "from"),
		.to = value(query, "to"),
		.wait = number(query, "wait", WAIT_MAX),
		.ticket = number(query, "ticket", INT_MAX) };

	if (known(query, c->in) && sound(&q, c->in))
		engine_sheet(c->web->en, &q, pending_json, pending_new(c->web, c->in));
	if (query != NULL)
		g_hash_table_unref(query);
}
