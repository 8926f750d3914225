#include "core/region.h"

#include <glib.h>

#include "core/policy.h"

bool
region_is_china(const struct zone *z)
{
	static const char *const zones[] = { "Asia/Shanghai", "Asia/Urumqi",
		"Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC",
		NULL };

	return z != NULL && g_strv_contains(zones, zone_name(z));
}

bool
region_customer_is_cn(const struct customer *c, const struct zone *z)
{
	const char *number = c->address[CHANNEL_SMS];

	if (*number == '+')
		return g_str_has_prefix(number, "+86");
	return region_is_china(z);
}

bool
region_forbids(
    const struct account *acc, const struct customer *c, const struct zone *z)
{
	return acc->region == REGION_OUTSIDE && acc->export_basis == NULL &&
	    region_customer_is_cn(c, z);
}

const struct account *
region_all_forbid(const struct config *cfg, enum channel channel,
    const struct customer *c, const struct zone *z)
{
	const struct account *first = NULL;

	for (int i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];

		if ((acc->channels & BIT(channel)) == 0)
			continue;
		if (!region_forbids(acc, c, z))
			return NULL;
		if (first == NULL)
			first = acc;
	}
	return first;
}
