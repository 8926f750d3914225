/* step_wait.c - wait: a time, or for something to come. */
#include "flow.h"
#include "spec/schema.h"
#include "step.h"

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
	leads_add(l, s->then, 0);
	leads_add(
	    l, s->otherwise, s->up_to / MS_MINUTE + (int64_t)s->up_to_days * DAY_MINUTES);
}
