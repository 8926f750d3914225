/* postmark_pull.c - asking Postmark for what it took, what came back and who wants no more.
 *
 * For each stream three lists are gone through. What was delivered stands in none of them: that is
 * asked mail by mail (postmark_query.c). Their days begin and end in New York, so a
 * round asks from the day before if need be, and leaves out what is older than an hour before the
 * newest that was seen: rows are listed late. */
#include "postmark.h"

#include <stdio.h>
#include <string.h>

#include "mail_json.h"

#define OVERLAP MS_HOUR
#define FIRST MS_HOUR          /* an account that was never asked */
#define NEW_YORK (5 * MS_HOUR) /* at most so far behind */
#define ROWS 100               /* it lists 500; an answer must fit in memory here */
#define LAST 10000             /* count and offset together */

enum list { BOUNCES, TAKEN, SUPPRESSIONS, LISTS };

/* "SINCE" the newest that was seen; within a round also the newest of it, which list, and how many
 * of its rows were read. */
struct place {
	long long since, newest;
	int step, offset;
};

static struct place
place_of(const char *cursor)
{
	struct place at = { 0 };

	(void)sscanf(
	    cursor, "%lld %lld %d %d", &at.since, &at.newest, &at.step, &at.offset);
	return at;
}

static const char *
stream_of(const struct account *acc, int step)
{
	return postmark_stream(acc, step < LISTS ? CATEGORY_SERVICE : CATEGORY_MARKETING);
}

static int
steps_of(const struct account *acc)
{
	return strcmp(stream_of(acc, 0), stream_of(acc, LISTS)) == 0 ? LISTS : 2 * LISTS;
}

int
postmark_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e)
{
	const struct place at = place_of(cursor);
	ms_t since = (at.since > 0 ? at.since : sig_ts - FIRST) - OVERLAP - NEW_YORK;
	const char *day = wire_utc(a, since, "%Y-%m-%d"),
		   *stream = postmark_escaped(a, stream_of(acc, at.step)), *path;

	(void)cfg;
	(void)ticket;
	(void)e;
	if (at.step % LISTS == SUPPRESSIONS)
		path = arena_printf(
		    a, "/message-streams/%s/suppressions/dump?fromdate=%s", stream, day);
	else
		path =
		    arena_printf(a, "%s?count=%d&offset=%d&fromdate=%s&messageStream=%s",
			at.step % LISTS == BOUNCES ? "/bounces" : "/messages/outbound",
			ROWS, at.offset, day, stream);
	wire_get(out, provider_url(acc, a, path));
	postmark_auth(acc, a, out);
	return 0;
}

/* ---- rows ---- */

/* Several accounts may share a server. */
static bool
is_of_account(const struct account *acc, const json_t *row, struct arena *a)
{
	const char *from = wire_text(a, row, "From");

	return *from == '\0' || strstr(from, provider_setting(acc, "from")) != NULL;
}

/* That it was taken says nothing new of most; a lost answer it settles. */
static bool
read_taken(const json_t *row, struct arena *a, struct receipt *r)
{
	r->kind = RECEIPT_SENT;
	r->ref = wire_text(a, json_object_get(row, "Metadata"), "reach_id");
	r->provider_id = wire_text(a, row, "MessageID");
	r->at = mail_json_time(wire_text(a, row, "ReceivedAt"));
	r->key = arena_printf(a, "Taken %s", r->provider_id);
	return *r->ref != '\0' && *r->provider_id != '\0';
}

/* Bounces and complaints have lists of their own. */
static bool
read_suppression(const json_t *row, struct arena *a, struct receipt *r)
{
	r->kind = RECEIPT_UNSUBSCRIBE;
	r->perr = wire_text(a, row, "SuppressionReason");
	r->from = mail_json_address(a, wire_text(a, row, "EmailAddress"));
	r->at = mail_json_time(wire_text(a, row, "CreatedAt"));
	r->key = postmark_change_key(r, a);
	return strcmp(r->perr, "ManualSuppression") == 0 && *r->from != '\0';
}

static bool
read_row(const struct account *acc, int step, const json_t *row, struct arena *a,
    struct receipt *r)
{
	*r = (struct receipt){ .channel = CHANNEL_EMAIL,
		.ref = "",
		.provider_id = "",
		.from = "",
		.text = "",
		.perr = "",
		.raw = "" };
	switch (step % LISTS) {
	case BOUNCES:
		return postmark_record(
			   strcmp(wire_text(a, row, "Type"), "SpamComplaint") == 0
			       ? "SpamComplaint"
			       : "Bounce",
			   row, a, r) &&
		       is_of_account(acc, row, a) && !r->broken;
	case TAKEN:
		return read_taken(row, a, r) && is_of_account(acc, row, a);
	default:
		return read_suppression(row, a, r);
	}
}

static int
read_page(const struct account *acc, const json_t *j, struct arena *a,
    struct receipt **out, int *n, struct place *at)
{
	static const char *const names[LISTS] = { "Bounces", "Messages", "Suppressions" };
	const json_t *rows = json_object_get(j, names[at->step % LISTS]);
	size_t size = json_array_size(rows);
	bool old = false;

	if (!json_is_array(rows))
		return -1;
	*n = 0;
	*out = arena_array(a, struct receipt, size + 1);
	for (size_t i = 0; i < size; i++) {
		struct receipt *r = &(*out)[*n];
		bool counts = read_row(acc, at->step, json_array_get(rows, i), a, r);

		at->newest = MAX(at->newest, r->at);
		old = r->at != 0 && r->at < at->since - OVERLAP;
		*n += counts && !old;
	}
	at->offset += (int)size;
	/* What it took comes newest first. */
	if (size < ROWS || at->offset + ROWS > LAST || at->step % LISTS == SUPPRESSIONS ||
	    (old && at->step % LISTS == TAKEN)) {
		at->step++;
		at->offset = 0;
	}
	return 0;
}

static const char *
cursor_of(const struct place *at, bool more, struct arena *a)
{
	long long since = MAX(at->since, at->newest);

	if (more)
		return arena_printf(
		    a, "%lld %lld %d %d", at->since, at->newest, at->step, at->offset);
	return since == 0 ? "" : arena_printf(a, "%lld", since);
}

int
postmark_pull_answer(const struct account *acc, int status, const char *body, size_t len,
    struct arena *a, struct receipt **out, int *n, const char **cursor, bool *more,
    struct answer *why)
{
	struct place at = place_of(*cursor);
	json_t *j = wire_load(body, len);
	int rc = -1;

	g_snprintf(why->perr, sizeof why->perr, "http-%d", status);
	if (status == 200)
		rc = read_page(acc, j, a, out, n, &at);
	if (status == 429)
		why->outcome = OUTCOME_REFUSED_RETRY;
	/* A stream that is not there keeps no other's from being read; who sends by it is told. */
	if (status == 404 || status == 422) {
		at.step++;
		at.offset = *n = 0;
		rc = 0;
	}
	if (rc == 0) {
		*more = at.step < steps_of(acc);
		*cursor = cursor_of(&at, *more, a);
	}
	json_decref(j);
	return rc;
}
