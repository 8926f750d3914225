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

int
policy_vendor_daily(const struct policy *p, const char *vendor)
{
	int strictest = -1;

	for (int i = 0; i < p->n_vendors; i++) {
		int most = p->vendors[i].most;

		if (strcmp(p->vendors[i].vendor, vendor) == 0)
			return most;
		if (most >= 0 && (strictest < 0 || most < strictest))
			strictest = most;
	}
	return strictest;
}

int
policy_year_missing(const struct policy *p, struct date today)
{
	int year = today.month == 12 ? today.year + 1 : today.year;

	for (int i = 0; i < p->n_calendars; i++)
		if (p->calendars[i].covers == year)
			return 0;
	return p->n_calendars == 0 ? 0 : year;
}
