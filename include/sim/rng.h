/* rng.h - seeded chance: xoshiro256** streams that never touch each other.
 *
 * A stream is made from a seed and a name, so that drawing more in one of them
 * (faults, say) moves nothing in another. One thread. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed, const char *stream);
uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n); /* 0 .. n - 1; n of 0 is 1 */
int64_t rng_between(struct rng *r, int64_t from, int64_t to); /* both included */
bool rng_chance(struct rng *r, double p);
/* Around a median, spread over orders of magnitude as delays are. */
int64_t rng_about(struct rng *r, int64_t median);

#endif
