/* start_list.c - list: a file of customers, a tag or a named segment, once. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

static void
file_read(struct playbook *p, const char *text, struct pos at, struct report *r)
{
	if (text[0] == '/' || strstr(text, "..") != NULL)
		report_add(r, SEV_ERROR, at, "file",
		    "put the file beside the playbook and write its name",
		    "the list lies outside the playbook's directory");
	else
		p->start.list_file = text;
}

/* { segment: NAME } and the like: one of three. */
static void
source_read(struct reading *rd, const struct yaml *y)
{
	const struct yaml *file = yaml_get(y, "file"), *tag = yaml_get(y, "tag"),
			  *segment = yaml_get(y, "segment");
	struct playbook *p = rd->playbook;
	struct report *r = rd->report;
	const char *text;

	schema_check(y, &schema_list, r);
	if ((file != NULL) + (tag != NULL) + (segment != NULL) != 1 &&
	    schema_all_known(y))
		report_add(r, SEV_ERROR, y->at, "start",
		    "write list: FILE, list: { tag: NAME } or list: { segment: NAME }",
		    "a list is a file, a tag or a segment");
	if (yaml_str(file, &text, r))
		file_read(p, text, file->at, r);
	word_read(tag, "a tag", false, &p->start.tag, r);
	word_read(segment, "a segment", false, &p->start.segment, r);
}

static void
short_read(struct reading *rd, const struct yaml *y)
{
	struct playbook *p = rd->playbook;
	const char *text;

	if (!yaml_str(y, &text, rd->report))
		return;
	if (strncmp(text, "segment:", 8) == 0 && text[8] != '\0')
		p->start.segment = arena_strdup(rd->arena, text + 8);
	else if (strncmp(text, "tag:", 4) == 0 && text[4] != '\0')
		p->start.tag = arena_strdup(rd->arena, text + 4);
	else
		file_read(p, text, y->at, rd->report);
}

void
start_list_read(struct reading *rd, const struct yaml *y, const struct yaml *list)
{
	struct playbook *p = rd->playbook;
	struct report *r = rd->report;
	const struct yaml *once = yaml_get(y, "once"), *at = yaml_get(y, "at");
	bool yes = true;

	p->start.list_pos = list->at;
	if (list->kind == YAML_MAP)
		source_read(rd, list);
	else
		short_read(rd, list);
	if (at != NULL)
		p->start.has_list_at =
		    timing_moment(at, &p->start.list_date, &p->start.list_minute, r);
	if (yaml_bool(once, &yes, r) && !yes)
		report_add(r, SEV_ERROR, once->at, "start",
		    "write once: true; what comes again is every: or when:",
		    "a list enters once");
}
