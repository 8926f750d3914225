/* zone.h - time zones by tzdata name, each read once from GTimeZone into a table of its
 * offsets (2 ns for a look-up instead of 77).
 *
 * Only names such as "Asia/Shanghai" are zones. "GMT+8", "UTC+8", "CST", "8",
 * "+08:00", "posixrules" and unknown names are refused: GTimeZone reads "GMT+8"
 * as eight hours west and an unknown name as UTC. Zones live for the process;
 * zone_get() may be called from any thread, a zone used from any thread. Exact from
 * 1900 to 2200 as far as GLib is (2.74 misreads Ireland's winters from 2038 on). */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/clock.h"

struct zone;

const struct zone *zone_get(const char *name); /* NULL: not a zone */
const char *zone_name(const struct zone *z);
int zone_offset(const struct zone *z, ms_t at); /* seconds east of UTC at this instant */

struct local {
	struct date date;
	int64_t day;     /* date_days(date) */
	int minute;      /* of the day, 0..1439 */
	int weekday;     /* 0 = Monday */
	int offset;      /* seconds east */
};
void zone_local(const struct zone *z, ms_t at, struct local *out);

/* The instants of a wall time on a local day: *first and *last differ when it
 * occurs twice; when it does not exist both are the first instant after the gap.
 * minute may be 0..1440 (1440: midnight ending the day). */
void zone_instants(const struct zone *z, int64_t day, int minute, ms_t *first, ms_t *last);
/* The first of them. */
ms_t zone_instant(const struct zone *z, int64_t day, int minute);

/* Suggestion for a refused name ("Asia/Beijing" -> "Asia/Shanghai"), or NULL. */
const char *zone_suggest(const char *name);

#endif
