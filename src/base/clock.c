/* clock.c - instants, durations and dates to text and back. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

/* Exactly n digits; -1 if there are not. */
static int
digits(const char *s, int n)
{
	int i, v = 0;

	for (i = 0; i < n; i++) {
		if (!g_ascii_isdigit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

bool
date_valid(struct date d)
{
	static const int8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap;

	if (d.year < 0 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
	return d.day <= lengths[d.month - 1] + (d.month == 2 && leap);
}

/* Days are counted in eras of 400 years (146,097 days) from 0000-03-01, so that the
 * leap day is the last of its year. 719,468 days lie between that and 1970. */
int64_t
date_days(struct date d)
{
	int64_t y = (int64_t)d.year - (d.month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct date
date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	struct date d;

	d.day = (int)(of_year - (153 * m + 2) / 5 + 1);
	d.month = (int)(m < 10 ? m + 3 : m - 9);
	d.year = (int)(y + era * 400 + (d.month <= 2));
	return d;
}

int
date_weekday(int64_t days)
{
	int64_t w = (days + 3) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 7 : w);
}

/* The ten characters of a date, whatever follows. */
static int
parse_date(const char *s, struct date *out)
{
	struct date d;

	if ((d.year = digits(s, 4)) < 0 || s[4] != '-' ||
	    (d.month = digits(s + 5, 2)) < 0 || s[7] != '-' ||
	    (d.day = digits(s + 8, 2)) < 0 || !date_valid(d))
		return -1;
	*out = d;
	return 0;
}

int
date_parse(const char *text, struct date *out)
{
	return strlen(text) == 10 ? parse_date(text, out) : -1;
}

/* ".5", ".123456": milliseconds, the rest is dropped. Moves *s behind it. */
static int
parse_fraction(const char **s)
{
	int ms = 0, scale = 100;
	const char *p = *s;

	if (*p != '.')
		return 0;
	if (!g_ascii_isdigit(*++p))
		return -1;
	for (; g_ascii_isdigit(*p); p++, scale /= 10)
		ms += (*p - '0') * scale;
	*s = p;
	return ms;
}

/* "Z" or "+08:00" up to the end of the text, in minutes. */
static int
parse_offset(const char *s, int *minutes)
{
	int h, m;

	*minutes = 0;
	if ((*s == 'Z' || *s == 'z') && s[1] == '\0')
		return 0;
	if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
		return -1;
	h = digits(s + 1, 2);
	m = digits(s + 4, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	*minutes = (*s == '-' ? -1 : 1) * (h * 60 + m);
	return 0;
}

int
clock_parse(const char *text, ms_t *out)
{
	int h, m, s, fraction, offset;
	const char *p;
	struct date d;

	if (strlen(text) < 20 || parse_date(text, &d) < 0 ||
	    (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
		return -1;
	h = digits(text + 11, 2);
	m = digits(text + 14, 2);
	s = digits(text + 17, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59)
		return -1;
	p = text + 19;
	if ((fraction = parse_fraction(&p)) < 0 || parse_offset(p, &offset) < 0)
		return -1;
	*out = date_days(d) * MS_DAY + (h * 60 + m - offset) * MS_MINUTE + s * MS_SECOND +
	       fraction;
	return 0;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

char *
clock_format(ms_t at, int offset_minutes, char *buf)
{
	int64_t seconds = floor_div(at, MS_SECOND) + (int64_t)offset_minutes * 60;
	int64_t days = floor_div(seconds, 86400);
	int of_day = (int)(seconds - days * 86400);
	int east = offset_minutes < 0 ? -offset_minutes : offset_minutes;
	struct date d = date_from_days(days);

	g_snprintf(buf, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", d.year,
	    d.month, d.day, of_day / 3600, of_day / 60 % 60, of_day % 60,
	    offset_minutes < 0 ? '-' : '+', east / 60, east % 60);
	return buf;
}

static const struct unit {
	char letter;
	ms_t ms;
} units[] = { { 'd', MS_DAY }, { 'h', MS_HOUR }, { 'm', MS_MINUTE }, { 's', MS_SECOND } };

int
clock_duration(const char *text, ms_t *out)
{
	ms_t n, part, total = 0;
	const char *p = text;
	size_t u = 0;

	while (*p != '\0') {
		if (!g_ascii_isdigit(*p))
			return -1;
		for (n = 0; g_ascii_isdigit(*p); p++) {
			if (__builtin_mul_overflow(n, 10, &n) ||
			    __builtin_add_overflow(n, *p - '0', &n))
				return -1;
		}
		/* Larger units come first, each at most once. */
		while (u < G_N_ELEMENTS(units) && units[u].letter != *p)
			u++;
		if (u == G_N_ELEMENTS(units))
			return -1;
		if (__builtin_mul_overflow(n, units[u].ms, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return -1;
		u++;
		p++;
	}
	if (total == 0)
		return -1;
	*out = total;
	return 0;
}

char *
clock_duration_format(ms_t d, char *buf)
{
	uint64_t left = d < 0 ? -(uint64_t)d : (uint64_t)d;
	int n = 0;
	size_t u;

	if (d < 0)
		buf[n++] = '-';
	for (u = 0; u < G_N_ELEMENTS(units); u++) {
		uint64_t count = left / (uint64_t)units[u].ms;

		if (count > 0)
			n += g_snprintf(buf + n, (gulong)(CLOCK_TEXT - n),
			    "%" G_GUINT64_FORMAT "%c", count, units[u].letter);
		left %= (uint64_t)units[u].ms;
	}
	if (left > 0)
		g_snprintf(
		    buf + n, (gulong)(CLOCK_TEXT - n), "%" G_GUINT64_FORMAT "ms", left);
	else if (d == 0)
		strcpy(buf, "0s");
	return buf;
}

int
clock_minutes(const char *text)
{
	int h, m;

	if (strlen(text) != 5 || text[2] != ':' || (h = digits(text, 2)) < 0 ||
	    (m = digits(text + 3, 2)) < 0 || m > 59 || h * 60 + m > 24 * 60)
		return -1;
	return h * 60 + m;
}
