/* why_draft.h - what became of a text that an advisor was to send by hand, in a sentence. Reader. */
#ifndef ENGINE_WHY_DRAFT_H
#define ENGINE_WHY_DRAFT_H

#include <jansson.h>

#include "desk.h"

/* Adds sentence and by_hand, if the message is one. */
int why_draft(struct work *w, const struct message *m, json_t *j, struct err *e);

#endif
