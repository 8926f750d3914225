/* web.c - finds the route of a request and lets it answer. */
#include "web/web.h"

#include <string.h>

#include <glib.h>

#include "caller.h"
#include "respond.h"
#include "route.h"

#define HOOK_BODY (256 << 10)
#define API_BODY (1 << 20)
#define FILE_BODY (64 << 20)

struct web *
web_new(struct engine *en, const char *state_dir)
{
	struct web *w = g_new0(struct web, 1);

	w->en = en;
	w->state_dir = g_strdup(state_dir);
	w->answered = g_malloc0_n((gsize)route_count + 1, sizeof(*w->answered));
	return w;
}

void
web_free(struct web *w)
{
	if (w == NULL)
		return;
	g_free(w->answered);
	g_free(w->state_dir);
	g_free(w);
}

bool
web_body(const char *method, const char *path, size_t *max)
{
	bool import =
	    g_str_has_prefix(path, "/v1/import/") && strcmp(method, "POST") == 0;

	*max = import ? FILE_BODY
	       : g_str_has_prefix(path, "/hooks/") || g_str_has_prefix(path, "/u/")
		   ? HOOK_BODY
		   : API_BODY;
	return import;
}

static const struct route *
find(const char *path, const char **rest)
{
	for (int i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];
		size_t len = strlen(r->path);
		bool below = r->path[len - 1] == '/';

		if (below ? strncmp(path, r->path, len) == 0 && path[len] != '\0'
			  : strcmp(path, r->path) == 0) {
			*rest = path + len;
			return r;
		}
	}
	return NULL;
}

static unsigned
method_of(const char *name)
{
	if (strcmp(name, "GET") == 0 || strcmp(name, "HEAD") == 0)
		return METHOD_GET;
	return strcmp(name, "POST") == 0 ? METHOD_POST : 0;
}

static bool
hidden(const struct route *r, const struct http_in *in, enum web_face face)
{
	switch (r->guard) {
	case GUARD_STAFF:
		return face != WEB_STAFF;
	case GUARD_LOCAL:
		return face != WEB_STAFF && !caller_local(in, face);
	case GUARD_NONE:
		break;
	}
	return false;
}

static void
refuse_method(struct http_in *in, const struct route *r)
{
	static const char *const allow[] = { "", "Allow: GET, HEAD", "Allow: POST",
		"Allow: GET, HEAD, POST" };
	static const char body[] =
	    "{\"error\":\"this address takes another method, see Allow\"}";

	respond(in, 405, "application/json", allow[r->methods], body, sizeof(body) - 1);
}

void
web_handle(struct web *w, struct http_in *in, enum web_face face)
{
	struct call c = { w, in, face, "" };
	const struct route *r = find(in->path, &c.rest);
	const char *why;

	if (r != NULL && hidden(r, in, face))
		r = NULL;
	in->arg = w->answered[r != NULL ? r - route_table : route_count];
	if (r == NULL)
		respond_error(in, 404, "there is nothing at this address");
	else if ((r->methods & method_of(in->method)) == 0)
		refuse_method(in, r);
	else if (r->guard != GUARD_NONE && (why = caller_foreign(in)) != NULL)
		respond_error(in, 403, "%s", why);
	else
		r->handle(&c);
}
