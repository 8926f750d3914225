/* steady.h - whether the wall clock can be believed: against its own past and the boot
 * clock.
 *
 * Pure: instants go in, a verdict comes out. A clock is doubted when it stands
 * before the year this program is from, before an instant already seen, more
 * than 400 days after it, or when it jumped by more than two seconds. Belief
 * comes back when nothing of that holds any more, both clocks have run in step
 * for a minute, and a jump away from what was believed was either taken back or
 * vouched for by time synchronisation: a clock four hours fast runs steadily too. It may
 * also vouch for a clock that is far from what was seen: a machine may have slept
 * for years, and what was seen may have been wrong. */
#ifndef ENGINE_STEADY_H
#define ENGINE_STEADY_H

#include <stdbool.h>

#include "base/clock.h"

enum steady_fault { STEADY_OK, STEADY_UNSET, STEADY_BEHIND, STEADY_AHEAD, STEADY_JUMPED };

struct steady {            /* zero before the first look, but for the mark */
	ms_t mark;         /* latest wall instant that was believed; 0: none is known */
	ms_t boot_at_mark; /* when it was; 0: in an earlier life */
	ms_t wall, boot;   /* at the last look; boot 0: none yet */
	ms_t since;        /* boot: in step since then */
	enum steady_fault fault;
};

/* The verdict now; also in s->fault. Believed instants move the mark. */
enum steady_fault steady_look(struct steady *s, ms_t wall, ms_t boot, bool vouched);
/* What is wrong and what to do, one sentence each. */
const char *steady_why(enum steady_fault fault);
const char *steady_advice(enum steady_fault fault);

#endif
