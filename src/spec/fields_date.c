#include <stdlib.h>
#include <string.h>

#include "fields.h"

/* Takes min to max digits off *p; -1 when there are fewer. */
static int
date_digits(const char **p, int min, int max)
{
	int n = 0, value = 0;

	for (; n < max && g_ascii_isdigit((*p)[n]); n++)
		value = value * 10 + (*p)[n] - '0';
	*p += n;
	return n < min ? -1 : value;
}

static bool
date_skip(const char **p, const char *what)
{
	if (!g_str_has_prefix(*p, what))
		return false;
	*p += strlen(what);
	return true;
}

/* What may follow a date: nothing, or a time of day, which is not looked into. */
static bool
date_ended(const char *p)
{
	if (*p == '\0')
		return true;
	if (*p != ' ' && *p != 'T')
		return false;
	p++;
	return *p != '\0' && p[strspn(p, "0123456789:.+-Z ")] == '\0';
}

static enum field_date
date_judge(int year, int month, int day, struct date *out)
{
	struct date d = { year, month, day };

	if (year == 1900 && month == 1 && (day == 0 || day == 1))
		return DATE_DEFAULT;
	if (year < 1900 || year > 2100 || !date_valid(d))
		return DATE_BAD;
	*out = d;
	return DATE_READ;
}

/* Only digits: 20240305, or a serial number with or without a time behind the point. */
static enum field_date
date_number(const char *s, size_t digits, bool from_1904, struct date *out)
{
	int64_t days;
	const char *p = s;

	if (digits == 8 && date_ended(s + digits)) {
		int year = date_digits(&p, 4, 4), month = date_digits(&p, 2, 2);

		return date_judge(year, month, date_digits(&p, 2, 2), out);
	}
	if (digits == 1 && (*s == '0' || *s == '1') && s[1] == '\0')
		return *s == '0' ? DATE_NONE : DATE_DEFAULT;
	p = s + digits;
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if (digits != 5 || *p != '\0' ||
	    table_serial_days(atof(s), from_1904, &days) != 0)
		return DATE_BAD;
	struct date d = date_from_days(days);

	return date_judge(d.year, d.month, d.day, out);
}

static enum field_date
date_read(const char *s, bool from_1904, struct date *out)
{
	size_t digits = strspn(s, "0123456789");
	const char *p = s;

	if (s[digits] == '\0' || s[digits] == ' ' || digits == 5)
		return date_number(s, digits, from_1904, out);
	if (digits != 4)
		return DATE_BAD;
	int year = date_digits(&p, 4, 4), month, day;
	const char *mark = date_skip(&p, "年") ? "月" : "";
	char own[2] = { *p, '\0' };

	if (*mark == '\0') {
		if (strchr("-/.", *p) == NULL)
			return DATE_BAD;
		mark = own;
		p++;
	}
	p += strspn(p, " ");
	month = date_digits(&p, 1, 2);
	if (month < 0 || !date_skip(&p, mark))
		return DATE_BAD;
	p += strspn(p, " ");
	day = date_digits(&p, 1, 2);
	if (day < 0 || (mark != own && !date_skip(&p, "日") && !date_skip(&p, "号")))
		return DATE_BAD;
	return date_ended(p) ? date_judge(year, month, day, out) : DATE_BAD;
}

enum field_date
fields_date(const char *s, bool from_1904, struct date *out)
{
	bool wide = false;
	enum field_date got;

	*out = (struct date){ 0, 0, 0 };
	if (fields_blank(s))
		return DATE_NONE;
	for (const char *p = s; *p != '\0'; p++)
		wide |= *p < 0;
	if (!wide)
		return date_read(s, from_1904, out);
	char *plain = g_utf8_normalize(s, -1, G_NORMALIZE_ALL_COMPOSE);

	got = plain != NULL ? date_read(plain, from_1904, out) : DATE_BAD;
	g_free(plain);
	return got;
}
