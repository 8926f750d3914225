/* services.h - the services there are: one line in provider.c, one file each. */
#ifndef PROVIDER_SERVICES_H
#define PROVIDER_SERVICES_H

#include "provider/provider.h"

extern const struct provider aliyun_provider;
extern const struct provider http_provider;
extern const struct provider sandbox_provider;
extern const struct provider smtp_provider;
extern const struct provider wecom_mass_provider;
extern const struct provider wecom_staff_provider;

#endif
