/* people_names.h - Chinese names drawn with believable frequencies. */
#ifndef SIM_PEOPLE_NAMES_H
#define SIM_PEOPLE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A number below n out of one's own stream; *state moves on. */
uint64_t people_names_random(uint64_t *state);
int people_names_below(uint64_t *state, int n);

const char *people_names_han(struct arena *a, uint64_t *state, bool female);
/* A name as common in Xinjiang, with a middle dot. */
const char *people_names_uyghur(struct arena *a, uint64_t *state, bool female);

#endif
