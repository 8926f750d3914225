/* mailgun_query.c - asking Mailgun for the events of one address since a mail went to it. */
#include "mailgun.h"

#include <string.h>

#define ROWS "300"             /* the most it lists; one address has few */
#define BEFORE (5 * MS_MINUTE) /* clocks differ */

int
mailgun_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	GString *q = g_string_new(NULL);
	const char *domain = provider_setting(acc, "domain");

	(void)cfg;
	(void)sig_ts;
	(void)e;
	wire_field(q, "begin",
	    arena_printf(a, "%" G_GINT64_FORMAT, (p->begun_at - BEFORE) / MS_SECOND));
	wire_field(q, "ascending", "yes");
	wire_field(q, "limit", ROWS);
	wire_field(q, "recipient", p->to);
	wire_get(out,
	    provider_url(acc, a, arena_printf(a, "/v3/%s/events?%s", domain, q->str)));
	wire_basic(out, a, "api", provider_setting(acc, "events_key"));
	g_string_free(q, TRUE);
	return 0;
}

/* Of a batch our reference may come back as it was written: then the call's id, known
 * only once it was answered, and the address name it. */
static bool
is_it(const struct receipt *r, const struct parcel *p)
{
	if (*r->ref != '\0')
		return strcmp(r->ref, p->ref) == 0;
	return *r->provider_id != '\0' && strcmp(r->provider_id, p->provider_id) == 0 &&
	       strcmp(r->from, p->to) == 0;
}

/* Whatever became of it, it was taken; of what became of it the best counts. */
static void
read_row(const struct receipt *r, struct answer *out)
{
	out->outcome = OUTCOME_ACCEPTED;
	if (*out->provider_id == '\0' && strlen(r->provider_id) < sizeof out->provider_id)
		g_strlcpy(out->provider_id, r->provider_id, sizeof out->provider_id);
	if (r->kind == RECEIPT_DELIVERED || r->kind == RECEIPT_OPEN ||
	    r->kind == RECEIPT_CLICK) {
		out->told = TOLD_DELIVERED;
		out->perr[0] = '\0';
		out->bad_address = out->opted_out = false;
	} else if (r->kind == RECEIPT_FAILED && out->told != TOLD_DELIVERED) {
		out->told = TOLD_FAILED;
		out->bad_address = r->bad_address;
		out->opted_out = r->opted_out;
		g_strlcpy(out->perr, r->perr, sizeof out->perr);
	}
}

void
mailgun_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = wire_load(body, len);
	const json_t *rows = json_object_get(j, "items");
	struct arena *a = arena_new();

	(void)acc;
	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	for (size_t i = 0; status == 200 && i < json_array_size(rows); i++) {
		struct receipt r;

		if (mailgun_event(json_array_get(rows, i), "", a, &r) && !r.broken &&
		    is_it(&r, p))
			read_row(&r, out);
	}
	arena_free(a);
	json_decref(j);
}
