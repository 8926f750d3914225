/* lifecycle_read.c - config/lifecycle.yaml made into plain data. */
#include <string.h>

#include "life.h"
#include "set.h"

static void
days_read(const struct yaml *y, int *out, struct report *r)
{
	ms_t span;

	if (yaml_span(y, MS_DAY, 3650 * MS_DAY, &span, r))
		*out = (int)(span / MS_DAY);
}

static void
visits_read(const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	int64_t n;

	if (y == NULL || !schema_check(y, &schema_life_visits, r))
		return;
	if (yaml_int(yaml_get(y, "growing"), 1, 1000, &n, r))
		lc->growing = (int)n;
	if (yaml_int(yaml_get(y, "mature"), 1, 1000, &n, r))
		lc->mature = (int)n;
	if (lc->mature <= lc->growing)
		report_add(r, SEV_ERROR, y->at, "range", "",
		    "mature (%d visits) begins after growing (%d)", lc->mature,
		    lc->growing);
}

/* { NAME: something } with names of their own. */
static bool
names_map(const struct yaml *y, const char *key, const char *example, struct report *r)
{
	if (y == NULL)
		return false;
	if (y->kind == YAML_MAP && y->n > 0) {
		for (int i = 0; i < y->n; i++)
			y->read[i] = true;
		return true;
	}
	report_add(
	    r, SEV_ERROR, y->at, "type", example, "\"%s\" is a mapping of names", key);
	return false;
}

static void
durations_read(
    struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!names_map(y, "durations", "as in durations: { 3-6: 90d, 6-12: 180d }", r))
		return;
	lc->durations = arena_array(a, struct duration, y->n);
	for (int i = 0; i < y->n; i++) {
		struct duration *d = &lc->durations[lc->n_durations++];

		word_read(y->keys[i], "a time away", false, &d->name, r);
		days_read(y->items[i], &d->days, r);
		if (i > 0 && d->days <= d[-1].days)
			report_add(r, SEV_ERROR, y->items[i]->at, "range", "",
			    "the shortest first: each begins later than the one before");
	}
}

static void
tiers_read(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!names_map(y, "tiers", "as in tiers: { high: 6000, mid: 2000, low: 0 }", r))
		return;
	lc->tiers = arena_alloc(a, sizeof(*lc->tiers) * (size_t)y->n);
	for (int i = 0; i < y->n; i++) {
		lc->tiers[i].name = "";
		lc->tiers[i].at = y->keys[i]->at;
		word_read(y->keys[i], "a tier", false, &lc->tiers[i].name, r);
		yaml_number(y->items[i], 0, 1e9, &lc->tiers[i].from, r);
		if (i > 0 && lc->tiers[i].from >= lc->tiers[i - 1].from)
			report_add(r, SEV_ERROR, y->items[i]->at, "range", "",
			    "the highest first: each begins below the one before");
		lc->n_tiers++;
	}
}

static void
overlay_read(const struct yaml *y, struct overlay *out, struct report *r)
{
	unsigned causes = 0;

	if (y == NULL || !schema_check(y, &schema_overlay, r))
		return;
	out->at = yaml_get(y, "tier") == NULL ? y->at : yaml_get(y, "tier")->at;
	if (yaml_get(y, "tier") == NULL)
		schema_missing(y, "tier", "name a tier of the policy", r);
	word_read(yaml_get(y, "tier"), "a tier", false, &out->tier, r);
	word_set(yaml_get(y, "stages"), stage_names, &out->stages, r);
	word_set(yaml_get(y, "causes"), lost_causes, &causes, r);
	out->causes = causes << 1;
}

static void
clv_read(struct arena *a, const struct yaml *y, struct lifecycle *lc, struct report *r)
{
	if (!life_list(y, "clv", 32, r))
		return;
	lc->clv = arena_array(a, struct term, y->n);
	for (int i = 0; i < y->n; i++) {
		struct term *t = &lc->clv[lc->n_clv];
		const struct yaml *of;

		if (!schema_check(y->items[i], &schema_term, r))
			continue;
		of = yaml_get(y->items[i], "of");
		if (of == NULL)
			schema_missing(
			    y->items[i], "of", "as in of: signals.spend_total", r);
		t->times = 1;
		yaml_number(yaml_get(y->items[i], "times"), 0, 1e9, &t->times, r);
		t->of = cond_path(a, of, PATH_CONDITION, r);
		lc->n_clv += t->of != NULL;
	}
}

