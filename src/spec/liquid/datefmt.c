/* datefmt.c - strftime as Ruby has it: flags, widths and all common directives. */
#include "datefmt.h"

#include <string.h>

static const char *const months[] = { "January", "February", "March", "April", "May",
	"June", "July", "August", "September", "October", "November", "December" };
static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday" };

/* An instant taken apart. */
struct moment {
	ms_t at;
	const struct zone *zone;
	struct date date;
	int hour, minute, second, ms;
	int weekday; /* 0 = Sunday */
	int day;     /* of the year, 0 = 1 January */
	int offset;  /* seconds east */
};

/* "%-10d": what stands between % and the letter. */
struct spec {
	char pad; /* 0: as the directive likes; '-' none, '0', '_' spaces */
	bool upper, swap;
	int colons;
	int width; /* 0: as the directive likes */
};

static struct moment
take_apart(ms_t at, const struct zone *zone)
{
	struct moment m = { .at = at, .zone = zone };
	int64_t seconds = at >= 0 ? at / 1000 : -((999 - at) / 1000), local, day;
	int rest;

	m.offset = zone == NULL ? 0 : zone_offset(zone, at);
	m.ms = (int)(at - seconds * 1000);
	local = seconds + m.offset;
	day = local >= 0 ? local / 86400 : -((86399 - local) / 86400);
	rest = (int)(local - day * 86400);
	m.date = date_from_days(day);
	m.hour = rest / 3600;
	m.minute = rest / 60 % 60;
	m.second = rest % 60;
	m.weekday = (date_weekday(day) + 1) % 7;
	m.day = (int)(day - date_days((struct date){ m.date.year, 1, 1 }));
	return m;
}

static void
put_number(GString *to, const struct spec *s, char pad, int width, int64_t n)
{
	char text[32];
	int len = g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, n < 0 ? -n : n);

	if (s->pad != 0)
		pad = s->pad == '_' ? ' ' : s->pad;
	if (s->width > 0)
		width = s->width;
	width -= n < 0;
	if (n < 0 && pad != ' ')
		g_string_append_c(to, '-');
	for (; pad != '-' && len < width; width--)
		g_string_append_c(to, pad);
	if (n < 0 && pad == ' ')
		g_string_append_c(to, '-');
	g_string_append(to, text);
}

static void
put_text(GString *to, const struct spec *s, const char *text, int len)
{
	int from = (int)to->len;

	for (int w = s->pad == '-' ? 0 : s->width; w > len; w--)
		g_string_append_c(to, s->pad == '0' ? '0' : ' ');
	g_string_append_len(to, text, len);
	for (gsize i = (gsize)from; i < to->len; i++) {
		if (s->upper)
			to->str[i] = g_ascii_toupper(to->str[i]);
		else if (s->swap)
			to->str[i] = g_ascii_isupper(to->str[i])
					 ? g_ascii_tolower(to->str[i])
					 : g_ascii_toupper(to->str[i]);
	}
}

static void
put_offset(GString *to, const struct spec *s, int offset)
{
	int east = offset < 0 ? -offset : offset;

	g_string_append_c(to, offset < 0 ? '-' : '+');
	g_string_append_printf(
	    to, "%02d%s%02d", east / 3600, s->colons > 0 ? ":" : "", east / 60 % 60);
	if (s->colons > 1)
		g_string_append_printf(to, ":%02d", east % 60);
}

static void
put_zone(GString *to, const struct spec *s, const struct moment *m)
{
	const char *name = "UTC";
	GTimeZone *zone = NULL;

	if (m->zone != NULL) {
		zone = g_time_zone_new_identifier(zone_name(m->zone));
		if (zone != NULL)
			name = g_time_zone_get_abbreviation(
			    zone, g_time_zone_find_interval(
				      zone, G_TIME_TYPE_UNIVERSAL, m->at / 1000));
	}
	put_text(to, s, name, (int)strlen(name));
	if (zone != NULL)
		g_time_zone_unref(zone);
}

static void
put_fraction(GString *to, const struct spec *s, int width, int ms)
{
	char text[32];
	int digits = s->width > 0 ? MIN(s->width, 20) : width;

	g_snprintf(text, sizeof(text), "%03d%017d", ms, 0);
	g_string_append_len(to, text, digits);
}

/* ISO 8601: the week that holds the year's first Thursday is week 1. */
static void
iso_week(const struct moment *m, int *year, int *week)
{
	int64_t day = date_days(m->date), thursday = day - (m->weekday + 6) % 7 + 3;

	*year = date_from_days(thursday).year;
	*week = (int)((thursday - date_days((struct date){ *year, 1, 1 })) / 7) + 1;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Directives that stand for others. */
static const char *
composite(char c)
{
	switch (c) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'r':
		return "%I:%M:%S %p";
	case 'R':
		return "%H:%M";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	case 'v':
		return "%e-%^b-%Y";
	case '+':
		return "%a %b %e %H:%M:%S %Z %Y";
	default:
		return NULL;
	}
}

