/* stats.h - is a difference real, how large may it be, how small a one could be seen.
 * Pure; any thread.
 *
 * Shares (of customers who reached a goal) and means (of yuan a customer). All tests are
 * two-sided. Sources of the formulas:
 *
 *   test of two shares         pooled z: Fleiss, Levin, Paik, Statistical Methods for Rates and
 *                              Proportions, 3rd ed. 2003, 3.1 without continuity correction;
 *                              its square is Pearson's chi-square of the 2x2 table
 *   several comparisons        Holm, Scand. J. Statistics 6 (1979) 65-70
 *   interval of one share      Wilson, JASA 22 (1927) 209-212
 *   interval of a difference   Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10
 *   needed size, effect seen   Fleiss, Levin, Paik 2003, 4.3: unequal sizes, no correction;
 *                              equal sizes are what R's power.prop.test computes
 *   difference of means        Welch, Biometrika 34 (1947) 28-35
 *   Student's t                by the incomplete beta function, Abramowitz and Stegun 26.7.1,
 *                              its continued fraction 26.5.8
 *   normal quantile            by halving intervals of erfc, to the last bit that matters
 */
#ifndef CORE_STATS_H
#define CORE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#define STATS_POWER 0.80 /* of the smallest effect that is called measurable */

struct share {
	int64_t n, hits; /* 0 <= hits <= n */
};
/* Sums over customers, enough for a mean and its error. */
struct sums {
	int64_t n;
	double sum, squares;
};
struct interval {
	double low, high;
};
struct stats_test {
	double difference; /* a - b */
	double z;
	double p; /* two-sided; 1 when nothing can be said */
};

double share_of(struct share s); /* 0 when nobody */

/* The normal distribution: the z below which p lies (0 < p < 1). */
double stats_normal_quantile(double p);
/* The same of Student's t with df > 0 degrees of freedom. */
double stats_student_quantile(double p, double df);

/* Differences nobody can speak of (an empty arm, all or none in both) have z 0 and p 1.
 */
struct stats_test stats_test_shares(struct share a, struct share b);
/* adjusted[i] <= alpha: difference i stands although n were looked at. May be p itself.
 */
void stats_holm(const double *p, int n, double *adjusted);

/* Within which the truth lies with this confidence (0.95). An empty arm: all that is
 * possible. */
struct interval stats_share_interval(struct share s, double confidence);
struct interval
stats_difference_interval(struct share a, struct share b, double confidence);
/* a's mean less b's. Fewer than two in an arm: from -INFINITY to INFINITY. */
struct interval stats_means_interval(struct sums a, struct sums b, double confidence);

/* The smallest rise over the base share that two arms would show with this power (mostly
 * STATS_POWER); INFINITY when no rise up to 100 % would be. */
double stats_smallest_rise(
    double base, double n_base, double n_other, double confidence, double power);
/* How many an arm needs to tell two shares apart; INFINITY for equal ones. */
double stats_needed(double base, double other, double confidence, double power);

#endif
