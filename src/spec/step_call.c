/* step_call.c - call: somebody calls the customer; what comes of it leads on. */
#include <string.h>

#include "core/call.h"
#include "flow.h"
#include "spec/schema.h"
#include "step.h"

#define DUE_DEFAULT (48 * MS_HOUR)
#define TRIES_MAX 9
#define TRIES_EVERY (3 * MS_HOUR)
#define EVERY_MAX (7 * MS_DAY)

static void
outcomes_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_MAP) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write outcomes: { reached: STEP, none: STEP }",
		    "outcomes lead to steps: a mapping is expected");
		return;
	}
	s->outcomes = arena_array(rd->arena, struct outcome_rule, y->n);
	for (int i = 0; i < y->n; i++) {
		struct outcome_rule *o = &s->outcomes[s->n_outcomes];

		y->read[i] = true;
		o->at = y->keys[i]->at;
		if (!word_read(y->keys[i], "an outcome", false, &o->name, rd->report))
			continue;
		action_read(rd, y->items[i], ACTION_IN_RUN, &o->then);
		s->n_outcomes++;
	}
}

static void
tries_read(const struct yaml *y, struct step *s, struct report *r)
{
	int64_t n;

	s->tries = 1;
	s->tries_every = TRIES_EVERY;
	if (y == NULL)
		return;
	if (y->kind == YAML_MAP) {
		schema_check(y, &schema_tries, r);
		yaml_span(yaml_get(y, "every"), MS_HOUR, EVERY_MAX, &s->tries_every, r);
		y = yaml_get(y, "times");
	}
	if (y != NULL && yaml_int(y, 1, TRIES_MAX, &n, r))
		s->tries = (int)n;
}

void
step_call_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	task_spec_read(rd, map, DUE_DEFAULT, &s->task);
	outcomes_read(rd, yaml_get(map, "outcomes"), s);
	tries_read(yaml_get(map, "tries"), s, rd->report);
	s->sends = arena_array(rd->arena, const char *, 1);
	s->sends_at = arena_array(rd->arena, struct pos, 1);
	s->templates = arena_array(rd->arena, const struct template *, 1);
	if (!word_read(y, "a template", true, &s->sends[0], rd->report))
		return;
	s->sends_at[0] = y->at;
	s->n_sends = 1;
}

/* Where a list of actions sends the run. */
static int
leads_to(const struct actions *a)
{
	int target = STEP_NEXT;

	for (int i = 0; i < a->n; i++) {
		if (a->items[i].kind == ACTION_GOTO)
			target = a->items[i].target;
		if (a->items[i].kind == ACTION_STOP)
			target = STEP_END;
	}
	return target;
}

void
step_call_leads(const struct step *s, struct leads *l)
{
	bool none = false;

	for (int i = 0; i < s->n_outcomes; i++) {
		leads_add(l, leads_to(&s->outcomes[i].then), 0);
		none |= strcmp(s->outcomes[i].name, CALL_NONE) == 0;
	}
	/* An outcome without a line of its own, or a call that was never made. */
	if (!none)
		leads_add(l, STEP_NEXT, 0);
}
