/* step_wait.c - wait: a time, or for something to come. */
#include <string.h>

#include "flow.h"
#include "spec/schema.h"
#include "step.h"

/* An open is often a program's, and often a person's that nobody sees. */
static void
open_refused(const struct yaml *y, struct report *r)
{
	report_add(r, SEV_ERROR, y->at, "open", "wait for click, reply or an event",
	    "an open proves nothing: programs open messages and people hide it, so no "
	    "step "
	    "depends on it");
}

static void
names_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	struct report *r = rd->report;
	const char *name;
	int i, fact;

	if (!yaml_strings(rd->arena, y, &s->wait_for, &s->n_wait_for, r))
		return;
	if (s->n_wait_for == 0)
		report_add(r, SEV_ERROR, y->at, "type", "", "the list is empty");
	for (i = 0; i < s->n_wait_for; i++) {
		const struct yaml *one = y->kind == YAML_LIST ? y->items[i] : y;

		if (!event_name_read(one, &name, r))
			continue;
		if (strcmp(name, "open") == 0 || strcmp(name, "opened") == 0)
			open_refused(one, r);
		for (fact = 0; fact < FACTS; fact++)
			s->facts |= strcmp(name, fact_names[fact]) == 0 ? BIT(fact) : 0;
	}
}

static void
wait_for_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *events = yaml_get(y, "for"), *up_to = yaml_get(y, "up_to"), *v;
	struct report *r = rd->report;

	schema_check(y, &schema_wait, r);
	if (events == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write for: EVENT, or wait: 3d", "what the wait is for is missing");
	else
		names_read(rd, events, s);
	if (up_to == NULL)
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write up_to: 7d, or how long it may be",
		    "a wait for something needs up_to");
	else
		timing_span(up_to, &s->up_to_days, &s->up_to, r);
	if ((v = yaml_get(y, "then")) != NULL)
		action_read(rd, v, ACTION_IN_RUN, &s->then);
	if ((v = yaml_get(y, "else")) != NULL)
		action_read(rd, v, ACTION_IN_RUN, &s->otherwise);
	else
		report_add(r, SEV_ERROR, y->at, "missing",
		    "write else: STEP, for when nothing came",
		    "a wait for something needs else");
}

void
step_wait_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	struct timing t = { .kind = TIMING_AFTER, .minute = -1 };

	(void)map;
	if (s->timing.kind != TIMING_NOW)
		report_add(rd->report, SEV_ERROR, s->at, "timing",
		    "put at: or after: on the next step, or wait in a step before",
		    "a wait begins when the step before has ended");
	if (y->kind == YAML_MAP)
		wait_for_read(rd, y, s);
	else if (timing_span(y, &t.days, &t.delay, rd->report))
		s->timing = t;
}

void
step_wait_leads(const struct step *s, struct leads *l)
{
	if (s->n_wait_for == 0) {
		leads_add(l, STEP_NEXT, 0);
		return;
	}
	leads_actions(l, &s->then, 0);
	/* A message that was not sent can bring nothing: a wait for it alone is over. */
	leads_actions(l, &s->otherwise,
	    s->facts != 0 ? 0
			  : s->up_to / MS_MINUTE + (int64_t)s->up_to_days * DAY_MINUTES);
}
