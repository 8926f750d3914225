/* step_read.c - the steps of a playbook, one verb each. */
#include <string.h>

#include "flow.h"
#include "read.h"
#include "spec/schema.h"

#define SENDS_MAX 10

static const char *const verbs[] = { "send", "wait", "branch", "do", "goto", "stop",
	NULL };
static const char *const later_verbs[] = { "call", "split", "task", "offer", "enter",
	"repeat", NULL };

static void
send_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *one[1] = { y };
	const struct yaml *const *items = one;
	int n = 1, i, k;

	if (y->kind == YAML_LIST) {
		items = (const struct yaml *const *)y->items;
		n = y->n;
	}
	if (n == 0 || n > SENDS_MAX) {
		report_add(rd->report, SEV_ERROR, y->at, "range", "",
		    "name 1 to %d templates", SENDS_MAX);
		return;
	}
	s->sends = arena_array(rd->arena, const char *, n);
	s->sends_at = arena_array(rd->arena, struct pos, n);
	s->templates = arena_array(rd->arena, const struct template *, n);
	for (i = 0; i < n; i++) {
		const char **name = &s->sends[s->n_sends];

		if (!word_read(items[i], "a template", true, name, rd->report))
			continue;
		for (k = 0; k < s->n_sends && strcmp(s->sends[k], *name) != 0; k++)
			;
		if (k < s->n_sends)
			report_add(rd->report, SEV_ERROR, items[i]->at, "duplicate",
			    "delete one of them", "\"%s\" is named twice", *name);
		else
			s->sends_at[s->n_sends++] = items[i]->at;
	}
}

static void
wait_for_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *events = yaml_get(y, "for"), *up_to = yaml_get(y, "up_to"), *v;
	struct report *r = rd->report;
	const char *name;
	int i;

	schema_check(y, &schema_wait, r);
	s->then = s->otherwise = STEP_NEXT;
	if (events == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write for: EVENT, or wait: 3d", "what the wait is for is missing");
	else if (yaml_strings(rd->arena, events, &s->wait_for, &s->n_wait_for, r) &&
		 s->n_wait_for == 0)
		report_add(r, SEV_ERROR, events->at, "type", "", "the list is empty");
	for (i = 0; i < s->n_wait_for; i++)
		word_read(events->kind == YAML_LIST ? events->items[i] : events,
		    "an event", false, &name, r);
	if (up_to == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write up_to: 7d, or how long it may be",
		    "a wait for something needs up_to");
	else
		timing_span(up_to, &s->up_to_days, &s->up_to, r);
	if ((v = yaml_get(y, "then")) != NULL)
		target_read(rd, v, &s->then);
	if ((v = yaml_get(y, "else")) != NULL)
		target_read(rd, v, &s->otherwise);
	else
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write else: STEP, for when nothing came",
		    "a wait for something needs else");
}

static void
wait_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	struct timing t = { .kind = TIMING_AFTER, .minute = -1 };

	if (s->timing.kind != TIMING_NOW)
		report_add(rd->report, SEV_ERROR, s->at, "timing",
		    "put at: or after: on the next step, or wait in a step before",
		    "a wait begins when the step before has ended");
	if (y->kind == YAML_MAP)
		wait_for_read(rd, y, s);
	else if (timing_span(y, &t.days, &t.delay, rd->report))
		s->timing = t;
}

static void
branch_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	int i;

	if (y->kind != YAML_LIST || y->n == 0) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write a list of - { when: CONDITION, goto: STEP }",
		    "a branch needs a list");
		return;
	}
	s->branches = arena_array(rd->arena, struct branch, y->n);
	s->n_branches = y->n;
	for (i = 0; i < y->n; i++) {
		const struct yaml *arm = y->items[i], *when, *to;
		struct branch *b = &s->branches[i];

		b->at = arm->at;
		b->target = STEP_NEXT;
		if (!schema_check(arm, &schema_branch, rd->report))
			continue;
		when = yaml_get(arm, "when");
		to = yaml_get(arm, "goto");
		if (when == NULL || to == NULL)
			report_add(rd->report, SEV_ERROR, arm->at, "missing", "",
			    "a branch needs \"when\" and \"goto\"");
		b->when = cond_read(rd->arena, when, PATH_CONDITION | rd->subject, rd->report);
		if (to != NULL)
			target_read(rd, to, &b->target);
	}
}

