/* counting.h - reports under way: one is counted at a time, who asks the same shares it.
 * Loop thread. */
#ifndef ENGINE_COUNTING_H
#define ENGINE_COUNTING_H

#include "engine/engine.h"
#include "store/reports.h"

/* The answer of a question: of the one just being counted if it is the same, else of a new
 * one behind it. 503 when too many wait already. */
void counting_ask(struct engine *en, const struct engine_sheet *q,
    const struct reports_ask *ask, engine_answer *cb, void *arg);
/* Who was told a ticket asks for what has become of it: 404 when it is not kept any more. */
void counting_again(
    struct engine *en, const struct engine_sheet *q, engine_answer *cb, void *arg);
void counting_free(struct engine *en);

#endif
