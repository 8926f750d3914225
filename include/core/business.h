/* business.h - working time: when staff can be asked to do something, and by when.
 *
 * The hours are those of the store, where it names any, else the policy's business hours.
 * A working day is a weekday of the business hours (a listed holiday counts as Sunday,
 * a listed make-up workday as Monday) on which no calendar closes the house.
 * A deadline of whole days counts working days, what is left over counts working
 * hours: 48h from Friday 15:00 is Monday 15:00 in a house that is shut on Sundays.
 * Pure; any thread. (dealership S15, domain 3.6) */
#ifndef CORE_BUSINESS_H
#define CORE_BUSINESS_H

#include "base/zone.h"
#include "core/policy.h"
#include "core/shop.h"

/* `span` of working time after `from`, of this store (NULL: the policy's); MS_NEVER: there is none within 400 days. */
ms_t business_after(const struct policy *p, const struct shop *shop, const struct zone *z,
    ms_t from, ms_t span);

/* The first instant from `at` on that lies in the hours when calls succeed, which are
 * those of working days from Monday to Friday; MS_NEVER: none are named. */
ms_t business_best(const struct policy *p, const struct zone *z, ms_t at);

/* The calls one person has time for on that day: at most so many, and in the hours of the
 * store (NULL: the policy's). 0: it is no working day; -1: there is no end. */
int business_calls(const struct policy *p, const struct shop *shop, int64_t day);

#endif
