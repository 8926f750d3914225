/* quiet.h - may this customer be disturbed now, and if not, when is the next instant?
 *
 * Each window on each local date is an absolute interval: its start is the
 * earlier instant when the wall time occurs twice, its end the later; a wall time
 * that does not exist is the first instant after the gap. "Is it
 * quiet" and "next allowed" both use these intervals. House windows, the
 * provider's hours and calendar closures are joined. Pure; any thread.
 *
 * A window with weekdays goes by the calendars: a listed holiday counts as Sunday,
 * a listed make-up workday as Monday (listed as both: as a holiday). Windows of all
 * seven days are not touched by this. `urgent` leaves house windows aside, but not
 * closures (those say themselves what they allow) and not the provider's hours. */
#ifndef CORE_QUIET_H
#define CORE_QUIET_H

#include "base/zone.h"
#include "core/policy.h"

struct quiet_query {
	const struct policy *policy;
	const struct zone *zone;
	enum channel channel;
	enum category category;
	bool urgent, greeting;
	int open_from, open_to; /* provider hours in minutes, -1: always */
};

/* How long before a window the last submission may begin, beyond the HTTP time:
 * 10 min for SMS (carrier queues), else 1 min. */
ms_t quiet_lead(enum channel channel);

struct quiet_answer {
	bool quiet;        /* [now, now + span) touches a quiet interval */
	const char *rule;  /* id of the window, "closure", or "provider"; "" when not quiet */
	struct pos at;     /* its place; none for "provider" */
	ms_t next;         /* the first instant from which [t, t + span) is free; MS_NEVER: none within 400 days */
	ms_t until;        /* when not quiet: start of the next quiet interval; MS_NEVER: none */
	ms_t earlier;      /* when quiet: the last instant before, t + span still free; or 0: none within 2 days */
};
void quiet_ask(const struct quiet_query *q, ms_t now, ms_t span, struct quiet_answer *out);

/* Fewest open minutes on any ordinary weekday, for the check (at least 240). */
int quiet_open_minutes(const struct policy *p, enum channel channel, enum category category);

/* Milliseconds of [from, to) that closures of the calendar cover, for expiry. */
ms_t quiet_closed(const struct policy *p, const struct zone *z, ms_t from, ms_t to);

#endif
