/* audience.h - named segments: who a name stands for, by a condition over the customer. */
#ifndef CORE_AUDIENCE_H
#define CORE_AUDIENCE_H

#include "core/expr.h"

struct audience {
	const char *name;
	const struct cond *cond;
	struct pos at;
};

#endif
