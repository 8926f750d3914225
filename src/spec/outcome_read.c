/* outcome_read.c - how the call of a phone script may end: names, words, causes. */
#include <string.h>

#include "core/call.h"
#include "read.h"
#include "spec/schema.h"

#define OUTCOMES_MAX 20

static void
details_read(const struct yaml *y, struct call_outcome *o, struct report *r)
{
	if (y->kind == YAML_SCALAR) {
		yaml_str(y, &o->title, r);
		return;
	}
	if (!schema_check(y, &schema_outcome, r))
		return;
	yaml_str(yaml_get(y, "title"), &o->title, r);
	if (yaml_get(y, "cause") != NULL)
		word_read(yaml_get(y, "cause"), "a cause", false, &o->cause, r);
	if (yaml_get(y, "tag") != NULL)
		word_read(yaml_get(y, "tag"), "a tag", false, &o->tag, r);
}

static void
one_read(struct call_outcome *list, int *n, const struct yaml *name,
    const struct yaml *details, struct report *r)
{
	struct call_outcome *o = &list[*n];
	const struct call_word *w;

	*o = (struct call_outcome){ .cause = "", .tag = "", .at = name->at };
	if (!word_read(name, "an outcome", false, &o->name, r))
		return;
	for (int i = 0; i < *n; i++)
		if (strcmp(list[i].name, o->name) == 0) {
			report_add(r, SEV_ERROR, o->at, "duplicate", "delete one of them",
			    "\"%s\" is named twice", o->name);
			return;
		}
	w = call_word(o->name);
	o->title = w != NULL ? w->zh : o->name;
	if (details != NULL)
		details_read(details, o, r);
	(*n)++;
}

void
outcome_read_all(
    struct arena *a, const struct yaml *root, struct template *t, struct report *r)
{
	const struct yaml *y = yaml_get(root, "outcomes");
	struct call_outcome *list;
	int n = 0;

	if (t->channel != CHANNEL_PHONE) {
		if (y != NULL)
			report_add(r, SEV_ERROR, yaml_key_at(root, "outcomes"),
			    "template", "delete the line",
			    "only a phone script has outcomes");
		return;
	}
	if (y == NULL) {
		schema_missing(
		    root, "outcomes", "write outcomes: [reached, refused, none]", r);
		return;
	}
	if (y->kind == YAML_SCALAR || y->n == 0 || y->n > OUTCOMES_MAX) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write outcomes: [reached, refused, none]",
		    "outcomes are a list of 1 to %d", OUTCOMES_MAX);
		return;
	}
	list = arena_array(a, struct call_outcome, y->n);
	for (int i = 0; i < y->n; i++) {
		if (y->kind == YAML_MAP)
			y->read[i] = true;
		one_read(list, &n, y->kind == YAML_MAP ? y->keys[i] : y->items[i],
		    y->kind == YAML_MAP ? y->items[i] : NULL, r);
	}
	t->outcomes = list;
	t->n_outcomes = n;
}
