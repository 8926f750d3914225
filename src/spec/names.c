/* names.c - what steps and actions name of the set beyond templates: offers, playbooks.
 */
#include <string.h>

#include "flow.h"
#include "read.h"
#include "set.h"

void
actions_each(const struct playbook *p,
    void (*each)(void *arg, const struct actions *list, const struct step *s), void *arg)
{
	each(arg, &p->goal.then, NULL);
	for (int i = 0; i < p->n_exits; i++)
		each(arg, &p->exits[i].then, NULL);
	for (int i = 0; i < p->n_replies; i++)
		each(arg, &p->replies[i].then, NULL);
	for (int i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];

		each(arg, &s->actions, s);
		each(arg, &s->then, s);
		each(arg, &s->otherwise, s);
		for (int k = 0; k < s->n_outcomes; k++)
			each(arg, &s->outcomes[k].then, s);
	}
}

static void
no_such(
    const char *what, const char *name, struct pos at, GPtrArray *known, struct report *r)
{
	const char *near;
	char *hint;

	g_ptr_array_add(known, NULL);
	near = report_nearest(name, (const char *const *)known->pdata);
	if (near != NULL)
		hint = g_strdup_printf("did you mean \"%s\"?", near);
	else
		hint =
		    g_strdup(strcmp(what, "offer") == 0 ? "add it to offers.yaml" : "");
	report_add(
	    r, SEV_ERROR, at, "no-name", hint, "there is no %s \"%.80s\"", what, name);
	g_free(hint);
}

void
offer_check(const struct set *s, const char *name, struct pos at)
{
	GPtrArray *known;

	if (name[0] == '\0' || (s->offers == NULL && !s->whole) ||
	    offer_named(s->offers, name) != NULL)
		return;
	known = g_ptr_array_new();
	for (int i = 0; s->offers != NULL && i < s->offers->n; i++)
		g_ptr_array_add(known, (char *)s->offers->items[i].name);
	no_such("offer", name, at, known, s->report);
	g_ptr_array_free(known, TRUE);
}

static const struct playbook *
playbook_named(const struct set *s, const char *name)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct set_playbook *one = s->playbooks->pdata[i];

		if (strcmp(one->playbook->name, name) == 0)
			return one->playbook;
	}
	return NULL;
}

static void
playbook_check(const struct set *s, const char *name, struct pos at)
{
	GPtrArray *known;

	if (name[0] == '\0' || !s->whole || playbook_named(s, name) != NULL)
		return;
	known = g_ptr_array_new();
	for (guint i = 0; i < s->playbooks->len; i++)
		g_ptr_array_add(
		    known, (char *)((struct set_playbook *)s->playbooks->pdata[i])
			       ->playbook->name);
	no_such("playbook", name, at, known, s->report);
	g_ptr_array_free(known, TRUE);
}

static void
on_actions(void *arg, const struct actions *list, const struct step *step)
{
	const struct set *s = arg;

	(void)step;
	for (int i = 0; i < list->n; i++) {
		if (list->items[i].kind == ACTION_OFFER)
			offer_check(s, list->items[i].name, list->items[i].at);
		else if (list->items[i].kind == ACTION_ENTER)
			playbook_check(s, list->items[i].name, list->items[i].at);
	}
}

void
names_check(const struct set *s)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *p =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		actions_each(p, on_actions, (void *)s);
		for (int k = 0; k < p->n_steps; k++) {
			if (p->steps[k].verb == STEP_OFFER)
				offer_check(s, p->steps[k].name, p->steps[k].name_at);
			else if (p->steps[k].verb == STEP_ENTER)
				playbook_check(s, p->steps[k].name, p->steps[k].name_at);
		}
	}
}
