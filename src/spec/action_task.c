/* action_task.c - task: somebody is asked to do something. */
#include "action.h"
#include "spec/schema.h"

#define DUE_DEFAULT MS_DAY

void
action_task_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct task_spec *t = arena_new_of(l->rd->arena, struct task_spec);
	const struct yaml *script;

	if (!schema_check(y, &schema_task, l->rd->report))
		return;
	task_spec_read(l->rd, y, DUE_DEFAULT, t);
	t->at = at;
	if ((script = yaml_get(y, "template")) != NULL &&
	    word_read(script, "a template", true, &t->script, l->rd->report))
		t->script_at = script->at;
	g_ptr_array_add(l->rd->tasks, t);
	action_add(l, (struct action){ .kind = ACTION_TASK, .at = at, .task = t });
}
