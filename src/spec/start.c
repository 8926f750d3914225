/* start.c - who enters a playbook, and how many. */
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define LIMIT_MAX 10000000

static const char *const kinds[] = { "when", "on", "list", "enter" };

/* Keys that only make sense beside another. */
static void
belongs(const struct yaml *y, const char *key, const char *to, struct report *r)
{
	if (yaml_get(y, key) != NULL && yaml_get(y, to) == NULL)
		report_add(r, SEV_ERROR, yaml_key_at(y, key), "start", "",
		    "\"%s\" is used together with \"%s\"", key, to);
}

static void
list_read(struct reading *rd, const struct yaml *y, const struct yaml *list)
{
	struct playbook *p = rd->playbook;
	struct report *r = rd->report;
	const struct yaml *once = yaml_get(y, "once"), *at = yaml_get(y, "at");
	const char *text;
	bool yes = true;

	if (yaml_str(list, &text, r)) {
		p->start.list_pos = list->at;
		if (strncmp(text, "segment:", 8) == 0)
			report_add(r, SEV_ERROR, list->at, "later", "",
			    "\"segment:\" is not in this version");
		else if (strncmp(text, "tag:", 4) == 0 && text[4] != '\0')
			p->start.tag = arena_strdup(rd->arena, text + 4);
		else if (text[0] == '/' || strstr(text, "..") != NULL)
			report_add(r, SEV_ERROR, list->at, "file",
			    "put the file beside the playbook and write its name",
			    "the list lies outside the playbook's directory");
		else
			p->start.list_file = text;
	}
	if (at != NULL)
		p->start.has_list_at =
		    timing_moment(at, &p->start.list_date, &p->start.list_minute, r);
	if (yaml_bool(once, &yes, r) && !yes)
		report_add(r, SEV_ERROR, once->at, "later", "write once: true",
		    "a list that enters again is not in this version");
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
		if (found++ > 0)
			report_add(rd->report, SEV_ERROR, yaml_key_at(y, kinds[i]),
			    "start", "keep one of when, on, list, enter",
			    "a playbook has one way to start");
		p->start.kind = (enum start_kind)i;
	}
	if (found == 0 && yaml_get(y, "every") == NULL)
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write when: CONDITION, on: EVENT, list: FILE, or enter: true for one that only "
		    "others lead to",
		    "nothing starts this playbook");
	where = yaml_get(y, "where");
	if (node[START_WHEN] != NULL)
		p->start.when =
		    cond_read(rd->arena, node[START_WHEN], PATH_CONDITION | rd->subject, rd->report);
	if (node[START_ON] != NULL) {
		word_read(node[START_ON], "an event", false, &p->start.on, rd->report);
		if (where != NULL)
			p->start.when =
			    cond_read(rd->arena, where, PATH_EVENT | rd->subject, rd->report);
	}
	if (node[START_LIST] != NULL)
		list_read(rd, y, node[START_LIST]);
	if (node[START_ENTER] != NULL && yaml_bool(node[START_ENTER], &yes, rd->report) && !yes)
		report_add(rd->report, SEV_ERROR, node[START_ENTER]->at, "type",
		    "write enter: true", "only true means something here");
	belongs(y, "where", "on", rd->report);
	belongs(y, "at", "list", rd->report);
	belongs(y, "once", "list", rd->report);
	if (yaml_get(y, "limit") != NULL)
		limit_read(rd, yaml_get(y, "limit"));
}
