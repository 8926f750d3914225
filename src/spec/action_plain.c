/* action_plain.c - the actions of one word: stage, stop_marketing, goto, stop. */
#include "action.h"
#include "core/lifecycle.h"

void
action_stage_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct action a = { .kind = ACTION_STAGE, .at = y->at };

	(void)at;
	if (!word_read(y, "a stage", false, &a.name, l->rd->report))
		return;
	if (stage_find(a.name) == STAGE_NONE)
		report_unknown(l->rd->report, SEV_ERROR, y->at, "stage", "no stage is called", a.name,
		    stage_names + 1);
	else
		action_add(l, a);
}

static void
true_read(
    struct action_list *l, const struct yaml *y, struct pos at, enum action_kind kind)
{
	bool yes = false;

	if (!yaml_bool(y, &yes, l->rd->report))
		return;
	if (yes)
		action_add(l, (struct action){ .kind = kind, .at = at });
	else
		report_add(l->rd->report, SEV_ERROR, y->at, "type", "delete the line",
		    "only true means something here");
}

void
action_stop_marketing_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	true_read(l, y, at, ACTION_STOP_MARKETING);
}

/* The target is resolved in place, so it is registered once the list is final. */
void
action_goto_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct action a = { .kind = ACTION_GOTO, .at = at };

	if (action_may_move(l, at, "goto") && yaml_str(y, &a.name, l->rd->report)) {
		a.at = y->at;
		action_add(l, a);
	}
}

void
action_stop_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	if (action_may_move(l, at, "stop"))
		true_read(l, y, at, ACTION_STOP);
}
