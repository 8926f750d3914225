/* policy.c - looking things up in a policy. */
#include "core/policy.h"

#include <string.h>

const struct tier *
policy_tier(const struct policy *p, const char *name)
{
	int i;

	for (i = 0; i < p->n_tiers; i++) {
		if (strcmp(p->tiers[i].name, name) == 0)
			return &p->tiers[i];
	}
	return p->default_tier;
}
