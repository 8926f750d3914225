/* action_set.c - set: attributes of the customer. */
#include <string.h>

#include "action.h"

void
action_set_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	struct report *r = l->rd->report;
	const char *text;
	int i;

	(void)at;
	if (y->kind != YAML_MAP || y->n == 0) {
		report_add(r, SEV_ERROR, y->at, "type", "write set: { NAME: VALUE }",
		    "\"set\" needs names and values");
		return;
	}
	for (i = 0; i < y->n; i++) {
		struct action a = { .kind = ACTION_SET, .at = y->keys[i]->at };

		y->read[i] = true;
		if (!word_read(y->keys[i], "an attribute", false, &a.name, r) ||
		    !yaml_str(y->items[i], &text, r))
			continue;
		if (path_is_column(a.name)) {
			report_add(r, SEV_ERROR, a.at, "attribute",
			    strcmp(a.name, "stage") == 0 ? "write stage: NAME"
			    : strcmp(a.name, "tags") == 0
				? "write tag: { add: NAME }"
				: "give the attribute another name",
			    "\"%s\" is a column of the customers' file and cannot be set",
			    a.name);
			continue;
		}
		a.value = action_value(y->items[i]);
		action_add(l, a);
	}
}
