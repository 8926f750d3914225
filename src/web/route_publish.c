/* route_publish.c - /v1/publish: what is in force and what waits; POST /v1/reload and
 * /v1/publish/submit put the files forward; /v1/publish/HASH/approve and /refuse answer.
 *
 * If-Match names the set in force whose difference was looked at: 428 without, 412 when
 * another is in force by now. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "body.h"
#include "identity.h"
#include "paging.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

/* 0, or the status that was answered. */
static int
stale(const struct call *c, bool wanted)
{
	const char *match = http_in_field(c->in, "If-Match");
	const char *hash = engine_catalog(c->web->en)->hash;
	size_t n = strlen(hash);

	if (*match == '\0' && wanted) {
		respond_error(c->in, 428,
		    "send If-Match with the hash that is in force: GET /v1/publish");
		return 428;
	}
	if (*match == '\0' || strcmp(match, "*") == 0)
		return 0;
	if (match[0] == '"' && strlen(match) == n + 2 &&
	    strncmp(match + 1, hash, n) == 0 && match[n + 1] == '"')
		return 0;
	respond_error(c->in, 412, "another set is in force by now: look again");
	return 412;
}

static void
put_forward(const struct call *c, int64_t confirm, const char *claimed)
{
	const char *by = identity_by(c, claimed);

	if (by == NULL || stale(c, false) != 0)
		return;
	engine_reload_by(
	    c->web->en, c->who, by, confirm, pending_json, pending_new(c->web, c->in));
}

/* below /v1/reload/: how many due messages are fine */
void
route_reload(const struct call *c)
{
	put_forward(c, g_ascii_strtoll(c->rest, NULL, 10), "");
}

void
route_submit(const struct call *c)
{
	static const char *const keys[] = { "by", "confirm", NULL };
	json_t *body = body_texts(c->in, keys);

	if (body == NULL)
		return;
	put_forward(c, g_ascii_strtoll(body_text(body, "confirm"), NULL, 10),
	    body_text(body, "by"));
	json_decref(body);
}

void
route_publications(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_publications(c->web->en, &page, pending_json, p);
}

/* Nobody agrees in another's name. */
static void
answer(const struct call *c, const char *hash, bool yes)
{
	static const char *const keys[] = { "why", "confirm", NULL };
	json_t *body = body_texts(c->in, keys);

	if (body == NULL)
		return;
	if (stale(c, true) == 0)
		engine_publication_answer(c->web->en, c->who, hash, yes,
		    body_text(body, "why"),
		    g_ascii_strtoll(body_text(body, "confirm"), NULL, 10), pending_json,
		    pending_new(c->web, c->in));
	json_decref(body);
}

void
route_publication(const struct call *c)
{
	const char *slash = strchr(c->rest, '/');
	bool post = strcmp(c->in->method, "POST") == 0;
	char *hash = g_strndup(
	    c->rest, slash == NULL ? strlen(c->rest) : (gsize)(slash - c->rest));

	if (!post && slash == NULL)
		engine_publication(
		    c->web->en, hash, pending_json, pending_new(c->web, c->in));
	else if (post && slash != NULL &&
		 (strcmp(slash, "/approve") == 0 || strcmp(slash, "/refuse") == 0))
		answer(c, hash, strcmp(slash, "/approve") == 0);
	else
		respond_error(c->in, 404,
		    "GET /v1/publish/HASH, or POST /v1/publish/HASH/approve or /refuse");
	g_free(hash);
}
