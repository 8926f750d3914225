/* route_template.c - /v1/templates: texts as the gateways have them registered; POST: told. */
#include "paging.h"
#include "pending.h"
#include "route.h"

#include <string.h>

static void
list(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_registry(c->web->en, &page, pending_json, p);
}

void
route_templates(const struct call *c)
{
	if (strcmp(c->in->method, "POST") == 0)
		engine_registry_take(c->web->en, c->in->body, c->in->body_len,
		    pending_json, pending_new(c->web, c->in));
	else
		list(c);
}
