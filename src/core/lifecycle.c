#include "core/lifecycle.h"

#include <string.h>

const char *const stage_names[] = { "none", "satisfied", "doubting", "trying", "overdue",
	"dormant", "lost", "returned", "given-up", NULL };
const char *const dormant_types[] = { "passive", "no-need", "replaced", "dissatisfied",
	NULL };
const char *const lost_causes[] = { "convenience", "price", "service", "competitor",
	"natural", "forgotten", "unknown", NULL };

int
stage_find(const char *name)
{
	for (int i = STAGE_NONE + 1; i < STAGES; i++)
		if (strcmp(stage_names[i], name) == 0)
			return i;
	return STAGE_NONE;
}

void
lifecycle_default(struct lifecycle *lc)
{
	*lc = (struct lifecycle){
		.file = "",
		.window = 90,
		.cycle = 180,
		.scale = 10,
		.growing = 2,
		.mature = 5,
	};
}

bool
moment_on(const struct moment *m, const char *type)
{
	for (int i = 0; m->on != NULL && m->on[i] != NULL; i++)
		if (strcmp(m->on[i], type) == 0)
			return true;
	return false;
}
