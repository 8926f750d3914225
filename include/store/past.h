/* past.h - how a dealer's customers have reacted: counts by playbook and channel. */
#ifndef STORE_PAST_H
#define STORE_PAST_H

#include "store/store.h"

/* A reply within 3 days and a visit within 14 are counted for the last message before
 * them. Opens and clicks are those of people. */
struct past {
	const char *playbook; /* borrowed while told */
	int channel;
	int64_t sent, opened, clicked, replied, visited;
};
/* In order of playbook and channel. */
int past_each(struct store *s, void (*each)(void *arg, const struct past *p), void *arg,
    struct err *e);

#endif