static void
stop_read(struct reading *rd, const struct yaml *y)
{
	bool yes = true;

	if (yaml_bool(y, &yes, rd->report) && !yes)
		report_add(rd->report, SEV_ERROR, y->at, "type", "write stop: true",
		    "only true means something here");
}

static void
verb_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *v, *body = NULL;
	int found = 0, i;

	for (i = 0; verbs[i] != NULL; i++) {
		if ((v = yaml_get(y, verbs[i])) == NULL)
			continue;
		if (found++ > 0) {
			report_add(rd->report, SEV_ERROR, yaml_key_at(y, verbs[i]),
			    "step", "make two steps of it", "a step does one thing");
			continue;
		}
		s->verb = (enum step_verb)i;
		body = v;
	}
	for (i = 0; later_verbs[i] != NULL; i++)
		found += yaml_get(y, later_verbs[i]) != NULL;
	if (found == 0 && schema_all_known(y))
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write one of send, wait, branch, do, goto, stop",
		    "the step does nothing");
	if (body == NULL)
		return;
	if (s->verb == STEP_SEND)
		send_read(rd, body, s);
	else if (s->verb == STEP_WAIT)
		wait_read(rd, body, s);
	else if (s->verb == STEP_BRANCH)
		branch_read(rd, body, s);
	else if (s->verb == STEP_DO)
		action_read(rd, body, ACTION_IN_DO, &s->actions);
	else if (s->verb == STEP_GOTO)
		target_read(rd, body, &s->target);
	else
		stop_read(rd, body);
}

static void
id_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *id = yaml_get(y, "id");
	const struct step *first;
	const char *name = "";

	if (id == NULL) {
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write id: NAME; runs are remembered by it", "the step has no id");
		return;
	}
	if (!word_read(id, "a step", false, &name, rd->report))
		return;
	first = playbook_step(rd->playbook, name);
	if (strcmp(name, "stop") == 0 || strcmp(name, "next") == 0)
		report_add(rd->report, SEV_ERROR, id->at, "reserved",
		    "choose another name", "\"%s\" is a reserved step id", name);
	else if (first != NULL)
		report_add(rd->report, SEV_ERROR, id->at, "duplicate-id",
		    "choose another name",
		    "two steps are called \"%s\", the first on line %d", name,
		    first->at.line);
	else
		s->id = name;
}

static void
timing_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *at = yaml_get(y, "at"), *after = yaml_get(y, "after");

	s->timing.minute = -1;
	if (at != NULL && after != NULL)
		report_add(rd->report, SEV_ERROR, yaml_key_at(y, "after"), "timing",
		    "keep one of them", "a step has one time: \"at\" or \"after\"");
	if (at != NULL)
		timing_at(at, &s->timing, rd->report);
	if (after != NULL)
		timing_after(after, &s->timing, rd->report);
}

void
step_read_all(struct reading *rd, const struct yaml *y, const struct step *defaults)
{
	struct playbook *p = rd->playbook;
	int i;

	p->steps_at = y->at;
	if (y->kind != YAML_LIST || y->n == 0 || y->n > FLOW_STEPS_MAX) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write each step as - id: NAME and what it does",
		    "steps are a list of 1 to %d", FLOW_STEPS_MAX);
		return;
	}
	p->steps = arena_array(rd->arena, struct step, y->n);
	for (i = 0; i < y->n; i++) {
		const struct yaml *item = y->items[i];
		struct step *s = &p->steps[i];

		*s = *defaults;
		s->id = "";
		s->index = i;
		s->at = item->at;
		if (schema_check(item, &schema_step, rd->report)) {
			id_read(rd, item, s);
			timing_read(rd, item, s);
			sending_read(item, p->category, s, rd->report);
			verb_read(rd, item, s);
		}
		p->n_steps++;
	}
}
