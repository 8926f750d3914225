/* imply.h - does one condition follow from another, whatever the customer? Pure.
 *
 * Only what can be seen from the clauses: the same, a tighter bound, another value. Yes is
 * proved; no means that it is not known. */
#ifndef CORE_IMPLY_H
#define CORE_IMPLY_H

#include "core/expr.h"

/* All of `given` hold: does `then`? NULL holds always. */
bool implies(const struct cond *const *given, int n, const struct cond *then);

#endif
