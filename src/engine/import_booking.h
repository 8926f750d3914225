/* import_booking.h - appointments of a file as events: booked, moved, cancelled, came, did
 * not. Store thread. */
#ifndef ENGINE_IMPORT_BOOKING_H
#define ENGINE_IMPORT_BOOKING_H

#include "import_kind.h"

/* After the row is on file. before NULL: it was not there. */
int import_booking_tell(struct import *im, struct work *w,
    const struct appointment *before, const struct appointment *now, struct err *e);

#endif
