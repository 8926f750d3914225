/* promise.c - a template that promises an offer: is it granted before it is sent? */
#include <string.h>

#include "core/imply.h"
#include "flow.h"
#include "set.h"

struct wanted {
	const struct set *set;
	const char *offer;
	bool found;
};

static bool
names(const struct actions *list, enum action_kind kind, const char *name)
{
	for (int i = 0; i < list->n; i++)
		if (list->items[i].kind == kind && strcmp(list->items[i].name, name) == 0)
			return true;
	return false;
}

/* Does a step give it, as far as there is one left? */
static bool
grants(const struct step *s, const char *offer)
{
	return (s->verb == STEP_OFFER && strcmp(s->name, offer) == 0) ||
	       names(&s->actions, ACTION_OFFER, offer);
}

static void
on_actions(void *arg, const struct actions *list, const struct step *s)
{
	struct wanted *w = arg;

	if (s == NULL && names(list, ACTION_OFFER, w->offer))
		w->found = true;
}

/* By one of its steps that leads to `step`, by a reply or the like, or before it was
 * entered from another playbook. */
static bool
granted_before(const struct set *s, const struct playbook *p, int step, const char *offer)
{
	struct wanted w = { s, offer, false };

	for (int i = 0; i < p->n_steps; i++)
		if (grants(&p->steps[i], offer) && i != step && flow_leads(p, i, step))
			return true;
	actions_each(p, on_actions, &w);
	return w.found;
}

static bool
grants_at_all(const struct playbook *p, const char *offer)
{
	struct wanted w = { NULL, offer, false };

	for (int i = 0; i < p->n_steps; i++)
		if (grants(&p->steps[i], offer))
			return true;
	actions_each(p, on_actions, &w);
	return w.found;
}

static bool
granted_elsewhere(const struct set *s, const struct playbook *p, const char *offer)
{
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *q =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		if (q != p && enters(q, p) && grants_at_all(q, offer))
			return true;
	}
	return false;
}

/* The way out that is taken when it has been granted. An unlimited one is always there.
 */
static bool
gives(const struct step *s, int target, const void *arg)
{
	const struct wanted *w = arg;
	const struct offer *o = offer_named(w->set->offers, w->offer);
	bool sure = o != NULL && o->quota < 0 && o->approval == APPROVAL_NONE;
	int next = s->index + 1;

	if (!grants(s, w->offer))
		return false;
	if (s->verb != STEP_OFFER)
		return sure;
	return target == next && (sure || s->none_left != STEP_NEXT);
}

static void
check(const struct set *s, const struct playbook *p, const struct step *step, int k)
{
	const struct template *t = step->templates[k];
	struct wanted w = { s, t->offer, false };

	if (!granted_before(s, p, step->index, t->offer)) {
		if (!granted_elsewhere(s, p, t->offer))
			report_add(s->report, SEV_ERROR, step->sends_at[k], "promise",
			    "grant it in a step before: - { id: ..., offer: NAME }",
			    "\"%s\" promises the offer \"%s\", which is not granted "
			    "before step "
			    "\"%s\"",
			    t->name, t->offer, step->id);
		return;
	}
	actions_each(p, on_actions, &w);
	if (!w.found && flow_reaches_without(p, step->index, false, gives, &w))
		report_add(s->report, SEV_WARNING, step->sends_at[k], "promise",
		    "give the offer step an else: that leads round this one",
		    "a run can come to step \"%s\" without the offer \"%s\"; \"%s\" is "
		    "not sent "
		    "then",
		    step->id, t->offer, t->name);
}

/* ---- weak ties ---- */

static void
on_any_offer(void *arg, const struct actions *list, const struct step *s)
{
	(void)s;
	for (int i = 0; i < list->n; i++)
		*(bool *)arg = *(bool *)arg || list->items[i].kind == ACTION_OFFER;
}

static bool
offers_anything(const struct playbook *p)
{
	bool found = false;

	for (int i = 0; i < p->n_steps; i++)
		found = found || p->steps[i].verb == STEP_OFFER;
	actions_each(p, on_any_offer, &found);
	return found;
}

/* Whoever it takes in is a weak tie, who is given nothing. */
static void
check_weak(const struct set *s, const struct playbook *p)
{
	const char *weak = s->lifecycle == NULL ? NULL : s->lifecycle->weak_tie.tier;
	const struct path_part parts[] = { { "customer", NULL }, { "tier", NULL } };
	const struct expr path = { .op = EXPR_PATH, .parts = parts, .n_parts = 2 };
	const struct expr tier = { .op = EXPR_LITERAL, .literal = value_str(weak) };
	const struct expr same = { .op = EXPR_EQ, .left = &path, .right = &tier };
	const struct cond then = { .kind = COND_EXPR, .expr = &same };
	const struct cond *given[] = { p->start.when, p->while_ };

	if (weak == NULL || !offers_anything(p) ||
	    !implies(given, G_N_ELEMENTS(given), &then))
		return;
	report_add(s->report, SEV_WARNING,
	    p->start.when != NULL ? p->start.when->at : p->while_->at, "promise",
	    "leave the offer out, or mean others as well",
	    "only weak ties (tier \"%s\") come into this playbook, and they are given no "
	    "offers: what it offers is refused",
	    weak);
}

void
promise_check(const struct set *s)
{
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;

		if (t->offer != NULL)
			offer_check(s, t->offer, t->offer_at);
	}
	for (guint i = 0; i < s->playbooks->len; i++) {
		const struct playbook *p =
		    ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;

		check_weak(s, p);
		for (int n = 0; n < p->n_steps; n++)
			for (int k = 0; k < p->steps[n].n_sends; k++)
				if (p->steps[n].templates[k] != NULL &&
				    offer_named(s->offers,
					p->steps[n].templates[k]->offer) != NULL)
					check(s, p, &p->steps[n], k);
	}
}
