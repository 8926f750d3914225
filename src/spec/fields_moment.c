#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

int
fields_count(const char *s, int max, int *out)
{
	double n = 0;

	*out = 0;
	if (fields_number(s, &n) != 0 || n > max || n != floor(n))
		return -1;
	*out = (int)n;
	return 0;
}

/* "10:30", "10:30:00", "9:05" at p; -1: none. */
static int
time_of_day(const char *p)
{
	int hour, minute;
	char *end;

	if (!g_ascii_isdigit(*p))
		return -1;
	hour = (int)strtol(p, &end, 10);
	if (*end != ':' || !g_ascii_isdigit(end[1]))
		return -1;
	minute = (int)strtol(end + 1, &end, 10);
	return hour > 23 || minute > 59 || (*end != '\0' && *end != ':')
		   ? -1
		   : hour * 60 + minute;
}

/* The part of a spreadsheet's serial behind its point is the time of day. */
static int
serial_minute(const char *s)
{
	const char *dot = strchr(s, '.');

	return dot == NULL || strspn(s, "0123456789.") != strlen(s)
		   ? -1
		   : (int)(g_ascii_strtod(dot, NULL) * 1440 + 0.5) % 1440;
}

enum field_date
fields_moment(const char *s, bool from_1904, struct date *out, int *minute, ms_t *at)
{
	const char *gap = strrchr(s, ' ');
	int found = -1;

	*at = 0;
	*minute = 0;
	if (clock_parse(s, at) == 0) {
		*out = (struct date){ 0 };
		return DATE_READ;
	}
	*at = 0;
	if (gap == NULL)
		gap = strchr(s, 'T');
	if (gap != NULL && gap > s && gap[1] != '\0') {
		found = time_of_day(gap + 1);
		/* An appointment at 25:00 is none at midnight. */
		if (found < 0)
			return DATE_BAD;
	}
	if (found < 0)
		found = serial_minute(s);
	*minute = MAX(found, 0);
	return fields_date(s, from_1904, out);
}
