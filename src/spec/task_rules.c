/* task_rules.c - the policy's `tasks`: how many, at which hours, by when. */
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define PER_DAY_MAX 500
#define EVERY_DAY 127U

static const char *const day_names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun",
	NULL };

/* "10:00-11:30" */
static bool
span_of(const struct yaml *y, int *from, int *to, struct report *r)
{
	const char *text;
	char **ends;

	if (!yaml_str(y, &text, r))
		return false;
	ends = g_strsplit(text, "-", 2);
	*from = clock_minutes(ends[0]);
	*to = ends[1] == NULL ? -1 : clock_minutes(ends[1]);
	g_strfreev(ends);
	if (*from >= 0 && *to > *from)
		return true;
	report_add(r, SEV_ERROR, y->at, "type", "write it as in \"10:00-11:30\"",
	    "\"%.80s\" is not a span of the day", text);
	return false;
}

static void
hours_read(const struct yaml *y, struct task_rules *t, struct report *r)
{
	int from, to;

	if (y == NULL)
		return;
	if (y->kind != YAML_LIST || y->n > TASK_HOURS_MAX) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write hours: [\"10:00-11:30\", \"15:00-16:30\"]",
		    "the best hours are a list of at most %d", TASK_HOURS_MAX);
		return;
	}
	t->n_hours = 0;
	for (int i = 0; i < y->n; i++) {
		if (!span_of(y->items[i], &from, &to, r))
			continue;
		t->hours[t->n_hours].from = from;
		t->hours[t->n_hours++].to = to;
	}
}

static void
business_read(const struct yaml *y, struct task_rules *t, struct report *r)
{
	int errors = r->errors;

	if (y == NULL || !schema_check(y, &schema_business, r))
		return;
	yaml_time(yaml_get(y, "from"), &t->from, r);
	yaml_time(yaml_get(y, "to"), &t->to, r);
	word_set(yaml_get(y, "days"), day_names, &t->weekdays, r);
	if (r->errors == errors && (t->from >= t->to || t->weekdays == 0))
		report_add(r, SEV_ERROR, y->at, "range",
		    "write business: { from: \"09:00\", to: \"18:00\" }",
		    "the business hours leave no time to work");
}

static void
each_read(const struct yaml *y, struct task_rules *t, struct report *r)
{
	ms_t each;

	if (y == NULL || !yaml_duration(y, &each, r))
		return;
	if (each >= MS_MINUTE && each <= 8 * MS_HOUR)
		t->each = each;
	else
		report_add(r, SEV_ERROR, y->at, "range", "write each: 10m",
		    "a call takes between 1m and 8h");
}

void
task_rules_read(const struct yaml *y, struct policy *p, struct report *r)
{
	struct task_rules *t = &p->tasks;
	int64_t n;

	*t = (struct task_rules){
		.at = y == NULL ? (struct pos){ p->file, 1, 1 } : y->at,
		.per_day = 20,
		.drafts = 30,
		.each = 10 * MS_MINUTE,
		.hours = { { 600, 690 }, { 900, 990 } },
		.n_hours = 2,
		.from = 540,
		.to = 1080,
		.weekdays = EVERY_DAY,
		.complaint = 2 * MS_HOUR,
		.answer = MS_DAY,
		.on_call = "manager",
		.script = "",
	};
	if (y == NULL || !schema_check(y, &schema_tasks, r))
		return;
	if (yaml_int(yaml_get(y, "per_day"), 0, PER_DAY_MAX, &n, r))
		t->per_day = (int)n;
	if (yaml_int(yaml_get(y, "drafts"), 0, PER_DAY_MAX, &n, r))
		t->drafts = (int)n;
	each_read(yaml_get(y, "each"), t, r);
	hours_read(yaml_get(y, "hours"), t, r);
	business_read(yaml_get(y, "business"), t, r);
	yaml_duration(yaml_get(y, "complaint"), &t->complaint, r);
	yaml_duration(yaml_get(y, "answer"), &t->answer, r);
	if (yaml_get(y, "script") != NULL) {
		t->script_at = yaml_get(y, "script")->at;
		yaml_str(yaml_get(y, "script"), &t->script, r);
	}
	if (yaml_get(y, "on_call") != NULL)
		word_read(yaml_get(y, "on_call"), "a role", false, &t->on_call, r);
}
