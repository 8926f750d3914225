/* route_hand.c - what a person does by hand: POST /v1/hand/ORDER with a JSON object. */
#include "pending.h"
#include "route.h"

/* POST /v1/testsend */
void
route_testsend(const struct call *c)
{
	engine_testsend(c->web->en, c->in->body, c->in->body_len, pending_json,
	    pending_new(c->web, c->in));
}

void
route_hand(const struct call *c)
{
	engine_hand(c->web->en, c->rest, c->in->body, c->in->body_len, pending_json,
	    pending_new(c->web, c->in));
}
