/* expected.h - what a playbook is expected to reach, so that reports can hold it against what
 * came. Plain data. */
#ifndef CORE_EXPECTED_H
#define CORE_EXPECTED_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"

struct expectation {  /* of a playbook */
	int goal;     /* of 10,000 who enter, so many reach it; 0: nothing is expected */
	ms_t by;      /* so long after entry */
	bool assumed; /* somebody's guess, not the field's figure */
	struct pos at;
};

/* Of a set: those that expect something. */
struct expected {
	const char *playbook;
	struct expectation of;
};

#endif
