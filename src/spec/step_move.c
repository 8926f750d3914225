/* step_move.c - do, goto and stop: what a step does that is over at once. */
#include "flow.h"
#include "step.h"

void
step_do_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	(void)map;
	action_read(rd, y, ACTION_IN_DO, &s->actions);
}

void
step_goto_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	(void)map;
	target_read(rd, y, &s->target);
}

void
step_goto_leads(const struct step *s, struct leads *l)
{
	leads_add(l, s->target, 0);
}

void
step_stop_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	bool yes = true;

	(void)map;
	(void)s;
	if (yaml_bool(y, &yes, rd->report) && !yes)
		report_add(rd->report, SEV_ERROR, y->at, "type", "write stop: true",
		    "only true means something here");
}

void
step_stop_leads(const struct step *s, struct leads *l)
{
	(void)s;
	leads_add(l, STEP_END, 0);
}
