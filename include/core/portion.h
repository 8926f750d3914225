/* portion.h - a house played in parts, each by itself: what of a limit that all share is a
 * part's own. Pure.
 *
 * The parts' figures sum to the limit, whatever it is. Where it is no multiple of their
 * number, `turn` (a day, a month) says who gets the odd ones, another part each time. */
#ifndef CORE_PORTION_H
#define CORE_PORTION_H

#include <stdint.h>

struct house_part {
	int nth, of; /* of 0: the whole */
};

int64_t portion_of(int64_t limit, struct house_part p, int64_t turn);

#endif
