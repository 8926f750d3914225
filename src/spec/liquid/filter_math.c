/* filter_math.c - numbers. Text that is a number counts as one. */
#include <math.h>

#include "decimal.h"
#include "filter.h"

static int
absolute(struct filter_call *c, struct value *out)
{
	struct decimal d = decimal_of(c->in);

	d.m = d.m < 0 ? -d.m : d.m;
	d.f = fabs(d.f);
	*out = decimal_value(d);
	return 0;
}

static int
plus(struct filter_call *c, struct value *out)
{
	*out = decimal_value(decimal_add(decimal_of(c->in), decimal_of(c->args[0])));
	return 0;
}

static int
minus(struct filter_call *c, struct value *out)
{
	*out = decimal_value(decimal_subtract(decimal_of(c->in), decimal_of(c->args[0])));
	return 0;
}

static int
times(struct filter_call *c, struct value *out)
{
	*out = decimal_value(decimal_multiply(decimal_of(c->in), decimal_of(c->args[0])));
	return 0;
}

static int
divided_by(struct filter_call *c, struct value *out)
{
	struct decimal by = decimal_of(c->args[0]);

	if (decimal_is_zero(by))
		return filter_refuse(c, "divided by 0");
	*out = decimal_value(decimal_divide(decimal_of(c->in), by));
	return 0;
}

static int
modulo(struct filter_call *c, struct value *out)
{
	struct decimal by = decimal_of(c->args[0]);

	if (decimal_is_zero(by))
		return filter_refuse(c, "divided by 0");
	*out = decimal_value(decimal_modulo(decimal_of(c->in), by));
	return 0;
}

static int
rounded(struct filter_call *c, struct value *out, int64_t places, enum decimal_way way)
{
	struct decimal d = decimal_of(c->in);

	if (d.inexact && !isfinite(d.f))
		return filter_refuse(c, "%s",
		    isnan(d.f) ? "NaN"
		    : d.f < 0  ? "-Infinity"
			       : "Infinity");
	d = decimal_round(d, places, way);
	d.integer |= places <= 0;
	*out = decimal_value(d);
	return 0;
}

static int
round_to(struct filter_call *c, struct value *out)
{
	struct value places =
	    decimal_value(decimal_round(decimal_of(filter_arg(c, 0)), 0, DECIMAL_DOWN));

	return rounded(c, out, value_to_int(places), DECIMAL_HALF_UP);
}

static int
ceil_up(struct filter_call *c, struct value *out)
{
	return rounded(c, out, 0, DECIMAL_UP);
}

static int
floor_down(struct filter_call *c, struct value *out)
{
	return rounded(c, out, 0, DECIMAL_DOWN);
}

static int
at_least(struct filter_call *c, struct value *out)
{
	struct decimal a = decimal_of(c->in), b = decimal_of(c->args[0]);

	*out = decimal_value(decimal_compare(a, b) < 0 ? b : a);
	return 0;
}

static int
at_most(struct filter_call *c, struct value *out)
{
	struct decimal a = decimal_of(c->in), b = decimal_of(c->args[0]);

	*out = decimal_value(decimal_compare(a, b) > 0 ? b : a);
	return 0;
}

static int
sum(struct filter_call *c, struct value *out)
{
	struct decimal total = { .integer = true };
	struct value_list *l;
	struct value v;

	if (filter_items(c, c->in, &l) < 0)
		return -1;
	for (size_t i = 0; i < l->n; i++) {
		v = l->items[i];
		if (c->n_args > 0 && c->args[0].type != VALUE_NIL &&
		    filter_property(c, l->items[i], c->args[0], &v) < 0)
			return -1;
		total = decimal_add(total, decimal_of(v));
	}
	*out = decimal_value(total);
	return 0;
}

const struct filter filter_math[] = {
	{ "abs", 0, 0, absolute, "abs", "without its sign", NULL, false },
	{ "at_least", 1, 1, at_least, "at_least: 5", "not less than", NULL, false },
	{ "at_most", 1, 1, at_most, "at_most: 5", "not more than", NULL, false },
	{ "ceil", 0, 0, ceil_up, "ceil", "up to a whole number", NULL, false },
	{ "divided_by", 1, 1, divided_by, "divided_by: 3",
	    "divided; whole numbers are rounded down, 3.0 keeps the fraction", NULL,
	    false },
	{ "floor", 0, 0, floor_down, "floor", "down to a whole number", NULL, false },
	{ "minus", 1, 1, minus, "minus: 1", "less", NULL, false },
	{ "modulo", 1, 1, modulo, "modulo: 3", "the rest of a division", NULL, false },
	{ "plus", 1, 1, plus, "plus: 1", "more", NULL, false },
	{ "round", 0, 1, round_to, "round: 2", "to a whole number, or to so many places",
	    NULL, false },
	{ "sum", 0, 1, sum, "sum: \"amount\"",
	    "all members of a list, or one property of them", NULL, false },
	{ "times", 1, 1, times, "times: 2", "multiplied", NULL, false },
	{ 0 },
};
