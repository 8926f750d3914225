/* route_staff.c - POST /v1/staff/leave: somebody is away. */
#include <jansson.h>

#include "pending.h"
#include "respond.h"
#include "route.h"

static const char *
text_of(const json_t *root, const char *key)
{
	const char *s = json_string_value(json_object_get(root, key));

	return s == NULL ? "" : s;
}

void
route_staff(const struct call *c)
{
	json_t *root =
	    json_loadb(c->in->body, c->in->body_len, JSON_REJECT_DUPLICATES, NULL);
	struct engine_leave l = { .name = text_of(root, "name"),
		.deputy = text_of(root, "deputy") };

	if (*l.name == '\0' || date_parse(text_of(root, "from"), &l.from) != 0 ||
	    date_parse(text_of(root, "to"), &l.to) != 0)
		respond_error(c->in, 400,
		    "send {\"name\": NAME, \"from\": \"2026-11-22\", \"to\": "
		    "\"2026-11-28\"}, and "
		    "perhaps \"deputy\"");
	else if (date_days(l.to) < date_days(l.from))
		respond_error(c->in, 422, "the leave ends before it begins");
	else
		engine_staff_leave(
		    c->web->en, &l, pending_json, pending_new(c->web, c->in));
	json_decref(root);
}
