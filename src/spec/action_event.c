/* action_event.c - event: a name alone, or { name, value }. */
#include "action.h"
#include "spec/schema.h"

void
action_event_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct report *r = l->rd->report;
	struct action a = { .kind = ACTION_EVENT, .at = y->at };
	const struct yaml *name = y, *value = NULL;
	const char *text;

	(void)at;
	if (y->kind == YAML_MAP) {
		schema_check(y, &schema_event, r);
		name = yaml_get(y, "name");
		value = yaml_get(y, "value");
	}
	if (name == NULL) {
		report_add(r, SEV_ERROR, y->at, "missing", "write event: { name: NAME }",
		    "the event has no name");
		return;
	}
	if (!word_read(name, "an event", false, &a.name, r))
		return;
	if (value != NULL && yaml_str(value, &text, r))
		a.value = action_value(value);
	action_add(l, a);
}
