/* action_read.c - what then:, do: and replies may do. */
#include <math.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

/* One list of actions while it grows. */
struct list {
	struct reading *rd;
	enum action_place place;
	GArray *actions;
};

static void
add(struct list *l, struct action a)
{
	g_array_append_val(l->actions, a);
}

/* Quoted is text; bare true, false and numbers are what they look like. */
static struct value
value_of(const struct yaml *y)
{
	const char *p = y->text + (y->text[0] == '-');
	size_t n = strspn(p, "0123456789");

	if (y->quoted || y->block)
		return value_strn(y->text, y->len);
	if (strcmp(y->text, "true") == 0 || strcmp(y->text, "false") == 0)
		return value_bool(y->text[0] == 't');
	if (n > 0 && n <= 18 && p[n] == '\0' && (p[0] != '0' || n == 1))
		return value_int(g_ascii_strtoll(y->text, NULL, 10));
	if (n > 0 && n <= 15 && p[n] == '.' && p[n + 1] != '\0' &&
	    strspn(p + n + 1, "0123456789") == strlen(p + n + 1))
		return value_float(g_ascii_strtod(y->text, NULL));
	return value_strn(y->text, y->len);
}

static void
set_read(struct list *l, const struct yaml *y)
{
	struct report *r = l->rd->report;
	const char *text;
	int i;

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
		a.value = value_of(y->items[i]);
		add(l, a);
	}
}

static void
tags_read(struct list *l, const struct yaml *y, enum action_kind kind)
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
			add(l, a);
	}
}

static void
tag_read(struct list *l, const struct yaml *y)
{
	if (!schema_check(y, &schema_tag, l->rd->report))
		return;
	if (y->n == 0)
		report_add(l->rd->report, SEV_ERROR, y->at, "missing",
		    "write tag: { add: NAME } or { remove: NAME }", "no tag is named");
	tags_read(l, yaml_get(y, "add"), ACTION_TAG_ADD);
	tags_read(l, yaml_get(y, "remove"), ACTION_TAG_REMOVE);
}

static void
event_read(struct list *l, const struct yaml *y)
{
	struct report *r = l->rd->report;
	struct action a = { .kind = ACTION_EVENT, .at = y->at };
	const struct yaml *name = y, *value = NULL;
	const char *text;

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
		a.value = value_of(value);
	add(l, a);
}

static void
true_read(struct list *l, const struct yaml *y, struct pos at, enum action_kind kind)
{
	bool yes = false;

	if (!yaml_bool(y, &yes, l->rd->report))
		return;
	if (yes)
		add(l, (struct action){ .kind = kind, .at = at });
	else
		report_add(l->rd->report, SEV_ERROR, y->at, "type", "delete the line",
		    "only true means something here");
}

/* Where the run is already over, or the step itself says where to go next. */
static bool
may_move(const struct list *l, struct pos at, const char *key)
{
	if (l->place == ACTION_IN_RUN)
		return true;
	report_add(l->rd->report, SEV_ERROR, at, "action",
	    l->place == ACTION_IN_DO
		? "give the step a goto: or stop: of its own, after this one"
		: "the run has ended here already; delete it",
	    "\"%s\" is not possible here", key);
	return false;
}

/* The target is resolved in place, so it is registered once the list is final. */
static void
goto_read(struct list *l, const struct yaml *y, struct pos at)
{
	struct action a = { .kind = ACTION_GOTO, .at = at };

	if (may_move(l, at, "goto") && yaml_str(y, &a.name, l->rd->report)) {
		a.at = y->at;
		add(l, a);
	}
}

static void
mapping_read(struct list *l, const struct yaml *y)
{
	struct report *r = l->rd->report;
	const struct yaml *v;

	schema_check(y, &schema_action, r);
	if (y->n == 0 || (y->n > 1 && l->place != ACTION_IN_DO))
		report_add(r, SEV_ERROR, y->at, "action",
		    "write a list with one action a line: - tag: ...",
		    "an action is a mapping with one key");
	if ((v = yaml_get(y, "set")) != NULL)
		set_read(l, v);
	if ((v = yaml_get(y, "tag")) != NULL)
		tag_read(l, v);
	if ((v = yaml_get(y, "stage")) != NULL) {
		struct action a = { .kind = ACTION_STAGE, .at = v->at };

		if (word_read(v, "a stage", false, &a.name, r))
			add(l, a);
	}
	if ((v = yaml_get(y, "stop_marketing")) != NULL)
		true_read(l, v, yaml_key_at(y, "stop_marketing"), ACTION_STOP_MARKETING);
	if ((v = yaml_get(y, "event")) != NULL)
		event_read(l, v);
	if ((v = yaml_get(y, "goto")) != NULL)
		goto_read(l, v, yaml_key_at(y, "goto"));
	if ((v = yaml_get(y, "stop")) != NULL &&
	    may_move(l, yaml_key_at(y, "stop"), "stop"))
		true_read(l, v, yaml_key_at(y, "stop"), ACTION_STOP);
}

static void
item_read(struct list *l, const struct yaml *y)
{
	if (y->kind == YAML_MAP)
		mapping_read(l, y);
	else if (y->kind == YAML_SCALAR && l->place == ACTION_IN_RUN)
		goto_read(l, y, y->at);
	else
		report_add(l->rd->report, SEV_ERROR, y->at, "action",
		    "write one as { stage: NAME } or { tag: { add: NAME } }",
		    "an action is expected here");
}

void
action_read(struct reading *rd, const struct yaml *y, enum action_place place,
    struct actions *out)
{
	struct list l = { rd, place, g_array_new(FALSE, FALSE, sizeof(struct action)) };
	int i;

	if (y->kind == YAML_LIST) {
		for (i = 0; i < y->n; i++)
			item_read(&l, y->items[i]);
	} else {
		item_read(&l, y);
	}
	out->n = (int)l.actions->len;
	out->items = arena_array(rd->arena, struct action, out->n);
	for (i = 0; i < out->n; i++) {
		struct action *a = &out->items[i];

		*a = g_array_index(l.actions, struct action, (guint)i);
		if (a->kind == ACTION_GOTO) {
			struct target_use use = { &a->target, a->name, a->at };

			g_array_append_val(rd->targets, use);
		}
	}
	g_array_free(l.actions, TRUE);
}
