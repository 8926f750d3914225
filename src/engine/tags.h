/* tags.h - a customer's tags as stored: "ev;vip", sorted, each once. Pure. */
#ifndef ENGINE_TAGS_H
#define ENGINE_TAGS_H

#include <stdbool.h>

#include "base/arena.h"

char *tags_add(struct arena *a, const char *tags, const char *name);
char *tags_remove(struct arena *a, const char *tags, const char *name);
bool tags_has(const char *tags, const char *name);

#endif
