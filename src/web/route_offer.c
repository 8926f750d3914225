/* route_offer.c - /v1/offers[/STATE]: the list; POST /v1/offers: somebody asks for one;
 * POST /v1/offers/ID/approve, refuse, redeem. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "body.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

static void
ask(const struct call *c)
{
	static const char *const keys[] = { "customer", "offer", "by", "level", NULL };
	json_t *body = body_texts(c->in, keys);

	if (body == NULL)
		return;
	engine_offer_ask(c->web->en, body_text(body, "customer"),
	    body_text(body, "offer"), body_text(body, "by"), body_text(body, "level"),
	    pending_json, pending_new(c->web, c->in));
	json_decref(body);
}

void
route_offers(const struct call *c)
{
	if (strcmp(c->in->method, "POST") == 0)
		ask(c);
	else
		engine_offers(c->web->en, "", pending_json, pending_new(c->web, c->in));
}

static void
answer(const struct call *c)
{
	static const char *const keys[] = { "by", "level", NULL };
	const char *slash = strchr(c->rest, '/');
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
	engine_offer_answer(c->web->en, id, slash + 1, body_text(body, "by"),
	    body_text(body, "level"), pending_json, pending_new(c->web, c->in));
	json_decref(body);
}

void
route_offer(const struct call *c)
{
	if (strcmp(c->in->method, "POST") == 0)
		answer(c);
	else
		engine_offers(
		    c->web->en, c->rest, pending_json, pending_new(c->web, c->in));
}
