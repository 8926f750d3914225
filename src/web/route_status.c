/* route_status.c - is it alive, what is it doing, why did this customer get that. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "core/role.h"
#include "identity.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

void
route_health(const struct call *c)
{
	respond(c->in, 200, "text/plain; charset=utf-8", NULL, "ok\n", 3);
}

void
route_metrics(const struct call *c)
{
	char *engine = engine_metrics(c->web->en);
	GString *out = g_string_new(engine);

	g_string_append(out, "# HELP reachd_http_requests_total Requests answered.\n"
			     "# TYPE reachd_http_requests_total counter\n");
	for (int i = 0; i <= route_count; i++)
		for (int k = 1; k < 6; k++)
			if (c->web->answered[i][k] > 0)
				g_string_append_printf(out,
				    "reachd_http_requests_total{route=\"%s\",status=\"%"
				    "dxx\"} "
				    "%" G_GUINT64_FORMAT "\n",
				    i < route_count ? route_table[i].name : "none", k,
				    c->web->answered[i][k]);
	respond(c->in, 200, "text/plain; version=0.0.4; charset=utf-8", NULL, out->str,
	    out->len);
	g_string_free(out, TRUE);
	g_free(engine);
}

/* For one we do not know: counts, but nothing that names anybody. */
static void
counts_only(void *arg, int status, const char *json)
{
	json_t *all = json_loads(json, 0, NULL), *one;
	char *text;
	size_t i;

	json_object_del(all, "alarms");
	json_object_del(all, "publication");
	json_array_foreach(json_object_get(all, "playbooks"), i, one)
	    json_object_del(one, "unmatched");
	text = json_dumps(all, JSON_COMPACT);
	pending_json(arg, status, text != NULL ? text : json);
	free(text);
	json_decref(all);
}

void
route_status(const struct call *c)
{
	bool sees = (c->who->rights & (RIGHT_REPORT | RIGHT_CUSTOMER)) != 0 &&
		    !identity_limited(c->who);

	engine_status(c->web->en, sees ? pending_json : counts_only,
	    pending_new(c->web, c->in));
}

void
route_doctor(const struct call *c)
{
	engine_doctor(c->web->en, pending_json, pending_new(c->web, c->in));
}

void
route_why(const struct call *c)
{
	engine_why(c->web->en, c->rest, pending_json, pending_new(c->web, c->in));
}

void
route_segments(const struct call *c)
{
	engine_segments(c->web->en, c->rest, pending_json, pending_new(c->web, c->in));
}

void
route_census(const struct call *c)
{
	/* below /v1/census/: after which id */
	engine_census(c->web->en, g_ascii_strtoll(c->rest, NULL, 10), pending_json,
	    pending_new(c->web, c->in));
}

void
route_migrate(const struct call *c)
{
	engine_migrate(c->web->en, c->in->body, c->in->body_len, pending_json,
	    pending_new(c->web, c->in));
}

void
route_migration(const struct call *c)
{
	engine_migration(c->web->en, c->rest, pending_json, pending_new(c->web, c->in));
}
