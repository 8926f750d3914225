/* postmark_query.c - asking Postmark: was it taken, by our reference; has it arrived, by its id. */
#include "postmark.h"

#include <string.h>

#include "mail_json.h"

#define OUTBOUND "/messages/outbound"

const char *
postmark_escaped(struct arena *a, const char *s)
{
	char *e = g_uri_escape_string(s, NULL, FALSE);
	const char *kept = arena_strdup(a, e);

	g_free(e);
	return kept;
}

static const char *
path_of(const struct account *acc, const struct parcel *p, struct arena *a)
{
	if (p->provider_id[0] != '\0')
		return arena_printf(
		    a, OUTBOUND "/%s/details", postmark_escaped(a, p->provider_id));
	return arena_printf(a,
	    OUTBOUND "?count=1&offset=0&messageStream=%s&metadata_reach_id=%s",
	    postmark_escaped(a, postmark_stream(acc, p->category)), postmark_escaped(a, p->ref));
}

void
postmark_auth(const struct account *acc, struct arena *a, struct provider_request *out)
{
	wire_header(out, a, "Accept", "application/json");
	wire_header(
	    out, a, "X-Postmark-Server-Token", provider_setting(acc, "server_token"));
}

int
postmark_query(const struct account *acc, const struct config *cfg,
    const struct parcel *p, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e)
{
	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_get(out, provider_url(acc, a, path_of(acc, p, a)));
	postmark_auth(acc, a, out);
	return 0;
}

/* Read or clicked is arrived. Why a mail came back the webhook tells, not this: the
 * address may be good. What it only delays tells nothing. */
static void
read_events(const json_t *events, struct answer *out)
{
	for (size_t i = 0; i < json_array_size(events); i++) {
		const char *type =
		    json_string_value(json_object_get(json_array_get(events, i), "Type"));

		if (g_strcmp0(type, "Delivered") == 0 || g_strcmp0(type, "Opened") == 0 ||
		    g_strcmp0(type, "LinkClicked") == 0) {
			out->told = TOLD_DELIVERED;
			out->perr[0] = '\0';
			return;
		}
		if (g_strcmp0(type, "Bounced") == 0) {
			out->told = TOLD_FAILED;
			g_strlcpy(out->perr, "Bounced", sizeof out->perr);
		}
	}
}

/* It is believed by what it holds: a search that did not understand finds others. */
static bool
is_it(const json_t *mail, const struct parcel *p, struct arena *a)
{
	const char *id = wire_text(a, mail, "MessageID"),
		   *ref = wire_text(a, json_object_get(mail, "Metadata"), "reach_id");

	if (*id == '\0')
		return false;
	return p->provider_id[0] != '\0' ? strcmp(id, p->provider_id) == 0
					 : strcmp(ref, p->ref) == 0;
}

void
postmark_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = wire_load(body, len);
	const json_t *found = json_object_get(j, "Messages"), *mail;
	struct arena *a = arena_new();

	(void)acc;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	mail = found != NULL ? json_array_get(found, 0) : j;
	if (status == 200 && is_it(mail, p, a)) {
		const char *id = wire_text(a, mail, "MessageID");

		out->outcome = OUTCOME_ACCEPTED;
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
		read_events(json_object_get(mail, "MessageEvents"), out);
	}
	arena_free(a);
	json_decref(j);
}
