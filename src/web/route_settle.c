/* route_settle.c - what waits for a person, and his word. */
#include <string.h>

#include <glib.h>

#include "paging.h"
#include "pending.h"
#include "route.h"

void
route_parked(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_parked(c->web->en, &page, pending_json, p);
}

/* MESSAGE/WORD */
void
route_settle(const struct call *c)
{
	const char *slash = strchr(c->rest, '/');
	char *id = slash == NULL ? g_strdup(c->rest)
				 : g_strndup(c->rest, (gsize)(slash - c->rest));

	engine_settle(c->web->en, id, slash == NULL ? "" : slash + 1, pending_json,
	    pending_new(c->web, c->in));
	g_free(id);
}
