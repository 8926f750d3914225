/* resend_query.c - asking Resend what has become of a mail, by its id. */
#include "resend.h"

#include <string.h>

int
resend_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	char *id = g_uri_escape_string(p->provider_id, NULL, FALSE);

	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_get(out, provider_url(acc, a, arena_printf(a, "/emails/%s", id)));
	g_free(id);
	wire_header(out, a, "Authorization",
	    arena_printf(a, "Bearer %s", provider_setting(acc, "read_key")));
	/* Without one it refuses: 403. */
	wire_header(out, a, "User-Agent", "reachd");
	return 0;
}

/* What happened to it last. A mail that was read has arrived; so has one complained of. Why it
 * came back is not told: the address may be good. */
static const struct {
	const char *event;
	enum told told;
	bool opted_out;
} events[] = {
	{ "delivered", TOLD_DELIVERED, false },
	{ "opened", TOLD_DELIVERED, false },
	{ "clicked", TOLD_DELIVERED, false },
	{ "complained", TOLD_DELIVERED, false },
	{ "bounced", TOLD_FAILED, false },
	{ "failed", TOLD_FAILED, false },
	{ "canceled", TOLD_FAILED, false },
	{ "suppressed", TOLD_FAILED, true },
};

void
resend_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = wire_load(body, len);
	struct arena *a = arena_new();
	const char *id = wire_text(a, j, "id"), *last = wire_text(a, j, "last_event");

	(void)acc;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	if (status == 200 && *id != '\0' && strcmp(id, p->provider_id) == 0) {
		out->outcome = OUTCOME_ACCEPTED;
		g_strlcpy(out->provider_id, id, sizeof out->provider_id);
		for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
			if (strcmp(events[i].event, last) == 0) {
				out->told = events[i].told;
				out->opted_out = events[i].opted_out;
			}
		if (out->told == TOLD_FAILED)
			g_strlcpy(out->perr, last, sizeof out->perr);
	}
	arena_free(a);
	json_decref(j);
}
