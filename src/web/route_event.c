/* route_event.c - POST /v1/events. What an event must look like is spec/event.h's. */
#include <string.h>

#include <glib.h>

#include "body.h"
#include "pending.h"
#include "respond.h"
#include "route.h"

#define KEY_MAX 255

/* NULL with the request answered when there is not exactly one that can be used. */
static const char *
the_key(struct http_in *in)
{
	const char *key = NULL;
	int n = 0;

	for (int i = 0; i < in->n_fields; i++)
		if (strcasecmp(in->fields[i].name, "Idempotency-Key") == 0 && n++ == 0)
			key = in->fields[i].value;
	if (n == 0 || *key == '\0') {
		respond_error(in, 400,
		    "the header Idempotency-Key is missing: send one text per event, "
		    "such as its id, "
		    "and the same when you send the event again");
		return NULL;
	}
	if (n > 1 || strlen(key) > KEY_MAX) {
		respond_error(in, 400,
		    "the header Idempotency-Key must come once, with at most %d bytes",
		    KEY_MAX);
		return NULL;
	}
	for (const char *p = key; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p)) {
			respond_error(in, 400,
			    "the header Idempotency-Key must be of visible ASCII "
			    "characters");
			return NULL;
		}
	return key;
}

void
route_event(const struct call *c)
{
	struct http_in *in = c->in;
	const char *key;
	struct pending *p;

	if (!body_is_json(in))
		return;
	key = the_key(in);
	if (key == NULL)
		return;
	p = pending_new(c->web, in);
	engine_event(c->web->en, key, in->body, in->body_len, pending_json, p);
}