struct lifecycle *
lifecycle_read(struct arena *a, const struct yaml *root, struct report *r)
{
	struct lifecycle *lc = arena_new_of(a, struct lifecycle);
	const struct yaml *give_up;
	int n;

	lifecycle_default(lc);
	lc->file = root->at.file;
	if (!schema_check(root, &schema_lifecycle, r))
		return lc;
	days_read(yaml_get(root, "window"), &lc->window, r);
	days_read(yaml_get(root, "cycle"), &lc->cycle, r);
	yaml_number(yaml_get(root, "rating_scale"), 1, 1000, &lc->scale, r);
	visits_read(yaml_get(root, "visits"), lc, r);
	life_signs(a, yaml_get(root, "signs"), lc, r);
	life_warnings(a, yaml_get(root, "warnings"), lc, r);
	life_stages(a, yaml_get(root, "stages"), lc, r);
	life_choices(a, root, "dormant_types", LIFE_WORD, dormant_types, &lc->types,
	    &lc->n_types, r);
	life_choices(a, root, "lost_causes", LIFE_WORD, lost_causes, &lc->causes,
	    &lc->n_causes, r);
	durations_read(a, yaml_get(root, "durations"), lc, r);
	give_up = yaml_get(root, "give_up");
	if (give_up != NULL)
		yaml_strings(a, give_up, (const char ***)&lc->give_up, &n, r);
	if (yaml_get(root, "give_up_warn") != NULL)
		share_read(yaml_get(root, "give_up_warn"), 100, &lc->give_up_warn, r);
	tiers_read(a, yaml_get(root, "tiers"), lc, r);
	overlay_read(yaml_get(root, "at_risk"), &lc->at_risk, r);
	overlay_read(yaml_get(root, "weak_tie"), &lc->weak_tie, r);
	life_talks(a, yaml_get(root, "conversations"), lc, r);
	clv_read(a, yaml_get(root, "clv"), lc, r);
	life_choices(
	    a, root, "success", LIFE_RATE, NULL, &lc->success, &lc->n_success, r);
	life_choices(
	    a, root, "potential", LIFE_TIMES, NULL, &lc->potential, &lc->n_potential, r);
	life_choices(
	    a, root, "priority", LIFE_WORD, NULL, &lc->priority, &lc->n_priority, r);
	return lc;
}

/* ---- beside the policy ---- */

static void
tier_known(const struct set *s, const char *name, struct pos at)
{
	const char **names;
	const char *near;
	char *hint;
	int n = s->policy->n_tiers;

	if (name == NULL || *name == '\0')
		return;
	names = g_new0(const char *, (gsize)n + 1);
	for (int i = 0; i < n; i++)
		names[i] = s->policy->tiers[i].name;
	near = report_nearest(name, names);
	hint = near == NULL ? g_strdup("name one of policy.yaml")
			    : g_strdup_printf("did you mean \"%s\"?", near);
	if (!g_strv_contains(names, name))
		report_add(s->report, SEV_WARNING, at, "tier", hint,
		    "the policy has no tier \"%s\"; it is as if it were not written", name);
	g_free(hint);
	g_free(names);
}

void
lifecycle_check(const struct set *s)
{
	const struct lifecycle *lc = s->lifecycle;

	if (lc == NULL || s->policy == NULL || s->policy->n_tiers == 0)
		return;
	for (int i = 0; i < lc->n_tiers; i++)
		tier_known(s, lc->tiers[i].name, lc->tiers[i].at);
	tier_known(s, lc->at_risk.tier, lc->at_risk.at);
	tier_known(s, lc->weak_tie.tier, lc->weak_tie.at);
}
