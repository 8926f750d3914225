/* spam.h - how many may call an account's mail spam before its marketing stops (B-EM2). Pure. */
#ifndef CORE_SPAM_H
#define CORE_SPAM_H

#include <stdint.h>

#include "base/clock.h"

/* Google's bounds for senders: stay under 0.10 %, never reach 0.30 %. */
#define SPAM_WINDOW (7 * MS_DAY)

enum spam_state {
	SPAM_FINE,
	SPAM_PAUSED, /* until the rate has fallen */
	SPAM_STOPPED /* until a person lets it go on */
};

/* Of the mails of the window. One complaint proves nothing, two pause, three may stop. */
enum spam_state spam_judge(int64_t sent, int64_t complaints, enum spam_state before);
const char *spam_state_name(int state);

#endif
