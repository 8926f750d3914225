/* sending.c - what a step does when it cannot send as planned. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define EXPIRES_MAX (72 * MS_HOUR)

static const char *const past_names[] = { "skip", "now", "exit", NULL };
static const char *const quiet_names[] = { "defer", "drop", "earlier", NULL };
static const char *const cap_names[] = { "skip", "retry", "exit", NULL };
static const char *const unknown_names[] = { "presume", "park", NULL };

static void
cap_read(const struct yaml *y, struct step *out, struct report *r)
{
	const struct yaml *channel;
	int word;

	if (y == NULL)
		return;
	if (y->kind != YAML_MAP) {
		if (yaml_enum(y, cap_names, &word, r))
			out->on_cap = (enum on_cap)word;
		return;
	}
	schema_check(y, &schema_on_cap, r);
	channel = yaml_get(y, "fallback");
	if (channel == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write skip, retry, exit or { fallback: CHANNEL }",
		    "no fallback is named");
	else if (yaml_enum(channel, channel_names, &word, r)) {
		out->on_cap = CAP_FALLBACK;
		out->fallback = (enum channel)word;
	}
}

/* A message that may have arrived is never sent again on the off chance. */
static void
unknown_read(
    const struct yaml *y, enum category category, struct step *out, struct report *r)
{
	int word;

	if (y == NULL)
		return;
	if (y->kind == YAML_SCALAR && strcmp(y->text, "resend") == 0) {
		report_add(r, SEV_ERROR, y->at, "resend", "write presume or park",
		    category == CATEGORY_MARKETING
			? "\"resend\" could reach a customer twice with marketing"
			: "\"resend\" is not in this version");
		return;
	}
	if (yaml_enum(y, unknown_names, &word, r))
		out->on_unknown = (enum on_unknown)word;
}

void
sending_read(
    const struct yaml *map, enum category category, struct step *out, struct report *r)
{
	const struct yaml *expires = yaml_get(map, "expires");
	int word;
	ms_t d;

	if (yaml_enum(yaml_get(map, "on_past"), past_names, &word, r))
		out->on_past = (enum on_past)word;
	if (yaml_enum(yaml_get(map, "on_quiet"), quiet_names, &word, r))
		out->on_quiet = (enum on_quiet)word;
	cap_read(yaml_get(map, "on_cap"), out, r);
	unknown_read(yaml_get(map, "on_unknown"), category, out, r);
	if (!yaml_duration(expires, &d, r))
		return;
	if (d > EXPIRES_MAX)
		report_add(r, SEV_ERROR, expires->at, "range",
		    "a message that is three days late is better not sent",
		    "\"%s\" is longer than 72h", expires->text);
	else {
		out->expires = d;
		out->expires_said = true;
	}
}
