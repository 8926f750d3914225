/* decimal.h - exact decimal arithmetic, as Ruby's Integer and BigDecimal do it: 0.1 + 0.2
 * is 0.3.
 *
 * A number is m / 10^scale in 128 bits; what does not fit becomes a double. Pure. */
#ifndef SPEC_LIQUID_DECIMAL_H
#define SPEC_LIQUID_DECIMAL_H

#include <stdbool.h>

#include <glib.h>

#include "core/value.h"

__extension__ typedef __int128 decimal_wide;

struct decimal {
	bool integer; /* prints without a point */
	bool inexact; /* only f counts */
	decimal_wide m;
	int scale;
	double f;
};

/* Numbers, and text that begins with one; anything else is 0. */
struct decimal decimal_of(struct value v);
/* Is this a number, or text that is one as a whole? */
bool decimal_is_number(struct value v);
struct value decimal_value(struct decimal d);

struct decimal decimal_add(struct decimal a, struct decimal b);
struct decimal decimal_subtract(struct decimal a, struct decimal b);
struct decimal decimal_multiply(struct decimal a, struct decimal b);
/* b is not 0. Integers: rounded down. */
struct decimal decimal_divide(struct decimal a, struct decimal b);
/* The sign of b, as in Ruby. */
struct decimal decimal_modulo(struct decimal a, struct decimal b);
bool decimal_is_zero(struct decimal d);
int decimal_compare(struct decimal a, struct decimal b);

enum decimal_way { DECIMAL_DOWN, DECIMAL_UP, DECIMAL_HALF_UP };
/* To so many places (negative: tens, hundreds); halves away from zero. */
struct decimal decimal_round(struct decimal d, int64_t places, enum decimal_way way);
/* "1,280.00": with a comma every three digits and so many places (0 to 8). */
void decimal_money(GString *to, struct decimal d, int places);

#endif
