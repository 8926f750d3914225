/* datefmt_parse.c - text as an instant: the forms that data and people use. */
#include <string.h>

#include "datefmt.h"

struct parts {
	int year, month, day; /* 0: not seen */
	int hour, minute, second, ms;
	bool has_time, has_offset;
	int offset; /* seconds east */
};

static bool
number(const char **p, int min, int max, int *out)
{
	int n = 0, v = 0;

	while (n < max && g_ascii_isdigit((*p)[n]))
		v = v * 10 + ((*p)[n++] - '0');
	if (n < min)
		return false;
	*p += n;
	*out = v;
	return true;
}

/* "+08:00", "+0800", "+08", "Z", "UTC", "GMT" */
static bool
read_offset(const char **p, struct parts *t)
{
	int hours, minutes = 0, sign = **p == '-' ? -1 : 1;

	if (**p == 'z' || strncmp(*p, "utc", 3) == 0 || strncmp(*p, "gmt", 3) == 0) {
		*p += **p == 'z' ? 1 : 3;
		t->has_offset = true;
		return true;
	}
	if (**p != '+' && **p != '-')
		return true;
	(*p)++;
	if (!number(p, 2, 2, &hours))
		return false;
	*p += **p == ':';
	number(p, 2, 2, &minutes);
	t->offset = sign * (hours * 3600 + minutes * 60);
	t->has_offset = true;
	return hours < 24 && minutes < 60;
}

/* "10:30", "10:30:05.250", "10:30 pm" */
static bool
read_time(const char **p, struct parts *t)
{
	const char *digits;
	int fraction;

	if (!number(p, 1, 2, &t->hour) || **p != ':')
		return false;
	(*p)++;
	if (!number(p, 2, 2, &t->minute))
		return false;
	if (**p == ':') {
		(*p)++;
		if (!number(p, 2, 2, &t->second))
			return false;
	}
	if (**p == '.') {
		digits = ++*p;
		if (!number(p, 1, 3, &fraction))
			return false;
		for (long n = *p - digits; n < 3; n++)
			fraction *= 10;
		t->ms = fraction;
		while (g_ascii_isdigit(**p))
			(*p)++;
	}
	while (**p == ' ')
		(*p)++;
	if ((**p == 'a' || **p == 'p') && (*p)[1] == 'm') {
		t->hour = t->hour % 12 + (**p == 'p' ? 12 : 0);
		*p += 2;
		while (**p == ' ')
			(*p)++;
	}
	t->has_time = true;
	return t->hour <= 24 && t->minute < 60 && t->second <= 60 && read_offset(p, t);
}

static bool
read_month(const char **p, int *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++) {
		if (strncmp(*p, names + i * 3, 3) == 0) {
			*month = i + 1;
			while (g_ascii_isalpha(**p))
				(*p)++;
			return true;
		}
	}
	return false;
}

static void
skip_weekday(const char **p)
{
	static const char *const names[] = { "sun", "mon", "tue", "wed", "thu", "fri",
		"sat" };

	for (int i = 0; i < 7; i++) {
		if (strncmp(*p, names[i], 3) == 0) {
			while (g_ascii_isalpha(**p) || **p == '.')
				(*p)++;
			break;
		}
	}
}

/* Year first: 2026-11-22, 2026/11/22, 2026-11 */
static bool
read_numeric_date(const char **p, struct parts *t)
{
	const char *start = *p;
	char sep;

	if (!number(p, 4, 4, &t->year) || (**p != '-' && **p != '/')) {
		*p = start;
		t->year = 0;
		return false;
	}
	sep = *(*p)++;
	if (!number(p, 1, 2, &t->month))
		return false;
	t->day = 1;
	if (**p == sep) {
		(*p)++;
		if (!number(p, 1, 2, &t->day))
			return false;
	}
	if (**p == 't' && g_ascii_isdigit((*p)[1]))
		(*p)++;
	return true;
}

/* Words and numbers in any order: "march 14, 2016", "14 mar 2016", "nov 22 10:30:00
 * 2026". */
static bool
read_words(const char **p, struct parts *t)
{
	const char *time, *start;
	int n;

	for (;;) {
		while (**p == ' ' || **p == ',' || **p == '.' || **p == '\t')
			(*p)++;
		start = time = *p;
		if (**p == '\0')
			break;
		if (g_ascii_isdigit(**p) && strcspn(time, ":") <= 2) {
			if (t->has_time || !read_time(p, t))
				return false;
			continue;
		}
		if (g_ascii_isalpha(**p)) {
			if (t->month != 0 || !read_month(p, &t->month))
				return false;
			continue;
		}
		if (!number(p, 1, 4, &n))
			return false;
		if (*p - start > 2 && t->year == 0)
			t->year = n;
		else if (*p - start <= 2 && t->day == 0)
			t->day = n;
		else
			return false;
		if (strncmp(*p, "th", 2) == 0 || strncmp(*p, "st", 2) == 0 ||
		    strncmp(*p, "nd", 2) == 0 || strncmp(*p, "rd", 2) == 0)
			*p += 2;
	}
	return t->month != 0 && t->day != 0 && t->year != 0;
}

static bool
read_parts(const char *p, struct parts *t)
{
	while (*p == ' ')
		p++;
	skip_weekday(&p);
	if (read_numeric_date(&p, t)) {
		while (*p == ' ')
			p++;
		if (*p != '\0' && !read_time(&p, t))
			return false;
		while (*p == ' ')
			p++;
		return *p == '\0';
	}
	return t->year == 0 && read_words(&p, t);
}

bool
datefmt_parse(const char *text, size_t len, const struct zone *zone, ms_t *out)
{
	struct parts t = { 0 };
	char copy[64];
	int64_t day;
	ms_t base;

	if (len == 0 || len >= sizeof(copy))
		return false;
	for (size_t i = 0; i < len; i++)
		copy[i] = g_ascii_tolower(text[i]);
	copy[len] = '\0';
	if (!read_parts(copy, &t) || !date_valid((struct date){ t.year, t.month, t.day }))
		return false;
	day = date_days((struct date){ t.year, t.month, t.day });
	if (t.has_offset || zone == NULL)
		base = day * MS_DAY + (t.hour * 60 + t.minute) * MS_MINUTE -
		       t.offset * MS_SECOND;
	else
		base = zone_instant(zone, day, t.hour * 60 + t.minute);
	*out = base + t.second * MS_SECOND + t.ms;
	return true;
}
