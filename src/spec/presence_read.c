/* presence_read.c - the forgetting curve of the policy. */
#include "core/presence.h"
#include "life.h"

static void
curve_read(const struct yaml *y, struct presence_rule *out, struct report *r)
{
	ms_t span = 0;

	if (y == NULL)
		return;
	if (y->kind != YAML_MAP || y->n < 2 || y->n > PRESENCE_POINTS - 1) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "as in curve: { 3d: 40%, 7d: 25%, 30d: 10% }",
		    "the curve is a mapping of 2 to %d points", PRESENCE_POINTS - 1);
		return;
	}
	out->n = 1; /* whole at once */
	for (int i = 0; i < y->n; i++) {
		struct presence_point *p = &out->point[out->n++];

		struct yaml days = *y->keys[i];

		y->read[i] = true;
		if (yaml_span(&days, MS_MINUTE, 3650 * MS_DAY, &span, r))
			p->days = (double)span / (double)MS_DAY;
		life_share(y->items[i], &p->left, r);
		if (p->days <= p[-1].days || p->left >= p[-1].left || p->left <= 0)
			report_add(r, SEV_ERROR, y->items[i]->at, "range", "",
			    "each point is later than the one before, and less is left");
	}
}

void
presence_read(const struct yaml *y, struct presence_rule *out, struct report *r)
{
	const struct yaml *channels;
	ms_t spacing;

	presence_default(out);
	if (y == NULL || !schema_check(y, &schema_presence, r))
		return;
	curve_read(yaml_get(y, "curve"), out, r);
	yaml_number(yaml_get(y, "strengthen"), 1, 10, &out->strengthen, r);
	yaml_number(yaml_get(y, "longest"), 1, 1000, &out->longest, r);
	if (yaml_duration(yaml_get(y, "spacing"), &spacing, r))
		out->spacing = (double)spacing / (double)MS_DAY;
	life_share(yaml_get(y, "forgotten"), &out->forgotten, r);
	life_share(yaml_get(y, "met"), &out->met, r);
	channels = yaml_get(y, "channels");
	if (channels == NULL || !schema_check(channels, &schema_costs, r))
		return;
	for (int c = 0; c < CHANNELS; c++)
		life_share(yaml_get(channels, channel_name(c)), &out->weight[c], r);
}
