/* route_token.c - GET and POST /v1/tokens, POST /v1/tokens/ID/revoke, GET /v1/audit. */
#include <string.h>

#include <glib.h>

#include "body.h"
#include "paging.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

static void
tokens(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_tokens(c->web->en, &page, pending_json, p);
}

void
route_tokens(const struct call *c)
{
	if (strcmp(c->in->method, "POST") != 0)
		tokens(c);
	else if (body_is_json(c->in))
		engine_token_new(c->web->en, c->who, c->in->body, c->in->body_len,
		    pending_json, pending_new(c->web, c->in));
}

void
route_token(const struct call *c)
{
	const char *slash = strchr(c->rest, '/');
	char *id;

	if (slash == NULL || strcmp(slash, "/revoke") != 0) {
		respond_error(c->in, 404, "POST /v1/tokens/ID/revoke");
		return;
	}
	id = g_strndup(c->rest, (gsize)(slash - c->rest));
	engine_token_revoke(
	    c->web->en, c->who, id, pending_json, pending_new(c->web, c->in));
	g_free(id);
}

void
route_audit(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_audit(c->web->en, &page, pending_json, p);
}
