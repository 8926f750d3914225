/* action_tag.c - tag: { add, remove }. */
#include "action.h"
#include "spec/schema.h"

static void
tags_read(struct action_list *l, const struct yaml *y, enum action_kind kind)
{
	const struct yaml *one[1] = { y };
	const struct yaml *const *items = one;
	int n = y == NULL ? 0 : 1, i;

	if (y != NULL && y->kind == YAML_LIST) {
		items = (const struct yaml *const *)y->items;
		n = y->n;
	}
	for (i = 0; i < n; i++) {
		struct action a = { .kind = kind, .at = items[i]->at };

		if (word_read(items[i], "a tag", false, &a.name, l->rd->report))
			action_add(l, a);
	}
}

void
action_tag_read(struct action_list *l, const struct yaml *y, struct pos at)
{
	(void)at;
	if (!schema_check(y, &schema_tag, l->rd->report))
		return;
	if (y->n == 0)
		report_add(l->rd->report, SEV_ERROR, y->at, "missing",
		    "write tag: { add: NAME } or { remove: NAME }", "no tag is named");
	tags_read(l, yaml_get(y, "add"), ACTION_TAG_ADD);
	tags_read(l, yaml_get(y, "remove"), ACTION_TAG_REMOVE);
}
