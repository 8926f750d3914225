/* region.h - whose data may be handed to services in which country (PIPL Art. 38). Pure. */
#ifndef CORE_REGION_H
#define CORE_REGION_H

#include "core/config.h"
#include "core/customer.h"

/* Is the zone one of mainland China? */
bool region_is_china(const struct zone *z);
/* Is the customer in China: by his number's country code, else by the zone he lives by. */
bool region_customer_is_cn(const struct customer *c, const struct zone *z);
/* The account's service is elsewhere, and nothing names the basis of the export. */
bool region_forbids(
    const struct account *acc, const struct customer *c, const struct zone *z);
/* The first of a channel's accounts when it has any and all of them forbid; else NULL. */
const struct account *region_all_forbid(const struct config *cfg, enum channel channel,
    const struct customer *c, const struct zone *z);

#endif
