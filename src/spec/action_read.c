/* action_read.c - what then:, do: and replies may do. */
#include "action.h"

#include <string.h>

#include "spec/schema.h"

static const struct action_word {
	const char *name; /* its key */
	action_reader *read;
} words[] = {
	{ "set", action_set_read },
	{ "tag", action_tag_read },
	{ "stage", action_stage_read },
	{ "stop_marketing", action_stop_marketing_read },
	{ "event", action_event_read },
	{ "goto", action_goto_read },
	{ "stop", action_stop_read },
	{ "offer", action_offer_read },
	{ "enter", action_enter_read },
	{ "task", action_task_read },
};

void
action_add(struct action_list *l, struct action a)
{
	g_array_append_val(l->actions, a);
}

struct value
action_value(const struct yaml *y)
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

bool
action_may_move(const struct action_list *l, struct pos at, const char *key)
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

static void
mapping_read(struct action_list *l, const struct yaml *y)
{
	struct report *r = l->rd->report;
	const struct yaml *v;
	size_t i;

	schema_check(y, &schema_action, r);
	if (y->n == 0 || (y->n > 1 && l->place != ACTION_IN_DO))
		report_add(r, SEV_ERROR, y->at, "action",
		    "write a list with one action a line: - tag: ...",
		    "an action is a mapping with one key");
	for (i = 0; i < G_N_ELEMENTS(words); i++) {
		if ((v = yaml_get(y, words[i].name)) != NULL)
			words[i].read(l, v, yaml_key_at(y, words[i].name));
	}
}

static void
item_read(struct action_list *l, const struct yaml *y)
{
	if (y->kind == YAML_MAP)
		mapping_read(l, y);
	else if (y->kind == YAML_SCALAR && l->place == ACTION_IN_RUN)
		action_goto_read(l, y, y->at);
	else
		report_add(l->rd->report, SEV_ERROR, y->at, "action",
		    "write one as { stage: NAME } or { tag: { add: NAME } }",
		    "an action is expected here");
}

void
action_read(struct reading *rd, const struct yaml *y, enum action_place place,
    struct actions *out)
{
	struct action_list l = { rd, place,
		g_array_new(FALSE, FALSE, sizeof(struct action)) };
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
