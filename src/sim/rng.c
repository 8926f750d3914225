#include "sim/rng.h"

static uint64_t
mix(uint64_t *x)
{
	uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void
rng_seed(struct rng *r, uint64_t seed, const char *stream)
{
	uint64_t x = seed;

	for (; *stream != '\0'; stream++)
		x = (x ^ (unsigned char)*stream) * UINT64_C(0x100000001b3);
	x ^= seed << 17;
	for (int i = 0; i < 4; i++)
		r->s[i] = mix(&x);
}

static uint64_t
turn(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t *s = r->s, out = turn(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = turn(s[3], 45);
	return out;
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	/* The bias of a remainder is below 2^-32 for all that is drawn here. */
	return n < 2 ? 0 : rng_next(r) % n;
}

int64_t
rng_between(struct rng *r, int64_t from, int64_t to)
{
	return from + (int64_t)rng_below(r, (uint64_t)(to - from) + 1);
}

bool
rng_chance(struct rng *r, double p)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53 < p;
}

int64_t
rng_about(struct rng *r, int64_t median)
{
	static const int per_cent[] = { 20, 40, 60, 80, 100, 130, 180, 300, 1000 };

	return median * per_cent[rng_below(r, sizeof(per_cent) / sizeof(per_cent[0]))] /
	       100;
}
