/* said.h - what a file says now against what it said last time and what we have made of it
 * since: only what the file changed changes. Pure. Private to store/. */
#ifndef STORE_SAID_H
#define STORE_SAID_H

#include "base/arena.h"

/* A word: the file's when it says another than before, else ours. */
const char *said_word(const char *before, const char *now, const char *ours);
/* Tags, sorted and each once: what the file added or took away, the rest as we have it. */
const char *said_tags(struct arena *a, const char *before, const char *now, const char *ours);
/* The members of a JSON object, each by itself; one the file no longer names goes with the
 * file's value, but stays with ours. */
const char *said_attrs(struct arena *a, const char *before, const char *now, const char *ours);

#endif
