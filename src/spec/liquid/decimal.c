/* decimal.c - exact decimal arithmetic. */
#include "decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SCALE 30

static struct decimal
inexact(double f)
{
	return (struct decimal){ .inexact = true, .f = f };
}

static decimal_wide
power(int n)
{
	decimal_wide p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* The digits of m with a point, or "12e-3"; buf of 64. */
static char *
digits(decimal_wide m, char *buf)
{
	char *p = buf + 63;
	bool negative = m < 0;

	*p = '\0';
	do {
		int digit = (int)(m % 10);

		*--p = (char)('0' + (digit < 0 ? -digit : digit));
		m /= 10;
	} while (m != 0);
	if (negative)
		*--p = '-';
	return p;
}

static double
to_double(struct decimal d)
{
	char buf[64], text[80];

	if (d.inexact)
		return d.f;
	snprintf(text, sizeof(text), "%se%d", digits(d.m, buf), -d.scale);
	return g_ascii_strtod(text, NULL);
}

/* "-12.50e-3" of at most len bytes, digits only where a number may have them. */
static struct decimal
parse(const char *p, size_t len, bool integer)
{
	struct decimal d = { .integer = integer };
	const char *end = p + len;
	bool negative = p < end && *p == '-', point = false;
	int exponent = 0, n = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && (g_ascii_isdigit(*p) || (*p == '.' && !point)); p++) {
		if (*p == '.') {
			point = true;
			continue;
		}
		if (n > 0 || *p != '0')
			n++;
		if (n > 36)
			return inexact(NAN); /* the caller knows better */
		d.m = d.m * 10 + (*p - '0');
		d.scale += point;
	}
	if (p < end && *p == 'e')
		exponent = atoi(p + 1);
	d.scale -= exponent;
	if (negative)
		d.m = -d.m;
	if (d.scale > MAX_SCALE || d.scale < -MAX_SCALE ||
	    (d.scale < 0 && n - d.scale > 36))
		return inexact(NAN);
	if (d.scale < 0) {
		d.m *= power(-d.scale);
		d.scale = 0;
	}
	return d;
}

/* Ruby's rule: -?\d+\.\d+ as a whole is a decimal; otherwise leading digits count. */
static struct decimal
of_text(const char *s, size_t len)
{
	const char *p, *end;
	struct decimal d;
	size_t whole;
	bool fraction;
	char *copy;

	while (len > 0 && g_ascii_isspace(*s)) {
		s++;
		len--;
	}
	while (len > 0 && g_ascii_isspace(s[len - 1]))
		len--;
	p = s;
	end = s + len;
	p += p < end && (*p == '-' || *p == '+');
	while (p < end && g_ascii_isdigit(*p))
		p++;
	whole = (size_t)(p - s);
	fraction = p < end && *p == '.' && p > s && g_ascii_isdigit(p[-1]) &&
		   end - p > 1 && *s != '+';
	for (p++; fraction && p < end; p++)
		fraction = g_ascii_isdigit(*p);
	d = fraction ? parse(s, len, false) : parse(s, whole, true);
	if (d.inexact) {
		copy = g_strndup(s, fraction ? len : whole);
		d = inexact(g_ascii_strtod(copy, NULL));
		g_free(copy);
	}
	return d;
}

struct decimal
decimal_of(struct value v)
{
	char buf[VALUE_FLOAT_TEXT];
	struct decimal d;

	switch (v.type) {
	case VALUE_INT:
		return (struct decimal){ .integer = true, .m = v.i };
	case VALUE_FLOAT:
		if (!isfinite(v.f))
			return inexact(v.f);
		d = parse(buf, value_float_text(v.f, buf), false);
		return d.inexact ? inexact(v.f) : d;
	case VALUE_STR:
		return of_text(v.s.p, v.s.len);
	default:
		return (struct decimal){ .integer = true };
	}
}

bool
decimal_is_number(struct value v)
{
	char *copy, *end;
	bool is;

	if (v.type != VALUE_STR)
		return v.type == VALUE_INT || v.type == VALUE_FLOAT;
	copy = g_strndup(v.s.p, v.s.len);
	g_strstrip(copy);
	g_ascii_strtod(copy, &end);
	is = end != copy && *end == '\0' && strspn(copy, "0123456789.-+") == strlen(copy);
	g_free(copy);
	return is;
}

struct value
decimal_value(struct decimal d)
{
	if (d.integer && !d.inexact && d.m >= INT64_MIN && d.m <= INT64_MAX)
		return value_int((int64_t)d.m);
	return value_float(to_double(d));
}

/* Both with the same scale; false if one does not fit. */
static bool
align(struct decimal *a, struct decimal *b)
{
	struct decimal *low = a->scale < b->scale ? a : b;
	int by = abs(a->scale - b->scale);

	if (a->inexact || b->inexact || by > MAX_SCALE ||
	    __builtin_mul_overflow(low->m, power(by), &low->m))
		return false;
	low->scale += by;
	return true;
}

