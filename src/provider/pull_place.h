/* pull_place.h - how far a list that names its next page has been read, as kept in a pull's
 * cursor: "SINCE", the newest that was seen, in seconds; while there are more pages with the
 * newest of this round and the next page behind it. */
#ifndef PROVIDER_PULL_PLACE_H
#define PROVIDER_PULL_PLACE_H

#include <stdbool.h>

#include "base/arena.h"

struct pull_place {
	long long since, newest;
	const char *page; /* NULL: the first; "": that was the last */
};

struct pull_place pull_place_of(const char *cursor);

/* Services forget a page after a while: then it is read from the first again, and what is had
 * counts once. */
bool pull_place_forgotten(struct pull_place *at, bool paged, int status);

/* The cursor to be kept; *more: there is a next page. */
const char *pull_place_cursor(const struct pull_place *at, struct arena *a, bool *more);

#endif
