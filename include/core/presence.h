/* presence.h - how much of the dealer a customer still remembers: 0 to 1, along a
 * forgetting curve.
 *
 * A contact lifts memory and makes it last longer; silence wears it down. The defaults
 * of the policy follow what is known of a first visit: 100, 40, 25, 10, 5 % after 0, 3,
 * 7, 30, 90 days; one touch leaves under 20 % after two weeks, five spread touches over
 * 80 %. Pure; any thread. */
#ifndef CORE_PRESENCE_H
#define CORE_PRESENCE_H

#include "base/clock.h"
#include "core/words.h"

#define PRESENCE_POINTS 12

struct presence_rule {
	int n;
	struct presence_point {
		double days, left; /* the first is { 0, 1 }; both fall or rise strictly */
	} point[PRESENCE_POINTS];
	double strengthen; /* each further contact: memory lasts so many times longer */
	double longest;    /* but at most so many times longer than a first */
	double spacing;    /* days: contacts closer than this strengthen in proportion */
	double forgotten;  /* below this a contact begins anew */
	double met; /* what a visit, an answered call or a chat brings back: 0 to 1 */
	double weight[CHANNELS]; /* what a message that arrived brings back */
};

/* What is kept of a customer's memory. at 0: he never met us. */
struct presence {
	ms_t at;         /* when it was whole, or would have been */
	ms_t last;       /* the last contact */
	double strength; /* 1: a first contact */
};

void presence_default(struct presence_rule *r);
double presence_now(const struct presence_rule *r, const struct presence *p, ms_t now);
/* A contact at an instant; one older than the last changes nothing. */
void
presence_meet(const struct presence_rule *r, struct presence *p, ms_t at, double weight);
/* The instant at which it will have fallen to `left`; MS_NEVER when it is below already.
 */
ms_t presence_until(
    const struct presence_rule *r, const struct presence *p, ms_t now, double left);

#endif
