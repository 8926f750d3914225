/* service.h - when a vehicle is due: the earlier of months and kilometres. Pure. */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include "core/subject.h"

/* The next service; year 0: not known. Kilometres are estimated from what it was driven
 * between its purchase and the last reading of its odometer. */
struct date service_next(const struct vehicle *v);
/* Two years after it was bought. */
struct date service_battery(const struct vehicle *v);

#endif
