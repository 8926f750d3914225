/* route_template.c - /v1/templates: texts as the gateways have them registered; POST: told. */
#include "pending.h"
#include "route.h"

#include <string.h>

void
route_templates(const struct call *c)
{
	if (strcmp(c->in->method, "POST") == 0)
		engine_registry_take(c->web->en, c->in->body, c->in->body_len,
		    pending_json, pending_new(c->web, c->in));
	else
		engine_registry(c->web->en, pending_json, pending_new(c->web, c->in));
}
