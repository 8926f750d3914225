#include "core/experiment.h"

#include <math.h>
#include <string.h>

const char *const metric_names[] = { "goal", "click", NULL };

static const char *const verdicts[] = { "open", "winner", "none", "direction" };

const char *
experiment_verdict_name(int verdict)
{
	return verdicts[verdict];
}

static int
total_weight(const struct experiment *x)
{
	int sum = 0;

	for (int i = 0; i < x->n_arms; i++)
		sum += x->arms[i].weight;
	return sum;
}

int
experiment_arm(const struct experiment *x, uint64_t hash)
{
	int place = (int)(hash % (uint64_t)total_weight(x));

	for (int i = 0; i < x->n_arms; i++) {
		place -= x->arms[i].weight;
		if (place < 0)
			return i;
	}
	return x->n_arms - 1;
}

int
experiment_arm_named(const struct experiment *x, const char *name)
{
	for (int i = 0; i < x->n_arms; i++)
		if (strcmp(x->arms[i].name, name) == 0)
			return i;
	return -1;
}

/* ---- the decision ---- */

/* The corrected p of each comparison, in the order (0,1) (0,2) .. (1,2) ..; the largest
 * of those of `best`. */
static double
worst_of_best(const struct experiment *x, const struct share *arms, int best)
{
	double p[ARMS_MAX * (ARMS_MAX - 1) / 2], worst = 0;
	int n = 0;

	for (int i = 0; i < x->n_arms; i++)
		for (int k = i + 1; k < x->n_arms; k++)
			p[n++] = stats_test_shares(arms[i], arms[k]).p;
	stats_holm(p, n, p);
	n = 0;
	for (int i = 0; i < x->n_arms; i++)
		for (int k = i + 1; k < x->n_arms; k++, n++)
			if (i == best || k == best)
				worst = fmax(worst, p[n]);
	return worst;
}

/* People an arm needs for what is asked; at least `min`. */
static double
wanted(const struct experiment *x, double usual)
{
	const struct decide_rule *d = &x->decide;

	if (d->rise <= 0 || usual + d->rise >= 1)
		return d->min;
	return fmax(
	    d->min, stats_needed(usual, usual + d->rise, d->confidence, STATS_POWER));
}

void
experiment_decide(
    const struct experiment *x, const struct share *arms, struct finding *out)
{
	const struct decide_rule *d = &x->decide;
	struct share all = { 0 };
	bool few = false, enough = true;
	double usual;

	*out = (struct finding){ .verdict = AB_NONE };
	for (int i = 0; i < x->n_arms; i++) {
		few = few || arms[i].n < d->min;
		all.n += arms[i].n;
		all.hits += arms[i].hits;
		if (share_of(arms[i]) > share_of(arms[out->best]))
			out->best = i;
	}
	usual = d->usual > 0 ? d->usual : share_of(all);
	for (int i = 0; i < x->n_arms; i++)
		enough = enough && (double)arms[i].n >= wanted(x, usual);
	out->p = worst_of_best(x, arms, out->best);
	if (few)
		out->verdict = AB_DIRECTION;
	else if (out->p <= 1 - d->confidence + 1e-12)
		out->verdict = AB_WINNER;
	else
		out->verdict = enough ? AB_NONE : AB_DIRECTION;
	out->arm = out->verdict == AB_WINNER || d->otherwise == ARM_BEST ? out->best
									 : d->otherwise;
}

