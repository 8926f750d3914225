/* link.c - names made into pointers: what steps send, what templates use. */
#include <string.h>

#include "core/call.h"
#include "read.h"
#include "set.h"
#include "step.h"

static void
missing(const char *name, struct pos at, GHashTable *known, const char *what,
    struct report *r)
{
	guint n;
	gpointer *names = g_hash_table_get_keys_as_array(known, &n);
	const char *near = report_nearest(name, (const char *const *)names);
	char *hint =
	    near == NULL ? g_strdup("") : g_strdup_printf("did you mean \"%s\"?", near);

	report_add(
	    r, SEV_ERROR, at, "no-template", hint, "there is no %s \"%s\"", what, name);
	g_free(hint);
	g_free(names);
}

/* A step may not be more of an advertisement than the playbook says it is. */
static void
check_category(
    const struct playbook *p, const struct template *t, struct pos at, struct report *r)
{
	if (t->category < p->category)
		report_add(r, SEV_ERROR, at, "category",
		    "change the playbook's category, or send another template",
		    "\"%s\" is %s, the playbook only %s", t->name,
		    category_name((int)t->category), category_name((int)p->category));
}

static void
check_fallback(const struct step *s, struct report *r)
{
	int i;

	if (s->on_cap != CAP_FALLBACK)
		return;
	for (i = 0; !s->each && i < s->n_sends; i++) {
		if (s->templates[i] == NULL || s->templates[i]->channel == s->fallback)
			return;
	}
	report_add(r, SEV_ERROR, s->at, "fallback",
	    "name a template of that channel in `send`, or choose another on_cap",
	    "step \"%s\" falls back to %s and has no template for it", s->id,
	    channel_name((int)s->fallback));
}

static void
check_fallbacks(const struct step *s, struct report *r)
{
	if (s->verb == STEP_SEND || s->verb == STEP_REPEAT)
		check_fallback(s, r);
	for (int i = 0; s->split != NULL && i < s->split->n_arms; i++) {
		struct step one = *s;

		step_narrow(&one, s->split->arms[i].name);
		check_fallback(&one, r);
	}
}

/* A script is called, everything else is sent. */
static void
check_channel(const struct template *t, bool call, struct pos at, struct report *r)
{
	if (call == (t->channel == CHANNEL_PHONE))
		return;
	report_add(r, SEV_ERROR, at, "channel",
	    call ? "name a template below templates/phone" : "write call: instead of send:",
	    call ? "\"%s\" is not a phone script" : "\"%s\" is a script for a call",
	    t->name);
}

static bool
names_outcome(const struct template *t, const char *name)
{
	const struct call_word *w = call_word(name);

	for (int i = 0; i < t->n_outcomes; i++)
		if (strcmp(t->outcomes[i].name, name) == 0)
			return true;
	return w != NULL && w->always;
}

static bool
leads_on(const struct step *s, const char *name)
{
	for (int i = 0; i < s->n_outcomes; i++)
		if (strcmp(s->outcomes[i].name, name) == 0)
			return true;
	return false;
}

/* Every way a call may end leads somewhere, and nothing waits for what cannot be. */
static void
check_outcomes(const struct step *s, struct report *r)
{
	const struct template *t = s->templates[0];

	for (int i = 0; t != NULL && i < s->n_outcomes; i++)
		if (!names_outcome(t, s->outcomes[i].name))
			report_add(r, SEV_ERROR, s->outcomes[i].at, "outcome",
			    "name it in the script's outcomes, or delete it here",
			    "the script \"%s\" has no outcome \"%s\"", t->name,
			    s->outcomes[i].name);
	for (int i = 0; t != NULL && i < t->n_outcomes; i++)
		if (!leads_on(s, t->outcomes[i].name))
			report_add(r, SEV_ERROR, s->at, "outcome",
			    "add it to outcomes:, with next, stop or a step id",
			    "outcome \"%s\" of step \"%s\" leads nowhere",
			    t->outcomes[i].name, s->id);
}

static void
link_task(
    struct task_spec *task, GHashTable *templates, bool complete, struct report *r)
{
	if (*task->script == '\0')
		return;
	task->template_ = g_hash_table_lookup(templates, task->script);
	if (task->template_ != NULL)
		check_channel(task->template_, true, task->script_at, r);
	else if (complete)
		missing(task->script, task->script_at, templates, "template", r);
}

void
link_policy(const struct set *s)
{
	const struct task_rules *rules = s->policy == NULL ? NULL : &s->policy->tasks;
	const struct template *t;

	if (rules == NULL || *rules->script == '\0')
		return;
	t = g_hash_table_lookup(s->templates, rules->script);
	if (t != NULL)
		check_channel(t, true, rules->script_at, s->report);
	else if (s->sure)
		missing(rules->script, rules->script_at, s->templates, "template",
		    s->report);
}

void
link_playbook(struct playbook *p, GHashTable *templates, bool complete, struct report *r)
{
	const struct step *s;
	int i, k;

	for (i = 0; (s = playbook_sender(p, i)) != NULL; i++) {

		for (k = 0; k < s->n_sends; k++) {
			const struct template *t =
			    g_hash_table_lookup(templates, s->sends[k]);

			s->templates[k] = t;
			p->reads_visits |= t != NULL && visits_in_text(t);
			if (t != NULL) {
				check_category(p, t, s->sends_at[k], r);
				check_channel(t, s->verb == STEP_CALL, s->sends_at[k], r);
			} else if (complete)
				missing(s->sends[k], s->sends_at[k], templates,
				    "template", r);
		}
		check_fallbacks(s, r);
		step_kind_check(s, r);
		if (s->verb == STEP_CALL && s->n_sends == 1)
			check_outcomes(s, r);
	}
	for (i = 0; i < p->n_tasks; i++)
		link_task(p->tasks[i], templates, complete, r);
}

/* ---- templates ---- */

static void
on_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	const struct set *s = arg;

	path_check(dotted, at, PATH_MESSAGE | PATH_SUBJECTS, s->report);
	if (s->whole && s->stores_file == NULL && !has_default &&
	    strncmp(dotted, "store.", 6) == 0)
		report_add(s->report, SEV_ERROR, at, "store",
		    "describe the stores in config/stores.yaml, or add | default:",
		    "no store is described: \"%.80s\" would have no value", dotted);
}

/* What {% render %} passes in are names of the partial's own. */
static void
on_partial_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	if (path_has_root(dotted))
		on_path(arg, dotted, at, has_default);
}

static void
on_partial(void *arg, const char *name, struct pos at)
{
	const struct set *s = arg;

	if (s->sure && !g_hash_table_contains(s->partials, name))
		missing(name, at, s->partials, "partial", s->report);
}

static void
link_text(const struct set *s, const struct liquid *t)
{
	if (t == NULL)
		return;
	liquid_paths(t, on_path, (void *)s);
	liquid_partials(t, on_partial, (void *)s);
}

void
link_templates(const struct set *s)
{
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;

		link_text(s, t->body);
		link_text(s, t->subject);
		link_text(s, t->text);
		for (int i = 0; i < t->n_registered; i++)
			for (int k = 0; k < t->registered[i].n_params; k++)
				link_text(s, t->registered[i].params[k].value);
		if (t->layout != NULL)
			on_partial((void *)s, t->layout, t->layout_at);
	}
	g_hash_table_iter_init(&it, s->partials);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct set_partial *p = v;

		if (p->liquid == NULL)
			continue;
		liquid_paths(p->liquid, on_partial_path, (void *)s);
		liquid_partials(p->liquid, on_partial, (void *)s);
	}
}
