/* enters.c - playbooks that lead into each other: never round in a circle at once. */
#include <string.h>

#include "flow.h"
#include "set.h"

#define HOUR_MINUTES 60

struct naming {
	const struct playbook *to;
	bool found;
};

/* Whoever is led into a playbook may enter his store's form of it. */
static bool
leads_to(const char *name, const struct playbook *to)
{
	return strcmp(name, to->name) == 0 ||
	       (to->extends != NULL && strcmp(name, to->extends) == 0);
}

static bool
named_in(const struct actions *list, const struct playbook *to)
{
	for (int i = 0; i < list->n; i++)
		if (list->items[i].kind == ACTION_ENTER &&
		    leads_to(list->items[i].name, to))
			return true;
	return false;
}

static void
on_actions(void *arg, const struct actions *list, const struct step *s)
{
	struct naming *n = arg;

	(void)s;
	n->found = n->found || named_in(list, n->to);
}

bool
enters(const struct playbook *p, const struct playbook *to)
{
	struct naming n = { to, false };

	for (int i = 0; i < p->n_steps && !n.found; i++)
		n.found =
		    p->steps[i].verb == STEP_ENTER && leads_to(p->steps[i].name, to);
	if (!n.found)
		actions_each(p, on_actions, &n);
	return n.found;
}

/* Without a wait of an hour. Goals, exits and replies need something to happen first. */
static bool
enters_at_once(const struct playbook *p, const struct playbook *to)
{
	for (int i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];
		int64_t waits;

		if (!(s->verb == STEP_ENTER && leads_to(s->name, to)) &&
		    !named_in(&s->actions, to))
			continue;
		waits = flow_waits(p, i);
		if (waits >= 0 && waits < HOUR_MINUTES)
			return true;
	}
	return false;
}

struct round {
	const struct set *set;
	char *mark; /* 0 new, 1 on the path, 2 done */
	guint *path;
	guint depth;
};

static const struct playbook *
nth(const struct set *s, guint i)
{
	return ((const struct set_playbook *)s->playbooks->pdata[i])->playbook;
}

static void
circle(const struct round *r, guint to)
{
	GString *names = g_string_new(NULL);
	guint i = 0;

	while (r->path[i] != to)
		i++;
	for (; i < r->depth; i++)
		g_string_append_printf(names, "%s -> ", nth(r->set, r->path[i])->name);
	g_string_append(names, nth(r->set, to)->name);
	report_add(r->set->report, SEV_ERROR, nth(r->set, to)->at, "cycle",
	    "put a wait of at least 1h before one of the enter: steps",
	    "playbooks enter each other without a wait of 1h: %s", names->str);
	g_string_free(names, TRUE);
}

static void
visit(struct round *r, guint i)
{
	r->mark[i] = 1;
	r->path[r->depth++] = i;
	for (guint k = 0; k < r->set->playbooks->len; k++) {
		if (r->mark[k] == 2 || !enters_at_once(nth(r->set, i), nth(r->set, k)))
			continue;
		if (r->mark[k] == 1)
			circle(r, k);
		else
			visit(r, k);
	}
	r->depth--;
	r->mark[i] = 2;
}

/* Whoever is in a playbook cannot enter it, unless a second entry begins it anew. */
static void
check_self(const struct set *s, const struct playbook *p)
{
	if (p->again == AGAIN_RESTART || enters_at_once(p, p))
		return;
	for (int i = 0; i < p->n_steps; i++)
		if (p->steps[i].verb == STEP_ENTER && leads_to(p->steps[i].name, p))
			report_add(s->report, SEV_WARNING, p->steps[i].name_at, "enter",
			    "go to an earlier step with goto:, or let the run end and "
			    "begin again by re_entry:",
			    "\"%s\" enters itself: whoever is in it does not enter again",
			    p->name);
}

void
enters_check(const struct set *s)
{
	guint n = s->playbooks->len;
	struct round r = { s, g_new0(char, n + 1), g_new0(guint, n + 1), 0 };

	for (guint i = 0; i < n; i++) {
		check_self(s, nth(s, i));
		if (r.mark[i] == 0)
			visit(&r, i);
	}
	g_free(r.mark);
	g_free(r.path);
}
