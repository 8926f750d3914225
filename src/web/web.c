/* web.c - finds the route of a request and lets it answer. */
#include "web/web.h"

#include <string.h>

#include <glib.h>

#include "base/log.h"
#include "body.h"
#include "caller.h"
#include "core/role.h"
#include "identity.h"
#include "provider/provider.h"
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
	w->users = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	w->answered = g_malloc0_n((gsize)route_count + 1, sizeof(*w->answered));
	return w;
}

void
web_free(struct web *w)
{
	if (w == NULL)
		return;
	g_hash_table_unref(w->users);
	g_free(w->answered);
	g_free(w->state_dir);
	g_free(w);
}

/* /hooks/TYPE/... */
static size_t
hook_body(const char *path)
{
	char *type = g_strndup(path + 7, strcspn(path + 7, "/"));
	const struct provider *p = provider_find(type);

	g_free(type);
	return p != NULL && p->posts != 0 ? p->posts : HOOK_BODY;
}

bool
web_body(const char *method, const char *path, size_t *max)
{
	bool import =
	    g_str_has_prefix(path, "/v1/import/") && strcmp(method, "POST") == 0;

	*max = import                              ? FILE_BODY
	       : g_str_has_prefix(path, "/hooks/") ? hook_body(path)
	       : g_str_has_prefix(path, "/u/")     ? HOOK_BODY
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
	if (strcmp(name, "PUT") == 0)
		return METHOD_PUT;
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
		"Allow: GET, HEAD, POST", "Allow: PUT", "Allow: GET, HEAD, PUT",
		"Allow: POST, PUT", "Allow: GET, HEAD, POST, PUT" };
	static const char body[] =
	    "{\"error\":\"this address takes another method, see Allow\"}";

	respond(in, 405, "application/json", allow[r->methods], body, sizeof(body) - 1);
}

/* A request that waits to be told whether it is about somebody he sees. */
struct deferred {
	struct arena *arena;
	struct call call;
	struct engine_who who;
	const struct route *route;
};

static void
go_on(void *arg, int status, const char *json)
{
	struct deferred *d = arg;

	if (status == 200) {
		d->route->handle(&d->call);
	} else if (status == 404) {
		log_warn("forbidden", "route=%s cause=beyond role=%s token=%s",
		    d->route->name, role_name(d->who.role), d->who.token);
		respond_error(d->call.in, 404, "there is nothing of that number or name");
	} else {
		respond_json(d->call.in, status, json);
	}
	arena_free(d->arena);
}

static void
look_first(const struct call *c, const struct route *r, enum engine_thing what)
{
	struct arena *a = arena_new();
	struct deferred *d = arena_new_of(a, struct deferred);
	bool post = (method_of(c->in->method) & METHOD_GET) == 0;
	const char *slash =
	    what == ENGINE_CUSTOMER ? strrchr(c->rest, '/') : strchr(c->rest, '/');

	d->arena = a;
	d->call = *c;
	d->route = r;
	identity_copy(a, c->who, &d->who);
	d->call.who = &d->who;
	engine_within(c->web->en, &d->who, what,
	    slash == NULL || (what == ENGINE_CUSTOMER && !post)
		? c->rest
		: arena_strndup(a, c->rest, (size_t)(slash - c->rest)),
	    go_on, d);
}

static void
limited(const struct call *c, const struct route *r)
{
	bool post = (method_of(c->in->method) & METHOD_GET) == 0;

	switch (r->reach) {
	case REACH_HOUSE:
		if (identity_may(c->in, c->who, RIGHT_ALL_STORES, r->name))
			r->handle(c);
		return;
	case REACH_CUSTOMER:
		look_first(c, r, ENGINE_CUSTOMER);
		return;
	case REACH_TASK:
		look_first(c, r, ENGINE_TASK);
		return;
	case REACH_OFFER:
		if (post)
			look_first(c, r, ENGINE_OFFER);
		else
			r->handle(c);
		return;
	case REACH_NOBODY:
	case REACH_TASKS:
	case REACH_OFFERS:
		r->handle(c);
		return;
	}
}

static void
serve(struct call *c, const struct route *r)
{
	bool post = (method_of(c->in->method) & METHOD_GET) == 0;
	struct engine_who who;

	if (!identity_find(c->web, c->in, c->face, r, &who))
		return;
	c->who = &who;
	if (!identity_may(c->in, &who, post ? r->post : r->get, r->name))
		return;
	/* What staff and programs send is JSON, but for files to import. */
	if (post && r->guard != GUARD_NONE && c->in->body_len > 0 &&
	    r->handle != route_import && !body_is_json(c->in))
		return;
	if (identity_limited(&who))
		limited(c, r);
	else
		r->handle(c);
}

void
web_handle(struct web *w, struct http_in *in, enum web_face face)
{
	struct call c = { .web = w, .in = in, .face = face, .rest = "" };
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
		serve(&c, r);
}
