/* region.c - where an account's service is, and by what customers of China may go there. */
#include "core/region.h"
#include "read.h"

void
region_check(struct account *acc, enum region service, const struct config *cfg,
    struct report *r)
{
	bool contradicts = service != REGION_NONE && acc->region != REGION_NONE &&
	    acc->region != service;

	if (contradicts)
		report_add(r, SEV_ERROR, acc->at, "location", "leave location: out",
		    "a provider of type %s is %s", acc->type,
		    service == REGION_CN ? "in China" : "outside China");
	if (service != REGION_NONE)
		acc->region = service;
	else if (acc->region == REGION_NONE)
		acc->region = acc->internal ? REGION_CN : REGION_OUTSIDE;
	if (acc->export_basis != NULL && *acc->export_basis == '\0')
		acc->export_basis = NULL;
	if (!contradicts && acc->region == REGION_OUTSIDE && acc->export_basis == NULL &&
	    region_is_china(cfg->entity.zone))
		report_add(r, SEV_WARNING, acc->at, "location",
		    service == REGION_NONE
			? "write location: cn when it is in China, else export_basis: and "
			  "what was filed"
			: "write export_basis: and what was filed (assessment, "
			  "certificate or standard contract)",
		    "\"%s\" serves nobody in China: it is outside, and nothing names the "
		    "basis of the export",
		    acc->name);
}
