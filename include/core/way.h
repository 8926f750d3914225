/* way.h - the way of a customer who never reacts: the calls he comes to, and when. Pure. */
#ifndef CORE_WAY_H
#define CORE_WAY_H

#include "base/zone.h"
#include "core/playbook.h"
#include "core/policy.h"

#define WAY_CALLS 8

struct way {
	const struct playbook *playbook;
	const struct policy *policy;
	const struct zone *zone, *house;
	const struct scope
	    *scope;       /* NULL: nobody in particular, the way ends at a branch */
	ms_t entered, at; /* where he stands now, since when */
	int step;         /* index */
	ms_t until;       /* he waits there until then; 0: he comes to it */
};

struct way_call {
	const struct step *s;
	int64_t day; /* the house's, in the hours in which people answer */
};

/* Nobody answers the phone and no message; how many calls, the first so many. */
int way_calls(struct way *w, struct way_call out[WAY_CALLS]);

/* How many marketing messages and calls he is due until an instant. */
int way_touches(struct way *w, ms_t until);

/* Does it have calls at all? */
bool way_has_calls(const struct playbook *p);

#endif
