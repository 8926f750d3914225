/* mailgun_pull.c - asking Mailgun for all events of the domain since the last ones.
 *
 * They are the same that it posts, under the same ids. Each round goes back an hour: events are
 * listed late and out of order. A page names the next; the last one is empty. */
#include "mailgun.h"

#include <string.h>

#include "pull_place.h"

#define OVERLAP (60 * 60) /* seconds */
#define FIRST (60 * 60)   /* an account that was never asked */
#define ROWS "50"         /* an event may have some kilobytes */
#define PAGE_MAX 1500     /* a cursor is kept */
#define PAGE_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_=.~%"

/* An event of the future moves nothing past now. */
static const char *
first_page(const struct pull_place *at, ms_t now, struct arena *a)
{
	long long sec = now / MS_SECOND,
		  since = at->since > 0 ? MIN(at->since, sec) : sec - FIRST;

	return arena_printf(a, "?begin=%lld&ascending=yes&limit=" ROWS, since - OVERLAP);
}

int
mailgun_pull(const struct account *acc, const struct config *cfg, const char *cursor,
    const char *ticket, ms_t sig_ts, struct arena *a, struct provider_request *out,
    struct err *e)
{
	const struct pull_place at = pull_place_of(cursor);
	const char *path =
	    arena_printf(a, "/v3/%s/events", provider_setting(acc, "domain"));

	(void)cfg;
	(void)ticket;
	(void)e;
	path = at.page != NULL
		   ? arena_printf(a, "%s/%s", path, at.page)
		   : arena_printf(a, "%s%s", path, first_page(&at, sig_ts, a));
	wire_get(out, provider_url(acc, a, path));
	wire_basic(out, a, "api", provider_setting(acc, "events_key"));
	return 0;
}

/* Of the domain's events those of our mails, and whatever stops an address. Several accounts
 * may share a domain; answers that a route forwards are events, too. */
static bool
is_ours(const struct account *acc, const json_t *data, const struct receipt *r,
    struct arena *a)
{
	const json_t *headers =
	    json_object_get(json_object_get(data, "message"), "headers");
	const char *from = wire_text(a, headers, "from");
	const json_t *ref =
	    json_object_get(json_object_get(data, "user-variables"), "reach-id");

	if (json_is_true(json_object_get(json_object_get(data, "flags"), "is-routed")))
		return false;
	if (*from != '\0' && strstr(from, provider_setting(acc, "from")) == NULL)
		return false;
	return ref != NULL || wire_stops(r);
}

/* What names the next page, the end of its address: the host is the account's own. */
static const char *
next_page(const json_t *j, struct arena *a)
{
	const char *next = wire_text(a, json_object_get(j, "paging"), "next"),
		   *name = strrchr(next, '/');

	return name == NULL || strstr(next, "/events/") == NULL ? "" : name + 1;
}

static int
read_page(const struct account *acc, const json_t *j, struct arena *a,
    struct receipt **out, int *n, struct pull_place *at)
{
	const json_t *rows = json_object_get(j, "items");
	size_t size = json_array_size(rows);

	if (!json_is_array(rows))
		return -1;
	*n = 0;
	*out = arena_array(a, struct receipt, size + 1);
	at->page = size == 0 ? "" : next_page(j, a);
	if (size > 0 && (*at->page == '\0' || strlen(at->page) > PAGE_MAX ||
			    at->page[strspn(at->page, PAGE_CHARS)] != '\0'))
		return -1;
	for (size_t i = 0; i < size; i++) {
		const json_t *data = json_array_get(rows, i);
		struct receipt *r = &(*out)[*n];
		long long stamp = (long long)mailgun_seconds(data);

		at->newest = MAX(at->newest, stamp);
		*n += mailgun_event(data, wire_key(a, wire_raw(a, data)), a, r) &&
		      is_ours(acc, data, r, a);
	}
	return 0;
}

int
mailgun_pull_answer(const struct account *acc, int status, const char *body, size_t len,
    struct arena *a, struct receipt **out, int *n, const char **cursor, bool *more,
    struct answer *why)
{
	struct pull_place at = pull_place_of(*cursor);
	bool paged = at.page != NULL;
	json_t *j = wire_load(body, len);
	int rc = -1;

	g_snprintf(why->perr, sizeof why->perr, "http-%d", status);
	if (status == 200)
		rc = read_page(acc, j, a, out, n, &at);
	if (status == 429)
		why->outcome = OUTCOME_REFUSED_RETRY;
	if (pull_place_forgotten(&at, paged, status))
		rc = *n = 0;
	if (rc == 0)
		*cursor = pull_place_cursor(&at, a, more);
	json_decref(j);
	return rc;
}
