/* clock.h - instants and durations as numbers and as text.
 *
 * An instant is milliseconds since 1970-01-01T00:00:00Z (ms_t); a duration is
 * milliseconds too. Nothing here reads a clock. Any thread. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef int64_t ms_t;

#define MS_SECOND ((ms_t)1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)
#define MS_NEVER INT64_MAX

/* A civil date, proleptic Gregorian. */
struct date {
	int year, month, day;
};

/* RFC 3339 with offset, "2026-11-22T10:30:00+08:00"; fractions are read to the
 * millisecond. Returns 0, or -1 if the text is not exactly such an instant. */
int clock_parse(const char *text, ms_t *out);
/* buf needs CLOCK_TEXT bytes; offset in minutes east of UTC. Whole seconds. */
#define CLOCK_TEXT 40
char *clock_format(ms_t at, int offset_minutes, char *buf);

/* "90m", "2h", "3d" and sums of them "1h30m"; a day is 24 h here. "0" is refused.
 * Returns -1 on anything else or on overflow. */
int clock_duration(const char *text, ms_t *out);
char *clock_duration_format(ms_t d, char *buf /* CLOCK_TEXT */);

/* "HH:MM" (00:00-24:00) to minutes of the day; -1 if it is not one. */
int clock_minutes(const char *text);

/* Days since 1970-01-01 and back; date_days() of a date that does not exist is
 * refused by date_valid(). Weekday: 0 = Monday. */
bool date_valid(struct date d);
int64_t date_days(struct date d);
struct date date_from_days(int64_t days);
int date_weekday(int64_t days);
/* "2026-11-22" exactly. */
int date_parse(const char *text, struct date *out);

#endif
