/* admit.h - can a customer of this tier meet the condition, as far as the tier decides
 * it? Pure. */
#ifndef SPEC_ADMIT_H
#define SPEC_ADMIT_H

#include "core/expr.h"

enum admit { ADMIT_NO, ADMIT_YES, ADMIT_UNKNOWN };

/* cond NULL: yes. Only comparisons of customer.tier with text are decided. */
enum admit admit_tier(const struct cond *c, const char *tier);

#endif
