/* calendar.c - one year's closures, holidays and make-up workdays. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

static const char *const allow_names[] = { "greeting", "service", "transactional", NULL };

/* Absent: *out stays and nothing is said. */
static bool
date_read(const struct yaml *y, int year, struct date *out, struct report *r)
{
	if (!yaml_date(y, out, r))
		return false;
	if (year != 0 && out->year != year)
		report_add(r, SEV_ERROR, y->at, "calendar",
		    "move it to the file of its year", "this calendar covers %d", year);
	return true;
}

static void
closure_read(const struct yaml *y, int year, struct closure *out, struct report *r)
{
	const struct yaml *to = yaml_get(y, "to");
	unsigned allow = 0;
	bool whole;

	out->at = y->at;
	out->name = "";
	if (!schema_check(y, &schema_closure, r))
		return;
	if (yaml_get(y, "from") == NULL)
		schema_missing(y, "from", "write from: DATE", r);
	if (to == NULL)
		schema_missing(y, "to", "write to: DATE, the last closed day", r);
	whole = date_read(yaml_get(y, "from"), year, &out->from, r);
	/* A closure may run into the next year. */
	whole = date_read(to, 0, &out->to, r) && whole;
	if (whole && date_days(out->to) < date_days(out->from))
		report_add(r, SEV_ERROR, to->at, "calendar", "",
		    "the closure ends before it begins");
	if (whole && date_days(out->to) - date_days(out->from) > 60)
		report_add(r, SEV_WARNING, y->at, "calendar", "",
		    "a closure of more than 60 days");
	yaml_str(yaml_get(y, "name"), &out->name, r);
	word_set(yaml_get(y, "allow"), allow_names, &allow, r);
	out->allow_greeting = allow & BIT(0);
	out->allow_service = allow & BIT(1);
	out->allow_transactional = allow & BIT(2);
}

static void
dates_read(struct arena *a, const struct yaml *map, const char *key, int year,
    struct date **out, int *n, struct report *r)
{
	const struct yaml *y = yaml_get(map, key);
	int i;

	if (y == NULL)
		return;
	if (y->kind != YAML_LIST) {
		report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"%s\" is a list of dates", key);
		return;
	}
	*out = arena_array(a, struct date, y->n);
	for (i = 0; i < y->n; i++) {
		if (date_read(y->items[i], year, &(*out)[*n], r))
			(*n)++;
	}
}

/* A day cannot be both a holiday and worked. */
static void
check_both(const struct calendar *c, const struct yaml *workdays, struct report *r)
{
	int i, k;

	for (i = 0; i < c->n_workdays; i++) {
		for (k = 0; k < c->n_holidays; k++) {
			if (date_days(c->workdays[i]) == date_days(c->holidays[k]))
				report_add(r, SEV_ERROR, workdays->at, "calendar",
				    "take it out of one of the lists",
				    "%04d-%02d-%02d is both a holiday and a workday",
				    c->workdays[i].year, c->workdays[i].month,
				    c->workdays[i].day);
		}
	}
}

void
calendar_read(struct arena *a, const char *name, const struct yaml *root,
    struct calendar *out, struct report *r)
{
	const struct yaml *closed = yaml_get(root, "closed");
	int64_t year = 0;
	int i;

	out->name = name;
	out->source = "";
	out->at = root->at;
	if (!schema_check(root, &schema_calendar, r))
		return;
	if (yaml_get(root, "source") == NULL)
		schema_missing(root, "source", "write where the dates come from", r);
	yaml_str(yaml_get(root, "source"), &out->source, r);
	if (yaml_get(root, "covers") == NULL)
		schema_missing(root, "covers", "write covers: YEAR", r);
	if (yaml_int(yaml_get(root, "covers"), 2000, 2200, &year, r))
		out->covers = (int)year;
	if (closed != NULL && closed->kind != YAML_LIST)
		report_add(r, SEV_ERROR, closed->at, "type", "begin each with \"- \"",
		    "\"closed\" is a list");
	else if (closed != NULL) {
		out->n_closures = closed->n;
		out->closures = arena_array(a, struct closure, closed->n);
		for (i = 0; i < closed->n; i++)
			closure_read(closed->items[i], out->covers, &out->closures[i], r);
	}
	dates_read(a, root, "holidays", out->covers, &out->holidays, &out->n_holidays, r);
	dates_read(a, root, "workdays", out->covers, &out->workdays, &out->n_workdays, r);
	check_both(out, yaml_get(root, "workdays"), r);
}
