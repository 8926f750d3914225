/* route_offer.c - /v1/offers[/STATE]: the list; POST /v1/offers: somebody asks for one;
 * POST /v1/offers/ID/approve, refuse, redeem. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "body.h"
#include "identity.h"
#include "paging.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

struct asked {
	struct pending *p;
	struct engine *en;
	const char *customer, *offer, *by, *level; /* in the arena of p */
};

static void
ask_now(void *arg, int status, const char *json)
{
	struct asked *a = arg;

	if (status != 200)
		pending_json(a->p, status,
		    status == 404 ? "{\"error\":\"there is no customer of that id\"}"
				  : json);
	else
		engine_offer_ask(
		    a->en, a->customer, a->offer, a->by, a->level, pending_json, a->p);
	g_free(a);
}

static void
ask(const struct call *c)
{
	static const char *const keys[] = { "customer", "offer", "by", NULL };
	json_t *body = body_texts(c->in, keys);
	const char *by = body == NULL ? NULL : identity_by(c, body_text(body, "by"));
	struct asked *a;

	if (by != NULL) {
		a = g_new0(struct asked, 1);
		a->p = pending_new(c->web, c->in);
		a->en = c->web->en;
		a->customer = arena_strdup(a->p->arena, body_text(body, "customer"));
		a->offer = arena_strdup(a->p->arena, body_text(body, "offer"));
		a->by = arena_strdup(a->p->arena, by);
		a->level = identity_level(c, by);
		if (identity_limited(c->who))
			engine_within(
			    a->en, c->who, ENGINE_CUSTOMER, a->customer, ask_now, a);
		else
			ask_now(a, 200, "");
	}
	json_decref(body);
}

static void
list(const struct call *c, const char *state)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_offers(c->web->en, state, &page, pending_list,
		    pending_limit(p, c->who, "offers"));
}

void
route_offers(const struct call *c)
{
	if (strcmp(c->in->method, "POST") == 0)
		ask(c);
	else
		list(c, "");
}

static void
answer(const struct call *c)
{
	static const char *const keys[] = { "by", NULL };
	const char *slash = strchr(c->rest, '/'), *by;
	char *digits =
	    slash == NULL ? NULL : g_strndup(c->rest, (gsize)(slash - c->rest));
	json_t *body = NULL;
	gint64 id = 0;

	if (digits == NULL ||
	    !g_ascii_string_to_signed(digits, 10, 1, G_MAXINT64, &id, NULL))
		respond_error(c->in, 404, "there is no offer of that number");
	else
		body = body_texts(c->in, keys);
	g_free(digits);
	if (body == NULL)
		return;
	if ((by = identity_by(c, body_text(body, "by"))) != NULL)
		engine_offer_answer(c->web->en, id, slash + 1, by, identity_level(c, by),
		    pending_json, pending_new(c->web, c->in));
	json_decref(body);
}

void
route_offer(const struct call *c)
{
	if (strcmp(c->in->method, "POST") == 0)
		answer(c);
	else
		list(c, c->rest);
}
