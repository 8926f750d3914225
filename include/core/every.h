/* every.h - what comes round with the calendar: the seventh day before a quarter ends, the
 * first of the month, a feast. Pure.
 *
 * A period is numbered: weeks, months, quarters and years in a row; a feast's lasts from
 * it to the next one of its name, and its number is its day. */
#ifndef CORE_EVERY_H
#define CORE_EVERY_H

#include "base/zone.h"
#include "core/feast.h"

enum period {
	PERIOD_WEEK,
	PERIOD_MONTH,
	PERIOD_QUARTER,
	PERIOD_YEAR,
	PERIOD_FEAST,
	PERIODS
};
extern const char *const period_names[]; /* NULL-terminated, without the feasts */

struct every {
	enum period unit;
	enum feast feast; /* with PERIOD_FEAST */
	int day;    /* 1: the first; -1: the last; -7: seven days before it is over */
	int minute; /* of the day */
};

/* The instant of one period; a day that a short period does not have is its last, or its
 * first. Weeks begin on Monday. MS_NEVER: beyond the table of feasts. */
ms_t every_at(const struct every *e, const struct zone *z, int64_t period);
/* The period whose instant is the last at or before `at`, and the one after it. */
int64_t every_last(const struct every *e, const struct zone *z, ms_t at);
int64_t every_after(const struct every *e, int64_t period);

#endif
