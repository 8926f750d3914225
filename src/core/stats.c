/* stats.c - shares and means compared; sources in the header. */
#include "core/stats.h"

#include <math.h>

double
share_of(struct share s)
{
	return s.n > 0 ? (double)s.hits / (double)s.n : 0;
}

/* ---- distributions ---- */

static double
normal(double z)
{
	return erfc(-z / M_SQRT2) / 2;
}

/* Where a rising function reaches p, by halving. */
static double
invert(double (*below)(double x, double df), double p, double df)
{
	double low = -1, high = 1;

	while (below(low, df) > p && low > -1e300)
		low *= 2;
	while (below(high, df) < p && high < 1e300)
		high *= 2;
	for (int i = 0; i < 200 && high - low > 1e-14 * (1 + fabs(low)); i++) {
		double mid = low + (high - low) / 2;

		if (below(mid, df) < p)
			low = mid;
		else
			high = mid;
	}
	return low + (high - low) / 2;
}

static double
normal_of(double z, double unused)
{
	(void)unused;
	return normal(z);
}

double
stats_normal_quantile(double p)
{
	return invert(normal_of, p, 0);
}

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double
beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), h;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	h = d;
	for (int m = 1; m <= 10000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		h *= d * (fabs(c) < tiny ? tiny : c);
		d = 1 + odd * d;
		c = 1 + odd / (fabs(c) < tiny ? tiny : c);
		d = 1 / (fabs(d) < tiny ? tiny : d);
		step = d * (fabs(c) < tiny ? tiny : c);
		h *= step;
		if (fabs(step - 1) < 1e-15)
			break;
	}
	return h;
}

static double
beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2)) /* where the fraction converges fast */
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double
student(double t, double df)
{
	double tail = beta(df / 2, 0.5, df / (df + t * t)) / 2;

	return t > 0 ? 1 - tail : tail;
}

double
stats_student_quantile(double p, double df)
{
	return invert(student, p, df);
}

/* ---- tests ---- */

struct stats_test
stats_test_shares(struct share a, struct share b)
{
	struct stats_test t = { .difference = share_of(a) - share_of(b), .p = 1 };
	double n = (double)a.n + (double)b.n, pooled, error;

	if (a.n <= 0 || b.n <= 0)
		return t;
	pooled = ((double)a.hits + (double)b.hits) / n;
	error = sqrt(pooled * (1 - pooled) * (1 / (double)a.n + 1 / (double)b.n));
	if (error <= 0)
		return t;
	t.z = t.difference / error;
	t.p = erfc(fabs(t.z) / M_SQRT2);
	return t;
}

/* The k-th smallest p (k from 0) counts n - k times, and never less than the one before
 * it. */
void
stats_holm(const double *p, int n, double *adjusted)
{
	double raw[n > 0 ? n : 1], before = 0;
	bool done[n > 0 ? n : 1];

	for (int i = 0; i < n; i++) {
		raw[i] = p[i];
		done[i] = false;
	}
	for (int k = 0; k < n; k++) {
		int least = -1;

		for (int i = 0; i < n; i++)
			if (!done[i] && (least < 0 || raw[i] < raw[least]))
				least = i;
		done[least] = true;
		before = fmin(1, fmax(before, (n - k) * raw[least]));
		adjusted[least] = before;
	}
}

/* ---- intervals ---- */

static double
two_sided(double confidence)
{
	return stats_normal_quantile(1 - (1 - confidence) / 2);
}

struct interval
stats_share_interval(struct share s, double confidence)
{
	double z = two_sided(confidence), n = (double)s.n, p = share_of(s);
	double mid, half;

	if (s.n <= 0)
		return (struct interval){ 0, 1 };
	mid = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
	return (struct interval){
		.low = s.hits == 0 ? 0 : mid - half,
		.high = s.hits == s.n ? 1 : mid + half,
	};
}

struct interval
stats_difference_interval(struct share a, struct share b, double confidence)
{
	struct interval x = stats_share_interval(a, confidence);
	struct interval y = stats_share_interval(b, confidence);
	double p = share_of(a), q = share_of(b);

	if (a.n <= 0 || b.n <= 0)
		return (struct interval){ x.low - y.high, x.high - y.low };
	return (struct interval){
		.low = p - q - hypot(p - x.low, y.high - q),
		.high = p - q + hypot(x.high - p, q - y.low),
	};
}

static double
variance(struct sums s)
{
	double mean = s.sum / (double)s.n;

	return fmax(0, (s.squares - (double)s.n * mean * mean) / ((double)s.n - 1));
}

struct interval
stats_means_interval(struct sums a, struct sums b, double confidence)
{
	double u, v, difference, df, half;

	if (a.n < 2 || b.n < 2)
		return (struct interval){ -INFINITY, INFINITY };
	u = variance(a) / (double)a.n;
	v = variance(b) / (double)b.n;
	difference = a.sum / (double)a.n - b.sum / (double)b.n;
	if (u + v <= 0)
		return (struct interval){ difference, difference };
	df = (u + v) * (u + v) / (u * u / ((double)a.n - 1) + v * v / ((double)b.n - 1));
	half = stats_student_quantile(1 - (1 - confidence) / 2, df) * sqrt(u + v);
	return (struct interval){ difference - half, difference + half };
}

/* ---- before a launch ---- */

/* What the first arm needs when the other has r times as many. */
static double
needed(double base, double other, double r, double confidence, double power)
{
	double pooled = (base + r * other) / (1 + r), d = other - base;
	double chance = two_sided(confidence) * sqrt((1 + r) * pooled * (1 - pooled));
	double effect = stats_normal_quantile(power) *
			sqrt(r * base * (1 - base) + other * (1 - other));

	return (chance + effect) * (chance + effect) / (r * d * d);
}

double
stats_needed(double base, double other, double confidence, double power)
{
	return base == other ? INFINITY : needed(base, other, 1, confidence, power);
}

double
stats_smallest_rise(
    double base, double n_base, double n_other, double confidence, double power)
{
	double low = 0, high = 1 - base, r = n_other / n_base;

	if (n_base <= 0 || n_other <= 0 || high <= 0 ||
	    needed(base, 1, r, confidence, power) > n_base)
		return INFINITY;
	for (int i = 0; i < 60; i++) {
		double mid = (low + high) / 2;

		if (needed(base, base + mid, r, confidence, power) > n_base)
			low = mid;
		else
			high = mid;
	}
	return high;
}
