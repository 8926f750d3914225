/* route_hand.c - what a person does by hand: POST /v1/hand/ORDER with a JSON object. */
#include <string.h>

#include "core/role.h"
#include "identity.h"
#include "paging.h"
#include "pending.h"
#include "route.h"

/* Whoever stops needs little, whoever starts or takes back more. */
static const struct {
	const char *order;
	unsigned right;
} wants[] = {
	{ "hold", RIGHT_STOP },
	{ "recall", RIGHT_STOP },
	{ "forecast", RIGHT_REPORT },
	{ "correct-agree", RIGHT_APPROVE },
	{ "correct-refuse", RIGHT_APPROVE },
	{ "undo-block", RIGHT_HOUSE }, /* who answers for complaints */
	{ "mail-go", RIGHT_HOUSE },
	{ "mail-dns", RIGHT_HOUSE },
	{ "", RIGHT_PUBLISH }, /* any other */
};

static unsigned
right_for(const char *order)
{
	size_t i = 0;

	while (*wants[i].order != '\0' && strcmp(wants[i].order, order) != 0)
		i++;
	return wants[i].right;
}

/* POST /v1/testsend */
void
route_testsend(const struct call *c)
{
	char *body = identity_sign(c);

	if (body != NULL)
		engine_testsend(c->web->en, body, strlen(body), pending_json,
		    pending_new(c->web, c->in));
	g_free(body);
}

/* GET /v1/corrections */
void
route_corrections(const struct call *c)
{
	struct engine_page page;
	struct pending *p = paging_new(c, NULL, &page);

	if (p != NULL)
		engine_corrections(c->web->en, &page, pending_json, p);
}

void
route_hand(const struct call *c)
{
	char *body;

	if (!identity_may(c->in, c->who, right_for(c->rest), "hand") ||
	    (body = identity_sign(c)) == NULL)
		return;
	engine_hand_by(c->web->en, c->who, c->rest, body, strlen(body), pending_json,
	    pending_new(c->web, c->in));
	g_free(body);
}
