/* step_offer.c - offer: a benefit, or what to do when there is none left. */
#include "flow.h"
#include "spec/schema.h"
#include "step.h"

#define YES_WITHIN 7 /* days */

void
step_offer_read(
    struct reading *rd, const struct yaml *map, const struct yaml *y, struct step *s)
{
	const struct yaml *name = y, *v;

	(void)map;
	s->name = "";
	s->name_at = y->at;
	s->none_left = STEP_NEXT;
	s->up_to_days = YES_WITHIN;
	if (y->kind == YAML_MAP) {
		schema_check(y, &schema_grant, rd->report);
		if ((name = yaml_get(y, "name")) == NULL)
			schema_missing(y, "name", "write name: OFFER", rd->report);
		if ((v = yaml_get(y, "else")) != NULL)
			target_read(rd, v, &s->none_left);
		if ((v = yaml_get(y, "up_to")) != NULL)
			timing_span(v, &s->up_to_days, &s->up_to, rd->report);
	}
	if (name == NULL || !word_read(name, "an offer", false, &s->name, rd->report))
		return;
	s->name_at = name->at;
}

void
step_offer_leads(const struct step *s, struct leads *l)
{
	leads_add(l, STEP_NEXT, 0);
	if (s->none_left != STEP_NEXT)
		leads_add(l, s->none_left, 0);
}
