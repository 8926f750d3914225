/* playbook_read.c - a playbook file made into plain data. */
#include <string.h>

#include "flow.h"
#include "read.h"
#include "spec/schema.h"

#define CONTROL_MAX 99.0

static const char *const status_names[] = { "draft", "live", "paused", "ended", NULL };
static const char *const again_names[] = { "ignore", "restart", "parallel", NULL };
static const char *const count_names[] = { "on_entry", "on_first_send", NULL };

static void
re_entry_read(const struct yaml *y, struct playbook *p, struct report *r)
{
	struct yaml rest;

	if (y == NULL || (y->kind == YAML_SCALAR && strcmp(y->text, "never") == 0))
		return;
	if (y->kind != YAML_SCALAR || strncmp(y->text, "after ", 6) != 0) {
		report_add(r, SEV_ERROR, y->at, "type", "write never, or after 180d",
		    "re_entry is never or after DURATION");
		return;
	}
	rest = *y;
	rest.text += 6;
	rest.len -= 6;
	rest.at.col = y->text_at.col + 6;
	yaml_duration(&rest, &p->re_entry, r);
}

static void
head_read(struct reading *rd, const struct yaml *root)
{
	struct playbook *p = rd->playbook;
	struct report *r = rd->report;
	const struct yaml *v;
	int64_t n;
	bool on_send;
	int word;

	if ((v = yaml_get(root, "playbook")) == NULL)
		schema_missing(root, "playbook", "write playbook: NAME", r);
	else
		word_read(v, "a playbook", false, &p->name, r);
	p->title = p->name;
	if ((v = yaml_get(root, "extends")) != NULL)
		word_read(v, "a playbook", false, &p->extends, r);
	if (yaml_get(root, "without") != NULL && v == NULL)
		report_add(r, SEV_ERROR, yaml_key_at(root, "without"), "extends",
		    "delete it, or say with extends: of which playbook",
		    "steps are left out of another playbook only");
	yaml_str(yaml_get(root, "title"), &p->title, r);
	if ((v = yaml_get(root, "category")) == NULL)
		schema_missing(root, "category",
		    "write category: marketing, service or transactional", r);
	else if (yaml_enum(v, category_names, &word, r))
		p->category = (enum category)word;
	p->priority = 50;
	if (yaml_int(yaml_get(root, "priority"), 0, 100, &n, r))
		p->priority = (int)n;
	if (yaml_enum(yaml_get(root, "status"), status_names, &word, r))
		p->status = (enum playbook_status)word;
	if (yaml_enum(yaml_get(root, "subject"), subject_names, &word, r))
		p->subject = (enum subject)word;
	rd->subject = path_of_subject(p->subject);
	p->re_entry = MS_NEVER;
	re_entry_read(yaml_get(root, "re_entry"), p, r);
	if (yaml_enum(yaml_get(root, "again"), again_names, &word, r))
		p->again = (enum again)word;
	on_send =
	    yaml_enum(yaml_get(root, "count_entry"), count_names, &word, r) && word == 1;
	p->count_entry_on_send = on_send;
	share_read(yaml_get(root, "control"), CONTROL_MAX, &p->control, r);
	p->cap = -1;
	v = yaml_get(root, "cap");
	if (yaml_int(v, 0, 1000, &n, r)) {
		p->cap = (int)n;
		p->cap_at = v->at;
	}
	ramp_read(yaml_get(root, "ramp"), &p->ramp, r);
	budget_read(yaml_get(root, "budget"), p->budget, r);
	p->while_ = cond_read(
	    rd->arena, yaml_get(root, "while"), PATH_CONDITION | rd->subject, r);
}

struct playbook *
playbook_read(struct arena *a, const struct yaml *root, struct report *r)
{
	struct playbook *p = arena_new_of(a, struct playbook);
	struct reading rd = { .arena = a, .report = r, .playbook = p };
	struct step defaults = { .expires = MS_DAY };
	const struct yaml *steps;
	int errors = r->errors;

	p->name = p->title = "";
	p->at = root->at;
	p->status = PLAYBOOK_DRAFT;
	if (!schema_check(root, &schema_playbook, r))
		return p;
	rd.targets = g_array_new(FALSE, FALSE, sizeof(struct target_use));
	rd.tasks = g_ptr_array_new();
	head_read(&rd, root);
	if (yaml_get(root, "start") == NULL)
		schema_missing(root, "start", "write start: with when:, on: or list:", r);
	start_read(&rd, yaml_get(root, "start"));
	/* What comes round comes again: the period is the limit. */
	if (p->start.kind == START_EVERY && yaml_get(root, "re_entry") == NULL)
		p->re_entry = 0;
	campaign_read(&rd, root);
	rd.quiet_said = yaml_get(root, "on_quiet") != NULL;
	sending_read(root, p->category, &defaults, r);
	steps = yaml_get(root, "steps");
	if (steps == NULL)
		schema_missing(root, "steps", "write steps: and a list below it", r);
	else
		step_read_all(&rd, steps, &defaults);
	rules_read(&rd, root);
	digest_read(&rd, yaml_get(root, "digest"));
	expect_read(yaml_get(root, "expect"), p, r);
	target_resolve(&rd);
	p->reads_visits = visits_in_rules(p);
	g_array_free(rd.targets, TRUE);
	p->n_tasks = (int)rd.tasks->len;
	p->tasks = arena_array(a, struct task_spec *, p->n_tasks);
	for (guint i = 0; i < rd.tasks->len; i++)
		p->tasks[i] = rd.tasks->pdata[i];
	g_ptr_array_free(rd.tasks, TRUE);
	/* Where steps are broken, what follows from their order would only confuse. */
	if (r->errors == errors)
		flow_check(p, r);
	if (r->errors == errors)
		split_check(p, r);
	return p;
}
