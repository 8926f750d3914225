#include "core/presence.h"

#include <math.h>

void
presence_default(struct presence_rule *r)
{
	*r = (struct presence_rule){
		.n = 5,
		.point = { { 0, 1 }, { 3, 0.40 }, { 7, 0.25 }, { 30, 0.10 },
		    { 90, 0.05 } },
		.strengthen = 2.2,
		.longest = 24,
		.spacing = 1,
		.forgotten = 0.05,
		.met = 1,
		.weight = { [CHANNEL_SMS] = 0.5,
		    [CHANNEL_WECOM] = 0.7,
		    [CHANNEL_EMAIL] = 0.3,
		    [CHANNEL_PUSH] = 0.3,
		    [CHANNEL_PHONE] = 1 },
	};
}

/* Between two points memory falls by the same share each day; after the last it goes on
 * as between the last two. */
static double
left_after(const struct presence_rule *r, double days)
{
	const struct presence_point *a, *b;
	int i = 1;

	if (days <= 0)
		return 1;
	while (i < r->n - 1 && days > r->point[i].days)
		i++;
	a = &r->point[i - 1];
	b = &r->point[i];
	return a->left * pow(b->left / a->left, (days - a->days) / (b->days - a->days));
}

/* The inverse: after how many days it has fallen to `left`. */
static double
days_until(const struct presence_rule *r, double left)
{
	const struct presence_point *a, *b;
	int i = 1;

	if (left >= 1)
		return 0;
	while (i < r->n - 1 && left < r->point[i].left)
		i++;
	a = &r->point[i - 1];
	b = &r->point[i];
	return a->days +
	       (b->days - a->days) * log(left / a->left) / log(b->left / a->left);
}

double
presence_now(const struct presence_rule *r, const struct presence *p, ms_t now)
{
	if (p->at == 0)
		return 0;
	return left_after(r, (double)(now - p->at) / (double)MS_DAY / p->strength);
}

void
presence_meet(const struct presence_rule *r, struct presence *p, ms_t at, double weight)
{
	double left = presence_now(r, p, at), gap;

	if (p->at != 0 && at < p->last)
		return;
	if (p->at == 0 || left < r->forgotten) {
		p->strength = 1;
	} else {
		gap = (double)(at - p->last) / (double)MS_DAY / r->spacing;
		p->strength *= pow(r->strengthen, fmin(gap, 1));
		p->strength = fmin(p->strength, r->longest);
	}
	left += (1 - left) * weight;
	p->last = at;
	p->at = at;
	if (left > 0)
		p->at -= (ms_t)(days_until(r, left) * p->strength * (double)MS_DAY);
}

ms_t
presence_until(
    const struct presence_rule *r, const struct presence *p, ms_t now, double left)
{
	ms_t at;

	if (p->at == 0 || left <= 0)
		return MS_NEVER;
	at = p->at + (ms_t)(days_until(r, left) * p->strength * (double)MS_DAY);
	return at > now ? at : MS_NEVER;
}
