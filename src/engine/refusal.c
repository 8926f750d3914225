#include "refusal.h"

#include <string.h>

#include "base/log.h"
#include "store/event.h"

/* Fewer in an hour are no flood, three times the busiest hour of the last weeks is. */
#define LEAST 30
#define TIMES 3

/* Nothing is held up for it: they count all the same. */
static int
alarm_of(struct work *w, const char *account, int64_t usual, struct err *e)
{
	log_error("refusals_flood", "account=%s usual=%" G_GINT64_FORMAT, account, usual);
	return alarm_add(w->store, w->now, "flood", 0, 0,
	    arena_printf(w->arena,
		"account %s brings more refusals in an hour than the %" G_GINT64_FORMAT
		" it has ever brought: all of them count; if they prove false, change "
		"its hook_secret, then `reachd undo optouts --account %s`",
		account, usual, account),
	    e);
}

static int
count(struct work *w, const char *account, struct err *e)
{
	int64_t n, usual;
	bool begins;
	int state;

	if (rush_add(w->store, account, w->now, &n, &state, e) != 0)
		return -1;
	if (n <= LEAST || state != RUSH_USUAL)
		return 0;
	if (rush_usual(w->store, account, w->now, &usual, e) != 0)
		return -1;
	if (n <= TIMES * usual)
		return 0;
	if (rush_flood(w->store, account, w->now, &begins, e) != 0)
		return -1;
	return begins ? alarm_of(w, account, usual, e) : 0;
}

static bool
is_account(const struct refusal *r)
{
	return *r->origin != '\0' && strcmp(r->src, "import") != 0;
}

int
refusal_add(
    struct work *w, int64_t h, int channel, const struct refusal *r, struct err *e)
{
	int known = is_account(r) ? optout_has(w->store, h, channel, e) : 1;

	if (known < 0 || optout_add(w->store, h, channel, r, e) != 0)
		return -1;
	return known == 1 ? 0 : count(w, r->origin, e);
}

struct refusal
refusal_now(const struct work *w, const char *src)
{
	return (
	    struct refusal){ .src = src, .origin = "", .at = w->now, .heard = w->now };
}

int
refusal_own(struct work *w, int64_t h, int channel, const char *src, struct err *e)
{
	const struct refusal r = refusal_now(w, src);

	return refusal_add(w, h, channel, &r, e);
}

int
refusal_kept(struct work *w, const struct message *m, struct err *e)
{
	ms_t since;

	if (m->channel != CHANNEL_EMAIL || m->category != CATEGORY_MARKETING)
		return 0;
	since = optout_since(w->store, m->address, m->channel, e);
	if (since <= 0 || since >= m->begun_at)
		return since < 0 ? -1 : 0;
	log_error("sent_after_optout", "msg=%" G_GINT64_FORMAT " account=%s", m->id,
	    m->account);
	return alarm_add(w->store, w->now, "after-optout", m->id, m->customer,
	    arena_printf(w->arena,
		"a marketing mail went by %s to somebody who had refused before it "
		"began: this must not happen; tell the makers of reachd",
		m->account),
	    e);
}

int
refusal_flood(struct work *w, const char *account, struct err *e)
{
	return *account == '\0' ? 0 : rush_on(w->store, account, w->now, e);
}

int
refusal_lift(
    struct work *w, const char *account, int64_t h, int channel, ms_t at, struct err *e)
{
	int flood = refusal_flood(w, account, e);

	if (flood != 0)
		return flood < 0 ? -1 : 0;
	return optout_lift(w->store, h, channel, at, e);
}
