/* import_booking.h - appointments of a file as events: booked, moved, cancelled, came, did
 * not. Store thread. */
#ifndef ENGINE_IMPORT_BOOKING_H
#define ENGINE_IMPORT_BOOKING_H

#include "import_kind.h"

/* After the row is on file. before NULL: it was not there. */
int import_booking_tell(struct import *im, struct work *w,
    const struct appointment *before, const struct appointment *now, struct err *e);

#define BOOKING_NO_SHOW_AFTER (2 * MS_HOUR)
/* What is over for so long is nothing that happens. */
#define BOOKING_CURRENT (3 * MS_DAY)
/* 1: a visit, or a check-in, of that day is known, 0, -1. */
int booking_seen(struct work *w, const struct appointment *a, struct err *e);
/* Tells it, unless it was told of that time. */
int booking_no_show(
    struct work *w, struct person *p, const struct appointment *a, struct err *e);

#endif
