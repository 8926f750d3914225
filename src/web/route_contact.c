/* route_contact.c - GET /v1/contacts: contacts in WeCom, how many are matched and which
 * are not; POST /v1/contacts/ID/match {"customer": A}, /v1/contacts/ID/unmatch. */
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "body.h"
#include "paging.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

void
route_contacts(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_contacts(c->web->en, &page, pending_json, p);
}

static void
match(const struct call *c, gint64 id)
{
	static const char *const keys[] = { "customer", NULL };
	json_t *body = body_texts(c->in, keys);

	if (body == NULL)
		return;
	if (*body_text(body, "customer") == '\0')
		respond_error(c->in, 400, "send {\"customer\": ID}");
	else
		engine_contact_match(c->web->en, c->who, id, body_text(body, "customer"),
		    pending_json, pending_new(c->web, c->in));
	json_decref(body);
}

void
route_contact(const struct call *c)
{
	const char *slash = strchr(c->rest, '/');
	char *digits =
	    slash == NULL ? g_strdup("") : g_strndup(c->rest, (gsize)(slash - c->rest));
	gint64 id = 0;

	if (slash == NULL ||
	    !g_ascii_string_to_signed(digits, 10, 1, G_MAXINT64, &id, NULL))
		respond_error(c->in, 404, "there is no contact of this number");
	else if (strcmp(slash, "/match") == 0)
		match(c, id);
	else if (strcmp(slash, "/unmatch") == 0)
		engine_contact_match(
		    c->web->en, c->who, id, "", pending_json, pending_new(c->web, c->in));
	else
		respond_error(c->in, 404, "a contact is matched or unmatched");
	g_free(digits);
}
