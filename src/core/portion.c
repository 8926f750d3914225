#include "core/portion.h"

/* Written so that no limit there is can overflow. */
static int64_t
up_to(int64_t limit, int64_t nth, int64_t of, int64_t turn)
{
	return limit / of * nth + (limit % of * nth + turn) / of;
}

int64_t
portion_of(int64_t limit, struct house_part p, int64_t turn)
{
	int64_t shift;

	if (p.of <= 1)
		return limit;
	shift = (turn % p.of + p.of) % p.of;
	return up_to(limit, p.nth + 1, p.of, shift) - up_to(limit, p.nth, p.of, shift);
}
