/* cloud_region.h - names of regions of a cloud, as people write them. Pure. */
#ifndef PROVIDER_CLOUD_REGION_H
#define PROVIDER_CLOUD_REGION_H

#include "provider/provider.h"

/* The setting `region`: small letters, digits and hyphens in two parts or more, else an error;
 * one that is not among those known (NULL-terminated) is doubted, for there are new ones. */
void cloud_region_check(const struct account *acc, const char *const *known, struct report *r);

#endif
