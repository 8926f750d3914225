/* twilio_list.c - asking Twilio for its messages: of one number, by its id, or of the last hours.
 *
 * The list has no reference of ours. One message is ours when our words went from our sender
 * to that number at that time, and only one did. The last hours are asked for again and
 * again with an overlap; what was posted, too, has the same key. What becomes of a message
 * later than that is asked by its id. */
#include "twilio.h"

#include <string.h>

#include "pull_place.h"

#define BEFORE MS_MINUTE       /* clocks differ */
#define AFTER (15 * MS_MINUTE) /* a call that was slow */
#define OVERLAP (60 * 60)      /* seconds: statuses come behind their message */
#define FIRST (60 * 60)        /* an account that was never asked */
#define ROWS "50"              /* of one number */
#define PAGE "200"
#define PAGE_URI_MAX 400 /* a cursor is kept */

/* From this account's sender, or to it; several accounts may share one list. */
static bool
is_of_account(const struct account *acc, const json_t *row, bool reply, struct arena *a)
{
	const char *service = provider_setting(acc, "messaging_service");

	if (service[0] != '\0')
		return strcmp(wire_text(a, row, "messaging_service_sid"), service) == 0;
	return strcmp(wire_text(a, row, reply ? "to" : "from"),
		   provider_setting(acc, "from")) == 0;
}

/* To a number of a service no sid may be told, and which numbers it has changes there: who
 * answers tells. */
static bool
may_answer(const struct account *acc, const json_t *row, bool reply, struct arena *a)
{
	return reply && *provider_setting(acc, "messaging_service") != '\0' &&
	       *wire_text(a, row, "messaging_service_sid") == '\0';
}

static void
get(const struct account *acc, const char *path, struct arena *a,
    struct provider_request *out)
{
	wire_get(out, provider_url(acc, a, path));
	twilio_auth(acc, a, out);
}

/* One message ---------------------------------------------------------------------------- */

int
twilio_query(const struct account *acc, const struct config *cfg, const struct parcel *p,
    ms_t sig_ts, struct arena *a, struct provider_request *out, struct err *e)
{
	GString *q = g_string_new(NULL);
	const char *below;

	(void)cfg;
	(void)sig_ts;
	(void)e;
	/* Not by time: what waits at Twilio has no DateSent yet. The newest come first. */
	wire_field(q, "To", p->to);
	wire_field(q, "PageSize", ROWS);
	below = p->provider_id[0] == '\0'
		    ? arena_printf(a, "Messages.json?%s", q->str)
		    : arena_printf(a, "Messages/%s.json", p->provider_id);
	get(acc, twilio_path(acc, a, below), a, out);
	g_string_free(q, TRUE);
	return 0;
}

static bool
is_it(
    const struct account *acc, const json_t *row, const struct parcel *p, struct arena *a)
{
	const char *sid = wire_text(a, row, "sid");
	ms_t at = wire_date(wire_text(a, row, "date_created"));

	if (p->provider_id[0] != '\0')
		return strcmp(sid, p->provider_id) == 0;
	return sid[0] != '\0' && strlen(sid) <= TWILIO_ID_MAX &&
	       g_str_has_prefix(wire_text(a, row, "direction"), "outbound") &&
	       is_of_account(acc, row, false, a) &&
	       strcmp(wire_text(a, row, "to"), p->to) == 0 &&
	       strcmp(wire_text(a, row, "body"), p->text) == 0 &&
	       at >= p->begun_at - BEFORE && at <= p->begun_at + AFTER;
}

static void
take(const json_t *row, struct arena *a, struct answer *out)
{
	struct receipt r = { 0 };

	out->outcome = OUTCOME_ACCEPTED;
	g_strlcpy(out->provider_id, wire_text(a, row, "sid"), sizeof out->provider_id);
	if (!twilio_word(wire_text(a, row, "status"), &r.kind))
		return;
	if (r.kind == RECEIPT_DELIVERED)
		out->told = TOLD_DELIVERED;
	if (r.kind != RECEIPT_FAILED)
		return;
	twilio_failure(wire_text(a, row, "error_code"), &r);
	out->told = TOLD_FAILED;
	out->bad_address = r.bad_address;
	out->opted_out = r.opted_out;
	g_strlcpy(out->perr, r.perr, sizeof out->perr);
}

void
twilio_query_answer(const struct account *acc, const struct parcel *p, int status,
    const char *body, size_t len, struct answer *out)
{
	json_t *j = wire_load(body, len);
	const json_t *rows = json_object_get(j, "messages"), *found = NULL;
	struct arena *a = arena_new();
	int n = 0;

	*out = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	if (status == 200 && rows == NULL && is_it(acc, j, p, a))
		found = j, n = 1;
	for (size_t i = 0; status == 200 && i < json_array_size(rows); i++)
		if (is_it(acc, json_array_get(rows, i), p, a))
			found = json_array_get(rows, i), n++;
	if (n == 1)
		take(found, a, out);
	arena_free(a);
	json_decref(j);
}

