/* yaml_typed.c - a YAML value read as what the schema expects, with the mistake named. */
#include "spec/yaml.h"
#include "yaml_wide.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#define DURATION_MAX (400 * MS_DAY)

static bool
wrong(const struct yaml *y, struct report *r, const char *hint, const char *text)
{
	report_add(r, SEV_ERROR, y->at, "type", hint, "%s", text);
	return false;
}

static bool
wrong_value(const struct yaml *y, struct report *r, const char *hint, const char *what)
{
	report_add(r, SEV_ERROR, y->at, "type", hint, "\"%.80s\" %s", y->text, what);
	return false;
}

/* A scalar that says something: not a list, not a map, not empty, not null. */
static bool
is_value(const struct yaml *y, struct report *r)
{
	if (y->kind == YAML_LIST)
		return wrong(y, r, "", "one value is expected here, not a list");
	if (y->kind == YAML_MAP)
		return wrong(y, r, "", "one value is expected here, not a mapping");
	if (y->len == 0 ||
	    (!y->quoted && !y->block &&
		(strcmp(y->text, "~") == 0 || strcmp(y->text, "null") == 0)))
		return wrong(
		    y, r, "write a value, or delete the key", "a value is missing");
	return true;
}

bool
yaml_str(const struct yaml *y, const char **out, struct report *r)
{
	if (y == NULL || !is_value(y, r))
		return false;
	*out = y->text;
	return true;
}

/* Decimal digits as people write them: no 007, 0o17, 0x1f, 1_000. */
static const char *
digits(const char *p)
{
	if (!g_ascii_isdigit(*p) || (*p == '0' && g_ascii_isdigit(p[1])))
		return NULL;
	while (g_ascii_isdigit(*p))
		p++;
	return p;
}

bool
yaml_int(const struct yaml *y, int64_t min, int64_t max, int64_t *out, struct report *r)
{
	const char *end;
	int64_t n;

	if (y == NULL || !is_value(y, r))
		return false;
	end = digits(y->text + (y->text[0] == '-'));
	if (y->quoted || y->block || end == NULL || *end != '\0')
		return wrong_value(y, r, "write digits without quotes, as in 3",
		    "is not a whole number");
	errno = 0;
	n = strtoll(y->text, NULL, 10);
	if (errno == ERANGE || n < min || n > max) {
		report_add(r, SEV_ERROR, y->at, "range", "",
		    "%.80s is out of range: %" PRId64 " to %" PRId64, y->text, min, max);
		return false;
	}
	*out = n;
	return true;
}

bool
yaml_number(const struct yaml *y, double min, double max, double *out, struct report *r)
{
	const char *end;
	double n;

	if (y == NULL || !is_value(y, r))
		return false;
	end = digits(y->text + (y->text[0] == '-'));
	if (end != NULL && *end == '.' && g_ascii_isdigit(end[1]))
		end += 1 + strspn(end + 1, "0123456789");
	if (y->quoted || y->block || end == NULL || *end != '\0')
		return wrong_value(
		    y, r, "write digits without quotes, as in 0.05", "is not a number");
	n = g_ascii_strtod(y->text, NULL);
	if (!isfinite(n) || n < min || n > max) {
		report_add(r, SEV_ERROR, y->at, "range", "",
		    "%.80s is out of range: %g to %g", y->text, min, max);
		return false;
	}
	*out = n;
	return true;
}

bool
yaml_bool(const struct yaml *y, bool *out, struct report *r)
{
	bool yes;

	if (y == NULL || !is_value(y, r))
		return false;
	yes = strcmp(y->text, "true") == 0;
	if (y->quoted || y->block || (!yes && strcmp(y->text, "false") != 0))
		return wrong_value(
		    y, r, "write true or false", "is neither true nor false");
	*out = yes;
	return true;
}

bool
yaml_span(const struct yaml *y, ms_t min, ms_t max, ms_t *out, struct report *r)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	ms_t d;

	if (y == NULL || !is_value(y, r))
		return false;
	if (clock_duration(y->text, &d) < 0)
		return wrong_value(y, r,
		    "write minutes, hours or days, as in 90m, 2h, 3d",
		    "is not a duration");
	if (d < min || d > max) {
		report_add(r, SEV_ERROR, y->at, "range", "",
		    "\"%.80s\" is out of range: %s to %s", y->text,
		    clock_duration_format(min, from), clock_duration_format(max, to));
		return false;
	}
	*out = d;
	return true;
}

bool
yaml_duration(const struct yaml *y, ms_t *out, struct report *r)
{
	return yaml_span(y, MS_MINUTE, DURATION_MAX, out, r);
}

bool
yaml_time(const struct yaml *y, int *minutes, struct report *r)
{
	int m;

	if (y == NULL || !is_value(y, r))
		return false;
	m = clock_minutes(y->text);
	if (m < 0)
		return wrong_value(
		    y, r, "write hours and minutes, as in 08:00", "is not a time of day");
	*minutes = m;
	return true;
}

bool
yaml_date(const struct yaml *y, struct date *out, struct report *r)
{
	struct date d;

	if (y == NULL || !is_value(y, r))
		return false;
	if (date_parse(y->text, &d) < 0)
		return wrong_value(
		    y, r, "write year, month and day, as in 2026-11-22", "is not a date");
	*out = d;
	return true;
}

bool
yaml_enum(const struct yaml *y, const char *const *names, int *out, struct report *r)
{
	const char *near;
	char *list, *hint;
	int i;

	if (y == NULL || !is_value(y, r))
		return false;
	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(y->text, names[i]) == 0) {
			*out = i;
			return true;
		}
	}
	list = g_strjoinv(", ", (char **)names);
	near = report_nearest(y->text, names);
	hint =
	    near == NULL ? g_strdup("") : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(r, SEV_ERROR, y->at, "word", hint, "\"%.80s\" is not one of %s",
	    y->text, list);
	g_free(hint);
	g_free(list);
	return false;
}

bool
yaml_strings(
    struct arena *a, const struct yaml *y, const char ***out, int *n, struct report *r)
{
	const struct yaml *one[1] = { y };
	const struct yaml *const *items = one;
	const char **list;
	bool fine = true;
	int count = 1, i;

	if (y == NULL)
		return false;
	if (y->kind == YAML_LIST) {
		items = (const struct yaml *const *)y->items;
		count = y->n;
	}
	list = arena_array(a, const char *, count + 1);
	for (i = 0; i < count; i++)
		fine = yaml_str(items[i], &list[i], r) && fine;
	if (!fine)
		return false;
	*out = list;
	*n = count;
	return true;
}

void
yaml_unknown_key(const struct yaml *key, const char *const *known, struct report *r)
{
	const char *near;
	char *list, *hint;

	if (yaml_wide_key(key->at, key->text, r))
		return;
	near = report_nearest(key->text, known);
	list = g_strjoinv(", ", (char **)known);
	hint = near == NULL ? g_strdup_printf("known here: %s", list)
			    : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(r, SEV_ERROR, key->at, "unknown-key", hint, "unknown key \"%.80s\"",
	    key->text);
	g_free(hint);
	g_free(list);
}
