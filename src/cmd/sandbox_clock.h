/* sandbox_clock.h - two clocks: the day the people live in, and the real one.
 *
 * now = epoch + speed * (boot - anchor), as the daemon's. Two processes agree
 * when they are given the same anchor: an instant of the boot clock. */
#ifndef CMD_SANDBOX_CLOCK_H
#define CMD_SANDBOX_CLOCK_H

#include <stdbool.h>

#include "base/clock.h"

struct sandbox_clock {
	ms_t epoch, anchor; /* anchor: milliseconds of CLOCK_BOOTTIME */
	double speed;
	bool agreed; /* the daemon's clock is known to be the same */
	bool heard;  /* it was told by a request */
};

ms_t sandbox_clock_boot(void);
ms_t sandbox_clock_real(void);
ms_t sandbox_clock_now(const struct sandbox_clock *c);
/* A request says when it was signed. A clock that was not agreed upon takes the
 * first one's time for its own, and later ones only to go forward. */
void sandbox_clock_heard(struct sandbox_clock *c, ms_t sent_at);
/* Real milliseconds until `at`, rounded up; 0 when it has passed. */
uint64_t sandbox_clock_wait(const struct sandbox_clock *c, ms_t at);

#endif
