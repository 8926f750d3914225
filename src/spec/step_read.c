/* step_read.c - the steps of a playbook, one verb each. */
#include <string.h>

#include "flow.h"
#include "spec/schema.h"
#include "step.h"

const struct step_kind step_kinds[STEP_VERBS] = {
	[STEP_SEND] = { "send", step_send_read, NULL },
	[STEP_WAIT] = { "wait", step_wait_read, step_wait_leads },
	[STEP_BRANCH] = { "branch", step_branch_read, step_branch_leads },
	[STEP_DO] = { "do", step_do_read, NULL },
	[STEP_GOTO] = { "goto", step_goto_read, step_goto_leads },
	[STEP_STOP] = { "stop", step_stop_read, step_stop_leads },
	[STEP_SPLIT] = { "split", step_split_read, step_split_leads },
	[STEP_OFFER] = { "offer", step_offer_read, step_offer_leads },
	[STEP_ENTER] = { "enter", step_enter_read, NULL },
	[STEP_CALL] = { "call", step_call_read, step_call_leads },
	[STEP_REPEAT] = { "repeat", step_repeat_read, step_repeat_leads },
};
static const char *const later_verbs[] = { "task", NULL };

static void
nothing_done(const struct yaml *y, struct report *r)
{
	GString *hint = g_string_new("write one of ");
	int i;

	for (i = 0; i < STEP_VERBS; i++)
		g_string_append_printf(
		    hint, "%s%s", i > 0 ? ", " : "", step_kinds[i].name);
	report_add(r, SEV_ERROR, y->at, "missing", hint->str, "the step does nothing");
	g_string_free(hint, TRUE);
}

static void
verb_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *v, *body = NULL;
	int found = 0, i;

	for (i = 0; i < STEP_VERBS; i++) {
		if ((v = yaml_get(y, step_kinds[i].name)) == NULL)
			continue;
		if (found++ > 0) {
			report_add(rd->report, SEV_ERROR,
			    yaml_key_at(y, step_kinds[i].name), "step",
			    "make two steps of it", "a step does one thing");
			continue;
		}
		s->verb = (enum step_verb)i;
		body = v;
	}
	for (i = 0; later_verbs[i] != NULL; i++)
		found += yaml_get(y, later_verbs[i]) != NULL;
	if (found == 0 && schema_all_known(y))
		nothing_done(y, rd->report);
	if (body != NULL)
		step_kinds[s->verb].read(rd, y, body, s);
}

static void
id_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *id = yaml_get(y, "id");
	const struct step *first;
	const char *name = "";

	if (id == NULL) {
		report_add(rd->report, SEV_ERROR, y->at, "missing",
		    "write id: NAME; runs are remembered by it", "the step has no id");
		return;
	}
	if (!word_read(id, "a step", false, &name, rd->report))
		return;
	first = playbook_step(rd->playbook, name);
	if (strcmp(name, "stop") == 0 || strcmp(name, "next") == 0)
		report_add(rd->report, SEV_ERROR, id->at, "reserved",
		    "choose another name", "\"%s\" is a reserved step id", name);
	else if (first != NULL)
		report_add(rd->report, SEV_ERROR, id->at, "duplicate-id",
		    "choose another name",
		    "two steps are called \"%s\", the first on line %d", name,
		    first->at.line);
	else
		s->id = name;
}

static void
timing_read(struct reading *rd, const struct yaml *y, struct step *s)
{
	const struct yaml *at = yaml_get(y, "at"), *after = yaml_get(y, "after"),
			  *before = yaml_get(y, "before");

	s->timing.minute = -1;
	if ((at != NULL) + (after != NULL) + (before != NULL) > 1)
		report_add(rd->report, SEV_ERROR,
		    yaml_key_at(y, before != NULL ? "before" : "after"), "timing",
		    "keep one of them",
		    "a step has one time: \"at\", \"after\" or \"before\"");
	if (before != NULL) {
		timing_before(rd, before, &s->timing);
		if (!rd->quiet_said)
			s->on_quiet = QUIET_EARLIER;
	}
	if (at != NULL)
		timing_at(at, &s->timing, rd->report);
	if (after != NULL)
		timing_after(after, &s->timing, rd->report);
}

void
step_read_all(struct reading *rd, const struct yaml *y, const struct step *defaults)
{
	struct playbook *p = rd->playbook;
	int i;

	p->steps_at = y->at;
	if (y->kind != YAML_LIST || y->n == 0 || y->n > FLOW_STEPS_MAX) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write each step as - id: NAME and what it does",
		    "steps are a list of 1 to %d", FLOW_STEPS_MAX);
		return;
	}
	p->steps = arena_array(rd->arena, struct step, y->n);
	for (i = 0; i < y->n; i++) {
		const struct yaml *item = y->items[i];
		struct step *s = &p->steps[i];

		*s = *defaults;
		s->id = "";
		s->index = i;
		s->at = item->at;
		if (schema_check(item, &schema_step, rd->report)) {
			id_read(rd, item, s);
			timing_read(rd, item, s);
			sending_read(item, p->category, s, rd->report);
			verb_read(rd, item, s);
			step_kind_read(rd, item, s);
		}
		p->n_steps++;
	}
}