/* The last hours --------------------------------------------------------------------------- */

int
twilio_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e)
{
	const struct pull_place at = pull_place_of(cursor);
	ms_t since = at.since > 0 ? at.since * MS_SECOND : sig_ts - FIRST * MS_SECOND;
	GString *q;

	(void)cfg;
	(void)ticket;
	(void)e;
	if (at.page != NULL) {
		get(acc, at.page, a, out);
		return 0;
	}
	q = g_string_new(NULL);
	wire_field(q, "DateSent>",
	    wire_utc(a, since - OVERLAP * MS_SECOND, "%Y-%m-%dT%H:%M:%SZ"));
	wire_field(q, "PageSize", PAGE);
	get(acc, twilio_path(acc, a, arena_printf(a, "Messages.json?%s", q->str)), a,
	    out);
	g_string_free(q, TRUE);
	return 0;
}

/* Of what went only the end counts: that it was taken is known by its id. */
static bool
read_row(const struct account *acc, const json_t *row, struct arena *a, struct receipt *r)
{
	const char *word = wire_text(a, row, "status");
	bool reply = strcmp(wire_text(a, row, "direction"), "inbound") == 0;

	*r = (struct receipt){ .channel = CHANNEL_SMS,
		.provider_id = wire_text(a, row, "sid"),
		.ref = "",
		.from = wire_text(a, row, reply ? "from" : "to"),
		.text = reply ? wire_text(a, row, "body") : "",
		.perr = "",
		.at = wire_date(wire_text(a, row, "date_sent")),
		.raw = "" };
	if (!twilio_word(word, &r->kind) || reply != (r->kind == RECEIPT_REPLY) ||
	    r->kind == RECEIPT_SENT || r->provider_id[0] == '\0' ||
	    strlen(r->provider_id) > TWILIO_ID_MAX || r->from[0] == '\0' ||
	    (!is_of_account(acc, row, reply, a) && !may_answer(acc, row, reply, a)))
		return false;
	r->answers = may_answer(acc, row, reply, a);
	if (r->kind == RECEIPT_FAILED)
		twilio_failure(wire_text(a, row, "error_code"), r);
	/* When it failed or arrived is not told. */
	if (!reply)
		r->at = 0;
	r->key = twilio_key(r, word, a);
	return true;
}

/* The page behind this one, a path below our own account; "": it is the last. */
static const char *
next_page(const struct account *acc, const json_t *j, struct arena *a, bool *odd)
{
	const char *uri = wire_text(a, j, "next_page_uri");

	*odd = uri[0] != '\0' &&
	       (strlen(uri) > PAGE_URI_MAX || strpbrk(uri, " \r\n\t#@\\") != NULL ||
		   !g_str_has_prefix(uri, twilio_path(acc, a, "Messages.json?")));
	return uri;
}

static int
read_page(const struct account *acc, const json_t *j, struct arena *a,
    struct receipt **out, int *n, struct pull_place *at, bool *odd)
{
	const json_t *rows = json_object_get(j, "messages");

	if (!json_is_array(rows))
		return -1;
	at->page = next_page(acc, j, a, odd);
	*n = 0;
	*out = arena_array(a, struct receipt, json_array_size(rows) + 1);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		ms_t sent = wire_date(wire_text(a, row, "date_sent"));

		at->newest = MAX(at->newest, sent / MS_SECOND);
		*n += read_row(acc, row, a, &(*out)[*n]);
	}
	return *odd ? -1 : 0;
}

int
twilio_pull_answer(const struct account *acc, int status, const char *body, size_t len,
    struct arena *a, struct receipt **out, int *n, const char **cursor, bool *more,
    struct answer *why)
{
	struct pull_place at = pull_place_of(*cursor);
	bool paged = at.page != NULL, odd = false;
	json_t *j = wire_load(body, len);
	int rc = -1;

	g_snprintf(why->perr, sizeof why->perr, "http-%d", status);
	if (status == 200)
		rc = read_page(acc, j, a, out, n, &at, &odd);
	if (odd)
		g_strlcpy(why->perr, "next_page_uri", sizeof why->perr);
	if (status == 429)
		why->outcome = OUTCOME_REFUSED_RETRY;
	if (pull_place_forgotten(&at, paged, status))
		rc = *n = 0;
	if (rc == 0)
		*cursor = pull_place_cursor(&at, a, more);
	json_decref(j);
	return rc;
}
