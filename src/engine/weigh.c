#include "weigh.h"

#include "base/check.h"
#include "profile.h"

/* Of a reader or, in a simulated world, of the one store: nothing is written. */
static const char *
priority(void *arg, struct store *s, int64_t customer)
{
	struct weighing *g = arg;
	struct person p;
	struct err e = { 0 };
	const char *is;

	CHECK(g->work->store == s);
	if (person_load(g->work, customer, &p, &e) != 1)
		return "";
	is = score_priority(profile_view(&p));
	return is != NULL ? is : "";
}

/* On the thread that counts: a catalog is frozen. */
static const struct budget_rule *
budgets(void *arg, const char *playbook)
{
	const struct weighing *g = arg;
	const struct version *v = catalog_playbook(g->cat, playbook);

	return v != NULL ? v->playbook->budget : NULL;
}

void
weigh_ask(
    struct reports_ask *ask, const struct catalog *cat, struct weighing *w, ms_t now)
{
	ask->now = now;
	ask->policy = cat->policy;
	ask->rules = cat->policy->reports;
	ask->lifecycle = cat->lifecycle;
	ask->inviting = cat->inviting;
	ask->expected = cat->expected;
	ask->priority = cat->lifecycle->n_priority > 0 ? priority : NULL;
	ask->budgets = budgets;
	ask->arg = w;
	w->cat = cat;
}
