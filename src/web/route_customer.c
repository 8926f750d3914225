/* route_customer.c - one person twice: POST /v1/customers/A/merge?with=B,
 * /v1/customers/B/unmerge, /v1/customers/A/erase; dry_run=1 only says what would become of it.
 * POST /v1/customers/A/answered: staff saw an answer that reachd did not.
 * /v1/customers/A/devices: route_device.c.
 * /v1/customers/A/ties: GET who belongs with him, POST sets it. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "body.h"
#include "core/role.h"
#include "identity.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

/* {"channel": "wecom", "text": "..."}, both may be left out. */
static void
answered(const struct call *c, const char *who)
{
	static const char *const keys[] = { "channel", "text", NULL };
	json_t *body = c->in->body_len == 0 ? json_object() : body_texts(c->in, keys);
	const char *channel;

	if (body == NULL)
		return;
	channel = body_text(body, "channel");
	engine_answered(c->web->en, who, *channel == '\0' ? "wecom" : channel,
	    body_text(body, "text"), pending_json, pending_new(c->web, c->in));
	json_decref(body);
}

static void
ties(const struct call *c, const char *who)
{
	static const char *const keys[] = { "kind", "contact", "contact_name",
		"household", "vehicle", "driver", NULL };
	struct engine_ties t;
	json_t *body;

	if (strcmp(c->in->method, "POST") != 0) {
		engine_ties(c->web->en, who, pending_json, pending_new(c->web, c->in));
		return;
	}
	if ((body = body_texts(c->in, keys)) == NULL)
		return;
	t = (struct engine_ties){ body_text(body, "kind"), body_text(body, "contact"),
		body_text(body, "contact_name"), body_text(body, "household"),
		body_text(body, "vehicle"), body_text(body, "driver") };
	if ((*t.vehicle == '\0') != (*t.driver == '\0'))
		respond_error(c->in, 400, "name the vehicle and its driver, or neither");
	else
		engine_ties_set(
		    c->web->en, who, &t, pending_json, pending_new(c->web, c->in));
	json_decref(body);
}

/* Whoever serves him may say that he was answered; the rest is of the whole house. */
static bool
allowed(const struct call *c, const char *verb)
{
	unsigned limited = identity_limited(c->who) ? RIGHT_ALL_STORES : 0U;

	if (strcmp(c->in->method, "PUT") == 0)
		return identity_may(c->in, c->who, RIGHT_EVENT | limited, "devices");
	if (strcmp(verb, "/answered") == 0 || strcmp(c->in->method, "POST") != 0)
		return true;
	if (strcmp(verb, "/erase") == 0)
		return identity_may(c->in, c->who, RIGHT_ADMIN | limited, "erase");
	return identity_may(c->in, c->who, RIGHT_HOUSE | limited, "customers");
}

void
route_customer(const struct call *c)
{
	GHashTable *query =
	    g_uri_parse_params(c->in->query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const char *slash = strrchr(c->rest, '/');
	const char *with = query == NULL ? NULL : g_hash_table_lookup(query, "with");
	bool dry =
	    query != NULL && g_strcmp0(g_hash_table_lookup(query, "dry_run"), "1") == 0;
	char *who = slash == NULL ? NULL : g_strndup(c->rest, (gsize)(slash - c->rest));

	if (who != NULL && !allowed(c, slash))
		; /* answered */
	else if (who != NULL && strcmp(slash, "/devices") == 0 &&
		 strcmp(c->in->method, "POST") != 0)
		route_device(c, who);
	else if (strcmp(c->in->method, "PUT") == 0)
		respond_error(c->in, 404, "only /devices is put here");
	else if (who != NULL && strcmp(slash, "/ties") == 0)
		ties(c, who);
	else if (strcmp(c->in->method, "POST") != 0)
		respond_error(c->in, 404, "only /ties and /devices are to be read here");
	else if (who != NULL && strcmp(slash, "/unmerge") == 0)
		engine_unmerge(
		    c->web->en, who, dry, pending_json, pending_new(c->web, c->in));
	else if (who != NULL && strcmp(slash, "/erase") == 0)
		engine_erase(c->web->en, who, pending_json, pending_new(c->web, c->in));
	else if (who != NULL && strcmp(slash, "/answered") == 0)
		answered(c, who);
	else if (who == NULL || strcmp(slash, "/merge") != 0)
		respond_error(c->in, 404, "there is nothing at this address");
	else if (with == NULL || *with == '\0')
		respond_error(c->in, 400, "name who goes into him: ?with=ID");
	else
		engine_merge(
		    c->web->en, who, with, dry, pending_json, pending_new(c->web, c->in));
	g_free(who);
	if (query != NULL)
		g_hash_table_unref(query);
}
