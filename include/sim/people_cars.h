/* people_cars.h - the vehicles of made-up people and the repair orders of their visits.
 *
 * They depend on seed, nth and the day alone, as the person does (people_make.h). Plates
 * have a letter no registration office gives out. Any thread. */
#ifndef SIM_PEOPLE_CARS_H
#define SIM_PEOPLE_CARS_H

#include "core/subject.h"
#include "sim/people_make.h"

#define PEOPLE_CARS 2
#define PEOPLE_ORDERS 3 /* the latest of his visits */

/* c is the nth person. How many there are; strings come from the arena. */
int people_cars(struct arena *a, uint64_t seed, int64_t nth, int64_t today,
    const struct customer *c, struct vehicle out[PEOPLE_CARS]);
int people_orders(struct arena *a, uint64_t seed, int64_t nth, int64_t today,
    const struct customer *c, struct order out[PEOPLE_ORDERS]);

/* Headings and lines of the CSV that `reachd import` reads. */
void people_cars_heading(GString *out);
void people_cars_row(const struct vehicle *v, GString *out);
void people_orders_heading(GString *out);
void people_orders_row(const struct order *o, GString *out);

#endif
