/* concern.h - whom a car, an appointment or an order concerns beside the customer it stands
 * under: the contact person of a company instead of the company, the driver of a car as
 * well. Nobody is asked about who has no ties. Store thread. */
#ifndef ENGINE_CONCERN_H
#define ENGINE_CONCERN_H

#include "desk.h"

/* Is it his to hear about? driver 0: the thing has none. */
bool concern_is(struct person *p, int64_t owner, int64_t driver);
/* Who hears of what stands under a customer: he, or his company's contact person. */
int concern_of(struct work *w, int64_t owner, int64_t *who, struct err *e);

/* The customers under whom there are things that concern him: he himself first. From the
 * arena; how many. */
int concern_owners(struct person *p, int64_t **owners);
/* All the vehicles that concern him, sold ones too. From the arena; how many. */
int concern_vehicles(struct person *p, struct vehicle **out);

/* What p has done or what happened to him, told to the others it concerns: their runs about
 * the same vehicle meet it; and (starts) what it starts for a company starts for its contact. */
int concern_tell(
    struct work *w, struct person *p, const struct event *ev, bool starts, struct err *e);

#endif
