/* read_set.h - a set of files, or one that was kept, read and proved beside the loop: it
 * takes a second where a callback may take two milliseconds. */
#ifndef ENGINE_READ_SET_H
#define ENGINE_READ_SET_H

#include "engine_impl.h"

/* fresh is taken over, NULL with mistakes in the report, which is borrowed. Loop. */
typedef void read_set_fn(
    struct engine *en, struct catalog *fresh, const struct report *report, void *data);

/* content NULL: the files on disk. done() comes once, later, also of an engine that is
 * stopping by then. */
void read_set(
    struct engine *en, const char *content, size_t len, read_set_fn *done, void *data);

/* Lets go of a set; the last to do so has it freed beside the loop, too. */
void drop_set(struct engine *en, struct catalog *c);

#endif
