/* every.h - what comes round with the calendar: the seventh day before a quarter ends,
 * the first of the month. Pure. */
#ifndef CORE_EVERY_H
#define CORE_EVERY_H

#include "base/zone.h"

enum period { PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR, PERIODS };
extern const char *const period_names[]; /* NULL-terminated */

struct every {
	enum period unit;
	int day;    /* 1: the first; -1: the last; -7: seven days before it is over */
	int minute; /* of the day */
};

/* The instant of one period, counted from 1970; a day that a short period does not have
 * is its last, or its first. Weeks begin on Monday. */
ms_t every_at(const struct every *e, const struct zone *z, int64_t period);
/* The period whose instant is the last at or before `at`. */
int64_t every_last(const struct every *e, const struct zone *z, ms_t at);

#endif
