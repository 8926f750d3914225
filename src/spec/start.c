/* start.c - who enters a playbook, and how many. */
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define LIMIT_MAX 10000000
#define SWEEP_MINUTE 360 /* when nothing else is said */

static const char *const kinds[] = { "when", "on", "list", "every", "enter" };

/* Keys that only make sense beside another. */
static void
belongs(const struct yaml *y, const char *key, const char *to, struct report *r)
{
	if (yaml_get(y, key) != NULL && yaml_get(y, to) == NULL)
		report_add(r, SEV_ERROR, yaml_key_at(y, key), "start", "",
		    "\"%s\" is used together with \"%s\"", key, to);
}

/* day: -7 [at HH:MM] */
static bool
day_read(const char *text, struct every *e)
{
	static const int most[PERIODS] = { 7, 31, 92, 366, 300 };
	char **words = g_strsplit(text, " ", -1), *end = NULL;
	bool timed = g_strv_length(words) == 3 && strcmp(words[1], "at") == 0, fine;
	long day = strtol(words[0] == NULL ? "" : words[0], &end, 10);

	fine = end != NULL && end != words[0] && *end == '\0' && day != 0 &&
	       labs(day) <= most[e->unit] && (timed || g_strv_length(words) == 1);
	e->day = (int)day;
	if (timed) {
		e->minute = clock_minutes(words[2]);
		fine = fine && e->minute >= 0 && e->minute < 24 * 60;
	}
	g_strfreev(words);
	return fine;
}

/* A period of the calendar, or a feast by its English or Chinese name. */
static bool
period_read(const struct yaml *y, struct every *e, struct report *r)
{
	const char *names[PERIODS + FEASTS] = { NULL }, *text, *near;
	int n = 0, feast;
	char *hint;

	if (!yaml_str(y, &text, r))
		return false;
	for (; period_names[n] != NULL; n++) {
		names[n] = period_names[n];
		if (strcmp(text, names[n]) == 0) {
			e->unit = (enum period)n;
			return true;
		}
	}
	if ((feast = feast_find(text)) >= 0) {
		e->unit = PERIOD_FEAST;
		e->feast = (enum feast)feast;
		return true;
	}
	for (feast = 0; feast < FEASTS; feast++)
		names[n++] = feast_name((enum feast)feast);
	near = report_nearest(text, names);
	hint = near == NULL
		   ? g_strdup("write week, month, quarter, year, or a feast, as in "
			      "mid-autumn")
		   : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(r, SEV_ERROR, y->at, "start", hint,
	    "\"%.80s\" is neither a period nor a feast", text);
	g_free(hint);
	return false;
}

static void
every_read(struct reading *rd, const struct yaml *y, const struct yaml *every)
{
	struct every *e = &rd->playbook->start.every;
	const struct yaml *day = yaml_get(y, "day");
	const char *text;

	e->minute = SWEEP_MINUTE;
	if (!period_read(every, e, rd->report))
		return;
	if (day == NULL)
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write day: 1 for the first day, day: -7 for seven days before the "
		    "end",
		    "\"every\" needs a day");
	else if (yaml_str(day, &text, rd->report) && !day_read(text, e))
		report_add(rd->report, SEV_ERROR, day->at, "timing",
		    "write day: 1, day: -7 or day: -7 at 09:00",
		    "\"%.80s\" is not a day of a %s", text, every->text);
}

static void
limit_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	const char *text;
	size_t n;

	if (!yaml_str(y, &text, rd->report))
		return;
	n = strspn(text, "0123456789");
	if (n == 0 || n > 8 || (text[n] != '\0' && strcmp(text + n, "/day") != 0) ||
	    atoi(text) < 1 || atoi(text) > LIMIT_MAX) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write how many, as in 500, or how many a day, as in 500/day",
		    "\"%.80s\" is not a limit", text);
		return;
	}
	p->start.limit = atoi(text);
	p->start.limit_per_day = text[n] == '/';
	p->start.limit_at = y->at;
}

void
start_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	const struct yaml *node[G_N_ELEMENTS(kinds)], *where;
	bool yes = true;
	int found = 0;
	size_t i;

	if (y == NULL || !schema_check(y, &schema_start, rd->report))
		return;
	p->start.at = y->at;
	for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
		node[i] = yaml_get(y, kinds[i]);
		if (node[i] == NULL)
			continue;
		/* With every: it says who of all enters. */
		if (i == START_EVERY && found == 1 && node[START_WHEN] != NULL)
			found = 0;
		if (found++ > 0)
			report_add(rd->report, SEV_ERROR, yaml_key_at(y, kinds[i]),
			    "start", "keep one of when, on, list, every, enter",
			    "a playbook has one way to start");
		p->start.kind = (enum start_kind)i;
	}
	if (found == 0 && schema_all_known(y))
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write when: CONDITION, on: EVENT, list: FILE, every: PERIOD, or enter: true for one "
		    "that only others lead to",
		    "nothing starts this playbook");
	where = yaml_get(y, "where");
	if (node[START_WHEN] != NULL)
		p->start.when = cond_read(rd->arena, node[START_WHEN],
		    PATH_CONDITION | rd->subject, rd->report);
	if (node[START_ON] != NULL) {
		event_name_read(node[START_ON], &p->start.on, rd->report);
		if (where != NULL)
			p->start.when = cond_read(
			    rd->arena, where, PATH_EVENT | rd->subject, rd->report);
	}
	if (node[START_LIST] != NULL)
		start_list_read(rd, y, node[START_LIST]);
	if (node[START_EVERY] != NULL)
		every_read(rd, y, node[START_EVERY]);
	belongs(y, "day", "every", rd->report);
	if (node[START_ENTER] != NULL && yaml_bool(node[START_ENTER], &yes, rd->report) && !yes)
		report_add(rd->report, SEV_ERROR, node[START_ENTER]->at, "type",
		    "write enter: true", "only true means something here");
	belongs(y, "where", "on", rd->report);
	belongs(y, "at", "list", rd->report);
	belongs(y, "once", "list", rd->report);
	if (yaml_get(y, "limit") != NULL)
		limit_read(rd, yaml_get(y, "limit"));
}
