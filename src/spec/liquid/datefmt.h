/* datefmt.h - instants as text by Ruby's strftime directives, and text as instants. Pure.
 */
#ifndef SPEC_LIQUID_DATEFMT_H
#define SPEC_LIQUID_DATEFMT_H

#include <stdbool.h>

#include <glib.h>

#include "base/clock.h"
#include "base/zone.h"

/* %Y %-m %^a ...; an unknown directive is printed as it is. zone NULL: UTC. */
void datefmt_append(
    GString *to, const char *format, size_t len, ms_t at, const struct zone *zone);

/* "2026-11-22", "2026-11-22 10:30", RFC 3339, "March 14, 2026", "14 Mar 2026 10:30",
 * "Sun Nov 22 10:30:00 2026". Without an offset it is local time in the zone. */
bool datefmt_parse(const char *text, size_t len, const struct zone *zone, ms_t *out);

#endif
