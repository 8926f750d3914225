/* route_hook.c - /hooks/TYPE/ACCOUNT[/SECRET]: what a provider posts.
 *
 * Cheap refusals first: the path's secret, then the provider's own check. Unknown
 * account and wrong secret get one and the same answer. The success form leaves
 * after the commit; when it cannot be committed the provider is told to try again. */
#include <string.h>

#include "base/crypt.h"
#include "base/log.h"
#include "caller.h"
#include "core/config.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

static const char *
field_of(const struct hook_request *req, const char *name)
{
	const struct call *c = req->arg;

	return http_in_field(c->in, name);
}

/* Cuts the next part of a path off. */
static const char *
part(struct arena *a, const char **rest)
{
	size_t len = strcspn(*rest, "/");
	const char *s = arena_strndup(a, *rest, len);

	*rest += len;
	if (**rest == '/')
		++*rest;
	return s;
}

static const struct account *
find_account(const struct config *cfg, const char *type, const char *name)
{
	const struct account *acc = config_account(cfg, name);

	return acc != NULL && strcmp(acc->type, type) == 0 ? acc : NULL;
}

/* Hashes are compared, so that not even the length of a secret shows in the time. */
static bool
same_secret(const char *given, const char *wanted)
{
	uint8_t a[32], b[32];

	crypt_sha256(given, strlen(given), a);
	crypt_sha256(wanted, strlen(wanted), b);
	return crypt_equal(a, b, sizeof(a));
}

/* The account this call may speak for, and what of the path is the provider's. */
static const struct account *
admit(const struct call *c, struct arena *a, const char **below)
{
	const struct config *cfg = engine_catalog(c->web->en)->config;
	const char *rest = c->rest, *type = part(a, &rest), *name = part(a, &rest),
		   *secret;
	const struct provider *p = provider_find(type);
	const struct account *acc = find_account(cfg, type, name);
	bool known = acc != NULL && acc->hook_secret != NULL && *acc->hook_secret != '\0';

	*below = rest;
	/* Who signs needs no secret in the path. */
	if (acc != NULL && !known)
		return (p != NULL && p->signs) ||
			       (acc->internal && caller_local(c->in, c->face))
			   ? acc
			   : NULL;
	secret = part(a, &rest);
	*below = rest;
	return same_secret(secret, known ? acc->hook_secret : "no such account") && known
		   ? acc
		   : NULL;
}

static void
answered(void *arg, int status, const char *json)
{
	struct pending *p = arg;

	(void)json;
	if (status >= 200 && status < 300)
		respond(p->in, p->hook.status, p->hook.type, NULL, p->hook.body,
		    strlen(p->hook.body));
	else
		respond_error(p->in, 503, "this cannot be stored now; send it again");
	pending_free(p);
}

/* The address as the provider was told it, whatever a proxy made of it. */
static const char *
told_url(struct arena *a, const struct config *cfg, const struct http_in *in)
{
	return arena_printf(a, "%s%s%s%s", cfg->public_url, in->raw_path,
	    in->query[0] != '\0' ? "?" : "", in->query);
}

static const char *
fetched(const struct hook_request *req, const char *url)
{
	const struct call *c = req->arg;

	return engine_fetched(c->web->en, url);
}

/* The certificate it is signed with is being fetched: then it is asked again. */
static void
asked_again(void *arg, bool there)
{
	struct call *c = arg;

	if (there)
		route_hook(c);
	else
		respond_error(c->in, 503, "its certificate cannot be had now; send it again");
	g_free(c);
}

static void
wait_for(const struct call *c, const struct account *acc, const char *url)
{
	struct call *copy = g_memdup2(c, sizeof(*c));

	if (engine_fetch(c->web->en, url, acc->internal, asked_again, copy))
		return;
	g_free(copy);
	respond_error(c->in, 503, "its certificate cannot be had now; send it again");
}

static void
pass_on(
    const struct call *c, const struct account *acc, const char *below, struct pending *p)
{
	struct world *w = engine_world(c->web->en);
	const struct config *cfg = engine_catalog(c->web->en)->config;
	const struct provider *provider = provider_find(acc->type);
	const struct hook_request req = {
		.method = c->in->method,
		.path = below,
		.query = c->in->query,
		.url = told_url(p->arena, cfg, c->in),
		.fetched = fetched,
		.body = c->in->body,
		.body_len = c->in->body_len,
		.header = field_of,
		.arg = c,
		.now = w->now(w),
	};
	struct receipt *receipts = NULL;
	int n = 0, rc = -1;

	p->hook = (struct hook_reply){ .status = 404, .type = "application/json",
		.body = "{\"error\":\"no webhooks here\"}" };
	if (provider != NULL && provider->hook != NULL)
		rc = provider->hook(acc, cfg, &req, p->arena, &receipts, &n, &p->hook);
	if (rc == 1) {
		wait_for(c, acc, p->hook.fetch);
		pending_free(p);
	} else if (rc != 0) {
		log_warn(
		    "hook_refused", "account=%s status=%d", acc->name, p->hook.status);
		respond(c->in, p->hook.status, p->hook.type, NULL, p->hook.body,
		    strlen(p->hook.body));
		pending_free(p);
	} else if (n == 0) {
		if (p->hook.news != NULL)
			engine_news(c->web->en, p->hook.news, p->hook.ticket);
		answered(p, 200, "");
	} else {
		engine_receipts(c->web->en, acc, receipts, n, answered, p);
	}
}

void
route_hook(const struct call *c)
{
	struct pending *p = pending_new(c->web, c->in);
	const char *below;
	const struct account *acc = admit(c, p->arena, &below);

	if (acc != NULL) {
		pass_on(c, acc, below, p);
		return;
	}
	pending_free(p);
	respond_error(c->in, 401, "no account takes webhooks at this address");
}
