/* route_batch.c - what files were imported, taking one back, and the rows that were no
 * good: GET /v1/batches, POST /v1/batches/N/undo, GET /v1/quality. */
#include <string.h>

#include <glib.h>

#include "paging.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

void
route_batches(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_batches(c->web->en, &page, pending_json, p);
}

void
route_batch(const struct call *c)
{
	char *end;
	gint64 batch = g_ascii_strtoll(c->rest, &end, 10);

	if (batch <= 0 || strcmp(end, "/undo") != 0) {
		respond_error(c->in, 404, "there is nothing at this address");
		return;
	}
	engine_import_undo(c->web->en, batch, pending_json, pending_new(c->web, c->in));
}

void
route_quality(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_quality(c->web->en, &page, pending_json, p);
}
