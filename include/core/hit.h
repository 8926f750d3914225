/* hit.h - was it a person who opened or clicked? The verdict stands beside the raw hit. Pure.
 *
 * A bot: HEAD, a known scanner or preview agent, under 2 s from sending, or at
 * least 3 different links of one message within 5 s. */
#ifndef CORE_HIT_H
#define CORE_HIT_H

#include <stdbool.h>

#include "base/clock.h"

struct hit_facts {
	bool head;
	const char *agent; /* User-Agent, "" when none */
	ms_t since_sent;
	int codes;         /* different links of this message hit in the last 5 s, before this one */
};

/* "" for a human, else why not: "head", "agent", "early", "burst". */
const char *hit_verdict(const struct hit_facts *f);

#endif
