/* timing.c - when a step happens: day N, after 3d at 10:00, 2h; and spans of time. */
#include <stdlib.h>
#include <string.h>

#include "read.h"

#define DAY_MAX 3650 /* a plan longer than ten years is a slip of the pen */

static bool
wrong(const struct yaml *y, struct report *r, const char *hint)
{
	report_add(
	    r, SEV_ERROR, y->at, "timing", hint, "\"%.80s\" is not a time here", y->text);
	return false;
}

/* A time of day for a step: 24:00 is the next day's 00:00 and not one of them. */
static bool
minute_of(const char *text, int *minute)
{
	*minute = clock_minutes(text);
	return *minute >= 0 && *minute < 24 * 60;
}

/* "3", without sign, at most four digits. */
static int
small_number(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n == 0 || n > 4 || text[n] != '\0' ? -1 : atoi(text);
}

bool
timing_at(const struct yaml *y, struct timing *out, struct report *r)
{
	static const char hint[] =
	    "write day N or day N HH:MM, as in day 3 10:00; day 1 is entry";
	struct timing t = { .kind = TIMING_DAY, .minute = -1 };
	const char *text;
	char **words;
	bool fine;
	guint n;

	if (!yaml_str(y, &text, r))
		return false;
	words = g_strsplit(text, " ", -1);
	n = g_strv_length(words);
	fine = (n == 2 || n == 3) && strcmp(words[0], "day") == 0;
	t.days = fine ? small_number(words[1]) : -1;
	fine = fine && t.days >= 1 && t.days <= DAY_MAX &&
	       (n == 2 || minute_of(words[2], &t.minute));
	g_strfreev(words);
	if (!fine)
		return wrong(y, r, hint);
	*out = t;
	return true;
}

static bool
span_of(
    const struct yaml *y, const char *text, int *days, ms_t *elapsed, struct report *r)
{
	ms_t d;

	if (clock_duration(text, &d) < 0) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write minutes, hours or days, as in 90m, 2h, 3d",
		    "\"%.80s\" is not a duration", text);
		return false;
	}
	if (d < MS_MINUTE || d > 400 * MS_DAY) {
		report_add(r, SEV_ERROR, y->at, "range", "",
		    "\"%.80s\" is out of range: 1m to 400d", text);
		return false;
	}
	if (strchr(text, 'd') == NULL) {
		*days = 0;
		*elapsed = d;
		return true;
	}
	if (text[strspn(text, "0123456789")] != 'd' || text[strlen(text) - 1] != 'd') {
		report_add(r, SEV_ERROR, y->at, "timing",
		    "days are calendar days, hours are elapsed time: write one of them",
		    "\"%.80s\" mixes days and hours", text);
		return false;
	}
	*days = (int)(d / MS_DAY);
	*elapsed = 0;
	return true;
}

bool
timing_span(const struct yaml *y, int *days, ms_t *elapsed, struct report *r)
{
	const char *text;

	return yaml_str(y, &text, r) && span_of(y, text, days, elapsed, r);
}

bool
timing_after(const struct yaml *y, struct timing *out, struct report *r)
{
	static const char hint[] = "write 3d, 3d at 10:00, or 2h";
	struct timing t = { .kind = TIMING_AFTER, .minute = -1 };
	bool fine = true, timed;
	const char *text;
	char **words;

	if (!yaml_str(y, &text, r))
		return false;
	words = g_strsplit(text, " ", -1);
	timed = g_strv_length(words) == 3 && strcmp(words[1], "at") == 0 &&
		minute_of(words[2], &t.minute);
	if (!timed && g_strv_length(words) != 1)
		fine = wrong(y, r, hint);
	else
		fine = span_of(y, words[0], &t.days, &t.delay, r);
	g_strfreev(words);
	if (fine && timed && t.days == 0)
		fine = wrong(
		    y, r, "only days can be followed by a time of day: 1d at 10:00");
	if (fine)
		*out = t;
	return fine;
}

/* Birthdays come round; every other date is once. */
static bool
comes_round(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL && strcmp(dot, ".birthday") == 0;
}

static bool
date_read(struct reading *rd, const char *path, const struct yaml *y, struct timing *t)
{
	struct report *r = rd->report;
	int errors = r->errors;

	t->path =
	    liquid_condition(rd->arena, arena_strdup(rd->arena, path), y->text_at, r);
	if (t->path == NULL)
		return false;
	if (t->path->op != EXPR_PATH || strchr(path, '.') == NULL)
		return wrong(y, r, "write a date first, as in customer.birthday 3d");
	path_check(path, y->text_at, PATH_CONDITION | rd->subject, r);
	t->yearly = comes_round(path);
	if (r->errors == errors && !path_may_be_date(path))
		report_add(r, SEV_ERROR, y->at, "timing",
		    "name a date, as in customer.birthday 3d", "\"%.80s\" is not a date",
		    path);
	return r->errors == errors;
}

bool
timing_before(struct reading *rd, const struct yaml *y, struct timing *out)
{
	struct report *r = rd->report;
	static const char hint[] = "write customer.birthday 3d, customer.birthday 0d at "
				   "09:00, or DATE 2h";
	struct timing t = { .kind = TIMING_BEFORE, .minute = -1 };
	bool fine, timed;
	const char *text;
	char **words;
	guint n;

	if (!yaml_str(y, &text, r))
		return false;
	words = g_strsplit(text, " ", -1);
	n = g_strv_length(words);
	timed = n == 4 && strcmp(words[2], "at") == 0 && minute_of(words[3], &t.minute);
	if (!timed && n != 2)
		fine = wrong(y, r, hint);
	else
		fine = date_read(rd, words[0], y, &t) &&
		       (strcmp(words[1], "0d") == 0 ||
			   span_of(y, words[1], &t.days, &t.delay, r));
	if (fine && timed && t.delay > 0)
		fine = wrong(
		    y, r, "only days can be followed by a time of day: 1d at 10:00");
	if (fine && t.delay > 0 && (t.yearly || path_is_day(words[0])))
		fine = wrong(y, r, "a day has no hour: write 0d at 09:00, or 1d");
	g_strfreev(words);
	if (fine)
		*out = t;
	return fine;
}

bool
timing_moment(const struct yaml *y, struct date *date, int *minute, struct report *r)
{
	const char *text;
	char **words;
	bool fine;

	if (!yaml_str(y, &text, r))
		return false;
	words = g_strsplit(text, " ", -1);
	fine = g_strv_length(words) == 2 && date_parse(words[0], date) == 0 &&
	       minute_of(words[1], minute);
	g_strfreev(words);
	return fine || wrong(y, r, "write date and time, as in 2026-11-22 10:00");
}
