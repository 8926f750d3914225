#include "pending.h"

#include <glib.h>

#include "respond.h"

struct pending *
pending_new(struct web *w, struct http_in *in)
{
	struct pending *p = g_new0(struct pending, 1);

	p->web = w;
	p->in = in;
	p->arena = arena_new();
	return p;
}

void
pending_free(struct pending *p)
{
	arena_free(p->arena);
	g_free(p);
}

void
pending_json(void *arg, int status, const char *json)
{
	struct pending *p = arg;

	respond_json(p->in, status, json);
	pending_free(p);
}
