/* notices.h - cards to staff on their way, one call after the other. Loop thread.
 *
 * What is told, and when again, is decided in notice.c on the store's thread. */
#ifndef ENGINE_NOTICES_H
#define ENGINE_NOTICES_H

#include "engine_impl.h"

struct notices *notices_new(struct engine *en);
void notices_free(struct notices *n);
void notices_stop(struct engine *en);
/* Somebody may have to be told of something. */
void notices_look(struct engine *en);

#endif
