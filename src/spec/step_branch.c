/* step_branch.c - branch: the first condition that holds. */
#include "admit.h"
#include "flow.h"
#include "spec/schema.h"
#include "step.h"

void
step_branch_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	int i;

	(void)map;
	if (y->kind != YAML_LIST || y->n == 0) {
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write a list of - { when: CONDITION, goto: STEP }",
		    "a branch needs a list");
		return;
	}
	s->branches = arena_array(rd->arena, struct branch, y->n);
	s->n_branches = y->n;
	for (i = 0; i < y->n; i++) {
		const struct yaml *arm = y->items[i], *when, *to;
		struct branch *b = &s->branches[i];

		b->at = arm->at;
		b->target = STEP_NEXT;
		if (!schema_check(arm, &schema_branch, rd->report))
			continue;
		when = yaml_get(arm, "when");
		to = yaml_get(arm, "goto");
		if (when == NULL || to == NULL)
			report_add(rd->report, SEV_ERROR, arm->at, "missing", "",
			    "a branch needs \"when\" and \"goto\"");
		b->when = cond_read(rd->arena, when, PATH_CONDITION | PATH_ANSWER | rd->subject, rd->report);
		if (to != NULL)
			target_read(rd, to, &b->target);
	}
}

void
step_branch_leads(const struct step *s, struct leads *l)
{
	int k;

	for (k = 0; k < s->n_branches; k++) {
		enum admit a = l->tier == NULL ? ADMIT_UNKNOWN
					       : admit_tier(s->branches[k].when, l->tier);

		if (a != ADMIT_NO)
			leads_add(l, s->branches[k].target, 0);
		if (a == ADMIT_YES)
			return;
	}
	leads_add(l, STEP_NEXT, 0);
}
