/* answer.h - what a request is told when its job has ended. Loop thread. */
#ifndef ENGINE_ANSWER_H
#define ENGINE_ANSWER_H

#include <jansson.h>

#include "engine/engine.h"

/* json stays the caller's. */
void answer_json(engine_answer *cb, void *arg, int status, const json_t *json);
void answer_error(engine_answer *cb, void *arg, int status, const char *text);
/* The job failed: nothing is known, nothing was changed. */
void answer_failed(engine_answer *cb, void *arg);

/* Adds the Chinese of a sentence of ours (core/twin.h), when it is one. */
void answer_twin(json_t *j, const char *key, const char *en);

#endif