static bool
put_name(GString *to, struct spec *s, char c, const struct moment *m)
{
	const char *name;
	int len;

	switch (c) {
	case 'a':
	case 'A':
		name = days[m->weekday];
		break;
	case 'b':
	case 'B':
	case 'h':
		name = months[m->date.month - 1];
		break;
	case 'p':
	case 'P':
		name = c == 'p' ? (m->hour < 12 ? "AM" : "PM")
				: (m->hour < 12 ? "am" : "pm");
		break;
	default:
		return false;
	}
	len = c == 'A' || c == 'B' || c == 'p' || c == 'P' ? (int)strlen(name) : 3;
	if (s->swap && c != 'p') { /* Ruby: # makes names large, but AM small */
		s->swap = false;
		s->upper = true;
	}
	put_text(to, s, name, len);
	return true;
}

static bool
put_week(GString *to, const struct spec *s, char c, const struct moment *m)
{
	int year, week;

	iso_week(m, &year, &week);
	switch (c) {
	case 'G':
		put_number(to, s, '0', 4, year);
		return true;
	case 'g':
		put_number(to, s, '0', 2, year % 100);
		return true;
	case 'V':
		put_number(to, s, '0', 2, week);
		return true;
	case 'U':
		put_number(to, s, '0', 2, (m->day + 7 - m->weekday) / 7);
		return true;
	case 'W':
		put_number(to, s, '0', 2, (m->day + 7 - (m->weekday + 6) % 7) / 7);
		return true;
	case 'u':
		put_number(to, s, '0', 1, m->weekday == 0 ? 7 : m->weekday);
		return true;
	case 'w':
		put_number(to, s, '0', 1, m->weekday);
		return true;
	default:
		return false;
	}
}

static bool
put_digits(GString *to, const struct spec *s, char c, const struct moment *m)
{
	static const struct {
		char c, pad;
		int width;
	} forms[] = { { 'Y', '0', 4 }, { 'C', '0', 2 }, { 'y', '0', 2 }, { 'm', '0', 2 },
		{ 'd', '0', 2 }, { 'e', ' ', 2 }, { 'j', '0', 3 }, { 'H', '0', 2 },
		{ 'k', ' ', 2 }, { 'I', '0', 2 }, { 'l', ' ', 2 }, { 'M', '0', 2 },
		{ 'S', '0', 2 }, { 's', '0', 1 } };
	int year = m->date.year, twelve = m->hour % 12 == 0 ? 12 : m->hour % 12;
	const int64_t values[] = { year, floor_div(year, 100),
		year - floor_div(year, 100) * 100, m->date.month, m->date.day,
		m->date.day, m->day + 1, m->hour, m->hour, twelve, twelve, m->minute,
		m->second, floor_div(m->at, 1000) };

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (forms[i].c == c) {
			put_number(to, s, forms[i].pad, forms[i].width, values[i]);
			return true;
		}
	}
	return false;
}

static void
put(GString *to, struct spec *s, char c, const struct moment *m, const char *from,
    size_t len)
{
	const char *form = composite(c);
	GString *text;

	if (form != NULL) {
		text = g_string_new(NULL);
		datefmt_append(text, form, strlen(form), m->at, m->zone);
		put_text(to, s, text->str, (int)text->len);
		g_string_free(text, TRUE);
		return;
	}
	switch (c) {
	case 'L':
		put_fraction(to, s, 3, m->ms);
		return;
	case 'N':
		put_fraction(to, s, 9, m->ms);
		return;
	case 'z':
		put_offset(to, s, m->offset);
		return;
	case 'Z':
		put_zone(to, s, m);
		return;
	case 'n':
	case 't':
	case '%':
		g_string_append_c(to, c == 'n' ? '\n' : c == 't' ? '\t' : '%');
		return;
	default:
		if (!put_name(to, s, c, m) && !put_week(to, s, c, m) &&
		    !put_digits(to, s, c, m))
			g_string_append_len(to, from, (gssize)len);
	}
}

/* Reads the flags and the width; returns where the letter is. */
static const char *
read_spec(struct spec *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '-' || *p == '0' || *p == '_')
			s->pad = *p;
		else if (*p == '^')
			s->upper = true;
		else if (*p == '#')
			s->swap = true;
		else if (*p == ':')
			s->colons++;
		else
			break;
	}
	for (; p < end && g_ascii_isdigit(*p); p++)
		s->width = MIN(s->width * 10 + (*p - '0'), 1000);
	while (p < end && *p == ':') {
		s->colons++;
		p++;
	}
	return p;
}

void
datefmt_append(
    GString *to, const char *format, size_t len, ms_t at, const struct zone *zone)
{
	struct moment m = take_apart(at, zone);
	const char *p = format, *end = format + len, *from;

	while (p < end) {
		struct spec s = { 0 };

		if (*p != '%') {
			g_string_append_c(to, *p++);
			continue;
		}
		from = p;
		p = read_spec(&s, p + 1, end);
		if (p == end) {
			g_string_append_len(to, from, p - from);
			break;
		}
		p++;
		put(to, &s, p[-1], &m, from, (size_t)(p - from));
	}
}