struct decimal
decimal_add(struct decimal a, struct decimal b)
{
	struct decimal x = a, y = b, sum = { .integer = a.integer && b.integer };

	if (!align(&x, &y) || __builtin_add_overflow(x.m, y.m, &sum.m))
		return inexact(to_double(a) + to_double(b));
	sum.scale = x.scale;
	return sum;
}

struct decimal
decimal_subtract(struct decimal a, struct decimal b)
{
	if (b.inexact)
		return inexact(to_double(a) - b.f);
	b.m = -b.m;
	return decimal_add(a, b);
}

/* A scale of more digits than a double can show is cut. */
static struct decimal
trim(struct decimal d)
{
	while (d.scale > MAX_SCALE) {
		d.m /= 10;
		d.scale--;
	}
	return d;
}

struct decimal
decimal_multiply(struct decimal a, struct decimal b)
{
	struct decimal product = { .integer = a.integer && b.integer };

	if (a.inexact || b.inexact || __builtin_mul_overflow(a.m, b.m, &product.m))
		return inexact(to_double(a) * to_double(b));
	product.scale = a.scale + b.scale;
	return trim(product);
}

static decimal_wide
floor_divide(decimal_wide a, decimal_wide b)
{
	decimal_wide q = a / b;

	return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

/* Twenty digits of a / b: enough for the nearest double. */
static struct decimal
long_divide(struct decimal a, struct decimal b)
{
	struct decimal x = a, y = b, q = { .integer = false };
	decimal_wide rest, next;

	if (!align(&x, &y))
		return inexact(to_double(a) / to_double(b));
	q.m = x.m / y.m;
	rest = x.m % y.m;
	while (rest != 0 && q.scale < MAX_SCALE && q.m < power(20) && q.m > -power(20)) {
		if (__builtin_mul_overflow(rest, (decimal_wide)10, &next))
			return inexact(to_double(a) / to_double(b));
		q.m = q.m * 10 + next / y.m;
		q.scale++;
		rest = next % y.m;
	}
	return q;
}

struct decimal
decimal_divide(struct decimal a, struct decimal b)
{
	if (a.inexact || b.inexact)
		return inexact(to_double(a) / to_double(b));
	if (a.integer && b.integer)
		return (struct decimal){ .integer = true, .m = floor_divide(a.m, b.m) };
	return long_divide(a, b);
}

struct decimal
decimal_modulo(struct decimal a, struct decimal b)
{
	struct decimal x = a, y = b, rest = { .integer = a.integer && b.integer };
	double f;

	if (!align(&x, &y)) {
		f = fmod(to_double(a), to_double(b));
		return inexact(
		    f != 0 && (f < 0) != (to_double(b) < 0) ? f + to_double(b) : f);
	}
	rest.m = x.m % y.m;
	if (rest.m != 0 && (rest.m < 0) != (y.m < 0))
		rest.m += y.m;
	rest.scale = x.scale;
	return rest;
}

bool
decimal_is_zero(struct decimal d)
{
	return d.inexact ? d.f == 0 : d.m == 0;
}

int
decimal_compare(struct decimal a, struct decimal b)
{
	struct decimal x = a, y = b;

	if (align(&x, &y))
		return (x.m > y.m) - (x.m < y.m);
	return (to_double(a) > to_double(b)) - (to_double(a) < to_double(b));
}

struct decimal
decimal_round(struct decimal d, int64_t places, enum decimal_way way)
{
	decimal_wide unit, half, rest;

	if (d.inexact || places >= d.scale)
		return d;
	if (places < -40 || d.scale - places > 37) {
		d.m = 0;
		d.scale = 0;
		return d;
	}
	unit = power((int)(d.scale - places));
	half = unit / 2;
	rest = d.m - floor_divide(d.m, unit) * unit; /* 0 <= rest < unit */
	d.m -= rest;
	if ((way == DECIMAL_UP && rest > 0) ||
	    (way == DECIMAL_HALF_UP && (d.m < 0 ? rest > half : rest >= half)))
		d.m += unit;
	if (places >= 0) {
		d.m /= power((int)(d.scale - places));
		d.scale = (int)places;
	} else {
		d.m /= power(d.scale);
		d.scale = 0;
	}
	return d;
}

void
decimal_money(GString *to, struct decimal d, int places)
{
	char buf[64], *p;
	size_t whole;

	d = decimal_round(d, places, DECIMAL_HALF_UP);
	if (d.inexact || d.m > power(30) || d.m < -power(30)) {
		g_string_append_printf(to, "%.*f", places, to_double(d));
		return;
	}
	for (; d.scale < places; d.scale++)
		d.m *= 10;
	p = digits(d.m < 0 ? -d.m : d.m, buf);
	if (d.m < 0)
		g_string_append_c(to, '-');
	while (strlen(p) <= (size_t)places)
		*--p = '0';
	whole = strlen(p) - (size_t)places;
	for (size_t i = 0; i < whole; i++) {
		g_string_append_c(to, p[i]);
		if (i + 1 < whole && (whole - i - 1) % 3 == 0)
			g_string_append_c(to, ',');
	}
	if (places > 0)
		g_string_append_printf(to, ".%s", p + whole);
}
