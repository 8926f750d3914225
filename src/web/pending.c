#include "pending.h"

#include <glib.h>

#include "identity.h"
#include "respond.h"
#include "route.h"

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

struct pending *
pending_limit(struct pending *p, const struct engine_who *who, const char *list)
{
	if (!identity_limited(who))
		return p;
	p->list = list;
	identity_copy(p->arena, who, &p->who);
	return p;
}

void
pending_list(void *arg, int status, const char *json)
{
	struct pending *p = arg;

	if (p->list != NULL && status == 200)
		engine_within_list(p->web->en, &p->who, json, p->list, pending_json, p);
	else
		pending_json(p, status, json);
}
