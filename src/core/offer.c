#include "core/offer.h"

#include <string.h>

/* Drawn in offer.h. */
static const struct fsm_state states[OFFER_STATES] = {
	[OFFER_ASKED] = { "asked",
	    FSM_TO(OFFER_GRANTED) | FSM_TO(OFFER_REFUSED) | FSM_TO(OFFER_EXPIRED) },
	[OFFER_GRANTED] = { "granted", FSM_TO(OFFER_REDEEMED) | FSM_TO(OFFER_EXPIRED) },
	[OFFER_REDEEMED] = { "redeemed", 0 },
	[OFFER_EXPIRED] = { "expired", 0 },
	[OFFER_REFUSED] = { "refused", 0 },
};
const struct fsm offer_fsm = { "offer", states, OFFER_STATES };

const char *const approval_names[] = { "none", "manager", "general-manager", NULL };

const struct offer *
offer_named(const struct offers *o, const char *name)
{
	for (int i = 0; o != NULL && name != NULL && i < o->n; i++)
		if (strcmp(o->items[i].name, name) == 0)
			return &o->items[i];
	return NULL;
}
